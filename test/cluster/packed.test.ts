// Packed batches of a cluster: commands of shards of other nodes are handed over as objects, those of shards here as bytes.

import t from 'tap';
import { isRefusal, type PackedOutcomes } from '../../engine/index.js';
import { ownersOf } from '../movements.js';
import { Cluster } from './harness.js';

t.test('a batch for shards of both nodes, and its repeat over the other node', async (t) => {
  const cluster = await Cluster.make(t);
  const [a, b] = await Promise.all([cluster.node('a'), cluster.node('b')]);
  await a.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const owners = ownersOf(a, 5).flat();
  const batch = a.batch();
  for (const owner of owners) batch.move(`e-${owner}`, '@issue', owner, 'gold', 10);
  owners.forEach((owner, i) => {
    batch.move(`m-${owner}`, owner, owners[(i + 7) % owners.length]!, 'gold', 1);
  });
  const bytes = batch.take();
  const told = (outcomes: PackedOutcomes) => ({
    refused: outcomes.refused,
    replayed: Array.from({ length: outcomes.length }, (_, i) => outcomes.replayed(i)),
    ids: Array.from({ length: outcomes.length }, (_, i) => outcomes.outcome(i).id),
  });
  const ids = ['e', 'm'].flatMap((kind) => owners.map((owner) => `${kind}-${owner}`));
  for (const [node, replayed] of [
    [a, false],
    [b, true],
  ] as const) {
    const outcomes = await node.submitPacked(bytes, { timeoutMs: 20_000 });
    if (isRefusal(outcomes)) throw new Error(outcomes.code);
    t.same(told(outcomes), { refused: 0, replayed: ids.map(() => replayed), ids });
  }
  for (const owner of owners) t.match(await b.balance(owner), [{ available: 10 }]);
});
