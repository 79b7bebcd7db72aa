// Signed requests that somebody changed on their way: none is taken that means something else than what was signed. The server
// says itself what it took a request for: its routes are the real ones, but write down what they are asked and do nothing.

import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'msgpackr';
import t, { type Test } from 'tap';
import { open } from '../../engine/index.js';
import { adminKey } from '../../gateway/auth/admin-key.js';
import { Authenticator } from '../../gateway/auth/authenticator.js';
import { Directory } from '../../gateway/auth/directory.js';
import { addPlatform } from '../../gateway/auth/platforms.js';
import { RateLimits } from '../../gateway/auth/rate-limits.js';
import { Sealer } from '../../gateway/auth/sealing.js';
import { json } from '../../gateway/encoding/answer.js';
import { Gate } from '../../gateway/http/server/gate.js';
import { HttpServer } from '../../gateway/http/server/server.js';
import { gatewayLimits } from '../../gateway/limits.js';
import { NO_LOGS } from '../../gateway/logs/logs.js';
import { Metrics } from '../../gateway/metrics/metrics.js';
import { isRefusal } from '../../gateway/refusal.js';
import { type Call, closedLedger, type Route, type ServedLedger } from '../../gateway/route.js';
import { allRoutes } from '../../gateway/serve.js';
import { Tickets } from '../../gateway/ws/tickets.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { ALL, freshTimestamp, secondSignature, signature } from './callers.js';

t.setTimeout(0);

/** A request, each part as it goes over the line. */
interface Raw {
  method: string;
  target: string;
  headers: [name: string, value: string][];
  body: Buffer;
}

/** What a call is before it is signed. */
interface Plan {
  readonly request: string;
  readonly type: string;
  readonly body: Buffer;
  readonly key: string | undefined;
  readonly version: 1 | 2;
}

type Platform = { readonly address: string; readonly id: string; readonly secret: string };

const JSON_TYPE = 'application/json';
const LINES = 'application/x-ndjson';
const PACKED = 'application/vnd.msgpack';
const TYPES = [JSON_TYPE, LINES, PACKED, 'application/jsonl', 'text/plain', ''];

const LEG = { from: '@issue', to: 'ann', asset: 'gold', amount: 1 };

/** One call of each kind, in turn. */
function planned(random: Random, i: number): Plan {
  const id = `I${random.int(1_000)}`;
  const command = { id, legs: [{ ...LEG, amount: 1 + random.int(9) }] };
  const array = JSON.stringify([command, { legs: [LEG] }]);
  const text = (request: string, body: string): Plan => {
    const version = random.chance(0.5) ? 1 : 2;
    const key = version === 2 && random.chance(0.3) ? id : undefined;
    return { request, type: JSON_TYPE, body: Buffer.from(body), key, version };
  };
  const other = (type: string, body: Buffer): Plan => {
    return { request: 'POST /v1/transfers?brief=true', type, body, key: undefined, version: 2 };
  };
  const read = (request: string): Plan => ({ ...text(request, ''), type: '', key: undefined });
  const lines = array.replaceAll('},{"legs', '}\n,{"legs');
  const account = '/v1/accounts/ann';
  const kinds: (() => Plan)[] = [
    () => text('POST /v1/transfers', JSON.stringify(command)),
    () => text('POST /v1/transfers?dryRun=true', lines),
    () => text('POST /v1/transfers?atomic=true', ` \n${lines}`),
    () => text('POST /v1/transfers?timeoutMs=1000', JSON.stringify({ ...command, id: undefined })),
    () => text(`POST ${account}/holds/H%3A1/release`, ''),
    () => text(`POST ${account}/holds/H1/release?dryRun=true`, `{"id":"${id}"}`),
    () => text(`POST ${account}/holds/H1/capture`, `{"to":"@redeem","id":"${id}"}`),
    () => text('POST /v1/platforms/shop/users/u1/deactivate', ''),
    () => text('POST /api/points/add', `{"user_id":"ann","amount":1,"transaction_id":"${id}"}`),
    () => text('POST /api/points/redeem', '{"user_id":"ann","amount":10,"reward_id":"r"}'),
    () => text('POST /v1/platforms/shop/users/u1', '{}'),
    () => text('POST /v1/balances', '{"owners":["ann","bob"]}'),
    () => read(`GET ${account}?asset=gold`),
    () => read('GET /api/points/history?user_id=ann&page=1&per_page=20'),
    () => read(`GET ${account}/transfers/ORDER%3A1`),
    () => other(LINES, Buffer.from(`${JSON.stringify(command)}\n${JSON.stringify(command)}\n`)),
    () => other(PACKED, pack([command])),
  ];
  return (kinds[i % kinds.length] as () => Plan)();
}

function signedBy(platform: Platform, plan: Plan): Raw {
  const [method = '', target = ''] = plan.request.split(' ');
  const { type, key, body } = plan;
  const covered = {
    ...(type === '' ? {} : { 'Content-Type': type }),
    ...(key === undefined ? {} : { 'Idempotency-Key': key }),
  };
  const at = freshTimestamp();
  const made =
    plan.version === 2
      ? secondSignature(platform, plan.request, body, covered, at)
      : { ...covered, ...signature(platform.id, platform.secret, plan.request, `${body}`, at) };
  const host: [string, string] = ['Host', new URL(platform.address).host];
  return { method, target, body, headers: [host, ...Object.entries(made)] };
}

const place = (raw: Raw, name: string): number =>
  raw.headers.findIndex(([one]) => one.toLowerCase() === name.toLowerCase());

function set(raw: Raw, name: string, value: string | undefined): void {
  const at = place(raw, name);
  const put: [string, string][] = value === undefined ? [] : [[name, value]];
  if (at < 0) raw.headers.push(...put);
  else raw.headers.splice(at, 1, ...put);
}

/** A text with a small change somewhere. */
function touched(random: Random, text: string): string {
  const at = random.int(text.length + 1);
  const some = random.pick([...'aA0{}[]"?&=/%.,:;#+ -_~\n\t\r\0', '%2F', '%00', '//', '/../', 'é']);
  switch (random.int(4)) {
    case 0:
      return text.slice(0, at) + some + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + some + text.slice(at + 1);
    default:
      return text.slice(0, at) + text.slice(at).replace(/[a-z]/i, (one) => swapped(one));
  }
}

const swapped = (one: string): string =>
  one === one.toLowerCase() ? one.toUpperCase() : one.toLowerCase();
const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Every way in which a request is changed. */
const CHANGES: readonly ((random: Random, raw: Raw, another: Raw) => void)[] = [
  // Bytes over the border of path and body.
  (_, raw) => {
    const at = raw.target.indexOf('?');
    if (at < 0) return;
    raw.body = Buffer.concat([bytesOf(raw.target.slice(at)), raw.body]);
    raw.target = raw.target.slice(0, at);
  },
  (random, raw) => {
    const at = random.int(raw.target.length + 1);
    raw.body = Buffer.concat([bytesOf(raw.target.slice(at)), raw.body]);
    raw.target = raw.target.slice(0, at);
  },
  (random, raw) => {
    const at = random.chance(0.3) ? raw.body.length : random.int(raw.body.length + 1);
    raw.target += raw.body.subarray(0, at).toString('latin1');
    raw.body = raw.body.subarray(at);
  },
  (random, raw) => set(raw, 'Content-Type', random.pick(TYPES)),
  (random, raw) => set(raw, 'Content-Type', random.pick([undefined, 'application/JSON; q=1'])),
  (random, raw) =>
    set(raw, 'Idempotency-Key', random.pick([undefined, '', '""', 'K', '"K"', 'I1', ' I1'])),
  (random, raw) => {
    raw.headers.splice(random.int(raw.headers.length), 0, ['Idempotency-Key', 'K2']);
  },
  (random, raw) => {
    const values = [undefined, '', '1', '2', '02', '2.0', '3', ' 2', '2, 1'];
    set(raw, 'X-Signature-Version', random.pick(values));
  },
  (random, raw) => {
    raw.method = random.pick(['GET', 'POST', 'PUT', 'PATCH', 'post', 'HEAD', 'P', '']);
  },
  // Bytes over the border of timestamp and method.
  (random, raw) => {
    const [at, given] = [place(raw, 'X-Timestamp'), raw.headers[place(raw, 'X-Timestamp')]?.[1]];
    if (given === undefined) return;
    const values = [`${given}P`, given.slice(0, -1), `${given}0`, given.slice(0, 10), `+${given}`];
    raw.headers[at] = ['X-Timestamp', random.pick([...values, `0${given}`, `${given}.0`, '1e12'])];
  },
  (random, raw) => {
    raw.target = touched(random, raw.target);
  },
  (random, raw) => {
    raw.target = raw.target.replace(/[a-z]/g, (one) =>
      random.chance(0.1) ? `%${one.charCodeAt(0).toString(16)}` : one,
    );
  },
  (_, raw) => {
    raw.target = raw.target.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    );
  },
  (random, raw) => {
    const ends = ['?', '/', '&', '?dryRun=false', '&dryRun=false', '#', '?ticket=x', '//', '/.'];
    raw.target += random.pick(ends);
  },
  (_, raw) => {
    raw.target = raw.target.replace(/\?.*$/, '');
  },
  (_, raw) => {
    raw.target = `http://other${raw.target}`;
  },
  (random, raw) => {
    raw.body = bytesOf(touched(random, raw.body.toString('latin1')));
  },
  (_, raw) => {
    raw.body = Buffer.concat([raw.body, raw.body]);
  },
  (_, raw) => {
    raw.body = Buffer.alloc(0);
  },
  (_, raw, another) => {
    raw.body = another.body;
  },
  (_, raw, another) => {
    [raw.method, raw.target] = [another.method, another.target];
  },
  (random, raw, another) => {
    const header = random.pick(another.headers);
    set(raw, header[0], header[1]);
  },
  // A header twice, before or behind.
  (random, raw, another) => {
    const header = random.pick([...another.headers, ...raw.headers]);
    raw.headers.splice(random.int(raw.headers.length + 1), 0, [...header]);
  },
  (random, raw) => set(raw, 'X-Platform-ID', random.pick(['club', 'SHOP', ' shop', 'shop\u00e9'])),
  (random, raw) => set(raw, 'Host', random.pick(['other', '127.0.0.1', 'LOCALHOST', ''])),
  (random, raw) => {
    const zipped = random.chance(0.5);
    set(raw, 'Content-Encoding', zipped ? 'gzip' : random.pick(['identity', 'GZIP', 'br']));
    if (zipped) raw.body = gzipSync(raw.body);
  },
  (random, raw) => {
    const at = random.int(raw.headers.length);
    const [name, value] = raw.headers[at] as [string, string];
    // The web server waits for more of a request that has a control character in a header.
    raw.headers[at] = [name, touched(random, value).replace(/[\0\r\n]/g, '')];
  },
  (random, raw) => {
    random.shuffle(raw.headers);
  },
  (_, raw) => {
    raw.headers = raw.headers.map(([name, value]) => [name.toUpperCase(), ` ${value} `]);
  },
  (_, raw) => raw.headers.push(['X-HTTP-Method-Override', 'PUT']),
  (_, raw) => raw.headers.push(['Accept', LINES]),
];

/** A request's bytes; its length is always said as it is, that being no part of what is signed. */
function bytesFrom({ method, target, headers, body }: Raw): Buffer {
  const length = method === 'GET' && body.length === 0 ? '' : `Content-Length: ${body.length}\r\n`;
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([bytesOf(`${method} ${target} HTTP/1.1\r\n${lines}${length}\r\n`), body]);
}

/** A server that says nothing for so long waits for more of the request. */
const SILENCE_MS = 3_000;

/** Sends requests one after the other over one connection, a new one where it was closed. */
class Line {
  readonly #port: number;
  #socket: Socket | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  /** The status of the answer; 0: the connection was closed without one. */
  async send(bytes: Buffer): Promise<number> {
    const socket = this.#socket ?? connect(this.#port, '127.0.0.1');
    this.#socket = socket;
    return new Promise((resolve) => {
      let text = '';
      const timer = setTimeout(() => socket.destroy(), SILENCE_MS);
      const done = (isOver: boolean): void => {
        clearTimeout(timer);
        socket.removeAllListeners();
        if (isOver) {
          socket.destroy();
          this.#socket = undefined;
        }
        resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0));
      };
      socket.on('data', (chunk) => {
        text += chunk.toString('latin1');
        const head = text.indexOf('\r\n\r\n');
        const length = /\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1];
        if (head >= 0 && text.length >= head + 4 + Number(length))
          done(/^HTTP\/1.1 [45]/.test(text));
      });
      socket.on('error', () => undefined);
      socket.on('close', () => done(true));
      socket.write(bytes);
    });
  }

  end(): void {
    this.#socket?.destroy();
  }
}

/** What a call is taken for; its format is how it is answered. */
async function meaningOf({ method, path }: Route, call: Call): Promise<string> {
  const { lines, body, idempotencyKey: key, query } = call;
  const chunks: Uint8Array[] = [];
  for (let one = await lines?.next(); one !== undefined; one = await lines?.next())
    chunks.push(one);
  const named = (body ?? {}) as Record<string, unknown>;
  const isNamed = key === undefined || named.id === key || named.transaction_id === key;
  return JSON.stringify({
    by: call.principal.id,
    route: `${method} ${path}`,
    path: call.path,
    query: Object.entries(query).sort(),
    body,
    lines: lines && Buffer.concat(chunks).toString('latin1'),
    key: isNamed ? undefined : key,
  });
}

/** A server whose routes tell what they were asked. */
async function telling(t: Test): Promise<{ platforms: Platform[]; told: string[] }> {
  const limits = gatewayLimits({ platformRate: { limit: 1_000_000_000, seconds: 1 } });
  const folder = join(temporaryFolder(t), 'data');
  const engine = await open({ folder, shards: 1, cacheMb: 64 });
  t.teardown(() => engine.close());
  const failed = (error: unknown): void => {
    t.fail(String(error));
  };
  const sealer = await Sealer.make(folder);
  const directory = new Directory(engine, sealer, limits, failed);
  const secrets: [string, string][] = [];
  for (const id of ['shop', 'club']) {
    const body = { id, name: id, assets: ['gold'], operations: ALL };
    const made = await addPlatform(engine, sealer, body);
    if (isRefusal(made)) throw new Error(made.code);
    secrets.push([id, made.secret]);
  }
  await directory.start();
  t.teardown(() => directory.stop());
  const { key } = await adminKey(folder, true);
  const gate = new Gate(limits, new RateLimits(limits.bucketsMax));
  const authenticator = new Authenticator(
    ...([engine, directory, key, limits] as const),
    ...([() => undefined, () => undefined] as const),
  );
  gate.open({ authenticator, logs: NO_LOGS, deviceDigest: String, now: () => engine.now() });
  const ledger: ServedLedger = {
    ...closedLedger(''),
    engine,
    access: { directory, sealer },
    unready: undefined,
  };
  const metrics = new Metrics(
    () => engine,
    () => 0,
  );
  const told: string[] = [];
  const routes = allRoutes(ledger, limits, metrics, new Tickets(limits)).map((route): Route => {
    const handle = async (call: Call) => {
      told.push(await meaningOf(route, call));
      return json(200, {});
    };
    return { ...route, handle, repeats: false };
  });
  const host = '127.0.0.1';
  const server = new HttpServer(routes, {
    ...{ host, port: 0, limits, metrics, ledger, gate, onDefect: failed },
  });
  const address = `http://${host}:${await server.listen()}`;
  t.teardown(() => server.close());
  return { told, platforms: secrets.map(([id, secret]) => ({ address, id, secret })) };
}

t.test('no changed request is taken for something else', async (t) => {
  const { platforms, told } = await telling(t);
  const [shop, club] = platforms as [Platform, Platform];
  const random = new Random(7);
  const plans = Array.from({ length: 100 }, (_, i) => planned(random, i));
  const line = new Line(Number(new URL(shop.address).port));
  t.teardown(() => line.end());
  const meanings: string[] = [];
  for (const plan of plans) {
    t.equal(await line.send(bytesFrom(signedBy(shop, plan))), 200, plan.request);
    meanings.push(...told.splice(0));
  }
  t.equal(meanings.length, plans.length);
  let taken = 0;
  const changed = async (seed: number): Promise<void> => {
    const random = new Random(seed);
    const at = seed % plans.length;
    const raw = signedBy(shop, plans[at] as Plan);
    const another = signedBy(random.chance(0.5) ? shop : club, random.pick(plans));
    for (let i = 1 + random.int(3); i > 0; i--) random.pick(CHANGES)(random, raw, another);
    const bytes = bytesFrom(raw);
    const status = await line.send(bytes);
    if (status === 500) throw new Error(`a defect: ${bytes.toString('latin1')}`);
    for (const meaning of told.splice(0)) {
      taken++;
      if (meaning !== meanings[at])
        throw new Error(
          `taken for ${meaning} instead of ${meanings[at]}: ${bytes.toString('latin1')}`,
        );
    }
  };
  await campaign({ name: 'changed requests', long: 100_000, sample: 750 }).run(changed);
  t.ok(process.env.JIFEN_SEED !== undefined || taken > 100, `${taken} mean what was signed`);
});
