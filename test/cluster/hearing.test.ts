// A node that cannot hear, or may not speak, says so and is not ready (Q6, Q7), at its start and when permissions change later.

import t from 'tap';
import { type Engine, open } from '../../engine/index.js';
import { leg, move, ownersOf } from '../movements.js';
import { Cluster } from './harness.js';

const GOLD = { type: 'define-asset', asset: 'gold', scale: 0 } as const;
const OWN = {
  a: ['claim', 'assets', 'node.a.>', 'shard.0', 'commands.0', 'reads.0', 'shard.2', 'commands.2'],
  b: ['claim', 'assets', 'node.b.>', 'shard.1', 'commands.1', 'reads.1', 'shard.3', 'commands.3'],
};

/** What an operator has in nats-server.conf, with some lines left out or forbidden for b. */
function permissions(missing: readonly string[] = [], forbidden: readonly string[] = []): string {
  const subjects = (own: readonly string[], left: string) =>
    [...own, left]
      .filter((subject) => !missing.includes(subject))
      .map((subject) => `"jifen.${subject}"`)
      .join(', ');
  const publish =
    forbidden.length === 0
      ? '"jifen.>"'
      : `{ allow: "jifen.>", deny: [${forbidden.map((one) => `"jifen.${one}"`).join(', ')}] }`;
  return `authorization { users: [
    { user: "a", password: "x", permissions: { publish: "jifen.>", subscribe: [${subjects(OWN.a, 'reads.2')}] } }
    { user: "b", password: "x", permissions: { publish: ${publish}, subscribe: [${subjects(OWN.b, 'reads.3')}] } }
  ] }`;
}

async function started(cluster: Cluster, node: string): Promise<Engine> {
  const { cluster: given, ...options } = cluster.options(node);
  if (given === undefined) throw new Error('no cluster');
  const nats = cluster.nats.url.replace('nats://', `nats://${node}:x@`);
  const engine = await open({ ...options, cluster: { ...given, nats } });
  cluster.engines.set(node, engine);
  return engine;
}

/** Waits until this is why the node is not ready. */
async function reasons(engine: Engine, wanted: readonly RegExp[]): Promise<readonly string[]> {
  for (let tries = 0; tries < 100; tries++) {
    const { reasons } = engine.readiness();
    if (reasons.length === wanted.length && wanted.every((one) => reasons.some((r) => one.test(r))))
      return reasons;
    await new Promise((next) => setTimeout(next, 100));
  }
  return engine.readiness().reasons;
}

const deaf = (connection: string, subject: string): RegExp =>
  new RegExp(
    `^connection "jifen ${connection}" does not hear jifen\\.${subject}: NATS refuses the subscription \\(permissions of its user in nats-server\\.conf\\)$`,
  );
const dumb = (connection: string, subject: string): RegExp =>
  new RegExp(
    `^connection "jifen ${connection}" may not publish to jifen\\.${subject}: NATS refuses it \\(permissions`,
  );

t.test('lines that are missing at the start', async (t) => {
  const missing = ['shard.3', 'commands.3', 'reads.3', 'assets'];
  const cluster = await Cluster.make(t, permissions(missing));
  const b = await started(cluster, 'b');
  const all = [
    deaf('b shard 3', 'shard\\.3'),
    deaf('b', 'commands\\.3'),
    deaf('b', 'reads\\.3'),
    deaf('b', 'assets'),
  ];
  const { ready, reasons: told } = b.readiness();
  t.notOk(ready, 'as soon as it is open');
  t.equal(told.length, all.length);
  for (const one of all)
    t.ok(
      told.some((reason) => one.test(reason)),
      String(one),
    );
  t.ok(b.faults().every(({ component }) => component === 'bus'));
});

t.test('permissions that go and come back while nodes run', async (t) => {
  const cluster = await Cluster.make(t, permissions());
  const [a, b] = await Promise.all([started(cluster, 'a'), started(cluster, 'b')]);
  await a.submit(GOLD);
  t.same(b.readiness(), { ready: true, reasons: [] });
  const [[ann = ''] = [], , , [dan = ''] = []] = ownersOf(a);
  await a.submit(move('e', leg('@issue', ann, 100)));

  await cluster.nats.reload(permissions(['shard.3', 'claim']));
  const unheard = [deaf('b shard 3', 'shard\\.3'), deaf('b', 'claim')];
  for (const one of unheard)
    t.ok(
      (await reasons(b, unheard)).some((reason) => one.test(reason)),
      String(one),
    );
  const gift = await a.submit(move('g', leg(ann, dan, 1)), { timeoutMs: 300 });
  t.match(gift, { code: 'PREPARED' });

  await cluster.nats.reload(permissions([], ['shard.0', 'commands.2']));
  // Of a shard's connection each; that of commands is the node's.
  const unsaid = [
    dumb('b shard 1', 'shard\\.0'),
    dumb('b shard 3', 'shard\\.0'),
    dumb('b', 'commands\\.2'),
  ];
  const told = await reasons(b, unsaid);
  t.equal(told.length, 3, told.join('\n'));
  for (const one of unsaid)
    t.ok(
      told.some((reason) => one.test(reason)),
      String(one),
    );

  await cluster.nats.reload(permissions());
  t.same(await reasons(b, []), [], 'without a restart');
  t.ok((await a.submit(move('g', leg(ann, dan, 1)), { timeoutMs: 10_000 })).ok);
  await cluster.verify(t);
});
