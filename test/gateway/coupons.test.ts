// Coupons over HTTP: wallets, codes, who may; and the tutorial, as it is printed.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { announceServer } from '../../gateway/cli/running.js';
import { connect } from '../../gateway/client/node.js';
import { ROOT } from '../setup.js';
import { until } from '../until.js';
import { caller, operator } from './callers.js';
import { bash } from './printed.js';
import { PROGRAM } from './program.js';
import { type Shop, shop } from './shop.js';

const CAMPAIGNS: readonly (readonly [string, object])[] = [
  ['coupon/THNK', { programme: 'shop', codes: 'single', amount: 100, name: 'Thank you' }],
  ['coupon/FREE', { programme: 'shop', codes: 'single', amount: 100, bearer: true }],
  ['coupon/WELCOME10', { programme: 'shop', codes: 'shared', percent: 10 }],
];

/** All shards decide by what was said last. */
async function decided({ ask, later }: Shop, code: string): Promise<void> {
  later(6_000);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  later(5_000);
  await until('the codes count on every shard', async () => {
    const asked = ['a', 'b', 'c', 'd', 'e', 'ann', 'bob'].map((owner) =>
      ask('POST /v1/acts/coupon-redeem?dryRun=true', { owner, body: { code } }),
    );
    return (await Promise.all(asked)).every(({ status }) => status === 200);
  });
}

t.test('codes are generated, told, used; a wallet has what is a member’s', async (t) => {
  const of = await shop(t, CAMPAIGNS);
  const { ask, server, key, folder } = of;
  const rows: readonly [string, object | undefined, number, object?][] = [
    ['PUT /v1/coupons/FREE/codes', { count: 0 }, 400, { field: 'count' }],
    ['PUT /v1/coupons/WELCOME10/codes', { count: 5 }, 400, { field: 'coupon' }],
    ['PUT /v1/coupons/NONE/codes', { count: 5 }, 404, { code: 'DEFINITION_NOT_FOUND' }],
    ['PUT /v1/coupons/FREE/codes', { count: 10_000_000 }, 200, { count: 10_000_000 }],
    ['PUT /v1/coupons/FREE/codes', { count: 7 }, 200, { count: 10_000_000, definitionVersion: 2 }],
    [
      'PUT /v1/definitions/coupon/FREE',
      { state: 'active', document: CAMPAIGNS[1]?.[1] },
      400,
      { code: 'DEFINITION_INVALID' },
    ],
  ];
  for (const [request, sent, status, body = {}] of rows)
    t.match(await ask(request, sent), { status, body }, `${request} ${JSON.stringify(sent)}`);
  const lines = async (query: string): Promise<{ number: number; code: string }[]> => {
    const { text } = await ask(`GET /v1/coupons/FREE/codes${query}`);
    return text
      .split('\n')
      .filter((line: string) => line !== '')
      .map((line: string) => JSON.parse(line));
  };
  const last = await lines('?from=9999998&limit=100');
  t.match(last, [{ number: 9_999_998 }, { number: 9_999_999 }]);
  t.equal(last.length, 2);
  const many = await lines('?limit=2000');
  t.equal(new Set(many.map(({ code }) => code)).size, 2_000);
  const code = many[1_234]?.code as string;
  t.match(await ask(`GET /v1/coupons/${code}`), {
    status: 200,
    body: { campaign: 'FREE', form: 'numbered', number: 1_234, state: 'free' },
  });
  await decided(of, many[0]?.code as string);
  const typed = code.toLowerCase().replace(/(.{4})(?=.)/g, '$1-');
  const redeem = (owner: string, of: string, more: object = {}) =>
    ask('POST /v1/acts/coupon-redeem', { owner, body: { code: of, ...more } });
  t.match(await redeem('ann', typed, { order: 'o-1' }), { status: 201 });
  t.match(await redeem('bob', code), {
    status: 404,
    body: { code: 'COUPON_UNAVAILABLE', field: 'body.code' },
  });
  t.match(await redeem('ann', code), { status: 409, body: { code: 'COUPON_USED' } });
  const wrong = `${code.slice(0, -1)}${code.endsWith('2') ? '3' : '2'}`;
  t.match(await redeem('bob', wrong), { status: 404, body: { detail: /mistyped/ } });
  t.match(await ask(`GET /v1/coupons/${wrong}`), { status: 404, body: { detail: /mistyped/ } });
  t.match(await ask(`GET /v1/coupons/${code}`), {
    body: { state: 'used', owner: 'ann', order: 'o-1' },
  });
  for (let n = 0; n < 5; n++)
    await ask('POST /v1/acts/coupon-issue', {
      owner: 'ann',
      id: `i${n}`,
      body: { coupon: 'THNK' },
    });
  const wallet = 'GET /v1/members/ann/coupons?programme=shop';
  const { body: first } = await ask(`${wallet}&limit=4`);
  const { body: second } = await ask(`${wallet}&limit=4&cursor=${first.cursor}`);
  t.equal(first.coupons.length + second.coupons.length, 6);
  t.notOk(second.cursor);
  t.match(await ask(`${wallet}&state=used`), { body: { coupons: [{ code, order: 'o-1' }] } });
  t.equal((await ask(`${wallet}&state=available`)).body.coupons.length, 5);
  const { campaign, percent, amount, points } = first.campaigns[0];
  t.equal(campaign, first.coupons[0].campaign);
  t.equal([percent, amount, points].filter((worth) => worth > 0).length, 1, 'what one is worth');
  t.match(await ask('GET /v1/members/ann/coupons?programme=none'), {
    status: 404,
    body: { field: 'programme' },
  });
  const client = connect({ url: server.address, key });
  t.match(await client.coupons('ann', 'shop', { state: 'used' }), { coupons: [{ code }] });
  t.match(await client.coupon(code), { state: 'used' });
  t.equal(await client.coupon('NEVERHEARD'), undefined);
  // A wallet is seen by whoever may see the member; codes by who answers for the whole ledger.
  const rival = await operator(of, ['read'], { assets: ['gold'] });
  const reader = await operator(of, ['read']);
  t.equal((await ask(wallet, undefined, rival)).status, 403);
  t.equal((await ask(wallet, undefined, reader)).status, 200);
  t.equal((await ask(`GET /v1/coupons/${code}`, undefined, reader)).status, 403);
  t.equal((await ask('GET /v1/coupons/FREE/codes', undefined, reader)).status, 403);
  await caller(of, 'other');
  await of.server.close();
  t.same((await verifyFolder(folder, { why: true })).problems, []);
});

const page = readFileSync(join(ROOT, 'ops/docs/coupons.md'), 'utf8');
const script = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block).join('');
const hasCurl = spawnSync('curl', ['--version']).status === 0;

t.test('the tutorial', { skip: hasCurl ? false : 'there is no curl here' }, async (t) => {
  const of = await shop(t);
  const { server, folder } = of;
  await announceServer(folder, server.address);
  const text = script
    .replaceAll('http://127.0.0.1:8080', server.address)
    .replaceAll('jifen-data', folder)
    .replace(/npx jifen (\w+ \w+)/g, `"${process.execPath}" "${PROGRAM}" $1 --folder "${folder}"`);
  const [before = '', after = ''] = text.split('sleep 11\n');
  const said = await bash(before);
  t.equal(said.code, 0, said.err);
  const key = /^KEY=[\s\S]*?^api\(\).*\n/m.exec(before)?.[0] ?? '';
  const codes = await of.ask('GET /v1/coupons/FREE/codes?limit=1');
  await decided(of, JSON.parse(codes.text).code);
  const { code, out, err } = await bash(key + after);
  t.equal(code, 0, err);
  const values = out.split(/(?<=^[}\]])\n|(?<=[}\]])\n(?=[{[])/m).map((one) => JSON.parse(one));
  const used = (more: object) => ({ act: { effects: [{ type: 'couponUsed', ...more }] } });
  t.match(values, [
    {
      act: {
        effects: [{}, { type: 'couponIssued', coupon: 'THNK', rule: 'shop.THANKS' }, {}, {}],
      },
    },
    [{ campaign: 'THNK', state: 'available' }],
    { code: 'COUPON_ORDER_TOO_SMALL', field: 'body.amount' },
    { dryRun: true, ...used({ discount: 120 }) },
    used({ discount: 120, order: 'buy-2' }),
    { code: 'COUPON_USED' },
    { id: 'buy-2' },
    { act: { effects: [{}, {}, { type: 'couponReturned' }] } },
    { campaign: 'THNK', state: 'available', owner: 'alice' },
    { act: { effects: [{ type: 'couponReserved', order: 'cart-1', discount: 300 }] } },
    { code: 'COUPON_UNAVAILABLE' },
    { act: { effects: [{ type: 'couponReleased' }] } },
    used({ discount: 300 }),
    { campaign: 'FREE', number: 41, state: 'used', owner: 'carol' },
    used({ discount: 5 }),
    { code: 'COUPON_LIMIT' },
    { code: 'COUPON_UNAVAILABLE', detail: /mistyped/ },
  ]);
  t.equal(values.length, 17);
});
