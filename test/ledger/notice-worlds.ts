// Worlds in which points come, go and expire, on one shard and between several, with crashes and other days of notice in between.
//   1. Each lot is told once while it is there, as it is, and soon enough (told-lots.ts).
//   2. `verify` says the same of the log and of the pages (audit.E1, audit.E2); a replay comes to the same state (L6).

import { IdSet } from '../../engine/audit/id-set.js';
import { LogCheck } from '../../engine/audit/log-check.js';
import { PageCompare } from '../../engine/audit/page-compare.js';
import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { Pages } from '../../engine/ledger/pages.js';
import { DAY_MS } from '../../engine/limits.js';
import { BlockView } from '../../engine/protocol/block.js';
import type { Command, Leg } from '../../engine/protocol/commands.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';
import { Random } from '../random.js';
import { chained, slotMapOf } from './audited.js';
import { bound } from './draws.js';
import { MemoryShards } from './memory-shards.js';
import { ToldLots } from './told-lots.js';

const START = 20_500 * DAY_MS;
const HOUR = 3_600_000;
const STEPS = 60;

/** What a world came to. */
export interface NoticesTold {
  readonly told: number;
  readonly buckets: number;
}

class NoticeWorld {
  readonly shards: MemoryShards;
  readonly told: readonly ToldLots[];
  readonly #random: Random;
  /** Is it looked at what the feed tells? */
  readonly #isFollowed: boolean;
  readonly #users: readonly string[];
  readonly #read: number[];
  readonly #ids: { readonly owner: string; readonly id: string; readonly type: string }[] = [];
  #time = START;
  #n = 0;

  constructor(random: Random, isFollowed = true) {
    this.#isFollowed = isFollowed;
    const count = random.pick([1, 1, 2, 3]);
    this.#random = random;
    this.shards = new MemoryShards(count);
    this.told = this.shards.shards.map(() => new ToldLots());
    this.#read = this.told.map(() => 0);
    const users = random.chance(0.3) ? 60 * count + random.int(100) : 4;
    this.#users = Array.from({ length: users }, (_, n) => `u${n}`);
    this.#define(random.pick([0, 3, 30]));
    if (users > 4) for (const owner of this.#users) this.#earn(owner);
  }

  #define(days: number): void {
    const terms = { scale: 0, lotGranularityMs: HOUR, expiryNoticeDays: days };
    for (const asset of ['gold', 'tea'])
      this.shards.apply({ type: 'define-asset', asset, ...terms }, this.#time);
  }

  #do(command: Command): Outcome {
    this.#n++;
    return this.shards.apply({ id: `c${this.#n}`, ...command } as Command, this.#time);
  }

  #leg(from: string, to: string): Leg {
    const { pick, int, chance } = bound(this.#random);
    const isMint = from === '@issue';
    const days = pick([0, 1, 2, 3, 4, 10, 29, 30, 31, 60]);
    const expiresAt =
      isMint || chance(0.2) ? this.#time + days * DAY_MS + 1 + int(HOUR) : undefined;
    return { from, to, asset: pick(['gold', 'gold', 'tea']), amount: 1 + int(50), expiresAt };
  }

  #earn(owner: string): void {
    this.#do({ type: 'transfer', legs: [this.#leg('@issue', owner)] });
  }

  /** Whatever may be refused: then nothing has happened. */
  #any(): void {
    const { pick, int, chance } = bound(this.#random);
    const [owner, other] = [pick(this.#users), pick(this.#users)];
    const id = `c${this.#n + 1}`;
    const past = this.#ids.length === 0 ? undefined : pick(this.#ids);
    const amount = 1 + int(30);
    switch (int(9)) {
      case 0:
      case 1:
        this.#earn(owner);
        break;
      case 2:
        this.#do({ type: 'transfer', owner, legs: [this.#leg(owner, other)] });
        break;
      case 3:
        this.#do({
          type: 'transfer',
          legs: [{ ...this.#leg(owner, '@redeem'), expiresAt: undefined }],
        });
        break;
      case 4: {
        const deadline = chance(0.5) ? this.#time + 1 + int(5 * DAY_MS) : undefined;
        this.#do({ type: 'hold', owner, asset: 'gold', amount, deadline });
        break;
      }
      case 5: {
        const legs = [this.#leg('@issue', owner)];
        const pendingUntil = this.#time + 1 + int(2 * DAY_MS);
        this.#do({ type: 'transfer', legs, pendingUntil });
        break;
      }
      case 6:
        this.#extend(owner);
        break;
      case 7:
        if (past?.type === 'hold')
          this.#do({ type: 'release', owner: past.owner, holdId: past.id });
        break;
      default:
        if (past?.type === 'transfer')
          this.#do({
            type: 'reverse',
            owner: past.owner,
            transferId: past.id,
            allowDebt: chance(0.3),
          });
    }
    this.#ids.push({ owner, id, type: 'transfer' }, { owner, id, type: 'hold' });
  }

  #extend(owner: string): void {
    const { pick, int } = bound(this.#random);
    const lots = this.shards
      .balances(owner)
      .flatMap(({ asset, lots }) =>
        lots.flatMap(({ expiresAt }) => (expiresAt === null ? [] : [{ asset, expiresAt }])),
      );
    if (lots.length === 0) return;
    const { asset, expiresAt } = pick(lots);
    const later = expiresAt + 1 + int(40 * DAY_MS);
    const account = { owner, asset, lotExpiresAt: expiresAt };
    this.#do({ type: 'extend-lots', ...account, expiresAt: later });
  }

  #tick(): void {
    this.shards.tick(this.#time);
    this.#look();
    if (this.#isFollowed) for (const told of this.told) told.complete(this.#time);
  }

  #look(): void {
    if (!this.#isFollowed) return;
    for (const [shard, { blocks, state }] of this.shards.shards.entries())
      while (this.#read[shard]! < blocks.length)
        this.told[shard]!.add(new BlockView(blocks[this.#read[shard]!++]!), state.assets.list);
  }

  /** A shard is opened again: with the last checkpoint, which is as it is now, or with its log alone. */
  #reopen(): void {
    const shards = this.shards.shards as MemoryLedger[];
    const shard = this.#random.int(shards.length);
    const memory = shards[shard]!;
    if (this.#random.chance(0.5)) {
      shards[shard] = MemoryLedger.replay(memory.blocks, memory.state.places);
      return;
    }
    const { pages } = memory.state;
    const { shape } = pages;
    const stored = Array.from({ length: shape.buckets }, (_, at) => pages.page(at).encode());
    const again = new Pages({ load: (at) => stored[at] }, shape, pages.minDue.slice());
    Object.assign(memory.state, { pages: again });
  }

  run(): void {
    const { pick, int, chance } = bound(this.#random);
    for (let step = 0; step < STEPS; step++) {
      this.#time += pick([0, 0, int(HOUR), int(DAY_MS), int(4 * DAY_MS), int(20 * DAY_MS)]);
      if (chance(0.3)) this.#tick();
      for (let n = int(6); n > 0; n--) this.#any();
      if (chance(0.1)) this.#define(pick([3, 7, 30, 31]));
      if (chance(0.1)) this.#reopen();
    }
    this.#tick();
  }

  verify(): void {
    const { shards } = this.shards;
    const slotMap = Uint16Array.from(slotMapOf(shards.length));
    for (const [shard, { blocks, state }] of shards.entries()) {
      const check = new LogCheck({ shard, slotMap }, new IdSet('/nonexistent/ids'));
      for (const block of chained(blocks, shard)) check.add(block);
      const { shape, minDue } = state.pages;
      const compare = new PageCompare(check.books, shape);
      for (let at = 0; at < shape.buckets; at++)
        compare.add(at, state.pages.page(at).encode(), minDue[at]!);
      compare.end();
      const twin = MemoryLedger.replay(blocks, state.places);
      const [is, should] = [canonicalState(twin.state), canonicalState(state)];
      const other = should.findIndex((line, n) => line !== is[n]);
      if (other >= 0 || is.length !== should.length)
        throw new Error(`L6: replayed gives ${is[other]} instead of ${should[other]}`);
    }
  }
}

/** Both properties. */
export function toldOnce(seed: number): NoticesTold {
  const world = new NoticeWorld(new Random(seed));
  world.run();
  world.verify();
  const told = world.told.reduce((sum, { count }) => sum + count, 0);
  const buckets = world.shards.shards.reduce(
    (sum, { state }) => sum + state.pages.shape.buckets,
    0,
  );
  return { told, buckets };
}

/** The first property alone. */
export const toldInFeed = (seed: number): void => new NoticeWorld(new Random(seed)).run();

/** The second one alone. */
export function toldByAudit(seed: number): void {
  const world = new NoticeWorld(new Random(seed), false);
  world.run();
  world.verify();
}
