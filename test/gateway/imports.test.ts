// Imports over HTTP, and the tutorial as it is printed: what is refused is refused by line, what comes again is a repeat, who was told. Owns: the cases.
// Never touches: drawn histories, kills (test/importing/).

import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type FeedBlock, takeLock } from '../../engine/index.js';
import { announceServer } from '../../gateway/cli/running.js';
import { connect } from '../../gateway/client/node.js';
import { ImportRun } from '../../gateway/importing/run.js';
import { Staging } from '../../gateway/importing/staging.js';
import { eventsOf } from '../../gateway/outbound/derive.js';
import { ROOT } from '../setup.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { gateway, linesOf } from './harness.js';
import { bash, valuesIn } from './printed.js';
import { PROGRAM, run } from './program.js';
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
  for (const name of ['x'.repeat(21), '%00', 'a:b'])
    for (const [method, body] of [['GET'], ['POST', members]] as const) {
      const path = `/v1/imports/${name}${method === 'GET' ? '' : '/members?dryRun=true'}`;
      t.match((await ask(`${method} ${path}`, body)).body, { code: 'IMPORT_NOT_FOUND' }, path);
    }
  const came = { members: 1, lines: 2, refused: 3 };
  t.match((await ask('POST /v1/imports/none/end', came)).status, 404);
  const ended = (await ask('POST /v1/imports/old/end', came)).body;
  t.match(ended, { name: 'old', at: begun.body.at, endedAt: Number, came });
  t.same((await ask('GET /v1/imports')).body, { imports: [ended] });
  t.same((await ask('GET /v1/imports/old')).body, { ...ended, brought: {} });
});

t.test('the client', async (t) => {
  const { server, key } = await gateway(t, { assets: ['gold'] });
  const client = connect({ url: server.address, key });
  t.teardown(() => client.close());
  const { imports } = client;
  t.match(await imports.begin('old', DIGEST), { name: 'old', at: Number });
  await t.rejects(imports.begin('old', 'b'.repeat(64)), { message: /IMPORT_CHANGED/ });
  const members = [
    { owner: 'ann', lines: [{ kind: 'balance', asset: 'gold', amount: 5 }] },
  ] as const;
  const sums = { gold: { lines: 1, earned: 5, spent: 0, expired: 0 } };
  const told = [{ owner: 'ann', refused: [], sums }];
  t.same((await imports.members('old', members, { dryRun: true })).members, told);
  t.match(await imports.state('old'), { brought: {} });
  t.same((await imports.members('old', members)).members, told);
  t.match(await imports.end('old', { members: 1, lines: 1, refused: 0 }), { endedAt: Number });
  t.match(await imports.state('old'), { brought: { gold: 5 }, came: { lines: 1 } });
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

t.test('who is merged meanwhile gets nothing twice, and a dry run says so', async (t) => {
  const { ask } = await shop(t, [], 2);
  await ask('POST /v1/imports', { name: 'old', digest: DIGEST });
  const entry = (id: string, amount: number, occurredAt: number) => ({
    ...{ kind: 'entry', asset: 'points', id, amount, occurredAt },
  });
  const lines = [entry('1', 50, PAST), entry('2', -3, PAST + DAY)];
  const ann = { platform: 'app', user: 'u1' };
  const bring = async (member: object, query = '') => {
    const { body } = await ask(`POST /v1/imports/old/members${query}`, { members: [member] });
    return body.members[0];
  };
  const sums = { points: { lines: 2, earned: 50, spent: 3, expired: 0 } };
  const { owner, ...first } = await bring({ ...ann, lines });
  t.same(first, { refused: [], sums });
  t.match(await ask(`POST /v1/members/${owner}/merge`, { into: 'bob', reason: 'x', id: 'm' }), {
    status: 200,
  });
  await until('what is kept has come over', async () => {
    const { body } = await ask('GET /v1/members/bob/merge');
    return body.from?.length === 1;
  });
  const more = { ...ann, lines: [...lines, entry('3', 4, PAST + 2 * DAY)] };
  for (const query of ['?dryRun=true', '']) {
    t.match(await bring(more, query), {
      ...{ owner, sums },
      refused: [{ line: 2, code: 'MEMBER_MERGED' }],
    });
    t.match(await bring({ ...more, owner }, query), { refused: [{ line: 2 }], sums });
    t.match(await bring({ owner, lines: [entry('4', 9, PAST)] }, query), {
      refused: [{ line: 0, code: 'MEMBER_MERGED' }],
    });
    const other = { platform: 'app', user: 'u2', owner, lines: [entry('5', 1, PAST)] };
    t.match(await bring(other, query), { owner: 'bob', refused: [] }, `he is another one ${query}`);
  }
  const legs = [{ from: '@issue', to: owner, asset: 'points', amount: 5 }];
  t.match(await ask('POST /v1/transfers?dryRun=true', { id: 't', legs }), {
    body: { code: 'MEMBER_MERGED' },
  });
  t.match((await ask('GET /v1/accounts/bob')).body.accounts, [{ available: 48 }]);
});

t.test('where the program works: one at a time, and nothing of others is lost', async (t) => {
  const { folder, server } = await gateway(t, { assets: ['gold'] });
  await announceServer(folder, server.address);
  const at = temporaryFolder(t);
  const file = join(at, 'old.csv');
  const text = 'owner,kind,asset,amount\nann,balance,gold,5\n';
  writeFileSync(file, text);
  const said = ['import', file, '--folder', folder, '--work', at];
  for (const report of [file, at])
    t.match(await run(at, ...said, '--report', report), { code: 2, err: /--report may not be/ });
  const lock = takeLock(join(at, 'lock'));
  t.match(await run(at, ...said), { code: 1, err: /in use by process/ });
  lock.release();
  t.match(await run(at, ...said, '--dry-run'), { code: 0 });
  t.match(await run(at, ...said), { code: 0 });
  t.equal(readFileSync(file, 'utf8'), text);
  t.notOk(existsSync(`${at}.dry-run`));
  t.notOk(existsSync(join(at, 'lock')));
});

t.test('a file that is written to while it is read is not brought in', async (t) => {
  const at = temporaryFolder(t);
  const path = join(at, 'old.csv');
  writeFileSync(path, 'owner,amount\nann,5\n');
  const staging = new Staging(join(at, 'work'));
  staging.take();
  const asked: string[] = [];
  const importing = new ImportRun({
    ...{ name: 'old', files: [{ path, format: 'csv' }], staging, isTrial: false, patienceMs: 0 },
    defaults: {
      ...{ kind: 'balance', asset: 'gold', platform: undefined, zone: undefined },
      scales: new Map([['gold', 0]]),
    },
    ask: async (_, to) => {
      asked.push(to);
      appendFileSync(path, 'bob,6\n');
      return { status: 201, body: {} };
    },
    tell: () => {},
  });
  await t.rejects(importing.run(), { message: /changed while it was read/ });
  staging.letGo();
  t.same(asked, ['/v1/imports'], 'no member was');
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

t.test('a member with more lines than one may have is refused whole, and no other', async (t) => {
  const { server, folder, ask } = await gateway(t, { assets: ['gold'] });
  await announceServer(folder, server.address);
  const cwd = temporaryFolder(t);
  const lines = Array.from({ length: 10_003 }, (_, n) => `ann,${n},1`);
  lines.splice(5_000, 0, 'bob,1,7');
  writeFileSync(join(cwd, 'x.csv'), ['owner,id,amount', ...lines].join('\n'));
  const said = ['import', 'x.csv', '--kind', 'balance', '--asset', 'gold', '--folder', folder];
  const { code, out, err } = await run(cwd, ...said);
  t.equal(code, 1, err);
  t.match(JSON.parse(out), { members: 1, lines: 1, refused: 10_003 });
  const told = linesOf(readFileSync(join(cwd, 'x.refused.ndjson'), 'utf8'));
  t.equal(new Set(told.map(({ line }) => line)).size, 10_003, 'each once');
  t.match(told[0], { code: 'BATCH_TOO_LARGE', detail: /opening balance/ });
  t.match((await ask('GET /v1/imports/x')).body, { brought: { gold: 7 } });
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
