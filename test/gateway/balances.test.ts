// Balances of many owners in one call: order, limits, permissions, past times, MessagePack.

import { Packr, Unpackr } from 'msgpackr';
import t from 'tap';
import { caller, operator } from './callers.js';
import { bare, gateway } from './harness.js';

const unpackr = new Unpackr({ useRecords: false, int64AsType: 'number' });
const packr = new Packr({ useRecords: false });
const POST = 'POST /v1/balances';

t.test('balances of many owners', async (t) => {
  const limits = { balancesOwnersMax: 20 };
  const server = await gateway(t, { engine: { shards: 2, folder: '' }, limits });
  const { address } = server.server;
  for (const asset of ['gold', 'tin']) await server.ask(`PUT /v1/assets/${asset}`, { scale: 0 });
  const users = Array.from({ length: 12 }, (_, i) => `user${i}`);
  const earn = (to: string, asset: string, amount: number) => ({
    legs: [{ from: '@issue', to, asset, amount }],
  });
  await server.ask(
    'POST /v1/transfers',
    users.map((user, i) => earn(user, 'gold', i + 1)),
  );
  await new Promise((resolve) => setTimeout(resolve, 5));
  const before = Date.now();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await server.ask(
    'POST /v1/transfers',
    users.map((user, i) => earn(user, 'tin', i + 1)),
  );
  await server.ask('POST /v1/transfers', earn('user3', 'gold', 100));

  const owners = [...users.toReversed(), 'nobody', '@issue', 'user3'];
  const { status, body } = await server.ask(POST, { owners });
  t.equal(status, 200);
  const single = async (owner: string, query = '') =>
    (await server.ask(`GET /v1/accounts/${encodeURIComponent(owner)}${query}`)).body.accounts;
  const expected = await Promise.all(
    owners.map(async (owner) => ({ owner, accounts: await single(owner) })),
  );
  t.same(body, { balances: expected }, 'in order, what each single read says');

  const gold = await server.ask(POST, { owners, asset: 'gold', at: before });
  const past = await Promise.all(
    owners.map(async (owner) => ({
      owner,
      accounts: await single(owner, `?asset=gold&at=${before}`),
    })),
  );
  t.same(
    gold.body,
    { at: before, asOf: gold.body.asOf, balances: past },
    'as they were, in one asset',
  );
  t.equal(gold.body.balances.at(-1).accounts[0].available, 4);

  const packed = packr.pack({ owners, asset: 'tin' });
  const send = (headers: Record<string, string>) =>
    fetch(`${address}/v1/balances`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${server.key}`, ...headers },
      body: packed,
    });
  const type = 'application/vnd.msgpack';
  for (const sent of [type, 'application/msgpack']) {
    const answer = await send({ 'Content-Type': sent });
    t.equal(answer.headers.get('content-type'), type);
    const tin = (await server.ask(POST, { owners, asset: 'tin' })).body;
    t.same(unpackr.unpack(Buffer.from(await answer.arrayBuffer())), tin);
    const asJson = await send({ 'Content-Type': sent, Accept: 'application/json' });
    t.same(await asJson.json(), tin, 'in JSON where that is wanted');
  }
  const wanted = await fetch(`${address}/v1/balances`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${server.key}`,
      'Content-Type': 'application/json',
      Accept: 'application/json;q=0.5, application/msgpack',
    },
    body: JSON.stringify({ owners: ['user1'] }),
  });
  t.equal(wanted.headers.get('content-type'), type, 'as Accept says');

  const wrong: readonly (readonly [unknown, number, object])[] = [
    [{}, 400, { field: 'owners' }],
    [{ owners: [] }, 400, { field: 'owners' }],
    [{ owners: 'ann' }, 400, { field: 'owners' }],
    [{ owners: ['ann', 7] }, 400, { code: 'OWNER_INVALID', field: 'owners[1]' }],
    [{ owners: ['ann', 'b c'] }, 400, { code: 'OWNER_INVALID', field: 'owners[1]' }],
    [{ owners: ['#engine'] }, 403, { code: 'OWNER_RESERVED', field: 'owners[0]' }],
    [{ owners: ['ann'], asset: 'G' }, 400, { code: 'ASSET_INVALID', field: 'asset' }],
    [{ owners: ['ann'], at: 'noon' }, 400, { code: 'QUERY_INVALID', field: 'at' }],
    [{ owners: ['ann'], at: -1 }, 400, { code: 'QUERY_INVALID' }],
    [{ owners: ['ann'], when: 1 }, 400, { code: 'COMMAND_INVALID', field: 'when' }],
    [{ owners: Array(21).fill('ann') }, 413, { code: 'BATCH_TOO_LARGE', field: 'owners' }],
  ];
  for (const [asked, code, problem] of wrong)
    t.match(await server.ask(POST, asked), { status: code, body: problem }, JSON.stringify(asked));
  for (const bytes of ['', '\xc1', '\x92\x01', '\x91'.repeat(50) + '\x01']) {
    const answer = await fetch(`${address}/v1/balances`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${server.key}`, 'Content-Type': type },
      body: Buffer.from(bytes, 'latin1'),
    });
    t.match(await answer.json(), { status: 400, code: 'BODY_INVALID' });
  }

  const shop = await caller(server, 'shop', { assets: ['tin'] });
  const own = await shop.ask(POST, { owners: ['user1', 'user3'] });
  const assets = own.body.balances.flatMap(({ accounts }: any) =>
    accounts.map(({ asset }: any) => asset),
  );
  t.same(assets, ['tin', 'tin'], 'a platform is told of its own assets');
  const foreign = await shop.ask(POST, { owners: ['user1'], asset: 'gold' });
  t.match(foreign, { status: 403, body: { code: 'ASSET_FORBIDDEN', field: 'asset' } });
  t.equal((await shop.sign(POST, { owners: ['user1'] })).status, 200);
  const slow = await operator(server, ['read'], { rate: { limit: 10, seconds: 3_600 } });
  t.equal((await bare(address, POST, { owners: users.slice(0, 8) }, slow)).status, 200);
  const tooMany = await bare(address, POST, { owners: users.slice(0, 8) }, slow);
  t.match(tooMany, { status: 429, body: { code: 'RATE_LIMITED' } }, 'each owner counts');
});
