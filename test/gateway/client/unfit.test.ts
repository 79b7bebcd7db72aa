// What a client is given that cannot be sent: it is refused by itself, before anything is sent, and the stream goes on.

import { runInNewContext } from 'node:vm';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import type { Command, Outcome } from '../../../engine/index.js';
import { connect as connectInBrowser } from '../../../gateway/client/index.js';
import {
  type Client,
  ClientError,
  connect,
  type SocketLike,
} from '../../../gateway/client/node.js';
import { until } from '../../until.js';
import { type Gateway, gateway } from '../harness.js';
import { type Between, between, errorOf } from './between.js';

const earn = (id: string, more: object = {}) =>
  ({
    type: 'transfer',
    id,
    legs: [{ from: '@issue', to: 'alice', asset: 'points', amount: 10 }],
    ...more,
  }) as Extract<Command, { type: 'transfer' }>;

/** A client of each kind over somebody who counts connections. */
async function clients(t: Test): Promise<{ all: [string, Client, Between][]; server: Gateway }> {
  const server = await gateway(t, { assets: ['points'] });
  const packed = await between(t, server.server.address);
  const json = await between(t, server.server.address);
  const openSocket = (url: string, protocol: string) =>
    new WebSocket(url, [protocol]) as unknown as SocketLike;
  const { key } = server;
  const all: [string, Client, Between][] = [
    ['MessagePack', connect({ url: packed.url, key }), packed],
    ['JSON', connectInBrowser({ url: json.url, key, openSocket }), json],
  ];
  t.teardown(() => {
    for (const [, client] of all) client.close();
  });
  return { all, server };
}

const nested = (depth: number): object => (depth === 0 ? {} : { in: nested(depth - 1) });
const codesOf = (outcomes: readonly Outcome[]) =>
  outcomes.map((outcome) => (outcome.ok ? 'ok' : `${outcome.code} ${outcome.field}`));

t.test('a value that no message can say is an outcome of its command', async (t) => {
  const { all, server } = await clients(t);
  const http = connect({ url: server.server.address, key: server.key });
  for (const [name, client, { connections }] of all) {
    const told: unknown[] = [];
    client.stream.watch('bob', (event) => told.push(event));
    const commands = [
      earn(`${name}1`, { metadata: { when: new Date() } }),
      earn(`${name}2`),
      earn(`${name}3`, { metadata: { f: () => {} } }),
      earn(`${name}4`, { metadata: nested(40) }),
      earn(`${name}5`, { metadata: { list: [1, undefined] } }),
      earn(`${name}6`, { memo: '\ud800' }),
      earn(`${name}7`, { metadata: { n: Number.NaN } }),
      earn(`${name}8`, { metadata: { map: new Map() } }),
      earn(`${name}9`, { legs: [{ from: '@issue', to: 'alice', asset: Symbol('a'), amount: 1 }] }),
      null as unknown as Command,
      earn(`${name}a`, { metadata: { list: [1, null, { x: '\u{1f600}' }] } }),
      earn(`${name}b`, { metadata: nested(20) }),
    ];
    const outcomes = await client.stream.submitBatch(commands);
    t.same(codesOf(outcomes), [
      'METADATA_INVALID metadata.when',
      'ok',
      'METADATA_INVALID metadata.f',
      `METADATA_INVALID metadata${'.in'.repeat(29)}`,
      'METADATA_INVALID metadata.list[1]',
      'COMMAND_INVALID memo',
      'METADATA_INVALID metadata.n',
      'METADATA_INVALID metadata.map',
      'COMMAND_INVALID legs[0].asset',
      'COMMAND_INVALID command',
      'ok',
      'METADATA_INVALID metadata',
    ]);
    t.match(outcomes[0], { id: `${name}1`, status: 400, retry: false, message: /is a Date/ });
    const atomic = await client.stream.submitBatch(
      [earn(`${name}x`, { metadata: { when: new Date() } }), earn(`${name}y`)],
      { atomic: true },
    );
    t.match(atomic, [{ code: 'METADATA_INVALID' }, { code: 'BATCH_ABORTED', id: `${name}y` }]);
    t.equal((await server.ask(`GET /v1/accounts/alice/transfers/${name}y`)).status, 404);
    await until('balances', () => told.length === 1);
    t.equal(connections.length, 1, 'the connection was never lost');
  }
  const date = { metadata: { when: new Date() } };
  t.match(await http.submit(earn('h1', date)), {
    code: 'METADATA_INVALID',
    field: 'metadata.when',
    id: 'h1',
  });
  t.match(codesOf(await http.submitTransfers([earn('h2'), earn('h3', date), earn('h4')])), [
    'ok',
    'METADATA_INVALID metadata.when',
    'ok',
  ]);
});

t.test('what says itself how it is told is told so, in both formats', async (t) => {
  const { all, server } = await clients(t);
  for (const [name, client] of all) {
    const amount = { toJSON: () => ({ units: 5 }) };
    const metadata = { amount, list: [amount] };
    t.match(await client.stream.submitBatch([earn(name, { metadata })]), [{ ok: true }]);
    const { body } = await server.ask(`GET /v1/accounts/alice/transfers/${name}`);
    t.same(body.command.metadata, { amount: { units: 5 }, list: [{ units: 5 }] });
    t.equal(metadata.amount, amount, 'what was given is as it was');
  }
});

t.test(
  'a value that cannot be read rejects its own call, also before the connection',
  async (t) => {
    const { all, server } = await clients(t);
    const circular: Record<string, unknown> = { a: 1 };
    circular.self = [circular];
    const throws = () => {
      throw new Error('not today');
    };
    const getter = Object.defineProperty({}, 'x', { enumerable: true, get: throws });
    const bad: [string, object, string][] = [
      ['bigint', { legs: [{ from: '@issue', to: 'a', asset: 'points', amount: 1n }] }, 'amount'],
      ['circular', { metadata: circular }, 'metadata.self[0]'],
      ['toJSON', { metadata: { x: { toJSON: throws } } }, 'metadata.x'],
      ['getter', { metadata: getter }, 'metadata.x'],
    ];
    for (const [name, client, { connections }] of all) {
      const good = client.stream.submitBatch([earn(`${name}1`)]);
      const rejected = bad.map(async ([what, more, field]) => {
        const call = client.stream.submitBatch([earn('0'), earn(what, more)]);
        const { reason, isOutcomeUnknown, refusal } = await errorOf(call);
        t.match({ reason, isOutcomeUnknown }, { reason: 'unsendable', isOutcomeUnknown: false });
        t.match(refusal, { code: 'COMMAND_INVALID' });
        t.ok(refusal?.field?.startsWith('commands[1].') && refusal.field.endsWith(field), field);
      });
      await Promise.all(rejected);
      t.match(await good, [{ ok: true }]);
      t.match(await client.stream.submitBatch([earn(`${name}2`)]), [{ ok: true }]);
      t.equal(connections.length, 1);
      t.throws(() => client.stream.watch(5n as never, () => {}), ClientError);
      const versions = { points: new Date() } as never;
      t.throws(
        () => client.stream.watch('a', () => {}, { versions }),
        /versions\.points is a Date/,
      );
    }
    const http = connect({ url: server.server.address, key: server.key });
    for (const [what, more] of bad)
      t.match(await errorOf(http.submit(earn(what, more))), { reason: 'unsendable' }, what);
    t.equal((await server.ask('GET /v1/accounts/alice/transfers/0')).status, 404);
  },
);

t.test('a batch that is too large is refused alone', async (t) => {
  const { all } = await clients(t);
  const metadata = { text: 'x'.repeat(1_010) };
  const large = Array.from({ length: 8_000 }, (_, i) => earn(`large${i}`, { metadata }));
  const many = Array.from({ length: 8_193 }, (_, i) => earn(`many${i}`));
  for (const [name, client, { connections }] of all) {
    const before = client.stream.submitBatch([earn(`${name}1`)]);
    const refused = [client.stream.submitBatch(large), client.stream.submitBatch(many)];
    const after = client.stream.submitBatch([earn(`${name}2`)]);
    for (const call of refused)
      t.match(await errorOf(call), {
        name: 'ClientError',
        reason: 'refused',
        isOutcomeUnknown: false,
        refusal: { code: 'BATCH_TOO_LARGE', field: 'commands', status: 413 },
      });
    t.match([await before, await after], [[{ ok: true }], [{ ok: true }]]);
    t.equal(connections.length, 1);
  }
});

t.test('bytes of any length are one argument, and Buffers bytes', async (t) => {
  const { all } = await clients(t);
  for (const [name, client] of all) {
    const put = { type: 'put-record', owner: 'alice', recordType: 'a' } as const;
    const outcomes = await client.stream.submitBatch([
      { ...put, key: `${name}1`, value: new Uint8Array(1_000_000) },
      { ...put, key: `${name}2`, value: Buffer.from([1, 2, 250]) },
      { ...put, key: `${name}3`, value: runInNewContext('new Uint8Array([1, 2, 250])') },
    ]);
    t.match(codesOf(outcomes), ['RECORD_TOO_LARGE value', 'ok', 'ok']);
    const values: unknown[] = [];
    const stop = client.stream.follow(0, { seq: 1, index: 0 }, ({ items }) => {
      for (const { command } of items)
        if (
          command.type === 'put-record' &&
          command.key.startsWith(name) &&
          /[23]$/.test(command.key)
        )
          values.push(command.value);
    });
    await until('the records', () => values.length === 2);
    for (const value of values) t.same([...(value as Uint8Array)], [1, 2, 250]);
    stop();
  }
});

t.test('options and listeners that are none are told by their names', async (t) => {
  const { all, server } = await clients(t);
  const http = connect({ url: server.server.address, key: server.key });
  for (const [name, { stream }, { connections }] of all) {
    const bad: [object, string][] = [
      [{ decisionMs: 5n }, 'decisionMs'],
      [{ decisionMs: new Date() }, 'decisionMs'],
      [{ decisionMs: -1 }, 'decisionMs'],
      [{ atomic: () => true }, 'atomic'],
      [{ dryRun: 1 }, 'dryRun'],
    ];
    for (const [options, field] of bad)
      t.match(await errorOf(stream.submitBatch([earn('1')], options)), {
        refusal: { code: 'MESSAGE_INVALID', field },
      });
    for (const none of ['abc', undefined, {}])
      t.match(await errorOf(stream.submitBatch(none as never)), { refusal: { field: 'commands' } });
    const holes = new Array(2) as Command[];
    holes[1] = earn(name);
    t.same(codesOf(await stream.submitBatch(holes)), ['COMMAND_INVALID command', 'ok']);
    await t.rejects(stream.submitBatch([], { signal: {} as AbortSignal }), /AbortSignal/);
    t.throws(() => stream.watch('a', undefined as never), /listener/);
    t.throws(() => stream.follow(0, { seq: 1, index: 0 }, () => {}, 5 as never), /listener/);
    const date = { seq: new Date(), index: 0 } as never;
    t.throws(() => stream.follow(0, date, () => {}), /seq is a Date/);
    t.equal(connections.length, 1);
  }
  t.match(await errorOf(http.submitTransfers({} as never)), { refusal: { field: 'commands' } });
});
