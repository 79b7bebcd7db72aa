// The page /docs in a real browser: the calls are there, one is sent, and the page asks nothing of anybody else.

import t from 'tap';
import { gateway } from './harness.js';
import { openPage } from './page.js';

const PHONE = { width: 360, height: 740 };

t.test('a transfer is sent from /docs, on a phone', async (t) => {
  const server = await gateway(t, { assets: ['points'] });
  const { page, problems, hosts } = await openPage(t, `${server.server.address}/docs`, PHONE);
  const { body: document } = await server.ask('GET /openapi.json');
  const calls = page.locator('#calls > section > details');
  await calls.first().waitFor();
  const count = Object.values<object>(document.paths).flatMap(Object.keys).length;
  t.equal(await calls.count(), count, 'every call is there');

  await page.fill('#find', 'move points');
  t.equal(await calls.filter({ visible: true }).count(), 1);
  const transfer = page.locator('#postV1Transfers');
  await transfer.locator('> summary').click();
  t.match(await transfer.locator('pre').nth(1).textContent(), /legs: list of 1\.\.16/);
  const body = { id: 'T1', legs: [{ from: '@issue', to: 'alice', asset: 'points', amount: 7 }] };
  await transfer.locator('textarea').fill(JSON.stringify(body));
  const shown = transfer.locator('pre.answer');
  await transfer.locator('button').click();
  await shown.filter({ hasText: 'UNAUTHORIZED' }).waitFor();
  await page.fill('#key', server.key);
  await transfer.locator('button').click();
  await shown.filter({ hasText: '"replayed": false' }).waitFor();
  t.match(await shown.textContent(), /^201 [\s\S]*"available": 7/);
  t.equal((await server.ask('GET /v1/accounts/alice')).body.accounts[0].available, 7);

  await page.fill('#find', '');
  const account = page.locator('#getV1AccountsByOwner');
  await account.locator('> summary').click();
  await account.locator('input[name=owner]').fill('alice');
  await account.locator('input[name=asset]').fill('points');
  await account.locator('button').click();
  await account.locator('pre.answer', { hasText: '"available": 7' }).waitFor();
  for (const id of ['getV1AccountsByOwnerEntries', 'postV1Platforms', 'getV1Stream'])
    await page.locator(`#${id} > summary`).click();
  const wide = await page.evaluate('document.documentElement.scrollWidth');
  t.ok(Number(wide) <= PHONE.width, `nothing stands out of the page: ${wide}`);
  t.same(
    problems.filter((text) => !text.includes('401')),
    [],
  );
  t.same([...hosts], [`127.0.0.1:${server.port}`]);
});

t.test('its files are for anyone', async (t) => {
  const server = await gateway(t);
  const files = ['/docs', '/docs/style.css', '/docs/page/page.js', '/docs/page/shown.js'];
  for (const path of files) {
    const { status, headers } = await server.ask(`GET ${path}`, undefined, { Authorization: '' });
    t.equal(status, 200, path);
    t.match(headers.get('content-security-policy'), /script-src 'self'/);
  }
});
