// The command by which any act is asked for. Owns: its fields. Never touches: acts.

import { actBody, actName, actPlan, cause, compiledLegs } from './act-fields.js';
import { BUSINESS } from './business.js';
import { define } from './definition.js';
import { filledIn, optional, recordOwner } from './fields.js';
import { BY_A_MARK } from './risk-refusals.js';

/** What a programme does for a user: decided on the home shard, once, by the act's own rules (engine/programme). */
export const ACT = define(
  21,
  BUSINESS,
  {
    owner: recordOwner(),
    /** Which act, by its name. */
    act: actName(),
    /** What it is asked to do: an object with the act's own fields, at most 2 KiB of JSON. */
    body: actBody(),
    /** Set by the engine: what was decided. Callers leave it out. */
    plan: filledIn(optional(actPlan())),
    /** Set by the engine: the act that has caused this one. Callers leave it out. */
    cause: filledIn(optional(cause())),
    /** Set by the engine: the points that move. Callers leave it out. */
    legs: compiledLegs(),
  },
  {
    refusals: [
      'ACT_UNKNOWN',
      'DEFINITIONS_UNCONFIRMED',
      'ACCOUNT_BUSY (what another act between shards has read or written of the owner)',
      'ASSET_UNKNOWN (of a leg, or of what is to be held; here and below, after the refusals of the act itself)',
      'PENDING_PAST (of a leg)',
      'DEADLINE_PAST (of what is to be held)',
      'HOLD_CLOSED (hold by hold, with the next two)',
      'HOLD_NOT_FOUND',
      'CAPTURE_EXCEEDS_HOLD',
      'TRANSFER_NOT_FOUND (of what is to be given back; then all refusals of `reverse`)',
      ...BY_A_MARK,
      'RECORD_LIMIT',
      'SHARD_UNAVAILABLE (too much is in flight to another shard, or it was reached too late)',
      'ACCOUNT_CLOSED (leg by leg: who pays, then who receives)',
      'ACCOUNT_FROZEN (who pays, looked at leg by leg with ACCOUNT_CLOSED)',
      'POINTS_SHORT (leg by leg, with the next; what other legs bring does not count)',
      'AMOUNT_OVERFLOW (who pays, then who receives)',
      'HOLD_LIMIT (of what is to be held, or is pending)',
      'LOT_LIMIT',
    ],
  },
);
