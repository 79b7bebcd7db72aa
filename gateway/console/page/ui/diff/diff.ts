// What differs between two documents, and what comes of two people's changes of one. Owns: finding it. Never touches: how it is shown.

import { isObject, type Path, pathText, valueAt, withValue } from '../schema-form/path.js';

/** One thing that differs: a value, or what is in one list and not in the other. */
export interface Difference {
  readonly path: Path;
  /** Undefined: it was not there. */
  readonly before: unknown;
  /** Undefined: it is not there any more. */
  readonly after: unknown;
}

/** Are two values the same, whatever the order of their fields? */
export function isAlike(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((one, n) => isAlike(one, b[n]));
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isAlike(a[name], b[name]))
  );
}

/** What differs, field by field, in the order of `before`, then what is new. Lists are compared place by place where they are as long as each other. */
export function differencesOf(before: unknown, after: unknown, path: Path = []): Difference[] {
  if (isAlike(before, after)) return [];
  if (isObject(before) && isObject(after)) {
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return names.flatMap((name) =>
      differencesOf(own(before, name), own(after, name), [...path, name]),
    );
  }
  if (Array.isArray(before) && Array.isArray(after) && isPlaceByPlace(before, after))
    return before.flatMap((one, n) => differencesOf(one, after[n], [...path, n]));
  return [{ path, before, after }];
}

const own = (object: Readonly<Record<string, unknown>>, name: string): unknown =>
  Object.hasOwn(object, name) ? object[name] : undefined;

/** Steps and prizes are looked at one by one; a list of names is one value. */
const isPlaceByPlace = (before: readonly unknown[], after: readonly unknown[]): boolean =>
  before.length === after.length && [...before, ...after].every((one) => typeof one === 'object');

/** Two people's changes of one document, put together. */
export interface Merged {
  /** What the other one has said, with one's own changes on it; where both have changed the same, one's own. */
  readonly document: unknown;
  /** What both have changed, each otherwise. */
  readonly conflicts: readonly {
    readonly path: Path;
    readonly theirs: unknown;
    readonly mine: unknown;
  }[];
}

/** One's own changes of `base` on what somebody else has made of it meanwhile. */
export function mergedOf(base: unknown, mine: unknown, theirs: unknown): Merged {
  const others = differencesOf(base, theirs).map(({ path }) => path);
  const conflicts = new Map<string, Merged['conflicts'][number]>();
  let document = theirs;
  for (const { path } of differencesOf(base, mine)) {
    // Where they have changed more than this (a list has other entries now), a place within it may be another thing's: all of it is mine or theirs.
    const at = others.find((one) => isWithin(path, one)) ?? path;
    const [there, own] = [valueAt(theirs, at), valueAt(mine, at)];
    document = withValue(document, at, own);
    if (others.some((one) => isWithin(one, at)) && !isAlike(there, own))
      conflicts.set(pathText(at), { path: at, theirs: there, mine: own });
  }
  return { document, conflicts: [...conflicts.values()] };
}

/** Is one place the other one, or within it? */
const isWithin = (path: Path, of: Path): boolean => of.every((part, n) => path[n] === part);

/** A value as it is written in a difference: texts as they are, the rest as JSON. */
export function writtenOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, null, 1);
}

/** A place as it is written; of the whole document: ''. */
export const placeText = pathText;
