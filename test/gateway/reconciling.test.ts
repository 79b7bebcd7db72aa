// Two lists compared: each planted difference is found and nothing else, whatever their order, their borders and their length; a partner that pages badly
// is named, and ends.

import t from 'tap';
import type { PartnerOperation } from '../../engine/index.js';
import type { ListedOperation, OperationsPage } from '../../gateway/partners/adapter.js';
import { type Comparing, compare, noCounts } from '../../gateway/partners/reconciling/comparing.js';
import type { Found } from '../../gateway/partners/reconciling/judging.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { ListPartner } from './list-partner.js';

const HOUR = 3_600_000;
const FROM = Date.UTC(2026, 8, 1);
const UNTIL = FROM + 24 * HOUR;
const SETTLED = UNTIL - 2 * HOUR;
const SLACK = HOUR;
const LIMITS = {
  partnerTimeoutMs: 10_000,
  reconcilePagesMax: 100_000,
  reconcileOperationsMax: 10_000_000,
  reconcilePauseMs: 1,
  reconcilePauseMsMax: 2,
  reconcileSlackMs: SLACK,
  reconcileFindingsMax: 10_000,
};

/** An operation as both have it. */
interface Both {
  readonly ours: PartnerOperation | undefined;
  readonly theirs: readonly ListedOperation[];
}

/** Both lists, and what must be found: `finding operation`. */
interface World {
  readonly ours: PartnerOperation[];
  readonly theirs: ListedOperation[];
  readonly expected: Set<string>;
}

const STATES = ['completed', 'completed', 'completed', 'refused', 'rolled_back', 'void'] as const;

/** An operation that agrees. */
function agreeing(random: Random, n: number, at: number): Both {
  const common = {
    ...{ operation: `op-${n}`, kind: random.pick(['add', 'deduct'] as const) },
    ...{ state: random.pick(STATES), user: `u${random.int(1_000)}` },
    ...{ asset: random.pick(['miles', 'stars']), amount: 1 + random.int(10_000) },
  };
  const ours: PartnerOperation = { ...common, partner: 'air', direction: 'out', at };
  return { ours, theirs: [{ ...common, at: at + random.int(3_000) }] };
}

/** A time in the period that is judged, often at its borders. */
function judgedTime(random: Random): number {
  if (random.chance(0.05)) return FROM;
  if (random.chance(0.05)) return SETTLED - 1;
  return FROM + random.int(SETTLED - FROM);
}

/** What makes operations differ, and what is found then. */
const DEFECTS: readonly ((random: Random, both: Both) => readonly [Both, ...string[]])[] = [
  (_, { ours }) => [{ ours, theirs: [] }, 'missing_in_target'],
  // By its time there it is of the period.
  (random, { theirs: [one] }) => [
    { ours: undefined, theirs: [{ ...one!, at: judgedTime(random) }] },
    'missing_in_source',
  ],
  (random, { ours, theirs: [one] }) => [
    { ours, theirs: [{ ...one!, amount: one!.amount + 1 + random.int(9) }] },
    'amount_mismatch',
  ],
  (random, { ours, theirs: [one] }) => [
    { ours, theirs: [one!, { ...one!, at: one!.at + 1 + random.int(1_000) }] },
    'duplicate',
  ],
  (_, { ours, theirs: [one] }) => [
    { ours, theirs: [{ ...one!, user: `${one!.user}x` }] },
    'user_mismatch',
  ],
  (_, { ours, theirs: [one] }) => [
    { ours, theirs: [{ ...one!, kind: one!.kind === 'add' ? 'deduct' : 'add' }] },
    'kind_mismatch',
  ],
  (_, { ours, theirs: [one] }) => [
    { ours, theirs: [{ ...one!, asset: one!.asset === 'miles' ? 'stars' : 'miles' }] },
    'asset_mismatch',
  ],
  (random, { ours, theirs: [one] }) => {
    const others = STATES.filter((state) => state !== one!.state);
    return [{ ours, theirs: [{ ...one!, state: random.pick(others) }] }, 'state_mismatch'];
  },
  (_, { ours, theirs: [one] }) => [
    { ours, theirs: [{ ...one!, amount: one!.amount + 1, user: 'else' }] },
    'amount_mismatch',
    'user_mismatch',
  ],
];

/** What is not judged, however it differs. */
const UNJUDGED: readonly ((random: Random, both: Both) => Both)[] = [
  (_, { ours, theirs }) => ({ ours: { ...ours!, state: 'pending' }, theirs }),
  (_, { ours }) => ({ ours: { ...ours!, state: 'pending' }, theirs: [] }),
  (random, { ours }) => ({ ours: { ...ours!, at: SETTLED + random.int(2 * HOUR) }, theirs: [] }),
  (random, { theirs: [one] }) => ({
    ours: undefined,
    theirs: [{ ...one!, at: SETTLED + random.int(2 * HOUR) }],
  }),
  // Of the period before, or after, by its time here.
  (random, { ours }) => ({ ours: { ...ours!, at: FROM - 1 - random.int(SLACK) }, theirs: [] }),
  (_, { ours }) => ({ ours: { ...ours!, at: UNTIL }, theirs: [] }),
];

/** What agrees although it does not look so in the lists of the period alone. */
const ACROSS: readonly ((random: Random, both: Both) => Both)[] = [
  // Asked for before the period's end, done after it; asked for before its beginning, done in it.
  (_, { ours, theirs: [one] }) => ({
    ours: { ...ours!, at: SETTLED - 1 },
    theirs: [{ ...one!, at: UNTIL + SLACK + 5 * HOUR }],
  }),
  (_, { ours, theirs: [one] }) => ({
    ours: { ...ours!, at: FROM - 3 * HOUR },
    theirs: [{ ...one!, at: FROM + 1 }],
  }),
  (_, { ours, theirs: [one] }) => ({
    ours: { ...ours!, at: FROM - 1 },
    theirs: [{ ...one!, at: FROM }],
  }),
];

function world(random: Random, size: number, defects: number): World {
  const all: Both[] = [];
  const expected = new Set<string>();
  let n = 0;
  const next = (): Both => agreeing(random, n++, judgedTime(random));
  while (all.length < size) all.push(next());
  for (let i = 0; i < defects; i++) {
    const defect = DEFECTS[i % DEFECTS.length]!;
    const [both, ...findings] = defect(random, next());
    all.push(both);
    const { operation } = both.ours ?? both.theirs[0]!;
    for (const finding of findings) expected.add(`${finding} ${operation}`);
  }
  for (let i = 0; i < size / 10; i++) all.push(random.pick(UNJUDGED)(random, next()));
  for (let i = 0; i < size / 100; i++) all.push(random.pick(ACROSS)(random, next()));
  const ours = all.flatMap((one) => one.ours ?? []);
  const theirs = all.flatMap((one) => one.theirs);
  return { ours: random.shuffle(ours), theirs: random.shuffle(theirs), expected };
}

interface Ran {
  readonly found: Found[];
  readonly judged: Set<string>;
  readonly counts: ReturnType<typeof noCounts>;
  readonly result: Awaited<ReturnType<typeof compare>>;
}

/** Compares as a run does. */
async function ran(
  folder: string,
  ours: readonly PartnerOperation[],
  adapter: ListPartner,
  more: Partial<Comparing> = {},
): Promise<Ran> {
  const byId = new Map(ours.map((one) => [one.operation, one]));
  const [found, judged, counts]: [Found[], Set<string>, Ran['counts']] = [
    [],
    new Set(),
    noCounts(),
  ];
  const result = await compare(
    {
      ...{
        from: FROM,
        until: UNTIL,
        settled: SETTLED,
        assets: ['miles', 'stars'],
        adapter,
        folder,
      },
      ours: {
        async *list({ from, until }) {
          const within = ours.filter(({ at }) => at >= from && at < until);
          for (let i = 0; i < within.length; i += 997) yield within.slice(i, i + 997);
        },
        find: async (operation) => byId.get(operation),
      },
      limits: LIMITS,
      ending: new AbortController().signal,
      ...more,
    },
    {
      counts,
      judged: (operation) => judged.add(operation),
      found: (one) => {
        found.push(one);
        return undefined;
      },
    },
  );
  return { found, judged, counts, result };
}

const named = (found: readonly Found[]): string[] =>
  found.map(({ finding, operation }) => `${finding} ${operation}`).sort();

t.test('each of 1,000 planted differences is found, and nothing else', async (t) => {
  const isLong = process.env['JIFEN_LONG'] === '1';
  const random = new Random(1);
  const { ours, theirs, expected } = world(random, isLong ? 1_000_000 : 100_000, 1_000);
  const partner = new ListPartner(theirs);
  partner.pageSize = 1_000;
  const { found, counts, judged } = await ran(temporaryFolder(t), ours, partner);
  t.same(named(found), [...expected].sort());
  t.ok(expected.size >= 1_000);
  t.ok(counts.young > 0 && counts.pending > 0 && counts.judged > 100_000 - 1);
  t.equal(counts.judged, judged.size);
  t.equal(counts.unknown, 0);
  const { heapUsed } = process.memoryUsage();
  t.comment(
    `${ours.length} and ${theirs.length} operations, ${Math.round(heapUsed / 2 ** 20)} MiB`,
  );
});

t.test('what agrees is found to agree, whatever the order of both lists', async (t) => {
  const cases = campaign({ name: 'lists that agree', long: 2_000, sample: 30 });
  const folder = temporaryFolder(t);
  await cases.run(async (seed) => {
    const random = new Random(seed);
    const { ours, theirs } = world(random, 20 + random.int(200), 0);
    const partner = new ListPartner(theirs);
    partner.pageSize = 1 + random.int(50);
    const { found, result, counts } = await ran(folder, ours, partner);
    t.same(found, []);
    t.equal(counts.unknown, 0);
    for (const one of result.totals) if (one.state !== 'agree') t.same(one, { state: 'agree' });
  });
});

t.test('the same findings, whatever the order; totals differ by what was planted', async (t) => {
  const cases = campaign({ name: 'lists that differ', long: 2_000, sample: 30 });
  const folder = temporaryFolder(t);
  await cases.run(async (seed) => {
    const random = new Random(seed);
    const { ours, theirs, expected } = world(random, 100, 1 + random.int(60));
    const say = async (): Promise<unknown> => {
      const partner = new ListPartner(random.shuffle([...theirs]));
      partner.pageSize = 1 + random.int(50);
      const { found, result } = await ran(folder, random.shuffle([...ours]), partner);
      t.same(named(found), [...expected].sort());
      for (const one of result.totals) {
        t.ok(one.state !== 'unknown' && one.total !== undefined);
        t.equal(one.state === 'differ', JSON.stringify(one.ours) !== JSON.stringify(one.theirs));
      }
      const sorted = found.sort((a, b) =>
        `${a.finding} ${a.operation}` < `${b.finding} ${b.operation}` ? -1 : 1,
      );
      return [sorted, result.totals];
    };
    t.same(await say(), await say());
  });
});

/** A small world that agrees, and its partner. */
function small(seed = 7): { readonly ours: PartnerOperation[]; readonly partner: ListPartner } {
  const { ours, theirs } = world(new Random(seed), 300, 0);
  const partner = new ListPartner(theirs);
  partner.pageSize = 20;
  return { ours, partner };
}

t.test('a partner that pages badly', async (t) => {
  const folder = temporaryFolder(t);
  const rows: readonly [string, (partner: ListPartner) => void, string | undefined][] = [
    [
      'a page again, as the list has grown',
      (one) => {
        const { operations } = one;
        let last: OperationsPage['operations'] = [];
        one.operations = async (...asked) => {
          const page = await operations.call(one, ...asked);
          if (page.state !== 'page') return page;
          const more = { ...page, operations: [...last, ...page.operations] };
          last = page.operations.slice(-3);
          return more;
        };
      },
      undefined,
    ],
    [
      'empty pages between',
      (one) => {
        const { operations } = one;
        let n = 0;
        one.operations = async (from, until, cursor) => {
          if (n++ % 2 === 0) return { state: 'page', operations: [], next: `e${cursor ?? ''}` };
          const of = cursor === 'e' ? undefined : cursor?.slice(1);
          return operations.call(one, from, until, of);
        };
      },
      undefined,
    ],
    [
      'a cursor that comes again',
      (one) => {
        one.instead.set(3, (page) => ({ ...page, next: '20' }));
        one.instead.set(4, (page) => ({ ...page, next: '40' }));
      },
      'CURSOR_LOOP',
    ],
    [
      'the same page under ever new cursors',
      (one) => {
        const { operations } = one;
        let n = 0;
        one.operations = async (from, until) => {
          const page = await operations.call(one, from, until, undefined);
          return { ...(page as OperationsPage), next: `c${n++}` };
        };
      },
      'PAGE_REPEATED',
    ],
    [
      'empty pages for ever',
      (one) => {
        let n = 0;
        one.operations = async () => ({ state: 'page', operations: [], next: `c${n++}` });
      },
      'PAGES_TOO_MANY',
    ],
    [
      'operations for ever',
      (one) => {
        let n = 0;
        const at = FROM + 1;
        const said = {
          kind: 'add',
          state: 'completed',
          user: 'u',
          asset: 'miles',
          amount: 1,
        } as const;
        one.operations = async () => ({
          state: 'page',
          operations: [{ operation: `new-${n}`, ...said, at }],
          next: `c${n++}`,
        });
      },
      'OPERATIONS_TOO_MANY',
    ],
    [
      'no answer',
      (one) => {
        one.isDown = true;
      },
      'ECONNREFUSED',
    ],
    [
      'no answer to one page, twice',
      (one) => {
        for (const page of [2, 3])
          one.instead.set(page, () => ({ state: 'unknown', why: 'TIMEOUT' }));
      },
      undefined,
    ],
    [
      'no answer to a page in the midst of it',
      (one) => {
        for (let page = 4; page < 20; page++)
          one.instead.set(page, () => ({ state: 'unknown', why: 'STATUS' }));
      },
      'STATUS',
    ],
  ];
  const limits = { ...LIMITS, reconcilePagesMax: 400, reconcileOperationsMax: 399 };
  for (const [name, spoil, why] of rows) {
    const { ours, partner } = small();
    spoil(partner);
    const { found, judged, result } = await ran(folder, ours, partner, { limits });
    t.equal(result.why, why, name);
    t.same(found, [], `${name}: nothing is found`);
    if (why === undefined) t.ok(result.totals.every(({ state }) => state === 'agree'));
    else t.ok(judged.size === 0 && result.totals.every(({ state }) => state === 'unknown'), name);
  }
});

t.test('what the list lacks, and the partner has; what he does not say', async (t) => {
  const folder = temporaryFolder(t);
  const { ours, partner } = small();
  const judgedOnes = ours.filter(
    ({ at, state }) => at >= FROM && at < SETTLED && state === 'completed',
  );
  const [hidden, silent] = judgedOnes.slice(0, 2).map(({ operation }) => operation);
  const { operations } = partner;
  partner.operations = async (...asked) => {
    const page = await operations.call(partner, ...asked);
    if (page.state !== 'page') return page;
    const seen = page.operations.filter(
      ({ operation }) => operation !== hidden && operation !== silent,
    );
    return { ...page, operations: seen };
  };
  partner.silent.add(silent!);
  const { found, judged, counts, result } = await ran(folder, ours, partner);
  t.same(found, []);
  t.ok(judged.has(hidden!) && !judged.has(silent!));
  t.equal(counts.unknown, 1);
  t.ok(result.totals.every(({ state, why }) => state === 'unknown' && why === 'NOT_ASKED_AGAIN'));
});

t.test('totals that move while the lists are read are not known', async (t) => {
  const { ours, partner } = small();
  const { totals } = partner;
  let n = 0;
  partner.totals = async (...asked) => {
    const said = await totals.apply(partner, asked);
    return said.state === 'totals' && asked[1] !== FROM
      ? { ...said, added: said.added + n++ }
      : said;
  };
  const { found, result } = await ran(temporaryFolder(t), ours, partner);
  t.same(found, []);
  t.same(
    result.totals.map(({ why }) => why),
    ['MOVING', 'MOVING'],
  );
});

t.test('findings beyond those that a run may have are counted', async (t) => {
  const { ours, theirs, expected } = world(new Random(3), 100, 90);
  const limits = { ...LIMITS, reconcileFindingsMax: 25 };
  const { found, counts } = await ran(temporaryFolder(t), ours, new ListPartner(theirs), {
    limits,
  });
  t.equal(found.length, 25);
  t.equal(counts.beyond, expected.size - 25);
  t.ok(named(found).every((one) => expected.has(one)));
});
