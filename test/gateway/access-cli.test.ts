// The commands about platforms, keys, users and transfers, over a real server in a process of its own.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { temporaryFolder } from '../temporary.js';
import { callerOf } from './callers.js';
import { bare } from './harness.js';
import { OperatorBrowser } from './operating.js';
import { type Ended, run, start } from './program.js';
import { PASSWORD } from './signing-in.js';

/** The JSON that a command showed, and what it shows once. */
function shown({ out }: Ended): { body: any; secret: string | undefined } {
  const secret = /^ {2}(jifen_\S+)$/m.exec(out)?.[1];
  return {
    body: JSON.parse(out.replace(/\n\n(Its secret|The key|The invitation)[\s\S]*$/, '')),
    secret,
  };
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
  const check = async ([args, code, line]: (typeof rows)[number]) =>
    t.match(await run(cwd, ...args), { code, err: line }, args.join(' '));
  await Promise.all(rows.map(check));
  const names = ['platform add', 'key add', 'user', 'transfer'];
  const helps = await Promise.all(names.map((name) => run(cwd, ...name.split(' '), '--help')));
  for (const [i, help] of helps.entries())
    t.match(help, { code: 0, out: new RegExp(`^Usage: jifen ${names[i]}`) });
});

async function platforms(t: Test, cwd: string, address: string): Promise<void> {
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
  const added = await run(cwd, 'platform', 'add', 'shop', ...add);
  t.match(added, { code: 0, err: '' });
  const { body, secret = '' } = shown(added);
  t.match(body, { id: 'shop', assets: ['gold'], operations: ['read', 'earn'], proof: 'token' });
  t.match(await run(cwd, 'platform', 'add', 'shop', ...add), {
    code: 1,
    err: /409 PLATFORM_EXISTS/,
  });
  const BALANCE = 'GET /api/points/balance?user_id=ann';
  const status = async (by: string) => (await callerOf(address, 'shop', by).ask(BALANCE)).status;
  t.equal(await status(secret), 200);
  const rotated =
    shown(await run(cwd, 'platform', 'rotate', 'shop', '--overlap-seconds', '0')).secret ?? '';
  t.same([await status(secret), await status(rotated)], [401, 200]);
  t.match(shown(await run(cwd, 'platform', 'disable', 'shop')).body, { disabled: true });
  t.equal(await status(rotated), 403);
  t.match(shown(await run(cwd, 'platform', 'enable', 'shop')).body, { disabled: false });
  t.match(shown(await run(cwd, 'platform', 'list')).body, [{ id: 'shop', name: 'Shop' }]);
  t.match(await run(cwd, 'platform', 'rotate', 'none'), { code: 1, err: /404 PLATFORM_NOT_FOUND/ });
}

async function keys(t: Test, cwd: string, address: string): Promise<void> {
  const made = shown(await run(cwd, 'key', 'add', '--name', 'ops', '--operations', 'read'));
  const read = () =>
    bare(address, 'GET /v1/accounts/ann', undefined, { Authorization: `Bearer ${made.secret}` });
  t.equal((await read()).status, 200);
  t.match(shown(await run(cwd, 'key', 'list')).body, [{ id: made.body.id, name: 'ops' }]);
  t.match(shown(await run(cwd, 'key', 'revoke', made.body.id)).body, { revokedAt: Number });
  t.equal((await read()).status, 401);
}

async function people(t: Test, cwd: string, address: string): Promise<void> {
  const added = await run(cwd, 'operator', 'add', 'ann', '--name', 'Ann', '--roles', 'viewer');
  t.match(shown(added).body, { operator: 'ann', roles: ['viewer'], hasPassword: false });
  const [invitation = ''] = /http\S+\/console\/invitation#\S+/.exec(added.out) ?? [];
  const browser = new OperatorBrowser(address);
  const used = await browser.ask('POST /operator/invitation', { invitation, password: PASSWORD });
  t.equal(used.status, 200, used.text);
  t.equal(shown(await run(cwd, 'operator', 'sessions', 'ann')).body.length, 1);
  t.match(shown(await run(cwd, 'operator', 'sign-out', 'ann')).body, { operator: 'ann' });
  t.notOk(await browser.isIn());
  const reader = ['role', 'set', 'reader', '--operations', 'read', '--seconded', 'freeze'];
  t.match(shown(await run(cwd, ...reader)).body, { version: 1, seconded: ['freeze'] });
  t.match(await run(cwd, ...reader, '--if-version', '0'), { code: 1, err: /CHANGED_MEANWHILE/ });
  const change = ['operator', 'change', 'ann', '--roles', 'reader', '--disable'];
  t.match(shown(await run(cwd, ...change)).body, { roles: ['reader'], disabled: true });
  t.match(await run(cwd, ...change, '--enable'), { code: 2, err: /either/ });
  t.match(await run(cwd, 'role', 'remove', 'reader'), { code: 1, err: /409 ROLE_IN_USE/ });
  t.match(await run(cwd, 'operator', 'invite', 'ann'), {
    code: 0,
    out: /invitation#ann\.jifen_oi_/,
  });
  t.match(shown(await run(cwd, 'operator', 'list')).body, [{ operator: 'ann' }]);
  t.match(shown(await run(cwd, 'operator', 'remove', 'ann')).body, { operator: 'ann' });
  t.match(await run(cwd, 'operator', 'show', 'ann'), { code: 1, err: /404 OPERATOR_NOT_FOUND/ });
  t.match(shown(await run(cwd, 'role', 'remove', 'reader')).body, { role: 'reader' });
  t.match(shown(await run(cwd, 'role', 'list')).body, [{ role: 'viewer', builtIn: true }]);
}

async function points(t: Test, cwd: string): Promise<void> {
  const move = ['transfer', '@issue', 'ann', '7', '--asset', 'gold', '--id', 'GIFT:1'];
  t.match(await run(cwd, ...move), { code: 0, err: 'Transfer GIFT:1\n' });
  t.match(shown(await run(cwd, ...move)).body, { replayed: true });
  t.match(await run(cwd, 'transfer', 'ann', 'bob', '8', '--asset', 'gold'), {
    code: 1,
    err: /POINTS_SHORT/,
  });
  const found = shown(await run(cwd, 'search', 'ann')).body.results;
  t.match(found, [{ type: 'member', match: 'exact', owner: 'ann' }]);
  const page = shown(await run(cwd, 'member', 'list', '--prefix', 'an', '--limit', '1')).body;
  t.match(page, { members: [{ owner: 'ann', accounts: [{ asset: 'gold' }] }] });
  t.match(shown(await run(cwd, 'user', 'ann')).body, {
    owner: 'ann',
    accounts: [{ asset: 'gold', available: 7 }],
    mappings: [],
  });
}

t.test('platforms, keys, users and transfers', async (t) => {
  const cwd = temporaryFolder(t);
  const { child, address, ended } = await start(t, cwd);
  const key = readFileSync(join(cwd, 'jifen-data', 'admin.key'), 'utf8').trim();
  await bare(address, 'PUT /v1/assets/gold', { scale: 0 }, { Authorization: `Bearer ${key}` });

  await Promise.all([
    platforms(t, cwd, address),
    keys(t, cwd, address),
    people(t, cwd, address),
    points(t, cwd),
  ]);

  child.kill('SIGINT');
  t.equal((await ended).code, 0);
  const logs = join(cwd, 'jifen-data', 'logs');
  const names = readdirSync(logs).map((name) => name.replace(/-\d{4}-\d\d-\d\d\.log$/, ''));
  t.same(names.sort(), ['audit', 'business', 'service']);
});
