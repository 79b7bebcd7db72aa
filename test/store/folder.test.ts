import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { SLOTS } from '../../engine/limits.js';
import { slotOf } from '../../engine/protocol/hash.js';
import { CorruptionError } from '../../engine/store/errors.js';
import {
  defaultShards,
  openFolder,
  readCleanStop,
  shardLogPath,
  shardStatePath,
  writeCleanStop,
} from '../../engine/store/folder.js';

const FOLDER = new URL('../../engine/store/folder.js', import.meta.url).href;

/** A program that opens the folder, says how it went, and then does `after`. */
function opener(folder: string, after: string): string[] {
  const script = `
    const { openFolder } = await import(${JSON.stringify(FOLDER)});
    try {
      const folder = openFolder(${JSON.stringify(folder)}, { create: true, lock: true });
      console.log('open ' + process.pid);
      ${after}
    } catch (error) { console.log(error.name + ' ' + error.message); }`;
  return ['--input-type=module', '-e', script];
}

const KILL = "process.kill(process.pid, 'SIGKILL');";

t.test('a new folder, and the same one again', async (t) => {
  const dir = join(t.testdir(), 'a', 'b');
  t.throws(() => openFolder(dir, { create: false, lock: true }), {
    name: 'FolderError',
    message: /folder\.json: not found/,
  });
  const made = openFolder(dir, { shards: 3, create: true, lock: true });
  t.equal(made.path, dir);
  t.equal(made.shards, 3);
  t.equal(made.slotMap.length, SLOTS);
  t.equal(made.slotMap[slotOf('alice')], slotOf('alice') % 3);
  t.same(readdirSync(dir).sort(), ['folder.json', 'lock', 'shard-000', 'shard-001', 'shard-002']);
  t.equal(shardLogPath(dir, 2), join(dir, 'shard-002', 'log.mdb'));
  t.equal(shardStatePath(dir, 2), join(dir, 'shard-002', 'state.mdb'));
  made.release();
  made.release();
  t.notOk(readdirSync(dir).includes('lock'));
  const again = openFolder(dir, { create: true, lock: true });
  t.equal(again.shards, 3);
  t.equal(again.created, made.created);
  t.equal(again.applyVersion, made.applyVersion);
  const reader = openFolder(dir, { create: false, lock: false });
  t.equal(reader.shards, 3);
  reader.release();
  t.throws(() => openFolder(dir, { create: true, lock: true }), /in use by this process/);
  again.release();
});

t.test('shards: a default, bounds, and fixed once made', async (t) => {
  const dir = t.testdir();
  for (const shards of [0, 257, 1.5, Number.NaN]) {
    t.throws(() => openFolder(dir, { shards, create: true, lock: true }), RangeError);
  }
  const folder = openFolder(dir, { create: true, lock: true });
  t.equal(folder.shards, defaultShards());
  t.ok(folder.shards >= 2);
  folder.release();
  const other = folder.shards + 1;
  t.throws(() => openFolder(dir, { shards: other, create: true, lock: true }), {
    name: 'FolderError',
    file: join(dir, 'folder.json'),
    field: 'shards',
  });
  t.notOk(readdirSync(dir).includes('lock'), 'nothing stays locked');
});

t.test('D1: a folder that does not fit is refused, with file and field', async (t) => {
  const dir = t.testdir();
  openFolder(dir, { shards: 2, create: true, lock: true }).release();
  const file = join(dir, 'folder.json');
  const good = JSON.parse(readFileSync(file, 'utf8'));
  const slotMap = (change: (map: unknown[]) => unknown) => {
    const map = good.slotMap.slice();
    return { slotMap: change(map) ?? map };
  };
  const rows: readonly (readonly [string, object, RegExp])[] = [
    ['format', { format: 3 }, /3, and this program knows format 2/],
    ['format', { format: 0 }, /0, and this program knows/],
    ['format', { format: undefined }, /nothing/],
    ['applyVersion', { applyVersion: 1_000 }, /1000, and this program's rules are/],
    ['applyVersion', { applyVersion: 'x' }, /no version/],
    ['created', { created: 5 }, /not a time/],
    ['shards', { shards: 0 }, /0 is not 1 to 256/],
    ['slots', { slots: 512 }, /512, and this program has 1024/],
    ['ownerHash', { ownerHash: 'fnv1a' }, /fnv1a/],
    ['hashVectors', { hashVectors: [] }, /missing/],
    ['hashVectors', { hashVectors: [['alice', 1]] }, /alice hashes to 1 there/],
    ['hashVectors', { hashVectors: [null] }, /null/],
    ['slotMap', { slotMap: undefined }, /not 1024 entries/],
    ['slotMap', slotMap((map) => map.slice(1)), /not 1024 entries/],
    ['slotMap', slotMap((map) => void (map[17] = null)), /slot 17 is on shard null/],
    ['slotMap', slotMap((map) => void (map[17] = 2)), /slot 17 is on shard 2 of 2/],
    ['slotMap', slotMap((map) => map.fill(0)), /shard 1 has no slot/],
    ['crc', slotMap((map) => void (map[17] = 0)), /damaged, or changed by hand/],
  ];
  for (const [field, change, message] of rows) {
    writeFileSync(file, JSON.stringify({ ...good, ...change }));
    t.throws(
      () => openFolder(dir, { create: true, lock: true }),
      { name: 'FolderError', file, field, message },
      `${field}: ${message}`,
    );
  }
  for (const text of ['', '{"format":1', 'null', '[]']) {
    writeFileSync(file, text);
    t.throws(() => openFolder(dir, { create: true, lock: true }), { name: 'FolderError', file });
  }
  writeFileSync(file, JSON.stringify(good, null, 2));
  openFolder(dir, { create: true, lock: true }).release();
});

t.test('a folder that holds something else is left alone', async (t) => {
  const other = t.testdir({ 'thesis.txt': 'x' });
  t.throws(() => openFolder(other, { create: true, lock: true }), /the folder holds thesis\.txt/);
  t.same(readdirSync(other), ['thesis.txt']);
  const lost = t.testdir({ 'shard-000': { 'log.mdb': 'x' } });
  t.throws(() => openFolder(lost, { create: true, lock: true }), /missing, although shard-000/);
  const begun = t.testdir({ 'shard-000': {}, 'folder.json.new': '{', 'lock.1-abc': '' });
  openFolder(begun, { shards: 2, create: true, lock: true }).release();
});

t.test('D3: a second process is told who has it; a dead one hinders nobody', async (t) => {
  const dir = t.testdir();
  const folder = openFolder(dir, { create: true, lock: true });
  let child = spawnSync(process.execPath, opener(dir, ''));
  t.match(child.stdout.toString(), new RegExp(`FolderError .*in use by process ${process.pid} `));
  folder.release();
  child = spawnSync(process.execPath, opener(dir, KILL));
  t.match(child.stdout.toString(), /^open \d+/);
  t.equal(child.signal, 'SIGKILL');
  t.ok(readdirSync(dir).includes('lock'), 'left behind');
  openFolder(dir, { create: true, lock: true }).release();
});

t.test('K2: of many that find a stale lock, one gets it', async (t) => {
  const dir = t.testdir();
  for (let round = 0; round < 2; round += 1) {
    spawnSync(process.execPath, opener(dir, KILL));
    const children = Array.from({ length: 6 }, () =>
      spawn(process.execPath, opener(dir, 'setTimeout(() => {}, 60_000);'), {
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
    const said = await Promise.all(
      children.map(
        (child) =>
          new Promise<string>((resolve) => {
            child.stdout.once('data', (data) => resolve(String(data).trim()));
          }),
      ),
    );
    const winners = said.filter((line) => line.startsWith('open '));
    t.equal(winners.length, 1, said.join('; '));
    const pid = winners[0]?.slice('open '.length);
    for (const line of said) {
      if (line !== winners[0]) t.match(line, new RegExp(`in use by process ${pid} `));
    }
    for (const child of children) child.kill('SIGKILL');
    await Promise.all(
      children.map((child) => child.exitCode ?? new Promise((done) => child.once('exit', done))),
    );
  }
  t.same(
    readdirSync(dir).filter((name) => name.startsWith('lock.')),
    [],
  );
});

t.test('a lock of another boot, of a pid used again, and one that is no lock', async (t) => {
  const dir = t.testdir();
  const lock = join(dir, 'lock');
  const folder = openFolder(dir, { create: true, lock: true });
  const own = JSON.parse(readFileSync(lock, 'utf8'));
  folder.release();
  const write = (change: object) => writeFileSync(lock, JSON.stringify({ ...own, ...change }));
  const linux = process.platform === 'linux';
  if (linux) {
    write({ bootId: '00000000-0000-0000-0000-000000000000' });
    openFolder(dir, { create: true, lock: true }).release();
    write({ ticks: '1' });
    openFolder(dir, { create: true, lock: true }).release();
  }
  write({ pid: 2 ** 22 + 1 });
  openFolder(dir, { create: true, lock: true }).release();
  write({});
  t.throws(() => openFolder(dir, { create: true, lock: true }), /in use by this process/);
  for (const text of ['', 'x', '{}', 'null', '{"pid":0}']) {
    writeFileSync(lock, text);
    t.throws(() => openFolder(dir, { create: true, lock: true }), {
      name: 'FolderError',
      file: lock,
      message: /unreadable/,
    });
  }
});

t.test('clean-stop records', async (t) => {
  const dir = t.testdir({ 'shard-000': {}, 'shard-001': {} });
  const record = { seq: 2 ** 40, hash: 'ab'.repeat(32) };
  t.equal(readCleanStop(dir, 1), undefined);
  writeCleanStop(dir, 1, { seq: 1, hash: '00' });
  writeCleanStop(dir, 1, record);
  t.same(readCleanStop(dir, 1), record);
  t.equal(readCleanStop(dir, 0), undefined);
  t.same(readdirSync(join(dir, 'shard-001')), ['clean-stop.json']);
  const file = join(dir, 'shard-001', 'clean-stop.json');
  const text = readFileSync(file, 'utf8');
  for (const damaged of [
    '',
    'null',
    text.slice(0, 20),
    text.replace('1099511627776', '1099511627777'),
    text.replace('abab', 'abaa'),
  ]) {
    writeFileSync(file, damaged);
    t.throws(() => readCleanStop(dir, 1), CorruptionError, damaged);
  }
  // The record of one shard is not another's.
  writeFileSync(join(dir, 'shard-000', 'clean-stop.json'), text);
  t.throws(() => readCleanStop(dir, 0), CorruptionError);
});

t.test('a folder reached by a link is the same folder', async (t) => {
  const dir = t.testdir();
  const real = join(dir, 'real');
  mkdirSync(real);
  symlinkSync(real, join(dir, 'link'));
  const folder = openFolder(real, { create: true, lock: true });
  t.throws(() => openFolder(join(dir, 'link'), { create: true, lock: true }), /in use/);
  folder.release();
});
