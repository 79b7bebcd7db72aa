// `verify --why`: acts decided again by what the log holds come to what was logged; another amount, version or reason in the log is found.

import { join } from 'node:path';
import t from 'tap';
import { WhyCheck } from '../../engine/audit/twin.js';
import { type Command, open, sampleProgramme, verifyFolder } from '../../engine/index.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import type { Json, Plan } from '../../engine/programme/act.js';
import { event } from '../../engine/programme/acts/event.js';
import { HOUR_MS, NOON, SHOP, World } from '../programme/earning-world.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';

const LEAD_MS = 12_000;

t.test('what was decided is decided again, and the same', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const clockOffset = new SharedArrayBuffer(8);
  const engine = await open({ folder, shards: 2, clockOffset });
  const ok = async (command: Command): Promise<void> => {
    const outcome = await engine.submit(command);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome));
  };
  await ok({ type: 'define-asset', asset: 'points', scale: 0 });
  for (const one of sampleProgramme('shop', 'points'))
    await ok({ type: 'put-definition', state: 'active', ...one });
  const desk = { asset: 'points', mostUp: 100, mostDown: 0 };
  await ok({
    type: 'put-definition',
    state: 'active',
    kind: 'correction',
    key: 'desk',
    document: desk,
  });
  const offer = { asset: 'points', points: 5, budget: '#budget:a' };
  await ok({ type: 'put-definition', state: 'active', kind: 'offer', key: 'o', document: offer });
  const legs = [{ from: '@issue', to: '#budget:a', asset: 'points', amount: 1_000 }];
  t.ok((await engine.own.submit({ type: 'transfer', id: 'fund', legs })).ok);
  new Float64Array(clockOffset)[0] = LEAD_MS;
  const act = (owner: string, id: string, name: string, body: object): Command =>
    ({ type: 'act', owner, id, act: name, body }) as Command;
  const share = act('ann', 'x', 'event', { programme: 'shop', type: 'SHARE' });
  await until(
    'the programme decides',
    async () => (await engine.submit(share, { dryRun: true })).ok,
  );
  for (const owner of ['ann', 'ben', 'cat', 'dan']) {
    for (const [n, amount] of [600, 500, 33].entries())
      await ok(
        act(owner, `c${n}`, 'event', {
          programme: 'shop',
          type: 'CONSUME',
          attributes: { amount },
        }),
      );
    await ok(act(owner, 's', 'event', { programme: 'shop', type: 'SIGN' }));
    await ok(act(owner, 'r', 'return-event', { event: 'c1', amount: 100 }));
    await ok(
      act(owner, 'a', 'adjust', { correction: 'desk', give: 5, reason: 'lost', operator: 'op' }),
    );
    await ok(act(owner, 'o', 'claim', { offer: 'o' }));
  }
  await engine.close();
  const found = await verifyFolder(folder, { why: true });
  t.same(found.problems, []);
  t.ok(
    (found.why?.recomputed ?? 0) >= 4 * 6,
    'events, their returns, claims, and what budgets lend',
  );
  t.equal(found.why?.asLogged, 4, 'who asks for a correction is not in the log');
  t.notOk((await verifyFolder(folder)).why, 'asked for only');
});

/** What is decided again of events that were decided in another way. */
function foundAfter(wrong: (plan: Plan) => Plan): WhyCheck {
  const right = event.decide;
  const world = new World();
  world.time -= 12 * HOUR_MS;
  // Both are limited in the second event: ten of fifteen are gone, and nine of twelve.
  const budget = '#budget:a';
  world.redefine('rule', 'CONSUME', { limitPoints: 15 });
  const more = { programme: SHOP, event: 'CONSUME', points: 9, budget, exhausted: 'less' };
  world.define('rule', `${SHOP}.MORE`, more);
  world.fund(budget, 12);
  world.time = NOON;
  const decide: typeof right = (...given) => {
    const plan = right(...given);
    return 'refusal' in plan ? plan : wrong(plan);
  };
  Object.assign(event, { decide });
  try {
    for (const amount of [10, 20]) world.event('CONSUME', { amount });
  } finally {
    Object.assign(event, { decide: right });
  }
  const check = new WhyCheck();
  MemoryLedger.replay(world.ledger.blocks, undefined, check);
  return check;
}

type Paid = readonly Json[];
const withPaid = (plan: Plan, change: (one: Paid) => Paid): Plan => ({
  ...plan,
  why: { ...plan.why, paid: (plan.why['paid'] as readonly Paid[]).map(change) },
});

t.test('what was decided in another way is found', async (t) => {
  const rows: readonly [what: string, wrong: (plan: Plan) => Plan, faults: number][] = [
    ['nothing', (plan) => plan, 0],
    ['another version', (plan) => ({ ...plan, why: { ...plan.why, programme: 2 } }), 2],
    ['another effect', (plan) => ({ ...plan, effects: plan.effects.slice(1) }), 2],
    [
      'what was left of a limit',
      (plan) => withPaid(plan, (one) => (one.length < 4 ? one : [...one.slice(0, 4), 1])),
      1,
    ],
    ['what was left of a budget', (plan) => withPaid(plan, (one) => one.slice(0, 4)), 1],
    ['a limit is not counted', (plan) => ({ ...plan, counters: [] }), 2],
    ['a tier is not', (plan) => ({ ...plan, records: [] }), 2],
  ];
  for (const [what, wrong, faults] of rows) {
    const check = foundAfter(wrong);
    t.equal(check.faults.length, faults, what);
    t.equal(check.recomputed, 2 - faults, what);
  }
});
