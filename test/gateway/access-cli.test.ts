// The commands about platforms, keys, users and transfers, over a real server in a process of its own.

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { bare, callerOf } from './callers.js';
import { temporaryFolder } from './harness.js';

const PROGRAM = join(import.meta.dirname, '..', '..', 'gateway', 'jifen.cjs');

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(cwd: string, ...args: string[]): Ended {
  const given = { cwd, encoding: 'utf8', timeout: 60_000 } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], given);
  return { code: status, out: stdout, err: stderr };
}

function start(t: Test, cwd: string): Promise<{ child: ChildProcess; address: string }> {
  const args = [PROGRAM, 'start', '--port', '0', '--shards', '1'];
  const child = spawn(process.execPath, args, { cwd });
  t.teardown(() => child.kill('SIGKILL'));
  let out = '';
  return new Promise((resolve, reject) => {
    child.on('close', (code) => reject(new Error(`ended with ${code}: ${out}`)));
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      out += part;
      const address = /Listening on (\S+)/.exec(out)?.[1];
      if (address !== undefined) resolve({ child, address });
    });
  });
}

/** The JSON that a command showed, and what it shows once. */
function shown({ out }: Ended): { body: any; secret: string | undefined } {
  const secret = /^ {2}(jifen_\S+)$/m.exec(out)?.[1];
  return { body: JSON.parse(out.replace(/\n\n(Its secret|The key)[\s\S]*$/, '')), secret };
}

t.test('wrong arguments, and no server', async (t) => {
  const cwd = temporaryFolder(t);
  const rows: readonly (readonly [string[], number, RegExp])[] = [
    [['platform'], 2, /no command "platform"/],
    [['platform', 'nonsense'], 2, /no command "platform nonsense"/],
    [['platform', 'add'], 2, /<id> is missing \(see jifen platform add --help\)/],
    [['key', 'revoke', 'a', 'b'], 2, /one argument too many/],
    [['key', 'add', '--expires-at', 'soon'], 2, /RFC 3339/],
    [['transfer', 'a', 'b', '1'], 2, /--asset is missing/],
    [['transfer', 'a', 'b', '1.5', '--asset', 'gold'], 2, /<amount> must be a whole number/],
    [['transfer', 'a', 'b', '0', '--asset', 'gold'], 2, /<amount>/],
    [['platform', 'list'], 1, /there is no folder/],
    [['user', 'ann', '--folder', '.'], 1, /no server has/],
    [['start', '--logs', 'x', '--no-logs'], 2, /contradict/],
  ];
  for (const [args, code, line] of rows)
    t.match(run(cwd, ...args), { code, err: line }, args.join(' '));
  for (const name of ['platform add', 'platform rotate', 'key add', 'user', 'transfer'])
    t.match(run(cwd, ...name.split(' '), '--help'), {
      code: 0,
      out: new RegExp(`^Usage: jifen ${name}`),
    });
});

t.test('platforms, keys, users and transfers', async (t) => {
  const cwd = temporaryFolder(t);
  const { child, address } = await start(t, cwd);
  const key = readFileSync(join(cwd, 'jifen-data', 'admin.key'), 'utf8').trim();
  await bare(address, 'PUT /v1/assets/gold', { scale: 0 }, { Authorization: `Bearer ${key}` });

  const add = [
    '--name',
    'Shop',
    '--assets',
    'gold',
    '--operations',
    'read,earn',
    '--proof',
    'token',
  ];
  const added = run(cwd, 'platform', 'add', 'shop', ...add);
  t.match(added, { code: 0, err: '' });
  const { body, secret = '' } = shown(added);
  t.match(body, { id: 'shop', assets: ['gold'], operations: ['read', 'earn'], proof: 'token' });
  t.match(run(cwd, 'platform', 'add', 'shop', ...add), { code: 1, err: /409 PLATFORM_EXISTS/ });
  const BALANCE = 'GET /api/points/balance?user_id=ann';
  const status = async (by: string) => (await callerOf(address, 'shop', by).ask(BALANCE)).status;
  t.equal(await status(secret), 200);
  const rotated =
    shown(run(cwd, 'platform', 'rotate', 'shop', '--overlap-seconds', '0')).secret ?? '';
  t.same([await status(secret), await status(rotated)], [401, 200]);
  t.match(shown(run(cwd, 'platform', 'disable', 'shop')).body, { disabled: true });
  t.equal(await status(rotated), 403);
  t.match(shown(run(cwd, 'platform', 'enable', 'shop')).body, { disabled: false });
  t.match(shown(run(cwd, 'platform', 'list')).body, [{ id: 'shop', name: 'Shop' }]);
  t.match(run(cwd, 'platform', 'rotate', 'none'), { code: 1, err: /404 PLATFORM_NOT_FOUND/ });

  const made = shown(run(cwd, 'key', 'add', '--name', 'ops', '--operations', 'read'));
  const read = () =>
    bare(address, 'GET /v1/accounts/ann', undefined, { Authorization: `Bearer ${made.secret}` });
  t.equal((await read()).status, 200);
  t.match(shown(run(cwd, 'key', 'list')).body, [{ id: made.body.id, name: 'ops' }]);
  t.match(shown(run(cwd, 'key', 'revoke', made.body.id)).body, { revokedAt: Number });
  t.equal((await read()).status, 401);

  const move = ['transfer', '@issue', 'ann', '7', '--asset', 'gold', '--id', 'GIFT:1'];
  t.match(run(cwd, ...move), { code: 0, err: 'Transfer GIFT:1\n' });
  t.match(shown(run(cwd, ...move)).body, { replayed: true });
  t.match(run(cwd, 'transfer', 'ann', 'bob', '8', '--asset', 'gold'), {
    code: 1,
    err: /POINTS_SHORT/,
  });
  t.match(shown(run(cwd, 'user', 'ann')).body, {
    owner: 'ann',
    accounts: [{ asset: 'gold', available: 7 }],
    mappings: [],
  });

  const ended = new Promise((resolve) => child.on('close', resolve));
  child.removeAllListeners('close');
  child.on('close', () => {});
  child.kill('SIGINT');
  await Promise.race([ended, new Promise((resolve) => child.once('close', resolve))]);
  const logs = join(cwd, 'jifen-data', 'logs');
  const names = readdirSync(logs).map((name) => name.replace(/-\d{4}-\d\d-\d\d\.log$/, ''));
  t.same(names.sort(), ['audit', 'business', 'service']);
});
