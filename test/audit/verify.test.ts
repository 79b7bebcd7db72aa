// verifyFolder as its callers see it: several shards, what it leaves alone, what it says of folders it cannot check.

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type Command, open, verifyFolder } from '../../engine/index.js';
import { PROGRAM } from '../gateway/program.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { makeFolder, Work } from './maker.js';
import { copyOf } from './tamper.js';

/** Of every file but LMDB's lock files. */
function hashesOf(folder: string): Record<string, string> {
  const hashes: Record<string, string> = {};
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    const path = join(folder, name);
    if (!statSync(path).isFile() || name.endsWith('-lock')) continue;
    hashes[name] = createHash('sha256').update(readFileSync(path)).digest('hex');
  }
  return hashes;
}

/** A folder of several shards, made through the public API. */
async function makeShards(folder: string, shards: number): Promise<void> {
  const engine = await open({ folder, shards, tickMs: 50 });
  const work = new Work(new Random(3));
  for (const command of work.opening()) await engine.submit(command);
  for (let batch = 0; batch < 10; batch++) {
    const commands: Command[] = Array.from({ length: 60 }, () => work.command(Date.now()));
    await engine.submitBatch(commands);
    if (batch === 5) await engine.checkpoint();
  }
  await engine.close();
}

t.test('several shards; nothing is changed, nothing is left behind', async (t) => {
  const home = temporaryFolder(t);
  const folder = join(home, 'folder');
  await makeShards(folder, 3);
  const before = hashesOf(folder);
  const scratch = join(home, 'scratch');
  mkdirSync(scratch);
  const { TMPDIR } = process.env;
  process.env.TMPDIR = scratch;
  const seen: string[] = [];
  const found = await verifyFolder(folder, {
    onProgress: ({ shard, seq, headSeq }) => seen.push(`${shard} ${seq}/${headSeq}`),
  });
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  t.match(found, { ok: true, problems: [] });
  t.ok(found.transfers > 100 && found.blocks > 30, `${found.transfers} in ${found.blocks}`);
  for (const shard of [0, 1, 2]) {
    const last = seen.filter((text) => text.startsWith(`${shard} `)).at(-1) ?? '';
    t.match(last, /^\d (\d+)\/\1$/, 'progress up to the end');
  }
  t.same(hashesOf(folder), before);
  t.same(readdirSync(scratch), []);
  t.notOk(existsSync(join(folder, 'lock')));

  const mixed = copyOf(folder, 'mixed');
  renameSync(join(mixed, 'shard-001'), join(mixed, 'shard-x'));
  renameSync(join(mixed, 'shard-002'), join(mixed, 'shard-001'));
  renameSync(join(mixed, 'shard-x'), join(mixed, 'shard-002'));
  const { problems } = await verifyFolder(mixed);
  t.match(
    problems.filter(({ environment }) => environment === 'log'),
    [
      { shard: 1, seq: 1, what: /^belongs to shard 2/ },
      { shard: 2, seq: 1, what: /^belongs to shard 1/ },
    ],
  );
  t.ok(
    problems.every(({ shard }) => shard > 0),
    'the other shard is as it was',
  );
});

t.test('folders that cannot be checked', async (t) => {
  const home = temporaryFolder(t);
  await t.rejects(verifyFolder(join(home, 'none')), /not found: no data folder/);
  mkdirSync(join(home, 'empty'));
  await t.rejects(verifyFolder(join(home, 'empty')), /not found: no data folder/);
  t.same(readdirSync(join(home, 'empty')), [], 'and it is left empty');

  const folder = join(home, 'folder');
  const engine = await open({ folder, shards: 1 });
  await t.rejects(
    verifyFolder(folder),
    /in use by this process since .*\. Stop it, or verify a backup/,
  );
  await engine.close();
  t.match(
    await verifyFolder(folder),
    { ok: true, blocks: 0, transfers: 0 },
    'one with nothing in it',
  );
});

t.test('small files that are damaged', async (t) => {
  const home = temporaryFolder(t);
  const folder = join(home, 'folder');
  await makeFolder(folder, new Random(9));
  const description = join(folder, 'folder.json');
  const text = readFileSync(description, 'utf8');
  for (const [damaged, what] of [
    ['', /not JSON/],
    [text.slice(0, 100), /not JSON/],
    [text.replace('"slots":1024', '"slots":1023'), /slots/],
    [text.replace(/"created":"2/, '"created":"3'), /crc: does not match/],
  ] as const) {
    writeFileSync(description, damaged);
    t.match(await verifyFolder(folder), { ok: false, problems: [{ environment: 'folder', what }] });
    t.notOk(existsSync(join(folder, 'lock')));
  }
  writeFileSync(description, text);
  appendFileSync(join(folder, 'shard-000', 'clean-stop.json'), 'x');
  const found = await verifyFolder(folder);
  t.match(found, {
    ok: false,
    problems: [{ shard: 0, environment: 'folder', what: /clean-stop record: not JSON/ }],
  });
  t.ok(found.blocks > 10, 'the log is checked all the same');
});

t.test('a folder that can only be read', async (t) => {
  const home = temporaryFolder(t);
  const folder = join(home, 'folder');
  await makeShards(folder, 2);
  for (const shard of ['shard-000', 'shard-001'])
    for (const name of ['log.mdb-lock', 'state.mdb-lock'])
      rmSync(join(folder, shard, name), { force: true });
  const names = () => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const before = names();
  t.match(await verifyFolder(folder), { ok: true }, 'nothing is made beside what is there');
  t.same(names(), before);
  // An administrator may write whatever the modes say, but for this.
  const plain =
    process.getuid?.() === 0
      ? ['setpriv', '--bounding-set', '-dac_override', '--inh-caps', '-dac_override']
      : ['env'];
  const [command = '', ...args] = [...plain, process.execPath, PROGRAM, 'verify', folder];
  const set = (mode: string) => spawnSync('chmod', ['-R', mode, folder]);
  set('a-w');
  t.teardown(() => set('u+w'));
  t.equal(spawnSync(plain[0] ?? '', [...plain.slice(1), 'touch', join(folder, 'x')]).status, 1);
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  t.equal(status, 0, stdout);
  t.match(stdout, /^Everything is as it should be/);
  t.same(names(), before);
});

t.test('somebody who opens the folder meanwhile is noticed', async (t) => {
  const folder = join(temporaryFolder(t), 'folder');
  await makeShards(folder, 2);
  let opening: Promise<void> | undefined;
  const onProgress = () => {
    opening ??= open({ folder }).then((engine) => engine.close());
  };
  const checked = verifyFolder(folder, { onProgress });
  await t.rejects(
    checked.finally(() => opening),
    /was opened by another process meanwhile/,
  );
  t.match(await verifyFolder(folder), { ok: true });
});
