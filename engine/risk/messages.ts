// What goes between a ledger and its thread of risk. Owns: these shapes. Never touches: what is found.

import type { DefinitionHistory } from '../protocol/outcomes.js';
import type { Found } from './found.js';
import type { Counted, Pair } from './watch.js';

/** What the thread begins with. */
export interface ThreadData {
  readonly folder: string;
  /** Those of the folder. */
  readonly shards: readonly number[];
  /** The shard of each slot. */
  readonly slotMap: Uint16Array;
  readonly auditDays: number;
  /** As the ledger was opened with. */
  readonly clockOffset?: SharedArrayBuffer | undefined;
  /** Which of the nodes this is, and how many there are: a set is counted on the node that its key names. */
  readonly node: number;
  readonly nodes: number;
}

/** What another node is asked: what it has seen since. */
export interface NodeQuestion {
  /** Who asks. */
  readonly node: number;
  /** When the thread there began, as it was told last; 0: it was not asked yet. */
  readonly began: number;
  readonly pairs: number;
  readonly counted: number;
}

/** What it says, and up to where that is. */
export interface NodeAnswer {
  readonly began: number;
  readonly pairs: readonly Pair[];
  readonly pairsNext: number;
  readonly counted: readonly Counted[];
  readonly countedNext: number;
}

/** How far the thread is, and what it keeps. */
export interface RiskFigures {
  /** Blocks of the logs here that it has not looked at yet. */
  readonly lagBlocks: number;
  /** Does it look at what was before, so that windows are full again? */
  readonly isWarming: boolean;
  /** Signals that are counted, and those that are too many. */
  readonly signals: number;
  readonly leftOut: readonly string[];
  /** Bytes of its tables; sets of two members and more beside them. */
  readonly bytes: number;
  readonly sets: number;
  /** What was forgotten for want of room. */
  readonly forgotten: number;
  /** Marks that were asked for since the ledger was opened, by reason. */
  readonly found: Readonly<Record<string, number>>;
}

export type Asked =
  | {
      readonly type: 'rules';
      readonly definitions: readonly DefinitionHistory[];
      /** Codes of assets, by number. */
      readonly assets: readonly string[];
    }
  /** What was found is marked. */
  | { readonly type: 'marked' }
  | { readonly type: 'heard'; readonly answer: NodeAnswer }
  | { readonly type: 'tell'; readonly id: number; readonly question: NodeQuestion }
  | { readonly type: 'figures'; readonly id: number }
  | { readonly type: 'close' };

export type Told =
  | { readonly type: 'found'; readonly found: readonly Found[] }
  | { readonly type: 'answer'; readonly id: number; readonly answer: object };
