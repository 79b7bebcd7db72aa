// Members merged over HTTP, by the client and by the command line: points, what limits count, identities, who may; and parted again.

import t from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { announceServer } from '../../gateway/cli/running.js';
import { connect } from '../../gateway/client/node.js';
import { until } from '../until.js';
import { operator } from './callers.js';
import { run } from './program.js';
import { shop } from './shop.js';

const SIGN_IN = { programme: 'shop', type: 'SIGN' };

t.test('two members become one, and two again', async (t) => {
  const served = await shop(t, [], 2);
  const { ask, key, server, folder } = served;
  const client = connect({ url: server.address, key });
  t.teardown(() => client.close());
  const available = async (owner: string): Promise<number> => {
    const { body } = await ask(`GET /v1/accounts/${owner}`);
    return body.accounts?.[0]?.available ?? 0;
  };
  const event = (owner: string, id: string) => ask('POST /v1/events', { ...SIGN_IN, owner, id });
  const first = await event('ann', 'e1');
  t.match(first, { status: 201 });
  const each = await available('ann');
  t.ok(each > 0);
  t.match(await event('bob', 'e1'), { status: 201 });
  for (const [user, identity] of [
    ['u-1', 'ann'],
    ['u-2', 'bob'],
  ])
    t.match(await ask(`POST /v1/platforms/app/users/${user}`, { identity }), { status: 201 });
  const said = { into: 'bob', reason: 'the same person', id: 'm1' };
  t.match(await ask('POST /v1/members/ann/merge?dryRun=true', said), { status: 200 });
  t.match(await ask('POST /v1/members/ann/merge', said), {
    status: 200,
    body: { act: { effects: [{ type: 'memberMerged', into: 'bob' }] } },
  });
  t.match(await ask('POST /v1/members/ann/merge', said), { body: { replayed: true } });
  t.equal(await available('ann'), 0);
  t.equal(await available('bob'), 2 * each);
  await until('what is kept has come over', async () => {
    const { body } = await ask('GET /v1/members/bob/merge');
    return body.from?.length === 1;
  });
  const state = await client.members.mergeState('ann');
  t.match(state, {
    owner: 'ann',
    merged: { into: 'bob', now: 'bob', reason: said.reason },
    from: [],
  });
  t.match((await ask('GET /v1/members/ann?programme=shop')).body, { mergedInto: 'bob' });
  // The old name is refused, and says who it is; both have signed in today.
  const old = await event('ann', 'e2');
  t.match(old, {
    status: 409,
    body: { code: 'MEMBER_MERGED', field: 'owner', detail: /bob/ },
  });
  const legs = [{ from: '@issue', to: 'ann', asset: 'points', amount: 5 }];
  t.match(await ask('POST /v1/transfers', { id: 't', legs }), { body: { code: 'MEMBER_MERGED' } });
  t.match(await ask('POST /v1/acts/event', { owner: 'ann', id: 'x', body: SIGN_IN }), {
    body: { code: 'MEMBER_MERGED' },
  });
  t.match(await client.events([{ ...SIGN_IN, owner: 'ann', id: 'y' }]), [
    { code: 'MEMBER_MERGED' },
  ]);
  // Entries of before are under the old name; users of platforms who were it are the other one.
  const entries = (await ask('GET /v1/accounts/ann/entries?asset=points')).body.entries;
  t.match(entries.at(-1), { id: 'e1', delta: each });
  t.match((await ask('GET /v1/platforms/app/users/u-1')).body, { identity: 'bob' });
  t.match((await ask('GET /v1/users/bob')).body.mappings, { length: 2 });
  t.same((await ask('GET /v1/users/ann')).body.mappings, []);
  await announceServer(folder, server.address);
  const cli = async (...args: string[]) => {
    const { code, out } = await run(folder, 'member', ...args, '--folder', folder);
    return [code, out === '' ? undefined : JSON.parse(out)] as const;
  };
  t.match(await cli('show', 'bob'), [0, { from: [{ owner: 'ann' }] }]);
  t.match(await cli('unmerge', 'ann', '--reason', 'they are two'), [
    0,
    { act: { effects: [{ type: 'memberUnmerged', into: 'bob' }] } },
  ]);
  t.equal(await available('ann'), each);
  t.equal(await available('bob'), each);
  await until('what was kept is back', async () => {
    const { body } = await ask('GET /v1/members/bob/merge');
    return body.from?.length === 0;
  });
  t.match((await ask('GET /v1/platforms/app/users/u-1')).body, { identity: 'ann' });
  t.match((await ask('GET /v1/users/ann')).body.mappings, { length: 1 });
  // Once more, and back by the client.
  t.match(await cli('merge', 'ann', 'bob', '--reason', 'one after all', '--days', '2'), [0, {}]);
  await until('it can be undone', async () => {
    const outcome = await client.members.unmerge('ann', { reason: 'no' });
    return outcome.ok;
  });
  t.match(await client.members.unmerge('ann', { reason: 'no' }), { code: 'MERGE_NOT_FOUND' });
  await server.close();
  t.same((await verifyFolder(folder)).problems, []);
});

t.test('who may merge', async (t) => {
  const served = await shop(t);
  const { ask } = served;
  const merge = (headers: Record<string, string>) =>
    ask('POST /v1/members/ann/merge', { into: 'bob', reason: 'x' }, headers);
  for (const operations of [['admin', 'adjust', 'transfer'], ['read']])
    t.match(await merge(await operator(served, operations as never)), {
      status: 403,
      body: { code: 'OPERATION_FORBIDDEN' },
    });
  // It concerns all of a member: whoever is restricted to something may not, whatever the way.
  const restricted = await operator(served, ['merge'], { owner: 'ann' });
  t.match(await merge(restricted), { status: 403, body: { code: 'OWNER_FORBIDDEN' } });
  const narrow = await operator(served, ['merge'], { assets: ['points'] });
  t.match(await merge(narrow), { status: 403, body: { code: 'ASSET_FORBIDDEN' } });
  const act = { owner: 'ann', body: { into: 'bob', reason: 'x' } };
  t.match(await ask('POST /v1/acts/merge', act, narrow), { body: { code: 'ASSET_FORBIDDEN' } });
  t.match(await merge(await operator(served, ['merge'])), { status: 200 });
});
