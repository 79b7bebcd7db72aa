// The console's screens of the programme in a real browser: definitions edited by two at once, tried, compared; simulations, the mall, coupons, cards; who may not.
// One world, one browser: each part goes on from what the one before has left.

import type { Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { campaign } from '../campaign.js';
import { browserOf, isAct, losing } from '../member/browser.js';
import { MARKUP, memberWorld } from '../member/world.js';
import { until } from '../until.js';
import { type Console, consoleAt, faults } from './console.js';

const RULE = 'rule/shop.REVIEW';
const field = (page: Page, name: string) => page.locator(`[data-field="${name}"]`);
const input = (page: Page, name: string) =>
  field(page, name).locator('input, textarea, select').first();
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** What stands there, once it does. */
const says = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();

t.test('the screens of the programme', { timeout: 600_000 }, async (t) => {
  const world = await memberWorld(t);
  const { ask } = world;
  const sure = async (request: string, body?: unknown): Promise<any> => {
    const answer = await ask(request, body);
    if (answer.status >= 300) throw new Error(`${request}: ${answer.text}`);
    return answer.body;
  };
  const browser = await browserOf(t);
  const ann = await consoleAt(t, browser, world, { language: 'en' });
  await ann.signIn(world.key);
  const keyOf = async (...operations: string[]): Promise<string> =>
    (await sure('POST /v1/keys', { name: operations.join(), operations })).key;
  const bob = await consoleAt(t, browser, world, { language: 'en' });
  await bob.signIn(await keyOf('admin', 'configure', 'read', 'earn'));
  const newest = async (at: string): Promise<any> =>
    (await sure(`GET /v1/definitions/${at}`)).versions.at(-1);
  const event = { programme: 'shop', type: 'REVIEW', owner: 'ann', id: 'rev-1' };
  await sure('POST /v1/events', event);
  const all = { t, ann, bob, sure, newest };

  await t.test('points are defined, and changed over the version seen', () => points(all));
  await t.test('a definition is found, and checked while it is typed', () => checked(all));
  await t.test('it is tried on an event of the past', () => tried(all));
  await t.test('two change one definition at once: nothing of either is lost', () => both(all));
  await t.test('a second person', () => seconded(all));
  await t.test('a lottery: lists of objects; a zone: times', () => nested(all));
  await t.test('a simulation goes on without the page', () => simulated(all));
  await t.test('what a campaign has cost', () => campaigns(all));
  await t.test('budgets, leaderboards', () => budgets(all));
  await t.test('stock, codes, orders', () => mall(all));
  await t.test('coupons and cards', () => vouchers(all));
  await t.test('many goods: what is in the document does not grow', () => many(all));
  await t.test('who may not see or do', async (t) => {
    const { page } = ann;
    const keys = [await keyOf('read'), await keyOf('view', 'read')];
    for (const [n, key] of keys.entries()) {
      const other = await consoleAt(t, browser, world, { language: 'en' });
      await other.signIn(key);
      const nav = other.page.locator('nav.side');
      t.equal(await nav.getByRole('link', { name: 'Definitions' }).count(), n, 'definitions');
      if (n === 0) continue;
      await other.open(`definitions/${RULE}`, 'definition');
      await says(other.page, 'Decides now');
      t.equal(await other.page.getByRole('link', { name: 'Edit' }).count(), 0, 'no edit');
      t.equal(await button(other.page, 'Retire').count(), 0, 'no retiring');
      await other.open('goods/tea', 'good');
      await says(other.page, 'Available');
      await other.open('budgets/spring/points', 'budget');
      t.equal(await button(other.page, 'Put points in').count(), 0, 'no funding');
      t.equal(await button(other.page, 'Change the stock').count(), 0, 'no stock');
    }
    t.equal(await page.evaluate('window.hit'), undefined);
  });
  await t.test('a phone, in Chinese, in the dark', async (t) => {
    const phone = await consoleAt(t, browser, world, {
      ...({ device: 'phone', language: 'zh', scheme: 'dark' } as const),
    });
    await phone.signIn(world.key);
    for (const [path, screen] of [
      [`definitions/${RULE}/edit`, 'definition-edit'],
      ['definitions/lottery/shop.lottery/edit', 'definition-edit'],
      ['goods/markup', 'good'],
      ['orders', 'orders'],
      ['campaigns/reviews', 'campaign'],
    ] as const) {
      await phone.go(path, screen);
      t.same(await faults(phone), [], path);
    }
  });
});

interface All {
  readonly t: Test;
  readonly ann: Console;
  readonly bob: Console;
  readonly sure: (request: string, body?: unknown) => Promise<any>;
  readonly newest: (at: string) => Promise<any>;
}

async function checked({ t, ann }: All): Promise<void> {
  const { page } = ann;
  await ann.open('definitions', 'definitions');
  await page.getByRole('link', { name: /Earning rules/ }).click();
  await page.getByLabel('Key or name contains').fill('revi');
  await page.getByRole('link', { name: 'shop.REVIEW' }).first().click();
  await says(page, 'Decides now');
  t.same(await faults(ann), []);
  await page.getByRole('link', { name: 'Edit' }).click();
  await input(page, 'points').fill('seven');
  await field(page, 'points').getByText('Cannot be read.').waitFor();
  await input(page, 'points').fill('0');
  await field(page, 'points').getByText('Must be at least 1.').waitFor();
  await input(page, 'points').fill('7');
  await says(page, 'The ledger accepts it.');
  await page.getByText(/more fields/).click();
  await input(page, 'when').fill('event.nothing > 1');
  await field(page, 'when').locator('.error').waitFor();
  t.match(await field(page, 'when').locator('.error').textContent(), /not accepted/);
  t.equal(await input(page, 'when').getAttribute('aria-invalid'), 'true');
  await input(page, 'when').fill('');
  await says(page, 'The ledger accepts it.');
  await says(page, 'Changes against version 1');
}

async function tried({ t, ann }: All): Promise<void> {
  const { page } = ann;
  await page.getByLabel('Choose one of the latest').selectOption({ index: 1 });
  t.equal(await page.getByLabel('Member', { exact: true }).inputValue(), 'ann');
  t.equal(await page.getByLabel('Event', { exact: true }).inputValue(), 'rev-1');
  await button(page, 'Decide it again').click();
  const row = page.getByRole('row', { name: /^Earned/ });
  await row.waitFor();
  t.match(await row.textContent(), /1014/, 'by its tier and campaign, as they were');
  t.same(await faults(ann), []);
  await page.getByLabel('Event', { exact: true }).fill('none');
  await button(page, 'Decide it again').click();
  await page.getByRole('alert').first().waitFor();
}

async function both({ t, ann, bob, sure, newest }: All): Promise<void> {
  const edit = `definitions/${RULE}/edit`;
  await ann.open(edit, 'definition-edit');
  await bob.open(edit, 'definition-edit');
  await bob.page.getByText(/more fields/).click();
  await input(bob.page, 'description').fill(MARKUP);
  await says(bob.page, 'The ledger accepts it.');
  await button(bob.page, 'Make active').click();
  await says(bob.page, /It is said/);
  await input(ann.page, 'points').fill('7');
  // Before she says it she knows.
  await says(ann.page, /Somebody else has said version 2/);
  t.same(await faults(ann), [], 'their text is text');
  await button(ann.page, 'Put my changes on theirs').click();
  await says(ann.page, 'The ledger accepts it.');
  await button(ann.page, 'Make active').click();
  await says(ann.page, /It is said/);
  const merged = { points: 7, description: MARKUP };
  t.match(await newest(RULE), { version: 3, state: 'active', document: merged });
  // Both press at the same moment, over the same version: one of them is told.
  await ann.open(edit, 'definition-edit');
  await bob.open(edit, 'definition-edit');
  for (const [{ page }, points] of [
    [ann, '8'],
    [bob, '9'],
  ] as const) {
    await input(page, 'points').fill(points);
    await says(page, 'The ledger accepts it.');
  }
  await Promise.all([ann, bob].map(({ page }) => button(page, 'Make active').click()));
  const told = await Promise.all(
    [ann, bob].map(async ({ page }) => {
      const said = page.getByText(/It is said|Somebody else has said version 4/).first();
      await said.waitFor();
      return (await said.textContent())?.startsWith('It is said');
    }),
  );
  t.same(told.filter(Boolean).length, 1, 'one was quicker');
  const late = told[0] ? bob : ann;
  const theirs = told[0] ? 8 : 9;
  await says(late.page, /Both of you have changed these fields/);
  await late.page.getByLabel('Points', { exact: true }).first().selectOption('theirs');
  t.same(await faults(late), []);
  await button(late.page, 'Put my changes on theirs').click();
  await until('the form has theirs', async () => {
    return (await input(late.page, 'points').inputValue()) === String(theirs);
  });
  t.match(await newest(RULE), { version: 4, document: { points: theirs } });
  await ann.open(`definitions/${RULE}?a=1&b=4`, 'definition');
  const changed = ann.page.getByRole('row', { name: /description/ });
  await changed.waitFor();
  t.match(await changed.textContent(), /window\.hit/, 'any two versions are compared');
  t.same(await faults(ann), []);
  await sure(`PUT /v1/definitions/${RULE}`, {
    state: 'active',
    document: { programme: 'shop', event: 'REVIEW', points: 5 },
  });
}

async function seconded({ t, ann, bob, sure, newest }: All): Promise<void> {
  const at = 'correction/desk';
  const document = { asset: 'points', mostUp: 500, mostDown: 500, approvals: 1 };
  await sure(`PUT /v1/definitions/${at}`, { state: 'active', document });
  await ann.open(`definitions/${at}/edit`, 'definition-edit');
  await input(ann.page, 'mostUp').fill('900');
  await says(ann.page, /takes a second person/);
  t.equal(await button(ann.page, 'Make active').getAttribute('aria-disabled'), 'true');
  await button(ann.page, 'Save as draft').click();
  await says(ann.page, 'The draft is saved as version 2.');
  t.match(await newest(at), { state: 'draft', version: 2 });
  await ann.open(`definitions/${at}`, 'definition');
  await button(ann.page, 'Make this draft active').click();
  await ann.page.getByRole('alert').first().waitFor();
  t.match(await newest(at), { state: 'draft' }, 'not by who drafted it');
  await bob.open(`definitions/${at}`, 'definition');
  await bob.page
    .getByRole('row', { name: /mostUp.*500.*900/ })
    .first()
    .waitFor();
  await button(bob.page, 'Make this draft active').click();
  await says(bob.page, /It is said/);
  t.match(await newest(at), { state: 'active', document: { mostUp: 900 } });
}

async function nested({ t, ann, newest }: All): Promise<void> {
  const { page } = ann;
  const at = 'lottery/shop.lottery';
  await ann.open(`definitions/${at}/edit`, 'definition-edit');
  const before = (await newest(at)).document.prizes.length;
  await button(page, 'Add to Prizes').click();
  const added = `prizes[${before}]`;
  t.equal(
    await page.evaluate(`document.activeElement.closest('[data-field]').dataset.field`),
    `${added}.key`,
    'who adds one goes on with it',
  );
  await input(page, `${added}.key`).fill('cup');
  await input(page, `${added}.weight`).fill('1,000');
  await says(page, 'The ledger accepts it.');
  await input(page, `${added}.key`).fill('first');
  await page.locator('.error').first().waitFor();
  await page.getByRole('button', { name: 'Remove 1 of Prizes' }).click();
  await says(page, 'The ledger accepts it.');
  await page.evaluate('scrollTo(0, 0)');
  t.same(await faults(ann), []);
  await ann.open('definitions/campaign/reviews/edit', 'definition-edit');
  await input(page, 'from').fill('2026-03-29T02:30');
  await says(page, 'The ledger accepts it.');
  await button(page, 'JSON').click();
  const text = await page.locator('textarea').first().inputValue();
  t.equal(JSON.parse(text).from, Date.parse('2026-03-29T02:30+08:00'), 'in the programme’s zone');
  await page.locator('textarea').first().fill('{"programme": "shop", "mult');
  await says(page, 'This is no JSON object.');
}

async function simulated({ t, ann }: All): Promise<void> {
  const { page } = ann;
  await ann.open(`simulations?add=${RULE}`, 'simulations');
  await page.locator('summary', { hasText: RULE }).click();
  await input(page, 'points').fill('50');
  await button(page, 'Begin').click();
  await says(page, 'Members by difference');
  const address = new URL(page.url()).pathname.replace('/console/', '');
  t.match(address, /^simulations\/.+/);
  t.same(await faults(ann), []);
  const figures = await page.locator('.figures').first().textContent();
  t.match(figures, /As it was[\d,]+By these[\d,]+Difference\+90/);
  await ann.open(address, 'simulation');
  await says(page, 'Members by difference');
  await page.getByRole('link', { name: 'ann' }).first().waitFor();
  await ann.go('simulations', 'simulations');
  await page
    .getByRole('row', { name: new RegExp(`Done.*${RULE}`) })
    .first()
    .waitFor();
  t.same(await faults(ann), []);
}

async function campaigns({ t, ann, sure }: All): Promise<void> {
  const { page } = ann;
  await until('its cost is known', async () => {
    return (await sure('GET /v1/campaigns/reviews/cost')).cost === 5;
  });
  await ann.open('campaigns', 'campaigns');
  await page.getByRole('row', { name: /Double for reviews.*Running.*2×/ }).click();
  await says(page, 'Cost so far');
  t.match(await page.locator('.figures').first().textContent(), /Cost so far5/);
  t.same(await faults(ann), []);
}

async function budgets({ t, ann, sure }: All): Promise<void> {
  const { page } = ann;
  const document = { asset: 'points', name: MARKUP, budget: '#budget:spring', points: 10 };
  await sure('PUT /v1/definitions/offer/hello', { state: 'active', document });
  await ann.open('budgets', 'budgets');
  await page.getByRole('row', { name: /spring.*points.*hello/ }).waitFor();
  t.same(await faults(ann), []);
  await page.getByRole('link', { name: 'spring' }).click();
  await button(page, 'Put points in').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('How many').fill('500');
  await dialog.getByLabel('Reason').fill(MARKUP);
  const { lost } = await losing(page, isAct);
  await dialog.getByRole('button', { name: 'Put points in' }).click();
  await dialog.getByText('Done.', { exact: true }).waitFor();
  await page.unrouteAll({ behavior: 'wait' });
  t.equal(lost.length, 1, 'the answer was lost, and it was asked for again');
  await dialog.locator('.card-head button').click();
  t.match(await sure('GET /v1/budgets/spring/assets/points'), { available: 500, funded: 500 });
  await page.locator('.figures').getByText('500').first().waitFor();
  t.same(await faults(ann), []);
  await ann.go('leaderboards', 'leaderboards');
  await page.getByRole('link', { name: 'This month' }).click();
  await page.getByLabel('Member', { exact: true }).fill('ann');
  await says(page, 'Where ann stands');
  t.same(await faults(ann), []);
  await page.getByLabel('Period', { exact: true }).fill('never!');
  await says(page, /QUERY_INVALID/);
}

async function mall({ t, ann, sure }: All): Promise<void> {
  const { page } = ann;
  await ann.open('goods', 'goods');
  await page.getByRole('row', { name: /onerror/ }).waitFor();
  t.same(await faults(ann), []);
  await ann.go('goods/tea', 'good');
  await page.getByLabel('Pieces').fill('-1');
  await page.getByLabel('Reason').fill(MARKUP);
  await button(page, 'Change the stock').click();
  await says(page, 'The stock is changed.');
  t.match(await sure('GET /v1/goods/tea/stock'), { available: 99 });
  t.same(await faults(ann), []);
  await ann.go('goods/ebook', 'good');
  await page.getByText('Upload codes').first().click();
  await page.getByLabel('Codes, one a line').fill('NEW-1\nNEW-2\n\nNEW-1\n');
  await page.getByRole('button', { name: /^Upload codes/ }).click();
  await says(page, '2 added, 0 known before, 1 twice in the list.');
  t.equal(await page.getByLabel('Codes, one a line').inputValue(), '', 'kept nowhere');
  const receiver = { name: MARKUP, address: '1 Harbour Road' };
  const ordered = { owner: 'ann', goods: 'tea', quantity: 3, receiver };
  const { act } = await sure('POST /v1/orders', ordered);
  const { number } = act.effects.find((one: any) => one.number !== undefined);
  await until('it is listed', async () => {
    await ann.open('orders?state=pending', 'orders');
    return (await page.getByRole('link', { name: number }).count()) === 1;
  });
  await page.getByRole('link', { name: number }).click();
  await says(page, '1 Harbour Road');
  t.same(await faults(ann), []);
  await page.getByLabel('Quantity').fill('l');
  await says(page, 'Is no whole number of pieces.');
  t.equal(await button(page, 'Send').getAttribute('aria-disabled'), 'true');
  await page.getByLabel('Quantity').fill('1');
  await page.getByLabel('Tracking').fill('SF-1');
  await button(page, 'Send').click();
  await page.getByRole('row', { name: /SF-1/ }).waitFor();
  await until('what is left is to be sent', async () => {
    await ann.open('fulfilment', 'fulfilment');
    return (
      (await page.getByRole('row', { name: new RegExp(`${number}.* 2 .*onerror`) }).count()) > 0
    );
  });
  t.same(await faults(ann), []);
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /^Download as CSV/ }).click(),
  ]);
  t.equal(file.suggestedFilename(), 'fulfilment.csv');
  await page.getByRole('link', { name: number }).click();
  await button(page, 'Cancel the order').click();
  await page.getByRole('dialog').getByLabel('Reason').fill('gone');
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel the order' }).click();
  await page.getByRole('dialog').getByText('Done.', { exact: true }).waitFor();
  t.match(await sure(`GET /v1/orders/${number}?owner=ann`), { shipped: 1, cancelled: 2 });
}

async function points({ t, ann, bob, sure }: All): Promise<void> {
  const { page } = ann;
  const dialog = page.getByRole('dialog');
  await ann.open('points', 'points');
  t.same(await faults(ann), []);
  await button(page, 'Define points').click();
  await dialog.getByLabel('Code').fill('Leaves!');
  t.equal(await dialog.getByRole('button', { name: 'Save' }).isDisabled(), true, 'no code');
  await dialog.getByLabel('Code').fill('leaves');
  await dialog.getByLabel(/^Expires after expiresAfter/).fill('P1M');
  t.same(await faults(ann), []);
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page
    .getByRole('row', { name: /leaves/ })
    .getByText('P1M')
    .waitFor();
  t.match((await sure('GET /v1/assets/leaves')).expiresAfter, 'P1M');
  // Both have opened it: who comes second is told, and overwrites nothing.
  await bob.open('points', 'points');
  for (const one of [ann, bob])
    await one.page
      .getByRole('row', { name: /leaves/ })
      .getByRole('button')
      .click();
  for (const [one, period] of [
    [ann, 'P2M'],
    [bob, 'P3M'],
  ] as const) {
    const form = one.page.getByRole('dialog');
    await form.getByLabel(/^Expires after expiresAfter/).fill(period);
    await form.getByRole('button', { name: 'Save' }).click();
    if (one === bob) await says(bob.page, 'DEFINITION_VERSION_MISMATCH');
    else await form.waitFor({ state: 'detached' });
  }
  t.match((await sure('GET /v1/assets/leaves')).expiresAfter, 'P2M');
}

async function vouchers({ t, ann, sure }: All): Promise<void> {
  const { page } = ann;
  await ann.open('coupons', 'coupons');
  await page.getByLabel('Code', { exact: true }).fill('welcome10');
  await button(page, 'Look it up').click();
  await says(page, 'Shared');
  await ann.go('coupons/THNK', 'coupon');
  await page.getByLabel('How many there are to be').fill('5');
  await button(page, 'Make codes').click();
  await says(page, 'There are 5 codes.');
  t.match((await sure('GET /v1/definitions/coupon/THNK')).versions.at(-1).document, { count: 5 });
  await ann.go('cards', 'cards');
  await page.getByLabel('Worth').fill('30');
  const { lost } = await losing(page, isAct);
  const ids: string[] = [];
  page.on('request', (request) => {
    if (/\/v1\/cards$/.test(request.url())) ids.push(request.postDataJSON().id);
  });
  await button(page, 'Issue a card').click();
  const code = page.locator('.id code').first();
  await code.waitFor();
  await page.unrouteAll({ behavior: 'wait' });
  t.equal(lost.length, 1, 'the answer was lost');
  t.equal(new Set(ids).size, 1, 'and it was asked for again under its id: there is one card');
  t.equal(ids.length, 2);
  const text = (await code.textContent())?.trim() ?? '';
  await page.getByLabel('Code of the card').last().fill(text);
  await page.getByRole('button', { name: 'Look it up' }).click();
  await says(page, 'Give it another end');
  t.match(page.url(), /\/console\/cards\/./);
  t.notMatch(page.url(), new RegExp(text), 'the code is in no address');
  t.same(await faults(ann), []);
}

async function many({ t, ann, sure }: All): Promise<void> {
  const { page } = ann;
  const count = campaign({ name: 'goods of the console', long: 100_000, sample: 200 }).count;
  const document = { programme: 'shop', price: 5, delivery: 'card', cardAmount: 5 };
  for (let from = 0; from < count; from += 500) {
    const some = Array.from({ length: Math.min(500, count - from) }, (_, n) => ({
      ...{ kind: 'goods', key: `many-${String(from + n).padStart(6, '0')}`, state: 'draft' },
      document: { ...document, name: `Goods ${from + n}` },
    }));
    await sure('POST /v1/definitions', some);
  }
  await ann.open('definitions/goods?q=many-', 'definitions-of');
  const scroll = page.locator('.table-scroll').first();
  const last = `many-${String(Math.min(count, 400) - 1).padStart(6, '0')}`;
  await until('the last one has come', async () => {
    await scroll.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    return (await page.getByRole('link', { name: last }).count()) === 1 || undefined;
  });
  const rows = await page.locator('.table-scroll tbody tr').count();
  t.ok(rows < 100, `${rows} rows in the document`);
}
