// Accounts recomputed from the log, in turn: what agrees raises nothing, and whatever is changed is found.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type Engine, open, type RecountFinding } from '../../engine/index.js';
import { BlockView } from '../../engine/protocol/block.js';
import { RECORD_HEAD } from '../../engine/protocol/effects.js';
import { recomputed } from '../../engine/recount/walk.js';
import { shardLogPath } from '../../engine/store/folder.js';
import { Log } from '../../engine/store/log.js';
import { addTo, blocksOf, changedAmounts, copyOf } from '../audit/tamper.js';
import { ownersOf } from '../movements.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';

const QUICK = 1_000_000;
const home = temporaryFolder(t);
const base = join(home, 'base');
const opened = (folder: string): Promise<Engine> => open({ folder, shards: 2, cacheMb: 32 });

/** Movements of all kinds between owners of two shards. */
async function moved(engine: Engine, random: Random, count: number): Promise<void> {
  const owners = ownersOf(engine, 6).flat();
  await engine.submitBatch(
    owners.map((to) => ({
      type: 'transfer',
      legs: [{ from: '@issue', to, asset: 'gold', amount: 1_000 }],
    })),
  );
  const commands = Array.from({ length: count }, (_, n) => {
    const [from, to] = [random.pick(owners), random.pick(owners)];
    const amount = 1 + random.int(40);
    const id = `${random.int(1e9)}-${n}`;
    if (n % 5 === 0) return { type: 'hold', id, owner: from, asset: 'gold', amount } as const;
    const legs = [{ from, to: from === to ? '@redeem' : to, asset: 'gold', amount }];
    return { type: 'transfer', id, legs } as const;
  });
  for (const one of commands) {
    const outcome = await engine.submit(one);
    if (one.type !== 'hold' || !outcome.ok || random.int(3) === 0) continue;
    await engine.submit({ type: 'release', owner: one.owner, holdId: one.id });
  }
}

/** Waits for the end of a turn that begins from now on. */
const turned = (engine: Engine): Promise<readonly RecountFinding[]> => {
  const before = engine.recount.figures?.turn?.last?.ended;
  return until('a turn is over', () => {
    const { turn, findings } = engine.recount.figures ?? {};
    return turn?.last !== undefined && turn.last.ended !== before && (findings ?? []);
  });
};

const engine = await opened(base);
await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
await moved(engine, new Random(23), 300);

t.test('a ledger that is right has nothing wrong, while it is moved', async (t) => {
  t.equal(engine.recount.figures, undefined, 'nothing runs before somebody wants it');
  engine.recount.start(QUICK, 1);
  const moving = moved(engine, new Random(24), 200);
  for (let n = 0; n < 3; n++) t.same(await turned(engine), []);
  await moving;
  t.same(await turned(engine), []);
  const { turn } = engine.recount.figures ?? {};
  const { shards } = await engine.stats();
  const transit = 2;
  const accounts = shards.reduce((sum, one) => sum + one.accounts, 0) - transit;
  await until('every account is in a turn', () => {
    const last = engine.recount.figures?.turn?.last;
    return last?.accounts === accounts;
  });
  t.ok((turn?.last?.entries ?? 0) > 1_000, 'all their entries');
});

t.test('where a turn is outlives the process', async (t) => {
  await engine.close();
  const path = join(base, 'projections', 'recount.json');
  t.ok(existsSync(path));
  t.ok(JSON.parse(readFileSync(path, 'utf8')).last.ended > 0);
});

t.test('a balance that its entries do not make is found, and told while it is so', async (t) => {
  for (const [name, by, kinds] of [
    ['more', 1_000, ['mismatch']],
    ['less', -1_000_000, ['mismatch', 'negative']],
  ] as const) {
    const folder = copyOf(base, name);
    await changedAmounts(folder, 'user', by);
    const engine = await opened(folder);
    engine.recount.start(QUICK, 1);
    const [found, ...others] = await until('it is found', () => {
      const { findings = [] } = engine.recount.figures ?? {};
      return findings.length > 0 && findings;
    });
    t.same(others, []);
    t.same(
      found?.problems.map(({ kind }) => kind),
      found?.owner.startsWith('@') ? ['mismatch'] : kinds,
      found?.problems[0]?.what ?? '',
    );
    const account = { shard: found!.shard, owner: found!.owner, asset: 'gold' };
    await turned(engine);
    t.equal(engine.recount.figures?.findings.length, 1, 'it stays, as one');
    await engine.close();
    // A folder that is right: what is said of it is looked at and forgotten.
    const right = await opened(copyOf(base, `${name}-right`));
    right.recount.start(QUICK, 1_000_000);
    right.recount.suspect([account, { ...account, shard: 99 }, { ...account, asset: 'none' }]);
    t.equal(right.recount.figures?.findings[0]?.isKnown, false, 'it is suspected');
    await until('it was looked at', () => right.recount.figures?.findings.length === 0);
    await right.close();
  }
});

t.test('every figure of an entry that is changed is found', async (t) => {
  const folder = copyOf(base, 'flips');
  const blocks = (await blocksOf(folder)).map((bytes) => new Uint8Array(bytes));
  const log = Log.open(shardLogPath(folder, 0), { readOnly: true });
  await log.close();
  // The account with most entries, and where each of them is.
  const places = new Map<string, { block: number; at: number; effect: number }[]>();
  for (const [n, bytes] of blocks.entries()) {
    const { effects } = new BlockView(bytes);
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
      let entry = at + RECORD_HEAD;
      for (let i = effects.entryCount(at); i > 0; i--) {
        const { owner } = effects.entry(entry);
        const place = { block: n, at: effects.u8.byteOffset - bytes.byteOffset + entry };
        places.set(owner, [...(places.get(owner) ?? []), { ...place, effect: entry }]);
        entry += effects.entryLength(entry);
      }
    }
  }
  const [owner, mine] = [...places].find(([name]) => name.startsWith('user'))!;
  const last = mine.at(-1)!;
  const newest = new BlockView(blocks[last.block]!).effects.entry(last.effect);
  const sum = { earned: 0, spent: 0, expired: 0 };
  for (const { block, effect } of mine) {
    const entry = new BlockView(blocks[block]!).effects.entry(effect);
    for (const name of ['earned', 'spent', 'expired'] as const) sum[name] += entry[name];
  }
  const told = {
    balance: {
      ...{ available: newest.available, held: newest.held, version: newest.version },
      ...{ ...sum, creditLimit: 0 },
    },
    head: { seq: last.block + 1, offset: last.effect, version: newest.version },
  };
  const walked = (answer = told): string | undefined => {
    const account = { shard: 0, owner, asset: newest.asset };
    const walk = recomputed((seq) => new BlockView(blocks[seq - 1]!), account, answer);
    for (;;) {
      const step = walk.next();
      if (step.done === true) return step.value;
    }
  };
  t.equal(walked(), undefined, 'it is right as it is');
  t.ok(mine.length > 20, `${mine.length} entries`);
  let missed = 0;
  const FIELDS = [0, 8, 16, 24, 32, 40, 48, 64];
  for (const { block, at } of mine)
    for (const field of FIELDS) {
      const bytes = blocks[block]!;
      const before = bytes.slice(at + field, at + field + 8);
      if (field === 64) bytes[at + field]! ^= 1;
      else addTo(bytes, at + field, 1);
      if (walked() === undefined) missed++;
      bytes.set(before, at + field);
    }
  t.equal(missed, 0, `${mine.length * FIELDS.length} changes, each found`);
  for (const name of ['available', 'held', 'earned', 'spent', 'expired', 'version'] as const) {
    const balance = { ...told.balance, [name]: told.balance[name] + 1 };
    t.type(walked({ ...told, balance }), 'string', name);
  }
});
