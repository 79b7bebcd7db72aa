// Members of a programme, reported and asked for at either node, wherever they live.

import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { type Command, type Engine, open, sampleProgramme } from '../../engine/index.js';
import { until } from '../until.js';
import { Cluster } from './harness.js';

t.test('what a member is told is the same at both nodes', async (t) => {
  const cluster = await Cluster.make(t);
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const node = async (name: string): Promise<Engine> => {
    const engine = await open({ ...cluster.options(name), clockOffset });
    cluster.engines.set(name, engine);
    return engine;
  };
  const [a, b] = await Promise.all([node('a'), node('b')]);
  await a.submit({ type: 'define-asset', asset: 'points', scale: 0 });
  for (const { kind, key, document } of sampleProgramme('shop', 'points')) {
    const said = { type: 'put-definition', kind, key, state: 'active', document } as Command;
    t.match(await b.submit(said), { ok: true });
  }
  // In two steps: further than shards know of at once, they would decide nothing until they have asked.
  clock[0] = 6_000;
  await sleep(1_500);
  clock[0] = 11_000;
  const owners = Array.from({ length: 12 }, (_, n) => `u${n}`);
  await until('all shards decide', async () => {
    const found = await Promise.all(owners.map((owner) => b.member(owner, 'shop')));
    return found.every((one) => 'tasks' in one && one.tasks.length === 3);
  });
  const body = { programme: 'shop', type: 'CONSUME', attributes: { amount: 1_200 } };
  for (const [n, owner] of owners.entries()) {
    const event = { type: 'act', act: 'event', id: 'e1', owner, body } as Command;
    t.match(await (n % 2 === 0 ? a : b).submit(event), { ok: true }, owner);
    const [here, there] = await Promise.all([a.member(owner, 'shop'), b.member(owner, 'shop')]);
    t.match(here, { owner, tier: 'shop.silver', progress: 1_250, percent: 25 });
    t.match({ ...there, time: 0 }, { ...here, time: 0 });
  }
  t.match(await a.member('u1', 'none'), { code: 'DEFINITION_NOT_FOUND' });
  t.match(await b.member('u0', 'a b'), { code: 'DEFINITION_KEY_INVALID', field: 'programme' });
  const narrow = b.as({ operations: new Set(['read']), assets: new Set(['tin']) });
  for (const owner of owners)
    t.match(await narrow.member(owner, 'shop'), { code: 'ASSET_FORBIDDEN', field: 'asset' });
  await cluster.verify(t);
});
