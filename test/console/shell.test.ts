// The console's shell in a real browser: signing in by key, by invitation, with one-time codes; the palette and the search; what a role may not see; two operators at
// once; colours, languages, a phone. And how screens are found by words.

import { TOTP } from 'otpauth';
import t, { type Test } from 'tap';
import { CALLER_ACTS, OWN_ACTS, ACTS as PROGRAMME_ACTS } from '../../engine/programme/index.js';
import { ENTRY_TYPES } from '../../engine/protocol/outcomes.js';
import { REFUSALS } from '../../engine/protocol/refusals.js';
import {
  ACTS,
  CALLED,
  CALLED_ACTS,
  OPERATIONS,
} from '../../gateway/console/page/screens/members/act-words.js';
import { ranked } from '../../gateway/console/page/shell/finding.js';
import { ownWords, problemText } from '../../gateway/console/page/words/problems.js';
import { CHINESE } from '../../gateway/console/page/words/refusals-zh.js';
import { memoryStore, within } from '../../gateway/web/page/calls/stores.js';
import { shop } from '../gateway/shop.js';
import { browserOf } from '../member/browser.js';
import { type Console, consoleAt, faults, MARKUP, shown } from './console.js';

const PASSWORD = 'correct horse 电池';

t.test('screens are found by words', async (t) => {
  const entries = [
    { title: 'Orders', words: 'orders 订单 fulfilment' },
    { title: 'Members', words: 'members 会员' },
    { title: 'Report schedules', words: 'reports' },
    { title: 'Reports', words: 'charts' },
  ];
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['', ['Orders', 'Members', 'Report schedules', 'Reports']],
    ['ord', ['Orders', 'Report schedules']],
    ['订', ['Orders']],
    ['ＯＲＤＥＲ', ['Orders']],
    ['report', ['Report schedules', 'Reports']],
    ['sched rep', ['Report schedules']],
    ['mbr', ['Members']],
    ['x', []],
    ['( [', []],
  ];
  for (const [text, titles] of rows)
    t.same(
      ranked(text, entries).map(({ title }) => title),
      titles,
      text,
    );
});

t.test('every refusal has words in Chinese', async (t) => {
  const codes = Object.keys(REFUSALS);
  t.same(
    codes.filter((code) => !ownWords.has(code) && !Object.hasOwn(CHINESE, code)),
    [],
    'a line of gateway/console/page/words/refusals-zh.ts each',
  );
  t.same(
    Object.keys(CHINESE).filter((code) => !codes.includes(code)),
    [],
    'and none is of nothing',
  );
  const said = (code: string): string =>
    problemText('zh', { code, status: 400, detail: 'why $& {detail}' });
  t.equal(said('X_Y'), '操作未成功：why $& {detail}（X_Y）');
  t.equal(said('SQL_INVALID'), '无法执行此 SQL：why $& {detail}');
});

t.test('whatever is done has a name, and what callers ask for can be filtered', async (t) => {
  const missing = (words: { readonly en: object; readonly zh: object }, all: Iterable<string>) =>
    [...all].filter((name) => !Object.hasOwn(words.en, name) || !Object.hasOwn(words.zh, name));
  const acts = [...PROGRAMME_ACTS.keys(), ...OWN_ACTS.keys()];
  t.same(missing(ACTS, acts), [], 'a line of act-words.ts each');
  t.same(
    Object.keys(ACTS.en).filter((name) => !acts.includes(name)),
    [],
  );
  t.same([...CALLED_ACTS].sort(), [...CALLER_ACTS.keys()].sort());
  const operations = [...CALLED, ...ENTRY_TYPES];
  t.same(missing(OPERATIONS, operations), []);
});

t.test('a part of a store', async (t) => {
  const whole = memoryStore();
  const part = within(whole, 'console.');
  whole.set('jifen.action.1', 'a member’s');
  part.set('jifen.action.2', 'an operator’s');
  t.same(part.keys(), ['jifen.action.2']);
  part.remove('jifen.action.1');
  t.equal(whole.get('jifen.action.1'), 'a member’s');
});

t.test('operators at their desks', async (t) => {
  const served = await shop(t, [], 1);
  const { ask } = served;
  await ask('POST /v1/transfers', {
    id: 'T-1',
    legs: [{ from: '@issue', to: 'alice', asset: 'points', amount: 100 }],
  });
  const made = await ask('POST /v1/operators', {
    ...{ operator: 'vera', name: `Vera ${MARKUP}`, roles: ['viewer'] },
  });
  t.equal(made.status, 201, made.text);
  const browser = await browserOf(t);

  await t.test('by a key, in both languages and colours', async (t) => {
    const seen = await consoleAt(t, browser, served, { language: 'en' });
    const { page } = seen;
    await page.locator('[data-screen="signed-out"]').waitFor();
    t.same(await faults(seen), []);
    await page.getByLabel('With a key').check();
    await page.getByLabel('Key', { exact: true }).fill('jifen_key_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    await seen.signIn(served.key);
    await shown(page, 'home');
    t.same(await faults(seen), []);
    t.same(
      await page.evaluate<string[]>(
        '[...Object.values(sessionStorage), ...Object.values(localStorage)]',
      ),
      ['administrator', await page.evaluate<string>('localStorage.getItem("console.jifen.scope")')],
      'no key and no token is kept',
    );
    await page.getByRole('button', { name: /^Colours/ }).click();
    await page.getByRole('button', { name: /^Colours/ }).click();
    t.equal(await page.getAttribute('html', 'data-theme'), 'dark');
    await page.getByRole('button', { name: /中文/ }).click();
    t.equal(await page.getAttribute('html', 'lang'), 'zh-CN');
    await seen.open('account', 'account');
    t.same(await faults(seen), []);
  });

  await t.test('the palette, by keys alone', async (t) => {
    const seen = await consoleAt(t, browser, served, { language: 'en' });
    const { page } = seen;
    await seen.signIn(served.key);
    await shown(page, 'home');
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: 'Search' });
    await field.waitFor();
    t.same(await faults(seen), []);
    await field.fill('your acc');
    await page.getByRole('option', { name: /Your account/ }).waitFor();
    await page.keyboard.press('Enter');
    await shown(page, 'account');
    t.equal(await page.evaluate<string>('document.activeElement.tagName'), 'H1');
    await page.keyboard.press('/');
    await field.fill('T-1');
    await page.getByRole('option', { name: /T-1.*Transfer/ }).waitFor();
    await page.getByRole('option', { name: /Show all/ }).waitFor();
    await page.keyboard.press('ArrowUp');
    t.match(
      await page.evaluate<string>(
        'document.getElementById(document.activeElement.getAttribute("aria-activedescendant")).textContent',
      ),
      /Show all/,
    );
    await page.keyboard.press('Enter');
    await shown(page, 'search');
    await page.getByRole('rowheader', { name: 'T-1' }).waitFor();
    t.match(page.url(), /search\?q=T-1$/);
    t.same(await faults(seen), []);
    await page.getByRole('searchbox').fill(MARKUP);
    await page.keyboard.press('Enter');
    await page.getByText(/^Nothing is found/).waitFor();
    t.same(await faults(seen), []);
    await page.keyboard.press('Escape');
  });

  let secret = '';
  await t.test('by an invitation, then with one-time codes', async (t) => {
    const seen = await consoleAt(t, browser, served, { language: 'en', device: 'phone' });
    const { page } = seen;
    await page.goto(made.body.invitation);
    await page.getByRole('heading', { name: /^Welcome, Vera/ }).waitFor();
    t.notMatch(page.url(), /#/, 'the secret is out of the address');
    t.same(await faults(seen), []);
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByLabel('The same again').fill('another one');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('These are not the same.').waitFor();
    await page.getByLabel('The same again').fill(PASSWORD);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await shown(page, 'home');
    t.same(await faults(seen), []);
    await page.getByRole('button', { name: 'Menu', exact: true }).click();
    await page.getByRole('navigation', { name: 'Sections' }).waitFor();
    t.same(await faults(seen), []);
    await page.getByRole('button', { name: 'Close the menu' }).click();
    await seen.open('account', 'account');
    await page.getByRole('button', { name: 'Set up one-time codes' }).click();
    await page.getByLabel('Password of now').first().fill(PASSWORD);
    await page.getByRole('button', { name: 'Set up one-time codes' }).click();
    await page.getByRole('img', { name: 'The secret, to be scanned' }).waitFor();
    t.same(await faults(seen), []);
    await page.getByRole('button', { name: /^Show: Secret/ }).click();
    secret = (await page.locator('.secret code').textContent()) ?? '';
    const code = new TOTP({ secret }).generate({ timestamp: served.server.engine.now() });
    await page.getByRole('textbox', { name: 'One-time code' }).fill(code);
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByText(/^Codes count from now on/).waitFor();
    await page.getByText('Signing in takes a code.').waitFor();
    t.same(await faults(seen), []);
    await page.goto(made.body.invitation);
    await page.getByText(/^This link is used/).waitFor();
    t.same(await faults(seen), []);
  });

  await t.test('a role that may not: is not offered, and told why', async (t) => {
    const seen = await consoleAt(t, browser, served, { language: 'zh' });
    const { page } = seen;
    await page.getByLabel('操作员', { exact: true }).fill('vera');
    await page.getByLabel('密码').fill(PASSWORD);
    await page.getByRole('button', { name: '登录' }).click();
    const code = page.getByRole('textbox', { name: '动态验证码' });
    await code.waitFor();
    t.equal(await code.evaluate('document.activeElement.autocomplete'), 'one-time-code');
    t.same(await faults(seen), []);
    served.later(31_000);
    const timestamp = served.server.engine.now();
    await code.fill(new TOTP({ secret }).generate({ timestamp }));
    await page.getByRole('button', { name: '登录' }).click();
    await shown(page, 'home');
    t.notOk(await page.getByRole('link', { name: /审计/ }).isVisible());
    t.same(await faults(seen), []);
    await another(t, seen);
  });

  /** The same cookie in another tab: who signs out there is out here, too. */
  async function another(t: Test, seen: Console): Promise<void> {
    const tab = await seen.tab();
    await tab.goto(`${served.server.address}/console/account`);
    await shown(tab, 'account');
    await tab.getByRole('button', { name: '退出登录' }).click();
    await tab.locator('[data-screen="signed-out"]').waitFor();
    await seen.page.locator('[data-screen="signed-out"]').waitFor();
    t.same(seen.problems, []);
  }
});
