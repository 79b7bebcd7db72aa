// What keys may do over a WebSocket, how much, what is written down of it, and when it ends.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Operation } from '../../gateway/auth/principal.js';
import { ALL } from './callers.js';
import { type Gateway, gateway, temporaryFolder } from './harness.js';
import { Talk } from './talk.js';

async function keyOf(server: Gateway, operations: readonly Operation[], more: object = {}) {
  const made = await server.ask('POST /v1/keys', { name: 'k', operations, ...more });
  return made.body as { readonly id: string; readonly key: string };
}

const earn = (id: string, asset = 'gold') => ({
  type: 'transfer',
  id,
  legs: [{ from: '@issue', to: 'ann', asset, amount: 1 }],
});
const codes = (answer: any) =>
  answer.outcomes.map(({ ok, code }: { ok: boolean; code?: string }) => (ok ? 'ok' : code));

t.test('what a key may do over a connection', async (t) => {
  const server = await gateway(t);
  for (const asset of ['gold', 'tin']) await server.ask(`PUT /v1/assets/${asset}`, { scale: 0 });
  const narrow = await keyOf(server, ['earn', 'read', 'admin'], { assets: ['gold'] });
  const talk = await Talk.open(server.port, narrow.key);
  await talk.nextOf('ready');
  const commands = [
    earn('A'),
    earn('B', 'tin'),
    { ...earn('C'), followUps: [{ legs: earn('', 'tin').legs }] },
    { ...earn('D'), condition: { owner: 'ann', asset: 'tin', availableAtLeast: 0 } },
    { type: 'transfer', legs: [{ from: 'ann', to: 'bob', asset: 'gold', amount: 1 }] },
    { type: 'define-asset', asset: 'gold', scale: 0, defaultExpiryMs: 5_000 },
    { type: 'put-record', owner: 'ann', recordType: 'r', key: 'k', value: '' },
    { type: 'put-record', owner: '#keys', recordType: 'key', key: narrow.id, value: '' },
    { type: 'freeze-account', owner: 'ann', asset: 'tin' },
    { type: 'freeze-account', owner: 'ann', asset: 'gold' },
  ];
  const forbidden = new Array(7).fill('STREAM_FORBIDDEN');
  t.same(codes(await talk.ask({ type: 'commands', id: 1, commands })), [
    'ok',
    ...forbidden,
    'STREAM_FORBIDDEN',
    'ok',
  ]);
  t.match(await talk.ask({ type: 'subscribe', id: 2, owner: 'ann' }), { code: 'STREAM_FORBIDDEN' });
  t.match(await talk.ask({ type: 'follow', id: 3, shard: 0, seq: 1 }), {
    code: 'STREAM_FORBIDDEN',
  });
  talk.close();
  const root = await Talk.open(server.port, server.key);
  await root.nextOf('ready');
  const record = { type: 'put-record', owner: '#keys', recordType: 'key', key: 'x', value: '' };
  t.same(codes(await root.ask({ type: 'commands', id: 1, commands: [record] })), [
    'OWNER_RESERVED',
  ]);
  root.close();
});

t.test('how much, and what is written down', async (t) => {
  const folder = join(temporaryFolder(t), 'logs');
  const server = await gateway(t, { logs: { folder } });
  await server.ask('PUT /v1/assets/gold', { scale: 0 });
  const { id, key } = await keyOf(server, ALL, { rate: { limit: 5, seconds: 3_600 } });
  const talk = await Talk.open(server.port, key);
  await talk.nextOf('ready');
  const batch = (...ids: string[]) => ({
    type: 'commands',
    id: 1,
    commands: ids.map((one) => earn(one)),
  });
  t.same(codes(await talk.ask(batch('A', 'B', 'C'))), ['ok', 'ok', 'ok']);
  t.match(await talk.ask(batch('D', 'E', 'F')), {
    type: 'error',
    code: 'RATE_LIMITED',
    status: 429,
  });
  t.same(codes(await talk.ask(batch('D', 'E'))), ['ok', 'ok']);
  const headers = { Authorization: `Bearer ${key}` };
  t.equal((await server.ask('GET /v1/accounts/ann', undefined, headers)).status, 429, 'one rate');
  talk.close();
  await talk.closed;
  await server.server.close();
  const [name = ''] = readdirSync(folder).filter((one) => one.startsWith('audit-'));
  const lines = readFileSync(join(folder, name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.match(
    lines.filter(({ what }) => what === 'commands /v1/stream'),
    [
      { who: `key:${id}`, ip: /127/, details: { commands: 3, refused: 0, ids: ['A', 'B', 'C'] } },
      { who: `key:${id}`, details: { commands: 2, refused: 0, ids: ['D', 'E'] } },
    ],
  );
});

t.test('a key that is revoked ends what it opened', async (t) => {
  const server = await gateway(t);
  await server.ask('PUT /v1/assets/gold', { scale: 0 });
  const { id, key } = await keyOf(server, ALL);
  const [watching, commanding] = [
    await Talk.open(server.port, key),
    await Talk.open(server.port, key),
  ];
  for (const talk of [watching, commanding]) await talk.nextOf('ready');
  watching.send({ type: 'subscribe', id: 1, owner: 'ann' });
  await watching.nextOf('balances');
  await server.ask(`POST /v1/keys/${id}/revoke`);
  commanding.send({ type: 'commands', id: 1, commands: [earn('REVOKED')] });
  t.equal((await commanding.closed).code, 4401);
  await server.ask('POST /v1/transfers', { id: 'A', legs: earn('A').legs });
  t.equal((await watching.closed).code, 4401);
  t.notOk(
    watching.came.some(({ type }) => type === 'entries'),
    'nothing more is told',
  );
  t.equal((await server.ask('GET /v1/accounts/ann/transfers/REVOKED')).status, 404);
  await t.rejects(Talk.open(server.port, key), /401/);
});
