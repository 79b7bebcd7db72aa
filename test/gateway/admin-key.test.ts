// The administrator's key: made once, kept private, checked.

import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import {
  ADMIN_KEY_FILE,
  adminKey,
  bearerKey,
  keyCheck,
  readAdminKey,
} from '../../gateway/auth/admin-key.js';
import { temporaryFolder } from '../temporary.js';

t.test('it is made once, readable by its owner alone', async (t) => {
  const folder = temporaryFolder(t);
  t.equal(await readAdminKey(folder), undefined);
  const first = await adminKey(folder, true);
  t.match(first, { key: /^jifen_admin_[A-Za-z0-9_-]{43}$/, created: true });
  t.equal(statSync(join(folder, ADMIN_KEY_FILE)).mode & 0o777, 0o600);
  t.equal(readFileSync(join(folder, ADMIN_KEY_FILE), 'utf8'), `${first.key}\n`);
  t.same(readdirSync(folder), [ADMIN_KEY_FILE], 'nothing is left beside it');
  t.same(await adminKey(folder, true), { key: first.key, created: false, replaces: false });
  t.not((await adminKey(temporaryFolder(t), true)).key, first.key);
});

t.test('a file that others can read, or that holds no key, is not used', async (t) => {
  const folder = temporaryFolder(t);
  const path = join(folder, ADMIN_KEY_FILE);
  await adminKey(folder, true);
  for (const mode of [0o644, 0o640, 0o606, 0o660]) {
    chmodSync(path, mode);
    await t.rejects(adminKey(folder, true), /can be read by others.*chmod 600/s, mode.toString(8));
  }
  chmodSync(path, 0o600);
  const key = await readAdminKey(folder);
  for (const text of ['', '\n', 'jifen_admin_', `${key}x`, key?.slice(0, -1) ?? '', 'secret']) {
    writeFileSync(path, text);
    await t.rejects(adminKey(folder, true), /holds no key/, text);
  }
});

t.test('two that start at once do not replace each other', async (t) => {
  const folder = temporaryFolder(t);
  const both = await Promise.allSettled([adminKey(folder, true), adminKey(folder, true)]);
  const kept = await readAdminKey(folder);
  const made = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value.key] : []));
  t.ok(made.length >= 1);
  t.ok(made.every((key) => key === kept));
});

t.test('the check takes the key and nothing else', async (t) => {
  const { key } = await adminKey(temporaryFolder(t), true);
  const check = keyCheck(key);
  const good = (header: string) => check(bearerKey(header) ?? '');
  for (const header of [`Bearer ${key}`, `bearer ${key}`, `BEARER   ${key}`])
    t.ok(good(header), header);
  const last = key.endsWith('A') ? 'B' : 'A';
  for (const header of [
    '',
    key,
    `Bearer${key}`,
    `Bearer ${key} `,
    `Bearer ${key.slice(0, -1)}${last}`,
    `Bearer ${key.toUpperCase()}`,
    `Bearer ${key}${key}`,
    `Basic ${key}`,
    // A character above 255 must not be taken for the one with its low byte.
    `Bearer ${key.slice(0, -1)}${String.fromCharCode(0x100 + key.charCodeAt(key.length - 1))}`,
  ]) {
    t.notOk(good(header), header);
  }
});
