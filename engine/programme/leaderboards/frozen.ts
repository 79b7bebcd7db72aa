// What is kept of a board's period that is frozen. Owns: the records of `#board:<key>`, the digests that bind payments to what was frozen.
//   leaderboards.F1. A period is frozen once, after all that counts, and after the one before it.
//   leaderboards.F2. What is paid is what was frozen: each part of the prizes names the digest of those after it, and the record has the digest
//       of the next part. So a part is paid once, in its turn, whoever asks for it.

import { chained } from '../../protocol/digest.js';
import type { Json } from '../act.js';
import type { Prizes } from '../definitions/leaderboard.js';
import { NOT_OF_MEMBERS, recordType } from '../record-type.js';
import type { Winner } from './prizes.js';

/** Members whose prizes are paid by one act. */
export const PAID_AT_ONCE = 4;

/** The act by which the next winners are paid, and the one that it causes for each of them. */
export const PAY_BOARD = 'pay-board';
export const BOARD_PRIZE = 'board-prize';

/** Who owns what is known of a board. */
export const boardOwner = (board: string): string => `#board:${board}`;

/** Types of its records: a period, by its name; and the last one that was frozen. */
export const FROZEN = recordType('frozen', NOT_OF_MEMBERS);
export const LAST = recordType('last-frozen', NOT_OF_MEMBERS);
export const LAST_KEY = 'period';

/** A period that is frozen. */
export interface Frozen {
  readonly [name: string]: Json;
  readonly from: number;
  readonly to: number;
  /** When it was frozen. */
  readonly at: number;
  /** Of the board. */
  readonly version: number;
  readonly programme: string;
  readonly asset: string;
  /** How many members have points in it. */
  readonly members: number;
  /** How many get a prize, how many were paid theirs, and how many points that is. */
  readonly winners: number;
  readonly paid: number;
  readonly points: number;
  /** Of the prizes that are not paid yet. */
  readonly digest: string;
  /** As they were when it was frozen. */
  readonly prizes: Prizes & Json;
  readonly budget: string;
  /** The last block of each shard that was looked at, in order of shards, in base 36. */
  readonly asOf: string;
}

/** The last period that was frozen. */
export interface Last {
  readonly [name: string]: Json;
  readonly period: string;
  readonly to: number;
}

/** A winner, as a part of the prizes has it. */
export type Part = readonly (readonly [
  owner: string,
  rank: number,
  score: number,
  points: number,
])[];

/** Prizes in parts, in the order in which they are paid, each with the digest of those after it; and that of all. */
export function partsOf(winners: readonly Winner[]): {
  readonly digest: string;
  readonly parts: readonly { readonly winners: Part; readonly rest: string }[];
} {
  const all: Part[] = [];
  for (let i = 0; i < winners.length; i += PAID_AT_ONCE)
    all.push(
      winners
        .slice(i, i + PAID_AT_ONCE)
        .map(({ owner, rank, score, points }) => [owner, rank, score, points]),
    );
  let digest = '';
  const parts = all.toReversed().map((part) => {
    const rest = digest;
    digest = digestOf(part, rest);
    return { winners: part, rest };
  });
  return { digest, parts: parts.reverse() };
}

/** The digest of a part and those after it. */
export const digestOf = (part: Part, rest: string): string => chained(JSON.stringify(part), rest);
