// What the real engine does not do on demand: fail, be busy, take long, not be ready.

import { mkdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import type { Engine, Outcome, Posted, Refused } from '../../engine/index.js';
import { startServer } from '../../gateway/serve.js';
import { freePort } from '../fixtures/nats-server.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { gateway, raw, statusesIn } from './harness.js';

const posted: Posted = {
  ok: true,
  id: 'x',
  shard: 0,
  seq: 1,
  time: 1,
  replayed: false,
  entries: [],
};
const busy: Refused = {
  ok: false,
  code: 'SHARD_BUSY',
  status: 503,
  retry: true,
  message: 'The shard has too much waiting; try again shortly.',
  replayed: false,
};

/** An engine that does nothing, but for what a test replaces. */
function engine(replaced: Partial<Engine>): Engine {
  const no = async () => undefined;
  const made: Engine = {
    as: () => made,
    shards: 1,
    shardsHere: [0],
    recount: { start: () => undefined, figures: undefined, suspect: () => undefined },
    beside: { others: [], serve: () => undefined, ask: async () => busy },
    vault: {
      seal: async () => busy,
      open: async () => busy,
      mark: async () => busy,
      state: async () => busy,
      erase: async () => busy,
      revoke: async () => busy,
      erased: async () => busy,
      rotate: async () => busy,
      copy: async () => busy,
      figures: () => Promise.reject(new Error('nobody has a vault here')),
    },
    submit: async () => posted,
    submitBatch: async (commands) => commands.map(() => posted),
    batch: () => {
      throw new Error('nobody writes batches here');
    },
    submitPacked: async () => busy,
    simulate: () => Promise.reject(new Error('nobody simulates here')),
    definition: no,
    orders: async () => busy,
    holds: async () => [],
    register: {
      owners: async () => busy,
      happened: async () => busy,
      named: async () => busy,
      asked: async () => busy,
      campaign: async () => busy,
      proposals: async () => busy,
      exchanges: async () => busy,
      risks: async () => busy,
    },
    receipts: {
      isOn: false,
      heads: async () => busy,
      root: async () => busy,
      inclusion: async () => busy,
      consistency: async () => busy,
      receipt: async () => busy,
      account: async () => busy,
      sign: async () => busy,
      accept: async () => busy,
    },
    definitions: async () => [],
    balance: async () => [],
    balances: async () => [],
    balanceAt: async () => busy,
    balancesAt: async () => busy,
    entries: async () => ({ ok: true, entries: [], asOf: 0 }),
    audit: async () => ({ ok: true, records: [] }),
    leaderboard: async () => busy,
    standing: async () => busy,
    transfer: no,
    hold: no,
    member: async () => busy,
    record: no,
    own: {
      submit: async () => posted,
      atomic: async () => [posted],
      balance: no,
      balancesAt: async () => busy,
      pool: async () => busy,
      referralCode: no,
      seeds: async () => [],
      record: no,
      records: async () => [],
    },
    assets: () => [],
    now: Date.now,
    subscribe: () => () => {},
    onDefined: () => () => {},
    watchBalances: () => () => {},
    shardOf: () => 0,
    stats: async () => ({
      shards: [],
      segments: [],
      outcomes: new Map(),
      loopDelay: { bounds: [], counts: new Float64Array(1), sum: 0 },
      disk: { bytes: 0, freeBytes: 0, freeBytesMin: 0, shards: [] },
      lowStock: [],
    }),
    folder: '.',
    faults: () => [],
    readiness: () => ({ ready: true, reasons: [] }),
    digest: async () => '',
    share: () => {},
    acceptClock: async () => {},
    checkpoint: async () => {},
    sealing: { look: async () => {} },
    backup: async () => [],
    close: async () => {},
    ...replaced,
  };
  return made;
}

const transfer = { legs: [{ from: '@issue', to: 'a', asset: 'p', amount: 1 }] };

t.test('a defect is a 500 that tells nothing, and the next request is served', async (t) => {
  const defects: unknown[] = [];
  const broken = engine({
    submit: async () => {
      throw new Error('secret inside');
    },
    submitBatch: () => {
      throw new Error('secret at once');
    },
    assets: () => {
      throw new Error('secret in sync');
    },
    balance: async () => {
      throw null;
    },
    stats: async () => {
      throw new Error('secret figures');
    },
  });
  const { ask } = await gateway(t, {
    ...withEngine(broken),
    onDefect: (error) => defects.push(error),
  });
  for (const [request, body] of [
    ['POST /v1/transfers', transfer],
    ['POST /v1/transfers', [transfer]],
    ['GET /v1/assets'],
    ['GET /v1/accounts/a'],
    ['GET /metrics'],
  ] as const) {
    const found = await ask(request, body);
    t.match(found, { status: 500, body: { code: 'INTERNAL', status: 500 } }, request);
    t.notMatch(found.text, /secret/);
  }
  t.equal(defects.length, 5);
  t.equal((await ask('GET /v1/accounts/a/holds/b')).status, 404);
});

t.test(
  'busy is 503 with a time to come back, for one command and for some of a batch',
  async (t) => {
    const outcomes: Outcome[] = [posted, busy];
    const { ask } = await gateway(
      t,
      withEngine(engine({ submit: async () => busy, submitBatch: async () => outcomes })),
    );
    const one = await ask('POST /v1/transfers', transfer);
    t.match(one, { status: 503, body: { code: 'SHARD_BUSY', retry: true } });
    t.equal(one.headers.get('retry-after'), '1');
    const some = await ask('POST /v1/transfers', [transfer, transfer]);
    t.match(some, { status: 200, body: [{ status: 201 }, { status: 503, code: 'SHARD_BUSY' }] });
    t.equal(some.headers.get('retry-after'), '1');
  },
);

t.test('while the folder is being opened every call is told to wait', async (t) => {
  let opened: (engine: Engine) => void = () => {};
  const opening = new Promise<Engine>((resolve) => {
    opened = resolve;
  });
  // The port is known only once the server has started, so one that was free is taken.
  const port = await freePort();
  const folder = temporaryFolder(t);
  const starting = startServer({ port, engine: { folder }, openEngine: () => opening });
  const at = `http://127.0.0.1:${port}`;
  t.equal((await fetch(`${at}/healthz`)).status, 200);
  const ready = await fetch(`${at}/readyz`);
  t.equal(ready.status, 503);
  t.match(await ready.json(), { ready: false, reasons: [/being opened/] });
  t.match(await (await fetch(`${at}/metrics`)).text(), /jifen_ready 0/);
  const call = await fetch(`${at}/v1/assets`);
  t.match([call.status, call.headers.get('retry-after')], [503, '1']);
  t.match(await call.json(), { retry: true, detail: /being opened/ });
  opened(engine({ readiness: () => ({ ready: false, reasons: ['shard 0: the clock jumped'] }) }));
  const server = await starting;
  const unready = await fetch(`${at}/readyz`);
  t.match([unready.status, await unready.json()], [503, { reasons: [/clock/] }]);
  await server.close();
});

t.test('a folder that cannot be opened frees the port, and a port in use is named', async (t) => {
  const port = await freePort();
  const folder = temporaryFolder(t);
  const openEngine = async (): Promise<Engine> => {
    throw new Error('the folder is locked');
  };
  const engineOptions = { folder };
  await t.rejects(startServer({ port, engine: engineOptions, openEngine }), /folder is locked/);
  const server = await startServer({
    port,
    engine: engineOptions,
    openEngine: async () => engine({}),
  });
  let opens = 0;
  const second = startServer({
    port,
    engine: engineOptions,
    openEngine: async () => {
      opens++;
      return engine({});
    },
  });
  await t.rejects(second, new RegExp(`cannot listen on 127.0.0.1:${port}`));
  t.equal(opens, 0);
  await server.close();
});

t.test('a stop answers what is in flight and takes nothing new', async (t) => {
  let answer: (outcome: Outcome) => void = () => {};
  const order: string[] = [];
  const slow = engine({
    submit: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
    close: async () => {
      order.push('engine closed');
    },
  });
  const { ask, server, port, key } = await gateway(t, withEngine(slow));
  const inFlight = ask('POST /v1/transfers', transfer);
  await pause(50);
  const idle = raw(port, [`GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n`], { quietMs: 5_000 });
  const late = raw(
    port,
    [
      'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n',
      150,
      `GET /v1/assets HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`,
    ],
    { quietMs: 5_000 },
  );
  await pause(50);
  const closing = server.close();
  await t.rejects(fetch(`${server.address}/healthz`), 'no new connections');
  await pause(200);
  order.push('answered');
  answer(posted);
  t.equal((await inFlight).status, 201);
  await closing;
  t.same(order, ['answered', 'engine closed']);
  t.same(statusesIn(await late), [200, 503]);
  t.same(statusesIn(await idle), [200], 'an idle connection is closed');
});

t.test('a stop does not wait for ever, and a late answer harms nothing', async (t) => {
  let answer: ((outcome: Outcome) => void) | undefined;
  const slow = engine({
    submit: () =>
      new Promise((resolve) => {
        answer = resolve;
      }),
  });
  const { ask, server } = await gateway(t, { ...withEngine(slow), limits: { drainMs: 100 } });
  const inFlight = t.rejects(ask('POST /v1/transfers', transfer));
  await until('it is under way', async () => answer !== undefined);
  const began = Date.now();
  await server.close();
  t.ok(Date.now() - began < 2_000);
  await inFlight;
  answer?.(posted);
  await pause(20);
});

t.test(
  'a client that is gone before its answer is counted, and what it asked is done',
  async (t) => {
    const answers: (() => void)[] = [];
    const slow = engine({
      submit: () => new Promise((resolve) => answers.push(() => resolve(posted))),
    });
    const { port, key, ask } = await gateway(t, withEngine(slow));
    const body = JSON.stringify(transfer);
    const head = `POST /v1/transfers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    await raw(port, [head + body], { quietMs: 20 });
    await raw(port, [head + body], { quietMs: 20 });
    await until('both have come', () => answers.length === 2);
    // Until the server has seen that they are gone, too.
    await pause(200);
    for (const answer of answers) answer();
    const metrics = await until('both are counted', async () => {
      const { text } = await ask('GET /metrics');
      return /route="\/v1\/transfers",status="499"\} 2/.test(text) && text;
    });
    t.match(metrics, /jifen_http_in_flight 1\n/);
  },
);

t.test('limits that contradict each other are refused', async (t) => {
  const folder = temporaryFolder(t);
  await t.rejects(startServer({ engine: { folder }, limits: { bodyBytesMax: 1 } }), /contradict/);
});

function withEngine(made: Engine) {
  const openEngine = async ({ folder }: { folder: string }) => {
    mkdirSync(folder, { recursive: true });
    return made;
  };
  return { openEngine };
}
