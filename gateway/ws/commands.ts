// Commands as they come over a socket: the engine's own shapes. Owns: which fields are refused. Never touches: what is in
// them, which the engine judges (H6).
//   F4. As H5: a field that is not known is refused by name. The object itself is handed on, not a copy.

import { limits } from '../../engine/index.js';
import { type Refusal, refuse } from '../http/problem.js';
import { COMMANDS, CommandFollowUp, CommandLeg, Condition, namesIn } from '../schema/commands.js';
import { isBase64 } from '../schema/words.js';

const BY_TYPE: ReadonlyMap<unknown, ReadonlySet<string>> = new Map(
  [...COMMANDS].map(([type, schema]) => [type, namesIn(schema)]),
);
const LEG = namesIn(CommandLeg);
const FOLLOW_UP = namesIn(CommandFollowUp);
const CONDITION = namesIn(Condition);
/** Characters of a name that is repeated to who sent it. */
const NAME_SHOWN_MAX = 100;

/** An object with these fields and no others? Else the name of the first that is not one of them. */
export function strangeField(value: object, known: ReadonlySet<string>): string | undefined {
  for (const name in value) {
    if (known.has(name)) continue;
    const text = name.toWellFormed();
    return text.length <= NAME_SHOWN_MAX ? text : `${text.slice(0, NAME_SHOWN_MAX)}...`;
  }
  return undefined;
}

/** Is it an object with named fields? */
export function isFields(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  );
}

/** What is wrong with the names in a command, if anything. A record's value that is base64 text becomes bytes. */
export function commandProblem(command: unknown): Refusal | undefined {
  if (!isFields(command))
    return refuse('COMMAND_INVALID', 'command', 'A command is an object with a type.');
  const known = BY_TYPE.get(command.type);
  if (known === undefined) return refuse('COMMAND_TYPE_UNKNOWN', 'type');
  const strange = strangeField(command, known);
  if (strange !== undefined) return notAField(strange, known);
  if (command.type === 'transfer') return transferProblem(command);
  if (command.type === 'put-record' && typeof command.value === 'string') {
    if (!isBase64(command.value))
      return refuse('RECORD_INVALID', 'value', 'value is bytes, or text in base64.');
    command.value = Uint8Array.from(Buffer.from(command.value, 'base64'));
  }
  return undefined;
}

function transferProblem(transfer: Record<string, unknown>): Refusal | undefined {
  const { followUps } = transfer;
  const wrong = movementProblem(transfer, '');
  if (wrong !== undefined || !Array.isArray(followUps)) return wrong;
  for (let i = 0; i < followUps.length && i < limits.FOLLOW_UPS_MAX; i++) {
    const path = `followUps[${i}]`;
    const one: unknown = followUps[i];
    if (!isFields(one)) return refuse('COMMAND_INVALID', path);
    const strange = strangeField(one, FOLLOW_UP);
    if (strange !== undefined) return notAField(`${path}.${strange}`, FOLLOW_UP);
    const problem = movementProblem(one, `${path}.`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function movementProblem(
  { legs, condition }: Record<string, unknown>,
  path: string,
): Refusal | undefined {
  if (Array.isArray(legs) && legs.length <= limits.LEGS_MAX) {
    for (let i = 0; i < legs.length; i++) {
      const leg: unknown = legs[i];
      if (!isFields(leg)) return refuse('COMMAND_INVALID', `${path}legs[${i}]`);
      const strange = strangeField(leg, LEG);
      if (strange !== undefined) return notAField(`${path}legs[${i}].${strange}`, LEG);
    }
  }
  if (condition === undefined) return undefined;
  if (!isFields(condition)) return refuse('COMMAND_INVALID', `${path}condition`);
  const strange = strangeField(condition, CONDITION);
  return strange === undefined ? undefined : notAField(`${path}condition.${strange}`, CONDITION);
}

function notAField(field: string, known: ReadonlySet<string>): Refusal {
  const takes = [...known].join(', ');
  return refuse('COMMAND_INVALID', field, `${field} is not a field here. Known are: ${takes}.`);
}
