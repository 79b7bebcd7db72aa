// The program as one node of several: its options, and two processes that work together.

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { natsPlace } from '../../engine/index.js';
import { clusterOption } from '../../gateway/cli/cluster.js';
import { NatsServer } from '../fixtures/nats-server.js';
import { PROGRAM, run } from '../gateway/program.js';
import { temporaryFolder } from '../temporary.js';

function described(t: Test): string {
  const folder = temporaryFolder(t);
  const nodes = { a: { shards: '0' }, b: { shards: '1' } };
  writeFileSync(join(folder, 'cluster.json'), JSON.stringify({ shards: 2, nodes }));
  writeFileSync(join(folder, 'gap.json'), JSON.stringify({ shards: 3, nodes }));
  return folder;
}

t.test('wrong arguments: exit 2 and one line', async (t) => {
  const cwd = described(t);
  const all = ['--nats', 'nats://127.0.0.1:1', '--node', 'a', '--cluster', 'cluster.json'];
  for (const [args, line] of [
    [['--node', 'a'], /given together or not at all/],
    [['--shards-here', '0'], /given together or not at all/],
    [all.slice(0, 4), /given together or not at all/],
    [[...all, '--nats', 'http://x'], /--nats: must be nats:/],
    [[...all, '--nats', 'nats://'], /--nats: must be nats:/],
    [[...all, '--cluster', 'none.json'], /--cluster none\.json: file: ENOENT/],
    [[...all, '--cluster', 'gap.json'], /--cluster gap\.json: nodes: no node has shard 2/],
    [[...all, '--node', 'c'], /--node: node: there is no node c; there are: a, b/],
    [[...all, '--shards', '4'], /--shards is 4, and the cluster has 2/],
    [[...all, '--shards-here', '1'], /--shards-here is 1, and the cluster's node a has 0/],
    [[...all, '--shards-here', '0-9'], /--shards-here: shards: there is no shard 9 of 2/],
  ] as const) {
    const { code, err } = await run(cwd, 'start', ...args);
    t.equal(code, 2, args.join(' '));
    t.match(err, line);
    t.match(err, /^jifen: [^\n]+\n$/, 'one line');
  }
});

t.test('the password of a node comes from its environment', async (t) => {
  const cluster = join(described(t), 'cluster.json');
  const placeOf = (nats: string) => {
    const options = { nats, node: 'a', cluster };
    const found = clusterOption({ options, operands: [] }, AbortSignal.abort(), undefined);
    return found && natsPlace(found.nats);
  };
  const server = '127.0.0.1:4222';
  t.match(placeOf(`nats://${server}`), { server, user: undefined, password: undefined });
  for (const password of ['p1', 'p%zz', 'p:/@?#[] é"\\', '%41']) {
    process.env['JIFEN_NATS_PASSWORD_A'] = password;
    t.match(placeOf(`nats://${server}`), { server, user: 'a', password });
    t.match(placeOf(`nats://x:y@${server}`), { user: 'x', password: 'y' }, 'what is said counts');
  }
  delete process.env['JIFEN_NATS_PASSWORD_A'];
});

/** A node's process: what it says, and its end. */
class Node {
  readonly child: ChildProcess;
  said = '';
  readonly ended: Promise<number | null>;

  constructor(t: Test, cwd: string, node: string, nats: string) {
    const args = ['start', '--folder', node, '--port', '0', '--nats', nats, '--node', node];
    this.child = spawn(process.execPath, [PROGRAM, ...args, '--cluster', 'cluster.json'], { cwd });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.setEncoding('utf8').on('data', (part: string) => {
        this.said += part;
      });
    this.ended = new Promise((resolve) => this.child.once('close', resolve));
    t.teardown(() => this.child.kill('SIGKILL'));
  }

  async heard(what: RegExp): Promise<string> {
    for (;;) {
      const found = what.exec(this.said);
      if (found !== null) return found[1] ?? '';
      if (this.child.exitCode !== null) throw new Error(`ended: ${this.said}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

t.test('two processes', async (t) => {
  const cwd = described(t);
  const nats = await NatsServer.start();
  t.teardown(() => nats.close());
  await nats.kill();
  const a = new Node(t, cwd, 'a', nats.url);
  const b = new Node(t, cwd, 'b', nats.url);
  await a.heard(/jifen: waiting for NATS/);
  await b.heard(/jifen: waiting for NATS/);
  a.child.kill('SIGTERM');
  t.equal(await a.ended, 0, 'who waits can be stopped');
  t.match(a.said, /Stopped while waiting for NATS/);
  await nats.restart();
  const again = new Node(t, cwd, 'a', nats.url);
  const addresses = [await again.heard(/Listening on (\S+)/), await b.heard(/Listening on (\S+)/)];
  t.match(b.said, /2 shards \(here 1\)/);
  const keys = ['a', 'b'].map((node) => readFileSync(join(cwd, node, 'admin.key'), 'utf8').trim());
  const ask = async (at: number, path: string, body?: object) => {
    const response = await fetch(`${addresses[at]}${path}`, {
      method: body === undefined ? 'GET' : path.includes('assets') ? 'PUT' : 'POST',
      headers: { Authorization: `Bearer ${keys[at]}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, text: await response.text() };
  };
  t.equal((await ask(1, '/v1/assets/gold', { scale: 0 })).status, 200);
  for (let i = 0; i < 8; i++) {
    const legs = [{ from: '@issue', to: `u${i}`, asset: 'gold', amount: 100 }];
    t.equal((await ask(i % 2, '/v1/transfers', { id: 'earn', legs })).status, 201);
  }
  for (let i = 0; i < 8; i++) {
    const legs = [{ from: `u${i}`, to: `u${(i + 1) % 8}`, asset: 'gold', amount: 10 }];
    const moved = await ask(i % 2, '/v1/transfers?timeoutMs=10000', { id: 'gift', legs });
    t.equal(moved.status, 201);
  }
  for (let i = 0; i < 8; i++)
    t.match((await ask(1 - (i % 2), `/v1/accounts/u${i}`)).text, /"available":100/);
  t.match((await ask(0, '/metrics')).text, /jifen_bus_connected\{connection="shard-0"\} 1/);
  for (const node of [again, b]) {
    node.child.kill('SIGTERM');
    t.equal(await node.ended, 0);
  }
});
