// Calls over HTTP that have no answer, a late one, or one of somebody in between: what is tried again, what is told, what stays
// behind.

import { getEventListeners } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import type { Command, TransferCommand } from '../../../engine/index.js';
import { type ClientOptions, connect } from '../../../gateway/client/node.js';
import { GATEWAY_LIMITS } from '../../../gateway/limits.js';
import { MESSAGE_LIMITS } from '../../../gateway/message-limits.js';
import { freePort } from '../../fixtures/nats-server.js';
import { until } from '../../until.js';
import { gateway } from '../harness.js';
import { ServerProcess } from '../server-process.js';
import { errorOf } from './between.js';

const earn = (id?: string): TransferCommand => ({
  type: 'transfer',
  id,
  legs: [{ from: '@issue', to: 'alice', asset: 'points', amount: 10 }],
});
const problem = (code: string, status: number, retry: boolean) =>
  JSON.stringify({ type: `urn:x:${code}`, title: code, status, code, retry });

/** What answers in place of a gateway; the bodies that it was sent. */
async function answering(
  t: Test,
  answer: (response: ServerResponse, nth: number, request: IncomingMessage) => void,
): Promise<{ readonly url: string; readonly bodies: string[]; closed: number }> {
  const made = { url: '', bodies: [] as string[], closed: 0 };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    response.on('close', () => {
      if (!response.writableFinished) made.closed++;
    });
    request.on('end', () => answer(response, made.bodies.push(body), request));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    server.closeAllConnections();
    server.close();
  });
  made.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return made;
}

const asking = (url: string, options: Partial<ClientOptions> = {}) =>
  connect({ url, key: 'x', attempts: 2, ...options });

t.test('an answer of somebody in between is told with its status and a few words', async (t) => {
  const page = `<html><head><style>p { x }</style><title>502 Bad\nGateway</title></head><body>
    <p>no upstream</p>${'<p>words</p>'.repeat(1_000)}</body></html>`;
  const broken = await answering(t, (response) => response.writeHead(502).end(page));
  const error = await errorOf(asking(broken.url).submit(earn()));
  t.match(error, { reason: 'unreachable', status: 502, isOutcomeUnknown: true });
  t.match(error.message, /502 Bad Gateway.*no upstream words/);
  t.notMatch(error.message, /[<>{]/);
  t.ok(error.message.length < 350, error.message);
  t.equal(broken.bodies.length, 2);
  t.match(error.commands, [{ id: JSON.parse(broken.bodies[0] ?? '').id }]);
  t.match(await errorOf(asking(broken.url).balances('alice')), {
    isOutcomeUnknown: false,
    commands: [],
  });
  const wrong = await answering(t, (response) => response.writeHead(404).end('<b>nothing'));
  t.match(await errorOf(asking(wrong.url).submit(earn())), {
    status: 404,
    isOutcomeUnknown: false,
    message: /404 Not Found.*nothing/,
  });
  t.equal(wrong.bodies.length, 1, 'asking again does not help');
  const portal = await answering(t, (response) => response.writeHead(200).end('"welcome"'));
  t.match(await errorOf(asking(portal.url).submit(earn())), {
    status: 200,
    isOutcomeUnknown: true,
  });
});

t.test('a refusal for now after an answer that was lost is not the outcome', async (t) => {
  const lost = (last: string, status: number) =>
    answering(t, (response, nth) => {
      if (nth === 1) response.socket?.destroy();
      else response.writeHead(status).end(last);
    });
  for (const [code, status, retry] of [
    ['SHARD_BUSY', 503, true],
    ['UNAUTHORIZED', 401, false],
  ] as const) {
    const server = await lost(problem(code, status, retry), status);
    const error = await errorOf(asking(server.url).submit(earn()));
    t.match(error, { reason: 'refused', refusal: { code }, isOutcomeUnknown: true });
    const id = JSON.parse(server.bodies[0] ?? '').id;
    t.match(error.commands, [{ id }]);
  }
  const short = await lost(problem('POINTS_SHORT', 422, false), 422);
  t.match(await asking(short.url).submit(earn()), { ok: false, code: 'POINTS_SHORT' });
  const busy = await answering(t, (response) =>
    response.writeHead(503).end(problem('SHARD_BUSY', 503, true)),
  );
  t.match(await asking(busy.url).submit(earn()), { ok: false, code: 'SHARD_BUSY' });
});

t.test('signals and times: the request ends, its outcome is not known', async (t) => {
  const silent = await answering(t, () => {});
  const client = asking(silent.url, { attempts: 5 });
  const controller = new AbortController();
  const { signal } = controller;
  const timed = await errorOf(client.submit(earn(), { signal, timeoutMs: 150 }));
  t.match(timed, { reason: 'timeout', isOutcomeUnknown: true, message: /within 150 ms/ });
  t.match(timed.commands, [{ id: /^[0-9a-f]{32}$/ }]);
  t.equal(getEventListeners(signal, 'abort').length, 0, 'nothing is left on the signal');
  const calls = [
    client.submit(earn(), { signal }),
    client.submitTransfers([earn(), earn()], { signal }),
    client.balances('a', { signal }),
    client.balancesOf(['a'], { signal }),
    client.entries({ owner: 'a', asset: 'points' }, { signal }),
    client.transfer('a', '1', { signal }),
    client.hold('a', '1', { signal }),
    client.assets({ signal }),
  ].map(errorOf);
  await until('all are asked', () => silent.bodies.length === 9);
  controller.abort(new Error('enough'));
  const errors = await Promise.all(calls);
  t.same(
    errors.map(({ reason, isOutcomeUnknown }) => [reason, isOutcomeUnknown]),
    errors.map((_, i) => ['aborted', i < 2]),
  );
  t.equal((errors[0]!.cause as Error).message, 'enough');
  t.equal(getEventListeners(signal, 'abort').length, 0);
  await until('the connections ended', () => silent.closed === 9);
  t.match(await errorOf(client.submit(earn(), { signal })), {
    reason: 'aborted',
    isOutcomeUnknown: false,
  });
  t.equal(silent.bodies.length, 9, 'it was not asked');
  const attempt = asking(silent.url, { timeoutMs: 50 });
  t.match(await errorOf(attempt.submit(earn())), {
    reason: 'unreachable',
    message: /no answer within 50 ms/,
  });
  t.match(await errorOf(client.submit(earn(), { dryRun: true, timeoutMs: 50 })), {
    reason: 'timeout',
    isOutcomeUnknown: false,
    commands: [],
  });
  const stalled = await answering(t, (response) => response.writeHead(200).write('{"assets": ['));
  t.match(await errorOf(asking(stalled.url, { timeoutMs: 50 }).assets()), {
    reason: 'unreachable',
    message: /no answer within 50 ms/,
  });
  const waiting = connect({ url: silent.url, token: () => new Promise<string>(() => {}) });
  t.match(await errorOf(waiting.submit(earn(), { timeoutMs: 50 })), {
    reason: 'timeout',
    isOutcomeUnknown: false,
  });
  const nobody = asking(`http://127.0.0.1:${await freePort()}`);
  t.match(await errorOf(nobody.submit(earn())), {
    reason: 'unreachable',
    isOutcomeUnknown: false,
    message: /ECONNREFUSED/,
  });
});

t.test('a Retry-After that no timer can wait for is no reason to ask at once', async (t) => {
  const busy = await answering(t, (response) =>
    response.writeHead(503, { 'Retry-After': '99999999999' }).end(problem('SHARD_BUSY', 503, true)),
  );
  const error = await errorOf(asking(busy.url).submit(earn(), { timeoutMs: 400 }));
  t.equal(error.reason, 'timeout');
  t.equal(busy.bodies.length, 1);
});

t.test(
  'what is too large is refused before it is sent, and by the server all the same',
  async (t) => {
    const nobody = asking('http://127.0.0.1:9');
    const metadata = { text: 'x'.repeat(1024 * 1024) };
    t.match(await nobody.submit({ ...earn('1'), metadata }), {
      code: 'BODY_TOO_LARGE',
      status: 413,
      field: 'body',
    });
    const many = Array.from({ length: 9 }, (_, i) => ({ ...earn(`${i}`), metadata }));
    t.match(await errorOf(nobody.submitTransfers(many)), { refusal: { code: 'BODY_TOO_LARGE' } });
    // In a process of its own: it answers while the body is still being sent, and closes the connection.
    const server = await ServerProcess.start(t, '--shards', '1', '--cache-mb', '64');
    const twenty = { text: 'x'.repeat(20 * 1024 * 1024) };
    for (const attempts of [5, 1]) {
      const limits = { bodyBytesMax: 64e6, batchBytesMax: 64e6 };
      const large = connect({ url: server.url, key: server.key, attempts, limits });
      for (const bytes of [20 * 1024 * 1024, 2 * 1024 * 1024])
        t.match(await large.submit({ ...earn('1'), metadata: { text: 'x'.repeat(bytes) } }), {
          code: 'BODY_TOO_LARGE',
          status: 413,
        });
      t.match((await large.assets()).length, 0, 'the next call is answered');
      const strange = connect({ url: server.url, key: 'wrong', attempts, limits });
      const refused = await strange
        .submit({ ...earn('1'), metadata: twenty })
        .catch(({ refusal }) => refusal);
      t.match(refused, { code: 'UNAUTHORIZED', status: 401 });
    }
    t.match(GATEWAY_LIMITS, MESSAGE_LIMITS, 'the client knows the limits of the gateway');
  },
);

t.test('names that cannot be in a path, and what is no name', async (t) => {
  const { server, key } = await gateway(t);
  const client = connect({ url: `${server.address}//`, key });
  for (const owner of ['.', '..', '', undefined, 5, '\udc00'])
    t.match(
      await errorOf(client.balances(owner as string)),
      { refusal: { code: 'OWNER_INVALID', field: 'owner' } },
      String(owner),
    );
  t.match(await errorOf(client.transfer('a', '..')), { refusal: { code: 'ID_INVALID' } });
  const open = { type: 'open-account', asset: 'points' } as const;
  t.match(await client.submit({ ...open, id: '1', owner: '..' }), {
    ok: false,
    code: 'COMMAND_INVALID',
    field: 'owner',
    id: '1',
  });
  t.match(await client.submit(open as never), { code: 'COMMAND_INVALID', field: 'owner' });
  const record = { type: 'put-record', owner: 'a', recordType: 'a', key: 'b', value: '' };
  t.match(await client.submit(record as never), { code: 'COMMAND_TYPE_UNKNOWN', field: 'type' });
  t.match(await client.submit({ type: 'toString' } as never), { code: 'COMMAND_TYPE_UNKNOWN' });
  t.match(await client.submit(null as never), { code: 'COMMAND_INVALID', field: 'command' });
  t.same(await client.balances('a/b?c#d%').catch(({ refusal }) => refusal.code), 'OWNER_INVALID');
  t.match(await client.submit({ type: 'define-asset', asset: 'points', scale: 0 }), { ok: true });
  const commands: Command[] = [{ ...earn('1'), legs: [{ ...earn().legs[0]!, to: '..' }] }];
  t.match(await client.stream.submitBatch(commands), [{ code: 'OWNER_INVALID' }], 'it reads it');
  client.close();
});

t.test('how a client cannot be made', async (t) => {
  const url = 'http://127.0.0.1:9';
  const bad: [object, RegExp][] = [
    [{ url }, /a key, or a token/],
    [{ url, key: 'a', token: () => 'b' }, /a key, or a token/],
    [{ url: 'localhost:9', key: 'a' }, /url/],
    [{ url: 'ws://localhost:9', key: 'a' }, /url/],
    [{ url: `${url}/?a=b`, key: 'a' }, /url/],
    [{ url, key: 'a\nb' }, /key/],
    [{ url, key: 'a', attempts: 0 }, /attempts/],
    [{ url, key: 'a', attempts: Number.NaN }, /attempts/],
    [{ url, key: 'a', timeoutMs: 1e12 }, /timeoutMs/],
    [{ url, key: 'a', queueBytesMax: -1 }, /queueBytesMax/],
  ];
  for (const [options, message] of bad)
    t.throws(() => connect(options as ClientOptions), message, JSON.stringify(options));
  const path: string[] = [];
  const behind = await answering(t, (response, _nth, request) => {
    path.push(request.url ?? '');
    response.end('{"assets": []}');
  });
  t.same(await asking(`${behind.url}/ledger/`).assets(), []);
  t.same(path, ['/ledger/v1/assets'], 'behind a proxy it may have a path');
});
