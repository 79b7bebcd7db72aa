// Limits that an operator sets: what is taken, what is refused and how, and that the server keeps to them.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { GATEWAY_LIMITS } from '../../gateway/limits.js';
import { parseLimits } from '../../gateway/limits-file.js';
import { ROOT } from '../setup.js';
import { temporaryFolder } from '../temporary.js';
import { run } from './program.js';
import { ServerProcess } from './server-process.js';

t.test('what is wrong is refused by the name of its field', async (t) => {
  const rows: readonly (readonly [string, RegExp])[] = [
    ['', /not JSON/],
    ['[]', /must be a JSON object/],
    ['{"batchItemMax": 5}', /batchItemMax is not a limit/],
    ['{"toString": 5}', /toString is not a limit/],
    ['{"proxies": 1}', /proxies is given by --proxies/],
    ['{"batchItemsMax": "5"}', /batchItemsMax must be a whole number from 1 on/],
    ['{"batchItemsMax": 0}', /batchItemsMax must be/],
    ['{"batchItemsMax": 1.5}', /batchItemsMax must be/],
    ['{"batchItemsMax": null}', /batchItemsMax must be/],
    ['{"drainMs": -1}', /drainMs must be a whole number from 0 to 2147483647/],
    ['{"streamAuthMs": 3000000000}', /streamAuthMs must be a whole number from 1 to 2147483647/],
    ['{"keyRate": 5}', /keyRate must be \{"limit"/],
    ['{"keyRate": {"limit": 5}}', /keyRate\.seconds must be/],
    ['{"keyRate": {"limit": 5, "seconds": 1, "per": 2}}', /keyRate\.per is not a field/],
    [
      '{"userRates": {"steal": {"limit": 1, "seconds": 1}}}',
      /userRates\.steal is not an operation/,
    ],
    ['{"userRates": {"earn": {"limit": 0, "seconds": 1}}}', /userRates\.earn\.limit must be/],
    ['{"batchBytesMax": 2000000000}', /contradict each other: a batch fits the unfinished bodies/],
    ['{"streamIdleSeconds": 5}', /contradict each other/],
  ];
  for (const [text, message] of rows) {
    t.throws(() => parseLimits('limits.json', text), { message });
    t.throws(() => parseLimits('limits.json', text), { message: /^limits\.json: / });
  }
});

t.test('every limit may be set to what it is, and is explained', async (t) => {
  const { proxies: _, ...all } = GATEWAY_LIMITS;
  t.same(parseLimits('x', JSON.stringify(all)), all);
  const readme = readFileSync(join(ROOT, 'gateway', 'cli', 'README.md'), 'utf8');
  for (const [name, value] of Object.entries(all)) {
    const row = readme.split('\n').find((line) => line.startsWith(`* \`${name}\`: `));
    t.ok(row !== undefined && (typeof value === 'object' || row.includes(`: \`${value}\``)), name);
  }
});

t.test('the server keeps to them', async (t) => {
  const path = join(temporaryFolder(t), 'limits.json');
  writeFileSync(path, '{"batchItemsMax": 2, "retryAfterSeconds": 7, "streamsMax": 1}');
  const server = await ServerProcess.start(t, '--limits', path, '--no-logs', '--shards', '1');
  const headers = { Authorization: `Bearer ${server.key}`, 'Content-Type': 'application/json' };
  const answer = await fetch(`${server.url}/v1/transfers`, {
    ...{ method: 'POST', headers },
    body: '[{},{},{}]',
  });
  t.match(await answer.json(), { code: 'BATCH_TOO_LARGE', detail: /at most 2/ });
  const first = await fetch(`${server.url}/v1/stream/sse?owner=a`, { headers });
  await first.body?.getReader().read();
  const second = await fetch(`${server.url}/v1/stream/sse?owner=a`, { headers });
  t.equal(second.status, 503);
  t.equal(second.headers.get('retry-after'), '7', 'back-pressure says when to come back');
  await second.body?.cancel();

  writeFileSync(path, '{"nestingMax": 1}');
  const refused = await run(temporaryFolder(t), 'start', '--port', '0', '--limits', path);
  t.match(refused, { code: 1, err: /limits\.json: the gateway's limits contradict each other/ });
});
