// Definitions: what a kind accepts, the rules of putting them as a table, and which version decides, against the model.

import t from 'tap';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { decodeParts, encodeParts } from '../../engine/ledger/parts.js';
import type { State } from '../../engine/ledger/state.js';
import { DEFINITION_BYTES_MAX, DEFINITIONS_MAX, SLOTS } from '../../engine/limits.js';
import {
  decidingVersion,
  definitionAt,
  definitionProblem,
  KINDS,
  offer,
} from '../../engine/programme/definitions/index.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import type { PutDefinitionCommand } from '../../engine/protocol/commands.js';
import type { DefinitionVersion } from '../../engine/protocol/outcomes.js';
import { REFUSALS } from '../../engine/protocol/refusals.js';
import { validate } from '../../engine/protocol/validate.js';
import { placesOf } from '../../engine/transfer/open/places.js';
import { ModelRefusal } from '../ledger/model-account.js';
import { ModelDefinitions } from '../ledger/model-definitions.js';
import { Random } from '../random.js';

const OFFER = { points: 10, asset: 'gold', budget: '#budget:spring' };
const PROGRAMME = { asset: 'gold', zone: 'Asia/Shanghai' };
const CORRECTION = { asset: 'gold', mostUp: 100, mostDown: 50 };
const START = Date.UTC(2026, 0, 1);

type Put = Omit<PutDefinitionCommand, 'type'>;
const put = (said: Partial<Put>): PutDefinitionCommand => ({
  type: 'put-definition',
  ...{ kind: 'offer', key: 'spring', state: 'active' },
  ...(said.state === 'retired' ? {} : { document: OFFER }),
  ...said,
});

t.test('what a kind accepts, and which field it names where it does not', async (t) => {
  const rows: readonly (readonly [kind: string, document: object, problem?: string])[] = [
    ['programme', PROGRAMME],
    ['programme', { ...PROGRAMME, name: 'Gold', description: 'For all.' }],
    ['programme', { asset: 'gold' }, 'ZONE_INVALID document.zone'],
    ['programme', { ...PROGRAMME, zone: 'no where' }, 'ZONE_INVALID document.zone'],
    ['programme', { ...PROGRAMME, asset: 'GOLD' }, 'ASSET_INVALID document.asset'],
    ['programme', { ...PROGRAMME, name: '' }, 'DEFINITION_INVALID document.name'],
    ['programme', { ...PROGRAMME, name: 'x'.repeat(101) }, 'DEFINITION_INVALID document.name'],
    ['programme', { ...PROGRAMME, zoneOffsets: [0, 0] }, 'DEFINITION_INVALID document.zoneOffsets'],
    ['offer', OFFER],
    ['offer', { ...OFFER, from: 1, to: 2, audience: 'member.earned > 100' }],
    ['offer', { ...OFFER, points: 0 }, 'AMOUNT_INVALID document.points'],
    ['offer', { ...OFFER, points: '10' }, 'AMOUNT_INVALID document.points'],
    ['offer', { ...OFFER, budget: 'spring' }, 'DEFINITION_INVALID document.budget'],
    ['offer', { ...OFFER, budget: '#item:1' }, 'DEFINITION_INVALID document.budget'],
    ['offer', { ...OFFER, budget: '#budget:' }, 'DEFINITION_INVALID document.budget'],
    ['offer', { ...OFFER, from: 2, to: 2 }, 'DEFINITION_INVALID document.to'],
    ['offer', { ...OFFER, amout: 1 }, 'DEFINITION_INVALID document.amout'],
    ['offer', { ...OFFER, constructor: 1 }, 'DEFINITION_INVALID document.constructor'],
    ['offer', { ...OFFER, audience: 'member.amout > 1' }, 'DEFINITION_INVALID document.audience'],
    ['offer', { ...OFFER, audience: '"a".matches("a")' }, 'DEFINITION_INVALID document.audience'],
    ['offer', { ...OFFER, audience: 'x'.repeat(1_025) }, 'DEFINITION_INVALID document.audience'],
    ['correction', CORRECTION],
    ['correction', { ...CORRECTION, secondFrom: 10 }],
    ['correction', { ...CORRECTION, mostUp: -1 }, 'DEFINITION_INVALID document.mostUp'],
    ['correction', { asset: 'gold', mostUp: 1 }, 'DEFINITION_INVALID document.mostDown'],
    ['voucher', OFFER, 'DEFINITION_KIND_UNKNOWN kind'],
  ];
  for (const [kind, document, problem] of rows) {
    const found = definitionProblem({
      kind,
      key: 'a',
      state: 'draft',
      document: document as never,
    });
    const said = found === null ? undefined : `${found.code} ${found.field}`;
    t.equal(said, problem, `${kind} ${JSON.stringify(document).slice(0, 80)}`);
  }
  t.match(definitionProblem(put({ document: { ...OFFER, audience: 'member.amout > 1' } })), {
    detail: /amout/,
  });
});

t.test('what a command must be, whatever its kind says', async (t) => {
  const rows: readonly (readonly [said: object, problem: string | undefined])[] = [
    [{}, undefined],
    [{ kind: 'Offer' }, 'DEFINITION_KIND_UNKNOWN kind'],
    [{ key: '..' }, 'DEFINITION_KEY_INVALID key'],
    [{ key: '' }, 'DEFINITION_KEY_INVALID key'],
    [{ state: 'gone' }, 'DEFINITION_INVALID state'],
    [{ document: [] }, 'DEFINITION_INVALID document'],
    [{ document: { a: 'x'.repeat(DEFINITION_BYTES_MAX) } }, 'DEFINITION_TOO_LARGE document'],
    [{ activeFrom: 1.5 }, 'ACTIVE_FROM_INVALID activeFrom'],
    [{ ifVersion: -1 }, 'VERSION_INVALID ifVersion'],
  ];
  for (const [said, problem] of rows) {
    const found = validate(put(said as never));
    t.equal(found === null ? undefined : `${found.code} ${found.field}`, problem);
  }
  t.match(definitionProblem(put({ state: 'draft', activeFrom: START })), { field: 'activeFrom' });
  t.match(definitionProblem(put({ state: 'retired', document: OFFER })), { field: 'document' });
  t.match(definitionProblem({ kind: 'offer', key: 'a', state: 'active' }), { field: 'document' });
});

t.test('the rules, in the order of their refusals', async (t) => {
  const ledger = new MemoryLedger();
  const soon = { activeFrom: START + 9_999 };
  const other = { document: { ...OFFER, points: 11 } };
  // Milliseconds after the start, what is said, what comes of it: version and from when on, or a refusal.
  const rows: readonly (readonly [ms: number, said: Partial<Put>, answer: string])[] = [
    [0, { kind: 'voucher', ifVersion: 7, ...soon }, 'DEFINITION_KIND_UNKNOWN'],
    [0, { document: { points: 1 }, ifVersion: 7, ...soon }, 'ASSET_INVALID'],
    [0, { kind: 'programme', document: PROGRAMME }, 'ZONE_UNKNOWN'],
    [0, { ifVersion: 7, ...soon }, 'DEFINITION_VERSION_MISMATCH'],
    [0, { ifVersion: 0, ...soon }, 'ACTIVE_FROM_TOO_SOON'],
    [0, { state: 'retired', ...soon }, 'ACTIVE_FROM_TOO_SOON'],
    [0, { state: 'retired' }, 'DEFINITION_NOT_FOUND'],
    [0, { state: 'draft' }, '1 -'],
    [0, { state: 'draft', ifVersion: 0 }, '1 -'],
    [0, { state: 'draft', ifVersion: 1 }, '1 -'],
    [0, { state: 'retired' }, 'DEFINITION_NOT_FOUND'],
    [0, { ifVersion: 1 }, '2 10000'],
    [5, { ifVersion: 1 }, '2 10000'],
    [5, {}, '2 10000'],
    [5, { activeFrom: START + 10_000 }, '2 10000'],
    [5, { activeFrom: START + 10_001 }, 'ACTIVE_FROM_TOO_SOON'],
    [5, { activeFrom: START + 10_005 }, '3 10005'],
    [5, { ...other, ifVersion: 2 }, 'DEFINITION_VERSION_MISMATCH'],
    [5, { ...other, ifVersion: 3, activeFrom: START + 20_000 }, '4 20000'],
    [6, { state: 'retired', activeFrom: START + 30_000 }, '5 30000'],
    [6, { state: 'retired', activeFrom: START + 30_000 }, '5 30000'],
    [6, { state: 'retired', activeFrom: START + 31_000 }, 'DEFINITION_RETIRED'],
    [7, { state: 'draft' }, '6 -'],
    [7, { state: 'retired', ifVersion: 6 }, 'DEFINITION_RETIRED'],
    [8, other, '7 10008'],
  ];
  for (const [ms, said, answer] of rows) {
    const [outcome] = ledger.apply([put(said)], START + ms);
    const from = outcome?.ok && outcome.activeFrom;
    const text = outcome?.ok
      ? `${outcome.definitionVersion} ${from === undefined ? '-' : Number(from) - START}`
      : outcome?.code;
    t.equal(text, answer, `${ms} ${JSON.stringify(said)}`);
  }
  const at = (ms: number) =>
    ledger.state.definitions.active('offer', 'spring', START + ms)?.version;
  t.same([0, 9_999, 10_000, 10_007, 10_008, 30_000].map(at), [
    ...[undefined, undefined, 2, 3, 7, 7],
  ]);
  t.same(definitionAt(ledger.state.definitions, offer, 'spring', START + 20_000)?.document, {
    ...OFFER,
    points: 11,
  });
});

t.test('there is a limit of versions', async (t) => {
  const ledger = new MemoryLedger();
  for (let n = 0; n < DEFINITIONS_MAX; n++) {
    const [outcome] = ledger.apply([put({ key: `k${n}`, state: 'draft' })], START);
    if (!outcome?.ok) t.fail(`${n}: ${outcome?.code}`);
  }
  t.match(ledger.apply([put({})], START), [{ code: 'DEFINITION_LIMIT' }]);
  t.match(ledger.apply([put({ key: 'k1', state: 'draft' })], START), [{ definitionVersion: 1 }]);
});

t.test('goods are counted by themselves: there may be very many', async (t) => {
  const ledger = new MemoryLedger();
  const zoneOffsets = [0, 28_800_000];
  const programme = { kind: 'programme', key: 'shop', document: PROGRAMME, zoneOffsets };
  const [of] = ledger.apply([put(programme)], START);
  t.ok(of?.ok, JSON.stringify(of));
  const document = { programme: 'shop', price: 1, delivery: 'physical' } as const;
  const goods = (n: number) => put({ kind: 'goods', key: `g${n}`, document });
  for (let n = 0; n < DEFINITIONS_MAX + 100; n++) {
    const [outcome] = ledger.apply([goods(n)], START);
    if (!outcome?.ok) t.fail(`${n}: ${outcome?.code}`);
  }
  t.match(ledger.apply([put({})], START), [{ definitionVersion: 1 }]);
  const { definitions } = ledger.state;
  t.same(definitions.keysAfter('goods', 'g9', 2), ['g90', 'g900']);
  t.same(definitions.keysAfter('goods', 'g999', 9), []);
  t.match(definitions.copy(), { many: definitions.many, others: definitions.others });
});

/** A ledger that is another shard than the first. */
function second(): MemoryLedger {
  const ledger = new MemoryLedger();
  const places = placesOf(1, 2, new Uint16Array(SLOTS));
  Object.assign(ledger.state as { places: State['places'] }, { places });
  return ledger;
}

t.test('which version decides, against the model: on two shards, with drawn times', async (t) => {
  const random = new Random(22);
  for (let round = 0; round < 60; round++) {
    const [first, other, model] = [new MemoryLedger(), second(), new ModelDefinitions()];
    const keys = ['a', 'b', 'c'];
    let time = START;
    for (let n = 0; n < 40; n++) {
      time += random.int(8_000);
      const state = random.pick(['draft', 'active', 'active', 'retired'] as const);
      const command = put({
        key: random.pick(keys),
        state,
        ...(state === 'retired' ? {} : { document: { ...OFFER, points: 1 + random.int(2) } }),
        ...(random.chance(0.4) && state !== 'draft'
          ? { activeFrom: time + 8_000 + random.int(40_000) }
          : {}),
        ...(random.chance(0.3) ? { ifVersion: random.int(8) } : {}),
      });
      const [outcome] = first.apply([command], time);
      let expected: object;
      try {
        expected = { ok: true, ...model.put(command, time) };
      } catch (error) {
        if (!(error instanceof ModelRefusal)) throw error;
        expected = { ok: false, code: error.code };
      }
      const { ok, definitionVersion, activeFrom, code } = outcome as never as Record<string, never>;
      const said = ok ? { ok, definitionVersion, activeFrom } : { ok, code };
      if (JSON.stringify(said) !== JSON.stringify(expected))
        t.same(said, expected, JSON.stringify(command));
    }
    // The other shard takes them, some twice, and refuses what comes before its turn.
    const { definitions } = first.state;
    const told = (number: number) =>
      put(decidingVersion(definitions.numbered(number) as DefinitionVersion) as never);
    if (definitions.count > 1)
      t.match(other.apply([told(definitions.count)], time), [
        { code: 'DEFINITION_VERSION_MISMATCH' },
      ]);
    for (let number = 1; number <= definitions.count; number++) {
      t.ok(other.apply([told(number)], time)[0]?.ok);
      if (random.chance(0.2)) t.ok(other.apply([told(number)], time)[0]?.ok);
    }
    t.match(other.apply([put({ key: 'd' })], time), [{ code: 'HOME_ELSEWHERE' }]);
    const again = decodeParts(encodeParts(first.state)).definitions;
    for (let n = 0; n < 60; n++) {
      const [key, at] = [random.pick(keys), START + random.int(time - START + 60_000)];
      const expected = model.active('offer', key, at);
      for (const table of [definitions, other.state.definitions, again])
        if (table.active('offer', key, at)?.version !== expected)
          t.equal(table.active('offer', key, at)?.version, expected, `${key} at ${at}`);
    }
  }
});

t.test('what a log says is not looked at again, whatever kinds there are by then', async (t) => {
  const { ledger, state } = new MemoryLedger();
  const gone = put({ kind: 'voucher', document: { whatever: 1 } });
  const bytes = new Uint8Array(packCommand(gone, undefined));
  const apply = () => {
    ledger.draft.open(1, START);
    ledger.openBlock(ledger.draft);
    return ledger.apply(ledger.take(bytes, 0));
  };
  t.equal(apply(), REFUSALS.DEFINITION_KIND_UNKNOWN.number);
  ledger.isReplaying = true;
  t.equal(apply(), 0);
  t.match(state.definitions.active('voucher', 'spring', START + 10_000), { version: 1 });
});

t.test('a list is told from another one of the same length', async (t) => {
  const [one, other] = [new MemoryLedger(), new MemoryLedger()];
  t.equal(one.state.definitions.mark(0), '');
  for (const ledger of [one, other]) ledger.apply([put({ key: 'a' })], START);
  t.equal(one.state.definitions.mark(1), other.state.definitions.mark(1));
  one.apply([put({ key: 'b' })], START + 1);
  other.apply([put({ key: 'b' })], START + 2);
  t.not(one.state.definitions.mark(2), other.state.definitions.mark(2));
  t.equal(one.state.definitions.mark(1), other.state.definitions.mark(1));
});

t.test('what only shows is on the first shard alone', async (t) => {
  for (const kind of KINDS) t.ok(/^[a-z]+(-[a-z]+)*$/.test(kind.name) && kind.about.endsWith('.'));
  const ledger = new MemoryLedger();
  ledger.apply([put({ document: { ...OFFER, name: 'Spring' } })], START);
  const version = ledger.state.definitions.numbered(1) as DefinitionVersion;
  t.same(version.document, { ...OFFER, name: 'Spring' });
  t.same(decidingVersion(version).document, OFFER);
});
