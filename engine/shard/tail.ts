// The part of a shard's log that is in no segment, as the sealing sees it. Owns: what is told of it, that only what a checkpoint has leaves it.
// Never touches: segments (engine/store/segment), when one is due (engine/sealing).
//   shard.L1. What a restart replays is in the tail: a block leaves it when a valid checkpoint is the state after it, or after a later one.

import type { Log } from '../store/log.js';
import { verifiedBlock } from '../store/verified-block.js';
import { crashPoint } from './crash-points.js';
import type { TailFigures } from './messages.js';

export class Tail {
  readonly #log: Log | undefined;
  readonly #rest: (ms: number) => Promise<void>;
  /** The first block whose time is known. */
  #known = { seq: 0, time: 0 };

  /** Undefined: a log that has no segments. */
  constructor(log: Log | undefined, rest: (ms: number) => Promise<void>) {
    this.#log = log;
    this.#rest = rest;
  }

  /** Undefined: it has none, or the log is empty. */
  figures(checkpointSeq: number): TailFigures | undefined {
    const log = this.#log;
    const first = log?.tailSeq() ?? 0;
    if (log === undefined || first === 0) return undefined;
    if (this.#known.seq !== first) {
      const bytes = log.read(first);
      if (bytes === undefined) return undefined;
      this.#known = { seq: first, time: verifiedBlock(bytes, first).header.time };
    }
    const { time } = this.#known;
    return { first, time, head: log.headSeq(), bytes: log.tailBytes(), checkpointSeq };
  }

  /** Lets the blocks of sealed segments go, up to this one. */
  async cut(through: number, checkpointSeq: number): Promise<void> {
    const log = this.#log;
    if (log === undefined) throw new Error('this log has no segments');
    if (through > checkpointSeq)
      throw new Error(`block ${through} is not in the checkpoint after block ${checkpointSeq}`);
    crashPoint('cut-begun');
    await log.cut(through, (ms) => {
      crashPoint('cut-slice');
      return this.#rest(ms);
    });
    crashPoint('cut-ended');
  }
}
