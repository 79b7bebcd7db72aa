// A block and an owner, readable, of a folder that is served and of one that is not.

import { join } from 'node:path';
import t from 'tap';
import { type Engine, inspectAccount, inspectBlock, open } from '../../engine/index.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { makeFolder } from './maker.js';
import { blocksOf, writeBlocks } from './tamper.js';

async function shop(engine: Engine): Promise<void> {
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const legs = [{ from: '@issue', to: 'alice', asset: 'gold', amount: 90 }];
  await engine.submit({ type: 'transfer', id: 'EARN', kind: 'ORDER', ref: '7', legs });
  await engine.submit({ type: 'hold', id: 'HOLD', owner: 'alice', asset: 'gold', amount: 30 });
  const value = new Uint8Array([1, 2]);
  await engine.submit({
    type: 'put-record',
    id: 'R',
    owner: 'alice',
    recordType: 'streak',
    key: 'k',
    value,
  });
}

t.test('an owner, while the folder is served and after', async (t) => {
  const folder = join(temporaryFolder(t), 'folder');
  const engine = await open({ folder, shards: 2 });
  await shop(engine);
  const served = await inspectAccount(folder, 'alice');
  const shard = engine.shardOf('alice');
  t.match(served, {
    owner: 'alice',
    stripes: [
      {
        shard,
        accounts: [
          {
            asset: 'gold',
            available: 60,
            held: 30,
            version: 2,
            lots: [{ expiresAt: null, available: 60, held: 30 }],
            entries: [
              { type: 'hold', id: 'HOLD', heldDelta: 30, available: 60 },
              { type: 'transfer', id: 'EARN', delta: 90, available: 90 },
            ],
          },
        ],
        holds: [{ id: 'HOLD', asset: 'gold', remaining: 30 }],
        records: [{ recordType: 'streak', key: 'k', version: 1, value: new Uint8Array([1, 2]) }],
      },
    ],
  });
  await engine.checkpoint();
  t.same(await inspectAccount(folder, 'alice'), served, 'from a checkpoint');
  await engine.submit({
    type: 'capture',
    id: 'CAP',
    owner: 'alice',
    holdId: 'HOLD',
    to: '@redeem',
    amount: 10,
    releaseRest: true,
  });
  await engine.submit({
    type: 'delete-record',
    id: 'D',
    owner: 'alice',
    recordType: 'streak',
    key: 'k',
  });
  await engine.submit({ type: 'freeze-account', id: 'F', owner: 'alice', asset: 'gold' });
  await engine.submit({ type: 'define-asset', asset: 'coin', scale: 0, lotTracked: false });
  await engine.submit({
    type: 'transfer',
    id: 'C',
    legs: [{ from: '@issue', to: 'alice', asset: 'coin', amount: 5 }],
  });
  const later = await inspectAccount(folder, 'alice');
  t.match(later?.stripes, [
    {
      accounts: [
        { asset: 'coin', available: 5, lots: [] },
        {
          asset: 'gold',
          available: 80,
          held: 0,
          spent: 10,
          frozen: true,
          lots: [{ available: 80, held: 0 }],
        },
      ],
      holds: [],
      records: [],
    },
  ]);
  t.equal(await inspectAccount(folder, 'nobody'), undefined);
  t.match(await inspectAccount(folder, '@issue'), {
    stripes: [{ accounts: [{ asset: 'coin' }, { asset: 'gold', available: -90 }] }],
  });
  const balances = await engine.balance('alice');
  await engine.close();
  t.same(await inspectAccount(folder, 'alice'), later, 'after a clean stop');
  if (!Array.isArray(balances)) throw new Error('no balances');
  for (const { asset, available, held, version } of balances) {
    t.match(
      later?.stripes[0]?.accounts.find((account) => account.asset === asset),
      { available, held, version },
    );
  }
});

t.test('a block', async (t) => {
  const folder = join(temporaryFolder(t), 'folder');
  const engine = await open({ folder, shards: 1 });
  await shop(engine);
  await engine.submit({ type: 'release', id: 'NONE', owner: 'alice', holdId: 'never' });
  const first = await inspectBlock(folder, 0, 1);
  t.match(first, {
    shard: 0,
    seq: 1,
    epoch: 1,
    previousHash: '0'.repeat(64),
    records: [
      {
        command: { type: 'define-asset' },
        outcome: 'ok',
        changes: ['asset gold: number 0, version 1'],
      },
    ],
  });
  t.match(await inspectBlock(folder, 0, 2), {
    previousHash: first?.hash ?? 'none',
    records: [
      {
        command: { type: 'transfer', id: 'EARN', kind: 'ORDER' },
        outcome: 'ok',
        entries: [
          { owner: '@issue', delta: -90 },
          { owner: 'alice', delta: 90, available: 90 },
        ],
      },
    ],
  });
  t.match(await inspectBlock(folder, 0, 4), {
    records: [{ changes: ['record alice streak k: version 1, 2 bytes'] }],
  });
  t.match(await inspectBlock(folder, 0, 5), {
    records: [{ outcome: 'HOLD_NOT_FOUND', entries: [] }],
  });
  t.equal(await inspectBlock(folder, 0, 6), undefined);
  t.equal(await inspectBlock(folder, 0, 0), undefined);
  t.equal(await inspectBlock(folder, 1, 1), undefined);
  await engine.close();
  t.match(await inspectBlock(folder, 0, 2), {
    records: [{ entries: [{ asset: 'gold' }, { asset: 'gold' }] }],
  });
  t.doesNotThrow(() => JSON.stringify(first));
});

t.test('an entry tells when it took effect', async (t) => {
  const folder = join(temporaryFolder(t), 'folder');
  const engine = await open({ folder, shards: 1 });
  await shop(engine);
  const legs = [{ from: '@issue', to: 'bob', asset: 'gold', amount: 5 }];
  const occurredAt = Date.UTC(2023, 10, 14);
  await engine.submit({ type: 'transfer', id: 'IMPORT', legs, occurredAt });
  await engine.close();
  const [stripe] = (await inspectAccount(folder, 'bob'))?.stripes ?? [];
  const [entry] = stripe?.accounts[0]?.entries ?? [];
  t.equal(entry?.effective, '2023-11-14T00:00:00.000Z');
  t.ok(Date.parse(entry?.time ?? '') > occurredAt, 'it was booked later');
});

t.test('a damaged block, no folder', async (t) => {
  const home = temporaryFolder(t);
  const folder = join(home, 'folder');
  await makeFolder(folder, new Random(41), {
    batches: 8,
    commandsPerBatch: 10,
    checkpoints: [3],
  });
  const blocks = await blocksOf(folder);
  t.match(await inspectBlock(folder, 0, blocks.length), { seq: blocks.length });
  t.match(await inspectAccount(folder, '@issue'), { owner: '@issue', stripes: [{ shard: 0 }] });
  blocks[4]![120] = blocks[4]![120]! ^ 1;
  await writeBlocks(folder, blocks);
  await t.rejects(inspectBlock(folder, 0, 5), /hash does not match/);
  await t.rejects(inspectBlock(join(home, 'none'), 0, 1), /no data folder/);
});
