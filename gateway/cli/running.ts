// How a command finds the server that has a folder open. Owns: `<folder>/server.json`. Never
// touches: the lock, the key.
//   cli.C3. The file is a hint: it counts only while the folder's lock names the same process.

import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'server.json';
const LOCK = 'lock';

/** Says where the folder's server listens. */
export async function announceServer(folder: string, address: string): Promise<void> {
  const beside = join(folder, `${FILE}.${process.pid}.tmp`);
  await writeFile(beside, `${JSON.stringify({ pid: process.pid, address })}\n`, { mode: 0o600 });
  await rename(beside, join(folder, FILE));
}

/** Takes it back. */
export async function withdrawServer(folder: string): Promise<void> {
  await rm(join(folder, FILE), { force: true });
}

/** Where the server of the folder listens; undefined where none runs. */
export async function runningServer(folder: string): Promise<string | undefined> {
  const server = await read(join(folder, FILE));
  const lock = await read(join(folder, LOCK));
  if (server === undefined || typeof server.address !== 'string') return undefined;
  return server.pid === lock?.pid && isAlive(server.pid) ? server.address : undefined;
}

async function read(path: string): Promise<{ pid?: unknown; address?: unknown } | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: unknown): boolean {
  if (!Number.isSafeInteger(pid) || (pid as number) <= 0) return false;
  try {
    return process.kill(pid as number, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
