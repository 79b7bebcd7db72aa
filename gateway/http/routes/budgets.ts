// Budgets: filled, and looked at. Owns: their paths. Never touches: what is paid out of them, which acts do.

import { WHOLE_LEDGER } from '../../auth/principal.js';
import { json, problem } from '../../encoding/answer.js';
import { outcomeAnswer } from '../../encoding/outcome-json.js';
import { isRefusal } from '../../refusal.js';
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
  const row = { path: BUDGET, access: WHOLE_LEDGER, module: 'definitions' } as const;
  return [
    {
      ...row,
      method: 'GET',
      describes: BUDGET_DESCRIPTIONS.read,
      handle: async (call) => {
        const [budget = '', asset = ''] = call.path;
        const found = await engineOf(ledger).own.pool(ownerOf(call), asset);
        return isRefusal(found) ? problem(found) : json(OK, { budget, ...found });
      },
    },
    {
      ...row,
      method: 'POST',
      path: `${BUDGET}/fund`,
      body: 'required',
      describes: BUDGET_DESCRIPTIONS.fund,
      handle: async (call) => {
        const body = readBody(call.body);
        if (isRefusal(body)) return problem(body);
        const { id = call.idempotencyKey, amount, memo } = body;
        const asset = call.path[1] ?? '';
        const legs = [{ from: '@issue', to: ownerOf(call), asset, amount }];
        const command = { type: 'transfer', id, kind: 'BUDGET', memo, legs } as const;
        const audit = auditOf(call);
        const outcome = await engineOf(ledger).own.submit(command, { audit });
        call.isRecorded = unrecorded({ audit }, [command], [outcome], {}).length === 0;
        return outcomeAnswer(outcome, CREATED);
      },
    },
  ];
}
