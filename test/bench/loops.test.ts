// Asking at a fixed rate and at full load, what processes use, answers over HTTP, the report's page.

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import t from 'tap';
import { escaped, lineChart, short } from '../../bench/charts.js';
import { Measurement } from '../../bench/drive.js';
import type { Figure } from '../../bench/harness.js';
import { toHtml } from '../../bench/html.js';
import { HttpConnection, requestText } from '../../bench/http-client.js';
import { atParts, closedLoop, openLoop } from '../../bench/loops.js';
import { usageOf } from '../../bench/process-usage.js';
import { explainMissing, findProgram, needProgram } from '../../bench/programs.js';
import type { Machine } from '../../bench/report.js';

t.test(
  'O1: a pause of the server makes all requests late that were to be sent in it',
  async (t) => {
    const rate = 500;
    const pauseMs = 300;
    let paused: Promise<void> | undefined;
    let sent = 0;
    const send = async (): Promise<number> => {
      if (++sent === 20) paused = sleep(pauseMs);
      await paused;
      return 1;
    };
    const asked = { requestsPerSecond: rate, seconds: 0.5 };
    const found = await openLoop(send, 4, asked);
    t.equal(sent, rate * asked.seconds, 'O2: all of them are sent');
    // 4 connections: only 4 requests waited in the server. 150 were to be sent meanwhile, and are late by up to the whole pause.
    t.ok(found.p50Ms > pauseMs / 10, `median ${found.p50Ms}`);
    t.ok(found.maxMs >= pauseMs - 20, `longest ${found.maxMs}`);
    t.ok(found.p50Ms <= found.p99Ms && found.p99Ms <= found.maxMs);
  },
);

t.test('no more requests than are allowed, however high the rate', async (t) => {
  let sent = 0;
  const send = async (): Promise<number> => ++sent;
  await openLoop(send, 4, { requestsPerSecond: 1e9, seconds: 1, requestsMax: 30 });
  t.equal(sent, 30);
});

t.test('a request that fails ends the loop', async (t) => {
  const fail = async (): Promise<number> => {
    throw new Error('refused');
  };
  await t.rejects(openLoop(fail, 2, { requestsPerSecond: 100, seconds: 1 }), /refused/);
  const measurement = new Measurement(0, Number.POSITIVE_INFINITY);
  await t.rejects(closedLoop(fail, 2, measurement), /refused/);
});

t.test('full load: what is answered is counted, on every connection', async (t) => {
  const asked = [0, 0, 0];
  const from = performance.now();
  const measurement = new Measurement(from, from + 500);
  const send = async (connection: number): Promise<number> => {
    asked[connection]!++;
    await sleep(1);
    return 10;
  };
  const commands = await closedLoop(send, 3, measurement);
  t.equal(commands, 10 * asked.reduce((sum, count) => sum + count, 0));
  t.ok(asked.every((count) => count > 1));
  const full = { commandsPerSecond: 2000, perRequest: 10 };
  const parts = await atParts(send, 3, full, [25, 50], { seconds: 0.2, smoke: false });
  t.same(
    Object.keys(parts),
    [25, 50].flatMap((part) =>
      ['Rate', 'P50Ms', 'P99Ms', 'MaxMs'].map((name) => `at${part}${name}`),
    ),
  );
});

t.test('what processes use', { skip: process.platform !== 'linux' }, async (t) => {
  const before = usageOf([process.pid])!;
  const used = process.cpuUsage();
  while (process.cpuUsage(used).user < 100_000);
  const after = usageOf([process.pid])!;
  t.ok(after.cpuSeconds > before.cpuSeconds && after.peakMemoryMb > 1);
  t.ok(after.writtenBytes >= before.writtenBytes);
  t.same(usageOf([]), { cpuSeconds: 0, peakMemoryMb: 0, writtenBytes: 0 });
});

t.test('programs', async (t) => {
  t.match(findProgram('sh'), /\/sh$/);
  const nothing = { name: 'no-such-program', debianPackage: 'no-such-package' };
  t.throws(
    () => needProgram(nothing),
    /no-such-program is not installed \(Debian: no-such-package\)/,
  );
  t.match(explainMissing([nothing]), /no-such-program/);
  t.equal(explainMissing([{ name: 'sh', debianPackage: 'dash' }]), undefined);
});

t.test('an answer over HTTP, however it is cut', async (t) => {
  const body = 'x'.repeat(1000);
  const whole = `HTTP/1.1 201 Created\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const cuts = fc.array(fc.integer({ min: 1, max: whole.length - 1 }), { maxLength: 4 });
  let places: number[] = [];
  const server = await listening(t, (socket) => {
    socket.setNoDelay(true);
    socket.on('data', async () => {
      let from = 0;
      for (const to of [...places, whole.length]) {
        socket.write(whole.slice(from, to));
        from = to;
        await sleep(1);
      }
    });
  });
  const connection = await HttpConnection.open(server);
  const property = fc.asyncProperty(cuts, async (some) => {
    places = some.sort((a, b) => a - b);
    const answer = await connection.request(requestText('GET', '/', ''));
    return answer.status === 201 && answer.body.toString() === body;
  });
  await fc.assert(property, { numRuns: 30 });
  connection.close();
});

t.test(
  'a connection that was closed while idle is opened anew; one closed in between fails',
  async (t) => {
    let sockets = 0;
    let isSilent = false;
    const port = await listening(t, (socket) => {
      sockets++;
      socket.on('data', () => {
        if (!isSilent) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
        socket.end();
      });
    });
    const connection = await HttpConnection.open(port);
    for (let n = 1; n <= 2; n++) {
      t.equal((await connection.request(requestText('POST', '/', '', 'é'))).status, 200);
      t.equal(sockets, n);
      await sleep(50);
    }
    isSilent = true;
    await t.rejects(connection.request(requestText('GET', '/', '')), /closed the connection/);
    connection.close();
  },
);

async function listening(t: Tap, serve: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  return (server.address() as { port: number }).port;
}

type Tap = { teardown: (end: () => void) => void };

const MACHINE: Machine = {
  cpu: 'A "CPU" <of> today',
  cores: 2,
  memoryGb: 24,
  node: 'v20',
  kernel: 'Linux',
  fileSystem: 'ext4',
  diskSyncMs: 0.4,
  diskSyncMaxMs: 2,
  durability: 'synced',
};

t.test('the page is whole in itself, and says what was measured and what was not', async (t) => {
  const figure = (name: string, value: number, also = {}): Figure => ({
    name,
    value,
    unit: 'transfers/s',
    p99Ms: 4,
    runs: 1,
    lowest: value,
    highest: value,
    ...also,
  });
  const loads = { at25Rate: 10, at25P99Ms: 1, at50Rate: 20, at50P99Ms: 2 };
  const figures = [
    figure('peers/postgresql/single', 10_000, loads),
    figure('peers/jifen/http-single', 40_000, { ...loads, ratio: 4, ratioTo: 'a & b' }),
    figure('engine/growth-10k', 200_000, { accounts: 10_000 }),
    figure('engine/growth-1m', 100_000, { accounts: 1_000_000 }),
    figure('growth/history-1k', 0.2, { p50Ms: 0.2, balanceP50Ms: 0.1 }),
    figure('growth/history-1m', 0.3, { p50Ms: 0.3, balanceP50Ms: 0.1 }),
  ];
  const page = toHtml(MACHINE, figures, [{ name: 'peers/redis-always', why: 'not installed' }]);
  t.notMatch(page, /https?:|<script|<link|@import|url\(|NaN|undefined|Infinity/);
  t.match(page, /A &quot;CPU&quot; &lt;of&gt; today/);
  t.match(page, /left out: peers\/redis-always: not installed/);
  t.match(page, /4 of a &amp; b/);
  for (const title of ['One transfer per request', 'Single requests: p99', 'Speed', 'long history'])
    t.ok(page.includes(title), title);
  t.match(toHtml(MACHINE, [], []), /<h2>All figures<\/h2>/, 'also of nothing');
});

t.test('charts: every point lies inside, whatever the values', async (t) => {
  const value = fc.double({ min: 1e-3, max: 1e8, noNaN: true });
  const point = fc.record({ x: value, y: value, label: fc.constant('p') });
  const property = fc.property(fc.array(point, { minLength: 1, maxLength: 20 }), (points) => {
    const text = lineChart('title', { x: 'x', y: 'y' }, [{ name: 's', points }]);
    const dots = [...text.matchAll(/<circle class="c0" cx="([^"]+)" cy="([^"]+)" r="4"/g)];
    return (
      dots.length === points.length &&
      dots.every(
        ([, cx, cy]) =>
          Number(cx) >= 76 && Number(cx) <= 740 && Number(cy) >= 16 && Number(cy) <= 328,
      )
    );
  });
  fc.assert(property);
  t.same([950, 20_000, 1_500_000, 0.12345].map(short), ['950', '20k', '1.5m', '0.123']);
  t.equal(escaped('<a href="&">'), '&lt;a href=&quot;&amp;&quot;&gt;');
});
