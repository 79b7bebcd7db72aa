// Transfers that posted transfers cause, through the public API: once each, whatever shards they concern (engine/transfer/follow-ups.ts).

import t from 'tap';
import {
  type Command,
  type Engine,
  type FeedBlock,
  followUpId,
  type Outcome,
  open,
  type TransferRecord,
  verifyFolder,
} from '../../engine/index.js';
import { available, codeOf, leg, move, ownersOf, said } from '../movements.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { withEngine } from './harness.js';

const causing = (id: string, legs: readonly ReturnType<typeof leg>[], ...followUps: object[]) =>
  ({ type: 'transfer', id, legs, followUps }) as Command;

/** Asks until it is known what became of a follow-up. */
async function outcomeOf(engine: Engine, owner: string, id: string): Promise<Outcome> {
  for (let tries = 0; ; tries++) {
    const found = (await engine.transfer(owner, id)) as TransferRecord | undefined;
    const outcome = found?.outcome;
    if (outcome !== undefined && (outcome.ok || outcome.code !== 'PREPARED')) return outcome;
    if (tries > 400) throw new Error(`no outcome of ${id}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

t.test('a bonus for somebody else', (t) =>
  withEngine(t, async (engine, [[ann = '', amy = ''] = [], [bob = ''] = [], [eve = ''] = []]) => {
    await engine.submit(move('e', leg('@issue', ann, 1_000)));
    const order = causing(
      'ORDER:1',
      [leg(ann, '@redeem', 200)],
      { legs: [leg('@issue', bob, 10)], kind: 'REFERRAL_CONSUME', memo: 'five in a hundred' },
      { legs: [leg('@issue', amy, 4)] },
      { legs: [leg(eve, bob, 5)] },
      { legs: [leg(ann, eve, 7), leg(ann, amy, 1)], metadata: { n: 4 } },
    );
    t.match(await engine.submit(order), { ok: true, replayed: false });
    const [first, second, third, fourth] = [1, 2, 3, 4].map((n) => followUpId(ann, 'ORDER:1', n));
    t.equal(said(await outcomeOf(engine, bob, first as string)), `${bob} 10 10`);
    t.equal(said(await outcomeOf(engine, amy, second as string)), `${amy} 4 4`);
    t.equal(codeOf(await outcomeOf(engine, eve, third as string)), 'POINTS_SHORT');
    t.ok((await outcomeOf(engine, ann, fourth as string)).ok, 'between shards itself');
    t.match(await engine.submit(order), { ok: true, replayed: true });
    for (const [owner, should] of [
      [ann, 792],
      [amy, 5],
      [bob, 10],
      [eve, 7],
    ] as const)
      t.equal(await available(engine, owner), should, 'once');
    t.match(await engine.entries({ owner: bob, asset: 'gold' }), {
      entries: [{ id: first, kind: 'REFERRAL_CONSUME', memo: 'five in a hundred', delta: 10 }],
    });
    t.match(await engine.transfer(ann, 'ORDER:1'), { command: { followUps: [{}, {}, {}, {}] } });
    const back = { type: 'reverse', id: 'b', owner: bob, transferId: first as string } as const;
    t.ok((await engine.submit(back)).ok, 'one can be reversed by its id');
    t.equal(
      codeOf(await engine.submit({ ...move('x', leg(bob, ann, 1)), id: first } as Command)),
      'ID_INVALID',
    );

    const told: string[] = [];
    const stop = engine.subscribe(engine.shardOf(ann), 1, ({ items }: FeedBlock) => {
      for (const { command, outcome } of items)
        if (command.type === 'delivered') told.push(`${command.id} ${codeOf(outcome)}`);
    });
    await until('all are told', () => told.length >= 4);
    stop();
    t.same(told.toSorted(), [
      `${first} ok`,
      `${second} ok`,
      `${third} POINTS_SHORT`,
      `${fourth} ok`,
    ]);
  }),
);

t.test('what is not posted causes nothing', (t) =>
  withEngine(t, async (engine, [[ann = ''] = [], [bob = ''] = [], [eve = ''] = []]) => {
    const bonus = { legs: [leg('@issue', eve, 10)] };
    t.equal(
      codeOf(await engine.submit(causing('no', [leg(ann, '@redeem', 1)], bonus))),
      'POINTS_SHORT',
    );
    await engine.submit({ type: 'open-account', id: 'o', owner: bob, asset: 'gold' });
    await engine.submit({ type: 'close-account', id: 'c', owner: bob, asset: 'gold' });
    await engine.submit(move('e', leg('@issue', ann, 10)));
    t.equal(
      codeOf(await engine.submit(causing('far', [leg(ann, bob, 1)], bonus))),
      'ACCOUNT_CLOSED',
    );
    const unknown = { legs: [{ ...leg('@issue', eve, 10), asset: 'lead' }] };
    t.equal(
      codeOf(await engine.submit(causing('un', [leg(ann, '@fee', 1)], unknown))),
      'ASSET_UNKNOWN',
    );
    t.ok((await engine.submit(causing('yes', [leg(ann, eve, 1)], bonus))).ok);
    await outcomeOf(engine, eve, followUpId(ann, 'yes', 1));
    t.equal(await available(engine, eve), 11);
    for (const id of ['no', 'far', 'un'])
      t.equal(await engine.transfer(eve, followUpId(ann, id, 1)), undefined);

    const late = { legs: [leg('@issue', eve, 1, Date.now() + 1)] };
    await new Promise((resolve) => setTimeout(resolve, 5));
    t.ok((await engine.submit(causing('late', [leg(ann, '@fee', 1)], late))).ok);
    for (const [field, followUps] of [
      ['followUps', []],
      ['followUps', Array(5).fill(bonus)],
      ['followUps[0].id', [{ ...bonus, id: 'mine' }]],
      ['followUps[1].followUps', [bonus, { ...bonus, followUps: [bonus] }]],
      ['followUps[0].legs', [{ legs: Array(5).fill(leg('@issue', eve, 1)) }]],
      ['followUps[0].legs[0].amount', [{ legs: [leg('@issue', eve, 0)] }]],
      ['followUps[0].memo', [{ ...bonus, memo: 1 }]],
    ] as const) {
      const outcome = await engine.submit(causing('wrong', [leg(ann, '@fee', 1)], ...followUps));
      t.match(outcome, { ok: false, field }, field);
    }
    await until('nothing is left to follow', async () =>
      (await engine.stats()).shards.every(({ followUps }) => followUps === 0),
    );
  }),
);

t.test('they go on after a restart', async (t) => {
  const folder = temporaryFolder(t);
  const options = { folder, shards: 3, cacheMb: 64 };
  let engine = await open(options);
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const [[from = ''] = [], bob = [], [eve = ''] = []] = ownersOf(engine, 4);
  await engine.submit(move('e', leg('@issue', from, 5_000)));
  const commands = Array.from({ length: 400 }, (_, n) =>
    causing(`c${n}`, [leg(from, n % 2 === 0 ? '@redeem' : eve, 1)], {
      legs: [leg('@issue', bob[n % 4] as string, 2)],
    }),
  );
  await engine.submitBatch(commands, { timeoutMs: 0 });
  await engine.close();
  t.same((await verifyFolder(folder)).problems, [], 'with some of them under way');
  engine = await open(options);
  for (let n = 0; n < 400; n++) {
    const outcome = await outcomeOf(engine, bob[n % 4] as string, followUpId(from, `c${n}`, 1));
    if (!outcome.ok) t.fail(`c${n}: ${outcome.code}`);
  }
  for (const owner of bob) t.equal(await available(engine, owner), 200);
  await engine.close();
  t.same((await verifyFolder(folder)).problems, []);
});
