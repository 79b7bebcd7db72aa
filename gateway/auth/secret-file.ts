// Files that hold one secret. Owns: their making and reading. Never touches: what the secret is for.
//   auth.A1. The file is complete or absent: it is written beside its place and linked into it.
//   auth.A2. A secret whose file others may read is not used.

import { type FileHandle, link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The secret in a file; undefined: there is no file. `what` is what it is called in errors. Throws
 * where the file is damaged or readable by others.
 */
export async function readSecretFile(
  path: string,
  shape: RegExp,
  what: string,
): Promise<string | undefined> {
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
          `${what} Or run chmod 600 on it if nobody has seen it.`,
      );
    }
    const secret = (await file.readFile('utf8')).trim();
    if (!shape.test(secret)) throw new Error(`${path} holds no key. ${what}`);
    return secret;
  } finally {
    await file.close();
  }
}

/** Puts a secret where there is none yet. Rejects with EEXIST where there is one. */
export async function writeSecretFile(path: string, secret: string): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  const file = await open(beside, 'wx', 0o600);
  try {
    await file.writeFile(`${secret}\n`);
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
  const directory = await open(dirname(path), 'r');
  await directory.sync().finally(() => directory.close());
}
