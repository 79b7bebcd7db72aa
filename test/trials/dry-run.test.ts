// Dry runs through the public API, over several shards: what they say is what happens then, and nothing happens before.

import t from 'tap';
import { type Command, type Engine, limits, type Outcome } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { leg, move } from '../movements.js';
import { Random } from '../random.js';
import { DAY, withEngine } from '../transfer/harness.js';
import { told } from './trial-subject.js';

t.setTimeout(0);

const dry = { dryRun: true } as const;

/** Without times, which are those of the blocks, and which differ. */
const gist = (outcome: Outcome): string => told(outcome).replace(/"time":\d+,/, '');

/** All that may not change: balances, what is in the log, what is open. */
async function traces(engine: Engine): Promise<string> {
  const { shards, outcomes } = await engine.stats();
  const counts = shards.map(({ seq, commands, blocks, logBytes, accounts, openTransfers }) => ({
    seq,
    commands,
    blocks,
    logBytes,
    accounts,
    openTransfers,
  }));
  return JSON.stringify([await engine.digest(), counts, [...outcomes]]);
}

t.test('the outcome of every kind of command, and no trace of it', async (t) => {
  await withEngine(
    t,
    async (engine, [[ann = '', bob = ''] = [], [cat = ''] = [], [dan = ''] = []]) => {
      await engine.submit(move('seed', leg('@issue', ann, 100, DAY * 2), leg('@issue', cat, 50)));
      const steps: Command[] = [
        move('one', leg(ann, bob, 10)),
        move('two shards', leg(ann, cat, 10)),
        move('three shards', leg(ann, cat, 10), leg(cat, dan, 5)),
        move('short there', leg(ann, cat, 1), leg(cat, dan, 500)),
        move('short here', leg(ann, cat, 1_000)),
        { type: 'hold', id: 'held', owner: ann, asset: 'gold', amount: 20 },
        { type: 'capture', id: 'taken', owner: ann, holdId: 'held', to: dan, amount: 5 },
        {
          type: 'capture',
          id: 'taken too',
          owner: ann,
          holdId: 'held',
          to: bob,
          releaseRest: true,
        },
        { type: 'capture', id: 'taken late', owner: ann, holdId: 'held', to: dan },
        { type: 'release', id: 'freed', owner: ann, holdId: 'held' },
        { type: 'reverse', id: 'back', owner: ann, transferId: 'three shards' },
        { type: 'reverse', id: 'back again', owner: ann, transferId: 'three shards' },
        { type: 'freeze-account', id: 'frozen', owner: cat, asset: 'gold' },
        move('of a frozen one', leg(ann, bob, 1), leg(cat, ann, 1)),
        {
          type: 'put-record',
          id: 'noted',
          owner: ann,
          recordType: 'x',
          key: 'y',
          value: new Uint8Array(3),
        },
        { type: 'set-credit-limit', id: 'credit', owner: dan, asset: 'gold', creditLimit: 10 },
        {
          ...move('if', leg(ann, bob, 1)),
          condition: { owner: dan, asset: 'gold', availableAtLeast: 9_000 },
        } as Command,
      ];
      for (const step of steps) {
        const before = await traces(engine);
        const said = await engine.submit(step, dry);
        t.equal(await traces(engine), before, `${step.type}: no trace`);
        if (said.ok) t.equal(said.seq, 0, 'in no block');
        const done = await engine.submit(step);
        t.equal(gist(said), gist(done), JSON.stringify(step));
        const again = await engine.submit(step, dry);
        t.equal(gist(again), gist(await engine.submit(step)), 'a used id answers its outcome');
      }
    },
  );
});

t.test('a batch sees itself, shard by shard', async (t) => {
  await withEngine(t, async (engine, [[ann = '', bob = ''] = [], [cat = ''] = []]) => {
    await engine.submit(move('seed', leg('@issue', ann, 100)));
    const batch = [
      move('a', leg(ann, cat, 60)),
      move('b', leg(ann, bob, 60)),
      move('c', leg(ann, bob, 40)),
      move('c', leg(ann, bob, 40)),
      move('c', leg(ann, bob, 41)),
      move('d', leg(ann, bob, 0)),
    ];
    const before = await traces(engine);
    const outcomes = await engine.submitBatch(batch, dry);
    t.equal(await traces(engine), before);
    const codes = outcomes.map((one) =>
      one.ok ? `ok ${one.replayed}` : `${one.code} ${one.field}`,
    );
    t.same(codes, [
      'ok false',
      'POINTS_SHORT undefined',
      'ok false',
      'ok true',
      'ID_REUSED undefined',
      'AMOUNT_INVALID legs[0].amount',
    ]);
  });
});

t.test('an asset, what has no id, and too much at once', async (t) => {
  await withEngine(t, async (engine, [[ann = '', bob = ''] = []]) => {
    const asset = await engine.submit({ type: 'define-asset', asset: 'new', scale: 0 }, dry);
    t.match(asset, { ok: true, assetVersion: 1 });
    t.equal(
      engine.assets().some((one) => one.asset === 'new'),
      false,
    );
    const unnamed = { type: 'transfer', legs: [leg('@issue', ann, 1)] } as const;
    t.equal((await engine.submit(unnamed, dry)).id, undefined, 'no id is made up');
    const referred = { ...unnamed, kind: 'ORDER', ref: '7' };
    t.equal((await engine.submit(referred, dry)).id, 'ORDER:7');
    const many = Array.from({ length: limits.TOGETHER_COMMANDS_MAX + 1 }, (_, n) =>
      move(`m${n}`, leg(ann, bob, 1)),
    );
    const refused = await engine.submitBatch(many, dry);
    t.ok(refused.every((one) => !one.ok && one.code === 'BATCH_TOO_LARGE'));
    t.equal(refused.length, many.length);
  });
});

t.test('random transfers between shards come to what was said', async (t) => {
  const cases = campaign({ name: 'dry runs between shards', long: 200, sample: 1 });
  await cases.run(async (seed) => {
    const random = new Random(seed);
    await withEngine(t, async (engine, names) => {
      const users = names.flatMap((some) => some.slice(0, 2));
      for (const user of users) await engine.submit(move('seed', leg('@issue', user, 60, DAY * 3)));
      for (let n = 0; n < 25; n++) {
        const legs = Array.from({ length: 1 + random.int(4) }, () => {
          const from = random.pick(users);
          const to = random.pick([...users, '@redeem'].filter((name) => name !== from));
          return leg(from, to, 1 + random.int(30));
        });
        const command = move(`t${n}`, ...legs);
        const said = await engine.submit(command, dry);
        t.equal(gist(said), gist(await engine.submit(command)), `seed ${seed}`);
        if (!said.ok || random.chance(0.7)) continue;
        const back: Command = {
          type: 'reverse',
          id: `r${n}`,
          owner: legs[0]?.from as string,
          transferId: `t${n}`,
          allowDebt: random.chance(0.5),
        };
        const undone = await engine.submit(back, dry);
        t.equal(gist(undone), gist(await engine.submit(back)), `seed ${seed}, undone`);
      }
    });
  });
});
