// What commands have in common: an id, and what business they belong to. Owns: these fields. Never touches: commands.

import { ABOUT, newId, optional } from './fields.js';

/** The id of a command. */
export const ID = {
  /**
   * The idempotency key, unique for ever within the home owner. Left out: `kind:ref` where both are given,
   * else one is made.
   */
  id: optional(newId()),
};
export const BUSINESS = { ...ID, ...ABOUT };
