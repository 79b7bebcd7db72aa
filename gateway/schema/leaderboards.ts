// Leaderboards outside. Owns: what they look like, and what their routes say of themselves. Never touches: scores.

import { limits } from '../../engine/index.js';
import { type Description, OWNERS, SHARDS } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import {
  AssetCode,
  Count,
  DefinitionKey,
  oneOf,
  Positions,
  refusedAs,
  Time,
  text,
  User,
  whole,
} from './words.js';

const { Optional } = Type;

const Board = refusedAs('DEFINITION_KEY_INVALID', DefinitionKey, 'The leaderboard.');
const Period = text('[A-Za-z0-9-]{1,16}', {
  description: '`2026-11-29`, `2026-W48`, `2026-11`, or `once`. Left out: the period of now.',
});
const Alias = oneOf(['true', 'false'], {
  description: 'Others under aliases in place of their names, for members to see. Default: false.',
});
const Score = whole(0, limits.AMOUNT_MAX, { description: 'Minor units, or how often.' });
const Points = whole(0, limits.AMOUNT_MAX, { description: 'Minor units.' });

const BoardEntry = answer('BoardEntry', {
  rank: whole(1, limits.AMOUNT_MAX, { description: 'Equal scores have equal ranks: 1, 2, 2, 4.' }),
  owner: Optional(User),
  alias: Optional(
    Type.String({ description: 'In place of `owner`; the same as long as the period lasts.' }),
  ),
  score: Score,
  reachedAt: Optional(
    whole(0, limits.TIME_MAX_MS, {
      description: 'When it last changed: of equal scores who had it first is first.',
    }),
  ),
});
const RefusedPrize = answer('RefusedPrize', {
  ...{ rank: BoardEntry.properties.rank, owner: Optional(User), alias: Optional(Type.String()) },
  points: Points,
  code: Type.String({ description: 'Why: the code of the refusal.' }),
});
const BOARD_OF = {
  board: DefinitionKey,
  programme: DefinitionKey,
  asset: AssetCode,
  counts: oneOf(['points', 'events', 'tasks', 'badges'], {
    description: 'What scores are: minor units, or how often.',
  }),
  period: Period,
  from: Time,
  to: Time,
  closesAt: whole(0, limits.TIME_MAX_MS, { description: 'From then on nothing more counts.' }),
  state: oneOf(['open', 'closing', 'frozen', 'paid']),
  members: Count,
  asOf: Positions,
  frozen: Optional(
    Type.Object(
      { at: Time, winners: Count, paid: Count, points: Points, refused: Type.Array(RefusedPrize) },
      {
        description:
          'When it was frozen; how many get a prize, and were paid theirs; which prizes were refused for good.',
      },
    ),
  ),
};
const READ = [...SHARDS, 'DEFINITION_KEY_INVALID', 'DEFINITION_NOT_FOUND'] as const;

/** What the documents say of the routes of leaderboards. */
export const LEADERBOARD_DESCRIPTIONS: Readonly<Record<'page' | 'standing', Description>> = {
  page: {
    tag: 'programmes',
    summary:
      'A leaderboard: its members by what they have earned in a period, the first ones first.',
    details:
      'From a projection of the log: `asOf` says up to which block of each shard it counts. Nothing changes any more from `closesAt` on.',
    path: { board: Board },
    query: Type.Object({
      period: Optional(Period),
      limit: Optional(
        whole(1, limits.BOARD_PAGE_MAX, {
          description: `1 to ${limits.BOARD_PAGE_MAX}; default ${limits.BOARD_PAGE_DEFAULT}.`,
        }),
      ),
      cursor: Optional(Type.String({ description: 'From the page before.' })),
      alias: Optional(Alias),
    }),
    answers: {
      200: {
        summary: 'A page.',
        schema: answer('LeaderboardPage', {
          ...BOARD_OF,
          entries: Type.Array(BoardEntry),
          cursor: Optional(Type.String({ description: 'Pass it to get the next page.' })),
        }),
      },
    },
    refusals: [...READ, 'CURSOR_INVALID'],
  },
  standing: {
    tag: 'programmes',
    summary: 'A member of a leaderboard, with those before and after him.',
    details: 'Who has no points in it has rank null.',
    path: { board: Board, owner: User },
    query: Type.Object({
      period: Optional(Period),
      around: Optional(
        whole(0, limits.BOARD_AROUND_MAX, {
          description: `How many before, and after: 0 to ${limits.BOARD_AROUND_MAX}; default ${limits.BOARD_AROUND_DEFAULT}.`,
        }),
      ),
      alias: Optional(Alias),
    }),
    answers: {
      200: {
        summary: 'The member.',
        schema: answer('Standing', {
          ...BOARD_OF,
          owner: User,
          rank: Type.Union([whole(1, limits.AMOUNT_MAX), Type.Null()]),
          score: Score,
          around: Type.Array(BoardEntry),
        }),
      },
    },
    refusals: [...READ, ...OWNERS],
  },
};
