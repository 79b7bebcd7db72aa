// One-time codes (TOTP, RFC 6238): secrets, how they come to a phone, which code is good. Owns: these. Never touches: records.
//   operators.T1. A code is good for its half minute and the ones beside it, and once: none is good whose step is not after that of the last one that was used.
//       The step is written in the commit that acts on the code.

import { Secret, TOTP } from 'otpauth';
import encodeQR from 'qr';
import type { Sealer } from '../auth/sealing.js';

const PERIOD_SECONDS = 30;
const DIGITS = 6;
const CODE = /^[0-9]{6}$/;
/** Steps that a phone's clock may be behind or ahead by. */
const WINDOW = 1;
const SECRET_BYTES = 20;

const about = (operator: string): string => `codes of operator ${operator}`;

const totpOf = (operator: string, secret: string): TOTP =>
  new TOTP({
    ...{ issuer: 'jifen', label: operator, algorithm: 'SHA1', digits: DIGITS },
    ...{ period: PERIOD_SECONDS, secret: Secret.fromBase32(secret) },
  });

/** A picture of squares: an SVG path in a box of `size` by `size`. */
export interface Squares {
  readonly size: number;
  readonly path: string;
}

function squaresOf(text: string): Squares {
  const rows = encodeQR(text, 'raw', { border: 2 });
  const path = rows.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : '')));
  return { size: rows.length, path: path.join('') };
}

/** A new secret: to be kept, and to be told, once. */
export interface NewCodes {
  readonly sealed: string;
  readonly secret: string;
  readonly uri: string;
  readonly qr: Squares;
}

export function newCodes(sealer: Sealer, operator: string): NewCodes {
  const secret = new Secret({ size: SECRET_BYTES }).base32;
  const uri = totpOf(operator, secret).toString();
  return { sealed: sealer.seal(secret, about(operator)), secret, uri, qr: squaresOf(uri) };
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
  const token = code.replace(/\s/g, '');
  // Digits of other scripts are as many characters, and more bytes.
  if (secret === undefined || !CODE.test(token)) return undefined;
  const delta = totpOf(operator, secret).validate({ token, timestamp: now, window: WINDOW });
  return delta === null ? undefined : Math.floor(now / 1_000 / PERIOD_SECONDS) + delta;
}
