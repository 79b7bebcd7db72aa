// Personal data over HTTP: sealed under its member's key, found by no search through bytes, erased for good; requests of members, what is restored, reseal.

import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { keyVersionOf, memberKeysPath, verifyFolder } from '../../engine/index.js';
import { Sealer } from '../../gateway/auth/sealing.js';
import { digest } from '../../gateway/identity/names.js';
import { startServer } from '../../gateway/serve.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { bare, gateway, linesOf } from './harness.js';
import { shop } from './shop.js';
import { CHEAP } from './signing-in.js';

const ANN = { name: '王小明测试', phone: '13812345678', address: '上海市南京东路一百号' };
const EMAIL = 'ann.secret@mail.example';
/** What must be nowhere, in the forms in which it could lie somewhere. */
const SECRETS = [...Object.values(ANN), EMAIL].flatMap((text) => [
  Buffer.from(text),
  Buffer.from(text, 'utf16le'),
  Buffer.from(Buffer.from(text).toString('base64').replace(/=+$/, '').slice(0, -2)),
  Buffer.from(Buffer.from(text).toString('hex')),
  Buffer.from(
    JSON.stringify(text).replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`),
  ),
]);

/** Files of a folder that have any of it. */
const found = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .filter((one) => {
      const bytes = readFileSync(join(one.parentPath, one.name));
      return SECRETS.some((secret) => bytes.includes(secret));
    })
    .map((one) => one.name);

t.test('a member is erased: what was known of the person is nowhere', async (t) => {
  const goods = { programme: 'shop', price: 7, delivery: 'physical' };
  const logs = temporaryFolder(t);
  const of = await shop(
    t,
    [['goods/air', goods]],
    2,
    CHEAP,
    {},
    { reports: true, logs: { folder: logs } },
  );
  const { ask, folder, server, later } = of;
  const { engine } = server;
  for (const to of ['ann', 'bob'])
    await ask('POST /v1/transfers', {
      legs: [{ from: '@issue', to, asset: 'points', amount: 1_000 }],
    });
  const order = { id: 'o-1', owner: 'ann', goods: 'air', receiver: ANN };
  const made = await ask('POST /v1/orders', order);
  t.equal(made.status, 201, made.text);
  t.match((await ask('POST /v1/orders', order)).body, { replayed: true });
  const { number } = made.body.act.effects[0];
  t.same((await ask(`GET /v1/orders/${number}?owner=ann`)).body.receiver, ANN);
  const other = { ...order, receiver: { ...ANN, phone: '13800000000' } };
  t.equal((await ask('POST /v1/orders', other)).body.code, 'ID_REUSED');
  // A repeat stays one although keys are new since.
  t.equal((await ask('POST /v1/vault/rotate', { level: 'members' })).status, 200);
  later(1_000);
  t.equal(
    (await ask('PUT /v1/members/ann/contact', { email: EMAIL, phone: ANN.phone })).status,
    200,
  );
  t.same(await engine.vault.state('ann').then((one) => 'versions' in one && one.versions), [1, 2]);
  t.match(
    (await ask('POST /v1/orders', order)).body,
    { replayed: true },
    'under the older version',
  );
  t.equal((await ask('POST /v1/orders', other)).body.code, 'ID_REUSED');
  t.equal((await ask('PUT /v1/members/bob/contact', { email: 'bob@mail.example' })).status, 200);
  t.match((await ask(`GET /v1/search?q=${encodeURIComponent(EMAIL)}`)).status, 200);
  // All that is known goes into the export.
  const exported = linesOf((await ask('GET /v1/members/ann/export')).text) as Record<string, any>[];
  t.match(
    exported.find(({ type }) => type === 'order'),
    { order: { receiver: ANN } },
  );
  t.match(
    exported.find(({ type }) => type === 'contact'),
    { contact: { email: EMAIL } },
  );
  t.same(found(folder), [], 'sealed while the member is there');

  // The member asks, somebody decides.
  t.equal((await ask('GET /v1/members/ann/erasure')).body.code, 'ERASURE_NOT_FOUND');
  const asked = await ask('POST /v1/members/ann/erasure-request', { reason: 'by letter' });
  t.match(asked, { status: 201, body: { owner: 'ann', state: 'requested', reason: 'by letter' } });
  const again = await ask('POST /v1/members/ann/erasure-request', {});
  t.same(again.body, asked.body, 'again');
  t.match((await ask('GET /v1/erasures?state=requested')).body, { erasures: [{ owner: 'ann' }] });
  t.equal((await ask('DELETE /v1/members/ann/erasure-request')).status, 200);
  t.same((await ask('GET /v1/erasures?state=requested')).body, { erasures: [] });
  const copy = join(temporaryFolder(t), 'keys');
  t.equal((await ask('POST /v1/vault/copy', { to: copy })).status, 200);
  t.equal((await ask('POST /v1/vault/copy', { to: copy })).status, 400);

  const before = join(temporaryFolder(t), 'before');
  t.equal((await ask('POST /v1/admin/backup', { to: before })).status, 201);
  const erased = await ask('POST /v1/members/ann/erasure', { id: 'e-1', reason: 'asked for' });
  t.equal(erased.status, 200, erased.text);
  const state = await ask('GET /v1/members/ann/erasure');
  t.match(state.body, { owner: 'ann', state: 'erased', reason: 'asked for', doneAt: Number });
  t.match((await ask('POST /v1/members/ann/erasure', { id: 'e-1', reason: 'asked for' })).body, {
    replayed: true,
  });
  t.equal((await ask('POST /v1/members/ann/erasure', { id: 'e-2' })).status, 200, 'another time');
  t.match((await ask('GET /v1/erasures')).body, { erasures: [{ owner: 'ann' }] });
  t.match(await engine.vault.state('ann'), { state: 'erased' });
  t.equal((await ask(`GET /v1/orders/${number}?owner=ann`)).body.receiver, undefined);
  t.equal((await ask('GET /v1/members/ann/contact')).body.code, 'CONTACT_NOT_FOUND');
  t.equal((await ask('GET /v1/members/bob/contact')).body.email, 'bob@mail.example');
  for (const [what, body] of [
    ['PUT /v1/members/ann/contact', { email: EMAIL }],
    ['POST /v1/orders', { ...order, id: 'o-2' }],
    ['POST /v1/members/ann/erasure-request', {}],
    ['POST /v1/members/ann/invitations', { email: EMAIL }],
  ] as const) {
    const no = await ask(what, body);
    t.match(no, { status: 409, body: { code: 'MEMBER_ERASED' } }, what);
  }
  t.equal((await ask('POST /v1/orders', { id: 'o-3', owner: 'ann', goods: 'air' })).status, 201);
  const [points] = (await engine.balance('ann', 'points')) as readonly {
    readonly available: number;
  }[];
  t.equal(points?.available, 986, 'points stay');
  const left = linesOf((await ask('GET /v1/members/ann/export')).text) as Record<string, any>[];
  t.notOk(left.some(({ type }) => type === 'contact' || type === 'identity'));
  t.notOk(SECRETS.some((secret) => Buffer.from(JSON.stringify(left)).includes(secret)));
  const backup = join(temporaryFolder(t), 'backup');
  t.equal((await ask('POST /v1/admin/backup', { to: backup })).status, 201);
  const sql = { sql: 'SELECT count(*) AS n FROM entries' };
  await until(
    'reports have read all of it',
    async () => (await ask('POST /v1/sql', sql)).status === 200,
  );
  await server.close();
  t.same([...found(folder), ...found(backup), ...found(logs)], []);
  for (const one of [folder, backup]) t.match(await verifyFolder(one), { ok: true });

  // Older keys are put back: the ledger knows who was erased.
  rmSync(memberKeysPath(folder), { recursive: true });
  cpSync(copy, memberKeysPath(folder), { recursive: true });
  await isErasedIn(t, folder);
  // An older ledger is put back: its keys know it.
  const log = join(temporaryFolder(t), 'old');
  cpSync(before, log, { recursive: true });
  for (const name of ['secrets.key', 'admin.key', 'master.key'])
    cpSync(join(folder, name), join(log, name));
  cpSync(memberKeysPath(folder), memberKeysPath(log), { recursive: true });
  await isErasedIn(t, log);
});

/** Served again, a folder erases ann, in its keys and in the ledger, and nobody else. */
async function isErasedIn(t: Test, folder: string): Promise<void> {
  const server = await startServer({ port: 0, engine: { folder, cacheMb: 64 } });
  try {
    const { Authorization } = { Authorization: `Bearer ${server.adminKey.key}` };
    await until('erased again', async () => {
      const { body } = await bare(server.address, 'GET /v1/members/ann/erasure', undefined, {
        Authorization,
      });
      const state = await server.engine.vault.state('ann');
      return body.state === 'erased' && 'state' in state && state.state === 'erased';
    });
    t.match(
      await bare(server.address, 'GET /v1/members/bob/contact', undefined, { Authorization }),
      {
        ...{ status: 200, body: { email: 'bob@mail.example' } },
      },
    );
  } finally {
    await server.close();
  }
}

t.test('what an older release has sealed is opened, sealed anew, and erased', async (t) => {
  const { ask, server, folder } = await gateway(t, { assets: ['gold'] });
  const { engine } = server;
  const sealer = (await Sealer.of(folder)) as Sealer;
  const bucket = createHash('sha256').update('eve').digest().readUInt16BE(0) % 64;
  const place = { owner: `#contacts:${bucket}`, recordType: 'contact', key: 'eve' };
  await ask('POST /v1/transfers', {
    legs: [{ from: '@issue', to: 'eve', asset: 'gold', amount: 1 }],
  });
  await ask('PUT /v1/members/eve/contact', { email: 'new@mail.example' });
  const kept = async () => {
    const record = await engine.own.record(place.owner, place.recordType, place.key);
    if (record === undefined || 'code' in record) throw new Error('no record');
    return JSON.parse(Buffer.from(record.value).toString()) as { sealed: string };
  };
  const old = sealer.conceal(JSON.stringify({ email: 'old@mail.example' }), 'contact  eve');
  const value = Buffer.from(JSON.stringify({ ...(await kept()), sealed: old }));
  t.match(await engine.own.submit({ type: 'put-record', ...place, value }), { ok: true });
  t.equal((await ask('GET /v1/members/eve/contact')).body.email, 'old@mail.example');
  t.equal(keyVersionOf((await kept()).sealed), undefined);
  const done = await until('the register has read it', async () => {
    const { body } = await ask('POST /v1/vault/reseal', {});
    return body.members > 0 && body;
  });
  t.match(done, { resealed: 1 });
  t.equal(keyVersionOf((await kept()).sealed), 1);
  t.equal((await ask('GET /v1/members/eve/contact')).body.email, 'old@mail.example');
  t.match((await ask('POST /v1/vault/reseal', {})).body, { resealed: 0 }, 'again');
  await engine.own.submit({ type: 'put-record', ...place, value });
  await engine.vault.erase('eve', 1);
  t.equal((await ask('GET /v1/members/eve/contact')).body.email, undefined);
});

t.test('nothing comes back for who is erased, nor stays under names that were moved', async (t) => {
  const { ask, server } = await gateway(t, { assets: ['gold'] });
  const { engine } = server;
  const users = '/v1/platforms/shop/users';
  const said = [
    [`POST ${users}/u1`, { identity: 'eve' }],
    [`POST ${users}/u2`, { identity: 'eve' }],
    [`PUT ${users}/u2`, { identity: 'zoe', was: 'eve' }],
    ['POST /v1/platforms/club/users/c9', { identity: 'eve' }],
    [`POST ${users}/u1/targets/club`, { identity: 'c1' }],
    [`POST ${users}/u2/targets/club`, { identity: 'c2' }],
    ['PUT /v1/members/eve/sharing', { share_contacts: true }],
    [
      'PUT /v1/members/eve/consents',
      { consents: [{ type: 'email', notices: 'marketing', isGiven: true }] },
    ],
  ] as const;
  for (const [what, body] of said) t.match((await ask(what, body)).status, /^20[01]$/, what);
  const names = () =>
    engine.own.records({
      owner: `#mapped:${digest('global:eve').slice(0, 40)}`,
      recordType: 'mapping',
    });
  t.match(await names(), [{}, {}, {}], 'one of them is overtaken');
  t.equal((await ask('POST /v1/members/eve/erasure', { id: 'e' })).status, 200);
  t.same(await names(), []);
  for (const [what, status] of [
    ['u1', 404],
    ['u1/targets/club', 404],
    ['u2', 200],
    ['u2/targets/club', 200],
  ] as const)
    t.equal((await ask(`GET ${users}/${what}`)).status, status, what);
  for (const [what, body] of [
    [`POST ${users}/u1`, { identity: 'eve' }],
    [`POST ${users}/u3`, { identity: 'eve' }],
    [`PUT ${users}/u2`, { identity: 'eve', was: 'zoe' }],
    ...said.slice(6),
  ] as const)
    t.match(await ask(what, body), { status: 409, body: { code: 'MEMBER_ERASED' } }, what);
  t.same(await names(), []);
  t.equal((await ask('GET /v1/members/eve/contact')).status, 404);
});

t.test('what is said at the moment of an erasure does not stay', async (t) => {
  const { ask, server, folder } = await gateway(t, { assets: ['gold'] });
  const { engine } = server;
  const sealer = (await Sealer.of(folder)) as Sealer;
  const left = async (owner: string, recordType: string): Promise<number> => {
    const page = await engine.own.records({ owner, recordType });
    return 'code' in page ? -1 : page.length;
  };
  const contacts = async (): Promise<number> => {
    const all = Array.from({ length: 64 }, (_, bucket) => left(`#contacts:${bucket}`, 'contact'));
    return (await Promise.all(all)).reduce((sum, one) => sum + one, 0);
  };
  const members = Array.from({ length: 10 }, (_, i) => `m${i}`);
  await Promise.all(
    members.map(async (owner, i) => {
      const later = async (ms: number, what: string, body: object) => {
        await sleep(ms);
        return ask(what, body);
      };
      const came = await Promise.all([
        later(20, `POST /v1/members/${owner}/erasure`, { id: 'e' }),
        later(i * 5, `PUT /v1/members/${owner}/contact`, { email: `${owner}@mail.example` }),
        later(i * 5, `POST /v1/platforms/shop/users/${owner}`, { identity: owner }),
      ]);
      t.equal(came[0].status, 200);
      for (const one of came.slice(1)) t.match(one.status, /^(200|201|409)$/, one.text);
    }),
  );
  await until('all is carried out', async () => {
    const all = await Promise.all(members.map((owner) => ask(`GET /v1/members/${owner}/erasure`)));
    return all.every(({ body }) => body.state === 'erased');
  });
  t.equal(await contacts(), 0);
  for (const owner of members) {
    const found = sealer.mac('address', [`${owner}@mail.example`]);
    t.equal(await left(`#addressed:${found}`, 'addressed'), 0, owner);
    const name = digest(`global:${owner}`).slice(0, 40);
    t.equal(await left(`#mapped:${name}`, 'mapping'), 0, owner);
  }
});
