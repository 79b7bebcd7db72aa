// What nodes may hear on NATS is what they subscribe to, to the subject (cluster.N12), and the file that ops/ ships says so.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { heardSubjects } from '../../engine/cluster/permissions.js';
import { natsUsers, open, passwordVariable, readCluster } from '../../engine/index.js';
import { freePort } from '../fixtures/nats-server.js';
import { run } from '../gateway/program.js';
import { ROOT } from '../setup.js';
import { temporaryFolder } from '../temporary.js';
import { Cluster } from './harness.js';

t.test('every subscription of a node is permitted, and every permission is used', async (t) => {
  const port = await freePort();
  const description = readCluster(
    JSON.stringify({
      name: 'Points-2',
      shards: 3,
      nodes: { 'north-1': { shards: '0,2' }, south: { shards: '1' } },
    }),
  );
  for (const node of description.nodes.keys()) process.env[passwordVariable(node)] = `p-${node}`;
  const settings = `http: "127.0.0.1:${port}"\n${natsUsers(description)}`;
  const cluster = await Cluster.make(t, settings, description);
  const url = (node: string) => `nats://${node}:p-${node}@127.0.0.1:${cluster.nats.port}`;
  for (const node of description.nodes.keys()) {
    const { cluster: options, ...rest } = cluster.options(node);
    if (options === undefined) throw new Error('no cluster');
    const engine = await open({ ...rest, cluster: { ...options, nats: url(node) } });
    cluster.engines.set(node, engine);
  }
  const response = await fetch(`http://127.0.0.1:${port}/connz?subs=1&auth=1`);
  const { connections } = (await response.json()) as {
    connections: { authorized_user: string; subscriptions_list?: string[] }[];
  };
  for (const node of description.nodes.keys()) {
    const heard = connections
      .filter(({ authorized_user }) => authorized_user === node)
      .flatMap(({ subscriptions_list = [] }) => subscriptions_list)
      .map((subject) => subject.replace(/^(Points-2\.node\.[^.]+)\..*$/, '$1.>'));
    t.same([...new Set(heard)].sort(), [...heardSubjects(description, node)].sort(), node);
  }
});

t.test('the shipped file is what the command prints', async (t) => {
  const { code, out } = await run(ROOT, 'cluster', 'nats', join('ops', 'cluster.json'));
  t.equal(code, 0);
  t.equal(out, readFileSync(join(ROOT, 'ops', 'nats-users.conf'), 'utf8'));
});

t.test('what is wrong is named', async (t) => {
  const folder = temporaryFolder(t);
  const file = (text: string): string => {
    const path = join(folder, `${text.length}.json`);
    writeFileSync(path, text);
    return path;
  };
  const nodes = { 'a-b': { shards: '0' }, A_b: { shards: '1' } };
  for (const [args, line] of [
    [[], /<file> is missing/],
    [[join(folder, 'none.json')], /<file> .*none\.json: file: ENOENT/],
    [[file('{}')], /: shards: must be a whole number/],
    [
      [file(JSON.stringify({ shards: 2, nodes }))],
      /: nodes\.A_b: JIFEN_NATS_PASSWORD_A_B is the password of node a-b/,
    ],
  ] as const) {
    t.match(await run(folder, 'cluster', 'nats', ...args), { code: 2, out: '', err: line });
  }
});
