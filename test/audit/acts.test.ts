// Acts of every kind of move in a folder: verify, rebuild and inspect of it; and whatever byte of an act's record is another, the audit
// says so, although all hashes are right again.

import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Auditor } from '../../engine/audit/verify.js';
import { inspectAccount, inspectBlock, rebuildFolder } from '../../engine/index.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { encodeParts } from '../../engine/ledger/parts.js';
import { DAY_MS } from '../../engine/limits.js';
import { BlockView } from '../../engine/protocol/block.js';
import { OP } from '../../engine/protocol/layout.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';
import { openFolder } from '../../engine/store/folder.js';
import type { Places } from '../../engine/transfer/open/places.js';
import { campaign } from '../campaign.js';
import { auditFault, chained, slotMapOf } from '../ledger/audited.js';
import { MemoryShards } from '../ledger/memory-shards.js';
import { ACTS, ASSET, type Wish } from '../programme/everything.js';
import { temporaryFolder } from '../temporary.js';
import { writeBlocks } from './tamper.js';

const START = 20_500 * DAY_MS;
const LEG = { from: 'ann', to: 'bob', amount: 6 };

/** Acts and their undo, in this order. */
const ASKED: readonly (readonly [
  id: string,
  asked: Partial<Wish> | { readonly undo: string; readonly amount?: number },
])[] = [
  ['legs', { legs: [LEG, { from: '#budget:a', to: 'ann', amount: 5 }] }],
  ['held', { hold: 20, until: START + 5 * DAY_MS }],
  ['captured', { legs: [{ from: 'ann', to: '@redeem', amount: 3, holdId: 'held' }] }],
  [
    'released',
    { releases: ['held'], legs: [{ from: 'ann', to: 'bob', amount: 4, holdId: 'held' }] },
  ],
  [
    'written',
    {
      legs: [LEG],
      records: [
        ['a', 1],
        ['b', 2],
      ],
      counters: [['x', START, 2, 3]],
    },
  ],
  ['refused', { counters: [['x', START, 2, 3]] }],
  ['short', { legs: [{ ...LEG, amount: 5_000 }] }],
  ['erased', { records: [['a', null]] }],
  ['part', { undo: 'written', amount: 2 }],
  ['reversed', { reversal: { id: 'captured' }, records: [['c', 'naïve'.length]] }],
  ['rest', { undo: 'written' }],
];
const REFUSED = ['refused', 'short'];

/** As many shards, all of it done. */
function done(count: number): MemoryShards {
  const shards = new MemoryShards(count);
  for (const { ledger } of shards.shards) ledger.acts = ACTS;
  shards.apply({ type: 'define-asset', asset: ASSET, scale: 0 }, START);
  const fund = (to: string): Outcome => {
    const legs = [{ from: '@issue', to, asset: ASSET, amount: 100 }];
    return shards.apply({ type: 'transfer', id: `fund ${to}`, legs }, START);
  };
  for (const to of ['ann', 'bob', '#budget:a']) fund(to);
  for (const [n, [id, asked]] of ASKED.entries()) {
    const time = START + 1_000 * n;
    const about = { id, owner: 'ann' };
    const wish = JSON.stringify({ legs: [], records: [], counters: [], ...asked });
    const outcome =
      'undo' in asked
        ? shards.apply({ type: 'reverse', ...about, transferId: asked.undo, ...part(asked) }, time)
        : shards.apply({ type: 'act', ...about, act: 'everything', body: { wish } }, time);
    if (outcome.ok === REFUSED.includes(id))
      throw new Error(`${id}: ${outcome.ok ? 'posted' : outcome.code}`);
  }
  return shards;
}

const part = ({ amount }: { readonly amount?: number }) => (amount === undefined ? {} : { amount });

t.test('verify, rebuild and inspect', async (t) => {
  const folder = join(temporaryFolder(t), 'folder');
  const auditor = new Auditor();
  t.teardown(() => auditor.close());
  const blocks = chained(done(1).shards[0]!.blocks, 0);
  openFolder(folder, { shards: 1, create: true, lock: false });
  await writeBlocks(folder, blocks);
  t.same(await rebuildFolder(folder), { shards: [{ shard: 0, seq: blocks.length }] });
  t.match(await auditor.verify(folder), { ok: true, problems: [], blocks: blocks.length });
  const state = join(folder, 'shard-000', 'state.mdb');
  const stripes = (await inspectAccount(folder, 'ann'))?.stripes ?? [];
  const [{ accounts = [], records = [], holds = [] } = {}] = stripes;
  // 100 - 6 + 5 - 4: what was held is captured, released or given back, and all that was written with points is undone.
  t.match(accounts, [{ asset: ASSET, available: 95, held: 0 }]);
  t.same(holds, []);
  t.same(
    records.map(({ recordType, key }) => `${recordType} ${key}`),
    ['$set c'],
  );
  const types = accounts[0]!.entries.map(({ type }) => type);
  t.same([...new Set(types)].sort(), ['act', 'reverse', 'transfer']);
  const at = blocks.findIndex((block) => opsOf(block).includes(OP.act));
  t.match(JSON.stringify(await inspectBlock(folder, 0, at + 1)), /everything/);
  t.ok(readFileSync(state).length > 0);
  rmSync(state);
  await rebuildFolder(folder);
  t.same((await inspectAccount(folder, 'ann'))?.stripes, stripes, 'the same out of the log alone');
});

/** The ops of a block's records. */
function opsOf(block: Uint8Array): number[] {
  const { effects } = new BlockView(block);
  const ops: number[] = [];
  for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) ops.push(effects.op(at));
  return ops;
}

/** A replay, which has no acts, comes to what is logged; else why not. */
function replayFault(blocks: readonly Uint8Array[], places: Places): string | undefined {
  try {
    MemoryLedger.replay(blocks, places);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** So many courses change every byte. */
const EVERY = 9;

t.test("a byte of an act's record is another", async (t) => {
  const cases = campaign({ name: 'changed bytes of acts', long: EVERY, sample: 1 });
  await cases.run(async (seed) => changeBytes(t, seed));
});

function changeBytes(t: Test, seed: number): void {
  for (const count of [1, 2]) {
    const { shards } = done(count);
    let changed = 0;
    const missed: string[] = [];
    for (const { blocks, state } of shards) {
      const { shard } = state.places;
      const fault = () =>
        auditFault(blocks, shard, slotMapOf(count), encodeParts(state)) ??
        replayFault(blocks, state.places);
      t.equal(fault(), undefined, 'as it is');
      for (const block of blocks) {
        const { effects, header } = new BlockView(block);
        const { u8 } = effects;
        for (let at = 0; at < u8.length; at += effects.recordLength(at)) {
          const op = effects.op(at);
          if (op === OP.transfer || op === OP['define-asset']) continue;
          const end = at + effects.recordLength(at);
          for (let byte = at + (seed % EVERY); byte < end; byte += EVERY) {
            const right = u8[byte]!;
            u8[byte] = right ^ (1 << (changed++ % 8));
            if (fault() === undefined) missed.push(`${header.seq} op ${op} byte ${byte - at}`);
            u8[byte] = right;
          }
        }
      }
    }
    t.comment(`${changed} bytes of ${count} shards`);
    t.same(missed, []);
  }
}
