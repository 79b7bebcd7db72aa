// Webhooks of a cluster: whichever node was asked, each node tells what its own shards say, and every event comes once.

import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { SECRETS_KEY_FILE } from '../../engine/index.js';
import { type Server, startServer } from '../../gateway/serve.js';
import { bare } from '../gateway/harness.js';
import { listening } from '../gateway/listening.js';
import { until } from '../until.js';
import { Cluster } from './harness.js';

const OWNERS = Array.from({ length: 24 }, (_, n) => `m${n}`);

t.test('two nodes tell one receiver what happens on the shards of each', async (t) => {
  const cluster = await Cluster.make(t);
  const start = (node: string): Promise<Server> =>
    startServer({
      ...{ port: 0, webhookHosts: ['127.0.0.1'], limits: { accessRefreshMs: 100 } },
      engine: cluster.options(node),
    });
  const a = await start('a');
  mkdirSync(cluster.folder('b'), { recursive: true });
  copyFileSync(
    join(cluster.folder('a'), SECRETS_KEY_FILE),
    join(cluster.folder('b'), SECRETS_KEY_FILE),
  );
  let b = await start('b');
  t.teardown(async () => {
    await a.close();
    await b.close();
  });
  const ask = (server: Server, request: string, body?: unknown) =>
    bare(server.address, request, body, { Authorization: `Bearer ${server.adminKey.key}` });
  await until('both are ready', async () => {
    const answers = await Promise.all([a, b].map((one) => ask(one, 'GET /readyz')));
    return answers.every(({ status }) => status === 200);
  });
  await ask(a, 'PUT /v1/assets/gold', { scale: 0 });
  const at = await listening(t);
  const made = await ask(a, 'POST /v1/webhooks', { url: at.url, types: ['points.*'] });
  t.equal(made.status, 201);
  const path = `/v1/webhooks/${made.body.id}`;
  const shardsAt = async (server: Server): Promise<unknown> =>
    (await ask(server, `GET ${path}`)).body.shards?.map(({ shard }: { shard: number }) => shard);
  await until('the other node knows of it', async () => (await shardsAt(b)) !== undefined);
  t.same(await shardsAt(a), [0, 2]);
  t.same(await shardsAt(b), [1, 3]);
  const earn = async (round: number): Promise<void> => {
    for (const [n, owner] of OWNERS.entries()) {
      const legs = [{ from: '@issue', to: owner, asset: 'gold', amount: 1 }];
      const posted = await ask(n % 2 === 0 ? a : b, 'POST /v1/transfers', { id: `${round}`, legs });
      if (posted.status !== 201) t.fail(posted.text);
    }
  };
  await earn(1);
  await until('all is told', () => at.arrived.length >= OWNERS.length);
  t.same(at.arrived.map(({ event }) => event.subject).sort(), [...OWNERS].sort());
  const sources = new Set(at.arrived.map(({ event }) => event.source));
  t.same(
    [...sources].sort(),
    [0, 1, 2, 3].map((shard) => `/jifen/shards/${shard}`),
  );
  await ask(b, `POST ${path}/pause`);
  await until('it is paused everywhere', async () => {
    const found = await Promise.all([a, b].map((one) => ask(one, `GET ${path}`)));
    return found.every(({ body }) => body.halted === 'paused');
  });
  await earn(2);
  await b.close();
  b = await start('b');
  t.equal(at.arrived.length, OWNERS.length, 'nothing was told meanwhile');
  await until('it can be asked', async () => (await ask(b, `POST ${path}/resume`)).status === 200);
  await until('the rest is told', () => at.arrived.length >= 2 * OWNERS.length);
  const ids = at.arrived.map(({ event }) => event.id);
  t.equal(new Set(ids).size, ids.length, 'each once');
  t.equal(ids.length, 2 * OWNERS.length);
});
