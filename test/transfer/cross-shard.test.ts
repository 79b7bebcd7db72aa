// Transfers between shards through the public API, over the local bus, on real folders (engine/transfer).

import t from 'tap';
import { type Balance, type Command, open, verifyFolder } from '../../engine/index.js';
import { DAY_MS } from '../../engine/limits.js';
import { available, leg, move, ownersOf, said } from '../movements.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { DAY, SHARDS, withEngine } from './harness.js';

t.test('points go from shard to shard, once', (t) =>
  withEngine(t, async (engine, [[ann = ''] = [], [bob = ''] = [], [eve = ''] = []]) => {
    await engine.submit(move('earn', leg('@issue', ann, 100)));
    const first = await engine.submit(move('gift', leg(ann, bob, 30)));
    t.equal(said(first), `${ann} -30 70`);
    const again = await engine.submit(move('gift', leg(ann, bob, 30)));
    t.ok(again.ok && again.replayed, 'a repeat finds the first outcome');
    t.equal(said(again), said(first));
    t.equal(said(await engine.submit(move('gift', leg(ann, bob, 31)))), 'ID_REUSED');
    t.equal(said(await engine.submit(move('much', leg(ann, bob, 71)))), 'POINTS_SHORT');
    t.equal(
      said(await engine.submit(move('three', leg(ann, bob, 10), leg(bob, eve, 30)))),
      `${ann} -10 60`,
    );
    const none = await engine.submit(move('none', leg(ann, bob, 1), leg(eve, ann, 31)));
    t.equal(said(none), 'POINTS_SHORT', 'refused on another shard, nothing is moved');
    const noneAgain = await engine.submit(move('none', leg(ann, bob, 1), leg(eve, ann, 31)));
    t.ok(!noneAgain.ok && noneAgain.replayed, 'and the refusal is kept');
    t.same(
      [await available(engine, ann), await available(engine, bob), await available(engine, eve)],
      [60, 10, 30],
    );
    const record = await engine.transfer(ann, 'three');
    t.ok(record !== undefined && 'command' in record && record.outcome.ok);
    const page = await engine.entries({ owner: eve, asset: 'gold' });
    t.ok(page.ok && page.entries.length === 1 && page.entries[0]?.id === 'three');
  }),
);

t.test('the expiries of lots go along, and a refusal puts them back', (t) =>
  withEngine(t, async (engine, [[ann = ''] = [], [bob = ''] = [], [eve = ''] = []]) => {
    await engine.submit(
      move('a', leg('@issue', ann, 10, DAY + DAY_MS), leg('@issue', ann, 10, DAY + 2 * DAY_MS)),
    );
    await engine.submit(move('b', leg(ann, bob, 5), leg(ann, eve, 10)));
    const lots = async (owner: string) => ((await engine.balance(owner)) as Balance[])[0]?.lots;
    const lot = (days: number, points: number) => ({
      expiresAt: DAY + days * DAY_MS,
      available: points,
      held: 0,
    });
    t.same(await lots(bob), [lot(1, 5)]);
    t.same(await lots(eve), [lot(1, 5), lot(2, 5)]);
    t.same(await lots(ann), [lot(2, 5)]);
    t.equal(
      said(await engine.submit(move('c', leg(ann, bob, 5), leg(eve, ann, 11)))),
      'POINTS_SHORT',
    );
    t.same(await lots(ann), [lot(2, 5)]);
    await engine.submit(move('d', leg(eve, bob, 10, DAY + 9 * DAY_MS)));
    t.same(await lots(bob), [lot(1, 5), lot(9, 10)], 'unless the leg says otherwise');
  }),
);

t.test('conditions, flags and limits are looked at where the account is', (t) =>
  withEngine(t, async (engine, [[ann = ''] = [], [bob = ''] = [], [eve = ''] = []]) => {
    await engine.submit(move('earn', leg('@issue', ann, 100)));
    const condition = { owner: eve, asset: 'gold', availableAtLeast: 1 };
    const asked = { ...move('if', leg(ann, bob, 1)), condition } as Command;
    t.equal(said(await engine.submit(asked)), 'CONDITION_FAILED');
    await engine.submit({ type: 'freeze-account', id: 'f', owner: ann, asset: 'gold' });
    t.equal(said(await engine.submit(move('cold', leg(ann, bob, 1)))), 'ACCOUNT_FROZEN');
    await engine.submit({ type: 'unfreeze-account', id: 'u', owner: ann, asset: 'gold' });
    await engine.submit({ type: 'open-account', id: 'o', owner: bob, asset: 'gold' });
    await engine.submit({ type: 'close-account', id: 'x', owner: bob, asset: 'gold' });
    t.equal(said(await engine.submit(move('gone', leg(ann, bob, 1)))), 'ACCOUNT_CLOSED');
    await engine.submit({
      type: 'set-credit-limit',
      id: 'l',
      owner: ann,
      asset: 'gold',
      creditLimit: 50,
    });
    t.equal(said(await engine.submit(move('debt', leg(ann, eve, 150)))), `${ann} -150 -50`);
    t.equal(said(await engine.submit(move('more', leg(ann, eve, 1)))), 'POINTS_SHORT');
    const held = { type: 'hold', id: 'h', owner: eve, asset: 'gold', amount: 5 } as const;
    await engine.submit(held);
    const far = await engine.submit({ type: 'capture', id: 'k', owner: eve, holdId: 'h', to: bob });
    t.equal(said(far), 'ACCOUNT_CLOSED');
    const back = { type: 'reverse', owner: ann, transferId: 'debt' } as const;
    t.equal(said(await engine.submit({ ...back, id: 'r' })), 'POINTS_SHORT');
    await engine.submit({ type: 'release', id: 'q', owner: eve, holdId: 'h' });
    t.equal(said(await engine.submit({ ...back, id: 's' })), `${ann} 150 100`);
  }),
);

t.test('who does not wait is told that it goes on, and finds the outcome by the id', (t) =>
  withEngine(t, async (engine, [[ann = ''] = [], [bob = ''] = []]) => {
    await engine.submit(move('earn', leg('@issue', ann, 100)));
    const soon = await engine.submit(move('gift', leg(ann, bob, 30)), { timeoutMs: 0 });
    t.ok(soon.ok || soon.code === 'PREPARED');
    const later = await engine.submit(move('gift', leg(ann, bob, 30)));
    t.equal(said(later), `${ann} -30 70`);
  }),
);

t.test('many at once: nothing is lost or made, and a restart goes on', async (t) => {
  const folder = temporaryFolder(t);
  const random = new Random(7);
  let engine = await open({ folder, shards: SHARDS, cacheMb: 64, checkpointBytes: 64 * 1024 });
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const names = ownersOf(engine, 5).flat();
  const earns = names.map((name) => move(`e-${name}`, leg('@issue', name, 50)));
  await engine.submitBatch(earns);
  const told = new Map<string, string>();
  const sent = new Map<string, Command>();
  for (let round = 0; round < 4; round++) {
    const commands: Command[] = [];
    for (let i = 0; i < 400; i++) {
      const legs = Array.from({ length: 1 + random.int(3) }, () => {
        const from = random.pick(names);
        const to = random.pick(names.filter((name) => name !== from));
        return leg(from, to, 1 + random.int(20));
      });
      const id = `${round}-${i}`;
      const command = move(id, ...legs);
      sent.set(id, command);
      commands.push(command);
    }
    // Not all wait: the restart finds some of them open.
    const outcomes = await engine.submitBatch(commands, { timeoutMs: round % 2 === 0 ? 5_000 : 0 });
    for (const outcome of outcomes)
      if (outcome.ok || outcome.code === 'POINTS_SHORT')
        told.set(outcome.id as string, said(outcome));
    await engine.close();
    engine = await open({ folder, cacheMb: 64, checkpointBytes: 64 * 1024 });
  }
  const again = await engine.submitBatch([...sent.values()], { timeoutMs: 20_000 });
  let posted = 0;
  for (const outcome of again) {
    if (!outcome.ok && outcome.code !== 'POINTS_SHORT' && outcome.code !== 'PREPARE_LATE')
      t.fail(`${outcome.id}: ${outcome.code}`);
    if (outcome.ok) posted++;
    const before = told.get(outcome.id as string);
    if (before !== undefined && before !== said(outcome))
      t.fail(`${outcome.id} changed its outcome`);
  }
  t.ok(posted > 100, `${posted} were posted`);
  let sum = 0;
  for (const name of names) sum += await available(engine, name);
  t.equal(sum, 50 * names.length);
  await engine.close();
  const verified = await verifyFolder(folder);
  t.same(verified.problems, []);
});
