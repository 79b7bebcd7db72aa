// What goes between a ledger and the thread of its projections. Owns: these shapes. Never touches: what is asked.

import type { TreesQuestion } from '../receipts/questions.js';
import type { BoardQuestion } from './boards/questions.js';
import type { OrderQuestion } from './orders/questions.js';
import type { RegisterQuestion } from './register/questions.js';

/** What is asked of each projection, by its name. */
export interface Questions {
  readonly leaderboards: BoardQuestion;
  readonly orders: OrderQuestion;
  readonly register: RegisterQuestion;
  readonly receipts: TreesQuestion;
}
export type ProjectionName = keyof Questions;

/** What the thread begins with. */
export interface ThreadData {
  readonly folder: string;
  /** Those of the folder. */
  readonly shards: readonly number[];
  /** The shard of each slot. */
  readonly slotMap: Uint16Array;
  /** Which ones it keeps. */
  readonly names: readonly ProjectionName[];
  /** How often it looks for new blocks. */
  readonly lookMs: number;
}

export type Asked =
  | {
      readonly type: 'ask';
      readonly id: number;
      readonly of: ProjectionName;
      readonly question: Questions[ProjectionName];
    }
  | { readonly type: 'figures'; readonly id: number; readonly now: number }
  | { readonly type: 'close' };

export interface Told {
  readonly id: number;
  readonly answer: unknown;
}

/** Goods of which few pieces are left. */
export interface LowGoods {
  readonly goods: string;
  readonly left: number;
  /** Fewer than this are few. */
  readonly under: number;
}

/** How far the projections are, and how large. */
export interface ProjectionFigures {
  /** Blocks of the logs here that were not looked at yet. */
  readonly lagBlocks: number;
  /** How old the oldest of them is, in milliseconds; 0: there is none. */
  readonly lagMs: number;
  /** Periods of leaderboards that are kept. */
  readonly periods: number;
}
