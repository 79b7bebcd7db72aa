// A browser's own EventSource comes back by itself: over a restart, while the ledger is opened and closed, at a limit.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { chromium, type Page } from 'playwright-core';
import t from 'tap';
import { open } from '../../engine/index.js';
import { type Server, startServer } from '../../gateway/serve.js';
import { freePort } from '../fixtures/nats-server.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';

const PROGRAM = spawnSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).stdout.trim();

/** What a page's EventSource has been told. */
interface Seen {
  readonly versions: readonly number[];
  readonly refused: readonly string[];
  /** 2: it has given up. */
  readonly state: number;
}

/** Opens an EventSource in the page; `seen` asks for what it was told. */
async function watch(page: Page, path: string): Promise<() => Promise<Seen>> {
  await page.evaluate(`{
    const source = new EventSource(${JSON.stringify(path)});
    const seen = { versions: [], refused: [] };
    const told = (event) => { for (const one of JSON.parse(event.data)) seen.versions.push(one.version); };
    source.addEventListener('entries', told);
    source.addEventListener('refused', (event) => seen.refused.push(JSON.parse(event.data).code));
    globalThis.seen = () => ({ ...seen, state: source.readyState });
  }`);
  return () => page.evaluate('globalThis.seen()') as Promise<Seen>;
}

/** `readyState` of an EventSource. */
const OPEN = 1;

t.test('an EventSource comes back by itself', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const engine = { shards: 1, cacheMb: 64, folder };
  const limits = { streamsMax: 1 };
  const port = await freePort();
  let server: Server = await startServer({ port, engine, limits });
  t.teardown(() => server.close());
  const { address } = server;
  const ask = async (line: string, body: unknown): Promise<any> => {
    const [method = '', path = ''] = line.split(' ');
    const headers = {
      Authorization: `Bearer ${server.adminKey.key}`,
      'Content-Type': 'application/json',
    };
    const answer = await fetch(address + path, { method, headers, body: JSON.stringify(body) });
    return answer.json();
  };
  const earn = (id: string) =>
    ask('POST /v1/transfers', {
      id,
      legs: [{ from: '@issue', to: 'alice', asset: 'points', amount: 1 }],
    });
  await ask('PUT /v1/assets/points', { scale: 0 });
  const { ticket } = await ask('POST /v1/stream/tickets', { owner: 'alice' });
  const path = `/v1/stream/sse?owner=alice&ticket=${ticket}`;
  const browser = await chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox'] });
  t.teardown(() => browser.close());
  const page = await browser.newPage();
  await page.goto(`${address}/live`);
  const seen = await watch(page, path);
  await until('the stream', async () => (await seen()).state === OPEN);
  await earn('1');
  await until('the first entry', async () => (await seen()).versions.length === 1);

  const second = await browser.newPage();
  await second.goto(`${address}/live`);
  const waiting = await watch(second, path);
  await until('a refusal', async () => (await waiting()).refused.length > 0);
  t.match(await waiting(), { refused: ['CONNECTIONS_LIMIT'], state: 0 });
  await second.close();

  await server.close();
  let letIn: () => void = () => {};
  const gate = new Promise<void>((resolve) => {
    letIn = resolve;
  });
  const starting = startServer({
    port,
    engine,
    limits,
    openEngine: async (options) => {
      await gate;
      return open(options);
    },
  });
  // Also where the test ends early.
  t.teardown(() => letIn());
  await until('a refusal', async () => (await seen()).refused.length > 0);
  t.match(await seen(), { refused: ['CLOSING'] });
  const plain = await fetch(address + path);
  t.equal(plain.status, 503, 'whoever asks for no events is told by the status');
  t.ok(plain.headers.get('retry-after'));
  letIn();
  server = await starting;
  await earn('2');
  await until('the second entry', async () => (await seen()).versions.length === 2);
  t.match(await seen(), { versions: [1, 2], state: 1 }, 'each entry once');

  // What stays wrong is final.
  const wrong = await browser.newPage();
  await wrong.goto(`${address}/live`);
  const refused = await watch(wrong, '/v1/stream/sse?owner=alice&ticket=jifen_ticket_no');
  await until('the end', async () => (await refused()).state === 2);
  t.same((await refused()).refused, []);
});
