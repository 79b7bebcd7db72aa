// What the client throws. Owns: the error. Never touches: requests.

import type { Refused } from '../../engine/index.js';

/** Something was refused, or could not be asked. */
export class ClientError extends Error {
  /** What the ledger said; undefined: it was not reached. */
  readonly refusal: Refused | undefined;

  constructor(message: string, refusal?: Refused, cause?: unknown) {
    super(message, { cause });
    this.name = 'ClientError';
    this.refusal = refusal;
  }
}
