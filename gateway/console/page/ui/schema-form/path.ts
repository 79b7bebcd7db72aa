// Places within a document. Owns: how they are written (`prizes[0].weight`), values read and put at one. Never touches: what values mean.

/** Names of fields and places of lists, from the outside in. */
export type Path = readonly (string | number)[];

/** As the ledger names fields: `prizes[0].weight`. */
export const pathText = (path: Path): string =>
  path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? part : `${text}.${part}`;
  }, '');

/** The value at a place; undefined: there is none. */
export function valueAt(document: unknown, path: Path): unknown {
  let value = document;
  for (const part of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part))
      return undefined;
    value = (value as Record<string | number, unknown>)[part];
  }
  return value;
}

/** The same document with another value at a place; undefined takes it out. What is not on the way stays the very same. */
export function withValue(document: unknown, path: Path, value: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return value;
  if (typeof part === 'number') {
    const list = Array.isArray(document) ? [...document] : [];
    // A place of a list stays one: what was there last is only taken out by `withoutItem`.
    list[part] = withValue(list[part], rest, value);
    return list;
  }
  const object = isObject(document) ? document : {};
  const inside = withValue(object[part], rest, value);
  if (inside !== undefined) return withOwn(object, part, inside);
  const { [part]: _, ...others } = object;
  return others;
}

/** The same list without one of its places. */
export const withoutItem = (list: readonly unknown[], at: number): unknown[] =>
  list.filter((_, n) => n !== at);

/** With a field of its own, whatever it is called: `__proto__` as well. */
function withOwn(object: Fields, name: string, value: unknown): Fields {
  const pairs = Object.entries(object);
  const at = pairs.findIndex(([one]) => one === name);
  if (at < 0) pairs.push([name, value]);
  else pairs[at] = [name, value];
  return Object.fromEntries(pairs);
}

export type Fields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
