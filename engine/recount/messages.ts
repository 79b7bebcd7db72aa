// What goes between a ledger and the thread that recomputes its accounts. Owns: these shapes. Never touches: what is recomputed.

import type { Balance } from '../protocol/outcomes.js';

/** An account on a shard; a system owner's stripe is one. */
export interface Account {
  readonly shard: number;
  readonly owner: string;
  /** By its number. */
  readonly asset: number;
}

/** What its shard answers of an account. */
export interface Told {
  readonly balance:
    | Pick<
        Balance,
        'available' | 'held' | 'earned' | 'spent' | 'expired' | 'version' | 'creditLimit'
      >
    | undefined;
  /** Where its newest entry is, asked for after the balance. */
  readonly head:
    | { readonly seq: number; readonly offset: number; readonly version: number }
    | undefined;
}

/** What is wrong with an account. */
export interface Problem {
  /** `mismatch`: what is answered is not what its entries make; `negative`: it owes more, or holds less, than it may. */
  readonly kind: 'mismatch' | 'negative';
  /** What does not agree, in a sentence; '': the figures say it. */
  readonly what: string;
  readonly figures?: Readonly<Record<string, number>> | undefined;
}

/** A turn: every account of the shards here that had an entry when it began. Times in milliseconds since 1970. */
export interface Turn {
  readonly began: number;
  readonly accounts: number;
  readonly entries: number;
}

/** How far the thread is. */
export interface TurnFigures extends Turn {
  /** Blocks that accounts were looked for in, of how many. */
  readonly blocks: number;
  readonly blocksTo: number;
  /** The last turn that came to its end. */
  readonly last?: (Turn & { readonly ended: number }) | undefined;
}

export interface ThreadData {
  readonly folder: string;
  readonly shards: readonly number[];
  /** Entries a second. */
  readonly rate: number;
  /** Between two turns. */
  readonly pauseMs: number;
  readonly clockOffset: SharedArrayBuffer | undefined;
}

export type Asked =
  /** What shards answer, in the order of the question; null: not now; false: it cannot be asked. */
  | {
      readonly type: 'answers';
      readonly id: number;
      readonly answers: readonly (Told | null | false)[];
    }
  /** Accounts that are to be looked at before all others. */
  | { readonly type: 'suspects'; readonly accounts: readonly Account[] }
  | { readonly type: 'close' };

export type Said =
  | { readonly type: 'ask'; readonly id: number; readonly accounts: readonly Account[] }
  /** An account was looked at: of those that are not suspected only where something is wrong. */
  | { readonly type: 'looked'; readonly account: Account; readonly problems: readonly Problem[] }
  | { readonly type: 'figures'; readonly figures: TurnFigures };
