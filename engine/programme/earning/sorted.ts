// Definitions in an order of their own. Owns: that each list is sorted once. Never touches: which definitions there are.

/** Sorts lists by a number, and remembers what came of each: definitions of a group come in the same list until one of them changes. */
export function sortedOnce<T>(by: (one: T) => number): (list: readonly T[]) => readonly T[] {
  const known = new WeakMap<readonly T[], readonly T[]>();
  return (list) => {
    let sorted = known.get(list);
    if (sorted === undefined) {
      sorted = [...list].sort((a, b) => by(a) - by(b));
      known.set(list, sorted);
    }
    return sorted;
  };
}
