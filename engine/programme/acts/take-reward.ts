// A reward of a task is taken back from the event that had completed the task, for another event that counted for it was given back.

import { STORED_ID_LENGTH_MAX } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { id } from '../../protocol/fields.js';
import { act } from '../act.js';
import { programme } from '../definitions/index.js';
import { CORRECT_BACK } from '../earning/corrected.js';
import type { EventBody } from '../earning/order.js';
import {
  linesOf,
  nothingOf,
  returnableUntil,
  returnedIn,
  returnedRecord,
} from '../earning/returned.js';
import { rewardOf, TAKE_REWARD, worthOf } from '../earning/rewards.js';

export const takeReward = act({
  name: TAKE_REWARD,
  version: 1,
  about:
    'A reward of a task is taken back, for what counted for it is not enough any more. Returns cause it.',
  isCausedOnly: true,
  body: {
    event: words(
      STORED_ID_LENGTH_MAX,
      'The event that had completed the task, as the log has its id.',
      'ACT_BODY_INVALID',
    ),
    task: id('ACT_BODY_INVALID'),
  },
  causes: [CORRECT_BACK],
  needs: ['earn'],
  refusals: ['EVENT_NOT_FOUND', 'POINTS_SHORT'],

  decide(see, body, { owner }) {
    const found = rewardOf(see, body);
    if (found === undefined) return { refusal: 'EVENT_NOT_FOUND' };
    const { past, leg, left, isPending, more } = found;
    const of = see.definition(programme, (past.body as EventBody).programme);
    const { returns = 'within-balance', asset = '' } = of?.document ?? {};
    const available = Math.max(0, see.account(asset)?.available ?? 0);
    let amount = left;
    let added = more?.left ?? 0;
    if (returns === 'only-pending' && !isPending) amount = added = 0;
    // What the return found there may have been spent since: then what a correction has added goes first, and what it has taken stays so.
    if (returns === 'within-balance' && !isPending && worthOf(found) > available) {
      added = more?.sign === 1 ? Math.min(added, available) : 0;
      amount = Math.min(left, available - added);
    }
    const followUps =
      more === undefined || added === 0
        ? []
        : [
            {
              owner,
              act: CORRECT_BACK,
              body: { by: more.by, legs: [{ leg: more.leg, amount: added }] },
            },
          ];
    const told = {
      followUps,
      effects: [{ type: 'takeReward', ...body }],
      why: { ...body, programme: of?.version ?? 0 },
    };
    if (amount === 0) return { legs: [], ...told };
    const goesAll = past.amounts.every(
      (all, i) => (past.undone[i] as number) + (i === leg ? amount : 0) === all,
    );
    // With nothing left of its points, the event itself can still be given back.
    const isNew = goesAll && returnedIn(see, body.event) === undefined;
    const nothing = nothingOf(linesOf(past));
    const until = returnableUntil(past, of);
    return {
      legs: [],
      records: isNew ? [returnedRecord(body.event, nothing, until)] : [],
      ...told,
      reversal: {
        transferId: past.id,
        legs: [{ leg, amount }],
        // What a correction has taken is given back right after.
        allowDebt: returns === 'unlimited' || more?.sign === -1,
      },
    };
  },

  undo: () => ({ effects: [], why: {} }),
});
