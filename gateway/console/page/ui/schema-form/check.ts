// Whether a document is as its schema says, while it is typed. Owns: that check, as far as schemas of documents say anything. Never touches: what only the ledger knows
// (other definitions, expressions), which a dry run says.

import { isObject, type Path } from './path.js';
import { type Schema, valuesOf } from './schema.js';

/** What was typed and is no value: it stays as it is in its field, and no document is made of it. */
export class Unread {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What is wrong, as a key of the form's words. */
export type Fault =
  | 'missing'
  | 'unread'
  | 'type'
  | 'choice'
  | 'least'
  | 'most'
  | 'short'
  | 'long'
  | 'form'
  | 'few'
  | 'many'
  | 'twice'
  | 'unknown'
  | 'name';

export interface SchemaProblem {
  readonly path: Path;
  readonly fault: Fault;
  /** What it is measured against. */
  readonly bound?: number | string;
}

/** Everything that is wrong with a value; none: it is as the schema says. */
export function problemsOf(schema: Schema, value: unknown, path: Path = []): SchemaProblem[] {
  const wrong = (fault: Fault, bound?: number | string): SchemaProblem[] => [
    bound === undefined ? { path, fault } : { path, fault, bound },
  ];
  if (value instanceof Unread) return wrong('unread');
  if (value === undefined) return wrong('missing');
  if (schema.const !== undefined && value !== schema.const) return wrong('choice');
  if (schema.enum !== undefined && !schema.enum.includes(value as string)) return wrong('choice');
  switch (schema.type) {
    case 'string':
      return typeof value === 'string' ? ofText(schema, value, wrong) : wrong('type');
    case 'integer':
    case 'number':
      return isNumber(schema, value) ? ofNumber(schema, value, wrong) : wrong('type');
    case 'boolean':
      return typeof value === 'boolean' ? [] : wrong('type');
    case 'array':
      return Array.isArray(value) ? ofList(schema, value, path, wrong) : wrong('type');
    case 'object':
      return isObject(value) ? ofObject(schema, value, path, wrong) : wrong('type');
    default:
      return [];
  }
}

type Wrong = (fault: Fault, bound?: number | string) => SchemaProblem[];

const isNumber = ({ type }: Schema, value: unknown): value is number =>
  type === 'integer'
    ? Number.isSafeInteger(value)
    : typeof value === 'number' && Number.isFinite(value);

function ofNumber({ minimum, maximum }: Schema, value: number, wrong: Wrong): SchemaProblem[] {
  if (minimum !== undefined && value < minimum) return wrong('least', minimum);
  return maximum !== undefined && value > maximum ? wrong('most', maximum) : [];
}

function ofText(
  { minLength = 0, maxLength, pattern, format }: Schema,
  value: string,
  wrong: Wrong,
): SchemaProblem[] {
  if (value.length < minLength) return wrong('short', minLength);
  if (maxLength !== undefined && value.length > maxLength) return wrong('long', maxLength);
  if (pattern !== undefined && !patternOf(pattern).test(value)) return wrong('form');
  return format === 'uri' && !URL.canParse(value) ? wrong('form') : [];
}

const patterns = new Map<string, RegExp>();
function patternOf(text: string): RegExp {
  let known = patterns.get(text);
  if (known === undefined) patterns.set(text, (known = new RegExp(text, 'u')));
  return known;
}

function ofList(
  { items = {}, minItems = 0, maxItems, uniqueItems }: Schema,
  list: readonly unknown[],
  path: Path,
  wrong: Wrong,
): SchemaProblem[] {
  const inside = list.flatMap((one, n) => problemsOf(items, one, [...path, n]));
  if (list.length < minItems) return [...wrong('few', minItems), ...inside];
  if (maxItems !== undefined && list.length > maxItems)
    return [...wrong('many', maxItems), ...inside];
  if (uniqueItems !== true) return inside;
  const texts = list.map((one) => JSON.stringify(one));
  const again = texts.findIndex((one, n) => one !== undefined && texts.indexOf(one) < n);
  return again < 0 ? inside : [...inside, { path: [...path, again], fault: 'twice' }];
}

function ofObject(schema: Schema, value: object, path: Path, wrong: Wrong): SchemaProblem[] {
  const { properties = {}, required = [], propertyNames, maxProperties } = schema;
  const found: SchemaProblem[] = required
    .filter((name) => !Object.hasOwn(value, name))
    .map((name) => ({ path: [...path, name], fault: 'missing' }));
  const free = valuesOf(schema);
  for (const [name, inside] of Object.entries(value)) {
    const at = [...path, name];
    const own = Object.hasOwn(properties, name) ? properties[name] : free;
    if (own === undefined) {
      if (schema.additionalProperties === false) found.push({ path: at, fault: 'unknown' });
    } else if (
      propertyNames !== undefined &&
      problemsOf({ type: 'string', ...propertyNames }, name).length > 0
    )
      found.push({ path: at, fault: 'name' });
    else found.push(...problemsOf(own, inside, at));
  }
  const isOver = maxProperties !== undefined && Object.keys(value).length > maxProperties;
  return isOver ? [...wrong('many', maxProperties), ...found] : found;
}

/** What is typed into a field of a whole number: the number, or what cannot be read; undefined: nothing. */
export function wholeOf(text: string): number | Unread | undefined {
  const plain = text.normalize('NFKC').trim();
  if (plain === '') return undefined;
  const value = /^[+-]?\d{1,16}$/.test(plain.replace(/[\s,'_]/g, ''))
    ? Number(plain.replace(/[\s,'_]/g, ''))
    : Number.NaN;
  return Number.isSafeInteger(value) ? value : new Unread(text);
}
