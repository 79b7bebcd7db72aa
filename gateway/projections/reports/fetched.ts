// Files of runs, piece by piece, also those that another node has. Owns: pieces on their way between nodes. Never touches: which run has which file.
//   reports.X1. A file that comes from another node is whole, or its stream ends with an error: pieces name the file by size and time, and are of one file.
//   reports.X2. What a node gives is a file of a run whose record says that this node has it: another node names the run, never a path.

import { open } from 'node:fs/promises';
import type { Engine } from '../../../engine/index.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { RefusedAnswer } from '../peers.js';

/** What is read of a file at a time, in bytes. */
const PIECE_BYTES = 1_048_576;
/** What other nodes are asked about. */
const ABOUT = 'report-file';

/** A run by its names. */
export interface NamedRun {
  readonly schedule: string;
  readonly run: string;
}

/** Bytes from a place on, out of a file of this size that was written then. */
interface Piece {
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly writtenAt: number;
}

/** Where this node has the file of a run; a refusal: it has none. */
export type FindPath = (of: NamedRun) => Promise<string | Refusal>;

/** A piece of a file that is here. */
async function pieceOf(path: string, from: number): Promise<Piece | Refusal> {
  const file = await open(path, 'r').catch(() => undefined);
  if (file === undefined) return refuse('REPORT_FILE_NOT_FOUND', 'run');
  try {
    const { size, mtimeMs } = await file.stat();
    const bytes = Buffer.alloc(Math.max(0, Math.min(PIECE_BYTES, size - from)));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, from);
    return { bytes: bytes.subarray(0, bytesRead), size, writtenAt: Math.floor(mtimeMs) };
  } finally {
    await file.close();
  }
}

export class FetchedFiles {
  readonly #beside: Engine['beside'];

  constructor(beside: Engine['beside']) {
    this.#beside = beside;
  }

  /** Gives other nodes what they ask for. */
  serve(find: FindPath): void {
    this.#beside.serve(ABOUT, async ({ schedule, run, from }) => {
      if (typeof schedule !== 'string' || typeof run !== 'string')
        return refuse('REPORT_FILE_NOT_FOUND', 'run');
      if (!Number.isSafeInteger(from) || (from as number) < 0)
        return refuse('QUERY_INVALID', 'from');
      const path = await find({ schedule, run });
      return isRefusal(path) ? path : pieceOf(path, from as number);
    });
  }

  /** Can this node be asked at all? */
  knows(node: string): boolean {
    return this.#beside.others.includes(node);
  }

  /** A file that is here. */
  here(path: string): Promise<AsyncGenerator<Uint8Array> | Refusal> {
    return this.#opened((from) => pieceOf(path, from));
  }

  /** A file that another node has. */
  from(node: string, of: NamedRun): Promise<AsyncGenerator<Uint8Array> | Refusal> {
    return this.#opened((from) => this.#beside.ask<Piece>(node, ABOUT, { ...of, from }));
  }

  /** Its first piece is there when it is answered, so that what is not there is refused. */
  async #opened(
    read: (from: number) => Promise<Piece | Refusal>,
  ): Promise<AsyncGenerator<Uint8Array> | Refusal> {
    const first = await read(0);
    return isRefusal(first) ? first : this.#rest(first, read);
  }

  async *#rest(
    first: Piece,
    read: (from: number) => Promise<Piece | Refusal>,
  ): AsyncGenerator<Uint8Array> {
    let piece = first;
    for (let from = 0; ; ) {
      from += piece.bytes.length;
      yield piece.bytes;
      if (from === first.size) return;
      const next = await read(from);
      if (isRefusal(next)) throw new RefusedAnswer(next);
      const isSame = next.size === first.size && next.writtenAt === first.writtenAt;
      // X1.
      if (!isSame || next.bytes.length === 0)
        throw new RefusedAnswer(refuse('REPORT_FILE_NOT_FOUND', 'run'));
      piece = next;
    }
  }
}
