// What applying a command comes to. Owns: the numbers beside those of refusals. Never touches: anything else.

/** Done. */
export const APPLIED = 0;
/** This id has an outcome already. */
export const REPLAY = -1;
/** A message from another shard that changed nothing and was not logged. */
export const IGNORED = -2;
