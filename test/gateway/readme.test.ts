// The README's first hour, a shop's day, what if, and how to sign by hand are run as they are printed.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { announceServer } from '../../gateway/cli/running.js';
import { ROOT } from '../setup.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { caller } from './callers.js';
import { gateway } from './harness.js';
import { bash, valuesIn } from './printed.js';
import { PROGRAM, run } from './program.js';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const hour = /^## A shop's first hour\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? '';
const script = [...hour.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block).join('');
const printed = JSON.parse(/^```json\n([\s\S]*?)^```/m.exec(hour)?.[1] ?? '');
const hasCurl = spawnSync('curl', ['--version']).status === 0;

t.test('the first hour', { skip: hasCurl ? false : 'there is no curl here' }, async (t) => {
  const { server, folder, ask } = await gateway(t);
  t.ok(script.includes('http://127.0.0.1:8080') && script.includes('jifen-data/admin.key'));
  const text = script
    .replaceAll('http://127.0.0.1:8080', server.address)
    .replaceAll('jifen-data', folder);
  const { code, out, err } = await bash(text);
  t.equal(code, 0, err);
  const answers = out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
  t.match(answers, [
    { assetVersion: 1 },
    { id: 'ORDER:1001', replayed: false, entries: [{}, { owner: 'alice', available: 500 }] },
    { id: 'ORDER:1001', replayed: true },
    { id: 'CART:77', hold: { remaining: 300 }, entries: [{ available: 200, held: 300 }] },
    { id: 'PAID:77', hold: { remaining: 0 } },
    { id: 'RETURN:77', entries: [{ owner: 'alice', available: 500 }, { owner: '@redeem' }] },
    { status: 422, code: 'POINTS_SHORT' },
    { ...printed, accounts: [{ ...printed.accounts[0], lots: [{ available: 500, held: 0 }] }] },
    { entries: [{ type: 'reverse' }, { type: 'capture' }, { type: 'hold' }, { type: 'transfer' }] },
  ]);
  t.equal(answers.length, 9);
  t.equal((await ask('GET /v1/assets/points')).status, 200);
});

const day = readFileSync(join(ROOT, 'ops/docs/shop-day.md'), 'utf8');
const dayScript = [...day.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block).join('');
const why = /^```text\n([\s\S]*?)^```/m.exec(day)?.[1] ?? '';
const withoutTime = (text: string) => text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/, 'TIME');

t.test('a shop’s day', { skip: hasCurl ? false : 'there is no curl here' }, async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const engine = { folder: '', clockOffset, tickMs: 20 };
  const { server, folder, ask } = await gateway(t, { engine });
  await announceServer(folder, server.address);
  const text = dayScript
    .replaceAll('http://127.0.0.1:8080', server.address)
    .replaceAll('jifen-data', folder)
    .replaceAll('npx jifen', `"${process.execPath}" "${PROGRAM}"`)
    .replace('--sample', `--sample --folder "${folder}"`);
  const ended = bash(text);
  await until('the definitions are said', async () => {
    const { body } = await ask('GET /v1/definitions/lottery');
    return body.definitions.length === 1;
  });
  // In two steps: further than shards know of at once, they would decide nothing until they have asked.
  const clock = new Float64Array(clockOffset);
  clock[0] = 6_000;
  await sleep(1_500);
  clock[0] = 11_000;
  const { code, out, err } = await ended;
  t.equal(code, 0, err);
  const [before = '', after = ''] = out.split(/^Event [\s\S]*?silver\.\n/m);
  const told = /^Event [\s\S]*?silver\.\n/m.exec(out)?.[0] ?? '';
  t.equal(withoutTime(told), withoutTime(why), 'why, as it is printed');
  const tier = (key: string) => ({ tier: `shop.${key}` });
  t.match(valuesIn(before.trim()), [
    { programme: 'shop', asset: 'points', said: Number },
    { key: 'shop', active: 1 },
    { act: { effects: [{ rule: 'shop.REGISTER', amount: 100 }, {}] } },
    { act: { effects: [{ days: 1 }, { task: 'shop.SIGN', amount: 10 }, {}] } },
    { code: 'EVENT_ATTRIBUTE_INVALID', field: 'attributes.amount' },
    { dryRun: true, act: { effects: [{ amount: 900 }, { amount: 50 }, {}, {}] } },
    { id: 'order-2', act: { effects: [{ amount: 900 }, { amount: 50 }, {}, {}] } },
    { ...tier('silver'), progress: 1_060, next: 'shop.gold' },
  ]);
  t.match(valuesIn(after.trim()), [
    { id: 'return-1', act: {} },
    { id: 'return-2' },
    { event: 'order-2', earned: 950, remaining: 0 },
    [{ act: { effects: [{ days: 1 }, {}, {}] } }, { status: 201 }, { status: 201 }],
    { ...tier('ordinary'), progress: 125, tasks: [{}, {}, { task: 'shop.SIGN', days: 2 }] },
    { accounts: [{ available: 125 }] },
  ]);
  const again = await run(folder, 'programme', 'init', '--sample', '--folder', folder);
  t.match(JSON.parse(again.out), { said: 0 }, 'a second run changes nothing');
  t.match(await run(folder, 'programme', 'init'), { code: 2, err: /--sample is missing/ });
});

const files = readFileSync(join(ROOT, 'ops/docs/configuration.md'), 'utf8');
const blocksOf = (kind: string) =>
  [...files.matchAll(new RegExp(`^\`\`\`${kind}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    ([, block]) => block ?? '',
  );

t.test('configuration as files', async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const engine = { folder: '', clockOffset, tickMs: 20 };
  const [sandbox, live] = [await gateway(t, { engine }), await gateway(t)];
  const cwd = temporaryFolder(t);
  for (const [name, { folder, server }] of [
    ['sandbox-data', sandbox],
    ['jifen-data', live],
  ] as const) {
    symlinkSync(folder, join(cwd, name));
    await announceServer(folder, server.address);
  }
  const text = blocksOf('sh')
    .join('')
    .replaceAll('http://127.0.0.1:8080', live.server.address)
    .replaceAll('npx jifen', `"${process.execPath}" "${PROGRAM}"`);
  const ended = bash(`cd "${cwd}"\n${text}`);
  await until('the definitions are said', async () => {
    const { body } = await sandbox.ask('GET /v1/definitions/task');
    return body.definitions.length === 3;
  });
  const clock = new Float64Array(clockOffset);
  clock[0] = 6_000;
  await sleep(1_500);
  clock[0] = 11_000;
  const { code, out: whole, err } = await ended;
  t.equal(code, 0, err);
  const withoutDigest = (of: string) => of.replace(/^plan \w{16}$/gm, 'plan DIGEST');
  const out = withoutDigest(whole);
  const [review = ''] = blocksOf('json');
  const [, planned = ''] = blocksOf('text').map(withoutDigest);
  t.ok(out.includes(review), 'a file, as it is printed');
  t.ok(out.includes(planned), 'a plan, as it is printed');
  const said = out.slice(out.indexOf(planned) + planned.length);
  t.match(
    said.split('\n').filter((line) => / (done|proposed: a|unchanged|code) ?/.test(line)),
    [
      ...[/^27 to create/, /^27 done/, /^0 to create.* 27 unchanged$/],
      ...[/^0 to create, 1 to change/, /^1 done/],
      ...[/^0 to create, 1 to change/, /^0 done$/, /^1 proposed/],
      ...['exit code 1', /^0 to create, 1 to change/, /^1 done/, /^0 to create.* 27 unchanged$/],
    ],
  );
  t.match(err, /rule\/shop.REVIEW.json: administrator has proposed it/);
});

const whatIf = readFileSync(join(ROOT, 'ops/docs/what-if.md'), 'utf8');
const whatIfScript = [...whatIf.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block);
const simulated = /^```text\n([\s\S]*?)^```/m.exec(whatIf)?.[1] ?? '';

t.test('what if', { skip: hasCurl ? false : 'there is no curl here' }, async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const engine = { folder: '', clockOffset, tickMs: 20 };
  const { server, folder, ask } = await gateway(t, { engine });
  await announceServer(folder, server.address);
  const text = whatIfScript
    .join('')
    .replaceAll('http://127.0.0.1:8080', server.address)
    .replaceAll('jifen-data', folder)
    .replaceAll('npx jifen', `"${process.execPath}" "${PROGRAM}"`)
    .replace('--sample', `--sample --folder "${folder}"`)
    .replaceAll(/ (simulate|definition put|definition get) /g, ` $1 --folder "${folder}" `);
  const ended = bash(`cd "$(mktemp -d)"\n${text}`);
  // Definitions decide some 10 s after they were said: time goes faster here, and not faster than shards hear of them.
  const clock = new Float64Array(clockOffset);
  const faster = setInterval(() => {
    clock[0]! += 1_000;
    void ask('POST /v1/admin/accept-clock');
  }, 300);
  const { code, out, err } = await ended.finally(() => clearInterval(faster));
  t.equal(code, 0, err);
  t.ok(out.includes(simulated), 'as it is printed');
  t.match(out, /"posted":3/);
  t.match(out, /"owner":"user-3","accounts":\[\{[^}]*"available":60/);
  t.match(out, /fix:consume-2026:/);
});

const draws = readFileSync(join(ROOT, 'ops/docs/lottery.md'), 'utf8');
const drawScript = [...draws.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, one]) => one).join('');
const hasDigests = hasCurl && ['openssl', 'xxd'].every((one) => !spawnSync(one, ['-v']).error);

t.test('a lottery', { skip: hasDigests ? false : 'no curl, openssl and xxd here' }, async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const engine = { folder: '', clockOffset, tickMs: 20, drawPeriodMs: 60_000 };
  const { server, folder, ask } = await gateway(t, { engine });
  await announceServer(folder, server.address);
  const cwd = temporaryFolder(t);
  const text = drawScript
    .replaceAll('http://127.0.0.1:8080', server.address)
    .replaceAll('jifen-data', folder)
    .replaceAll('npx jifen', `"${process.execPath}" "${PROGRAM}"`)
    .replace('--sample', `--sample --folder "${folder}"`)
    .replace('draw verify', `draw verify --folder "${folder}"`);
  const ended = bash(`cd "${cwd}"\n${text}`);
  await until('the lottery is said', async () => {
    const { body } = await ask('GET /v1/definitions/lottery');
    return body.definitions.length === 1;
  });
  const clock = new Float64Array(clockOffset);
  const isThere = (name: string): boolean => existsSync(join(cwd, name));
  for (const name of ['seeds-before.json', 'word.json', 'draw-1.json'])
    await until(`${name} is there`, async () => {
      // In steps: further than shards know of at once, they would decide nothing until they have asked.
      if (name === 'draw-1.json') return isThere(name);
      if (!isThere(name) || clock[0] === 0 || !isThere('word.json')) {
        clock[0] = Math.min(clock[0]! + 6_000, 40_000);
        await sleep(1_500);
      }
      return isThere(name);
    });
  await until('it is checked', async () => {
    clock[0] = clock[0]! + 30_000;
    await ask('POST /v1/admin/accept-clock');
    await sleep(1_000);
    return isThere('checked.txt') && readFileSync(join(cwd, 'checked.txt'), 'utf8').includes('won');
  });
  const { code, out, err } = await ended;
  t.equal(code, 0, err);
  const [, roll, told] = /^roll (\d+), told (\d+)$/m.exec(out) ?? [];
  t.equal(roll, told, 'as a shell works it out');
  const [, digest] = /^SHA-256 (\w+)$/m.exec(out) ?? [];
  t.match(JSON.parse(readFileSync(join(cwd, 'draw-1.json'), 'utf8')), { seed: { hash: digest } });
  t.notMatch(out, /WRONG/);
  t.match(out, /"code":"DRAW_TOO_SOON"/);
  t.match(out, /"code":"DRAW_NOT_TRIED"/);
});

const hasTools = hasCurl && spawnSync('openssl', ['version']).status === 0;

t.test('signing by hand', { skip: hasTools ? false : 'no curl and openssl here' }, async (t) => {
  const access = readFileSync(join(ROOT, 'gateway/auth/README.md'), 'utf8');
  const signing = /^```sh\n([\s\S]*?)^```/m.exec(access)?.[1] ?? '';
  const server = await gateway(t, { assets: ['points'] });
  const settings = { assets: ['points'], operations: ['read', 'earn'] };
  const { secret } = await caller(server, 'shop', settings);
  const given = `SECRET=${secret}\nURL=${server.server.address}\n`;
  const { code, out, err } = await bash(`${given}${signing}`);
  t.equal(code, 0, err);
  const answers = out.split(/(?<=\})\s*(?=\{)/).map((text) => JSON.parse(text));
  t.match(answers, [
    { success: true, transaction_id: '1001', balance: 50 },
    { status: 201, id: 'shop:1002' },
    { user_id: 'alice', platform_id: 'shop', balance: 55 },
  ]);
  t.equal(answers.length, 3);
});
