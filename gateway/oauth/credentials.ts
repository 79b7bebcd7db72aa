// How codes, tokens, cookies and secrets look. Owns: their texts, what is kept of them. Never touches: what they are good for.
//   oauth.C1. Of each only a SHA-256 is kept. What is random in one is at least 128 bits that were never used before, so no slower hash is needed.
//   oauth.C2. A refresh token is 128 bits of its family, the same in all that follow from it, and 128 bits of its own: one that is none of those that are
//       good and yet of the family was good once. So it is known without a list of them, and whoever knows an id alone can make none.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * `ac`: a code. `at`: an access token. `rt`: a refresh token. `sc`: the cookie of a session. `cs`: a client's secret. Of operators: `op`: an access token.
 * `oc`: the cookie of a session. `oi`: an invitation.
 */
export type CredentialKind = 'ac' | 'at' | 'rt' | 'sc' | 'cs' | 'op' | 'oc' | 'oi';

const SHAPE = /^jifen_(ac|at|rt|sc|cs|op|oc|oi)_([0-9a-f]{24})_([A-Za-z0-9_-]{43})$/;
const SECRET_BYTES = 32;
const FAMILY_BYTES = 16;

/** The id of a grant, or of a client: 96 random bits. It opens nothing. */
export const newId = (): string => randomBytes(12).toString('hex');

/** What a text shows, if it looks like one of these. */
export interface Shown {
  readonly kind: CredentialKind;
  /** Of the grant, or of the client. */
  readonly id: string;
  readonly text: string;
}

/** Reads a credential; undefined: it does not look like one of this kind. */
export function readCredential(text: string, kind?: CredentialKind): Shown | undefined {
  const [, found, id] = SHAPE.exec(text) ?? [];
  if (found === undefined || id === undefined || (kind ?? found) !== found) return undefined;
  return { kind: found as CredentialKind, id, text };
}

/** What is kept of a text. */
export const digestOf = (text: string): string =>
  createHash('sha256').update(text).digest('base64url');

/** Is that what is kept of this text? */
export function isDigestOf(kept: string | undefined, text: string): boolean {
  if (kept === undefined) return false;
  const [a, b] = [Buffer.from(kept), Buffer.from(digestOf(text))];
  return a.length === b.length && timingSafeEqual(a, b);
}

const written = (kind: CredentialKind, id: string, secret: Uint8Array): string =>
  `jifen_${kind}_${id}_${Buffer.from(secret).toString('base64url')}`;

/** One of which the secret is known: of a code that is made again. */
export const credentialOf = written;

/** A new one. */
export const newCredential = (kind: Exclude<CredentialKind, 'rt'>, id: string): string =>
  written(kind, id, randomBytes(SECRET_BYTES));

const secretOf = (token: string): Buffer => Buffer.from(token.slice(-43), 'base64url');

/** A new refresh token: of the family of another one, or the first of a family. */
export function newRefreshToken(id: string, before?: string): string {
  const family = before === undefined ? randomBytes(FAMILY_BYTES) : secretOf(before);
  const own = randomBytes(SECRET_BYTES - FAMILY_BYTES);
  return written('rt', id, Buffer.concat([family.subarray(0, FAMILY_BYTES), own]));
}

/** What a refresh token's family is known by. */
export const familyOf = (token: string): string =>
  secretOf(token).subarray(0, FAMILY_BYTES).toString('base64url');
