// Tokens and keys as others write them: what public bug reports of gateways and JWT libraries name, each tried on a server.

import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import t from 'tap';
import { caller, token } from './callers.js';
import { bare, gateway, type Headers } from './harness.js';
import { Talk } from './talk.js';

const READ = 'GET /api/points/balance?user_id=ann';
const now = () => Math.floor(Date.now() / 1_000);
const b64 = (text: string): string => Buffer.from(text).toString('base64url');

t.test('what the claims and the text of a token may be', async (t) => {
  const server = await gateway(t, { assets: ['gold'] });
  const shop = await caller(server, 'shop');
  await caller(server, 'club');
  /** A token out of any texts. */
  const made = (claims: string, header = '{"alg":"HS256"}', hash = 'sha256'): string => {
    const text = `${b64(header)}.${b64(claims)}`;
    return `${text}.${createHmac(hash, shop.secret).update(text).digest('base64url')}`;
  };
  const claims = (more: string): string => made(`{"platform_id":"shop",${more}}`);
  const exp = `"exp":${now() + 60}`;
  const good = made(`{"platform_id":"shop",${exp}}`);
  const [head = '', body = '', mac = ''] = good.split('.');
  const spare = (text: string): string => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    return text.slice(0, -1) + letters[letters.indexOf(text.slice(-1)) + 1];
  };
  const headed = (header: string): string => made(`{"platform_id":"shop",${exp}}`, header);
  const rows: [string, string, number, RegExp?][] = [
    ['as usual', good, 200],
    ['nbf within the leeway', claims(`${exp},"nbf":${now() + 50}`), 200],
    ['nbf ahead', claims(`${exp},"nbf":${now() + 90}`), 401, /not good yet: its claim nbf/],
    ['nbf as text', claims(`${exp},"nbf":"1"`), 401, /claim nbf is not a number/],
    ['iat ahead', claims(`${exp},"iat":${now() + 30}`), 200],
    ['no expiry', claims('"a":1'), 401, /claim exp is missing/],
    ['an endless expiry', claims('"exp":1e400'), 401, /exp is not in seconds/],
    ['an expiry in milliseconds', claims(`"exp":${Date.now() + 60_000}`), 401, /not in seconds/],
    ['an expiry as text', claims(`"exp":"${now() + 60}"`), 401, /claim exp is not a number/],
    ['an expiry of null', claims('"exp":null'), 401, /claim exp/],
    ['an expiry below zero', claims('"exp":-1'), 401, /expired/],
    ['expired within the leeway', claims(`"exp":${now() - 5}`), 401, /expired/],
    ['for us', claims(`${exp},"aud":"jifen"`), 200],
    ['for us and others', claims(`${exp},"aud":["a","jifen"]`), 200],
    ['for somebody else', claims(`${exp},"aud":"other"`), 401, /aud has no "jifen"/],
    ['for nobody', claims(`${exp},"aud":[]`), 401, /aud/],
    ['for a null', claims(`${exp},"aud":null`), 401, /aud/],
    ['for an object', claims(`${exp},"aud":{"jifen":1}`), 401, /aud/],
    ['for part of a name', claims(`${exp},"aud":"jifen2"`), 401, /aud/],
    ['a platform twice, ours first', claims(`${exp},"platform_id":"club"`), 401],
    ['a platform of many', made(`{"platform_id":["shop"],${exp}}`), 401],
    ['a platform by prototype', made(`{"__proto__":{"platform_id":"shop"},${exp}}`), 401],
    ['a platform in capitals', made(`{"platform_id":"SHOP",${exp}}`), 401],
    ['a platform and a NUL', made(`{"platform_id":"shop\\u0000",${exp}}`), 401],
    ['a platform in Cyrillic', made(`{"platform_id":"\\u0455hop",${exp}}`), 401],
    ['no algorithm', `${b64('{"alg":"none"}')}.${body}.`, 401],
    ['no algorithm, odd case', `${b64('{"alg":"nOnE"}')}.${body}.`, 401],
    ['no algorithm, signed', headed('{"alg":"none"}'), 401],
    ['another algorithm', made(`{"platform_id":"shop",${exp}}`, '{"alg":"HS512"}', 'sha512'), 401],
    ['an algorithm in small letters', headed('{"alg":"hs256"}'), 401],
    ['RS256 with the secret', headed('{"alg":"RS256"}'), 401],
    ['a critical name', headed('{"alg":"HS256","crit":["x"],"x":1}'), 401],
    ['nothing critical', headed('{"alg":"HS256","crit":[]}'), 401],
    ['unencoded', headed('{"alg":"HS256","crit":["b64"],"b64":false}'), 401],
    ['a key of its own', headed('{"alg":"HS256","jwk":{"kty":"oct","k":"AA"},"kid":"../x"}'), 200],
    ['padding', `${good}=`, 401],
    ['spare bits', `${head}.${body}.${spare(mac)}`, 401, /base64url as RFC 7515/],
    ['the other alphabet', good.replace(/[-_]/, (one) => (one === '-' ? '+' : '/')), 401],
    ['cut short', good.slice(0, -1), 401],
    ['no signature', `${head}.${body}.`, 401],
    ['two parts', `${head}.${body}`, 401],
    ['five parts', `${good}.${body}.${mac}`, 401],
    ['quoted', `"${good}"`, 401],
    ['with a scheme', `Bearer ${good}`, 401],
    ['large', claims(`${exp},"a":"${'x'.repeat(6_000)}"`), 401, /at most 4096 characters/],
  ];
  for (const [name, text, status, detail] of rows) {
    if (name === 'the other alphabet' && text === good) continue;
    const answer = await bare(shop.address, READ, undefined, { 'X-Platform-Token': text });
    t.equal(answer.status, status, `${name}: ${answer.text}`);
    if (detail !== undefined) t.match(answer.body.detail, detail, name);
  }
  const talk = await Talk.open(server.port);
  talk.send({ type: 'auth', token: `${good}${'x'.repeat(1_000_000)}` });
  t.equal((await talk.closed).code, 4401, 'nor in a message');
});

t.test('what is said of a token while two secrets are good', async (t) => {
  const server = await gateway(t);
  const shop = await caller(server, 'shop', { assets: ['gold'] });
  await server.ask('POST /v1/platforms/shop/rotate', { overlapSeconds: 60 });
  const ahead = await token(shop.id, shop.secret, { nbf: now() + 600 });
  const answer = await bare(shop.address, READ, undefined, { 'X-Platform-Token': ahead });
  t.match(answer, { status: 401, body: { detail: /claim nbf/ } }, 'by the older one');
});

t.test('how an Authorization header may look', async (t) => {
  const server = await gateway(t, { assets: ['gold'] });
  const { body } = await server.ask('POST /v1/keys', { name: 'k', operations: ['read'] });
  const made = await server.ask('POST /v1/stream/tickets', { owner: 'ann' });
  const sse = '/v1/stream/sse?owner=ann';
  const status = (path: string, value: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const asked = request(server.server.address + path, { headers: { Authorization: value } });
      asked.on('error', reject);
      asked.on('response', (answer) => {
        resolve(answer.statusCode);
        answer.on('error', () => undefined).destroy();
      });
      asked.end();
    });
  for (const [key, path] of [
    [server.key, '/v1/accounts/ann'],
    [body.key, '/v1/accounts/ann'],
    [made.body.ticket, sse],
  ] as const) {
    for (const value of [`Bearer ${key}`, `Bearer  ${key}`, `bearer   ${key}`, `BEARER ${key} \t`])
      t.equal(await status(path, value), 200, value);
    const wrong = [key, `Bearer${key}`, `Bearer\t${key}`, `Basic ${key}`, `Bearer "${key}"`];
    const near = [
      `Bearer ${key}.`,
      `Bearer ${key},`,
      `Bearer ${key}=`,
      `Bearer ${key.slice(0, -1)}`,
    ];
    for (const value of [...wrong, ...near, `Bearer ${key} x`, 'Bearer', 'Bearer '])
      t.equal(await status(path, value), 401, value);
  }
  const ticket: string = made.body.ticket;
  for (const value of [`${ticket}.x`, `${ticket}=`, ticket.replace('_ticket_', '_TICKET_')])
    t.equal(await status(sse, `Bearer ${value}`), 401, value);
});

t.test('timestamps that are none, or run over', async (t) => {
  const server = await gateway(t, { assets: ['gold'] });
  const shop = await caller(server, 'shop');
  const [ms, s] = [Date.now(), now()];
  const shown = async (timestamp: string, headers: Headers = {}) =>
    shop.sign(READ, undefined, { timestamp, headers });
  for (const timestamp of [`${ms}`, `${s}`, `0${s}`, `000${s}`])
    t.equal((await shown(timestamp)).status, 200, timestamp);
  const odd = [`-${ms}`, `+${ms}`, 'NaN', 'Infinity', '1e12', '0x19', `${ms}.0`, `${s}.5`, '1_000'];
  const over = [`${ms}0`, `${s}000000`, '9'.repeat(15), '9'.repeat(16), '0', '1', `${ms}, ${ms}`];
  for (const timestamp of [...odd, ...over, '١٧٠٠', `${s} ${s}`])
    t.match(
      await shown(encodeURI(timestamp)),
      { status: 403, body: { code: 'SIGNATURE_INVALID', field: 'X-Timestamp' } },
      timestamp,
    );
});
