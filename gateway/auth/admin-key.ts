// The administrator's key. Owns: `<folder>/admin.key` and its checking. Never touches: requests.
//   auth.A3. How long a check takes says nothing about how much of the key was right.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { readSecretFile, writeSecretFile } from './secret-file.js';

/** The name of the key's file in the data folder. */
export const ADMIN_KEY_FILE = 'admin.key';

const PREFIX = 'jifen_admin_';
const SHAPE = /^jifen_admin_[A-Za-z0-9_-]{43}$/;
const REMEDY = 'Delete it to get a new key at the next start.';

/** The administrator's key of a data folder. */
export interface AdminKey {
  readonly key: string;
  /** It was made just now: the moment to show it. */
  readonly created: boolean;
  /** It was made for a ledger that had one before: that is not good any more. */
  readonly replaces: boolean;
}

/**
 * The key of an existing data folder, made where it has none. `isNew`: the folder was made just now.
 * Throws where its file is damaged or readable by others.
 */
export async function adminKey(folder: string, isNew: boolean): Promise<AdminKey> {
  const present = await readAdminKey(folder);
  if (present !== undefined) return { key: present, created: false, replaces: false };
  const key = PREFIX + randomBytes(32).toString('base64url');
  await writeSecretFile(join(folder, ADMIN_KEY_FILE), key);
  return { key, created: true, replaces: !isNew };
}

/**
 * The key of a data folder; undefined: it has none. Throws where its file is damaged or readable by
 * others.
 */
export function readAdminKey(folder: string): Promise<string | undefined> {
  return readSecretFile(join(folder, ADMIN_KEY_FILE), SHAPE, REMEDY);
}

// The scheme's name is case-insensitive, and one or more spaces follow it (RFC 9110, 11.1 and 11.4). Neither it nor the length of a key is a
// secret, so only what follows is compared in constant time.
const SCHEME = /^bearer +/i;

/** The key in an `Authorization` header; undefined: there is none. */
export function bearerKey(authorization: string): string | undefined {
  const start = SCHEME.exec(authorization)?.[0].length;
  return start === undefined ? undefined : authorization.slice(start);
}

/** A check of texts against one key. */
export function keyCheck(key: string): (text: string) => boolean {
  const right = Buffer.from(key, 'latin1');
  const given = Buffer.alloc(right.length);
  return (text) => {
    if (text.length !== right.length) return false;
    // As UTF-8, so that no other character is taken for one of the key's; fewer bytes than there is
    // room for are refused, as the rest would be what an earlier text left.
    if (given.write(text, 'utf8') !== right.length) return false;
    return timingSafeEqual(given, right);
  };
}
