// What the ledger keeps for the program around it: on any node, over a restart, out of callers' reach.

import t from 'tap';
import { Cluster } from './harness.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const put = (owner: string, key: string, text: string, more: object = {}) =>
  ({ type: 'put-record', owner, recordType: 'kind', key, value: bytes(text), ...more }) as const;

t.test('records of engine-owned owners', async (t) => {
  const cluster = await Cluster.make(t);
  const [a, b] = await Promise.all([cluster.node('a'), cluster.node('b')]);
  const owners = ['#platforms', '#keys', '#mapping:1', '#mapping:2', '#mapping:3', 'ann', 'bob'];
  for (const [i, owner] of owners.entries()) {
    const [one, other] = i % 2 === 0 ? [a, b] : [b, a];
    for (const key of ['k2', 'k1', 'k3'])
      t.match(await one.own.submit(put(owner, key, key, { ifVersion: 0 })), { ok: true });
    t.match(await other.own.submit(put(owner, 'k1', 'x', { ifVersion: 0 })), {
      code: 'RECORD_VERSION_MISMATCH',
    });
    t.match(await other.own.record(owner, 'kind', 'k1'), { owner, key: 'k1', value: bytes('k1') });
    const list = async (more: object) => {
      const found = await other.own.records({ owner, recordType: 'kind', ...more });
      return Array.isArray(found) ? found.map(({ key }) => key) : found;
    };
    t.same(await list({}), ['k1', 'k2', 'k3']);
    t.same(await list({ after: 'k1', limit: 1 }), ['k2']);
    t.same(await list({ recordType: 'other' }), []);
    t.match(await list({ limit: 0 }), { code: 'QUERY_INVALID' });
  }
  for (const engine of [a, b]) {
    t.match(await engine.submit(put('#keys', 'k1', 'mine')), { code: 'OWNER_RESERVED' });
    t.match(await engine.record('#keys', 'kind', 'k1'), { code: 'OWNER_RESERVED' });
    t.match(await engine.balance('#keys'), { code: 'OWNER_RESERVED' });
    t.match(await engine.own.submit(put('#a b', 'k', 'x')), { code: 'OWNER_RESERVED' });
  }
  await cluster.stop('a');
  await cluster.stop('b');
  const again = await Promise.all([cluster.node('a'), cluster.node('b')]);
  for (const engine of again)
    for (const owner of owners)
      t.match(await engine.own.record(owner, 'kind', 'k3'), { value: bytes('k3') });
  await cluster.verify(t);
});
