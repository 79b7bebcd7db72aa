// Records of members who were erased. Owns: their types, shapes and places. Never touches: keys, what is kept outside members' own records.

import type { Json } from './act.js';
import { NOT_OF_MEMBERS, recordType, STAYS } from './record-type.js';

/** That a member is erased, at its own. */
export const ERASURE = recordType('erasure', STAYS);
export const ERASURE_KEY = 'erasure';
/** Of which members something is left to be erased: what their own record said then. */
export const ERASING = recordType('erasing', NOT_OF_MEMBERS);
export const erasingOwner = '#erasing';

/** That a member is erased, as it is kept. */
export type Erased = {
  /** Block time, milliseconds since 1970. */
  readonly at: number;
  /** Who asked for it, by the credentials shown; null: the ledger itself. */
  readonly by: string | null;
  readonly reason: string | null;
  /** When nothing was left of it; left out: something is. */
  readonly doneAt?: number;
} & { readonly [name: string]: Json };
