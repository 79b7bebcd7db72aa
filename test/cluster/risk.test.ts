// Risks over two nodes: members of both at one address, one after the other, are counted together, and each node marks those of its own that are new to it.

import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { type Engine, open } from '../../engine/index.js';
import { asShop, marksOf, movement } from '../risk/marking.js';
import { SAMPLE_RULES } from '../risk/month.js';
import { until } from '../until.js';
import { Cluster } from './harness.js';

const MEMBERS = 24;

t.test('an address that members of two nodes share', async (t) => {
  const cluster = await Cluster.make(t);
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const node = async (name: string): Promise<Engine> => {
    const engine = await open({ ...cluster.options(name), clockOffset, tickMs: 20 });
    cluster.engines.set(name, engine);
    return engine;
  };
  const nodes = await Promise.all([node('a'), node('b')]);
  const [a, b] = nodes as [Engine, Engine];
  await a.submit({ type: 'define-asset', asset: 'points', scale: 0 });
  for (const key of ['ip-multi-account', 'device-sharing'] as const) {
    const document = SAMPLE_RULES[key];
    const said = { type: 'put-definition', kind: 'risk-rule', key, state: 'active', document };
    t.match(await a.submit(said as never), { ok: true });
  }
  for (const engine of nodes)
    await until('the rules are known', async () => (await engine.stats()).risk?.signals === 2);
  for (let i = 0; i < 3; i++) {
    clock[0] = 4_000 * (i + 1);
    await sleep(1_200);
  }
  const members = Array.from({ length: MEMBERS }, (_, n) => `m${n}`);
  const [here, there] = [a, b].map((engine) =>
    members.filter((one) => engine.shardsHere.includes(engine.shardOf(one))),
  ) as [string[], string[]];
  const seen = (owner: string, id: string, audit: object) =>
    asShop(a).submit(movement(id, '@issue', owner), { audit });
  // Three of each node: neither alone has more than five. Which of the two counts follows from the address.
  for (const n of [0, 1, 2, 3]) {
    const audit = { memberAddress: `198.51.100.${n}` };
    const some = [...here.slice(0, 3), ...there.slice(0, 3)];
    for (const owner of some) t.match(await seen(owner, `a${n}`, audit), { ok: true });
  }
  const device = { device: 'one-for-all' };
  const shared = [...here.slice(3, 5), ...there.slice(3, 5)];
  for (const owner of shared) t.match(await seen(owner, 'd', device), { ok: true });
  for (const owner of [...here.slice(0, 3), ...there.slice(0, 3)])
    await until(`${owner} is marked`, async () => {
      const [mark] = await marksOf(b, owner);
      return mark?.reason === 'IP_MULTI_ACCOUNT';
    });
  for (const owner of shared)
    await until(`${owner} is marked`, async () => {
      const [mark] = await marksOf(a, owner);
      return mark?.reason === 'DEVICE_SHARING';
    });
  for (const owner of [...here.slice(5), ...there.slice(5)])
    t.strictSame(await marksOf(a, owner), [], owner);
});
