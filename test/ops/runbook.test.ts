// The runbook, word for word: its commands are run in order, with real processes, and what they show is what it says. Between
// its sections happens what they are for: points move, a node is killed, a disk is lost, NATS goes away.

import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { slotOf } from '../../engine/protocol/hash.js';
import { inProcess } from '../../gateway/partners/sandbox/in-process.js';
import { startSandbox } from '../../gateway/partners/sandbox/server.js';
import { freePort } from '../fixtures/nats-server.js';
import { ROOT } from '../setup.js';
import { temporaryFolder } from '../temporary.js';
import { isQuoted, patternOf, runbookBlocks, Shell } from './runbook.js';

const SHARDS = 6;
/** How long it may take until nodes that have met again agree. */
const SETTLE_MS = 20_000;
const hasTools = ['curl', 'openssl'].every(
  (tool) => spawnSync(tool, ['version']).error === undefined,
);

/** A user on each shard, and what each has: 100 at first. */
const users = Array.from({ length: SHARDS }, (_, shard) => {
  for (let n = 0; ; n++) if (slotOf(`user${n}`) % SHARDS === shard) return `user${n}`;
});

/** The cluster as the runbook set it up. */
class Cluster {
  readonly data: string;
  readonly #ports: ReadonlyMap<string, number>;
  #moves = 0;
  readonly expected = new Map(users.map((user) => [user, 0]));

  constructor(data: string, ports: ReadonlyMap<string, number>) {
    this.data = data;
    this.#ports = ports;
  }

  async ask(node: string, method: string, path: string, body?: unknown) {
    const key = readFileSync(join(this.data, node, 'admin.key'), 'utf8').trim();
    const response = await fetch(`http://127.0.0.1:${this.#ports.get(node)}${path}`, {
      method,
      headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: JSON.parse(text) as Record<string, any> };
  }

  /** Moves points, asking again with the same id as callers do; the last status. */
  async move(node: string, from: string, to: string, amount: number): Promise<number> {
    const id = `move-${++this.#moves}`;
    const legs = [{ from, to, asset: 'points', amount }];
    const until = performance.now() + SETTLE_MS;
    for (;;) {
      const { status } = await this.ask(node, 'POST', '/v1/transfers', { id, legs });
      const isOpen = status === 202 || status === 503;
      if (isOpen && performance.now() < until) {
        await sleep(50);
        continue;
      }
      if (status < 400) {
        this.#add(from, -amount);
        this.#add(to, amount);
      }
      return status;
    }
  }

  #add(user: string, amount: number): void {
    const had = this.expected.get(user);
    if (had !== undefined) this.expected.set(user, had + amount);
  }

  /** Every user gives the next one a point, so every shard hears of others. */
  async round(t: Test, node: string): Promise<void> {
    for (const [i, user] of users.entries()) {
      const next = users[(i + 1) % SHARDS] as string;
      t.equal(await this.move(node, user, next, 1 + i), 201, `${user} to ${next} through ${node}`);
    }
  }

  async agrees(t: Test, node: string): Promise<void> {
    const until = performance.now() + SETTLE_MS;
    for (const [user, amount] of this.expected) {
      for (;;) {
        const { body } = await this.ask(node, 'GET', `/v1/accounts/${user}`);
        const [account] = body['accounts'] ?? [];
        if (account?.available !== amount && performance.now() < until) {
          await sleep(50);
          continue;
        }
        t.match(body, { accounts: [{ available: amount, held: 0 }] }, `${user} through ${node}`);
        break;
      }
    }
  }

  /** The process that serves a folder, and where. */
  served(folder: string): { readonly pid: number; readonly address: string } {
    return JSON.parse(readFileSync(join(this.data, folder, 'server.json'), 'utf8'));
  }

  /** Waits until what a path of a node shows has it; that. */
  async sees(address: string, path: string, what: RegExp): Promise<string> {
    const until = performance.now() + SETTLE_MS;
    for (;;) {
      const text = await (await fetch(`${address}${path}`)).text();
      if (what.test(text)) return text;
      if (performance.now() > until) throw new Error(`${path} of ${address}: ${text}`);
      await sleep(50);
    }
  }

  /** SIGKILL. */
  async kill(folder: string): Promise<void> {
    const { pid } = this.served(folder);
    process.kill(pid, 'SIGKILL');
    while (spawnSync('kill', ['-0', `${pid}`]).status === 0) await sleep(20);
  }
}

/** A suspended node, and a copy of it that was started in its place. */
async function servedTwice(t: Test, cluster: Cluster, shell: Shell): Promise<void> {
  await shell.run(
    'npx jifen backup "$DATA/b" "$DATA/twin" && cp -p "$DATA/b/secrets.key" "$DATA/twin/"',
  );
  const first = cluster.served('b');
  process.kill(first.pid, 'SIGSTOP');
  await shell.run(`npx jifen start --folder "$DATA/twin" --port 0 --node b \\
    --cluster "$DATA/cluster.json" --nats "nats://127.0.0.1:$NATS_PORT" >> "$DATA/twin.log" 2>&1 &
    until [ -f "$DATA/twin/server.json" ]; do sleep 0.1; done`);
  const second = cluster.served('twin');
  process.kill(first.pid, 'SIGCONT');
  for (const [here, there] of [
    [first, second],
    [second, first],
  ] as const) {
    const said = await cluster.sees(here.address, '/readyz', /is served by/);
    const { reasons } = JSON.parse(said) as { reasons: string[] };
    t.ok(reasons.some((reason) => reason.includes(`process ${there.pid}`) && isQuoted(reason)));
  }
  const said = await cluster.sees(cluster.served('a').address, '/health', /served twice/);
  const { nodes } = (JSON.parse(said) as { components: { nodes: { detail: string } } }).components;
  t.ok(isQuoted(nodes.detail), nodes.detail);
  await cluster.kill('twin');
  await cluster.sees(first.address, '/readyz', /"ready":true|rolled back/);
}

t.test('npx finds the program', async (t) => {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const { stdout } = spawnSync('npx', ['jifen', '--version'], { cwd: ROOT, encoding: 'utf8' });
  t.equal(stdout.trim(), version);
});

t.test('the runbook', { skip: hasTools ? false : 'no curl and openssl here' }, async (t) => {
  const folder = temporaryFolder(t);
  const data = join(folder, 'data');
  const env: Record<string, string> = { DATA: data, NATS_PORT: `${await freePort()}` };
  const ports = new Map<string, number>();
  for (const node of ['a', 'b', 'c', 'd']) {
    const port = await freePort();
    ports.set(node, port);
    env[node.toUpperCase()] = `${port}`;
  }
  const shell = new Shell(folder, env);
  t.teardown(() => shell.close());
  const cluster = new Cluster(data, ports);
  let moved: Promise<number> | undefined;
  let backedUp = new Map<string, number>();

  /** What happens before a section's commands. */
  const before: Record<string, (t: Test) => Promise<void>> = {
    'Stop, start, upgrade': async (t) => {
      for (const user of users) t.equal(await cluster.move('a', '@issue', user, 100), 201);
      await cluster.round(t, 'b');
      const shop = { id: 'shop', name: 'Shop', assets: ['points'], operations: ['read'] };
      t.equal((await cluster.ask('c', 'POST', '/v1/platforms', shop)).status, 201);
    },
    'A node is down': async (t) => {
      await cluster.kill('b');
      const [here, there, alsoThere] = [users[0], users[2], users[3]] as [string, string, string];
      // It is finished when node b is back.
      moved = cluster.move('a', here, there, 1);
      t.equal(await cluster.move('a', here, users[4] as string, 1), 201, 'the others go on');
      const { status, body } = await cluster.ask('a', 'GET', `/v1/accounts/${alsoThere}`);
      t.match({ status, code: body['code'] }, { status: 503, code: 'SHARD_UNAVAILABLE' });
    },
    'NATS is down': async (t) => {
      t.ok([201, 504].includes((await moved) ?? 0), 'it was carried out, or is refused as late');
      await cluster.agrees(t, 'a');
      process.kill(Number(readFileSync(join(data, 'nats.pid'), 'utf8')), 'SIGKILL');
      const [here, there] = [users[0], users[1]] as [string, string];
      t.equal(await cluster.move('a', here, there, 1), 201, 'own shards are served');
      const { status } = await cluster.ask('a', 'GET', `/v1/accounts/${users[2]}`);
      t.equal(status, 503);
    },
    'A node cannot hear': async (t) => {
      const file = join(data, 'nats-users.conf');
      const users = readFileSync(file, 'utf8');
      writeFileSync(file, users.replace('"jifen.shard.3"\n', ''));
      process.kill(Number(readFileSync(join(data, 'nats.pid'), 'utf8')), 'SIGHUP');
      const { address } = cluster.served('b');
      const { reasons } = JSON.parse(await cluster.sees(address, '/readyz', /does not hear/));
      for (const reason of reasons as string[]) t.ok(isQuoted(reason), reason);
    },
    'Partners do not agree': async (before) => {
      const token = 'a-token-of-the-sandbox';
      const sandbox = await startSandbox({ port: 0, token, assets: ['miles'] });
      t.teardown(() => sandbox.close());
      await shell.run(`npx jifen stop "$DATA/a" > /dev/null
        start_node a "$A" --webhook-hosts 127.0.0.1
        ready "$A" > /dev/null`);
      const say = async (method: string, path: string, body: object): Promise<void> => {
        const until = performance.now() + SETTLE_MS;
        for (;;) {
          const { status } = await cluster.ask('a', method, path, body);
          if (status < 300 || performance.now() > until) {
            before.ok(status < 300, `${method} ${path}: ${status}`);
            return;
          }
          await sleep(100);
        }
      };
      await say('PUT', '/v1/assets/miles', { scale: 0 });
      const platform = { name: 'Air', assets: ['miles'], operations: ['read'] };
      await say('POST', '/v1/platforms', { id: 'air', ...platform });
      await say('PUT', '/v1/partners/air', { url: sandbox.address, assets: ['miles'], token });
      // It does what nobody has asked for.
      const adapter = inProcess(sandbox.partner, token);
      const { signal } = new AbortController();
      const key = { key: 'k', name: 'ann_from_jifen', sourceSystem: 'jifen', sourceUser: 'ann' };
      const made = await adapter.createUser(key, signal);
      const user = made.state === 'user' ? made.user : '';
      const call = { operation: 'strange', kind: 'add', user, asset: 'miles', amount: 5 } as const;
      before.match(await adapter.carryOut(call, signal), { state: 'completed' });
      await sleep(1_500);
      const until = Date.now();
      const asked = { partner: 'air', from: until - 3_600_000, until, graceSeconds: 0 };
      await say('POST', '/v1/reconciliations', asked);
      const { address } = cluster.served('a');
      await cluster.sees(
        address,
        '/metrics',
        /jifen_reconciliation_mismatches\{partner="air"\} [1-9]/,
      );
    },
    'Back up': async (t) => {
      await cluster.round(t, 'c');
      await cluster.agrees(t, 'b');
      backedUp = new Map(cluster.expected);
    },
    'Restore one node': async (t) => {
      await cluster.round(t, 'a');
      await cluster.kill('b');
      rmSync(join(data, 'b'), { recursive: true });
    },
    'Restore all nodes': async (t) => {
      for (const node of ['a', 'b', 'c'])
        t.equal(await cluster.move(node, '@issue', users[2] as string, 1), 201, 'all go on');
    },
    'A fourth node': async (t) => {
      for (const [user, amount] of backedUp) cluster.expected.set(user, amount);
      for (const node of ['a', 'b', 'c']) await cluster.agrees(t, node);
      await cluster.round(t, 'b');
    },
  };

  let section = '';
  for (const block of runbookBlocks()) {
    if (block.section !== section) {
      section = block.section;
      await t.test(`before "${section}"`, async (t) => before[section]?.(t));
      delete before[section];
    }
    const shown = (await shell.run(block.commands)).trim();
    if (block.shows !== undefined)
      t.match(shown, patternOf(block.shows), `${section}: ${block.commands.split('\n')[0]}`);
  }
  t.same(Object.keys(before), [], 'every section is there');
  for (const node of ['a', 'b', 'c', 'd']) await cluster.agrees(t, node);
  await cluster.round(t, 'd');
  for (const node of ['a', 'd']) await cluster.agrees(t, node);
  await servedTwice(t, cluster, shell);
});
