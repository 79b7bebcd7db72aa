// What commands have in common: an id, what business they belong to, why an operator asks. Owns: these fields. Never touches: commands.

import { ACCOUNT_REASON_LENGTH_MAX } from '../limits.js';
import { words } from './definition-fields.js';
import { ABOUT, newId, optional, since } from './fields.js';

/** The id of a command. */
export const ID = {
  /**
   * The idempotency key, unique for ever within the home owner. Left out: `kind:ref` where both are given,
   * else one is made.
   */
  id: optional(newId()),
};
export const BUSINESS = { ...ID, ...ABOUT };

/** Of what an operator does to an account. */
export const REASON = {
  /** Why, for whoever asks later: the audit trail shows it. */
  reason: optional(since(3, words(ACCOUNT_REASON_LENGTH_MAX, undefined, 'COMMAND_INVALID'))),
};

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
