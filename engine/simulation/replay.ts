// A shard's log replayed into a state of its own, in bounded memory. Owns: that state, in a folder that goes away; where it begins. Never
// touches: the data folder, which it reads only.
//   simulation.L1. It begins with a copy of the shard's checkpoint where that is from before the period, and else with the first block.
//   simulation.L2. A block that does not do what it records ends it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Ledger } from '../ledger/ledger.js';
import { replayBlock } from '../ledger/memory.js';
import { Draft } from '../protocol/draft.js';
import { Blocks } from '../shard/blocks.js';
import { Checkpoint, decodeRoot, type Head } from '../shard/checkpoint.js';
import { checkChain } from '../shard/recovery.js';
import { shardLogPath, shardStatePath } from '../store/folder.js';
import { Log } from '../store/log.js';
import { secretOf } from '../store/secret.js';
import { StateStore } from '../store/state.js';
import { placesOf } from '../transfer/open/places.js';
import type { ShardPart } from './shard-tasks.js';

/** How long it goes on without letting anything else have its turn. */
const TURN_MS = 50;

type Replayed = Pick<
  ShardPart,
  'folder' | 'shard' | 'shards' | 'slotMap' | 'scratch' | 'cacheBytes' | 'upTo' | 'from' | 'to'
>;

/** The shard's checkpoint copied, where it is from before `from`: what is after it need not be looked at. */
async function copyCheckpoint({ folder, shard, from }: Replayed, to: string): Promise<void> {
  const path = shardStatePath(folder, shard);
  if (!existsSync(path)) return;
  const store = StateStore.open(path, { readOnly: true });
  try {
    const root = store.readRoot();
    if (root !== undefined && decodeRoot(root).time < from) await store.backup(to);
  } finally {
    await store.close();
  }
}

export class Replay {
  readonly ledger: Ledger;
  readonly #part: Replayed;
  readonly #log: Log;
  readonly #store: StateStore;
  readonly #blocks: Blocks;
  readonly #checkpoint: Checkpoint;
  readonly #draft = new Draft();
  #head: Head;

  private constructor(part: Replayed, log: Log, store: StateStore) {
    const { shard, shards, slotMap, cacheBytes } = part;
    this.#part = part;
    this.#log = log;
    this.#store = store;
    this.#blocks = new Blocks(log);
    this.#checkpoint = Checkpoint.open(
      store,
      this.#blocks,
      cacheBytes,
      placesOf(shard, shards, slotMap),
    );
    this.#blocks.setDraft(this.#draft);
    this.#head = this.#checkpoint.head;
    this.ledger = new Ledger(this.#checkpoint.state, this.#draft);
    this.ledger.isReplaying = true;
    this.ledger.secret = secretOf(part.folder);
  }

  static async open(part: Replayed): Promise<Replay> {
    const state = join(part.scratch, 'state.mdb');
    await copyCheckpoint(part, state);
    const log = Log.open(shardLogPath(part.folder, part.shard), { readOnly: true });
    const store = StateStore.open(state);
    return new Replay(part, log, store);
  }

  /** The block that it stands behind. */
  get seq(): number {
    return this.#head.seq;
  }

  /** Replays up to the end of the period. `onBlock` is told how far it is; it ends where that throws. */
  async run(onBlock: (seq: number, time: number) => void): Promise<void> {
    const { shard, to, upTo = this.#log.headSeq() } = this.#part;
    const { ledger } = this;
    let turn = performance.now();
    for (let seq = this.#head.seq + 1; seq <= upTo; seq++) {
      const block = this.#blocks.block(seq);
      const { time } = block.header;
      if (time >= to) return;
      checkChain(block, shard, this.#head);
      onBlock(seq, time);
      this.#draft.open(seq, time, block.applyVersion);
      ledger.openBlock(this.#draft);
      replayBlock(ledger, block);
      ledger.outbox.length = 0;
      this.#head = { seq, hash: block.hash.slice(), time };
      if (this.#checkpoint.isWanted)
        await this.#checkpoint.write(this.#head, Promise.resolve(), true);
      this.#checkpoint.evict();
      if (performance.now() - turn < TURN_MS) continue;
      await new Promise(setImmediate);
      turn = performance.now();
    }
  }

  async close(): Promise<void> {
    await this.#checkpoint.idle();
    await this.#log.close();
    await this.#store.close();
  }
}
