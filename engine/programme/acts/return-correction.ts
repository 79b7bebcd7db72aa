// What a correction has brought to an event is given back with the event. Returns cause it.

import { json } from '../../protocol/definition-fields.js';
import { namedId } from '../../protocol/fields.js';
import { act } from '../act.js';
import { CORRECT, CORRECT_BACK } from '../earning/corrected.js';

type Legs = readonly { readonly leg: number; readonly amount: number }[];

export const returnCorrection = act({
  name: CORRECT_BACK,
  version: 1,
  about:
    'What a correction has brought to an event is given back with the event. Returns cause it.',
  isCausedOnly: true,
  body: {
    /** The act that has corrected the event, as the log has its id. */
    by: namedId(),
    legs: json<Legs>(
      { type: 'array', items: { type: 'object' } },
      Array.isArray,
      'How much of which of its legs.',
      'ACT_BODY_INVALID',
    ),
  },
  needs: ['earn'],
  refusals: ['TRANSFER_NOT_FOUND', 'ALREADY_REVERSED'],

  decide(see, { by, legs: asked }) {
    const past = see.past(by);
    if (past?.act !== CORRECT) return { refusal: 'TRANSFER_NOT_FOUND' };
    // It may have been undone meanwhile, by hand.
    const legs = asked.flatMap(({ leg, amount }) => {
      const left = (past.amounts[leg] ?? 0) - (past.undone[leg] ?? 0);
      return left > 0 ? [{ leg, amount: Math.min(amount, left) }] : [];
    });
    if (legs.length === 0) return { refusal: 'ALREADY_REVERSED' };
    // Whether the member has so much was looked at by the return.
    return {
      legs: [],
      effects: [{ type: 'returnCorrection', by: past.id }],
      why: { by: past.id },
      reversal: { transferId: past.id, legs, allowDebt: true },
    };
  },

  undo: () => ({ effects: [], why: {} }),
});
