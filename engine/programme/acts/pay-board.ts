// The next prizes of a leaderboard's period that is frozen are paid: each by an act of its own, for its winner. Asked for by the ledger itself
// (engine/projections/closing.ts).

import { json } from '../../protocol/definition-fields.js';
import { id } from '../../protocol/fields.js';
import { isAmount, userProblem } from '../../protocol/syntax.js';
import { act } from '../act.js';
import {
  BOARD_PRIZE,
  boardOwner,
  digestOf,
  FROZEN,
  type Frozen,
  PAID_AT_ONCE,
  PAY_BOARD,
  type Part,
} from '../leaderboards/frozen.js';

const isPart = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= PAID_AT_ONCE &&
  value.every(
    (one) =>
      Array.isArray(one) &&
      one.length === 4 &&
      userProblem(one[0]) === null &&
      one.slice(1).every(isAmount),
  );

export const payBoard = act({
  name: PAY_BOARD,
  version: 1,
  about: 'The next prizes of a leaderboard’s period that is frozen are paid.',
  by: 'engine',
  body: {
    board: id('ACT_BODY_INVALID'),
    period: id('ACT_BODY_INVALID'),
    winners: json<Part>(
      {
        type: 'array',
        minItems: 1,
        maxItems: PAID_AT_ONCE,
        items: { type: 'array', minItems: 4, maxItems: 4 },
      },
      isPart,
      '[owner, rank, score, points] of each.',
      'ACT_BODY_INVALID',
    ),
    rest: json<string>(
      { type: 'string', maxLength: 64 },
      (value) => typeof value === 'string' && value.length <= 64,
      'The digest of the prizes after these.',
      'ACT_BODY_INVALID',
    ),
  },
  causes: [BOARD_PRIZE],
  needs: ['admin'],
  refusals: ['DEFINITION_NOT_FOUND', 'BOARD_PRIZES_DIFFER'],

  decide(see, { board, period, winners, rest }, { owner }) {
    const frozen = owner === boardOwner(board) ? see.record<Frozen>(FROZEN, period) : undefined;
    if (frozen === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    if (digestOf(winners, rest) !== frozen.digest) return { refusal: 'BOARD_PRIZES_DIFFER' };
    const { asset, budget } = frozen;
    const paid = frozen.paid + winners.length;
    const points = winners.reduce((sum, [, , , one]) => sum + one, 0);
    return {
      legs: [],
      records: [{ type: FROZEN, key: period, value: { ...frozen, paid, digest: rest } }],
      followUps: winners.map(([winner, rank, score, prize]) => ({
        owner: winner,
        act: BOARD_PRIZE,
        body: { board, period, rank, score, points: prize, asset, budget },
      })),
      effects: [{ type: 'boardPaid', board, period, paid, of: frozen.winners, points }],
      why: { board, version: frozen.version },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
