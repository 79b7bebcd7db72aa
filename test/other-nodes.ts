// The core's tests on the other versions of Node.js that package.json names: `node dist/test/other-nodes.js [folder ...]`.
// Owns: the programs of those versions, out of the npm registry, in a temporary folder. Never touches: the Node.js that is there.
//   The server's own tests are not among them: its binary for these versions needs a newer glibc than many systems have.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LINES } from '../gateway/cli/runs-here.js';

const FOLDERS = ['protocol', 'ledger', 'store', 'transfer'];

/** The program of the newest release of a line; undefined: the registry has none for this machine. */
function programOf(major: number, folder: string): string | undefined {
  const name = `node-${process.platform}-${process.arch}`;
  const args = [
    'install',
    '--no-save',
    '--no-package-lock',
    '--prefix',
    folder,
    `${name}@${major}`,
  ];
  spawnSync('npm', args, { stdio: 'ignore', cwd: folder });
  const program = join(folder, 'node_modules', name, 'bin', 'node');
  return existsSync(program) ? program : undefined;
}

function filesOf(folder: string): string[] {
  const path = join(import.meta.dirname, folder);
  return readdirSync(path)
    .filter((name) => name.endsWith('.test.js'))
    .map((name) => join(path, name));
}

const given = process.argv.slice(2);
const files = (given.length > 0 ? given : FOLDERS).flatMap(filesOf);
const here = Number(process.versions.node.split('.')[0]);
const env = { ...process.env, TAP_TIMEOUT: '300' };
let failed = 0;
for (const { major } of LINES.filter((line) => line.major !== here)) {
  const folder = mkdtempSync(join(tmpdir(), 'jifen-node-'));
  try {
    const program = programOf(major, folder);
    if (program === undefined) {
      process.stdout.write(
        `Node.js ${major}: not tested, the registry has no program for this machine.\n`,
      );
      continue;
    }
    for (const file of files) {
      const { status, stdout } = spawnSync(program, [file], { encoding: 'utf8', env });
      if (status !== 0) process.stdout.write(`${stdout}\nNode.js ${major}: ${file} failed.\n`);
      if (status !== 0) failed++;
    }
    process.stdout.write(`Node.js ${major}: ${files.length} files.\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
process.exitCode = failed === 0 ? 0 : 1;
