// What members do on their page, on a phone and at a desk, in both languages: every main way, in a real browser on a real server, with axe-core on every screen.

import { readFile } from 'node:fs/promises';
import t, { type Test } from 'tap';
import { ACCOUNT } from '../../gateway/member/page/screens/account/words.js';
import { GIVE } from '../../gateway/member/page/screens/give/words.js';
import { MALL } from '../../gateway/member/page/screens/mall/words.js';
import { type Language, textOf } from '../../gateway/web/page/words/words.js';
import { until } from '../until.js';
import { browserOf, type Device, fits, type Look, look, violations } from './browser.js';
import { join, open, signIn } from './signed-in.js';
import { DRAW_PERIOD_MS, MARKUP, memberWorld } from './world.js';

const world = await memberWorld(t, {
  limits: { checkpointMs: 200 },
  settings: { receipts: true },
});
const browser = await browserOf(t);
const MEMBERS = { ann: 3_100, bob: 500 } as const;
type Owner = keyof typeof MEMBERS;
for (const owner of Object.keys(MEMBERS)) await join(world, owner);

/** Texts of screens that have theirs beside them. */
const OTHERS = {
  en: { checkIn: 'Check in', checkedIn: 'Checked in today', draw: /^Draw for/, mine: 'My draws' },
  zh: { checkIn: '签到', checkedIn: '今日已签到', draw: /抽奖$/, mine: '我的抽奖' },
} as const;
const REST = {
  en: { check: 'Check this draw', right: /^The draw is right/, code: 'Show my code' },
  zh: { check: '验证这次抽奖', right: /^抽奖结果正确/, code: '查看我的邀请码' },
} as const;

/** Screens that are only looked at. */
const SCREENS = [
  'history',
  'tiers',
  'badges',
  'notices',
  'sessions',
  'applications',
  'links',
  'password',
  'data',
  'more',
];

/** A member at a page. */
class Visit {
  readonly #t: Test;
  readonly look: Look;
  readonly owner: Owner;
  readonly language: Language;

  constructor(t: Test, made: Look, owner: Owner, language: Language) {
    this.#t = t;
    this.look = made;
    this.owner = owner;
    this.language = language;
  }

  get page() {
    return this.look.page;
  }

  mall = (key: keyof (typeof MALL)['en'], values = {}): string =>
    textOf(MALL, this.language, key, values);
  give = (key: keyof (typeof GIVE)['en'], values = {}): string =>
    textOf(GIVE, this.language, key, values);
  account = (key: keyof (typeof ACCOUNT)['en'], values = {}): string =>
    textOf(ACCOUNT, this.language, key, values);

  /** Goes to a screen, and looks at it with axe-core once `shown` is there. */
  async at(path: string, shown?: string | RegExp, screen?: string): Promise<void> {
    await open(this.page, world, path, screen);
    if (shown !== undefined) await this.see(shown);
    await this.judge(path);
  }

  /** With axe-core on a phone; at a desk, too, in the whole campaign: it is most of what the test costs. */
  async judge(what: string): Promise<void> {
    const isLooked = this.look.device === 'phone' || process.env['JIFEN_LONG'] === '1';
    if (isLooked) this.#t.same(await violations(this.page), [], `axe: ${this.language} ${what}`);
    this.#t.ok(await fits(this.page), `nothing is wider than the screen: ${what}`);
  }

  see(text: string | RegExp): Promise<void> {
    return this.page.getByText(text).filter({ visible: true }).first().waitFor();
  }

  press(name: string | RegExp): Promise<void> {
    return this.page.getByRole('button', { name }).filter({ visible: true }).first().click();
  }

  fill(label: string, text: string): Promise<void> {
    return this.page.getByLabel(label).filter({ visible: true }).first().fill(text);
  }

  /** The file that it saves. */
  async saved(press: () => Promise<void>): Promise<string> {
    const [file] = await Promise.all([this.page.waitForEvent('download'), press()]);
    return readFile(await file.path(), 'utf8');
  }

  /** What the member has at hand comes to be this. */
  has(points: number, asset = 'points') {
    return until(`${this.owner} has ${points} ${asset}`, async () => {
      const now = await world.has(this.owner, asset);
      return now === points;
    });
  }
}

async function visit(t: Test, owner: Owner, device: Device, language: Language): Promise<Visit> {
  const made = await look(t, browser, { device, language });
  await signIn(made, world, owner);
  return new Visit(t, made, owner, language);
}

const number = (language: Language, value: number): string =>
  new Intl.NumberFormat(language === 'zh' ? 'zh-CN' : 'en-GB').format(value);

/** Every main way of a member. `isShort`: of the ways to spend, an order alone. */
async function ways(at: Visit, isShort = false): Promise<void> {
  const { owner, language, page } = at;
  let points: number = MEMBERS[owner];
  const others = { ...OTHERS[language], ...REST[language] };
  await at.at('', number(language, points));
  // Live: what comes from elsewhere is there without a reload.
  await world.ask('POST /v1/transfers', {
    legs: [{ from: '@issue', to: owner, asset: 'points', amount: 7 }],
  });
  points += 7;
  await at.see(number(language, points));

  await at.at('earn', others.checkIn);
  await at.press(others.checkIn);
  await at.see(others.checkedIn);
  points += 10;
  await at.has(points);

  // The mall: searched, ordered, sent where, cancelled.
  await at.at('mall', 'Cup');
  await at.fill(at.mall('search'), 'gre te');
  await page.keyboard.press('Enter');
  await page
    .getByRole('link', { name: /Green tea/ })
    .first()
    .click();
  await at.press(at.mall('redeem'));
  await at.fill(at.mall('receiver_name'), 'Ann');
  await at.fill(at.mall('receiver_phone'), '13812345678');
  await at.fill(at.mall('receiver_address'), '1 Nanjing Road');
  await at.see(at.mall('held'));
  await at.judge('an order');
  await at.press(new RegExp(at.mall('confirm', { points: '100.*' })));
  await page
    .getByRole('link', { name: at.mall('toOrder') })
    .first()
    .click();
  await at.see('1 Nanjing Road');
  await at.judge('order');
  await at.has(points - 100);
  await at.press(at.mall('cancelOrder'));
  await at.see(at.mall('cancelSure'));
  await at.judge('a dialog');
  await at.press(at.mall('cancelYes'));
  await at.see(at.mall('state_cancelled'));
  await at.has(points);

  if (!isShort) await spends(at, points);
  for (const path of SCREENS) await at.at(path);
}

/** Codes, coupons, gifts, exchanges, draws. */
async function spends(at: Visit, has: number): Promise<void> {
  const { owner, language, page } = at;
  const others = { ...OTHERS[language], ...REST[language] };
  let points = has;
  // Goods that are a code.
  await at.at('mall/ebook', undefined, 'goods');
  await at.press(at.mall('redeem'));
  await at.press(new RegExp(at.mall('confirm', { points: '100.*' })));
  await page
    .getByRole('link', { name: at.mall('toCodes') })
    .first()
    .click();
  await at.press(at.mall('showCodes'));
  await at.see(/BOOK-/);
  points -= 100;
  // A coupon, in the wallet at once.
  await at.at('mall/coupon', undefined, 'goods');
  await at.press(at.mall('redeem'));
  await at.press(new RegExp(at.mall('confirm', { points: '30.*' })));
  points -= 30;
  await at.has(points);
  await at.at('coupons');
  await at.at('orders', '电子书');

  await at.at('gift');
  await at.fill(at.give('to'), 'cat');
  await at.fill(at.give('amount'), '5');
  await at.press(at.give('next'));
  await at.see(at.give('sure'));
  await at.judge('a gift');
  await at.press(new RegExp(at.give('give', { points: '5.*' })));
  await at.see(new RegExp(at.give('given', { points: '5.*', to: 'cat' })));
  points -= 5;
  await at.has(points);

  const stars = await world.has(owner, 'stars');
  await at.at('exchange');
  await at.fill(at.give('giveAmount'), '100');
  await at.press(at.give('look'));
  await at.see(at.give('held'));
  await at.judge('an exchange');
  await at.press(new RegExp(at.give('confirm', { points: '82.5.*' })));
  await at.see(new RegExp(at.give('exchanged', { given: '.*', got: '.*' })));
  points -= 100;
  await at.has(points);
  await at.has(stars + 8_250, 'stars');

  await at.at('lottery', others.draw);
  await at.press(others.draw);
  await at.see(others.mine);
  await page.getByRole('button', { name: others.check }).first().waitFor();
  await at.at('referral', others.code);
  await at.press(others.code);
  await page
    .getByText(/^[A-HJ-NP-Z2-9]{6}$/)
    .first()
    .waitFor();
}

t.test('a phone, in English', async (t) => {
  const at = await visit(t, 'ann', 'phone', 'en');
  await ways(at);
  t.same(at.look.problems, []);
  t.same([...at.look.hosts], [new URL(world.server.address).host], 'nobody else is asked');

  // A draw is checked in the browser, once its seed is published.
  await world.later(2 * DRAW_PERIOD_MS);
  await open(at.page, world, 'lottery');
  await at.press(REST.en.check);
  await at.see(REST.en.right);

  // Sessions that are ended elsewhere: that browser is asked to sign in when it next wants something.
  const other = await visit(t, 'ann', 'desk', 'en');
  await open(other.page, world, '');
  await open(at.page, world, 'sessions');
  await at.page
    .getByRole('button', { name: /^End: / })
    .first()
    .waitFor();
  const ends = at.page.getByRole('button', { name: /^End: / });
  for (let left = await ends.count(); left > 0; left--) {
    await ends.first().click();
    await at.press(at.account('endYes'));
    await until('it is gone from the list', async () => (await ends.count()) === left - 1);
  }
  await other.page.reload();
  await other.page.getByRole('link', { name: 'Sign in' }).first().waitFor();

  await open(at.page, world, 'data');
  t.match(await at.saved(() => at.press(at.account('export'))), /"ann"/);
  await at.page.getByLabel(at.account('share_contacts')).click();
  await until('it may be given away', async () => {
    const { body } = await world.ask('GET /v1/members/ann/sharing');
    return body.share_contacts.isGiven;
  });
  await at.press(at.account('erasureAsk'));
  await at.press(at.account('erasureYes'));
  await at.see(at.account('erasureAsked'));
  await at.judge('that erasure is asked for');
  t.match((await world.ask('GET /v1/erasures?state=requested')).body, {
    erasures: [{ owner: 'ann' }],
  });
  await at.press(at.account('erasureTakeBack'));
  await at.page.getByText(at.account('erasureAsked')).waitFor({ state: 'detached' });
  t.equal((await world.ask('GET /v1/members/ann/erasure')).status, 404);
  await open(at.page, world, 'history');
  await at.page.locator('button.row').last().click();
  const { parts } = JSON.parse(await at.saved(() => at.press(/receipt/i)));
  t.equal(parts[0].entries.length, 1, 'a receipt of what is shown');
});

t.test('a desk, in Chinese', async (t) => {
  const at = await visit(t, 'bob', 'desk', 'zh');
  await ways(at, process.env['JIFEN_LONG'] !== '1');
  t.same(at.look.problems, []);
});

t.test('text is text', async (t) => {
  const at = await visit(t, 'ann', 'phone', 'en');
  for (const path of ['mall', 'mall/markup']) {
    await open(at.page, world, path, path === 'mall' ? 'mall' : 'goods');
    await at.page.getByText(MARKUP).first().waitFor();
    t.equal(await at.page.evaluate('window.hit'), undefined, path);
  }
});
