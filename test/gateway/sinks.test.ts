// Every event in files, and in a JetStream of a real nats-server: whole, in order per subject, also where they are not there at first, or it begins anew.

import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AckPolicy, connect, type JsMsg } from 'nats';
import t, { type Test } from 'tap';
import { startServer } from '../../gateway/serve.js';
import { NatsServer } from '../fixtures/nats-server.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { bare, linesOf } from './harness.js';

type Options = Partial<Parameters<typeof startServer>[0]>;

/** A gateway that can be started again on its folder. */
async function served(t: Test, data: string, options: Options) {
  const server = await startServer({
    ...{ port: 0, limits: { webhookPauseMs: 20, webhookTimeoutMs: 1_000 } },
    ...options,
    engine: { folder: data, shards: 2, cacheMb: 64 },
  });
  t.teardown(() => server.close());
  const headers = { Authorization: `Bearer ${server.adminKey.key}` };
  const ask = (request: string, body?: unknown) => bare(server.address, request, body, headers);
  return { server, ask };
}

const earned = (from: number, count: number) =>
  Array.from({ length: count }, (_, n) => ({
    id: `T${from + n}`,
    legs: [{ from: '@issue', to: `m${(from + n) % 7}`, asset: 'gold', amount: 1 }],
  }));

/** Subjects whose sequences are not each later than the one before. */
function outOfOrder(events: readonly any[]): string[] {
  const last = new Map<string, string>();
  return events.flatMap(({ subject, sequence }) => {
    const isLater = sequence > (last.get(subject) ?? '');
    last.set(subject, sequence);
    return isLater ? [] : [`${subject} ${sequence}`];
  });
}

const isPoints = ({ type }: any): boolean => type === 'points.earned';

t.test('lines in files, which begin anew where one is large', async (t) => {
  const folder = temporaryFolder(t);
  const files = join(folder, 'events');
  const data = join(folder, 'data');
  const options: Options = {
    sinks: [{ type: 'files', folder: files }],
    limits: { eventFileBytesMax: 20_000 },
  };
  const read = (): any[] =>
    readdirSync(files)
      .sort()
      .flatMap((name) => {
        const text = readFileSync(join(files, name), 'utf8');
        return linesOf(text.replace(/^cut.*\n?/gm, ''));
      });
  const first = await served(t, data, options);
  await first.ask('PUT /v1/assets/gold', { scale: 0 });
  await first.ask('POST /v1/transfers', earned(0, 150));
  mkdirSync(files, { recursive: true });
  await until('all is there', () => read().filter(isPoints).length === 150);
  t.ok(readdirSync(files).length >= 3, `${readdirSync(files)}`);
  t.match(readdirSync(files)[0], /^events-\d{4}-\d\d-\d\d-000001\.ndjson$/);
  await first.server.close();
  appendFileSync(join(files, readdirSync(files).sort().at(-1)!), 'cut off in the mid');
  const second = await served(t, data, options);
  await second.ask('POST /v1/transfers', earned(150, 10));
  await until('the rest is there', () => read().filter(isPoints).length === 160);
  const events = read();
  t.same(outOfOrder(events), []);
  t.equal(new Set(events.map(({ id }) => id)).size, events.length, 'each once');
  t.ok(
    events.some(({ type }) => type === 'asset.defined'),
    'from the first block on',
  );
  await second.server.close();
  rmSync(join(data, 'outbox'), { recursive: true });
  const third = await served(t, data, options);
  await until('all is there again', () => read().length >= 2 * events.length);
  t.same(
    read()
      .slice(events.length)
      .map(({ id }) => id)
      .sort(),
    events.map(({ id }) => id).sort(),
    'the same ids',
  );
  await third.server.close();
});

t.test('messages of a JetStream, which drops what comes twice', async (t) => {
  const folder = temporaryFolder(t);
  const data = join(folder, 'data');
  const nats = await NatsServer.start(`jetstream { store_dir: "${join(folder, 'js')}" }`);
  t.teardown(() => nats.kill());
  const options: Options = {
    sinks: [{ type: 'nats', url: nats.url, subject: 'shop.events' }],
  };
  const first = await served(t, data, options);
  await first.ask('PUT /v1/assets/gold', { scale: 0 });
  await first.ask('POST /v1/transfers', earned(0, 60));
  const figures = async (): Promise<string> => (await first.ask('GET /metrics')).text;
  await until('no stream takes them', async () =>
    /jifen_webhook_failed_total\{webhook="sink-nats"\} [1-9]/.test(await figures()),
  );
  const connection = await connect({ servers: `127.0.0.1:${nats.port}` });
  t.teardown(() => connection.close());
  const manager = await connection.jetstreamManager();
  await manager.streams.add({ name: 'events', subjects: ['shop.events.>'] });
  const count = async (): Promise<number> => (await manager.streams.info('events')).state.messages;
  await until('the stream has them', async () => (await count()) >= 61);
  const before = await count();
  await first.server.close();
  rmSync(join(data, 'outbox'), { recursive: true });
  const second = await served(t, data, options);
  await second.ask('POST /v1/transfers', earned(60, 5));
  await until('the rest is there', async () => (await count()) >= before + 5);
  await second.server.close();
  t.equal(await count(), before + 5, 'what came twice was dropped');
  await manager.consumers.add('events', { durable_name: 'all', ack_policy: AckPolicy.None });
  const consumer = await connection.jetstream().consumers.get('events', 'all');
  const messages: JsMsg[] = [];
  for await (const one of await consumer.fetch({ max_messages: before + 5, expires: 5_000 })) {
    messages.push(one);
    if (messages.length === before + 5) break;
  }
  const events = messages.map((one) => one.json<any>());
  t.same(outOfOrder(events), []);
  t.equal(events.filter(isPoints).length, 65);
  for (const [at, { subject, headers }] of messages.entries()) {
    if (subject !== `shop.events.${events[at].type}`) t.fail(subject);
    if (headers?.get('Nats-Msg-Id') !== events[at].id) t.fail(`${headers}`);
  }
});
