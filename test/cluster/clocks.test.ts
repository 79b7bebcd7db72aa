// Nodes compare their clocks: one that differs is named before transfers come late (cluster.K1).

import t from 'tap';
import { differenceOf, judgeClocks } from '../../engine/cluster/clocks.js';
import { startServer } from '../../gateway/serve.js';
import { Cluster } from './harness.js';

t.test('two nodes, one of them ahead', async (t) => {
  const cluster = await Cluster.make(t);
  const clockOffset = new SharedArrayBuffer(8);
  const ahead = (ms: number): void => {
    new Float64Array(clockOffset)[0] = ms;
  };
  ahead(15_000);
  const limits = { claimMs: 200 };
  const engineOf = (node: string) => ({ ...cluster.options(node), clockOffset });
  const a = await startServer({ port: 0, engine: cluster.options('a'), limits });
  const b = await startServer({ port: 0, engine: engineOf('b'), limits });
  t.teardown(async () => {
    await a.close();
    await b.close();
  });
  const ask = async (address: string, path: string) => {
    const headers = { Authorization: `Bearer ${a.adminKey.key}` };
    const response = await fetch(`${address}${path}`, { headers });
    const text = await response.text();
    return { status: response.status, text };
  };
  const until = async (address: string, path: string, wanted: RegExp): Promise<string> => {
    let last = '';
    for (let tries = 0; tries < 100; tries++) {
      last = (await ask(address, path)).text;
      if (wanted.test(last)) break;
      await new Promise((next) => setTimeout(next, 50));
    }
    t.match(last, wanted);
    return last;
  };
  await until(a.address, '/readyz', /the clock of node b is 1[45]\.\d s ahead of the one here/);
  await until(b.address, '/readyz', /the clock of node a is 1[45]\.\d s behind the one here/);
  const down = /"clock":\{"status":"down","detail":"the clock of node b is 1[45]\.\d s ahead of/;
  await until(a.address, '/health', down);
  await until(a.address, '/metrics', /jifen_node_clock_difference_seconds\{node="b"\} 1[45]\.\d+/);
  ahead(3_000);
  await until(a.address, '/health', /"clock":\{"status":"warning","detail":"the clock of node b/);
  t.notMatch((await ask(a.address, '/readyz')).text, /clock/, 'it is told, and no reason to stop');
  ahead(0);
  await until(a.address, '/health', /"clock":\{"status":"ok"\}/);
});

t.test('a difference is told as far as it is certain', async (t) => {
  t.equal(differenceOf(1_000, 1_000, 1_400), 0);
  t.equal(differenceOf(1_200, 1_000, 1_400), 0, 'an answer that took long is no difference');
  t.equal(differenceOf(900, 1_000, 1_400), -100);
  t.equal(differenceOf(1_500, 1_000, 1_400), 100);
});

t.test('one wrong clock of many does not stop the others', async (t) => {
  const judged = (...clocks: number[]) =>
    judgeClocks(new Map(clocks.map((ms, n) => [`n${n}`, ms])), 2_000, 5_000);
  t.match(judged(9_000), { faults: [/n0 is 9\.0 s ahead/], warnings: [] });
  t.match(judged(0, 0, -9_000), { faults: [], warnings: [/n2 is 9\.0 s behind/] });
  t.equal(judged(-9_000, -9_100, -9_000).faults.length, 3, 'the one that all others differ from');
  t.match(judged(3_000, 0), { faults: [], warnings: [/n0/] });
  t.same(judged(2_000, -2_000, 0), { faults: [], warnings: [] });
});
