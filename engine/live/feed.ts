// The committed feed of one shard. Owns: which blocks are known to be durable, the newest of them in memory, where each
// subscription is. Never touches: state.
//   live.E1. Each item exactly once, in order; the next block only after the listener is done with the one before.
//   live.E2. Only durable blocks: what is told live comes from the shard after its sync, everything else from the log up to there.
//   live.E3. A shard tells its blocks only while somebody follows or taps its feed.

import { FEED_WINDOW_BYTES } from '../limits.js';
import { BlockView } from '../protocol/block.js';
import { commandOfTuple, unpackTuple } from '../protocol/codec.js';
import type { LoggedCommand, TransferCommand } from '../protocol/commands.js';
import { EXTRA } from '../protocol/effects.js';
import { eventsOf } from '../protocol/events.js';
import { OP } from '../protocol/layout.js';
import { noticesOf } from '../protocol/notices.js';
import {
  type Asset,
  assetOfExtra,
  type FeedBlock,
  type FeedItem,
  type FeedPosition,
  type Refused,
  refused,
} from '../protocol/outcomes.js';
import { type AssetCodes, entryOf, idOf, outcomeOf } from '../protocol/read-back.js';

/** Something was refused that has no outcome to say so in. */
export class RefusedError extends Error {
  readonly refusal: Refused;

  constructor(refusal: Refused) {
    super(refusal.message);
    this.name = 'RefusedError';
    this.refusal = refusal;
  }
}

/** A block of the feed, decoded once however many follow. */
export class LiveBlock {
  readonly seq: number;
  readonly view: BlockView;
  readonly #assets: AssetCodes;
  #shown: FeedBlock | undefined;

  constructor(bytes: Uint8Array, assets: AssetCodes) {
    this.view = new BlockView(bytes);
    this.seq = this.view.header.seq;
    this.#assets = assets;
  }

  get assets(): readonly Asset[] {
    return this.#assets.list;
  }

  get shown(): FeedBlock {
    this.#shown ??= feedBlock(this.view, this.#assets);
    return this.#shown;
  }
}

/** A block as the feed shows it. */
export function feedBlock({ header, effects, commands }: BlockView, assets: AssetCodes): FeedBlock {
  const { shard, seq, time } = header;
  const items: FeedItem[] = [];
  for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
    const start = effects.commandOffset(at);
    const tuple = unpackTuple(commands, start, start + effects.commandLength(at));
    const command = commandOfTuple(tuple) as LoggedCommand;
    // The ticks are items of their own.
    const place = { shard, effects, assets, commands: { bytes: commands, from: 0 }, isAlone: true };
    const outcome = outcomeOf(place, at, idOf(command), seq, time, false);
    const transfer = transferOf(command);
    const reserves = outcome.ok ? [] : effects.entries(at).map((view) => entryOf(view, assets));
    const notices = noticesOf(effects, at, shard, assets);
    const events = eventsOf(command, outcome);
    items.push({
      index: items.length,
      command,
      outcome,
      ...(reserves.length === 0 ? {} : { reserves }),
      ...(transfer === undefined ? {} : { transfer }),
      ...(notices === undefined ? {} : { notices }),
      ...(events === undefined ? {} : { events }),
    });
  }
  return { shard, seq, time, items };
}

function transferOf(command: LoggedCommand): TransferCommand | undefined {
  if (command.type !== 'prepare' && command.type !== 'decision') return undefined;
  const { transfer } = command;
  if (transfer === undefined) return undefined;
  return commandOfTuple(unpackTuple(transfer, 0, transfer.length)) as TransferCommand;
}

/** What the feed of a shard needs of the ledger. */
export interface FeedSource {
  readonly assets: AssetCodes;
  /** Has the shard tell its blocks, or not; resolves with the last durable one before. */
  watch(on: boolean): Promise<number>;
  /** Some durable blocks, from `from` on and up to `to` at most. */
  read(from: number, to: number): Promise<readonly Uint8Array[]>;
}

/** The feed of one shard: who follows it, and what of it is in memory. */
export class ShardFeed {
  readonly #source: FeedSource;
  /** The newest blocks, one after the other. */
  readonly #window: LiveBlock[] = [];
  #windowBytes = 0;
  /** The last block that is known to be durable. */
  #head = 0;
  #users = 0;
  #followers = 0;
  #watching: Promise<number> = Promise.resolve(0);
  readonly #waiting = new Set<() => void>();
  /** The next block of each subscription. */
  readonly #places = new Set<{ seq: number }>();
  readonly #taps = new Set<(block: LiveBlock) => void>();
  /** As the ledger's, with what the log defines before the ledger has heard of it. */
  readonly #assets: AssetCodes;
  #early: readonly Asset[] = [];

  constructor(source: FeedSource) {
    this.#source = source;
    const early = (): readonly Asset[] => this.#early;
    this.#assets = {
      get list() {
        const known = source.assets.list;
        return early().length > known.length ? early() : known;
      },
    };
  }

  get subscriptions(): number {
    return this.#places.size;
  }

  /** How many durable blocks the slowest subscription has not been told of. */
  get lagBlocks(): number {
    let lag = 0;
    for (const { seq } of this.#places) lag = Math.max(lag, this.#head + 1 - seq);
    return lag;
  }

  /** The shard tells of a durable block. */
  arrived(bytes: Uint8Array): void {
    const block = new LiveBlock(bytes, this.#assets);
    this.#learn(block);
    this.#head = Math.max(this.#head, block.seq);
    if (this.#followers > 0) this.#keep(block);
    for (const tap of this.#taps) tap(block);
    for (const wake of this.#waiting) wake();
  }

  /** Assets that a block defines: entries behind name them by their numbers. */
  #learn({ view: { effects } }: LiveBlock): void {
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
      if (effects.op(at) !== OP['define-asset'] || effects.refusalNumber(at) !== 0) continue;
      for (const extra of effects.extras(at)) {
        const list = this.#assets.list;
        if (extra.tag !== EXTRA.asset || extra.numbers[0] !== list.length) continue;
        this.#early = [...list, assetOfExtra(extra)[1]];
      }
    }
  }

  #keep(block: LiveBlock): void {
    const window = this.#window;
    if (window.length > 0 && window[window.length - 1]?.seq !== block.seq - 1) this.#forget();
    window.push(block);
    this.#windowBytes += block.view.bytes.length;
    let gone = 0;
    while (this.#windowBytes > FEED_WINDOW_BYTES)
      this.#windowBytes -= window[gone++]?.view.bytes.length ?? this.#windowBytes;
    window.splice(0, gone);
  }

  #forget(): void {
    this.#window.length = 0;
    this.#windowBytes = 0;
  }

  /** From when it resolves on, the shard tells every block. Ends with #release(). */
  async #retain(): Promise<void> {
    if (this.#users++ === 0) this.#watching = this.#source.watch(true);
    try {
      this.#head = Math.max(this.#head, await this.#watching);
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  #release(): void {
    if (--this.#users > 0) return;
    // A ledger that is closing, or has failed, does not watch any more.
    this.#source.watch(false).catch(() => undefined);
  }

  /**
   * Is told of every block that becomes durable after it resolved, while it is being told of it. Resolves with a function
   * that ends it.
   */
  async tap(tap: (block: LiveBlock) => void): Promise<() => void> {
    await this.#retain();
    this.#taps.add(tap);
    return () => {
      if (this.#taps.delete(tap)) this.#release();
    };
  }

  /** Runs a subscription until the signal, or an error. */
  async follow(
    from: FeedPosition,
    listener: (block: FeedBlock) => void | Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#retain();
    this.#followers++;
    const place = { seq: from.seq };
    this.#places.add(place);
    try {
      const last = from.index === 0 ? from.seq - 1 : from.seq;
      // Who asks may have heard of a block before this feed has.
      if (last > this.#head) this.#head = Math.max(this.#head, await this.#source.watch(true));
      if (last > this.#head) throw new RefusedError(refused('POSITION_AHEAD', 'seq'));
      let { seq, index } = from;
      while (!signal.aborted) {
        for (const block of await this.#next(seq, signal)) {
          if (signal.aborted) return;
          const { shown } = block;
          await listener(index === 0 ? shown : { ...shown, items: shown.items.slice(index) });
          index = 0;
          seq++;
          place.seq = seq;
        }
      }
    } finally {
      this.#places.delete(place);
      if (--this.#followers === 0) this.#forget();
      this.#release();
    }
  }

  /** Some blocks from `seq` on; none where the subscription has ended. */
  async #next(seq: number, signal: AbortSignal): Promise<readonly LiveBlock[]> {
    if (seq > this.#head) await this.#wait(seq, signal);
    if (signal.aborted) return [];
    const first = this.#window[0]?.seq ?? Number.POSITIVE_INFINITY;
    const kept = seq >= first ? this.#window.slice(seq - first) : [];
    if (kept.length > 0) return kept;
    const read = await this.#source.read(seq, this.#head);
    return read.map((bytes) => new LiveBlock(bytes, this.#assets));
  }

  #wait(seq: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        if (this.#head < seq && !signal.aborted) return;
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake);
      if (signal.aborted) wake();
    });
  }
}
