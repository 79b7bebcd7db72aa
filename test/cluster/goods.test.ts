// Goods over two nodes: what is said at either is known to both before it counts, and both show it from the same moment on; what is there already is
// shown by a node that joins.

import t from 'tap';
import { type Engine, open } from '../../engine/index.js';
import { Mall } from '../../gateway/mall/mall.js';
import { until } from '../until.js';
import { Cluster } from './harness.js';

t.setTimeout(0);

t.test('a new or changed version shows at once on both nodes', async (t) => {
  const cluster = await Cluster.make(t);
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const malls: Mall[] = [];
  t.teardown(() => Promise.all(malls.map((mall) => mall.close())));
  const node = async (name: string): Promise<Engine> => {
    const engine = await open({ ...cluster.options(name), clockOffset, tickMs: 20 });
    cluster.engines.set(name, engine);
    return engine;
  };
  const [a, b] = await Promise.all([node('a'), node('b')]);
  await a.submit({ type: 'define-asset', asset: 'points', scale: 0 });
  const say = async (through: Engine, kind: string, key: string, document?: object) => {
    const state = document === undefined ? 'retired' : 'active';
    const said = { type: 'put-definition', kind, key, state, document } as const;
    const outcome = await through.submit(said as never);
    if (!outcome.ok) throw new Error(`${kind} ${key}: ${outcome.code}`);
    return outcome.activeFrom as number;
  };
  const cup = (price: number) => ({ programme: 'shop', delivery: 'physical', price, name: '杯' });
  await say(a, 'programme', 'shop', { asset: 'points', zone: 'Asia/Shanghai' });
  const first = await say(a, 'goods', 'old', cup(1));
  for (const engine of [a, b]) {
    const mall = new Mall(engine);
    mall.start();
    malls.push(mall);
  }
  await until('both have read all', () => malls.every(({ isWhole }) => isWhole));
  const pricesAt = (key: string, time: number) =>
    malls.map(({ catalogue }) => catalogue.good(key, time)?.version.document.price);
  t.same(pricesAt('old', first - 1), [undefined, undefined]);
  t.same(pricesAt('old', first), [1, 1]);
  // Asked through either node; to be read by both within the seconds that there are before it counts.
  const begins = [await say(b, 'goods', 'new', cup(2)), await say(a, 'goods', 'old', cup(3))];
  const [newFrom = 0, oldFrom = 0] = begins;
  t.same(pricesAt('new', newFrom - 1), [undefined, undefined]);
  const shows = (key: string, time: number, price: number | undefined) =>
    until(`${key} shows on both`, () => pricesAt(key, time).every((one) => one === price));
  await shows('new', newFrom, 2);
  await shows('old', oldFrom, 3);
  t.ok(a.now() < Math.min(...begins), 'both know it before it counts');
  clock[0] = (clock[0] as number) + 11_000;
  const ends = await until('it is retired', () => say(b, 'goods', 'new').catch(() => false));
  t.same(pricesAt('new', Number(ends) - 1), [2, 2]);
  await shows('new', Number(ends), undefined);
  // The first shard is away: what is known is told all the same.
  await cluster.stop('a');
  t.equal(malls[1]?.catalogue.good('old', Number(ends))?.version.document.price, 3);
});
