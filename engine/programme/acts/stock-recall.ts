// Pieces of goods are called back from all shards, to be taken out of the stock (stock-take.ts): for a while it lends none, so that what comes back stays.

import { RECALL_MS } from '../../limits.js';
import { amount, asset } from '../../protocol/fields.js';
import { act } from '../act.js';
import { RECALL_TYPE } from '../allotments.js';

export const stockRecall = act({
  name: 'stock-recall',
  version: 1,
  about: 'The pieces of goods are called back from all shards. Asked for by the gateway.',
  by: 'engine',
  body: { asset: asset(), pieces: amount() },
  needs: ['admin'],
  refusals: [],

  decide: (_, { asset: code, pieces }, { time }) => ({
    legs: [],
    records: [
      {
        ...{ type: RECALL_TYPE, key: code, value: { pieces, since: time } },
        expiresAt: time + RECALL_MS,
      },
    ],
    effects: [{ type: 'stockRecalled', pieces }],
    why: {},
  }),

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
