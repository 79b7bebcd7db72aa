// Questions in SQL outside. Owns: what is asked and answered, and what its route says of itself. Never touches: the projections.

import { limits } from '../../engine/index.js';
import { SQL_LENGTH_MAX } from '../limits.js';
import { type Description, SHARDS } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import { Count, Time, whole } from './words.js';

const { Optional } = Type;
const Text = (description: string) =>
  Type.String({ minLength: 1, maxLength: SQL_LENGTH_MAX, description });

export const SqlQuestion = Type.Object(
  {
    sql: Text('One SELECT over the tables of reports, in the SQL of DuckDB.'),
    merge: Optional(
      Text(
        'One SELECT over `parts`: what `sql` has answered on all nodes, each about its own shards. Left out: those rows, one node after the other.',
      ),
    ),
  },
  { additionalProperties: false },
);

export const Position = Type.Object({
  shard: whole(0, limits.SHARDS_MAX - 1),
  seq: Count,
  time: Time,
});

const Answer = answer('SqlAnswer', {
  columns: Type.Array(
    Type.Object({
      name: Type.String(),
      type: Type.Union(
        ['number', 'decimal', 'text', 'flag'].map((type) => Type.Literal(type)),
        {
          description: 'A whole number beyond 2^53 is told as a text.',
        },
      ),
    }),
  ),
  rows: Type.Array(
    Type.Array(Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
  ),
  asOf: Type.Array(Position, {
    description: 'Up to which block of each shard it is exact, and when that was written.',
  }),
  tookMs: Type.Integer({ minimum: 0 }),
});

export const sqlDescription: Description = {
  tag: 'operations',
  summary: 'Ask the projections in SQL.',
  details:
    'What the logs say, as tables (`SELECT * FROM information_schema.columns` tells them): times are milliseconds since 1970, amounts minor units. ' +
    'Nothing can be changed, no file read, no setting seen. Time, rows and memory are bounded: what takes more is refused `ANSWER_TOO_LARGE`.',
  body: SqlQuestion,
  answers: { 200: { summary: 'The answer.', schema: Answer } },
  refusals: ['BODY_INVALID', 'REPORTS_OFF', 'SQL_INVALID', 'ANSWER_TOO_LARGE', ...SHARDS],
};
