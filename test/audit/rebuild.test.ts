// State from log.

import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Auditor } from '../../engine/audit/verify.js';
import { open, rebuildFolder } from '../../engine/index.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { makeFolder } from './maker.js';
import { Opener } from './opener.js';
import { blocksOf, copyOf, writeBlocks } from './tamper.js';

const home = temporaryFolder(t);
const auditor = new Auditor();
t.teardown(() => auditor.close());
const base = join(home, 'base');
await makeFolder(base, new Random(31));
const HEAD = (await blocksOf(base)).length;
const stateOf = (folder: string): string => join(folder, 'shard-000', 'state.mdb');

t.test('a state that is damaged, gone, old or good is made anew', async (t) => {
  const opener = new Opener();
  t.teardown(() => opener.close());
  const expected = await opener.open({ folder: copyOf(base, 'opened'), commands: 0 });
  const rows: Record<string, (folder: string) => void> = {
    good: () => {},
    gone: (folder) => rmSync(stateOf(folder)),
    damaged: (folder) => writeFileSync(stateOf(folder), Buffer.alloc(40_000, 'damaged')),
    'half made before': (folder) =>
      writeFileSync(`${stateOf(folder)}.new`, Buffer.alloc(40_000, 'x')),
    'without a record of a clean stop': (folder) =>
      rmSync(join(folder, 'shard-000', 'clean-stop.json')),
  };
  for (const [name, change] of Object.entries(rows)) {
    const folder = copyOf(base, 'rebuilt');
    change(folder);
    const seen: number[] = [];
    const rebuilt = await rebuildFolder(folder, { onProgress: ({ seq }) => seen.push(seq) });
    t.same(rebuilt, { shards: [{ shard: 0, seq: HEAD }] }, name);
    t.equal(seen.at(-1), HEAD);
    t.match(await auditor.verify(folder), { ok: true, problems: [] }, name);
    t.same(await opener.open({ folder, commands: 5 }), expected, name);
    t.match(await auditor.verify(folder), { ok: true }, `${name}, and used`);
    t.notOk(
      readdirSync(join(folder, 'shard-000')).some((file) => file.includes('.new')),
      name,
    );
  }
});

t.test('a log that cannot be believed: refused, the state left as it is', async (t) => {
  const blocks = await blocksOf(base);
  const damaged = blocks.map((block) => block.slice());
  damaged[20]![150] = damaged[20]![150]! ^ 1;
  const rows: Record<string, [(folder: string) => Promise<void> | void, RegExp]> = {
    'a damaged block': [
      (folder) => writeBlocks(folder, damaged),
      /block 21: its hash does not match/,
    ],
    'a lost tail': [
      (folder) => writeBlocks(folder, blocks.slice(0, -2)),
      /shard 0: the log ends at block/,
    ],
    'a lost tail, no record of a clean stop': [
      async (folder) => {
        rmSync(join(folder, 'shard-000', 'clean-stop.json'));
        await writeBlocks(folder, blocks.slice(0, -2));
      },
      /the state is that after block \d+: acknowledged blocks are missing/,
    ],
    'no log': [(folder) => rmSync(join(folder, 'shard-000', 'log.mdb')), /there is no log/],
  };
  for (const [name, [change, error]] of Object.entries(rows)) {
    const folder = copyOf(base, 'refused');
    await change(folder);
    const before = readFileSync(stateOf(folder));
    await t.rejects(rebuildFolder(folder), error, name);
    t.ok(readFileSync(stateOf(folder)).equals(before), `${name}: the state is as it was`);
    t.notOk(existsSync(join(folder, 'lock')));
  }
});

t.test('nobody else may have the folder; one with nothing in it', async (t) => {
  const folder = join(home, 'new');
  const engine = await open({ folder, shards: 2 });
  await t.rejects(rebuildFolder(folder), /in use by this process/);
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  await engine.close();
  t.same(await rebuildFolder(folder), {
    shards: [
      { shard: 0, seq: 1 },
      { shard: 1, seq: 1 },
    ],
  });
  t.match(await auditor.verify(folder), { ok: true, blocks: 2 });
  const empty = join(home, 'empty');
  await (await open({ folder: empty, shards: 1 })).close();
  t.same(await rebuildFolder(empty), { shards: [{ shard: 0, seq: 0 }] });
  cpSync(empty, join(home, 'gone'), { recursive: true });
  await t.rejects(rebuildFolder(join(home, 'never')), /no data folder/);
});
