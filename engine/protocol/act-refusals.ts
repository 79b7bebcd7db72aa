// The part of the catalogue of refusals (refusals.ts) that acts say. Owns: these codes, their numbers, HTTP status, sentence. Never touches: anything
// else.

import { final, transient } from './refusal.js';

/** Acts of a programme. */
export const ACTS = {
  ACT_UNKNOWN: transient(211, 404, 'There is no act with this name.'),
  ACT_BODY_INVALID: transient(
    212,
    400,
    'The body of an act is a JSON object of at most 2 KiB with the fields of the act.',
  ),
  OFFER_NOT_OPEN: transient(214, 422, 'The offer is not open at this time.'),
  OFFER_CLAIMED: final(127, 409, 'The member has claimed this offer before.'),
  NOT_ELIGIBLE: final(126, 422, 'The offer is not for this member.'),
  EVENT_TYPE_UNKNOWN: transient(
    224,
    404,
    'The programme has no events of this type, or members report none of it.',
  ),
  EVENT_TIME_INVALID: transient(225, 422, 'The event has not happened yet.'),
  EVENT_TOO_LATE: final(122, 422, 'The event is reported later than its programme accepts.'),
  EVENT_ATTRIBUTE_INVALID: final(
    121,
    422,
    'An attribute of the event is not one of its type, or of another type than it says.',
  ),
  EVENT_LINES_INVALID: final(
    120,
    422,
    'The lines of an order have different names, and together the amount that the event says.',
  ),
  EVENT_REPORTED: final(
    106,
    409,
    'The member has reported an event of this type as often as it may in a day.',
  ),
  EVENT_NOT_FOUND: transient(226, 404, 'The member has no event with this id.'),
  RETURN_INVALID: final(
    119,
    422,
    'A return names the lines, or the amount, of an event that has them, and no more than is left of them.',
  ),
  RETURN_TOO_LATE: final(110, 422, 'The event happened too long ago to be given back.'),
  GIFT_TO_SELF: final(117, 422, 'Nobody gives to themselves.'),
  GIFT_LIMIT: transient(228, 422, 'The gift is beyond what a member may give in a day.'),
  REFERRED_BEFORE: final(116, 409, 'The member was referred before.'),
  REFERRAL_TO_SELF: final(115, 422, 'Nobody is referred by themselves.'),
  REFERRAL_CODE_EXPIRED: final(114, 422, 'The code can no longer be used.'),
  REFERRAL_NOT_NEW: final(
    113,
    422,
    'The member is not new any more, or a member for as long as who refers.',
  ),
  REFERRAL_CODE_UNKNOWN: final(112, 404, 'There is no such code, or it says something else.'),
  REFERRAL_CODE_TAKEN: final(111, 409, 'The code is taken: draw another one.'),
  BOARD_NOT_OVER: final(70, 409, 'The period of the leaderboard is still counted.'),
  BOARD_FROZEN: final(71, 409, 'The period of the leaderboard was frozen before.'),
  BOARD_PRIZES_DIFFER: final(72, 409, 'These are not the prizes that are to be paid next.'),
  LOTTERY_NOT_OPEN: transient(
    184,
    422,
    'The lottery is not open at this time, or the seed that its draws are decided by is not in use yet.',
  ),
  DRAW_TOO_SOON: final(50, 422, 'It is too soon after the last draw of the member.'),
  DRAW_LIMIT: final(51, 422, 'The member has drawn as often as the lottery allows in a day.'),
  DRAW_NOT_TRIED: final(
    52,
    422,
    'Draws, and the words for them, are neither tried nor part of an atomic batch.',
  ),
  DRAW_WORD_COMMITTED: final(
    53,
    409,
    'The word for the draws of this period is committed already: another one counts from the next period on.',
  ),
  SEED_INVALID: final(54, 422, 'The seed is not the next one, or not the one of its hash.'),
  TIER_UNKNOWN: transient(227, 404, 'The programme has no such tier.'),
  PROFILE_INVALID: final(
    118,
    422,
    'What is said of the member is not what the programme knows of, or of another type.',
  ),
  CORRECTION_TOO_LARGE: final(125, 422, 'The correction is larger than its definition allows.'),
  APPROVAL_REQUIRED: final(
    124,
    403,
    'This takes a second person: the same is asked for, or agreed to, with another credential.',
  ),
  PROPOSAL_DIFFERS: final(
    37,
    409,
    'Another correction was proposed under this case: agree to the very same one, or name another case.',
  ),
  DEFINITION_UNAPPROVED: final(46, 403, 'Another person must agree, by another credential.'),
  EVENT_CORRECTED: final(80, 409, 'The event has been corrected already: undo that first.'),
  SIMULATION_NOT_FOUND: final(81, 404, 'There is no such simulation or correction any more.'),
  FOLLOW_UP_REFUSED: final(
    35,
    422,
    'The rules of an act that another one has caused refuse it as things are; it is not asked for again.',
  ),
  BUDGET_EXHAUSTED: final(123, 422, 'The budget has not enough left.'),
  BUDGET_SHORT: transient(
    179,
    409,
    'A budget that the act can do without has not enough left: the act is decided anew when it is asked for again.',
    true,
  ),
  BUDGET_BUSY: transient(
    213,
    409,
    'Points of the budget are reserved, or lent to other shards, and may come back; try again shortly.',
    true,
  ),
};
