// An operator's day, as it is printed: three people in browsers of their own, and what they find.

import { spawnSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { announceServer } from '../../gateway/cli/running.js';
import { gateway } from '../gateway/harness.js';
import { bash } from '../gateway/printed.js';
import { PROGRAM } from '../gateway/program.js';
import { browserOf, type Look, look } from '../member/browser.js';
import { stepsIn, take } from '../member/steps.js';
import { ROOT } from '../setup.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';

const hasCurl = !spawnSync('curl', ['--version']).error;
const DAY = readFileSync(join(ROOT, 'ops/docs/operator-day.md'), 'utf8');
const blocks = (text: string): string[] =>
  [...text.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block ?? '');

t.test('as printed', { skip: hasCurl ? false : 'no curl here' }, async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const engine = { folder: '', clockOffset, tickMs: 20 };
  const { server, folder, ask } = await gateway(t, { engine, reports: true });
  await announceServer(folder, server.address);
  const cwd = temporaryFolder(t);
  symlinkSync(folder, join(cwd, 'jifen-data'));
  const readAs = (text: string): string =>
    text
      .replaceAll('http://127.0.0.1:8080', server.address)
      .replaceAll('npx jifen', `"${process.execPath}" "${PROGRAM}"`);
  const [head = '', ...people] = DAY.split(/^(?=## [A-Z][a-z]+: )/m);
  const [names = '', ...before] = blocks(head);
  const run = async (script: string): Promise<string> => {
    const { code, out, err } = await bash(`cd "${cwd}"\n${readAs(names + script)}`);
    t.equal(code, 0, err);
    return out;
  };

  const [definitions = '', others = ''] = before.join('').split(/^sleep 11$/m);
  await run(definitions);
  // Definitions decide some 10 s after they were said: time goes faster here, in steps that shards hear of.
  const clock = new Float64Array(clockOffset);
  await until('the definitions are said', async () => {
    clock[0] = (clock[0] as number) + 2_000;
    await ask('POST /v1/admin/accept-clock');
    const { body } = await ask('GET /v1/goods?programme=shop');
    const { body: alice } = await ask('GET /v1/members/alice?programme=shop');
    const isAll = body.goods?.length === 1 && alice.tasks?.length === 3;
    return (clock[0] as number) > 14_000 && isAll;
  });
  const links = [...(await run(others)).matchAll(/http\S+#\S+/g)].map(([link]) => link);
  t.equal(links.length, 3, 'an invitation for each');

  const browser = await browserOf(t);
  const seats = new Map<string, Look>();
  for (const text of people) {
    const name = /^## (\w+)/.exec(text)?.[1] ?? '';
    const seat = seats.get(name) ?? (await look(t, browser, { device: 'desk', language: 'en' }));
    if (!seats.has(name)) seat.page.setDefaultTimeout(30_000);
    seats.set(name, seat);
    const link = links[['Mia', 'Leo', 'Ida'].indexOf(name)] ?? '';
    for (const step of stepsIn(text)) {
      await take(seat.page, step, (address) =>
        address.endsWith(' link') ? link : readAs(address),
      );
    }
    t.same(seat.problems, [], name);
  }
  const seen = await run(blocks(people.at(-1) ?? '').join(''));
  t.match(seen, /"available":1050/);
  t.match(seen, /1050[\s\S]*"multiplier": ?200/);
});
