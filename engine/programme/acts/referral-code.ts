// A member gets a code with which others can be referred.

import { DAY_MS } from '../../limits.js';
import { id } from '../../protocol/fields.js';
import { act } from '../act.js';
import { programme, referral } from '../definitions/index.js';
import { CODE_DAYS } from '../definitions/referral.js';
import { joined, memberIn, memberRecord } from '../earning/member.js';
import { code, codeOf, newCode, ownCode, ownCodeIn, referredIn } from '../earning/referral.js';

export const referralCode = act({
  name: 'referral-code',
  version: 1,
  about:
    'A member gets a code with which others can be referred; one that can still be used stays.',
  body: {
    programme: id('ACT_BODY_INVALID'),
    /** Drawn at random by who asks; it is taken where it is nobody's. */
    code: code('Six letters and digits, drawn at random; none of 0, 1, I, O.'),
  },
  needs: ['earn'],
  own: { needs: ['participate'] },
  refusals: ['DEFINITION_NOT_FOUND', 'REFERRAL_CODE_TAKEN'],

  decide(see, { programme: key, code: given }, { owner, time }) {
    const drawn = codeOf(given);
    const of = see.definition(programme, key);
    const terms = see.definition(referral, key);
    if (of === undefined || terms === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    const assets = [of.document.asset];
    const why = { programme: of.version, referral: terms.version };
    const had = ownCodeIn(see, key);
    if (had !== undefined && had.until > time)
      return { legs: [], assets, effects: [{ type: 'referralCode', ...had }], why };
    const member = memberIn(see, key);
    const after = joined(member, time);
    const until = time + (terms.document.codeDays ?? CODE_DAYS) * DAY_MS;
    const upper = referredIn(see, key)?.by ?? null;
    return {
      legs: [],
      assets,
      puts: [newCode(key, drawn, { by: owner, since: after.since as number, until, upper })],
      records: [
        ownCode(key, { code: drawn, until }),
        ...(after === member ? [] : [memberRecord(key, after)]),
      ],
      effects: [{ type: 'referralCode', code: drawn, until }],
      why,
    };
  },

  undo: () => ({ effects: [], why: {} }),
});
