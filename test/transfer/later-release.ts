// A later release, in which a command has other rules. Owns: the copy of the program that it is. Never touches: the program.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import type { Test } from 'tap';
import { ROOT } from '../setup.js';

const DIST = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Modules of the later release. */
export interface Release {
  readonly engine: typeof import('../../engine/index.js');
  readonly codec: typeof import('../../engine/protocol/codec.js');
}

/** Of version 3 on, a hold has a field more, and leaves a point. */
const TABLE = `
Object.assign(COMMANDS.hold, {
  version: 3,
  rulesFrom: RULES_FROM,
  fields: { ...COMMANDS.hold.fields, leaves: { ...flag(false), since: 3 } },
});
`;
const [RULE, LATER_RULE] = [
  'if (account.isShort(amount))',
  'if (account.isShort(amount + (work.command.version >= 3 ? 1 : 0)))',
];

/** `rulesFrom`: the oldest version of a hold whose rules it has. */
export async function laterRelease(t: Test, rulesFrom: number): Promise<Release> {
  const dist = mkdtempSync(join(DIST, 'later-'));
  t.teardown(() => rmSync(dist, { recursive: true, force: true }));
  cpSync(join(DIST, 'engine'), join(dist, 'engine'), { recursive: true });
  // Threads that load the copied modules, not bundles of those of this release.
  const threads = ['shard/worker.ts', 'shard/reader.ts', 'audit/reader-process.ts'];
  const outbase = join(ROOT, 'engine');
  const entryPoints = threads.map((file) => join(outbase, file));
  buildSync({ entryPoints, outbase, outdir: join(dist, 'engine') });
  const changed = (file: string, change: (text: string) => string): void => {
    const path = join(dist, 'engine', file);
    const text = readFileSync(path, 'utf8');
    const next = change(text);
    if (next === text) throw new Error(`${file} is not what a later release changes`);
    writeFileSync(path, next);
  };
  changed(
    join('protocol', 'commands.js'),
    (text) => text + TABLE.replace('RULES_FROM', `${rulesFrom}`),
  );
  changed(join('ledger', 'holds.js'), (text) => text.replace(RULE, LATER_RULE));
  const load = (file: string) => import(pathToFileURL(join(dist, 'engine', file)).href);
  return { engine: await load('index.js'), codec: await load('protocol/codec.js') };
}
