// The audit trail: who asked for what. Owns: its path and parameters. Never touches: logs, keys.

import type { AuditQuery } from '../../../engine/index.js';
import type { Access } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { isRefusal } from '../../refusal.js';
import { type Call, callerOf, count, type Route, type ServedLedger, time } from '../../route.js';
import { auditDescription } from '../../schema/audit.js';
import { OK } from './submit.js';

/** It concerns the whole ledger. */
const AUDITORS: Access = { by: 'key', needs: ['read-audit'], whole: true };

/** The route of the audit trail. */
export function auditRoutes(ledger: ServedLedger): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/audit',
      access: AUDITORS,
      module: 'operations',
      describes: auditDescription,
      handle: (call) => audit(ledger, call),
    },
  ];
}

async function audit(ledger: ServedLedger, call: Call): Promise<Answer> {
  const { query } = call;
  const { principal, owner, operation, act, outcome, id, cursor } = query;
  const [from, to] = [time(query, 'from'), time(query, 'to')];
  for (const found of [from, to]) if (isRefusal(found)) return problem(found);
  const range = { from, to } as Pick<AuditQuery, 'from' | 'to'>;
  const limit = count(query, 'limit');
  const asked = { ...range, principal, owner, operation, act, outcome, id, limit, cursor };
  const page = await callerOf(ledger, call).audit(asked);
  return isRefusal(page) ? problem(page) : json(OK, { records: page.records, cursor: page.cursor });
}
