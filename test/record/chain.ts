// Blocks of a made-up shard, one behind the other. Owns: what is in them. Never touches: logs.

import { writeBlock } from '../../engine/protocol/block.js';
import type { RecordAt } from '../../engine/record/administration.js';
import { recordPlace } from '../../engine/record/place.js';
import { PostgresRecord, positionOf, type RecordSettings } from '../../engine/record/postgres.js';
import { BEFORE_FIRST, type Position } from '../../engine/record/record.js';
import { hashOf } from '../../engine/store/verified-block.js';

export const BASE_MS = Date.UTC(2026, 10, 30);

export class Chain {
  readonly blocks: Uint8Array[] = [];
  last: Position = BEFORE_FIRST;
  timeMs = BASE_MS;
  readonly #shard: number;

  constructor(shard = 0) {
    this.#shard = shard;
  }

  /** The next block; `text` tells it from others. */
  next(text = 'a', bytes = 40): Uint8Array {
    const commands = new Uint8Array(bytes);
    commands.set(Buffer.from(text).subarray(0, bytes));
    const block = new Uint8Array(bytes + 200);
    const seq = this.last.seq + 1;
    const header = { shard: this.#shard, epoch: 1, seq, time: this.timeMs, count: 0 };
    const hashed = writeBlock(block, header, this.last.hash, commands, new Uint8Array(0));
    block.set(hashOf(block.subarray(0, hashed)), hashed);
    const made = block.slice(0, hashed + 32);
    this.blocks.push(made);
    this.last = positionOf(made);
    return made;
  }

  /** So many further blocks. */
  some(count: number, bytes = 40): Uint8Array[] {
    return Array.from({ length: count }, () => this.next('a', bytes));
  }

  block(seq: number): Uint8Array | undefined {
    return this.blocks[seq - 1];
  }
}

/** A shard's log of record, with a chain as its local log. */
export class Held {
  readonly chain = new Chain();
  readonly troubles: string[] = [];
  readonly record: PostgresRecord;

  constructor({ url }: RecordAt, settings: Partial<RecordSettings> = {}) {
    this.record = new PostgresRecord({
      place: recordPlace(url),
      shard: 0,
      node: 'test',
      standby: true,
      lookMs: 300,
      local: (seq) => this.chain.block(seq),
      onTrouble: (trouble) => {
        if (trouble !== null) this.troubles.push(trouble);
      },
      ...settings,
    });
  }

  /** In the place of whoever holds it. */
  async takeOver(): Promise<number | undefined> {
    return this.record.takeOver(await this.record.holding(), 1);
  }

  /** Appends a further block. */
  append(text = 'a', bytes = 40): Promise<void> {
    const before = this.chain.last;
    return this.record.append(before, [this.chain.next(text, bytes)]);
  }
}
