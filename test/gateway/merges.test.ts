// Members merged over HTTP, by the client and by the command line: points, what limits count, identities, who may; and parted again.

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { verifyFolder } from '../../engine/index.js';
import { announceServer } from '../../gateway/cli/running.js';
import { connect } from '../../gateway/client/node.js';
import { ROOT } from '../setup.js';
import { until } from '../until.js';
import { operator } from './callers.js';
import { bash, valuesIn } from './printed.js';
import { PROGRAM, run } from './program.js';
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
  // The feed tells others of it, once each.
  const logs = await Promise.all([0, 1].map((shard) => ask(`GET /v1/shards/${shard}/log`)));
  const told = logs.flatMap(({ text }) => text.match(/"type":"member\.(un)?merged"/g) ?? []);
  const [merged, parted] = ['member.merged', 'member.unmerged'].map((type) => `"type":"${type}"`);
  t.same(told.sort(), [merged, merged, parted, parted]);
  await server.close();
  t.same((await verifyFolder(folder, { why: true })).problems, []);
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

const page = readFileSync(join(ROOT, 'ops/docs/merge.md'), 'utf8');
const script = [...page.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block]) => block).join('');
const hasCurl = spawnSync('curl', ['--version']).status === 0;

t.test('the tutorial', { skip: hasCurl ? false : 'there is no curl here' }, async (t) => {
  const { server, folder } = await shop(t, [], 2);
  await announceServer(folder, server.address);
  const text = script
    .replaceAll('http://127.0.0.1:8080', server.address)
    .replaceAll('jifen-data', folder)
    .replace(/npx jifen (\w+ \w+)/g, `"${process.execPath}" "${PROGRAM}" $1 --folder "${folder}"`);
  const { code, out, err } = await bash(text);
  t.equal(code, 0, err);
  // What `platform add` says is for people.
  const [, ...values] = valuesIn(out.slice(out.indexOf('\n{"') + 1).trim());
  const events = values.splice(0, 8);
  for (const one of events) t.match(one, { act: { effects: [{}] } });
  const paid = (n: number): string => JSON.stringify(values[n]?.act?.effects ?? []);
  const [before, , , after] = values;
  const of = (shown: any, n: number): number => shown.balances[n].accounts[0]?.available ?? 0;
  t.match(values[1], { dryRun: true, act: { effects: [{ type: 'memberMerged', into: 'new' }] } });
  t.match(values[2], { id: 'm-1', act: { effects: [{ type: 'memberMerged' }] } });
  t.same([of(after, 0), of(after, 1)], [0, of(before, 0) + of(before, 1)]);
  t.notMatch(paid(4), /shop\.REVIEW"/, 'six of five');
  t.match(values[5], { code: 'MEMBER_MERGED', detail: 'old was merged into new: ask for new.' });
  t.match(values[6], { identity: 'new' });
  t.match(values[7], { id: 't-1' });
  t.match(values[8], { act: { effects: [{ type: 'memberUnmerged', into: 'new' }] } });
  t.same([of(values[9], 0), of(values[9], 1)], [of(before, 0), of(before, 1) - 5]);
  t.match(paid(10), /shop\.REVIEW"/, 'the fourth');
  t.match(values[11], { owner: 'old', from: [] });
  t.notOk('merged' in values[11]);
});
