// Does the server answer as /openapi.json says? Requests are drawn from the served document, and the answers are checked against
// it by another validator than the gateway's. One run asks every operation once.

import { Validator } from '@seriousme/openapi-schema-validator';
import { pack } from 'msgpackr';
import t, { type Test } from 'tap';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { packedBatch } from '../../engine/protocol/packed-batch.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { until } from '../until.js';
import { caller, operator, token } from './callers.js';
import { partnered } from './coalition.js';
import { Contract, type Operation, PACKED } from './contract-check.js';
import {
  alerting,
  anchoring,
  applications,
  CHAIN,
  CHANNEL,
  CLUB,
  CODE,
  END,
  IN_CLUB,
  MARK,
  MERGE,
  MORNING,
  NEVER,
  operating,
  PARTNER,
  PROPOSED,
  partnerBody,
  proposedBy,
  reviewing,
  SHOP,
  SPRING,
  WITNESS,
  witnessed,
} from './contract-world.js';
import { Draw, type Hints, type Schema } from './draw.js';
import { type Gateway, gateway, type Headers } from './harness.js';
import { asked as asksFor, putPartner } from './inbound.js';
import { listening } from './listening.js';
import { CHANGES_OF_DISPUTES, kindOf } from './path-kinds.js';
import { recently, reconciled } from './reconciled.js';

t.setTimeout(0);

const COMMANDS = 'application/vnd.jifen.commands';

/** A request as it is sent. */
interface Request {
  readonly target: string;
  readonly headers: Headers;
  readonly body: string | Buffer | undefined;
}

interface Asked {
  readonly draw: Draw;
  readonly operation: Operation;
  readonly credentials: readonly Headers[];
  readonly folder: string;
  /** Is nothing in it wrong on purpose? */
  readonly isSound: boolean;
}

const operationsOf = (document: Schema): Operation[] =>
  Object.entries<Schema>(document.paths).flatMap(([path, methods]) =>
    Object.entries<Schema>(methods).map(([method, told]) => ({
      method: method.toUpperCase(),
      path,
      told,
    })),
  );

/** A part of a path. `.` and `..` would make another path of it. */
function partOf({ draw, isSound }: Asked, name: string, schema: Schema): string {
  const isOdd = !isSound && draw.random.chance(0.15);
  if (isOdd && draw.random.chance(0.3))
    return draw.random.pick(['%zz', '%ff', '%C3', '%2F', '%00']);
  const text = isOdd ? draw.odd().toWellFormed() : String(draw.field(name, schema));
  return text === '' || /^\.+$/.test(text) ? 'ann' : encodeURIComponent(text);
}

function targetOf(asked: Asked): string {
  const { draw, operation, isSound } = asked;
  const { path, told } = operation;
  const { random } = draw;
  const pairs: string[] = [];
  let target = path;
  for (const { name, in: place, required, schema } of told.parameters as Schema[]) {
    const kind = kindOf(path, name);
    if (place === 'path') target = target.replace(`{${name}}`, () => partOf(asked, kind, schema));
    // A report takes some of what reports take.
    const often = path.startsWith('/v1/reports/') ? 0.05 : 0.3;
    if (place !== 'query' || !(required ? isSound || random.chance(0.95) : random.chance(often)))
      continue;
    const whole = draw.field(name, schema);
    const value = isSound || random.chance(0.75) ? whole : draw.mutated(whole);
    const text = typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value);
    pairs.push(`${name}=${encodeURIComponent(text)}`);
    if (!isSound && random.chance(0.03)) pairs.push(`${name}=${encodeURIComponent(text)}`);
  }
  if (!isSound && random.chance(0.05))
    pairs.push(random.pick(['extra=1', 'extra', '%zz=1', '=', 'at=%zz']));
  return pairs.length === 0 ? target : `${target}?${pairs.join('&')}`;
}

function bodyOf({ draw, operation: { path, told }, folder, isSound }: Asked): unknown {
  const { random } = draw;
  const of = told.requestBody?.content;
  const content = of?.['application/json'] ?? of?.[FORM];
  if (content === undefined) return undefined;
  if (!told.requestBody.required && random.chance(0.3)) return undefined;
  if ((path === '/v1/admin/backup' || path === '/v1/vault/copy') && random.chance(0.3))
    return { to: `${folder}-copy-${random.next()}` };
  if (path.startsWith('/v1/definitions/') && random.chance(0.3))
    return { state: 'active', document: { ...SPRING, points: 1 + random.int(9) } };
  if (path.startsWith('/v1/programmes/') && random.chance(0.3)) return CLUB;
  // Soon: what else is drawn may say another coalition.
  if (/^\/v1\/exchange(s|-quotes|-submissions)$/.test(path) && random.chance(0.8))
    return { owner: 'ann', from: 'gold', to: 'tin', amount: 1 + random.int(9) };
  if (path === '/v1/acts/partner-exchange' && random.chance(0.5))
    return { owner: 'ann', body: { from: 'gold', to: 'ash', amount: 1 + random.int(9) } };
  if (/^\/v1\/channels(\/\{channel\})?$/.test(path) && random.chance(0.3)) return CHANNEL;
  if (path === '/v1/partners/{platform}' && random.chance(0.5)) return PARTNER;
  if (path === '/v1/witnesses/{witness}' && random.chance(0.7)) return WITNESS;
  if (path === '/v1/anchor' && random.chance(0.7)) return CHAIN;
  if (path.startsWith('/v1/anchor/platforms/') && random.chance(0.7)) return { owner: 'ann' };
  if (path === '/v1/alert-rules/{rule}' && random.chance(0.5))
    return { state: 'active', clearMs: 9 };
  if (path === '/v1/silences' && random.chance(0.5))
    return { until: Date.now() + 200 * 86_400_000, reason: 'a sale' };
  if (path === '/v1/reconciliations' && random.chance(0.5)) return recently('shop');
  if (path.startsWith('/v1/partner-exchanges')) {
    const body = partnerBody(path);
    if (body !== undefined && random.chance(0.8)) return body;
  }
  if (path.endsWith('/disputes') && random.chance(0.8))
    return { owner: 'ann', exchange: 'XD-1', platform: 'gold', reason: 'x' };
  if (path === '/v1/report-schedules/{schedule}' && random.chance(0.7)) return MORNING;
  if (path === '/v1/sql' && random.chance(0.8)) return { sql: 'SELECT 1 AS one' };
  if (path === '/v1/proposals' && random.chance(0.8)) return PROPOSED;
  if (path.endsWith('/{dispute}/answer') && random.chance(0.8))
    return { platform: 'tin', answer: 'x' };
  if (path.endsWith('/{dispute}/withdraw') && random.chance(0.8))
    return { platform: 'gold', reason: 'x' };
  if (path.endsWith('/{dispute}/settle') && random.chance(0.8)) return { reason: 'x' };
  if (path === '/v1/orders' && random.chance(0.3)) return { owner: 'ann', goods: 'tea' };
  // Of one whom nobody else asks for: what a mark stops is refused.
  if (/^\/v1\/acts\/risk-/.test(path))
    return { owner: 'risky', body: path.endsWith('mark') ? MARK : { mark: 'look', reason: 'x' } };
  if (path === '/v1/acts/erase-member') return { owner: 'gone', body: {} };
  // Of two whom nobody else asks for: what is asked of a merged member comes to nothing.
  if (/^\/v1\/acts\/(un)?merge$/.test(path))
    return path.endsWith('/merge') ? { owner: 'two', body: MERGE } : { owner: 'three', body: END };
  const value = draw.valid(content.schema);
  return sparing(isSound || random.chance(0.3) ? value : draw.mutated(value));
}

/**
 * All ask for ann: nobody is erased by a command among others, and no rule of risk marks whoever asks much. What is asked of one who was erased, or is
 * marked, comes to nothing.
 */
function sparing(body: unknown): unknown {
  if (body === undefined) return undefined;
  const text = JSON.stringify(body).replaceAll('"erase-member"', '"erase-nobody"');
  const isOfRisk = text.includes('"signal"') || text.includes('"bands"');
  return JSON.parse(isOfRisk ? text.replaceAll('"active"', '"draft"') : text);
}

const FORM = 'application/x-www-form-urlencoded';
const formText = (fields: object): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value).toWellFormed())}`)
    .join('&');

/** Bodies that are no values, or too large ones. */
const BROKEN = ['', '{', '"', '{"a":1e999}', '\ud800', '['.repeat(100_000), '7', 'null', '[]'];
const HUGE = JSON.stringify({ memo: 'x'.repeat(9 * 1024 * 1024) });

/** A packed batch, or one of which some bytes are others. */
function packedBody({ draw: { random }, isSound }: Asked) {
  const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 + random.int(9) }];
  const id = `packed-${random.next()}`;
  const body = Buffer.from(packedBatch(packCommand({ type: 'transfer', id, legs }, id), 1));
  if (!isSound && random.chance(0.5)) body[random.int(body.length)] = random.int(256);
  return { type: COMMANDS, body };
}

/** The body in a format that the document names, or in none. */
function written(
  asked: Asked,
): { readonly type: string; readonly body: string | Buffer } | undefined {
  const { random } = asked.draw;
  if (COMMANDS in (asked.operation.told.requestBody?.content ?? {})) return packedBody(asked);
  const value = bodyOf(asked);
  if (value === undefined) return undefined;
  const { isSound } = asked;
  if (FORM in asked.operation.told.requestBody.content)
    return { type: FORM, body: formText(Object(value)) };
  const type = 'application/json';
  if (!isSound && random.chance(0.05)) return { type, body: random.pick(BROKEN) };
  if (!isSound && random.chance(0.004)) return { type, body: HUGE };
  if (!isSound && random.chance(0.04)) return { type: 'text/plain', body: JSON.stringify(value) };
  const isPacked = PACKED in asked.operation.told.requestBody.content && random.chance(0.3);
  return isPacked ? { type: PACKED, body: pack(value) } : { type, body: JSON.stringify(value) };
}

function requestOf(asked: Asked): Request {
  const { draw, operation, credentials, isSound } = asked;
  const { random } = draw;
  const { told, method } = operation;
  const headers: Headers = { ...(random.chance(0.92) ? credentials[0] : random.pick(credentials)) };
  const sent = method === 'GET' ? undefined : written(asked);
  if (sent !== undefined) headers['Content-Type'] = sent.type;
  for (const { name, in: place, schema } of told.parameters as Schema[])
    if (place === 'header' && random.chance(0.3))
      headers[name] = isSound || random.chance(0.7) ? String(draw.valid(schema)) : 'a b';
  const isPacked = Object.values<Schema>(told.responses).some(({ content }) => content?.[PACKED]);
  if (isPacked && random.chance(0.2)) headers.Accept = PACKED;
  return { target: targetOf(asked), headers, body: sent?.body };
}

/** A ledger with something in it, and those who may ask; the first one may ask the most. */
async function opened(t: Test) {
  const clockOffset = new SharedArrayBuffer(8);
  const engine = { folder: '', clockOffset, receipts: true };
  const quickly = { webhookPauseMs: 1, webhookPauseMsMax: 1, webhookRetryMs: 2, webhooksMax: 12 };
  // Those that are drawn ask a partner that is not there.
  const many = { reconciliationsMax: 1_000, checkpointMs: 500, witnessTimeoutMs: 1_000 };
  const server = await gateway(t, {
    ...{ limits: { userRates: {}, ...quickly, ...many }, assets: ['gold', 'tin'], engine },
    webhookHosts: ['127.0.0.1'],
  });
  const refusing = await listening(t, () => 500);
  for (const asset of ['oak', 'elm', 'ash'])
    await server.ask(`PUT /v1/assets/${asset}`, { scale: 0 });
  await caller(server, 'shop', SHOP);
  const clock = new Float64Array(clockOffset);
  await sayAll(server, clock);
  // A seed is logged a while before it is used.
  const word = { owner: 'ann', word: 'w' };
  await until('a seed is in use', async () => {
    const { status } = await server.ask('POST /v1/lotteries/club.lottery/words', word);
    if (status !== 201) clock[0] = Math.min(50_000, clock[0]! + 500);
    return status === 201;
  });
  const { id, secret } = await caller(server, 'asks', { assets: ['gold', 'tin'] });
  const exp = Math.floor(Date.now() / 1_000) + 3_600;
  const platform: Headers = { 'X-Platform-Token': await token(id, secret, { exp }) };
  const key: Headers = { Authorization: `Bearer ${server.key}` };
  await caller(server, 'outer', { assets: ['omega'] });
  const partner = { Authorization: `Bearer ${await putPartner(server.ask, 'outer', ['gold'])}` };
  const narrow = await operator(server, ['read'], { assets: ['tin'] });
  const wrong: Headers = { Authorization: 'Bearer jifen_key_0123456789ab_x' };
  const hook = refusing.url;
  return { server, clock, key, hook, partner, others: [platform, narrow, wrong, {}] };
}

/**
 * Says what there is in the club, and of the platform, as it was said first, and lets the time pass from which it decides: what is drawn says other things.
 * Later than CLOCK_JUMP_MAX_MS a clock is not believed.
 */
async function sayAll(server: Gateway, clock: Float64Array): Promise<void> {
  await server.ask('PUT /v1/platforms/shop', SHOP);
  await server.ask('POST /v1/platforms/shop/enable');
  await server.ask('PUT /v1/programmes/club', CLUB);
  for (const [place, document] of Object.entries(IN_CLUB))
    await server.ask(`PUT /v1/definitions/${place}`, { state: 'active', document });
  clock[0] = Math.min(50_000, clock[0]! + 11_000);
}

/** When points expire that may be given longer. */
const LOT = '2030-01-01T00:00:00Z';

const LETTERED = 'lettered';

/** A webhook that is new, and one to which something could not be delivered; the same of channels. `cause`: has something told by it. */
async function hooked(
  server: Gateway,
  of: 'webhooks' | 'channels',
  body: object,
  cause: () => Promise<unknown>,
): Promise<readonly [ids: readonly string[], letter: string]> {
  const make = async (name: string): Promise<string> =>
    (await server.ask(`POST /v1/${of}`, { ...body, name })).body.id;
  const lettersOf = async (id: string): Promise<readonly { id: string }[]> =>
    (await server.ask(`GET /v1/${of}/${id}/dead-letters`)).body.deadLetters ?? [];
  const { [of]: all } = (await server.ask(`GET /v1/${of}`)).body;
  const known = all.find(({ name }: { name?: string }) => name === LETTERED)?.id;
  for (const { id } of all) if (id !== known) await server.ask(`DELETE /v1/${of}/${id}`);
  const again = known !== undefined && (await lettersOf(known)).length > 0;
  if (known !== undefined && !again) await server.ask(`DELETE /v1/${of}/${known}`);
  const lettered = again ? known : await make(LETTERED);
  await cause();
  const [letter] = await until('something is given up', async () => {
    const letters = await lettersOf(lettered);
    return letters.length > 0 && letters;
  });
  return [[lettered, await make('new')], letter?.id ?? ''];
}

/** Disputes of exchanges, one for each thing that may be done with one, in the state that it takes; and an exchange that nobody disputes. */
async function disputed(server: Gateway, n: number): Promise<Hints> {
  const D = 'POST /v1/clearing/main/disputes';
  const exchanged = (id: string) =>
    server.ask('POST /v1/exchanges', { owner: 'ann', from: 'gold', to: 'tin', amount: 3, id });
  const made = ['withdraw', ...CHANGES_OF_DISPUTES].map(async (what) => {
    const id = `XD-${n}-${what}`;
    await exchanged(id);
    const said = { owner: 'ann', exchange: id, platform: 'gold', reason: 'x' };
    const { dispute } = (await server.ask(D, said)).body;
    const answered = { platform: 'tin', answer: 'x', agrees: what === 'reopen' };
    if (what !== 'answer' && what !== 'withdraw')
      await server.ask(`${D}/${dispute}/answer`, answered);
    return { [`dispute to ${what}`]: [dispute], [`coalition to ${what}`]: ['main'] };
  });
  await exchanged(`XD-${n}`);
  const all = Object.assign({}, ...(await Promise.all(made)));
  return { ...all, dispute: all['dispute to settle'] };
}

/** Makes new things to ask for, and says what they are called. */
async function prepared(
  server: Gateway,
  n: number,
  { platform, partner }: { readonly platform: Headers; readonly partner: Headers },
  url: string,
): Promise<Hints> {
  // What is drawn may have marked her: then nothing below would be done.
  const { marks = [] } = (await server.ask('GET /v1/members/ann/risks')).body;
  for (const { mark } of marks) await server.ask(`DELETE /v1/members/ann/risks/${mark}?reason=x`);
  const one = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 }];
  const [webhooks, letter] = await hooked(server, 'webhooks', { url, types: ['points.*'] }, () =>
    server.ask('POST /v1/transfers', { legs: one }),
  );
  const [earned, held, fresh, user] = [`E-${n}`, `H-${n}`, `new-${n}`, `u${n}`];
  const closed = `closed-${n}`;
  const lot = { from: '@issue', to: 'may', asset: 'gold', amount: 1_000, expiresAt: LOT };
  const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1_000 }];
  const place = `POST /v1/platforms/shop/users/${user}`;
  await server.ask('POST /v1/accounts/ann/assets/gold/unfreeze');
  await server.ask('POST /v1/transfers', { id: earned, legs });
  const pending = `P-${n}`;
  await server.ask('POST /v1/transfers', { id: pending, legs, pendingUntil: null });
  const redeemed = [{ from: 'ann', to: '@redeem', asset: 'gold', amount: 300 }];
  const asked = { id: `asks:R-${n}`, legs: redeemed };
  await server.ask('POST /v1/transfers', asked, { ...platform, Authorization: '' });
  await server.ask('POST /v1/transfers', { legs: [lot] });
  await server.ask(
    'POST /api/internal/add',
    asksFor(`op-${n}`, 'ann', 1, { asset: 'gold' }),
    partner,
  );
  await server.ask(`POST /v1/accounts/${closed}/assets/gold/open`);
  await server.ask(`POST /v1/accounts/${closed}/assets/gold/close`);
  for (const owner of [`three-${n}`, 'three'])
    await server.ask(`POST /v1/members/${owner}/merge`, MERGE);
  const event = `V-${n}`;
  const bought = { owner: 'ann', id: event, programme: 'club', type: 'BUY' };
  await server.ask('POST /v1/events', { ...bought, attributes: { amount: 5 } });
  const own = { owner: 'ann', body: { programme: 'club', code: CODE } };
  await server.ask('POST /v1/acts/referral-code', own);
  await server.ask('POST /v1/lotteries/club.lottery/draws', { owner: 'ann', id: `D-${n}` });
  await server.ask('POST /v1/goods/tea/stock', { pieces: 1_000, reason: 'delivery' });
  const time = (await server.ask('GET /v1/members/ann?programme=club')).body.time as number;
  const orders = await Promise.all(
    [{ id: `O-${n}` }, { id: `H-${n}`, until: time + 1_800_000 }].map((more) =>
      server.ask('POST /v1/orders', { owner: 'ann', goods: 'tea', quantity: 9, ...more }),
    ),
  );
  const [channels, ofChannel] = await hooked(server, 'channels', { ...CHANNEL, url }, async () => {
    await server.ask('PUT /v1/members/ann/contact', {});
    const consents = [{ type: 'webhook', notices: 'service', isGiven: true }];
    await server.ask('PUT /v1/members/ann/consents', { consents });
    await server.ask('POST /v1/orders', { owner: 'ann', goods: 'tea', id: `C-${n}` });
  });
  await server.ask('PUT /v1/partners/shop', PARTNER);
  const quoted = await server.ask('POST /v1/quotes', { owner: 'ann', goods: 'tea' });
  const numbers = orders.flatMap(({ body }) => body.act?.effects[0]?.number ?? []);
  const exchange = `X-${n}`;
  const exchanged = { owner: 'ann', from: 'gold', to: 'tin', amount: 50, id: exchange };
  await server.ask('POST /v1/exchanges', exchanged);
  const submission = `S-${n}`;
  const submitted = { owner: 'ann', from: 'gold', to: 'oak', amount: 5 };
  for (const said of [{ id: submission }, { id: `${submission}-back`, to: 'elm' }])
    await server.ask('POST /v1/exchange-submissions', { ...submitted, ...said });
  const [going, gone, waiting] = await Promise.all([5, 6, 50].map((n) => partnered(server, n)));
  const disputes = await disputed(server, n);
  const found = await reconciled(server, 'shop', n);
  const { body: cycle } = await server.ask('POST /v1/clearing/main/cycles');
  const { body: card } = await server.ask('POST /v1/cards', { programme: 'club', amount: 9 });
  await server.ask('PUT /v1/report-schedules/evening', MORNING);
  const spring = { state: 'active', document: SPRING };
  await server.ask('PUT /v1/definitions/offer/spring', spring);
  const desk = { state: 'active', document: { asset: 'gold', mostUp: 1, mostDown: 1 } };
  await server.ask('PUT /v1/definitions/correction/desk', desk);
  // Begun as soon as there is room, and ended at once, so that there is room for what is drawn.
  const job = (of: string, body: object) =>
    until(
      `room for one of ${of}`,
      async () => {
        const begun = await server.ask(`POST /v1/${of}`, body);
        if (begun.body.code === 'SHARD_BUSY') return false;
        await server.ask(`DELETE /v1/${of}/${begun.body.id}`);
        return begun;
      },
      120_000,
    );
  const simulated = await job('simulations', { from: 0 });
  const repair = { from: 0, definitions: [], correction: `c-${n}`, within: 'desk' };
  const repaired = await job('corrections', repair);
  const digest = '0'.repeat(64);
  await server.ask('POST /v1/imports', { name: `i-${n}`, digest });
  const [made] = await Promise.all([
    server.ask('POST /v1/keys', { name: 'to be revoked', operations: ['read'] }),
    server.ask('POST /v1/holds', { id: held, owner: 'ann', asset: 'gold', amount: 500 }),
    server.ask(`POST /v1/accounts/${fresh}/assets/gold/open`),
    server.ask(place, { identity: 'ann' }),
    server.ask(`${place}/targets/club`, { identity: 'ann' }),
  ]);
  return {
    ...(await witnessed(server.ask)),
    owner: ['ann'],
    event: [event],
    code: [CODE, 'WELCOME10', card.code],
    card: [card.card],
    lottery: ['club.lottery'],
    goods: ['tea'],
    'goods to codes': ['book'],
    'goods to withdraw': ['book'],
    exchange: [exchange, going],
    'exchange of a partner': [going],
    'exchange of a partner to cancel': [gone],
    'exchange of a partner to approve': [waiting],
    submission: [submission],
    'submission to withdraw': [`${submission}-back`],
    'transaction_id of a partner': [`op-${n}`],
    'user of a partner': ['ann'],
    'asset of a partner': ['gold'],
    'from of a rate': ['gold'],
    'to of a rate': ['oak'],
    coalition: ['main'],
    cycle: [cycle.cycle],
    ...disputes,
    ...(await proposedBy(server.ask, n)),
    ...(await reviewing(server.ask, n, { ...platform, Authorization: '' })),
    ...(await anchoring(server.ask)),
    ...found,
    'coupon to codes': ['THNK'],
    number: numbers,
    quantity: [1],
    expectedPrice: [1],
    quote: [quoted.body.quote ?? ''],
    until: [time + 1_800_000],
    board: ['club.board'],
    draw: [`D-${n}`],
    word: ['w'],
    programme: ['club'],
    tier: ['club.top'],
    coupon: ['THNK'],
    profile: [{ city: 'x' }],
    'owner to close': [fresh],
    'owner of a risk': ['risky'],
    'mark of a risk': ['look'],
    'owner to merge': [`two-${n}`],
    'owner to erasure': [`gone-${n}`],
    'owner to unmerge': [`three-${n}`],
    into: ['one'],
    asset: ['gold'],
    scale: [0],
    lotGranularityMs: [86_400_000],
    returnMs: [86_400_000],
    'asset to close': ['gold'],
    'owner to reopen': [closed],
    'asset to reopen': ['gold'],
    'owner to extend-lots': ['may'],
    'asset to extend-lots': ['gold'],
    lotExpiresAt: [LOT],
    transferId: [earned],
    pendingId: [pending],
    original_transaction_id: [`R-${n}`],
    holdId: [held],
    platform: ['shop'],
    user: [user],
    system: ['club'],
    ...{ webhook: webhooks, letter: [letter], channel: channels },
    'letter of a channel': [ofChannel],
    url: [url],
    report: ['daily', 'liability', 'orders'],
    schedule: ['morning'],
    'schedule to run': ['evening'],
    campaign: ['double'],
    kind: ['offer'],
    key: [made.body.id, 'spring'],
    ...(await applications(server.ask)),
    ...(await operating(server.ask)),
    ...(await alerting(server, n)),
    within: ['desk'],
    job: [simulated.body.id ?? 'x', repaired.body.id ?? 'x'],
    import: [`i-${n}`],
    digest: [digest],
    identity: ['ann'],
    was: ['ann'],
    from: ['@issue', 'ann'],
    to: ['bob', '@redeem'],
    user_id: ['ann'],
    from_user_id: ['ann'],
    to_user_id: ['bob'],
  };
}

async function send(server: Gateway, method: string, { target, headers, body }: Request) {
  return fetch(server.server.address + target, {
    redirect: 'manual',
    method,
    headers,
    ...(body === undefined ? {} : { body }),
  });
}

t.test('the document is OpenAPI 3.1', async (t) => {
  const server = await gateway(t);
  const { body, status } = await server.ask('GET /openapi.json', undefined, { Authorization: '' });
  t.equal(status, 200);
  const result = await new Validator().validate(body);
  t.ok(result.valid, JSON.stringify(result.errors));
  t.equal(body.openapi, '3.1.1');
});

t.test('answers are as the document says', async (t) => {
  const { server, clock, key, hook, partner, others } = await opened(t);
  const { body: document } = await server.ask('GET /openapi.json');
  const contract = new Contract(document);
  const runs = campaign({ name: 'contract', long: 300, sample: ENOUGH });
  const operations = operationsOf(document);
  const succeeded = new Set<Operation>();
  let first: number | undefined;
  let done = 0;
  const round = async (seed: number, asked: readonly Operation[]): Promise<void> => {
    first ??= seed;
    done++;
    const [platform = {}] = others;
    const draw = new Draw(
      new Random(seed),
      document,
      await prepared(server, done, { platform, partner }, hook),
    );
    for (const operation of asked) {
      const ofClients = { '/token': [{}], '/revoke': [{}] };
      const own = { '/api/points/': [platform], '/api/internal/': [partner], ...ofClients };
      const mine = Object.entries(own).find(([begin]) => operation.path.startsWith(begin));
      const credentials = [...(mine?.[1] ?? []), key, ...others];
      // What has never succeeded is asked well until it does.
      const isSound = draw.random.chance(0.5) || !succeeded.has(operation);
      const request = requestOf({ draw, operation, credentials, folder: server.folder, isSound });
      const answer = await send(server, operation.method, request);
      if (answer.ok) succeeded.add(operation);
      const broken = await contract.broken(operation, answer, isSound);
      if (broken === undefined) continue;
      const { target, body } = request;
      const sent = `${operation.method} ${target} ${String(body ?? '').slice(0, 2_000)}`;
      t.fail(
        `${sent}: ${broken}\nto repeat: JIFEN_SEED=${first} JIFEN_COUNT=${done} node dist/test/gateway/contract.test.js`,
      );
    }
  };
  for (const seed of runs.seeds) await round(seed, operations);
  const nameOf = ({ method, path }: Operation): string => `${method} ${path}`;
  const missing = () =>
    operations.filter(
      (one) => !succeeded.has(one) && !NEVER.some((known) => known.test(nameOf(one))),
    );
  // What comes up seldom is asked on, by itself.
  for (let more = 0; done >= ENOUGH && more < MORE_ROUNDS && missing().length > 0; more++) {
    if (more % 4 === 0) await sayAll(server, clock);
    await round((first ?? 0) + done, Array.from({ length: TRIES }, missing).flat());
  }
  if (done >= ENOUGH) t.same(missing().map(nameOf), []);
  const legs = [{ from: '@issue', to: 'zoe', asset: 'gold', amount: 1 }];
  t.equal((await server.ask('POST /v1/transfers', { legs })).status, 201, 'it still works');
  t.equal((await server.ask('GET /readyz')).status, 200);
});

/** Whole rounds; then those that ask so many times for what has not succeeded, as to make what is asked for costs more than to ask. */
const [ENOUGH, MORE_ROUNDS, TRIES] = [6, 60, 6];
