// What is read and written of records here. Owns: that a refusal ends a look, which is begun anew. Never touches: what is in them.

import type { Refused } from '../../engine/index.js';
import type { Document, Documents, OwnLedger } from '../documents.js';
import { isRefusal, type Refusal } from '../refusal.js';

/** A record could not be read or written, or somebody else has changed it: it is looked again. */
export class KeptError extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(`${refusal.code}: ${refusal.message}`);
    this.refusal = refusal;
  }
}

/** What there is, or the end of this look. */
export function got<T>(found: T): Exclude<T, Refused> {
  if (isRefusal(found)) throw new KeptError(found);
  return found as Exclude<T, Refused>;
}

export const done = (refused: Refusal | undefined): void => {
  if (refused !== undefined) throw new KeptError(refused);
};

/** A record, its version (0: there is none). */
export interface Kept<T> {
  readonly value: T;
  readonly version: number;
}

/** A record, or what stands for it where there is none. */
export async function keptOr<T extends object>(
  documents: Documents<T>,
  ledger: OwnLedger,
  key: string,
  otherwise: T,
): Promise<Kept<T>> {
  const found: Document<T> | undefined = got(await documents.get(ledger, key));
  if (found === undefined) return { value: otherwise, version: 0 };
  return { value: found.read(), version: found.version };
}
