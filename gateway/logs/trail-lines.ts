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

/** What the logs say of a request; undefined: nothing. */
export interface TrailLines {
  readonly audit: string;
  readonly business: string | undefined;
}

/** What came of several commands, without and with which. */
function severalOf(group: AuditGroup): readonly [string, string] {
  const { count: commands, refused, ids } = group;
  return [JSON.stringify({ commands, refused }), JSON.stringify({ commands, refused, ids })];
}

function singleOf(record: AuditRecord): string {
  const { outcome, id, owner, command: asked } = record;
  return JSON.stringify({ outcome, id, owner, asked });
}

const field = (name: string, value: string | undefined): string =>
  value === undefined ? '' : `,"${name}":${JSON.stringify(value)}`;

/** The lines of a request. Built by hand, as there is one for nearly each request of the gateway. */
export function linesOf(group: AuditGroup): TrailLines {
  const [first = '', ...others] = group.operations;
  const operation = others.length === 0 ? first : 'batch';
  const module = moduleOf(operation);
  const [record] = group.count === 1 ? group.records : [];
  const status = record === undefined ? 200 : statusOf(record.outcome);
  const single = record && singleOf(record);
  const [brief, whole] = single === undefined ? severalOf(group) : [single, single];
  const { time, shard, seq, index } = group.place;
  const { principal, traceId } = group.context;
  const { address, agent, device, memberAddress } = group.origin;
  const head = `{"level":"info","time":${time}`;
  const place = `${field('traceId', traceId)},"shard":${shard},"seq":${seq},"index":${index}}\n`;
  const who = `,"log":"audit","who":${JSON.stringify(principal)},"what":"${operation}"`;
  const member = `${field('device', device)}${field('memberIp', memberAddress)}`;
  const from = `${field('ip', address)}${field('agent', agent)}${member}`;
  const told = `,"module":"${module}","status":${status},"details":${whole}`;
  const audit = `${head}${who}${told}${from}${place}`;
  if (module !== 'points' && module !== 'acts') return { audit, business: undefined };
  const by = JSON.stringify(principal.slice(principal.indexOf(':') + 1));
  const what = `,"log":"business","operation":"${operation}","by":${by}`;
  return { audit, business: `${head}${what},"status":${status},"details":${brief}${place}` };
}
