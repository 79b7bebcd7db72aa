// The tree of a shard worked out of its log anew. Owns: its roots at sizes that were asked for. Never touches: what is stored of trees.

import type { BlockView } from '../protocol/block.js';
import { Growing } from './growing.js';
import { Leaves } from './leaves.js';

export class Recount {
  readonly #leaves: Leaves;
  readonly #growing = new Growing(() => {});
  readonly #roots = new Map<number, string>();
  readonly #wanted: ReadonlySet<number>;

  /** `key`: of the shard's salts; `sizes`: of which roots are wanted. */
  constructor(key: Uint8Array, sizes: Iterable<number> = []) {
    this.#leaves = new Leaves(key);
    this.#wanted = new Set(sizes);
    this.#note();
  }

  /** The next block, which was checked. */
  add(block: BlockView): void {
    this.#leaves.of(block, (text) => {
      this.#growing.add(text);
      this.#note();
    });
  }

  #note(): void {
    if (this.#wanted.has(this.#growing.size)) this.#roots.set(this.#growing.size, this.root);
  }

  get size(): number {
    return this.#growing.size;
  }

  /** Base64, as of now. */
  get root(): string {
    return this.#growing.root().toString('base64');
  }

  /** The root that the tree had when it had so many leaves; undefined: it has not so many, or nobody wanted it. */
  rootAt(size: number): string | undefined {
    return this.#roots.get(size);
  }
}
