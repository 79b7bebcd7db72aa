// The member's page on networks as they are, and beside pages as they are: answers that are lost after the commit, a slow network, two tabs, tokens and sessions
// that end in the middle, none at all; other origins that ask, frame or redirect.

import t, { type Test } from 'tap';
import { until } from '../until.js';
import {
  browserOf,
  comesTo,
  isAct,
  type Look,
  type Looking,
  look,
  losing,
  slow,
} from './browser.js';
import { hosting, hostPage } from './hosting.js';
import { join, open, PASSWORD, signIn } from './signed-in.js';
import { memberWorld } from './world.js';

const world = await memberWorld(t);
const browser = await browserOf(t);
const evil = await hosting(t);
const { address } = world.server;
for (const owner of ['ann', 'bob']) await join(world, owner);

async function visit(t: Test, owner: string, how: Looking = {}): Promise<Look> {
  const made = await look(t, browser, how);
  await signIn(made, world, owner);
  return made;
}
const press = (page: Look['page'], name: string | RegExp) =>
  page.getByRole('button', { name }).filter({ visible: true }).first().click();
/** As far as the button that orders. */
async function ready(page: Look['page'], goods = 'card'): Promise<void> {
  await open(page, world, `mall/${goods}`, 'goods');
  await press(page, /^Redeem$/);
  await page.getByRole('button', { name: /^Redeem for/ }).waitFor();
  await until(
    'the price is known',
    async () =>
      (await page.getByRole('button', { name: /^Redeem for/ }).getAttribute('aria-disabled')) ===
      null,
  );
}
const cards = async (owner: string): Promise<number> =>
  (await world.orders(owner)).filter(({ goods }) => goods === 'card').length;
/** All of a member's orders for cards, once there are none on their way to the list. */
async function ordered(t: Test, owner: string, many: number, points: number): Promise<void> {
  await until(`${owner} has ${points}`, async () => (await world.has(owner)) === points);
  await until('they are listed', async () => (await cards(owner)) >= many);
  t.equal(await cards(owner), many, 'and no more than that');
}

t.test('an answer is lost after the commit: it happens once', async (t) => {
  const { page } = await visit(t, 'ann');
  let points = await world.has('ann');
  const lost = (await losing(page, (request) => isAct(request) && /orders$/.test(request.url()), 2))
    .lost;
  await ready(page);
  await press(page, /^Redeem for/);
  await page.getByText(/Your order is/).waitFor();
  points -= 50;
  await ordered(t, 'ann', 1, points);
  t.equal(lost.length, 2);
  t.equal(new Set(lost.map(({ body }) => body)).size, 1, 'the same, under the same id');
  // Lost as often as it is sent, and the page is loaded anew: it asks what became of it.
  const none = await losing(page, (request) => isAct(request) && /orders$/.test(request.url()), 1);
  await ready(page);
  await page.context().setOffline(false);
  const going = press(page, /^Redeem for/);
  await until('it was sent', () => none.lost.length === 1);
  await going;
  await page.reload();
  points -= 50;
  await ordered(t, 'ann', 2, points);
  await until('nothing is open', async () =>
    page.evaluate<boolean>(
      "!Object.keys(sessionStorage).some((key) => key.startsWith('jifen.action.'))",
    ),
  );
  t.equal(await world.has('ann'), points);
});

t.test('by the keyboard alone, on a slow network', async (t) => {
  const made = await visit(t, 'bob', { device: 'desk' });
  const { page } = made;
  const points = await world.has('bob');
  await slow(made, page);
  await open(page, world, 'mall');
  /** Tab until what has the focus is called so. */
  const reach = async (name: RegExp): Promise<void> => {
    for (let n = 0; n < 80; n++) {
      await page.keyboard.press('Tab');
      const text = await page.evaluate<string>(
        "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent ?? '').trim()",
      );
      if (name.test(text)) return;
    }
    throw new Error(`the keyboard does not get to ${name}`);
  };
  await page
    .getByRole('link', { name: /Gift card/ })
    .first()
    .waitFor();
  await reach(/Gift card/);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Redeem$/ }).waitFor();
  await reach(/^Redeem$/);
  await page.keyboard.press('Enter');
  await until(
    'the price is known',
    async () =>
      (await page.getByRole('button', { name: /^Redeem for/ }).getAttribute('aria-disabled')) ===
      null,
  );
  await reach(/^Redeem for/);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.getByText(/Your order is/).waitFor();
  await ordered(t, 'bob', 1, points - 50);
  t.same(made.problems, []);
});

t.test('two tabs act at once', async (t) => {
  const made = await visit(t, 'ann');
  const before = await world.has('ann');
  const other = await made.tab();
  // One cup is there: one of both has it, and the other is told.
  for (const page of [made.page, other]) {
    await open(page, world, 'mall/cup', 'goods');
    await press(page, /^Redeem$/);
    await page.getByLabel('Name').first().fill('Ann');
    await page.getByLabel('Phone').first().fill('13812345678');
    await page.getByLabel('Address').first().fill('1 Nanjing Road');
    await until(
      'the price is known',
      async () =>
        (await page.getByRole('button', { name: /^Redeem for/ }).getAttribute('aria-disabled')) ===
        null,
    );
  }
  await Promise.all([made.page, other].map((page) => press(page, /^Redeem for/)));
  const done = (page: Look['page']) => page.getByText(/Your order is/).count();
  await until('one has it', async () => (await done(made.page)) + (await done(other)) === 1);
  await until('it was paid once', async () => (await world.has('ann')) === before - 200);
});

t.test('a token, then the session ends in the middle', async (t) => {
  const { page, context } = await visit(t, 'ann');
  let points = await world.has('ann');
  const many = await cards('ann');
  await ready(page);
  // The access token ends: it goes on with another one, under the same id.
  await world.later(700_000);
  await press(page, /^(Show the price of now|Redeem for)/);
  await until('the price is known', async () => {
    const name = page.getByRole('button', { name: /^Redeem for/ });
    return (await name.count()) > 0 && (await name.getAttribute('aria-disabled')) === null;
  });
  if ((await page.getByText(/Your order is/).count()) === 0) await press(page, /^Redeem for/);
  await page.getByText(/Your order is/).waitFor();
  points -= 50;
  await ordered(t, 'ann', many + 1, points);
  // The session ends: one signs in, and comes back to where one was.
  await ready(page);
  await context.clearCookies();
  await page.reload();
  await page.getByRole('link', { name: 'Sign in' }).first().click();
  await comesTo(page, /\/sign-in/);
  await page.getByLabel(/Login name/).fill('ann');
  await page.getByLabel('Password').fill(PASSWORD);
  await press(page, 'Sign in');
  await comesTo(page, `${address}/me/mall/card`);
  await page.getByRole('button', { name: /^Redeem$/ }).waitFor();
  t.equal(await world.has('ann'), points);
});

t.test('installable; without a network what was known is there', async (t) => {
  const { page, context } = await visit(t, 'ann', { hasWorker: true });
  await open(page, world, '');
  const points = new Intl.NumberFormat('en-GB').format(await world.has('ann'));
  await page.getByText(points).first().waitFor();
  const manifest = await (await context.request.get(`${address}/me/manifest.webmanifest`)).json();
  t.match(manifest, { start_url: '/me', scope: '/me', display: 'standalone' });
  t.ok(manifest.icons.some(({ sizes }: any) => sizes === '512x512'));
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  await open(page, world, '');
  await page.getByText(points).first().waitFor();
  await context.setOffline(true);
  await page.reload();
  await page.getByText(points).first().waitFor();
  await page
    .getByText(/offline|No connection/)
    .first()
    .waitFor();
  await context.setOffline(false);
});

t.test('the very first answers are lost or refused: it is asked again', async (t) => {
  for (const way of ['lost', 'refused']) {
    const { page } = await visit(t, 'ann');
    let times = 0;
    await page.route('**/session/token', (route) => {
      if (++times > 2) return route.fallback();
      if (way === 'lost') return route.abort('connectionreset');
      return route.fulfill({ status: 503, headers: { 'Retry-After': '1' }, body: 'later' });
    });
    await page.goto(`${address}/me`);
    await page.locator('.balance').first().waitFor();
    t.ok(times > 2, way);
  }
});

t.test('the link to the content leads there', async (t) => {
  const { page } = await visit(t, 'ann', { device: 'desk' });
  await open(page, world, 'mall');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const has = () => page.evaluate<boolean>("document.activeElement.id === 'content'");
  t.ok(await until('the content has the focus', has));
});

t.test('after the page for signing out nothing is left in the browser', async (t) => {
  const { page } = await visit(t, 'ann', { hasWorker: true });
  await open(page, world, '');
  await page.locator('.balance').first().waitFor();
  await page.goto(`${address}/sign-out`);
  await press(page, 'Sign out');
  await page.getByText('You are signed out').waitFor();
  const isGone = () =>
    page.evaluate<boolean>(`(async () => {
      const kept = [...Object.keys(localStorage), ...Object.keys(sessionStorage)];
      return kept.length === 0 && (await indexedDB.databases()).length === 0;
    })()`);
  t.ok(await until('it is gone', isGone));
});

t.test('pages of others', async (t) => {
  const made = await visit(t, 'ann');
  const { page, context } = made;
  await open(page, world, '');
  const before = [await world.has('ann'), await cards('ann')];
  // CSRF: a page of another site sends forms and requests with whatever cookies the browser gives it.
  const json = JSON.stringify({ id: 'csrf', owner: 'ann', goods: 'card' });
  evil.pages.set(
    '/',
    `<!doctype html><title>x</title><script>
    window.done = Promise.allSettled([
      ['/session/token', 'POST', '{}'], ['/session', 'DELETE', undefined],
      ['/session', 'POST', '{"login":"bob","password":"x"}'],
      ['/v1/orders', 'POST', ${JSON.stringify(json)}], ['/session', 'GET', undefined],
    ].flatMap(([path, method, body]) => ['no-cors', 'cors'].map((mode) =>
      fetch('${address}' + path, { method, body, mode, credentials: 'include',
        headers: mode === 'cors' ? { 'Content-Type': 'application/json' } : {} })
        .then((answer) => answer.text())))).then((all) => all.map(({ value }) => value ?? ''));
    </script>
    <form method="post" action="${address}/session/token" enctype="text/plain" target="f"><input name='{"a":"' value='"}'></form>
    <iframe name="f"></iframe>`,
  );
  const other = await context.newPage();
  await other.goto(evil.origin);
  t.same([...new Set(await other.evaluate<string[]>('done'))], [''], 'nothing can be read');
  await other.evaluate('document.forms[0].submit()');
  await page.reload();
  await page.locator('[data-screen="home"]').waitFor();
  t.equal((await context.request.get(`${address}/session`)).status(), 200, 'still signed in');
  t.same([await world.has('ann'), await cards('ann')], before);

  // Clickjacking: no page of it is framed by anybody.
  for (const path of [
    '/me',
    '/me/mall',
    '/sign-in',
    '/authorize',
    '/letters/reset',
    '/me/embed/shop',
  ]) {
    evil.pages.set('/frame', hostPage(address + path));
    await other.goto(`${evil.origin}/frame`);
    await other.waitForLoadState();
    t.notOk(
      other.frames().some((one) => one.url().startsWith(address)),
      path,
    );
  }
  // Open redirects: whatever an address says, one stays here.
  for (const path of [
    ...[
      '/sign-in?to=//evil.example',
      '/sign-in?to=https://evil.example',
      '/sign-in?to=/\\evil.example',
    ],
    ...['/sign-in?to=/me/../../evil', '/sign-in?to=javascript:alert(1)', '/me//evil.example'],
    ...['/me/%2f%2fevil.example', '/me/%5cevil.example', '/me/embed/%2f%2fevil.example'],
  ]) {
    await page.goto(address + path);
    await page.waitForLoadState('networkidle');
    t.equal(new URL(page.url()).origin, address, path);
  }
  // No link of the page leads away without saying so.
  for (const path of ['', 'more', 'mall', 'earn']) {
    await open(page, world, path);
    const links = await page.evaluate<string[]>(
      "[...document.querySelectorAll('a')].map((a) => a.href)",
    );
    t.same(
      links.filter((one) => !one.startsWith(`${address}/`)),
      [],
      path,
    );
  }
  t.same(
    [...made.hosts].filter(
      (host) => ![new URL(address).host, new URL(evil.origin).host].includes(host),
    ),
    [],
  );
});
