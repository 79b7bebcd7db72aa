// Exchanges that wait for a reserve: what is held and when it ends, once; the order of rules; sums over drawn lives; all of it replayed.

import t, { type Test } from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import type { Command } from '../../engine/protocol/commands.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { CoalitionWorld, SIDES } from './coalition-world.js';
import { DAY_MS } from './earning-world.js';

const FEE = 2;
const POOL = [
  ['exchanging', 'alpha', { ...SIDES.alpha, feeLeast: FEE, mostDay: 50_000 }],
  ['exchanging', 'beta', { ...SIDES.beta, reserve: 'pool', pendingSeconds: 3_600 }],
] as const;
const PENDING_MS = 3_600_000;

function expectReplayed(t: Test, { ledger }: CoalitionWorld): void {
  const twin = MemoryLedger.replay(ledger.blocks);
  t.equal(String(canonicalState(twin.state)), String(canonicalState(ledger.state)));
}

const books = (world: CoalitionWorld) => [
  ...[world.has('ann'), world.held('ann'), world.has('ann', 'beta')],
  ...[world.has('@clearing:a'), world.has('@fee'), world.has('#reserve:b', 'beta')],
];

t.test('it waits with its points held, and is carried out once', async (t) => {
  const world = new CoalitionWorld(POOL);
  world.give('ann', 1_000);
  t.equal(world.submit({ amount: 602 }, 'ann', 'one'), 'exchangePending');
  t.same(books(world), [398, 602, 0, 0, 0, 0]);
  t.equal(world.endsIt('complete', 'one'), 'RESERVE_SHORT');
  const code = (type: string) => {
    const outcome = world.do({
      type,
      id: `c-${type}`,
      owner: 'ann',
      holdId: 'one',
      to: 'bob',
    } as never);
    return outcome.ok ? 'ok' : outcome.code;
  };
  t.equal(code('capture'), 'HOLD_KEPT');
  t.equal(code('release'), 'HOLD_KEPT');
  t.equal(world.undoes('one'), 'NOT_REVERSIBLE');
  t.equal(world.goesBack('one'), 'EXCHANGE_NOT_FOUND');
  world.give('#reserve:b', 60_000, 'beta');
  // The rate of when it was submitted.
  world.define('exchange-rate', 'alpha.beta', { coalition: 'main', rate: '0.1' });
  t.equal(world.endsIt('complete', 'one'), 'exchangeCompleted');
  t.same(books(world), [398, 0, 50_000, 600, 2, 10_000]);
  for (const how of ['complete', 'withdraw', 'expire'] as const)
    t.equal(world.endsIt(how, 'one'), 'EXCHANGE_NOT_PENDING');
  t.equal(world.endsIt('withdraw', 'none'), 'EXCHANGE_NOT_FOUND');
  t.equal(world.goesBack('one', 25_000), '25000 beta back for 301 alpha');
  t.equal(world.goesBack('one'), '25000 beta back for 301 alpha');
  t.same(books(world), [1_000, 0, 0, 0, 0, 60_000]);
  // At once, where there are points; given back likewise.
  t.equal(world.submit({ amount: 102 }, 'ann', 'two'), '102 alpha - 2 = 1000 beta');
  t.equal(world.endsIt('withdraw', 'two'), 'EXCHANGE_NOT_PENDING');
  t.equal(world.goesBack('two'), '1000 beta back for 102 alpha');
  t.same(books(world), [1_000, 0, 0, 0, 0, 60_000]);
  expectReplayed(t, world);
});

t.test('withdrawn or expired, all is as before; never both', async (t) => {
  const world = new CoalitionWorld(POOL);
  world.give('ann', 1_000);
  for (const id of ['one', 'two'])
    t.equal(world.submit({ amount: 400 }, 'ann', id), 'exchangePending');
  t.equal(world.endsIt('withdraw', 'one'), 'exchangeWithdrawn');
  t.equal(world.endsIt('withdraw', 'one'), 'EXCHANGE_NOT_PENDING');
  t.same(books(world), [600, 400, 0, 0, 0, 0]);
  t.equal(world.endsIt('expire', 'two'), 'EXCHANGE_NOT_PENDING', 'too soon');
  world.give('#reserve:b', 90_000, 'beta');
  world.time += PENDING_MS;
  t.equal(world.endsIt('complete', 'two'), 'EXCHANGE_NOT_PENDING', 'too late');
  t.equal(world.endsIt('expire', 'two'), 'exchangeExpired');
  t.equal(world.endsIt('expire', 'two'), 'EXCHANGE_NOT_PENDING');
  t.same(books(world), [1_000, 0, 0, 0, 0, 90_000]);
  // What was not exchanged counts for no limit: 50,000 a day.
  world.give('ann', 60_000);
  t.equal(world.submit({ amount: 50_000 }, 'ann', 'all'), 'exchangePending');
  t.equal(world.submit({ amount: 1_000 }), 'EXCHANGE_LIMIT');
  t.equal(world.exchange({ amount: 1_000 }), 'EXCHANGE_LIMIT');
  t.equal(world.endsIt('withdraw', 'all'), 'exchangeWithdrawn');
  t.equal(world.exchange({ amount: 102 }), '102 alpha - 2 = 8333 beta');
  expectReplayed(t, world);
});

t.test('each rule refuses at once, and again where it does not hold later', async (t) => {
  const world = new CoalitionWorld([
    ['exchanging', 'alpha', { ...SIDES.alpha, mostEach: 500 }],
    ['exchanging', 'beta', { ...SIDES.beta, reserve: 'pool', members: 'known' }],
  ]);
  world.give('ann', 450);
  t.equal(world.submit({ to: 'none', amount: 10 }), 'EXCHANGE_UNSUPPORTED');
  t.equal(world.submit({ amount: 501 }), 'EXCHANGE_LIMIT');
  t.equal(world.submit({ amount: 500 }), 'MEMBER_UNKNOWN');
  t.equal(world.joins('b', 'u1'), 'platformJoined');
  t.equal(world.submit({ amount: 120, expected: 1 }), 'EXCHANGE_DIFFERS');
  t.equal(world.submit({ amount: 500 }), 'POINTS_SHORT');
  t.equal(world.submit({ amount: 120, receiver: 'bob' }), 'MEMBER_UNKNOWN');
  t.equal(world.joins('b', 'u2', 'bob'), 'platformJoined');
  t.equal(world.submit({ amount: 120, receiver: 'bob' }, 'ann', 'gift'), 'exchangePending');
  t.equal(world.submit({ amount: 120 }, 'ann', 'own'), 'exchangePending');
  world.give('#reserve:b', 90_000, 'beta');
  t.equal(world.joins('b', 'u2', 'bob', 'leave'), 'platformLeft');
  t.equal(world.endsIt('complete', 'gift'), 'MEMBER_UNKNOWN');
  t.equal(world.endsIt('complete', 'own'), 'exchangeCompleted');
  t.equal(world.joins('b', 'u2', 'bob'), 'platformJoined');
  t.equal(world.endsIt('complete', 'gift'), 'exchangeCompleted');
  t.same([world.has('ann', 'beta'), world.has('bob', 'beta')], [10_000, 10_000]);
  // By the ledger alone: a caller cannot ask for it (gateway), nor end the hold of somebody else.
  t.equal(world.submit({ amount: 100 }, 'bob', 'gift'), 'POINTS_SHORT');
  expectReplayed(t, world);
});

const lives = campaign({ name: 'lives of exchanges that wait', long: 400, sample: 6 });

t.test(
  'whatever is asked in whichever order, each ends once and the books are exact',
  async (t) => {
    await lives.run(async (seed) => {
      const random = new Random(seed);
      const world = new CoalitionWorld(POOL);
      const owners = ['ann', 'bob', 'cat'];
      const START = 20_000;
      for (const owner of owners) world.give(owner, START);
      interface One {
        readonly owner: string;
        readonly id: string;
        readonly amount: number;
        readonly result: number;
        readonly until: number;
        state: string;
        back: boolean;
      }
      const all: One[] = [];
      let funded = 0;
      let n = 0;
      const reserve = (): number =>
        funded -
        all.reduce(
          (sum, { state, back, result }) => sum + (state === 'completed' && !back ? result : 0),
          0,
        );
      for (let step = 0; step < 80; step++) {
        const one = random.pick(all.length === 0 ? [undefined] : all);
        const what = random.int(10);
        if (what < 3 || one === undefined) {
          const owner = random.pick(owners);
          const amount = 3 + random.int(2_000);
          const id = `s-${++n}`;
          const left = world.has(owner);
          const result = Number(((BigInt(amount) - BigInt(FEE)) * 1_000n) / 12n);
          const isShort = reserve() < result;
          const said = world.submit({ amount }, owner, id);
          if (left < amount) {
            t.equal(said, 'POINTS_SHORT');
            continue;
          }
          t.equal(said, isShort ? 'exchangePending' : `${amount} alpha - ${FEE} = ${result} beta`);
          const state = isShort ? 'pending' : 'completed';
          all.push({
            owner,
            id,
            amount,
            result,
            until: world.time + PENDING_MS,
            state,
            back: false,
          });
          // A repeat is the same one.
          if (random.chance(0.3)) world.submit({ amount }, owner, id);
        } else if (what < 5) {
          const amount = 1 + random.int(60_000);
          world.give('#reserve:b', amount, 'beta');
          funded += amount;
        } else if (what === 5) world.time += random.int(PENDING_MS / 2);
        else if (what === 6) {
          const said = world.goesBack(one.id, undefined, one.owner);
          if (one.state !== 'completed') t.equal(said, 'EXCHANGE_NOT_FOUND');
          else if (one.back) t.equal(said, 'EXCHANGE_PART_INVALID');
          else if (said !== 'POINTS_SHORT') {
            t.equal(said, `${one.result} beta back for ${one.amount} alpha`);
            one.back = true;
          }
        } else {
          const how = random.pick(['complete', 'withdraw', 'expire'] as const);
          const said = world.endsIt(how, one.id, one.owner);
          const isOver = world.time >= one.until;
          const isWrong =
            one.state !== 'pending' || (how === 'complete' ? isOver : how === 'expire' && !isOver);
          if (isWrong) t.equal(said, 'EXCHANGE_NOT_PENDING');
          else if (how === 'complete' && reserve() < one.result) t.equal(said, 'RESERVE_SHORT');
          else {
            const state = { complete: 'completed', withdraw: 'withdrawn', expire: 'expired' }[how];
            t.equal(said, `exchange${state[0]?.toUpperCase()}${state.slice(1)}`);
            one.state = state;
          }
        }
        let [given, fees, got] = [0, 0, 0];
        for (const owner of owners) {
          const own = all.filter((of) => of.owner === owner && !of.back);
          const sum = (state: string, field: 'amount' | 'result') =>
            own.reduce((total, of) => total + (of.state === state ? of[field] : 0), 0);
          t.equal(world.held(owner), sum('pending', 'amount'));
          t.equal(world.has(owner), START - sum('completed', 'amount') - sum('pending', 'amount'));
          t.equal(world.has(owner, 'beta'), sum('completed', 'result'));
          given += sum('completed', 'amount');
          got += sum('completed', 'result');
          fees += own.filter(({ state }) => state === 'completed').length * FEE;
        }
        t.equal(world.has('@clearing:a'), given - fees);
        t.equal(world.has('@fee'), fees);
        t.equal(world.has('@clearing:a', 'beta'), -got);
        t.equal(world.has('@clearing:b', 'beta'), got);
        t.equal(world.has('#reserve:b', 'beta'), funded - got);
      }
      expectReplayed(t, world);
    });
  },
);

t.test('a platform names it as it has named it, and nobody another one’s', async (t) => {
  const world = new CoalitionWorld(POOL);
  world.give('ann', 1_000);
  const as = (act: string, id: string, body: object) => {
    const said = { type: 'act', id, owner: 'ann', act, body };
    const outcome = world.do(said as unknown as Command);
    return outcome.ok ? outcome.act?.effects[0]?.['type'] : outcome.code;
  };
  const said = { from: 'alpha', to: 'beta', amount: 102 };
  t.equal(as('exchange-submit', 'a,one', said), 'exchangePending');
  t.equal(as('exchange-submit', 'b,one', said), 'exchangePending');
  t.equal(as('exchange-withdraw', 'a,w', { submission: 'one' }), 'exchangeWithdrawn');
  t.equal(as('exchange-withdraw', 'a,w2', { submission: 'one' }), 'EXCHANGE_NOT_PENDING');
  world.give('#reserve:b', 9_000, 'beta');
  t.equal(as('exchange-complete', 'engine', { submission: 'b,one' }), 'exchangeCompleted');
  t.equal(as('exchange-return', 'a,r', { exchange: 'one' }), 'EXCHANGE_NOT_FOUND');
  t.equal(as('exchange-return', 'b,r', { exchange: 'one' }), 'exchangeReturned');
  world.time += 200 * DAY_MS;
  t.equal(as('exchange-return', 'b,r2', { exchange: 'one' }), 'EXCHANGE_NOT_FOUND', 'forgotten');
  expectReplayed(t, world);
});
