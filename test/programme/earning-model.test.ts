// Sequences of events, late events, returns and definitions that change, against a model in plain code (earning-model.ts); the log, replayed,
// comes to the same. And defects planted in what decides, each of which this must find.

import t from 'tap';
import { OwnerReads } from '../../engine/ledger/acts.js';
import { canonicalState } from '../../engine/ledger/digest.js';
import { event } from '../../engine/programme/acts/event.js';
import { returnEvent } from '../../engine/programme/acts/return-event.js';
import { campaign } from '../campaign.js';
import { type Defect, findEach } from '../planted.js';
import { Random } from '../random.js';
import { CONDITIONS, type Defined, Model, type SaidEvent } from './earning-model.js';
import { ASSET, DAY_MS, HOUR_MS, NOON, SHOP, World } from './earning-world.js';

const SPANS = ['day', 'week', 'month', 'year', 'ever'];
const TYPES = ['BUY', 'SIGN'];
const BUDGET = '#budget:spring';
const OWNERS = ['ann', 'bob'];

/** Definitions, drawn. */
class Drawn {
  readonly #random: Random;
  /** When it begins: in March, or before the end of the year. */
  readonly start: number;

  constructor(random: Random) {
    this.#random = random;
    this.start = NOON + random.pick([0, 5, 299, 303]) * DAY_MS;
  }

  #maybe<T>(name: string, what: () => T, probability = 0.3): object {
    return this.#random.chance(probability) ? { [name]: what() } : {};
  }

  programme(): object {
    const random = this.#random;
    return {
      ...{ asset: ASSET, zone: 'Asia/Shanghai' },
      tierPeriod: random.pick(['lifetime', 'year', 'rolling']),
      downgrade: random.pick(['one', 'earned']),
      returns: random.pick(['within-balance', 'unlimited']),
    };
  }

  rule(): object {
    const random = this.#random;
    const event = random.pick(TYPES);
    const isPer = event === 'BUY' && random.chance(0.5);
    const from = this.start + random.int(40) * DAY_MS;
    return {
      ...{ programme: SHOP, event, points: 1 + random.int(9) },
      ...(isPer ? { per: 1 + random.int(7), of: 'amount' } : {}),
      ...this.#maybe('rounding', () => random.pick(['up', 'half-up'])),
      ...this.#maybe('multiplied', () => false, 0.2),
      ...this.#maybe('limitTimes', () => 1 + random.int(3)),
      ...this.#maybe('limitPoints', () => 3 + random.int(30)),
      ...this.#maybe('span', () => random.pick(SPANS), 0.5),
      ...this.#maybe('order', () => random.int(3)),
      ...this.#maybe('stops', () => true, 0.2),
      ...this.#maybe('budget', () => BUDGET),
      ...(random.chance(0.2) ? { from, to: from + (1 + random.int(9)) * DAY_MS } : {}),
      ...this.#maybe('when', () => {
        const all = Object.keys(CONDITIONS);
        return random.pick(all.filter((one) => event === 'BUY' || !one.includes('event.')));
      }),
    };
  }

  campaign(): object {
    const random = this.#random;
    const from = this.start + (random.int(40) - 10) * DAY_MS;
    return {
      ...{ programme: SHOP, multiplier: 50 + random.int(300) },
      ...{ from, to: from + (1 + random.int(20)) * DAY_MS },
      ...this.#maybe('stacks', () => true),
      ...this.#maybe('event', () => random.pick(TYPES)),
    };
  }

  task(key: string): object {
    const random = this.#random;
    const counts = { need: 2 + random.int(3), reward: 1 + random.int(20) };
    const span = this.#maybe('span', () => random.pick(['week', 'month', 'ever']));
    const budget = this.#maybe('budget', () => BUDGET);
    if (key === 'BUYS')
      return { programme: SHOP, event: 'BUY', of: 'amount', ...counts, need: 20, ...span };
    if (key === 'TWICE') return { programme: SHOP, event: 'SIGN', ...counts, ...span, ...budget };
    const steps = [
      [1, 2],
      [2, 5],
      [4, 11],
    ];
    return { programme: SHOP, event: 'SIGN', steps, ...budget };
  }

  tier(n: number): object {
    const from = [0, 20, 60, 150][n];
    return { programme: SHOP, from, multiplier: [100, 150, 175, 233][n]! + this.#random.int(2) };
  }

  type(name: string): object {
    const counted = this.#maybe('countsForTiers', () => false, 0.2);
    const amount = { attributes: { amount: 'integer' }, amount: 'amount' };
    return { programme: SHOP, ...(name === 'BUY' ? amount : {}), ...counted };
  }
}

const RULES = ['a', 'b', 'c', 'd', 'e'];
const TASKS = ['BUYS', 'STREAK', 'TWICE'];

/** One course of a programme, in both. Throws where they differ. */
function course(seed: number): void {
  const random = new Random(seed);
  const drawn = new Drawn(random);
  const defined: Defined = {
    programme: new Map(),
    event: new Map(),
    rule: new Map(),
    tier: new Map(),
    campaign: new Map(),
    task: new Map(),
  };
  const model = new Model(defined);
  const world = new World(undefined, undefined, []);
  const define = (kind: keyof Defined, key: string, document: object | undefined): void => {
    world.define(kind, key, document);
    if (document === undefined) defined[kind].delete(key);
    else defined[kind].set(key, document as Record<string, unknown>);
  };
  world.time = NOON - 12 * HOUR_MS;
  define('programme', SHOP, drawn.programme());
  for (const type of TYPES) define('event', `${SHOP}.${type}`, drawn.type(type));
  for (let n = 0; n < 4; n++) define('tier', `t${n}`, drawn.tier(n));
  for (const key of RULES.slice(random.int(4))) define('rule', key, drawn.rule());
  for (const key of TASKS) if (random.chance(0.6)) define('task', key, drawn.task(key));
  for (const key of ['x', 'y']) if (random.chance(0.6)) define('campaign', key, drawn.campaign());
  const budget = random.int(120);
  world.fund(BUDGET, budget + 1);
  model.budgets.set(BUDGET, budget + 1);
  world.time = drawn.start;
  const isLong = random.chance(0.4);
  const known: SaidEvent[] = [];
  const compare = (is: string, should: string, what: string): void => {
    const tidy = is.replaceAll(' shop.', ' ');
    if (tidy !== should) throw new Error(`${what}: ${tidy}; the model: ${should}`);
  };

  const report = (): void => {
    const [owner, type, id] = [random.pick(OWNERS), random.pick(TYPES), `o${known.length}`];
    const amount = type === 'BUY' && random.chance(0.9) ? random.int(30) - 1 : undefined;
    const split = [random.int(Math.max(1, amount ?? 1)), 0];
    split[1] = (amount ?? 0) - split[0]!;
    const isLate = random.chance(0.4);
    const late = random.pick([
      HOUR_MS,
      DAY_MS,
      3 * DAY_MS,
      7 * DAY_MS,
      7 * DAY_MS + 1,
      -300_000,
      -300_001,
    ]);
    const hasLines = amount !== undefined && amount >= 0 && random.chance(0.4);
    const said: SaidEvent = {
      ...{ id, owner, type },
      ...(amount === undefined ? {} : { amount }),
      ...(isLate ? { time: world.time - late } : {}),
      ...(hasLines ? { lines: split.map((one, n) => ({ line: `l${n}`, amount: one })) } : {}),
    };
    const { time, lines } = said;
    const more = { ...(time && { time }), ...(lines && { lines }) };
    const attributes = amount === undefined ? undefined : { amount };
    const is = world.says(type, attributes, more, owner, id);
    compare(is, model.event(said, world.time), JSON.stringify(said));
    known.push(said);
  };
  const giveBack = (): void => {
    const { id, owner, amount = 1, lines } = random.pick(known.slice(-8));
    if (random.chance(0.15)) {
      compare(world.reverse(id, owner), model.reverse(owner, id, world.time), `reverse ${id}`);
      return;
    }
    const line = `l${random.int(2)}`;
    const some = 1 + random.int(Math.max(1, amount));
    const draw = random.int(4);
    const part =
      draw < 2
        ? lines === undefined
          ? { amount: some }
          : { line, amount: some }
        : draw < 3 && lines
          ? { line }
          : undefined;
    const { line: of, ...rest } = { line: undefined, ...part };
    const body =
      part === undefined ? {} : of === undefined ? rest : { lines: [{ line: of, ...rest }] };
    const is = world.return(id, body, owner);
    compare(is, model.return(owner, id, world.time, part), `return ${id} ${JSON.stringify(body)}`);
  };
  const change = (): void => {
    const draw = random.int(10);
    const key = random.pick(RULES);
    if (draw < 5)
      define('rule', key, random.chance(0.2) && defined.rule.has(key) ? undefined : drawn.rule());
    else if (draw < 7) define('campaign', random.pick(['x', 'y']), drawn.campaign());
    else if (draw < 8) define('programme', SHOP, drawn.programme());
    else if (draw < 9) {
      const n = random.int(4);
      define('tier', `t${n}`, drawn.tier(n));
    } else {
      const task = random.pick(TASKS);
      define('task', task, drawn.task(task));
    }
  };
  for (let n = 12 + random.int(40); n > 0; n--) {
    const draw = random.int(20);
    if (draw < 12) report();
    else if (draw < 15) {
      if (known.length > 0) giveBack();
    } else if (draw < 16) change();
    else if (draw < 17) {
      const [owner, tier] = [
        random.pick(OWNERS),
        random.chance(0.8) ? `t${random.int(4)}` : undefined,
      ];
      const until = world.time + (random.int(20) - 1) * DAY_MS + 1;
      const body = { programme: SHOP, ...(tier && { tier, until }) };
      const { ok, act } = world.act('grant-tier', body, owner) as never as {
        ok: boolean;
        act: { effects: { to: string }[] };
      };
      const is = ok ? act.effects.map(({ to }) => `-> ${to}`).join(', ') : 'refused';
      compare(is, model.grant(owner, tier, until, world.time), `grant ${tier}`);
    } else if (draw < 18 && !isLong) {
      const [owner, amount] = [random.pick(OWNERS), 1 + random.int(30)];
      const legs = [{ from: owner, to: '@redeem', asset: ASSET, amount }];
      const { ok } = world.do({ type: 'transfer', id: `s${n}`, legs } as never);
      if (ok !== model.spend(owner, amount)) throw new Error(`${owner} spends ${amount}: ${ok}`);
    } else if (world.time < drawn.start + 400 * DAY_MS) {
      const days = isLong ? [60, 200, 350] : [1, 1, 1, 5, 30];
      world.time += random.pick(days) * DAY_MS;
    }
    world.time += 1 + random.int(6 * HOUR_MS);
  }
  for (const owner of OWNERS) {
    const [is, should] = [world.available(owner), model.available(owner)];
    if (is !== should) throw new Error(`${owner} has ${is}; the model: ${should}`);
  }
  const [again, once] = [world.replayed(), world.ledger].map(({ state }) =>
    canonicalState(state).join(),
  );
  if (again !== once) throw new Error('a replay comes to another state');
}

t.test('sequences, against the model', async () => {
  await campaign({ name: 'earning', long: 10_000, sample: 250 }).run(course);
});

t.test('events of one day in any order, where no rule asks for one', async (t) => {
  const random = new Random(3);
  for (let n = 0; n < 20; n++) {
    // Points that are cut at a limit, equal ones so many times, tasks by sum and count; nothing that multiplies by what was earned before.
    const free = (world: World): void => {
      world.time = NOON - 12 * HOUR_MS;
      for (const tier of ['silver', 'gold', 'diamond'])
        world.redefine('tier', tier, { multiplier: 100 });
      world.redefine('rule', 'CONSUME', { per: 3, limitPoints: 40, rounding: 'up' });
      world.time = NOON;
    };
    const acts = Array.from({ length: 12 }, (_, i): [string, object | undefined, string] => {
      const type = random.pick(['CONSUME', 'REVIEW', 'SIGN', 'SHARE']);
      return [type, type === 'CONSUME' ? { amount: random.int(60) } : undefined, `p${i}`];
    });
    const sums = Array.from({ length: 4 }, () => {
      const world = new World();
      free(world);
      for (const [type, attributes, id] of random.shuffle([...acts]))
        world.event(type, attributes, {}, 'ann', id);
      return world.available();
    });
    t.equal(new Set(sums).size, 1, `${sums}`);
  }
});

type Any = ReturnType<typeof JSON.parse>;

/** What an act decides, or undoes, changed. */
const changed = (
  of: object,
  method: string,
  what: string,
  change: (plan: Any, given: Any[]) => Any,
): Defect => ({
  ...{ what, of: { prototype: of }, method },
  wrong: (right, given) => {
    const plan = right(...given);
    return plan.refusal === undefined ? change(plan, given) : plan;
  },
});
/** What an event sees, changed. */
const seen = (what: string, method: string, change: (right: Any, given: Any[]) => Any): Defect => ({
  ...{ what, of: OwnerReads, method },
  wrong: (right, given) => change(right(...given), given),
});
const documents = (what: string, kind: string, change: (document: Any) => object): Defect =>
  seen(what, 'definitions', (all, [of]) =>
    of.name === kind
      ? all.map((one: Any) => ({ ...one, document: { ...one.document, ...change(one.document) } }))
      : all,
  );
const ofCounter = (prefix: string, change: (one: Any) => Any[]) => (plan: Any) => ({
  ...plan,
  counters: plan.counters.flatMap((one: Any) =>
    one.name.startsWith(prefix) ? change(one) : [one],
  ),
});
const without = (type: string) => (plan: Any) => ({
  ...plan,
  records: plan.records.filter((one: Any) => one.type !== type),
});

const DEFECTS: readonly Defect[] = [
  changed(
    event,
    'decide',
    'times are not counted',
    ofCounter('t.', () => []),
  ),
  changed(
    event,
    'decide',
    'times are counted twice',
    ofCounter('t.', (one) => [one, one]),
  ),
  changed(
    event,
    'decide',
    'points are not counted',
    ofCounter('p.', () => []),
  ),
  changed(
    event,
    'decide',
    'a reward is not counted',
    ofCounter('d.', () => []),
  ),
  changed(
    event,
    'decide',
    'a task forgets what was done',
    ofCounter('n.', () => []),
  ),
  changed(event, 'decide', 'a streak is not written', without('streak')),
  changed(event, 'decide', 'progress is not written', without('member')),
  changed(event, 'decide', 'a point more is paid', (plan) => ({
    ...plan,
    legs: plan.legs.map((leg: Any) => ({ ...leg, amount: leg.amount + 1 })),
  })),
  changed(event, 'decide', 'progress is not told, so that no return finds it', (plan) => ({
    ...plan,
    effects: plan.effects.filter(({ type }: Any) => type !== 'progress'),
  })),
  changed(
    event,
    'undo',
    'limits are not given back',
    ofCounter('', () => []),
  ),
  changed(
    event,
    'undo',
    'of times two are given back',
    ofCounter('t.', (one) => [one, one]),
  ),
  changed(event, 'undo', 'a streak keeps the day', without('streak')),
  changed(event, 'undo', 'progress stays', without('member')),
  {
    what: 'an event counts when it is reported',
    of: { prototype: event },
    method: 'decide',
    wrong: (right, [see, { time: _, ...body }, at]) => right(see, body, at),
  },
  {
    what: 'a part is undone as the whole',
    of: { prototype: event },
    method: 'undo',
    wrong: (right, [see, undone, at]) =>
      right(see, { ...undone, amounts: undone.now, before: undone.now.map(() => 0) }, at),
  },
  documents('a rule does not stop', 'rule', () => ({ stops: false })),
  documents('rules have no order', 'rule', () => ({ order: 0 })),
  documents('all is rounded down', 'rule', () => ({ rounding: 'down' })),
  documents('everything is multiplied', 'rule', () => ({ multiplied: true })),
  documents('all limits are of a day', 'rule', () => ({ span: 'day' })),
  documents('points are issued where a budget pays', 'rule', () => ({ budget: undefined })),
  documents('campaigns do not stack', 'campaign', () => ({ stacks: false })),
  documents('a campaign goes on', 'campaign', ({ to }) => ({ to: to + DAY_MS })),
  documents('a tier begins a point late', 'tier', ({ from }) => ({
    from: from === 0 ? 0 : from + 1,
  })),
  seen('the tier falls at once', 'definition', (found, [of]) =>
    of.name === 'programme'
      ? { ...found, document: { ...found.document, downgrade: 'earned' } }
      : found,
  ),
  seen('what was returned is forgotten', 'record', (found, [type]) =>
    type === 'returned' ? undefined : found,
  ),
  seen('a budget is never exhausted', 'isExhausted', () => false),
  seen('a return goes by no units', 'past', (past) => past && { ...past, why: {} }),
  changed(returnEvent, 'decide', 'a return may leave a debt', (plan) => ({
    ...plan,
    ...(plan.reversal && { reversal: { ...plan.reversal, allowDebt: true } }),
  })),
];
findEach(DEFECTS, [course]);
