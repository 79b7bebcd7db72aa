// The stock of goods: filled, corrected, looked at. Owns: their paths. Never touches: what is taken of it, which orders do.
//   http.H52. What is to be taken out is called back from all shards first, where its own has too little of it: tried again for a while, under its id.

import { randomUUID } from 'node:crypto';
import {
  type ActCommand,
  lowStockOf,
  recallOf,
  stockOf,
  type TransferCommand,
} from '../../../engine/index.js';
import { VIEWERS, whole } from '../../auth/principal.js';
import { json, problem } from '../../encoding/answer.js';
import { outcomeAnswer } from '../../encoding/outcome-json.js';
import { isRefusal, refuse } from '../../refusal.js';
import { auditOf, type Call, engineOf, type Route, type ServedLedger } from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import { STOCK_DESCRIPTIONS, StockBody } from '../../schema/orders.js';
import { unrecorded } from '../../submission.js';
import { retried } from './retried.js';
import { OK } from './submit.js';

const STOCK = '/v1/goods/{goods}/stock';
const CREATED = 201;
const readBody = bodyReader(StockBody);

/** The routes of stock. */
export function stockRoutes(ledger: ServedLedger): Route[] {
  const row = { path: STOCK, access: whole('configure'), module: 'definitions' } as const;
  return [
    {
      ...row,
      access: VIEWERS,
      method: 'GET',
      describes: STOCK_DESCRIPTIONS.read,
      handle: async (call) => {
        const [goods = ''] = call.path;
        const document = await documentOf(ledger, call);
        if (isRefusal(document)) return problem(document);
        const { own } = engineOf(ledger);
        const of = [stockOf(goods), String(document['stockAsset'])] as const;
        const [found, recalled] = await Promise.all([own.pool(...of), recallOf(own, ...of)]);
        if (isRefusal(found)) return problem(found);
        if (isRefusal(recalled)) return problem(recalled);
        const lowStock = lowStockOf(document);
        const low = found.available < lowStock;
        const told = { goods, ...found, low, lowStock };
        return json(OK, recalled === undefined ? told : { ...told, recalled });
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
        const document = await documentOf(ledger, call);
        if (isRefusal(document)) return problem(document);
        if (document['delivery'] === 'code') return problem(refuse('STOCK_OF_CODES', 'goods'));
        const { id = call.idempotencyKey ?? randomUUID(), pieces, reason } = body;
        if (pieces === 0) return problem(refuse('AMOUNT_INVALID', 'pieces', NOTHING));
        const stock = stockOf(call.path[0] ?? '');
        const asset = String(document['stockAsset']);
        const audit = auditOf(call);
        const { own } = engineOf(ledger);
        const said = { id, kind: 'STOCK', memo: reason } as const;
        const submit = (command: Change) => own.submit(command, { audit });
        const command: Change =
          pieces > 0
            ? {
                ...said,
                type: 'transfer',
                legs: [{ from: '@issue', to: stock, asset, amount: pieces }],
              }
            : { ...said, ...takenBy(stock), body: { asset, pieces: -pieces } };
        const recall = { ...takenBy(stock), act: 'stock-recall', body: { asset, pieces: -pieces } };
        const outcome = await retried(
          () => submit(command),
          async (refused) =>
            !refused.ok && refused.code === 'BUDGET_BUSY' ? submit(recall) : undefined,
        );
        call.isRecorded = unrecorded({ audit }, [command], [outcome], {}).length === 0;
        if (outcome.ok) return outcomeAnswer(outcome, CREATED);
        const field = FIELDS.get(outcome.field ?? '') ?? outcome.field;
        return problem({ ...outcome, field });
      },
    },
  ];
}

type Change = TransferCommand | ActCommand;

/** The act that takes pieces out of a stock. */
const takenBy = (owner: string) => ({ type: 'act', act: 'stock-take', owner }) as const;

/** What the request calls fields of commands. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ['memo', 'reason'],
  ['body.pieces', 'pieces'],
]);

const NOTHING = 'pieces is a whole number, not 0.';

/** What was said last of goods that have a stock. */
async function documentOf(ledger: ServedLedger, { path }: Call) {
  const found = await engineOf(ledger).definition('goods', path[0] ?? '');
  if (isRefusal(found)) return found;
  const document = found?.versions.findLast(({ state }) => state === 'active')?.document;
  if (document === undefined) return refuse('DEFINITION_NOT_FOUND', 'goods');
  if (typeof document['stockAsset'] === 'string') return document;
  return refuse('DEFINITION_INVALID', 'goods', 'There is no end of these goods: no stockAsset.');
}
