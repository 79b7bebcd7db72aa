// Two platforms and an operator with the same ids for the same users: over HTTP, in histories and streams, and after an upgrade.

import { join } from 'node:path';
import t, { type Test } from 'tap';
import { type Command, OPERATIONS, type Outcome, open, verifyFolder } from '../../engine/index.js';
import { SCOPED_IDS_VERSION } from '../../engine/protocol/block.js';
import { slotOf } from '../../engine/protocol/hash.js';
import { startServer } from '../../gateway/serve.js';
import { temporaryFolder } from '../temporary.js';
import { asOlder, blocksOf, olderFolder } from '../transfer/older-folder.js';
import { until } from '../until.js';
import { caller } from './callers.js';
import { bare, type Gateway, gateway } from './harness.js';

const limits = { userRates: {} };
const give = (id: string, amount: number, to = 'ann') => ({
  id,
  legs: [{ from: '@issue', to, asset: 'gold', amount }],
});

/** A user on this one of so many shards. */
const homedOn = (shard: number, shards: number): string => {
  for (let n = 0; ; n++) if (slotOf(`u${n}`) % shards === shard) return `u${n}`;
};

const both = (server: Gateway) =>
  Promise.all(['shop', 'mall'].map((id) => caller(server, id, { assets: ['gold'] })));

t.test('one id of two platforms and an operator is three commands', async (t) => {
  const server = await gateway(t, { limits, assets: ['gold'] });
  const [shop, mall] = (await both(server)) as [any, any];
  const callers = [shop, mall, server];
  for (const [n, one] of callers.entries()) {
    const command = give('X', n + 1);
    t.match(await one.ask('POST /v1/transfers?dryRun=true', command), { status: 200 });
    const made = await one.ask('POST /v1/transfers', command);
    t.match(made, { status: 201, body: { id: 'X', replayed: false } }, `${n}`);
  }
  for (const [n, one] of callers.entries()) {
    const again = await one.ask('POST /v1/transfers', give('X', n + 1));
    t.match(again, { status: 200, body: { id: 'X', replayed: true } });
    t.match(await one.ask('POST /v1/transfers?dryRun=true', give('X', n + 1)), {
      body: { id: 'X', replayed: true },
    });
    t.match(await one.ask('POST /v1/transfers', give('X', 9)), { body: { code: 'ID_REUSED' } });
    const { body } = await one.ask('GET /v1/accounts/ann/transfers/X');
    t.match(body, { command: { id: 'X', legs: [{ amount: n + 1 }] }, outcome: { id: 'X' } });
  }
  // Others' are shown, and named, with whose they are.
  const shown = async (one: any) =>
    (await one.ask('GET /v1/accounts/ann/entries?asset=gold&order=oldest')).body.entries.map(
      ({ id }: any) => id,
    );
  t.same(await shown(shop), ['X', 'mall,X', ',X']);
  t.same(await shown(mall), ['shop,X', 'X', ',X']);
  t.same(await shown(server), ['shop,X', 'mall,X', 'X']);
  for (const one of callers)
    for (const [n, id] of (await shown(one)).entries()) {
      const { body } = await one.ask(`GET /v1/accounts/ann/transfers/${id}`);
      t.match(body, { command: { legs: [{ amount: n + 1 }] } }, `${id}: ${n}`);
    }
  t.match(await server.ask('POST /v1/transfers', give('shop,X', 1)), {
    body: { code: 'ID_INVALID', field: 'id' },
  });
  t.match(await shop.ask('POST /v1/transfers', give('shop,X', 1)), {
    body: { code: 'ID_INVALID', field: 'id' },
  });
  const reversed = (id: string, one: any, as: string) =>
    one.ask(`POST /v1/accounts/ann/transfers/${id}/reverse`, { id: as });
  t.match(await reversed('X', mall, 'back'), { status: 201, body: { id: 'back', remaining: 0 } });
  t.match(await reversed('mall,X', server, 'back'), { body: { code: 'ALREADY_REVERSED' } });
  t.match(await reversed('shop,X', server, 'back-2'), { status: 201 });
  t.match(await reversed('X', shop, 'back'), { body: { code: 'ALREADY_REVERSED' } });
  t.match(await reversed(',X', shop, 'back-2'), { status: 201 });
  t.match((await server.ask('GET /v1/accounts/ann')).body.accounts, [{ available: 0 }]);
  await server.server.close();
  t.same((await verifyFolder(server.folder)).problems, []);
});

t.test('holds, follow-ups, batches and lines', async (t) => {
  const server = await gateway(t, { limits, assets: ['gold'], engine: { shards: 3 } as never });
  const [shop, mall] = (await both(server)) as [any, any];
  await server.ask('POST /v1/transfers', give('fund', 100));
  const held = (one: any, amount: number) =>
    one.ask('POST /v1/holds', { id: 'H', owner: 'ann', asset: 'gold', amount });
  t.match(await held(shop, 10), { status: 201, body: { id: 'H', hold: { id: 'H' } } });
  t.match(await held(mall, 20), { status: 201, body: { id: 'H', hold: { remaining: 20 } } });
  t.match((await shop.ask('GET /v1/accounts/ann/holds/H')).body, { id: 'H', remaining: 10 });
  t.match((await server.ask('GET /v1/accounts/ann/holds/mall,H')).body, { remaining: 20 });
  t.match(await server.ask('GET /v1/accounts/ann/holds/H'), { status: 404 });
  const captured = await mall.ask('POST /v1/accounts/ann/holds/H/capture', {
    ...{ id: 'C', to: '@fee', amount: 5 },
  });
  t.match(captured, { status: 201, body: { id: 'C', hold: { id: 'H', remaining: 15 } } });
  t.match((await mall.ask('GET /v1/accounts/ann/transfers/C')).body, { command: { holdId: 'H' } });
  t.match((await server.ask('GET /v1/accounts/ann/transfers/mall,C')).body, {
    command: { holdId: 'mall,H' },
  });
  t.match(await shop.ask('POST /v1/accounts/ann/holds/H/release', { id: 'R' }), { status: 201 });
  t.match((await shop.ask('GET /v1/accounts/ann')).body.accounts, [{ available: 80, held: 15 }]);

  // Whose followers are whose.
  const bob = homedOn(1, 3);
  const caused = (amount: number) => ({
    ...give('F', amount),
    followUps: [{ legs: [{ from: '@issue', to: bob, asset: 'gold', amount }] }],
  });
  for (const [n, one] of [shop, mall].entries())
    t.match(await one.ask('POST /v1/transfers', caused(n + 1)), { status: 201 });
  const followed = encodeURIComponent('>ann>F>1');
  for (const [n, one] of [shop, mall].entries()) {
    let found: any;
    for (let tries = 0; tries < 100 && found?.status !== 200; tries++) {
      found = await one.ask(`GET /v1/accounts/${bob}/transfers/${followed}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    t.match(found.body, { command: { id: '>ann>F>1', legs: [{ amount: n + 1 }] } });
  }
  const { body } = await shop.ask(`GET /v1/accounts/${bob}/entries?asset=gold&order=oldest`);
  t.same(body.entries.map(({ id }: any) => id).sort(), ['>ann>F>1', '>ann>mall,F>1']);

  const several = [give('B1', 1), give('B2', 2)];
  for (const query of ['', '?atomic=true'])
    for (const one of [shop, mall, server]) {
      const { body } = await one.ask(`POST /v1/transfers${query}`, several);
      const outcomes = body.outcomes ?? body;
      t.match(outcomes, [{ id: 'B1', replayed: query !== '' }, { id: 'B2' }], query);
    }
  const tried = await shop.ask('POST /v1/transfers?atomic=true&dryRun=true', several);
  t.match(tried.body.outcomes ?? tried.body, [{ replayed: true }, { replayed: true }]);
  // Between shards.
  const across = { id: 'A', legs: [{ from: 'ann', to: bob, asset: 'gold', amount: 3 }] };
  for (const replayed of [false, true])
    for (const one of [shop, mall, server])
      t.match((await one.ask('POST /v1/transfers', across)).body, { id: 'A', replayed });
  await server.server.close();
  t.same((await verifyFolder(server.folder)).problems, []);
});

t.test('a live history shows each its own ids', async (t) => {
  const server = await gateway(t, { limits, assets: ['gold'] });
  const { engine } = server.server as any;
  const shop = { operations: new Set(OPERATIONS), assets: new Set(['gold']), scope: 'shop' };
  const told: Record<string, string[]> = { shop: [], nobody: [] };
  let begun = 0;
  const watch = (name: string, scope?: string, versions?: Record<string, number>) =>
    engine.watchBalances(
      'ann',
      (event: any) => {
        begun++;
        if (event.type === 'entries') told[name]!.push(...event.entries.map(({ id }: any) => id));
      },
      { scope, versions },
    );
  const ends = [watch('shop', 'shop', {}), watch('nobody')];
  await until('both watch', () => begun === 2);
  const command = { type: 'transfer', ...give('X', 1) } as Command;
  await engine.as(shop).submit(command);
  await engine.as({ ...shop, scope: 'mall' }).submit(command);
  await engine.submit(command);
  const [mine, theirs] = [
    ['X', 'mall,X', ',X'],
    ['shop,X', 'mall,X', 'X'],
  ];
  await until('all is told', () => told['nobody']!.length >= 3 && told['shop']!.length >= 3);
  t.same(told, { shop: mine, nobody: theirs });
  told['later'] = [];
  ends.push(watch('later', 'mall', { gold: 1 }));
  await until('and what was missed', () => told['later']!.length >= 2);
  t.same(told['later'], ['X', ',X'], 'and what was missed');
  for (const end of ends) end();
});

/** Platforms as they were before ids were theirs. */
const before = { operations: new Set(OPERATIONS), assets: new Set(['gold', 'tin']) };

/** A folder in which these were carried out before. */
async function upgraded(t: Test, commands: readonly Command[]): Promise<string> {
  const folder = join(temporaryFolder(t), 'written');
  const engine = await open({ folder, shards: 3, cacheMb: 64 });
  for (const asset of ['gold', 'tin', 'red'])
    await engine.submit({ type: 'define-asset', asset, scale: 0 });
  const outcomes: Outcome[] = [];
  for (const command of commands) outcomes.push(await engine.as(before).submit(command));
  t.ok(outcomes.every(({ ok }) => ok));
  await engine.close();
  const rules = SCOPED_IDS_VERSION - 1;
  const shards = await Promise.all([0, 1, 2].map((shard) => blocksOf(folder, shard)));
  return olderFolder(
    t,
    rules,
    shards.map((blocks) => asOlder(blocks, rules)),
  );
}

t.test('what was carried out before is not carried out again after the upgrade', async (t) => {
  const [ann, bob] = [homedOn(0, 3), homedOn(1, 3)];
  const leg = (from: string, to: string, amount: number, asset = 'gold') => ({
    ...{ from, to, asset, amount },
  });
  const transfer = (id: string, ...legs: ReturnType<typeof leg>[]) => ({ id, legs });
  const old = {
    fund: transfer('fund', leg('@issue', ann, 100)),
    across: transfer('across', leg(ann, bob, 7)),
    hold: { id: 'hold', owner: ann, asset: 'gold', amount: 20 },
    capture: { id: 'capture', owner: ann, holdId: 'hold', to: bob, amount: 4 },
    reverse: { id: 'reverse', owner: ann, transferId: 'across', amount: 2 },
    points: {
      ...transfer('shop:R1', leg(ann, '@redeem', 3)),
      ...{ kind: 'EXCHANGE', ref: 'mug' },
    },
  };
  const folder = await upgraded(t, [
    { type: 'transfer', ...old.fund },
    { type: 'transfer', ...old.across },
    { type: 'hold', ...old.hold },
    { type: 'capture', ...old.capture },
    { type: 'reverse', ...old.reverse },
    { type: 'transfer', ...old.points },
  ]);
  const server = await startServer({ port: 0, engine: { folder, cacheMb: 64 }, limits });
  t.teardown(() => server.close());
  const { key } = server.adminKey;
  const ask: Gateway['ask'] = (request, body, headers) =>
    bare(server.address, request, body, { Authorization: `Bearer ${key}`, ...headers });
  const at = { server, ask } as Gateway;
  const shop = await caller(at, 'shop', { assets: ['gold', 'tin'] });
  const club = await caller(at, 'club', { assets: ['red'] });
  const total = async () => (await ask(`GET /v1/accounts/${ann}`)).body.accounts;
  const figures = await total();
  for (let round = 0; round < 2; round++)
    for (const one of [shop, { ask }]) {
      const again = async (request: string, body: object) =>
        t.match(await one.ask(request, body), { status: 200, body: { replayed: true } }, request);
      const dryRun = round === 0 ? '?dryRun=true' : '';
      await again(`POST /v1/transfers${dryRun}`, old.fund);
      await again(`POST /v1/transfers${dryRun}`, old.across);
      await again(`POST /v1/holds${dryRun}`, old.hold);
      const { capture, reverse } = old;
      const about = `POST /v1/accounts/${ann}`;
      await again(`${about}/holds/hold/capture${dryRun}`, { id: capture.id, to: bob, amount: 4 });
      await again(`${about}/transfers/across/reverse${dryRun}`, { id: reverse.id, amount: 2 });
      t.match((await one.ask(`GET /v1/accounts/${ann}/transfers/across`)).body, {
        ...{ command: { id: 'across' }, remaining: 5 },
      });
      t.match((await one.ask(`GET /v1/accounts/${ann}/holds/hold`)).body, { remaining: 16 });
      const other = transfer('fund', leg('@issue', ann, 1));
      t.match(await one.ask('POST /v1/transfers', other), { body: { code: 'ID_REUSED' } });
    }
  const redeem = { user_id: ann, amount: 3, reward_id: 'mug', transaction_id: 'R1' };
  t.match(await shop.ask('POST /api/points/redeem', redeem), { body: { replayed: true } });
  t.same(await total(), figures, 'nothing was carried out');
  // A platform that could not have asked for it has never used the id.
  const own = transfer('fund', leg('@issue', ann, 5, 'red'));
  t.match(await club.ask('POST /v1/transfers', own), { status: 201, body: { replayed: false } });
  t.match(await club.ask('POST /v1/transfers', own), { status: 200, body: { replayed: true } });
  t.match((await club.ask(`GET /v1/accounts/${ann}/transfers/fund`)).body, {
    command: { id: 'fund', legs: [{ amount: 5 }] },
  });
  t.match(await club.ask(`GET /v1/accounts/${ann}/transfers/across`), { status: 403 });
  // What is from before is gone on with.
  const about = `POST /v1/accounts/${ann}`;
  t.match(await shop.ask(`${about}/holds/hold/capture`, { id: 'more', to: '@fee', amount: 1 }), {
    ...{ status: 201, body: { hold: { id: 'hold', remaining: 15 } } },
  });
  t.match(await shop.ask(`${about}/transfers/across/reverse`, { id: 'rest' }), {
    ...{ status: 201, body: { remaining: 0 } },
  });
  t.match(await shop.ask(`${about}/transfers/across/reverse`, { id: 'rest' }), { status: 200 });
  const { body } = await shop.ask(`GET /v1/accounts/${ann}/entries?asset=gold&order=oldest`);
  const ids = new Set(body.entries.map(({ id }: any) => id));
  t.same([...ids], ['fund', 'across', 'hold', 'capture', 'reverse', 'shop:R1', 'more', 'rest']);
  await server.close();
  t.same((await verifyFolder(folder)).problems, []);
});
