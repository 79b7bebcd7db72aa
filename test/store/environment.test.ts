import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import t from 'tap';
import { emptyEnvironment } from '../../engine/store/empty-environment.js';
import { Log } from '../../engine/store/log.js';
import { StateStore } from '../../engine/store/state.js';

const STORE = new URL('../../engine/store/', import.meta.url).href;

t.test('an empty environment is made as LMDB makes one', async (t) => {
  const path = join(t.testdir(), 'x.mdb');
  const mapSize = 2 ** 33;
  const pageSize = 4096;
  await open({ path, noSubdir: true, overlappingSync: false, mapSize, pageSize }).close();
  t.same(readFileSync(path).subarray(0, 8192), emptyEnvironment(mapSize));
});

t.test('a damaged file is an error that names it, not a crash', async (t) => {
  const path = join(t.testdir(), 'log.mdb');
  const log = Log.open(path);
  for (let seq = 1; seq <= 20; seq += 1) await log.append(seq, new Uint8Array(6_000));
  await log.close();
  const good = readFileSync(path);
  const changed = (at: number, value: number): Buffer => {
    const bytes = Buffer.from(good);
    bytes[at] = value;
    return bytes;
  };
  const rows: readonly (readonly [string, Buffer, RegExp])[] = [
    ['empty', Buffer.alloc(0), /meta page 0: the file ends/],
    ['zeros', Buffer.alloc(20_000), /meta page 0: not a meta page/],
    ['one page', good.subarray(0, 4096), /meta page 1: the file ends/],
    ['cut short', good.subarray(0, 8192), /root page \d+, of 2 in the file/],
    ['magic', changed(24, 0), /meta page 0: not a meta page/],
    ['second magic', changed(4096 + 24, 0), /meta page 1: not a meta page/],
    ['flags', changed(18, 0), /meta page 0: not a meta page/],
    ['page number', changed(4096, 7), /meta page 1: another page number/],
    ['format', changed(28, 9), /meta page 0: data format 9/],
    ['page size', changed(50, 3), /a page size of/],
  ];
  for (const [name, bytes, message] of rows) {
    writeFileSync(path, bytes);
    for (const readOnly of [false, true]) {
      const expected = { name: 'CorruptionError', environment: path, message };
      t.throws(() => Log.open(path, { readOnly }), expected, name);
      t.throws(() => StateStore.open(path, { readOnly }), expected, name);
    }
  }
  writeFileSync(path, good);
  const again = Log.open(path);
  t.equal(again.headSeq(), 20);
  await again.close();
});

t.test('a full disk while environments are made is an error, and no obstacle later', async (t) => {
  for (const [file, name] of [
    ['log', 'Log'],
    ['state', 'StateStore'],
  ]) {
    const path = join(t.testdir(), 'shard-000', `${file}.mdb`);
    const script = `
      const { ${name} } = await import('${STORE}${file}.js');
      try {
        await ${name}.open(${JSON.stringify(path)}).close();
        console.log('opened');
      } catch (error) { console.log('refused ' + error.message); }`;
    const opened: string[] = [];
    // In KiB: no file may become larger than that.
    for (const limit of [0, 4, 8, 16, 24, 512]) {
      // Without tap's loader, which writes files of its own.
      const shell = `unset NODE_OPTIONS; trap "" XFSZ; ulimit -f ${limit}; exec "$0" "$@"`;
      const args = ['-c', shell, process.execPath, '--input-type=module', '-e', script];
      const child = spawnSync('bash', args);
      t.equal(child.signal, null, `${file} ${limit} KiB: ${child.stdout}`);
      t.equal(child.status, 0);
      opened.push(child.stdout.toString().split(/\s/)[0] ?? '');
    }
    t.equal(opened[0], 'refused');
    t.equal(opened.at(-1), 'opened');
    const store = file === 'log' ? Log.open(path) : StateStore.open(path);
    await store.close();
    t.notOk(existsSync(`${path}.new`));
    t.equal(statSync(`${path}-lock`).size, 16_384);
  }
});

t.test('a lock file that is too short is made longer by LMDB', async (t) => {
  const path = join(t.testdir(), 'log.mdb');
  await Log.open(path).close();
  truncateSync(`${path}-lock`, 100);
  const log = Log.open(path);
  await log.append(1, new Uint8Array(10));
  await log.close();
});
