// Invariants that stop the shard. Owns: how a broken one is told. Never touches: what must hold.

/** Throws where `holds` is false: what is named by `what` is broken. */
export function assert(holds: boolean, what: string): void {
  if (!holds) throw new Error(`invariant broken: ${what}`);
}
