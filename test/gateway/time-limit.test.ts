// A caller's time limit bounds the whole answer, also while NATS hangs: which is noticed by unanswered pings only (http.H31, http.H32).

import t from 'tap';
import { readCluster } from '../../engine/index.js';
import { startServer } from '../../gateway/serve.js';
import { Cluster } from '../cluster/harness.js';
import { leg, move, ownersOf } from '../movements.js';
import { callerOf } from './callers.js';
import { bare } from './harness.js';

const TIMEOUT_MS = 500;
/** Of a call that is answered late. Another one whole would be more than the slack. */
const LATE_MS = 3_000;
/** What an answer may take beyond its limit: the engine's own looks, and a busy machine. */
const SLACK_MS = 2_000;

t.setTimeout(60_000);

t.test('NATS hangs', async (t) => {
  const cluster = await Cluster.make(t);
  const a = await startServer({ port: 0, engine: cluster.options('a') });
  const b = await startServer({ port: 0, engine: cluster.options('b') });
  t.teardown(async () => {
    await a.close();
    await b.close();
  });
  const admin = { Authorization: `Bearer ${a.adminKey.key}` };
  const ask = (call: string, body?: unknown, headers: Record<string, string> = admin) =>
    bare(a.address, call, body, headers);
  await ask('PUT /v1/assets/gold', { scale: 0 });
  const [[ann = ''] = [], [bob = ''] = [], [cat = ''] = [], [dan = ''] = []] = ownersOf(a.engine);
  for (const owner of [ann, bob, cat, dan]) {
    const earn = { id: 'e', legs: [leg('@issue', owner, 100)] };
    t.equal((await ask('POST /v1/transfers', earn)).status, 201);
    const hold = { id: 'h', owner, asset: 'gold', amount: 5 };
    t.equal((await ask('POST /v1/holds', hold)).status, 201);
  }
  const operations = ['read', 'earn', 'spend', 'transfer', 'redeem'];
  const made = await ask('POST /v1/keys', { name: 'k', operations, assets: ['gold'] });
  const key = { Authorization: `Bearer ${made.body.key}` };
  const grant = { id: 'shop', name: 'shop', assets: ['gold'], operations };
  const shop = await ask('POST /v1/platforms', grant);
  t.equal(shop.status, 201);
  const platform = callerOf(a.address, 'shop', shop.body.secret);

  cluster.nats.signal('SIGSTOP');
  t.teardown(() => cluster.nats.signal('SIGCONT'));
  const LIMIT = `timeoutMs=${TIMEOUT_MS}`;
  const gift = (id: string, from: string, to: string) => ({ id, legs: [leg(from, to, 1)] });
  const held = (owner: string) => `/v1/accounts/${owner}/holds/h`;
  const calls: readonly (readonly [string, unknown, Record<string, string>])[] = [
    [`POST /v1/transfers?${LIMIT}`, gift('1', ann, bob), key],
    [`POST /v1/transfers?${LIMIT}`, gift('2', bob, ann), key],
    [`POST /v1/transfers?${LIMIT}`, [gift('3', cat, dan), gift('4', dan, cat)], key],
    [`POST /v1/transfers?atomic=true&${LIMIT}`, [gift('5', '@issue', bob)], key],
    [`POST /v1/transfers?dryRun=true&${LIMIT}`, gift('6', ann, bob), key],
    [`POST /v1/transfers?dryRun=true&${LIMIT}`, gift('7', bob, ann), key],
    [`POST ${held(bob)}/capture?${LIMIT}`, { id: '8', to: '@redeem' }, key],
    [`POST ${held(ann)}/capture?${LIMIT}`, { id: '9', to: bob }, key],
    [`POST /v1/accounts/${bob}/transfers/e/reverse?${LIMIT}`, { id: '10' }, key],
    [`POST /v1/accounts/${ann}/transfers/e/reverse?${LIMIT}`, { id: '11' }, admin],
  ];
  const timed = async (what: string, asked: Promise<{ status: number }>) => {
    const begun = performance.now();
    const { status } = await asked;
    const ms = performance.now() - begun;
    t.ok(ms < TIMEOUT_MS + SLACK_MS, `${what}: ${status} after ${Math.round(ms)} ms`);
    t.ok([200, 201, 202, 422, 503].includes(status), `${what}: ${status}`);
  };
  await Promise.all([
    ...calls.map(([call, body, headers]) => timed(call, ask(call, body, headers))),
    // A signature's use is written down on one of all shards first.
    ...[bob, dan].map((to) => {
      const call = `POST /v1/transfers?${LIMIT}`;
      return timed(`signed, ${to}`, platform.sign(call, gift('12', '@issue', to)));
    }),
  ]);
});

t.test('a shard elsewhere that answers late that nothing is decided', async (t) => {
  const nodes = { a: { shards: '0' }, b: { shards: '1' }, c: { shards: '2' } };
  const description = readCluster(JSON.stringify({ shards: 3, nodes }));
  const cluster = await Cluster.make(t, '', description);
  const [a] = await Promise.all([cluster.node('a'), cluster.node('b')]);
  await a.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const [, [bob = ''] = [], [cat = ''] = []] = ownersOf(a);
  t.ok((await a.submit(move('e', leg('@issue', bob, 100)))).ok);
  cluster.nats.signal('SIGSTOP');
  setTimeout(() => cluster.nats.signal('SIGCONT'), 2_400);
  const begun = performance.now();
  const outcome = await a.submit(move('g', leg(bob, cat, 1)), { timeoutMs: LATE_MS });
  t.match(outcome, { code: 'PREPARED' }, 'c is not there to decide');
  const ms = performance.now() - begun;
  t.ok(ms < LATE_MS + SLACK_MS, `after ${Math.round(ms)} ms, whatever part of it the answer took`);
});
