// Checking what callers send. Owns: how a schema's verdict becomes a refusal that names the field. Never touches: commands,
// which the engine judges.
//   schema.D5. What passes is as its schema says; nothing is converted, left out or filled in.

import type { Static, TObject, TSchema } from 'typebox';
import type { Validator } from 'typebox/schema';
import type { RefusalCode } from '../../engine/index.js';
import { type Refusal, refuse } from '../refusal.js';
import { NoBody } from './access.js';
import { Compile } from './typebox.js';
import { MISSED, REFUSED, type Told } from './words.js';

/** Characters of a name that is repeated to who sent it. */
const NAME_SHOWN_MAX = 100;
/** Levels of objects and lists in a field: more than any schema has. */
const NESTING_MAX = 32;
const WHOLE_NUMBER = /^\d{1,16}$/;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isDeep = (value: unknown, left: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (left === 0 || Object.values(value).some((one) => isDeep(one, left - 1)));

const shownName = (name: string): string =>
  name.toWellFormed().slice(0, NAME_SHOWN_MAX).toWellFormed();

/** The schema of a list may say that no item comes twice. */
const ONCE = 'uniqueItems';

/** The schema with lists in which items may come twice. */
function repeating(schema: TSchema): TSchema {
  const text = JSON.stringify(schema, (name, value) => (name === ONCE ? undefined : value));
  return JSON.parse(text) as TSchema;
}

/** A compiled schema, made when it is first needed. */
class Checked {
  readonly #schema: TObject;
  readonly #usual: RefusalCode;
  #validator: Validator | undefined;
  /** Of all but whether items come twice. */
  #others: Validator | undefined;

  constructor(schema: TObject, usual: RefusalCode) {
    this.#schema = schema;
    this.#usual = (schema as Told)[REFUSED] ?? usual;
  }

  problemOf(value: unknown): Refusal | undefined {
    this.#validator ??= Compile(this.#schema as TSchema);
    const deep = isFields(value) ? this.#deep(value) : undefined;
    if (deep === undefined && this.#validator.Check(value)) return undefined;
    if (!isFields(value)) return refuse(this.#usual, 'body', 'The body must be a JSON object.');
    return deep ?? this.#strange(value) ?? this.#missing(value) ?? this.#wrong(value);
  }

  // To compare the items of a list, the library goes to the bottom of each: what is too deep would be a defect there.
  #deep(value: Fields): Refusal | undefined {
    const name = Object.keys(value).find((one) => isDeep(value[one], NESTING_MAX));
    if (name === undefined) return undefined;
    const { [REFUSED]: code = this.#usual } = (this.#schema.properties[name] ?? {}) as Told;
    return refuse(code, shownName(name), `${shownName(name)} is nested too deeply.`);
  }

  #strange(value: Fields): Refusal | undefined {
    const { properties } = this.#schema;
    const name = Object.keys(value).find((one) => !Object.hasOwn(properties, one));
    if (name === undefined) return undefined;
    const text = shownName(name);
    const known = Object.keys(properties).join(', ');
    return refuse(this.#usual, text, `${text} is not a field here. Known are: ${known}.`);
  }

  #missing(value: Fields): Refusal | undefined {
    const required = (this.#schema.required ?? []) as readonly string[];
    const name = required.find((one) => value[one] === undefined);
    if (name === undefined) return undefined;
    const { [MISSED]: code = this.#usual } = this.#schema.properties[name] as Told;
    return refuse(code, name, `${name} is required.`);
  }

  // To tell which items come twice takes a time that grows with the square of their number: it is asked where all else is right, and a list is no longer than
  // its schema allows.
  #errors(value: Fields): readonly { readonly instancePath: string }[] {
    this.#others ??= Compile(repeating(this.#schema));
    const [, errors] = this.#others.Errors(value);
    return errors.length > 0 ? errors : (this.#validator?.Errors(value)[1] ?? []);
  }

  // The first field at fault; within it, the item of a list where items are refused by themselves.
  #wrong(value: Fields): Refusal {
    for (const { instancePath } of this.#errors(value)) {
      const [name = '', index] = instancePath.slice(1).split('/');
      const field = this.#schema.properties[name] as (TSchema & Told) | undefined;
      if (field === undefined) continue;
      const item = index === undefined ? undefined : (field as { items?: Told }).items;
      const isItem = item?.[REFUSED] !== undefined;
      const told = isItem ? item : field;
      const place = isItem ? `${name}[${index}]` : name;
      const detail = told.description === undefined ? undefined : `${place}: ${told.description}`;
      return refuse(told[REFUSED] ?? this.#usual, place, detail);
    }
    return refuse(this.#usual, 'body');
  }
}

/** Reads bodies of a schema: a refusal that names the field, or the body as it came. Without a body: an empty one. */
export function bodyReader<T extends TObject>(schema: T): (body: unknown) => Refusal | Static<T> {
  const checked = new Checked(schema, 'COMMAND_INVALID');
  return (body = {}) => checked.problemOf(body) ?? (body as Static<T>);
}

const empty = new Checked(NoBody, 'COMMAND_INVALID');

/** What is wrong with the body of a call that needs none. */
export const fullBody = (body: unknown = {}): Refusal | undefined => empty.problemOf(body);

const takesNumbers = (schema: TSchema): boolean => {
  const { type, anyOf = [] } = schema as { type?: string; anyOf?: readonly TSchema[] };
  return type === 'integer' || anyOf.some(takesNumbers);
};

/** What is wrong with the parameters of a query, if anything. Whole numbers are texts of digits there. */
export function queryChecker(
  schema: TObject,
): (query: Readonly<Record<string, string>>) => Refusal | undefined {
  const checked = new Checked(schema, 'QUERY_INVALID');
  const numbers = Object.keys(schema.properties).filter((name) =>
    takesNumbers(schema.properties[name] as TSchema),
  );
  return (query) => {
    const values: Record<string, unknown> = { ...query };
    for (const name of numbers) {
      const text = query[name];
      if (text !== undefined && WHOLE_NUMBER.test(text)) values[name] = Number(text);
    }
    return checked.problemOf(values);
  };
}
