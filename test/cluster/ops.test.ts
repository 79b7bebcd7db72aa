// What is shipped in ops/ works: the server takes its files, two nodes work together with the rights that it gives, and no more.

import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'nats';
import t from 'tap';
import { open, readCluster } from '../../engine/index.js';
import { freePort } from '../fixtures/nats-server.js';
import { available, leg, move, ownersOf } from '../movements.js';
import { ROOT } from '../setup.js';
import { temporaryFolder } from '../temporary.js';

const CONFIGURATION = join(ROOT, 'ops', 'nats-server.conf');
const env = { ...process.env, JIFEN_NATS_PASSWORD_A: 'p-one', JIFEN_NATS_PASSWORD_B: 'p-two' };

t.test('two nodes with the shipped files', async (t) => {
  const checked = spawnSync('nats-server', ['-t', '-c', CONFIGURATION], { env, encoding: 'utf8' });
  t.equal(checked.status, 0, checked.stderr);
  const path = temporaryFolder(t);
  const port = await freePort();
  const place = ['-a', '127.0.0.1', '-p', `${port}`];
  const server = spawn('nats-server', ['-c', CONFIGURATION, ...place], { env, stdio: 'ignore' });
  t.teardown(() => {
    server.kill('SIGKILL');
  });
  const description = readCluster(readFileSync(join(ROOT, 'ops', 'cluster.json'), 'utf8'));
  const node = (name: string, password: string) =>
    open({
      folder: join(path, name),
      cacheMb: 64,
      cluster: { nats: `nats://${name}:${password}@127.0.0.1:${port}`, node: name, description },
    });
  const [a, b] = await Promise.all([node('a', 'p-one'), node('b', 'p-two')]);
  t.teardown(() => Promise.all([a.close(), b.close()]));
  await b.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const names = ownersOf(a).flat();
  for (const name of names) t.ok((await a.submit(move('e', leg('@issue', name, 10)))).ok);
  for (const [i, from] of names.entries()) {
    const to = names[(i + 1) % names.length] as string;
    t.ok((await b.submit(move('g', leg(from, to, 1)), { timeoutMs: 10_000 })).ok);
  }
  for (const name of names) t.equal(await available(b, name), 10);
  const bus = [...(await a.stats()).shards, ...(await b.stats()).shards].map(({ bus }) => bus);
  t.ok(bus.every(({ connected, dropped }) => connected === 1 && dropped === 0));

  const asA = await connect({ servers: `127.0.0.1:${port}`, user: 'a', pass: 'p-one' });
  const denied = new Promise<string>((resolve) => {
    asA.subscribe('jifen.shard.2', { callback: (error) => resolve(error?.message ?? 'heard') });
  });
  t.match(await denied, /Permissions Violation/i, 'a node cannot listen in the place of another');
  await asA.close();
  await t.rejects(connect({ servers: `127.0.0.1:${port}` }), /AUTHORIZATION/i);
});
