// The README's first hour is run as it is printed.

import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ROOT } from '../setup.js';
import { caller } from './callers.js';
import { gateway } from './harness.js';

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

// Not spawnSync: the server it talks to lives in this process.
function bash(text: string): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', text]);
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      out += part;
    });
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      err += part;
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
}
