// Members' keys: what is sealed, who opens it, what is left of a key that was destroyed, masters of each kind, rotation.

import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import t from 'tap';
import { open as openEngine } from '../../engine/index.js';
import { isRefusal } from '../../engine/protocol/outcomes.js';
import { open } from '../../engine/trail/sealing.js';
import type { VaultOptions } from '../../engine/vault/api.js';
import { memberKeysPath } from '../../engine/vault/keys.js';
import { keyVersionOf } from '../../engine/vault/sealed-text.js';
import { MemberVault } from '../../engine/vault/vault.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';

const AT = Date.UTC(2026, 0, 1);

/** A vault of a folder, as a ledger of one node has it. */
async function vaultOf(folder: string, options: VaultOptions = {}): Promise<MemberVault> {
  const here = { folder, shards: 1, here: [0], node: undefined };
  const vault = new MemberVault({ ...here, shardOf: () => 0, now: Date.now }, options);
  await vault.start();
  return vault;
}

function good<T>(answer: T): Exclude<T, { readonly ok: false }> {
  if (isRefusal(answer)) throw new Error(answer.code);
  return answer as Exclude<T, { readonly ok: false }>;
}

const sealed = async (vault: MemberVault, owner: string, text: string, once?: string) =>
  good(await vault.seal([{ owner, text, about: `note ${owner}`, once }]))[0] as string;
const opened = async (vault: MemberVault, owner: string, text: string, about = `note ${owner}`) =>
  good(await vault.open([{ owner, sealed: text, about }]))[0];

/** All files of a folder. */
const filesOf = (folder: string): Buffer[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => readFileSync(join(one.parentPath, one.name)));

t.test('a text opens for its member and what it is about, and nowhere else', async (t) => {
  const folder = temporaryFolder(t);
  const vault = await vaultOf(folder);
  t.same(await vault.figures(), {
    ...{ isOpen: true, master: 'file', root: 0, shelves: 0, members: 0, erased: 0 },
    ...{ sealed: 0, opened: 0 },
  });
  t.notOk(existsSync(memberKeysPath(folder)), 'nothing is made before it is needed');
  const one = await sealed(vault, 'ann', '13812345678');
  const again = await sealed(vault, 'ann', '13812345678');
  t.not(one, again);
  t.equal(await opened(vault, 'ann', one), '13812345678');
  t.equal(await opened(vault, 'ann', again), '13812345678');
  t.equal(await opened(vault, 'ben', one, 'note ann'), undefined, 'somebody who has no key');
  await sealed(vault, 'ben', 'x');
  t.equal(await opened(vault, 'ben', one, 'note ann'), undefined);
  t.equal(await opened(vault, 'ann', one, 'note ben'), undefined);
  t.equal(await opened(vault, 'ann', 'AQ'), undefined);
  t.equal(await opened(vault, 'ann', ''), undefined);
  for (let i = 0; i < one.length; i++) {
    const flipped = Buffer.from(one, 'base64url');
    flipped[i % flipped.length] = (flipped[i % flipped.length] as number) ^ (1 << (i % 8));
    t.equal(await opened(vault, 'ann', flipped.toString('base64url')), undefined);
  }
  t.equal(await sealed(vault, 'ann', 'x', 'order-1'), await sealed(vault, 'ann', 'x', 'order-1'));
  t.not(await sealed(vault, 'ann', 'x', 'order-1'), await sealed(vault, 'ann', 'x', 'order-2'));
  t.not(await sealed(vault, 'ann', 'x', 'order-1'), await sealed(vault, 'ann', 'y', 'order-1'));
  const marks = await Promise.all(
    [
      ['ann', 'shop'],
      ['ann', 'bank'],
      ['ben', 'shop'],
    ].map(([owner = '', shop = '']) => vault.mark(owner, 'anonymous', [shop])),
  );
  t.equal(new Set(marks).size, 3);
  await vault.close();
  const later = await vaultOf(folder);
  t.equal(await opened(later, 'ann', one), '13812345678', 'after a restart');
  t.equal(await later.mark('ann', 'anonymous', ['shop']), marks[0]);
  t.notOk(filesOf(folder).some((bytes) => bytes.includes('13812345678')));
  await later.close();
});

t.test('of a key that was destroyed nothing is left that opens', async (t) => {
  const folder = temporaryFolder(t);
  const vault = await vaultOf(folder);
  const owners = Array.from({ length: 3_000 }, (_, i) => `m${i}`);
  const texts = good(
    await vault.seal(owners.map((owner) => ({ owner, text: owner, about: `note ${owner}` }))),
  );
  // What lies wrapped now, and with which keys.
  const path = memberKeysPath(folder);
  const before = new Map(
    readdirSync(path).map((name) => [name, readFileSync(join(path, name))] as const),
  );
  t.equal(await vault.erase('m7', AT), undefined);
  t.equal(await vault.erase('m7', AT + 1), undefined, 'again');
  t.same(await vault.state('m7'), { state: 'erased', versions: [], at: AT });
  t.equal(good(await vault.state('m8')).state, 'live');
  t.equal(good(await vault.state('nobody')).state, 'none');
  t.match(await vault.seal([{ owner: 'm7', text: 'x', about: 'y' }]), {
    ...{ ok: false, code: 'MEMBER_ERASED', field: 'owner', status: 409 },
  });
  t.match(await vault.mark('m7', 'a', []), { code: 'MEMBER_ERASED' });
  t.equal(await vault.erase('never', AT), undefined, 'somebody who has no key');
  t.match(await vault.seal([{ owner: 'never', text: 'x', about: 'y' }]), { ok: false });
  t.same(await vault.erased(), {
    erased: [
      { owner: 'm7', at: AT },
      { owner: 'never', at: AT },
    ],
  });
  const told = good(
    await vault.open(
      owners.map((owner, i) => ({ owner, sealed: texts[i] as string, about: `note ${owner}` })),
    ),
  );
  t.same(
    told,
    owners.map((owner) => (owner === 'm7' ? undefined : owner)),
  );
  await vault.close();
  // The files of shelves that are gone: one, and its key is under no name any more.
  const gone = [...before.keys()].filter((name) => !existsSync(join(path, name)));
  t.equal(gone.length, 1, gone.join());
  const old = before.get(gone[0] as string) as Buffer;
  t.notOk(filesOf(folder).some((bytes) => bytes.includes(old.toString().trim())));
  t.notOk(readdirSync(path).some((name) => name.endsWith('.tmp')));
  const later = await vaultOf(folder);
  t.equal(await opened(later, 'm8', texts[8] as string), 'm8');
  t.equal(await opened(later, 'm7', texts[7] as string), undefined);
  await later.close();
});

t.test(
  'masters: a file, the environment, a command; each in the place of the one before',
  async (t) => {
    const folder = temporaryFolder(t);
    const file = join(temporaryFolder(t), 'master');
    const first = 'a'.repeat(32);
    const second = `${'b'.repeat(40)}`;
    writeFileSync(file, `${first}\n`);
    let vault = await vaultOf(folder, { masterFile: file });
    const text = await sealed(vault, 'ann', 'x');
    t.notOk(existsSync(join(folder, 'master.key')), 'none of its own');
    // Another key before it: rotated without a stop.
    writeFileSync(file, `${second}\n${first}\n`);
    t.equal(await vault.rotate('master'), undefined);
    t.equal(await opened(vault, 'ann', text), 'x');
    writeFileSync(file, `${second}\n`);
    await vault.close();
    vault = await vaultOf(folder, { masterFile: file });
    t.equal(await opened(vault, 'ann', text), 'x');
    t.equal((await vault.figures()).root, 2);
    await vault.close();
    await t.rejects(vaultOf(folder, { masterKeys: first }), /No master key that is here opens/);
    await t.rejects(vaultOf(folder, { masterKeys: 'short' }), /32 to 512/);
    await t.rejects(vaultOf(folder, { masterFile: `${file}x` }), /cannot be read/);
    await t.rejects(vaultOf(folder), /No master key that is here opens/);
    // To the environment, and then to a command.
    vault = await vaultOf(folder, { masterKeys: `${first},${second}` });
    t.equal((await vault.figures()).master, 'environment');
    await vault.rotate('master');
    await vault.close();
    const kms = join(temporaryFolder(t), 'kms');
    writeFileSync(kms, KMS);
    chmodSync(kms, 0o700);
    vault = await vaultOf(folder, { masterKeys: first, masterCommand: kms });
    await vault.rotate('master');
    await vault.close();
    vault = await vaultOf(folder, { masterCommand: kms });
    t.equal(await opened(vault, 'ann', text), 'x');
    t.equal((await vault.figures()).master, 'command');
    await vault.close();
    // A service that is down: what is personal waits, and comes back by itself.
    writeFileSync(`${kms}.down`, '');
    vault = await vaultOf(folder, { masterCommand: kms });
    t.match(await vault.open([{ owner: 'ann', sealed: text, about: 'note ann' }]), {
      ...{ code: 'VAULT_CLOSED', status: 503, retry: true },
    });
    t.match(await vault.figures(), { isOpen: false, reason: /asked to unwrap, ended with code 3/ });
    rmSync(`${kms}.down`);
    await until('the vault is open', async () => (await vault.figures()).isOpen);
    t.equal(await opened(vault, 'ann', text), 'x');
    await vault.close();
    t.same(
      readdirSync(memberKeysPath(folder)).filter((name) => name.startsWith('root')),
      ['root-4.key'],
    );
  },
);

/** A key management service: 1 to each byte, -1 to each. */
const KMS = `#!/usr/bin/env node
const fs = require('node:fs');
if (fs.existsSync(__filename + '.down')) process.exit(3);
const by = process.argv[2] === 'wrap' ? 1 : 255;
process.stdout.write(fs.readFileSync(0).map((one) => (one + by) & 255));
`;

t.test('a command that answers something else is not believed', async (t) => {
  const folder = temporaryFolder(t);
  const kms = join(temporaryFolder(t), 'kms');
  // Any 32 bytes are a key: what was sealed under them would be lost when the right one comes back.
  writeFileSync(kms, KMS);
  chmodSync(kms, 0o700);
  let vault = await vaultOf(folder, { masterCommand: kms });
  const text = await sealed(vault, 'ann', 'x');
  await vault.close();
  for (const [answer, why] of [
    ['head -c 32 /dev/zero', /another key/],
    ['head -c 31 /dev/zero', /31 bytes/],
    ['cat; cat /dev/zero | head -c 32', /bytes/],
    ['true', /answered nothing/],
  ] as const) {
    writeFileSync(kms, `#!/bin/sh\n${answer}\n`);
    vault = await vaultOf(folder, { masterCommand: kms });
    t.match(await vault.seal([{ owner: 'ben', text: 'y', about: 'z' }]), { code: 'VAULT_CLOSED' });
    t.match(await vault.figures(), { isOpen: false, reason: why }, answer);
    await vault.close();
  }
  writeFileSync(kms, KMS);
  vault = await vaultOf(folder, { masterCommand: kms });
  t.equal(await opened(vault, 'ann', text), 'x');
  await vault.close();
  // One that gives the key back as it is protects nothing.
  for (const answer of ['cat', 'base64', "od -An -tx1 | tr -d ' \\n'", 'printf x; cat']) {
    const bare = temporaryFolder(t);
    writeFileSync(kms, `#!/bin/sh\n${answer}\n`);
    vault = await vaultOf(bare, { masterCommand: kms });
    t.match(await vault.seal([{ owner: 'ann', text: 'y', about: 'z' }]), { code: 'VAULT_CLOSED' });
    t.match(await vault.figures(), { reason: /the key itself/ }, answer);
    await vault.close();
  }
});

t.test('no key is made on a node that has not the member', async (t) => {
  const folder = temporaryFolder(t);
  const shardOf = (owner: string): number => (owner === 'ann' ? 0 : 1);
  const parts = { folder, shards: 2, here: [0], node: undefined, shardOf, now: Date.now };
  const vault = new MemberVault(parts);
  const text = { text: 'x', about: 'y' };
  for (const asked of [
    {
      type: 'seal',
      texts: [
        { owner: 'ann', ...text },
        { owner: 'ben', ...text },
      ],
    },
    { type: 'open', texts: [{ owner: 'ben', sealed: 'x', about: 'y' }] },
    { type: 'mark', owner: 'ben', purpose: 'p', texts: [] },
    { type: 'state', owner: 'ben' },
  ])
    t.match(await vault.serve(asked), { code: 'SHARD_ELSEWHERE' }, asked.type);
  t.notOk(existsSync(memberKeysPath(folder)));
  t.match(await vault.serve({ type: 'seal', texts: [{ owner: 'ann', ...text }] }), {
    told: [String],
  });
  t.match(await vault.serve({ type: 'erase', owner: 'ben', at: AT }), { told: {} }, 'everywhere');
  await vault.close();
});

t.test('keys are made anew at each level, under load', async (t) => {
  const folder = temporaryFolder(t);
  const vault = await vaultOf(folder);
  const texts = new Map<string, string>();
  let isOver = false;
  let seals = 0;
  const load = (async () => {
    for (; !isOver; seals++) {
      const owner = `m${seals % 400}`;
      texts.set(`${seals} ${owner}`, await sealed(vault, owner, `${seals}`));
      await setImmediate();
    }
  })();
  const names = () =>
    new Set(readdirSync(memberKeysPath(folder)).filter((one) => /^[0-9a-f]{3}-/.test(one)));
  await until('all have keys', () => seals > 400);
  const master = readFileSync(join(folder, 'master.key'), 'utf8');
  let before = names();
  t.equal(await vault.rotate('master'), undefined);
  let after = names();
  t.equal(after.size, before.size);
  t.notOk(
    [...before].some((name) => after.has(name)),
    'every file is another one',
  );
  t.not(readFileSync(join(folder, 'master.key'), 'utf8'), master);
  t.equal(readFileSync(join(folder, 'master.key'), 'utf8').trim().split('\n').length, 1);
  before = after;
  t.equal(await vault.rotate('shelves'), undefined);
  after = names();
  t.notOk([...before].some((name) => after.has(name)));
  const erasing = Promise.all(['m1', 'm2', 'm3'].map((owner) => vault.erase(`x${owner}`, AT)));
  t.equal(await vault.rotate('members'), undefined);
  await erasing;
  const so = seals;
  await until('all have new keys', () => seals > so + 400);
  isOver = true;
  await load;
  t.same(good(await vault.state('m5')).versions, [1, 2]);
  t.equal(keyVersionOf(await sealed(vault, 'm5', 'x')), 2);
  const asked = [...texts].map(([name, text]) => {
    const owner = name.split(' ')[1] as string;
    return { owner, sealed: text, about: `note ${owner}` };
  });
  t.same(
    good(await vault.open(asked)),
    [...texts.keys()].map((name) => name.split(' ')[0]),
  );
  // A repeat says the version that it was sealed with.
  const old = good(
    await vault.seal([{ owner: 'm5', text: 'x', about: 'a', once: '1', version: 1 }]),
  )[0] as string;
  t.equal(keyVersionOf(old), 1);
  const copy = join(temporaryFolder(t), 'copy');
  t.equal(await vault.copy(copy), undefined);
  await t.rejects(vault.copy(copy), /exists already/);
  await vault.close();
  // The copy is good in another folder, with the master key.
  const other = temporaryFolder(t);
  cpSync(copy, memberKeysPath(other), { recursive: true });
  await t.rejects(vaultOf(other), /No master key/);
  cpSync(join(folder, 'master.key'), join(other, 'master.key'));
  const restored = await vaultOf(other);
  t.equal(good(await restored.open(asked.slice(-1)))[0], [...texts.keys()].at(-1)?.split(' ')[0]);
  await restored.close();
});

t.test('a master key that others may read is refused, one that is lost is named', async (t) => {
  const folder = temporaryFolder(t);
  const vault = await vaultOf(folder);
  await sealed(vault, 'ann', 'x');
  await vault.close();
  chmodSync(join(folder, 'master.key'), 0o644);
  await t.rejects(vaultOf(folder), /chmod 600/);
  chmodSync(join(folder, 'master.key'), 0o600);
  const path = memberKeysPath(folder);
  const root = readFileSync(join(path, 'root-1.key'));
  rmSync(join(path, 'root-1.key'));
  await t.rejects(vaultOf(folder), /root-1.key is missing: put it back/);
  writeFileSync(join(path, 'root-1.key'), root);
  await (await vaultOf(folder)).close();
});

t.test('a ledger without personal data has no keys', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const engine = await openEngine({ folder, shards: 1, cacheMb: 16 });
  await engine.close();
  t.same(
    readdirSync(folder).filter((name) => /key/.test(name)),
    [],
  );
  t.equal(open(Buffer.alloc(32), Buffer.alloc(0), Buffer.alloc(28)), undefined);
});
