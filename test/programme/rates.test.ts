// Value and rates: what the kinds accept; who must agree to which step, as a table, replayed; to and fro never gains; against exact fractions.

import t from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { DEFINITION_LEAD_MS } from '../../engine/limits.js';
import type { Reads } from '../../engine/programme/act.js';
import { pricedAt, termsOf } from '../../engine/programme/coalition/terms.js';
import { worthOf } from '../../engine/programme/coalition/value.js';
import { definitionProblem, type Known } from '../../engine/programme/definitions/index.js';
import type { Command } from '../../engine/protocol/commands.js';
import { decimalText } from '../../engine/protocol/decimal.js';
import { EVERYTHING, grantedBy, OPERATIONS } from '../../engine/protocol/grants.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { MAIN, SIDES } from './coalition-world.js';

const rate = (value: unknown, coalition = 'main') => ({ coalition, rate: value });

t.test('what the kinds accept, and which field they name where they do not', async (t) => {
  const known: Known = (kind, key) => {
    if (kind === 'coalition') return key === 'main' ? MAIN : undefined;
    return kind === 'exchange-rate' && key === 'b.a' ? rate('0.4') : undefined;
  };
  const bad = 'DEFINITION_INVALID document';
  const rows: readonly (readonly [kind: string, key: string, document: object, is?: string])[] = [
    ['coalition', 'main', MAIN],
    ['coalition', 'main', { currency: 'CNY', base: '1', zone: 'UTC', unknown: '0.5' }],
    ['coalition', 'main', { ...MAIN, changePercent: 10, changeWindowMs: 86_400_000 }],
    ['coalition', 'main', { ...MAIN, base: '0' }, `${bad}.base`],
    ['coalition', 'main', { ...MAIN, base: '0.00' }, `${bad}.base`],
    ['coalition', 'main', { ...MAIN, base: 0.01 }, `${bad}.base`],
    ['coalition', 'main', { ...MAIN, base: '1e-2' }, `${bad}.base`],
    ['coalition', 'main', { ...MAIN, base: '.01' }, `${bad}.base`],
    ['coalition', 'main', { ...MAIN, base: '-1' }, `${bad}.base`],
    ['coalition', 'main', { ...MAIN, base: '01' }, `${bad}.base`],
    ['coalition', 'main', { ...MAIN, base: '1234567890' }, `${bad}.base`],
    ['coalition', 'main', { ...MAIN, base: '0.1234567890' }, `${bad}.base`],
    ['coalition', 'main', { ...MAIN, platforms: { a: '0' } }, `${bad}.platforms`],
    ['coalition', 'main', { ...MAIN, platforms: { a: 1 } }, `${bad}.platforms`],
    ['coalition', 'main', { ...MAIN, platforms: ['1'] }, `${bad}.platforms`],
    ['coalition', 'main', { ...MAIN, categories: { 'a b': '1' } }, `${bad}.categories`],
    ['coalition', 'main', { ...MAIN, changePercent: 0 }, `${bad}.changePercent`],
    ['coalition', 'main', { ...MAIN, zone: 'UTC ' }, 'ZONE_INVALID document.zone'],
    ['exchanging', 'alpha', SIDES.alpha],
    ['exchanging', 'alpha', { ...SIDES.alpha, feeRate: '0.01', feeLeast: 5, mostEach: 10 }],
    ['exchanging', 'alpha', { ...SIDES.alpha, feeRate: '0' }],
    ['exchanging', 'alpha', { ...SIDES.alpha, feeRate: '1' }, `${bad}.feeRate`],
    ['exchanging', 'alpha', { ...SIDES.alpha, feeLeast: 0 }, 'AMOUNT_INVALID document.feeLeast'],
    ['exchanging', 'alpha', { ...SIDES.alpha, mostEach: 9, mostDay: 8 }, `${bad}.mostEach`],
    ['exchanging', 'alpha', { ...SIDES.alpha, platform: 'A' }, `${bad}.platform`],
    ['exchanging', 'alpha', { ...SIDES.alpha, reserve: true }, `${bad}.reserve`],
    ['exchanging', 'alpha', { ...SIDES.alpha, coalition: 'none' }, `${bad}.coalition`],
    ['exchanging', 'Alpha', SIDES.alpha, bad],
    ['exchange-rate', 'a.b', rate('2.5')],
    ['exchange-rate', 'a.b', rate('2.500000001'), `${bad}.rate`],
    ['exchange-rate', 'a.c', rate('99')],
    ['exchange-rate', 'a.c', rate('0'), `${bad}.rate`],
    ['exchange-rate', 'a.c', rate('0.000000000'), `${bad}.rate`],
    ['exchange-rate', 'a.c', rate(1), `${bad}.rate`],
    ['exchange-rate', 'a.c', rate('1', 'none'), `${bad}.coalition`],
    ['exchange-rate', 'a.a', rate('1'), bad],
    ['exchange-rate', 'a', rate('1'), bad],
    ['exchange-rate', 'a.b.c', rate('1'), bad],
  ];
  for (const [kind, key, document, is] of rows) {
    const found = definitionProblem({ kind, key, state: 'active', document } as never, known);
    const told = found === null ? undefined : `${found.code} ${found.field}`;
    t.equal(told, is, `${kind} ${key} ${JSON.stringify(document)}`);
  }
});

const DAY = 86_400_000;
const NO = 'DEFINITION_UNAPPROVED';
type Row = readonly [who: string, at: string, state: string, document: object | null, is: string];

/** In this order; a number: so many milliseconds later. */
const STEPS: readonly (Row | number)[] = [
  ['amy', 'coalition main', 'active', MAIN, '1'],
  // A first rate asks nobody; 1.0 -> 1.2 is not over 20%, and 1.5 -> 1.8 neither.
  ['amy', 'exchange-rate a.b', 'active', rate('1.0'), '1'],
  ['amy', 'exchange-rate a.b', 'active', rate('1.200000001'), NO],
  ['amy', 'exchange-rate a.b', 'active', rate('0.799999999'), NO],
  ['amy', 'exchange-rate a.b', 'active', rate('1.2'), '2'],
  ['amy', 'exchange-rate a.c', 'active', rate('1.5'), '1'],
  ['amy', 'exchange-rate a.c', 'active', rate('1.8'), '2'],
  // With what was changed before it is more: also by very little, and down again.
  ['amy', 'exchange-rate a.c', 'active', rate('1.800000001'), NO],
  ['amy', 'exchange-rate a.b', 'active', rate('1.19'), NO],
  // A week after the step that counts, it does not any more.
  7 * DAY - 1,
  ['amy', 'exchange-rate a.c', 'active', rate('1.81'), NO],
  1,
  ['amy', 'exchange-rate a.c', 'active', rate('2.1'), '3'],
  ['amy', 'exchange-rate a.c', 'active', rate('2.15'), '4'],
  ['amy', 'exchange-rate a.c', 'active', rate('2.2'), NO],
  // Many steps that avoid it do not.
  ['amy', 'exchange-rate d.e', 'active', rate('1'), '1'],
  DAY,
  ['amy', 'exchange-rate d.e', 'active', rate('1.07'), '2'],
  DAY,
  ['amy', 'exchange-rate d.e', 'active', rate('1.14'), '3'],
  DAY,
  ['amy', 'exchange-rate d.e', 'active', rate('1.21'), '4'],
  DAY,
  ['amy', 'exchange-rate d.e', 'active', rate('1.22'), NO],
  // It waits for somebody else, who says the very same; after that the sum begins anew.
  ['', 'exchange-rate d.e', 'active', rate('1.22'), NO],
  ['amy', 'exchange-rate d.e', 'draft', rate('1.22'), '5'],
  ['amy', 'exchange-rate d.e', 'active', rate('1.22'), NO],
  ['ben', 'exchange-rate d.e', 'active', rate('1.23'), NO],
  ['ben', 'exchange-rate d.e', 'active', rate('1.22'), '6'],
  ['amy', 'exchange-rate d.e', 'active', rate('1.4'), '7'],
  ['amy', 'exchange-rate d.e', 'active', rate('1.5'), NO],
  // From each that decides or will: one in a year is no way around.
  ['amy', 'exchange-rate f.g', 'active', rate('1'), '1'],
  30 * DAY,
  ['amy', 'exchange-rate f.g', 'active in a year', rate('1.19'), '2'],
  8 * DAY,
  ['amy', 'exchange-rate f.g', 'active', rate('1.21'), NO],
  ['amy', 'exchange-rate f.g', 'active', rate('1.1'), '3'],
  // To end it is a step, too; what comes after it is no first one.
  ['amy', 'exchange-rate f.g', 'retired', null, NO],
  ['amy', 'exchange-rate f.g', 'draft', null, '4'],
  ['ben', 'exchange-rate f.g', 'retired', null, '5'],
  DEFINITION_LEAD_MS + 366 * DAY,
  ['amy', 'exchange-rate f.g', 'active', rate('3'), NO],
  ['amy', 'exchange-rate f.g', 'active', rate('1.2'), '6'],
  // A coalition with other limits is no way around, nor are other limits.
  ['amy', 'coalition lax', 'active', { ...MAIN, changePercent: 1_000 }, '1'],
  ['amy', 'exchange-rate f.g', 'active', rate('1.2', 'lax'), NO],
  ['amy', 'coalition main', 'active', { ...MAIN, changePercent: 21 }, NO],
  ['amy', 'coalition main', 'active', { ...MAIN, changeWindowMs: 1 }, NO],
  ['amy', 'coalition main', 'active', { ...MAIN, changePercent: 10 }, '2'],
  ['amy', 'exchange-rate a.b', 'active', rate('1.33'), NO],
  ['amy', 'exchange-rate a.b', 'active', rate('1.32'), '3'],
  // The values likewise: of each figure by itself, also of one that was not named.
  ['amy', 'coalition lax', 'active', { ...MAIN, changePercent: 1_000, base: '0.111' }, NO],
  ['amy', 'coalition main', 'active', { ...MAIN, base: '0.012' }, NO],
  ['amy', 'coalition main', 'active', { ...MAIN, platforms: { ...MAIN.platforms, d: '1.2' } }, NO],
  ['amy', 'coalition main', 'active', { ...MAIN, platforms: { ...MAIN.platforms, d: '1.1' } }, NO],
  [
    'amy',
    'coalition main',
    'active',
    { ...MAIN, changePercent: 10, platforms: { ...MAIN.platforms, d: '1.1' } },
    '3',
  ],
  ['amy', 'coalition main', 'active', { ...MAIN, changePercent: 10, platforms: {} }, NO],
  // Whose points an asset is, is part of what it is worth; its fees are not.
  ['amy', 'exchanging alpha', 'active', SIDES.alpha, '1'],
  ['amy', 'exchanging alpha', 'active', { ...SIDES.alpha, feeRate: '0.9' }, '2'],
  ['amy', 'exchanging alpha', 'active', { ...SIDES.alpha, category: 'travel' }, NO],
  ['amy', 'exchanging alpha', 'active', { ...SIDES.alpha, platform: 'b' }, NO],
  ['amy', 'exchanging alpha', 'retired', null, '3'],
  DEFINITION_LEAD_MS,
  ['amy', 'exchanging alpha', 'active', { ...SIDES.alpha, platform: 'b' }, NO],
  ['amy', 'exchanging alpha', 'active', SIDES.alpha, '4'],
];

t.test('which step takes a second person', async (t) => {
  const ledger = new MemoryLedger();
  let time = Date.UTC(2026, 0, 1);
  for (const [n, row] of STEPS.entries()) {
    if (typeof row === 'number') {
      time += row;
      continue;
    }
    const [who, at, how, document, is] = row;
    const [kind = '', key = ''] = at.split(' ');
    const [state = ''] = how.split(' ');
    const activeFrom = how === state ? {} : { activeFrom: time + 365 * DAY };
    const zoned = kind === 'coalition' ? { zoneOffsets: [0, 0] } : {};
    const said = { type: 'put-definition', kind, key, state, ...activeFrom, ...zoned };
    ledger.ledger.granted =
      who === '' ? EVERYTHING : grantedBy({ operations: new Set(OPERATIONS), principal: who });
    const command = { ...said, ...(document && { document }) } as unknown as Command;
    const outcome = ledger.apply([command], time)[0]!;
    const came = outcome.ok ? String(outcome.definitionVersion) : outcome.code;
    t.equal(came, is, `${n}: ${row.slice(0, 3).join(' ')} ${JSON.stringify(document)}`);
  }
  const twin = MemoryLedger.replay(ledger.blocks);
  t.equal(String(canonicalState(twin.state)), String(canonicalState(ledger.state)));
});

t.test('what a point is worth', async (t) => {
  const worth = (platform: string, category?: string, more: object = {}) =>
    decimalText(worthOf({ ...MAIN, ...more }, { coalition: 'main', platform, category }), 12);
  t.equal(worth('a'), '0.01');
  t.equal(worth('b', 'gaming'), '0.018');
  t.equal(worth('c', 'travel'), '0.016');
  t.equal(worth('x', 'y'), '0.01');
  t.equal(worth('x', 'y', { unknown: '0.5' }), '0.0025');
  t.equal(worth('constructor', 'toString'), '0.01');
});

/** A figure of at most so many digits, above 0. */
function drawn(random: Random, whole: number, digits: number): string {
  const text = `${random.int(10 ** whole)}.${String(random.int(10 ** digits)).padStart(digits, '0')}`;
  return /[1-9]/.test(text) ? text : drawn(random, whole, digits);
}

/** Minor units of a decimal, times 10^9: with the test's own arithmetic. */
function nanos(text: string): bigint {
  const [whole = '', digits = ''] = text.split('.');
  return BigInt(whole) * 10n ** 9n + BigInt(digits.padEnd(9, '0'));
}

interface Drawn {
  readonly see: Reads;
  readonly there: string | undefined;
  readonly back: string | undefined;
  readonly worth: Readonly<Record<string, bigint>>;
  readonly scales: Readonly<Record<string, number>>;
  readonly fee: string;
  readonly least: number;
}

/** A drawn coalition of two assets, as acts see it. */
function drawnCoalition(random: Random): Drawn {
  const base = drawn(random, 1, 4);
  const [a, b, unknown] = [drawn(random, 1, 3), drawn(random, 1, 3), drawn(random, 1, 3)];
  const there = random.chance(0.6) ? drawn(random, 2, 9) : undefined;
  const back = random.chance(0.6) ? drawn(random, 2, 9) : undefined;
  const fee = random.chance(0.5) ? `0.${random.int(1_000)}` : '0';
  const least = random.chance(0.5) ? random.int(5) : 0;
  const scales = { a: random.int(7), b: random.int(7) };
  const own = {
    coalition: 'main',
    category: 'x',
    feeRate: fee,
    ...(least > 0 ? { feeLeast: least } : {}),
  };
  const documents: Readonly<Record<string, object | undefined>> = {
    'coalition main': { ...MAIN, base, unknown, platforms: { a, b }, categories: {} },
    'exchanging a': { ...own, platform: 'a' },
    'exchanging b': { ...own, platform: 'b' },
    'exchange-rate a.b': there === undefined ? undefined : rate(there),
    'exchange-rate b.a': back === undefined ? undefined : rate(back),
  };
  const see = {
    definition: ({ name }: { name: string }, key: string) => {
      const document = documents[`${name} ${key}`];
      return document && { key, version: 1, document };
    },
    scale: (asset: 'a' | 'b') => scales[asset],
  } as unknown as Reads;
  return { see, there, back, worth: { a: nanos(a), b: nanos(b) }, scales, fee, least };
}

/** What an exchange should come to, by the test's own fractions. */
function expected(
  { there, back, worth, scales, fee, least }: Drawn,
  amount: number,
  from: 'a' | 'b',
) {
  const to = from === 'a' ? 'b' : 'a';
  const said = from === 'a' ? there : back;
  const [over, under] = said === undefined ? [worth[from]!, worth[to]!] : [nanos(said), 10n ** 9n];
  const part = nanos(fee) * BigInt(amount);
  const charged = part / 10n ** 9n + (part % 10n ** 9n === 0n ? 0n : 1n);
  const cost = charged < BigInt(least) ? BigInt(least) : charged;
  const left = BigInt(amount) - cost;
  if (left <= 0n) return 'EXCHANGE_TOO_SMALL';
  const result =
    (left * over * 10n ** BigInt(scales[to]!)) / (under * 10n ** BigInt(scales[from]!));
  return result === 0n ? 'EXCHANGE_TOO_SMALL' : `${cost} ${result}`;
}

const AMOUNTS = 10_000;

t.test('to and fro never gains, and each way is the exact fraction, rounded down', async (t) => {
  const cases = campaign({ name: 'rates to and fro', long: 1_000, sample: 12 });
  const seen = new Map<string, number>();
  await cases.run((seed) => {
    const random = new Random(seed);
    const world = drawnCoalition(random);
    const { see } = world;
    const [out, home] = [termsOf(see, 'a', 'b'), termsOf(see, 'b', 'a')];
    if ('refusal' in out || 'refusal' in home) throw new Error('no terms');
    for (let amount = 1; amount <= AMOUNTS; amount++) {
      const got = pricedAt(see, out, amount);
      const is = 'refusal' in got ? got.refusal : 'got';
      seen.set(is, (seen.get(is) ?? 0) + 1);
      if (is === 'EXCHANGE_RATE_GAINS') break;
      const told = 'refusal' in got ? got.refusal : `${got.fee} ${got.result}`;
      if (told !== expected(world, amount, 'a')) throw new Error(`${amount}: ${told}`);
      if ('refusal' in got) continue;
      const back = pricedAt(see, home, got.result);
      if ('refusal' in back) continue;
      if (back.result > amount) throw new Error(`${amount} -> ${got.result} -> ${back.result}`);
    }
  });
  for (const is of ['got', 'EXCHANGE_TOO_SMALL', 'EXCHANGE_RATE_GAINS'])
    t.ok(seen.get(is), `${is}: ${seen.get(is)}`);
});
