// Codes of goods that nobody has are withdrawn, each with its piece of stock. Asked for by the gateway, which knows their names.
//   code-withdraw.D1. A code that an order has, or reserves, is not withdrawn, and one that is withdrawn is never given out: both take away what says that
//       nobody has it, where it lies.

import { CODES_ADDED_MAX } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import { asset, id } from '../../protocol/fields.js';
import { act } from '../act.js';
import { stockOf } from '../definitions/goods.js';
import {
  areCodeNames,
  CODE_TEXT,
  codeOwner,
  FREE_CODE,
  WITHDRAWN,
  withdrawnOf,
} from '../mall/codes.js';

const areNames = (value: unknown): boolean => areCodeNames(value, CODES_ADDED_MAX);

export const codeWithdraw = act({
  name: 'code-withdraw',
  version: 1,
  about: 'Codes of goods that nobody has are withdrawn, with as many pieces of stock.',
  by: 'engine',
  body: {
    goods: id('ACT_BODY_INVALID'),
    asset: asset(),
    codes: json<readonly string[]>(
      {
        type: 'array',
        minItems: 1,
        maxItems: CODES_ADDED_MAX,
        uniqueItems: true,
        items: { type: 'string', pattern: '^[A-Za-z0-9_-]{22}$' },
      },
      areNames,
      'The names of the codes.',
      'ACT_BODY_INVALID',
    ),
  },
  needs: ['admin'],
  refusals: ['ACT_BODY_INVALID', 'BUDGET_BUSY', 'BUDGET_EXHAUSTED'],

  decide(see, { goods, asset: code, codes }, { owner }) {
    if (codes.length === 0 || codes.some((name) => codeOwner(goods, name) !== owner))
      return { refusal: 'ACT_BODY_INVALID' };
    const told = { withdrawn: 0, before: 0, given: 0, unknown: 0 };
    const free = codes.filter((name) => {
      const text = see.record<string>(CODE_TEXT, name);
      const isFree = see.record(FREE_CODE, name) !== undefined;
      told[isFree ? 'withdrawn' : stateOf(text)]++;
      return isFree;
    });
    const amount = free.length;
    const gone = { from: stockOf(goods), to: withdrawnOf(goods), asset: code, amount };
    return {
      legs: amount === 0 ? [] : [gone],
      records: free.flatMap((key) => [
        { type: FREE_CODE, key, value: null },
        { type: CODE_TEXT, key, value: WITHDRAWN },
      ]),
      effects: [{ type: 'codesWithdrawn', goods, ...told }],
      why: { goods },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});

/** Of a code that is not free. */
const stateOf = (text: string | undefined): 'before' | 'given' | 'unknown' =>
  text === undefined ? 'unknown' : text === WITHDRAWN ? 'before' : 'given';
