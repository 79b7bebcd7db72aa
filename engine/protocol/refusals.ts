// The refusal catalogue: every business "no" the ledger can say.
// Owns: codes, their numbers in the log, HTTP status, sentence. Never touches: anything else.
//   protocol.P1. A number, once released, never changes its meaning: the log keeps it.
//   protocol.P2. A `final` refusal is kept under the command's id and replayed for ever; a `transient` one is never kept.
//   protocol.P20. A code with a second number, `passing`, is of a state that its caller neither made nor can end (an operator's freeze, a system
//       owner's range, a stock that is empty). It is then not kept, but where the id is claimed already (another shard of a chain, a follow-up)
//       and by older rules.

import { ACTS } from './act-refusals.js';
import { ALERTS } from './alert-refusals.js';
import { ANCHOR } from './anchor-refusals.js';
import { COALITION, STATEMENTS } from './coalition-refusals.js';
import { COUPONS } from './coupon-refusals.js';
import { DIGITAL } from './digital-refusals.js';
import { MALL } from './mall-refusals.js';
import { MERGES } from './merge-refusals.js';
import { OAUTH } from './oauth-refusals.js';
import { IMPORTS, PARTNERS, RECONCILIATION } from './outside-refusals.js';
import { PRIVACY } from './privacy-refusals.js';
import { RECEIPTS } from './receipt-refusals.js';
import { either, FIRST_PASSING, final, type Refusal, transient } from './refusal.js';
import { REPORTS } from './report-refusals.js';
import { RISKS } from './risk-refusals.js';
import { SIGN_IN } from './sign-in-refusals.js';

export type { Refusal } from './refusal.js';

// By area, in the order of their numbers. engine/protocol/README.md lists which numbers are free.

/** What a command meets in the books: kept. */
const LEDGER = {
  POINTS_SHORT: final(1, 422, 'The account has fewer points available than this takes.'),
  AMOUNT_OVERFLOW: either(
    2,
    239,
    422,
    'A balance or lifetime sum would leave the range of 2^53 - 1 minor units.',
  ),
  LOT_LIMIT: final(3, 422, 'The account would have more than 512 lots.'),
  ACCOUNT_NOT_FOUND: final(4, 404, 'The owner has no account in this asset.'),
  ACCOUNT_FROZEN: either(5, 237, 422, 'The account is frozen: nothing may be taken from it.'),
  ACCOUNT_CLOSED: either(6, 238, 422, 'The account is closed.'),
  ACCOUNT_NOT_EMPTY: final(
    7,
    422,
    'Only an account with nothing available, held or owed can be closed.',
  ),
  CONDITION_FAILED: final(8, 422, 'The balance condition of the transfer does not hold.'),
  HOLD_NOT_FOUND: final(9, 404, 'The owner has never had a hold with this id.'),
  HOLD_CLOSED: final(
    10,
    409,
    'The hold has already been captured whole, released, or has passed its deadline.',
  ),
  CAPTURE_EXCEEDS_HOLD: final(11, 422, 'The capture is larger than what remains of the hold.'),
  HOLD_LIMIT: final(12, 422, 'The owner has too many open holds.'),
  TRANSFER_NOT_FOUND: final(13, 404, 'The owner has no posted transfer with this id.'),
  NOT_REVERSIBLE: final(14, 422, 'Only a posted transfer or capture can be reversed.'),
  ALREADY_REVERSED: final(15, 409, 'The transfer has already been reversed.'),
  CREDIT_IN_USE: final(16, 422, 'The account owes more than the new credit limit.'),
  RECORD_VERSION_MISMATCH: final(
    17,
    412,
    'The owner record is at another version than the condition names.',
  ),
  RECORD_LIMIT: final(18, 422, 'The owner has too many records.'),
  RECORD_NOT_FOUND: final(19, 404, 'The owner has no such record.'),
  ASSET_CONFLICT: final(
    20,
    409,
    'The asset exists with another scale, granularity or lot tracking, which cannot change.',
  ),
  ASSET_LIMIT: final(21, 422, 'The ledger has too many assets.'),
  REVERSAL_EXCEEDS_REMAINING: final(
    23,
    422,
    'The reversal is larger than what remains of the original, or of that leg of it.',
  ),
  LEG_NOT_FOUND: final(24, 404, 'The original has no leg with this number.'),
  LEGS_REQUIRED: final(25, 422, 'The original has several legs: legs says how much of which.'),
  LEGS_INSEPARABLE: final(
    26,
    422,
    'A user both pays and is paid by these legs: they can only be reversed together and whole.',
  ),
};

/** Lots that are extended, accounts that are reopened. */
const AMENDING = {
  LOT_NOT_FOUND: final(30, 404, 'The account has no lot with this expiry, or it is over.'),
  ACCOUNT_NOT_CLOSED: final(31, 409, 'The account is not closed.'),
  NOT_PENDING: final(
    36,
    409,
    'Nothing of the transfer is pending: it never was, is available already, or was reversed.',
  ),
  PENDING_PAST: transient(
    245,
    422,
    'The time until which points are pending is not in the future.',
  ),
  PENDING_EXPIRES: transient(246, 422, 'The points would expire before they are available.'),
  EXPIRY_NOT_LATER: transient(235, 422, 'The new expiry is not later than the old one.'),
  LOT_HELD: transient(
    236,
    409,
    'Part of the lot is held: name an amount of what is available, or wait until it is captured or released.',
  ),
};

/** Commands between shards. */
const BETWEEN_SHARDS = {
  PREPARE_LATE: final(
    22,
    504,
    'A shard heard of the transfer only after its deadline; nothing was moved. Try again with a new id.',
  ),
  PREPARED: transient(
    171,
    202,
    'The transfer is prepared and not decided yet: ask for it by its id, or repeat it.',
    true,
  ),
  SHARD_UNAVAILABLE: transient(
    172,
    503,
    'The shard cannot be reached, or too much is in flight to it. If the command was sent, what became of it is not known: repeat it with the same id.',
    true,
  ),
  ACCOUNT_BUSY: transient(
    173,
    409,
    'The account, hold or transfer is part of a command between shards that is not decided yet.',
    true,
  ),
};

/** What a command, a query or an id says. */
const VALIDATION = {
  COMMAND_INVALID: transient(128, 400, 'The command is malformed.'),
  COMMAND_VERSION_UNKNOWN: transient(
    129,
    400,
    'This version of the command format is not known here.',
  ),
  COMMAND_TYPE_UNKNOWN: transient(130, 400, 'There is no command of this type.'),
  AMOUNT_INVALID: transient(
    131,
    400,
    'An amount is a whole number of minor units from 1 to 2^53 - 1.',
  ),
  ID_INVALID: transient(
    132,
    400,
    'An id has 1 to 64 characters out of A-Z a-z 0-9 and ._:@/+=~- and is not . or ..',
  ),
  ID_TOO_LONG: transient(
    158,
    400,
    'Without an id, kind:ref is the id, and it is longer than 64 characters: shorten kind or ref, or give an id.',
  ),
  OWNER_INVALID: transient(
    133,
    400,
    'An owner is 1 to 64 characters out of A-Z a-z 0-9 and ._:- (not . or ..), or one of the system owners.',
  ),
  OWNER_RESERVED: transient(
    134,
    403,
    'This owner belongs to the engine and cannot be named by callers.',
  ),
  SYSTEM_OWNER: transient(135, 400, 'This cannot be done to a system owner.'),
  ASSET_INVALID: transient(136, 400, 'An asset code has 1 to 32 characters out of a-z 0-9 and _.'),
  ASSET_UNKNOWN: transient(137, 404, 'The asset has not been defined.'),
  LEGS_INVALID: transient(138, 400, 'A transfer has 1 to 16 legs.'),
  LEG_PARTS_INVALID: transient(
    187,
    400,
    'The legs of a reversal are 1 to 16 that name a leg each, none twice, and go without an amount.',
  ),
  SAME_ACCOUNT: transient(139, 400, 'A leg cannot have the same account on both sides.'),
  KIND_INVALID: transient(140, 400, 'A kind has 1 to 32 characters out of A-Z a-z 0-9 and ._-'),
  REF_INVALID: transient(141, 400, 'A ref has 1 to 64 characters out of A-Z a-z 0-9 and ._:@/+=~-'),
  MEMO_INVALID: transient(142, 400, 'A memo is text of at most 256 bytes of UTF-8.'),
  METADATA_INVALID: transient(143, 400, 'Metadata is a JSON object nested at most 8 deep.'),
  METADATA_TOO_LARGE: transient(144, 413, 'Metadata is at most 1 KiB of JSON.'),
  EXPIRY_INVALID: transient(
    145,
    400,
    'An expiry is a time in milliseconds since 1970 before the year 10000, or null for never.',
  ),
  EXPIRY_PAST: transient(146, 422, 'The expiry is not in the future.'),
  DEADLINE_INVALID: transient(
    147,
    400,
    'A deadline is a time in milliseconds since 1970 before the year 10000.',
  ),
  DEADLINE_PAST: transient(148, 422, 'The deadline is not in the future.'),
  PENDING_INVALID: transient(
    244,
    400,
    'Pending points are earned by one user, in one asset, of system owners; until a time in milliseconds, or null.',
  ),
  OCCURRED_INVALID: transient(
    178,
    400,
    'When it occurred is a time in milliseconds since 1970 before the year 10000.',
  ),
  OCCURRED_FUTURE: transient(175, 422, 'What has yet to occur cannot be backdated.'),
  OCCURRED_TOO_EARLY: transient(176, 422, 'A transfer is backdated by at most 30 years.'),
  CREDIT_LIMIT_INVALID: transient(
    149,
    400,
    'A credit limit is a whole number of minor units from 0 to 2^53 - 1.',
  ),
  RECORD_INVALID: transient(
    150,
    400,
    'A record has a type and a key of 1 to 64 characters out of A-Z a-z 0-9 and ._:@/+=~-',
  ),
  RECORD_TOO_LARGE: transient(151, 413, 'A record holds at most 4 KiB.'),
  VERSION_INVALID: transient(
    152,
    400,
    'A version condition is a whole number, 0 for "does not exist".',
  ),
  SCALE_INVALID: transient(153, 400, 'A scale is a whole number of decimals from 0 to 6.'),
  GRANULARITY_INVALID: transient(
    154,
    400,
    'A lot granularity is a whole number of milliseconds from one second to 366 days.',
  ),
  EXPIRY_POLICY_INVALID: transient(
    233,
    400,
    'expiresAfter is P1D to P9999D, P1M to P999M or P1Y to P99Y, expiresOn a date MM-DD; neither goes with a defaultExpiryMs; expiryNoticeDays is 0 to 366.',
  ),
  ZONE_INVALID: transient(
    234,
    400,
    'A time zone is named by 1 to 64 characters out of A-Z a-z 0-9 and _/+-',
  ),
  ZONE_UNKNOWN: transient(229, 422, 'There is no time zone of this name.'),
  QUERY_INVALID: transient(155, 400, 'The query is malformed.'),
  PAST_TOO_FAR: transient(
    177,
    422,
    'Too many backdated entries of the account were booked after this time: ask as of an earlier booked time.',
  ),
  CURSOR_INVALID: transient(156, 400, 'The cursor was not made by this ledger for this account.'),
  ID_REUSED: transient(157, 409, 'The id has been used for another command of this owner.'),
  OWNER_REQUIRED: transient(
    183,
    400,
    'Several owners pay (or, where no user pays, receive): `owner` must name the one under whom the id is kept.',
  ),
  OWNER_NOT_PARTY: transient(
    188,
    400,
    'The owner of a transfer is one of the users who pay; where no user pays, one of those who receive.',
  ),
  HOME_ELSEWHERE: transient(
    189,
    503,
    'An earlier release has not kept the id on this shard; the shard of the home owner is asked next.',
    true,
  ),
  FOLLOW_UPS_INVALID: transient(
    185,
    400,
    'A transfer has 1 to 4 follow-ups, which have 1 to 4 legs and no id or follow-ups of their own.',
  ),
  FOLLOW_UP_NUMBER_INVALID: transient(
    186,
    400,
    'The n in the id of a follow-up, >{owner}>{id}>{n}, is a whole number from 1 to 4.',
  ),
};

/** Batches, and atomic ones. */
const BATCHES = {
  BATCH_TOO_LARGE: transient(169, 413, 'The batch has too many commands.'),
  BATCH_ABORTED: transient(
    230,
    409,
    'Another command of the atomic batch was refused, so none was carried out and no id was used.',
    true,
  ),
  BATCH_ACROSS_SHARDS: transient(
    231,
    422,
    'An atomic batch must be all on one shard, which this is not on; nothing of it was carried out.',
  ),
};

/** Shards, nodes and the process. */
const SHARDS = {
  SHARD_BUSY: transient(159, 503, 'The shard has too much waiting; try again shortly.', true),
  SHARD_FAILED: transient(160, 503, 'The shard has stopped.', true),
  CLOCK_JUMP: transient(161, 503, 'The clock has jumped; an operator must confirm it.', true),
  DISK_FULL: transient(
    174,
    503,
    'The disk has too little room: nothing is written until an operator makes some; reads go on.',
    true,
  ),
  CLOSING: transient(162, 503, 'The ledger is being opened or closed.', true),
  INTERNAL: transient(163, 500, 'The ledger met a defect; nothing was changed.'),
  SHARD_ROLLED_BACK: transient(
    180,
    503,
    'The shard has come back behind what other nodes have seen of it; an operator must say how to go on.',
    true,
  ),
  SHARD_SERVED_TWICE: transient(
    181,
    503,
    'Two processes say that they serve the shard; an operator must stop one of them.',
    true,
  ),
  SECRETS_KEY_DIFFERS: transient(
    182,
    503,
    'This node has another secrets.key than the one that the secrets of platforms were sealed with; an operator must copy the right one there.',
  ),
  POSITION_AHEAD: transient(
    215,
    409,
    'The position lies ahead of the ledger: this is not the ledger, or not the copy of it, that gave it.',
  ),
  SHARD_ELSEWHERE: transient(
    216,
    421,
    'Another node serves this shard: what is asked for must be asked there.',
  ),
};

/** HTTP: paths, bodies, headers. */
const REQUESTS = {
  ROUTE_NOT_FOUND: transient(165, 404, 'There is nothing at this path.'),
  METHOD_NOT_ALLOWED: transient(166, 405, 'This path does not take this method.'),
  BODY_INVALID: transient(167, 400, 'The body is not valid JSON in UTF-8.'),
  BODY_TOO_LARGE: transient(168, 413, 'The body is larger than the limit.'),
  MEDIA_TYPE_UNSUPPORTED: transient(
    170,
    415,
    'The body is in a format that this call does not take; it takes application/json.',
  ),
  IDEMPOTENCY_KEY_REUSED: transient(
    240,
    422,
    'The Idempotency-Key has been used for another request of this owner.',
  ),
  FRAMING_INVALID: transient(
    250,
    400,
    'The headers do not say once, and in a known way, how long the body is and which host is meant.',
  ),
};

/** Who may ask, and how often. */
const ACCESS = {
  UNAUTHORIZED: transient(164, 401, 'A valid key is required: Authorization: Bearer <key>.'),
  TOKEN_MISSING: transient(295, 401, 'A platform token is required: X-Platform-Token.'),
  TOKEN_EXPIRED: transient(296, 401, 'The platform token has expired.'),
  TOKEN_INVALID: transient(
    192,
    401,
    'The platform token is not a JWT that this platform has signed with HS256, with an expiry.',
  ),
  PLATFORM_UNKNOWN: transient(193, 401, 'There is no such platform.'),
  SIGNATURE_MISSING: transient(
    370,
    401,
    'This platform must sign its requests: X-Platform-ID, X-Timestamp, X-Signature.',
  ),
  SIGNATURE_INVALID: transient(
    371,
    403,
    'The signature is not what this request, signed now with the secret of the platform, has.',
  ),
  SIGNATURE_REPLAYED: transient(
    372,
    403,
    'The signature has been used. Sign the request anew to repeat it; its id finds its outcome.',
  ),
  CREDENTIALS_CONFLICT: transient(197, 403, 'The credentials name different callers.'),
  PLATFORM_DISABLED: transient(198, 403, 'The platform is disabled.'),
  OPERATION_FORBIDDEN: transient(199, 403, 'These credentials do not permit this operation.'),
  ASSET_FORBIDDEN: transient(200, 403, 'These credentials do not extend to this asset.'),
  RATE_LIMITED: transient(201, 429, 'Too many requests; try again later.', true),
  OWNER_FORBIDDEN: transient(
    232,
    403,
    'These credentials do not extend to the points of this owner.',
  ),
};

/** Platforms, keys and the identities of their users. */
const PLATFORMS = {
  PLATFORM_EXISTS: transient(202, 409, 'There is a platform with this id already.'),
  PLATFORM_NOT_FOUND: transient(203, 404, 'There is no platform with this id.'),
  KEY_NOT_FOUND: transient(204, 404, 'There is no key with this id.'),
  CHANGED_MEANWHILE: transient(205, 409, 'It was changed meanwhile; look at it again.', true),
  IDENTITY_INVALID: transient(
    206,
    400,
    'A system is 1 to 24 characters out of a-z 0-9 _ and -, its user 1 to 128 characters without colons and control characters, not . or ..',
  ),
  IDENTITY_CONFLICT: transient(207, 409, 'The user is registered with another identity.'),
  IDENTITY_NOT_FOUND: transient(208, 404, 'The user is not registered.'),
  IDENTITY_INACTIVE: transient(209, 422, 'The registration of the user is not active.'),
  EXCHANGE_UNSUPPORTED: transient(210, 422, 'These points are not exchanged for each other.'),
};

/** WebSockets and events. */
const STREAMS = {
  MESSAGE_INVALID: transient(217, 400, 'The message is malformed.'),
  STREAM_FORBIDDEN: transient(218, 403, 'These credentials do not allow this.'),
  STREAM_LIMIT: transient(
    219,
    429,
    'The connection has too many subscriptions or unanswered batches.',
    true,
  ),
  CONNECTIONS_LIMIT: transient(220, 503, 'Too many connections are open; try again later.', true),
  SUBPROTOCOL_UNSUPPORTED: transient(290, 400, 'Subprotocols are jifen.json and jifen.msgpack.'),
  ORIGIN_FORBIDDEN: transient(
    222,
    403,
    'Pages of this origin may not ask: it is not one of --origins.',
  ),
  UPGRADE_REQUIRED: transient(256, 426, 'This path is for WebSockets of version 13.'),
};

/** Webhooks, and notices to members. */
/** Of commands that two people agree on. */
const PROPOSALS = {
  PROPOSAL_NOT_FOUND: transient(358, 404, 'There is no such proposal, or not any more.'),
  PROPOSAL_OVER: transient(
    359,
    409,
    'The proposal was carried out, rejected or taken back already, or its time is over.',
  ),
  REVIEW_NOT_FOUND: transient(373, 404, 'There is no such review, or not any more.'),
};

const WEBHOOKS = {
  WEBHOOK_NOT_FOUND: transient(270, 404, 'There is no webhook with this id.'),
  WEBHOOK_URL_FORBIDDEN: transient(271, 422, 'Nothing is sent to this URL.'),
  WEBHOOK_LIMIT: transient(272, 422, 'There are too many webhooks.'),
  DEAD_LETTER_NOT_FOUND: transient(
    273,
    404,
    'This node has no such dead letter, or it may not be told any more.',
  ),
  OUTBOX_UNAVAILABLE: transient(274, 503, 'The outbox does not run now; try again shortly.', true),
  CHANNEL_NOT_FOUND: transient(280, 404, 'There is no channel with this id.'),
  CHANNEL_LIMIT: transient(281, 422, 'There are too many channels.'),
  CHANNEL_URL_FORBIDDEN: transient(282, 422, 'No notices are sent there.'),
  CHANNEL_INVALID: transient(284, 422, 'What is said of the channel does not go together.'),
  CONTACT_NOT_FOUND: transient(283, 404, 'Nothing is known of how the member can be reached.'),
};

/** What is said of a programme's rules: never kept, as it has no id. */
const DEFINITIONS = {
  NO_GOODS: transient(260, 404, 'The programme has no goods.'),
  ACTIVE_FROM_INVALID: transient(
    241,
    400,
    'When a definition decides is a time in milliseconds since 1970 before the year 10000; a draft has none.',
  ),
  DEFINITION_TOO_LARGE: transient(242, 413, 'A definition has at most 8 KiB of canonical JSON.'),
  DEFINITION_KEY_INVALID: transient(
    243,
    400,
    'A definition has a key of 1 to 64 characters out of A-Z a-z 0-9 and ._:@/+=~-, and not . or ..',
  ),
  DEFINITION_KIND_UNKNOWN: transient(247, 404, 'There is no such kind of definition.'),
  DEFINITION_INVALID: transient(248, 400, 'The definition is malformed.'),
  DEFINITION_VERSION_MISMATCH: transient(
    249,
    412,
    'The definition is at another version than the condition names.',
  ),
  ACTIVE_FROM_TOO_SOON: transient(
    251,
    422,
    'A definition begins to decide, or ceases to, at least 10 seconds after it is said.',
  ),
  DEFINITION_NOT_FOUND: transient(252, 404, 'There is no such definition.'),
  DEFINITION_RETIRED: transient(253, 409, 'The definition is retired already.'),
  DEFINITION_LIMIT: transient(254, 422, 'The ledger has too many versions of definitions.'),
  DEFINITIONS_UNCONFIRMED: transient(
    255,
    503,
    'The shard cannot know whether it has all definitions, and decides nothing until it does.',
    true,
  ),
};

/** The catalogue. Numbers 1..127 are final, 128..255 transient, from 256 on of sockets alone: no shard tells them; 0 is success. */
export const REFUSALS = {
  ...LEDGER,
  ...AMENDING,
  ...ACTS,
  ...COUPONS,
  ...MALL,
  ...DIGITAL,
  ...COALITION,
  ...MERGES,
  ...RISKS,
  ...SIGN_IN,
  ...PRIVACY,
  ...REPORTS,
  ...ALERTS,
  ...RECEIPTS,
  ...ANCHOR,
  ...BETWEEN_SHARDS,
  ...VALIDATION,
  ...BATCHES,
  ...SHARDS,
  ...REQUESTS,
  ...ACCESS,
  ...PLATFORMS,
  ...PROPOSALS,
  ...STREAMS,
  ...WEBHOOKS,
  ...PARTNERS,
  ...RECONCILIATION,
  ...IMPORTS,
  ...OAUTH,
  ...STATEMENTS,
  ...DEFINITIONS,
};

/** A refusal's code. */
export type RefusalCode = keyof typeof REFUSALS;

/** By number of a refusal of a passing state: the one that is kept. */
const keptNumbers: number[] = Array.from({ length: 256 }, (_, number) => number);
const byNumber: (RefusalCode | undefined)[] = new Array(256).fill(undefined);
for (const [code, refusal] of Object.entries(REFUSALS)) {
  if (byNumber[refusal.number] !== undefined)
    throw new Error(`two refusals share number ${refusal.number}`);
  if (refusal.number < FIRST_PASSING !== (refusal.kept !== 'transient'))
    throw new Error(`${code} is numbered in the wrong half`);
  byNumber[refusal.number] = code as RefusalCode;
}
for (const [code, { number, passing }] of Object.entries<Refusal>(REFUSALS)) {
  if (passing === undefined) continue;
  if (byNumber[passing] !== undefined || passing < FIRST_PASSING)
    throw new Error(`${code} cannot have ${passing} as well`);
  byNumber[passing] = code as RefusalCode;
  keptNumbers[passing] = number;
}

/** Is it a refusal for now? */
export const isPassing = (number: number): boolean => number >= FIRST_PASSING;

/** The number of a refusal that need not be kept. */
export function passingNumber(code: RefusalCode): number {
  const { number, passing = number }: Refusal = REFUSALS[code];
  return passing;
}

/** Is it a refusal for now, by a code that is kept at other times? */
export const isPassingOf = (number: number): boolean => keptNumber(number) !== number;

/** The same refusal where it is kept in spite of its passing (protocol.P20). */
export const keptNumber = (number: number): number => keptNumbers[number] ?? number;

/** The code behind a number from the log; throws on a number this release does not know. */
export function refusalCode(number: number): RefusalCode {
  const code = byNumber[number];
  if (code === undefined) throw new Error(`unknown refusal number ${number}`);
  return code;
}

/** Is this text a refusal's code? */
export function isRefusalCode(text: string): text is RefusalCode {
  return Object.hasOwn(REFUSALS, text);
}
