// Receipts of two nodes: whichever is asked tells the same of all shards; what one signs only its own node signs; what comes from outside is judged.

import t from 'tap';
import { isRefusal, open } from '../../engine/index.js';
import { isIncluded, leafOf, rootOfCover } from '../receipts/rfc9162.js';
import { until } from '../until.js';
import { Cluster } from './harness.js';

/** Asked again while a node does not answer in time: the machine may be at its limit. */
const answered = <T extends object>(ask: () => Promise<T | undefined>): Promise<T | undefined> =>
  until('the nodes answer', async () => {
    const found = await ask();
    const isLate = found !== undefined && isRefusal(found) && found.code === 'SHARD_UNAVAILABLE';
    return !isLate && found;
  });
const ok = async <T extends object>(
  ask: () => Promise<T | undefined>,
): Promise<Exclude<T, { ok: false }>> => {
  const found = await answered(ask);
  if (found === undefined) throw new Error('nothing');
  if (isRefusal(found)) throw new Error(`${found.code} ${found.field}`);
  return found as Exclude<T, { ok: false }>;
};
const codeOf = async (ask: () => Promise<object | undefined>): Promise<string | undefined> => {
  const found = await answered(ask);
  return found !== undefined && isRefusal(found) ? found.code : undefined;
};
const bytes = (text: string): Buffer => Buffer.from(text, 'base64');

t.test('receipts over two nodes', async (t) => {
  const cluster = await Cluster.make(t);
  const node = async (name: string, receipts: boolean) => {
    const engine = await open({ ...cluster.options(name), receipts });
    cluster.engines.set(name, engine);
    return engine;
  };
  const [a, b] = await Promise.all([node('a', true), node('b', true)]);
  await ok(() => a.submit({ type: 'define-asset', asset: 'gold', scale: 0 }));
  const owners = Array.from({ length: 12 }, (_, i) => `m${i}`);
  for (const [i, owner] of owners.entries()) {
    const legs = [{ from: '@issue', to: owner, asset: 'gold', amount: 10 + i }];
    await ok(() => a.submit({ type: 'transfer', id: 'earn', legs }));
    const to = owners[(i + 1) % owners.length] as string;
    const move = { from: owner, to, asset: 'gold', amount: 1 };
    await ok(() => b.submit({ type: 'transfer', id: 'give', legs: [move] }));
  }
  const told = await until('both tell the same', async () => {
    const [one, other] = await Promise.all([
      ok(() => a.receipts.heads()),
      ok(() => b.receipts.heads()),
    ]);
    return JSON.stringify(one) === JSON.stringify(other) && one;
  });
  t.same(
    told.heads.map(({ shard }) => shard),
    [0, 1, 2, 3],
  );
  const here = await ok(() => b.receipts.heads('here'));
  t.same(
    here.heads.map(({ shard }) => shard),
    [1, 3],
  );
  for (const owner of owners)
    for (const engine of [a, b]) {
      const receipt = await ok(() => engine.receipts.receipt({ owner, id: 'give' }));
      t.equal(receipt.entries.length, 1, owner);
      for (const { leaf, text, proof } of receipt.entries) {
        const { size, root } = receipt;
        t.ok(isIncluded(leaf, leafOf(text), size, proof.map(bytes), bytes(root)));
        t.match(JSON.parse(text), { owner, home: owner, id: 'give', delta: -1 });
      }
      const account = await ok(() => engine.receipts.account({ owner, asset: 'gold' }));
      const leaves = account.entries.map(({ leaf, text }) => [leaf, leafOf(text)] as const);
      const given = rootOfCover(leaves, account.size, account.proof.map(bytes));
      t.ok(given && bytes(account.root).equals(given), `${owner} of ${account.version} entries`);
      const others = owners.filter((one) => one !== owner).map((one) => `"${one}"`);
      for (const { text } of account.entries)
        t.notOk(
          others.some((one) => text.includes(one)),
          'it names nobody else',
        );
    }
  const [head] = told.heads;
  const { size, root } = head as { size: number; root: string };
  t.equal(await codeOf(() => b.receipts.sign(0, size, root, '')), 'SHARD_ELSEWHERE');
  t.equal((await ok(() => a.receipts.sign(0, size, root, 'note'))).size, size);
  t.equal(
    (await ok(() => b.receipts.heads())).heads[0]?.signed?.note,
    'note',
    'all tell what is signed',
  );
  t.equal(await codeOf(() => b.receipts.root(0, size + 1_000)), 'RECEIPT_EARLY');
  t.equal((await ok(() => b.receipts.consistency(0, 1, size))).root, root);
  t.equal(await answered(() => b.receipts.receipt({ owner: 'm0', id: 'never' })), undefined);
  const member = (engine: typeof a) =>
    engine.as({ operations: new Set(['read']), owner: 'm1' }).receipts;
  for (const owner of ['m2', 'm3', 'm4', 'm5'])
    t.equal(await codeOf(() => member(a).receipt({ owner, id: 'give' })), 'OWNER_FORBIDDEN');

  await cluster.stop('b');
  const off = await node('b', false);
  t.equal(await codeOf(() => off.receipts.heads()), 'RECEIPTS_OFF');
  const all = () => codeOf(() => a.receipts.heads());
  await until('the other one has none', async () => (await all()) === 'RECEIPTS_OFF');
  t.equal((await ok(() => a.receipts.heads('here'))).heads.length, 2);
});
