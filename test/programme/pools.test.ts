// Pools that are spread: by property under loss, repetition, kills (pool-worlds.ts), and by hand; defects planted in what keeps them exact, each of
// which this must find.

import t from 'tap';
import type { MemoryLedger } from '../../engine/ledger/memory.js';
import { OwnerReads } from '../../engine/ledger/owner-reads.js';
import {
  EXHAUSTED_ASKERS,
  EXHAUSTED_ASKING_MS,
  EXHAUSTED_MS,
  EXHAUSTED_POOLS_MAX,
} from '../../engine/limits.js';
import type { Plan } from '../../engine/programme/act.js';
import { GIVE_BACK, LEND, POOL_ACTS } from '../../engine/programme/allotments.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { EffectReader } from '../../engine/protocol/effects.js';
import { ownerHash, slotOf } from '../../engine/protocol/hash.js';
import { REFUSALS } from '../../engine/protocol/refusals.js';
import { Trials } from '../../engine/shard/trials.js';
import { ExhaustedPools, ToldShards } from '../../engine/transfer/exhausted.js';
import { ForeignCheck } from '../../engine/transfer/foreign.js';
import { LegsPart } from '../../engine/transfer/legs-part.js';
import { LegLots } from '../../engine/transfer/lots.js';
import { Transits } from '../../engine/transfer/open/transits.js';
import { campaign } from '../campaign.js';
import { MemoryShards } from '../ledger/memory-shards.js';
import { type Defect, findEach } from '../planted.js';
import { Random } from '../random.js';
import { START, saidBy } from './act-worlds.js';
import { ACTS, ASSET } from './everything.js';
import { anyPool, OTHER, POOL, PoolWorld } from './pool-worlds.js';

t.test(
  'nothing is refused for good while the pool has enough anywhere, and no point is lost',
  async (t) => {
    const cases = campaign({ name: 'pools', long: 20_000, sample: 35 });
    let [spread, without] = [0, 0];
    await cases.run(async (seed) => {
      const { wasSpread, dropped } = anyPool(seed);
      if (wasSpread) spread++;
      if (dropped > 0) without++;
    });
    t.ok(without > cases.count / 3, `${without} had acts that did without a pool`);
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

t.test('what an act can do without: what was told of its pool counts for a while', async (t) => {
  const told = () => {
    const made = shardsWith(3, 1_000);
    const { world, random } = made;
    const away = [0, 1, 2].find(
      (shard) => ![POOL, OTHER].map((one) => world.shardOf(one)).includes(shard),
    )!;
    const member = made.memberOf(away);
    const asked = (other: number) => {
      const claim = world.bonus(member, 1, other);
      world.calm(random);
      const first = claim.end;
      world.ask(claim);
      world.calm(random);
      world.ask(claim);
      return { claim, first };
    };
    const { claim, first } = asked(5);
    t.same(
      [first, claim.end, world.dropped],
      ['open', 'posted', 1],
      'refused for now, then without',
    );
    return { ...made, member, asked };
  };
  {
    const { world, asked, random } = told();
    world.fund(5, OTHER);
    t.equal(asked(5).claim.end, 'posted');
    t.same([world.dropped, world.left(OTHER)], [2, 5], 'funded elsewhere: not known yet');
    t.equal(asked(4).claim.end, 'posted');
    t.same([world.dropped, world.left(OTHER)], [2, 1], 'less was never said to be too much');
    world.fund(4, OTHER);
    world.time += EXHAUSTED_MS;
    t.equal(asked(5).claim.end, 'posted');
    t.same([world.dropped, world.left(OTHER)], [2, 0], 'asked of it again');
    world.check(random);
  }
  {
    const { world, asked, member, random } = told();
    world.give(member, OTHER, 1);
    world.fund(4, OTHER);
    world.calm(random);
    t.equal(asked(5).claim.end, 'posted');
    t.same([world.dropped, world.left(OTHER)], [1, 0], 'points went there from here');
    world.check(random);
  }
  {
    const { world, asked, member, random } = told();
    world.fund(10, OTHER);
    world.claim(member, 5, undefined, OTHER);
    world.calm(random);
    t.equal(asked(5).claim.end, 'posted');
    t.same([world.dropped, world.left(OTHER)], [1, 0], 'it has paid as much');
    world.check(random);
  }
  {
    const { world, asked, random } = told();
    world.fund(3, OTHER);
    const { claim } = asked(3);
    t.equal(world.left(OTHER), 0);
    world.fund(2, OTHER);
    world.undo(claim, 3, 2);
    world.calm(random);
    t.equal(world.left(OTHER), 5);
    t.equal(asked(5).claim.end, 'posted');
    t.same([world.dropped, world.left(OTHER)], [1, 0], 'points were given back from here');
    // Undone is what was paid, and asked for again it is what it was.
    world.ask(claim);
    t.equal(claim.end, 'posted');
    world.check(random);
  }
});

/** P6: who was told that a pool is exhausted hears at once that it has got points: funded, or given back. Throws. */
function supplyIsTold(): void {
  for (const count of [2, 3]) {
    const { world, memberOf, random } = shardsWith(count, 1_000);
    const home = world.shardOf(OTHER);
    const away = Array.from({ length: count }, (_, shard) => shard).filter((one) => one !== home);
    const asked = (member: string, amount: number) => {
      const claim = world.bonus(member, 1, amount);
      for (let n = 0; n < 3; n++) {
        world.calm(random);
        world.ask(claim);
      }
      return claim;
    };
    const expect = (dropped: number, left: number, what: string): void => {
      const [was, had] = [world.dropped, world.left(OTHER)];
      if (was !== dropped || had !== left)
        throw new Error(`P6: ${what}: ${was} left out, ${had} left`);
    };
    // Each shard is told that there is none.
    for (const shard of away) asked(memberOf(shard), 5);
    expect(away.length, 0, 'nothing there');
    world.fund(5 * away.length, OTHER);
    world.calm(random);
    const got = away.map((shard) => asked(memberOf(shard), 5));
    expect(away.length, 0, 'funded');
    asked(memberOf(away[0]!), 5);
    expect(away.length + 1, 0, 'nothing again');
    // Given back by one who lives on the pool's own shard, or on another one.
    world.undo(got.at(-1)!, 5, 2);
    world.calm(random);
    asked(memberOf(away[0]!), 5);
    expect(away.length + 1, 0, 'given back');
    world.check(random);
  }
}

t.test('P6: a pool that has got points says so', async () => supplyIsTold());

t.test('P6: it is let in from the shard of the pool alone', (t) => {
  const { world, home } = shardsWith(3, 1);
  const [here = 0, other = 0] = [0, 1, 2].filter((shard) => shard !== home);
  const check = new ForeignCheck(world.shards[here]!.state.places);
  const said = (owner: string, asset: string) =>
    packCommand({ type: 'supplied', owner, asset }, undefined).slice();
  const right = said(POOL, ASSET);
  t.ok(check.isSound(home, right, 1));
  const longer = right.slice();
  longer[0]!++;
  for (const [what, from, bytes] of [
    ['another shard', other, right],
    ['a member', home, said('u1', ASSET)],
    ['a system owner', home, said('@issue', ASSET)],
    ['no owner at all', home, said('#', ASSET)],
    ['no asset', home, said(POOL, 'A B')],
    ['cut short', home, right.slice(0, -1)],
    ['a place more', home, Buffer.concat([longer, Uint8Array.of(0xc0)])],
  ] as const)
    t.notOk(check.isSound(from, bytes, 1), what);
  t.end();
});

t.test('P6: what is told of it is told once, to whom it concerns, and while it matters', (t) => {
  const told = new ToldShards();
  const supplied = (pool: string, time: number) =>
    told.supplied(pool, 'gold', time).map(({ to }) => to);
  t.same(supplied(POOL, 0), [], 'nobody was told anything');
  told.note(POOL, 'gold', 1, 0);
  told.note(POOL, 'gold', 2, 0);
  told.note(POOL, 'gold', 1, 5);
  t.same(supplied(OTHER, 6), []);
  t.same(told.supplied(POOL, 'tin', 6), [], 'of another asset');
  t.same(supplied(POOL, 6), [1, 2]);
  t.same(supplied(POOL, 6), [], 'once');
  t.ok(told.isEmpty);
  told.note(POOL, 'gold', 1, 0);
  t.same(supplied(POOL, 60_000), [], 'it is not believed any more');
  for (let n = 0; n <= EXHAUSTED_POOLS_MAX; n++) told.note(`#item:${n}`, 'gold', 1, 0);
  t.same(supplied('#item:0', 0), [], 'of so many pools it is not kept');
  t.same(supplied(`#item:${EXHAUSTED_POOLS_MAX}`, 0), [1]);
  t.end();
});

/** Of what a pool has not all of, less is paid: all that it has left, to the last point, wherever it is. Throws. */
function restIsPaid(): void {
  const { world, memberOf, random } = shardsWith(3, 1_000);
  world.fund(9, OTHER);
  const shard = [0, 1, 2].find((one) => one !== world.shardOf(OTHER))!;
  for (const [member, asked, is, left] of [
    [memberOf(world.shardOf(OTHER)), 2, 3, 7],
    [memberOf(shard), 4, 5, 3],
    [memberOf(shard), 5, 4, 0],
    [memberOf(shard), 1, 1, 0],
    [memberOf(world.shardOf(OTHER)), 3, 1, 0],
  ] as const) {
    const before = world.have(member);
    const claim = world.rest(member, asked);
    // Refused for now, with what is left, and decided anew by that.
    for (let n = 0; n < 3; n++) {
      world.calm(random);
      world.ask(claim);
    }
    const got = `${world.have(member) - before} of ${asked}, ${world.left(OTHER)} left`;
    if (got !== `${is} of ${asked}, ${left} left`) throw new Error(`${got}; should be ${is}`);
  }
  world.check(random);
}

t.test('less is paid of what a pool has not all of', async () => restIsPaid());

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
    what: 'what an act can do without costs the rest of it',
    of: LegsPart,
    method: 'begin',
    wrong: (right, given, self) => {
      const part = right(...given);
      const { decided } = self.chain;
      if (decided !== undefined) self.chain.decided = { ...decided, optional: undefined };
      return part;
    },
  },
  {
    what: 'a pool is taken for exhausted although it can pay',
    of: OwnerReads,
    method: 'isExhausted',
    wrong: () => true,
  },
  {
    what: 'what a shard was told of a pool counts for ever',
    of: ExhaustedPools,
    method: 'has',
    wrong: (right, [pool, asset, amount]) => right(pool, asset, amount, 0),
  },
  {
    what: 'whatever a pool cannot pay, it is empty',
    of: ExhaustedPools,
    method: 'has',
    wrong: (right, [pool, asset, , time]) => right(pool, asset, Number.POSITIVE_INFINITY, time),
  },
  {
    what: 'a shard does not remember what it was told of a pool',
    of: ExhaustedPools,
    method: 'note',
    wrong: () => undefined,
  },
  {
    what: 'nobody is told that a pool has got points',
    of: ToldShards,
    method: 'supplied',
    wrong: () => [],
  },
  {
    what: 'of those who were told that a pool is exhausted, the last one alone is remembered',
    of: ToldShards,
    method: 'supplied',
    wrong: (right, given) => right(...given).slice(-1),
  },
  {
    what: 'that a pool has got points is said, and not heard',
    of: ExhaustedPools,
    method: 'forget',
    wrong: () => undefined,
  },
  {
    what: 'which leg is short gets lost on its way',
    of: LegLots,
    method: 'short',
    wrong: (right, [[leg, left]]) => right([leg === 0 ? 2 : 0, left]),
  },
  {
    what: 'how much is left gets lost on its way',
    of: LegLots,
    method: 'short',
    wrong: (right, [[leg]]) => right([leg, 0]),
  },
  {
    what: 'what is left of a pool is told as a point more',
    of: OwnerReads,
    method: 'left',
    wrong: (right, given) => right(...given) + 1,
  },
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

findEach(DEFECTS, [restIsPaid, supplyIsTold, anyPool], {
  'what a shard was told of a pool counts for ever': 167,
  'it is given back although some of it is reserved': 114,
  'a loan that is not decided is given back': 88,
  'a refusal for now does not say which attempt it is of': 88,
  'whatever a pool cannot pay, it is empty': 20,
});

t.test(
  'P5: while a pool stays exhausted few ask anew, and everybody once it is not known any more',
  (t) => {
    const MEMBERS = 64 * EXHAUSTED_ASKERS;
    const pools = new ExhaustedPools();
    const asking = (time: number, amount = 1): number => {
      let count = 0;
      for (let n = 0; n < MEMBERS; n++)
        if (!pools.has(POOL, 'gold', amount, time, ownerHash(`m${n}`))) count++;
      return count;
    };
    t.equal(asking(0), MEMBERS, 'nothing was told');
    pools.note(POOL, 'gold', 2, 1, 0);
    t.equal(asking(0, 1), MEMBERS, 'less was never said to be too much');
    const few = EXHAUSTED_MS - EXHAUSTED_ASKING_MS;
    for (const [time, from, to] of [
      [0, 0, 0],
      [few - 1, 0, 0],
      [few, 1, MEMBERS / 16],
      [EXHAUSTED_MS - 1, 1, MEMBERS / 16],
      [EXHAUSTED_MS, MEMBERS, MEMBERS],
    ] as const) {
      const count = asking(time, 2);
      t.ok(count >= from && count <= to, `${count} ask at ${time}`);
    }
    pools.note(POOL, 'gold', 3, 0, few);
    t.equal(asking(EXHAUSTED_MS - 1, 2), 0, 'told again');
    t.equal(pools.left(POOL, 'gold', EXHAUSTED_MS - 1), 0);
    pools.paid(POOL, 'gold', 2, few);
    t.equal(asking(few, 2), MEMBERS, 'it has paid so much');
    t.end();
  },
);
