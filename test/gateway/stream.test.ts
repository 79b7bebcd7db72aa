// WebSockets of /v1/stream: what is said over them, in both formats; who is let in; who is too slow.

import { createConnection } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { limits } from '../../engine/index.js';
import type { GatewayLimits } from '../../gateway/limits.js';
import { startServer } from '../../gateway/serve.js';
import { CLOSE } from '../../gateway/ws/close-codes.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { type Gateway, gateway, linesOf } from './harness.js';
import { type Protocol, Talk } from './talk.js';

const PROTOCOLS = ['jifen.json', 'jifen.msgpack'] as const;
const earn = (id: string, to: string, amount = 10, asset = 'points') => ({
  type: 'transfer',
  id,
  kind: 'ORDER',
  legs: [{ from: '@issue', to, asset, amount }],
});

async function started(t: Test, options = {}): Promise<Gateway> {
  const server = await gateway(t, { ...options, assets: ['points'] });
  await server.ask('PUT /v1/assets/gold', { scale: 2, lotTracked: false });
  return server;
}

async function opened(t: Test, { port, key }: Gateway, protocol?: Protocol): Promise<Talk> {
  const talk = await Talk.open(port, key, protocol);
  t.teardown(() => talk.close());
  t.match(await talk.next(), { type: 'ready', shards: 1, shardsHere: [0] });
  return talk;
}

t.test('both formats say the same', async (t) => {
  const heard = await Promise.all(
    PROTOCOLS.map(async (protocol) => {
      const server = await started(t);
      const talk = await opened(t, server, protocol);
      const all: unknown[] = [];
      const say = async (message: unknown, answers = 1) => {
        talk.send(message);
        for (let i = 0; i < answers; i++) all.push(await talk.next());
      };
      await say({ type: 'subscribe', id: 1, owner: 'alice' });
      const commands = [
        earn('1', 'alice'),
        { type: 'hold', id: 'h', owner: 'alice', asset: 'points', amount: 4 },
        { type: 'transfer', id: '1', legs: [] },
        { type: 'capture', id: 'c', owner: 'alice', holdId: 'h', to: '@redeem', memo: 'é' },
        { type: 'set-credit-limit', id: 'l', owner: 'bob', asset: 'gold', creditLimit: 5 },
        {
          type: 'put-record',
          id: 'r',
          owner: 'bob',
          recordType: 'a',
          key: 'b',
          value: protocol === 'jifen.json' ? 'AQID' : Buffer.from([1, 2, 3]),
        },
        { type: 'transfer', id: 'x', legs: [{ from: 'bob', to: 'bob', asset: 'gold', amount: 1 }] },
        { type: 'transfer', id: 'y', legs: [{ from: 'bob', to: 'eve', asset: 'gold', amount: 6 }] },
      ];
      await say({ type: 'commands', id: 'batch', commands }, 2);
      // Which of the two is first depends on which thread's message is.
      all.push(...all.splice(1).sort((a: any, b: any) => (a.type < b.type ? -1 : 1)));
      await say({ type: 'commands', id: 'again', commands: commands.slice(0, 1), brief: true });
      await say({ type: 'unsubscribe', id: 1 });
      await say({ type: 'follow', id: 'feed', shard: 0, seq: 1 }, 3);
      await say({ type: 'ping', id: 9 });
      await say({ type: 'nothing' });
      return JSON.stringify(all, (name, value) => {
        if (name === 'time' || name === 'effective') return 0;
        return value?.type === 'Buffer' ? Buffer.from(value.data).toString('base64') : value;
      });
    }),
  );
  t.equal(heard[0], heard[1]);
  const all = JSON.parse(heard[0] as string);
  t.match(all[0], { type: 'balances', id: 1, owner: 'alice', balances: [] });
  t.match(all[1], {
    type: 'entries',
    id: 1,
    entries: [
      { owner: 'alice', asset: 'points', version: 1, delta: 10, available: 10, id: '1' },
      { version: 2, type: 'hold', heldDelta: 4 },
      { version: 3, type: 'capture', delta: -4, memo: 'é', available: 6, held: 0 },
    ],
  });
  t.match(all[2], {
    type: 'outcomes',
    id: 'batch',
    outcomes: [
      { ok: true, id: '1', replayed: false, entries: [{ delta: -10 }, { delta: 10 }] },
      { ok: true, hold: { remaining: 4 } },
      { ok: false, code: 'LEGS_INVALID', field: 'legs' },
      { ok: true, entries: [{ type: 'capture' }, { owner: '@redeem' }] },
      { ok: false, code: 'ACCOUNT_NOT_FOUND' },
      { ok: true, recordVersion: 1 },
      { ok: false, code: 'SAME_ACCOUNT' },
      { ok: false, code: 'POINTS_SHORT' },
    ],
  });
  const [again] = all[3].outcomes;
  t.match(again, { ok: true, id: '1', replayed: true });
  t.notOk('entries' in again);
  const feed = all.slice(5, 8).flatMap((message: any) => message.items);
  t.match(feed[0], { index: 0, command: { type: 'define-asset', asset: 'points' } });
  t.ok(feed.some(({ command }: any) => command.type === 'put-record' && command.value === 'AQID'));
  t.match(all[8], { type: 'pong', id: 9 });
  t.match(all[9], { type: 'error', code: 'MESSAGE_INVALID', field: 'type' });
});

t.test('a bad message is told by its field, and the next one is taken', async (t) => {
  const server = await started(t);
  const subscribe = { type: 'subscribe', id: 's', owner: 'alice' };
  const table: readonly (readonly [unknown, string, string])[] = [
    [5, 'MESSAGE_INVALID', 'message'],
    [null, 'MESSAGE_INVALID', 'message'],
    [[], 'MESSAGE_INVALID', 'message'],
    [{}, 'MESSAGE_INVALID', 'type'],
    [{ type: 'toString' }, 'MESSAGE_INVALID', 'type'],
    [{ type: 'auth', key: 'again' }, 'MESSAGE_INVALID', 'type'],
    [{ type: 'ping', id: {} }, 'MESSAGE_INVALID', 'id'],
    [{ type: 'subscribe', owner: 'alice' }, 'MESSAGE_INVALID', 'id'],
    [{ ...subscribe, id: '' }, 'MESSAGE_INVALID', 'id'],
    [{ ...subscribe, id: 'x'.repeat(65) }, 'MESSAGE_INVALID', 'id'],
    [{ ...subscribe, id: -1 }, 'MESSAGE_INVALID', 'id'],
    [{ ...subscribe, id: 1.5 }, 'MESSAGE_INVALID', 'id'],
    [{ ...subscribe, more: 1 }, 'MESSAGE_INVALID', 'more'],
    [{ ...subscribe, owner: 'a b' }, 'OWNER_INVALID', 'owner'],
    [{ ...subscribe, owner: 7 }, 'OWNER_INVALID', 'owner'],
    [{ ...subscribe, owner: '@issue' }, 'SYSTEM_OWNER', 'owner'],
    [{ ...subscribe, asset: 'X' }, 'ASSET_INVALID', 'asset'],
    [{ ...subscribe, versions: [] }, 'MESSAGE_INVALID', 'versions'],
    [{ ...subscribe, versions: { points: 'x' } }, 'VERSION_INVALID', 'versions.points'],
    [{ ...subscribe, versions: { points: 1 } }, 'POSITION_AHEAD', 'versions.points'],
    [{ type: 'unsubscribe', id: 'none' }, 'MESSAGE_INVALID', 'id'],
    [{ type: 'follow', id: 'f', seq: 1 }, 'MESSAGE_INVALID', 'shard'],
    [{ type: 'follow', id: 'f', shard: 1, seq: 1 }, 'MESSAGE_INVALID', 'shard'],
    [{ type: 'follow', id: 'f', shard: -1, seq: 1 }, 'MESSAGE_INVALID', 'shard'],
    [{ type: 'follow', id: 'f', shard: 0, seq: 0 }, 'MESSAGE_INVALID', 'seq'],
    [{ type: 'follow', id: 'f', shard: 0, seq: 1, index: -1 }, 'MESSAGE_INVALID', 'index'],
    [{ type: 'follow', id: 'f', shard: 0, seq: 1e6 }, 'POSITION_AHEAD', 'seq'],
    [{ type: 'commands', id: 'c' }, 'MESSAGE_INVALID', 'commands'],
    [{ type: 'commands', id: 'c', commands: {} }, 'MESSAGE_INVALID', 'commands'],
    [{ type: 'commands', id: 'c', commands: [], brief: 1 }, 'MESSAGE_INVALID', 'brief'],
    [{ type: 'commands', id: 'c', commands: [], timeoutMs: 1e9 }, 'MESSAGE_INVALID', 'timeoutMs'],
    [
      { type: 'commands', id: 'c', commands: new Array(limits.BATCH_MAX + 1).fill(0) },
      'BATCH_TOO_LARGE',
      'commands',
    ],
  ];
  for (const protocol of PROTOCOLS) {
    const talk = await opened(t, server, protocol);
    for (const [message, code, field] of table) {
      const answer = await talk.ask(message);
      t.match(answer, { type: 'error', code, field }, JSON.stringify(message).slice(0, 100));
      t.ok(answer.status >= 400 && answer.status < 500);
    }
    t.match(await talk.ask({ type: 'ping' }), { type: 'pong' });
  }
});

t.test('bad commands are refused one by one, by their fields', async (t) => {
  const server = await started(t);
  const good = earn('good', 'alice');
  const leg = good.legs[0];
  const table: readonly (readonly [unknown, string, string])[] = [
    [null, 'COMMAND_INVALID', 'command'],
    [[], 'COMMAND_INVALID', 'command'],
    ['transfer', 'COMMAND_INVALID', 'command'],
    [{}, 'COMMAND_TYPE_UNKNOWN', 'type'],
    [{ type: 'tick' }, 'COMMAND_TYPE_UNKNOWN', 'type'],
    [{ type: 'prepare' }, 'COMMAND_TYPE_UNKNOWN', 'type'],
    [{ type: '__proto__' }, 'COMMAND_TYPE_UNKNOWN', 'type'],
    [{ ...good, extra: 1 }, 'COMMAND_INVALID', 'extra'],
    [{ ...good, id: 'a b' }, 'ID_INVALID', 'id'],
    [{ ...good, legs: 'x' }, 'LEGS_INVALID', 'legs'],
    [{ ...good, legs: [5] }, 'COMMAND_INVALID', 'legs[0]'],
    [{ ...good, legs: [{ ...leg, more: 1 }] }, 'COMMAND_INVALID', 'legs[0].more'],
    [{ ...good, legs: [{ ...leg, amount: 1.5 }] }, 'AMOUNT_INVALID', 'legs[0].amount'],
    [{ ...good, legs: [{ ...leg, amount: 2 ** 60 }] }, 'AMOUNT_INVALID', 'legs[0].amount'],
    [{ ...good, condition: 5 }, 'COMMAND_INVALID', 'condition'],
    [{ ...good, condition: { a: 1 } }, 'COMMAND_INVALID', 'condition.a'],
    [{ type: 'define-asset', asset: 'x', scale: 0, version: 7 }, 'COMMAND_INVALID', 'version'],
    [
      { type: 'put-record', owner: 'a', recordType: 'a', key: 'a', value: '?' },
      'RECORD_INVALID',
      'value',
    ],
  ];
  for (const protocol of PROTOCOLS) {
    const talk = await opened(t, server, protocol);
    const commands = table.flatMap(([command], i) => [command, earn(`${protocol}.${i}`, 'alice')]);
    const { outcomes } = await talk.ask({ type: 'commands', id: 1, commands });
    t.equal(outcomes.length, commands.length);
    for (const [i, [command, code, field]] of table.entries()) {
      t.match(outcomes[2 * i], { ok: false, code, field }, JSON.stringify(command));
      t.match(outcomes[2 * i + 1], { ok: true, id: `${protocol}.${i}` });
    }
  }
  const [balance] = (await server.ask('GET /v1/accounts/alice')).body.accounts;
  t.equal(balance.available, 2 * 10 * table.length);
});

t.test('who is let in', async (t) => {
  const limited = { streamAuthMs: 300, streamsMax: 6, streamsUnknownMax: 3 };
  const server = await started(t, { limits: limited });
  const refused = (key: string | undefined, protocol?: string) =>
    Talk.open(server.port, key, protocol as Protocol).then(
      () => 'let in',
      (error) => error.message,
    );
  t.match(await refused('jifen_admin_wrong'), /401/);
  t.match(await refused(server.key, 'mqtt'), /400/);

  const late = await Talk.open(server.port);
  t.equal((await late.closed).code, CLOSE.authTimeout[0]);
  const early = await Talk.open(server.port);
  early.send({ type: 'subscribe', id: 1, owner: 'alice' });
  t.equal((await early.closed).code, CLOSE.unauthorized[0]);
  t.same(early.came, []);
  for (const message of [{ type: 'auth' }, { type: 'auth', key: 'x' }, 5]) {
    const wrong = await Talk.open(server.port, undefined, 'jifen.msgpack');
    wrong.send(message);
    t.equal((await wrong.closed).code, CLOSE.unauthorized[0]);
  }
  const browser = await Talk.open(server.port);
  t.match(await browser.ask({ type: 'auth', key: server.key }), { type: 'ready' });
  t.match(await browser.ask({ type: 'ping' }), { type: 'pong' });

  const unknown = await Promise.all([1, 2, 3].map(() => Talk.open(server.port)));
  t.match(await refused(undefined), /503/);
  const known = await Promise.all([1, 2].map(() => Talk.open(server.port, server.key)));
  t.match(await refused(server.key), /503/);
  for (const talk of [...unknown, ...known]) talk.close();
  await Promise.all(known.map(({ closed }) => closed));
  // The server hears of it a moment later.
  await until('it is let in', async () => (await refused(server.key)) === 'let in');
  const { text } = await server.ask('GET /metrics');
  t.match(text, /jifen_stream_connections \d/);
});

t.test('limits of one connection', async (t) => {
  const limited = { streamSubscriptionsMax: 3, streamBatchesMax: 2 };
  const server = await started(t, { limits: limited });
  const talk = await opened(t, server);
  for (const id of [1, 2, 3])
    t.match(await talk.ask({ type: 'subscribe', id, owner: `u${id}` }), { type: 'balances', id });
  t.match(await talk.ask({ type: 'subscribe', id: 3, owner: 'u3' }), { field: 'id', id: 3 });
  t.match(await talk.ask({ type: 'subscribe', id: 4, owner: 'u4' }), { code: 'STREAM_LIMIT' });
  t.match(await talk.ask({ type: 'unsubscribe', id: 2 }), { type: 'unsubscribed', id: 2 });
  t.match(await talk.ask({ type: 'subscribe', id: 4, owner: 'u4' }), { type: 'balances' });
  for (const id of ['a', 'b', 'c']) talk.send({ type: 'commands', id, commands: [earn(id, 'x')] });
  const answers = [await talk.next(), await talk.next(), await talk.next()];
  t.match(
    answers.find(({ id }) => id === 'c'),
    { type: 'error', code: 'STREAM_LIMIT' },
  );
  t.match(await talk.ask({ type: 'commands', id: 'c', commands: [earn('c', 'x')] }), {
    outcomes: [{ ok: true }],
  });
});

t.test('what is no message at all closes the connection, with a code', async (t) => {
  const server = await started(t, { limits: { streamMessageBytesMax: 1024 * 1024 } });
  const bytes = (...values: number[]) => Buffer.from(values);
  const table: readonly (readonly [Protocol, string | Buffer, number])[] = [
    ['jifen.json', '{"type":', CLOSE.unreadable[0]],
    ['jifen.json', '', CLOSE.unreadable[0]],
    ['jifen.json', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, CLOSE.unreadable[0]],
    ['jifen.json', bytes(0x80), CLOSE.otherFormat[0]],
    ['jifen.msgpack', '{}', CLOSE.otherFormat[0]],
    ['jifen.msgpack', bytes(), CLOSE.unreadable[0]],
    ['jifen.msgpack', bytes(0xc1), CLOSE.unreadable[0]],
    ['jifen.msgpack', bytes(0x80, 0x80), CLOSE.unreadable[0]],
    ['jifen.msgpack', bytes(0x92, 1), CLOSE.unreadable[0]],
    // Said to be large, and not there.
    ['jifen.msgpack', bytes(0xdd, 0x01, 0xff, 0xff, 0xff), CLOSE.unreadable[0]],
    ['jifen.msgpack', bytes(0xdf, 0xff, 0xff, 0xff, 0xff), CLOSE.unreadable[0]],
    ['jifen.msgpack', bytes(0xdb, 0xff, 0xff, 0xff, 0xff), CLOSE.unreadable[0]],
    ['jifen.msgpack', Buffer.alloc(200_000, 0x91), CLOSE.unreadable[0]],
    // Extensions: a time, what msgpackr calls a record, a set.
    ['jifen.msgpack', bytes(0xd6, 0xff, 0, 0, 0, 1), CLOSE.unreadable[0]],
    ['jifen.msgpack', bytes(0xd4, 0x72, 0x40, 0x91, 0xa1, 0x61, 1), CLOSE.unreadable[0]],
    ['jifen.msgpack', bytes(0xc7, 0, 0x73), CLOSE.unreadable[0]],
    ['jifen.json', 'x'.repeat(1024 * 1024 + 1), 1006],
  ];
  for (const [protocol, message, code] of table) {
    const talk = await opened(t, server, protocol);
    talk.socket.send(message);
    const closed = await talk.closed;
    t.equal(closed.code, code, `${protocol} ${message.slice(0, 20)}`);
  }
  const talk = await opened(t, server);
  t.match(await talk.ask({ type: 'ping' }), { type: 'pong' });
});

t.test('raw sockets: upgrades and frames that are wrong', async (t) => {
  const server = await started(t);
  const head = [
    'GET /v1/stream HTTP/1.1',
    `Host: 127.0.0.1:${server.port}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Version: 13',
    `Authorization: Bearer ${server.key}`,
  ];
  const upgrade = `${head.join('\r\n')}\r\n\r\n`;
  const masked = (first: number, text: string) => {
    const payload = Buffer.from(text);
    return Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
  };
  const frames: Readonly<Record<string, Buffer | string>> = {
    'not masked': Buffer.concat([Buffer.from([0x81, 15]), Buffer.from('{"type":"ping"}    ')]),
    'reserved bits': masked(0xf1, '{}'),
    'an unknown opcode': masked(0x83, '{}'),
    'a continuation of nothing': masked(0x80, '{}'),
    'a fragmented ping': masked(0x09, 'x'),
    'a ping of more than 125 bytes': Buffer.from([0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0]),
    'a length of 2^63': Buffer.from([0x81, 0xff, 0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    'text that is not UTF-8': Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28]),
    'an HTTP request': 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n',
    'a close frame': masked(0x88, ''),
    'the end in the midst of a frame': Buffer.from([0x81, 0xfe, 0x10]),
  };
  for (const [what, frame] of Object.entries(frames)) {
    const socket = createConnection(server.port, '127.0.0.1');
    const closed = new Promise<void>((resolve) => {
      socket.on('close', () => resolve());
      socket.on('error', () => {});
    });
    await new Promise<void>((resolve) => {
      socket.once('data', () => resolve());
      socket.write(upgrade);
    });
    if (what.startsWith('the end')) socket.end(frame);
    else socket.write(frame);
    socket.resume();
    await closed;
    t.pass(what);
  }
  // Many at once that break off at every point of the upgrade.
  for (let at = 1; at < upgrade.length; at += 7) {
    const socket = createConnection(server.port, '127.0.0.1');
    socket.on('error', () => {});
    await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
    socket.write(upgrade.slice(0, at), () => socket.destroy());
  }
  const talk = await opened(t, server);
  t.match(await talk.ask({ type: 'ping' }), { type: 'pong' });
});

async function slowReader(t: Test, limited: Partial<GatewayLimits>): Promise<void> {
  const server = await started(t, { limits: limited });
  const slow = await opened(t, server);
  slow.send({ type: 'subscribe', id: 1, owner: 'alice' });
  t.match(await slow.next(), { type: 'balances' });
  slow.socket.pause();
  const writer = await opened(t, server, 'jifen.msgpack');
  const isOver = async () =>
    /jifen_stream_slow_readers_total 1/.test((await server.ask('GET /metrics')).text);
  let sent = 0;
  for (; sent < 60_000 && !(await isOver()); ) {
    const commands = Array.from({ length: 1000 }, () => earn(`t${sent++}`, 'alice', 1, 'gold'));
    t.match(await writer.ask({ type: 'commands', id: sent, commands, brief: true }), {
      type: 'outcomes',
    });
  }
  slow.socket.resume();
  t.same(await slow.closed, { code: CLOSE.slow[0], reason: CLOSE.slow[1] });
  const versions: number[] = slow.came.flatMap((message) =>
    message.entries.map((entry: { version: number }) => entry.version),
  );
  const again = await opened(t, server);
  const known = versions[versions.length - 1] ?? 0;
  again.send({ type: 'subscribe', id: 1, owner: 'alice', versions: { gold: known } });
  for (let message = await again.next(); message.type === 'entries'; message = await again.next())
    for (const { version } of message.entries) versions.push(version);
  t.equal(versions.length, sent);
  t.ok(versions.every((version, i) => version === i + 1));
}

t.test('who reads too slowly is disconnected, and told why; who resumes has lost nothing', (t) =>
  slowReader(t, { streamBacklogBytesMax: 512 * 1024, streamPaceBytes: 64 * 1024 }),
);

t.test('the same where it is too much for all readers together', (t) =>
  slowReader(t, { streamsBacklogBytesMax: 512 * 1024, streamPaceBytes: 64 * 1024 }),
);

t.test('what will expire is told by the feed and by the log alike', async (t) => {
  const server = await started(t);
  await server.ask('PUT /v1/assets/soon', { scale: 0, expiryNoticeDays: 30 });
  const expiresAt = new Date(Date.now() + 20 * 86_400_000).toISOString();
  const legs = [{ from: '@issue', to: 'ann', asset: 'soon', amount: 5, expiresAt }];
  t.match(await server.ask('POST /v1/transfers', { legs }), { status: 201 });
  const notice = { type: 'expiring', owner: 'ann', asset: 'soon', available: 5, held: 0 };
  const logged = await until('it is told', async () => {
    const lines = linesOf((await server.ask('GET /v1/shards/0/log')).text);
    return lines.find(({ notices }) => notices !== undefined)?.notices ?? false;
  });
  t.match(logged, [notice]);
  for (const protocol of PROTOCOLS) {
    const talk = await opened(t, server, protocol);
    talk.send({ type: 'follow', id: 1, shard: 0, seq: 1 });
    const heard = await until('it is heard', async () => {
      const { items } = await talk.nextOf('items');
      return items.find(({ notices }: any) => notices !== undefined)?.notices ?? false;
    });
    t.same(heard, logged, protocol);
  }
});

t.test('a feed waits for its reader, and equals the log from any position', async (t) => {
  const limited = { streamPaceBytes: 64 * 1024, streamItemsMax: 50 };
  const server = await started(t, { limits: limited });
  const writer = await opened(t, server);
  for (let batch = 0; batch < 10; batch++) {
    const commands = Array.from({ length: 300 }, (_, i) => earn(`${batch}.${i}`, `u${i % 7}`));
    await writer.ask({ type: 'commands', id: batch, commands, brief: true });
  }
  const { shards } = await server.server.engine.stats();
  const last = shards[0]?.durableSeq ?? 0;
  const read = async (seq: number, index: number): Promise<string[]> => {
    const talk = await opened(t, server, seq % 2 === 0 ? 'jifen.msgpack' : 'jifen.json');
    talk.send({ type: 'follow', id: 1, shard: 0, seq, index });
    const items: string[] = [];
    let end = { seq, index };
    if (seq === 3) {
      talk.socket.pause();
      setTimeout(() => talk.socket.resume(), 200);
    }
    for (;;) {
      const message = await talk.nextOf('items');
      t.ok(message.items.length <= 50);
      for (const item of message.items) {
        items.push(JSON.stringify({ seq: message.seq, ...item }));
        end = { seq: message.seq, index: item.index + 1 };
      }
      if (end.seq === last && end.index >= (lengths.get(last) ?? 1)) return items;
    }
  };
  const lengths = new Map<number, number>();
  await new Promise<void>((resolve) => {
    const end = server.server.engine.subscribe(0, 1, ({ seq, items }) => {
      lengths.set(seq, items.length);
      if (seq < last) return;
      end();
      resolve();
    });
  });
  const whole = await read(1, 0);
  for (const [seq, index] of [
    [1, 1],
    [2, 0],
    [3, 0],
    [3, 40],
    [4, 299],
    [5, 1000],
    [last, 1],
  ] as const) {
    const expected = whole.filter((text) => {
      const item = JSON.parse(text);
      return item.seq > seq || (item.seq === seq && item.index >= index);
    });
    t.same(await read(seq, index), expected, `from ${seq}, ${index}`);
  }
});

t.test('a server that stops answers the batches under way and says goodbye', async (t) => {
  const server = await startServer({
    port: 0,
    engine: { folder: join(temporaryFolder(t), 'data'), shards: 1, cacheMb: 64 },
  });
  await server.engine.submit({ type: 'define-asset', asset: 'points', scale: 0 });
  const talk = await Talk.open(Number(new URL(server.address).port), server.adminKey.key);
  await talk.nextOf('ready');
  talk.send({ type: 'commands', id: 1, commands: [earn('1', 'alice')] });
  talk.send({ type: 'commands', id: 2, commands: [earn('2', 'alice')] });
  talk.send({ type: 'ping' });
  await talk.nextOf('pong');
  await server.close();
  t.match(await talk.next(), { type: 'outcomes', id: 1, outcomes: [{ ok: true }] });
  t.match(await talk.next(), { type: 'outcomes', id: 2, outcomes: [{ ok: true }] });
  t.equal((await talk.closed).code, CLOSE.goingAway[0]);
});
