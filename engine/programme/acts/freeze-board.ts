// A leaderboard's period is over: how it ended is written down, once. Asked for by the ledger itself (engine/projections/closing.ts).

import { AMOUNT_MAX, BOARD_PLACES_MAX } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import { id, whole } from '../../protocol/fields.js';
import { act } from '../act.js';
import { leaderboard, programme } from '../definitions/index.js';
import {
  boardOwner,
  FROZEN,
  type Frozen,
  LAST,
  LAST_KEY,
  type Last,
} from '../leaderboards/frozen.js';
import { closesAt, periodNamed } from '../leaderboards/periods.js';

const POSITIONS_LENGTH_MAX = 1_600;
const most = (max: number, about: string) => whole(0, max, 'ACT_BODY_INVALID', about);
const text = (max: number, about: string) =>
  json<string>(
    { type: 'string', maxLength: max },
    (value) => typeof value === 'string' && value.length <= max,
    about,
    'ACT_BODY_INVALID',
  );

export const freezeBoard = act({
  name: 'freeze-board',
  version: 1,
  about: 'A period of a leaderboard is over: who has won, and as of what, is written down, once.',
  by: 'engine',
  body: {
    board: id('ACT_BODY_INVALID'),
    period: id('ACT_BODY_INVALID'),
    members: most(AMOUNT_MAX, 'How many members have points in it.'),
    winners: most(2 * BOARD_PLACES_MAX, 'How many get a prize.'),
    points: most(AMOUNT_MAX, 'All prizes together, in minor units.'),
    digest: text(64, 'Of who gets what, in order.'),
    asOf: text(POSITIONS_LENGTH_MAX, 'The last block of each shard that was looked at.'),
  },
  needs: ['admin'],
  refusals: ['DEFINITION_NOT_FOUND', 'BOARD_NOT_OVER', 'BOARD_FROZEN'],

  decide(see, { board, period: name, ...ended }, { owner, time }) {
    const of = owner === boardOwner(board) ? see.definition(leaderboard, board) : undefined;
    const within = of && see.definition(programme, of.document.programme);
    if (of === undefined || within === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    const { document, version } = of;
    const period = periodNamed(document, name, within.zoneOffsets ?? [0, 0]);
    if (period === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    if (time < closesAt(document, period)) return { refusal: 'BOARD_NOT_OVER' };
    const last = see.record<Last>(LAST, LAST_KEY);
    const isFrozen = see.record<Frozen>(FROZEN, name) !== undefined;
    if (isFrozen || (last !== undefined && period.from < last.to))
      return { refusal: 'BOARD_FROZEN' };
    const { from, to } = period;
    const { prizes = [], budget = '' } = document;
    const value: Frozen = {
      ...{ from, to, at: time, version, programme: document.programme },
      ...{ asset: within.document.asset, ...ended, paid: 0, prizes: prizes as Frozen['prizes'] },
      budget,
    };
    return {
      legs: [],
      records: [
        { type: FROZEN, key: name, value },
        { type: LAST, key: LAST_KEY, value: { period: name, to } },
      ],
      effects: [{ type: 'boardFrozen', board, period: name, from, to, ...ended }],
      why: { board, version, programme: within.version },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
