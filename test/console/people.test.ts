// Members, approvals and the audit trail in real browsers: what operators do to a member, two of them at once where it takes two, what a role may not see or do,
// texts from outside that are markup, WCAG on every screen.

import type { Browser, Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { operatorIn } from '../gateway/operating.js';
import { type Shop, shop } from '../gateway/shop.js';
import { PASSWORD } from '../gateway/signing-in.js';
import { browserOf, type Looking } from '../member/browser.js';
import { until } from '../until.js';
import { type Console, consoleAt, faults, MARKUP } from './console.js';

const ASSET = 'points';
const CORRECTION = { asset: ASSET, mostUp: 500, mostDown: 500, secondFrom: 100, name: MARKUP };
const DAY_MS = 86_400_000;

/** Operators, by their roles; `careful` freezes and merges only where somebody else agrees. */
const OPERATORS = {
  ann: ['support'],
  bea: ['support'],
  vic: ['viewer'],
  cas: ['careful'],
} as const;
type Name = keyof typeof OPERATORS;

interface World extends Shop {
  readonly browser: Browser;
  /** What a member has at hand. */
  has(owner: string): Promise<number>;
}

async function world(t: Test): Promise<World> {
  const served = await shop(t, [['correction/desk', CORRECTION]], 2);
  const sure = async (request: string, body?: unknown): Promise<any> => {
    const answer = await served.ask(request, body);
    if (answer.status >= 300) throw new Error(`${request}: ${answer.text}`);
    return answer.body;
  };
  await sure('PUT /v1/roles/careful', {
    operations: ['read', 'view', 'correct'],
    seconded: ['freeze', 'merge'],
  });
  for (const [name, roles] of Object.entries(OPERATORS)) await operatorIn(served, name, roles);
  for (const owner of ['mei', 'max', 'tom'])
    await sure('POST /v1/events', {
      programme: 'shop',
      type: 'REGISTER',
      owner,
      id: `reg-${owner}`,
    });
  await sure('PUT /v1/members/mei/profile', { programme: 'shop', profile: { city: MARKUP } }).catch(
    () => undefined,
  );
  const soon = served.server.engine.now() + 10 * DAY_MS;
  await sure('POST /v1/transfers', {
    id: 'T1',
    memo: MARKUP,
    ref: 'R-1',
    legs: [
      { from: '@issue', to: 'mei', asset: ASSET, amount: 300, expiresAt: soon },
      { from: '@issue', to: 'mei', asset: ASSET, amount: 200 },
    ],
  });
  return {
    ...served,
    browser: await browserOf(t),
    has: async (owner) => {
      const { accounts } = await sure(`GET /v1/accounts/${owner}?asset=${ASSET}`);
      return accounts[0]?.available ?? 0;
    },
  };
}

/** The console of an operator who is signed in. */
async function consoleFor(
  t: Test,
  { browser, ...served }: World,
  name: Name,
  looking: Looking = {},
): Promise<Console> {
  const { address } = served.server;
  const seen = await consoleAt(t, browser, served, { language: 'en', ...looking });
  const answer = await seen.context.request.post(`${address}/operator/session`, {
    data: { login: name, password: PASSWORD },
    headers: { Origin: address, 'Sec-Fetch-Site': 'same-origin' },
  });
  if (!answer.ok()) throw new Error(`${name}: ${await answer.text()}`);
  return seen;
}

const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).filter({ visible: true }).last().click();
const fill = (page: Page, label: string | RegExp, text: string): Promise<void> =>
  page.getByLabel(label).filter({ visible: true }).last().fill(text);
const see = (page: Page, text: string | RegExp): Promise<void> =>
  page.getByText(text).filter({ visible: true }).first().waitFor();
/** Something is done in the dialog that is open, with its reason. */
async function act(page: Page, yes: string, reason: string | undefined): Promise<void> {
  if (reason !== undefined) await fill(page, 'Reason', reason);
  await page.locator('dialog button[type="submit"]').click();
  await page.locator('dialog .note.good').waitFor();
  await page.locator('dialog .buttons').getByRole('button', { name: 'Close' }).click();
  await page.locator('dialog').waitFor({ state: 'detached' });
  void yes;
}

export { act, consoleFor, faults, press, see, until, world };

t.test('explore', async (t) => {
  const w = await world(t);
  const ann = await consoleFor(t, w, 'ann');
  ann.page.setDefaultTimeout(15_000);
  const shot = async (name: string): Promise<void> => {
    await ann.page.screenshot({ path: `/tmp/s38/people/${name}.png` });
    t.same(await faults(ann), [], name);
  };
  for (const [path, screen] of [
    ['members', 'members'],
    ['members/mei', 'member'],
    ['members/mei?tab=timeline', 'member'],
    ['members/mei?tab=standing', 'member'],
    ['members/mei?tab=orders', 'member'],
    ['members/mei?tab=coupons', 'member'],
    ['members/mei?tab=reach', 'member'],
    ['members/mei?tab=identity', 'member'],
    ['members/mei/accounts/points', 'member-account'],
    ['members/mei/transfers/T1', 'member-transfer'],
    ['members/mei/transfers/reg-mei', 'member-transfer'],
    ['approvals', 'approvals'],
    ['audit', 'audit'],
  ] as const) {
    await ann.open(path, screen).catch(async (e) => {
      await ann.page.screenshot({ path: '/tmp/s38/people/fail.png' });
      console.log(
        path,
        ann.page.url(),
        await ann.page.locator('body').textContent(),
        ann.problems,
        String(e).slice(0, 200),
      );
    });
    await new Promise((r) => setTimeout(r, 700));
    await shot(path.replace(/[/?=]/g, '-'));
  }
});
