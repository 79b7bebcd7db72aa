// Codes of goods come, sealed, with as many pieces of stock. Asked for by the gateway, which has sealed them (gateway/mall/codes.ts).

import { CODES_ADDED_MAX } from '../../limits.js';
import { json } from '../../protocol/definition-fields.js';
import { id } from '../../protocol/fields.js';
import { ISSUER } from '../../protocol/syntax.js';
import { act } from '../act.js';
import { stockOf } from '../definitions/goods.js';
import { goods } from '../definitions/index.js';
import { CODE_TEXT, codeOwner, isSealedCode, newCode, type SealedCode } from '../mall/codes.js';

const areCodes = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.length >= 1 &&
  value.length <= CODES_ADDED_MAX &&
  value.every(isSealedCode) &&
  new Set(value.map(([name]) => name)).size === value.length;

export const codeAdd = act({
  name: 'code-add',
  version: 1,
  about: 'Codes of goods come, with as many pieces of stock; those that are there are passed over.',
  by: 'engine',
  body: {
    goods: id('ACT_BODY_INVALID'),
    codes: json<readonly SealedCode[]>(
      {
        type: 'array',
        minItems: 1,
        maxItems: CODES_ADDED_MAX,
        items: { type: 'array', minItems: 2, maxItems: 2, items: { type: 'string' } },
      },
      areCodes,
      '[name, sealed] of each.',
      'ACT_BODY_INVALID',
    ),
  },
  needs: ['admin'],
  refusals: ['DEFINITION_NOT_FOUND', 'GOODS_WITHOUT_CODES', 'ACT_BODY_INVALID'],

  decide(see, { goods: key, codes }, { owner }) {
    const of = see.definition(goods, key);
    if (of === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    const { delivery, stockAsset } = of.document;
    if (delivery !== 'code' || stockAsset === undefined) return { refusal: 'GOODS_WITHOUT_CODES' };
    if (codes.some(([name]) => codeOwner(key, name) !== owner))
      return { refusal: 'ACT_BODY_INVALID' };
    const fresh = codes.filter(([name]) => see.record(CODE_TEXT, name) === undefined);
    const added = fresh.length;
    const restocked = { from: ISSUER, to: stockOf(key), asset: stockAsset, amount: added };
    return {
      legs: added === 0 ? [] : [restocked],
      records: fresh.flatMap(newCode),
      effects: [{ type: 'codesAdded', goods: key, added, known: codes.length - added }],
      why: { goods: key, version: of.version },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
