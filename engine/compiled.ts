// A bundle and the code that V8 made of it when the program was built. Owns: their form, when the code counts. Never touches: what the bundle does.
//   Half of what a thread's beginning costs is to compile what it runs, the same for every thread.

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { cachedDataVersionTag } from 'node:v8';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** Before the code: its CRC-32, because V8 looks at its version, its settings and the length of the source, never at damage. */
const HEAD_BYTES = 4;
/** Code is of one V8, with the settings that it was started with: each has a file of its own. */
const codeFile = (bundle: URL): URL => new URL(`${bundle.href}.v8-${cachedDataVersionTag()}`);

/** The code of a bundle; undefined: there is none, or it is damaged. */
function codeOf(bundle: URL): Buffer | undefined {
  const file = codeFile(bundle);
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  const code = bytes.subarray(HEAD_BYTES);
  return bytes.length > HEAD_BYTES && bytes.readUInt32LE(0) === crc32(code) ? code : undefined;
}

interface Bundle {
  readonly script: Script;
  run(): unknown;
}

function bundleAt(bundle: URL, cachedData: Buffer | undefined): Bundle {
  const filename = fileURLToPath(bundle);
  // It is all ASCII: megabytes of UTF-8 take ten times as long to read.
  const source = readFileSync(bundle, 'latin1');
  const script = new Script(`(function (exports, require, module, __filename) {${source}\n})`, {
    filename,
    ...(cachedData && { cachedData }),
  });
  const run = (): unknown => {
    const module = { exports: {} };
    script.runInThisContext()(module.exports, createRequire(bundle), module, filename);
    return module.exports;
  };
  return { script, run };
}

/** Runs a bundle (CommonJS) and returns what it exports. Of another Node.js than it was built with, it is compiled anew. */
export function runCompiled(bundle: URL): unknown {
  return bundleAt(bundle, codeOf(bundle)).run();
}

/**
 * Writes the code of a bundle, for a V8 like this one, beside it. `runs`: it is run before, to the end of what it exports as its default where
 * that is a promise; for what has run is compiled, too.
 */
export async function compile(bundle: URL, runs: boolean): Promise<void> {
  const { script, run } = bundleAt(bundle, undefined);
  if (runs) await (run() as { default?: unknown }).default;
  const code = script.createCachedData();
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32LE(crc32(code));
  const made = new URL(`${bundle.href}.new`);
  writeFileSync(made, Buffer.concat([head, code]));
  renameSync(made, codeFile(bundle));
}
