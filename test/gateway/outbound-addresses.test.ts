// Where webhooks may go, and what is taken as an answer: a table of addresses in all their notations, names that lead elsewhere the second time, answers
// without an end.

import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import t from 'tap';
import { Destinations, isPublic, type Resolve } from '../../gateway/outbound/addresses.js';
import { Sender } from '../../gateway/outbound/sending.js';
import { until } from '../until.js';
import { gateway } from './harness.js';
import { listening } from './listening.js';

const PUBLIC = [
  ...['1.1.1.1', '8.8.8.8', '100.63.255.255', '100.128.0.0', '172.15.0.1', '172.32.0.1'],
  ...['192.167.1.1', '198.17.0.1', '198.20.0.1', '223.255.255.254', '2606:4700::1111'],
  ...['2a00:1450:4001::1', '::ffff:8.8.8.8', '64:ff9b::808:808', '2002:808:808::1'],
];
const PRIVATE = [
  ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '100.127.255.255', '127.0.0.1'],
  ...['127.255.255.254', '169.254.169.254', '172.16.0.1', '172.31.255.255', '192.0.0.8'],
  ...['192.0.2.1', '192.88.99.1', '192.168.1.1', '198.18.0.1', '198.19.255.255', '198.51.100.7'],
  ...['203.0.113.9', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255'],
  ...['::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:a9fe:a9fe'],
  ...['::ffff:10.0.0.1', '::ffff:0:127.0.0.1', '64:ff9b::7f00:1', '64:ff9b::10.0.0.1'],
  ...['64:ff9b:1::1', '100::1', '2001::1', '2001:db8::1', '2001:0:4136:e378::1'],
  ...['2002:7f00:1::', '2002:a00:1::1', '2002:c0a8:101::1', '3fff::1', 'fc00::1', 'fd12::1'],
  ...['fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '5f00::1', 'nonsense', ''],
];

t.test('addresses that are public, and those that are not', async (t) => {
  for (const address of PUBLIC) t.ok(isPublic(address), address);
  for (const address of PRIVATE) t.notOk(isPublic(address), address);
});

/** Hosts as they may be written in a URL, all of which are this machine, or its neighbours. */
const NOTATIONS = [
  ...['127.0.0.1', '127.1', '2130706433', '0x7f000001', '0x7f.1', '0177.0.0.1', '017700000001'],
  ...['127.0.0.1.', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:0:0:1]'],
  ...['0', '0.0.0.0', '[::]', '169.254.169.254', '2852039166', '0xa9fea9fe', '１２７.0.0.1'],
  ...['[fd00:ec2::254]', '10.0.0.1', '192.168.0.1', '①②⑦.⓪.⓪.①'],
];

t.test('a URL of this machine is refused in every notation', async (t) => {
  const server = await gateway(t);
  for (const host of NOTATIONS)
    t.match(
      await server.ask('POST /v1/webhooks', { url: `https://${host}/hook` }),
      { status: 422, body: { code: 'WEBHOOK_URL_FORBIDDEN', field: 'url' } },
      host,
    );
  for (const url of ['http://example.com/', 'https://ann:secret@example.com/'])
    t.match((await server.ask('POST /v1/webhooks', { url })).body, {
      code: 'WEBHOOK_URL_FORBIDDEN',
      field: 'url',
    });
  for (const url of ['https://', 'ftp://example.com/', 'file:///etc/passwd', 'nonsense', 'https:'])
    t.match(await server.ask('POST /v1/webhooks', { url }), {
      status: 400,
      body: { field: 'url' },
    });
});

const LIMITS = { webhookTimeoutMs: 5_000, webhookAnswerBytesMax: 1_024 };

t.test('a name is judged by where the connection goes, whatever it led to before', async (t) => {
  const at = await listening(t);
  const { port } = new URL(at.url);
  const answers = [['93.184.215.14'], ['127.0.0.1'], ['93.184.215.14', '127.0.0.1'], ['::1'], []];
  let asked = 0;
  const resolve: Resolve = (_, told) => {
    const found = answers[asked++ % answers.length] as readonly string[];
    told(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  const destinations = new Destinations([], resolve);
  t.equal(destinations.problem(new URL('https://rebound.example/')), undefined);
  const found = await Promise.all(
    answers.map(
      () =>
        new Promise((done) =>
          destinations.lookup('rebound.example', { all: true }, (error, list) =>
            done((error as { code?: string } | null)?.code ?? list),
          ),
        ),
    ),
  );
  t.same(found, [
    [{ address: '93.184.215.14', family: 4 }],
    ...['ADDRESS_FORBIDDEN', 'ADDRESS_FORBIDDEN', 'ADDRESS_FORBIDDEN', 'ADDRESS_FORBIDDEN'],
  ]);
  asked = 1;
  const sender = new Sender(new Destinations([], resolve), LIMITS);
  t.match(await sender.post(`https://rebound.example:${port}/`, {}, '{}'), {
    isDelivered: false,
    reason: 'ADDRESS_FORBIDDEN',
  });
  // Somebody has changed the record behind the gateway's back, or the settings: it is judged at every attempt.
  t.match(await sender.post(`http://127.0.0.1:${port}/`, {}, '{}'), {
    reason: 'ADDRESS_FORBIDDEN',
  });
  t.equal(at.arrived.length, 0);
  const named = new Sender(
    new Destinations(['inside.example'], (_, told) =>
      told(null, [{ address: '127.0.0.1', family: 4 }]),
    ),
    LIMITS,
  );
  t.match(await named.post(`http://inside.example:${port}/`, {}, '{}'), { isDelivered: true });
  t.equal(at.arrived.length, 1);
  for (const one of [sender, named]) one.close();
});

const HEAD = 'HTTP/1.1 200 OK\r\n';
/** What receivers do that is no answer, and what it is called. */
const ANSWERS: readonly (readonly [string, string, (socket: Socket) => void])[] = [
  ['nothing at all', 'TIMEOUT', () => {}],
  ['headers without an end', 'TIMEOUT', (socket) => void drip(socket, HEAD, 'X-A: b\r\n')],
  [
    'a body without an end',
    'ANSWER_TOO_LARGE',
    (socket) =>
      void drip(
        socket,
        `${HEAD}Transfer-Encoding: chunked\r\n\r\n`,
        `400\r\n${'x'.repeat(1_024)}\r\n`,
      ),
  ],
  [
    'a body that drips',
    'TIMEOUT',
    (socket) => void drip(socket, `${HEAD}Content-Length: 1000\r\n\r\n`, 'x', 50),
  ],
  [
    'a body that is too long',
    'ANSWER_TOO_LARGE',
    (socket) => void socket.end(`${HEAD}Content-Length: 5000\r\n\r\n${'x'.repeat(5_000)}`),
  ],
  [
    'a body that ends early',
    'ECONNRESET',
    (socket) => void socket.end(`${HEAD}Content-Length: 100\r\n\r\nshort`),
  ],
  [
    'large headers',
    'HPE_HEADER_OVERFLOW',
    (socket) => void socket.end(`${HEAD}X-A: ${'x'.repeat(70_000)}\r\n\r\n`),
  ],
  ['no HTTP', 'HPE_INVALID_CONSTANT', (socket) => void socket.end('nonsense\r\n\r\n')],
  ['the end', 'ECONNRESET', (socket) => socket.destroy()],
  [
    'a redirect',
    'STATUS',
    (socket) =>
      void socket.end(
        'HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n',
      ),
  ],
  [
    'an error',
    'STATUS',
    (socket) => void socket.end('HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n'),
  ],
];

function drip(socket: Socket, first: string, rest: string, ms = 1): void {
  socket.write(first);
  const timer = setInterval(() => socket.write(rest), ms);
  socket.on('close', () => clearInterval(timer));
}

t.test(
  'what is no whole answer within time and bytes is a failure, and the connection is cut',
  async (t) => {
    for (const [what, reason, answering] of ANSWERS) {
      let open = 0;
      const server = createServer((socket) => {
        open++;
        socket.on('error', () => undefined);
        socket.on('close', () => open--);
        socket.once('data', () => answering(socket));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const sender = new Sender(new Destinations(['127.0.0.1']), {
        ...LIMITS,
        webhookTimeoutMs: 400,
      });
      const attempt = await sender.post(`http://127.0.0.1:${port}/`, {}, '{}');
      t.match(attempt, { isDelivered: false, reason }, what);
      if (what === 'an error') t.equal(attempt.retryAfterMs, 7_000);
      sender.close();
      await until(`${what}: the connection is closed`, () => open === 0);
      await new Promise<void>((resolve) => server.close(() => resolve()));
    }
  },
);
