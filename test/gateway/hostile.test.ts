// Hostile input to every route: always a 4xx that names the field, never a 5xx, never a crash.

import fc from 'fast-check';
import t from 'tap';
import { campaign } from '../campaign.js';
import { type Gateway, gateway, raw, statusesIn } from './harness.js';

const text = (value: unknown) => JSON.stringify(value);
const repeated = (part: string, times: number) => part.repeat(times);

// JSON texts that are wrong wherever the named kind of value is asked for.
const NO_TEXT = ['null', 'true', '5', '[]', '{}', '["a"]', '{"toString":1}', '1e999'];
const NOT_WHOLE = [
  ...[
    'null',
    'true',
    '"1"',
    '""',
    '[]',
    '[1]',
    '{}',
    '{"valueOf":1}',
    '-1',
    '0.5',
    '1.5',
    '1e400',
    '-1e400',
  ],
  ...['9007199254740992', '9007199254740993', '1.0000000000000001', '9007199254740991.4', '1e-400'],
  repeated('9', 400),
  `1.${repeated('0', 400)}1`,
];
const NO_NAME = ['""', '"a b"', '"a/b"', '"\\u0000"', '"\\ud800"', '"é"', '"аlice"', '"a\\n"'];
const NOT_OBJECT = ['null', 'true', '5', '"x"', '[]', '[{}]'];
const HOSTILE: Readonly<Record<string, readonly string[]>> = {
  amount: [...NOT_WHOLE, '0', '-0'],
  count: NOT_WHOLE.filter((value) => value !== 'null'),
  owner: [
    ...NO_TEXT,
    ...NO_NAME,
    text('x'.repeat(65)),
    '"#item:1"',
    '"@transit:1"',
    '"@nobody"',
    '"@"',
  ],
  asset: [...NO_TEXT, ...NO_NAME, text('x'.repeat(33)), '"Shop"', '"a-b"'],
  id: [...NO_TEXT, '""', '"a b"', '"\\u0000"', '"\\ud800"', '"é"', text('x'.repeat(65))],
  kind: [...NO_TEXT, ...NO_NAME, text('x'.repeat(33))],
  ref: [...NO_TEXT, '""', '"a b"', '"é"', text('x'.repeat(65))],
  memo: [...NO_TEXT, '"\\ud800"', '"\\udc00x"', text('x'.repeat(257)), text('é'.repeat(129))],
  metadata: [
    ...NOT_OBJECT,
    '{"a":1e400}',
    '{"a":[12345678901234567890]}',
    '{"a":1.0000000000000001}',
    '{"a":"\\ud800"}',
    '{"\\ud800":1}',
    `${repeated('{"a":', 20)}1${repeated('}', 20)}`,
    `{"a":${repeated('[', 9_000)}${repeated(']', 9_000)}}`,
    text({ a: 'x'.repeat(1_100) }),
    text(Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`k${i}`, i]))),
  ],
  flag: ['null', '1', '"true"', '[]', '{}', '0'],
  time: [
    ...[
      'true',
      '""',
      '"tomorrow"',
      '"2027-02-30T00:00:00Z"',
      '"5"',
      '[]',
      '{}',
      '-1',
      '0.5',
      '1e400',
    ],
    ...['253402300800000', '9007199254740993', '4102444800000.0000000001'],
  ],
  deadline: [
    'null',
    'true',
    '""',
    '"2027-02-30T00:00:00Z"',
    '[]',
    '{}',
    '-1',
    '1.5',
    '253402300800000',
  ],
  legs: ['null', 'true', '5', '"x"', '{}', '[]', '{"length":1}', `[${repeated('{},', 16)}{}]`],
  leg: NOT_OBJECT,
  object: NOT_OBJECT,
};

/**
 * Bodies that are good, as fields with their JSON texts; `kinds` says which table a field is spoilt
 * from.
 */
interface Target {
  readonly request: string;
  readonly fields: Readonly<Record<string, string>>;
  readonly kinds: Readonly<Record<string, string>>;
}

const BUSINESS = { id: 'id', kind: 'kind', ref: 'ref', memo: 'memo', metadata: 'metadata' };
const TARGETS: readonly Target[] = [
  {
    request: 'POST /v1/transfers',
    fields: { legs: '[{"from":"@issue","to":"alice","asset":"shop","amount":1}]' },
    kinds: { ...BUSINESS, legs: 'legs', condition: 'object' },
  },
  {
    request: 'POST /v1/holds',
    fields: { owner: '"alice"', asset: '"shop"', amount: '1' },
    kinds: { ...BUSINESS, owner: 'owner', asset: 'asset', amount: 'amount', deadline: 'deadline' },
  },
  {
    request: 'POST /v1/accounts/alice/holds/h/capture',
    fields: { to: '"@redeem"' },
    kinds: { ...BUSINESS, to: 'owner', amount: 'amount', releaseRest: 'flag', expiresAt: 'time' },
  },
  { request: 'POST /v1/accounts/alice/holds/h/release', fields: {}, kinds: BUSINESS },
  {
    request: 'POST /v1/accounts/alice/transfers/none/reverse',
    fields: {},
    kinds: { ...BUSINESS, allowDebt: 'flag' },
  },
  {
    request: 'PUT /v1/assets/other',
    fields: { scale: '0' },
    kinds: {
      scale: 'count',
      lotTracked: 'flag',
      lotGranularityMs: 'amount',
      defaultExpiryMs: 'count',
    },
  },
  {
    request: 'POST /v1/accounts/alice/assets/shop/credit-limit',
    fields: { creditLimit: '0' },
    kinds: { id: 'id', creditLimit: 'count' },
  },
  ...['open', 'freeze', 'unfreeze', 'close'].map((verb) => ({
    request: `POST /v1/accounts/mallory/assets/shop/${verb}`,
    fields: {},
    kinds: { id: 'id' },
  })),
];

const printed = (fields: Readonly<Record<string, string>>) =>
  `{${Object.entries(fields)
    .map(([name, value]) => `${text(name)}:${value}`)
    .join(',')}}`;

async function shop(t: Parameters<typeof gateway>[0]): Promise<Gateway> {
  const opened = await gateway(t, { assets: ['shop'] });
  const legs = [{ from: '@issue', to: 'alice', asset: 'shop', amount: 1_000_000 }];
  await opened.ask('POST /v1/transfers', { legs });
  return opened;
}

t.test('a wrong value is refused by the name of its field', async (t) => {
  const { ask } = await shop(t);
  let cases = 0;
  const wrong: string[] = [];
  const spoilt = async (request: string, body: string, field: string) => {
    cases++;
    const { status, body: found } = await ask(request, body);
    const named = typeof found?.field === 'string' && found.field.startsWith(field);
    // 403: an owner of the engine's own; 413: metadata too large; all the others are malformed.
    if (![400, 403, 413].includes(status) || !named) {
      wrong.push(
        `${request} ${body.slice(0, 120)}: ${status} ${found?.code} ${found?.field}, not ${field}`,
      );
    }
  };
  for (const { request, fields, kinds } of TARGETS) {
    for (const [field, kind] of Object.entries(kinds)) {
      for (const value of HOSTILE[kind] ?? []) {
        await spoilt(request, printed({ ...fields, [field]: value }), field);
      }
    }
    for (const field of Object.keys(fields)) {
      await spoilt(request, printed({ ...fields, [field]: 'null' }), field);
      const { [field]: _gone, ...rest } = fields;
      await spoilt(request, printed(rest), field);
    }
    for (const unknown of ['__proto__', 'constructor', 'toString', 'type', 'amounts', '']) {
      await spoilt(request, printed({ ...fields, [unknown]: '{}' }), unknown);
    }
    for (const body of NOT_OBJECT) {
      // An array is a batch there.
      if (request !== 'POST /v1/transfers' || !body.startsWith('['))
        await spoilt(request, body, 'body');
    }
  }
  const leg = { from: '"@issue"', to: '"alice"', asset: '"shop"', amount: '1' };
  const legKinds = {
    from: 'owner',
    to: 'owner',
    asset: 'asset',
    amount: 'amount',
    expiresAt: 'time',
  };
  const good = printed(leg);
  const bodyOf = (bad: string) => `{"legs":[${good},${bad}]}`;
  for (const [field, kind] of Object.entries(legKinds)) {
    for (const value of HOSTILE[kind] ?? []) {
      await spoilt(
        'POST /v1/transfers',
        bodyOf(printed({ ...leg, [field]: value })),
        `legs[1].${field}`,
      );
    }
  }
  for (const bad of HOSTILE.leg ?? []) await spoilt('POST /v1/transfers', bodyOf(bad), 'legs[1]');
  for (const unknown of ['__proto__', 'constructor', 'Amount']) {
    const body = bodyOf(printed({ ...leg, [unknown]: '1' }));
    await spoilt('POST /v1/transfers', body, `legs[1].${unknown}`);
  }
  const condition = { owner: '"alice"', asset: '"shop"', availableAtLeast: '0' };
  const conditionKinds = { owner: 'owner', asset: 'asset', availableAtLeast: 'count' };
  for (const [field, kind] of Object.entries(conditionKinds)) {
    for (const value of HOSTILE[kind] ?? []) {
      const spoiltOne = printed({ ...condition, [field]: value });
      await spoilt(
        'POST /v1/transfers',
        `{"legs":[${good}],"condition":${spoiltOne}}`,
        `condition.${field}`,
      );
    }
  }
  const extra = printed({ ...condition, __proto__x: '1' });
  await spoilt(
    'POST /v1/transfers',
    `{"legs":[${good}],"condition":${extra}}`,
    'condition.__proto__x',
  );
  t.same(wrong, [], `${cases} cases`);
  t.ok(cases > 700, `${cases} cases`);
});

t.test('names that come twice, and names of prototypes, harm nothing', async (t) => {
  const { ask } = await shop(t);
  const twice = '{"legs":[{"from":"@issue","to":"bob","asset":"shop","amount":1,"amount":2}]}';
  t.match(await ask('POST /v1/transfers', twice), {
    status: 201,
    body: { entries: [{}, { delta: 2 }] },
  });
  const metadata = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}';
  const body = `{"id":"p","legs":[{"from":"@issue","to":"bob","asset":"shop","amount":1}],"metadata":${metadata}}`;
  t.equal((await ask('POST /v1/transfers', body)).status, 201);
  t.equal((await ask('POST /v1/transfers', body)).body.replayed, true);
  t.ok((await ask('GET /v1/accounts/bob/transfers/p')).text.includes(`"metadata":{"__proto__":`));
  t.equal(({} as { polluted?: unknown }).polluted, undefined);
});

// Random bodies: any JSON, good bodies with any part replaced, any bytes.
const anyJson = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.constantFrom(...Object.values(HOSTILE).flat()),
  fc
    .dictionary(fc.constantFrom('__proto__', 'legs', 'id', 'to', 'amount', 'x'), fc.jsonValue())
    .map(text),
);
const anyBody = fc.oneof(
  anyJson,
  fc
    .constantFrom(...TARGETS)
    .chain(({ fields, kinds }) =>
      fc
        .dictionary(fc.constantFrom(...Object.keys(kinds)), anyJson)
        .map((some) => printed({ ...fields, ...some })),
    ),
  anyJson.chain((json) => fc.nat(json.length).map((length) => json.slice(0, length))),
  fc.array(anyJson, { maxLength: 5 }).map((items) => `[${items.join(',')}]`),
  fc.string(),
);
const anyPart = fc.oneof(
  fc.constantFrom(
    'alice',
    '@issue',
    '%23item',
    '%',
    '%zz',
    '%00',
    '..',
    'a%2Fb',
    '__proto__',
    '%e4%bd',
    '@',
  ),
  fc.string().map((part) => encodeURIComponent(part.toWellFormed())),
  fc.string({ unit: fc.constantFrom(...'abc%:@+~=&;.-_!$,') }),
);
const anyRequest = fc
  .tuple(
    fc.constantFrom(
      'POST /v1/transfers',
      'POST /v1/holds',
      'PUT /v1/assets/*',
      'GET /v1/assets/*',
      'GET /v1/accounts/*',
      'GET /v1/accounts/*/entries?asset=*&cursor=*',
      'GET /v1/accounts/*/entries?*=*',
      'GET /v1/accounts/*/transfers/*',
      'GET /v1/accounts/*/holds/*',
      'POST /v1/accounts/*/transfers/*/reverse',
      'POST /v1/accounts/*/holds/*/capture',
      'POST /v1/accounts/*/holds/*/release',
      ...['open', 'freeze', 'unfreeze', 'close', 'credit-limit'].map(
        (verb) => `POST /v1/accounts/*/assets/*/${verb}`,
      ),
      'DELETE /v1/accounts/*',
      'POST /*',
    ),
    fc.array(anyPart, { minLength: 4, maxLength: 4 }),
  )
  .map(([pattern, parts]) => {
    let at = 0;
    return pattern.replace(/\*/g, () => parts[at++ % parts.length] || 'x');
  });

t.test('whatever is asked, the answer is no defect', async (t) => {
  const { ask, server } = await shop(t);
  const { count, seeds } = campaign({ name: 'hostile requests', long: 40_000, sample: 1_000 });
  const [seed = 1] = seeds;
  await fc.assert(
    fc.asyncProperty(anyRequest, anyBody, fc.string(), async (request, body, key) => {
      const given = request.startsWith('GET') ? undefined : body;
      const printable = key.replace(/[^\x20-\x7e]/g, '');
      const headers = printable === '' ? {} : { 'Idempotency-Key': printable };
      const { status, body: found } = await ask(request, given, headers as Record<string, string>);
      if (status >= 500) throw new Error(`${status} ${text(found)}`);
      if (status < 400) return;
      if (typeof found?.code !== 'string') throw new Error(`no code: ${text(found)}`);
      if (status === 400 && typeof found.field !== 'string')
        throw new Error(`no field: ${text(found)}`);
    }),
    { seed, numRuns: count, endOnFailure: count > 10_000 },
  );
  t.equal((await fetch(`${server.address}/healthz`)).status, 200);
});

t.test('bodies that are cut off, too large, or nothing but brackets', async (t) => {
  const limits = { bodyBytesMax: 16_384, batchBytesMax: 65_536, nestingCheckBytes: 1_024 };
  const { ask, port, key } = await gateway(t, { limits });
  const large = text({ id: 'x'.repeat(20_000) });
  t.match(await ask('POST /v1/holds', large), {
    status: 413,
    body: { code: 'BODY_TOO_LARGE', field: 'body' },
  });
  t.match(await ask('POST /v1/transfers', large), { status: 413, body: { field: 'body' } });
  t.match(await ask('POST /v1/transfers', `[${large}]`), {
    status: 200,
    body: [{ status: 400, field: 'legs' }],
  });
  t.match(await ask('POST /v1/transfers', `[${text('x'.repeat(70_000))}]`), { status: 413 });
  t.match(await ask('POST /v1/transfers', repeated('[', 8_000)), {
    status: 400,
    body: { field: 'body' },
  });

  const head = (more: string) =>
    `POST /v1/transfers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\n${more}\r\n`;
  const chunk = (part: string) => `${part.length.toString(16)}\r\n${part}\r\n`;
  const rows: readonly (readonly [string, (string | Uint8Array | number)[], number[]])[] = [
    ['in parts', [head('Content-Length: 2\r\n'), 20, '{', 20, '}'], [400]],
    ['byte by byte', [head('Content-Length: 4\r\n'), 5, '[', 5, '5', 5, ',', 5, ']'], [400]],
    ['a declared length over the limit', [head('Content-Length: 70000\r\n')], [413]],
    ['an absurd length', [head('Content-Length: 99999999999999999999\r\n'), '{}'], [400]],
    ['a negative length', [head('Content-Length: -1\r\n'), '{}'], [400]],
    ['no length at all', [head('')], [400]],
    [
      'chunks',
      [head('Transfer-Encoding: chunked\r\n'), chunk('[5'), 10, chunk(']'), '0\r\n\r\n'],
      [200],
    ],
    [
      'chunks over the limit',
      [head('Transfer-Encoding: chunked\r\n'), ...new Array(40).fill(chunk('x'.repeat(2_000)))],
      [413],
    ],
    ['a bad chunk', [head('Transfer-Encoding: chunked\r\n'), 'zz\r\n{}\r\n'], [400]],
    [
      'UTF-8 cut in two',
      [head('Content-Length: 4\r\n'), Uint8Array.of(0x22, 0xe4, 0xbd), 10, '"'],
      [400],
    ],
    [
      'UTF-8 over two parts',
      [
        head('Content-Length: 5\r\n'),
        Uint8Array.of(0x22, 0xe4),
        10,
        Uint8Array.of(0xbd, 0xa0, 0x22),
      ],
      [400],
    ],
    [
      'length and chunks',
      [head('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n'), '{}'],
      [400],
    ],
    [
      'a body where none belongs',
      [head('Content-Length: 2\r\n').replace('POST /v1/transfers', 'GET /v1/assets'), '{}'],
      [200],
    ],
    ['cut off, then closed', [head('Content-Length: 100\r\n'), '{"legs":'], []],
  ];
  for (const [name, parts, statuses] of rows) {
    const found = await raw(port, parts);
    t.same(statusesIn(found).slice(0, 1), statuses, name) || t.comment(found);
  }
  t.equal((await ask('GET /healthz')).status, 200);
});

t.test('sockets that misbehave', async (t) => {
  const { port, key, server, ask } = await shop(t);
  const get = (path: string) =>
    `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\n\r\n`;
  const body = '{"legs":[{"from":"@issue","to":"dora","asset":"shop","amount":1}]}';
  const post = `POST /v1/transfers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${key}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  // Answers that are made at once may be pipelined; one that must wait for the ledger ends a
  // connection that does not.
  t.same(
    statusesIn(await raw(port, [get('/healthz') + get('/v1/assets') + get('/nope')])),
    [200, 200, 404],
  );
  t.ok(statusesIn(await raw(port, [post + get('/healthz')])).every((status) => status < 300));
  t.ok(statusesIn(await raw(port, [post + post + post])).every((status) => status < 300));
  const spaced = [post, 500, post, 500, get('/healthz')];
  t.same(statusesIn(await raw(port, spaced, { quietMs: 3_000 })), [201, 201, 200]);
  // 505 is the web server's own word for what is not HTTP/1.1.
  for (const parts of [
    ['\x00\x01\x02\r\n\r\n'],
    ['GET / HTTP/1.0\r\n\r\n'],
    ['GET http://elsewhere/ HTTP/1.1\r\nHost: x\r\n\r\n'],
    [Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3)],
    ['G', 10, 'E', 10, 'T'],
    ['\r\n'.repeat(100)],
    [`GET /${'a'.repeat(100_000)}`],
    [`GET / HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(1_000)}\r\n`],
    [`GET / HTTP/1.1\r\nHost: x\r\nA: ${'b'.repeat(1_000_000)}`],
    ['GET / HTTP/1.1\r\nHost: x\r\nAuthorization : x\r\n\r\n'],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    [`${post}\x00\x01garbage\r\n\r\n`],
  ] as const) {
    const statuses = statusesIn(await raw(port, parts, { quietMs: 60 }));
    t.ok(
      statuses.every((status) => status < 500 || status === 505),
      `${statuses}`,
    );
  }
  const weird = await raw(port, [`FOO /v1/assets HTTP/1.1\r\nHost: x\r\n\r\n`]);
  t.same(statusesIn(weird), [405]);
  const upgrade = get('/v1/assets').replace(
    '\r\n\r\n',
    '\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n',
  );
  t.same(statusesIn(await raw(port, [upgrade])), [200]);
  // Gone before, while and after the answer is being made.
  const early = Array.from({ length: 50 }, (_, at) =>
    raw(port, [post.slice(0, 40 + at * 7)], { quietMs: at % 7 }),
  );
  await Promise.all(early);
  await Promise.all(
    Array.from({ length: 50 }, (_, at) => raw(port, [post], { quietMs: at % 5, end: true })),
  );
  // A refusal before the body was read leaves the connection usable.
  const unauthorised = post.replace('Bearer', 'Basic');
  t.same(statusesIn(await raw(port, [unauthorised, 50, get('/healthz')])), [401, 200]);
  const nowhere = post.replace('/v1/transfers', '/v1/nothing');
  t.same(
    statusesIn(
      await raw(port, [nowhere.slice(0, -10), 50, nowhere.slice(-10), 50, get('/healthz')]),
    ),
    [404, 200],
  );
  t.equal((await fetch(`${server.address}/healthz`)).status, 200);
  const metrics = (await ask('GET /metrics')).text;
  t.match(metrics, /jifen_http_in_flight 1\n/, 'nothing is left in flight but this');
});
