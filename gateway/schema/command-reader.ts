// Commands as callers send them, to commands as the engine takes them. Owns: which fields are refused, times and bytes given as
// text. Never touches: sockets, state.
//   schema.H5. A field that is not known is refused by name, never ignored.
//   schema.H6. Values are passed on as they came, in the object that they came in: the engine's validation judges them and names the
//       field. So what is read here is a Command in shape only until the engine has looked at it.

import {
  type Act,
  COMMANDS,
  type Command,
  type Field,
  type FieldSet,
  type RefusalCode,
} from '../../engine/index.js';
import { timeFromText } from '../encoding/text.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { isBase64, isNewId } from './words.js';

/** Characters of a name that is repeated to who sent it. */
const NAME_SHOWN_MAX = 100;

type Values = Record<string, unknown>;
type Names = ReadonlySet<string>;

/** The fields that an object may have. */
interface Known {
  readonly fields: Names;
  /** Those whose values are not always passed on as they came. */
  readonly read: readonly (readonly [string, Field])[];
  readonly forms: Forms;
}

type Kinds = ReadonlySet<Field['kind']>;
const READ: Kinds = new Set(['record-value', 'condition', 'legs', 'leg-parts', 'follow-ups']);
const READ_TEXTS: Kinds = new Set([...READ, 'time', 'expiry', 'pending-until']);

/** Fields by the objects that have them. `kinds`: those that are read. */
class Forms {
  readonly #kinds: Kinds;
  readonly #parts = new Map<FieldSet, Known>();

  constructor(kinds: Kinds) {
    this.#kinds = kinds;
  }

  known(set: FieldSet, given: readonly string[] = []): Known {
    const said = Object.entries(set).filter(
      ([name, { isFilledIn }]) => isFilledIn !== true && !given.includes(name),
    );
    const read = said.filter(([, { kind }]) => this.#kinds.has(kind));
    return { fields: new Set(said.map(([name]) => name)), read, forms: this };
  }

  /** Of the parts of a field. */
  parts({ parts: set = {} }: Field): Known {
    let known = this.#parts.get(set);
    if (known === undefined) {
      known = this.known(set);
      this.#parts.set(set, known);
    }
    return known;
  }
}

/** Bodies of requests give times as text, too; commands over a socket do not. */
const BODIES = new Forms(READ_TEXTS);
const TYPED = new Forms(READ);

/** Is it an object with named fields? */
export function isFields(value: unknown): value is Values {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Uint8Array)
  );
}

/** A name from the caller, fit to be repeated to the caller. */
function shown(name: string): string {
  const text = name.toWellFormed();
  return text.length <= NAME_SHOWN_MAX
    ? text
    : `${text.slice(0, NAME_SHOWN_MAX).toWellFormed()}...`;
}

/** What is wrong with the names of an object's fields, if anything. Where it is: as pathOf(). */
export function strangeField(
  value: Values,
  known: Names,
  code: RefusalCode = 'COMMAND_INVALID',
  path = '',
  index = -1,
): Refusal | undefined {
  for (const name in value) {
    if (known.has(name)) continue;
    const field = pathOf(path, index, shown(name));
    const names = [...known].join(', ');
    return refuse(code, field, `${field} is not a field here. Known are: ${names}.`);
  }
  return undefined;
}

/** Where something is, told only of what is wrong: in `path`, its member `index` (-1: it is no list), there the field `name`. */
function pathOf(path: string, index: number, name: string): string {
  const at = index < 0 ? path : `${path}[${index}]`;
  return at === '' || name === '' ? at + name : `${at}.${name}`;
}

/** What is wrong with an object's names, or with what is read of its values. Where it is: as pathOf(). */
function read(value: unknown, known: Known, path: string, index: number): Refusal | undefined {
  if (!isFields(value)) {
    const at = pathOf(path, index, '');
    return refuse('COMMAND_INVALID', at, `${at} must be a JSON object.`);
  }
  const strange = strangeField(value, known.fields, 'COMMAND_INVALID', path, index);
  if (strange !== undefined) return strange;
  for (let i = 0; i < known.read.length; i++) {
    const [name, field] = known.read[i] as readonly [string, Field];
    if (value[name] === undefined) continue;
    const refusal = readField(value, name, field, known.forms, pathOf(path, index, name));
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

function readField(
  values: Values,
  name: string,
  field: Field,
  forms: Forms,
  path: string,
): Refusal | undefined {
  const given = values[name];
  switch (field.kind) {
    case 'condition':
      return read(given, forms.parts(field), path, -1);
    case 'legs':
    case 'leg-parts':
    case 'follow-ups': {
      // What is no list of at most so many is for the engine to judge.
      if (!Array.isArray(given) || given.length > (field.items?.[1] ?? 0)) return undefined;
      const known = forms.parts(field);
      for (let i = 0; i < given.length; i++) {
        const refusal = read(given[i], known, path, i);
        if (refusal !== undefined) return refusal;
      }
      return undefined;
    }
    case 'record-value':
      if (typeof given !== 'string') return undefined;
      if (!isBase64(given))
        return refuse('RECORD_INVALID', path, `${path} is bytes, or text in base64.`);
      values[name] = Uint8Array.from(Buffer.from(given, 'base64'));
      return undefined;
    default:
      return readTime(values, name, field, path);
  }
}

function readTime(values: Values, name: string, field: Field, path: string): Refusal | undefined {
  const given = values[name];
  if (typeof given !== 'string') return undefined;
  const ms = timeFromText(given);
  if (ms !== undefined) {
    values[name] = ms;
    return undefined;
  }
  const code = field.check(given, values, false) as RefusalCode;
  return refuse(code, path, `${path} must be milliseconds since 1970 or an RFC 3339 time.`);
}

/** Reads one type of command out of bodies. `inPath`: the fields that the path of the request gives. */
export class CommandReader {
  readonly #type: Command['type'];
  readonly #inPath: readonly string[];
  readonly #known: Known;

  constructor(type: Command['type'], inPath: readonly string[] = []) {
    const { before, fields } = COMMANDS[type];
    this.#type = type;
    this.#inPath = inPath;
    this.#known = BODIES.known({ ...before, ...fields }, inPath);
  }

  /** The body's fields, which may be none, with those of the path; `key`: the `Idempotency-Key` header. */
  read(
    body: unknown = this.#inPath.length > 0 ? {} : undefined,
    path: readonly string[] = [],
    key?: string,
  ): Refusal | Command {
    if (!isFields(body)) return refuse('COMMAND_INVALID', 'body', 'body must be a JSON object.');
    const wrong = read(body, this.#known, '', -1);
    if (wrong !== undefined) return wrong;
    // Written into, not copied: a spread copy costs a microsecond, and all reads of it as much again.
    const values = body;
    values.type = this.#type;
    for (const [i, name] of this.#inPath.entries()) values[name] = path[i];
    return keyed(values, key) ?? (values as unknown as Command);
  }
}

/** Names what is asked for by the `Idempotency-Key` header, where there is one. */
function keyed(values: Values, key: string | undefined): Refusal | undefined {
  if (key === undefined) return undefined;
  const detail = 'The Idempotency-Key header and the body name different ids.';
  if (values.id !== undefined && values.id !== key)
    return refuse('ID_INVALID', 'Idempotency-Key', detail);
  if (!isNewId(key)) return refuse('ID_INVALID', 'Idempotency-Key');
  values.id = key;
  return undefined;
}

/** What a command that asks for an act says beside the act's own fields. */
const { before: BUSINESS, fields: ACT_FIELDS } = COMMANDS.act;
const ANY_ACT = new CommandReader('act', ['act']);
const OF_ANY_ACT: FieldSet = { ...BUSINESS, owner: ACT_FIELDS.owner };

/** Reads one act out of bodies that have its own fields in `body`. */
export class NestedActReader {
  readonly #act: Act;
  readonly #known: Known;

  constructor(act: Act) {
    this.#act = act;
    this.#known = BODIES.known(act.body);
  }

  /** The command. What is no object, and what is not known of it, is for the engine to refuse. */
  read(asked: unknown, key?: string): Refusal | Command {
    const command = ANY_ACT.read(asked, [this.#act.name], key);
    if (isRefusal(command)) return command;
    const { body } = command as { readonly body?: unknown };
    if (!isFields(body)) return command;
    for (const [name, field] of this.#known.read) {
      const wrong = readField(body, name, field, this.#known.forms, `body.${name}`);
      if (wrong !== undefined) return wrong;
    }
    return command;
  }
}

/** Reads one act out of bodies in which its fields stand beside those of its command. `inPath`: as of a CommandReader. */
export class ActReader {
  readonly #act: Act;
  readonly #inPath: readonly string[];
  readonly #known: Known;

  constructor(act: Act, inPath: readonly string[] = []) {
    this.#act = act;
    this.#inPath = inPath;
    this.#known = BODIES.known({ ...OF_ANY_ACT, ...act.body }, inPath);
  }

  /** The command. A field of its that is refused is named `body.<field>` by the engine: `besideIt` (act-faults.ts) says which one that is here. */
  read(asked: unknown, path: readonly string[] = [], key?: string): Refusal | Command {
    if (!isFields(asked)) return refuse('COMMAND_INVALID', 'body', 'body must be a JSON object.');
    const wrong = read(asked, this.#known, '', -1) ?? keyed(asked, key);
    if (wrong !== undefined) return wrong;
    for (const [i, name] of this.#inPath.entries()) asked[name] = path[i];
    const command: Values = { type: 'act', act: this.#act.name };
    const body: Values = {};
    for (const name in asked)
      (Object.hasOwn(this.#act.body, name) ? body : command)[name] = asked[name];
    command.body = body;
    return command as unknown as Command;
  }
}

const typed = new Map<unknown, Known>();
for (const [type, { before, fields, by }] of Object.entries(COMMANDS)) {
  const { read: inFields, fields: named, forms } = TYPED.known({ ...before, ...fields });
  const names = new Set(['type', ...named.keys()]);
  if (by === 'caller') typed.set(type, { fields: names, read: inFields, forms });
}

/** What is wrong with a command that says its type, if anything. */
export function commandProblem(command: unknown): Refusal | undefined {
  if (!isFields(command))
    return refuse('COMMAND_INVALID', 'command', 'A command is an object with a type.');
  const known = typed.get(command.type);
  if (known === undefined) return refuse('COMMAND_TYPE_UNKNOWN', 'type');
  return read(command, known, '', -1);
}
