// Names that clients take out of paths (`.` and `..`), and ids that are made of two fields: refused for what is new, by name.

import { join } from 'node:path';
import t from 'tap';
import { type Command, open, verifyFolder } from '../../engine/index.js';
import { CommandBuffer } from '../../engine/protocol/command-buffer.js';
import { openFolder } from '../../engine/store/folder.js';
import { openActor } from '../audit/maker.js';
import { temporaryFolder } from '../temporary.js';
import { caller } from './callers.js';
import { gateway, raw } from './harness.js';

const LEG = { from: '@issue', to: 'ann', asset: 'gold', amount: 10 };

t.test('what nobody could ask for is not made', async (t) => {
  const server = await gateway(t);
  await server.ask('PUT /v1/assets/gold', { scale: 0 });
  await server.ask('POST /v1/transfers', { legs: [LEG] });
  const hold = { id: 'H', owner: 'ann', asset: 'gold', amount: 5 };
  await server.ask('POST /v1/holds', hold);
  const shop = await caller(server, 'shop', { userIds: 'platform' });
  const CAPTURE = 'POST /v1/accounts/ann/holds/H/capture';
  const add = { user_id: 'ann', amount: 1 };
  const toGlobal = { ...add, user_id_type: 'global' };
  for (const name of ['.', '..']) {
    const followUps = [{ legs: [{ ...LEG, to: name }] }];
    const table: readonly (readonly [string, object, string, string])[] = [
      ['POST /v1/transfers', { legs: [{ ...LEG, to: name }] }, 'OWNER_INVALID', 'legs[0].to'],
      ['POST /v1/transfers', { legs: [LEG], id: name }, 'ID_INVALID', 'id'],
      [
        'POST /v1/transfers',
        { legs: [LEG], followUps },
        'OWNER_INVALID',
        'followUps[0].legs[0].to',
      ],
      ['POST /v1/holds', { ...hold, id: name }, 'ID_INVALID', 'id'],
      [CAPTURE, { to: name }, 'OWNER_INVALID', 'to'],
      [CAPTURE, { to: '@redeem', id: name }, 'ID_INVALID', 'id'],
      ['POST /v1/platforms/shop/users/bob', { identity: name }, 'OWNER_INVALID', 'identity'],
      [
        'POST /v1/platforms/shop/users/bob/targets/club',
        { identity: name },
        'IDENTITY_INVALID',
        'identity',
      ],
    ];
    for (const [request, body, code, field] of table)
      t.match(await server.ask(request, body), { status: 400, body: { code, field } }, request);
    const key = await server.ask(
      'POST /v1/transfers',
      { legs: [LEG] },
      { 'Idempotency-Key': name },
    );
    t.match(key, { status: 400, body: { code: 'ID_INVALID', field: 'Idempotency-Key' } });
    t.match(await shop.ask('POST /api/points/add', { ...add, user_id: name }), {
      status: 400,
      body: { code: 'IDENTITY_INVALID', field: 'user_id' },
    });
    t.match(await shop.ask('POST /api/points/add', { ...toGlobal, user_id: name }), {
      status: 400,
      body: { code: 'OWNER_INVALID', field: 'user_id' },
    });
    // As no client writes it.
    for (const [path, code] of [
      [`accounts/${name}/assets/gold/open`, 'OWNER_INVALID'],
      [`platforms/shop/users/${name}`, 'IDENTITY_INVALID'],
    ] as const) {
      const head = `POST /v1/${path} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n`;
      const text = await raw(server.port, [`${head}Authorization: Bearer ${server.key}\r\n\r\n`]);
      t.match(text, new RegExp(`^HTTP/1.1 400 [\\s\\S]*"code":"${code}"`), path);
    }
  }
  const add2 = await shop.ask('POST /api/points/add', { ...add, transaction_id: '..' });
  t.match(add2, { status: 200 }, 'in the ledger it is shop:..');
});

t.test('an id made of kind and ref that is too long names both', async (t) => {
  const server = await gateway(t);
  await server.ask('PUT /v1/assets/gold', { scale: 0 });
  const body = { legs: [LEG], kind: 'k'.repeat(32), ref: 'r'.repeat(32) };
  t.match(await server.ask('POST /v1/transfers', body), {
    status: 400,
    body: { code: 'ID_TOO_LONG', field: 'kind:ref', title: /shorten kind or ref, or give an id/ },
  });
  t.match(await server.ask('POST /v1/transfers', { ...body, id: 'x' }), { status: 201 });
  t.match(await server.ask('POST /v1/transfers', { ...body, ref: 'r'.repeat(31) }), {
    status: 201,
    body: { id: `${body.kind}:${'r'.repeat(31)}` },
  });
});

t.test('a folder in which something has such a name opens, and it can be emptied', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  openFolder(folder, { shards: 1, create: true, lock: false });
  const old: Command[] = [
    { type: 'define-asset', asset: 'gold', scale: 0 },
    { type: 'transfer', id: '..', legs: [{ ...LEG, to: '.' }] },
    { type: 'hold', id: '.', owner: '.', asset: 'gold', amount: 4 },
  ];
  const buffer = new CommandBuffer(0);
  for (const command of old) buffer.append(command, 'id' in command ? command.id : undefined);
  const actor = await openActor(folder);
  await actor.submit(buffer.bytes().slice(), old.length);
  await actor.close();
  t.same((await verifyFolder(folder)).problems, []);
  const ledger = await open({ folder });
  t.teardown(() => ledger.close());
  t.match(await ledger.balance('.', 'gold'), [{ available: 6, held: 4 }]);
  t.match(await ledger.transfer('.', '..'), { outcome: { ok: true } });
  const release = { type: 'release', owner: '.', holdId: '.', id: 'R' } as const;
  t.match(await ledger.submit(release), { ok: true });
  const legs = [{ from: '.', to: 'ann', asset: 'gold', amount: 10 }];
  t.match(await ledger.submit({ type: 'transfer', id: 'MOVE', legs }), { ok: true });
  t.match(await ledger.submit({ type: 'close-account', owner: '.', asset: 'gold' }), { ok: true });
});
