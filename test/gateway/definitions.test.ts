// Definitions over HTTP, by the client and by the command line.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { connect } from '../../gateway/client/node.js';
import { temporaryFolder } from '../temporary.js';
import { operator } from './callers.js';
import { gateway } from './harness.js';
import { run, start } from './program.js';

const OFFER = { points: 10, asset: 'gold', budget: '#budget:spring' };
const SPRING = { state: 'active', document: { ...OFFER, name: '春' } };
const AT = '/v1/definitions/offer';

type Row = readonly [request: string, body: unknown, status: number, expected: object];

t.test('routes', async (t) => {
  const { ask } = await gateway(t);
  const later = Date.now() + 3_600_000;
  const rows: readonly Row[] = [
    [`GET ${AT}`, undefined, 200, { definitions: [] }],
    [`GET ${AT}/spring`, undefined, 404, { code: 'DEFINITION_NOT_FOUND', field: 'key' }],
    [`PUT ${AT}/spring?dryRun=true`, SPRING, 200, { dryRun: true, definitionVersion: 1 }],
    [`GET ${AT}/spring`, undefined, 404, { code: 'DEFINITION_NOT_FOUND' }],
    [`PUT ${AT}/spring`, SPRING, 200, { definitionVersion: 1, activeFrom: Number }],
    [`PUT ${AT}/spring`, SPRING, 200, { definitionVersion: 1 }],
    [`PUT ${AT}/spring`, { ...SPRING, ifVersion: 0 }, 200, { definitionVersion: 1 }],
    [
      `PUT ${AT}/spring`,
      { state: 'draft', document: OFFER, ifVersion: 0 },
      412,
      { code: 'DEFINITION_VERSION_MISMATCH' },
    ],
    [
      `PUT ${AT}/spring`,
      { state: 'draft', document: OFFER, ifVersion: 1 },
      200,
      { definitionVersion: 2 },
    ],
    [
      `PUT ${AT}/spring`,
      { ...SPRING, activeFrom: '2020-01-01T00:00:00Z' },
      422,
      { code: 'ACTIVE_FROM_TOO_SOON' },
    ],
    [`PUT ${AT}/spring`, { ...SPRING, activeFrom: 'soon' }, 400, { code: 'ACTIVE_FROM_INVALID' }],
    [
      `PUT ${AT}/spring`,
      { state: 'retired', activeFrom: new Date(later).toISOString() },
      200,
      { definitionVersion: 3, activeFrom: later },
    ],
    [`PUT ${AT}/spring`, { state: 'retired' }, 200, { definitionVersion: 3 }],
    [
      `GET ${AT}/spring`,
      undefined,
      200,
      {
        kind: 'offer',
        key: 'spring',
        active: undefined,
        versions: [
          { version: 1, number: 1, state: 'active', document: SPRING.document },
          { version: 2, number: 0, state: 'draft', activeFrom: undefined },
          { version: 3, number: 2, state: 'retired', document: undefined, activeFrom: later },
        ],
      },
    ],
    // What is not known is refused by its name.
    [`PUT ${AT}/x`, { ...SPRING, extra: 1 }, 400, { code: 'COMMAND_INVALID', field: 'extra' }],
    [`PUT ${AT}/x`, { ...SPRING, number: 1 }, 400, { code: 'COMMAND_INVALID', field: 'number' }],
    [
      `PUT ${AT}/x`,
      { state: 'active', document: { ...OFFER, amout: 1 } },
      400,
      {
        code: 'DEFINITION_INVALID',
        field: 'document.amout',
        detail: /^amout is not a field of offer/,
      },
    ],
    [
      `PUT ${AT}/x`,
      { state: 'active', document: { ...OFFER, audience: 'member.amout > 1' } },
      400,
      { code: 'DEFINITION_INVALID', field: 'document.audience', detail: /amout/ },
    ],
    [
      `PUT ${AT}/x`,
      { state: 'active', document: { ...OFFER, points: -1 } },
      400,
      { code: 'AMOUNT_INVALID', field: 'document.points' },
    ],
    [`PUT ${AT}/x`, { document: OFFER }, 400, { code: 'DEFINITION_INVALID', field: 'state' }],
    [`PUT ${AT}/a%20b`, SPRING, 400, { code: 'DEFINITION_KEY_INVALID', field: 'key' }],
    ['PUT /v1/definitions/voucher/x', SPRING, 404, { code: 'DEFINITION_KIND_UNKNOWN' }],
    ['GET /v1/definitions/voucher', undefined, 404, { code: 'DEFINITION_KIND_UNKNOWN' }],
    ['GET /v1/definitions/voucher/x', undefined, 404, { code: 'DEFINITION_KIND_UNKNOWN' }],
    [
      'PUT /v1/definitions/programme/gold',
      { state: 'active', document: { asset: 'gold', zone: 'Europe/Berlin' } },
      200,
      { definitionVersion: 1 },
    ],
    [
      'PUT /v1/definitions/correction/gold',
      { state: 'active', document: { asset: 'gold', mostUp: 5, mostDown: 0 } },
      200,
      { definitionVersion: 1 },
    ],
  ];
  for (const [request, body, status, expected] of rows) {
    const answer = await ask(request, body);
    t.equal(answer.status, status, `${request} ${JSON.stringify(body)} ${answer.text}`);
    t.match(answer.body, expected, request);
  }
});

t.test('pages, the client, and who may', async (t) => {
  const server = await gateway(t);
  const client = connect({ url: server.server.address, key: server.key });
  t.teardown(() => client.close());
  for (const key of ['c', 'a', 'b'])
    t.match(
      await client.submit({
        type: 'put-definition',
        kind: 'offer',
        key,
        state: 'active',
        document: OFFER,
      }),
      { ok: true, definitionVersion: 1 },
    );
  const first = await client.definitions('offer', { limit: 2 });
  t.same(
    first.definitions.map(({ key }) => key),
    ['a', 'b'],
  );
  const rest = await client.definitions('offer', { limit: 2, cursor: first.cursor ?? '' });
  t.match(rest, { definitions: [{ key: 'c', versions: [{ version: 1 }] }], cursor: undefined });
  const named = { state: 'draft', document: { ...OFFER, name: 'Spring 春' } };
  t.equal((await server.ask('PUT /v1/definitions/offer/b', named)).status, 200);
  for (const [query, keys] of [
    ['q=C', ['c']],
    ['q=%E6%98%A5', ['b']],
    ['q=SPRING&state=draft', ['b']],
    ['q=spring&state=active', []],
    ['state=active', ['a', 'c']],
    ['state=active&limit=1', ['a']],
    ['state=active&limit=1&cursor=a', ['c']],
    ['programme=shop', []],
  ] as const) {
    const { body } = await server.ask(`GET /v1/definitions/offer?${query}`);
    t.same(
      body.definitions?.map(({ key }: any) => key),
      keys,
      query,
    );
  }
  t.match(await client.definition('offer', 'a'), { versions: [{ document: OFFER }] });
  t.equal(await client.definition('offer', 'none'), undefined);
  await t.rejects(client.definitions('voucher'), /DEFINITION_KIND_UNKNOWN/);
  const wrong = { type: 'put-definition', kind: 'offer', key: 'a', state: 'gone' } as never;
  t.match(await client.submit(wrong), { ok: false });
  const over = [
    { type: 'put-definition', kind: 'offer', key: 'd', state: 'active', document: OFFER },
    { type: 'put-definition', kind: 'offer', key: 'd', state: 'retired', ifVersion: 1 },
  ] as const;
  t.match(await client.stream.submitBatch(over), [
    { ok: true, definitionVersion: 1 },
    { ok: true, definitionVersion: 2 },
  ]);
  const reader = await operator(server, ['read', 'earn', 'adjust']);
  for (const [request, body] of [
    [`GET ${AT}`, undefined],
    [`GET ${AT}/a`, undefined],
    [`PUT ${AT}/a`, SPRING],
  ] as const)
    t.match((await server.ask(request, body, reader)).body, { code: 'OPERATION_FORBIDDEN' });
  const narrow = await operator(server, ['admin'], { assets: ['gold'] });
  t.equal((await server.ask(`PUT ${AT}/a`, SPRING, narrow)).status, 403);
});

t.test('the command line', async (t) => {
  const cwd = temporaryFolder(t);
  await start(t, cwd);
  writeFileSync(join(cwd, 'spring.json'), JSON.stringify(SPRING.document));
  const put = ['definition', 'put', 'offer', 'spring', '--document', 'spring.json'];
  const tried = await run(cwd, ...put, '--dry-run');
  t.match(JSON.parse(tried.out), { dryRun: true, definitionVersion: 1 });
  t.match(JSON.parse((await run(cwd, ...put)).out), { definitionVersion: 1 });
  t.match(await run(cwd, ...put, '--state', 'draft', '--if-version', '7'), {
    code: 1,
    err: /412 DEFINITION_VERSION_MISMATCH/,
  });
  t.match(await run(cwd, ...put, '--active-from', 'soon'), { code: 2, err: /RFC 3339/ });
  t.match(JSON.parse((await run(cwd, 'definition', 'get', 'offer', 'spring')).out), {
    versions: [{ document: { name: '春' } }],
  });
  const retire = ['definition', 'put', 'offer', 'spring', '--state', 'retired'];
  t.match(JSON.parse((await run(cwd, ...retire)).out), { definitionVersion: 2 });
  const listed = JSON.parse((await run(cwd, 'definition', 'list', 'offer')).out);
  t.match(listed, [{ key: 'spring', versions: [{ version: 2, state: 'retired' }] }]);
  t.match(await run(cwd, 'definition', 'put', 'offer'), { code: 2, err: /<key> is missing/ });
  t.match(await run(cwd, 'definition', 'list', 'offer', '--help'), {
    out: /^Usage: jifen definition list/,
  });
});
