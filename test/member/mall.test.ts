// The mall, gifts, exchanges and consents in a real browser, by members who have signed in: what is done is done once, whatever the network, reloads, second tabs and
// impatient fingers do; what is charged is what was shown; what cannot be done is said in words.

import type { Page, Request } from 'playwright-core';
import t from 'tap';
import { until } from '../until.js';
import { browserOf, look, losing, violations } from './browser.js';
import { join, open, PASSWORD, signIn } from './signed-in.js';
import { memberWorld } from './world.js';

const world = await memberWorld(t);
const browser = await browserOf(t);
await join(world, 'ann');
const phone = await look(t, browser, { device: 'phone', language: 'en' });
await signIn(phone, world, 'ann');
const { page } = phone;

const button = (name: string | RegExp, on: Page = page) => on.getByRole('button', { name });
const text = (said: string | RegExp, on: Page = page) => on.getByText(said).first();
/** Something that is done, and not tried. */
const does =
  (path: string) =>
  (request: Request): boolean => {
    const url = new URL(request.url());
    return request.method() === 'POST' && url.pathname === path && url.search === '';
  };
const orders = async (goods: string): Promise<readonly any[]> =>
  (await world.orders('ann')).filter((one) => one.goods === goods);
/** So many orders of goods, and a moment later no more of them. */
const ordered = (goods: string, count: number) =>
  until(`${count} of ${goods}`, async () => (await orders(goods)).length === count);

/** Opens goods, and the form of an order of them, up to its price. */
async function form(goods: string, on: Page = page): Promise<void> {
  await open(on, world, `mall/${goods}`, 'goods');
  await button('Redeem', on).click();
  const name = on.getByLabel('Name', { exact: true });
  await button(/^Redeem for/, on).waitFor();
  if (!(await name.isVisible())) return;
  await name.fill('Ann Lee');
  await on.getByLabel('Phone').fill('13812345678');
  await on.getByLabel('Address').fill('1 Long Street');
}

t.test('an impatient finger orders once, and it goes where it should', async (t) => {
  const before = await world.has('ann');
  await form('tea');
  await button('One more').click();
  await button('Redeem for 200 points').dblclick();
  await text(/Your order is/).waitFor();
  await ordered('tea', 1);
  t.equal(await world.has('ann'), before - 200);
  await page.getByRole('link', { name: 'To the order' }).click();
  await text('1 Long Street').waitFor();
  t.same(await violations(page), []);
});

t.test('an order without where it goes to is not sent', async (t) => {
  await form('tea');
  await page.getByLabel('Address').fill(' ');
  await button('Redeem for 100 points').click();
  await text('Please fill this in.').waitFor();
  t.equal((await orders('tea')).length, 1);
});

t.test('Enter in the field of a code looks at the code, and orders nothing', async (t) => {
  await form('card');
  const sent: string[] = [];
  const hear = (request: Request): void => {
    if (does('/v1/orders')(request)) sent.push(request.url());
  };
  page.on('request', hear);
  await page.getByLabel('Use a coupon').selectOption('Another code …');
  const code = page.getByLabel('Code of the coupon');
  await code.fill('NONE-SUCH');
  await code.press('Enter');
  await text('There is no such coupon').waitFor();
  // Nor is another number ordered at the price of the one before.
  await page.getByLabel('Use a coupon').selectOption('No coupon');
  await until(
    'the price is known',
    async () => (await button(/^Redeem for 50/).getAttribute('aria-disabled')) === null,
  );
  await page.getByLabel('How many').fill('3');
  await page.getByLabel('How many').press('Enter');
  await button(/^Redeem for 150/).waitFor();
  page.off('request', hear);
  t.same(sent, []);
});

t.test('an answer that is lost, and a reload in the middle, order once', async (t) => {
  const before = await world.has('ann');
  await form('tea');
  const { lost } = await losing(page, does('/v1/orders'));
  await button('Redeem for 100 points').click();
  await until('its answer is lost', () => lost.length === 1);
  await page.reload();
  await text(/Order: .*: it went through/).waitFor();
  await page.unrouteAll({ behavior: 'wait' });
  await ordered('tea', 2);
  t.equal(await world.has('ann'), before - 100);
  t.equal(await page.evaluate('sessionStorage.length'), 0, 'its outcome is known: nothing is kept');
});

t.test('a second tab of the same asks under the same id', async (t) => {
  const before = await world.has('ann');
  await form('tea');
  const { lost } = await losing(page, does('/v1/orders'), 3);
  await button('Redeem for 100 points').click();
  await until('its answer is lost', () => lost.length > 0);
  const [second] = await Promise.all([
    phone.context.waitForEvent('page'),
    page.evaluate('void open(location.href)'),
  ]);
  await text(/Order: .*: it went through/, second).waitFor();
  await text(/Your order is/).waitFor();
  await page.unrouteAll({ behavior: 'wait' });
  await second.close();
  await ordered('tea', 3);
  t.equal(await world.has('ann'), before - 100);
});

t.test('a price that has changed is shown before it is charged', async (t) => {
  const before = await world.has('ann');
  const { body } = await world.ask('GET /v1/definitions/goods/tea');
  const { document } = body.versions.at(-1);
  await form('tea');
  await world.ask('PUT /v1/definitions/goods/tea', {
    state: 'active',
    document: { ...document, price: 120 },
  });
  // The quote, and the access token with it, are over; the page does not know.
  await world.later(20 * 60_000);
  await button('Redeem for 100 points').click();
  await text(/it was 100 points, now it is 120 points/).waitFor();
  t.equal(await world.has('ann'), before, 'nothing was charged');
  await button('Redeem for 120 points').click();
  await text(/Your order is/).waitFor();
  t.equal(await world.has('ann'), before - 120);
  await ordered('tea', 4);
});

t.test(
  'sold out between price and order: said so, and one is told when it is there again',
  async () => {
    await form('cup');
    const taken = await world.ask('POST /v1/orders', { owner: 'bob', id: 'last', goods: 'cup' });
    if (taken.status !== 201) throw new Error(taken.text);
    await button('Redeem for 200 points').click();
    await text('There are not so many left.').waitFor();
    await button('Tell me when it is there again').click();
    await text(/You are told once/).waitFor();
    const left = async () => (await world.ask('GET /v1/goods/cup?owner=ann')).body.left;
    await until('what is left is known', async () => (await left()) === 0);
    await page.reload();
    await text(/You are told once/).waitFor();
  },
);

t.test('frozen points, and too few of them, are said in words', async (t) => {
  await form('tea');
  await world.ask('POST /v1/accounts/ann/assets/points/freeze', {});
  await button('Redeem for 120 points').click();
  await text(/These points are frozen/).waitFor();
  await world.ask('POST /v1/accounts/ann/assets/points/unfreeze', {});
  const all = await world.has('ann');
  const legs = [{ from: 'ann', to: '@issue', asset: 'points', amount: all }];
  await world.ask('POST /v1/transfers', { id: 'away', legs });
  await form2();
  await text('You have not enough points for this.').waitFor();
  await world.ask('POST /v1/transfers', {
    id: 'back',
    legs: [{ from: '@issue', to: 'ann', asset: 'points', amount: all }],
  });
  t.equal((await orders('tea')).length, 4);
});

/** The form of an order whose price cannot be paid. */
async function form2(): Promise<void> {
  await open(page, world, 'mall/tea', 'goods');
  await button('Redeem').click();
}

t.test('a code is shown when it is asked for, and lies nowhere', async (t) => {
  await form('ebook');
  await button('Redeem for 100 points').click();
  await page.getByRole('link', { name: 'To your codes' }).click();
  await text('••••').waitFor();
  t.equal(await page.getByText(/BOOK-/).count(), 0);
  await button(/^Show/).click();
  await text(/BOOK-/).waitFor();
  t.same(await violations(page), []);
  const kept = await page.evaluate<string>(`(async () => {
    const all = [JSON.stringify(sessionStorage), JSON.stringify(localStorage)];
    for (const { name } of await indexedDB.databases()) {
      const base = await new Promise((done) => {
        const asked = indexedDB.open(name);
        asked.onsuccess = () => done(asked.result);
      });
      for (const store of base.objectStoreNames) {
        const found = base.transaction(store).objectStore(store).getAll();
        all.push(JSON.stringify(await new Promise((done) => (found.onsuccess = () => done(found.result)))));
      }
      base.close();
    }
    for (const name of await caches.keys())
      for (const request of await (await caches.open(name)).keys()) all.push(request.url);
    return all.join('\\n');
  })()`);
  t.ok(kept.length > 100, 'what is shown is kept for reading without a network');
  t.notMatch(kept, /BOOK-|mail\.example|Long Street/);
});

t.test('a gift is looked at again before it is given, once', async (t) => {
  const before = await world.has('bob');
  await open(page, world, 'gift');
  await page.getByLabel('Number of the other member').fill('bob');
  await page.getByLabel('How many points').fill('501');
  await button('Continue').click();
  await text(/At most 500 .* now/).waitFor();
  await page.getByLabel('How many points').fill('50');
  await button('Continue').click();
  const { lost } = await losing(page, does('/v1/acts/gift'));
  await button(/^Give 50/).dblclick();
  await text(/were given to bob/).waitFor();
  await page.unrouteAll({ behavior: 'wait' });
  t.equal(lost.length, 1);
  t.equal(await world.has('bob'), before + 50);
});

t.test('an exchange comes to what was shown', async (t) => {
  const [points, stars] = [await world.has('ann'), await world.has('ann', 'stars')];
  await open(page, world, 'exchange');
  await page.getByLabel('How many I give').fill('100');
  await button('Show what I get').click();
  await button(/^Exchange for 82.50/).waitFor();
  t.same(await violations(page), []);
  await button(/^Exchange for 82.50/).dblclick();
  await text(/you gave 100 .* and got 82.50/).waitFor();
  t.equal(await world.has('ann'), points - 100);
  t.equal(await world.has('ann', 'stars'), stars + 8_250);
});

t.test('consents are what the ledger says, at a desk and in Chinese', async (t) => {
  const desk = await look(t, browser, { device: 'desk', language: 'zh', scheme: 'dark' });
  await signIn(desk, world, 'ann');
  await open(desk.page, world, 'notices');
  const offers = desk.page.getByRole('group', { name: '邮件' }).getByLabel('优惠与活动');
  t.equal(await offers.isChecked(), false);
  await offers.click();
  await text('已保存。', desk.page).waitFor();
  await until('it is shown', () => offers.isChecked());
  const { body } = await world.ask('GET /v1/members/ann/contact');
  t.match(body.consents, [{ type: 'email', notices: 'marketing', isGiven: true }]);
  t.notMatch(await desk.page.locator('main').textContent(), /ann@mail\.example/, 'masked');
  t.same(await violations(desk.page), []);
  await open(desk.page, world, 'sessions');
  await text('当前设备', desk.page).waitFor();
  const others = desk.page.getByRole('button', { name: /^下线：/ });
  const before = await others.count();
  await others.first().click();
  await desk.page.getByRole('button', { name: '确定下线' }).click();
  await text('已下线。', desk.page).waitFor();
  await until('it is gone', async () => (await others.count()) === before - 1);
  t.same(desk.problems, []);
});

t.test('a new password signs out all but this browser, and lies nowhere', async (t) => {
  const desk = await look(t, browser, { device: 'desk', language: 'en' });
  await signIn(desk, world, 'ann');
  await open(desk.page, world, 'password');
  const fill = async (now: string, next: string): Promise<void> => {
    await desk.page.getByLabel('Password of now').fill(now);
    await desk.page.getByLabel('New password', { exact: true }).fill(next);
    await desk.page.getByLabel('New password, once more').fill(next);
    await button('Change the password', desk.page).click();
  };
  await fill('not my password', 'purple monkey dishwasher');
  await text('The password is wrong.', desk.page).waitFor();
  await fill(PASSWORD, 'purple monkey dishwasher');
  await text(/The password is changed/, desk.page).waitFor();
  await open(desk.page, world, 'sessions');
  await text('This device', desk.page).waitFor();
  t.equal(await button(/^End:/, desk.page).count(), 0, 'all others are signed out');
  t.equal(await desk.page.evaluate('sessionStorage.length'), 0);
});

t.test('nothing was complained of, and nobody else was asked', async (t) => {
  t.same(phone.problems, []);
  t.same([...phone.hosts], [new URL(world.server.address).host]);
});
