// Who has referred a member gets more of an event that was corrected, or gives back: what the correction, a return of the event, or the undo of the
// correction asks for.
//   share.K1. What cannot be taken, because it is spent, is noted, and taken off what would be given next: so whatever is asked for together is what
//       there is together, in whichever order it comes.

import { AMOUNT_MAX } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { asset, id, optional, whole } from '../../protocol/fields.js';
import { ISSUER } from '../../protocol/syntax.js';
import { act, type RecordDelta } from '../act.js';
import { CORRECT_SHARE } from '../earning/corrected-shares.js';
import { recordType, STAYS } from '../record-type.js';

/** The record of what could not be taken for an event. */
const OWED = recordType('share-owed', STAYS);
const KEY_LENGTH = 64;

const most = (about: string) => whole(1, AMOUNT_MAX, 'ACT_BODY_INVALID', about);

export const correctShare = act({
  name: CORRECT_SHARE,
  version: 1,
  about:
    'Who has referred a member gets more of a corrected event, or gives back. Corrections and returns cause it.',
  isCausedOnly: true,
  body: {
    /** By what name the correction goes. */
    correction: id('ACT_BODY_INVALID'),
    event: words(KEY_LENGTH, 'Of which event: a digest of its owner and id.', 'ACT_BODY_INVALID'),
    asset: asset(),
    give: optional(most('Minor units that are given.')),
    take: optional(most('Minor units that are taken.')),
  },
  needs: ['adjust'],
  refusals: ['ASSET_UNKNOWN'],

  decide(see, { correction, event, asset: of, give = 0, take = 0 }, { owner }) {
    const account = see.account(of);
    if (account === undefined) return { refusal: 'ASSET_UNKNOWN' };
    const owed = see.record<number>(OWED, event) ?? 0;
    const more = give - take - owed;
    const given = more > 0 ? more : -Math.min(-more, Math.max(0, account.available));
    const left = given - more;
    const record: RecordDelta = { type: OWED, key: event, value: left === 0 ? null : left };
    const sides = given > 0 ? { from: ISSUER, to: owner } : { from: owner, to: ISSUER };
    return {
      legs: given === 0 ? [] : [{ ...sides, asset: of, amount: Math.abs(given) }],
      assets: [of],
      records: left === owed ? [] : [record],
      effects: [{ type: 'correctShare', correction, amount: given, owed: left }],
      why: { correction, event, asked: give - take, owed },
    };
  },

  undo: () => ({ effects: [], why: {} }),
});
