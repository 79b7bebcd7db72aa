// What partners asked for, and what is reversed, after its member was merged: over three shards and HTTP.

import t from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { until } from '../until.js';
import { caller } from './callers.js';
import { coalition, decided, SAID } from './coalition.js';
import type { Answered } from './harness.js';
import { asked, inboundPartner, putPartner } from './inbound.js';
import { HERE, MILES, outside, tell } from './outside.js';

const IN = '/api/internal';
const ADD = `POST ${IN}/add`;
const DEDUCT = `POST ${IN}/deduct`;
const BACK = `POST ${IN}/rollback`;
/** Members who are merged while they are rolled back. */
const RACES = 12;
const short = ({ status, body }: Answered): string =>
  [status, body?.status, body?.code].filter((one) => one !== undefined).join(' ');

t.test('a member whom a partner knows is merged', async (t) => {
  const of = await coalition(t);
  const { ask, server } = of;
  await ask('PUT /v1/assets/alpha', { scale: 0 });
  await ask('PUT /v1/assets/beta', { scale: 2 });
  for (const [at, document] of SAID)
    await ask(`PUT /v1/definitions/${at}`, { state: 'active', document });
  await caller(of, 'outer', { assets: ['omega'] });
  const token = await putPartner(ask, 'outer', ['alpha', 'beta']);
  const partner = inboundPartner(() => server.address, 'outer', token);
  await decided(of, ['alpha', 'beta'], '0.833333333333');
  const has = async (owner: string): Promise<number> => {
    const { body } = await ask(`GET /v1/accounts/${owner}?asset=alpha`);
    return body.accounts.find((one: any) => one.asset === 'alpha')?.available ?? 0;
  };
  const made = async (name: string): Promise<string> => {
    const user = { key: `k-${name}`, name, email: 'x@example.com', imported: true };
    const said = { ...user, source_system: 'outer', source_user_id: name };
    return (await partner.ask(`POST ${IN}/users`, said)).body.user_id;
  };
  // Whose derived ids are on other shards, and on the same one.
  for (const n of [1, 2, 3, 4]) {
    const [old, now] = [await made(`old-${n}`), await made(`now-${n}`)];
    for (const [request, body] of [
      [ADD, asked(`add-${n}`, old, 500)],
      [ADD, asked(`spent-${n}`, old, 70)],
      [DEDUCT, asked(`take-${n}`, old, 100)],
    ] as const)
      t.equal(short(await partner.ask(request, body)), '200 completed');
    const asset = 'alpha';
    const legs = [
      { from: '@issue', to: 'giver', asset, amount: 50 },
      { from: 'giver', to: old, asset, amount: 30 },
      { from: old, to: '@redeem', asset, amount: 10 },
    ];
    t.match(await ask('POST /v1/transfers', { id: `g-${n}`, legs: legs.slice(0, 1) }), {
      status: 201,
    });
    t.match(
      await ask('POST /v1/transfers', { id: `gift-${n}`, owner: 'giver', legs: legs.slice(1) }),
      {
        status: 201,
      },
    );
    t.match(await ask(`POST /v1/members/${old}/merge`, { into: now, reason: 'one', id: 'm' }), {
      status: 200,
    });
    await until('what is kept has come over', async () => {
      const { body } = await ask(`GET /v1/members/${now}/merge`);
      return body.from?.length === 1;
    });
    t.same([await has(old), await has(now)], [0, 490]);
    const table: readonly (readonly [string, object | undefined, string, number])[] = [
      [BACK, asked(`take-${n}`, old, 100, { type: 'deduct' }), '200 rolled_back', 590],
      [BACK, asked(`take-${n}`, old, 100, { type: 'deduct' }), '200 rolled_back', 590],
      [BACK, asked(`add-${n}`, old, 500, { type: 'add' }), '200 rolled_back', 90],
      [BACK, asked(`add-${n}`, old, 500, { type: 'add' }), '200 rolled_back', 90],
      [ADD, asked(`add-${n}`, old, 500), '200 rolled_back', 90],
      [DEDUCT, asked(`more-${n}`, now, 30), '200 completed', 60],
      // Who has the points has spent them.
      [BACK, asked(`spent-${n}`, old, 70, { type: 'add' }), '200 completed POINTS_SHORT', 60],
      [ADD, asked(`old-add-${n}`, old, 5), '200 refused MEMBER_MERGED', 60],
      [DEDUCT, asked(`old-take-${n}`, old, 5), '200 refused MEMBER_MERGED', 60],
      [BACK, asked(`never-${n}`, old, 5, { type: 'add' }), '200 void', 60],
      [ADD, asked(`new-add-${n}`, now, 5), '200 completed', 65],
      [`GET ${IN}/users/${old}`, undefined, '404 absent', 65],
      [`GET ${IN}/users/${now}`, undefined, '200', 65],
    ];
    for (const [request, body, is, left] of table) {
      t.equal(short(await partner.ask(request, body)), is, `${request} ${JSON.stringify(body)}`);
      t.same([await has(old), await has(now)], [0, left], 'nothing is with who was merged');
    }
    t.equal(await made(`old-${n}`), now, 'by its own name for him the partner learns who he is');
    // Nobody else's reversal gives to who was merged, or takes of him.
    const reversal = { id: `back-${n}`, allowDebt: true };
    const reversed = await ask(`POST /v1/accounts/giver/transfers/gift-${n}/reverse`, reversal);
    t.equal(short(reversed), '409 409 MEMBER_MERGED');
    t.match(await ask(`POST /v1/members/${old}/unmerge`, { reason: 'two', id: 'u' }), {
      body: { code: 'POINTS_SHORT' },
    });
    const parted = { reason: 'two', allowDebt: true, id: 'u2' };
    t.match(await ask(`POST /v1/members/${old}/unmerge`, parted), { status: 200 });
    t.same([await has(old), await has(now)], [490, 65 - 490]);
    t.match(
      await ask(`POST /v1/accounts/giver/transfers/gift-${n}/reverse`, {
        ...reversal,
        id: `b-${n}`,
      }),
      { status: 201 },
    );
    t.equal(await has(old), 470);
  }
  // At the very moment: whichever is first, all of it is with who has the points, or was before he had them.
  const races = Array.from({ length: RACES }, async (_, n) => {
    const [old, now] = [await made(`race-old-${n}`), await made(`race-now-${n}`)];
    await partner.ask(ADD, asked(`race-add-${n}`, old, 40));
    await partner.ask(ADD, asked(`race-keep-${n}`, old, 60));
    await partner.ask(DEDUCT, asked(`race-take-${n}`, old, 30));
    const back = (operation: string, amount: number, type: string) =>
      until(`${operation} is rolled back`, async () => {
        const answer = await partner.ask(BACK, asked(operation, old, amount, { type }));
        return answer.status === 200 && answer.body.status;
      });
    const merged = until('they are one', async () => {
      const said = { into: now, reason: 'one', id: 'm' };
      return (await ask(`POST /v1/members/${old}/merge`, said)).status === 200;
    });
    const ends = await Promise.all([
      merged,
      back(`race-take-${n}`, 30, 'deduct'),
      back(`race-add-${n}`, 40, 'add'),
    ]);
    return [ends[1], ends[2], await has(old), await has(now)].join(' ');
  });
  t.same(await Promise.all(races), Array(RACES).fill('rolled_back rolled_back 0 60'));
  const { body } = await partner.ask(
    `GET ${IN}/total_points?asset=alpha&until=${new Date(server.engine.now() + 1).toISOString()}`,
  );
  t.match(body, { added: 4 * (70 + 5) + RACES * 60, deducted: 4 * 30 });
  await server.close();
  t.same((await verifyFolder(of.folder)).problems, []);
});

t.test(
  'an exchange is under way with a partner: who gives is not merged, who gets may be',
  async (t) => {
    const { submit, told, ended, has, hasAt, partners, ask } = await outside(t, { ann: 100 });
    await tell(partners.b, 'POST', 'faults', { fault: 'busy', call: 'deduct', times: 0 });
    const way = { from: MILES, to: HERE, fromUser: 'ann-b', amount: 10, owner: 'ann' };
    const exchange = await submit({ ...way, receiver: 'bob' });
    await until('the partner cannot now', async () => (await told(exchange)).status === 'retrying');
    const merge = (owner: string, into: string) =>
      ask(`POST /v1/members/${owner}/merge`, { into, reason: 'one', id: 'm' });
    t.match(await merge('ann', 'cat'), { status: 409, body: { code: 'MEMBER_UNSETTLED' } });
    t.match(await merge('bob', 'cat'), { status: 200 });
    await tell(partners.b, 'DELETE', 'faults');
    // Whom it was for is nobody now: at once it goes back, and is not asked again for as long as it may take.
    t.match(await ended(exchange), { status: 'failed', reason: 'MEMBER_MERGED' });
    t.equal(hasAt('b', 'ann-b'), 100);
    t.same(await Promise.all([has('bob'), has('cat')]), ['0 0', '0 0']);
  },
);
