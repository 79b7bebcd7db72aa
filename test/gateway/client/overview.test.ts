// Looking things up and operators through the client: what a script asks that stands in for somebody at the console.

import t from 'tap';
import { ClientError, connect } from '../../../gateway/client/node.js';
import { until } from '../../until.js';
import { shop } from '../shop.js';

t.test('what is in the ledger, what waits, and who runs it', async (t) => {
  const correction = { asset: 'points', mostUp: 500, mostDown: 500, secondFrom: 100, name: 'desk' };
  const served = await shop(t, [['correction/desk', correction]], 2);
  const client = connect({ url: served.server.address, key: served.key });
  t.teardown(() => client.close());
  const { overview, operators } = client;
  for (const owner of ['mei', 'max', 'tom'])
    await client.submit({
      type: 'transfer',
      id: `T-${owner}`,
      legs: [{ from: '@issue', to: owner, asset: 'points', amount: 5 }],
    });

  const [first, second] = await until('the register has them', async () => {
    const page = await overview.members({ prefix: 'm', limit: 1 });
    if (page.behind > 0 || page.cursor === undefined) return false;
    return [page, await overview.members({ prefix: 'm', limit: 1, cursor: page.cursor })];
  });
  t.match(first?.members, [{ owner: 'max', accounts: [{ asset: 'points', available: 5 }] }]);
  t.match(second?.members, [{ owner: 'mei' }]);
  t.match(await overview.search('mei', { limit: 5 }), {
    results: [{ type: 'member', match: 'exact', owner: 'mei' }],
  });
  t.match((await overview.search('T-tom')).results, [{ type: 'transfer', owner: 'tom' }]);
  t.match(await overview.timeline('mei', { limit: 1 }), {
    owner: 'mei',
    items: [{ type: 'command', id: 'T-mei', outcome: 'ok', entries: [{ delta: 5 }] }],
  });
  await t.rejects(overview.timeline('mei', { cursor: 'no' }), ClientError);

  const adjusted = await served.ask('POST /v1/acts/adjust', {
    owner: 'mei',
    body: { correction: 'desk', give: 150, reason: 'lost', operator: 'ann', case: 'C-1' },
  });
  t.ok(adjusted.status < 300, adjusted.text);
  t.match((await overview.approvals({ type: 'adjustment' })).approvals, [
    { type: 'adjustment', owner: 'mei', give: 150, reason: 'lost' },
  ]);
  t.same((await overview.approvals({ type: 'definition' })).approvals, []);
  t.match(await overview.status(), { ready: true, shards: [{ shard: 0 }, { shard: 1 }] });

  await operators.putRole('desk', { operations: ['read', 'view'], ifVersion: 0 });
  const invited = await operators.add('mia', { name: 'Mia', roles: ['desk'] });
  t.match(invited, { operator: 'mia', hasPassword: false, invitation: /\/console\/invitation#/ });
  t.match(await operators.invite('mia'), { operator: 'mia', invitation: /#/ });
  const { version } = await operators.get('mia');
  t.match(await operators.change('mia', { roles: ['support'], ifVersion: version }), {
    name: 'Mia',
    roles: ['support'],
  });
  await t.rejects(operators.change('mia', { name: 'M', ifVersion: version }), /CHANGED_MEANWHILE/);
  t.match(await operators.signOut('mia'), { operator: 'mia' });
  t.match((await operators.list()).operators, [{ operator: 'mia' }]);
  await operators.removeRole('desk');
  t.ok((await operators.roles()).roles.every(({ builtIn }) => builtIn));
  await operators.remove('mia');
  await t.rejects(operators.get('mia'), /OPERATOR_NOT_FOUND/);
});
