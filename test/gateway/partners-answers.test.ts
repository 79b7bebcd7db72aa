// What a partner may answer, against the adapter over real sockets: whatever is not exactly as the contract says is unknown, and nothing else.
//   partners.A4, partners.N1, partners.N2, partners.Q1-Q3

import { createServer, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { Destinations } from '../../gateway/outbound/addresses.js';
import type { PartnerAdapter } from '../../gateway/partners/adapter.js';
import { httpPartner } from '../../gateway/partners/http.js';
import { retryAfterOf } from '../../gateway/partners/requests.js';

const TIMEOUT_MS = 1_500;
const LIMITS = {
  partnerTimeoutMs: TIMEOUT_MS,
  partnerAnswerBytesMax: 4_096,
  partnerPageBytesMax: 16_384,
  partnerHealthAnswerMs: 300,
};
const signal = new AbortController().signal;
const CALL = { operation: 'op-1', kind: 'add', user: 'u', asset: 'p', amount: 5 } as const;
const OPERATION = {
  transaction_id: 'op-1',
  type: 'add',
  status: 'completed',
  user_id: 'u',
  amount: 5,
  asset: 'p',
  time: '2026-11-30T01:02:03.004Z',
  idempotent: false,
};

type Answering = string | ((socket: Socket, request: string) => void);

/** Bytes that answer; of JSON, with its head. */
const answer = (status: number, body: unknown, head = ''): string => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const length = Buffer.byteLength(text);
  return `HTTP/1.1 ${status} X\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n${head}\r\n${text}`;
};

/** A partner that answers every request with these bytes. */
async function partner(t: Pick<Test, 'teardown'>, hosts: readonly string[] = ['127.0.0.1']) {
  const state: { answering: Answering; requests: string[]; connections: number } = {
    ...{ answering: '', requests: [], connections: 0 },
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    state.connections++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.setEncoding('utf8').on('data', (text: unknown) => {
      state.requests.push(String(text));
      if (typeof state.answering === 'string') socket.write(state.answering);
      else state.answering(socket, String(text));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const adapter = httpPartner({ url, token: 'secret' }, new Destinations(hosts), LIMITS);
  t.teardown(() => {
    adapter.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { state, adapter, url };
}

const ask = (adapter: PartnerAdapter) => adapter.carryOut(CALL, signal);
const but = (fields: object): string => answer(200, { ...OPERATION, ...fields });
const without = (name: string): string => {
  const { [name as keyof typeof OPERATION]: _, ...rest } = OPERATION;
  return answer(200, rest);
};
const cut =
  (text: string): Answering =>
  (socket) =>
    socket.end(text);

const AMOUNTS = JSON.stringify(OPERATION);
const INVALID = { state: 'unknown', why: 'ANSWER_INVALID' };
const STATUS = (status: number) => ({ state: 'unknown', why: 'STATUS', status });

const HOSTILE: readonly (readonly [string, Answering, object])[] = [
  ['no JSON', answer(200, '{"status": '), INVALID],
  ['a page', answer(200, '<html>Welcome</html>'), INVALID],
  ['nothing', answer(200, ''), INVALID],
  ['204', 'HTTP/1.1 204 X\r\n\r\n', STATUS(204)],
  ['a list', answer(200, [OPERATION]), INVALID],
  ['null', answer(200, 'null'), INVALID],
  ['a text', answer(200, '"completed"'), INVALID],
  ['deep JSON', answer(200, `${'['.repeat(2_000)}${']'.repeat(2_000)}`), INVALID],
  [
    'bad UTF-8',
    (socket) => {
      const head = answer(200, JSON.stringify({ ...OPERATION, more: 'X' }));
      socket.write(Buffer.from(head.replace('"X"', '"\x80"'), 'latin1'));
    },
    INVALID,
  ],
  ['another id', but({ transaction_id: 'op-2' }), INVALID],
  ['an id that is no text', but({ transaction_id: 1 }), INVALID],
  ['an id in capitals', but({ transaction_id: 'OP-1' }), INVALID],
  ['no id', without('transaction_id'), INVALID],
  ['no status', without('status'), INVALID],
  ['an unknown status', but({ status: 'done' }), INVALID],
  ['a status in capitals', but({ status: 'COMPLETED' }), INVALID],
  ['absent, of what was asked for', but({ status: 'absent' }), INVALID],
  ['no amount', without('amount'), INVALID],
  ['an amount as text', but({ amount: '5' }), INVALID],
  ['a fraction', but({ amount: 5.5 }), INVALID],
  ['an amount of 0', but({ amount: 0 }), INVALID],
  ['a negative amount', but({ amount: -5 }), INVALID],
  ['an amount beyond 2^53', answer(200, AMOUNTS.replace('5,', '5e300,')), INVALID],
  ['an amount that is no number', answer(200, AMOUNTS.replace('5,', 'NaN,')), INVALID],
  ['an amount of null', but({ amount: null }), INVALID],
  ['no user', without('user_id'), INVALID],
  ['a user of 200 characters', but({ user_id: 'x'.repeat(200) }), INVALID],
  ['a user with a line', but({ user_id: 'a\nb' }), INVALID],
  ['no kind', without('type'), INVALID],
  ['another kind than there is', but({ type: 'transfer' }), INVALID],
  ['no asset', without('asset'), INVALID],
  ['a time in words', but({ time: 'yesterday' }), INVALID],
  ['a local time', but({ time: '2026-11-30T09:02:03+08:00' }), INVALID],
  ['a day that there is not', but({ time: '2026-02-30T01:02:03Z' }), INVALID],
  ['a time as a number', but({ time: 1_796_000_000_000 }), INVALID],
  ['a code of a sentence', but({ code: 'there are too few points' }), INVALID],
  ['idempotent as text', but({ idempotent: 'true' }), INVALID],
  ['200 in an error', answer(200, { error: 'internal' }), INVALID],
  ['a compressed answer', answer(200, OPERATION, 'content-encoding: gzip\r\n'), INVALID],
  [
    'a long answer',
    but({ more: 'x'.repeat(5_000) }),
    { state: 'unknown', why: 'ANSWER_TOO_LARGE' },
  ],
  [
    'an endless one',
    (socket) => {
      socket.write('HTTP/1.1 200 X\r\ntransfer-encoding: chunked\r\n\r\n');
      const write = (): void => {
        if (!socket.destroyed)
          socket.write(`400\r\n${'x'.repeat(1_024)}\r\n`, () => setTimeout(write, 5));
      };
      write();
    },
    { state: 'unknown', why: 'ANSWER_TOO_LARGE' },
  ],
  [
    'a slow one',
    (socket) => {
      socket.write(but({}).slice(0, -20));
      const timer = setInterval(() => socket.write(' '), 50);
      socket.on('close', () => clearInterval(timer));
    },
    { state: 'unknown' },
  ],
  ['none', () => {}, { state: 'unknown', why: 'TIMEOUT' }],
  [
    'endless headers',
    answer(200, OPERATION, `x: ${'y'.repeat(40_000)}\r\n`),
    { state: 'unknown', why: 'HPE_HEADER_OVERFLOW' },
  ],
  ['no HTTP', cut('SSH-2.0-OpenSSH_9.6\r\n'), { state: 'unknown' }],
  ['a connection that drops', (socket) => socket.destroy(), { state: 'unknown' }],
  [
    'one that drops half way',
    cut(but({}).slice(0, -30)),
    { state: 'unknown', why: 'ECONNRESET', status: 200 },
  ],
  [
    'another protocol',
    'HTTP/1.1 101 X\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n',
    { state: 'unknown' },
  ],
  ['a redirect', answer(307, '', 'location: /elsewhere\r\n'), STATUS(307)],
  ['done, by a redirect', answer(302, OPERATION, 'location: /\r\n'), STATUS(302)],
  ['done, as 201', answer(201, OPERATION), STATUS(201)],
  ['done, as 202', answer(202, OPERATION), STATUS(202)],
  ['401', answer(401, {}), STATUS(401)],
  ['403, refused', answer(403, { ...OPERATION, status: 'refused' }), STATUS(403)],
  ['404, refused', answer(404, { ...OPERATION, status: 'refused' }), STATUS(404)],
  ['404, absent', answer(404, { status: 'absent' }), STATUS(404)],
  ['429', answer(429, {}, 'retry-after: 7\r\n'), { ...STATUS(429), retryAfterMs: 7_000 }],
  ['500, done', answer(500, OPERATION), STATUS(500)],
  ['503', answer(503, '', 'retry-after: soon\r\n'), { ...STATUS(503), retryAfterMs: undefined }],
  ['409, done', answer(409, OPERATION), STATUS(409)],
  [
    '409, another id refused',
    answer(409, { ...OPERATION, transaction_id: 'x', status: 'refused' }),
    STATUS(409),
  ],
  ['422 in other words', answer(422, { errors: [] }), STATUS(422)],
  [
    '409, a conflict in other words',
    answer(409, { status: 409, code: 'OPERATION_DIFFERS' }),
    { state: 'unknown', why: 'ID_REUSED', status: 409 },
  ],
  [
    '409, a conflict',
    answer(409, { status: 'conflict' }),
    { state: 'unknown', why: 'ID_REUSED', status: 409 },
  ],
];

t.test('whatever is not as the contract says is unknown', async (t) => {
  t.ok(HOSTILE.length >= 25, `${HOSTILE.length} kinds`);
  await Promise.all(
    HOSTILE.map(async ([name, answering, wanted]) => {
      const { state, adapter } = await partner(t);
      state.answering = answering;
      const found = await ask(adapter);
      t.match(found, wanted, name);
      t.equal(found.state, 'unknown', name);
    }),
  );
});

t.test('what is as it says is told as it is', async (t) => {
  const { state, adapter } = await partner(t);
  const told = {
    kind: 'add',
    user: 'u',
    asset: 'p',
    amount: 5,
    at: Date.UTC(2026, 10, 30, 1, 2, 3, 4),
  };
  const good: readonly (readonly [string, object])[] = [
    [but({}), { state: 'completed', ...told, idempotent: false }],
    [
      but({ time: '2026-11-30T01:02:03.004999999Z', idempotent: true }),
      { ...told, idempotent: true },
    ],
    [but({ amount: 5.0, more: { than: 'this' } }), told],
    [but({ status: 'pending' }), { state: 'pending' }],
    [but({ status: 'refused', code: 'POINTS_SHORT' }), { state: 'refused', code: 'POINTS_SHORT' }],
    [answer(422, { ...OPERATION, status: 'refused' }), { state: 'refused' }],
    [answer(409, { transaction_id: 'op-1', status: 'void' }), { state: 'void', kind: undefined }],
    // What contradicts what was asked for is told, too: who asks judges it.
    [
      but({ amount: 6, user_id: 'v', type: 'deduct', asset: 'q' }),
      { amount: 6, user: 'v', kind: 'deduct', asset: 'q' },
    ],
  ];
  for (const [bytes, wanted] of good) {
    state.answering = bytes;
    t.match(await ask(adapter), wanted);
  }
  t.ok(state.connections < good.length, 'connections are kept');
  t.match(state.requests[0], /\r\ncache-control: no-cache\r\n/i);
  t.match(
    state.requests[0],
    /^POST \/api\/internal\/add HTTP.*\r\nauthorization: Bearer secret\r\n/is,
  );
  t.match(state.requests[0], /\{"transaction_id":"op-1","user_id":"u","amount":5,"asset":"p"\}$/);
});

t.test('lists, totals and users are read as strictly', async (t) => {
  const { state, adapter } = await partner(t);
  const page = (operations: unknown, next?: unknown) => answer(200, { operations, next });
  const list = () => adapter.operations(0, 1_000, 'c', signal);
  const totals = () => adapter.totals('p', 1_000, signal);
  const user = () => adapter.user('u', signal);
  const make = () =>
    adapter.createUser({ key: 'k', name: 'n', sourceSystem: 's', sourceUser: 'u' }, signal);
  const rows: readonly (readonly [string, () => Promise<object>, string, object])[] = [
    [
      'a page',
      list,
      page([OPERATION], 'd'),
      { state: 'page', next: 'd', operations: [{ operation: 'op-1', amount: 5 }] },
    ],
    ['the last page', list, page([]), { state: 'page', operations: [], next: undefined }],
    ['no list', list, page({}), INVALID],
    ['one bad line of two', list, page([OPERATION, { ...OPERATION, amount: '5' }]), INVALID],
    ['a line without its time', list, page([{ ...OPERATION, time: undefined }]), INVALID],
    [
      'a void line without its amount',
      list,
      page([{ ...OPERATION, status: 'void', amount: undefined }]),
      INVALID,
    ],
    ['a line of null', list, page([null]), INVALID],
    ['the same page again', list, page([], 'c'), INVALID],
    ['a next page that is no text', list, page([], 7), INVALID],
    ['an empty next page', list, page([], ''), INVALID],
    ['a long page', list, page([], 'x'.repeat(20_000)), { why: 'ANSWER_TOO_LARGE' }],
    [
      'a page beyond other answers',
      list,
      page([OPERATION, { ...OPERATION, more: 'x'.repeat(5_000) }]),
      { state: 'page' },
    ],
    [
      'totals',
      totals,
      answer(200, { total: 9, added: 7, deducted: 0 }),
      { state: 'totals', total: 9, added: 7, deducted: 0 },
    ],
    ['no totals', totals, answer(200, {}), INVALID],
    ['totals as text', totals, answer(200, { total: '9', added: 7, deducted: 0 }), INVALID],
    ['totals with fractions', totals, answer(200, { total: 9.5, added: 7, deducted: 0 }), INVALID],
    ['negative sums', totals, answer(200, { total: 9, added: -7, deducted: 0 }), INVALID],
    ['totals by an error', totals, answer(500, { total: 0, added: 0, deducted: 0 }), STATUS(500)],
    ['a user', user, answer(200, { user_id: 'u' }), { state: 'user', user: 'u' }],
    ['another user', user, answer(200, { user_id: 'v' }), INVALID],
    ['nobody', user, answer(404, { status: 'absent' }), { state: 'absent' }],
    ['a page of 404', user, answer(404, '<html>'), STATUS(404)],
    ['a user that is made', make, answer(201, { user_id: 'v' }), { state: 'user', user: 'v' }],
    ['one whom no path can name', make, answer(200, { user_id: '..' }), INVALID],
    ['one without a name', make, answer(200, {}), INVALID],
    [
      'one that is not made',
      make,
      answer(422, { status: 'refused', code: 'NO_USERS' }),
      { state: 'refused', code: 'NO_USERS' },
    ],
    ['one that may be made', make, answer(409, {}), STATUS(409)],
    [
      'an operation that is not there',
      () => adapter.operation('op-1', signal),
      answer(404, { status: 'absent' }),
      { state: 'absent' },
    ],
    [
      'a route that is not there',
      () => adapter.operation('op-1', signal),
      answer(404, { status: 'not_found' }),
      STATUS(404),
    ],
    [
      'another one that is not there',
      () => adapter.operation('op-1', signal),
      answer(404, { status: 'absent', transaction_id: 'x' }),
      STATUS(404),
    ],
    ['well', () => adapter.health(signal), answer(200, 'anything'), { state: 'well' }],
    ['unwell', () => adapter.health(signal), answer(503, ''), STATUS(503)],
  ];
  for (const [name, asking, bytes, wanted] of rows) {
    state.answering = bytes;
    t.match(await asking(), wanted, name);
  }
  t.match(await adapter.user('..', signal), { state: 'absent' }, 'no path can say it');
  state.answering = but({});
  await adapter.operation('a/b?c=%2F#d', signal);
  t.match(state.requests.at(-1), /^GET \/api\/internal\/operations\/a%2Fb%3Fc%3D%252F%23d HTTP/);
});

t.test('the answer to something else is not taken for its own', async (t) => {
  const { state, adapter } = await partner(t);
  const gone = { ...OPERATION, status: 'rolled_back' };
  // The addition is answered twice: at once, or a little later, when the next request is on its way.
  for (const lateMs of [0, 1, 3, 10, 30]) {
    state.answering = (socket, request) => {
      if (request.includes('/rollback')) {
        setTimeout(() => socket.write(answer(200, gone)), 20);
        return;
      }
      socket.write(but({}));
      if (lateMs === 0) socket.write(but({}));
      else setTimeout(() => socket.write(but({})), lateMs);
    };
    // Over a connection on which more had come than was asked for it is not known, and asked again.
    t.match((await ask(adapter)).state, /^(completed|unknown)$/);
    t.match(await adapter.rollBack(CALL, signal), { state: 'rolled_back' }, `${lateMs} ms late`);
  }
});

t.test('how long a partner keeps idle connections is no limit of an answer', async (t) => {
  const { state, adapter } = await partner(t);
  state.answering = but({}).replace(
    '\r\n',
    '\r\nconnection: keep-alive\r\nkeep-alive: timeout=1\r\n',
  );
  t.match(await ask(adapter), { state: 'completed' });
  state.answering = (socket) => {
    setTimeout(() => socket.write(but({})), 1_200);
  };
  t.match(await ask(adapter), { state: 'completed' }, 'after 1.2 s');
});

t.test('nothing goes elsewhere', async (t) => {
  const { state, adapter } = await partner(t);
  const other = await partner(t);
  state.answering = answer(307, '', `location: ${other.url}/api/internal/add\r\n`);
  await ask(adapter);
  t.same(other.state.requests, [], 'redirects are not followed');
  const strict = await partner(t, []);
  t.match(await ask(strict.adapter), { state: 'unknown', why: 'ADDRESS_FORBIDDEN' });
  t.equal(strict.state.connections, 0, 'nor are private addresses asked');
  // A name that leads there is judged when it is looked up.
  const destinations = new Destinations([], (_, told) =>
    told(null, [{ address: '127.0.0.1', family: 4 }]),
  );
  const named = httpPartner({ url: 'https://partner.example/', token: 'x' }, destinations, LIMITS);
  t.match(await ask(named), { state: 'unknown', why: 'ADDRESS_FORBIDDEN' });
  t.match(await named.rollBack(CALL, signal), { state: 'unknown', why: 'ADDRESS_FORBIDDEN' });
  named.close();
});

t.test('who asks may give up, and a pool that is closed asks nothing more', async (t) => {
  const { state, adapter } = await partner(t);
  state.answering = () => {};
  const giving = new AbortController();
  const asked = Array.from({ length: 20 }, () => adapter.carryOut(CALL, giving.signal));
  setTimeout(() => giving.abort(), 20);
  for (const one of await Promise.all(asked)) t.match(one, { state: 'unknown', why: 'ABORTED' });
  const limit = AbortSignal.timeout(20);
  t.match(await adapter.carryOut(CALL, limit), { why: 'TIMEOUT' });
  t.match(await adapter.carryOut(CALL, limit), { why: 'TIMEOUT' }, 'before it was asked');
  const closing = ask(adapter);
  setTimeout(() => adapter.close(), 20);
  t.match(await closing, { state: 'unknown', why: 'ABORTED' });
  t.match(await ask(adapter), { state: 'unknown', why: 'ABORTED' });
});

t.test('Retry-After', async (t) => {
  const now = Date.UTC(2026, 10, 30);
  for (const [said, wanted] of [
    ['0', 0],
    ['120', 120_000],
    ['-1', undefined],
    ['1.5', undefined],
    ['9'.repeat(20), undefined],
    ['Mon, 30 Nov 2026 00:00:30 GMT', 30_000],
    ['Sun, 29 Nov 2026 00:00:30 GMT', 0],
    ['tomorrow', undefined],
    [undefined, undefined],
  ] as const)
    t.equal(retryAfterOf(said, now), wanted, String(said));
});
