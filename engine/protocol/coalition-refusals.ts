// What acts of a coalition and its statements refuse. Owns: a part of the catalogue (refusals.ts).

import { final, transient } from './refusal.js';

export const COALITION = {
  EXCHANGE_RATE_GAINS: final(
    38,
    409,
    'To and fro these rates would give more than there was: nothing is exchanged until they are put right.',
  ),
  EXCHANGE_TOO_SMALL: final(39, 422, 'After the fee the exchange comes to nothing.'),
  EXCHANGE_LIMIT: final(
    40,
    422,
    'The exchange is beyond what a member may exchange at once, or in a day.',
  ),
  RESERVE_SHORT: final(41, 409, 'The platform has not so many of its points in reserve.'),
  MEMBER_UNKNOWN: final(
    42,
    422,
    'Who gives the points, or gets them, is not known to the platform that they are of.',
  ),
  EXCHANGE_DIFFERS: final(43, 409, 'The exchange does not come to what was expected.'),
  EXCHANGE_INSEPARABLE: final(
    44,
    422,
    'Of an exchange both sides are given back, in proportion, and no other part.',
  ),
  EXCHANGE_NOT_FOUND: final(45, 404, 'The member has no exchange with this id.'),
  MEMBER_USERS: final(83, 422, 'The owner has as many users of the platform as one may have.'),
  CYCLE_NOT_FOUND: final(84, 404, 'The coalition has no cycle with this number.'),
  DISPUTE_LATE: final(85, 409, 'It is too late: to dispute this, or to answer.'),
  DISPUTE_LINE_TAKEN: final(86, 409, 'A line of it is disputed already, or was.'),
  DISPUTE_NOT_FOUND: final(87, 404, 'There is no such dispute, or it is between others.'),
  DISPUTE_STATE_INVALID: final(
    88,
    409,
    'This cannot be done to the dispute as it is: it is open, answered, settled, rejected or withdrawn.',
  ),
  DISPUTE_PARTY: final(
    89,
    403,
    'The other platform answers a dispute, who has opened it withdraws it, the operator decides it.',
  ),
  DISPUTE_AMOUNT_INVALID: final(
    93,
    422,
    'Of each line at most what is disputed is given back, and of some line something.',
  ),
  EXCHANGE_NOT_PENDING: final(
    94,
    409,
    'The exchange does not wait: it is completed, withdrawn or expired; or its time to wait is over, or not yet.',
  ),
  HOLD_KEPT: final(95, 409, 'An exchange that waits keeps the hold: it ends with that.'),
  EXCHANGE_STEP_PAST: final(
    102,
    409,
    'The exchange with a partner outside is not at this step, or has ended.',
  ),
  EXCHANGE_STATE_INVALID: final(
    103,
    409,
    'This cannot be done to the exchange with a partner outside as it is.',
  ),
  INCONSISTENCY_NOT_FOUND: final(104, 404, 'There is no such inconsistency.'),
  INCONSISTENCY_STATE_INVALID: final(
    105,
    409,
    'The inconsistency is resolved; or it is of an exchange, whose verdict resolves it.',
  ),
  EXCHANGE_PART_INVALID: final(82, 422, 'There is not so much left of the exchange.'),
};

/** Statements of the clearing. */
export const STATEMENTS = {
  STATEMENT_UNSIGNED: transient(
    285,
    404,
    'The cycle has no signed statement: it is not closed, or was closed by an older release.',
  ),
  DISPUTE_UNCLEAR: transient(
    287,
    422,
    'A dispute is of lines of a cycle, or of an exchange of an owner; a key says for which platform it asks.',
  ),
  DISPUTE_LINE_UNKNOWN: transient(
    286,
    422,
    'The statement has no such line, nothing of the exchange is owed, or the platform is no party to it.',
  ),
};
