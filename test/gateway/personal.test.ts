// Attributes of type `personal`: sealed to their member before anything is submitted, refused in clear, masked, in nothing that leaves, gone with the member.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { caller, operator } from './callers.js';
import { gateway, linesOf } from './harness.js';

const PHONE = '13812345678';
const OTHER = '13900001111';

/** Files of a folder that have a text in them. */
const having = (folder: string, text: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .filter((one) => readFileSync(join(one.parentPath, one.name)).includes(text))
    .map((one) => one.name);

t.test('a personal attribute of an event and of a member', async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const logs = temporaryFolder(t);
  const of = await gateway(t, {
    ...{ assets: ['gold'], reports: true, logs: { folder: logs } },
    engine: { folder: '', shards: 2, clockOffset },
  });
  const { ask, folder } = of;
  const said = async (kind: string, key: string, document: object) =>
    ask(`PUT /v1/definitions/${kind}/${key}`, { state: 'active', document });
  const zone = { asset: 'gold', zone: 'Asia/Shanghai' };
  const profile = { city: 'text', reach: 'personal' };
  t.equal((await said('programme', 'club', { ...zone, profile })).status, 200);
  const attributes = { amount: 'integer', reach: 'personal' };
  t.equal((await said('event', 'club.buy', { programme: 'club', attributes })).status, 200);
  const rule = (condition: string) =>
    said('rule', 'club.any', { programme: 'club', event: 'buy', when: condition, points: 5 });
  t.match(await rule('event.reach == "1"'), { status: 400 }, 'no expression sees it');
  t.match(await rule('profile.reach == "1"'), { status: 400 });
  t.equal((await rule('profile.city == "沪" && event.amount > 0')).status, 200);
  clock[0] = 15_000;
  const buy = (id: string, more: object, whole: object = {}) => ({
    ...{ id, owner: 'ann', programme: 'club', type: 'buy' },
    attributes: { amount: 3, ...more },
    ...whole,
  });
  const first = buy('b-1', { reach: PHONE });
  await until('events are decided', async () => (await ask('POST /v1/events', first)).status < 300);
  t.match((await ask('POST /v1/events', first)).body, { replayed: true });
  const differs = buy('b-1', { reach: OTHER });
  t.match(await ask('POST /v1/events', differs), { body: { code: 'ID_REUSED' } });
  const put = (value: unknown, more: object = {}) =>
    ask('PUT /v1/members/ann/profile', {
      ...{ programme: 'club', profile: { city: '沪', reach: value } },
      ...more,
    });
  t.equal((await put(PHONE)).status, 200);

  // In clear it comes by no way.
  const refusals: readonly (readonly [string, unknown, string])[] = [
    ['POST /v1/events', [buy('b-2', { reach: PHONE })], 'ACT_BODY_INVALID'],
    [
      'POST /v1/acts/event',
      {
        ...{ id: 'b-3', owner: 'ann' },
        body: { programme: 'club', type: 'buy', attributes: { amount: 3, reach: PHONE } },
      },
      'ACT_BODY_INVALID',
    ],
    ['POST /v1/events', buy('b-4', { reach: 13 }), 'EVENT_ATTRIBUTE_INVALID'],
    ['POST /v1/events', buy('b-5', { reach: '' }), 'EVENT_ATTRIBUTE_INVALID'],
    ['POST /v1/events', buy('b-6', { reach: '1'.repeat(1_100) }), 'EVENT_ATTRIBUTE_INVALID'],
    ['POST /v1/events', buy('b-7', { reach: PHONE }, { owner: '#x' }), 'OWNER_'],
    [
      'POST /v1/acts/set-profile',
      { owner: 'ann', body: { programme: 'club', profile: { reach: PHONE } } },
      'ACT_BODY_INVALID',
    ],
  ];
  for (const [request, body, code] of refusals) {
    const { text } = await ask(request, body);
    t.ok(text.includes(`"code":"${code}`), `${request} ${JSON.stringify(body)}: ${text}`);
  }
  t.match(await put(13), { status: 422, body: { field: 'profile.reach' } });

  // Nor of a member of whom something is refused before the act decides, by whichever way: nothing of it is kept.
  const holder = { reason: 'looked at' };
  for (const owner of ['cold', 'shut', 'odd'])
    t.equal((await ask('POST /v1/events', buy(`e-${owner}`, {}, { owner }))).status, 201);
  const legs = [{ from: '@issue', to: 'cold', asset: 'gold', amount: 5 }];
  t.equal((await ask('POST /v1/transfers', { id: 'c-1', legs })).status, 201);
  t.equal((await ask('POST /v1/accounts/cold/assets/gold/freeze', holder)).status, 200);
  t.equal((await ask('POST /v1/members/shut/erasure', holder)).status, 200);
  const mark = { action: 'refuse', reason: 'SEEN' };
  t.equal((await ask('PUT /v1/members/odd/risks/hand', mark)).status, 200);
  for (const owner of ['cold', 'shut', 'odd', '#gone', '@issue'])
    for (const id of ['f-1', 'f-2']) {
      const body = { programme: 'club', type: 'buy', attributes: { amount: 3, reach: PHONE } };
      const command = { type: 'act', act: 'event', id: `${id}-${owner}`, owner, body };
      const way =
        id === 'f-1'
          ? await ask('POST /v1/commands', [command])
          : await ask('POST /v1/acts/event', { id: command.id, owner, body });
      t.notMatch(way.text, /"ok":true|"replayed"/, `${owner}: ${way.text}`);
    }
  t.equal((await ask('POST /v1/events', buy('b-8', {}))).status, 201, 'without it');
  // What looks sealed is a text like any other.
  const odd = buy('b-9', { reach: 's1.AAAA' });
  t.equal((await ask('POST /v1/events', odd)).status, 201);

  // Masked, but for who sees where orders go to.
  const reader = await operator(of, ['read']);
  const shop = await caller(of, 'shop', { assets: ['gold'], operations: ['read', 'correct'] });
  const events = 'GET /v1/members/ann/events';
  t.equal((await ask(`${events}/b-1`, undefined, reader)).body.attributes.reach, '138********');
  t.equal((await ask(`${events}/b-1`)).body.attributes.reach, PHONE);
  t.equal((await ask(`${events}/b-9`)).body.attributes.reach, 's1.AAAA');
  const member = 'GET /v1/members/ann?programme=club';
  const seen = (await ask(member, undefined, reader)).body.profile;
  t.same(seen, { city: '沪', reach: '138********' });
  t.equal((await shop.ask(member)).body.profile.reach, PHONE);
  const { disclosures } = (await ask('GET /v1/members/ann/disclosures')).body;
  t.ok(
    disclosures.some((one: { what: string }) => one.what === 'attribute'),
    'that it was seen is noted',
  );

  // A repeat stays one although keys are new since.
  t.equal((await ask('POST /v1/vault/rotate', { level: 'members' })).status, 200);
  clock[0] += 1_000;
  t.equal((await put(OTHER)).status, 200);
  t.match((await ask('POST /v1/events', first)).body, { replayed: true }, 'the older version');
  t.match(await ask('POST /v1/events', differs), { body: { code: 'ID_REUSED' } });
  t.equal((await ask(member)).body.profile.reach, OTHER);
  t.equal((await put(null)).status, 200);
  t.same((await ask(member)).body.profile, { city: '沪' });
  t.equal((await put(PHONE)).status, 200);

  // The older version of the key is destroyed once nothing kept is sealed with it, and the next one has sealed for an hour.
  const versions = 'GET /v1/members/ann/key-versions';
  const revoke = (version: number) => ask(`DELETE /v1/members/ann/key-versions/${version}`);
  t.same((await ask(versions)).body.versions, [
    { version: 1, isNewest: false, uses: {} },
    { version: 2, isNewest: true, uses: { profile: 1 } },
  ]);
  t.match(await revoke(2), { status: 409, body: { code: 'KEY_VERSION_SEALS' } }, 'the newest');
  t.match(await revoke(1), { status: 409, body: { code: 'KEY_VERSION_SEALS' } }, 'too soon');
  clock[0] += 3_700_000;
  await until('the clock is taken for right', async () => {
    await ask('POST /v1/admin/accept-clock');
    return (await ask(member)).status === 200;
  });
  t.match(await revoke(1), { status: 200, body: { versions: [{ version: 2 }] } });
  t.match(await revoke(1), { status: 200, body: { versions: [{ version: 2 }] } }, 'again');
  t.equal((await ask(`${events}/b-1`)).body.attributes.reach, null, 'it opens no more');
  t.equal((await ask(member)).body.profile.reach, PHONE);
  t.equal((await ask('POST /v1/vault/rotate', { level: 'members' })).status, 200);
  clock[0] += 1_000;
  t.equal((await ask('PUT /v1/members/ann/contact', { phone: OTHER })).status, 200);
  clock[0] += 3_700_000;
  await until('the clock is taken for right', async () => {
    await ask('POST /v1/admin/accept-clock');
    return (await ask(member)).status === 200;
  });
  t.match(await revoke(2), { status: 409, body: { code: 'KEY_VERSION_USED' } }, 'a profile has it');

  // Nothing that leaves has it, sealed or not; what is the member's own has it in clear.
  for (const shard of [0, 1]) {
    const { status, text } = await ask(`GET /v1/shards/${shard}/log`);
    t.equal(status, 200, text);
    t.notMatch(text, /"s1\./, 'not sealed either');
    t.notOk(text.includes(PHONE));
  }
  t.ok(linesOf((await ask('GET /v1/members/ann/export')).text).some(hasPhone));
  for (const place of [folder, logs]) t.same(having(place, PHONE), [], 'in no file');
  // Merged, the other one has no text that is sealed to somebody else.
  t.equal(
    (await ask('POST /v1/members/ann/merge', { into: 'bob', reason: 'the same' })).status,
    200,
  );
  const bob = (await ask('GET /v1/members/bob?programme=club')).body.profile;
  t.same(bob, { city: '沪' });
  t.equal((await ask('POST /v1/members/bob/erasure', { reason: 'asked for' })).status, 200);
  const gone = await ask(`${events}/b-1`);
  t.not(gone.body.attributes?.reach, PHONE, 'nobody opens it');
  t.notOk(gone.text.includes(PHONE));
});

const hasPhone = (line: any): boolean => JSON.stringify(line).includes(PHONE);
