// Sequences of events, late events, returns and definitions that change, against a model in plain code (earning-model.ts); the log, replayed,
// comes to the same. And defects planted in what decides, each of which this must find.

import t from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { OwnerReads } from '../../engine/ledger/owner-reads.js';
import { event } from '../../engine/programme/acts/event.js';
import { returnEvent } from '../../engine/programme/acts/return-event.js';
import { takeReward } from '../../engine/programme/acts/take-reward.js';
import { badgesBegin, badgeTask } from '../../engine/programme/earning/counts.js';
import { campaign } from '../campaign.js';
import { type Defect, findEach } from '../planted.js';
import { Random } from '../random.js';
import { type Defined, Model } from './earning-model.js';
import { CONDITIONS, type SaidEvent } from './earning-past.js';
import { ASSET, DAY_MS, HOUR_MS, NOON, SHOP, told, World, whyIn } from './earning-world.js';

const SPANS = ['day', 'week', 'month', 'year', 'ever'];
const TYPES = ['BUY', 'SIGN'];
const BUDGET = '#budget:spring';
const OWNERS = ['ann', 'bob'];

/** Definitions, drawn. */
class Drawn {
  readonly #random: Random;
  /** When it begins: in March, before the end of the year, or on a 29 February. */
  readonly start: number;
  /** It goes over periods of tiers. */
  readonly isLong: boolean;
  /** For how long events may be given back: the same all the time. */
  readonly #returns: object;

  constructor(random: Random) {
    this.#random = random;
    this.start = NOON + random.pick([0, 5, 299, 303, 729]) * DAY_MS;
    this.isLong = random.chance(0.4);
    this.#returns = random.pick([{}, {}, { returnMs: 8 * DAY_MS }, { returnMs: 25 * DAY_MS }]);
  }

  #maybe<T>(name: string, what: () => T, probability = 0.3): object {
    return this.#random.chance(probability) ? { [name]: what() } : {};
  }

  programme(): object {
    const random = this.#random;
    return {
      ...{ asset: ASSET, zone: 'Asia/Shanghai' },
      tierPeriod: random.pick([
        ...(this.isLong ? [] : ['lifetime']),
        'year',
        'rolling',
        'anniversary',
      ]),
      downgrade: random.pick(['one', 'earned']),
      returns: random.pick(['within-balance', 'unlimited', 'only-pending']),
      ...this.#returns,
    };
  }

  /** Out of what it is paid, and from when on it is available. */
  #paying(): object {
    const random = this.#random;
    const less = random.chance(0.5) ? { exhausted: random.pick(['less', 'nothing']) } : {};
    const budget = random.chance(0.3) ? { budget: BUDGET, ...less } : {};
    const pending = random.pick([{ pendingDays: 1 + random.int(9) }, { pendingToConfirm: true }]);
    return { ...budget, ...(random.chance(0.3) ? pending : {}) };
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
      ...this.#paying(),
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
    const [need, reward] = [1 + random.int(4), 1 + random.int(20)];
    const isFree = reward % 4 === 0;
    const counts = { need, ...(isFree ? {} : { reward }) };
    const span = this.#maybe('span', () => random.pick(['week', 'month', 'ever']));
    const paid = this.#paying();
    const badge = this.#maybe('badge', () => true);
    const paying = isFree ? { badge: true } : { ...paid, ...badge };
    if (key === 'BUYS')
      return {
        programme: SHOP,
        event: 'BUY',
        of: 'amount',
        ...counts,
        need: 20,
        ...span,
        ...paying,
      };
    if (key === 'TWICE') return { programme: SHOP, event: 'SIGN', ...counts, ...span, ...paying };
    const steps = [
      [1, 2],
      [2, 5],
      [4, 11],
    ];
    return { programme: SHOP, event: 'SIGN', steps, ...paid };
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
  const { isLong } = drawn;
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
    const outcome = world.event(type, attributes, more, owner, id);
    const is = outcome.ok ? `${told(outcome)} | ${whyIn(outcome)}` : outcome.code;
    compare(is, model.event(said, world.time), JSON.stringify(said));
    known.push(said);
  };
  const giveBack = (): void => {
    const { id, owner, amount = 1, lines } = random.pick(known.slice(-8));
    if (random.chance(0.15)) {
      compare(world.confirm(id, owner), model.confirm(owner, id, world.time), `confirm ${id}`);
      return;
    }
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
    if (draw < 10) report();
    else if (draw < 14) {
      if (known.length > 0) giveBack();
    } else if (draw < 15) change();
    else if (draw < 16) {
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
      const owner = random.pick(OWNERS);
      const all = Math.max(1, model.available(owner, world.time));
      const amount = random.chance(0.5) ? all : 1 + random.int(60);
      const legs = [{ from: owner, to: '@redeem', asset: ASSET, amount }];
      const { ok } = world.do({ type: 'transfer', id: `s${n}`, legs } as never);
      if (ok !== model.spend(owner, amount, world.time))
        throw new Error(`${owner} spends ${amount}: ${ok}`);
    } else if (world.time < drawn.start + 400 * DAY_MS) {
      const days = isLong ? [60, 200, 350] : [1, 1, 1, 5, 30];
      world.time += random.pick(days) * DAY_MS;
    }
    world.time += 1 + random.int(6 * HOUR_MS);
  }
  world.ledger.tick(world.time);
  for (const owner of OWNERS) {
    const is = `${world.available(owner)} and ${world.pending(owner)}`;
    const should = `${model.available(owner, world.time)} and ${model.pending(owner, world.time)}`;
    if (is !== should) throw new Error(`${owner} has ${is} pending; the model: ${should}`);
    compare(badgesOf(world, owner), model.badges(owner), `badges of ${owner}`);
  }
  const [again, once] = [world.replayed(), world.ledger].map(({ state }) =>
    canonicalState(state).join(),
  );
  if (again !== once) throw new Error('a replay comes to another state');
  // What is known for returns goes with them.
  world.ledger.tick(world.time + 366 * DAY_MS);
  for (const owner of OWNERS)
    if (world.records('returned', owner) > 0) throw new Error('what was returned stays for ever');
}

/** As the model tells them. */
const badgesOf = (world: World, owner: string): string =>
  new OwnerReads(world.ledger.ledger, owner)
    .counters(badgesBegin(SHOP))
    .flatMap(({ name, counts }) => Array(counts[0]?.[2]).fill(badgeTask(name)))
    .sort()
    .join()
    .replaceAll(`${SHOP}.`, '');

t.test('sequences, against the model', async () => {
  await campaign({ name: 'earning', long: 10_000, sample: 60 }).run(course);
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
  records: (plan.records ?? []).filter((one: Any) => one.type !== type),
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
    'a badge is given twice',
    ofCounter('b.', (one) => [one, one]),
  ),
  changed(
    event,
    'undo',
    'a badge stays whose reward has gone',
    ofCounter('b.', () => []),
  ),
  changed(
    returnEvent,
    'decide',
    'a badge stays whose task is open again',
    ofCounter('b.', () => []),
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
  changed(event, 'decide', 'a badge alone is not told, so that no return finds it', (plan) => ({
    ...plan,
    effects: plan.effects.filter(({ type }: { readonly type: string }) => type !== 'badge'),
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
  seen('what happened is given back for ever', 'definition', (found, [of]) =>
    of.name === 'programme' ? { ...found, document: { ...found.document, returnMs: 1e12 } } : found,
  ),
  seen('the year of membership begins a day late', 'record', (found, [type]) =>
    type === 'member' && found?.since ? { ...found, since: found.since + DAY_MS } : found,
  ),
  seen('a budget that has less has nothing', 'left', () => 0),
  seen('a budget that has less has it for each rule', 'left', (left) => left + 5),
  documents('less is paid where nothing is', 'rule', ({ budget }) => ({
    ...(budget && { exhausted: 'less' }),
  })),
  documents('nothing is paid where less is', 'task', () => ({ exhausted: undefined })),
  documents('points are available at once', 'rule', () => ({
    pendingDays: undefined,
    pendingToConfirm: false,
  })),
  documents('points are pending for a day more', 'rule', ({ pendingDays }) => ({
    ...(pendingDays && { pendingDays: pendingDays + 1 }),
  })),
  documents('a reward waits for nobody', 'task', () => ({ pendingToConfirm: false })),
  seen(
    'a return takes back what is pending no more',
    'past',
    (past) => past && { ...past, pending: past.amounts },
  ),
  seen(
    'nothing is pending',
    'past',
    (past) => past && { ...past, pending: past.amounts.map(() => 0) },
  ),
  changed(returnEvent, 'decide', 'a reward stays that another event had completed', (plan) => ({
    ...plan,
    followUps: [],
  })),
  changed(
    returnEvent,
    'decide',
    'a reward that was taken back is not earned again',
    ofCounter('d.', () => []),
  ),
  changed(
    returnEvent,
    'decide',
    'what a task has done stays',
    ofCounter('n.', () => []),
  ),
  changed(returnEvent, 'decide', 'a day in a row stays', without('streak')),
  changed(returnEvent, 'decide', 'what was returned stays for ever', (plan) => ({
    ...plan,
    records: plan.records.map(({ expiresAt: _, ...one }: Any) => one),
  })),
  changed(event, 'decide', 'nobody knows which event has completed a task', without('reward')),
  changed(
    event,
    'undo',
    'a task stays completed by an event that was given back',
    without('reward'),
  ),
  changed(
    event,
    'undo',
    'a reward is given back though another event had brought it',
    (plan, [, undone]) => ({
      ...plan,
      counters: [
        ...plan.counters,
        ...(undone.by === 'take-reward'
          ? undone.counters
              .filter(({ name }: Any) => name.startsWith('d.'))
              .map((one: Any) => ({ ...one, add: 1 }))
          : []),
      ],
    }),
  ),
  changed(takeReward, 'decide', 'of a reward a point less is taken', (plan) => ({
    ...plan,
    ...(plan.reversal && {
      reversal: {
        ...plan.reversal,
        legs: plan.reversal.legs
          .map((one: Any) => ({ ...one, amount: one.amount - 1 }))
          .filter((one: Any) => one.amount > 0),
      },
    }),
  })),
  changed(event, 'decide', 'what was left of limits is not told', (plan) => ({
    ...plan,
    why: { ...plan.why, paid: plan.why.paid.map((one: Any) => one.slice(0, 3)) },
  })),
  changed(event, 'decide', 'what was left of budgets is not told', (plan) => ({
    ...plan,
    why: {
      ...plan.why,
      paid: plan.why.paid.map((one: Any) => one.slice(0, 4)),
      ...(plan.why.not && { not: plan.why.not.map((one: Any) => one.slice(0, 3)) }),
    },
  })),
  seen('a budget is never exhausted', 'isExhausted', () => false),
  seen('a return goes by no units', 'past', (past) => past && { ...past, why: {} }),
  changed(returnEvent, 'decide', 'a return may leave a debt', (plan) => ({
    ...plan,
    ...(plan.reversal && { reversal: { ...plan.reversal, allowDebt: true } }),
  })),
];
findEach(DEFECTS, [course], {
  'the tier falls at once': 82,
  'a task stays completed by an event that was given back': 231,
});
