// A batch of commands and queries on its way through a shard. Owns: how far it is, what came of it so far. Never touches: state.

import { EVERYTHING, type Granted } from '../protocol/grants.js';
import type { Answer, Replayed, Reply, Segment } from './messages.js';

/** A batch on its way through the mailbox. */
export class Batch {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly results: Int32Array;
  readonly segments: Segment[] = [];
  readonly replayed: Replayed[] = [];
  readonly answers: Answer[] = [];
  readonly opened: number[] = [];
  /** Commands done so far, and where the next one begins. */
  next = 0;
  at = 0;
  /** What the caller of the next command may do. */
  granted: Granted = EVERYTHING;
  /** The block that must be durable before the answer leaves. */
  waitsFor = 0;
  readonly resolve: (reply: Reply) => void;

  constructor(bytes: Uint8Array, count: number, resolve: (reply: Reply) => void) {
    this.bytes = bytes;
    this.count = count;
    this.results = new Int32Array(count * 2);
    this.resolve = resolve;
  }

  get isDone(): boolean {
    return this.next === this.count;
  }

  set(index: number, kind: number, value: number): void {
    this.results[index * 2] = kind;
    this.results[index * 2 + 1] = value;
  }

  answered(): void {
    const { results, segments, replayed, answers, opened } = this;
    this.resolve({ results, segments, replayed, answers, opened });
  }
}
