import t from 'tap';
import { memberWorld } from '../member/world.js';
import { consoleOf, faults } from './console.js';

const SHOTS = '/tmp/s38/programme/shots';
t.test('explore', { timeout: 600_000 }, async (t) => {
  const world = await memberWorld(t);
  const { ask } = world;
  const event = { programme: 'shop', type: 'REVIEW', owner: 'ann', id: 'rev-1' };
  t.comment(JSON.stringify((await ask('POST /v1/events', event)).body));
  const o = await ask('POST /v1/orders', { owner: 'ann', goods: 'tea', quantity: 2, receiver: { name: 'Ann', address: '1 Street' } });
  t.comment(o.status, JSON.stringify(o.body).slice(0, 300));
  await ask('PUT /v1/definitions/rule/shop.REVIEW', { state: 'draft', document: { programme: 'shop', event: 'REVIEW', points: 7 } });
  const rules = await ask('GET /v1/definitions/rule');
  t.comment(JSON.stringify(rules.body.definitions.map((one: any) => one.key)));
  const seen = await consoleOf(t, world, { language: (process.env.LANGU as never) ?? 'en', device: (process.env.DEVICE as never) ?? 'desk' });
  const { page } = seen;
  const number = o.body.act?.effects?.[0]?.number;
  const screens: [string, string][] = (process.env.SCREENS?.split(',').map((one) => one.split('=') as [string, string]) ?? [
    ['definitions', 'definitions'],
    ['definitions/rule', 'definitions-of'],
    ['definitions/rule/shop.REVIEW', 'definition'],
    ['definitions/rule/shop.REVIEW/edit', 'definition-edit'],
    ['definitions/lottery/shop.lottery/edit', 'definition-edit'],
    ['new-definition/goods', 'definition-new'],
    ['campaigns', 'campaigns'],
    ['simulations', 'simulations'],
    ['corrections', 'corrections'],
    ['orders', 'orders'],
    [`orders/ann/${number}`, 'order'],
    ['goods', 'goods'],
    ['goods/tea', 'good'],
    ['goods/ebook', 'good'],
    ['goods/markup', 'good'],
    ['coupons', 'coupons'],
    ['coupons/THNK', 'coupon'],
    ['cards', 'cards'],
  ]);
  page.setDefaultTimeout(15_000);
  for (const [path, screen] of screens) {
    try {
      await seen.go(path, screen);
      await page.waitForTimeout(700);
    } catch (error) { t.comment(path, String(error).slice(0, 300)); }
    await page.screenshot({ path: `${SHOTS}/${path.replaceAll('/', '_')}.png`, fullPage: true });
    t.comment(path, JSON.stringify(await faults(seen)).slice(0, 1500));
  }
});
