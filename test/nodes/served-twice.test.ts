// Two processes that serve the same shards, one of which was suspended: both notice, and the others; nothing is answered
// meanwhile; and it is right again by itself when one is gone (N8-N11).

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { NatsServer } from '../fixtures/nats-server.js';
import { Client, NoAnswer, type Reply } from './client.js';
import { jifen, type Node, Nodes } from './nodes.js';

const TWICE = /^shard \d is served by node b \(host .+, process (\d+)\)$/;
const SECRETS = 'secrets.key';

/** How long a caller waits: longer than a busy machine takes to start the process that an answer waits for. */
const PATIENCE_MS = 60_000;

/** Asks one node; 0: no answer. */
async function ask(node: Node, call: string, body?: unknown): Promise<Reply> {
  const client = new Client(node, PATIENCE_MS);
  try {
    return await client.ask(call, body);
  } catch (error) {
    if (error instanceof NoAnswer) return { status: 0, body: undefined };
    throw error;
  } finally {
    client.close();
  }
}

/** Waits until `holds` is true of what a node says of itself. */
async function ready(node: Node, holds: (reply: Reply) => boolean): Promise<Reply> {
  let last: Reply = { status: 0, body: undefined };
  for (let tries = 0; tries < 300; tries++) {
    last = await ask(node, 'GET /readyz');
    if (holds(last)) break;
    await sleep(50);
  }
  return last;
}

const isReady = ({ status }: Reply): boolean => status === 200;
const move = (id: string, from: string, to: string) => ({
  id,
  legs: [{ from, to, asset: 'gold', amount: 1 }],
});

/** A cluster of two nodes, of which the second is suspended. */
class Suspended {
  readonly #nodes: Nodes;
  readonly a: Node;
  readonly b: Node;
  readonly ann: string;
  readonly bob: string;

  private constructor(nodes: Nodes) {
    this.#nodes = nodes;
    [this.a, this.b] = nodes.all as [Node, Node];
    const [ann, bob] = [0, 1].map((shard) => {
      for (let n = 0; ; n++) if (nodes.shardOf(`u${n}`) === shard) return `u${n}`;
    });
    this.ann = ann ?? '';
    this.bob = bob ?? '';
  }

  static async begin(t: Test): Promise<Suspended> {
    const one = new Suspended(await Nodes.start(t, { nodes: 2, shards: 2 }));
    const { a, b, ann, bob } = one;
    t.match((await ready(b, ({ status }) => status === 503)).body.reasons, [
      "node a has another secrets.key than this node: copy one node's to the others, and restart those",
    ]);
    await b.stop();
    copyFileSync(join(a.folder, SECRETS), join(b.folder, SECRETS));
    await b.start();
    await ask(a, 'PUT /v1/assets/gold', { scale: 0 });
    for (const name of [ann, bob]) {
      const legs = [{ from: '@issue', to: name, asset: 'gold', amount: 1_000 }];
      t.equal((await ask(a, 'POST /v1/transfers', { id: 'e', legs })).status, 201);
    }
    t.equal((await ready(b, isReady)).status, 200);
    return one;
  }

  get nats(): NatsServer {
    const { nats } = this.#nodes;
    if (nats === undefined) throw new Error('several nodes have a server between them');
    return nats;
  }

  /** A second process for b, on a copy of what it has now. */
  async copy(t: Test, name: string): Promise<Node> {
    const copy = await this.#nodes.twin(this.b, name);
    const { code, out } = await jifen('backup', this.b.folder, copy.folder);
    t.equal(code, 0, out);
    copyFileSync(join(this.b.folder, SECRETS), join(copy.folder, SECRETS));
    return copy;
  }

  /** Moves points between the nodes: the status. */
  async gift(id: string): Promise<number> {
    const call = 'POST /v1/transfers?timeoutMs=10000';
    return (await ask(this.a, call, move(id, this.ann, this.bob))).status;
  }
}

t.setTimeout(180_000);

t.test('a suspended node wakes', async (t) => {
  const cluster = await Suspended.begin(t);
  const { a, b, ann, bob } = cluster;

  await t.test('and nobody has its shards', async (t) => {
    b.freeze();
    const unanswered = ask(b, 'POST /v1/transfers', move('asleep', '@issue', bob));
    await sleep(3_500);
    b.thaw();
    t.equal((await unanswered).status, 201, 'its claim was renewed, and then it was answered');
    t.match(b.printed, /this process stood still for \d+ s: it answers nothing until its claim/);
    t.equal((await ready(b, isReady)).status, 200);
    t.equal(await cluster.gift('g1'), 201);
  });

  await t.test('without its connection, which the server has given up', async (t) => {
    await cluster.nats.reload('ping_interval: "500ms"\nping_max: 1');
    // Taken by connections that are made from now on.
    await cluster.nats.restart();
    t.equal(await cluster.gift('g-before'), 201);
    b.freeze();
    const unanswered = ask(b, 'POST /v1/transfers', move('cut-off', '@issue', bob));
    await sleep(3_500);
    b.thaw();
    // 503: it took longer than an answer waits.
    t.ok([201, 503].includes((await unanswered).status));
    t.equal((await ready(b, isReady)).status, 200);
    t.equal(await cluster.gift('g-after'), 201);
    await cluster.nats.reload('');
  });

  await t.test('while a copy serves, which is stopped then', async (t) => {
    const copy = await cluster.copy(t, 'copy');
    b.freeze();
    await copy.start();
    b.thaw();
    t.match((await ready(b, ({ status }) => status === 503)).body?.reasons, [TWICE]);
    t.ok(await copy.stop());
    // It says that it goes: nobody waits for its claim to age.
    t.equal((await ready(b, isReady)).status, 200, 'without a restart');
    t.equal(await cluster.gift('g2'), 201, 'also between nodes');
  });

  await t.test('while a copy serves, which stays', async (t) => {
    const copy = await cluster.copy(t, 'later');
    b.freeze();
    // What the frozen one has received and not answered.
    const unanswered = ask(b, 'POST /v1/transfers', move('again', '@issue', bob));
    await sleep(3_500);
    await copy.start();
    t.match(await ask(copy, 'POST /v1/transfers', move('copy', '@issue', bob)), { status: 201 });
    b.thaw();
    t.match(await unanswered, { status: 503 }, 'the sleeper acknowledges nothing');
    for (const [node, other] of [
      [b, copy],
      [copy, b],
    ] as const) {
      const { status, body } = await ready(node, (reply) => TWICE.test(reply.body?.reasons?.[0]));
      t.equal(status, 503);
      t.equal(TWICE.exec(body.reasons[0])?.[1], `${other.pid}`, 'it names the other one');
      const said = await ask(node, 'POST /v1/transfers', move('both', '@issue', bob));
      t.match(said, { status: 503, body: { code: 'SHARD_SERVED_TWICE' } });
    }
    t.match((await ask(a, 'GET /health')).body?.components?.nodes, { status: /degraded/ });
    t.match(await ask(a, 'POST /v1/transfers', move('third', '@issue', bob)), {
      status: 503,
      body: { code: 'SHARD_SERVED_TWICE' },
    });
    t.equal((await ready(a, isReady)).status, 200, 'the others go on');
    const open = await ask(a, 'POST /v1/transfers?timeoutMs=200', move('open', ann, bob));
    t.equal(open.status, 202);

    await b.kill();
    t.equal((await ready(copy, isReady)).status, 200, 'without a restart');
    for (const node of [a, copy]) {
      const done = await ask(node, 'POST /v1/transfers', move('third', '@issue', bob));
      t.ok(done.status === 201 || done.status === 200, `${done.status}`);
    }
    const call = 'POST /v1/transfers?timeoutMs=10000';
    const decided = await ask(a, call, move('open', ann, bob));
    t.ok(decided.status === 201 || decided.status === 200 || decided.body.code === 'PREPARE_LATE');
    t.ok(await copy.stop());
    t.ok(await a.stop());
  });
});
