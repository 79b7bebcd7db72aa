// What is asked of the boards of a node, and answered: between threads, and between nodes. Owns: these shapes. Never touches: what they mean.

import type { Offsets } from '../../programme/definitions/kind.js';
import type { BoardCounts } from '../../programme/definitions/leaderboard.js';
import type { Board, BoardPeriod } from '../../programme/leaderboards/periods.js';
import type { Ranked } from './keys.js';
import type { RefusedPrize } from './prizes.js';

/** Of a period; without one: of that which `time` is in. */
interface OfPeriod {
  readonly board: string;
  readonly period?: string | undefined;
  /** Now, milliseconds since 1970. */
  readonly time: number;
}

export type BoardQuestion =
  /** Which boards there are. */
  | { readonly type: 'boards'; readonly time: number }
  /** Members in order, from the first one on or after one. */
  | (OfPeriod & {
      readonly type: 'first';
      readonly after?: Ranked | undefined;
      readonly limit: number;
    })
  /** One member. */
  | (OfPeriod & { readonly type: 'member'; readonly owner: string })
  /** Whom a member of whatever node has before and after him here. */
  | (OfPeriod & { readonly type: 'around'; readonly ranked: Ranked; readonly limit: number });

/** A period, as it is told. */
export interface PeriodTold extends BoardPeriod {
  readonly board: string;
  readonly programme: string;
  readonly asset: string;
  readonly counts: BoardCounts;
  /** From when on nothing more counts. */
  readonly closes: number;
  /** How many are shown. */
  readonly size: number;
  readonly alias: boolean;
}

/** A board that there is. */
export interface BoardTold {
  readonly key: string;
  readonly board: Board;
  readonly asset: string;
  readonly offsets: Offsets;
  /** Since when there is one. */
  readonly first: number;
  /** Nothing more is frozen of it. */
  readonly isRetired: boolean;
}

/** The last block of each shard of the node that was looked at. */
type Positions = readonly (readonly [shard: number, seq: number])[];

export interface BoardAnswer {
  readonly asOf: Positions;
  readonly boards?: readonly BoardTold[];
  /** There is no such board, or it has no such period. */
  readonly unknown?: 'board' | 'period';
  readonly period?: PeriodTold;
  /** Of this node. */
  readonly members?: number;
  /** Prizes of the period that were refused, as the node with the board's shard knows them. */
  readonly refused?: readonly RefusedPrize[];
  readonly ranked?: readonly Ranked[];
  /** Before the one that was asked for, the nearest first. */
  readonly preceding?: readonly Ranked[];
  /** How many have a higher score; and how many are before in the order. */
  readonly higher?: number;
  readonly before?: number;
}
