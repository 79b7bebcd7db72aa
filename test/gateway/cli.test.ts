// The program as its users run it: in a process of its own, on a folder of its own.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import t from 'tap';
import { temporaryFolder } from '../temporary.js';
import { bare } from './harness.js';
import { PROGRAM, run, start } from './program.js';

const LINES = join(import.meta.dirname, 'command-lines.js');
const MANIFEST = join(import.meta.dirname, '..', '..', '..', 'package.json');

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** What several runs come to that only read their arguments: in one process. */
function runAll(cwd: string, all: readonly (readonly string[])[]): Ended[] {
  const { stdout, stderr } = spawnSync(process.execPath, [LINES, JSON.stringify(all)], {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (stderr !== '') throw new Error(stderr);
  return JSON.parse(stdout) as Ended[];
}

t.test('wrong arguments: exit 2 and one line', async (t) => {
  const folder = temporaryFolder(t);
  const rows: readonly (readonly [readonly string[], RegExp])[] = [
    [['nonsense'], /no command "nonsense"/],
    [['__proto__'], /no command/],
    [['start', '--prot', '1'], /--prot/],
    [['start', '--port', '70000'], /--port must be a whole number from 0 to 65535/],
    [['start', '--port', '1.5'], /--port/],
    [['start', '--port'], /--port/],
    [['start', '--shards', '0'], /--shards must be a whole number from 1/],
    [['start', '--cache-mb', 'many'], /--cache-mb/],
    [['start', '--draw-period-ms', '59999'], /--draw-period-ms must be a whole number from 60000/],
    [['start', '--folder', ''], /--folder is empty/],
    [['start', 'folder'], /one argument too many/],
    [['verify'], /<folder> is missing/],
    [['verify', 'a', 'b'], /one argument too many/],
    [['rebuild'], /<folder> is missing/],
    [['segments'], /<folder> is missing/],
    [['fsck'], /<folder> is missing/],
    [['backup', folder], /<to> is missing/],
    [['backup', folder, 'to', '--shards', '3-1'], /--shards: shards: "3-1" is no shard or range/],
    [['stop'], /<folder> is missing/],
    [['cluster'], /no command "cluster"/],
    [['inspect', folder], /--account <owner> or --block/],
    [['inspect', folder, '--account', 'a', '--block', '0/1'], /either/],
    [['inspect', folder, '--block', '1'], /--block is <shard>\/<seq>/],
    [['platform'], /no command "platform" \(there are: platform add, /],
    [['key', 'nonsense'], /no command "key nonsense" \(there are: key add, key list, /],
    [['start', '--origins', 'https://a.example/'], /"https:\/\/a\.example\/" is not an origin/],
    [['start', '--origins', '*'], /--origins: "\*" is not an origin/],
  ];
  const all = runAll(
    folder,
    rows.map(([args]) => args),
  );
  for (const [n, [args, line]] of rows.entries()) {
    const { code, out, err } = all[n] as Ended;
    t.equal(code, 2, args.join(' '));
    t.match(err, line);
    t.match(err, /^jifen: [^\n]+\n$/, 'one line');
    t.equal(out, '');
  }
  for (const n of [0, 2, rows.length - 1])
    t.same(await run(folder, ...(rows[n]?.[0] ?? [])), all[n], 'the same in a process of its own');
  t.same(readdirSync(folder), [], 'nothing was made');
});

t.test('help for everything, and the version', async (t) => {
  const folder = temporaryFolder(t);
  const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8')) as { version: string };
  t.same(await run(folder, '--version'), { code: 0, out: `${manifest.version}\n`, err: '' });
  const help = await run(folder, '--help');
  t.equal(help.code, 0);
  const commands = [
    ...[
      'start',
      'verify',
      'rebuild',
      'inspect',
      'segments',
      'fsck',
      'backup',
      'stop',
      'cluster nats',
    ],
  ];
  const own = runAll(
    folder,
    commands.map((command) => [...command.split(' '), '--help']),
  );
  for (const [n, command] of commands.entries()) {
    t.match(help.out, new RegExp(`^ {2}${command} `, 'm'));
    t.equal(own[n]?.code, 0);
    t.match(own[n]?.out, /^Usage: jifen/);
    t.match(own[n]?.out, /Exit codes: 0/);
  }
  t.same(await run(folder, 'stop', '--help'), own[commands.indexOf('stop')]);
  for (const [group, verbs] of [
    ['platform', ['add', 'list', 'rotate', 'disable', 'enable']],
    ['key', ['add', 'list', 'revoke']],
  ] as const) {
    const ways = [
      [group, '--help'],
      [group, '-h'],
      ['help', group],
    ];
    for (const [n, { code, out, err }] of runAll(folder, ways).entries()) {
      t.same([code, err], [0, ''], (ways[n] ?? []).join(' '));
      for (const verb of verbs) t.match(out, new RegExp(`^Usage: jifen ${group} ${verb} `, 'm'));
    }
  }
  const named = [['user'], ['transfer'], ['platform', 'add'], ['key', 'revoke']];
  const asked = runAll(folder, [
    ...named.map((command) => [...command, '--help']),
    ...named.map((command) => ['help', ...command]),
  ]);
  for (const [n, command] of named.entries()) {
    const usage = new RegExp(`^Usage: jifen ${command.join(' ')} `);
    t.match(asked[n], { code: 0, out: usage, err: '' });
    t.same(asked[n + named.length], asked[n]);
  }
  const none = await run(folder);
  t.equal(none.code, 2);
  t.match(none.out, /Usage/);
});

t.test('a folder that is not there, or is no folder', async (t) => {
  const folder = temporaryFolder(t);
  for (const args of [
    ['verify', 'none'],
    ['rebuild', 'none'],
    ['inspect', 'none', '--account', 'a'],
    ['backup', 'none', 'to'],
  ]) {
    const { code, err } = await run(folder, ...args);
    t.match([code, err], [1, /there is no folder/], args.join(' '));
  }
  t.match(await run(folder, 'verify', PROGRAM), { code: 1, err: /is not a folder/ });
  t.same(readdirSync(folder), []);
});

t.test('start, stop, start again: balances and key stay, the key is shown once', async (t) => {
  const cwd = temporaryFolder(t);
  const data = join(cwd, 'jifen-data');
  const first = await start(t, cwd);
  const key = /^ {2}(jifen_admin_\S+)$/m.exec(first.out)?.[1] ?? '';
  t.equal(readFileSync(join(data, 'admin.key'), 'utf8').trim(), key);
  t.equal(statSync(join(data, 'admin.key')).mode & 0o777, 0o600);
  t.equal(statSync(join(data, 'server.json')).mode & 0o777, 0o600);
  t.ok(first.out.includes(data));

  const ask = asker(key);
  await ask(first.address, 'PUT /v1/assets/shop', { scale: 0 });
  const transfer = {
    id: 'ORDER:1',
    legs: [{ from: '@issue', to: 'alice', asset: 'shop', amount: 7 }],
  };
  t.equal((await ask(first.address, 'POST /v1/transfers', transfer)).status, 201);

  t.match(await run(cwd, 'start', '--port', '0'), {
    code: 1,
    err: /^jifen: [^\n]*(lock|another|open)/i,
  });
  const port = new URL(first.address).port;
  t.match(await run(cwd, 'start', '--port', port, '--folder', 'other'), {
    code: 1,
    err: new RegExp(`cannot listen on 127.0.0.1:${port}`),
  });
  t.notOk(existsSync(join(cwd, 'other')), 'no folder is made where the port is not free');
  t.equal((await ask(first.address, 'GET /v1/accounts/alice')).body.accounts[0].available, 7);

  first.child.kill('SIGINT');
  const ended = await first.ended;
  t.match(ended, { code: 0, err: /Stopped/ });
  t.notOk(existsSync(join(data, 'server.json')));

  const second = await start(t, cwd);
  t.notOk(second.out.includes('jifen_admin_'), 'the key is not shown again');
  t.equal(readFileSync(join(data, 'admin.key'), 'utf8').trim(), key);
  const accounts = await ask(second.address, 'GET /v1/accounts/alice');
  t.match(accounts.body.accounts, [{ available: 7 }]);
  t.match(await ask(second.address, 'POST /v1/transfers', transfer), {
    status: 200,
    body: { replayed: true },
  });
  second.child.kill('SIGTERM');
  t.equal((await second.ended).code, 0);
});

t.test('killed, or hurried by a second signal: what was answered is there', async (t) => {
  const cwd = temporaryFolder(t);
  const first = await start(t, cwd);
  const key = readFileSync(join(cwd, 'jifen-data', 'admin.key'), 'utf8').trim();
  const ask = asker(key);
  await ask(first.address, 'PUT /v1/assets/shop', { scale: 0 });
  const legs = [{ from: '@issue', to: 'alice', asset: 'shop', amount: 7 }];
  await ask(first.address, 'POST /v1/transfers', { id: 'A', legs });
  first.child.kill('SIGKILL');
  t.equal((await first.ended).code, null);
  const second = await start(t, cwd);
  t.match((await ask(second.address, 'GET /v1/accounts/alice')).body.accounts, [{ available: 7 }]);
  second.child.kill('SIGINT');
  second.child.kill('SIGINT');
  t.ok([0, 130].includes((await second.ended).code ?? -1));
});

t.test('a folder is checked, shown, rebuilt, copied', async (t) => {
  const cwd = temporaryFolder(t);
  const served = await start(t, cwd);
  const data = join(cwd, 'jifen-data');
  const ask = asker(readFileSync(join(data, 'admin.key'), 'utf8').trim());
  await ask(served.address, 'PUT /v1/assets/shop', { scale: 0 });
  const legs = [{ from: '@issue', to: 'alice', asset: 'shop', amount: 7 }];
  await ask(served.address, 'POST /v1/transfers', { id: 'A', legs });
  const copied = await run(cwd, 'backup', 'jifen-data', 'copy');
  t.match(
    copied,
    { code: 0, out: /^Copied .*copy: shard 0 up to block \d+\n$/, err: '' },
    'while served',
  );
  t.match(await run(cwd, 'backup', 'jifen-data', 'copy'), { code: 1, err: /exists already/ });
  served.child.kill('SIGINT');
  await served.ended;

  t.match(await run(cwd, 'verify', 'copy'), { code: 0, out: /^Everything is as it should be/ });
  t.match(await run(cwd, 'verify', 'jifen-data'), { code: 0, out: /1 transfers|\d+ transfers/ });
  const account = await run(cwd, 'inspect', 'copy', '--account', 'alice');
  t.match(account, { code: 0, out: /"available": 7/ });
  t.doesNotThrow(() => JSON.parse(account.out));
  const block = await run(cwd, 'inspect', 'jifen-data', '--block', '0/1');
  t.equal(block.code, 0);
  t.doesNotThrow(() => JSON.parse(block.out));
  t.match((await run(cwd, 'inspect', 'jifen-data', '--block', '0/999999')).code, 1);
  t.match(await run(cwd, 'rebuild', 'jifen-data'), {
    code: 0,
    out: /shard 0: rebuilt up to block \d+/,
  });
  t.match(
    await run(cwd, 'backup', 'jifen-data', 'second'),
    { code: 0, out: /^Copied/ },
    'while not served',
  );

  const again = await start(t, cwd, '--folder', 'second');
  t.match(again.out, /jifen_admin_/, 'a copy gets a key of its own');
  t.match(again.err(), /second had no admin\.key: a new administrator's key was made/);
  const key = readFileSync(join(cwd, 'second', 'admin.key'), 'utf8').trim();
  const accounts = await asker(key)(again.address, 'GET /v1/accounts/alice');
  t.match(accounts.body.accounts, [{ available: 7 }]);
  again.child.kill('SIGINT');
  await again.ended;
});

t.test('a server is stopped from elsewhere', async (t) => {
  const cwd = temporaryFolder(t);
  const stop = () => run(cwd, 'stop', 'jifen-data');
  t.match(await stop(), { code: 1, err: /there is no folder/ });
  const served = await start(t, cwd);
  const { pid } = served.child;
  t.match(await run(cwd, 'backup', 'jifen-data', 'some', '--shards', '0'), {
    code: 1,
    err: /is being served; some of its shards are copied when it has stopped/,
  });
  t.match(await stop(), {
    code: 0,
    out: new RegExp(`^Stopped process ${pid}, which had .*jifen-data open\n$`),
  });
  t.match(await served.ended, { code: 0, err: /Stopped\./ });
  t.match(await stop(), { code: 1, err: /no process has .*jifen-data open/ });
  const killed = await start(t, cwd);
  killed.child.kill('SIGKILL');
  await killed.ended;
  t.match(await stop(), { code: 1, err: /no process has .*jifen-data open/ }, 'its lock is left');
  const lock = JSON.parse(readFileSync(join(cwd, 'jifen-data', 'lock'), 'utf8')) as object;
  writeFileSync(
    join(cwd, 'jifen-data', 'lock'),
    JSON.stringify({ ...lock, pid: process.pid, ticks: '1' }),
  );
  t.match(
    await stop(),
    { code: 1, err: /no process has/ },
    'a number that was used again is no server',
  );
});

t.test('a folder of somebody else is left alone', async (t) => {
  const cwd = temporaryFolder(t);
  mkdirSync(join(cwd, 'data'), { mode: 0o755 });
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => other.on('listening', resolve));
  t.teardown(() => other.close());
  const { port } = other.address() as { port: number };
  const refused = await run(cwd, 'start', '--folder', 'data', '--port', String(port));
  t.match(refused, { code: 1, err: /cannot listen/ });
  t.same(readdirSync(join(cwd, 'data')), []);
});

const asker = (key: string) => (address: string, request: string, body?: unknown) =>
  bare(address, request, body, { Authorization: `Bearer ${key}` });
