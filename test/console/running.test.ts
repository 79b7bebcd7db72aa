// The console's screens of what runs the ledger, in a real browser: platforms, keys, webhooks, partners, clearing, reports, operators, health. Main ways, who must not
// see or do, text from outside, two people at once.

import { readFileSync } from 'node:fs';
import type { Locator } from 'playwright-core';
import t from 'tap';
import { listening } from '../gateway/listening.js';
import { invitedOperator, OperatorBrowser } from '../gateway/operating.js';
import { outside } from '../gateway/outside.js';
import { reconciled } from '../gateway/reconciled.js';
import { PASSWORD } from '../gateway/signing-in.js';
import { browserOf } from '../member/browser.js';
import { until } from '../until.js';
import { type Console, consoleAt, faults, MARKUP } from './console.js';

const world = await outside(t, { ann: 1_000 });
const { ask } = world;
const sure = async (request: string, body?: object): Promise<any> => {
  const answer = await ask(request, body);
  if (answer.status >= 300) throw new Error(`${request}: ${answer.text}`);
  return answer.body;
};
const told = await listening(t);
const browser = await browserOf(t);
const admin = await consoleAt(t, browser, world, { language: 'en' });
await admin.signIn(world.key);

// Text from outside, wherever there is some.
const webhook = await sure('POST /v1/webhooks', { url: told.url, name: MARKUP });
const sms = {
  type: 'sms',
  url: 'https://sms.example/send',
  fields: { to: '{to}', text: '{text}', MARKUP },
};
const channel = await sure('POST /v1/channels', { ...sms, name: MARKUP });
await sure('POST /v1/keys', { name: MARKUP, operations: ['read'] });
const said = { name: MARKUP, redirectUris: ['https://app.example/cb'], scope: 'profile read' };
const client = await sure('POST /v1/oauth-clients', said);
await sure('PUT /v1/roles/night-shift', { operations: ['view', 'freeze'], description: MARKUP });
await sure('PUT /v1/platforms/c', { name: MARKUP });
await sure('POST /v1/imports', { name: 'elsewhere', digest: 'a'.repeat(64) });
const known = await reconciled(world, 'b', 1);
const exchange = await world.submit({ owner: 'ann', from: 'alpha', to: 'miles', amount: 100 });
await world.ended(exchange);

/** Somebody with roles, signed in at the console. */
async function as(name: string, roles: readonly string[]): Promise<Console> {
  const invitation = await invitedOperator(world, name, roles);
  const own = new OperatorBrowser(world.server.address);
  await own.ask('POST /operator/invitation', { invitation, password: PASSWORD });
  const seen = await consoleAt(t, browser, world, { language: 'en' });
  await seen.signInAs(name, PASSWORD);
  return seen;
}

const button = ({ page }: Console, name: string): Locator =>
  page.getByRole('button', { name, exact: true }).first();
const dialog = ({ page }: Console): Locator => page.getByRole('dialog');
/** Presses a button, and the one of the dialog that it opens. */
async function does(seen: Console, name: string, fill: Readonly<Record<string, string>> = {}) {
  await button(seen, name).click();
  const asked = dialog(seen);
  for (const [label, value] of Object.entries(fill)) await asked.getByLabel(label).fill(value);
  await asked.getByRole('button', { name, exact: true }).click();
}
const closed = async (seen: Console): Promise<void> => {
  await dialog(seen).getByRole('button', { name: 'Close', exact: true }).last().click();
  await dialog(seen).waitFor({ state: 'detached' });
};

t.test('every screen is there, reads well and lets no markup live', async (t) => {
  const screens = [
    ...['platforms', 'keys', 'clients', 'operators', 'roles', 'partners', 'partner-exchanges'],
    ...['inconsistencies', 'reconciliations', 'clearing', 'disputes', 'rates', 'webhooks'],
    ...['channels', 'reports', 'report-schedules', 'sql', 'status'],
    ...['alerts', 'alert-rules', 'silences', 'personal-data', 'anchor', 'imports'],
  ].map((one) => [one, one] as const);
  const ones = [
    ['platforms/c', 'platform'],
    [`clients/${client.id}`, 'client'],
    ['partners/b', 'partner'],
    [`partner-exchanges/${exchange}`, 'partner-exchange'],
    ['pending-exchanges/alpha', 'pending-exchanges'],
    [`inconsistencies/${known.inconsistency?.[0]}`, 'inconsistency'],
    [`reconciliations/${known.reconciliation?.[0]}`, 'reconciliation'],
    ['clearing/main', 'coalition'],
    ['rates?from=alpha&to=miles&platform=a', 'rates'],
    [`webhooks/${webhook.id}`, 'webhook'],
    [`channels/${channel.id}`, 'channel'],
    ['reports/daily', 'report'],
    ['imports/elsewhere', 'import'],
    // What stands in an address is text, too.
    [`keys?q=${encodeURIComponent(MARKUP)}`, 'keys'],
    [`reports/${encodeURIComponent(MARKUP)}`, 'report'],
  ] as const;
  const looked = new Set([
    ...['keys', 'roles', 'partner-exchanges', 'disputes', 'rates', 'webhooks', 'sql', 'status'],
    ...['platform', 'partner-exchange', 'reconciliation', 'coalition', 'channel', 'report'],
    ...['alerts', 'alert-rules', 'silences', 'personal-data', 'imports', 'import'],
  ]);
  for (const [path, screen] of [...screens, ...ones]) {
    await admin.go(path, screen);
    // Screens that are made alike are looked at once.
    if (looked.delete(screen)) t.same(await faults(admin), [], path);
    t.equal(await admin.page.evaluate('window.hit'), undefined, `${path}: markup is text`);
    t.same(admin.problems, [], path);
  }
});

/** Addresses of what is not there. */
const MISSING: readonly string[] = [
  'members/ann/transfers/none',
  'definitions/rule/none',
  'definitions/none',
  'campaigns/none',
  'goods/none',
  'coupons/none',
  'cards/none',
  'operators/none',
  'platforms/none',
  'webhooks/none',
  'channels/none',
  'clients/none',
  'report-schedules/none',
  'inconsistencies/none',
  'reconciliations/none',
  'clearing/none',
  'partners/none',
  'partner-exchanges/none',
  'imports/none',
  'leaderboards/none',
  'members/ann/draws/none',
];

t.test('what is not there is named, and nothing is offered that cannot be done', async (t) => {
  const { page } = admin;
  for (const path of MISSING) {
    await page.goto(`${world.server.address}/console/${path}`);
    await page.getByText('“none” is not there.').first().waitFor();
    const buttons = await page.locator('main').getByRole('button').allInnerTexts();
    // A list of a kind that there is not still has its filters.
    t.same(
      buttons.filter((text) => !/^(New|Copy|All)?$/.test(text)),
      [],
      path,
    );
    t.notMatch(
      (await page.locator('main').textContent()) ?? '',
      /(key|kind|id|operator|card): There/,
      path,
    );
  }
  t.same(await faults(admin), []);
});

t.test('a phone, in Chinese and in the dark', async (t) => {
  const looking = { device: 'phone', language: 'zh', scheme: 'dark' } as const;
  const seen = await consoleAt(t, browser, world, looking);
  await seen.signIn(world.key);
  for (const [path, screen] of [
    ['status', 'status'],
    ['reports/liability', 'report'],
    ['clearing/main', 'coalition'],
    [`webhooks/${webhook.id}`, 'webhook'],
  ] as const) {
    await seen.go(path, screen);
    t.same(await faults(seen), [], path);
  }
  await seen.go('keys', 'keys');
  await button(seen, '新增密钥').click();
  t.same(await faults(seen), [], 'a form');
});

t.test('a key is shown once, and ended', async (t) => {
  const { page } = admin;
  await admin.go('keys', 'keys');
  await button(admin, 'New key').click();
  await button(admin, 'Save').click();
  t.equal((await ask('GET /v1/keys')).body.keys.length, 1, 'nothing is sent half filled in');
  await dialog(admin).getByLabel(/^Name/).fill('till');
  await dialog(admin).getByLabel('read', { exact: true }).check();
  await button(admin, 'Save').click();
  await dialog(admin).getByRole('button', { name: /^Show/ }).click();
  const key = (await dialog(admin).locator('code').textContent()) ?? '';
  t.match(key, /^jifen_key_/);
  t.equal((await ask('GET /v1/assets', undefined, { Authorization: `Bearer ${key}` })).status, 200);
  await button(admin, 'I have copied it').click();
  await admin.open('keys?q=till', 'keys');
  t.notOk((await page.content()).includes(key), 'it is nowhere any more');
  await page.getByRole('button', { name: /^End it/ }).click();
  await dialog(admin).getByRole('button', { name: 'End it', exact: true }).click();
  await until('it is ended', async () => {
    const answer = await ask('GET /v1/assets', undefined, { Authorization: `Bearer ${key}` });
    return answer.status === 401;
  });
});

t.test('a webhook is tried, replayed, fails, is retried', async (t) => {
  const { page } = admin;
  await admin.go(`webhooks/${webhook.id}`, 'webhook');
  await does(admin, 'Send a test');
  await dialog(admin)
    .getByText(/^Delivered: 204/)
    .waitFor();
  t.ok(told.arrived.some(({ event }) => event.type === 'webhook.test'));
  await closed(admin);
  const before = told.arrived.length;
  await does(admin, 'Replay', { 'From when': '0:1,1:1,2:1' });
  await until('it is told again', async () => told.arrived.length > before);
  await closed(admin);
  await page.getByRole('region', { name: 'Attempts' }).getByText('204').first().waitFor();
  await does(admin, 'Pause');
  await button(admin, 'Resume').waitFor();
  t.equal((await ask(`GET /v1/webhooks/${webhook.id}`)).body.state, 'paused');
});

t.test('what does not agree is resolved with a reason, a cycle is closed', async (t) => {
  const [id] = known['inconsistency to resolve'] ?? [];
  await admin.go(`inconsistencies/${id}`, 'inconsistency');
  await button(admin, 'Resolve').click();
  await dialog(admin).getByRole('button', { name: 'Resolve', exact: true }).click();
  t.equal((await ask(`GET /v1/inconsistencies/${id}`)).body.state, 'open', 'not without a reason');
  await dialog(admin).getByLabel('Reason').fill(MARKUP);
  await dialog(admin).getByRole('button', { name: 'Resolve', exact: true }).click();
  await admin.page.locator('main').getByText('resolved', { exact: true }).waitFor();
  const { reason, by } = await sure(`GET /v1/inconsistencies/${id}`);
  t.same([reason, by], [MARKUP, 'administrator']);
  await admin.go('clearing/main', 'coalition');
  await does(admin, 'Close a cycle');
  await admin.page.locator('main[data-screen="cycle"]').waitFor();
  const [file] = await Promise.all([
    admin.page.waitForEvent('download'),
    button(admin, 'json').click(),
  ]);
  t.equal(JSON.parse(readFileSync(await file.path(), 'utf8')).cycle, 1, 'its signed statement');
  t.same(await faults(admin), []);
});

t.test('a report is drawn, read without seeing it, saved; SQL is asked', async (t) => {
  const { page } = admin;
  await admin.go('reports/daily', 'report');
  const chart = page.getByRole('slider').first();
  await chart.waitFor();
  await chart.focus();
  await page.keyboard.press('Home');
  // Around midnight there are two days of it, and what is said follows the key a moment later.
  await page.locator('[role="slider"][aria-valuetext*="Earned 1,000"]').first().waitFor();
  await page
    .getByRole('button', { name: /^Show as table/ })
    .first()
    .click();
  t.match(await page.locator('.chart-table').first().textContent(), /1,000/);
  t.same(await faults(admin), []);
  const [file] = await Promise.all([page.waitForEvent('download'), button(admin, 'CSV').click()]);
  t.match(readFileSync(await file.path(), 'utf8'), /alpha,.*1000/);
  await page.getByLabel('Split by').selectOption('kind');
  await until('it is asked anew', async () => page.url().includes('group=kind'));
  await page.getByRole('slider').first().waitFor();
  await admin.go('sql', 'sql');
  await page.getByLabel('Query').fill("SELECT 7 AS n, '<b>' || owner AS o FROM entries");
  await button(admin, 'Ask').click();
  await page.getByRole('cell', { name: /<b>/ }).first().waitFor();
  await page.getByLabel('Query').fill('DELETE FROM entries');
  await button(admin, 'Ask').click();
  await page.getByRole('alert').waitFor();
});

t.test('who may see may not do; who may neither is offered nothing', async (t) => {
  const viewer = await as('vera', ['viewer']);
  for (const [path, screen] of [
    ...[
      ...['platforms', 'keys', 'operators', 'roles', 'webhooks', 'report-schedules', 'status'],
      ...['personal-data', 'alerts', 'silences'],
    ].map((one) => [one, one] as const),
    ['platforms/c', 'platform'],
    ['partners/b', 'partner'],
    ['clearing/main', 'coalition'],
    [`inconsistencies/${known.inconsistency?.[0]}`, 'inconsistency'],
  ] as const) {
    await viewer.go(path, screen);
    const buttons = await viewer.page
      .locator('main .head-actions, main .table-scroll')
      .getByRole('button')
      .allInnerTexts();
    t.same(buttons, [], `${path}: nothing to do`);
  }
  t.equal(await viewer.page.getByRole('link', { name: 'SQL' }).count(), 0);
  await viewer.go('sql', 'sql');
  await viewer.page.getByText('You may not see this').waitFor();
  await sure('PUT /v1/roles/watch', { operations: ['freeze'] });
  const watch = await as('wanda', ['watch']);
  for (const name of ['Platforms', 'Keys', 'Operators', 'Reports', 'Health and shards'])
    t.equal(await watch.page.getByRole('link', { name, exact: true }).count(), 0, name);
  await watch.go('keys', 'keys');
  await watch.page.getByText('You may not see this').waitFor();
});

t.test('two people change the same: the second is told, and overwrites nothing', async (t) => {
  await admin.go('roles', 'roles');
  const row = admin.page.getByRole('row', { name: /night-shift/ });
  await row.getByRole('button', { name: 'Change' }).click();
  const { version } = await sure('GET /v1/roles/night-shift');
  const other = { operations: ['view'], description: 'days', ifVersion: version };
  await sure('PUT /v1/roles/night-shift', other);
  await dialog(admin).getByLabel('Description').fill('nights');
  await button(admin, 'Save').click();
  await dialog(admin).getByText('Somebody else changed this meanwhile', { exact: false }).waitFor();
  t.equal((await sure('GET /v1/roles/night-shift')).description, 'days');
  t.same(await faults(admin), []);
});
