// Whose an id is, over nodes: what is asked of another node's shard is named as on one's own, also where its answer was lost.

import t from 'tap';
import { type Command, type Engine, OPERATIONS } from '../../engine/index.js';
import { Random } from '../random.js';
import { Cluster } from './harness.js';

const CALLERS = ['shop', 'mall', undefined] as const;

t.test('the same ids of several, asked of both nodes', async (t) => {
  const cluster = await Cluster.make(t);
  const engines = await Promise.all([cluster.node('a'), cluster.node('b')]);
  const [a] = engines as [Engine, Engine];
  for (const asset of ['gold', 'tin']) await a.submit({ type: 'define-asset', asset, scale: 0 });
  const random = new Random(5);
  const rights = CALLERS.map((scope) => ({
    ...{ operations: new Set(OPERATIONS), scope },
    ...(scope === undefined ? {} : { assets: new Set(['gold']) }),
  }));
  const USERS = Array.from({ length: 6 }, (_, n) => `u${n}`);
  const commands: Command[] = USERS.flatMap((owner, n): Command[] => {
    const to = USERS[(n + 1) % USERS.length]!;
    const leg = (from: string, amount: number) => ({ from, to: owner, asset: 'gold', amount });
    const given = [{ ...leg(owner, 2), from: owner, to }];
    return [
      { type: 'transfer', id: 'fund', legs: [leg('@issue', 100)] },
      { type: 'transfer', id: 'give', legs: given },
      { type: 'hold', id: 'hold', owner, asset: 'gold', amount: 10 },
      { type: 'capture', id: 'take', owner, holdId: 'hold', to, amount: 3 },
      { type: 'reverse', id: 'undo', owner, transferId: 'give' },
    ];
  });
  const of = (n: number) => random.pick(engines).as(rights[n]!);
  for (const n of rights.keys())
    for (const command of commands) {
      if (command.type === 'define-asset' || command.type === 'put-definition') continue;
      const { id } = command;
      const tried = await of(n).submit(command, { dryRun: true });
      t.match(
        tried,
        { ok: true, replayed: false, id },
        `${CALLERS[n]} ${id} ${tried.ok ? '' : tried.code}`,
      );
      t.match(await of(n).submit(command), { ok: true, replayed: false, id });
      t.match(await of(n).submit(command), { ok: true, replayed: true, id });
    }
  for (const n of rights.keys()) {
    for (const owner of USERS) {
      t.match(await of(n).hold(owner, 'hold'), { id: 'hold', remaining: 7 });
      t.match(await of(n).transfer(owner, 'undo'), {
        ...{ command: { id: 'undo', transferId: 'give' }, outcome: { ok: true, id: 'undo' } },
      });
      const page = await of(n).entries({ owner, asset: 'gold', limit: 100 });
      if (!page.ok) throw new Error(page.code);
      const ids = page.entries.flatMap(({ id = '' }) => (id.includes('fund') ? [id] : []));
      const all = [',fund', 'mall,fund', 'shop,fund'];
      const named = { shop: [all[0], all[1], 'fund'], mall: [all[0], 'fund', all[2]] };
      const whose = CALLERS[n];
      t.same(ids, whose === undefined ? ['fund', all[1], all[2]] : named[whose]);
    }
    const again = commands.map((command) => ({ ...command }));
    const outcomes = await of(n).submitBatch(again);
    t.ok(outcomes.every(({ ok, replayed }) => ok && replayed));
    // One shard's, all or none.
    const [first, ...others] = again.filter((one) => 'owner' in one && one.type === 'hold');
    t.match(await of(n).submitBatch([first!], { atomic: true }), [{ ok: true, replayed: true }]);
    t.ok(others.length > 0);
  }
  await cluster.verify(t);
});
