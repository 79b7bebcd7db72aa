// Lines of the audit and business logs out of the ledger. Owns: what they say. Never touches: files.
// What a record of the trail does not show (engine/trail) is in no line.

import { type AuditGroup, type AuditRecord, REFUSALS } from '../../engine/index.js';
import type { Module } from './logs.js';

const MODULES: Readonly<Record<string, Module>> = {
  'define-asset': 'assets',
  'put-definition': 'definitions',
  act: 'acts',
  'open-account': 'accounts',
  'freeze-account': 'accounts',
  'unfreeze-account': 'accounts',
  'close-account': 'accounts',
  'reopen-account': 'accounts',
  'set-credit-limit': 'accounts',
  'put-record': 'access',
  'delete-record': 'access',
};

const moduleOf = (operation: string): Module => MODULES[operation] ?? 'points';

const statusOf = (outcome: AuditRecord['outcome']): number =>
  outcome === 'ok' ? 200 : REFUSALS[outcome].status;

/** What was asked, of several commands only which, and what came of it. */
interface Told {
  readonly operation: string;
  readonly status: number;
  readonly details: object;
}

/** `ids`: of several, too? */
function toldOf(group: AuditGroup, ids: boolean): Told {
  const [first, ...others] = group.operations;
  const operation = others.length === 0 ? String(first) : 'batch';
  const { count: commands, refused } = group;
  if (commands > 1)
    return {
      operation,
      status: 200,
      details: { commands, refused, ids: ids ? group.ids : undefined },
    };
  const [record] = group.records;
  const { outcome, id, owner, command: asked } = record as AuditRecord;
  return { operation, status: statusOf(outcome), details: { outcome, id, owner, asked } };
}

/** The line of a request in the audit log. */
export function auditLine(group: AuditGroup): string {
  const { operation, status, details } = toldOf(group, true);
  const { time, ...place } = group.place;
  const { principal: who, traceId } = group.context;
  const { address: ip, agent } = group.origin;
  const head = { level: 'info', time, log: 'audit', who, what: operation };
  const module = moduleOf(operation);
  return `${JSON.stringify({ ...head, module, status, details, ip, agent, traceId, ...place })}\n`;
}

/** Its line in the business log; undefined: it has none. */
export function businessLine(group: AuditGroup): string | undefined {
  const { operation, status, details } = toldOf(group, false);
  const module = moduleOf(operation);
  if (module !== 'points' && module !== 'acts') return undefined;
  const { time, ...place } = group.place;
  const { principal, traceId } = group.context;
  const by = principal.slice(principal.indexOf(':') + 1);
  const head = { level: 'info', time, log: 'business', operation, by };
  return `${JSON.stringify({ ...head, status, details, traceId, ...place })}\n`;
}
