// Campaigns that begin and end, in the feed: against a naive account of which run, by random definitions, events, reversals and restarts; and
// defects planted, which that must find.

import t from 'tap';
import { campaignsOf } from '../../engine/audit/campaign-check.js';
import { IdSet } from '../../engine/audit/id-set.js';
import { LogCheck } from '../../engine/audit/log-check.js';
import { CampaignTable } from '../../engine/ledger/campaign-table.js';
import { Campaigns } from '../../engine/ledger/campaigns.js';
import { canonicalState } from '../../engine/ledger/digest.js';
import type { MemoryLedger } from '../../engine/ledger/memory.js';
import { Ticks } from '../../engine/ledger/ticks.js';
import { DEFINITION_LEAD_MS } from '../../engine/limits.js';
import { feedBlock } from '../../engine/live/feed.js';
import { COUNTER, recordTypeOf } from '../../engine/programme/plan.js';
import { BlockView } from '../../engine/protocol/block.js';
import type { Notice } from '../../engine/protocol/notice.js';
import { campaign } from '../campaign.js';
import { chained, slotMapOf } from '../ledger/audited.js';
import { type Defect, findEach } from '../planted.js';
import { Random } from '../random.js';
import { DAY_MS, HOUR_MS, NOON, SHOP, World } from './earning-world.js';

const OWNERS = ['ann', 'bob', 'cat', 'dan'];
const KEYS = [`${SHOP}.x`, `${SHOP}.y`];

interface Said {
  readonly activeFrom: number;
  /** Undefined: it is retired. */
  readonly span: readonly [from: number, to: number] | undefined;
}

/** How many owners have a record that they have taken part. */
function takenIn({ state }: MemoryLedger, key: string): number {
  let count = 0;
  for (let bucket = 0; bucket < state.pages.shape.buckets; bucket++)
    for (const record of state.pages.page(bucket).records?.values() ?? [])
      if (record.type === recordTypeOf(COUNTER) && record.key === `c.${key}`) count++;
  return count;
}

/** What the feed of a shard tells of campaigns from a block on. */
const noticesFrom = ({ blocks, state }: MemoryLedger, from: number, shard = 0): Notice[] =>
  blocks.slice(from).flatMap((block) => {
    const view = new BlockView(block);
    const told = feedBlock(
      { ...view, header: { ...view.header, shard } } as BlockView,
      state.assets,
    );
    return told.items.flatMap(({ notices = [] }) => notices);
  });

/** A world of campaigns: what the feed told, beside what should be. */
class Course {
  readonly world = new World();
  readonly #random: Random;
  readonly #said = new Map<string, Said[]>(KEYS.map((key) => [key, []]));
  readonly #runs = new Map<string, number>();
  readonly #ids: [owner: string, id: string][] = [];
  #n = 0;
  told = 0;

  constructor(seed: number) {
    this.#random = new Random(seed);
  }

  #isRunning(key: string): boolean {
    const { time } = this.world;
    const counts = this.#said.get(key)!.findLast(({ activeFrom }) => activeFrom <= time);
    if (counts?.span === undefined) return false;
    return counts.span[0] <= time && time < counts.span[1];
  }

  /** Something is done, at which all that has begun or ended is told. */
  #telling(what: () => void): void {
    const { ledger } = this.world;
    const from = ledger.blocks.length;
    const taken = new Map(KEYS.map((key) => [key, takenIn(ledger, key)]));
    what();
    const expected = KEYS.flatMap((key): object[] => {
      const [was, is] = [this.#runs.has(key), this.#isRunning(key)];
      if (was === is) return [];
      this.told++;
      if (is) {
        this.#runs.set(key, 1);
        return [{ type: 'campaign-started', campaign: key }];
      }
      this.#runs.delete(key);
      const members = { type: 'campaign-members', campaign: key, members: taken.get(key) };
      return [{ type: 'campaign-ended', campaign: key }, members];
    });
    const is = noticesFrom(this.world.ledger, from).map(({ version: _, ...one }: Any) => one);
    if (JSON.stringify(is) !== JSON.stringify(expected))
      throw new Error(`told ${JSON.stringify(is)}, should be ${JSON.stringify(expected)}`);
  }

  #define(): void {
    const { pick, int, chance } = this.#draw;
    const key = pick(KEYS);
    const from = this.world.time + int(2 * DAY_MS) - DAY_MS;
    const span = [from, from + 1 + int(2 * DAY_MS)] as const;
    const said = this.#said.get(key)!;
    const isRetired = said.at(-1)?.span !== undefined && chance(0.3);
    const document = { programme: SHOP, multiplier: 150, from: span[0], to: span[1] };
    said.push({
      activeFrom: this.world.time + DEFINITION_LEAD_MS,
      span: isRetired ? undefined : span,
    });
    this.world.define('campaign', key, isRetired ? undefined : document);
  }

  get #draw() {
    const random = this.#random;
    return {
      pick: <T>(of: readonly T[]): T => random.pick(of),
      int: (max: number): number => random.int(max),
      chance: (p: number): boolean => random.chance(p),
    };
  }

  #reopen(): void {
    const { world } = this;
    const twin = world.replayed();
    const [is, should] = [canonicalState(twin.state), canonicalState(world.ledger.state)];
    if (is.join() !== should.join()) throw new Error('L6: replayed, it is another state');
    twin.ledger.definitionsConfirmedUntil = Number.POSITIVE_INFINITY;
    world.ledger = twin;
  }

  run(): void {
    const { world } = this;
    const { pick, int } = this.#draw;
    for (let step = 0; step < 60; step++) {
      const draw = int(10);
      const owner = pick(OWNERS);
      world.time += pick([1, int(HOUR_MS), int(12 * HOUR_MS)]);
      if (draw < 2) this.#define();
      else if (draw < 4) this.#telling(() => world.ledger.tick(world.time));
      else if (draw < 8) {
        const id = `x${this.#n++}`;
        this.#ids.push([owner, id]);
        const attributes = { amount: 1 + int(50) };
        this.#telling(() => world.event('CONSUME', attributes, {}, owner, id));
      } else if (draw < 9 && this.#ids.length > 0) {
        const [whose, id] = pick(this.#ids);
        // It may cause an act, which is decided when all is told: so it is told here.
        this.#telling(() => world.ledger.tick(world.time));
        world.reverse(id, whose);
      } else this.#reopen();
    }
    this.#telling(() => world.ledger.tick(world.time));
  }

  verify(): void {
    const { blocks, state } = this.world.ledger;
    const slotMap = Uint16Array.from(slotMapOf(1));
    const check = new LogCheck({ shard: 0, slotMap }, new IdSet('/nonexistent/ids'));
    for (const block of chained(blocks, 0)) check.add(block);
    const [is, should] = [JSON.stringify([...state.campaigns.all()]), campaignsOf(check.books)];
    if (is !== should) throw new Error(`has campaigns ${is}, and the log makes ${should}`);
  }
}

type Any = ReturnType<typeof JSON.parse>;

function course(seed: number): number {
  const one = new Course(seed);
  one.run();
  one.verify();
  return one.told;
}

t.test(
  'each beginning and each end is told once, by the definition that counts then',
  async (t) => {
    const cases = campaign({ name: 'campaigns begin and end', long: 5_000, sample: 25 });
    let told = 0;
    await cases.run(async (seed) => {
      told += course(seed);
    });
    t.ok(told > cases.count * 2, `${told} began or ended`);
  },
);

t.test('on another shard than the first only its own members are told', async (t) => {
  const world = new World();
  world.time = NOON + 1;
  const document = { programme: SHOP, multiplier: 150, from: NOON + DAY_MS, to: NOON + 2 * DAY_MS };
  world.define('campaign', `${SHOP}.x`, document);
  world.time = NOON + DAY_MS;
  world.event('CONSUME', { amount: 5 }, {}, 'ann');
  world.event('CONSUME', { amount: 5 }, {}, 'ann');
  world.event('CONSUME', { amount: 5 }, {}, 'bob');
  world.ledger.tick(NOON + 2 * DAY_MS - 1);
  world.ledger.tick(NOON + 2 * DAY_MS);
  const of = { campaign: `${SHOP}.x`, version: 1 };
  const members = { type: 'campaign-members', ...of, members: 2 };
  t.same(noticesFrom(world.ledger, 0), [
    { type: 'campaign-started', ...of },
    { type: 'campaign-ended', ...of },
    members,
  ]);
  t.same(noticesFrom(world.ledger, 0, 1), [members]);
});

t.test('what may be known too late is not told yet', async (t) => {
  const world = new World();
  const document = { programme: SHOP, multiplier: 150, from: NOON, to: NOON + DAY_MS };
  world.define('campaign', `${SHOP}.x`, document);
  world.ledger.ledger.definitionsConfirmedUntil = world.time;
  world.ledger.tick(world.time);
  t.same(noticesFrom(world.ledger, 0), []);
  world.ledger.ledger.definitionsConfirmedUntil = world.time + 1;
  world.ledger.tick(world.time);
  t.match(noticesFrom(world.ledger, 0), [{ type: 'campaign-started' }]);
});

const DEFECTS: readonly Defect[] = [
  {
    what: 'nobody is counted',
    of: CampaignTable,
    method: 'count',
    wrong: () => undefined,
  },
  {
    what: 'who gives everything back is still counted',
    of: CampaignTable,
    method: 'count',
    wrong: (right, [key, more]) => (more > 0 ? right(key, more) : undefined),
  },
  {
    what: 'what is told is not noted',
    of: CampaignTable,
    method: 'set',
    wrong: (right, [run], self) =>
      self.get(run.campaign) === undefined ? right({ ...run, version: 0 }) : undefined,
  },
  {
    what: 'no end is told',
    of: Campaigns,
    method: 'changes',
    wrong: (right) => right().filter(({ version }: Any) => version > 0),
  },
  {
    what: 'ticks tell of no campaigns',
    of: Ticks,
    method: 'ofCampaigns',
    wrong: () => false,
  },
];
findEach(DEFECTS, [course]);
