// Pools that are spread: by property under loss, repetition, kills (pool-worlds.ts), and by hand; defects planted in what keeps them exact, each of
// which this must find.

import t from 'tap';
import type { MemoryLedger } from '../../engine/ledger/memory.js';
import type { Plan } from '../../engine/programme/act.js';
import { GIVE_BACK, LEND, POOL_ACTS } from '../../engine/programme/allotments.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { EffectReader } from '../../engine/protocol/effects.js';
import { slotOf } from '../../engine/protocol/hash.js';
import { REFUSALS } from '../../engine/protocol/refusals.js';
import { Trials } from '../../engine/shard/trials.js';
import { LegsPart } from '../../engine/transfer/legs-part.js';
import { Transits } from '../../engine/transfer/open/transits.js';
import { campaign } from '../campaign.js';
import { MemoryShards } from '../ledger/memory-shards.js';
import { type Defect, findEach } from '../planted.js';
import { Random } from '../random.js';
import { START, saidBy } from './act-worlds.js';
import { ACTS, ASSET } from './everything.js';
import { anyPool, POOL, PoolWorld } from './pool-worlds.js';

t.test(
  'nothing is refused for good while the pool has enough anywhere, and no point is lost',
  async (t) => {
    const cases = campaign({ name: 'pools', long: 20_000, sample: 150 });
    let spread = 0;
    await cases.run(async (seed) => {
      if (anyPool(seed).wasSpread) spread++;
    });
    t.ok(spread > cases.count / 10, `${spread} were spread`);
  },
);

/** A world of so many shards, and a member on each. */
function shardsWith(count: number, funds: number) {
  const world = new PoolWorld(count);
  world.fund(funds);
  const users = Array.from({ length: 12 }, (_, n) => `u${n}`);
  const memberOf = (shard: number): string => users.find((one) => world.shardOf(one) === shard)!;
  return { world, memberOf, random: new Random(1), home: world.shardOf(POOL) };
}

t.test('a pool that many claim from is spread, and comes home when little is left', async (t) => {
  const { world, memberOf, random, home } = shardsWith(2, 1_000);
  const member = memberOf(1 - home);
  world.claim(member, 1);
  world.calm(random);
  t.equal(world.allotted(), 249, 'a quarter of what was left, lent once');
  t.equal(world.claim(member, 10).end, 'posted', 'at once');
  t.equal(world.allotted(), 239);
  // All but a few points at home are taken there.
  world.claim(memberOf(home), 740);
  const last = world.claim(memberOf(home), 248);
  t.equal(last.end, 'open', 'not for good: enough is lent');
  world.calm(random);
  t.equal(world.allotted(), 0, 'called back');
  world.ask(last);
  t.equal(last.end, 'posted', 'under the same id');
  t.equal(world.left(), 1);
  const none = world.claim(member, 2);
  world.calm(random);
  world.ask(none);
  t.equal(none.end, 'refused', 'for good');
  world.check(random);
});

t.test('what is given back goes home, whoever had paid it', async (t) => {
  const { world, memberOf, random, home } = shardsWith(2, 1_000);
  const member = memberOf(1 - home);
  world.claim(member, 1);
  world.calm(random);
  const paid = world.claim(member, 100);
  const before = world.allotted();
  world.undo(paid, 30);
  world.calm(random);
  t.equal(world.allotted(), before, 'not to the allotment');
  t.equal(world.left(), 929);
  world.check(random);
});

t.test('what is reserved elsewhere makes no refusal final', async (t) => {
  const { world, memberOf, random, home } = shardsWith(3, 50);
  const others = [0, 1, 2].filter((shard) => shard !== home).map(memberOf) as [string, string];
  const first = world.claim(others[0], 30);
  const second = world.claim(others[1], 30);
  world.calm(random);
  for (const one of [first, second]) world.ask(one);
  t.same([first.end, second.end].sort(), ['posted', 'refused']);
  world.check(random);
});

t.test('what is on its way back makes no refusal final', async (t) => {
  const shards = new MemoryShards(3);
  for (const { ledger } of shards.shards) ledger.acts = ACTS;
  shards.apply({ type: 'define-asset', asset: ASSET, scale: 0, lotTracked: false }, START);
  const named = (prefix: string, shard: number): string => {
    const names = Array.from({ length: 50 }, (_, n) => `${prefix}${n}`);
    return names.find((one) => slotOf(one) % 3 === shard)!;
  };
  const [owner, member] = [named('u', 0), named('u', 1)];
  const [pool, other] = [named('#budget:a', 1), named('#budget:b', 2)];
  const wish = (to: string, pools: readonly string[]) => {
    const legs = pools.map((from) => ({ from, to, amount: 10 }));
    return { wish: JSON.stringify({ legs, records: [], counters: [] }) };
  };
  for (const to of [pool, other]) {
    const legs = [{ from: '@issue', to, asset: ASSET, amount: 10 }];
    t.ok(shards.apply({ type: 'transfer', id: 'f', legs }, START).ok);
  }
  const body = wish(owner, [pool, other]);
  t.ok(shards.apply({ type: 'act', id: 'c', owner, act: 'everything', body }, START).ok);
  const [home, first, last] = shards.shards as [MemoryLedger, MemoryLedger, MemoryLedger];
  home.apply([{ type: 'reverse', id: 'r', owner, transferId: 'c' }], START);
  first.apply([saidBy(home).command], START);
  last.apply([saidBy(first).command], START);
  const decision = saidBy(last).command;
  const claim = { type: 'act', id: 'c', owner: member, act: 'everything' } as const;
  const claimed = () => first.apply([{ ...claim, body: wish(member, [pool]) }], START)[0];
  t.match(claimed(), { code: 'BUDGET_BUSY' }, 'posted, and not known here');
  first.apply([decision], START);
  t.match(claimed(), { ok: true }, 'under the same id');
});

t.test('a dry run is told of a refusal for now, too', async (t) => {
  const { world, memberOf, random, home } = shardsWith(2, 1_000);
  const owner = memberOf(1 - home);
  world.claim(owner, 1);
  world.calm(random);
  const [here, there] = [1 - home, home].map((shard) => new Trials(world.shards[shard]!.ledger));
  const legs = [{ from: POOL, to: owner, amount: 900 }];
  const body = { wish: JSON.stringify({ legs, records: [], counters: [] }) };
  const command = { type: 'act', id: 'dry', owner, act: 'everything', body } as const;
  const claim = packCommand(command, 'dry').slice();
  const [prepare] = here!.dryRun(claim).said;
  const decision = there!.dryRun(prepare!.bytes).said.find(({ isDecision }) => isDecision);
  // Later, it would be another attempt.
  world.time += 5;
  world.claim(owner, 1);
  const { effects } = here!.dryRun(Buffer.concat([claim, decision!.bytes]));
  const reader = new EffectReader(effects);
  const refusals: number[] = [];
  for (let at = 0; at < effects.length; at += reader.recordLength(at))
    refusals.push(reader.refusalNumber(at));
  t.same(refusals, [0, REFUSALS.BUDGET_BUSY.number]);
});

type Any = ReturnType<typeof JSON.parse>;

const actOf = (name: string) => ({ prototype: POOL_ACTS.get(name)! });
const isPlan = (decided: Any): decided is Plan => 'legs' in decided;

/** A plan that is changed. */
const planned =
  (change: (plan: Any) => object): Defect['wrong'] =>
  (right, given) => {
    const decided = right(...given);
    return isPlan(decided) ? { ...decided, ...change(decided) } : decided;
  };
const notOut = (one: Any) => ({ ...one, value: { ...one.value, isOut: false } });

const DEFECTS: readonly Defect[] = [
  {
    what: 'a pool forgets what it has lent',
    of: actOf(LEND),
    method: 'decide',
    wrong: planned(({ records }) => ({ records: records.map(notOut) })),
  },
  {
    what: 'it is given back although some of it is reserved',
    of: actOf(GIVE_BACK),
    method: 'decide',
    wrong: (right, [see, body, at]) => {
      const account = (asset: string) => ({ ...see.account(asset), held: 0 });
      return right({ account, record: (...of: Any[]) => see.record(...of) }, body, at);
    },
  },
  {
    what: 'a pool does not hear of what it is given back',
    of: actOf(GIVE_BACK),
    method: 'decide',
    wrong: planned(() => ({ puts: [] })),
  },
  {
    what: 'what is reserved of a pool is not counted on',
    of: Transits,
    method: 'reservedBy',
    wrong: () => 0,
  },
  {
    what: 'a loan that is not decided is given back',
    of: Transits,
    method: 'isBusy',
    wrong: () => false,
  },
  {
    what: 'a refusal for now does not say which attempt it is of',
    of: LegsPart,
    method: 'answer',
    wrong: (right, [owner, id, refusal]) => right(owner, id, refusal, undefined),
  },
];

findEach(DEFECTS, [anyPool]);
