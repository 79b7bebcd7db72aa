// Keys of administrators and operators: their records in the ledger. Owns: how a key looks, what is
// kept of it. Never touches: requests.
//   auth.A45. A key is of the person who has issued it, where that is an operator, or a key: what one of them proposes another one does not agree to.
//   auth.A6. Of a key only a SHA-256 is kept. It has 256 random bits, so no slower hash is needed.

import { createHash, randomBytes } from 'node:crypto';
import { limits, type Operation } from '../../engine/index.js';
import { Documents, type OwnLedger } from '../documents.js';
import type { Rate } from '../limits.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { KeyBody } from '../schema/access.js';
import { bodyReader } from '../schema/check.js';
import { fits, KeyId } from '../schema/words.js';

/** A key, without what would open anything. */
export interface IssuedKey {
  readonly id: string;
  /** For people. */
  readonly name: string;
  readonly operations: readonly Operation[];
  /** The assets it extends to; left out: all. */
  readonly assets?: readonly string[] | undefined;
  /** The one user whose points it extends to; left out: everybody's. */
  readonly owner?: string | undefined;
  /** Its requests in a time; left out: the gateway's default. */
  readonly rate?: Rate | undefined;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When it ends by itself; left out: never. */
  readonly expiresAt?: number | undefined;
  /** When it was revoked; left out: it was not. */
  readonly revokedAt?: number | undefined;
  /** Who has issued it, by the credentials shown; left out: an older release did not say. */
  readonly issuedBy?: string | undefined;
}

/** A key as it is kept. */
export interface StoredKey extends IssuedKey {
  /** SHA-256 of the whole key, in hex. */
  readonly hash: string;
}

/** All issued keys. */
export const KEYS = new Documents<StoredKey>('#keys', 'key', 'id');

const readKey = bodyReader(KeyBody);
const isKeyId = fits(KeyId);
const SHAPE = /^jifen_key_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;

/** The id in a key; undefined: it does not look like an issued one. */
export const keyIdOf = (key: string): string | undefined => SHAPE.exec(key)?.[1];

/** The SHA-256 of a key. */
export const keyHash = (key: string): Buffer => createHash('sha256').update(key).digest();

/** A45: by what name the ledger knows who shows a key. The administrator issues keys for others: such a key is somebody of its own. */
export const personOf = ({ id, issuedBy = '' }: Pick<IssuedKey, 'id' | 'issuedBy'>): string =>
  /^(?:operator|key):/.test(issuedBy) ? issuedBy : `key:${id}`;

/** A key without its hash. */
export function shownKey({ hash: _, ...key }: StoredKey): IssuedKey {
  return key;
}

/** Makes a key; it is in the answer and nowhere else to be had. `issuedBy`: who asks, by the credentials shown. */
export async function addKey(
  engine: OwnLedger,
  body: unknown,
  issuedBy: string | undefined,
): Promise<Refusal | { readonly issued: IssuedKey; readonly key: string }> {
  const fields = readKey(body);
  if (isRefusal(fields)) return fields;
  const present = await KEYS.all(engine);
  if (isRefusal(present)) return present;
  if (present.length >= limits.RECORDS_PAGE_MAX) {
    const room = await forgetRevoked(
      engine,
      present.map((document) => document.read()),
    );
    if (room !== undefined) return room;
  }
  const id = randomBytes(6).toString('hex');
  const key = `jifen_key_${id}_${randomBytes(32).toString('base64url')}`;
  const hash = keyHash(key).toString('hex');
  const stored = { ...fields, id, createdAt: Date.now(), issuedBy, hash };
  const refusal = await KEYS.put(engine, id, stored, 0);
  return refusal ?? { issued: shownKey(stored), key };
}

// Makes room for a key: the one that was revoked first goes. What was done with it is in the audit log.
async function forgetRevoked(
  engine: OwnLedger,
  keys: readonly StoredKey[],
): Promise<Refusal | undefined> {
  const revokedAt = (key: StoredKey): number => key.revokedAt ?? Number.POSITIVE_INFINITY;
  const [first] = [...keys].sort((a, b) => revokedAt(a) - revokedAt(b));
  if (first?.revokedAt === undefined) return refuse('RECORD_LIMIT', 'name');
  return KEYS.delete(engine, first.id);
}

/** Ends a key for good. */
export async function revokeKey(engine: OwnLedger, id: string): Promise<Refusal | IssuedKey> {
  if (!isKeyId(id)) return refuse('KEY_NOT_FOUND', 'key');
  const key = await KEYS.change(engine, id, (before) =>
    before.revokedAt === undefined ? { ...before, revokedAt: Date.now() } : before,
  );
  if (key === undefined) return refuse('KEY_NOT_FOUND', 'key');
  return isRefusal(key) ? key : shownKey(key);
}
