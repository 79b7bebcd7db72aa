// Single commands over the stream: what is submitted in one turn shares a message, and nobody suffers for a neighbour.

import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { unpack } from 'msgpackr';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import type { Command, Outcome, TransferCommand } from '../../../engine/index.js';
import { connect as connectInBrowser } from '../../../gateway/client/index.js';
import {
  type Client,
  ClientError,
  type ClientOptions,
  connect,
  type SocketLike,
} from '../../../gateway/client/node.js';
import { until } from '../../until.js';
import { gateway } from '../harness.js';
import { type Between, between, errorOf } from './between.js';

const earn = (id?: string, more: object = {}): TransferCommand => ({
  type: 'transfer',
  id,
  legs: [{ from: '@issue', to: 'alice', asset: 'points', amount: 10 }],
  ...more,
});
const many = (count: number, name: string): TransferCommand[] =>
  Array.from({ length: count }, (_, i) => earn(`${name}${i}`));
const large = (bytes: number) => ({ metadata: { text: 'x'.repeat(bytes) } });

/** What a client says. */
interface Said {
  readonly type: string;
  readonly id: number;
  readonly timeoutMs?: number;
  readonly commands?: readonly { readonly id: string }[];
}

const said = (message: Buffer): Said =>
  message[0] === 0x7b ? JSON.parse(String(message)) : unpack(message);
const batchesOf = ({ messages }: Between): Said[] =>
  messages.map(said).filter(({ type }) => type === 'commands');
const sizesOf = (proxy: Between): number[] =>
  batchesOf(proxy).map(({ commands }) => commands?.length ?? 0);
const idsOf = (proxy: Between): string[] =>
  batchesOf(proxy).flatMap(({ commands = [] }) => commands.map(({ id }) => id));
const isBatch = (message: Buffer) => said(message).type === 'commands';

async function started(t: Test, options: Partial<ClientOptions> = {}, key?: string) {
  const server = await gateway(t, { assets: ['points'] });
  const proxy = await between(t, server.server.address);
  const client = connect({ url: proxy.url, key: key ?? server.key, attempts: 4, ...options });
  t.teardown(() => client.close());
  await client.stream.submit(earn('first'));
  proxy.messages.length = 0;
  const submitAll = (commands: readonly Command[]) =>
    commands.map((command) => client.stream.submit(command));
  const balance = async () => {
    const { accounts } = (await server.ask('GET /v1/accounts/alice')).body;
    return accounts[0].available as number;
  };
  return { server, proxy, client, stream: client.stream, submitAll, balance };
}

const allOk = (outcomes: readonly Outcome[]) => outcomes.every(({ ok }) => ok);
const idsTold = (outcomes: readonly Outcome[]) => outcomes.map(({ id }) => id);

t.test('one message for all of a turn, in their order, in both formats', async (t) => {
  const { server, proxy, client } = await started(t);
  const browser = connectInBrowser({
    url: proxy.url,
    key: server.key,
    openSocket: (url, protocol) => new WebSocket(url, [protocol]) as unknown as SocketLike,
  });
  t.teardown(() => browser.close());
  await browser.stream.submit(earn('browser'));
  for (const [name, { stream }] of Object.entries({ client, browser }) as [string, Client][]) {
    proxy.messages.length = 0;
    const commands = many(300, name);
    const outcomes = await Promise.all(commands.map((command) => stream.submit(command)));
    t.same(
      idsTold(outcomes),
      commands.map(({ id }) => id),
    );
    t.ok(allOk(outcomes));
    t.same(sizesOf(proxy), [300]);
    const bytes = { type: 'put-record', owner: name, recordType: 'a', key: 'b' } as const;
    const [record, held, again] = await Promise.all([
      stream.submit({ ...bytes, value: new Uint8Array([1, 2, 250]) }),
      stream.submit({ type: 'hold', id: `h${name}`, owner: name, asset: 'points', amount: 1 }),
      stream.submit(earn(`${name}0`)),
    ]);
    t.match(record, { ok: true, recordVersion: Number });
    t.match(held, { ok: false, code: 'POINTS_SHORT' });
    t.match(again, { ok: true, replayed: true, entries: [{}, { available: Number }] });
  }
});

t.test('callers that go on with their outcomes are gathered again', async (t) => {
  const { proxy, stream } = await started(t);
  const caller = async (n: number) => {
    for (let i = 0; i < 5; i++) await stream.submit(earn(`${n}.${i}`));
  };
  await Promise.all(Array.from({ length: 50 }, (_, n) => caller(n)));
  t.same(sizesOf(proxy), [50, 50, 50, 50, 50]);
});

t.test('bounds: commands, bytes, and messages under way', async (t) => {
  const bounds = { gatheredCommandsMax: 10, gatheredBytesMax: 2_000, gatheredMessagesMax: 3 };
  const { proxy, submitAll, balance } = await started(t, bounds);
  proxy.fate = (message) => (isBatch(message) ? 'swallow' : 'pass');
  const calls = submitAll(many(60, 'a'));
  await until('some are sent', () => proxy.messages.length >= 3);
  await sleep(100);
  t.same(sizesOf(proxy), [10, 10, 10], 'the others wait');
  proxy.fate = () => 'pass';
  proxy.messages.length = 0;
  proxy.cut();
  t.ok(allOk(await Promise.all(calls)));
  t.same(
    idsOf(proxy),
    many(60, 'a').map(({ id }) => id),
    'in their order, the lost ones first',
  );
  proxy.messages.length = 0;
  const big = Array.from({ length: 6 }, (_, i) => earn(`big${i}`, large(900)));
  t.ok(allOk(await Promise.all(submitAll([...many(3, 'b'), ...big]))));
  t.ok(
    proxy.messages.every(({ length }) => length <= 2_000),
    'bytes',
  );
  t.same(sizesOf(proxy).slice(1), [1, 1, 1, 1, 1]);
  const record = { type: 'put-record', owner: 'alice', recordType: 'a', key: 'b' } as const;
  const [over, beside] = await Promise.all(
    submitAll([{ ...record, value: new Uint8Array(3_000) }, earn('beside')]),
  );
  t.match([over, beside], [{ ok: true }, { ok: true }], 'one that has more goes alone');
  t.equal(await balance(), 10 * (1 + 60 + 9 + 1));
});

t.test('what is carried out otherwise shares no message, and the order is kept', async (t) => {
  const { proxy, stream } = await started(t);
  const calls = [
    stream.submit(earn('1')),
    stream.submit(earn('2'), { dryRun: false }),
    stream.submit(earn('3'), { decisionMs: 500 }),
    stream.submit(earn('4'), { decisionMs: 500 }),
    stream.submit(earn('5')),
    stream.submitBatch([earn('6'), earn('7')]),
    stream.submit(earn('8')),
    stream.submit({ type: 'define-asset', asset: 'gold', scale: 0, lotTracked: false }),
    stream.submit(earn('9')),
    stream.submit(earn('dry'), { dryRun: true }),
  ] as const;
  const found = (await Promise.all(calls)).flat() as Outcome[];
  t.ok(allOk(found));
  const batches = batchesOf(proxy);
  t.same(
    batches.map(({ commands = [] }) => commands.map(({ id }) => id ?? 'gold')),
    [['1', '2'], ['3', '4'], ['5'], ['6', '7'], ['8'], ['gold'], ['9'], ['dry']],
  );
  t.same(
    batches.map(({ timeoutMs }) => timeoutMs),
    [undefined, 500, undefined, undefined, undefined, undefined, undefined, undefined],
  );
  const versions = found.flatMap((outcome) =>
    outcome.ok && outcome.seq > 0
      ? (outcome.entries ?? []).filter(({ owner }) => owner === 'alice').map((e) => e.version)
      : [],
  );
  t.same(versions, [2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

t.test('what cannot be sent is refused by itself, whoever is beside it', async (t) => {
  const limits = { streamMessageBytesMax: 20_000 };
  const { server, proxy, stream, balance } = await started(t, { limits });
  const tooLarge = { type: 'put-record', owner: 'alice', recordType: 'a', key: 'b' } as const;
  const throwing = {
    get text(): string {
      throw new Error('a getter');
    },
  };
  const calls = [
    stream.submit(earn('good1')),
    stream.submit(earn('nan', { metadata: { is: Number.NaN } })),
    stream.submit(undefined as never),
    stream.submit({ type: 'strange' } as never),
    stream.submit(earn('short', { legs: [{ from: 'bob', to: 'a', asset: 'points', amount: 1 }] })),
    errorOf(stream.submit(earn('getter', { metadata: throwing }))),
    errorOf(stream.submit(earn('bigint', { legs: [{ amount: 5n }] }))),
    errorOf(stream.submit({ ...tooLarge, value: new Uint8Array(9_000_000) })),
    errorOf(stream.submit(earn('option'), { decisionMs: -1 })),
    stream.submit(earn('good2')),
  ] as const;
  const found = await Promise.all(calls as readonly Promise<unknown>[]);
  t.match(found, [
    { ok: true },
    { code: 'METADATA_INVALID', field: 'metadata.is' },
    { code: 'COMMAND_INVALID' },
    { code: 'COMMAND_TYPE_UNKNOWN' },
    { code: 'POINTS_SHORT' },
    { reason: 'unsendable' },
    { reason: 'unsendable', commands: [{ id: 'bigint' }] },
    { refusal: { code: 'BATCH_TOO_LARGE', status: 413 }, isOutcomeUnknown: false },
    { refusal: { code: 'MESSAGE_INVALID', field: 'decisionMs' } },
    { ok: true },
  ]);
  t.equal(await balance(), 30);
  t.equal(proxy.connections.length, 1);
  t.equal((await server.ask('GET /v1/accounts/alice/transfers/option')).status, 404);
});

for (const code of [1006, 1009])
  t.test(`a command on which the connection is closed (${code}) is given up alone`, async (t) => {
    const { proxy, submitAll, balance } = await started(t, { gatheredCommandsMax: 8 });
    proxy.fate = (message) => (message.includes('poison') ? code : 'pass');
    const before = submitAll(many(10, 'before'));
    const [poison] = submitAll([earn('poison')]);
    const after = submitAll(many(10, 'after'));
    const error = await errorOf(poison as Promise<Outcome>);
    if (code === 1006) t.match(error, { reason: 'unreachable', isOutcomeUnknown: true });
    else t.match(error, { refusal: { code: 'MESSAGE_INVALID' }, isOutcomeUnknown: false });
    t.match(error.commands, [{ id: 'poison' }]);
    t.ok(allOk(await Promise.all([...before, ...after])));
    t.equal(await balance(), 10 + 200);
    proxy.messages.length = 0;
    t.ok(allOk(await Promise.all(submitAll(many(5, 'later')))));
    t.same(sizesOf(proxy), [5], 'what comes later is gathered again');
  });

t.test('a message that is refused as a whole refuses those who are refused alone', async (t) => {
  const server = await gateway(t, { assets: ['points'] });
  const rate = { limit: 20, seconds: 3_600 };
  const { body } = await server.ask('POST /v1/keys', { name: 'k', operations: ['earn'], rate });
  const { key } = body as { key: string };
  const client = connect({ url: server.server.address, key });
  t.teardown(() => client.close());
  const found = await Promise.all(
    many(50, 'm').map((command) =>
      client.stream.submit(command).catch((error: unknown) => error as ClientError),
    ),
  );
  const refused = found.filter((one): one is ClientError => one instanceof ClientError);
  t.equal(refused.length, 30, 'as many as may be are carried out');
  for (const error of refused)
    t.match(error, { refusal: { code: 'RATE_LIMITED', retry: true }, isOutcomeUnknown: false });
  const { accounts } = (await server.ask('GET /v1/accounts/alice')).body;
  t.equal(accounts[0].available, 200);
});

t.test('each has its own end: what it is while it waits, and on the way', async (t) => {
  const bounds = { gatheredCommandsMax: 5, gatheredMessagesMax: 1 };
  const { server, proxy, stream, balance } = await started(t, bounds);
  proxy.fate = (message) => (isBatch(message) ? 'swallow' : 'pass');
  const controller = new AbortController();
  const { signal } = controller;
  const ends = [{}, { timeoutMs: 80 }, { signal }, {}, {}, { timeoutMs: 90 }, { signal }, {}];
  const calls = ends.map((options, i) => stream.submit(earn(`e${i}`), options));
  const [timed, waited] = await Promise.all([errorOf(calls[1]!), errorOf(calls[5]!)]);
  t.match(timed, { reason: 'timeout', isOutcomeUnknown: true, commands: [{ id: 'e1' }] });
  t.match(waited, { reason: 'timeout', isOutcomeUnknown: false, commands: [{ id: 'e5' }] });
  controller.abort();
  t.match(await errorOf(calls[2]!), { reason: 'aborted', isOutcomeUnknown: true });
  t.match(await errorOf(calls[6]!), { reason: 'aborted', isOutcomeUnknown: false });
  t.equal(getEventListeners(signal, 'abort').length, 0);
  t.match(await errorOf(stream.submit(earn('late'), { signal })), { isOutcomeUnknown: false });
  t.same(idsOf(proxy), ['e0', 'e1', 'e2', 'e3', 'e4']);
  proxy.fate = () => 'pass';
  proxy.cut();
  t.ok(allOk(await Promise.all([0, 3, 4, 7].map((i) => calls[i]!))));
  for (const id of ['e1', 'e2', 'e5', 'e6', 'late'])
    t.equal((await server.ask(`GET /v1/accounts/alice/transfers/${id}`)).status, 404, id);
  t.equal(await balance(), 50);
  await t.rejects(stream.submit(earn('1'), { timeoutMs: -1 }), RangeError);
});

t.test('a message without an answer holds up those that are in it, and nobody else', async (t) => {
  const { proxy, stream, submitAll } = await started(t, { gatheredMessagesMax: 2 });
  proxy.fate = (message) => (message.includes('slow') ? 'swallow' : 'pass');
  const slow = errorOf(stream.submit(earn('slow'), { timeoutMs: 400 }));
  const [beside] = submitAll([earn('beside')]);
  let isTold = false;
  beside?.then(
    () => (isTold = true),
    () => {},
  );
  await until('it is sent', () => proxy.messages.length === 1);
  for (let i = 0; i < 5; i++) t.ok(allOk(await Promise.all(submitAll(many(20, `${i}.`)))));
  t.match(await stream.submitBatch([earn('batch')]), [{ ok: true }]);
  t.notOk(isTold);
  t.match(await slow, { reason: 'timeout', isOutcomeUnknown: true });
  proxy.cut();
  t.ok((await beside)?.ok);
});

t.test('close() rejects everybody who waits, each once', async (t) => {
  const { proxy, client, submitAll } = await started(t, { gatheredMessagesMax: 1 });
  proxy.fate = (message) => (isBatch(message) ? 'swallow' : 'pass');
  const sent = submitAll(many(3, 'sent')).map(errorOf);
  await until('they are sent', () => batchesOf(proxy).length === 1);
  const waiting = submitAll(many(3, 'waiting')).map(errorOf);
  await sleep(20);
  const gathered = submitAll(many(3, 'gathered')).map(errorOf);
  client.close();
  for (const [errors, isOutcomeUnknown] of [
    [sent, true],
    [waiting, false],
    [gathered, false],
  ] as const)
    for (const error of await Promise.all(errors))
      t.match(error, { reason: 'closed', isOutcomeUnknown });
  t.match(await errorOf(client.stream.submit(earn('after'))), { reason: 'closed' });
  await sleep(50);
  t.equal(batchesOf(proxy).length, 1, 'nothing is sent any more');
});

t.test('what the caller changes afterwards is not sent', async (t) => {
  const { stream, balance } = await started(t);
  const command = { type: 'transfer', id: 'm', legs: [{ ...earn().legs[0]! }] } as const;
  const call = stream.submit(command as TransferCommand);
  (command.legs[0] as { amount: number }).amount = 99_999;
  t.ok((await call).ok);
  t.equal(await balance(), 20);
});

t.test('what waits without a connection is bounded by what is kept of it', async (t) => {
  const nobody = connect({ url: 'http://127.0.0.1:9', key: 'x', queueBytesMax: 100_000 });
  const calls = many(200, 'q').map((command) => errorOf(nobody.stream.submit(command)));
  const last = await (calls.at(-1) as (typeof calls)[0]);
  t.match(last, { refusal: { code: 'STREAM_LIMIT', retry: true }, isOutcomeUnknown: false });
  nobody.close();
  const reasons = (await Promise.all(calls)).map(({ reason }) => reason);
  const kept = reasons.filter((reason) => reason === 'closed').length;
  t.ok(kept > 30 && kept < 50, `${kept} were kept`);
});

t.test('an answer with too few outcomes is none: all are asked for again', async (t) => {
  const { proxy, submitAll, balance } = await started(t);
  let isWrong = true;
  proxy.answer = (message) => {
    const told = unpack(message) as { type: string; outcomes: unknown[] };
    if (told.type !== 'outcomes' || !isWrong) return message;
    isWrong = false;
    // Of fifty outcomes the server is made to have told none.
    const start = message.indexOf('outcomes') + 'outcomes'.length;
    return Buffer.concat([message.subarray(0, start), Buffer.from([0x90])]);
  };
  const outcomes = await Promise.all(submitAll(many(50, 'f')));
  t.same(
    idsTold(outcomes),
    many(50, 'f').map(({ id }) => id),
  );
  t.ok(outcomes.every((outcome) => outcome.ok && outcome.replayed));
  t.equal(await balance(), 510);
});

t.test('a server that stops has not taken them: the next one gets them', async (t) => {
  const { proxy, submitAll, balance } = await started(t);
  let isStopping = true;
  proxy.answer = (message) => {
    const told = unpack(message) as { type: string; id: number };
    if (told.type !== 'outcomes' || !isStopping) return message;
    isStopping = false;
    const { id } = told;
    return packedError(id);
  };
  t.ok(allOk(await Promise.all(submitAll(many(20, 's')))));
  t.equal(proxy.connections.length, 2);
  t.equal(await balance(), 210);
});

/** `{type: 'error', id, code: 'CLOSING'}` */
function packedError(id: number): Buffer {
  const text = (value: string) => [0xa0 | value.length, ...Buffer.from(value)];
  const fields = [text('type'), text('error'), text('id'), [id], text('code'), text('CLOSING')];
  return Buffer.from([0x83, ...fields.flat()]);
}

t.test('timers that a test has put in the place of the real ones hold nothing up', async (t) => {
  const { stream } = await started(t);
  const real = globalThis.setImmediate;
  globalThis.setImmediate = (() => {}) as never;
  const call = stream.submit(earn('1'), { timeoutMs: 10_000 });
  globalThis.setImmediate = real;
  t.ok((await call).ok);
});

t.test('a codec that makes other messages rejects the call, and nothing else', async (t) => {
  const { server, proxy } = await started(t);
  const codec = {
    subprotocol: 'jifen.json',
    encode: (message: object) => {
      const text = JSON.stringify(message);
      return text.includes('"commands":[]') ? `${text} ;` : text;
    },
    decode: (data: unknown) => JSON.parse(String(data)),
  };
  const client = connect({ url: proxy.url, key: server.key, codec });
  t.teardown(() => client.close());
  t.match(await errorOf(client.stream.submit(earn('1'))), {
    reason: 'unsendable',
    isOutcomeUnknown: false,
  });
  t.match(await client.stream.submitBatch([earn('2')]), [{ ok: true }]);
});

t.test('what can be no bound', (t) => {
  for (const name of ['gatheredCommandsMax', 'gatheredBytesMax', 'gatheredMessagesMax'])
    for (const value of [0, -1, 1.5, Number.NaN, '5'])
      t.throws(() => connect({ url: 'http://a', key: 'x', [name]: value }), new RegExp(name));
  t.end();
});
