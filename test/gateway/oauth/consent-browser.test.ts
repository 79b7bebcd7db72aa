// Signing in and consent in a real browser: by a person on a phone and at a desk, in both languages, by keyboard alone, without scripts; and what pages of others
// try.

import type { Browser, Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { browserOf, comesTo, fits, type Looking, look, violations } from '../../member/browser.js';
import { until } from '../../until.js';
import {
  type AppClient,
  type ConsentWorld,
  consentWorld,
  emailOf,
  PASSWORD,
  type Site,
  site,
} from './consent-world.js';

t.setTimeout(0);

const MARKUP = '"><img src=x onerror="window.hit=1"><script>window.hit=2</script>';

interface Cast {
  readonly world: ConsentWorld;
  readonly browser: Browser;
  readonly back: Site;
  readonly client: AppClient;
}

async function cast(t: Test): Promise<Cast> {
  const [world, browser, back] = await Promise.all([consentWorld(t), browserOf(t), site(t)]);
  return { world, browser, back, client: await world.client(back.uri, { name: MARKUP }) };
}

const signIn = async (page: Page, login = emailOf('ann')): Promise<void> => {
  await page.fill('#login', login);
  await page.fill('#password', PASSWORD);
  await page.click('button[value=sign-in]');
};
const parametersOf = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);
const arrived = async (t: Test, page: Page, { uri }: AppClient, state = 'here') => {
  await comesTo(page, `${uri}?*`);
  const { code = '', ...told } = parametersOf(page);
  t.match(told, { state, iss: /^http/ });
  return code;
};
/** Nothing is wrong with a page for who cannot see it, or sees little of it. */
const sound = async (t: Test, page: Page, name: string): Promise<void> => {
  t.same(await violations(page), [], name);
  t.ok(await fits(page), `${name} fits`);
  t.equal(await page.evaluate('window.hit'), undefined, name);
};

t.test('a person signs in and permits', async (t) => {
  const { world, browser, back, client } = await cast(t);
  const path = (more = {}) => world.address + world.authorize(client, more);

  const ways: readonly (Looking & { readonly wrong: RegExp; readonly other: string })[] = [
    { device: 'phone', language: 'zh', scheme: 'dark', wrong: /不正确/, other: 'English' },
    { device: 'desk', language: 'en', scheme: 'light', wrong: /is wrong/, other: '中文' },
  ];
  for (const { wrong, other, ...way } of ways)
    t.test(`${way.device} ${way.language}`, async (t) => {
      const { page, problems, hosts } = await look(t, browser, way);
      const scope = 'profile read:shop redeem transfer';
      await page.goto(path({ scope, prompt: 'consent' }));
      await sound(t, page, 'login');
      await page.fill('#login', emailOf('ann'));
      await page.fill('#password', 'not that one');
      await page.click('button[value=sign-in]');
      t.match(await page.textContent('[role=alert]'), wrong);
      await sound(t, page, 'wrong password');
      await page.getByText(other).click();
      t.not(await page.getAttribute('html', 'lang'), way.language === 'zh' ? 'zh-Hans' : 'en');
      await signIn(page);
      await page.waitForSelector('fieldset');
      t.match(await page.textContent('main'), emailOf('ann'));
      await sound(t, page, 'consent');
      await page.uncheck('#scope3');
      await page.dblclick('button[value=allow]');
      const code = await arrived(t, page, client);
      const codes = back.asked.filter((url) => url.includes(`code=`));
      t.same(
        [...new Set(codes.map((url) => new URL(url, back.origin).searchParams.get('code')))],
        [code],
        'one code',
      );
      back.asked.length = 0;
      t.match(JSON.parse((await world.exchange(client, code)).text), {
        scope: 'profile read:shop redeem',
      });
      // The way back: the request is asked anew.
      await page.goBack();
      await page.waitForSelector('fieldset');
      await page.click('button[value=deny]');
      await comesTo(page, `${client.uri}?error=access_denied*`);
      t.same(problems, []);
      t.same([...hosts].sort(), [new URL(world.address).host, new URL(back.origin).host].sort());
    });

  t.test('by keyboard alone', async (t) => {
    const { page } = await look(t, browser, { device: 'desk', language: 'en' });
    await page.goto(path({ scope: 'profile read transfer', prompt: 'consent' }));
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const focused = () =>
      page.evaluate<string>(
        'document.activeElement.id || document.activeElement.value || document.activeElement.textContent',
      );
    await press('Tab');
    t.equal(await focused(), 'login');
    t.not(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'none');
    await page.keyboard.type(emailOf('ann'));
    await press('Enter');
    await page.keyboard.press('Tab');
    // The browser itself says that the password is missing, and where.
    await page.focus('#password');
    await page.keyboard.type(PASSWORD);
    await press('Enter');
    await page.waitForSelector('fieldset');
    await press('Tab');
    t.equal(await focused(), 'Use another account');
    await press('Tab', 'Space', 'Tab', 'Tab');
    t.equal(await focused(), 'scope2');
    await press('Tab');
    t.equal(await focused(), 'allow');
    await press('Enter');
    const { text } = await world.exchange(client, await arrived(t, page, client));
    t.match(JSON.parse(text), { scope: 'read transfer' });
  });

  t.test('without scripts, also by a link that was sent', async (t) => {
    const context = await browser.newContext({ javaScriptEnabled: false, locale: 'en-GB' });
    t.teardown(() => context.close());
    const page = await context.newPage();
    await world.sure('PUT /v1/members/cat/contact', { email: emailOf('cat'), language: 'en' });
    await world.sure('POST /v1/members/cat/invitations', {});
    const link = await world.link(emailOf('cat'));
    await page.goto(link);
    await page.fill('#letter', link);
    await page.click('button[value=look]');
    await page.fill('#login', 'cat');
    await page.fill('#password', PASSWORD);
    await page.click('button[value=use]');
    await comesTo(page, `${world.address}/me`);
    await page.goto(path({ prompt: 'login' }));
    await page.fill('#login', 'cat');
    await page.fill('#password', PASSWORD);
    await page.click('button[value=sign-in]');
    await page.click('button[value=allow]');
    t.match(await arrived(t, page, client), /^jifen_ac_/);
  });

  t.test('a link that was sent: its secret is told to nobody but the form', async (t) => {
    const { page } = await look(t, browser, { device: 'phone', language: 'en' });
    const asked: string[] = [];
    page.on('request', (request) =>
      asked.push(`${request.url()} ${JSON.stringify(request.headers())}`),
    );
    await page.goto(`${world.address}/sign-in/reset`);
    await sound(t, page, 'reset');
    await page.fill('#login', emailOf('bob'));
    await page.click('button[value=send]');
    await page.waitForSelector('[role=status]');
    const link = await world.link(emailOf('bob'), 2);
    const { hash } = new URL(link);
    await page.goto(link);
    await page.waitForSelector('#password');
    t.equal(page.url(), `${world.address}/letters/reset`);
    await sound(t, page, 'letter');
    await page.fill('#password', 'password');
    await page.click('button[value=use]');
    await page.waitForSelector('#password-wrong');
    t.equal(await page.evaluate('document.activeElement.id'), 'password');
    await sound(t, page, 'weak password');
    await page.fill('#password', PASSWORD.replace('horse', 'house'));
    await page.click('button[value=use]');
    await comesTo(page, `${world.address}/me`);
    t.same(
      asked.filter((one) => one.split('#')[0]?.includes(hash.slice(1))),
      [],
    );
    for (const one of asked) t.notMatch(one.replace(/^\S+/, ''), hash.slice(1));
  });

  t.test('two tabs, and another account in one of them', async (t) => {
    const { page, tab } = await look(t, browser, { device: 'desk', language: 'en' });
    await page.goto(path({ state: 'one', prompt: 'consent' }));
    const other = await tab();
    await other.goto(path({ state: 'two', prompt: 'consent' }));
    await signIn(page);
    await page.waitForSelector('fieldset');
    await signIn(other, 'cat');
    await other.waitForSelector('fieldset');
    await page.click('button[value=allow]');
    t.match(await page.textContent('[role=alert]'), /Somebody else is signed in/);
    t.match(await page.textContent('main'), 'cat');
    await page.click('button[value=allow]');
    await other.click('button[value=allow]');
    await arrived(t, page, client, 'one');
    await arrived(t, other, client, 'two');
  });
});

t.test('pages of others get nothing', async (t) => {
  const { world, browser, client } = await cast(t);
  const path = world.address + world.authorize(client, { scope: 'transfer' });
  const { page, context, tab, problems } = await look(t, browser, {
    device: 'desk',
    language: 'en',
  });
  await page.goto(path);
  await signIn(page);
  await page.waitForSelector('fieldset');
  const fields = await page.$$eval('main input', (all) =>
    all.map((one) => `<input name="${(one as any).name}" value="${(one as any).value}">`),
  );
  const action = world.address + (await page.getAttribute('main form', 'action'));
  const hidden = `${fields.join('')}<input name="decision" value="allow">`;
  const form = `<form method="post" action="${action.replaceAll('&', '&amp;')}">${hidden}</form>`;
  const send = '<script>document.forms[0].submit()</script>';

  await t.test('forms', async (t) => {
    // By another port, which is the same site: cookies come along; by another name: they do not.
    for (const host of ['127.0.0.1', 'localhost']) {
      const evil = await site(t, `${form}${send}`);
      const other = await tab();
      await other.goto(evil.origin.replace('127.0.0.1', host));
      await comesTo(other, action);
      t.notOk(other.url().startsWith(client.uri));
      t.ok(await until('a page', () => other.$('[role=alert], #password')));
      await other.close();
    }
  });

  await t.test('fetch', async (t) => {
    const evil = await site(t);
    const other = await tab();
    await other.goto(evil.origin);
    const asks = (url: string, init: object) =>
      other.evaluate<string>(
        `fetch(${JSON.stringify(url)}, ${JSON.stringify(init)}).then((a) => a.text(), (e) => 'refused: ' + e.name)`,
      );
    const body = await page.$$eval('main input', (all) =>
      new URLSearchParams(
        all.map((one: any): [string, string] => [one.name, one.value]),
      ).toString(),
    );
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const init = {
      method: 'POST',
      headers,
      body: `${body}&decision=allow`,
      credentials: 'include',
    };
    t.equal(await asks(action, init), 'refused: TypeError');
    t.equal(
      await asks(action, { ...init, mode: 'no-cors', redirect: 'follow' }),
      'refused: TypeError',
    );
    t.equal(
      await asks(path, { credentials: 'include' }),
      'refused: TypeError',
      'nor can it be read',
    );
  });

  await t.test('frames', async (t) => {
    const evil = await site(
      t,
      [
        path,
        `${world.address}/sign-in`,
        `${world.address}/letters/reset`,
        `${world.address}/sign-out`,
      ]
        .map((url) => `<iframe src="${url.replaceAll('&', '&amp;')}"></iframe>`)
        .join(''),
    );
    const other = await tab();
    await other.goto(evil.origin);
    const frames = other.frames().filter((frame) => frame !== other.mainFrame());
    t.equal(frames.length, 4);
    const refused = () => problems.filter((text) => text.includes("frame-ancestors 'none'"));
    await until('all are refused', async () => refused().length >= frames.length);
    for (const frame of frames) t.equal(await frame.$('form, a'), null);
  });

  const { applications } = await world.sure('GET /v1/members/ann/applications');
  t.same(applications, [], 'nothing was given');
  await page.click('button[value=allow]');
  await arrived(t, page, client);
  t.equal((await context.cookies(client.uri)).filter(({ httpOnly }) => !httpOnly).length, 0);
});
