// What a malformed command is told: the refusal and the field, one row each (engine/protocol/validate.ts).
// Rows say what is changed in a command that is well formed; a field of `undefined` is left out.

import fc from 'fast-check';
import t, { type Test } from 'tap';
import {
  AMOUNT_MAX,
  COMMAND_BYTES_MAX,
  DAY_MS,
  METADATA_BYTES_MAX,
  METADATA_DEPTH_MAX,
  RECORD_BYTES_MAX,
  TIME_MAX_MS,
} from '../../engine/limits.js';
import { decodeCommand } from '../../engine/protocol/codec.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { type Command, isReference, type TransferCommand } from '../../engine/protocol/commands.js';
import { homeOwner } from '../../engine/protocol/home.js';
import { validate, validateQuery } from '../../engine/protocol/validate.js';

type Fields = Readonly<Record<string, unknown>>;
/** What is changed, what it is told: `CODE field`, or `ok`. */
type Row = readonly [change: Fields, told: string];

const LEG = { from: '@issue', to: 'ann', asset: 'points', amount: 1 };
const COMMANDS: Readonly<Record<string, Fields>> = {
  transfer: { type: 'transfer', id: 't', legs: [LEG] },
  hold: { type: 'hold', id: 'h', owner: 'ann', asset: 'points', amount: 1 },
  capture: { type: 'capture', id: 'c', owner: 'ann', holdId: 'h', to: 'bob' },
  release: { type: 'release', id: 'r', owner: 'ann', holdId: 'h' },
  reverse: { type: 'reverse', id: 'v', owner: 'ann', transferId: 't' },
  'open-account': { type: 'open-account', id: 'o', owner: 'ann', asset: 'points' },
  'freeze-account': { type: 'freeze-account', id: 'f', owner: 'ann', asset: 'points' },
  'unfreeze-account': { type: 'unfreeze-account', id: 'u', owner: 'ann', asset: 'points' },
  'close-account': { type: 'close-account', id: 'x', owner: 'ann', asset: 'points' },
  limit: { type: 'set-credit-limit', id: 'l', owner: 'ann', asset: 'points', creditLimit: 0 },
  put: {
    type: 'put-record',
    id: 'p',
    owner: 'ann',
    recordType: 'r',
    key: 'k',
    value: new Uint8Array(1),
  },
  delete: { type: 'delete-record', id: 'd', owner: 'ann', recordType: 'r', key: 'k' },
  define: { type: 'define-asset', asset: 'points', scale: 0 },
};
const BUSINESS = ['transfer', 'hold', 'capture', 'release', 'reverse'];
const WITH_ID = Object.keys(COMMANDS).filter((name) => name !== 'define');

const NO_AMOUNTS = [0, -1, -0, 0.5, AMOUNT_MAX + 1, Infinity, Number.NaN, '1', 1n, null, [1], {}];
const NO_COUNTS = [-1, 0.5, AMOUNT_MAX + 1, Infinity, Number.NaN, '1', 1n, null, [], true];
const NO_TIMES = [-1, 0.5, TIME_MAX_MS + 1, Infinity, Number.NaN, '1', 1n, new Date(), [], true];
const NO_NAMES = [
  '',
  'x'.repeat(65),
  'a b',
  'a\n',
  'a\u0000',
  'é',
  'a!',
  'a\ud800',
  1,
  null,
  [],
  {},
  true,
];

function told(command: unknown): string {
  const problem = validate(command);
  return problem === null ? 'ok' : `${problem.code} ${problem.field}`;
}

function table(t: Test, names: readonly string[], rows: readonly Row[]): void {
  for (const name of names) {
    for (const [change, should] of rows) {
      t.equal(told({ ...COMMANDS[name], ...change }), should, `${name} ${shown(change)}`);
    }
  }
}

function shown(change: Fields): string {
  const parts = Object.entries(change).map(([name, value]) => `${name}: ${shownValue(value)}`);
  return parts.join(', ').slice(0, 120);
}

function shownValue(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return typeof value;
  }
}

/** One row for each value. */
function each(name: string, values: readonly unknown[], should: string): Row[] {
  return values.map((value) => [{ [name]: value }, should]);
}

function legs(...changes: readonly Fields[]): Fields {
  return { legs: changes.map((change) => ({ ...LEG, ...change })) };
}

/** One row for each value of a field of the second leg. */
function inLeg(name: string, values: readonly unknown[], code: string): Row[] {
  const field = `${code} legs[1].${name}`;
  return values.map((value) => [legs({}, { [name]: value }), field]);
}

t.test('what is well formed', async (t) => {
  for (const [name, command] of Object.entries(COMMANDS)) t.equal(told(command), 'ok', name);
  table(t, WITH_ID, [
    [{ id: undefined }, 'ok'],
    [{ id: 'x'.repeat(64) }, 'ok'],
    [{ id: 'Az09._:@/+=~-' }, 'ok'],
  ]);
  table(t, BUSINESS, [
    [{ kind: 'k'.repeat(32), ref: 'r'.repeat(64), memo: 'm'.repeat(256), metadata: {} }, 'ok'],
    [{ id: undefined, kind: 'k'.repeat(31), ref: 'r'.repeat(32) }, 'ok'],
    [{ memo: 'é'.repeat(128) }, 'ok'],
    [{ memo: '' }, 'ok'],
  ]);
});

t.test('not a command', async (t) => {
  for (const value of [undefined, null, true, 1, 'transfer', 1n, Symbol('s')]) {
    t.equal(told(value), 'COMMAND_INVALID command', String(value));
  }
  for (const type of [
    undefined,
    null,
    1,
    '',
    'tick',
    'balance',
    'Transfer',
    'constructor',
    '__proto__',
  ]) {
    t.equal(told({ ...COMMANDS.transfer, type }), 'COMMAND_TYPE_UNKNOWN type', String(type));
  }
  t.equal(told([]), 'COMMAND_TYPE_UNKNOWN type');
  t.equal(
    told(() => 1),
    'COMMAND_INVALID command',
  );
});

t.test('ids', async (t) => {
  table(t, WITH_ID, each('id', NO_NAMES, 'ID_INVALID id'));
  table(t, ['capture', 'release'], each('holdId', [...NO_NAMES, undefined], 'ID_INVALID holdId'));
  table(t, ['reverse'], each('transferId', [...NO_NAMES, undefined], 'ID_INVALID transferId'));
});

t.test('owners', async (t) => {
  const names = ['', 'x'.repeat(65), 'a b', 'a@b', 'ann#', 'a/b', 'é', 1, null, undefined, [], {}];
  const systems = ['@', '@Issue', '@issue2', '@nobody', '@clearing', '@clearing:', '@clearing:a:b'];
  const reserved = ['#', '#item:17', '#budget:x', '@transit', '@transit:3'];
  const users = ['ann', 'A.b_c:d-9', 'x'.repeat(64), '__proto__', 'constructor', '...', '.a'];
  for (const side of ['from', 'to']) {
    const other = side === 'from' ? { to: 'bob' } : { from: '@adjust' };
    const row = (value: unknown, should: string): Row => [
      legs({}, { ...other, [side]: value }),
      should,
    ];
    table(
      t,
      ['transfer'],
      [
        ...[...names, ...systems].map((value) => row(value, `OWNER_INVALID legs[1].${side}`)),
        ...reserved.map((value) => row(value, `OWNER_RESERVED legs[1].${side}`)),
        ...users.map((value) => row(value, 'ok')),
        ...['@issue', '@redeem', '@expire', '@fee', '@clearing:shop-1'].map((value) =>
          row(value, 'ok'),
        ),
      ],
    );
  }
  const theirs = WITH_ID.filter((name) => name !== 'transfer');
  table(t, theirs, [
    ...each('owner', [...names, ...systems], 'OWNER_INVALID owner'),
    ...each('owner', reserved, 'OWNER_RESERVED owner'),
    ...each('owner', users, 'ok'),
  ]);
  const onUsers = theirs.filter((name) => name !== 'reverse');
  table(t, onUsers, each('owner', ['@issue', '@clearing:a'], 'SYSTEM_OWNER owner'));
  table(t, ['reverse'], each('owner', ['@issue', '@clearing:a'], 'ok'));
  table(
    t,
    ['capture'],
    [
      ...each('to', [...names, ...systems], 'OWNER_INVALID to'),
      ...each('to', reserved, 'OWNER_RESERVED to'),
      ...each('to', ['bob', '@fee'], 'ok'),
    ],
  );
});

t.test('names that no path can have are refused of what is new', async (t) => {
  const dots = ['.', '..'];
  table(t, WITH_ID, each('id', dots, 'ID_INVALID id'));
  table(t, ['transfer'], inLeg('to', dots, 'OWNER_INVALID'));
  table(t, ['capture'], each('to', dots, 'OWNER_INVALID to'));
  table(t, ['open-account'], each('owner', dots, 'OWNER_INVALID owner'));
  const followUps = [{ legs: [{ ...LEG, from: '@issue', to: '..' }] }];
  table(t, ['transfer'], [[{ followUps }, 'OWNER_INVALID followUps[0].legs[0].to']]);
  // What has such a name already can be emptied, looked at and undone.
  table(
    t,
    ['transfer'],
    dots.map((from): Row => [legs({ from, to: '@redeem' }), 'ok']),
  );
  table(t, ['hold', 'close-account', 'freeze-account', 'limit'], each('owner', dots, 'ok'));
  table(t, ['capture', 'release'], each('holdId', dots, 'ok'));
  table(t, ['reverse'], each('transferId', dots, 'ok'));
  table(t, BUSINESS, each('ref', dots, 'ok'));
});

t.test('assets', async (t) => {
  const wrong = ['', 'x'.repeat(33), 'Gold', 'a-b', 'a b', 'é', 1, null, undefined, [], {}];
  table(t, ['transfer'], inLeg('asset', wrong, 'ASSET_INVALID'));
  const named = ['hold', 'open-account', 'freeze-account', 'unfreeze-account', 'close-account'];
  table(t, [...named, 'limit', 'define'], each('asset', wrong, 'ASSET_INVALID asset'));
  table(t, [...named, 'define'], each('asset', ['a', 'x'.repeat(32), 'az09_', '__proto__'], 'ok'));
});

t.test('legs', async (t) => {
  const wrong = [
    undefined,
    null,
    {},
    'legs',
    1,
    [],
    new Array(17).fill(LEG),
    { length: 1, 0: LEG },
  ];
  table(t, ['transfer'], each('legs', wrong, 'LEGS_INVALID legs'));
  table(
    t,
    ['transfer'],
    [
      [{ legs: new Array(16).fill(LEG) }, 'ok'],
      [{ legs: [LEG, null] }, 'COMMAND_INVALID legs[1]'],
      [{ legs: [LEG, 1] }, 'COMMAND_INVALID legs[1]'],
      [{ legs: new Array(1) }, 'COMMAND_INVALID legs[0]'],
      [{ legs: [LEG, []] }, 'OWNER_INVALID legs[1].from'],
      [legs({}, { from: 'ann', to: 'ann' }), 'SAME_ACCOUNT legs[1].to'],
      [legs({}, { from: '@fee', to: '@fee' }), 'SAME_ACCOUNT legs[1].to'],
      [legs({ from: 'ann', to: 'bob' }, { from: 'bob', to: 'ann' }), 'ok'],
      [legs({ expiresAt: null }, { expiresAt: 0 }, { expiresAt: TIME_MAX_MS }), 'ok'],
      [legs({ amount: 0 }, { from: '#x' }), 'AMOUNT_INVALID legs[0].amount'],
      [legs({ asset: 'A', amount: 0 }), 'ASSET_INVALID legs[0].asset'],
      [legs({ to: 'a b', asset: 'A' }), 'OWNER_INVALID legs[0].to'],
    ],
  );
  table(t, ['transfer'], inLeg('amount', [...NO_AMOUNTS, undefined], 'AMOUNT_INVALID'));
  table(t, ['transfer'], inLeg('expiresAt', NO_TIMES, 'EXPIRY_INVALID'));
  table(t, ['capture'], each('to', ['ann'], 'SAME_ACCOUNT to'));
});

t.test('condition', async (t) => {
  const condition = { owner: 'ann', asset: 'points', availableAtLeast: 0 };
  const change = (fields: Fields): Fields => ({ condition: { ...condition, ...fields } });
  const rows = (name: string, values: readonly unknown[], code: string): Row[] =>
    values.map((value) => [change({ [name]: value }), `${code} condition.${name}`]);
  table(
    t,
    ['transfer'],
    [
      [{ condition }, 'ok'],
      [change({ availableAtLeast: AMOUNT_MAX }), 'ok'],
      ...each('condition', [null, 1, 'x', true], 'COMMAND_INVALID condition'),
      ...each('condition', [[], {}], 'OWNER_INVALID condition.owner'),
      ...rows('owner', ['', 1, undefined, '@nobody'], 'OWNER_INVALID'),
      ...rows('owner', ['#item:1', '@transit:0'], 'OWNER_RESERVED'),
      ...rows('owner', ['@issue'], 'SYSTEM_OWNER'),
      ...rows('asset', ['', 1, undefined, 'Gold'], 'ASSET_INVALID'),
      ...rows('availableAtLeast', [...NO_COUNTS, undefined], 'AMOUNT_INVALID'),
    ],
  );
});

t.test('amounts, times, counts, flags', async (t) => {
  table(t, ['hold'], each('amount', [...NO_AMOUNTS, undefined], 'AMOUNT_INVALID amount'));
  table(t, ['capture'], each('amount', NO_AMOUNTS, 'AMOUNT_INVALID amount'));
  table(t, ['hold', 'capture'], each('amount', [1, AMOUNT_MAX, 1.0], 'ok'));
  table(t, ['hold'], each('deadline', [...NO_TIMES, null], 'DEADLINE_INVALID deadline'));
  table(t, ['hold'], each('deadline', [0, TIME_MAX_MS, undefined], 'ok'));
  table(t, ['capture', 'put'], each('expiresAt', NO_TIMES, 'EXPIRY_INVALID expiresAt'));
  table(t, ['capture'], each('expiresAt', [null, undefined, TIME_MAX_MS], 'ok'));
  table(t, ['put'], each('expiresAt', [null], 'EXPIRY_INVALID expiresAt'));
  const noLimits = [...NO_COUNTS, undefined];
  table(t, ['limit'], each('creditLimit', noLimits, 'CREDIT_LIMIT_INVALID creditLimit'));
  table(t, ['limit'], each('creditLimit', [0, AMOUNT_MAX], 'ok'));
  const noFlags = [null, 0, 1, 'true', [], {}];
  table(t, ['capture'], each('releaseRest', noFlags, 'COMMAND_INVALID releaseRest'));
  table(t, ['reverse'], each('allowDebt', noFlags, 'COMMAND_INVALID allowDebt'));
  const noReasons = ['', 'x'.repeat(201), '\ud800', 1, null, {}];
  const flags = ['freeze-account', 'unfreeze-account', 'close-account'];
  table(t, flags, each('reason', noReasons, 'COMMAND_INVALID reason'));
  table(t, ['define'], each('lotTracked', noFlags, 'COMMAND_INVALID lotTracked'));
});

t.test('business', async (t) => {
  const noKinds = ['', 'x'.repeat(33), 'a b', 'a:b', 'a/b', 'é', 1, null, [], {}];
  table(t, BUSINESS, each('kind', noKinds, 'KIND_INVALID kind'));
  table(t, BUSINESS, each('ref', NO_NAMES, 'REF_INVALID ref'));
  const noMemos = ['m'.repeat(257), 'é'.repeat(129), '\ud800', 'a\udc00', 1, null, [], {}, () => 1];
  table(t, BUSINESS, each('memo', noMemos, 'MEMO_INVALID memo'));
  table(t, BUSINESS, [
    [{ id: undefined, kind: 'k'.repeat(32), ref: 'r'.repeat(32) }, 'ID_TOO_LONG kind:ref'],
    [{ id: 'x', kind: 'k'.repeat(32), ref: 'r'.repeat(64) }, 'ok'],
    [{ id: '', kind: 'é', ref: '', memo: 1, metadata: 1 }, 'ID_INVALID id'],
    [{ kind: 'é', ref: '', memo: 1, metadata: 1 }, 'KIND_INVALID kind'],
    [{ ref: '', memo: 1, metadata: 1 }, 'REF_INVALID ref'],
    [{ memo: 1, metadata: 1 }, 'MEMO_INVALID memo'],
  ]);
});

/** Objects in objects, so many of them. */
function nested(depth: number, innermost: unknown = {}): unknown {
  let value = innermost;
  for (let n = 1; n < depth; n++) value = { a: value };
  return value;
}

t.test('metadata', async (t) => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const noJson = [
    null,
    1,
    'text',
    [],
    true,
    () => 1,
    new Date(0),
    new Map(),
    new Uint8Array(1),
    cycle,
    { a: undefined },
    { a: () => 1 },
    { a: 1n },
    { a: Symbol('s') },
    { a: Number.NaN },
    { a: -Infinity },
    { a: new Date(0) },
    { a: [new Map()] },
    { a: '\ud800' },
    { '\udc00': 1 },
    Object.create({ a: 1 }),
  ];
  table(t, BUSINESS, each('metadata', noJson, 'METADATA_INVALID metadata'));
  const text = 'm'.repeat(METADATA_BYTES_MAX - 8);
  table(t, BUSINESS, [
    [{ metadata: { a: text } }, 'ok'],
    [{ metadata: { a: `${text}m` } }, 'METADATA_TOO_LARGE metadata'],
    [{ metadata: { a: 'é'.repeat(METADATA_BYTES_MAX / 2) } }, 'METADATA_TOO_LARGE metadata'],
    [{ metadata: { a: '"'.repeat(METADATA_BYTES_MAX / 2) } }, 'METADATA_TOO_LARGE metadata'],
    [{ metadata: { a: null, b: [true, 1.5, 'x', {}], '': 0 } }, 'ok'],
    [{ metadata: Object.create(null) }, 'ok'],
    [{ metadata: JSON.parse('{"__proto__":{"a":1},"constructor":2}') }, 'ok'],
    [{ metadata: nested(METADATA_DEPTH_MAX) }, 'ok'],
    [{ metadata: nested(METADATA_DEPTH_MAX, { a: 1 }) }, 'ok'],
    [{ metadata: nested(METADATA_DEPTH_MAX + 1, { a: 1 }) }, 'METADATA_INVALID metadata'],
    [{ metadata: nested(100_000) }, 'METADATA_INVALID metadata'],
  ]);
});

t.test('metadata at its limits', async (t) => {
  const deep = { metadata: nested(METADATA_DEPTH_MAX + 1) };
  table(t, BUSINESS, [[deep, 'METADATA_INVALID metadata']]);
  const arrays = { metadata: nested(METADATA_DEPTH_MAX, [[]]) };
  table(t, BUSINESS, [[arrays, 'METADATA_INVALID metadata']]);
  // A hole in an array is no JSON: it must not get into the log, whose reader could not parse it.
  table(t, BUSINESS, [[{ metadata: { a: new Array(2) } }, 'METADATA_INVALID metadata']]);
});

t.test('records', async (t) => {
  const noNames = [...NO_NAMES, undefined];
  table(t, ['put', 'delete'], each('recordType', noNames, 'RECORD_INVALID recordType'));
  table(t, ['put', 'delete'], each('key', noNames, 'RECORD_INVALID key'));
  table(t, ['put', 'delete'], each('key', ['x'.repeat(64), '__proto__', 'a/b:c@d'], 'ok'));
  table(t, ['put', 'delete'], each('ifVersion', NO_COUNTS, 'VERSION_INVALID ifVersion'));
  table(t, ['put', 'delete'], each('ifVersion', [0, 1, AMOUNT_MAX, undefined], 'ok'));
  const noValues = [undefined, null, 'text', 1, [1], {}, new ArrayBuffer(1), new Float64Array(1)];
  table(t, ['put'], each('value', noValues, 'RECORD_INVALID value'));
  table(t, ['put'], each('value', [new Uint8Array(0), new Uint8Array(RECORD_BYTES_MAX)], 'ok'));
  const large = new Uint8Array(RECORD_BYTES_MAX + 1);
  table(t, ['put'], each('value', [large], 'RECORD_TOO_LARGE value'));
});

t.test('definitions of assets', async (t) => {
  const noScales = [-1, 7, 0.5, '2', null, undefined, Number.NaN, []];
  table(t, ['define'], each('scale', noScales, 'SCALE_INVALID scale'));
  table(t, ['define'], each('scale', [0, 6], 'ok'));
  const noSpans = [0, 999, 366 * DAY_MS + 1, 1_000.5, -1, '1000', null, Infinity];
  table(t, ['define'], each('lotGranularityMs', noSpans, 'GRANULARITY_INVALID lotGranularityMs'));
  table(t, ['define'], each('lotGranularityMs', [1_000, 366 * DAY_MS, undefined], 'ok'));
  table(
    t,
    ['define'],
    each('defaultExpiryMs', [...NO_TIMES, null], 'EXPIRY_INVALID defaultExpiryMs'),
  );
  table(t, ['define'], each('defaultExpiryMs', [0, TIME_MAX_MS, undefined], 'ok'));
  table(t, ['define'], each('version', NO_COUNTS, 'VERSION_INVALID version'));
});

t.test('queries', async (t) => {
  const asked = (query: unknown, owned = false) => {
    const problem = validateQuery(query as Parameters<typeof validateQuery>[0], owned);
    return problem === null ? 'ok' : `${problem.code} ${problem.field}`;
  };
  const rows: readonly (readonly [Fields, string])[] = [
    [{ type: 'balance', owner: 'ann' }, 'ok'],
    [{ type: 'balance', owner: '@issue', asset: 'points' }, 'ok'],
    [{ type: 'balance', owner: '#item:1' }, 'OWNER_RESERVED owner'],
    [{ type: 'balance', owner: '' }, 'OWNER_INVALID owner'],
    [{ type: 'balance', owner: 'ann', asset: '' }, 'ASSET_INVALID asset'],
    [{ type: 'head', owner: 'ann' }, 'ASSET_INVALID asset'],
    [{ type: 'read-transfer', owner: 'ann', id: '' }, 'ID_INVALID id'],
    [{ type: 'read-hold', owner: 'ann', holdId: 1 }, 'ID_INVALID holdId'],
    [{ type: 'read-record', owner: 'ann', recordType: '', key: 'k' }, 'RECORD_INVALID recordType'],
    [{ type: 'read-record', owner: 'ann', recordType: 'r', key: null }, 'RECORD_INVALID key'],
  ];
  for (const [query, should] of rows) t.equal(asked(query), should, shown(query));
  const list = { type: 'list-records', owner: 'ann', recordType: 'r', limit: 1 };
  const owned: readonly (readonly [Fields, string, string])[] = [
    [list, 'ok', 'ok'],
    [{ ...list, after: 'k' }, 'ok', 'ok'],
    [{ ...list, after: '' }, 'RECORD_INVALID after', 'RECORD_INVALID after'],
    [{ ...list, limit: 0 }, 'QUERY_INVALID limit', 'QUERY_INVALID limit'],
    [{ ...list, limit: 1_025 }, 'QUERY_INVALID limit', 'QUERY_INVALID limit'],
    [{ ...list, owner: '#keys' }, 'OWNER_RESERVED owner', 'ok'],
    [{ ...list, owner: '#' }, 'OWNER_RESERVED owner', 'OWNER_RESERVED owner'],
    [{ ...list, owner: '#a b' }, 'OWNER_RESERVED owner', 'OWNER_RESERVED owner'],
    [{ ...list, owner: '@issue' }, 'SYSTEM_OWNER owner', 'SYSTEM_OWNER owner'],
    [{ type: 'balance', owner: '#keys' }, 'OWNER_RESERVED owner', 'ok'],
  ];
  for (const [query, callers, engines] of owned) {
    t.equal(asked(query), callers, shown(query));
    t.equal(asked(query, true), engines, `the engine itself: ${shown(query)}`);
  }
});

t.test('scarce owners in legs, where the engine asks for itself', async (t) => {
  const asked = (leg: Fields, owned: boolean, more: Fields = {}) => {
    const problem = validate(
      {
        type: 'transfer',
        legs: [{ from: 'ann', to: 'bob', asset: 'p', amount: 1, ...leg }],
        ...more,
      },
      owned,
    );
    return problem === null ? 'ok' : `${problem.code} ${problem.field}`;
  };
  for (const side of ['from', 'to'])
    for (const [name, engines] of [
      ['#item:17', 'ok'],
      ['#item:17@3', 'ok'],
      ['#item:17@0', 'ok'],
      ['#item:17@03', `OWNER_RESERVED legs[0].${side}`],
      ['#item:17@1024', `OWNER_RESERVED legs[0].${side}`],
      ['#item:17@3@3', `OWNER_RESERVED legs[0].${side}`],
      ['#@3', `OWNER_RESERVED legs[0].${side}`],
      ['ann@3', `OWNER_INVALID legs[0].${side}`],
      ['#', `OWNER_RESERVED legs[0].${side}`],
      ['@transit:3', `OWNER_RESERVED legs[0].${side}`],
    ] as const) {
      const callers = name.startsWith('ann') ? 'OWNER_INVALID' : 'OWNER_RESERVED';
      t.equal(asked({ [side]: name }, false), `${callers} legs[0].${side}`, name);
      t.equal(asked({ [side]: name }, true), engines, `the engine itself: ${name}`);
    }
  t.equal(asked({ from: '#a', to: '#a' }, true), 'SAME_ACCOUNT legs[0].to');
  const condition = { owner: '#item:17', asset: 'p', availableAtLeast: 1 };
  t.equal(asked({}, true, { condition }), 'OWNER_RESERVED condition.owner');
  const followUps = [{ legs: [{ from: '#item:17', to: 'bob', asset: 'p', amount: 1 }] }];
  t.equal(asked({}, false, { followUps }), 'OWNER_RESERVED followUps[0].legs[0].from');
  t.equal(asked({}, true, { followUps }), 'ok');
});

t.test('the home owner is the first that is no system owner', async (t) => {
  const home = (...legs: readonly (readonly [string, string])[]) =>
    homeOwner({
      type: 'transfer',
      legs: legs.map(([from, to]) => ({ from, to, asset: 'points', amount: 1 })),
    });
  t.equal(home(['@issue', 'ann']), 'ann');
  t.equal(home(['ann', 'bob']), 'ann');
  t.equal(home(['@issue', '@fee'], ['@fee', 'bob']), 'bob');
  t.equal(home(['@issue', '@fee'], ['@fee', '@redeem']), '@issue');
});

t.test('nothing that is passed in makes it throw', async (t) => {
  const types = Object.values(COMMANDS).map(({ type }) => type);
  const anything = fc.anything({
    withBigInt: true,
    withNullPrototype: true,
    withSparseArray: true,
  });
  const names = [
    'id',
    'owner',
    'asset',
    'legs',
    'amount',
    'condition',
    'metadata',
    'memo',
    'value',
  ];
  const command = fc.tuple(
    fc.constantFrom(...types),
    fc.dictionary(fc.constantFrom(...names), anything),
  );
  fc.assert(
    fc.property(command, ([type, fields]) => {
      told({ ...fields, type });
    }),
    { numRuns: 2_000 },
  );
  fc.assert(
    fc.property(anything, (value) => {
      told(value);
    }),
    { numRuns: 2_000 },
  );
  const trap = new Proxy(
    {},
    {
      get() {
        throw new Error('trap');
      },
    },
  );
  t.equal(told(trap), 'COMMAND_INVALID command');
  t.equal(told({ ...COMMANDS.transfer, legs: [trap] }), 'COMMAND_INVALID command');
  t.equal(told({ ...COMMANDS.transfer, metadata: trap }), 'ok');
});

t.test('a command that passes fits, and comes back as it went in', async (t) => {
  const owner = (n: number) => String.fromCharCode(97 + n).repeat(64);
  const full: TransferCommand = {
    type: 'transfer',
    id: 'i'.repeat(64),
    kind: 'k'.repeat(32),
    ref: 'r'.repeat(64),
    memo: 'é'.repeat(128),
    metadata: { a: 'm'.repeat(METADATA_BYTES_MAX - 8) },
    condition: { owner: owner(0), asset: 'a'.repeat(32), availableAtLeast: AMOUNT_MAX },
    legs: Array.from({ length: 16 }, (_, n) => ({
      from: owner(n),
      to: owner(n + 1),
      asset: String.fromCharCode(97 + n).repeat(32),
      amount: AMOUNT_MAX - n,
      expiresAt: n % 2 === 0 ? TIME_MAX_MS : null,
    })),
  };
  t.equal(told(full), 'ok');
  const commands = [...Object.values(COMMANDS), full] as unknown as Command[];
  for (const command of commands) {
    const id = isReference(command) ? undefined : command.id;
    const bytes = new Uint8Array(packCommand(command, id));
    t.ok(bytes.length <= COMMAND_BYTES_MAX, `${command.type} takes ${bytes.length} bytes`);
    const back = decodeCommand(bytes);
    t.ok('command' in back, command.type);
    if (!('command' in back)) continue;
    t.match(back.command, command, command.type);
    const again = new Uint8Array(packCommand(back.command, id));
    t.same(again, bytes, `${command.type}: same command, same bytes`);
  }
});

t.test('an unknown version of the format', async (t) => {
  const bytes = new Uint8Array(packCommand(COMMANDS.release as unknown as Command, 'r'));
  bytes[1] = 2;
  const back = decodeCommand(bytes);
  t.same(back, { problem: { code: 'COMMAND_VERSION_UNKNOWN', field: 'version' } });
});
