// Lines of the audit and business logs out of the ledger. Owns: what they say. Never touches: files.
// What a record of the trail does not show (engine/trail) is in no line.

import { type AuditRecord, REFUSALS } from '../../engine/index.js';
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

/** The line of a command in the audit log. */
export function auditLine(record: AuditRecord): string {
  const { time, principal, operation, outcome, address, agent, traceId, command } = record;
  const { shard, seq, index, id, owner } = record;
  const details = { outcome, id, owner, asked: command };
  const head = { level: 'info', time, log: 'audit', who: principal, what: operation };
  const status = statusOf(outcome);
  const module = moduleOf(operation);
  const place = { shard, seq, index };
  return `${JSON.stringify({ ...head, module, status, details, ip: address, agent, traceId, ...place })}\n`;
}

/** Its line in the business log; undefined: it has none. */
export function businessLine(record: AuditRecord): string | undefined {
  const { time, principal, operation, outcome, traceId, command } = record;
  const { shard, seq, index, id, owner } = record;
  const module = moduleOf(operation);
  if (module !== 'points' && module !== 'acts') return undefined;
  const by = principal.slice(principal.indexOf(':') + 1);
  const details = { outcome, id, owner, asked: command };
  const head = { level: 'info', time, log: 'business', operation, by };
  const status = statusOf(outcome);
  return `${JSON.stringify({ ...head, status, details, traceId, shard, seq, index })}\n`;
}
