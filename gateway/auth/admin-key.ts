// The administrator's key. Owns: `<folder>/admin.key`, its making and its checking. Never touches:
// requests.
//   A1. The file is complete or absent: it is written beside its place and linked into it.
//   A2. A key whose file others may read is not used.
//   A3. How long a check takes says nothing about how much of the key was right.

import { randomBytes, timingSafeEqual } from 'node:crypto';
import { type FileHandle, link, open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** The name of the key's file in the data folder. */
export const ADMIN_KEY_FILE = 'admin.key';

const PREFIX = 'jifen_admin_';
const SHAPE = /^jifen_admin_[A-Za-z0-9_-]{43}$/;

/** The administrator's key of a data folder. */
export interface AdminKey {
  readonly key: string;
  /** It was made just now: the moment to show it. */
  readonly created: boolean;
}

/**
 * The key of an existing data folder, made where it has none. Throws where its file is damaged or
 * readable by others.
 */
export async function adminKey(folder: string): Promise<AdminKey> {
  const path = join(folder, ADMIN_KEY_FILE);
  const present = await readAdminKey(folder);
  if (present !== undefined) return { key: present, created: false };
  const key = PREFIX + randomBytes(32).toString('base64url');
  const beside = `${path}.${process.pid}.tmp`;
  const file = await open(beside, 'wx', 0o600);
  try {
    await file.writeFile(`${key}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    // Unlike a rename, a link never replaces a key that somebody else has put there meanwhile.
    await link(beside, path);
  } finally {
    await rm(beside, { force: true });
  }
  const directory = await open(folder, 'r');
  await directory.sync().finally(() => directory.close());
  return { key, created: true };
}

/**
 * The key of a data folder; undefined: it has none. Throws where its file is damaged or readable by
 * others.
 */
export async function readAdminKey(folder: string): Promise<string | undefined> {
  const path = join(folder, ADMIN_KEY_FILE);
  let file: FileHandle;
  try {
    file = await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const mode = (await file.stat()).mode & 0o777;
    if ((mode & 0o077) !== 0) {
      throw new Error(
        `${path} can be read by others (mode 0${mode.toString(8)}), so the key may be known. ` +
          'Delete it to get a new key at the next start, or run chmod 600 on it if nobody has seen it.',
      );
    }
    const key = (await file.readFile('utf8')).trim();
    if (!SHAPE.test(key)) {
      throw new Error(`${path} holds no key. Delete it to get a new one at the next start.`);
    }
    return key;
  } finally {
    await file.close();
  }
}

/** A check of `Authorization` headers against one key. */
export function bearerCheck(key: string): (authorization: string) => boolean {
  const right = Buffer.from(key, 'latin1');
  const given = Buffer.alloc(right.length);
  // The scheme's name is case-insensitive (RFC 9110, 11.1). Neither it nor the length of a key is a
  // secret, so only what follows is compared in constant time.
  const scheme = /^bearer +/i;
  const usual = 'Bearer ';
  return (authorization) => {
    const start = authorization.startsWith(usual)
      ? usual.length
      : (scheme.exec(authorization)?.[0].length ?? -1);
    if (start < 0 || authorization.length - start !== right.length) return false;
    // As UTF-8, so that no other character is taken for one of the key's; fewer bytes than there is
    // room for are refused, as the rest would be what an earlier header left.
    if (given.write(authorization.slice(start), 'utf8') !== right.length) return false;
    return timingSafeEqual(given, right);
  };
}
