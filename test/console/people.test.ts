// Members, approvals and the audit trail in real browsers: what operators do to a member, two of them at once where it takes two, what a role may not see or do,
// texts from outside that are markup, WCAG on every screen.

import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import t, { type Test } from 'tap';
import { campaign } from '../campaign.js';
import { operatorIn } from '../gateway/operating.js';
import { type Shop, shop } from '../gateway/shop.js';
import { PASSWORD } from '../gateway/signing-in.js';
import { browserOf, type Looking } from '../member/browser.js';
import { until } from '../until.js';
import { type Console, consoleAt, faults, MARKUP, shown } from './console.js';
import { manyMembers } from './many-members.js';

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
  const corrections = [['correction/desk', CORRECTION]] as const;
  const served = await shop(t, corrections, 2, { checkpointMs: 200 }, { receipts: true });
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

/** A button of what is shown now: in the dialog, where there is one. */
const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).filter({ visible: true }).last().click();
const fill = (page: Page, label: string | RegExp, text: string): Promise<void> =>
  page.getByLabel(label).filter({ visible: true }).last().fill(text);
const see = (page: Page, text: string | RegExp): Promise<void> =>
  page.getByText(text).filter({ visible: true }).first().waitFor();

/** What the open dialog asks is done, with a reason where it has one; it tells `told`. */
async function done(page: Page, told: string | RegExp, reason?: string): Promise<void> {
  const dialog = page.locator('dialog');
  if (reason !== undefined) await dialog.getByLabel('Reason').fill(reason);
  await dialog.locator('button[type="submit"]').click();
  await dialog.locator('.outcome').getByText(told).first().waitFor();
  await dialog.locator('.card-head button').click();
  await dialog.waitFor({ state: 'detached' });
}

async function correct(page: Page, amount: string, told: string | RegExp): Promise<void> {
  await press(page, 'Correct points');
  await fill(page, 'How many', amount);
  await done(page, told, MARKUP);
}

/** Opens what waits under this name. */
const look = (page: Page, what: string | RegExp): Promise<void> =>
  page.getByRole('button', { name: what }).filter({ visible: true }).first().click();

t.test('operators and members', async (t) => {
  const w = await world(t);
  const [ann, bea] = [await consoleFor(t, w, 'ann'), await consoleFor(t, w, 'bea')];
  const root = await consoleAt(t, w.browser, w, { language: 'en', scheme: 'dark' });
  await root.signIn(w.key);
  const sound = async (seen: Console, what: string): Promise<void> => {
    t.same(await faults(seen), [], what);
  };
  const { ask, has } = w;

  await t.test('points are corrected: at once, and with a second person', async (t) => {
    await ann.open('members', 'members');
    await fill(ann.page, 'Name begins with', 'me');
    await ann.page.getByRole('link', { name: 'max' }).waitFor({ state: 'detached' });
    await sound(ann, 'the list');
    await ann.page.getByRole('link', { name: 'mei' }).click();
    await see(ann.page, 'Live');
    await correct(ann.page, '50', 'It is done.');
    t.equal(await has('mei'), 650);
    // Live: what another one does is there without a reload.
    await bea.open('members/mei/accounts/points', 'member-account');
    await correct(bea.page, '150', /A second person must agree/);
    t.equal(await has('mei'), 650, 'nothing yet');
    await bea.go('approvals', 'approvals');
    await sound(bea, 'approvals');
    await look(bea.page, /gives 150/);
    await see(bea.page, 'You have proposed this');
    t.equal(await bea.page.locator('dialog').getByRole('button', { name: 'Agree' }).count(), 0);
    await bea.page.locator('dialog .card-head button').click();
    await ann.go('approvals', 'approvals');
    await look(ann.page, /gives 150/);
    await sound(ann, 'what waits');
    await press(ann.page, 'Agree');
    await ann.page.locator('dialog').getByText('Agree to it').waitFor();
    await done(ann.page, 'Agreed: it is done.');
    t.equal(await has('mei'), 800);
    await bea.go('members/mei/accounts/points', 'member-account');
    await see(bea.page, '800');
    await ask('POST /v1/transfers', {
      legs: [{ from: '@issue', to: 'mei', asset: ASSET, amount: 1 }],
    });
    await see(bea.page, '801');
  });

  await t.test('a form is of the member it was opened for', async (t) => {
    const { page } = bea;
    await bea.go('members/mei', 'member');
    await bea.go('members/max', 'member');
    await press(page, 'Correct points');
    await fill(page, 'How many', '50');
    await page.goBack();
    await page.getByRole('heading', { name: 'mei', exact: true }).waitFor();
    t.equal(await page.locator('dialog').count(), 0, 'nothing that was typed for max is for mei');
  });

  await t.test('a session ends by itself: its screen is kept for who was there', async (t) => {
    const { page } = ann;
    const { address } = w.server;
    const lapse = async (): Promise<void> => {
      await see(page, 'Live');
      await press(page, 'Correct points');
      await fill(page, 'How many', '51');
      await page.locator('dialog').getByLabel('Reason').fill('typed for long');
      await ann.context.request.delete(`${address}/operator/session`, {
        headers: { Origin: address, 'Sec-Fetch-Site': 'same-origin' },
      });
      // What is shown is asked for again as it changes.
      await ask('POST /v1/transfers', {
        legs: [{ from: '@issue', to: 'tom', asset: ASSET, amount: 1 }],
      });
      await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
    };
    const signIn = async (name: Name): Promise<void> => {
      await page.getByLabel('Operator', { exact: true }).fill(name);
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.locator('[data-screen="signed-out"]').waitFor({ state: 'detached' });
    };
    await ann.open('members/tom', 'member');
    await lapse();
    t.equal(await page.getByLabel('Operator', { exact: true }).inputValue(), 'ann');
    t.equal(await page.getByText('tom').filter({ visible: true }).count(), 0, 'nobody sees it');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await sound(ann, 'signing in again');
    await signIn('ann');
    t.equal(await page.locator('dialog').getByLabel('How many').inputValue(), '51');
    t.equal(await page.locator('dialog').getByLabel('Reason').inputValue(), 'typed for long');
    const before = await has('tom');
    await done(page, 'It is done.');
    t.equal(await has('tom'), before + 51);
    await lapse();
    await signIn('bea');
    await shown(page, 'member');
    await see(page, 'bea');
    t.equal(await page.locator('dialog').count(), 0, 'what ann typed is not bea’s to send');
    await lapse();
    await press(page, 'Throw it away');
    await page.locator('dialog.over').waitFor({ state: 'detached' });
    t.equal(await page.locator('.console').count(), 0);
    await signIn('ann');
    await shown(page, 'member');
    t.equal(await page.locator('dialog').count(), 0);
    t.equal(await has('tom'), before + 51 + 2, 'nothing but what was paid meanwhile');
  });

  await t.test('of two who decide at once, one does', async (t) => {
    await correct(bea.page, '120', /A second person must agree/);
    const cas = await consoleFor(t, w, 'cas');
    const both = [ann, cas];
    for (const { page, open } of both) {
      await open('approvals', 'approvals');
      await look(page, /gives 120/);
      await press(page, 'Agree');
      await page.locator('dialog').getByText('Agree to it').waitFor();
    }
    await Promise.all(both.map(({ page }) => page.locator('dialog button[type="submit"]').click()));
    await until('both have their answer', async () => {
      const told = await Promise.all(both.map(({ page }) => page.locator('dialog .note').count()));
      return told.every((count) => count > 0);
    });
    t.equal(await has('mei'), 921, 'once');
    const { approvals } = (await ask('GET /v1/approvals')).body;
    t.same(approvals, [], 'and the other’s word begins nothing anew');
    await cas.context.close();
  });

  await t.test('an account: a lot lasts longer, and it is frozen and unfrozen', async (t) => {
    const { page } = ann;
    await ann.open('members/mei/accounts/points', 'member-account');
    await sound(ann, 'an account');
    await press(page, 'Extend');
    await fill(page, 'New last day', '2030-01-31');
    await fill(page, 'How many', '100');
    await done(page, 'Done.', MARKUP);
    const { lots } = (await ask('GET /v1/accounts/mei')).body.accounts[0];
    t.match(
      lots.map(({ available }: { available: number }) => available),
      [200, 100],
    );
    await press(page, 'Freeze');
    await sound(ann, 'a dialog');
    await page.locator('dialog button[type="submit"]').click();
    await see(page, 'Say why.');
    await done(page, 'Done.', 'a stolen phone');
    await see(page, 'Frozen');
    const audit = await ask('GET /v1/audit?owner=mei&operation=freeze-account');
    t.match(audit.body.records, [
      { principal: 'operator:ann', command: { reason: 'a stolen phone' } },
    ]);
    await press(page, 'Unfreeze');
    await done(page, 'Done.', 'found again');
    t.equal((await ask('GET /v1/accounts/mei')).body.accounts[0].frozen, false);
  });

  await t.test('what was done is explained, and reversed in parts', async (t) => {
    const { page } = ann;
    await ann.open('members/mei?tab=timeline', 'member');
    await sound(ann, 'the timeline');
    await look(page, 'Why: Event · REGISTER');
    await page
      .locator('dialog')
      .getByText(/REGISTER/)
      .first()
      .waitFor();
    await page.locator('dialog').getByText('Decided by').waitFor();
    await sound(ann, 'why');
    await page.locator('dialog').getByRole('link', { name: 'All of it' }).click();
    await page.locator('main[data-screen="member-transfer"]').waitFor();
    await ann.open('members/mei/transfers/T1', 'member-transfer');
    await sound(ann, 'a transfer');
    const before = await has('mei');
    await press(page, 'Reverse');
    await fill(page, /of 200$/, '20');
    await done(page, 'Done.', 'too much');
    t.equal(await has('mei'), before - 20);
    await see(page, '180');
    await press(page, 'Reverse');
    await fill(page, /of 180$/, '181');
    await page.locator('dialog').getByLabel('Reason').fill('more than there is');
    await page.locator('dialog button[type="submit"]').click();
    await see(page, /REVERSAL_EXCEEDS_REMAINING/);
    t.equal(await has('mei'), before - 20);
  });

  await t.test('receipts are saved: of a transfer, of the balance', async (t) => {
    for (const path of ['mei/T1', 'mei?asset=points'])
      await until(`a receipt of ${path}`, async () => {
        const { status } = await ask(`GET /v1/receipts/${path}`);
        return status === 200;
      });
    for (const [path, screen, name] of [
      ['members/mei/transfers/T1', 'member-transfer', 'Receipt'],
      ['members/mei/accounts/points', 'member-account', 'Receipt of the balance'],
    ] as const) {
      await ann.open(path, screen);
      const [file] = await Promise.all([ann.page.waitForEvent('download'), press(ann.page, name)]);
      const { entries, parts } = JSON.parse(await readFile(await file.path(), 'utf8'));
      t.ok((entries ?? parts[0].entries).length > 0, `${file.suggestedFilename()} has entries`);
    }
  });

  await t.test('marks of risk, and what is reviewed, are seen', async (t) => {
    const mark = { reason: 'LOOK', action: 'review', evidence: MARKUP };
    t.match(await ask('PUT /v1/members/max/risks/look', mark), { status: 200 });
    const legs = [{ from: '@issue', to: 'max', asset: ASSET, amount: 100 }];
    t.match(await ask('POST /v1/transfers', { id: 'R0', legs }), { status: 201 });
    const taken = [{ from: 'max', to: '@redeem', asset: ASSET, amount: 10 }];
    const asked = await ask('POST /v1/transfers', { id: 'R1', memo: MARKUP, legs: taken });
    t.match(asked, { status: 202, body: { state: 'review' } });
    await ann.open('risks', 'risks');
    await see(ann.page, 'LOOK');
    await sound(ann, 'marks of risk');
    await ann.open('members/max?tab=risks', 'member');
    await see(ann.page, 'LOOK');
    await sound(ann, 'the risks of a member');
    await ann.open('members/max?tab=privacy', 'member');
    await sound(ann, 'what leaves of a member');
    await ann.open('approvals?type=review', 'approvals');
    await look(ann.page, /^Look: /);
    await sound(ann, 'a review');
    await ann.page.locator('dialog .card-head button').click();
    t.match(await ask('DELETE /v1/members/max/risks/look?reason=seen'), { status: 200 });
  });

  await t.test('a draw is seen, and checked here', async (t) => {
    const drawn = await ask('POST /v1/lotteries/shop.lottery/draws', { id: 'DRAW', owner: 'mei' });
    t.equal(drawn.status, 201, drawn.text);
    await ann.open('members/mei?tab=draws', 'member');
    await ann.page.locator('main a.row-link').first().click();
    await shown(ann.page, 'member-draw');
    await press(ann.page, 'Check this draw');
    await see(ann.page, /when the seed of its period is published/);
    await sound(ann, 'a draw');
  });

  await t.test('what is held is captured in part, and given back', async (t) => {
    const held = { id: 'HELD', owner: 'mei', asset: ASSET, amount: 50, memo: MARKUP };
    t.equal((await ask('POST /v1/holds', held)).status, 201);
    await ann.open('members/mei/accounts/points', 'member-account');
    const capture = /^Capture/;
    t.equal(await ann.page.getByRole('button', { name: capture }).count(), 0, 'who may not spend');
    const { page } = root;
    await root.open('members/mei/accounts/points', 'member-account');
    await press(page, capture);
    await fill(page, 'How many', '51');
    await page.locator('dialog').getByLabel('Reason').fill(MARKUP);
    await page.locator('dialog button[type="submit"]').click();
    await see(page, /CAPTURE_EXCEEDS_HOLD/);
    await sound(root, 'a hold');
    await fill(page, 'How many', '30');
    await done(page, 'Done.');
    t.equal((await ask('GET /v1/accounts/mei/holds/HELD')).body.remaining, 20);
    const before = await has('mei');
    await press(page, /^Release/);
    await done(page, 'Done.', 'not needed');
    t.equal(await has('mei'), before + 20);
  });

  await t.test('members are merged, and parted again', async () => {
    const { page } = ann;
    const [before, brought] = [await has('mei'), await has('max')];
    await ann.open('members/max', 'member');
    await press(page, 'Merge');
    await fill(page, 'The member who is left', 'mei');
    await done(page, 'Done.', MARKUP);
    await until('max is mei', async () => (await has('mei')) === before + brought);
    await see(page, /was merged into mei/);
    await sound(ann, 'a member that was merged');
    await press(page, 'Undo the merge');
    await done(page, 'Done.', 'two people after all');
    await until('max is max', async () => (await has('max')) === brought);
  });

  await t.test('who may only with another person proposes', async (t) => {
    const cas = await consoleFor(t, w, 'cas');
    await cas.open('members/tom/accounts/points', 'member-account');
    await press(cas.page, 'Freeze');
    await see(cas.page, /This may take a second person/);
    await done(cas.page, /waits for a second person/, MARKUP);
    t.equal((await ask('GET /v1/accounts/tom')).body.accounts[0].frozen, false);
    const { body } = await ask('GET /v1/proposals?state=open');
    t.match(body.proposals, [{ by: 'operator:cas', reason: MARKUP }]);
    await ann.open('approvals', 'approvals');
    await look(ann.page, /Look: Account frozen/);
    await sound(ann, 'a proposal');
    await press(ann.page, 'Agree');
    await ann.page.locator('dialog').getByText('Agree to it').waitFor();
    await done(ann.page, 'Agreed: it is done.');
    t.equal((await ask('GET /v1/accounts/tom')).body.accounts[0].frozen, true);
    await cas.context.close();
  });

  await t.test('who asks to be erased is erased, or told no', async (t) => {
    const request = (owner: string) => `POST /v1/members/${owner}/erasure-request`;
    for (const owner of ['max', 'tom']) await ask(request(owner), { reason: MARKUP });
    const { page } = ann;
    await ann.open('erasures', 'erasures');
    await sound(ann, 'who asks to be erased');
    await press(page, 'Decline: max');
    await done(page, 'Done.');
    await press(page, 'Erase tom');
    await fill(page, /name$/, 'max');
    const yes = page.locator('dialog button[type="submit"]');
    t.equal(await yes.getAttribute('aria-disabled'), 'true', 'not by another name');
    await fill(page, /name$/, 'tom');
    await done(page, /It is erased/, 'asked for it');
    t.equal((await ask('GET /v1/members/max/erasure')).status, 404);
    t.match((await ask('GET /v1/members/tom/erasure')).body, { reason: 'asked for it' });
    await ann.go('members/tom?tab=privacy', 'member');
    await see(page, 'asked for it');
    await sound(ann, 'a member who is erased');
  });

  await t.test('who may only look is offered nothing, and permitted nothing', async (t) => {
    const vic = await consoleFor(t, w, 'vic', { device: 'phone', language: 'zh' });
    for (const [path, screen] of [
      ['members/mei', 'member'],
      ['members/mei?tab=standing', 'member'],
      ['members/mei/accounts/points', 'member-account'],
      ['members/mei/transfers/T1', 'member-transfer'],
      ['members/mei?tab=draws', 'member'],
      ['members/mei?tab=privacy', 'member'],
      ['approvals', 'approvals'],
      ['erasures', 'erasures'],
    ] as const) {
      await vic.open(path, screen);
      await sound(vic, `a phone: ${path}`);
      const offered = vic.page.getByRole('button', {
        name: /调整|合并|冻结|关闭$|冲正|延长|同意|删除|驳回|解除|扣除|保存/,
      });
      t.same(await offered.allInnerTexts(), [], path);
    }
    await vic.page.goto(`${w.server.address}/console/audit`);
    await see(vic.page, '您无权查看');
    await vic.context.close();
  });

  await t.test('the audit trail: filtered, opened', async () => {
    await root.open('audit?principal=operator:ann&owner=mei', 'audit');
    await sound(root, 'the audit trail');
    await look(root.page, 'Details: Account frozen');
    await see(root.page, 'a stolen phone');
    await sound(root, 'a record');
  });

  const { count } = campaign({ name: 'members in the list', long: 10_000_000, sample: 200 });
  await t.test('many members: what is in the document does not grow', (t) =>
    manyMembers(t, w, ann, count),
  );
});
