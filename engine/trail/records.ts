// The audit trail of a block. Owns: which commands are in it, how they are shown. Never touches: files, keys.
//   trail.T1. Every command that came with a context and has a record in the block is in it once, in order. What the engine itself logs is not.
//   trail.T2. Memos, remarks, metadata and values of records are not shown.

import type { BlockView } from '../protocol/block.js';
import { commandOfTuple, unpackTuple } from '../protocol/codec.js';
import { isReference, type LoggedCommand } from '../protocol/commands.js';
import { homeOwnerOfTuple } from '../protocol/home.js';
import type { AuditRecord } from '../protocol/outcomes.js';
import { idOf, isBeginning } from '../protocol/read-back.js';
import { refusalCode } from '../protocol/refusals.js';

/** Opens where somebody asked from; undefined: it is not known. */
export type OpenOrigin = (
  sealed: Uint8Array,
) => readonly [address: string, agent: string] | undefined;

const HIDDEN: ReadonlySet<string> = new Set(['memo', 'remark', 'metadata', 'value']);
const ENGINES: ReadonlySet<string> = new Set(['tick', 'prepare', 'decision', 'delivered']);

const shownPart = (name: string, value: unknown): unknown =>
  HIDDEN.has(name) || value instanceof Uint8Array ? undefined : value;

/** A command's own fields, as far as they are shown. */
function shown(command: LoggedCommand): AuditRecord['command'] {
  const fields: Record<string, unknown> = { ...command, type: undefined, id: undefined };
  return JSON.parse(JSON.stringify(fields, shownPart)) as AuditRecord['command'];
}

/** The trail of a block. */
export function auditRecords(block: BlockView, open: OpenOrigin): AuditRecord[] {
  if (!block.hasContexts) return [];
  const { header, effects, commands } = block;
  const { shard, seq, time } = header;
  const contexts = block.contexts();
  const records: AuditRecord[] = [];
  for (let at = 0, index = 0; at < effects.u8.length; at += effects.recordLength(at), index++) {
    const start = effects.commandOffset(at);
    const context = contexts.at(start);
    if (context === undefined) continue;
    const tuple = unpackTuple(commands, start, start + effects.commandLength(at));
    const command = commandOfTuple(tuple) as LoggedCommand;
    if (ENGINES.has(command.type)) continue;
    const refusal = effects.refusalNumber(at);
    const [address, agent] = open(context.origin) ?? [];
    records.push({
      ...{ shard, seq, index, time },
      principal: context.principal,
      address: address || undefined,
      agent: agent || undefined,
      traceId: context.traceId,
      operation: command.type,
      owner: isReference(command) ? undefined : homeOwnerOfTuple(tuple),
      id: idOf(command),
      outcome: refusal !== 0 ? refusalCode(refusal) : isBeginning(effects, at) ? 'PREPARED' : 'ok',
      command: shown(command),
    });
  }
  return records;
}
