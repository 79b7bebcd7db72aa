// The audit trail of a block. Owns: which commands are in it, how they are shown. Never touches: files, keys.
//   trail.T1. Every command that came with a context and has a record in the block is in it once, in order. What the engine itself logs is not.
//   trail.T2. Memos, remarks, metadata and values of records are not shown.
//   trail.T5. Commands of one block that were asked for together are one request's: their contexts are one run (protocol.X4).

import type { Place } from '../protocol/audit-context.js';
import type { BlockView } from '../protocol/block.js';
import type { LoggedContext } from '../protocol/block-contexts.js';
import { commandOfTuple, unpackTuple } from '../protocol/codec.js';
import { CommandView } from '../protocol/command-view.js';
import { isReference, type LoggedCommand } from '../protocol/commands.js';
import { homeOwnerOfTuple } from '../protocol/home.js';
import { OP, typeOfOp } from '../protocol/layout.js';
import type { AuditRecord } from '../protocol/outcomes.js';
import { idOf, isBeginning } from '../protocol/read-back.js';
import { refusalCode } from '../protocol/refusals.js';

/** Opens where somebody asked from; undefined: it is not known. */
export type OpenOrigin = (sealed: Uint8Array) => Place | undefined;

const NOWHERE: Partial<Place> = {};
const HIDDEN: ReadonlySet<string> = new Set(['memo', 'remark', 'metadata', 'value']);
const ENGINES: ReadonlySet<number> = new Set([OP.tick, OP.prepare, OP.decision, OP.delivered]);

/** They have no id. */
const UNNAMED: ReadonlySet<number> = new Set([OP['define-asset'], OP['put-definition']]);
/** The place of a command's id. */
const ID = 2;
const reading = new CommandView();

/** What is shown of a value; undefined: nothing. */
function shownPart(value: unknown): unknown {
  if (value instanceof Uint8Array) return undefined;
  if (Array.isArray(value)) return value.map(shownPart);
  return typeof value === 'object' && value !== null ? shown(value) : value;
}

/** An object's fields, as far as they are shown. */
function shown(fields: object): AuditRecord['command'] {
  const told: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined && !HIDDEN.has(name)) told[name] = shownPart(value);
  return told;
}

/** Where a command of a block is: its place among them, and its record among the effects. */
interface Found {
  readonly index: number;
  readonly at: number;
}

/** What one request has asked of a block. */
export class AuditGroup {
  readonly context: LoggedContext;
  readonly #block: BlockView;
  readonly #open: OpenOrigin;
  readonly #found: Found[] = [];
  #records: readonly AuditRecord[] | undefined;

  constructor(block: BlockView, context: LoggedContext, open: OpenOrigin) {
    this.#block = block;
    this.context = context;
    this.#open = open;
  }

  add(found: Found): void {
    this.#found.push(found);
  }

  /** How many commands; and the place of the first one. */
  get count(): number {
    return this.#found.length;
  }

  get place(): Pick<AuditRecord, 'shard' | 'seq' | 'index' | 'time'> {
    const { shard, seq, time } = this.#block.header;
    return { shard, seq, index: this.#found[0]?.index ?? 0, time };
  }

  /** Where it was asked from. */
  get origin(): Pick<AuditRecord, keyof Place> {
    const { address, agent, device, memberAddress } = this.#open(this.context.origin) ?? NOWHERE;
    return {
      address: address || undefined,
      agent: agent || undefined,
      device: device || undefined,
      memberAddress: memberAddress || undefined,
    };
  }

  /** The types of its commands, each once. */
  get operations(): readonly string[] {
    const { effects } = this.#block;
    return [...new Set(this.#found.map(({ at }) => effects.op(at)))].map(
      (op) => typeOfOp(op) as string,
    );
  }

  get refused(): number {
    const { effects } = this.#block;
    return this.#found.reduce((sum, { at }) => sum + (effects.refusalNumber(at) === 0 ? 0 : 1), 0);
  }

  get ids(): readonly (string | undefined)[] {
    const { effects, commands } = this.#block;
    return this.#found.map(({ at }) => {
      if (UNNAMED.has(effects.op(at))) return undefined;
      reading.read(commands, effects.commandOffset(at));
      return reading.text(ID);
    });
  }

  /** Each of its commands. */
  get records(): readonly AuditRecord[] {
    this.#records ??= this.#found.map((found) => this.#record(found));
    return this.#records;
  }

  #command({ at }: Found): readonly [tuple: ReturnType<typeof unpackTuple>, LoggedCommand] {
    const { effects, commands } = this.#block;
    const start = effects.commandOffset(at);
    const tuple = unpackTuple(commands, start, start + effects.commandLength(at));
    return [tuple, commandOfTuple(tuple) as LoggedCommand];
  }

  #record(found: Found): AuditRecord {
    const { effects } = this.#block;
    const { index, at } = found;
    const [tuple, command] = this.#command(found);
    const refusal = effects.refusalNumber(at);
    return {
      ...{ ...this.place, index },
      principal: this.context.principal,
      ...this.origin,
      traceId: this.context.traceId,
      operation: command.type,
      owner: isReference(command) ? undefined : homeOwnerOfTuple(tuple),
      id: idOf(command),
      outcome: refusal !== 0 ? refusalCode(refusal) : isBeginning(effects, at) ? 'PREPARED' : 'ok',
      command: shown({ ...command, type: undefined, id: undefined }),
    };
  }
}

/** The trail of a block, request by request. */
export function auditGroups(block: BlockView, open: OpenOrigin): AuditGroup[] {
  if (!block.hasContexts) return [];
  const { effects } = block;
  const contexts = block.contexts();
  const groups: AuditGroup[] = [];
  let last = -1;
  for (let at = 0, index = 0; at < effects.u8.length; at += effects.recordLength(at), index++) {
    const run = contexts.runAt(effects.commandOffset(at));
    const context = contexts.ofRun(run);
    if (context === undefined || ENGINES.has(effects.op(at))) continue;
    if (run !== last) groups.push(new AuditGroup(block, context, open));
    last = run;
    groups.at(-1)?.add({ index, at });
  }
  return groups;
}

/** The same command by command. */
export const auditRecords = (block: BlockView, open: OpenOrigin): AuditRecord[] =>
  auditGroups(block, open).flatMap(({ records }) => records);
