// Blocks read back: verified, and kept for a while. Owns: the cache of blocks. Never touches: what is in them.
//   shard.B1. A block is handed out only when its hash is right.

import { hash } from 'node:crypto';
import { pastRecord, recordIn } from '../ledger/memory.js';
import type { Past, PastRecord } from '../ledger/state.js';
import { BlockView } from '../protocol/block.js';
import type { Draft } from '../protocol/draft.js';
import { CorruptionError } from '../store/errors.js';
import type { BlockLog } from './machine.js';

/** Bytes of blocks that are kept. */
const KEPT_BYTES = 16 * 1024 * 1024;

/** SHA-256. */
export function hashOf(bytes: Uint8Array): Buffer {
  return hash('sha256', bytes, 'buffer');
}

/** A block out of its bytes, its hash checked. */
export function verifiedBlock(bytes: Uint8Array, seq: number): BlockView {
  let block: BlockView;
  try {
    block = new BlockView(bytes);
  } catch (error) {
    throw new CorruptionError('log', `block ${seq}`, (error as Error).message);
  }
  if (Buffer.compare(hashOf(block.hashed), block.hash) !== 0) {
    throw new CorruptionError('log', `block ${seq}`, 'its hash does not match its bytes');
  }
  if (block.header.seq !== seq)
    throw new CorruptionError('log', `block ${seq}`, `says that it is ${block.header.seq}`);
  return block;
}

/** The log as the ledger sees it, also what is not durable yet. */
export class Blocks implements Past {
  readonly #log: Pick<BlockLog, 'read'>;
  readonly #kept = new Map<number, BlockView>();
  #keptBytes = 0;
  #draft: Draft | null = null;
  #underWay: { readonly seq: number; readonly view: BlockView } | null = null;

  constructor(log: Pick<BlockLog, 'read'>) {
    this.#log = log;
  }

  /** The block being filled. */
  setDraft(draft: Draft): void {
    this.#draft = draft;
  }

  /** The block being written; null: none. */
  setUnderWay(seq: number, bytes: Uint8Array | null): void {
    this.#underWay = bytes === null ? null : { seq, view: new BlockView(bytes) };
  }

  /** A durable block. Throws CorruptionError where it is missing or damaged. */
  block(seq: number): BlockView {
    const kept = this.#kept.get(seq);
    if (kept !== undefined) {
      this.#kept.delete(seq);
      this.#kept.set(seq, kept);
      return kept;
    }
    const bytes = this.#log.read(seq);
    if (bytes === undefined) throw new CorruptionError('log', `block ${seq}`, 'is missing');
    const block = verifiedBlock(bytes, seq);
    this.#kept.set(seq, block);
    this.#keptBytes += bytes.length;
    for (const [oldest, view] of this.#kept) {
      if (this.#keptBytes <= KEPT_BYTES || oldest === seq) break;
      this.#kept.delete(oldest);
      this.#keptBytes -= view.bytes.length;
    }
    return block;
  }

  read(seq: number, offset: number): PastRecord {
    const draft = this.#draft;
    if (draft !== null && draft.seq === seq) {
      return pastRecord(draft.commands(), draft.reader(), draft, offset);
    }
    const view = this.#underWay?.seq === seq ? this.#underWay.view : this.block(seq);
    return recordIn(view, offset);
  }
}
