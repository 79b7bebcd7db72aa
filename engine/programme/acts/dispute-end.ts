// A dispute ends: settled or rejected by the operator, once it is answered or its time to be is over; or withdrawn by who has opened it
// (coalition.D1, coalition.D2).

import { AMOUNT_MAX } from '../../limits.js';
import { json, words } from '../../protocol/definition-fields.js';
import { id, optional } from '../../protocol/fields.js';
import { act } from '../act.js';
import {
  correcting,
  DISPUTE_LINES_MAX,
  DISPUTE_TEXT_MAX,
  DISPUTED_LINE,
  disputeEffect,
  disputeIn,
  disputeRecord,
  type KeptDispute,
  lineKey,
  listed,
  settledLines,
  unsettled,
} from '../coalition/dispute.js';
import { platform } from '../definitions/platform.js';

const ENDS = ['settled', 'rejected', 'withdrawn'] as const;
type End = (typeof ENDS)[number];

const EFFECTS = {
  settled: 'disputeSettled',
  rejected: 'disputeRejected',
  withdrawn: 'disputeWithdrawn',
} as const satisfies Readonly<Record<End, string>>;

const isAmounts = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= DISPUTE_LINES_MAX &&
  value.every((one) => Number.isSafeInteger(one) && one >= 0 && one <= AMOUNT_MAX);

export const disputeEnd = act({
  name: 'dispute-end',
  version: 1,
  about: 'A dispute is settled, rejected or withdrawn.',
  by: 'engine',
  body: {
    dispute: id('ACT_BODY_INVALID'),
    end: json<End>(
      { type: 'string', enum: ENDS },
      (value) => ENDS.includes(value as End),
      'How it ends.',
      'ACT_BODY_INVALID',
    ),
    /** Who withdraws it. Left out: the operator decides. */
    party: optional(platform('ACT_BODY_INVALID')),
    amounts: optional(
      json<readonly number[]>(
        {
          type: 'array',
          minItems: 1,
          maxItems: DISPUTE_LINES_MAX,
          items: { type: 'integer', minimum: 0, maximum: AMOUNT_MAX },
        },
        isAmounts,
        'Settled: how much of each line is given back, in their order. Left out: all that is disputed.',
        'ACT_BODY_INVALID',
      ),
    ),
    decision: words(DISPUTE_TEXT_MAX, 'Why.', 'ACT_BODY_INVALID'),
  },
  needs: ['admin'],
  refusals: [
    'DISPUTE_NOT_FOUND',
    'DISPUTE_PARTY',
    'DISPUTE_STATE_INVALID',
    'DISPUTE_AMOUNT_INVALID',
    'CHANGED_MEANWHILE',
  ],

  decide(see, { dispute, end, party, amounts, decision }, { owner, time }) {
    const found = disputeIn(see, dispute);
    if (found === undefined) return { refusal: 'DISPUTE_NOT_FOUND' };
    const isWithdrawn = end === 'withdrawn';
    if (party !== (isWithdrawn ? found.by : undefined)) return { refusal: 'DISPUTE_PARTY' };
    const isHeard = found.state === 'answered' || time >= found.answerBy;
    const isOpen = found.state === 'open' || found.state === 'answered';
    if (!isOpen || (!isWithdrawn && !isHeard)) return { refusal: 'DISPUTE_STATE_INVALID' };
    const all = found.lines.map(([, , , disputed]) => disputed);
    const lines = end === 'settled' ? settledLines(found, amounts ?? all) : found.lines;
    if (lines === undefined) return { refusal: 'DISPUTE_AMOUNT_INVALID' };
    const kept: KeptDispute = {
      ...found,
      ...{ state: end, lines, decision, endedAt: time },
      settledBy: end === 'settled' ? see.id : null,
    };
    const { by, other } = found;
    const freed = found.lines.map(([isOurs, asset]) => ({
      type: DISPUTED_LINE,
      key: lineKey(found, isOurs ? by : other, isOurs ? other : by, asset),
      value: null,
    }));
    return {
      legs: end === 'settled' ? correcting(kept) : [],
      records: [disputeRecord(dispute, kept), ...(isWithdrawn ? freed : [])],
      puts: [listed(owner, dispute, found, false)],
      effects: [disputeEffect(EFFECTS[end], dispute, kept)],
      why: { dispute },
    };
  },

  undo(see, undone, { owner }) {
    const { dispute, end } = undone.body as { readonly dispute: string; readonly end: End };
    return end === 'settled'
      ? unsettled(see, owner, dispute, undone)
      : { refusal: 'NOT_REVERSIBLE' };
  },
});
