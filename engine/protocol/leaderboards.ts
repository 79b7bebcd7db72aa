// Leaderboards, as they are asked for and told. Owns: these shapes. Never touches: how they are worked out.

/** Which part of a board to read. */
export interface LeaderboardQuery {
  readonly board: string;
  /** `2026-11-29`, `2026-W48`, `2026-11`, `once`. Left out: the period of now. */
  readonly period?: string | undefined;
  /** 1..100, default 20. */
  readonly limit?: number | undefined;
  /** From the page before, of the same question. */
  readonly cursor?: string | undefined;
  /** Under aliases in place of the names of owners, for members to see. */
  readonly alias?: boolean | undefined;
}

/** Which member of a board to look for. */
export interface StandingQuery {
  readonly board: string;
  readonly owner: string;
  readonly period?: string | undefined;
  /** How many members before and after him: 0..50, default 5. */
  readonly around?: number | undefined;
  /** The others under aliases. */
  readonly alias?: boolean | undefined;
}

/** `open`: it counts. `closing`: nothing more counts, and it is about to be frozen. `frozen`: who has won stays. `paid`: so are all prizes. */
export type BoardState = 'open' | 'closing' | 'frozen' | 'paid';

/** A member of a board. */
export interface BoardEntry {
  /** Equal scores have equal ranks: 1, 2, 2, 4. */
  readonly rank: number;
  /** Left out where there is an alias. */
  readonly owner?: string | undefined;
  /** The same for a member as long as the period lasts, and tells nothing of him. */
  readonly alias?: string | undefined;
  /** Minor units, or how often. */
  readonly score: number;
  /** When it last changed, milliseconds since 1970: of equal scores who had it first is first. Left out where there is an alias. */
  readonly reachedAt?: number | undefined;
}

/** A prize that was refused for good, to whom and why. */
export interface RefusedPrize extends Pick<BoardEntry, 'rank' | 'owner' | 'alias'> {
  /** Minor units. */
  readonly points: number;
  readonly code: string;
}

/** A period of a board. */
export interface BoardOf {
  readonly board: string;
  readonly programme: string;
  readonly asset: string;
  /** What scores are: minor units, or how often. */
  readonly counts: 'points' | 'events' | 'tasks' | 'badges';
  readonly period: string;
  /** [from, to), milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** From when on nothing more counts, neither what comes late nor a return. */
  readonly closesAt: number;
  readonly state: BoardState;
  /** How many members have points in it. */
  readonly members: number;
  /** The last block of each shard that is counted: `0:41,1:7`. */
  readonly asOf: string;
  /** Of one that is frozen. */
  readonly frozen?:
    | {
        readonly at: number;
        readonly winners: number;
        /** How many of them were paid theirs, or refused, and minor units of all. */
        readonly paid: number;
        readonly points: number;
        /** Prizes that were refused for good: an operator's `adjust` makes up for one. */
        readonly refused: readonly RefusedPrize[];
      }
    | undefined;
}

/** A page of a board. */
export interface LeaderboardPage extends BoardOf {
  readonly ok: true;
  /** The first ones first. */
  readonly entries: readonly BoardEntry[];
  readonly cursor?: string | undefined;
}

/** A member of a board, among others. */
export interface Standing extends BoardOf {
  readonly ok: true;
  readonly owner: string;
  /** Null: he has no points in it. */
  readonly rank: number | null;
  readonly score: number;
  /** In order, himself among them; nobody where he has no points. */
  readonly around: readonly BoardEntry[];
}
