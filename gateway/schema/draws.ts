// Lotteries outside. Owns: what is sent and answered about draws and their seeds. Never touches: what is drawn.

import { limits } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import { actRefusals } from './acts.js';
import { flatAct } from './commands.js';
import { type Description, OWNERS, SHARDS } from './description.js';
import { DECIDED, waiting } from './ledger-descriptions.js';
import { answer } from './outcomes.js';
import { callerAct } from './programmes.js';
import { Type } from './typebox.js';
import { Count, DefinitionKey, KnownId, refusedAs, Time, User, whole } from './words.js';

const { Optional } = Type;
const DRAW = callerAct('draw');
const WORD = callerAct('draw-word');

const Key = refusedAs('DEFINITION_KEY_INVALID', DefinitionKey, 'The key of the lottery.');
const Hash = Type.String({ description: 'SHA-256 of the seed, in hexadecimal digits.' });
const Shard = whole(0, limits.SHARDS_MAX - 1);
const Draw = answer('LotteryDraw', {
  owner: User,
  draw: KnownId,
  lottery: DefinitionKey,
  version: Type.Integer({ description: 'The version of the lottery whose prizes counted.' }),
  at: Time,
  number: Type.Integer({ description: 'Which of the member’s draws of the lottery it is.' }),
  word: Type.String({ description: 'What the member had committed to; empty: nothing.' }),
  seed: Type.Object({ shard: Shard, number: Count, hash: Hash }),
  roll: Type.Integer({ description: 'The number that was drawn, below the sum of the weights.' }),
  drawn: Type.String({ description: 'The prize of that number.' }),
  soldOut: Optional(
    Type.Array(Type.String(), { description: 'Prizes whose stock had not enough, in turn.' }),
  ),
  prize: Type.String({ description: 'What was won.' }),
  name: Type.String(),
  amount: whole(0, limits.AMOUNT_MAX, { description: 'Minor units that were won.' }),
  prizes: Type.Array(
    Type.Object({ key: Type.String(), weight: Count, substitute: Optional(Type.String()) }),
    { description: 'As that version has them: none where it is not known any more.' },
  ),
});
const Seed = answer('DrawSeed', {
  shard: Shard,
  number: Count,
  from: Time,
  to: Time,
  hash: Hash,
  seed: Optional(
    Type.String({ description: 'The seed, in hexadecimal digits: when its period is over.' }),
  ),
  isLost: Optional(Type.Boolean({ description: 'Nobody will ever know it.' })),
});

const OF_LOTTERY = { lottery: Key };
const READ = [...SHARDS, ...OWNERS, 'ID_INVALID', 'FOLLOW_UP_NUMBER_INVALID'] as const;

export const drawDescription = (of: GatewayLimits): Description => ({
  tag: 'programmes',
  summary: 'Draw in a lottery: what is won is in `act.effects`, and how it was drawn in `act.why`.',
  details:
    'Neither a dry run nor part of an atomic batch (`DRAW_NOT_TRIED`). A repeat under the same id is the same draw.',
  path: OF_LOTTERY,
  query: waiting(of),
  body: flatAct(DRAW, 'DrawRequest', 'lottery'),
  takesKey: true,
  answers: DECIDED,
  refusals: [...actRefusals(DRAW), 'DEFINITION_KEY_INVALID'],
});

export const wordDescription = (of: GatewayLimits): Description => ({
  tag: 'programmes',
  summary: 'Commit to the word that a member’s draws of this period are decided by.',
  details:
    'It counts from now until the seed in use is published, and cannot be changed meanwhile. Who draws without one has the empty word.',
  path: OF_LOTTERY,
  query: waiting(of),
  body: flatAct(WORD, 'WordRequest', 'lottery'),
  takesKey: true,
  answers: DECIDED,
  refusals: [...actRefusals(WORD), 'DEFINITION_KEY_INVALID'],
});

export const memberDrawsDescription: Description = {
  tag: 'programmes',
  summary: 'The draws of a member in a lottery, the newest first.',
  path: { owner: User },
  query: Type.Object({
    lottery: Key,
    limit: Optional(whole(1, limits.ENTRIES_PAGE_MAX)),
    cursor: Optional(Type.String({ description: 'From the page before.' })),
  }),
  answers: {
    200: {
      summary: 'A page: it may have fewer than `limit` although there is a `cursor`.',
      schema: answer('DrawPage', {
        draws: Type.Array(Draw),
        cursor: Optional(Type.String({ description: 'Pass it to get the next page.' })),
      }),
    },
  },
  refusals: [...READ, 'DEFINITION_KEY_INVALID', 'DEFINITION_NOT_FOUND', 'CURSOR_INVALID'],
};

export const memberDrawDescription: Description = {
  tag: 'programmes',
  summary: 'A draw of a member, with all that it takes to check it, beside its seed.',
  path: { owner: User, draw: KnownId },
  answers: { 200: { summary: 'The draw.', schema: Draw } },
  refusals: [...READ, 'TRANSFER_NOT_FOUND'],
};

export const seedsDescription: Description = {
  tag: 'programmes',
  summary:
    'The seeds that draws are decided by: their hashes before they are used, the seeds themselves when their periods are over.',
  details:
    'Of each shard, or of one, the newest first. For anyone: it is what draws are checked by.',
  query: Type.Object({
    shard: Optional(whole(0, limits.SHARDS_MAX - 1)),
    before: Optional(whole(1, limits.AMOUNT_MAX)),
    limit: Optional(whole(1, limits.DRAW_SEEDS_PAGE_MAX)),
  }),
  answers: {
    200: { summary: 'The seeds.', schema: answer('DrawSeeds', { seeds: Type.Array(Seed) }) },
  },
  refusals: [...SHARDS, 'CLOSING', 'RATE_LIMITED'],
};
