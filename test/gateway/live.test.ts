// The page /live in a real browser: a balance changes while one looks at it.

import t from 'tap';
import { gateway } from './harness.js';
import { openPage } from './page.js';

t.test('a balance changes on /live', async (t) => {
  const server = await gateway(t, { assets: ['points'] });
  const earn = (id: string, amount: number) =>
    server.ask('POST /v1/transfers', {
      id,
      kind: 'ORDER',
      legs: [{ from: '@issue', to: 'alice', asset: 'points', amount }],
    });
  await earn('1', 500);
  const { page, problems, hosts } = await openPage(t, `${server.server.address}/live`);
  const available = page.locator('#balances tr td:nth-child(2)');
  const shows = (text: string) => available.filter({ hasText: text }).waitFor();
  const watch = async (key: string) => {
    await page.fill('#key', key);
    await page.fill('#owner', 'alice');
    await page.click('button');
  };

  await watch('jifen_admin_wrong');
  await page.locator('#state', { hasText: /^Ended/ }).waitFor();
  const { ticket } = (await server.ask('POST /v1/stream/tickets', { owner: 'alice' })).body;
  await watch(ticket);
  await shows('500');
  t.equal(await page.textContent('#state'), 'Live.');
  await earn('2', 25);
  await shows('525');
  t.equal(await available.count(), 1);
  t.match(await page.textContent('#changes li:first-child'), /\+25 points {2}\(transfer ORDER\)/);
  // Nothing but the WebSocket that was refused has gone wrong.
  t.same(
    problems.filter((text) => !text.includes('WebSocket')),
    [],
  );
  t.same([...hosts], [`127.0.0.1:${server.port}`]);
});

t.test('its files, and nothing else of the package', async (t) => {
  const server = await gateway(t);
  for (const path of ['/live', '/live/style.css', '/live/page/page.js', '/live/client/index.js']) {
    const { status, headers } = await server.ask(`GET ${path}`, undefined, { Authorization: '' });
    t.equal(status, 200, path);
    t.match(headers.get('content-security-policy'), /script-src 'self'/);
    t.equal(headers.get('x-content-type-options'), 'nosniff');
  }
  for (const path of ['/live/client/node.js', '/live/client/', '/live/client/../limits.js'])
    t.equal((await server.ask(`GET ${path}`)).status, 404, path);
});
