// Partners outside at a gateway: what is said of them, whose a token is, and how one that goes away is noticed and comes back by itself.
//   partners.R1-R3, partners.P1-P3

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Directory } from '../../gateway/auth/directory.js';
import { Sealer } from '../../gateway/auth/sealing.js';
import { announceServer } from '../../gateway/cli/running.js';
import { connect } from '../../gateway/client/node.js';
import { type GatewayLimits, gatewayLimits } from '../../gateway/limits.js';
import { Destinations } from '../../gateway/outbound/addresses.js';
import { CHECKS } from '../../gateway/partners/conformance/run.js';
import { Partners } from '../../gateway/partners/partners.js';
import { startSandbox } from '../../gateway/partners/sandbox/server.js';
import { freePort } from '../fixtures/nats-server.js';
import { ROOT } from '../setup.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { caller } from './callers.js';
import { type Gateway, gateway, recordsThatFail } from './harness.js';
import { bash } from './printed.js';
import { PROGRAM, run } from './program.js';

const TOKEN = 'what-the-partner-is-shown';
const HOSTS = ['127.0.0.1', 'partner.example'];
const QUICK: Partial<GatewayLimits> = {
  partnerFailuresMax: 2,
  partnerPauseMs: 50,
  partnerPauseMsMax: 200,
  partnerHealthMs: 100,
  partnerHealthAnswerMs: 500,
  accessRefreshMs: 100,
};

const sandbox = async (t: Pick<Test, 'teardown'>) => {
  const running = await startSandbox({ port: 0, token: TOKEN, assets: ['gold'] });
  t.teardown(() => running.close());
  running.partner.core.grant('u', 'gold', 100);
  return running;
};

/** A gateway with a platform, and its partners as another node of the same ledger would have them. */
async function served(t: Test, options: Parameters<typeof gateway>[1] = {}) {
  const made = await gateway(t, { assets: ['gold', 'tin'], webhookHosts: HOSTS, ...options });
  await caller(made, 'north');
  return made;
}

const put = (server: Gateway, more: object = {}, platform = 'north') =>
  server.ask(`PUT /v1/partners/${platform}`, {
    ...{ url: 'http://127.0.0.1:9/', assets: ['gold'], token: TOKEN },
    ...more,
  });

t.test('what is said of a partner, and what is refused', async (t) => {
  const server = await served(t, { limits: { partnersMax: 1 } });
  const made = await put(server, { name: 'North', createsUsers: true, callsAtOnce: 3 });
  t.match(made, {
    status: 201,
    body: {
      ...{ platform: 'north', adapter: 'http', state: 'active', createsUsers: true },
      ...{ inboundToken: /^jifen_partner_[\w-]{43}$/, assets: ['gold'], callsAtOnce: 3 },
      breaker: { state: 'closed', failures: 0 },
    },
  });
  t.notMatch(made.text, TOKEN);
  const again = await put(server, { token: undefined, url: 'http://127.0.0.1:9/points' });
  t.match(again, { status: 200, body: { createsUsers: false, url: 'http://127.0.0.1:9/points' } });
  t.notHas(again.body, 'inboundToken');
  await caller(server, 'south');
  const refused: readonly (readonly [object, string, string, string?])[] = [
    [{ url: 'https://10.0.0.1/' }, 'PARTNER_URL_FORBIDDEN', 'url'],
    [{ url: 'http://elsewhere.example/' }, 'PARTNER_URL_FORBIDDEN', 'url'],
    [{ url: 'https://me:secret@partner.example/' }, 'PARTNER_URL_FORBIDDEN', 'url'],
    [{ url: 'https://partner.example/?a=b' }, 'PARTNER_INVALID', 'url'],
    [{ url: 'https://partner.example/#a' }, 'PARTNER_INVALID', 'url'],
    [{ url: 'https://' }, 'PARTNER_INVALID', 'url'],
    [{ url: 'ftp://partner.example/' }, 'COMMAND_INVALID', 'url'],
    [{ url: 'https://partner.example/', token: undefined }, 'PARTNER_INVALID', 'token'],
    [{ url: 'http://127.0.0.1:10/', token: undefined }, 'PARTNER_INVALID', 'token'],
    [{ token: 'with a blank' }, 'COMMAND_INVALID', 'token'],
    [{ token: 'a\r\nx: y' }, 'COMMAND_INVALID', 'token'],
    [{ assets: ['tin'] }, 'PARTNER_INVALID', 'assets'],
    [{ assets: [] }, 'COMMAND_INVALID', 'assets'],
    [{ assets: ['gold', 'gold'] }, 'COMMAND_INVALID', 'assets'],
    [{ callsAtOnce: 0 }, 'COMMAND_INVALID', 'callsAtOnce'],
    [{ adapter: 'ftp' }, 'COMMAND_INVALID', 'adapter'],
    [{ secret: 'x' }, 'COMMAND_INVALID', 'secret'],
    [{}, 'PLATFORM_NOT_FOUND', 'platform', 'nobody'],
    [{ token: undefined }, 'PARTNER_INVALID', 'token', 'south'],
    [{}, 'PARTNER_LIMIT', '', 'south'],
  ];
  for (const [fields, code, field, platform] of refused) {
    const { body } = await put(server, fields, platform);
    t.match(body, { code, ...(field !== '' && { field }) }, JSON.stringify(fields));
  }
  for (const verb of ['maintenance', 'resume', 'token', 'check'])
    t.match(await server.ask(`POST /v1/partners/south/${verb}`), {
      status: 404,
      body: { code: 'PARTNER_NOT_FOUND' },
    });
  t.match(await server.ask('GET /v1/partners/south'), { status: 404 });
  t.match((await server.ask('GET /v1/partners')).body, { partners: [{ platform: 'north' }] });
  t.match(await server.ask('DELETE /v1/partners/north'), { status: 200, body: { breaker: null } });
  t.match(await server.ask('DELETE /v1/partners/north'), { status: 404 });
  t.same((await server.ask('GET /v1/partners')).body, { partners: [] });
  t.notMatch((await server.ask('GET /health')).body.components, { platforms: {} });
});

const ADDRESS = 'somebody-who-is-not-written-down@example.com';
const WEBHOOK_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

t.test('nothing that is kept has a token in it', async (t) => {
  const folder = join(temporaryFolder(t), 'logs');
  const server = await served(t, { logs: { folder } });
  const { inboundToken } = (await put(server)).body;
  const second = (await server.ask('POST /v1/partners/north/token', {})).body.inboundToken;
  t.not(second, inboundToken);
  // Whatever else is a secret, or somebody's address, is as little written down of the request that brought it.
  const channel = { type: 'webhook', url: 'http://127.0.0.1:9/', secret: WEBHOOK_SECRET };
  t.equal((await server.ask('POST /v1/channels', channel)).status, 201);
  t.equal((await server.ask('PUT /v1/members/ann/contact', { email: ADDRESS })).status, 200);
  const shown = await Promise.all(
    ['GET /v1/partners', 'GET /v1/partners/north', 'GET /v1/audit?limit=100', 'GET /metrics'].map(
      async (request) => (await server.ask(request)).text,
    ),
  );
  await server.server.close();
  const files = readdirSync(server.folder, { recursive: true, withFileTypes: true })
    .concat(readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name), 'latin1'));
  t.ok(files.length > 2);
  for (const token of [TOKEN, inboundToken, second, WEBHOOK_SECRET, ADDRESS])
    t.notOk(
      [...shown, ...files].some((text) => text.includes(token)),
      'neither shown nor on disk',
    );
  const hash = createHash('sha256').update(second).digest('hex');
  t.ok(
    files.some((text) => text.includes(hash)),
    'but its digest is',
  );
});

t.test('whose a token is', async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const { state, openEngine } = recordsThatFail();
  const server = await served(t, {
    ...{ engine: { folder: '', clockOffset }, openEngine },
    limits: { ...QUICK, accessStaleMsMax: 1_000 },
  });
  await caller(server, 'south');
  // The routes of partners that ask in are another part's: the same class over the same records.
  const partners = await partnersOf(t, server);
  const south = (await put(server, {}, 'south')).body.inboundToken as string;
  const first = (await put(server)).body.inboundToken as string;
  const whose = (token: string) => partners.partnerOfToken(token)?.platform;
  await partners.refresh();
  t.same([whose(first), whose(south)], ['north', 'south']);
  for (const wrong of [
    '',
    'x',
    first.slice(0, -1),
    `${first}x`,
    first.toUpperCase(),
    ` ${first}`,
    createHash('sha256').update(first).digest('hex'),
  ])
    t.equal(whose(wrong), undefined, JSON.stringify(wrong));
  const rotate = async (body: object) =>
    (await server.ask('POST /v1/partners/north/token', body)).body.inboundToken as string;
  const second = await rotate({ overlapSeconds: 20 });
  await partners.refresh();
  t.same([whose(first), whose(second)], ['north', 'north'], 'both, for a while');
  new Float64Array(clockOffset)[0] = 15_000;
  t.same([whose(first), whose(second)], ['north', 'north']);
  new Float64Array(clockOffset)[0] = 25_000;
  t.same([whose(first), whose(second)], [undefined, 'north']);
  const third = await rotate({ overlapSeconds: 600 });
  const fourth = await rotate({});
  await partners.refresh();
  t.same([second, third, fourth].map(whose), [undefined, 'north', 'north'], 'two at a time');
  const fifth = await rotate({ overlapSeconds: 0 });
  await partners.refresh();
  t.same([third, fourth, fifth].map(whose), [undefined, undefined, 'north']);
  await server.ask('POST /v1/partners/north/maintenance');
  await partners.refresh();
  t.match(partners.partnerOfToken(fifth), { platform: 'north', state: 'maintenance' });
  await server.ask('POST /v1/platforms/north/disable');
  await until('a disabled platform has none', () => whose(fifth) === undefined);
  await server.ask('POST /v1/platforms/north/enable');
  await until('it has one again', () => whose(fifth) === 'north');
  state.isReadable = false;
  await until('nothing is known', async () => {
    await partners.refresh();
    return whose(fifth) === undefined;
  });
  state.isReadable = true;
  await until('it is known again', async () => {
    await partners.refresh();
    return whose(fifth) === 'north';
  });
  await server.ask('DELETE /v1/partners/north');
  await partners.refresh();
  t.same([whose(fifth), whose(south)], [undefined, 'south']);
});

t.test('one that goes away is noticed, told of, and comes back by itself', async (t) => {
  const north = await sandbox(t);
  const server = await served(t, { limits: QUICK });
  await put(server, { url: north.address });
  const state = async () => (await server.ask('GET /v1/partners/north')).body.breaker?.state;
  const platforms = async () => (await server.ask('GET /health')).body.components.platforms;
  t.match(await server.ask('POST /v1/partners/north/check'), { body: { isWell: true } });
  t.same(await platforms(), { status: 'ok' });
  const control = (path: string, body: object) =>
    fetch(`${north.address}/sandbox/${path}`, {
      ...{ method: 'POST', body: JSON.stringify(body) },
      headers: { authorization: `Bearer ${TOKEN}` },
    });
  await control('away', { ms: 1_500 });
  await until('it is down', async () => (await state()) === 'open');
  const { text } = await server.ask('GET /metrics');
  t.match(text, /^jifen_partner_breaker\{partner="north"\} 2$/m);
  t.match(text, /^jifen_partner_down_seconds\{partner="north"\} (0\.\d+|[1-9])/m);
  t.match(text, /^jifen_partner_calls_total\{partner="north",call="health",outcome="well"\} \d/m);
  t.match(
    text,
    /^jifen_partner_calls_total\{partner="north",call="health",outcome="unknown"\} \d/m,
  );
  await until('it is told of', async () => (await platforms())?.status === 'degraded');
  t.match(await platforms(), {
    detail: '1 of 1 partners outside do not answer: exchanges with them wait.',
  });
  const { body } = await server.ask('POST /v1/partners/north/check');
  t.match(body, { isWell: false, why: /^E[A-Z]+$/ });
  await until('it is back', async () => (await state()) === 'closed');
  await until('that is told', async () => (await platforms())?.status === 'ok');
  t.match(
    (await server.ask('GET /metrics')).text,
    /^jifen_partner_down_seconds\{partner="north"\} 0$/m,
  );
  t.equal((await server.ask('POST /v1/partners/north/maintenance')).body.state, 'maintenance');
  t.match(await server.ask('POST /v1/partners/north/check'), {
    body: { isWell: false, why: 'MAINTENANCE' },
  });
  await until('that, too', async () => (await platforms())?.status === 'warning');
  t.match((await server.ask('POST /v1/partners/north/resume')).body, {
    state: 'active',
    breaker: { state: 'closed' },
  });
  // A wrong token is no partner that answers, however well it says it is: the look-up that tries it is refused.
  await put(server, { url: north.address, token: 'another' });
  const partners = await partnersOf(t, server);
  const { signal } = new AbortController();
  for (let at = 0; at < 2; at++)
    t.match(await partners.adapterOf('north').operation('x', signal), {
      state: 'unknown',
      why: 'STATUS',
      status: 401,
    });
  t.match(await partners.adapterOf('north').operation('x', signal), { why: 'DOWN' });
  t.match(partners.figuresOf('north'), { state: 'open', why: 'STATUS 401' });
  t.match(await partners.adapterOf('nobody').operation('x', signal), { why: 'NO_PARTNER' });
});

/** Partners of a gateway's ledger, as another node has them. */
async function partnersOf(t: Test, server: Gateway): Promise<Partners> {
  const { engine } = server.server;
  const sealer = await Sealer.of(server.folder);
  if (sealer === undefined) throw new Error('the folder has no key');
  const limits = gatewayLimits({ ...QUICK, accessStaleMsMax: 1_000 });
  const onDefect = (error: unknown): void => {
    t.fail(String(error));
  };
  const directory = new Directory(engine, sealer, limits, onDefect);
  await directory.start();
  const destinations = new Destinations(HOSTS);
  const partners = new Partners({ engine, directory, sealer, destinations, limits, onDefect });
  await partners.refresh();
  t.teardown(async () => {
    await partners.close();
    await directory.stop();
  });
  return partners;
}

t.test('by the client, and on the command line', async (t) => {
  const north = await sandbox(t);
  const server = await served(t);
  const client = connect({ url: server.server.address, key: server.key });
  const asked = { url: north.address, assets: ['gold'], token: TOKEN };
  t.match(await client.partners.put('north', asked), { inboundToken: /^jifen_partner_/ });
  t.match(await client.partners.get('north'), { platform: 'north', breaker: { state: 'closed' } });
  t.match(await client.partners.check('north'), { isWell: true });
  t.match(await client.partners.maintenance('north'), { state: 'maintenance', breaker: null });
  t.match(await client.partners.resume('north'), { state: 'active' });
  t.match(await client.partners.rotate('north', { overlapSeconds: 0 }), {
    inboundToken: /^jifen_partner_/,
  });
  t.match(await client.partners.list(), [{ platform: 'north' }]);
  await client.partners.remove('north');
  t.same(await client.partners.list(), []);
  const folder = temporaryFolder(t);
  const key = join(folder, 'key');
  writeFileSync(key, server.key, { mode: 0o600 });
  const jifen = (...args: string[]) =>
    run(folder, 'partner', ...args, '--url', server.server.address, '--key', key);
  writeFileSync(join(folder, 'token'), `${TOKEN}\n`);
  const said = ['--assets', 'gold', '--token-file', join(folder, 'token')];
  const told = /"platform": "north"[\s\S]*shown this once:\n\n {2}jifen_partner_/;
  t.match(await jifen('add', 'north', north.address, ...said), { code: 0, out: told });
  t.match(await jifen('health', 'north'), { code: 0, out: /"isWell": true/ });
  t.match(await jifen('maintenance', 'north'), { code: 0, out: /"maintenance"/ });
  t.match(await jifen('health', 'north'), { code: 1, out: /"why": "MAINTENANCE"/ });
  t.match(await jifen('list'), { code: 0, out: /"north"/ });
  t.match(await jifen('remove', 'north'), { code: 0 });
  t.match(await jifen('show', 'north'), { code: 1, err: /PARTNER_NOT_FOUND/ });
  t.match(await jifen('add', 'north', north.address), { code: 2, err: /--assets is missing/ });
});

const page = readFileSync(join(ROOT, 'ops/docs/partners.md'), 'utf8');
const script = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block).join('');
const hasCurl = spawnSync('curl', ['--version']).error === undefined;

t.test(
  'the page for partners, as it is printed',
  { skip: hasCurl ? false : 'no curl here' },
  async (t) => {
    const server = await gateway(t, { assets: ['stars'], webhookHosts: HOSTS });
    await announceServer(server.folder, server.server.address);
    const data = join(temporaryFolder(t), 'partner-data');
    const commands = script
      .replaceAll('8090', `${await freePort()}`)
      .replaceAll('8091', `${await freePort()}`)
      .replaceAll('partner-data', data)
      .replace(
        /npx jifen (sandbox-partner|partner check)/g,
        `"${process.execPath}" "${PROGRAM}" $1`,
      )
      .replace(
        /npx jifen (\w+ \w+)/g,
        `"${process.execPath}" "${PROGRAM}" $1 --folder "${server.folder}"`,
      );
    const { code, out, err } = await bash(`trap 'kill $(jobs -p) || true' EXIT\n${commands}`);
    t.equal(code, 0, err);
    const wanted = [
      /"transaction_id":"X1".*"status":"completed".*"idempotent":false/,
      /"transaction_id":"X1".*"status":"completed".*"idempotent":true/,
      /\{"total":100,"added":100,"deducted":0\}/,
      /curl: \(52\)/,
      /"transaction_id":"X2".*"status":"completed".*"amount":30/,
      /"transaction_id":"X3".*"status":"void".*"idempotent":false/,
      /"transaction_id":"X3".*"status":"void".*"idempotent":true/,
      new RegExp(`\n${CHECKS.length} passed, 0 failed\n`),
      /FAILED add_repeat .*\n +what is asked for three times must change the total by 5, and changes it by 15/,
      /passed rollback_add/,
      /1 passed, 1 failed\nexit code 1/,
      /"platform": "space"/,
      /"isWell": true/,
      /"state": "maintenance"/,
      /"why": "MAINTENANCE"[\s\S]*exit code 1/,
      /"state": "active"/,
    ];
    let rest = out;
    for (const one of wanted) {
      const found = one.exec(rest);
      t.ok(found, String(one)) || t.comment(rest.slice(0, 2_000));
      if (found !== null) rest = rest.slice(found.index + found[0].length);
    }
    // What the page says is what the check and the sandbox have.
    const { body } = await server.ask('GET /v1/partners/space');
    t.match(body, { url: /^http:\/\/127/, assets: ['stars'], state: 'active' });
  },
);
