// Server-sent events, and the tickets that web pages show.

import { request } from 'node:http';
import t, { type Test } from 'tap';
import { CLOSE } from '../../gateway/ws/close-codes.js';
import { until } from '../until.js';
import { type Gateway, gateway, raw } from './harness.js';
import { Talk } from './talk.js';

const earn = (id: string, to: string, amount = 10, asset = 'points') => ({
  id,
  legs: [{ from: '@issue', to, asset, amount }],
});

interface Told {
  readonly event: string;
  readonly id: string;
  readonly data: any;
}

/** An event stream, read as a browser does. */
class Reading {
  readonly told: Told[] = [];
  status = 0;
  type: string | undefined;
  text = '';
  beats = 0;
  isOver = false;
  readonly #request;

  constructor(port: number, path: string, headers: Record<string, string>) {
    this.#request = request({ port, host: '127.0.0.1', path, headers });
    this.#request.on('error', () => {
      this.isOver = true;
    });
    this.#request.on('response', (response) => {
      this.status = response.statusCode ?? 0;
      this.type = response.headers['content-type'];
      response.setEncoding('utf8');
      response.on('data', (part: string) => this.#take(part));
      response.on('close', () => {
        this.isOver = true;
      });
      response.on('error', () => {});
    });
    this.#request.end();
  }

  #take(part: string): void {
    this.text += part;
    if (this.type !== 'text/event-stream') return;
    for (let end = this.text.indexOf('\n\n'); end >= 0; end = this.text.indexOf('\n\n')) {
      const lines = this.text.slice(0, end).split('\n');
      this.text = this.text.slice(end + 2);
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? '';
      if (lines[0] === ':') this.beats++;
      else
        this.told.push({ event: field('event'), id: field('id'), data: JSON.parse(field('data')) });
    }
  }

  get lastId(): string {
    return this.told.at(-1)?.id ?? '';
  }

  close(): void {
    this.#request.destroy();
  }
}

function reading(t: Test, server: Gateway, query: string, headers = {}): Reading {
  const credentials = query.includes('ticket') ? {} : { Authorization: `Bearer ${server.key}` };
  const path = `/v1/stream/sse${query}`;
  const found = new Reading(server.port, path, { ...credentials, ...headers });
  t.teardown(() => found.close());
  return found;
}

async function started(t: Test, options = {}): Promise<Gateway> {
  const server = await gateway(t, { ...options, assets: ['points'] });
  await server.ask('PUT /v1/assets/gold', { scale: 2, lotTracked: false });
  return server;
}

t.test('balances, then changes; Last-Event-ID resumes', async (t) => {
  const server = await started(t, { limits: { eventsBeatMs: 50 } });
  const first = reading(t, server, '?owner=alice');
  await until('the balances', () => first.told.length === 1);
  t.equal(first.type, 'text/event-stream');
  t.same(first.told[0], { event: 'balances', id: '-', data: [] });
  await server.ask('POST /v1/transfers', earn('1', 'alice'));
  await server.ask('POST /v1/transfers', earn('2', 'alice', 5, 'gold'));
  await until('two changes', () => first.told.length === 3);
  t.match(first.told[1], { event: 'entries', id: 'points:1', data: [{ id: '1', version: 1 }] });
  t.match(first.told[2], { event: 'entries', id: 'points:1,gold:1' });
  await until('a beat', () => first.beats > 0);
  first.close();
  await server.ask('POST /v1/transfers', earn('3', 'alice'));
  await server.ask('POST /v1/transfers', earn('4', 'alice', 5, 'gold'));
  for (const again of [
    reading(t, server, '?owner=alice', { 'Last-Event-ID': first.lastId }),
    reading(t, server, `?owner=alice&lastEventId=${encodeURIComponent(first.lastId)}`),
  ]) {
    await until('what was missed', () => again.told.length === 3);
    t.same(
      again.told.flatMap(({ event, data }) =>
        event === 'entries' ? data.map((one: any) => one.id) : event,
      ),
      ['4', '3', 'balances'],
    );
    t.equal(again.lastId, 'points:2,gold:2');
  }
  const nothing = reading(t, server, '?owner=alice&asset=gold', { 'Last-Event-ID': '-' });
  await until('all of one asset', () => nothing.told.length === 2);
  t.match(nothing.told[0], { id: 'gold:2', data: [{ version: 1 }, { version: 2 }] });
});

t.test('what is refused', async (t) => {
  const server = await started(t);
  const table: readonly (readonly [string, Record<string, string>, number, string])[] = [
    ['', {}, 400, 'owner'],
    ['?owner=a&what=1', {}, 400, 'what'],
    ['?owner=@issue', {}, 400, 'owner'],
    ['?owner=a%20b', {}, 400, 'owner'],
    ['?owner=a&asset=A', {}, 400, 'asset'],
    ['?owner=a', { 'Last-Event-ID': 'x' }, 400, 'Last-Event-ID'],
    ['?owner=a', { 'Last-Event-ID': 'points:9' }, 409, 'versions.points'],
    ...[
      'points:1,points:2',
      'points:01',
      'points:00',
      'points:9007199254740992',
      'points:1,',
      ',points:1',
      'points:1,-',
      'points:1, gold:1',
      'points:+1',
      'points:',
      '-,-',
    ].flatMap((id): readonly (readonly [string, Record<string, string>, number, string])[] => [
      ['?owner=a', { 'Last-Event-ID': id }, 400, 'Last-Event-ID'],
      [`?owner=a&lastEventId=${encodeURIComponent(id)}`, {}, 400, 'lastEventId'],
    ]),
    ['?owner=a', { Authorization: 'Bearer no' }, 401, 'Authorization'],
    ['?owner=a&ticket=jifen_ticket_x.y', {}, 401, 'ticket'],
  ];
  for (const [query, headers, status, field] of table) {
    const found = reading(t, server, query, headers);
    await until('an answer', () => found.text.endsWith('}'));
    t.equal(found.status, status, query);
    t.match(JSON.parse(found.text), { status, field });
  }
  t.equal((await server.ask('POST /v1/stream/sse', {})).status, 405);
  const twice = await raw(server.port, [
    `GET /v1/stream/sse?owner=a HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${server.key}\r\n`,
    'Last-Event-ID: points:1\r\nLast-Event-ID: points:2\r\n\r\n',
  ]);
  t.match(twice, /^HTTP\/1\.1 400 [\s\S]*"field":"Last-Event-ID"/);
});

t.test('a reader that is too slow is cut off, and has lost nothing', async (t) => {
  const limits = { streamBacklogBytesMax: 256 * 1024, streamPaceBytes: 64 * 1024 };
  const server = await started(t, { limits });
  const talk = await Talk.open(server.port, server.key);
  t.teardown(() => talk.close());
  await talk.nextOf('ready');
  const seen: number[] = [];
  let id = '-';
  let sent = 0;
  const write = async (): Promise<void> => {
    const commands = Array.from({ length: 1000 }, () => ({
      type: 'transfer',
      ...earn(`t${sent++}`, 'alice', 1, 'gold'),
    }));
    talk.send({ type: 'commands', id: sent, commands, brief: true });
    await talk.nextOf('outcomes');
  };
  const stuck = request({
    port: server.port,
    host: '127.0.0.1',
    path: '/v1/stream/sse?owner=alice',
    headers: { Authorization: `Bearer ${server.key}` },
  });
  stuck.on('error', () => {});
  stuck.on('response', (response) => response.on('error', () => {}));
  stuck.end();
  await new Promise<void>((resolve) => stuck.on('response', () => resolve()));
  const isOver = async () =>
    /jifen_stream_slow_readers_total 1/.test((await server.ask('GET /metrics')).text);
  while (sent < 60_000 && !(await isOver())) await write();
  t.ok(await isOver());
  stuck.destroy();
  const again = reading(t, server, '?owner=alice', { 'Last-Event-ID': id });
  const isCurrent = () => again.told.some(({ event }) => event === 'balances');
  await until('all', isCurrent);
  for (const { event, data } of again.told)
    if (event === 'entries') for (const { version } of data) seen.push(version);
  id = again.lastId;
  t.equal(id, `gold:${sent}`);
  t.equal(seen.length, sent);
  t.ok(seen.every((version, i) => version === i + 1));
});

t.test('a stream that was opened with a ticket ends when the ticket does', async (t) => {
  const server = await started(t);
  const made = await server.ask('POST /v1/stream/tickets', { owner: 'alice', ttlMs: 1_500 });
  const { ticket, expiresAt } = made.body;
  const events = reading(t, server, `?owner=alice&ticket=${ticket}`);
  const talk = await Talk.open(server.port);
  t.teardown(() => talk.close());
  t.match(await talk.ask({ type: 'auth', key: ticket }), { type: 'ready' });
  t.match(await talk.ask({ type: 'subscribe', id: 1, owner: 'alice' }), { type: 'balances' });
  const byHeader = await Talk.open(server.port, ticket);
  t.teardown(() => byHeader.close());
  t.equal((await talk.closed).code, CLOSE.revoked[0]);
  t.ok(Date.now() >= expiresAt - 5);
  t.equal((await byHeader.closed).code, CLOSE.revoked[0]);
  await until('the end of the events', () => events.isOver);
});

t.test('tickets: one owner, for a time, nothing else', async (t) => {
  const server = await started(t);
  const made = await server.ask('POST /v1/stream/tickets', { owner: 'alice', ttlMs: 60_000 });
  t.equal(made.status, 201);
  const { ticket, expiresAt } = made.body;
  t.ok(expiresAt > Date.now());
  const own = reading(t, server, `?owner=alice&ticket=${ticket}`);
  await until('balances', () => own.told.length === 1);
  const other = reading(t, server, `?owner=bob&ticket=${ticket}`);
  await until('an answer', () => other.text.endsWith('}'));
  t.equal(other.status, 403);
  const talk = await Talk.open(server.port);
  t.teardown(() => talk.close());
  t.match(await talk.ask({ type: 'auth', key: ticket }), { type: 'ready' });
  t.match(await talk.ask({ type: 'subscribe', id: 1, owner: 'alice' }), { type: 'balances' });
  t.match(await talk.ask({ type: 'subscribe', id: 2, owner: 'bob' }), { code: 'STREAM_FORBIDDEN' });
  t.match(await talk.ask({ type: 'follow', id: 3, shard: 0, seq: 1 }), {
    code: 'STREAM_FORBIDDEN',
  });
  const commands = [{ type: 'transfer', ...earn('1', 'alice') }];
  t.match(await talk.ask({ type: 'commands', id: 4, commands }), {
    outcomes: [{ ok: false, code: 'STREAM_FORBIDDEN', status: 403 }],
  });
  t.equal(
    (await server.ask('GET /v1/accounts/alice', undefined, { Authorization: `Bearer ${ticket}` }))
      .status,
    401,
  );

  const [body = '', signature = ''] = ticket.slice('jifen_ticket_'.length).split('.');
  const forged = Buffer.from(JSON.stringify(['bob', Date.now() + 1e9])).toString('base64url');
  const short = (await server.ask('POST /v1/stream/tickets', { owner: 'alice', ttlMs: 1 })).body
    .ticket;
  await new Promise((resolve) => setTimeout(resolve, 5));
  const bad = [
    `jifen_ticket_${forged}.${signature}`,
    `jifen_ticket_${body}.`,
    `jifen_ticket_${body}`,
    `jifen_ticket_${body}.${signature.slice(0, -1)}`,
    `jifen_ticket_.${signature}`,
    'jifen_ticket_',
    short,
  ];
  for (const one of bad) {
    const refused = reading(t, server, `?owner=alice&ticket=${one}`);
    await until('an answer', () => refused.text.endsWith('}'));
    t.equal(refused.status, 401, one);
  }
  const wrong: readonly (readonly [unknown, string])[] = [
    [[], 'body'],
    [{}, 'owner'],
    [{ owner: '@issue' }, 'owner'],
    [{ owner: 5 }, 'owner'],
    [{ owner: 'a', ttlMs: 0 }, 'ttlMs'],
    [{ owner: 'a', ttlMs: 1e12 }, 'ttlMs'],
    [{ owner: 'a', ttlMs: '5' }, 'ttlMs'],
    [{ owner: 'a', asset: 'x' }, 'asset'],
  ];
  for (const [asked, field] of wrong) {
    const answer = await server.ask('POST /v1/stream/tickets', asked);
    t.match(answer, { status: 400, body: { field } });
  }
});
