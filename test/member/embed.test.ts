// The member's page inside of a platform's own: who may, what is said and heard, and what hostile pages get of it.

import t, { type Test } from 'tap';
import { until } from '../until.js';
import { browserOf, comesTo, type Look, look } from './browser.js';
import { frameOf, heard, hosting, hostPage, say } from './hosting.js';
import { memberWorld } from './world.js';

const host = await hosting(t);
const evil = await hosting(t);
const world = await memberWorld(t, { ofShop: { embedOrigins: [host.origin] } });
const browser = await browserOf(t);
const { address } = world.server;
const EMBED = `${address}/me/embed/shop`;
const message = (type: string, more: object = {}) => ({ jifen: 1, type, ...more });

/** Who may frame what is at a path. */
async function framers(path: string): Promise<string | undefined> {
  const answer = await world.ask(`GET ${path}`, undefined, { Authorization: '' });
  t.equal(answer.status, 200, path);
  const policy = answer.headers.get('content-security-policy') ?? '';
  return /frame-ancestors ([^;]*)/.exec(policy)?.[1];
}

async function ticket(owner = 'ann'): Promise<string> {
  const asked = await world.platforms.shop.ask(`POST /v1/members/${owner}/sign-in-tickets`, {});
  if (asked.status >= 300) throw new Error(asked.text);
  return asked.body.ticket;
}

/** A host that embeds the page, as far as `ready`. */
async function embedding(
  test: Pick<Test, 'teardown'>,
  of = host,
  html = hostPage(EMBED),
): Promise<Look> {
  const made = await look(test, browser);
  of.pages.set('/', html);
  await made.page.goto(of.origin);
  return made;
}
const types = async ({ page }: Look): Promise<string[]> =>
  (await heard(page)).map(({ type }) => type);
const hears = (made: Look, type: string) =>
  until(`the host hears ${type}`, async () => {
    const all = await heard(made.page);
    return all.find((one) => one.type === type) ?? false;
  });

t.test('who may embed it', async (t) => {
  for (const path of ['', '/mall', '/mall/tea', '/a/b/c', '?x=1'])
    t.equal(await framers(`/me/embed/shop${path}`), host.origin, path);
  for (const path of [
    '/me',
    '/me/mall',
    '/me/embed/hotel',
    '/me/embed/none',
    '/me/embed/..%2fshop',
  ])
    t.equal(await framers(path), "'none'", path);
  const odd = await world.ask('GET /me/embed/%22%3E%3Cscript%3E1%3C%2Fscript%3E');
  t.equal(odd.status, 200);
  t.notMatch(odd.text, /<script>1/);
  const { shop } = world.platforms;
  const change = (body: object) => world.ask(`PUT /v1/platforms/${shop.id}`, body);
  await change({ embedOrigins: [host.origin, 'https://shop.example'] });
  t.equal(await framers('/me/embed/shop'), `${host.origin} https://shop.example`);
  await world.ask('POST /v1/platforms/shop/disable');
  t.equal(await framers('/me/embed/shop'), "'none'", 'a platform that is disabled');
  await world.ask('POST /v1/platforms/shop/enable');
  await change({ embedOrigins: [] });
  t.equal(await framers('/me/embed/shop'), "'none'");
  await change({ embedOrigins: [host.origin] });
});

t.test('a host dresses it, signs its user in, and is told', async (t) => {
  const made = await embedding(t);
  const { page } = made;
  t.match(await hears(made, 'ready'), { origin: address, jifen: 1, platform: 'shop' });
  await hears(made, 'needs-ticket');
  const frame = frameOf(page, EMBED)!;
  t.ok(frame, 'it is let in');
  await say(page, message('language', { language: 'en' }));
  await say(page, message('ticket', { ticket: await ticket() }));
  await frame.getByText('3,100').first().waitFor();
  t.ok((await hears(made, 'height')).height > 100);
  await say(page, message('theme', { variables: { '--accent': '#8a1c4a', '--radius': '3px' } }));
  const accent = () =>
    frame.evaluate<string>("document.documentElement.style.getPropertyValue('--accent')");
  await until('it is dressed', async () => (await accent()) === '#8a1c4a');
  // A theme is all of it: what is left out is the page's own again. A wrong one changes nothing.
  for (const variables of [
    { '--accent': 'url(https://evil.example/x)' },
    { '--radius': '3px', '--accent': 'red;background:url(//evil.example)' },
    { '--accent': '#fff', '--unknown': '#fff' },
  ])
    await say(page, message('theme', { variables }));
  await until('all three are refused', async () => {
    const refused = (await heard(page)).filter(({ type }) => type === 'refused');
    return refused.length === 3;
  });
  t.match(
    (await heard(page)).filter(({ type }) => type === 'refused'),
    [{ field: '--accent' }, { field: '--accent' }, { field: '--unknown' }],
  );
  t.equal(await accent(), '#8a1c4a');
  await say(page, message('theme', { variables: { '--radius': '3px' } }));
  await until('it is undressed', async () => (await accent()) === '');
  await say(page, message('navigate', { to: '/mall' }));
  await frame.locator('[data-screen="mall"]').waitFor();
  t.match(frame.url(), /\/me\/embed\/shop\/mall$/);
  for (const to of ['//evil.example', 'javascript:alert(1)', '/../../v1/assets'])
    await say(page, message('navigate', { to }));
  await say(page, message('language', { language: 'zh' }));
  await until('it speaks Chinese', async () =>
    frame.evaluate<boolean>("document.documentElement.lang.startsWith('zh')"),
  );
  t.match(frame.url(), /\/me\/embed\/shop\/mall$/, 'it stays where it was');
  t.same(await page.context().cookies(), [], 'there is no cookie');
  t.same(
    [...made.hosts].sort(),
    [new URL(address).host, new URL(host.origin).host].sort(),
    'nobody else is asked',
  );
  const complaints = made.problems.filter((one) => !/Refused|target origin/.test(one));
  t.same(complaints, []);
});

t.test('what others get of it', async (t) => {
  const stranger = await embedding(t, evil);
  await until('it is refused', () => stranger.problems.some((one) => /frame-ancestors/.test(one)));
  t.equal(frameOf(stranger.page, EMBED), undefined, 'a page of another origin has no frame of it');
  t.same(await types(stranger), []);
  t.equal(frameOf((await embedding(t, evil, hostPage(`${address}/me`))).page, address), undefined);

  // A page of another origin around the host: all ancestors count.
  host.pages.set('/inner', hostPage(EMBED));
  const around = await embedding(t, evil, hostPage(`${host.origin}/inner`));
  await until('it is refused', () => around.problems.some((one) => /frame-ancestors/.test(one)));

  // A frame of somebody else beside it, on the host’s own page, and a window that opened the host.
  evil.pages.set(
    '/ad',
    `<!doctype html><script>
      const say = () => { for (const message of ${JSON.stringify([
        message('ticket', { ticket: 'stolen' }),
        message('theme', { variables: { '--accent': '#000000' } }),
        message('navigate', { to: '/history' }),
      ])}) parent.frames[0].postMessage(message, '*'); };
      setInterval(say, 50);
    </script>`,
  );
  const ad = `document.body.insertAdjacentHTML('beforeend', '<iframe src="${evil.origin}/ad"></iframe>');`;
  const made = await embedding(t, host, hostPage(EMBED, ad));
  await hears(made, 'needs-ticket');
  const frame = frameOf(made.page, EMBED)!;
  await until(
    'the other frame has spoken',
    () => frameOf(made.page, `${evil.origin}/ad`) !== undefined,
  );
  await say(made.page, message('ticket', { ticket: await ticket() }));
  await frame.getByText('3,100').first().waitFor();
  t.equal(
    await frame.evaluate("document.documentElement.style.getPropertyValue('--accent')"),
    '',
    'what is beside it is not heard',
  );
  t.notMatch(frame.url(), /history/);
  t.notOk((await types(made)).includes('refused'), 'nor answered');
  // Opened by itself it is the page itself, which takes no message.
  const alone = await look(t, browser);
  await alone.page.goto(EMBED);
  await comesTo(alone.page, `${address}/me`);
  // A ticket that is none: it asks for another one.
  const again = await embedding(t);
  await hears(again, 'needs-ticket');
  await say(again.page, message('ticket', { ticket: 'jifen_tk_wrong' }));
  await until('it asks again', async () => {
    const asked = (await types(again)).filter((type) => type === 'needs-ticket');
    return asked.length >= 2;
  });
  await say(again.page, message('ticket', { ticket: await ticket() }));
  await frameOf(again.page, EMBED)!.getByText('3,100').first().waitFor();
});
