// Notices to members, by mail through a real SMTP server and as short messages through a real HTTP gateway: who is told what, with which words, once,
// and what becomes of it where it cannot be.

import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Sealer } from '../../gateway/auth/sealing.js';
import { leave } from '../../gateway/outbound/notices/addressed.js';
import { type Server, startServer } from '../../gateway/serve.js';
import { until } from '../until.js';
import { caller, operator } from './callers.js';
import { bare, type Gateway, gateway } from './harness.js';
import { listening } from './listening.js';
import { mailbox, shortGateway, smtpError } from './mailbox.js';

const HOSTS = ['127.0.0.1'];
/** Quick enough for a test. */
const QUICK = { webhookPauseMs: 20, webhookTimeoutMs: 60_000 };
const DAY_MS = 86_400_000;
const FROM = { type: 'email', from: 'club@shop.example', language: 'en' } as const;

/** A ledger whose points are told of a month before they expire. */
async function opened(t: Test, assets = ['gold'], limits: object = {}) {
  const clockOffset = new SharedArrayBuffer(8);
  const server = await gateway(t, {
    ...{ webhookHosts: HOSTS, limits: { ...QUICK, ...limits } },
    engine: { folder: '', shards: 2, clockOffset },
  });
  for (const asset of assets)
    await server.ask(`PUT /v1/assets/${asset}`, { scale: 2, expiryNoticeDays: 30 });
  return { server, clock: new Float64Array(clockOffset) };
}

let lastId = 0;
/** Gives a member points that expire soon, each time on another day: which is told. */
async function earn(server: Gateway, owner: string, amount = 500, asset = 'gold') {
  const expiresAt = server.server.engine.now() + (8 + (++lastId % 20)) * DAY_MS;
  const leg = { from: '@issue', to: owner, asset, amount, expiresAt };
  const made = await server.ask('POST /v1/transfers', { id: `T${lastId}`, legs: [leg] });
  if (made.status >= 300) throw new Error(made.text);
}

async function channel(server: Gateway, body: object): Promise<string> {
  const made = await server.ask('POST /v1/channels', body);
  if (made.status !== 201) throw new Error(made.text);
  return made.body.id;
}

const reach = (server: Gateway, owner: string, contact: object) =>
  server.ask(`PUT /v1/members/${owner}/contact`, contact);
const agree = (server: Gateway, owner: string, type: string, notices: string, isGiven = true) =>
  server.ask(`PUT /v1/members/${owner}/consents`, { consents: [{ type, notices, isGiven }] });
const toldTo = async (server: Gateway, owner: string): Promise<any[]> =>
  (await server.ask(`GET /v1/members/${owner}/notices`)).body.notices;
/** The last notice of a member by a channel, or by any, once it is in a state. */
const stateOf = (server: Gateway, owner: string, state: string, by?: string) =>
  until(`${owner} has a notice that is ${state}`, async () => {
    const all = await toldTo(server, owner);
    const last = all.find(({ channel }) => by === undefined || channel === by);
    return last?.state === state && last;
  });

/** Every byte of a data folder. */
const bytesOf = (folder: string): Buffer =>
  Buffer.concat(
    readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((one) => one.isFile())
      .map((one) => readFileSync(join(one.parentPath ?? one.path, one.name))),
  );

t.test('a member is told by mail, once; what is said again is told once, too', async (t) => {
  const { server } = await opened(t);
  const box = await mailbox(t);
  const id = await channel(server, { ...FROM, url: box.url, fromName: '积分 Club' });
  const said = await reach(server, 'ann', { email: 'ann@mail.example', phone: '13812345678' });
  t.match(said.body, { owner: 'ann', email: 'ann@mail.example', consents: [], dead: [] });
  await reach(server, 'bob', { email: 'bob@mail.example', language: 'zh' });
  for (const owner of ['ann', 'bob', 'nobody']) await earn(server, owner);
  await until('both are told', () => box.mails.length === 2);
  const ofAnn = box.mails.find(({ to }) => to === 'ann@mail.example')!;
  const ofBob = box.mails.find(({ to }) => to === 'bob@mail.example')!;
  t.match(ofAnn, {
    ...{ from: 'club@shop.example', subject: 'Your points will expire soon' },
    text: /^5 gold points of yours will expire on \d{4}-\d\d-\d\d \d\d:\d\d\.$/,
    headers: { 'auto-submitted': 'auto-generated', from: /<club@shop\.example>$/ },
  });
  t.match(ofBob, { subject: '您的积分即将到期', text: /^您有 5 gold 积分将于/ });
  const [told] = await toldTo(server, 'ann');
  t.match(told, { notice: 'points.expiring', channel: id, type: 'email', state: 'sent' });
  t.equal(ofAnn.headers['message-id'], `<${told.id}@shop.example>`);
  t.equal(ofAnn.headers['x-jifen-notice'], told.id);
  t.same(await toldTo(server, 'nobody'), []);
  t.match((await server.ask(`GET /v1/channels/${id}`)).body, { halted: null, failed: 0 });
  await earn(server, 'ann', 150);
  await until('more is told', () => box.mails.length === 3);
  t.match(box.mails[2]!.text, /^1\.5 gold points/);
  await stateOf(server, 'ann', 'sent');
  const page = await server.ask('GET /v1/members/ann/notices?limit=1');
  const next = await server.ask(`GET /v1/members/ann/notices?limit=1&cursor=${page.body.cursor}`);
  t.same(next.body.notices, [told]);
  const text = bytesOf(server.folder);
  for (const secret of ['ann@mail.example', '13812345678', 'bob@mail'])
    t.notOk(text.includes(secret), `${secret} lies in the clear`);
});

t.test(
  'short messages and requests: fields, headers, signatures; a repeat has the same id',
  async (t) => {
    const { server } = await opened(t);
    const [sms, app] = [await shortGateway(t), await listening(t)];
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    const fields = { mobile: '{to}', content: '【Club】{text}', out_id: '{id}', key: '{secret}' };
    const headers = { Authorization: 'Bearer {secret}' };
    const text = { ...{ type: 'sms', url: sms.url, language: 'en' }, secret: 's3cret' };
    const ofJson = await channel(server, { ...text, headers, fields });
    t.notMatch((await server.ask('GET /v1/channels')).text, /s3cret/);
    await channel(server, { type: 'webhook', url: app.url, secret, language: 'en' });
    await reach(server, 'ann', { phone: '+8613812345678' });
    sms.status = () => (sms.taken.length === 1 ? 503 : 200);
    await earn(server, 'ann');
    await until('both are told', () => sms.taken.length === 2 && app.arrived.length === 1);
    const [first, second] = sms.taken as [any, any];
    t.same(first.body, second.body);
    t.equal(first.headers.authorization, 'Bearer s3cret');
    const body = JSON.parse(first.body);
    t.match(body, { mobile: '+8613812345678', content: /^【Club】5 gold points/, key: 's3cret' });
    t.equal(body.out_id, first.headers['idempotency-key']);
    t.equal(body.out_id, second.headers['idempotency-key']);
    const { headers: signed, text: sent, event } = app.arrived[0]!;
    t.match(event, {
      notice: 'points.expiring',
      owner: 'ann',
      language: 'en',
      id: /^n_[0-9a-f]{32}$/,
    });
    t.not(event.id, body.out_id, 'each channel has its own');
    const mac = createHmac('sha256', Buffer.alloc(32, 7))
      .update(`${signed['webhook-id']}.${signed['webhook-timestamp']}.${sent}`)
      .digest('base64');
    t.equal(signed['webhook-signature'], `v1,${mac}`);
    const form = { ...text, fields: { to: '{to}', text: '{text}' }, format: 'form' };
    t.equal(
      (await server.ask(`PUT /v1/channels/${ofJson}`, { ...form, secret: undefined })).status,
      200,
    );
    sms.taken.length = 0;
    sms.status = () => 200;
    await earn(server, 'ann');
    await until('it is told as a form', () => sms.taken.length === 1);
    t.match(Object.fromEntries(new URLSearchParams(sms.taken[0]!.body)), { to: '+8613812345678' });
    sms.status = () => 422;
    await earn(server, 'ann');
    await stateOf(server, 'ann', 'failed', ofJson);
    const letters = (await server.ask(`GET /v1/channels/${ofJson}/dead-letters`)).body.deadLetters;
    t.match(letters, [{ type: 'points.expiring', subject: 'ann', status: 422, attempts: 1 }]);
    sms.status = () => 200;
    const retried = await server.ask(
      `POST /v1/channels/${ofJson}/dead-letters/${letters[0].id}/retry`,
    );
    t.match(retried.body, { isDelivered: true });
    await stateOf(server, 'ann', 'sent', ofJson);
  },
);

t.test('a mail that cannot be sent: tried again with the same id, or never again', async (t) => {
  const { server } = await opened(t, ['gold'], { webhookTimeoutMs: 2_000 });
  const box = await mailbox(t);
  const id = await channel(server, { ...FROM, url: box.url });
  for (const owner of ['busy', 'lost', 'gone', 'full', 'spam', 'slow'])
    await reach(server, owner, { email: `${owner}@mail.example` });
  const to = (owner: string) => box.mails.filter((one) => one.to === `${owner}@mail.example`);
  const refused: string[] = [];
  box.behaviour.recipient = (address) => {
    refused.push(address);
    const times = refused.filter((one) => one === address).length;
    if (/^gone/.test(address)) return smtpError(550);
    if (/^full/.test(address) && times < 3) return smtpError(552);
    return /^busy/.test(address) && times < 3 ? smtpError(451) : undefined;
  };
  box.behaviour.taken = (mail) => {
    if (/^lost/.test(mail.to) && to('lost').length === 1) return 'drop';
    return /^spam/.test(mail.to) ? smtpError(554) : undefined;
  };
  for (const owner of ['busy', 'lost', 'gone', 'full', 'spam']) await earn(server, owner);
  for (const owner of ['busy', 'lost', 'full']) await stateOf(server, owner, 'sent');
  const ids = new Set(to('lost').map(({ headers }) => headers['message-id']));
  t.ok(to('lost').length >= 2, 'whose answer was lost came again');
  t.equal(ids.size, 1, 'as the same');
  for (const owner of ['gone', 'spam'])
    t.match(await stateOf(server, owner, 'failed'), { reason: /SMTP/ });
  const dead = (await server.ask(`GET /v1/channels/${id}/dead-letters`)).body.deadLetters;
  t.same(dead.map(({ subject }: any) => subject).sort(), ['gone', 'spam']);
  t.notMatch(JSON.stringify(dead), /secret\.example/, 'what a server says is not shown');
  t.match((await server.ask('GET /v1/members/gone/contact')).body.dead, [
    { type: 'email', reason: 'SMTP RCPT TO 550' },
  ]);
  const before = refused.length;
  await earn(server, 'gone');
  t.match(await stateOf(server, 'gone', 'skipped'), { reason: 'ADDRESS_DEAD' });
  t.equal(refused.length, before, 'nothing is tried there any more');
  await reach(server, 'gone', { email: 'here@mail.example' });
  const letter = dead.find(({ subject }: any) => subject === 'gone');
  const retry = `POST /v1/channels/${id}/dead-letters/${letter.id}/retry`;
  t.match((await server.ask(retry)).body, { isDelivered: true });
  t.equal(to('here').length, 1);
  box.behaviour.delayMs = 3_000;
  await earn(server, 'slow');
  t.match(await stateOf(server, 'slow', 'waiting'), { reason: 'TIMEOUT' });
  box.behaviour.delayMs = 0;
  await stateOf(server, 'slow', 'sent');
  t.equal(new Set(to('slow').map(({ headers }) => headers['message-id'])).size, 1);
});

t.test('consent and quiet hours are judged when a notice is sent', async (t) => {
  const { server, clock } = await opened(t);
  const box = await mailbox(t);
  const minute = (ms: number) => new Date(ms).toISOString().slice(11, 16);
  const now = server.server.engine.now();
  const quiet = { from: minute(now - 600_000), to: minute(now + 600_000) };
  const id = await channel(server, { ...FROM, url: box.url, quiet, service: false });
  for (const owner of ['yes', 'no', 'changed', 'forgotten'])
    await reach(server, owner, { email: `${owner}@mail.example` });
  for (const owner of ['yes', 'changed', 'forgotten'])
    await agree(server, owner, 'email', 'service');
  const consents = (await agree(server, 'no', 'email', 'marketing')).body.consents;
  t.match(consents, [{ type: 'email', notices: 'marketing', isGiven: true }]);
  for (const owner of ['yes', 'no', 'changed', 'forgotten']) await earn(server, owner);
  t.match(await stateOf(server, 'no', 'skipped'), { reason: 'CONSENT' });
  for (const owner of ['yes', 'changed', 'forgotten'])
    t.match(await stateOf(server, owner, 'waiting'), { reason: 'QUIET_HOURS' });
  t.same(box.mails, []);
  t.match((await server.ask(`GET /v1/channels/${id}`)).body, { failed: 0, pausedUntil: null });
  await agree(server, 'changed', 'email', 'points.expiring', false);
  t.equal((await server.ask('DELETE /v1/members/forgotten/contact')).status, 200);
  t.same(await toldTo(server, 'forgotten'), []);
  t.match(await server.ask('GET /v1/members/forgotten/contact'), {
    status: 404,
    body: { code: 'CONTACT_NOT_FOUND' },
  });
  clock[0] = 700_000;
  await server.server.engine.acceptClock();
  await until('the quiet hours are over', () => box.mails.length > 0);
  t.match(await stateOf(server, 'changed', 'skipped'), { reason: 'CONSENT' });
  t.match(await stateOf(server, 'yes', 'sent'), {});
  t.same(
    box.mails.map(({ to }) => to),
    ['yes@mail.example'],
  );
  t.same(await toldTo(server, 'forgotten'), []);
  const again = minute(server.server.engine.now() + 600_000);
  const held = { from: quiet.from, to: again };
  const urgent = { ...FROM, url: box.url, quiet: held, urgent: ['points.expiring'] };
  t.equal((await server.ask(`PUT /v1/channels/${id}`, urgent)).status, 200);
  await earn(server, 'yes');
  await until('what is urgent is told at once', () => box.mails.length === 2);
  await server.ask(`POST /v1/channels/${id}/pause`);
  await earn(server, 'yes');
  t.match((await server.ask(`GET /v1/channels/${id}`)).body, { state: 'paused', halted: 'paused' });
  clock[0] = 6 * DAY_MS;
  await server.server.engine.acceptClock();
  await server.ask(`POST /v1/channels/${id}/resume`);
  t.match(await stateOf(server, 'yes', 'skipped'), { reason: 'TOO_OLD' });
});

t.test(
  'what a platform was told is its own, and who may not see an address sees a mask',
  async (t) => {
    const { server } = await opened(t, ['gold', 'tin']);
    const [box, other] = [await mailbox(t), await mailbox(t)];
    const shop = await caller(server, 'shop', { assets: ['gold'] });
    const rival = await caller(server, 'rival', { assets: ['tin'] });
    await channel(server, { ...FROM, url: box.url, platform: 'shop' });
    await channel(server, { ...FROM, url: other.url, platform: 'rival' });
    const said = await shop.ask('PUT /v1/members/ann/contact', { email: 'ann@mail.example' });
    t.equal(said.status, 200, said.text);
    t.match(await rival.ask('GET /v1/members/ann/contact'), { status: 404 });
    for (const verb of ['GET', 'DELETE'])
      t.match(await rival.ask(`${verb} /v1/members/ann/contact?platform=shop`), {
        status: 403,
        body: { code: 'OPERATION_FORBIDDEN', field: 'platform' },
      });
    t.match(await server.ask('GET /v1/members/ann/contact'), { status: 404 }, 'nor the ledger’s');
    const reader = await operator(server, ['read']);
    const own = await operator(server, ['read'], { owner: 'bob' });
    await reach(server, 'bob', { email: 'bob@mail.example', phone: '13812345678' });
    const masked = (await server.ask('GET /v1/members/bob/contact', undefined, reader)).body;
    t.match(masked, { email: 'bo**************', phone: '138********' });
    const denied = await server.ask(
      'PUT /v1/members/bob/contact',
      { email: 'me@evil.example' },
      reader,
    );
    t.match(denied, { status: 403, body: { code: 'OPERATION_FORBIDDEN' } });
    const seen = await server.ask('GET /v1/members/bob/contact', undefined, own);
    t.match(seen.body, { email: 'bob@mail.example' });
    t.equal((await agreeAs(server, 'bob', own)).status, 200, 'a member speaks for himself');
    t.equal((await agreeAs(server, 'ann', own)).body.code, 'OWNER_FORBIDDEN');
    const narrow = await operator(server, ['read', 'adjust'], { assets: ['tin'] });
    t.equal((await server.ask('GET /v1/members/bob/contact', undefined, narrow)).status, 403);
    await earn(server, 'ann', 100, 'tin');
    await earn(server, 'ann', 100, 'gold');
    await earn(server, 'bob', 100, 'gold');
    await until('the shop tells its member of its points', () => box.mails.length === 1);
    t.match(box.mails[0]!.text, /^1 gold points/);
    const list = await shop.ask('GET /v1/members/ann/notices');
    t.equal(list.body.notices.length, 1);
    t.same((await rival.ask('GET /v1/members/ann/notices')).body.notices, []);
    t.same(other.mails, []);
    t.equal((await shop.ask('POST /v1/channels', {})).status, 401, 'channels are the operator’s');
  },
);

const agreeAs = (server: Gateway, owner: string, headers: Record<string, string>) =>
  server.ask(
    `PUT /v1/members/${owner}/consents`,
    { consents: [{ type: 'sms', notices: 'marketing', isGiven: true }] },
    headers,
  );

t.test('what a channel must be', async (t) => {
  const { server } = await opened(t);
  const sms = { type: 'sms', url: 'https://sms.example/', fields: { a: '{to}', b: '{text}' } };
  const mail = { ...FROM, url: 'smtps://mail.example' };
  const rows: readonly (readonly [body: object, field: string, code?: string | RegExp])[] = [
    [{}, 'type'],
    [{ ...mail, type: 'pigeon' }, 'type'],
    [{ ...mail, from: undefined }, 'from'],
    [{ ...mail, from: 'a@b.example\r\nBcc: c@d.example' }, 'from'],
    [{ ...mail, from: 'a@b.example, c@d.example' }, 'from'],
    [{ ...mail, fromName: 'a\nb' }, 'fromName'],
    [{ ...mail, user: 'me' }, 'user'],
    [{ ...mail, secret: 'pass' }, 'user'],
    [{ ...mail, fields: {} }, 'fields'],
    [{ ...mail, notices: ['points.lost'] }, 'notices'],
    [{ ...mail, zone: 'Asia/Nowhere' }, 'zone', 'CHANNEL_INVALID'],
    [{ ...mail, quiet: { from: '22:00', to: '22:00' } }, 'quiet'],
    [{ ...mail, quiet: { from: '24:00', to: '08:00' } }, 'quiet'],
    [{ ...mail, platform: 'none' }, 'platform', 'PLATFORM_NOT_FOUND'],
    [{ ...sms, fields: { a: '{to}' } }, 'fields'],
    [{ ...sms, fields: { ...sms.fields, c: '{password}' } }, 'fields'],
    [{ ...sms, headers: { Host: 'x' } }, 'headers'],
    [{ ...sms, headers: { 'x y': 'x' } }, 'headers'],
    [{ ...sms, headers: { x: 'a\r\nb: c' } }, 'headers'],
    [{ ...sms, headers: { x: '{to}' } }, 'headers'],
    [{ type: 'webhook', url: 'https://app.example/' }, 'secret'],
    [{ type: 'webhook', url: 'https://app.example/', secret: 'short' }, 'secret'],
    [{ ...sms, url: 'http://sms.example/' }, 'url', 'CHANNEL_URL_FORBIDDEN'],
    [{ ...sms, url: 'https://10.0.0.1/' }, 'url', 'CHANNEL_URL_FORBIDDEN'],
    [{ ...sms, url: 'smtp://sms.example' }, 'url', 'CHANNEL_URL_FORBIDDEN'],
    [{ ...mail, url: 'smtp://169.254.169.254' }, 'url', 'CHANNEL_URL_FORBIDDEN'],
    [{ ...mail, url: 'smtps://[::1]:465' }, 'url', 'CHANNEL_URL_FORBIDDEN'],
    [{ ...mail, url: 'smtps://me:pass@mail.example' }, 'url', 'CHANNEL_URL_FORBIDDEN'],
    [{ ...mail, url: 'smtps://mail.example/path' }, 'url', 'CHANNEL_URL_FORBIDDEN'],
    [{ ...mail, url: 'https://mail.example' }, 'url', 'CHANNEL_URL_FORBIDDEN'],
  ];
  for (const [body, field, code = /^(COMMAND|CHANNEL)_INVALID$/] of rows)
    t.match(
      (await server.ask('POST /v1/channels', body)).body,
      { code, field },
      JSON.stringify(body),
    );
  const id = await channel(server, { ...sms, secret: 'x' });
  t.match((await server.ask(`PUT /v1/channels/${id}`, mail)).body, { field: 'type' });
  // A name, or a number, that leads to this machine is found out when it is asked.
  const box = await mailbox(t);
  for (const host of ['localhost', '2130706433', '127.1']) {
    const made = await channel(server, { ...FROM, url: `smtp://${host}:${box.port}` });
    const to = { notice: 'tier.changed', to: 'a@b.example' };
    const tried = (await server.ask(`POST /v1/channels/${made}/test`, to)).body;
    t.match(tried, { isDelivered: false, reason: /ADDRESS_FORBIDDEN|ENOTFOUND|EAI/ }, host);
  }
  t.same(box.mails, []);
});

t.test('contacts of older releases, which entered no addresses, are found', async (t) => {
  const { server } = await opened(t);
  const shop = await caller(server, 'shop');
  for (const n of [1, 2])
    await reach(server, `m${n}`, { email: 'm@mail.example', phone: `1380000100${n}` });
  await shop.ask('PUT /v1/members/m1/contact', { email: 'm1@shop.example' });
  const { folder } = server;
  const ask = { of: server.ask };
  const found = async (q: string): Promise<string[]> => {
    const { body } = await ask.of(`GET /v1/search?q=${encodeURIComponent(q)}`);
    return body.results.flatMap((one: any) => (one.type === 'contact' ? [one.owner] : [])).sort();
  };
  t.same(await found('m@mail.example'), ['m1', 'm2']);
  // As it was before: nothing of them is entered.
  const text = readFileSync(join(folder, 'secrets.key'), 'utf8').trim();
  const sealer = new Sealer(Buffer.from(text, 'base64url'));
  const said = { email: 'm@mail.example', phone: '13800001001' };
  const forget = async (engine: Server['engine']) => {
    await leave(engine, sealer, { scope: '', owner: 'm1' }, said, {});
    await leave(engine, sealer, { scope: 'shop', owner: 'm1' }, { email: 'm1@shop.example' }, {});
  };
  await forget(server.server.engine);
  const each = ['m@mail.example', '13800001001', 'm1@shop.example'];
  const all = async () => Promise.all(each.map(found));
  t.same(await all(), [['m2'], [], []]);
  await server.server.close();
  const again = async (): Promise<Server> => {
    const made = await startServer({ port: 0, engine: { folder, shards: 2 } });
    t.teardown(() => made.close());
    ask.of = (request, body) =>
      bare(made.address, request, body, { Authorization: `Bearer ${made.adminKey.key}` });
    return made;
  };
  const second = await again();
  await until('they are entered', async () => (await found('m1@shop.example')).length === 1);
  t.same(await all(), [['m1', 'm2'], ['m1'], ['m1']]);
  await until('that is written down', async () => {
    const done = await second.engine.own.record('#addressed', 'entered', 'all');
    return done !== undefined;
  });
  // Once it is done it is not gone through again.
  await forget(second.engine);
  await second.close();
  await again();
  t.same(await all(), [['m2'], [], []]);
});
