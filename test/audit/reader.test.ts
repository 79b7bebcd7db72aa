// The reading process: its crash, its hang, an orderly failure, and that the next task gets a new one.

import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { ReadError, Reader, ReaderLost } from '../../engine/audit/reader.js';
import { pack, unpack } from '../../engine/audit/tasks.js';
import { Auditor } from '../../engine/audit/verify.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { makeFolder } from './maker.js';
import { blocksOf } from './tamper.js';

t.test('a crash is told from an orderly failure; a new process takes over', async (t) => {
  const home = temporaryFolder(t);
  const folder = join(home, 'folder');
  await makeFolder(folder, new Random(11));
  const path = join(folder, 'shard-000', 'log.mdb');
  const reader = new Reader();
  t.teardown(() => reader.end());
  await t.rejects(reader.run('open-log', { path: join(home, 'none') }), ReadError);
  await t.rejects(
    reader.run('blocks', { from: 1, to: 1, bytes: 1 }).then(({ fault }) => {
      throw new Error(fault?.what);
    }),
    /nothing is open/,
  );
  const { head } = await reader.run('open-log', { path });
  t.ok(head > 30);
  process.kill(reader.pid as number, 'SIGSEGV');
  const lost = await reader.run('walk', { path }).catch((error: Error) => error);
  t.ok(lost instanceof ReaderLost || 'faults' in lost, 'lost while asked, or replaced before');
  await t.rejects(
    reader.run('commands', { places: [1, 0] }),
    /nothing is open/,
    'what was open is gone',
  );
  t.match(await reader.run('open-log', { path }), { head });
  t.equal(reader.starts, 2);
  await reader.end();
  t.match(await reader.run('open-log', { path }), { head }, 'also after its end');
});

t.test('a hang is a loss', async (t) => {
  const reader = new Reader({ stepMs: 1_500 });
  t.teardown(() => reader.end());
  // On a busy machine the process may take longer than that to start.
  const up = async (): Promise<void> => {
    while (!(await reader.run('close', {}).catch(() => false)));
  };
  await up();
  process.kill(reader.pid as number, 'SIGSTOP');
  const began = performance.now();
  await t.rejects(reader.run('close', {}), /made no progress for 1500 ms/);
  t.ok(performance.now() - began < 20_000);
  await up();
  const { starts } = reader;
  await setTimeout(1_700);
  await reader.run('close', {});
  t.equal(reader.starts, starts, 'nothing is watched while nothing is asked');
});

t.test('everything that waits for a lost process is told', async (t) => {
  const reader = new Reader();
  t.teardown(() => reader.end());
  await reader.run('close', {});
  const asked = [1, 2, 3].map(() => reader.run('close', {}).catch((error: Error) => error.name));
  process.kill(reader.pid as number, 'SIGKILL');
  for (const name of await Promise.all(asked))
    t.ok(name === 'ReaderLost' || typeof name === 'object');
});

/**
 * A log whose block `seq` is said to lie where the file has ended: LMDB maps what it was promised, and whoever reads there is
 * ended by SIGBUS.
 */
function pointedBeyond(log: Buffer, seq: number): Buffer {
  const damaged = Buffer.from(log);
  const lastPage = 144;
  for (const meta of [0, 4096]) damaged.writeBigUInt64LE(100_000n, meta + lastPage);
  // A node: its flags say that the value is elsewhere, a key of 8 bytes; then the page where the value is.
  const node = Buffer.from([1, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, seq]);
  for (let at = damaged.indexOf(node); at >= 0; at = damaged.indexOf(node, at + 1)) {
    damaged.writeBigUInt64LE(90_000n, at + node.length);
  }
  return damaged;
}

t.test('files that end the process that reads them: the first bad block is named', async (t) => {
  const home = temporaryFolder(t);
  const auditor = new Auditor({ stepMs: 20_000 });
  t.teardown(() => auditor.close());
  const folder = join(home, 'folder');
  await makeFolder(folder, new Random(12));
  const shard = join(folder, 'shard-000');
  const log = readFileSync(join(shard, 'log.mdb'));
  // One that is too large for a leaf.
  const bad = (await blocksOf(folder)).findIndex((block, at) => at >= 9 && block.length > 2_100);
  writeFileSync(join(shard, 'log.mdb'), pointedBeyond(log, bad + 1));
  const cut = await auditor.verify(folder);
  t.match(cut, { ok: false, blocks: bad });
  const what = /ended with SIG(BUS|SEGV)/;
  t.match(cut.problems[0], { environment: 'log', seq: bad + 1, what });
  t.match(cut.problems[1], { environment: 'log', what: /page/ }, 'and what LMDB has wrong');
  t.ok(auditor.logs.starts > 2, 'it was read again to find the block');
  writeFileSync(join(shard, 'log.mdb'), log);

  const state = readFileSync(join(shard, 'state.mdb'));
  truncateSync(join(shard, 'state.mdb'), Math.floor(state.length / 2 / 4096) * 4096);
  t.match(await auditor.verify(folder), { ok: false, problems: [{ environment: 'state' }] });
  for (const bytes of [
    Buffer.alloc(0),
    Buffer.alloc(8192),
    Buffer.from('not a database at all'.repeat(999)),
  ]) {
    writeFileSync(join(shard, 'state.mdb'), bytes);
    t.match(await auditor.verify(folder), { ok: false, problems: [{ environment: 'state' }] });
  }
  writeFileSync(join(shard, 'state.mdb'), state);
  t.match(await auditor.verify(folder), { ok: true });
});

t.test('no process stays behind', async (t) => {
  const reader = new Reader();
  await reader.run('close', {});
  const { pid } = reader;
  t.ok(readdirSync('/proc').includes(String(pid)) || process.platform !== 'linux');
  await reader.end();
  t.throws(() => process.kill(pid as number, 0));
});

t.test('values go over aligned', async (t) => {
  const values = [
    new Uint8Array([1, 2, 3]),
    undefined,
    new Uint8Array(0),
    new Uint8Array(17).fill(7),
  ];
  const { bytes, places } = pack(values);
  const shifted = new Uint8Array(bytes.length + 1).subarray(1);
  shifted.set(bytes);
  for (const found of [unpack({ bytes, places }), unpack({ bytes: shifted, places })]) {
    t.same(found, values);
    for (const value of found) t.equal((value?.byteOffset ?? 0) % 8, 0);
  }
});
