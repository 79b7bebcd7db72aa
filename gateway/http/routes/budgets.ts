// Budgets: filled, and looked at, as other pools are. Owns: their paths. Never touches: what is paid out of them, which acts do.

import type { Static } from 'typebox';
import { VIEWERS, whole } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { outcomeAnswer } from '../../encoding/outcome-json.js';
import { isRefusal, type Refusal } from '../../refusal.js';
import { auditOf, type Call, engineOf, type Route, type ServedLedger } from '../../route.js';
import { BUDGET_DESCRIPTIONS, BudgetBody } from '../../schema/budgets.js';
import { bodyReader } from '../../schema/check.js';
import { unrecorded } from '../../submission.js';
import { OK } from './submit.js';

const BUDGET = '/v1/budgets/{budget}/assets/{asset}';
const CREATED = 201;
const readBody = bodyReader(BudgetBody);

const ownerOf = ({ path }: Call): string => `#budget:${path[0]}`;

/** The routes of budgets. */
export function budgetRoutes(ledger: ServedLedger): Route[] {
  const row = { path: BUDGET, access: whole('settle'), module: 'definitions' } as const;
  return [
    {
      ...row,
      access: VIEWERS,
      method: 'GET',
      describes: BUDGET_DESCRIPTIONS.read,
      handle: (call) => readPool(ledger, ownerOf(call), 'budget', call),
    },
    {
      ...row,
      method: 'POST',
      path: `${BUDGET}/fund`,
      body: 'required',
      describes: BUDGET_DESCRIPTIONS.fund,
      handle: (call) => fundedPool(ledger, ownerOf(call), 'BUDGET', readBody(call.body), call),
    },
  ];
}

/** What a pool has; it and its asset are in the path. `name`: what it is called in the answer. */
export async function readPool(
  ledger: ServedLedger,
  owner: string,
  name: string,
  { path: [pool = '', asset = ''] }: Call,
): Promise<Answer> {
  const found = await engineOf(ledger).own.pool(owner, asset);
  return isRefusal(found) ? problem(found) : json(OK, { [name]: pool, ...found });
}

/** Puts points into a pool, whose asset is in the path. */
export async function fundedPool(
  ledger: ServedLedger,
  owner: string,
  kind: string,
  body: Static<typeof BudgetBody> | Refusal,
  call: Call,
): Promise<Answer> {
  if (isRefusal(body)) return problem(body);
  const { id = call.idempotencyKey, amount, memo } = body;
  const asset = call.path[1] ?? '';
  const legs = [{ from: '@issue', to: owner, asset, amount }];
  const command = { type: 'transfer', id, kind, memo, legs } as const;
  const audit = auditOf(call);
  const outcome = await engineOf(ledger).own.submit(command, { audit });
  call.isRecorded = unrecorded({ audit }, [command], [outcome], {}).length === 0;
  return outcomeAnswer(outcome, CREATED);
}
