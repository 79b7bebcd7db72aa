// Replicas of one cluster's nodes, under load: killed, stopped and woken, cut off from the log of record, with their disk lost. Nothing that was
// acknowledged is lost or doubled, and who led before neither answers nor appends.

import t from 'tap';
import { verifyRecord } from '../../engine/index.js';
import { PostgresPair } from '../fixtures/postgres.js';
import { Client } from '../nodes/client.js';
import { slowly, until } from '../until.js';
import { Callers } from './callers.js';
import { type ReplicaProcess, Replicas } from './replicas.js';

const pair = await PostgresPair.start();
t.teardown(() => pair.stop());
const replicas = await Replicas.start(t, pair, { a: 2, b: 1 });
const urls = replicas.of('a').map(({ url }) => url);
const callers = new Callers(urls, replicas.key, 'x');
t.teardown(() => callers.close());
await callers.client.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
callers.begin(2);

/** Another replica of node a leads, and answers; how long that took is said. */
async function replaced(what: string, old: ReplicaProcess, since: number): Promise<ReplicaProcess> {
  await slowly(`another one leads after ${what}`, async () => {
    const { leader } = await replicas.seat('a');
    return leader !== null && leader !== old.name;
  });
  await until('it answers', () => callers.times.some((time) => time > since + 200));
  const before = callers.times.length;
  await until('and goes on', () => callers.times.length > before + 40);
  t.comment(`${what}: ${callers.backAfter(since)} ms without an answer`);
  return replicas.leader('a');
}

t.test('a leader that is killed, and whose disk is lost', async (t) => {
  await until('load', () => callers.times.length > 50);
  const old = await replicas.leader('a');
  const since = Date.now();
  await old.kill();
  const leader = await replaced('SIGKILL', old, since);
  t.not(leader.name, old.name);
  old.loseDisk();
  void old.launch();
  await replicas.settled();
  t.equal((await replicas.seat('a')).replicas.length, 2, 'it follows again');
});

t.test('a leader that is stopped, and wakes', async (t) => {
  const old = await replicas.leader('a');
  const { pid } = old;
  const asked = new Client({ port: old.port, key: replicas.key }, 60_000);
  t.teardown(() => asked.close());
  t.equal((await asked.ask('GET /v1/accounts/u1')).status, 200);
  const since = Date.now();
  old.freeze();
  const legs = [{ from: '@issue', to: 'u1', asset: 'gold', amount: 1 }];
  // What it has got when it wakes.
  const late = [
    asked.ask('GET /v1/accounts/u1'),
    asked.ask('POST /v1/transfers', { id: 'late', legs }),
    asked.ask('GET /v1/accounts/u1/entries?asset=gold'),
  ].map((one) => one.then(({ status }) => status).catch(() => 0));
  await replaced('SIGSTOP', old, since);
  old.thaw();
  for (const status of await Promise.all(late))
    t.not(status >= 200 && status < 300, true, `who wakes answers nothing: ${status}`);
  await replicas.settled();
  t.equal(old.pid, pid, 'and follows, in the same process');
});

t.test('a leader that is cut off from the log of record', async (t) => {
  const old = await replicas.leader('a');
  const { pid } = old;
  const since = Date.now();
  old.way.cut();
  await replaced('cut off', old, since);
  old.way.heal();
  await replicas.settled();
  t.equal(old.pid, pid);
});

t.test('nothing is lost, nothing is doubled', async (t) => {
  await callers.end();
  t.strictSame(await callers.lost(), []);
  t.strictSame(callers.wrong, []);
  const count = [...callers.acknowledged.values()].reduce((sum, ids) => sum + ids.length, 0);
  t.comment(`${count} acknowledged`);
  await Promise.all(replicas.all.map((replica) => replica.stop()));
  t.ok(
    (await verifyRecord({ url: replicas.recordUrl })).every((seq) => seq > 0),
    'one chain each',
  );
});
