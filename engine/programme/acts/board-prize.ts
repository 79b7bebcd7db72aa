// A member gets a prize of a leaderboard, out of its budget.

import { AMOUNT_MAX } from '../../limits.js';
import { budget } from '../../protocol/definition-fields.js';
import { amount, asset, id, whole } from '../../protocol/fields.js';
import { act } from '../act.js';
import { conditionOf } from '../cel.js';
import { leaderboard } from '../definitions/index.js';
import { BOARD_PRIZE } from '../leaderboards/frozen.js';

const from1 = (about: string) => whole(1, AMOUNT_MAX, 'ACT_BODY_INVALID', about);

export const boardPrize = act({
  name: BOARD_PRIZE,
  version: 1,
  about: 'A member gets a prize of a leaderboard, out of its budget.',
  body: {
    board: id('ACT_BODY_INVALID'),
    period: id('ACT_BODY_INVALID'),
    rank: from1('The rank.'),
    score: from1('What was earned, in minor units.'),
    points: amount(),
    asset: asset(),
    budget: budget(),
  },
  isCausedOnly: true,
  needs: ['admin'],
  refusals: ['ASSET_UNKNOWN', 'NOT_ELIGIBLE', 'BUDGET_BUSY', 'BUDGET_EXHAUSTED'],

  decide(see, { board, period, rank, score, points, asset: of, budget: from }, { owner }) {
    const member = see.account(of);
    if (member === undefined) return { refusal: 'ASSET_UNKNOWN' };
    const audience = see.definition(leaderboard, board)?.document.audience;
    if (audience !== undefined && conditionOf(audience).holds(member) !== true)
      return { refusal: 'NOT_ELIGIBLE' };
    return {
      legs: [{ from, to: owner, asset: of, amount: points }],
      effects: [{ type: 'boardPrize', board, period, rank, score, asset: of, amount: points }],
      why: { board, period, audience: audience ?? null },
    };
  },

  undo: () => ({ effects: [], why: {} }),
});
