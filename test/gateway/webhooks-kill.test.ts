// Webhooks under SIGKILL: each event reaches each receiver at least once, and in order per subject, whatever is killed and however receivers behave.
// JIFEN_LONG=1: 100,000 events to 200 receivers.

import { writeFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { bare } from './harness.js';
import { ServerProcess } from './server-process.js';

const IS_LONG = process.env['JIFEN_LONG'] === '1';
const [ASSETS, RECEIVERS, EVENTS, OWNERS, KILLS] = IS_LONG
  ? ([100, 200, 100_000, 500, 8] as const)
  : ([3, 6, 900, 12, 3] as const);
const BATCH = Math.min(1_000, EVENTS / 6);
const LIMIT_MS = IS_LONG ? 3_600_000 : 60_000;
const LIMITS = { webhookPauseMs: 50, webhookPauseMsMax: 1_000, webhookTimeoutMs: 10_000 };

/** What a receiver has seen: of each account its last version, which says that nothing before is lacking. */
class Seen {
  readonly versions = new Map<string, number>();
  /** Of each subject the last sequence. */
  readonly #sequences = new Map<string, string>();
  repeats = 0;
  readonly wrong: string[] = [];

  take({ subject, sequence, data }: any): void {
    const account = `${data.owner} ${data.asset}`;
    const before = this.versions.get(account) ?? 0;
    if (data.version <= before) {
      this.repeats++;
      return;
    }
    if (data.version !== before + 1) this.wrong.push(`${account}: ${before}, then ${data.version}`);
    if (sequence <= (this.#sequences.get(subject) ?? ''))
      this.wrong.push(`${subject}: ${sequence} is not later`);
    this.#sequences.set(subject, sequence);
    this.versions.set(account, data.version);
  }
}

t.test('killed again and again, each event is delivered, in order', async (t) => {
  const limits = join(temporaryFolder(t), 'limits.json');
  writeFileSync(limits, JSON.stringify(LIMITS));
  const options = ['--shards', '2', '--no-logs', '--limits', limits];
  const server = await ServerProcess.start(t, ...options, '--webhook-hosts', '127.0.0.1');
  const random = new Random(7);
  const ask = (request: string, body?: unknown) =>
    bare(server.url, request, body, { Authorization: `Bearer ${server.key}` });
  const seen = Array.from({ length: RECEIVERS }, () => new Seen());
  let attempts = 0;
  /** Some answer late, some not at all, some with an error; what they have taken they may have lost the answer of. */
  const answer = async (response: ServerResponse): Promise<void> => {
    const odd = random.int(100);
    if (odd === 0) response.destroy();
    else if (odd < 4) response.writeHead(503).end();
    else if (odd < 8) setTimeout(() => response.writeHead(204).end(), 20);
    else response.writeHead(204).end();
  };
  const receivers = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      attempts++;
      // Who answers with an error may have taken it all the same.
      const one = seen[Number(request.url?.slice(1))];
      one?.take(JSON.parse(Buffer.concat(parts).toString()));
      void answer(response);
    });
  });
  await new Promise<void>((resolve) => receivers.listen(0, '127.0.0.1', resolve));
  t.teardown(() => {
    receivers.closeAllConnections();
    receivers.close();
  });
  const { port } = receivers.address() as AddressInfo;
  const assets = Array.from({ length: ASSETS }, (_, at) => `a${at}`);
  for (const asset of assets) {
    await ask(`PUT /v1/assets/${asset}`, { scale: 0 });
    const platform = { id: `p-${asset}`, name: asset, assets: [asset], operations: ['read'] };
    await ask('POST /v1/platforms', platform);
  }
  for (let n = 0; n < RECEIVERS; n++) {
    const body = { url: `http://127.0.0.1:${port}/${n}`, platform: `p-a${n % ASSETS}` };
    const made = await ask('POST /v1/webhooks', { ...body, types: ['points.*'] });
    if (made.status !== 201) t.fail(made.text);
  }
  const began = performance.now();
  const transfers = Array.from({ length: EVENTS }, (_, n) => ({
    id: `T${n}`,
    legs: [
      {
        ...{ from: '@issue', to: `m${random.int(OWNERS)}`, amount: 1 + random.int(9) },
        asset: `a${random.int(ASSETS)}`,
      },
    ],
  }));
  const posting = (async () => {
    for (let at = 0; at < EVENTS; at += BATCH) {
      const batch = transfers.slice(at, at + BATCH);
      // The same ids: what was posted before the kill is told again, and posted once.
      await until(
        'a batch is posted',
        async () => {
          try {
            return (await ask('POST /v1/transfers?brief=true', batch)).status < 300;
          } catch {
            return false;
          }
        },
        LIMIT_MS,
      );
    }
  })();
  for (let kill = 0; kill < KILLS; kill++) {
    await pause(IS_LONG ? 3_000 + random.int(9_000) : 300 + random.int(500));
    await server.kill();
    await server.start();
  }
  await posting;
  const owners = Array.from({ length: OWNERS }, (_, at) => `m${at}`);
  const balances = (await ask('POST /v1/balances', { owners })).body.balances;
  const wanted = new Map<string, number>(
    balances.flatMap(({ owner, accounts }: any) =>
      accounts.map(({ asset, version }: any) => [`${owner} ${asset}`, version] as const),
    ),
  );
  t.equal(
    [...wanted.values()].reduce((all, one) => all + one, 0),
    EVENTS,
  );
  const byAsset = new Map(
    assets.map((asset) => [
      asset,
      [...wanted].filter(([account]) => account.endsWith(` ${asset}`)),
    ]),
  );
  const ofAsset = (asset: string): readonly (readonly [string, number])[] =>
    byAsset.get(asset) ?? [];
  const isDone = (one: Seen, at: number): boolean =>
    ofAsset(`a${at % ASSETS}`).every(([account, version]) => one.versions.get(account) === version);
  await until(
    'everything is delivered',
    async () => {
      await pause(20);
      return seen.every(isDone);
    },
    LIMIT_MS,
  ).catch(t.error);
  const seconds = (performance.now() - began) / 1_000;
  for (const [at, { wrong, versions }] of seen.entries()) {
    t.same(wrong, [], `receiver ${at}`);
    t.same(versions.size, ofAsset(`a${at % ASSETS}`).length, 'and nothing of other assets');
  }
  const repeats = seen.reduce((all, one) => all + one.repeats, 0);
  t.comment(
    `${attempts} attempts in ${seconds.toFixed(1)} s, ${repeats} of them told something again, ${KILLS} kills`,
  );
});
