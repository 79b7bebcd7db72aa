// A server under a mixed load keeps what it needs, and no more: after it has warmed up, its memory does not grow. 14 s by default,
// 10 minutes with JIFEN_LONG=1.
//
// What is judged is the least memory of each of several spans: a collection of garbage makes it small, so growth of it is what is
// kept. The ledger itself keeps what it is given until its cache is full: the load goes over a fixed set of owners.

import t from 'tap';
import { until } from '../until.js';
import { readScrape, type Scrape, sumOf } from './scrape.js';
import { ServerProcess } from './server-process.js';
import { Talk } from './talk.js';

const SECONDS = process.env.JIFEN_LONG === '1' ? 600 : 14;
const OWNERS = 200;
/** Spans after the warm-up, which is as long as two of them. */
const SPANS = 6;
/** What may be more at the end: pages of code, indexes of ids (24 bytes each), fragmentation. */
const SLACK_BYTES = 24 * 2 ** 20;
const PER_COMMAND_BYTES = 200;

const FIGURES = {
  resident: 'process_resident_memory_bytes',
  heap: 'nodejs_heap_size_used_bytes',
  outside: 'nodejs_external_memory_bytes',
} as const;

const owner = (at: number) => `u${at % OWNERS}`;
const earn = (id: string, at: number) => ({
  ...{ id, kind: 'ORDER' },
  legs: [{ from: '@issue', to: owner(at), asset: 'gold', amount: 2 }],
});

/** Everything that the gateway is asked, a little of each, until `until`. Resolves with the number of commands. */
async function load(server: ServerProcess, until: number): Promise<number> {
  const port = Number(new URL(server.url).port);
  const headers = { Authorization: `Bearer ${server.key}`, 'Content-Type': 'application/json' };
  const ask = async (method: string, path: string, body?: unknown): Promise<number> => {
    const text = body === undefined ? null : JSON.stringify(body);
    const answer = await fetch(`${server.url}${path}`, { method, headers, body: text });
    await answer.arrayBuffer();
    return answer.status;
  };
  let commands = 0;
  const run = async (name: string, turn: (at: number, id: string) => Promise<unknown>) => {
    for (let at = 0; performance.now() < until; at++) {
      await turn(at, `${name}${at}`);
      await new Promise((next) => setTimeout(next, 15));
    }
  };
  const talk = await Talk.open(port, server.key, 'jifen.msgpack');
  await talk.nextOf('ready');
  await Promise.all([
    run('single', async (at, id) => {
      commands++;
      await ask('POST', '/v1/transfers', earn(id, at));
    }),
    run('batch', async (at, id) => {
      commands += 50;
      const batch = Array.from({ length: 50 }, (_, i) => earn(`${id}.${i}`, at * 7 + i));
      await ask('POST', '/v1/transfers', batch);
    }),
    run('pair', async (at, id) => {
      commands += 2;
      const legs = [{ from: owner(at), to: owner(at + 1), asset: 'gold', amount: 1 }];
      await ask('POST', '/v1/transfers', { id, legs });
      await ask('POST', `/v1/accounts/${owner(at)}/transfers/${id}/reverse`, { id: `${id}r` });
    }),
    run('hold', async (at, id) => {
      commands += 2;
      const held = { id, owner: owner(at), asset: 'gold', amount: 1 };
      await ask('POST', '/v1/holds', held);
      await ask('POST', `/v1/accounts/${owner(at)}/holds/${id}/capture`, { to: '@redeem' });
    }),
    run('read', async (at) => {
      await ask('GET', `/v1/accounts/${owner(at)}`);
      await ask('GET', `/v1/accounts/${owner(at)}/entries?asset=gold&limit=20`);
      await ask('GET', '/health');
    }),
    run('wrong', async (at) => {
      await ask('POST', '/v1/transfers', { id: 'x', legs: at });
      await ask('GET', `/v1/nowhere/${at}`);
      await fetch(`${server.url}/v1/assets`, { headers: { Authorization: `Bearer no${at}` } });
    }),
    run('socket', async (at, id) => {
      commands += 20;
      const batch = Array.from({ length: 20 }, (_, i) => ({
        type: 'transfer',
        ...earn(`${id}.${i}`, at + i),
      }));
      talk.send({ type: 'commands', id: at, commands: batch, brief: true });
      await talk.nextOf('outcomes');
    }),
    run('visitor', async (at) => {
      const visitor = await Talk.open(port, server.key);
      visitor.send({ type: 'subscribe', id: 1, owner: owner(at) });
      await visitor.nextOf('balances');
      visitor.close();
      const leaving = new AbortController();
      const path = `/v1/stream/sse?owner=${owner(at)}`;
      const events = await fetch(`${server.url}${path}`, { headers, signal: leaving.signal });
      await events.body?.getReader().read();
      leaving.abort();
    }),
  ]);
  talk.close();
  return commands;
}

t.test(`${SECONDS} s of mixed load leave nothing behind`, async (t) => {
  const server = await ServerProcess.start(t, '--shards', '2', '--cache-mb', '64');
  const defined = await fetch(`${server.url}/v1/assets/gold`, {
    method: 'PUT',
    headers: { Authorization: `Bearer ${server.key}`, 'Content-Type': 'application/json' },
    body: '{"scale":0}',
  });
  t.equal(defined.status, 200);
  const spanMs = (SECONDS * 1_000) / (SPANS + 2);
  const begun = performance.now();
  const loaded = load(server, begun + SECONDS * 1_000);
  const scrape = async (): Promise<Scrape> =>
    readScrape(await (await fetch(`${server.url}/metrics`)).text());
  const least = Array.from({ length: SPANS }, () => ({
    ...{ resident: Infinity, heap: Infinity, outside: Infinity },
  }));
  let first = 0;
  while (performance.now() - begun < SECONDS * 1_000) {
    const found = await scrape();
    const span = Math.floor((performance.now() - begun) / spanMs) - 2;
    const kept = least[span];
    if (kept !== undefined) {
      if (first === 0) first = sumOf(found, 'jifen_shard_commands_total');
      for (const key of ['resident', 'heap', 'outside'] as const)
        kept[key] = Math.min(kept[key], sumOf(found, FIGURES[key]));
    }
    await new Promise((next) => setTimeout(next, spanMs / 8));
  }
  const commands = await loaded;
  const last = await scrape();
  const done = sumOf(last, 'jifen_shard_commands_total');
  t.ok(done >= commands, 'all of them were carried out');
  const allowed = SLACK_BYTES + (done - first) * PER_COMMAND_BYTES;
  const mib = (bytes: number) => Math.round(bytes / 2 ** 20);
  for (const key of ['resident', 'heap', 'outside'] as const) {
    const all = least.map((one) => one[key]).filter(Number.isFinite);
    const half = Math.floor(all.length / 2);
    const [early, late] = [Math.max(...all.slice(0, half)), Math.min(...all.slice(half))];
    const said = `${key}: ${all.map(mib).join(' ')} MiB`;
    t.ok(late - early <= allowed, said);
    t.comment(said);
  }
  for (const [name, left] of [
    ['jifen_stream_connections', 0],
    ['jifen_event_streams', 0],
    ['jifen_stream_subscriptions', 0],
    ['jifen_stream_backlog_bytes', 0],
    ['jifen_http_in_flight', 1],
    ['jifen_defects_total', 0],
  ] as const)
    await until(`${name} is ${left}`, async () => sumOf(await scrape(), name) === left);
  t.pass('no connection, subscription or request is left');
  process.stderr.write(`memory: ${done} commands in ${SECONDS} s\n`);
});
