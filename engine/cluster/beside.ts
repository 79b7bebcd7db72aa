// What the program around the ledger asks its own kind on other nodes. Owns: whom it can ask, that an answer is asked of whoever serves. Never touches: what
// is asked.

import { type Refused, refused } from '../protocol/outcomes.js';
import type { ClusterNode } from './node.js';

/** What it answers to another node: what is asked has come from outside, and is an object at most. */
export type BesideHost = (asked: Readonly<Record<string, unknown>>) => Promise<object>;

export class Beside {
  readonly #node: ClusterNode | undefined;
  readonly #others: ReadonlyMap<string, number>;
  readonly #hosts = new Map<string, BesideHost>();

  /** `here`: the shards of this node, of so many. */
  constructor(node: ClusterNode | undefined, here: readonly number[], shards: number) {
    this.#node = node;
    const others = new Map<string, number>();
    for (let shard = 0; shard < shards; shard++)
      if (node !== undefined && !here.includes(shard)) others.set(node.nodeOf(shard), shard);
    this.#others = others;
  }

  /** The other nodes, by name. */
  get others(): readonly string[] {
    return [...this.#others.keys()];
  }

  /** Answers what other nodes ask about this. */
  serve(about: string, host: BesideHost): void {
    this.#hosts.set(about, host);
  }

  /** Asks another node about something: it answers within limits.REMOTE_READ_MS, or is not reached (`SHARD_UNAVAILABLE`). */
  async ask<T extends object>(node: string, about: string, asked: object): Promise<T | Refused> {
    const shard = this.#others.get(node);
    if (shard === undefined || this.#node === undefined) return refused('SHARD_UNAVAILABLE');
    return this.#node.read<T>(shard, 'beside', { ...asked, about });
  }

  /** What another node asks. */
  async answer(asked: Readonly<Record<string, unknown>>): Promise<object> {
    const host = this.#hosts.get(String(asked['about']));
    return (await host?.(asked)) ?? refused('SHARD_UNAVAILABLE');
  }
}
