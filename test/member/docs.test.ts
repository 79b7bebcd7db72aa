// The newcomer's paths, as they are printed: a member's page in ten minutes, on a phone; an application gets at points; the page inside of a platform's own.

import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { announceServer } from '../../gateway/cli/running.js';
import { freePort } from '../fixtures/nats-server.js';
import { gateway } from '../gateway/harness.js';
import { bash } from '../gateway/printed.js';
import { PROGRAM } from '../gateway/program.js';
import { ROOT } from '../setup.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { browserOf, look } from './browser.js';
import { frameOf } from './hosting.js';
import { stepsIn, take } from './steps.js';

const hasTools = ['curl', 'openssl'].every((one) => !spawnSync(one, ['--version']).error);
const textOf = (name: string): string => readFileSync(join(ROOT, 'ops/docs', `${name}.md`), 'utf8');
const blocks = (text: string, kind: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, block]) => block ?? '',
  );

t.test('as printed', { skip: hasTools ? false : 'no curl and openssl here' }, async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const engine = { folder: '', clockOffset, tickMs: 20 };
  const { server, folder, ask } = await gateway(t, { engine, webhookHosts: ['127.0.0.1'] });
  await announceServer(folder, server.address);
  const cwd = temporaryFolder(t);
  symlinkSync(folder, join(cwd, 'jifen-data'));
  const [phonePort, hostPort] = [await freePort(), await freePort()];
  const readAs = (text: string): string =>
    text
      .replaceAll('http://127.0.0.1:8080', server.address)
      .replaceAll('127.0.0.1:9000', `127.0.0.1:${phonePort}`)
      .replaceAll('listen(9000', `listen(${phonePort}`)
      .replaceAll('localhost:3000', `localhost:${hostPort}`)
      .replaceAll('listen(3000', `listen(${hostPort}`)
      .replaceAll('npx jifen', `"${process.execPath}" "${PROGRAM}"`);
  const run = async (script: string): Promise<string> => {
    const { code, out, err } = await bash(`cd "${cwd}"\n${readAs(script)}`);
    t.equal(code, 0, err);
    return out;
  };

  const member = textOf('member');
  const [before = '', after = ''] = member.split('## What the shop sees');
  const [definitions = '', ...others] = blocks(before, 'sh')
    .join('')
    .split(/^sleep 11$/m);
  // Definitions decide some 10 s after they were said: time goes faster here, in steps that shards hear of.
  const clock = new Float64Array(clockOffset);
  await run(definitions);
  await until('the definitions are said', async () => {
    clock[0] = (clock[0] as number) + 2_000;
    await ask('POST /v1/admin/accept-clock');
    const { body } = await ask('GET /v1/goods?programme=shop');
    const { body: alice } = await ask('GET /v1/members/alice?programme=shop');
    const isAll = body.goods?.length === 1 && alice.tasks?.length === 3;
    return (clock[0] as number) > 14_000 && isAll;
  });
  // The script that stands for a phone goes on until it is told to stop.
  const invited = await run(
    `${blocks(before, 'sh')[0]}${others.join('')}\nkill %1 2>/dev/null || true`,
  );
  const link = /http\S+#\S+/.exec(invited.split('\n').at(-2) ?? '')?.[0] ?? '';
  t.match(link, /\/letters\/invitation#/, 'a link comes to the phone');

  const browser = await browserOf(t);
  const phone = await look(t, browser, { device: 'phone', language: 'en' });
  for (const step of stepsIn(before))
    await take(phone.page, step, (address) => (address === 'the link' ? link : readAs(address)));
  t.same(phone.problems, []);
  const seen = await run(`${blocks(before, 'sh')[0]}${blocks(after, 'sh').join('')}`);
  t.match(seen, /"goods":"voucher"/);
  t.match(seen, /"available":560/);
  t.match(seen, /TENS/);

  const oauth = await run(blocks(textOf('oauth'), 'sh').join(''));
  t.match(oauth, /the state is the same/);
  t.match(oauth, /"point_accounts":\{"shop":560/);
  t.match(oauth, /"id":"fitness-1"/);
  t.match(oauth, /"code":"OPERATION_FORBIDDEN"/);
  t.match(oauth, /"code":"OWNER_FORBIDDEN"/);
  t.match(oauth, /"active":true[\s\S]*\{\}200\n[\s\S]*"active":false/);

  const embed = textOf('embed');
  await run(blocks(embed, 'sh').join(''));
  const files = { 'host.html': 'html', 'host.js': 'js', 'host.mjs': 'js' } as const;
  const scripts = blocks(embed, 'js');
  const texts = [blocks(embed, 'html')[0], scripts[0], scripts[1]];
  mkdirSync(cwd, { recursive: true });
  for (const [i, name] of Object.keys(files).entries())
    writeFileSync(join(cwd, name), readAs(texts[i] ?? ''));
  const host = spawn(process.execPath, ['host.mjs'], { cwd, stdio: 'inherit' });
  t.teardown(() => host.kill());
  const shop = await look(t, browser, { device: 'desk', language: 'en' });
  await until('the host listens', async () =>
    shop.page.goto(`http://localhost:${hostPort}/`).then(
      () => true,
      () => false,
    ),
  );
  const address = `${server.address}/me/embed/club`;
  const frame = await until('the frame is there', () => frameOf(shop.page, address) ?? false);
  await frame.getByText('360').first().waitFor();
  await until('it is dressed', async () =>
    frame.evaluate<boolean>(
      "document.documentElement.style.getPropertyValue('--accent') === '#8a1c4a'",
    ),
  );
  await until('it is as high as it needs', async () =>
    shop.page.evaluate<boolean>("Number(document.getElementById('points').height) !== 600"),
  );
});
