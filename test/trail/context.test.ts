// Who asked, in the log: an envelope of commands, in the same block; addresses sealed; logs from before it.

import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import {
  type Engine,
  type Grants,
  limits,
  OPERATIONS,
  open,
  verifyFolder,
} from '../../engine/index.js';
import { DAY_MS } from '../../engine/limits.js';
import { AskedBy } from '../../engine/protocol/audit-context.js';
import { APPLY_VERSION, BlockView, HASH_BYTES } from '../../engine/protocol/block.js';
import type { LoggedContext } from '../../engine/protocol/block-contexts.js';
import { commandOfTuple, unpackTuple } from '../../engine/protocol/codec.js';
import { CommandBuffer } from '../../engine/protocol/command-buffer.js';
import { AuditKeys, auditKeysPath } from '../../engine/trail/keys.js';
import { openActor } from '../audit/maker.js';
import { alteredCopy } from '../audit/tamper.js';
import { temporaryFolder } from '../temporary.js';
import { asOlder, blocksOf, olderFolder } from '../transfer/older-folder.js';

const SHOP: Grants = { operations: new Set(OPERATIONS), principal: 'platform:shop' };
const HOME = {
  ...{ address: '203.0.113.9', agent: 'till/7', traceId: 'ab'.repeat(16) },
  ...{ device: 'phone-1', memberAddress: '198.51.100.7' },
};
const transfer = (id: string, to = 'ann', amount = 5) => ({
  type: 'transfer' as const,
  id,
  legs: [{ from: '@issue', to, asset: 'gold', amount }],
});

async function ledger(folder: string, shards = 1): Promise<Engine> {
  const engine = await open({ folder, shards, cacheMb: 16 });
  if (engine.assets().length === 0)
    await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  return engine;
}

interface Asked {
  readonly shard: number;
  readonly seq: number;
  readonly type: string;
  readonly id: string | undefined;
  readonly context: LoggedContext | undefined;
}

/** All commands in a folder's logs, and who asked for them. */
async function logged(folder: string, shards = 1): Promise<Asked[]> {
  const found: Asked[] = [];
  for (let shard = 0; shard < shards; shard++)
    for (const bytes of await blocksOf(folder, shard)) {
      const block = new BlockView(bytes);
      const { effects, commands } = block;
      for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
        const start = effects.commandOffset(at);
        const tuple = unpackTuple(commands, start, start + effects.commandLength(at));
        const { type, ...rest } = commandOfTuple(tuple);
        const id = 'id' in rest ? (rest.id as string) : undefined;
        const { seq } = block.header;
        found.push({ shard, seq, type, id, context: block.contexts().at(start) });
      }
    }
  return found;
}

t.test('a command is logged with who asked, and is the same from anywhere', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const engine = await ledger(folder);
  const shop = engine.as(SHOP);
  t.match(await shop.submit(transfer('T1'), { audit: HOME }), { ok: true, replayed: false });
  const again = await shop.submit(transfer('T1'), { audit: { address: '::1', agent: 'other' } });
  t.match(again, { ok: true, replayed: true }, 'a retry from elsewhere is a repeat');
  t.match(await shop.submit(transfer('T1')), { ok: true, replayed: true });
  t.match(await shop.submit(transfer('T1', 'ann', 6), { audit: HOME }), { code: 'ID_REUSED' });
  const packed = shop.batch();
  packed.move('P1', '@issue', 'ann', 'gold', 5);
  packed.add(transfer('P2'));
  t.equal((await packed.submit({ audit: HOME })).refused, 0);
  const [named, , unnamed] = await Promise.all([
    shop.submitBatch([transfer('T2'), transfer('T3')], { audit: HOME }),
    shop.submit(transfer('T4'), { audit: { ...HOME, traceId: 'cd'.repeat(16) } }),
    engine.submit(transfer('T5')),
  ]);
  t.ok(named?.every(({ ok }) => ok) && unnamed?.ok);
  const refusal = {
    ...transfer('T6'),
    legs: [{ ...transfer('').legs[0]!, from: 'ann', to: 'bob', amount: 999 }],
  };
  t.match(await shop.submit(refusal, { audit: HOME }), { code: 'POINTS_SHORT' });
  await shop.submitBatch([transfer('T7'), transfer('T8')], { audit: HOME, atomic: true });
  await shop.submit(transfer('T9'), { audit: HOME, dryRun: true });
  await shop.submit({ type: 'define-asset', asset: 'coin', scale: 2 }, { audit: HOME });
  await engine.own.submit(
    { type: 'put-record', owner: '#access', recordType: 'a', key: 'k', value: new Uint8Array(1) },
    { audit: { principal: 'administrator', ...HOME } },
  );
  await engine.close();
  const all = await logged(folder);
  const keys = new AuditKeys(folder, 90);
  const of = (id: string | undefined, type = 'transfer') => {
    const found = all.filter((one) => one.id === id && one.type === type && one.context);
    return found.map(({ context }) => [
      context?.principal,
      ...Object.values(keys.open(context!.origin) ?? {}),
      context?.traceId?.slice(0, 2),
    ]);
  };
  const place = [HOME.address, HOME.agent, HOME.device, HOME.memberAddress];
  const home = ['platform:shop', ...place, 'ab'];
  for (const id of ['T1', 'P1', 'P2', 'T2', 'T3', 'T6', 'T7', 'T8'])
    t.strictSame(of(id), [home], id);
  t.strictSame(of('T4'), [['platform:shop', ...place, 'cd']]);
  t.strictSame([of('T5'), of('T9')], [[], []], 'who names nobody leaves nothing');
  t.strictSame(of(undefined, 'define-asset'), [home]);
  const record = all.find(({ type }) => type === 'put-record');
  t.match(record?.context, { principal: 'administrator' });
  const text = Buffer.concat(await blocksOf(folder, 0)).toString('latin1');
  for (const part of place) t.notOk(text.includes(part), `${part} is sealed`);
  t.match(await verifyFolder(folder), { ok: true });
});

t.test('a block of callers in the process has no byte of it, and no key is made', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const engine = await ledger(folder);
  await engine.submitBatch([transfer('T1'), transfer('T2')]);
  await engine.close();
  for (const block of await blocksOf(folder, 0))
    t.equal(new DataView(block.buffer, block.byteOffset).getUint32(44, true), 0);
  t.notOk(readdirSync(folder).includes('audit-keys'));
});

t.test('a place is in a block once, whoever asks from there', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const engine = await ledger(folder);
  const [shop, bank] = [engine.as(SHOP), engine.as({ ...SHOP, principal: 'key:bank' })];
  const asks = Array.from({ length: 40 }, (_, n) => {
    const traceId = n.toString(16).padStart(32, '1');
    return (n % 3 === 0 ? bank : shop).submit(transfer(`T${n}`), { audit: { ...HOME, traceId } });
  });
  await Promise.all(asks);
  await engine.close();
  const all = (await logged(folder)).filter(({ context }) => context !== undefined);
  t.equal(all.length, 40);
  for (const { id, context } of all) {
    const n = Number(id?.slice(1));
    const principal = n % 3 === 0 ? 'key:bank' : 'platform:shop';
    t.match(context, { principal, traceId: n.toString(16).padStart(32, '1') });
  }
  const block = (await blocksOf(folder, 0)).at(-1)!;
  const contextBytes = new DataView(block.buffer, block.byteOffset).getUint32(44, true);
  t.ok(contextBytes < 40 * 26 + 200, `${contextBytes} bytes for 40 requests`);
});

t.test('a batch that goes on in the next block is asked for by the same', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const engine = await ledger(folder);
  await engine.close();
  const count = limits.BATCH_MAX + 900;
  const buffer = new CommandBuffer(0);
  buffer.asked(new AskedBy(HOME, 'platform:shop', () => new Uint8Array(0)).here);
  for (let n = 0; n < count; n++) buffer.append(transfer(`T${n}`), `T${n}`);
  const actor = await openActor(folder);
  await actor.submit(buffer.takeCopy(), count);
  await actor.close();
  const all = (await logged(folder)).filter(({ type }) => type === 'transfer');
  t.ok(new Set(all.map(({ seq }) => seq)).size > 1, 'several blocks');
  t.equal(all.filter(({ context }) => context !== undefined).length, count);
});

t.test('transfers between shards name who asked where they begin, once', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const engine = await ledger(folder, 2);
  const shop = engine.as(SHOP);
  const names = Array.from({ length: 12 }, (_, n) => `user-${n}`);
  await shop.submitBatch(
    names.map((name) => transfer(`fund-${name}`, name, 100)),
    { audit: HOME },
  );
  const moves = names.map((from, n) => ({
    type: 'transfer' as const,
    id: `move-${n}`,
    legs: [{ from, to: names[(n + 1) % names.length]!, asset: 'gold', amount: 1 }],
  }));
  const outcomes = await shop.submitBatch(moves, { audit: HOME });
  t.ok(outcomes.every(({ ok }) => ok));
  await engine.close();
  const all = await logged(folder, 2);
  t.ok(
    all.some(({ type }) => type === 'decision'),
    'some were between shards',
  );
  for (const { id } of moves) {
    const asked = all.filter((one) => one.id === id && one.type === 'transfer');
    t.equal(asked.filter(({ context }) => context?.principal === 'platform:shop').length, 1, id);
  }
  t.match(await verifyFolder(folder), { ok: true });
});

t.test('logs from before it open, go on and verify', async (t) => {
  const before = join(temporaryFolder(t), 'data');
  const first = await ledger(before);
  await first.submitBatch([transfer('T1'), transfer('T2')]);
  await first.close();
  const folder = await olderFolder(t, APPLY_VERSION - 1, [
    asOlder(await blocksOf(before, 0), APPLY_VERSION - 1),
  ]);
  t.match(await verifyFolder(folder), { ok: true });
  const engine = await open({ folder });
  const shop = engine.as(SHOP);
  t.match(await shop.submit(transfer('T1'), { audit: HOME }), { ok: true, replayed: true });
  t.match(await shop.submit(transfer('T3'), { audit: HOME }), { ok: true, replayed: false });
  await engine.close();
  t.match(await verifyFolder(folder), { ok: true });
  t.strictSame(
    (await logged(folder)).flatMap(({ id, context }) => (context === undefined ? [] : [id])),
    ['T3'],
  );
});

t.test('verify finds contexts that are not those of commands', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const engine = await ledger(folder);
  await engine.as(SHOP).submitBatch([transfer('T1'), transfer('T2')], { audit: HOME });
  await engine.close();
  const changed = (change: (view: DataView, contextsAt: number, end: number) => void) =>
    alteredCopy(folder, (blocks) => {
      const block = blocks.at(-1)!;
      const view = new DataView(block.buffer, block.byteOffset, block.length);
      const end = block.length - HASH_BYTES;
      change(view, end - view.getUint32(44, true), end);
      return blocks.length - 1;
    });
  // A text is 2 bytes and itself: the principal, then the sealed place; then a context and a run.
  const runAt = (view: DataView, at: number) => {
    const place = at + 8 + 2 + view.getUint16(at + 8, true);
    return place + 2 + view.getUint16(place, true) + 20;
  };
  const cases: [RegExp, Parameters<typeof changed>[0]][] = [
    [
      /names who asked for what begins at byte 3/,
      (view, at) => view.setUint32(runAt(view, at), 3, true),
    ],
    [/out of order/, (view, at) => view.setUint16(runAt(view, at) + 4, 2, true)],
    [/without text/, (view, at) => view.setUint16(runAt(view, at) - 20, 9, true)],
    [/end where they should/, (view, _, end) => view.setUint8(end - 1, 1)],
  ];
  for (const [what, change] of cases) {
    const { problems } = await verifyFolder(await changed(change));
    t.match(problems[0]?.what, what);
  }
});

t.test('a key dies after its days: the place is forgotten, the rest is there', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const clockOffset = new SharedArrayBuffer(8);
  const offset = new Float64Array(clockOffset);
  const options = { folder, shards: 1, auditDays: 90, clockOffset, acceptClock: true };
  let engine = await open(options);
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  await engine.as(SHOP).submit(transfer('T1'), { audit: HOME });
  const copy = join(folder, '..', 'copy');
  await engine.backup(copy);
  t.notOk(
    readdirSync(copy, { recursive: true }).some((name) => String(name).includes('key')),
    'a copy has no keys',
  );
  await engine.close();
  const keyFiles = () => readdirSync(auditKeysPath(folder));
  const [made] = keyFiles();
  const key = readFileSync(join(auditKeysPath(folder), made!), 'latin1').trim();
  const now = () => Date.now() + (offset[0] ?? 0);
  const opened = async () => {
    const { context } = (await logged(folder)).find(({ id }) => id === 'T1')!;
    return [context?.principal, new AuditKeys(folder, 90, now).open(context!.origin)];
  };
  const { traceId: _, ...place } = HOME;
  offset[0] = 90 * DAY_MS;
  new AuditKeys(folder, 90, now).forget();
  t.strictSame(await opened(), ['platform:shop', place], 'the last day');
  offset[0] = 91 * DAY_MS;
  t.strictSame(await opened(), ['platform:shop', undefined], 'also where its file is still there');
  t.equal(keyFiles().length, 1);
  engine = await open(options);
  for (let left = 100; left > 0 && keyFiles().includes(made!); left--)
    await new Promise((resolve) => setTimeout(resolve, 100));
  await engine.as(SHOP).submit(transfer('T2'), { audit: HOME });
  await engine.close();
  t.notOk(keyFiles().includes(made!), 'and its file goes');
  t.equal(keyFiles().length, 1, 'another day has another key');
  for (const name of keyFiles())
    t.not(readFileSync(join(auditKeysPath(folder), name), 'latin1').trim(), key);
  offset[0] = 0;
  t.strictSame(await opened(), ['platform:shop', undefined], 'whatever the clock says later');
  rmSync(copy, { recursive: true });
});
