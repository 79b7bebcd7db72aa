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

/** An act in a history: its name, and what it was about, by the fields of its body. */
export interface ToldAct {
  readonly name: string;
  readonly programme?: string | undefined;
  /** Of an event: its type. */
  readonly type?: string | undefined;
  readonly goods?: string | undefined;
  readonly lottery?: string | undefined;
  readonly offer?: string | undefined;
}
