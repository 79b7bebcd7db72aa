// Transfers between shards over HTTP: 201 where decided in time, else 202 with the place to ask at.

import t from 'tap';
import { until } from '../until.js';
import { gateway } from './harness.js';

t.test('between shards', async (t) => {
  const { server, ask } = await gateway(t, { engine: { shards: 2, folder: '' } });
  const { engine } = server;
  const far = (owner: string): string => {
    for (let n = 0; ; n++) if (engine.shardOf(`u${n}`) !== engine.shardOf(owner)) return `u${n}`;
  };
  const to = far('alice');
  await ask('PUT /v1/assets/shop', { scale: 0 });
  await ask('POST /v1/transfers', {
    legs: [{ from: '@issue', to: 'alice', asset: 'shop', amount: 100 }],
  });
  const gift = (id: string, amount: number) => ({
    id,
    legs: [{ from: 'alice', to, asset: 'shop', amount }],
  });

  const decided = await ask('POST /v1/transfers?timeoutMs=30000', gift('g1', 30));
  t.equal(decided.status, 201);
  t.match(decided.body, {
    id: 'g1',
    replayed: false,
    entries: [{ owner: 'alice', delta: -30, available: 70 }],
  });

  const open = await ask('POST /v1/transfers?timeoutMs=0', gift('g2', 30));
  t.ok(open.status === 202 || open.status === 201, `${open.status}`);
  if (open.status === 202) {
    t.match(open.body, { id: 'g2', state: 'prepared' });
    t.equal(open.headers.get('location'), '/v1/accounts/alice/transfers/g2');
  }
  const repeated = await ask('POST /v1/transfers?timeoutMs=30000', gift('g2', 30));
  t.ok(repeated.status === 200 || repeated.status === 201, 'the id may be repeated at any time');
  const read = await ask('GET /v1/accounts/alice/transfers/g2');
  t.match(read.body, {
    state: 'posted',
    command: { type: 'transfer', id: 'g2' },
    outcome: { id: 'g2' },
  });

  t.equal((await ask('POST /v1/transfers', gift('g2', 31))).status, 409, 'for the same transfer');
  const short = await ask('POST /v1/transfers', gift('g3', 41));
  t.match(short, { status: 422, body: { code: 'POINTS_SHORT' } });
  const refused = await ask('GET /v1/accounts/alice/transfers/g3');
  t.match(refused.body, { state: 'refused', outcome: { code: 'POINTS_SHORT' } });

  const batch = await ask('POST /v1/transfers?timeoutMs=0', [gift('g4', 1), gift('g5', 1)]);
  t.equal(batch.status, 200);
  for (const item of batch.body) t.ok([200, 201, 202].includes(item.status), `${item.status}`);
  await ask('POST /v1/transfers?timeoutMs=30000', [gift('g4', 1), gift('g5', 1)]);
  t.match((await ask('GET /v1/accounts/alice')).body, { accounts: [{ available: 38, held: 0 }] });
  t.match((await ask(`GET /v1/accounts/${to}`)).body, { accounts: [{ available: 62, held: 0 }] });

  await ask('POST /v1/holds', { id: 'h', owner: 'alice', asset: 'shop', amount: 30 });
  const take = 'POST /v1/accounts/alice/holds/h/capture?timeoutMs=';
  const taking = { id: 'k', to, amount: 20, releaseRest: true };
  t.ok([201, 202].includes((await ask(`${take}0`, taking)).status));
  t.match(await ask(`${take}30000`, taking), { body: { id: 'k', hold: { remaining: 0 } } });
  const undo = 'POST /v1/accounts/alice/transfers/k/reverse?timeoutMs=';
  const undone = await ask(`${undo}0`, { id: 'r' });
  t.ok([201, 202].includes(undone.status), `${undone.status}`);
  t.match(await ask(`${undo}30000`, { id: 'r' }), { body: { id: 'r', entries: [{}, {}] } });
  t.equal((await ask(`${undo}30000`, { id: 'r2' })).body.code, 'ALREADY_REVERSED');
  t.match((await ask('GET /v1/accounts/alice')).body, { accounts: [{ available: 38, held: 0 }] });

  const bonus = { legs: [{ from: '@issue', to, asset: 'shop', amount: 3 }] };
  t.equal((await ask('POST /v1/transfers', { ...gift('g7', 1), followUps: [bonus] })).status, 201);
  const followed = await until('it has followed', async () => {
    const found = await ask(`GET /v1/accounts/${to}/transfers/%3Ealice%3Eg7%3E1`);
    return found.status !== 404 && found;
  });
  t.match(followed.body, { state: 'posted', outcome: { entries: [{}, { delta: 3 }] } });
  const odd = await ask('POST /v1/transfers', {
    ...gift('g8', 1),
    followUps: [{ ...bonus, id: 'x' }],
  });
  t.match(odd, { status: 400, body: { field: 'followUps[0].id' } });

  for (const value of ['x', '-1', '60001', '1.5']) {
    const answer = await ask(`POST /v1/transfers?timeoutMs=${value}`, gift('g6', 1));
    t.match(answer, { status: 400, body: { code: 'QUERY_INVALID', field: 'timeoutMs' } }, value);
  }
  t.match((await ask('GET /metrics')).text, /jifen_shard_open_transfers\{shard="1"\} 0/);
});
