// What does not agree with a partner, for the contract of the API. Owns: a reconciliation that has begun, inconsistencies that are open.

import { inconsistencyId, inconsistencyOwner } from '../../engine/index.js';
import type { Gateway } from './harness.js';

const HOUR_MS = 3_600_000;

/** What is asked for to reconcile the last hour. */
export function recently(partner: string): object {
  const until = Date.now() - 1_000;
  return { partner, from: until - HOUR_MS, until };
}

/** A reconciliation, and inconsistencies: one to look at, one to resolve. */
export async function reconciled(
  { ask, server }: Gateway,
  partner: string,
  n: number,
): Promise<Readonly<Record<string, string[]>>> {
  const { body } = await ask('POST /v1/reconciliations', recently(partner));
  const { body: known } = await ask(`GET /v1/reconciliations?partner=${partner}`);
  const ids = [body.reconciliation ?? known.reconciliations?.[0]?.reconciliation ?? 'x'];
  const open = async (subject: string): Promise<string> => {
    const finding = 'missing_in_target';
    const said = { kind: 'cross_system_reconciliation', partner, finding, subject };
    const id = inconsistencyId(partner, finding, subject);
    const owner = inconsistencyOwner(id);
    await server.engine.own.submit({ type: 'act', act: 'inconsistency-open', owner, body: said });
    return id;
  };
  return {
    partner: [partner],
    reconciliation: ids,
    inconsistency: [await open('looked at')],
    'inconsistency to resolve': [await open(`resolved ${n}`)],
  };
}
