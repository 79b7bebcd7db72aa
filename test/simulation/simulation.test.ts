// Simulations of data folders: beside a live ledger, of one at rest, over several shards, from a checkpoint; wrong drafts, cancelling.

import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import {
  type Command,
  type Draft,
  type Engine,
  open,
  SimulationError,
  type SimulationResult,
  sampleProgramme,
  simulateFolder,
} from '../../engine/index.js';
import { unpackValue } from '../../engine/protocol/packed-value.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';

const LEAD_MS = 12_000;
const DAY_MS = 86_400_000;
const OWNERS = Array.from({ length: 12 }, (_, n) => `m${n}`);
const AMOUNTS = [600, 33, 5];
const DRAFTS: readonly Draft[] = [
  {
    kind: 'rule',
    key: 'shop.CONSUME',
    document: { programme: 'shop', event: 'CONSUME', points: 3, per: 2, of: 'amount' },
  },
  { kind: 'task', key: 'shop.CONSUME_100', document: null },
  {
    kind: 'referral',
    key: 'shop',
    document: {
      ...{ referrer: 100, newcomer: 50, event: 'CONSUME', of: 'amount' },
      ...{ percent: 10, upperPercent: 2 },
    },
  },
];
const REFERRAL = { referrer: 100, newcomer: 50, event: 'CONSUME', of: 'amount', percent: 5 };

interface Programme {
  readonly folder: string;
  readonly engine: Engine;
  readonly clock: Float64Array;
  readonly ok: (command: Command) => Promise<void>;
}

/** A ledger with the sample programme. `drafts`: documents in place of its own. */
async function programme(
  t: Parameters<typeof temporaryFolder>[0],
  drafts: readonly Draft[] = [],
): Promise<Programme> {
  const folder = join(temporaryFolder(t), 'data');
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const engine = await open({ folder, shards: 2, clockOffset });
  const ok = async (command: Command): Promise<void> => {
    const outcome = await engine.submit(command);
    if (!outcome.ok) throw new Error(JSON.stringify([command, outcome]));
  };
  await ok({ type: 'define-asset', asset: 'points', scale: 0 });
  const sample = [
    ...sampleProgramme('shop', 'points'),
    { kind: 'referral', key: 'shop', document: REFERRAL },
  ];
  for (const one of sample) {
    const draft = drafts.find(({ kind, key }) => kind === one.kind && key === one.key);
    const document = draft === undefined ? one.document : draft.document;
    if (document === null) continue;
    await ok({ type: 'put-definition', state: 'active', ...one, document } as Command);
  }
  clock[0] = LEAD_MS;
  const share = act('m0', 'x', 'event', { programme: 'shop', type: 'SHARE' });
  await until('it decides', async () => (await engine.submit(share, { dryRun: true })).ok);
  return { folder, engine, clock, ok };
}

const act = (owner: string, id: string, name: string, body: object): Command =>
  ({ type: 'act', owner, id, act: name, body }) as Command;

/** What events have earned by rule and task. */
type Earned = Record<string, number>;

/** Events, returns, and who has referred whom. */
async function happen({ engine, ok }: Programme): Promise<Earned> {
  const earned: Earned = {};
  const code = (n: number): string => `ABCDE${'ABCDEFGHJKLM'[n]}`;
  let says: object | undefined;
  for (const [n, owner] of OWNERS.entries()) {
    if (says !== undefined) await ok(act(owner, 'by', 'refer', { programme: 'shop', ...says }));
    await ok(act(owner, 'code', 'referral-code', { programme: 'shop', code: code(n) }));
    const found = await engine.own.records({
      owner: `#code:${code(n)}`,
      recordType: '$referral',
    });
    const told = unpackValue((found as unknown as { value: Uint8Array }[])[0]!.value) as {
      upper: string | null;
    };
    const { upper, ...rest } = told;
    says = { code: code(n), ...rest, ...(upper === null ? {} : { upper }) };
    for (const [i, amount] of AMOUNTS.entries()) {
      const body = { programme: 'shop', type: 'CONSUME', attributes: { amount } };
      const outcome = await engine.submit(act(owner, `c${i}`, 'event', body));
      if (!outcome.ok) throw new Error(JSON.stringify(outcome));
      for (const { type, rule, task, amount } of (outcome.act?.effects ?? []) as Effect[])
        if (type === 'earn') earned[`${rule ?? task}`] = (earned[`${rule ?? task}`] ?? 0) + amount;
    }
    await ok(act(owner, 'r', 'return-event', { event: 'c0', amount: 100 }));
  }
  return earned;
}

type Effect = {
  readonly type: string;
  readonly rule?: string;
  readonly task?: string;
  readonly amount: number;
};

const bySource = ({ programmes }: SimulationResult, side: 'before' | 'after'): Earned =>
  Object.fromEntries(
    (programmes[0]?.sources ?? []).flatMap((one) =>
      one[side] === 0 ? [] : [[one.key, one[side]]],
    ),
  );

const scratches = (): number =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('jifen-simulation-')).length;

t.test('a simulation of a live ledger, and of the folder at rest', async (t) => {
  const one = await programme(t);
  const earned = await happen(one);
  const other = await programme(t, DRAFTS);
  const should = await happen(other);
  await other.engine.close();
  // Others simulate at the same time: what is left behind is looked for where nobody else leaves anything.
  const { TMPDIR } = process.env;
  process.env['TMPDIR'] = temporaryFolder(t);
  t.teardown(() => {
    if (TMPDIR === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = TMPDIR;
  });
  const before = scratches();
  const shares = { log: 0, drafts: 0 };
  for (const amount of AMOUNTS) {
    shares.log += 11 * Math.floor((amount * 5) / 100);
    shares.drafts += 11 * Math.floor((amount * 10) / 100) + 10 * Math.floor((amount * 2) / 100);
  }
  const { engine, clock, ok } = one;
  const same = await (await engine.simulate({ from: 0 })).result;
  t.equal(same.mode, 'logged');
  t.equal(same.programmes[0]?.different, 0, 'as logged nothing differs');
  t.same(bySource(same, 'before'), bySource(same, 'after'));
  t.same(bySource(same, 'before'), { ...earned, shop: shares.log });
  const simulation = await engine.simulate({ from: 0, drafts: DRAFTS });
  // Beside it, the ledger goes on.
  await ok(act('m0', 'beside', 'event', { programme: 'shop', type: 'SHARE' }));
  const found = await simulation.result;
  t.same(bySource(found, 'after'), { ...should, shop: shares.drafts });
  t.same(simulation.progress.events, OWNERS.length * AMOUNTS.length);
  const [all] = found.programmes;
  t.equal(all?.members, OWNERS.length);
  t.equal(all?.winners.members, OWNERS.length, 'all of them');
  t.equal(
    all?.distribution.reduce((sum, { members }) => sum + members, 0),
    OWNERS.length,
  );
  const [day] = all?.days ?? [];
  t.match(day, { day: /^\d{4}-\d\d-\d\d$/, after: (all?.after ?? 0) - shares.drafts });

  await engine.checkpoint();
  clock[0]! += DAY_MS;
  await engine.acceptClock();
  const from = Date.now() + clock[0]! - DAY_MS / 2;
  const share = act('m0', 'y', 'event', { programme: 'shop', type: 'SHARE' });
  await until('it decides', async () => (await engine.submit(share, { dryRun: true })).ok);
  await ok(
    act('m3', 'later', 'event', { programme: 'shop', type: 'CONSUME', attributes: { amount: 50 } }),
  );
  const later = await (await engine.simulate({ from, drafts: DRAFTS })).result;
  t.same(bySource(later, 'after'), { 'shop.CONSUME': 75 * 1, shop: 5 + 1 }, 'from a checkpoint');
  await engine.close();
  const rest = await simulateFolder(one.folder, { from: 0, to: from, drafts: DRAFTS });
  const { programmes } = await rest.result;
  t.same(bySource({ ...found, programmes }, 'after'), {
    ...should,
    shop: shares.drafts,
    'shop.SHARE': 3,
  });
  t.equal(scratches(), before, 'nothing is left behind');
});

t.test('what cannot be simulated says why', async (t) => {
  const one = await programme(t);
  t.teardown(() => one.engine.close());
  await one.ok(act('m0', 'x', 'event', { programme: 'shop', type: 'SHARE' }));
  const { engine } = one;
  const rule = { kind: 'rule', key: 'shop.x' };
  const rows: readonly [field: string, Parameters<Engine['simulate']>[0]][] = [
    ['from', { from: -1 }],
    ['to', { from: 5, to: 5 }],
    ['drafts[0].kind', { from: 0, drafts: [{ kind: 'what', key: 'x', document: {} }] }],
    [
      'drafts[0].document.points',
      {
        from: 0,
        drafts: [{ ...rule, document: { programme: 'shop', event: 'BUY', points: 'x' } }],
      },
    ],
    [
      'drafts[0].document',
      { from: 0, drafts: [{ ...rule, document: { programme: 'shop', event: 'BUY' } }] },
    ],
    [
      'drafts[0].document.event',
      { from: 0, drafts: [{ ...rule, document: { programme: 'shop', event: 'NONE', points: 1 } }] },
    ],
    [
      'drafts[1].key',
      {
        from: 0,
        drafts: [
          { ...rule, document: null },
          { ...rule, document: null },
        ],
      },
    ],
    [
      'drafts[0].document.zone',
      {
        from: 0,
        drafts: [
          { kind: 'programme', key: 'shop', document: { asset: 'points', zone: 'Asia/Nowhere' } },
        ],
      },
    ],
  ];
  for (const [field, options] of rows) {
    const found = await engine
      .simulate(options)
      .then(({ result }) => result)
      .catch((error: unknown) => error);
    t.ok(found instanceof SimulationError, `${field}: ${found}`);
    t.match((found as SimulationError).field, new RegExp(`^${field.replace(/[[\]]/g, '\\$&')}`));
  }
  const cancelled = await engine.simulate({ from: 0 });
  cancelled.cancel();
  await t.rejects(cancelled.result, /cancelled/);
});
