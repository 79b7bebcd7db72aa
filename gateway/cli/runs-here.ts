// Which Node.js the server runs on. Owns: what is said where it does not. Never touches: the web server's binary itself.
//   cli.C7. A server that cannot run here says so before a port or a folder is opened, and says what would.
// The web server is a binary for each version of Node.js. Whether it can be loaded here is found by loading it: whoever has put a
// build of their own in its place is not refused by a table.

import { createRequire } from 'node:module';

/** Loaded here only to see whether it can be; http/server/server.ts is what uses it. */
const WEB_SERVER = 'uWebSockets.js';

/** A line of Node.js that has a binary. */
interface Line {
  readonly major: number;
  /** The first release that jifen is for. */
  readonly from: string;
  /** The C library that its binary needs on Linux. */
  readonly glibc: string;
}

/** `engines` in package.json says the same; a test compares. */
export const LINES: readonly Line[] = [
  { major: 20, from: '20.19.0', glibc: '2.27' },
  { major: 22, from: '22.12.0', glibc: '2.38' },
  { major: 24, from: '24.0.0', glibc: '2.38' },
];

/** What the program runs on. */
export interface Platform {
  /** Of Node.js, e.g. 20.19.0. */
  readonly node: string;
  /** E.g. linux x64. */
  readonly machine: string;
  /** The version of glibc; undefined: another C library, or another system than Linux. */
  readonly glibc: string | undefined;
}

/** What it runs on here. */
function platformHere(): Platform {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  const { platform, arch } = process;
  return {
    node: process.versions.node,
    machine: `${platform} ${arch}`,
    glibc: header.glibcVersionRuntime,
  };
}

/** Throws where the server cannot run here. */
export function checkRuns(): void {
  const platform = platformHere();
  if (isTooOld(platform.node)) throw cannotRun(platform, 'this release is too old');
  try {
    // Not by import: there Node.js 20 also ends the process over what was caught.
    createRequire(import.meta.url)(WEB_SERVER);
  } catch (error) {
    throw cannotRun(platform, causeOf((error as Error).message));
  }
}

// Its own error goes on about versions first.
function causeOf(message: string): string {
  const lines = message
    .split('\n')
    .filter((line) => /GLIBC|Cannot find module|NODE_MODULE/.test(line));
  return (lines[0] ?? message.split('\n')[0] ?? '').replace(/^Error: /, '');
}

/** Is it an older release of its line than jifen is for? */
export function isTooOld(node: string): boolean {
  const parts = node.split('.').map(Number);
  const from = LINES.find(({ major }) => major === parts[0])?.from ?? `${LINES[0]?.from}`;
  const wanted = from.split('.').map(Number);
  const at = wanted.findIndex((part, i) => part !== (parts[i] ?? 0));
  return at >= 0 && (parts[at] ?? 0) < (wanted[at] ?? 0);
}

/** Why the server does not run here, and what it runs on. `cause`: what loading it said. */
export function cannotRun({ node, machine, glibc }: Platform, cause: string): Error {
  const isLinux = machine.startsWith('linux');
  const library = isLinux ? `, ${glibc === undefined ? 'no glibc' : `glibc ${glibc}`}` : '';
  const lines = LINES.map(({ major, from, glibc }) => {
    const release = from.split('.').slice(0, 2).join('.');
    return `Node.js ${major} from ${release} on (Linux: glibc ${glibc} or later)`;
  });
  const usable = LINES.filter((line) => isLinux && glibc !== undefined && reaches(glibc, line));
  const remedy =
    usable.length === 0
      ? ''
      : ` On this system use Node.js ${usable.map(({ major }) => major).join(' or ')}.`;
  return new Error(
    `the web server does not run on Node.js ${node} here (${machine}${library}). It runs on ${lines.join(', ')}, ` +
      `on x64 and arm64, Linux and macOS.${remedy} Loading it said: ${cause}`,
  );
}

function reaches(have: string, { glibc }: Line): boolean {
  const [major = 0, minor = 0] = have.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = glibc.split('.').map(Number);
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
