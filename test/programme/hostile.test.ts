// Definitions and events that mean harm: long names, hundreds of rules, documents that contradict each other, values of the wrong kind. Whatever
// is asked, there is an answer with a code, in bounded time; and the log, replayed, comes to the same.

import t from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { ID_LENGTH_MAX } from '../../engine/limits.js';
import { Room } from '../../engine/programme/earning/room.js';
import type { Command } from '../../engine/protocol/commands.js';
import { campaign } from '../campaign.js';
import { findEach } from '../planted.js';
import { Random } from '../random.js';
import { ASSET, DAY_MS, HOUR_MS, NOON, SHOP, World } from './earning-world.js';

const { MAX_SAFE_INTEGER: MOST } = Number;
const NAMES = ['amount', 'constructor', 'toString', 'valueOf', 'a', 'length'];
const LONG = 'k'.repeat(ID_LENGTH_MAX - 8);

/** Definitions and acts of any kind, right and wrong. */
class Hostile {
  readonly #random: Random;
  #n = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  #number(): number {
    return this.#random.pick([0, 1, 2, 7, 99, 1_000_000, 2 ** 31, MOST - 1, MOST]);
  }

  #value(): unknown {
    const random = this.#random;
    return random.pick<() => unknown>([
      () => this.#number(),
      () => -this.#number(),
      () => random.pick(['', 'x', '\u0000', '__proto__', '\ud83d\ude00', 'y'.repeat(300)]),
      () => random.chance(0.5),
      () => ['x', 'new'],
      () => Array.from({ length: 100 }, () => 'z'),
      () => 1.5,
      () => null,
      () => ({}),
      () => [[1]],
    ])();
  }

  #types(): object {
    const random = this.#random;
    const types = ['integer', 'integer', 'text', 'boolean', 'list'];
    return Object.fromEntries(
      NAMES.filter(() => random.chance(0.7)).map((name) => [name, random.pick(types)]),
    );
  }

  #expression(): string {
    const [random, name] = [this.#random, this.#random.pick(NAMES)];
    return random.pick([
      `event.${name} > ${this.#number()}`,
      `event.${name} * event.${name} * ${this.#number()}`,
      `profile.${name} == "x" || member.available / (member.held - member.held) > 0`,
      `event.${name}.all(x, x.startsWith("z")) && event.${name}.exists(y, y == "new")`,
      'member.earned * member.progress + day.year',
      'member.tier.contains("k") ? 1 : 9223372036854775807',
      `event.${name} % 0`,
      `${'('.repeat(30)}1${')'.repeat(30)} > 0`,
      Array.from({ length: 60 }, () => 'member.held').join(' + '),
    ]);
  }

  #some(fields: Readonly<Record<string, () => unknown>>): object {
    const chosen = Object.entries(fields).filter(() => this.#random.chance(0.4));
    return Object.fromEntries(chosen.map(([name, what]) => [name, what()]));
  }

  programme(): object {
    const random = this.#random;
    return {
      ...{ asset: random.pick([ASSET, ASSET, ASSET, 'other', 'none']), zone: 'Asia/Shanghai' },
      ...this.#some({
        lateMs: () => random.pick([0, 1, 7 * DAY_MS, 92 * DAY_MS]),
        tierPeriod: () => random.pick(['lifetime', 'year', 'rolling', 'anniversary']),
        downgrade: () => random.pick(['one', 'earned']),
        returns: () => random.pick(['within-balance', 'unlimited', 'only-pending']),
        returnMs: () => random.pick([0, 1, DAY_MS, 3_660 * DAY_MS]),
        profile: () => this.#types(),
      }),
    };
  }

  rule(): object {
    const random = this.#random;
    return {
      ...{ programme: SHOP, event: random.pick(['A', 'A', 'B']) },
      ...(random.chance(0.6) ? { points: 1 + random.int(9) } : { formula: this.#expression() }),
      ...this.#some({
        when: () => this.#expression(),
        rounding: () => random.pick(['down', 'up', 'half-up']),
        limitTimes: () => 1 + this.#number(),
        limitPoints: () => this.#number(),
        span: () => random.pick(['day', 'week', 'month', 'year', 'ever']),
        order: () => random.int(5),
        budget: () => random.pick(['#budget:none', '#budget:x']),
        expiresAfterDays: () => random.pick([1, 36_500]),
        pendingDays: () => random.pick([1, 3_650]),
        pendingToConfirm: () => true,
        exhausted: () => random.pick(['less', 'nothing']),
      }),
      ...(random.chance(0.3) ? { per: 1 + random.int(3), of: random.pick(NAMES) } : {}),
    };
  }

  #definition(): readonly [kind: string, key: string, document: object] {
    const random = this.#random;
    const key = `${random.chance(0.7) ? LONG : 'k'}${random.int(40)}`;
    const from = NOON - DAY_MS;
    return random.pick<() => readonly [string, string, object]>([
      () => ['programme', SHOP, this.programme()],
      () => {
        const type = random.pick(['A', 'B']);
        const document = { programme: SHOP, attributes: this.#types(), amount: random.pick(NAMES) };
        return ['event', `${SHOP}.${type}`, document];
      },
      () => ['rule', key, this.rule()],
      () => ['rule', key, this.rule()],
      () => [
        'tier',
        key,
        {
          programme: random.pick([SHOP, 'no']),
          from: this.#number(),
          multiplier: 1 + random.int(10_000),
        },
      ],
      () => {
        const more = this.#some({ stacks: () => true, audience: () => this.#expression() });
        return [
          'campaign',
          key,
          { programme: SHOP, multiplier: 10_000, from, to: from + 1_000 * DAY_MS, ...more },
        ];
      },
      () => {
        const span = this.#some({ span: () => random.pick(['day', 'week', 'month', 'ever']) });
        const steps = {
          steps: [
            [1, 1],
            [3, MOST],
          ],
        };
        const counts = {
          need: 1 + random.int(3),
          reward: 1 + this.#number(),
          ...this.#some({ of: () => random.pick(NAMES) }),
        };
        return [
          'task',
          key,
          {
            programme: SHOP,
            event: random.pick(['A', 'B']),
            ...(random.chance(0.4) ? steps : { ...counts, ...span }),
          },
        ];
      },
    ])();
  }

  define(): Command {
    const [kind, key, document] = this.#definition();
    const isRetired = this.#random.chance(0.1);
    const offsets = kind === 'programme' ? { zoneOffsets: [0, 8 * HOUR_MS] } : {};
    const said = isRetired ? { state: 'retired' } : { state: 'active', document };
    return {
      type: 'put-definition',
      kind,
      key,
      ...said,
      ...(isRetired ? {} : offsets),
    } as unknown as Command;
  }

  act(time: number): Command {
    const random = this.#random;
    const [id, owner] = [`h${++this.#n}`, random.pick(['ann', 'ann', 'ann', 'bob'])];
    const past = `h${Math.max(1, this.#n - random.int(8))}`;
    const line = (): object => ({
      line: random.pick([...NAMES, '__proto__', '*']),
      ...this.#some({ amount: () => this.#number(), quantity: () => this.#number() }),
    });
    const lines = (): object[] => Array.from({ length: random.int(4) }, line);
    const values = (): object =>
      Object.fromEntries(
        NAMES.filter(() => random.chance(0.5)).map((name) => [
          name,
          random.chance(0.7) ? random.int(200) : this.#value(),
        ]),
      );
    const [act, body] = random.pick<() => readonly [string, object]>([
      () => [
        'event',
        {
          programme: SHOP,
          type: random.pick(['A', 'A', 'B', 'C']),
          ...this.#some({
            attributes: values,
            lines,
            time: () => time - random.pick([-9, 0, DAY_MS, 91 * DAY_MS]),
          }),
        },
      ],
      () => ['event', { programme: SHOP, type: 'A', attributes: { amount: random.int(50) } }],
      () => ['event', { programme: SHOP, type: random.pick(['A', 'B']) }],
      () => [
        'return-event',
        { event: past, ...this.#some({ lines, amount: () => this.#number() }) },
      ],
      () => ['set-profile', { programme: SHOP, profile: values() }],
      () => [
        'grant-tier',
        {
          programme: SHOP,
          ...this.#some({ tier: () => `${LONG}${random.int(40)}`, until: () => this.#number() }),
        },
      ],
    ])();
    if (random.chance(0.1))
      return { type: 'reverse', id, owner, transferId: past } as unknown as Command;
    return { type: 'act', id, owner, act, body } as unknown as Command;
  }
}

/** Of the processor, not of the clock: others work beside. */
const WORST_MS = 500;

function course(seed: number): void {
  const random = new Random(seed);
  const hostile = new Hostile(random);
  const world = new World(undefined, undefined, []);
  world.do({ type: 'define-asset', asset: 'other', scale: 2 } as Command);
  world.fund('#budget:x', 50);
  world.define('programme', SHOP, hostile.programme());
  for (const type of ['A', 'B'])
    world.define('event', `${SHOP}.${type}`, {
      programme: SHOP,
      attributes: { amount: 'integer' },
      amount: 'amount',
    });
  const isMuch = random.chance(0.3);
  for (let n = 40 + random.int(isMuch ? 150 : 40); n > 0; n--) {
    const isDefinition = random.chance(isMuch ? 0.7 : 0.3);
    const command = isDefinition ? hostile.define() : hostile.act(world.time);
    const before = process.cpuUsage();
    const outcome = world.do(command);
    const tookMs = process.cpuUsage(before).user / 1_000;
    if (!outcome.ok && outcome.status >= 500 && !outcome.retry)
      throw new Error(`${outcome.code}: ${JSON.stringify(command)}`);
    if (tookMs > WORST_MS) throw new Error(`${tookMs} ms: ${JSON.stringify(command)}`);
    world.time += random.pick([1, 10_000, HOUR_MS, DAY_MS, DAY_MS, 30 * DAY_MS]);
  }
  const [again, once] = [world.replayed(), world.ledger].map(({ state }) =>
    canonicalState(state).join(),
  );
  if (again !== once) throw new Error('a replay comes to another state');
}

t.test('whatever is defined and reported, there is an answer', async () => {
  await campaign({ name: 'hostile', long: 10_000, sample: 38 }).run(course);
});

/** Hundreds of rules, tasks and campaigns with the longest names, limits of a day, and days as late as may be. */
function hundreds(): void {
  const world = new World(undefined, undefined, []);
  world.define('programme', SHOP, { asset: ASSET, zone: 'Asia/Shanghai', lateMs: 92 * DAY_MS });
  world.define('event', `${SHOP}.A`, {
    programme: SHOP,
    attributes: { amount: 'integer' },
    amount: 'amount',
  });
  const own = { programme: SHOP, event: 'A' };
  for (let n = 100; n < 200; n++) {
    const limits = { limitTimes: 5, limitPoints: 99, span: 'day' };
    world.define('rule', `${LONG}r${n}`, {
      ...own,
      points: 3,
      ...limits,
      when: 'event.amount > 0',
    });
    world.define('campaign', `${LONG}c${n}`, {
      programme: SHOP,
      multiplier: 101,
      stacks: true,
      from: 0,
      to: NOON * 2,
    });
    world.define(
      'task',
      `${LONG}t${n}`,
      n < 150 ? { ...own, need: 2, reward: 1 } : { ...own, steps: [[1, 1]] },
    );
    if (n < 140) world.define('tier', `${LONG}z${n}`, { programme: SHOP, from: (n - 100) * 9 });
  }
  for (let day = 0; day < 120; day++) {
    const outcome = world.event('A', { amount: 5 }, {}, 'ann', `day${day}`);
    if (!outcome.ok) throw new Error(outcome.code);
    world.time += DAY_MS;
  }
  for (let day = 0; day < 120; day += 7)
    if (!world.return(`day${day}`).includes('returned 5')) throw new Error(`day ${day}`);
}

t.test('hundreds of definitions', async () => hundreds());

findEach(
  [
    { what: 'a plan has room for anything', of: Room, method: 'take', wrong: () => true },
    {
      what: 'streaks and notes take no room',
      of: Room,
      method: 'take',
      wrong: (right, [records, bytes]) => right(records, records === 0 ? 0 : bytes),
    },
    {
      what: 'counters take one record',
      of: Room,
      method: 'take',
      wrong: (right, [records]) => right(Math.min(records, 1), 0),
    },
  ],
  [hundreds],
);

t.test('a room, a type, a programme that is taken away', async (t) => {
  const world = new World();
  t.equal(world.says('CONSUME', { amount: 1_000 }), 'CONSUME 1000, CONSUME_100 50, -> silver');
  world.redefine('event', 'CONSUME', { attributes: { amount: 'text' }, amount: undefined });
  t.equal(world.says('CONSUME', { amount: 'x' }), '', 'rules ask for a whole number');
  world.define('event', `${SHOP}.CONSUME`, undefined);
  t.equal(world.says('CONSUME'), 'EVENT_TYPE_UNKNOWN');
  world.define('programme', SHOP, undefined);
  t.equal(world.says('REVIEW'), 'DEFINITION_NOT_FOUND');
  world.redefine('programme', SHOP, {});
  t.equal(world.says('REVIEW'), 'REVIEW 5', 'the tier is kept');
  // Two tiers from the same progress: the last by key, always.
  world.define('tier', `${SHOP}.zzz`, { programme: SHOP, from: 1_000, multiplier: 300 });
  t.equal(world.says('REVIEW'), 'REVIEW 15, -> zzz');
  for (const [kind, document] of [
    ['tier', { programme: 'none', from: 0 }],
    ['task', { programme: SHOP, event: 'NONE', reward: 1 }],
    ['task', { programme: SHOP, event: 'REVIEW', of: 'strange', reward: 1 }],
    ['task', { programme: SHOP, event: 'REVIEW' }],
    ['task', { programme: SHOP, event: 'REVIEW', badge: true, budget: '#budget:b' }],
    ['task', { programme: SHOP, event: 'REVIEW', badge: true, pendingDays: 1 }],
    ['task', { programme: SHOP, event: 'REVIEW', badge: true, steps: [[1, 1]] }],
    ['event', { programme: 'none' }],
    ['campaign', { programme: SHOP, multiplier: 1, from: 0, to: 1, audience: 'event.x' }],
  ] as const) {
    const key = kind === 'event' ? 'none.x' : 'x';
    t.throws(() => world.define(kind, key, document), /DEFINITION_INVALID/, kind);
  }
});
