// Blocks read back: verified, and kept for a while. Owns: the cache of blocks. Never touches: what is in them.
//   shard.B1. A block is handed out only when its hash is right.

import { pastRecord, recordIn } from '../ledger/memory.js';
import type { Past, PastRecord } from '../ledger/state.js';
import { BlockView } from '../protocol/block.js';
import type { Draft } from '../protocol/draft.js';
import { CorruptionError } from '../store/errors.js';
import { verifiedBlock } from '../store/verified-block.js';
import type { BlockLog } from './machine.js';

/** Bytes of blocks that are kept. */
const KEPT_BYTES = 16 * 1024 * 1024;

/** The log as the ledger sees it, also what is not durable yet. */
export class Blocks implements Past {
  readonly #log: Pick<BlockLog, 'read'>;
  readonly #kept = new Map<number, BlockView>();
  #keptBytes = 0;
  #draft: Draft | null = null;
  readonly #underWay = new Map<number, BlockView>();

  constructor(log: Pick<BlockLog, 'read'>) {
    this.#log = log;
  }

  /** The block being filled. */
  setDraft(draft: Draft): void {
    this.#draft = draft;
  }

  /** A sealed block that is not durable. */
  addUnderWay(seq: number, bytes: Uint8Array): void {
    this.#underWay.set(seq, new BlockView(bytes));
  }

  /** It is durable; its bytes may change now. */
  endUnderWay(seq: number): void {
    this.#underWay.delete(seq);
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
    return recordIn(this.#underWay.get(seq) ?? this.block(seq), offset);
  }
}
