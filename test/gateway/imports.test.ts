// Imports over HTTP, and the tutorial as it is printed: what is refused is refused by line, what comes again is a repeat, who was told. Owns: the cases.
// Never touches: drawn histories, kills (test/importing/).

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { FeedBlock } from '../../engine/index.js';
import { announceServer } from '../../gateway/cli/running.js';
import { eventsOf } from '../../gateway/outbound/derive.js';
import { ROOT } from '../setup.js';
import { temporaryFolder } from '../temporary.js';
import { gateway, linesOf } from './harness.js';
import { bash, valuesIn } from './printed.js';
import { PROGRAM } from './program.js';
import { shop } from './shop.js';

const DIGEST = 'a'.repeat(64);
const DAY = 86_400_000;
/** A tier of the sample. */
const TIER = 'shop.gold';
const PAST = Date.UTC(2025, 0, 1);

t.test('an import is begun, looked at, ended', async (t) => {
  const { ask } = await gateway(t);
  const begun = await ask('POST /v1/imports', { name: 'old', digest: DIGEST });
  t.equal(begun.status, 201);
  const again = await ask('POST /v1/imports', { name: 'old', digest: DIGEST });
  t.match([again.status, again.body], [200, begun.body], 'the same again goes on');
  const changed = await ask('POST /v1/imports', { name: 'old', digest: 'b'.repeat(64) });
  t.match([changed.status, changed.body], [409, { code: 'IMPORT_CHANGED', field: 'digest' }]);
  for (const name of ['', '..', 'a b', 'x'.repeat(21), '@x'])
    t.match((await ask('POST /v1/imports', { name, digest: DIGEST })).body, { field: 'name' });
  const members = { members: [{ owner: 'ann' }] };
  t.match((await ask('POST /v1/imports/none/members', members)).body, { code: 'IMPORT_NOT_FOUND' });
  t.equal((await ask('POST /v1/imports/none/members?dryRun=true', members)).status, 200);
  const came = { members: 1, lines: 2, refused: 3 };
  t.match((await ask('POST /v1/imports/none/end', came)).status, 404);
  const ended = (await ask('POST /v1/imports/old/end', came)).body;
  t.match(ended, { name: 'old', at: begun.body.at, endedAt: Number, came });
  t.same((await ask('GET /v1/imports')).body, { imports: [ended] });
  t.same((await ask('GET /v1/imports/old')).body, { ...ended, brought: {} });
});

t.test('each line is refused by itself, the rest goes in, and again is a repeat', async (t) => {
  const { ask, server } = await gateway(t, { assets: ['gold', 'tin'] });
  await ask('POST /v1/imports', { name: 'old', digest: DIGEST });
  const entry = { kind: 'entry', asset: 'gold', occurredAt: PAST };
  const closed = 'POST /v1/accounts/cat/assets/tin';
  await ask(`${closed}/open`);
  await ask(`${closed}/close`);
  await ask('POST /v1/platforms/shop/users/known', { identity: 'kim' });
  const members = [
    {
      owner: 'ann',
      status: 'frozen',
      lines: [
        { ...entry, id: '1', amount: 100, expiresAt: PAST + DAY },
        { ...entry, id: '1', amount: 5 },
        { ...entry, id: '2', amount: -112, occurredAt: PAST + 1 },
        {
          ...entry,
          id: '3',
          amount: -60,
          occurredAt: PAST + 2,
          businessType: 'ORDER',
          businessId: 'o1',
        },
        { ...entry, id: '4', amount: 7, asset: 'ghost' },
        { ...entry, amount: 9, remark: 'again' },
        { ...entry, amount: 9, remark: 'again' },
        { ...entry, id: 'ß ./~'.repeat(20), amount: 2, expiresAt: null },
        { ...entry, id: '5', amount: 3, expiresAt: PAST },
        { kind: 'lot', asset: 'gold', id: '6', amount: -3 },
        { ...entry, id: '7', amount: 4, occurredAt: undefined },
        { ...entry, id: '8', amount: Number.MAX_SAFE_INTEGER },
      ],
    },
    {
      owner: 'cat',
      lines: [
        { ...entry, id: '1', amount: 8, asset: 'tin' },
        { ...entry, id: '2', amount: 8 },
      ],
    },
    { owner: 'zoe', platform: 'shop', user: 'known', lines: [{ ...entry, id: '1', amount: 1 }] },
    {
      platform: 'shop',
      user: 'new',
      status: 'inactive',
      lines: [{ ...entry, id: '1', amount: 1 }],
    },
    { platform: 'shop', lines: [] },
    { lines: [] },
    { owner: 'dan', programme: 'none', tier: 'top', lines: [{ ...entry, id: '1', amount: 1 }] },
  ];
  const tried = await ask('POST /v1/imports/old/members?dryRun=true', { members });
  const told = await ask('POST /v1/imports/old/members', { members });
  t.equal(told.status, 200, told.text);
  t.same(tried.body, told.body, 'a dry run tells it');
  const refused = told.body.members.map(
    (one: { refused: { line: number; code: string; field?: string }[] }) =>
      one.refused.map(({ line, code, field }) => `${line} ${code} ${field}`),
  );
  t.same(refused, [
    [
      '1 ID_REUSED id',
      '2 POINTS_SHORT amount',
      '4 ASSET_UNKNOWN undefined',
      '6 ID_REUSED id',
      '8 EXPIRY_PAST expiresAt',
      '9 AMOUNT_INVALID amount',
      '10 OCCURRED_INVALID occurredAt',
      '11 AMOUNT_OVERFLOW amount',
    ],
    ['0 ACCOUNT_CLOSED undefined'],
    ['-1 IDENTITY_CONFLICT owner', '0 IDENTITY_CONFLICT owner'],
    [],
    ['-1 IDENTITY_INVALID platform'],
    ['-1 OWNER_INVALID owner'],
    ['-1 DEFINITION_NOT_FOUND undefined'],
  ]);
  t.same(told.body.members[0].sums, { gold: { lines: 4, earned: 111, spent: 60, expired: 40 } });
  t.same(
    (await ask('POST /v1/imports/old/members', { members })).body,
    told.body,
    'again it is a repeat',
  );
  const account = (await ask('GET /v1/accounts/ann?asset=gold')).body.accounts[0];
  t.match(account, { available: 11, frozen: true, earned: 111 });
  t.match((await ask('GET /v1/platforms/shop/users/new')).body, { status: 'inactive' });
  t.match((await ask('GET /v1/accounts/ann/transfers/~old:3')).body, {
    command: { kind: 'ORDER', ref: 'o1', occurredAt: PAST + 2 },
    outcome: { entries: [{ delta: -60 }, {}] },
  });
  const changed = [{ owner: 'ann', lines: [{ ...entry, id: '3', amount: 61 }] }];
  t.match((await ask('POST /v1/imports/old/members', { members: changed })).body.members, [
    { refused: [{ line: 0, code: 'ID_REUSED' }] },
  ]);
  const forged = { legs: [{ from: 'ann', to: '@import:old', asset: 'gold', amount: 1 }] };
  const spender = await ask('POST /v1/keys', {
    name: 'till',
    operations: ['spend', 'earn', 'read'],
  });
  const byTill = { Authorization: `Bearer ${spender.body.secret ?? spender.body.key}` };
  t.match((await ask('POST /v1/transfers', forged, byTill)).body, { code: 'OPERATION_FORBIDDEN' });

  // What others are told of: nothing by the names of what members do.
  const types = new Set<string>();
  const seq = (await server.engine.stats()).shards[0]?.durableSeq ?? 0;
  await new Promise<void>((resolve, reject) => {
    const end = server.engine.subscribe(
      0,
      1,
      (block: FeedBlock) => {
        for (const one of eventsOf({ block, hash: '0'.repeat(64) }, () => 0))
          if (one.type.startsWith('points.')) types.add(one.type);
        if (block.seq < seq) return;
        end();
        resolve();
      },
      reject,
    );
  });
  t.same([...types], ['points.imported']);
});

t.test('a tier comes with its member; what was there before stays', async (t) => {
  const { ask } = await shop(t);
  const legs = [{ from: '@issue', to: 'ann', asset: 'points', amount: 5, expiresAt: null }];
  await ask('POST /v1/transfers', { legs });
  await ask('POST /v1/imports', { name: 'old', digest: DIGEST });
  const lines = [{ kind: 'balance', asset: 'points', amount: 20, expiresAt: null }];
  const members = [{ owner: 'ann', programme: 'shop', tier: TIER, lines }];
  const { body } = await ask('POST /v1/imports/old/members', { members });
  t.same(body.members[0].refused, []);
  t.match((await ask('GET /v1/members/ann?programme=shop')).body, { tier: TIER, progress: 0 });
  const { accounts } = (await ask('GET /v1/accounts/ann?asset=points')).body;
  t.match(accounts, [{ available: 25 }]);
});

t.test('the tutorial, as it is printed', async (t) => {
  const { server, folder, ask } = await gateway(t);
  await announceServer(folder, server.address);
  const tutorial = readFileSync(join(ROOT, 'ops/docs/import.md'), 'utf8');
  const [, ...blocks] = [...tutorial.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(
    ([, block]) => block,
  );
  const script = blocks
    .join('')
    .replaceAll('http://127.0.0.1:8080', server.address)
    .replaceAll('jifen-data', folder)
    .replaceAll(
      'npx jifen import',
      `"${process.execPath}" "${PROGRAM}" import --folder "${folder}"`,
    )
    .replaceAll('IMPORT="', "IMPORT='")
    .replaceAll('--asset points"\n', "--asset points'\n")
    .replaceAll('\n$IMPORT', '\neval $IMPORT');
  const { code, out, err } = await bash(`cd "${temporaryFolder(t)}"\n${script}`);
  t.equal(code, 0, err);
  const said = valuesIn(out.replaceAll('some lines are refused\n', '').trim());
  const tried = said.filter(({ file }) => file !== undefined);
  t.same(
    tried.map(({ line, code, field }) => [line, code, field]),
    [
      [6, 'AMOUNT_INVALID', 'amount'],
      [7, 'OCCURRED_INVALID', 'occurredAt'],
      [5, 'POINTS_SHORT', 'amount'],
    ],
    'as the text says',
  );
  t.match((await ask('GET /v1/accounts/ann?asset=points')).body.accounts, [{ available: 25_201 }]);
  const july = { owners: ['ann'], asset: 'points', at: '2024-07-01T00:00:00Z' };
  t.match((await ask('POST /v1/balances', july)).body.balances, [
    { accounts: [{ available: 3_950 }] },
  ]);
  t.match((await ask('GET /v1/imports/old')).body, { brought: { points: 30_200 } });
  t.match((await ask('GET /v1/imports/mine')).body, {
    brought: { points: 1_250 },
    came: { members: 1 },
  });
  t.equal(linesOf(JSON.stringify(said.at(-1))).length, 1);
});
