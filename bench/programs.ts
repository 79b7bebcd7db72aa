// Programs that a bench needs beside Node.js: where they are, and Debian's packages that hold them.
// Owns: the search, the installation. Never touches: what is installed already, services of the system.

import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A program, and what it comes in. */
export interface Program {
  /** File name: `redis-server`. */
  readonly name: string;
  /** Debian's package. */
  readonly debianPackage: string;
}

/** Where Debian keeps programs that are in nobody's PATH. */
const FURTHER_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];
const POSTGRESQL = '/usr/lib/postgresql';

/** The path of a program; undefined: it is not installed. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...FURTHER_FOLDERS];
  if (existsSync(POSTGRESQL)) {
    const versions = readdirSync(POSTGRESQL).sort((a, b) => Number(b) - Number(a));
    folders.push(...versions.map((version) => join(POSTGRESQL, version, 'bin')));
  }
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** The path of a program; throws where it is not installed. */
export function needProgram({ name, debianPackage }: Program): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is not installed (Debian: ${debianPackage})`);
  return path;
}

/**
 * Installs what is missing with apt-get, where there is one and this may use it. Returns why not all of it is
 * there; undefined: all is.
 */
export function installPrograms(
  programs: readonly Program[],
  tell: (line: string) => void,
): string | undefined {
  const missing = missingOf(programs);
  if (missing.length === 0) return undefined;
  const packages = [...new Set(missing.map(({ debianPackage }) => debianPackage))];
  const isAllowed = process.platform === 'linux' && process.getuid?.() === 0;
  if (isAllowed && findProgram('apt-get') !== undefined) {
    tell(`installing ${packages.join(' ')}`);
    aptGet('update', '-q');
    aptGet('install', '-qy', '--no-install-recommends', ...packages);
  }
  return explainMissing(programs);
}

/** Why not all of the programs are there; undefined: all are. */
export function explainMissing(programs: readonly Program[]): string | undefined {
  const missing = missingOf(programs);
  if (missing.length === 0) return undefined;
  const parts = missing.map(({ name, debianPackage }) => `${name} (Debian: ${debianPackage})`);
  return `not installed: ${parts.join(', ')}`;
}

function missingOf(programs: readonly Program[]): Program[] {
  return programs.filter(({ name }) => findProgram(name) === undefined);
}

function aptGet(...args: string[]): void {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
