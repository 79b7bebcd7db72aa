// What can be sent. Owns: the look at values before they are encoded. Never touches: what they mean, which the ledger judges.
//   client.K4. What passes is the same in JSON and MessagePack, and the server can read it: a message on which it would close the
//       connection is not sent.

/** Something that neither JSON nor MessagePack says, or that nests too deeply: told as a refusal. */
export class Unfit extends Error {
  readonly field: string;

  constructor(field: string, detail: string) {
    super(`${field} ${detail}`);
    this.field = field;
  }
}

/** Something that cannot be read or encoded at all: ends the call. */
export class Unreadable extends Unfit {}

/** Where the walk is. */
interface Place {
  /** Names and indices from the root on. */
  readonly path: (string | number)[];
  /** Objects that are being looked at. */
  readonly within: object[];
  readonly deepest: number;
}

/**
 * The value as it is sent: itself, or a copy where something in it says how it wants to be told (`toJSON`). Throws Unfit with the field
 * at fault. `depth` is how many levels the message has above it.
 */
export function plain(value: unknown, name: string, depth: number, deepest: number): unknown {
  const place: Place = { path: [], within: [], deepest: deepest - depth };
  try {
    return look(value, place);
  } catch (error) {
    const field = fieldOf(place.path) || name;
    if (error instanceof Unfit) throw error;
    if (error instanceof Problem) throw new Unfit(field, error.message);
    const why = error instanceof Error ? error.message : String(error);
    throw new Unreadable(field, `cannot be read: ${why}`);
  }
}

/** What is wrong at the place where the walk is. */
class Problem extends Error {}

function fieldOf(path: readonly (string | number)[]): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : i === 0 ? part : `.${part}`))
    .join('');
}

// A half of a pair of UTF-16 by itself: UTF-8 has no way to say it.
const LONE_SURROGATE = /\p{Surrogate}/u;

function look(value: unknown, place: Place): unknown {
  switch (typeof value) {
    case 'string':
      if (LONE_SURROGATE.test(value)) throw new Problem('has half of a surrogate pair');
      return value;
    case 'number':
      if (!Number.isFinite(value)) throw new Problem(`is ${value}, which no message can say`);
      return value;
    case 'boolean':
    case 'undefined':
      return value;
    case 'object':
      return value === null ? null : lookWithin(value, place);
    case 'bigint':
      throw new Error('it is a bigint; amounts are numbers');
    default:
      throw new Problem(`is a ${typeof value}, which no message can say`);
  }
}

function lookWithin(value: object, place: Place): unknown {
  if (value instanceof Uint8Array) return value;
  // Another window's, or another context's in Node.js: the encoders know none but their own.
  if (ArrayBuffer.isView(value) && kindOf(value) === 'Uint8Array')
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  const { within, deepest } = place;
  if (within.includes(value)) throw new Error('it has itself within it');
  if (within.length >= deepest) throw new Problem('nests too deeply');
  within.push(value);
  const found = Array.isArray(value) ? lookAtItems(value, place) : lookAtFields(value, place);
  within.pop();
  return found;
}

/** `Object`, or what else the platform calls it: `Date`, `Map`. */
const kindOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1);

function lookAtItems(items: readonly unknown[], place: Place): unknown {
  const { path } = place;
  let copy: unknown[] | undefined;
  for (let i = 0; i < items.length; i++) {
    path.push(i);
    const item = items[i];
    if (item === undefined) throw new Problem('is undefined, which no array can say');
    const found = look(item, place);
    if (found !== item) {
      copy ??= [...items];
      copy[i] = found;
    }
    path.pop();
  }
  return copy ?? items;
}

function lookAtFields(value: object, place: Place): unknown {
  const kind = kindOf(value);
  if (kind !== 'Object') throw new Problem(`is a ${kind}, which no message can say`);
  const { toJSON } = value as { readonly toJSON?: unknown };
  if (typeof toJSON === 'function') {
    const told: unknown = toJSON.call(value, '');
    return told === value ? lookAtNames(value, place) : look(told, place);
  }
  return lookAtNames(value, place);
}

function lookAtNames(value: object, place: Place): unknown {
  const { path } = place;
  const fields = value as Record<string, unknown>;
  let copy: Record<string, unknown> | undefined;
  for (const name of Object.keys(fields)) {
    path.push(name);
    if (LONE_SURROGATE.test(name)) throw new Problem('has half of a surrogate pair in its name');
    const field = fields[name];
    const found = look(field, place);
    if (found !== field) {
      copy ??= { ...fields };
      copy[name] = found;
    }
    path.pop();
  }
  return copy ?? value;
}
