// The tree over a shard's log against what was said of it. Owns: which roots are compared. Never touches: how they are worked out.
//   audit.H1. Every head that was signed, or kept by somebody, is the root of as many entries of this log: else entries were changed, put in, or are
//       missing since.

import type { SignedHead } from '../protocol/receipts.js';
import { Recount } from '../receipts/recount.js';
import { SALTS_KEY_FILE, saltsKeyOf } from '../receipts/salts.js';
import { readSigned } from '../receipts/signed.js';

/** What was said of a shard's tree. */
export interface SaidHead {
  readonly shard: number;
  readonly size: number;
  /** Base64. */
  readonly root: string;
}

/** A tree as its log gives it. */
export interface VerifiedTree extends SaidHead {
  /** What was signed last. */
  readonly signed?: SignedHead;
}

export class TreeCheck {
  /** Undefined: the shard never had a tree. */
  readonly recount: Recount | undefined;
  readonly #shard: number;
  readonly #signed: SignedHead | undefined;
  readonly #said: readonly (readonly [string, Omit<SaidHead, 'shard'>])[] = [];
  readonly #faults: string[] = [];

  constructor(folder: string, shard: number, heads: readonly SaidHead[] = []) {
    this.#shard = shard;
    const kept = heads.filter((head) => head.shard === shard);
    try {
      const key = saltsKeyOf(folder, shard);
      this.#signed = readSigned(folder, shard);
      const signed = this.#signed === undefined ? [] : [this.#signed];
      this.#said = [
        ...signed.map((head) => ['was signed', head] as const),
        ...kept.map((head) => ['was said', head] as const),
      ];
      if (key === undefined && this.#said.length > 0)
        this.#faults.push(`${SALTS_KEY_FILE} is missing: nothing shows that it is what was signed`);
      const sizes = this.#said.map(([, { size }]) => size);
      this.recount = key && new Recount(key, sizes);
    } catch (error) {
      this.#faults.push((error as Error).message);
    }
  }

  /** What is wrong. `isWhole`: the log was looked through up to its end. */
  faults(isWhole: boolean): string[] {
    const { recount } = this;
    if (recount === undefined) return this.#faults;
    const faults = [...this.#faults];
    for (const [what, { size, root }] of this.#said) {
      const now = recount.rootAt(size);
      if (now === undefined && isWhole)
        faults.push(`a tree of ${size} entries ${what}, and the log has ${recount.size}`);
      if (now !== undefined && now !== root)
        faults.push(`the root ${what} of ${size} entries to be ${root}, and the log gives ${now}`);
    }
    return faults;
  }

  /** Undefined: the shard never had a tree. */
  get tree(): VerifiedTree | undefined {
    if (this.recount === undefined) return undefined;
    const { size, root } = this.recount;
    const signed = this.#signed;
    return { shard: this.#shard, size, root, ...(signed && { signed }) };
  }
}
