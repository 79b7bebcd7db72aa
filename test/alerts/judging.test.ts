// Which node judges what is about the whole ledger: one at a time, another one once it is silent, the one with the first shard whoever does.

import t from 'tap';
import { open } from '../../engine/index.js';
import { claimsJudging } from '../../gateway/alerts/judging.js';
import { temporaryFolder } from '../temporary.js';

const SECOND = 1_000;

t.test('the claim on judging', async (t) => {
  const ledger = await open({ folder: temporaryFolder(t), shards: 1 });
  t.teardown(() => ledger.close());
  const begun = 1_800_000_000_000;
  const claims = (node: string, seconds: number, isFirst = false): Promise<boolean> =>
    claimsJudging(ledger, { node, isFirst, now: begun + seconds * SECOND });
  t.equal(await claims('', 0), true, 'one alone writes nothing');
  t.same(await ledger.own.records({ owner: '#alerts', recordType: 'judge' }), []);
  const many = await Promise.all(['b', 'c', 'd', 'e'].map((node) => claims(node, 0)));
  t.equal(many.filter((one) => one).length, 1, 'of four that begin at once, one does');
  const [mine = ''] = ['b', 'c', 'd', 'e'].filter((_, n) => many[n]);
  const other = mine === 'b' ? 'c' : 'b';
  const rows: readonly (readonly [node: string, seconds: number, isFirst: boolean, is: boolean])[] =
    [
      [mine, 5, false, true],
      [other, 59, false, false],
      [mine, 59, false, true],
      // It was said anew, so it is not silent for long.
      [other, 118, false, false],
      [other, 119, false, true],
      [mine, 120, false, false],
      // The node with the first shard is back, and silent again.
      ['a', 121, true, true],
      [other, 122, false, false],
      ['a', 142, true, true],
      [other, 200, false, false],
      [other, 203, false, true],
      ['a', 204, true, true],
    ];
  for (const [node, seconds, isFirst, is] of rows)
    t.equal(await claims(node, seconds, isFirst), is, `${node} after ${seconds} s`);
  const taking = await Promise.all(['f', 'g', 'h'].map((node) => claims(node, 300)));
  t.equal(taking.filter((one) => one).length, 1, 'of three that take it over at once, one does');
});
