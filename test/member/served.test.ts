// The files of the member's page as they are served, how large they are, and the page itself in a real browser: signed in, balances live, the day's sign-in once
// though its answer is lost.

import { readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import t from 'tap';
import { gateway } from '../gateway/harness.js';
import { ROOT } from '../setup.js';
import { browserOf, fits, isAct, look, losing, violations } from './browser.js';
import { join as joinAs, open, signIn } from './signed-in.js';
import { memberWorld } from './world.js';

const BYTES_MAX = 150_000;
const BUILT = join(ROOT, 'dist/gateway/member/built');
const names = readdirSync(BUILT, { recursive: true, encoding: 'utf8' });
const LOADED = names.filter((name) => /\.(js|css|html|svg|webmanifest)$/.test(name));

/** As it comes: nothing is unpacked. */
const raw = (address: string, path: string, headers: Record<string, string> = {}) =>
  new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>(
    (resolve, reject) => {
      const asked = request(`${address}${path}`, { headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: Buffer.concat(chunks),
          }),
        );
      });
      asked.on('error', reject).end();
    },
  );

t.test(`all that the page loads has less than ${BYTES_MAX} bytes, gzipped`, async (t) => {
  const sizes = LOADED.map(
    (name) => gzipSync(readFileSync(join(BUILT, name)), { level: 9 }).length,
  );
  const sum = sizes.reduce((a, b) => a + b, 0);
  t.ok(sum < BYTES_MAX, `${sum} bytes in ${LOADED.length} files`);
  t.same(
    names.filter((name) => name.endsWith('.map')),
    [],
    'no source maps',
  );
});

t.test('nothing in it is set as HTML, and nothing comes from elsewhere', async (t) => {
  for (const name of LOADED.filter((one) => /\.(js|html|css)$/.test(one))) {
    const text = readFileSync(join(BUILT, name), 'utf8');
    t.notMatch(text, /\beval\(|new Function\(|document\.write|insertAdjacentHTML/, name);
    const hosts = [...text.matchAll(/https?:\/\/([\w.-]+)/g)].map(([, host]) => host);
    t.same(
      hosts.filter((host) => host !== 'www.w3.org'),
      [],
      name,
    );
    if (name.endsWith('.html')) t.notMatch(text, /<script(?![^>]*\bsrc=)|<style|\bon\w+=/, name);
  }
  const sources = readdirSync(join(ROOT, 'gateway/member/page'), {
    recursive: true,
    encoding: 'utf8',
  })
    .filter((name) => /\.tsx?$/.test(name))
    .filter((name) =>
      /innerHTML|outerHTML|dangerouslySet/.test(
        readFileSync(join(ROOT, 'gateway/member/page', name), 'utf8'),
      ),
    );
  t.same(sources, []);
});

t.test('its files, and nothing else of the package', async (t) => {
  const { server } = await gateway(t);
  const get = (path: string, headers = {}) => raw(server.address, path, headers);
  const script = LOADED.find((name) => /assets\/index-.*\.js$/.test(name)) ?? '';
  for (const path of [
    '/me',
    '/me/',
    '/me/history',
    '/me/orders/O-1',
    '/me/a/b/c',
    '/me?utm=1&x=%3Cb%3E',
  ]) {
    const { status, headers, body } = await get(path);
    t.equal(status, 200, path);
    t.match(headers['content-type'], /^text\/html/);
    t.equal(headers['cache-control'], 'no-cache');
    t.equal(headers['x-frame-options'], 'DENY');
    const policy = String(headers['content-security-policy']);
    t.match(policy, /default-src 'none'; script-src 'self'; style-src 'self'/);
    t.match(policy, /frame-ancestors 'none'/);
    t.notMatch(policy, /unsafe|\*|http:/);
    t.match(body.toString(), script);
  }
  const whole = readFileSync(join(BUILT, script));
  const rows: readonly (readonly [
    string | undefined,
    string | undefined,
    (b: Buffer) => Buffer,
  ])[] = [
    [undefined, undefined, (b) => b],
    ['gzip', 'gzip', gunzipSync],
    ['gzip, deflate, br', 'br', brotliDecompressSync],
    ['br;q=0, gzip;q=0.5', 'gzip', gunzipSync],
    ['br;q=0.000, gzip; q=0', undefined, (b) => b],
    ['brotli, xgzip', undefined, (b) => b],
  ];
  for (const [accepted, encoding, unpack] of rows) {
    const found = await get(
      `/me/${script}`,
      accepted === undefined ? {} : { 'Accept-Encoding': accepted },
    );
    t.equal(found.headers['content-encoding'], encoding, `${accepted}`);
    t.equal(found.headers.vary, 'Accept-Encoding');
    t.ok(unpack(found.body).equals(whole), `${accepted}`);
    t.match(found.headers['cache-control'], /immutable/);
    t.match(found.headers['content-type'], /^text\/javascript/);
    t.equal(found.headers['x-content-type-options'], 'nosniff');
  }
  const worker = await get('/me/sw.js');
  t.equal(worker.headers['cache-control'], 'no-cache');
  t.equal(worker.headers['service-worker-allowed'], '/me');
  for (const [path, type] of [
    ['/me/manifest.webmanifest', 'application/manifest+json'],
    ['/me/icons/icon-192.png', 'image/png'],
    ['/me/icons/icon.svg', 'image/svg+xml'],
  ] as const)
    t.equal((await get(path)).headers['content-type'], type, path);
  const manifest = JSON.parse((await get('/me/manifest.webmanifest')).body.toString());
  for (const { src } of manifest.icons) t.equal((await get(src)).status, 200, src);
  for (const path of [
    ...[
      '/me/assets/none.js',
      `/me/${script}.gz`,
      '/me/assets/..%2findex.html',
      '/me/assets/..%2f..%2froutes.js',
    ],
    ...['/me/a/b/c/d', '/me/icons/..%2f..%2froutes.js', '/me/assets/', '/me/assets/%00'],
  ])
    t.equal((await get(path)).status, 404, path);
});

t.test('a member at a phone: signs in, sees balances live, checks in once', async (t) => {
  const world = await memberWorld(t);
  await joinAs(world, 'ann');
  await world.ask('POST /v1/events', { programme: 'shop', type: 'SHARE', owner: 'ann', id: 'S1' });
  const browser = await browserOf(t);
  const seen = await look(t, browser, { device: 'phone', language: 'en' });
  const { page } = seen;
  await page.goto(`${world.server.address}/me/history?kind=event`);
  await page.locator('[data-screen="signed-out"]').waitFor();
  await signIn(seen, world, 'ann');
  await open(page, world);
  await page.getByText('3,108', { exact: true }).waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
  const sent = { id: 'live', legs: [{ from: '@issue', to: 'ann', asset: 'points', amount: 7 }] };
  t.equal((await world.ask('POST /v1/transfers', sent)).status, 201);
  await page.getByText('3,115', { exact: true }).waitFor();

  const { lost } = await losing(page, isAct);
  await page.getByRole('button', { name: 'Check in' }).click();
  await page.getByText('Checked in: +10').waitFor();
  await page.getByText('3,125', { exact: true }).waitFor();
  t.match(lost, [{ status: 201 }]);
  t.equal(await world.has('ann'), 3_125);
  t.equal(await page.evaluate<number>('sessionStorage.length'), 0);
  t.same(await violations(page), []);
  t.ok(await fits(page));

  await page.getByRole('link', { name: 'History' }).last().click();
  await page.locator('[data-screen="history"]').waitFor();
  await page.locator('main button.row', { hasText: 'Share' }).click();
  await page.getByText('+3 by the rule shop.SHARE').waitFor();
  t.equal(await page.evaluate<string>('document.activeElement.tagName'), 'BUTTON');
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('heading', { name: '明细', level: 1 }).waitFor();
  t.equal(await page.getAttribute('html', 'lang'), 'zh-CN');
  t.same(await violations(page), []);

  await page.goto(`${world.server.address}/me/more`);
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.locator('[data-screen="signed-out"]').waitFor();
  t.equal(await page.evaluate<string | null>('localStorage.getItem("jifen.owner")'), null);
  t.same(seen.problems, []);
  t.same([...seen.hosts], [new URL(world.server.address).host]);
});

t.test('a history says of which acts its entries are, where that is asked for', async (t) => {
  const world = await memberWorld(t);
  await world.ask('POST /v1/orders', { owner: 'ann', goods: 'ebook', id: 'O1' });
  const read = async (more: string) =>
    (await world.ask(`GET /v1/accounts/ann/entries?asset=points${more}`)).body.entries;
  const told = await read('&told=true');
  t.match(told.at(-1), { act: { name: 'event', programme: 'shop', type: 'REGISTER' } });
  t.match(told.find(({ type }: any) => type === 'transfer').act, undefined);
  t.ok(told.some(({ act }: any) => act?.name === 'order' && act.goods === 'ebook'));
  t.same(
    (await read('&act=event')).map(({ act }: any) => act.type),
    ['REGISTER'],
  );
  t.notOk((await read('')).some(({ act }: any) => act !== undefined));
  t.equal((await world.ask('GET /v1/accounts/ann/entries?asset=points&act=No!')).status, 400);
});
