// Logs: a line for every administrative and points operation, files by day, nothing secret.

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { connect } from '../../gateway/client/node.js';
import { isWrittenDown } from '../../gateway/http/server/gate.js';
import { DailyFile, dayOf } from '../../gateway/logs/daily-file.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { ALL_ROUTES } from './all-routes.js';
import { ALL, caller, operator } from './callers.js';
import { gateway } from './harness.js';

interface Line {
  readonly [name: string]: any;
}

const linesOf = (folder: string, log: string): Line[] =>
  readdirSync(folder)
    .filter((name) => name.startsWith(`${log}-`))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').trim().split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

const DAY_MS = 86_400_000;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARTS: Readonly<Record<string, string>> = {
  platform: 'shop',
  asset: 'gold',
  key: '0'.repeat(12),
};

/** Commands by the last part of the paths that ask for them. */
const RECORDED: Readonly<Record<string, string>> = {
  reverse: 'reverse',
  confirm: 'confirm-pending',
  capture: 'capture',
  release: 'release',
  open: 'open-account',
  freeze: 'freeze-account',
  unfreeze: 'unfreeze-account',
  close: 'close-account',
  reopen: 'reopen-account',
  'POST /v1/members/{owner}/erasure': 'act erase-member',
};

t.test('every operation that may change something has its line', async (t) => {
  const folder = join(temporaryFolder(t), 'logs');
  const server = await gateway(t, { logs: { folder }, limits: { proxies: 1 }, assets: ['gold'] });
  const shop = await caller(server, 'shop');
  const key = await operator(server, ALL);
  // Nobody but a partner is let in to those for partners: inbound.test.ts.
  const mutating = ALL_ROUTES.filter(
    (route) => isWrittenDown(route) && route.access.by !== 'partner',
  );
  t.ok(mutating.length > 25);
  const headers = {
    traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
    'User-Agent': 'the test',
    'X-Forwarded-For': '1.1.1.1, 203.0.113.9',
  };
  const expected: Line[] = [];
  for (const { method, path, access, module, body } of mutating) {
    const request = path.replace(/\{(\w+)\}/g, (_, name: string) => PARTS[name] ?? 'x');
    // Somebody who is let in and asks for nothing sensible: the line says what came of it.
    const given = body === undefined ? undefined : body === 'form' ? 'nothing=sensible' : {};
    const sent =
      body === 'form'
        ? { ...headers, 'Content-Type': 'application/x-www-form-urlencoded' }
        : headers;
    const answer =
      access.by === 'platform'
        ? await shop.ask(`${method} ${request}`, given, sent)
        : await server.ask(`${method} ${request}`, given, sent);
    // At a route for anyone nobody is looked for.
    const others = access.by === 'visitor' ? 'visitor:visitor' : 'administrator';
    const who = access.by === 'platform' ? 'platform:shop' : others;
    expected.push({
      who,
      what: `${method} ${path}`,
      module,
      status: answer.status,
      ip: '203.0.113.9',
      agent: 'the test',
      traceId: TRACE,
    });
  }
  const leg = { from: '@issue', to: 'ann', asset: 'gold', amount: 5 };
  const transfer = { id: 'T1', memo: 'private', metadata: { phone: '123' }, legs: [leg] };
  await server.ask('POST /v1/transfers', transfer, headers);
  await server.ask('POST /v1/transfers', [transfer, { id: 'T2', legs: [] }], headers);
  await shop.ask('POST /api/points/add', { user_id: 'ann', amount: 3, remark: 'private' }, headers);
  const earns = Array.from({ length: 5 }, (_, n) => ({ id: `E${n}`, legs: [leg] }));
  await server.ask('POST /v1/transfers', earns, headers);
  await server.ask('GET /v1/accounts/ann', undefined, headers);
  await server.ask('POST /v1/balances', { owners: ['ann'] }, headers);
  await server.ask('POST /v1/transfers', transfer, { Authorization: 'Bearer wrong' });
  const narrow = await operator(server, ['read']);
  await server.ask('POST /v1/transfers', transfer, narrow);
  await server.server.close();

  const audit = linesOf(folder, 'audit');
  for (const line of expected) {
    // What has a record in the ledger, a final refusal too, has its line from there.
    const [, word = ''] = /\/v1\/accounts\/.*\/(\w+)$/.exec(String(line.what)) ?? [];
    const what = RECORDED[word] ?? RECORDED[String(line.what)];
    const { who, ip, agent, traceId } = line;
    const rest = { who, what, ip, agent, traceId };
    const found = audit.filter((one) => fits(one, line) || fits(called(one), rest));
    t.equal(found.length, 1, `${line.what}`);
  }
  const of = (what: string, more: Line) =>
    audit.filter((one) => one.what === what && fits(one.details, more)).length;
  t.equal(of('transfer', { id: 'T1', outcome: 'ok' }), 1, 'out of the ledger');
  t.equal(of('POST /v1/transfers', { outcome: 'ok' }), 0, 'and no other');
  t.equal(of('POST /v1/transfers', { commands: 2, refused: 1 }), 1, 'a repeat, and one refused');
  const added = audit.filter((one) => one.who === 'platform:shop' && one.what === 'transfer');
  t.match(added, [{ ip: '203.0.113.9', agent: 'the test', traceId: TRACE, status: 200, shard: 0 }]);
  t.equal(of('define-asset', { outcome: 'ok' }), 1);
  const several = audit.filter(({ what, details }) => what === 'transfer' && details.commands > 1);
  t.match(several, [{ details: { commands: 5, refused: 0, ids: ['E0', 'E1', 'E2', 'E3', 'E4'] } }]);
  t.equal(of('POST /v1/transfers', { outcome: 'OPERATION_FORBIDDEN' }), 1);
  t.notOk(
    audit.some(({ what = '' }) => what.startsWith('GET ') || what === 'POST /v1/balances'),
    'reads change nothing',
  );
  t.ok(audit.every(({ time }) => Math.abs(Date.now() - time) < 600_000));
  const business = linesOf(folder, 'business');
  t.ok(business.some((one) => fits(one, { by: 'shop', operation: 'transfer', traceId: TRACE })));
  t.match(
    linesOf(folder, 'service').map(({ message }) => message),
    ['serving', 'stopped'],
  );
  const all = ['audit', 'business', 'service']
    .map((log) => JSON.stringify(linesOf(folder, log)))
    .join();
  for (const secret of [
    shop.secret,
    server.key,
    (key.Authorization ?? '').slice(7),
    'private',
    'phone',
    'eyJ',
  ])
    t.notOk(all.includes(secret), `${secret.slice(0, 12)} is in no line`);
  for (const name of readdirSync(folder)) t.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
});

/** A line of an act, by the act's name. */
const called = (line: Line): Line =>
  line.what === 'act' ? { ...line, what: `act ${line.details?.asked?.act}` } : line;

const fits = (line: Line | undefined, expected: Line): boolean =>
  line !== undefined && Object.entries(expected).every(([name, value]) => line[name] === value);

t.test(
  'what is refused and not kept has its line, although its code is kept at other times',
  async (t) => {
    const folder = join(temporaryFolder(t), 'logs');
    const server = await gateway(t, { logs: { folder }, assets: ['gold'] });
    const leg = { from: '@issue', to: 'ann', asset: 'gold', amount: 5 };
    const spend = (id: string) => ({
      id,
      legs: [{ ...leg, from: 'ann', to: '@redeem', amount: 1 }],
    });
    await server.ask('POST /v1/transfers', { id: 'T', legs: [leg] });
    await server.ask('POST /v1/accounts/ann/assets/gold/freeze', {});
    const one = await server.ask('POST /v1/transfers', spend('S'));
    t.match(one, { status: 422, body: { code: 'ACCOUNT_FROZEN' } });
    await server.ask('POST /v1/transfers', [spend('B1'), spend('B2'), { id: 'B3', legs: [leg] }]);
    const batch = connect({ url: server.server.address, key: server.key }).batch();
    for (const id of ['P1', 'P2']) batch.move(id, 'ann', '@redeem', 'gold', 1);
    await fetch(`${server.server.address}/v1/commands`, {
      ...{ method: 'POST', body: batch.take() },
      headers: {
        ...{ Authorization: `Bearer ${server.key}` },
        'Content-Type': 'application/vnd.jifen.commands',
      },
    });
    await server.server.close();
    const details = linesOf(folder, 'audit')
      .filter(({ what }) => what === 'POST /v1/transfers' || what === 'POST /v1/commands')
      .map(({ what, details: { outcome, refused, ids } }) => [what, outcome ?? refused, ids]);
    t.same(details, [
      ['POST /v1/transfers', 'ACCOUNT_FROZEN', undefined],
      ['POST /v1/transfers', 2, ['B1', 'B2']],
      ['POST /v1/commands', 2, ['P1', 'P2']],
    ]);
  },
);

t.test('a file for each day, kept so many days', async (t) => {
  const folder = join(temporaryFolder(t), 'logs');
  mkdirSync(folder);
  let now = Date.UTC(2026, 1, 27, 23, 59, 59, 999);
  const old = ['audit-2026-02-20.log', 'audit-2026-02-24.log', 'audit-2026-02-25.log'];
  const others = ['business-2020-01-01.log', 'audit-x.log', 'audit-2020-01-01.log.gz', 'note.txt'];
  for (const name of [...old, ...others]) writeFileSync(join(folder, name), 'x\n');
  const file = new DailyFile(folder, 'audit', 2, t.fail, () => now);
  for (let day = 0; day < 3; day++) {
    for (let i = 0; i < 1_000; i++) file.write(`${day} ${i}\n`);
    now += day === 0 ? 1 : 86_400_000;
  }
  await file.close();
  const days = ['2026-02-27', '2026-02-28', '2026-03-01'];
  const names = readdirSync(folder).sort();
  t.same(names, [...others, ...days.map((day) => `audit-${day}.log`)].sort());
  for (const [at, day] of days.entries()) {
    const lines = readFileSync(join(folder, `audit-${day}.log`), 'utf8')
      .trim()
      .split('\n');
    t.same(
      lines,
      Array.from({ length: 1_000 }, (_, i) => `${at} ${i}`),
    );
  }
});

t.test('a folder that takes no lines is told, and nothing else fails', async (t) => {
  const folder = join(temporaryFolder(t), 'logs');
  const told: Error[] = [];
  const file = new DailyFile(folder, 'audit', 2, (error) => told.push(error));
  mkdirSync(join(folder, `audit-${new Date().toISOString().slice(0, 10)}.log`));
  file.write('x\n');
  file.flushSync();
  await file.close();
  t.equal(told.length, 1);
});

t.test('a disk that takes no lines is told of, and ends nothing', async (t) => {
  const folder = temporaryFolder(t);
  symlinkSync('/dev/full', join(folder, `service-${dayOf(Date.now())}.log`));
  const told: string[] = [];
  const file = new DailyFile(folder, 'service', 1, (error) => told.push(error.message));
  file.write('a line\n');
  file.flushSync();
  t.match(told, [/ENOSPC/]);
  file.write('another one\n');
  const late = new Promise((next) => setTimeout(next, 5_000, 'late').unref());
  t.equal(await Promise.race([file.close(), late]), undefined, 'it closes all the same');
  t.ok(told.length >= 2);
});

t.test('what a full disk takes later is written in order, and what it cost is said', async (t) => {
  const folder = temporaryFolder(t);
  const path = (day: number) => join(folder, `audit-${dayOf(day * DAY_MS)}.log`);
  symlinkSync('/dev/full', path(1));
  writeFileSync(path(2), 'half a li');
  let day = 1;
  const told: string[] = [];
  const tell = (error: Error) => told.push(error.message);
  const file = new DailyFile(folder, 'audit', 9, tell, () => day * DAY_MS);
  file.write('a\n');
  file.flushSync();
  t.equal(told.length, 1);
  // More than may wait.
  const long = `${'x'.repeat(1024 * 1024)}\n`;
  for (let i = 0; i < 10; i++) file.write(long);
  await new Promise((next) => setTimeout(next, 100));
  t.equal(told.length, 1, 'told of once');
  rmSync(path(1));
  day = 2;
  await until(
    'the disk is good',
    () => existsSync(path(1)) && statSync(path(1)).size > 7 * long.length,
  );
  for (let i = 0; i < 1_000; i++) {
    file.write(`${i}\n`);
    // Some while others are under way.
    if (i % 100 === 50) await new Promise((next) => setTimeout(next, 25));
    if (i % 100 === 99) file.flushSync();
  }
  await file.close();
  const [first, ...waited] = readFileSync(path(1), 'utf8').trim().split('\n');
  t.match(JSON.parse(first ?? ''), { log: 'audit', lost: 1 }, 'what was given up');
  t.ok(waited.length >= 7 && waited.every((line) => line.length === 1024 * 1024));
  const [half, second, ...lines] = readFileSync(path(2), 'utf8').trim().split('\n');
  t.equal(half, 'half a li', 'and no line goes on where another one ended');
  t.match(JSON.parse(second ?? ''), { log: 'audit', lost: 10 - waited.length });
  t.same(
    lines,
    Array.from({ length: 1_000 }, (_, i) => `${i}`),
  );
});

t.test('a process ends although its disk is full and lines wait', async (t) => {
  const folder = temporaryFolder(t);
  for (const day of [0, 1])
    symlinkSync('/dev/full', join(folder, `audit-${dayOf(Date.now() + day * DAY_MS)}.log`));
  const daily = JSON.stringify(new URL('../../gateway/logs/daily-file.js', import.meta.url).href);
  const told = JSON.stringify(join(folder, 'told'));
  const source = `
    import { appendFileSync } from 'node:fs';
    const { DailyFile } = await import(${daily});
    const tell = (error) => appendFileSync(${told}, error.code + ' ');
    const file = new DailyFile(${JSON.stringify(folder)}, 'audit', 9, tell);
    process.on('exit', () => file.flushSync());
    const more = () => file.write('a line\\n');
    setInterval(more, 1);
    setTimeout(() => { more(); process.exit(3); }, 300);`;
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', source], {
    timeout: 20_000,
  });
  t.equal(status, 3);
  t.equal(readFileSync(join(folder, 'told'), 'utf8'), 'ENOSPC ENOSPC ');
});
