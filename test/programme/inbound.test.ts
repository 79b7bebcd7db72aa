// Operations that partners ask for, in memory: every answer in its order, the books, each id decided once, all of it replayed.

import t, { type Test } from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { inboundOperationIn } from '../../engine/programme/outside/inbound.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { CoalitionWorld, SIDES } from './coalition-world.js';
import { DAY_MS } from './earning-world.js';

function expectReplayed(t: Test, { ledger }: CoalitionWorld): void {
  const twin = MemoryLedger.replay(ledger.blocks);
  t.equal(String(canonicalState(twin.state)), String(canonicalState(ledger.state)));
}

interface Asked {
  readonly operation: string;
  readonly owner?: string;
  readonly amount?: number;
  readonly asset?: string;
  readonly partner?: string;
}

class InboundWorld extends CoalitionWorld {
  #asked = 0;

  #ask(act: string, { owner = 'ann', ...said }: Asked, more: object = {}): string {
    const body = { partner: 'p', asset: 'alpha', amount: 100, ...said, ...more };
    const outcome = this.act(act, body, owner, `o${++this.#asked}`);
    if (!outcome.ok) return outcome.code;
    const kept = inboundOperationIn(outcome.act?.effects.at(-1) as never);
    return kept === undefined
      ? 'nothing'
      : `${kept.state}${kept.code === null ? '' : ` ${kept.code}`}`;
  }

  /** The id of what was asked for last. */
  get last(): string {
    return `o${this.#asked}`;
  }

  add = (asked: Asked): string => this.#ask('partner-add', asked);
  deduct = (asked: Asked): string => this.#ask('partner-deduct', asked);
  back = (asked: Asked, act?: string, kind = 'add', isSpent?: true): string =>
    this.#ask('partner-rollback', asked, {
      kind,
      ...(act && { act }),
      ...(isSpent && { isSpent }),
    });

  get books(): readonly number[] {
    const owners = [
      'ann',
      '@clearing:p',
      '@clearing:p.added',
      '@clearing:p.deducted',
      '#reserve:a',
    ];
    return owners.map((owner) => this.has(owner));
  }
}

t.test('added, deducted, rolled back: once each, and who owes it', async (t) => {
  const world = new InboundWorld();
  t.equal(world.add({ operation: 'one' }), 'completed');
  const one = world.last;
  t.same(world.books, [100, -100, 100, 0, 0]);
  t.equal(world.add({ operation: 'one' }), 'CHANGED_MEANWHILE');
  t.equal(world.add({ operation: 'one', owner: 'bob' }), 'CHANGED_MEANWHILE');
  t.equal(world.deduct({ operation: 'one' }), 'CHANGED_MEANWHILE');
  t.equal(world.back({ operation: 'one' }), 'CHANGED_MEANWHILE', 'it is known');
  t.equal(world.add({ operation: 'one', partner: 'q' }), 'completed', 'of another partner');
  t.equal(world.back({ operation: 'one' }, world.last), 'CHANGED_MEANWHILE', 'another one’s');
  t.equal(world.deduct({ operation: 'two', amount: 150 }), 'completed');
  const two = world.last;
  t.same(world.books, [50, 50, 100, 150, 0]);
  t.equal(world.undoes(two), 'NOT_REVERSIBLE');
  t.equal(world.deduct({ operation: 'three', amount: 51 }), 'refused POINTS_SHORT');
  const three = world.last;
  world.give('ann', 1);
  t.equal(world.deduct({ operation: 'three', amount: 51 }), 'CHANGED_MEANWHILE');
  t.equal(world.back({ operation: 'three', amount: 51 }, three, 'deduct'), 'CHANGED_MEANWHILE');
  // Spent: it cannot be taken back, and then stands, whatever comes.
  t.equal(world.back({ operation: 'one' }, one), 'POINTS_SHORT');
  t.equal(world.back({ operation: 'one' }, one, 'add', true), 'completed POINTS_SHORT');
  world.give('ann', 500);
  t.equal(world.back({ operation: 'one' }, one), 'CHANGED_MEANWHILE');
  t.equal(world.back({ operation: 'two', amount: 150 }, two, 'deduct'), 'rolled_back');
  t.equal(world.back({ operation: 'two', amount: 150 }, two, 'deduct'), 'CHANGED_MEANWHILE');
  t.same(world.books, [701, -100, 100, 0, 0]);
  // Never seen: void, for ever.
  t.equal(world.back({ operation: 'four' }), 'void');
  t.equal(world.add({ operation: 'four' }), 'CHANGED_MEANWHILE');
  t.equal(world.add({ operation: 'four', owner: 'bob' }), 'CHANGED_MEANWHILE');
  expectReplayed(t, world);
});

t.test('rolled back after the member was merged: with who has the points now', async (t) => {
  const world = new InboundWorld([
    ['exchanging', 'alpha', { ...SIDES.alpha, reserve: 'pool' }],
    ['exchanging', 'beta', SIDES.beta],
  ]);
  world.give('#reserve:a', 150);
  t.equal(world.add({ operation: 'one' }), 'completed');
  const one = world.last;
  t.equal(world.add({ operation: 'gone', amount: 50 }), 'completed');
  const gone = world.last;
  t.equal(world.deduct({ operation: 'two', amount: 30 }), 'completed');
  const two = world.last;
  t.same(world.books, [120, -120, 150, 30, 0]);
  const merged = world.act('merge', { into: 'bob', reason: 'one' }, 'ann', 'm');
  t.equal(merged.ok, true);
  t.equal(world.back({ operation: 'two', amount: 30 }, two, 'deduct'), 'rolled_back');
  t.equal(world.back({ operation: 'two', amount: 30 }, two, 'deduct'), 'CHANGED_MEANWHILE');
  t.same([...world.books, world.has('bob')], [0, -150, 150, 0, 0, 150]);
  t.equal(world.back({ operation: 'one' }, one), 'rolled_back');
  t.equal(world.back({ operation: 'one' }, one, 'add', true), 'CHANGED_MEANWHILE');
  t.same([...world.books, world.has('bob')], [0, -50, 50, 0, 100, 50]);
  t.equal(world.deduct({ operation: 'all', owner: 'bob', amount: 50 }), 'completed');
  t.equal(world.back({ operation: 'gone', amount: 50 }, gone), 'POINTS_SHORT');
  t.equal(
    world.back({ operation: 'gone', amount: 50 }, gone, 'add', true),
    'completed POINTS_SHORT',
  );
  t.equal(world.add({ operation: 'old' }), 'refused MEMBER_MERGED');
  t.equal(world.deduct({ operation: 'old-2' }), 'refused MEMBER_MERGED');
  t.equal(world.back({ operation: 'never' }), 'void');
  expectReplayed(t, world);
});

t.test('what is refused for good, and for now', async (t) => {
  const world = new InboundWorld([
    ['exchanging', 'alpha', { ...SIDES.alpha, mostEach: 300, mostDay: 400, members: 'known' }],
    ['exchanging', 'beta', { ...SIDES.beta, reserve: 'pool', expiresDays: 2 }],
    ['exchanging', 'gamma', { ...SIDES.gamma, outside: true }],
  ]);
  t.equal(world.add({ operation: 'none', asset: 'none' }), 'refused EXCHANGE_UNSUPPORTED');
  t.equal(world.add({ operation: 'own', asset: 'gamma' }), 'refused EXCHANGE_UNSUPPORTED');
  t.equal(world.add({ operation: 'strange' }), 'refused MEMBER_UNKNOWN');
  t.equal(world.joins('p', 'u1'), 'platformJoined');
  t.equal(world.add({ operation: 'strange' }), 'CHANGED_MEANWHILE', 'for ever');
  t.equal(world.add({ operation: 'much', amount: 1_000 }), 'completed');
  t.equal(world.deduct({ operation: 'each', amount: 301 }), 'refused EXCHANGE_LIMIT');
  t.equal(world.deduct({ operation: 'day-1', amount: 300 }), 'completed');
  const day = world.last;
  t.equal(world.deduct({ operation: 'day-2', amount: 101 }), 'refused EXCHANGE_LIMIT');
  t.equal(world.back({ operation: 'day-1', amount: 300 }, day, 'deduct'), 'rolled_back');
  t.equal(world.deduct({ operation: 'day-3', amount: 101 }), 'completed', 'limits are given back');
  t.equal(world.add({ operation: 'pool-1', asset: 'beta' }), 'refused RESERVE_SHORT');
  world.give('#reserve:b', 150, 'beta');
  t.equal(world.add({ operation: 'pool-2', asset: 'beta' }), 'completed');
  const pooled = world.last;
  t.equal(world.has('#reserve:b', 'beta'), 50);
  t.equal(world.back({ operation: 'pool-2', asset: 'beta' }, pooled), 'rolled_back');
  t.equal(world.has('#reserve:b', 'beta'), 150);
  t.equal(world.add({ operation: 'pool-3', asset: 'beta' }), 'completed');
  const late = world.last;
  world.time += 4 * DAY_MS;
  t.equal(world.deduct({ operation: 'late', asset: 'beta', amount: 1 }), 'refused POINTS_SHORT');
  t.equal(world.has('ann', 'beta'), 0, 'expired as its asset says');
  t.equal(
    world.back({ operation: 'pool-3', asset: 'beta' }, late),
    'rolled_back',
    'what expired is taken back',
  );
  expectReplayed(t, world);
});

t.test('an account that is closed, or frozen, refuses for now', async (t) => {
  const world = new InboundWorld();
  let n = 0;
  const flag = (type: string) =>
    world.do({ type, id: `f${++n}`, owner: 'ann', asset: 'alpha' } as never);
  flag('open-account');
  flag('close-account');
  t.equal(world.add({ operation: 'one' }), 'ACCOUNT_CLOSED');
  flag('reopen-account');
  t.equal(world.add({ operation: 'one' }), 'completed');
  flag('freeze-account');
  t.equal(world.deduct({ operation: 'two' }), 'ACCOUNT_FROZEN');
  flag('unfreeze-account');
  t.equal(world.deduct({ operation: 'two' }), 'completed');
});

t.test(
  'whatever is asked, in whatever order: the books are the sum of what is completed',
  async (t) => {
    const plan = campaign({ name: 'operations of partners', long: 300, sample: 3 });
    await plan.run((seed) => lives(t, seed));
  },
);

function lives(t: Test, seed: number): void {
  const random = new Random(seed);
  const world = new InboundWorld();
  const kept = new Map<
    string,
    { state: string; sign: number; amount: number; owner: string; act: string }
  >();
  for (let n = 0; n < 150; n++) {
    const operation = `op-${random.int(40)}`;
    const owner = random.int(4) === 0 ? 'bob' : 'ann';
    const amount = 1 + random.int(200);
    const before = kept.get(operation);
    const what = random.int(3);
    if (what < 2) {
      const sign = what === 0 ? 1 : -1;
      const came =
        what === 0
          ? world.add({ operation, owner, amount })
          : world.deduct({ operation, owner, amount });
      if (before !== undefined) t.equal(came, 'CHANGED_MEANWHILE');
      else kept.set(operation, { state: came, sign, amount, owner, act: world.last });
      continue;
    }
    const { state, sign, act, ...named } = before ?? {
      state: 'none',
      sign: 1,
      act: undefined,
      owner,
      amount,
    };
    const asked = { operation, ...named };
    const kind = sign === 1 ? 'add' : 'deduct';
    if (state === 'none') {
      t.equal(world.back(asked), 'void');
      kept.set(operation, { state: 'void', sign, act: '', ...named });
      continue;
    }
    let came = world.back(asked, act, kind);
    if (came === 'POINTS_SHORT') came = world.back(asked, act, kind, true);
    if (state === 'completed')
      kept.set(operation, { state: came, sign, act: act as string, ...named });
    else t.equal(came, 'CHANGED_MEANWHILE');
  }
  const sum = (owner: string): number =>
    [...kept.values()]
      .filter((one) => one.owner === owner && one.state.startsWith('completed'))
      .reduce((all, one) => all + one.sign * one.amount, 0);
  for (const owner of ['ann', 'bob']) t.equal(world.has(owner), sum(owner));
  t.equal(world.has('@clearing:p'), -sum('ann') - sum('bob'));
  t.equal(
    world.has('@clearing:p.added') - world.has('@clearing:p.deducted'),
    sum('ann') + sum('bob'),
  );
  expectReplayed(t, world);
}
