// What the reading process is asked, and what it answers. Owns: the types of its tasks. Never touches: anything else.

import type { StoredParts } from '../ledger/state.js';
import type { SegmentEntry } from '../store/segment/manifest.js';
import type { Walked } from './lmdb-walk.js';

/** Values one after the other, each beginning at a multiple of 8. */
export interface Packed {
  readonly bytes: Uint8Array;
  /** Where each one begins, and how long it is, in turn; -1: it is not there. */
  readonly places: readonly number[];
}

/** Something found while reading; the block, where it is one. */
export interface Fault {
  readonly seq?: number | undefined;
  readonly what: string;
}

/** A stored page, with what the checkpoint it belongs to says. */
export interface StoredPage {
  readonly root: Uint8Array;
  readonly page: Uint8Array | undefined;
}

/** Tasks by name: what goes with one, and what comes back, always an object. */
export interface Tasks {
  /** Is the file whole? Reads without LMDB. */
  readonly walk: { readonly ask: { readonly path: string }; readonly answer: Walked };
  readonly 'open-log': {
    readonly ask: { readonly path: string; readonly twin?: TwinSettings | undefined };
    /** `tail`: the first block that is in no segment alone. */
    readonly answer: { readonly first: number; readonly tail: number; readonly head: number };
  };
  /** The segments of a log, as its manifest names them; and what is beside them that it does not name. */
  readonly segments: {
    readonly ask: { readonly path: string };
    readonly answer: {
      readonly folder: string;
      readonly entries: readonly SegmentEntry[];
      readonly strange: readonly string[];
    };
  };
  /** Is a segment what its entry says, to the last byte? Fails where it is not. */
  readonly 'check-segment': {
    readonly ask: { readonly folder: string; readonly entry: SegmentEntry };
    readonly answer: Record<string, never>;
  };
  /** Blocks from one on, about so many bytes, one at least. With a twin, they are replayed after they were sent. */
  readonly blocks: {
    readonly ask: { readonly from: number; readonly to: number; readonly bytes: number };
    readonly answer: { readonly blocks: Packed; readonly fault?: Fault | undefined };
  };
  /** Commands of records by (seq, offset of the record), one after the other. */
  readonly commands: {
    readonly ask: { readonly places: readonly number[] };
    readonly answer: Packed;
  };
  /** Did replaying the blocks sent so far give what they record? */
  readonly twin: {
    readonly ask: Record<string, never>;
    readonly answer: {
      readonly fault?: Fault | undefined;
      /** Not all could be replayed. */
      readonly isBehind: boolean;
      readonly buckets: number;
      readonly accounts: number;
      readonly why?: WhyFigures | undefined;
    };
  };
  /** Pages of the replayed state, from one bucket on. */
  readonly 'twin-pages': {
    readonly ask: { readonly from: number; readonly bytes: number };
    readonly answer: StoredParts & { readonly pages: Packed };
  };
  readonly 'open-state': {
    readonly ask: { readonly path: string };
    readonly answer: { readonly root: Uint8Array | undefined };
  };
  /** Reads every value in the state, wanted or not; answers the keys of those that are damaged. */
  readonly sweep: {
    readonly ask: Record<string, never>;
    readonly answer: { readonly faults: readonly string[] };
  };
  readonly 'state-pages': {
    readonly ask: { readonly keys: readonly number[] };
    readonly answer: Packed;
  };
  readonly 'state-chunk': {
    readonly ask: { readonly key: string };
    readonly answer: { readonly bytes: Uint8Array | undefined };
  };
  /** Opens a run of ids; its chunks are asked for by 'ids'. */
  readonly run: {
    readonly ask: {
      readonly number: number;
      readonly count: number;
      readonly chunks: number;
      readonly filterBytes: number;
    };
    readonly answer: Record<string, never>;
  };
  /** The entries of a chunk of the run: five numbers each, key (two), seq (two), offset. Checked to be found where they are. */
  readonly ids: {
    readonly ask: { readonly chunk: number };
    readonly answer: { readonly columns: Uint32Array; readonly fault?: string | undefined };
  };
  /** The stored page of an owner, consistent also while somebody writes. */
  readonly 'stored-page': {
    readonly ask: { readonly path: string; readonly hash: number };
    readonly answer: { readonly stored: StoredPage | undefined };
  };
  readonly 'copy-log': {
    readonly ask: { readonly to: string; readonly seq: number };
    readonly answer: { readonly hash: string };
  };
  readonly 'copy-state': {
    readonly ask: { readonly to: string };
    readonly answer: Record<string, never>;
  };
  /** Makes a state environment at `to` by replaying the log. */
  readonly rebuild: {
    readonly ask: {
      readonly folder: string;
      readonly shard: number;
      readonly shards: number;
      readonly slotMap: Uint16Array;
      readonly to: string;
      readonly cacheBytes: number;
    };
    readonly answer: { readonly seq: number; readonly hash: string };
  };
  /** Lets go of what is open. */
  readonly close: { readonly ask: Record<string, never>; readonly answer: Record<string, never> };
}

/** How the log is replayed beside. */
/** How acts were decided again (`verify --why`). */
export interface WhyFigures {
  /** Acts that come to what was logged, and those that the log alone cannot decide: it has not what they asked for. */
  readonly recomputed: number;
  readonly asLogged: number;
  readonly faults: readonly string[];
}

export interface TwinSettings {
  readonly shard: number;
  readonly shards: number;
  /** The shard of each slot. */
  readonly slotMap: Uint16Array;
  /** A file for what does not fit the memory. */
  readonly scratch: string;
  readonly cacheBytes: number;
  /** Are acts decided again, and compared with what was logged? */
  readonly why?: boolean | undefined;
}

/** From the process that asks. */
export interface Asked {
  readonly number: number;
  readonly type: keyof Tasks;
  readonly ask: unknown;
}

/** From the process that reads. Without `answer` and `error`: it is still at work, perhaps at block `seq`. */
export interface Told {
  readonly number: number;
  readonly answer?: unknown;
  readonly error?: { readonly name: string; readonly message: string };
  readonly seq?: number;
}

/** Puts values together. */
export function pack(values: readonly (Uint8Array | undefined)[]): Packed {
  let length = 0;
  const places: number[] = [];
  for (const value of values) {
    places.push(value === undefined ? -1 : length, value?.length ?? 0);
    length += ((value?.length ?? 0) + 7) & ~7;
  }
  const bytes = new Uint8Array(length);
  values.forEach((value, i) => {
    if (value !== undefined) bytes.set(value, places[i * 2] as number);
  });
  return { bytes, places };
}

/** The values again; in buffers that are aligned whatever the message's was. */
export function unpack({ bytes, places }: Packed): (Uint8Array | undefined)[] {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : new Uint8Array(bytes);
  const values: (Uint8Array | undefined)[] = [];
  for (let i = 0; i < places.length; i += 2) {
    const at = places[i] as number;
    values.push(at < 0 ? undefined : aligned.subarray(at, at + (places[i + 1] as number)));
  }
  return values;
}
