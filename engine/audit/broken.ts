// How a record that cannot be is reported. Owns: that error. Never touches: anything else.

/** A record that contradicts the invariants, or is no record at all. */
class Broken extends Error {}

export function broken(what: string): never {
  throw new Broken(what);
}
