// Folders that rules of version 1 wrote, when reserves had no entries: opened, verified, gone on with, also where they end with
// transfers under way. From then on entries chain (ledger.L7).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import {
  type Balance,
  type Engine,
  type HistoryEntry,
  inspectAccount,
  inspectBlock,
  open,
  rebuildFolder,
  verifyFolder,
} from '../../engine/index.js';
import { APPLY_VERSION } from '../../engine/protocol/block.js';
import { alteredCopy } from '../audit/tamper.js';
import { available, leg, move } from '../movements.js';
import { until } from '../until.js';
import { chainFault, historyOf } from './history-chain.js';
import { olderFolder } from './older-folder.js';
import { RULES_1_BLOCKS } from './rules-1.js';

/** Block 14 of shard 0 opens five commands and block 15 decides them. */
const OPENED = 14;
const [ann, cat, bob, fay, eve] = ['user3', 'user4', 'user0', 'user2', 'user1'] as const;

/** A folder with the first blocks of those logs, as the release before left it. */
const older = (t: Test, blocks: readonly (readonly Uint8Array[])[]): Promise<string> =>
  olderFolder(t, 1, blocks);

const opened = (folder: string): Promise<Engine> =>
  open({ folder, acceptClock: true, cacheMb: 64 });

async function sound(t: Test, folder: string, name: string): Promise<void> {
  t.same((await verifyFolder(folder)).problems, [], name);
}

/** Everything is decided: nothing is held but by holds. */
async function decided(t: Test, engine: Engine): Promise<void> {
  t.equal(await available(engine, fay), 65);
  for (const [owner, free, held] of [
    [ann, 134, 20],
    [cat, 31, 9],
    [bob, 91, 0],
  ] as const) {
    const balance = await until('it has what is reserved', async () => {
      const [found] = (await engine.balance(owner)) as Balance[];
      return found?.held === held && found;
    });
    t.match(balance, { available: free, held }, owner);
  }
}

/** Goes on with it: what is done now chains from the account's last entry on. */
async function goesOn(t: Test, engine: Engine): Promise<void> {
  const before = (await historyOf(engine, ann)).length;
  t.ok((await engine.submit(move('now-1', leg(ann, bob, 3)))).ok);
  t.match(await engine.submit(move('now-2', leg(ann, eve, 4))), { code: 'ACCOUNT_CLOSED' });
  t.ok(
    (
      await engine.submit({
        type: 'capture',
        id: 'now-3',
        owner: ann,
        holdId: 'hold-1',
        to: bob,
        amount: 2,
      })
    ).ok,
  );
  t.ok((await engine.submit({ type: 'reverse', id: 'now-4', owner: ann, transferId: 'pay-3' })).ok);
  const entries = (await historyOf(engine, ann)).slice(before - 1);
  t.same(
    entries.slice(1).map(({ type, delta, heldDelta }: HistoryEntry) => [type, delta, heldDelta]),
    [
      ['reserve', 0, 3],
      ['transfer', -3, -3],
      ['reserve', 0, 4],
      ['free', 0, -4],
      ['capture', -2, -2],
      ['reverse', 11, 0],
    ],
  );
  const [balance] = (await engine.balance(ann)) as [Balance];
  t.equal(chainFault(entries, balance), undefined);
}

t.test('stopped cleanly by the release before', async (t) => {
  const folder = await older(t, RULES_1_BLOCKS);
  await sound(t, folder, 'as it was');
  t.match(JSON.parse(readFileSync(join(folder, 'folder.json'), 'utf8')), { applyVersion: 1 });
  const engine = await opened(folder);
  t.match(
    JSON.parse(readFileSync(join(folder, 'folder.json'), 'utf8')),
    { applyVersion: APPLY_VERSION },
    'which the release before refuses from now on',
  );
  await decided(t, engine);
  await goesOn(t, engine);
  const digest = await engine.digest();
  await engine.close();
  await sound(t, folder, 'and used');
  await rebuildFolder(folder);
  await sound(t, folder, 'rebuilt');
  const again = await opened(folder);
  t.equal(await again.digest(), digest);
  await again.close();
});

t.test('killed by the way, with reserves that have no entries', async (t) => {
  const [home = [], other = []] = RULES_1_BLOCKS;
  const folder = await older(t, [home.slice(0, OPENED), other]);
  await sound(t, folder, 'as it was');
  const block = await inspectBlock(folder, 0, OPENED);
  t.match(block?.records[0]?.changes[0], /^reserve user3 \S+: 11 from available to held; lot/);
  t.match(await inspectAccount(folder, cat), {
    stripes: [{ accounts: [{ available: 31, held: 69, version: 2 }] }],
  });
  const engine = await opened(folder);
  await decided(t, engine);
  await goesOn(t, engine);
  await engine.close();
  await sound(t, folder, 'and used');
});

t.test('what these rules do not write', async (t) => {
  const folder = await older(t, RULES_1_BLOCKS);
  /** The version of the rules, in a block's header. */
  const by = (block: Uint8Array, version: number): void =>
    new DataView(block.buffer, block.byteOffset).setUint16(6, version, true);
  for (const [name, from, to, finds] of [
    [
      'a reserve without an entry',
      OPENED,
      OPENED + 1,
      /L7: reserves points of user3 without an entry/,
    ],
    ['older rules after newer ones', 2, 2, /written by rules of version 1, after 2/],
  ] as const) {
    const copy = await alteredCopy(folder, (blocks) => {
      for (const block of blocks.slice(from - 1, to)) by(block, 2);
      return from - 1;
    });
    t.match((await verifyFolder(copy)).problems[0], { shard: 0, what: finds }, name);
  }
});
