// One-time codes of operators: secrets as they are kept. Owns: how they are sealed. Never touches: records, which code is good (sign-in/one-time-codes.ts).
//   operators.T1. As signin.O1: the step of the last code is written in the commit that acts on it.

import type { Sealer } from '../auth/sealing.js';
import * as codes from '../sign-in/one-time-codes.js';

const about = (operator: string): string => `codes of operator ${operator}`;

/** A new secret: to be kept, and to be told, once. */
export interface NewCodes extends codes.NewCodes {
  readonly sealed: string;
}

export function newCodes(sealer: Sealer, operator: string): NewCodes {
  const made = codes.newCodes(operator);
  return { ...made, sealed: sealer.seal(made.secret, about(operator)) };
}

/** The step of a code, by a sealed secret; undefined: it is wrong, or the secret was sealed with another key. */
export function stepOf(
  sealer: Sealer,
  operator: string,
  sealed: string,
  code: string,
  now: number,
): number | undefined {
  const secret = sealer.open(sealed, about(operator));
  return secret === undefined ? undefined : codes.stepOf(secret, code, now);
}
