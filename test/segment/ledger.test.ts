// A ledger whose logs are sealed while it runs: nothing that is asked of it says where its blocks are.

import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Auditor, type VerifyProgress } from '../../engine/audit/verify.js';
import {
  backupFolder,
  type Engine,
  listSegments,
  type OpenOptions,
  open,
  rebuildFolder,
} from '../../engine/index.js';
import { DAY_MS } from '../../engine/limits.js';
import type { Command } from '../../engine/protocol/commands.js';
import { shardPath } from '../../engine/store/folder.js';
import { readManifest, segmentsPath } from '../../engine/store/segment/manifest.js';
import { ownersOf } from '../movements.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { olderFolder } from '../transfer/older-folder.js';
import { RULES_1_BLOCKS } from '../transfer/rules-1.js';

const SHARDS = 2;
const SMALL = { bytes: 24_000, hotBytes: 0 };
const home = temporaryFolder(t);
const auditor = new Auditor();
t.teardown(() => auditor.close());
const opened = (folder: string, more: Partial<OpenOptions> = {}): Promise<Engine> =>
  open({ folder, shards: SHARDS, cacheMb: 32, segments: SMALL, ...more });
const segmentsIn = (folder: string, shard: number) =>
  readManifest(segmentsPath(shardPath(folder, shard)));
const countsOf = (engine: Engine): Promise<number[]> =>
  engine.stats().then(({ segments }) => segments.map((one) => one.segments));

let numbers = 0;
/** Movements within and between shards, in blocks of their own. */
async function moved(engine: Engine, random: Random, count: number): Promise<Command[]> {
  const owners = ownersOf(engine, 5).flat();
  const made: Command[] = [];
  for (let n = 0; n < count; n++) {
    const batch = Array.from({ length: 5 }, (): Command => {
      const [from, to] = [random.pick(owners), random.pick(owners)];
      const id = `t-${++numbers}`;
      const legs =
        random.chance(0.5) || from === to
          ? [{ from: '@issue', to, asset: 'gold', amount: 100 }]
          : [{ from, to, asset: 'gold', amount: 1 + random.int(20) }];
      return { type: 'transfer', id, legs };
    });
    await engine.submitBatch(batch);
    made.push(...batch);
  }
  return made;
}

/** What is told of the past and does not change by what comes later, as text. */
async function pastOf(engine: Engine, commands: readonly Command[], times: readonly number[]) {
  const told: unknown[] = [];
  for (const owner of ownersOf(engine, 5).flat())
    for (const at of times) told.push(await engine.balanceAt(owner, 'gold', at));
  for (const command of commands) {
    if (command.type !== 'transfer') continue;
    const { from, to } = command.legs[0]!;
    told.push(await engine.transfer(from.startsWith('@') ? to : from, command.id as string));
  }
  return JSON.stringify(told);
}

/** What is told of all up to now, as text. */
async function allOf(engine: Engine): Promise<string> {
  const told: unknown[] = [await engine.digest()];
  for (const owner of ownersOf(engine, 5).flat()) {
    let cursor: string | undefined;
    do {
      const page = await engine.entries({ owner, asset: 'gold', limit: 50, cursor });
      if (!page.ok) throw new Error(`${owner}: ${page.code}`);
      told.push(page.entries);
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
  told.push(await engine.audit({ limit: 40 }));
  for (let shard = 0; shard < SHARDS; shard++)
    told.push(
      await new Promise((resolve) => {
        const seen: number[] = [];
        const end = engine.subscribe(shard, 1, ({ seq }) => {
          seen.push(seq);
          if (seq < 20) return;
          end();
          resolve(seen);
        });
      }),
    );
  return JSON.stringify(told);
}

const base = join(home, 'base');
const random = new Random(25);
const engine = await opened(base);
await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
const times = [Date.now() - DAY_MS];
const commands = await moved(engine, random, 60);
times.push(Date.now());
commands.push(...(await moved(engine, random, 60)));

t.test('sealed while it runs: everything is told as before', async (t) => {
  const known = commands.slice();
  const before = await pastOf(engine, known, times);
  t.same(await countsOf(engine), [0, 0]);
  await engine.sealing.look();
  t.same(await countsOf(engine), [0, 0], 'no checkpoint has the blocks');
  t.match(readFileSync(join(base, 'folder.json'), 'utf8'), /"format":1,/);
  await engine.checkpoint();
  let isMoving = true;
  const meanwhile = (async () => {
    while (isMoving) commands.push(...(await moved(engine, random, 1)));
  })();
  await engine.sealing.look();
  isMoving = false;
  await meanwhile;
  const counts = await countsOf(engine);
  t.ok(
    counts.every((count) => count >= 2),
    `${counts} segments`,
  );
  for (const { segments, bytes, rawBytes, last, problem } of (await engine.stats()).segments) {
    t.equal(problem, undefined);
    t.ok(segments > 0 && bytes > 0 && bytes < rawBytes && last > 0, `${bytes} of ${rawBytes}`);
  }
  t.match(readFileSync(join(base, 'folder.json'), 'utf8'), /"format":2,/);
  t.equal(await pastOf(engine, known, times), before);
  const replayed = await engine.submitBatch(known);
  t.ok(
    replayed.every((one) => !one.ok || one.replayed === true),
    'ids in segments are known',
  );
});

t.test('after a restart, a backup, a rebuild: the same ledger', async (t) => {
  const told = async (one: Engine) => `${await allOf(one)}\n${await pastOf(one, commands, times)}`;
  const before = await told(engine);
  const running = join(home, 'running');
  await engine.backup(running);
  await engine.close();
  t.match(await auditor.verify(base), { ok: true, problems: [] });
  const atRest = join(home, 'at-rest');
  await backupFolder(base, atRest);
  const rebuilt = join(home, 'rebuilt');
  cpSync(base, rebuilt, { recursive: true });
  for (let shard = 0; shard < SHARDS; shard++) rmSync(join(shardPath(rebuilt, shard), 'state.mdb'));
  await rebuildFolder(rebuilt);
  for (const folder of [running, atRest, rebuilt])
    t.same(
      [0, 1].map((shard) => segmentsIn(folder, shard)),
      [0, 1].map((shard) => segmentsIn(base, shard)),
      'the same segments',
    );
  for (const folder of [running, rebuilt])
    t.match(await auditor.verify(folder), { ok: true, problems: [] });
  const again = await opened(running);
  t.equal(await told(again), before);
  await again.close();
});

t.test('by age: blocks of a week are one segment', async (t) => {
  const folder = join(home, 'aged');
  const clockOffset = new SharedArrayBuffer(8);
  const days = new Float64Array(clockOffset);
  const aged = await opened(folder, { segments: {}, clockOffset, acceptClock: true });
  await aged.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  for (let day = 0; day < 20; day++) {
    await moved(aged, random, 1);
    days[0] = (day + 1) * DAY_MS;
    await aged.acceptClock();
  }
  await aged.checkpoint();
  await aged.sealing.look();
  const sealed = segmentsIn(folder, 0);
  t.equal(sealed.length, 2, 'the third week is not over');
  for (const { fromTime, toTime } of sealed) t.ok(toTime - fromTime < 7 * DAY_MS);
  await aged.close();
});

t.test('what is missing or another is refused, and named', async (t) => {
  const lost = (name: string, change: (shard: string) => void): string => {
    const folder = join(home, name);
    cpSync(base, folder, { recursive: true });
    change(shardPath(folder, 0));
    return folder;
  };
  const path = (shard: string) =>
    join(shard, 'segments', readdirSync(join(shard, 'segments')).sort()[0] as string);
  const noTail = lost('no-tail', (shard) => rmSync(join(shard, 'log.mdb')));
  await t.rejects(opened(noTail), /the segments beside it end with block|blocks are missing/);
  const noSegment = lost('no-segment', (shard) => rmSync(path(shard)));
  t.match((await auditor.verify(noSegment)).problems, [{ shard: 0, what: /is missing/ }]);
  const newer = lost('newer', () => {});
  const grown = await opened(newer);
  await moved(grown, random, 30);
  await grown.checkpoint();
  await grown.sealing.look();
  await grown.close();
  t.ok(segmentsIn(newer, 0).length > segmentsIn(base, 0).length);
  for (let shard = 0; shard < SHARDS; shard++)
    for (const name of ['log.mdb', 'state.mdb', 'clean-stop.json'])
      cpSync(join(shardPath(base, shard), name), join(shardPath(newer, shard), name));
  await t.rejects(opened(newer), /ends with block \d+, and the segments beside it end with/);
  const short = lost('short', (shard) => {
    writeFileSync(path(shard), readFileSync(path(shard)).subarray(9));
    writeFileSync(join(shard, 'segments', 'x'), '');
  });
  t.match((await auditor.verify(short)).problems, [
    { shard: 0, seq: 1, what: /bytes in place of/ },
    { shard: 0, what: /x is nothing of a ledger's/ },
    { shard: 0, what: /is no segment/ },
  ]);
  const noManifest = lost('no-manifest', (shard) =>
    rmSync(join(shard, 'segments', 'manifest.json')),
  );
  t.match((await auditor.verify(noManifest)).problems, [
    { shard: 0, seq: 1, what: /is missing/ },
    { shard: 0, what: /begins with block/ },
  ]);
  await t.rejects(opened(noManifest), /the blocks before it are in no segment/);
});

t.test(
  'a folder of an earlier release is sealed in place, and verify goes on where it was',
  async (t) => {
    const folder = await olderFolder(t, 1, RULES_1_BLOCKS);
    t.match(readFileSync(join(folder, 'folder.json'), 'utf8'), /"format":1,/);
    const shards = RULES_1_BLOCKS.length;
    const aged = { folder, shards, cacheMb: 16, segments: { bytes: 2_000, hotBytes: 0 } };
    const older = await open(aged);
    const before = await older.digest();
    await older.checkpoint();
    await older.sealing.look();
    t.ok((await older.stats()).segments.every(({ segments }) => segments > 0));
    t.equal(await older.digest(), before);
    await older.close();
    t.match(readFileSync(join(folder, 'folder.json'), 'utf8'), /"format":2,/);
    const resume = join(home, 'checked');
    const seen: number[] = [];
    const options = {
      resume,
      onProgress: ({ segments }: VerifyProgress) => {
        if (segments !== undefined) seen.push(segments.checked);
      },
    };
    t.match(await auditor.verify(folder, options), { ok: true, problems: [] });
    t.ok(seen.length >= shards && readFileSync(resume, 'utf8').split('\n').length > shards);
    seen.length = 0;
    t.match(await auditor.verify(folder, options), { ok: true, problems: [] });
    t.same(seen, [], 'nothing is checked twice');
    const [{ path } = { path: '' }] = await listSegments(folder);
    writeFileSync(path, readFileSync(path).fill(1, 100, 101));
    t.match(
      (await auditor.verify(folder, options)).problems[0],
      { shard: 0 },
      'a file that changed is',
    );
    const listed = await listSegments(folder, '@issue');
    t.ok(listed.length > 0);
    t.same(await listSegments(folder, 'nobody-at-all'), []);
  },
);

t.test('settings that are none', async (t) => {
  for (const segments of [{ bytes: 0 }, { bytes: 1.5 }, { days: 0 }, { hotBytes: -1 }])
    await t.rejects(opened(join(home, 'none'), { segments }), { name: 'RangeError' });
});
