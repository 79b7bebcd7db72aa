// Results of apply(). Owns: the numbers that are no refusal's. Never touches: anything else.

/** Done. */
export const APPLIED = 0;
/** This id has an outcome already. */
export const REPLAY = -1;
/** A message from another shard that changed nothing and was not logged. */
export const IGNORED = -2;
