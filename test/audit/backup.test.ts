// Copies: under load and at rest, complete or not there.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import t from 'tap';
import { Auditor } from '../../engine/audit/verify.js';
import { backupFolder, type Engine, type Outcome, open } from '../../engine/index.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { makeFolder } from './maker.js';
import { blocksOf, copyOf, writeBlocks } from './tamper.js';

const USERS = 60;
const auditor = new Auditor();
t.teardown(() => auditor.close());

/** Earns all the time; remembers what was acknowledged. */
class Load {
  readonly acknowledged = new Map<string, string>();
  #stopped = false;
  #done: Promise<void> = Promise.resolve();

  start(engine: Engine): void {
    this.#done = this.#run(engine);
  }

  async #run(engine: Engine): Promise<void> {
    for (let n = 0; !this.#stopped; n++) {
      const commands = Array.from({ length: 50 }, (_, k) => {
        const to = `user-${(n * 50 + k) % USERS}`;
        return {
          type: 'transfer' as const,
          id: `t-${n}-${k}`,
          legs: [{ from: '@issue', to, asset: 'gold', amount: 1 }],
        };
      });
      const outcomes: Outcome[] = await engine.submitBatch(commands);
      outcomes.forEach((outcome, k) => {
        if (outcome.ok) this.acknowledged.set(`t-${n}-${k}`, `user-${(n * 50 + k) % USERS}`);
      });
      await setTimeout(1);
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  /** Resolves when so many more were acknowledged. */
  async more(count: number): Promise<void> {
    const wanted = this.acknowledged.size + count;
    while (this.acknowledged.size < wanted) await setTimeout(5);
  }
}

async function started(folder: string): Promise<Engine> {
  const engine = await open({ folder, shards: 2, tickMs: 50 });
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  return engine;
}

const incomplete = (home: string): string[] =>
  readdirSync(home).filter((name) => name.includes('incomplete'));

t.test(
  'under load: what was acknowledged before is in it, and it can be checked and opened',
  async (t) => {
    const home = temporaryFolder(t);
    const engine = await started(join(home, 'folder'));
    const load = new Load();
    load.start(engine);
    await load.more(800);
    await engine.checkpoint();
    await load.more(800);
    const before = new Map(load.acknowledged);
    const to = join(home, 'deep', 'down', 'copy');
    const seqs = await engine.backup(to);
    t.ok(load.acknowledged.size > before.size, 'commits went on meanwhile');
    const [first, second] = await Promise.all([
      engine.backup(join(home, 'one')),
      engine.backup(join(home, 'two')),
    ]);
    t.ok(
      second.every((seq, shard) => seq >= first[shard]!),
      'two at a time, one after the other',
    );
    await load.more(100);
    await load.stop();
    await engine.close();

    for (const folder of [to, join(home, 'one'), join(home, 'two')]) {
      t.match(await auditor.verify(folder), { ok: true, problems: [] });
    }
    const { blocks } = await auditor.verify(to);
    t.equal(blocks, seqs[0]! + seqs[1]!);
    const { created } = JSON.parse(readFileSync(join(home, 'folder', 'folder.json'), 'utf8'));
    t.match(
      JSON.parse(readFileSync(join(to, 'folder.json'), 'utf8')),
      { created },
      'it is the same ledger',
    );
    const copy = await open({ folder: to });
    const sums = new Map<string, number>();
    for (const owner of before.values()) sums.set(owner, (sums.get(owner) ?? 0) + 1);
    let missing = 0;
    for (const [owner, sum] of sums) {
      const balances = await copy.balance(owner);
      if (!Array.isArray(balances) || (balances[0]?.available ?? 0) < sum) missing++;
    }
    t.equal(missing, 0);
    for (const [id, owner] of [...before].slice(-200)) {
      if ((await copy.transfer(owner, id)) === undefined) missing++;
    }
    t.equal(missing, 0);
    const again = [...before].at(-1)!;
    t.match(
      await copy.submit({
        type: 'transfer',
        id: again[0],
        legs: [{ from: '@issue', to: again[1], asset: 'gold', amount: 1 }],
      }),
      { ok: true, replayed: true },
    );
    await copy.close();
    t.match(await auditor.verify(to), { ok: true });
    t.same(incomplete(home), []);
  },
);

t.test('a backup that fails leaves nothing behind, and the ledger goes on', async (t) => {
  const home = temporaryFolder(t);
  const engine = await started(join(home, 'folder'));
  const load = new Load();
  load.start(engine);
  mkdirSync(join(home, 'there'));
  await t.rejects(
    engine.backup(join(home, 'there')),
    /there: exists already; a backup goes into a new folder/,
  );
  writeFileSync(join(home, 'file'), '');
  await t.rejects(engine.backup(join(home, 'file')), /exists already/);
  await t.rejects(engine.backup(join(home, 'file', 'below')), /ENOTDIR/);
  // What it has made so far is taken away under its hands.
  const failing = engine.backup(join(home, 'failing'));
  for (let n = 0; n < 1_000 && incomplete(home).length === 0; n++) await new Promise(setImmediate);
  const again = { recursive: true, force: true, maxRetries: 10 } as const;
  for (const name of incomplete(home)) rmSync(join(home, name), again);
  await failing.then(
    () => t.comment('it was complete already'),
    (error: Error) => t.ok(error instanceof Error, error.message),
  );
  t.same(readdirSync(join(home, 'there')), []);
  await load.more(500);
  await engine.backup(join(home, 'good'));
  await load.stop();
  t.same(incomplete(home), []);
  t.match(await auditor.verify(join(home, 'good')), { ok: true });
  t.equal(existsSync(join(home, 'good', 'lock')), false);
  await engine.close();
});

t.test('closing ends a backup that is under way, one way or the other', async (t) => {
  const home = temporaryFolder(t);
  const engine = await started(join(home, 'folder'));
  const load = new Load();
  load.start(engine);
  await load.more(1_500);
  await load.stop();
  const to = join(home, 'copy');
  const backup = engine.backup(to).then(
    () => true,
    () => false,
  );
  await engine.close();
  if (await backup) t.match(await auditor.verify(to), { ok: true });
  else t.notOk(existsSync(to));
  t.same(incomplete(home), []);
  t.match(await auditor.verify(join(home, 'folder')), { ok: true });
});

t.test('of a folder at rest', async (t) => {
  const home = temporaryFolder(t);
  const base = join(home, 'base');
  await makeFolder(base, new Random(51));
  const blocks = await blocksOf(base);
  t.same(await backupFolder(base, join(home, 'copy')), { shards: [0], seqs: [blocks.length] });
  t.match(await auditor.verify(join(home, 'copy')), { ok: true, blocks: blocks.length });
  t.same(await blocksOf(join(home, 'copy')), blocks);
  await t.rejects(backupFolder(base, join(home, 'copy')), /copy: exists already/);
  await t.rejects(backupFolder(join(home, 'none'), join(home, 'x')), /no data folder/);

  const lost = copyOf(base, 'lost');
  await writeBlocks(lost, blocks.slice(0, -1));
  await t.rejects(
    backupFolder(lost, join(home, 'x')),
    /the clean stop names block \d+: blocks are missing/,
  );
  rmSync(join(lost, 'shard-000', 'clean-stop.json'));
  await t.rejects(
    backupFolder(lost, join(home, 'x')),
    /the checkpoint names block \d+: blocks are missing/,
  );
  const damaged = copyOf(base, 'damaged');
  const bad = blocks.map((block) => block.slice());
  bad[7]![99] = bad[7]![99]! ^ 4;
  await writeBlocks(damaged, bad);
  await t.rejects(
    backupFolder(damaged, join(home, 'x')),
    /shard 0: .*block 8: its hash does not match/,
  );
  t.notOk(existsSync(join(home, 'x')));
  t.same(incomplete(home), []);
  t.notOk(existsSync(join(base, 'lock')));

  const stateless = copyOf(base, 'stateless');
  rmSync(join(stateless, 'shard-000', 'state.mdb'));
  await backupFolder(stateless, join(home, 'y'));
  t.match(await auditor.verify(join(home, 'y')), { ok: true, blocks: blocks.length });

  const engine = await open({ folder: join(home, 'served'), shards: 1 });
  await t.rejects(backupFolder(join(home, 'served'), join(home, 'z')), /in use by this process/);
  await engine.close();
  const empty = await backupFolder(join(home, 'served'), join(home, 'z'));
  t.same(empty, { shards: [0], seqs: [0] }, 'one with nothing in it');
  t.match(await auditor.verify(join(home, 'z')), { ok: true });
});

t.test('no copy is made inside a data folder, by whatever name', async (t) => {
  const home = temporaryFolder(t);
  const folder = join(home, 'served');
  const engine = await open({ folder, shards: 1 });
  symlinkSync(folder, join(home, 'link'));
  symlinkSync(join(home, 'nowhere'), join(home, 'dangling'));
  mkdirSync(join(folder, 'logs'));
  symlinkSync(join(folder, 'logs'), join(home, 'logs'));
  const before = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const table = [
    [join(folder, 'copy'), /is inside the data folder .*served; a backup goes elsewhere/],
    [join(folder, 'new', 'deeper', 'copy'), /is inside the data folder/],
    [join(folder, 'shard-000', 'copy'), /is inside the data folder/],
    [join(home, 'link', 'copy'), /is inside the data folder/],
    [join(home, 'logs', 'a', 'b'), /is inside the data folder/],
    [join(home, 'x', '..', 'served', 'copy'), /is inside the data folder/],
    [folder, /exists already/],
    [home, /exists already/],
    [join(home, 'link'), /exists already/],
    [join(home, 'dangling'), /exists already/],
  ] as const;
  for (const [to, what] of table) await t.rejects(engine.backup(to), what, to);
  await engine.close();
  for (const [to, what] of table) await t.rejects(backupFolder(folder, to), what, to);
  const after = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const own = (names: string[]) =>
    names.filter((name) => !/^lock|clean-stop|state/.test(name.replace(/^shard-000./, '')));
  t.same(own(after), own(before));
  t.same(incomplete(home), []);
  await backupFolder(folder, join(home, 'new', 'place'));
});
