// Marks of risk: what each stops, of whom, how they come and go; judged in the commit, on one shard and on several; replayed alike.

import t from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { OwnerReads } from '../../engine/ledger/owner-reads.js';
import { RISK_DEVICES_MAX, RISK_MARKS_MAX } from '../../engine/limits.js';
import { ACTS } from '../../engine/programme/index.js';
import {
  DEVICES,
  DEVICES_KEY,
  isNewDevice,
  knownDevices,
} from '../../engine/programme/risk/devices.js';
import { marksIn, marksInForce } from '../../engine/programme/risk/marks.js';
import type { Command } from '../../engine/protocol/commands.js';
import {
  EVERYTHING,
  Granted,
  type Grants,
  OPERATIONS,
  unpackGrants,
} from '../../engine/protocol/grants.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';
import {
  RISK_ACTIONS,
  RISK_KINDS,
  type RiskAction,
  type RiskKind,
} from '../../engine/protocol/risk.js';
import { MemoryShards } from '../ledger/memory-shards.js';
import { Random } from '../random.js';
import { ASSET, DAY_MS, HOUR_MS, NOON, SHOP } from './earning-world.js';
import { MallWorld, TEA } from './mall-world.js';

const code = (outcome: Outcome): string => (outcome.ok ? 'ok' : outcome.code);
const all = (more: Partial<Grants> = {}): Granted =>
  new Granted({ operations: new Set(OPERATIONS), ...more });

class Risks extends MallWorld {
  #ids = 0;
  constructor() {
    super({ tea: { ...TEA, payInMs: DAY_MS } }, [['gifting', SHOP, { mostPoints: 1_000_000 }]]);
    for (const who of ['ann', 'bob']) this.give(who, 100_000);
    this.give('#item:tea', 1_000);
  }

  /** As somebody with these grants. */
  by(more: Partial<Grants>, what: () => string): string {
    this.ledger.ledger.granted = all(more);
    const told = what();
    this.ledger.ledger.granted = EVERYTHING;
    return told;
  }

  mark(body: object, owner = 'ann', id = `k${++this.#ids}`): string {
    return code(
      this.act(
        'risk-mark',
        { mark: 'one', reason: 'BY_HAND', action: 'refuse', ...body },
        owner,
        id,
      ),
    );
  }

  lift(body: object = {}, owner = 'ann'): string {
    return code(this.act('risk-lift', { mark: 'one', reason: 'seen', ...body }, owner));
  }

  asks(type: string, more: object): string {
    return code(this.do({ type, id: `d${++this.#ids}`, ...more } as unknown as Command));
  }

  pay(to: string, amount: number, more: object = {}, from = 'ann'): string {
    return this.asks('transfer', { legs: [{ from, to, asset: ASSET, amount }], ...more });
  }

  hold(amount = 10, id = `h${++this.#ids}`): string {
    return this.asks('hold', { owner: 'ann', asset: ASSET, amount, id });
  }

  marks(owner = 'ann') {
    this.ledger.ledger.time = this.time;
    return marksInForce(marksIn(new OwnerReads(this.ledger.ledger, owner)), this.time);
  }

  /** What takes points of ann, one of each kind. */
  readonly taking: Readonly<Record<RiskKind, ((amount?: number) => string) | undefined>> = {
    redeem: (amount = 10) => this.pay('@redeem', amount),
    spend: (amount = 10) => this.pay('@fee', amount),
    transfer: (amount = 10) => this.pay('cat', amount),
    exchange: undefined,
    draw: undefined,
  };
}

const REFUSED: Readonly<Record<RiskAction, string>> = {
  mark: 'ok',
  'second-factor': 'SECOND_FACTOR_REQUIRED',
  review: 'RISK_REVIEW',
  refuse: 'RISK_REFUSED',
};
const PROOFS: readonly [more: Partial<Grants>, passes: readonly RiskAction[]][] = [
  [{}, ['mark']],
  [{ hasSecondFactor: true }, ['mark', 'second-factor']],
  [{ isReviewed: true }, ['mark', 'second-factor', 'review']],
  [{ isReviewed: true, hasSecondFactor: true }, ['mark', 'second-factor', 'review']],
];

t.test('every action stops what it says, whoever has proved what; and nothing else', async (t) => {
  for (const action of RISK_ACTIONS)
    for (const [proved, passes] of PROOFS) {
      const w = new Risks();
      w.mark({ action });
      const is = passes.includes(action) ? 'ok' : REFUSED[action];
      const name = `${action} ${JSON.stringify(proved)}`;
      for (const take of Object.values(w.taking))
        if (take !== undefined) t.equal(w.by(proved, take), is, name);
      t.equal(
        w.by(proved, () => w.hold()),
        is,
        `${name} hold`,
      );
      const order = w.by(proved, () => w.order({ goods: 'tea' }));
      t.equal(order, is === 'ok' ? '1 x 100 = 100 pending' : is, `${name} order`);
      t.equal(
        w.by(proved, () => code(w.act('gift', { programme: SHOP, to: 'cat', amount: 1 }))),
        is,
        `${name} gift`,
      );
      t.equal(w.pay('@redeem', 5, {}, 'bob'), 'ok', `${name}: bob is not marked`);
      t.equal(w.give('ann', 5), 'ok', `${name}: earning`);
      t.equal(w.pay('ann', 5, {}, 'bob'), 'ok', `${name}: paid by another one`);
    }
});

t.test('acts that take points say so', async (t) => {
  const takes = [...ACTS.values()].flatMap(({ name, takes }) =>
    takes ? [`${name} ${takes}`] : [],
  );
  t.same(takes.sort(), [
    'draw draw',
    'exchange exchange',
    'exchange-submit exchange',
    'gift transfer',
    'order redeem',
    'order-confirm redeem',
    'partner-deduct spend',
    'partner-exchange exchange',
  ]);
});

t.test('a mark is limited to kinds, an asset, more than an amount of one command', async (t) => {
  const w = new Risks();
  w.mark({ kinds: ['redeem'] });
  t.equal(w.pay('@redeem', 1), 'RISK_REFUSED');
  t.equal(w.order(), 'RISK_REFUSED');
  t.equal(w.pay('@fee', 1), 'ok');
  t.equal(w.pay('cat', 1), 'ok');
  t.equal(w.hold(), 'RISK_REFUSED', 'it may be redeemed');
  w.mark({ kinds: ['draw'] });
  t.equal(w.hold(), 'ok');
  w.mark({ over: 100 });
  t.equal(w.pay('@redeem', 100), 'ok');
  t.equal(w.pay('@redeem', 101), 'RISK_REFUSED');
  t.equal(w.order({ quantity: 1 }), '1 x 100 = 100 pending');
  t.equal(w.order({ quantity: 2 }), 'RISK_REFUSED');
  const legs = [60, 60].map((amount) => ({ from: 'ann', to: '@redeem', asset: ASSET, amount }));
  t.equal(w.asks('transfer', { legs }), 'RISK_REFUSED', 'in all legs together');
  w.mark({ over: 100, asset: 'piece' });
  t.equal(w.pay('@redeem', 500), 'ok');
  w.mark({ asset: ASSET, until: w.time + HOUR_MS });
  t.equal(w.pay('@redeem', 1), 'RISK_REFUSED');
  w.time += HOUR_MS;
  t.equal(w.pay('@redeem', 1), 'ok', 'it has ended');
  t.same(canonicalState(w.replayed().state), canonicalState(w.ledger.state));
});

t.test('what was carried out before is told again; what was refused is free', async (t) => {
  const w = new Risks();
  const legs = [{ from: 'ann', to: '@redeem', asset: ASSET, amount: 3 }];
  t.equal(w.asks('transfer', { id: 'before', legs }), 'ok');
  t.equal(w.order({}, 'ann', 'tea-1'), '1 x 100 = 100 pending');
  w.mark({});
  t.equal(w.asks('transfer', { id: 'before', legs }), 'ok');
  t.equal(w.order({}, 'ann', 'tea-1'), '1 x 100 = 100 pending');
  t.equal(w.asks('transfer', { id: 'after', legs }), 'RISK_REFUSED');
  t.equal(w.order({}, 'ann', 'tea-2'), 'RISK_REFUSED');
  t.equal(w.lift(), 'ok');
  t.equal(w.asks('transfer', { id: 'after', legs }), 'ok');
  t.equal(w.order({}, 'ann', 'tea-2'), '1 x 100 = 100 pending');
});

t.test(
  'a hold of before is captured, unless the mark refuses; it can always be released',
  async (t) => {
    const w = new Risks();
    for (const id of ['h1', 'h2', 'h3']) t.equal(w.hold(10, id), 'ok');
    const capture = (holdId: string) => w.asks('capture', { owner: 'ann', holdId, to: '@redeem' });
    w.mark({ action: 'review' });
    t.equal(capture('h1'), 'ok');
    w.mark({ action: 'refuse', kinds: ['spend'] });
    t.equal(capture('h2'), 'ok');
    w.mark({ action: 'refuse' });
    t.equal(capture('h3'), 'RISK_REFUSED');
    t.equal(w.asks('release', { owner: 'ann', holdId: 'h3' }), 'ok');
  },
);

t.test('an order of before is paid out of its hold, unless the mark refuses', async (t) => {
  const w = new Risks();
  const until = w.time + HOUR_MS;
  const [one, two, late] = ['o1', 'o2', 'o3'].map((id) => w.made(id, { until }));
  w.mark({ action: 'review' });
  t.equal(w.does('confirm', one as string), '100 paid');
  w.mark({ action: 'refuse' });
  t.equal(w.does('confirm', two as string), 'RISK_REFUSED');
  t.equal(w.does('cancel', two as string), '1 back, 100 points, cancelled');
  w.mark({ action: 'review' });
  w.time = until;
  // Its hold is over: what is paid now is taken now.
  t.equal(w.does('confirm', late as string), 'RISK_REVIEW');
  const paid = w.by({ isReviewed: true }, () => w.does('confirm', late as string));
  t.equal(paid, '100 paid anew');
  t.same(canonicalState(w.replayed().state), canonicalState(w.ledger.state));
});

t.test(
  'marks are renewed, displaced by stronger ones, lifted, and not heard for a while',
  async (t) => {
    const w = new Risks();
    const at = w.time;
    t.equal(w.mark({ mark: 'r', version: 2, action: 'mark', until: at + 2 * HOUR_MS }), 'ok');
    w.time += 10;
    t.equal(w.mark({ mark: 'r', version: 2, action: 'mark', until: at + HOUR_MS }), 'ok');
    t.match(w.marks(), [
      { mark: 'r', at, seen: at + 10, count: 2, until: at + 2 * HOUR_MS, by: 'engine' },
    ]);
    t.equal(
      w.mark({ mark: 'r', action: 'mark', until: at + HOUR_MS }),
      'ok',
      'a person may end it sooner',
    );
    t.match(w.marks(), [{ until: at + HOUR_MS }]);
    t.equal(w.mark({ until: w.time }), 'ACT_BODY_INVALID', 'it has ended');
    for (let i = 1; i < RISK_MARKS_MAX; i++) w.mark({ mark: `m${i}`, action: 'review' });
    t.equal(w.marks().length, RISK_MARKS_MAX);
    t.equal(w.mark({ mark: 'more', action: 'mark' }), 'RISK_LIMIT');
    const displaced = w.act('risk-mark', { mark: 'more', reason: 'X', action: 'refuse' });
    t.match(displaced, {
      act: {
        effects: [
          { type: 'riskMarked', mark: 'more' },
          { type: 'riskLifted', mark: 'r', cause: 'displaced' },
        ],
      },
    });
    t.equal(w.mark({ mark: 'again', action: 'review' }), 'RISK_LIMIT');
    t.equal(w.lift({ mark: 'never' }), 'RISK_NOT_FOUND');
    t.equal(w.lift({ mark: 'more', quietUntil: w.time + DAY_MS }), 'ok');
    t.equal(w.mark({ mark: 'more', version: 1 }), 'ok');
    t.notOk(
      w.marks().some(({ mark }) => mark === 'more'),
      'its rule is not heard',
    );
    t.equal(w.mark({ mark: 'more' }), 'ok');
    t.ok(
      w.marks().some(({ mark }) => mark === 'more'),
      'a person is',
    );
    w.lift({ mark: 'more' });
    w.time += DAY_MS;
    t.equal(w.mark({ mark: 'more', version: 1 }), 'ok');
    t.ok(w.marks().some(({ mark }) => mark === 'more'));
    t.match(
      w.by({ principal: 'op:eve' }, () => w.mark({ mark: 'm1' })),
      'ok',
    );
    t.equal(w.marks().find(({ mark }) => mark === 'm1')?.by, 'op:eve');
    const long = '积'.repeat(96);
    t.equal(w.mark({ evidence: long }, 'dan'), 'ok');
    for (let i = 1; i < RISK_MARKS_MAX; i++)
      w.mark({ mark: `${'m'.repeat(63)}${i}`, evidence: long, reason: 'A'.repeat(32) }, 'dan');
    t.ok(w.marks('dan').length >= 7, 'what has no room is refused, and nothing breaks');
    t.same(canonicalState(w.replayed().state), canonicalState(w.ledger.state));
  },
);

t.test('a member is not merged out of a mark; what only marks goes along, and back', async (t) => {
  const w = new Risks();
  const merge = () => code(w.act('merge', { into: 'bob', reason: 'one' }));
  for (const action of RISK_ACTIONS.slice(1)) {
    w.mark({ action });
    t.equal(merge(), 'MEMBER_UNSETTLED', action);
  }
  w.mark({ action: 'mark' });
  w.act('risk-device', { device: 'a'.repeat(32) });
  w.mark({ mark: 'own', action: 'second-factor' }, 'bob');
  t.equal(merge(), 'ok');
  t.same(
    w.marks('bob').map(({ mark }) => mark),
    ['own', 'one'],
  );
  t.equal(code(w.act('unmerge', { reason: 'two' })), 'ok');
  t.same(
    w.marks('bob').map(({ mark }) => mark),
    ['own'],
  );
  t.same(
    w.marks().map(({ mark }) => mark),
    ['one'],
  );
  t.same(canonicalState(w.replayed().state), canonicalState(w.ledger.state));
});

t.test('devices: the first is not new, later ones are for a while; few are kept', async (t) => {
  const w = new Risks();
  const device = (n: number) => n.toString(16).padStart(32, '0');
  const known = () => {
    w.ledger.ledger.time = w.time;
    return knownDevices(new OwnerReads(w.ledger.ledger, 'ann').record(DEVICES, DEVICES_KEY));
  };
  t.notOk(isNewDevice(known(), device(1), w.time, DAY_MS));
  w.act('risk-device', { device: device(1) });
  t.notOk(isNewDevice(known(), device(1), w.time, DAY_MS));
  t.ok(isNewDevice(known(), device(2), w.time, DAY_MS));
  w.time += HOUR_MS;
  w.act('risk-device', { device: device(2) });
  t.ok(isNewDevice(known(), device(2), w.time, DAY_MS));
  w.time += DAY_MS;
  t.notOk(isNewDevice(known(), device(2), w.time, DAY_MS));
  for (let n = 3; n < 40; n++) {
    w.time += 1;
    w.act('risk-device', { device: device(n) });
  }
  t.same(
    known().map(([one]) => one),
    Array.from({ length: RISK_DEVICES_MAX }, (_, i) => device(39 - i)),
  );
  t.equal(code(w.act('risk-device', { device: 'no' })), 'ACT_BODY_INVALID');
});

t.test(
  'a large redemption from a new device is stopped by its rule, where the ledger knows devices',
  async (t) => {
    const w = new Risks();
    const [old, young, other] = ['a', 'b', 'c'].map((one) => one.repeat(32)) as [
      string,
      string,
      string,
    ];
    const rule = {
      reason: 'NEW_DEVICE_LARGE_REDEMPTION',
      signal: 'new-device',
      windowMs: DAY_MS,
      over: 100,
    };
    w.define('risk-rule', 'device', {
      ...rule,
      action: 'second-factor',
      holdsMs: DAY_MS,
      stops: ['redeem'],
      asset: ASSET,
    });
    const redeem = (more: Partial<Grants>, amount = 101) =>
      w.by(more, () => w.pay('@redeem', amount));
    const member = { owner: 'ann', scope: '_me' };
    t.equal(redeem({ device: old }), 'ok', 'none is known yet');
    w.act('risk-device', { device: old });
    t.equal(redeem({ device: old }), 'ok');
    t.equal(redeem({}), 'ok', 'a platform that says no device is believed');
    t.equal(redeem({ device: young }), 'SECOND_FACTOR_REQUIRED');
    t.equal(redeem({ device: young }, 100), 'ok');
    t.equal(redeem({ device: young, hasSecondFactor: true }), 'ok');
    t.equal(
      w.by({ device: young }, () => w.pay('cat', 500)),
      'ok',
      'no redemption',
    );
    t.equal(
      w.by({ device: young }, () => w.hold(500)),
      'SECOND_FACTOR_REQUIRED',
      'it may be redeemed',
    );
    t.equal(
      w.by({ device: young }, () => w.order({ quantity: 2 })),
      'SECOND_FACTOR_REQUIRED',
    );
    const order = (more: Partial<Grants>) =>
      w.by({ ...member, ...more }, () => w.order({ quantity: 2 }));
    t.equal(order({}), 'SECOND_FACTOR_REQUIRED', 'a member that hides its device');
    t.equal(order({ device: old }), '2 x 100 = 200 pending');
    w.act('risk-device', { device: young });
    t.equal(redeem({ device: young }), 'SECOND_FACTOR_REQUIRED', 'it is known since a moment');
    w.mark({ action: 'refuse', over: 1_000 });
    t.equal(redeem({ device: young }, 1_001), 'RISK_REFUSED', 'the stronger one goes first');
    w.time += DAY_MS;
    t.equal(redeem({ device: young }), 'ok');
    t.equal(redeem({ device: other }), 'SECOND_FACTOR_REQUIRED');
    t.equal(redeem({ device: other }, 50), 'ok');
    t.equal(
      w.by({ device: other }, () => w.pay('@redeem', 5_000, {}, 'bob')),
      'ok',
      'bob has no devices',
    );
    t.same(canonicalState(w.replayed().state), canonicalState(w.ledger.state));
  },
);

t.test('grants say what was proved, as they go between threads and nodes', async (t) => {
  const narrowed = new Map([['earn', new Set(['a'])]] as const);
  for (const more of [
    {},
    { hasSecondFactor: true },
    { isReviewed: true, narrowed },
    { device: 'f'.repeat(32), scope: 'shop' },
    { hasSecondFactor: true, isReviewed: true, device: '0'.repeat(32), principal: 'p' },
  ] as Partial<Grants>[]) {
    const { packed, ...granted } = all(more);
    const back = unpackGrants(all(more).packed);
    t.match(back, { hasSecondFactor: false, isReviewed: false, ...more });
    t.match(back.readable, more);
    t.ok(packed.length > 0 && granted);
  }
  for (const device of ['', 'g'.repeat(32), 'f'.repeat(31)])
    t.throws(() => all({ device }), { message: /device/ });
});

const OWNERS = Array.from({ length: 12 }, (_, n) => `m${n}`);

t.test('drawn commands on one shard and on three, beside a naive model of marks', async (t) => {
  const seed = Number(process.env['JIFEN_SEED'] ?? 20_261_130);
  const rounds = process.env['JIFEN_LONG'] === undefined ? 1_500 : 60_000;
  for (const shards of [1, 3]) {
    const r = new Random(seed + shards);
    const world = new MemoryShards(shards);
    let time = NOON;
    for (const { ledger } of world.shards)
      ledger.definitionsConfirmedUntil = Number.POSITIVE_INFINITY;
    const proved = (more: Partial<Grants>): void => {
      for (const { ledger } of world.shards) ledger.granted = all(more);
    };
    let n = 0;
    const does = (command: object): string =>
      code(world.apply({ id: `c${++n}`, ...command } as unknown as Command, time));
    does({ type: 'define-asset', asset: ASSET, scale: 0, id: undefined });
    for (const owner of OWNERS)
      does({ type: 'transfer', legs: [{ from: '@issue', to: owner, asset: ASSET, amount: 1e9 }] });
    interface Modelled {
      readonly action: RiskAction;
      readonly kinds: readonly RiskKind[];
      readonly over: number;
      readonly until: number;
    }
    const model = new Map<string, Map<string, Modelled>>(OWNERS.map((one) => [one, new Map()]));
    const strongest = (owner: string, kinds: readonly RiskKind[], amount: number): RiskAction[] =>
      [...(model.get(owner) as Map<string, Modelled>).values()]
        .filter(
          (one) =>
            one.until > time && one.kinds.some((kind) => kinds.includes(kind)) && amount > one.over,
        )
        .map(({ action }) => action);
    for (let round = 0; round < rounds; round++) {
      time += r.int(30) * 60_000;
      const owner = r.pick(OWNERS);
      const kind = r.int(10);
      if (kind < 3) {
        proved({});
        const marks = model.get(owner) as Map<string, Modelled>;
        const mark = r.pick(['a', 'b', 'c']);
        if (r.int(3) === 0) {
          const is = (marks.get(mark)?.until ?? 0) > time ? 'ok' : 'RISK_NOT_FOUND';
          const lifted = does({
            type: 'act',
            act: 'risk-lift',
            owner,
            body: { mark, reason: 'x' },
          });
          t.equal(lifted, is, `round ${round} of ${seed}`);
          marks.delete(mark);
          continue;
        }
        const action = r.pick(RISK_ACTIONS);
        const kinds = RISK_KINDS.filter(() => r.int(2) === 0);
        const over = r.int(2) * 50;
        const until = time + (1 + r.int(24)) * HOUR_MS;
        const said = {
          mark,
          reason: 'DRAWN',
          action,
          until,
          over,
          kinds: kinds.length ? kinds : undefined,
        };
        const body = JSON.parse(JSON.stringify(said));
        t.equal(does({ type: 'act', act: 'risk-mark', owner, body }), 'ok');
        marks.set(mark, { action, over, until, kinds: kinds.length ? kinds : RISK_KINDS });
        continue;
      }
      const more = r.pick(PROOFS)[0];
      proved(more);
      const amount = 1 + r.int(100);
      const to = r.pick(['@redeem', '@fee', ...OWNERS.filter((one) => one !== owner)]);
      const of = (payee: string): RiskKind =>
        payee === '@redeem' ? 'redeem' : payee.startsWith('@') ? 'spend' : 'transfer';
      const passes = (action: RiskAction): boolean =>
        PROOFS.find(([one]) => JSON.stringify(one) === JSON.stringify(more))?.[1].includes(
          action,
        ) === true;
      const asked = (actions: readonly RiskAction[]): string => {
        const stopping = actions.filter((one) => !passes(one));
        const first = [...RISK_ACTIONS].reverse().find((one) => stopping.includes(one));
        return first === undefined ? 'ok' : REFUSED[first];
      };
      if (kind === 3) {
        const is = asked(strongest(owner, ['spend', 'redeem', 'transfer'], amount));
        t.equal(
          does({ type: 'hold', owner, asset: ASSET, amount }),
          is,
          `round ${round} of ${seed}`,
        );
        continue;
      }
      const legs = [{ from: owner, to, asset: ASSET, amount }];
      let is = asked(strongest(owner, [of(to)], amount));
      if (kind < 6) {
        const beside = r.pick(OWNERS.filter((one) => one !== owner && one !== to));
        const payee = r.pick(['@redeem', '@fee']);
        legs.push({ from: beside, to: payee, asset: ASSET, amount });
        const stops = strongest(beside, [of(payee)], amount).some((one) => one !== 'mark');
        if (is === 'ok' && stops) is = 'RISK_REFUSED';
      }
      const named = legs.length > 1 ? { owner } : {};
      t.equal(does({ type: 'transfer', legs, ...named }), is, `round ${round} of ${seed}`);
    }
    for (const { blocks, state } of world.shards)
      t.same(
        canonicalState(MemoryLedger.replay(blocks, state.places).state),
        canonicalState(state),
      );
  }
});
