// The stock of goods: filled, corrected, looked at. Owns: their paths. Never touches: what is taken of it, which orders do.

import { stockOf } from '../../../engine/index.js';
import { WHOLE_LEDGER } from '../../auth/principal.js';
import { json, problem } from '../../encoding/answer.js';
import { outcomeAnswer } from '../../encoding/outcome-json.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { auditOf, type Call, engineOf, type Route, type ServedLedger } from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import { STOCK_DESCRIPTIONS, StockBody } from '../../schema/orders.js';
import { unrecorded } from '../../submission.js';
import { OK } from './submit.js';

const STOCK = '/v1/goods/{goods}/stock';
const CREATED = 201;
const readBody = bodyReader(StockBody);

/** The routes of stock. */
export function stockRoutes(ledger: ServedLedger): Route[] {
  const row = { path: STOCK, access: WHOLE_LEDGER, module: 'definitions' } as const;
  return [
    {
      ...row,
      method: 'GET',
      describes: STOCK_DESCRIPTIONS.read,
      handle: async (call) => {
        const [goods = ''] = call.path;
        const asset = await assetOf(ledger, call);
        if (isRefusal(asset)) return problem(asset);
        const found = await engineOf(ledger).own.pool(stockOf(goods), asset);
        return isRefusal(found) ? problem(found) : json(OK, { goods, ...found });
      },
    },
    {
      ...row,
      method: 'POST',
      body: 'required',
      describes: STOCK_DESCRIPTIONS.change,
      handle: async (call) => {
        const body = readBody(call.body);
        if (isRefusal(body)) return problem(body);
        const asset = await assetOf(ledger, call, true);
        if (isRefusal(asset)) return problem(asset);
        const { id = call.idempotencyKey, pieces, reason } = body;
        if (pieces === 0) return problem(refuse('AMOUNT_INVALID', 'pieces', NOTHING));
        const stock = stockOf(call.path[0] ?? '');
        const [from, to] = pieces > 0 ? ['@issue', stock] : [stock, '@adjust'];
        const legs = [{ from, to, asset, amount: Math.abs(pieces) }] as const;
        const command = { type: 'transfer', id, kind: 'STOCK', memo: reason, legs } as const;
        const audit = auditOf(call);
        const outcome = await engineOf(ledger).own.submit(command, { audit });
        call.isRecorded = unrecorded({ audit }, [command], [outcome], {}).length === 0;
        if (outcome.ok || outcome.field !== 'memo') return outcomeAnswer(outcome, CREATED);
        return problem({ ...outcome, field: 'reason' });
      },
    },
  ];
}

const NOTHING = 'pieces is a whole number, not 0.';

/** The asset that the pieces of goods are counted in, by what was said of them last. `isChange`: they are to be more or less. */
async function assetOf(
  ledger: ServedLedger,
  { path }: Call,
  isChange = false,
): Promise<string | Refusal> {
  const found = await engineOf(ledger).definition('goods', path[0] ?? '');
  if (isRefusal(found)) return found;
  const document = found?.versions.findLast(({ state }) => state === 'active')?.document;
  if (document === undefined) return refuse('DEFINITION_NOT_FOUND', 'goods');
  if (isChange && document['delivery'] === 'code') return refuse('STOCK_OF_CODES', 'goods');
  const asset = document['stockAsset'];
  if (typeof asset === 'string') return asset;
  return refuse('DEFINITION_INVALID', 'goods', 'There is no end of these goods: no stockAsset.');
}
