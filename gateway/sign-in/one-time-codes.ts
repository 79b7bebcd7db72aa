// One-time codes (TOTP, RFC 6238): secrets, how they come to a phone, which code is good. Owns: these. Never touches: records, how a secret is sealed.
//   signin.O1. A code is good for its half minute and the ones beside it, and once: none is good whose step is not after that of the last one that was used.
//       The step is written in the commit that acts on the code.

import { Secret, TOTP } from 'otpauth';
import encodeQR from 'qr';

const PERIOD_SECONDS = 30;
const DIGITS = 6;
const CODE = /^[0-9]{6}$/;
/** Steps that a phone's clock may be behind or ahead by. */
const WINDOW = 1;
const SECRET_BYTES = 20;

const totpOf = (label: string, secret: string): TOTP =>
  new TOTP({
    ...{ issuer: 'jifen', label, algorithm: 'SHA1', digits: DIGITS },
    ...{ period: PERIOD_SECONDS, secret: Secret.fromBase32(secret) },
  });

/** How long a new secret waits to be confirmed, in milliseconds. */
export const CONFIRM_MS = 600_000;

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

/** A new secret, to be told once: in base32, as an address `otpauth://`, as squares. */
export interface NewCodes {
  readonly secret: string;
  readonly uri: string;
  readonly qr: Squares;
}

/** `label`: by which a phone names it. */
export function newCodes(label: string): NewCodes {
  const secret = new Secret({ size: SECRET_BYTES }).base32;
  const uri = totpOf(label, secret).toString();
  return { secret, uri, qr: squaresOf(uri) };
}

/** The step of a code; undefined: it is wrong. `now`: milliseconds since 1970. */
export function stepOf(secret: string, code: string, now: number): number | undefined {
  const token = code.replace(/\s/g, '');
  // Digits of other scripts are as many characters, and more bytes.
  if (!CODE.test(token)) return undefined;
  const delta = totpOf('', secret).validate({ token, timestamp: now, window: WINDOW });
  return delta === null ? undefined : Math.floor(now / 1_000 / PERIOD_SECONDS) + delta;
}
