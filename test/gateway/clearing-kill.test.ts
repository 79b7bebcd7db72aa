// Cycles of a clearing under SIGKILL: whatever is killed while one is cut, netted, frozen or closed, each is closed once, what was exchanged is netted
// once, and its statement is the one that was signed. JIFEN_LONG=1: many more kills.

import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { verifyBytes } from '../../gateway/clearing/signed-bytes.js';
import { campaign } from '../campaign.js';
import { MAIN, SIDES } from '../programme/coalition-world.js';
import { Random } from '../random.js';
import { until } from '../until.js';
import { bare } from './harness.js';
import { ServerProcess } from './server-process.js';

const kills = campaign({ name: 'kills while a cycle is closed', long: 200, sample: 4 });
/** A cycle takes about so long. */
const CLOSING_MS = 60;
const CYCLES = '/v1/clearing/main/cycles';
const PAIRS = [
  ['alpha', 'beta'],
  ['beta', 'alpha'],
  ['gamma', 'alpha'],
] as const;

t.test('each cycle is closed once, whoever is killed', async (t) => {
  const server = await ServerProcess.start(t, '--shards', '3', '--no-logs');
  const ask = (request: string, body?: unknown) =>
    bare(server.url, request, body, { Authorization: `Bearer ${server.key}` });
  for (const [asset, scale] of Object.entries({ alpha: 0, beta: 2, gamma: 0 }))
    await ask(`PUT /v1/assets/${asset}`, { scale });
  const documents = { 'coalition/main': MAIN } as Record<string, object>;
  for (const [asset, side] of Object.entries(SIDES)) documents[`exchanging/${asset}`] = side;
  for (const [at, document] of Object.entries(documents))
    await ask(`PUT /v1/definitions/${at}`, { state: 'active', document });
  const legs = Object.keys(SIDES).map((asset) => ({
    ...{ from: '@issue', to: 'ann', asset, amount: 1_000_000 },
  }));
  await ask('POST /v1/transfers', { legs, owner: 'ann' });
  /** What each platform owes another, by all exchanges. */
  const owed = new Map<string, number>();
  const add = (to: Map<string, number>, key: string, amount: number): void => {
    to.set(key, (to.get(key) ?? 0) + amount);
  };
  let n = 0;
  const exchange = async (random: Random): Promise<void> => {
    const [from, to] = random.pick(PAIRS);
    const said = { owner: 'ann', id: `x-${++n}`, from, to, amount: 200 + random.int(500) };
    const { effects } = await until('it is exchanged', async () => {
      const { body } = await ask('POST /v1/exchanges', said).catch(() => ({ body: undefined }));
      return body?.act ?? false;
    });
    add(owed, `${SIDES[from].platform} ${SIDES[to].platform} ${to}`, effects[0].result);
  };
  const close = () =>
    until('it is closed', async () => {
      const { status, body } = await ask(`POST ${CYCLES}`).catch(() => ({ status: 0, body: {} }));
      return status === 200 && body.state === 'closed';
    });
  for (const seed of kills.seeds) {
    const random = new Random(seed);
    for (let many = 1 + random.int(4); many > 0; many--) await exchange(random);
    const closing = ask(`POST ${CYCLES}`).catch(() => undefined);
    await pause(random.int(CLOSING_MS));
    await server.kill();
    await closing;
    await server.start();
    // Some go on exchanging before the cycle is closed.
    if (random.chance(0.5)) await exchange(random);
    await close();
  }
  await close();
  const { cycles } = (await ask(`GET ${CYCLES}`)).body;
  t.same(
    cycles.map(({ cycle, state }: any) => `${cycle} ${state}`),
    cycles.map((_: unknown, i: number) => `${i + 1} closed`),
  );
  t.ok(cycles.length > kills.count, `${cycles.length} cycles`);
  t.same((await ask('GET /v1/clearing/main')).body.debts, [], 'nothing is left');
  const { body: keys } = await ask('GET /.well-known/jwks.json');
  const netted = new Map<string, number>();
  for (const { cycle } of cycles) {
    const path = `${CYCLES}/${cycle}/statement.json`;
    const [told, jws] = [await ask(`GET ${path}`), await ask(`GET ${path}.jws`)];
    t.match(await verifyBytes(Buffer.from(told.text), jws.text, keys), { cycle });
    const { debts, positions } = JSON.parse(told.text);
    t.same(debts, (await ask(`GET ${CYCLES}/${cycle}`)).body.debts, 'as it is worked out anew');
    const nets = positions.map(({ net }: any) => BigInt(Math.round(Number(net) * 1e9)));
    t.equal(
      nets.reduce((sum: bigint, net: bigint) => sum + net, 0n),
      0n,
      'it sums to zero',
    );
    for (const { debtor, creditor, asset, amount } of debts)
      add(netted, `${debtor} ${creditor} ${asset}`, amount);
  }
  t.same(Object.fromEntries([...netted].sort()), Object.fromEntries([...owed].sort()));
  await server.kill();
  t.same((await verifyFolder(server.folder)).problems, []);
});
