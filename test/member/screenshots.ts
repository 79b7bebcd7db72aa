// Pictures of the member's page for ops/docs: `node dist/test/member/screenshots.js` makes them anew. Owns: which there are. Never touches: what is shown.

import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../setup.js';
import { browserOf, type Device, look } from './browser.js';
import { join as joined, open, signIn } from './signed-in.js';
import { memberWorld } from './world.js';

const FOLDER = join(ROOT, 'ops/docs/pictures');
const PICTURES: readonly (readonly [name: string, device: Device, path: string])[] = [
  ['home', 'phone', ''],
  ['redeem', 'phone', 'mall/card'],
  ['earn', 'phone', 'earn'],
  ['desk', 'desk', 'mall'],
];
const QUALITY = 60;

const world = await memberWorld(t, { isPlain: true });
const browser = await browserOf(t);
await joined(world, 'ann');
mkdirSync(FOLDER, { recursive: true });
t.test('pictures', async (t) => {
  for (const [name, device, path] of PICTURES) {
    const made = await look(t, browser, { device, language: 'en' });
    await signIn(made, world, 'ann');
    await open(made.page, world, path, path.startsWith('mall/') ? 'goods' : undefined);
    if (name === 'redeem') await made.page.getByRole('button', { name: /^Redeem$/ }).click();
    await made.page.waitForLoadState('networkidle');
    const session = await made.context.newCDPSession(made.page);
    const { data } = await session.send('Page.captureScreenshot', {
      format: 'webp',
      quality: QUALITY,
    });
    const file = join(FOLDER, `${name}.webp`);
    writeFileSync(file, Buffer.from(data, 'base64'));
    t.ok(statSync(file).size < 60_000, `${name} is small`);
  }
});
