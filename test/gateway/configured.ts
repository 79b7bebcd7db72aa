// Configurations as files for tests, and what stands between a command and its server. Owns: how files are written, what is cut off or held up. Never
// touches: what commands do.

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import type { Test } from 'tap';
import { fileOf, type Wanted } from '../../gateway/cli/configuration-folder.js';
import type { Random } from '../random.js';

/** What goes without saying of an asset. */
const USUAL = { lotTracked: true, lotGranularityMs: 86_400_000, defaultExpiryMs: 0 };

/** Writes files as people do: in any order and form, with and without a schema. */
export function write(random: Random, folder: string, wanted: readonly Wanted[]): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { kind, key, document } of random.shuffle([...wanted])) {
    const file = join(folder, fileOf({ kind, key }));
    mkdirSync(dirname(file), { recursive: true });
    const usual = kind === 'asset' && random.chance(0.5) ? USUAL : {};
    const fields = Object.fromEntries(random.shuffle(Object.entries({ ...usual, ...document })));
    const $schema = random.chance(0.5) ? { $schema: `../schemas/${kind}.json` } : {};
    const text = JSON.stringify({ ...fields, ...$schema }, undefined, random.int(4));
    writeFileSync(file, `${random.chance(0.2) ? '\uFEFF' : ''}${text}`);
  }
  writeFileSync(join(folder, 'README.md'), '# ours');
}

/** A server before another one: the n-th request that is no reading is cut off, before it is passed on or after. */
export async function cutting(t: Test, target: string) {
  const cut = { at: -1, after: false, seen: 0, before: async (_url: string): Promise<void> => {} };
  const server = createServer(async (asked, answer) => {
    await cut.before(asked.url ?? '');
    const isCut = asked.method !== 'GET' && cut.seen++ === cut.at;
    if (isCut && !cut.after) return void asked.socket.destroy();
    const { method, headers, url } = asked;
    const passed = request(`${target}${url}`, { method, headers }, (came) => {
      if (isCut) return void came.resume().on('end', () => asked.socket.destroy());
      answer.writeHead(came.statusCode ?? 500, came.headers);
      came.pipe(answer);
    });
    asked.pipe(passed);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  return { cut, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
