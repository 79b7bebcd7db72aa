// cluster.json: every fault is found, and names its field.

import t from 'tap';
import { ClusterError, readCluster, readShards, shardsOf, shardsText } from '../../engine/index.js';

const SOUND = {
  name: 'points',
  shards: 8,
  nodes: { a: { shards: '0-3,6' }, 'b-2': { shards: '7, 4-5' } },
};

t.test('a sound one', async (t) => {
  const cluster = readCluster(JSON.stringify(SOUND));
  t.equal(cluster.name, 'points');
  t.same(
    [...cluster.nodes],
    [
      ['a', [0, 1, 2, 3, 6]],
      ['b-2', [4, 5, 7]],
    ],
  );
  t.equal(shardsText([0, 1, 2, 3, 6]), '0-3,6');
  t.same(readShards(shardsText([0, 2, 3, 7]), 8, 'shards'), [0, 2, 3, 7]);
  const { name: _, ...unnamed } = SOUND;
  t.equal(readCluster(JSON.stringify(unnamed)).name, 'jifen');
  t.throws(() => shardsOf(cluster, 'c'), { field: 'node', message: /there are: a, b-2/ });
});

const faults: readonly [object | string, string, RegExp][] = [
  ['{', 'cluster', /not JSON/],
  ['[]', 'cluster', /must be a JSON object/],
  [{ ...SOUND, port: 1 }, 'port', /not a field here/],
  [{ ...SOUND, name: 'a.b' }, 'name', /1 to 32 characters/],
  [{ ...SOUND, name: 7 }, 'name', /characters/],
  [{ ...SOUND, shards: 0 }, 'shards', /from 1 to 256/],
  [{ ...SOUND, shards: '8' }, 'shards', /whole number/],
  [{ ...SOUND, shards: 257 }, 'shards', /whole number/],
  [{ ...SOUND, shards: 9 }, 'nodes', /no node has shard 8/],
  [{ ...SOUND, shards: 7 }, 'nodes.b-2.shards', /no shard 7 of 7/],
  [{ ...SOUND, nodes: {} }, 'nodes', /1 to 64 nodes/],
  [{ ...SOUND, nodes: [] }, 'nodes', /JSON object/],
  [{ ...SOUND, nodes: { 'a b': { shards: '0-7' } } }, 'nodes.a b', /characters/],
  [{ ...SOUND, nodes: { a: '0-7' } }, 'nodes.a', /JSON object/],
  [{ ...SOUND, nodes: { a: { shards: '0-7', host: 'x' } } }, 'nodes.a.host', /not a field/],
  [{ ...SOUND, nodes: { a: {} } }, 'nodes.a.shards', /must be text/],
  [{ ...SOUND, nodes: { a: { shards: [0] } } }, 'nodes.a.shards', /must be text/],
  [{ ...SOUND, nodes: { a: { shards: '0-' } } }, 'nodes.a.shards', /"0-" is no shard/],
  [{ ...SOUND, nodes: { a: { shards: '3-0' } } }, 'nodes.a.shards', /no shard or range/],
  [{ ...SOUND, nodes: { a: { shards: '0-7,3' } } }, 'nodes.a.shards', /shard 3 stands there twice/],
  [
    { ...SOUND, nodes: { a: { shards: '0-4' }, b: { shards: '4-7' } } },
    'nodes.b.shards',
    /shard 4 is node a's already/,
  ],
];

t.test('faults', async (t) => {
  for (const [given, field, what] of faults) {
    const text = typeof given === 'string' ? given : JSON.stringify(given);
    try {
      readCluster(text);
      t.fail(text);
    } catch (error) {
      t.ok(error instanceof ClusterError, text);
      t.equal((error as ClusterError).field, field);
      t.match((error as ClusterError).message, what);
    }
  }
});
