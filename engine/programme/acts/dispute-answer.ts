// The other platform answers a dispute: it agrees, and all that is disputed is given back at once, or it does not (coalition.D1, coalition.D2).

import { words } from '../../protocol/definition-fields.js';
import { flag, id } from '../../protocol/fields.js';
import { act } from '../act.js';
import {
  correcting,
  DISPUTE_TEXT_MAX,
  disputeEffect,
  disputeIn,
  disputeRecord,
  type KeptDispute,
  listed,
  settledLines,
  unsettled,
} from '../coalition/dispute.js';
import { platform } from '../definitions/platform.js';

export const disputeAnswer = act({
  name: 'dispute-answer',
  version: 1,
  about: 'The other platform answers a dispute, and may agree to it.',
  by: 'engine',
  body: {
    dispute: id('ACT_BODY_INVALID'),
    /** Who answers. */
    party: platform('ACT_BODY_INVALID'),
    agrees: flag(false),
    answer: words(DISPUTE_TEXT_MAX, 'What it says.', 'ACT_BODY_INVALID'),
  },
  needs: ['admin'],
  refusals: [
    'DISPUTE_NOT_FOUND',
    'DISPUTE_PARTY',
    'DISPUTE_STATE_INVALID',
    'DISPUTE_LATE',
    'CHANGED_MEANWHILE',
  ],

  decide(see, { dispute, party, agrees = false, answer }, { owner, time }) {
    const found = disputeIn(see, dispute);
    if (found === undefined) return { refusal: 'DISPUTE_NOT_FOUND' };
    if (party !== found.other) return { refusal: 'DISPUTE_PARTY' };
    if (found.state !== 'open') return { refusal: 'DISPUTE_STATE_INVALID' };
    if (time >= found.answerBy) return { refusal: 'DISPUTE_LATE' };
    const answered = { ...found, answer, answeredAt: time };
    const all = found.lines.map(([, , , disputed]) => disputed);
    const kept: KeptDispute = agrees
      ? {
          ...answered,
          ...{ state: 'settled', lines: settledLines(found, all) ?? found.lines },
          ...{ endedAt: time, settledBy: see.id },
        }
      : { ...answered, state: 'answered' };
    return {
      legs: agrees ? correcting(kept) : [],
      records: [disputeRecord(dispute, kept)],
      puts: agrees ? [listed(owner, dispute, found, false)] : [],
      effects: [disputeEffect(agrees ? 'disputeSettled' : 'disputeAnswered', dispute, kept)],
      why: { dispute },
    };
  },

  undo: (see, undone, { owner }) =>
    unsettled(see, owner, (undone.body as { readonly dispute: string }).dispute, undone),
});
