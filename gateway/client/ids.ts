// Commands as they are sent: with an id, and looked at. Owns: both. Never touches: what the ledger judges.
//   client.K1. A command is sent with the same id however often it is sent: a retry cannot post twice.

import type { Command, ReferenceCommand } from '../../engine/protocol/commands.js';
import { type Refused, refused } from '../../engine/protocol/outcomes.js';
import { ClientError, refusal, refusedHere } from './errors.js';
import { plain, Unfit, Unreadable } from './plain.js';

/** 128 random bits. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Has it no id, whoever sends it? */
export const isReference = (command: Command): command is ReferenceCommand =>
  command?.type === 'define-asset' || command?.type === 'put-definition';

/** The command with an id, its own where it has one. */
function withId(command: Command): Command {
  if (isReference(command) || command.id !== undefined) return command;
  if ('kind' in command && command.kind !== undefined && command.ref !== undefined) return command;
  return { ...command, id: newId() };
}

/** Commands on their way, each either fit to be sent or refused. */
export interface Prepared {
  /** All, with their ids. */
  readonly commands: readonly Command[];
  /** Of those that cannot be sent, by place. */
  readonly refusals: ReadonlyMap<number, Refused>;
}

/** A place in which commands are sent. */
export interface Around {
  /** Levels of objects and arrays that a message has around a command. */
  readonly depth: number;
  /** How deep messages may nest. */
  readonly nestingMax: number;
}

/** Gives commands their ids and looks at them. Throws ClientError where one cannot be read at all. */
export function prepare(commands: readonly Command[], { depth, nestingMax }: Around): Prepared {
  if (!Array.isArray(commands))
    throw refusal('MESSAGE_INVALID', 'commands', 'commands is an array.');
  const refusals = new Map<number, Refused>();
  // An array may have holes, which map() passes over.
  const prepared = Array.from(commands, (command: Command, i) => {
    if (typeof command !== 'object' || command === null || Array.isArray(command)) {
      refusals.set(i, refusedHere('COMMAND_INVALID', 'command', 'A command is an object.'));
      return command;
    }
    let named = command;
    try {
      named = withId(command);
      return plain(named, 'command', depth, nestingMax) as Command;
    } catch (error) {
      if (!(error instanceof Unfit) || error instanceof Unreadable)
        throw unsendable(error, commands.length === 1 ? '' : `commands[${i}].`, commands);
      refusals.set(i, unfit(error, named));
      return named;
    }
  });
  return { commands: prepared, refusals };
}

function unfit({ field, message }: Unfit, command: Command): Refused {
  const code = /^metadata\b/.test(field) ? 'METADATA_INVALID' : 'COMMAND_INVALID';
  const { id } = command as { readonly id?: unknown };
  return refusedHere(code, field, message, typeof id === 'string' ? id : undefined);
}

/** Something that cannot be encoded: nothing of the call was sent. */
export function unsendable(
  cause: unknown,
  before: string,
  commands: readonly Command[],
): ClientError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const field = cause instanceof Unfit ? `${before}${cause.field}` : undefined;
  return new ClientError(`COMMAND_INVALID: ${before}${message}`, {
    reason: 'unsendable',
    refusal: refusedHere('COMMAND_INVALID', field, message),
    commands,
    cause,
  });
}

/** Of an atomic batch in which something is refused, all others are. */
export function abortOthers(
  commands: readonly Command[],
  refusals: ReadonlyMap<number, Refused>,
): Refused[] {
  return commands.map((command, i) => {
    const { id } = (command ?? {}) as { readonly id?: string | undefined };
    return refusals.get(i) ?? refused('BATCH_ABORTED', undefined, id);
  });
}

/** Outcomes of those that were sent, with the refusals of the others in their places. */
export function merged<Told>(
  outcomes: readonly Told[],
  refusals: ReadonlyMap<number, Refused>,
): (Told | Refused)[] {
  if (refusals.size === 0) return outcomes as Told[];
  const all: (Told | Refused)[] = [];
  let next = 0;
  for (let i = 0; i < outcomes.length + refusals.size; i++)
    all.push(refusals.get(i) ?? (outcomes[next++] as Told));
  return all;
}
