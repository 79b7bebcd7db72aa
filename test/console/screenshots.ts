// Pictures of the console for ops/docs: `node dist/test/console/screenshots.js` makes them anew. Owns: which there are. Never touches: what is shown.

import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { browserOf, type Looking } from '../member/browser.js';
import { memberWorld } from '../member/world.js';
import { ROOT } from '../setup.js';
import { until } from '../until.js';
import { consoleAt } from './console.js';

const FOLDER = join(ROOT, 'ops/docs/pictures');
const DESK = { device: 'desk', language: 'en' } as const;
const PICTURES: readonly (readonly [name: string, path: string, screen: string, Looking])[] = [
  ['console-home', '', 'home', DESK],
  ['console-member', 'members/ann?tab=timeline', 'member', DESK],
  ['console-definition', 'definitions/rule/shop.REVIEW/edit', 'definition-edit', DESK],
  ['console-report', 'reports/daily', 'report', { ...DESK, scheme: 'dark' }],
  ['console-phone', 'members/ann', 'member', { ...DESK, device: 'phone' }],
];
const QUALITY = 60;
const MEMBERS = ['ann', 'bea', 'cas', 'dan', 'eve'];

const world = await memberWorld(t, { isPlain: true });
for (const [n, owner] of MEMBERS.entries())
  for (const [type, more] of [
    ['REGISTER', {}],
    ['CONSUME', { attributes: { amount: 120 * (n + 1) } }],
    ['REVIEW', {}],
  ] as const)
    await world.ask('POST /v1/events', {
      ...{ programme: 'shop', type, owner, id: `${type}-${owner}` },
      ...more,
    });
// What has happened on the days before: a picture of figures has more than one of them.
const DAY_MS = 86_400_000;
for (let day = 1; day <= 14; day++)
  for (const [n, owner] of MEMBERS.entries()) {
    const occurredAt = world.server.engine.now() - day * DAY_MS;
    const amount = 100 + ((day * 37 + n * 61) % 150);
    for (const [id, from, to, some] of [
      ['earned', '@issue', owner, amount],
      ['spent', owner, '@redeem', Math.floor(amount / 3)],
    ] as const)
      await world.ask('POST /v1/transfers', {
        ...{ id: `${id}-${owner}-${day}`, occurredAt },
        legs: [{ from, to, asset: 'points', amount: some }],
      });
  }
const browser = await browserOf(t);
mkdirSync(FOLDER, { recursive: true });
t.test('pictures', async (t) => {
  for (const [name, path, screen, looking] of PICTURES) {
    const made = await consoleAt(t, browser, world, looking);
    await made.signIn(world.key);
    // A busy machine says so on the overview: then it is looked at again.
    await until(`${name} is well`, async () => {
      await made.open(path, screen);
      return (await made.page.getByText('Degraded').count()) === 0;
    });
    await made.page.waitForLoadState('networkidle');
    const session = await made.context.newCDPSession(made.page);
    const { data } = await session.send('Page.captureScreenshot', {
      format: 'webp',
      quality: QUALITY,
    });
    const file = join(FOLDER, `${name}.webp`);
    writeFileSync(file, Buffer.from(data, 'base64'));
    t.ok(statSync(file).size < 60_000, `${name} is small`);
    await made.context.close();
  }
});
