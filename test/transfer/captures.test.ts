// Captures to owners of other shards, and reversals of what went between shards, through the public API (engine/transfer).

import t from 'tap';
import type { Balance, Command, Engine } from '../../engine/index.js';
import { available, codeOf, leg, move, said } from '../movements.js';
import { DAY, lotsOf, withEngine } from './harness.js';

const balanceOf = async (engine: Engine, owner: string): Promise<string> => {
  const [balance] = (await engine.balance(owner)) as Balance[];
  return balance === undefined ? 'none' : `${balance.available}+${balance.held}`;
};

const hold = (id: string, owner: string, amount: number, deadline?: number): Command => ({
  type: 'hold',
  id,
  owner,
  asset: 'gold',
  amount,
  ...(deadline === undefined ? {} : { deadline }),
});

const capture = (id: string, owner: string, holdId: string, to: string, rest = {}): Command => ({
  type: 'capture',
  id,
  owner,
  holdId,
  to,
  ...rest,
});

t.test('a capture for an owner elsewhere', (t) =>
  withEngine(t, async (engine, [[ann = ''] = [], [bob = ''] = [], [eve = ''] = []]) => {
    await engine.submit(
      move('e', leg('@issue', ann, 60, DAY), leg('@issue', ann, 40, DAY + 9 * 86_400_000)),
    );
    await engine.submit(hold('h', ann, 80));
    const some = await engine.submit(capture('some', ann, 'h', bob, { amount: 70 }));
    t.equal(said(some), `${ann} -70 20`);
    t.match(some, { hold: { id: 'h', remaining: 10 } }, 'says what is left');
    t.match(await engine.submit(capture('some', ann, 'h', bob, { amount: 70 })), {
      ok: true,
      replayed: true,
      hold: { remaining: 10 },
    });
    t.equal(codeOf(await engine.submit(capture('some', ann, 'h', bob))), 'ID_REUSED');
    t.same(
      (await lotsOf(engine, bob)).map(({ available }) => available),
      [60, 10],
      'the lots go along',
    );
    t.equal(
      codeOf(await engine.submit(capture('much', ann, 'h', eve, { amount: 11 }))),
      'CAPTURE_EXCEEDS_HOLD',
    );
    t.equal(
      codeOf(await engine.submit(capture('past', ann, 'h', eve, { expiresAt: 1 }))),
      'EXPIRY_PAST',
    );
    const rest = await engine.submit(
      capture('rest', ann, 'h', eve, { amount: 4, releaseRest: true }),
    );
    t.match(rest, { ok: true, hold: { remaining: 0 } });
    t.equal(await balanceOf(engine, ann), '26+0');
    t.equal(await balanceOf(engine, eve), '4+0');
    t.equal(codeOf(await engine.submit(capture('gone', ann, 'h', eve))), 'HOLD_CLOSED');
    const history = await engine.entries({ owner: bob, asset: 'gold' });
    t.match(history, { entries: [{ id: 'some', type: 'capture', delta: 70 }] });
  }),
);

t.test('a refused capture gives its hold back', (t) =>
  withEngine(t, async (engine, [[ann = ''] = [], [bob = ''] = [], [eve = ''] = []]) => {
    await engine.submit(move('e', leg('@issue', ann, 100)));
    await engine.submit({ type: 'open-account', id: 'o', owner: bob, asset: 'gold' });
    await engine.submit({ type: 'close-account', id: 'x', owner: bob, asset: 'gold' });
    const soon = Date.now() + 2_000;
    await engine.submit(hold('part', ann, 50));
    await engine.submit(hold('whole', ann, 30));
    await engine.submit(hold('soon', ann, 20, soon));
    for (const [id, holdId, rest] of [
      ['a', 'part', { amount: 20, releaseRest: true }],
      ['b', 'whole', {}],
      ['c', 'soon', {}],
    ] as const) {
      t.equal(codeOf(await engine.submit(capture(id, ann, holdId, bob, rest))), 'ACCOUNT_CLOSED');
    }
    t.match(await engine.hold(ann, 'part'), { remaining: 50 });
    t.match(await engine.hold(ann, 'whole'), { remaining: 30 }, 'it is there again');
    t.equal(await balanceOf(engine, ann), '0+100');
    t.ok((await engine.submit(capture('d', ann, 'whole', eve))).ok);
    while (Date.now() < soon + 1_200) await new Promise((resolve) => setTimeout(resolve, 100));
    t.equal(await balanceOf(engine, ann), '20+50', 'its deadline still counts');
    t.ok((await engine.submit({ type: 'release', id: 'r', owner: ann, holdId: 'part' })).ok);
    t.equal(await available(engine, ann), 70);
  }),
);

t.test('while it is under way nobody else has the hold, nor the transfer that is reversed', (t) =>
  withEngine(t, async (engine, [[ann = ''] = [], [bob = ''] = []]) => {
    await engine.submit(move('e', leg('@issue', ann, 100)));
    await engine.submit(hold('h', ann, 50));
    const outcomes = await engine.submitBatch([
      move('pay', leg(ann, bob, 10)),
      { type: 'reverse', id: 'early', owner: ann, transferId: 'pay' },
      capture('one', ann, 'h', bob, { amount: 20 }),
      capture('two', ann, 'h', bob, { amount: 20 }),
      { type: 'release', id: 'r', owner: ann, holdId: 'h' },
    ]);
    t.same(outcomes.map(codeOf), ['ok', 'ACCOUNT_BUSY', 'ok', 'ACCOUNT_BUSY', 'ACCOUNT_BUSY']);
    const again = await engine.submitBatch([
      { type: 'reverse', id: 'early', owner: ann, transferId: 'pay' },
      { type: 'reverse', id: 'late', owner: ann, transferId: 'pay' },
      capture('two', ann, 'h', bob, { amount: 20 }),
    ]);
    t.same(
      again.map(codeOf),
      ['ok', 'ACCOUNT_BUSY', 'ok'],
      'what was not kept may be asked for again',
    );
    const more = { type: 'reverse', id: 'late', owner: ann, transferId: 'pay' } as const;
    t.equal(codeOf(await engine.submit(more)), 'ALREADY_REVERSED');
    t.equal(await balanceOf(engine, ann), '50+10');
    t.equal(await balanceOf(engine, bob), '40+0');
  }),
);

t.test('a reversal puts points back into the lots they came from', (t) =>
  withEngine(t, async (engine, [[ann = ''] = [], [bob = '', dan = ''] = [], [eve = ''] = []]) => {
    await engine.submit(
      move('e', leg('@issue', ann, 60, DAY), leg('@issue', ann, 40, DAY + 9 * 86_400_000)),
    );
    await engine.submit(move('f', leg('@issue', eve, 30, DAY)));
    const before = await lotsOf(engine, ann);
    const three = move('pay', leg(ann, bob, 70), leg(eve, dan, 20), leg(bob, '@fee', 0 + 5));
    t.equal(
      codeOf(await engine.submit(three)),
      'POINTS_SHORT',
      'a leg spends nothing that another brings',
    );
    t.ok((await engine.submit(move('pay2', leg(ann, bob, 70), leg(eve, dan, 20)))).ok);
    const back = { type: 'reverse', owner: ann, transferId: 'pay2' } as const;
    t.match(await engine.submit({ ...back, id: 'back' }), { ok: true, replayed: false });
    t.match(await engine.submit({ ...back, id: 'back' }), { ok: true, replayed: true });
    t.equal(codeOf(await engine.submit({ ...back, id: 'more' })), 'ALREADY_REVERSED');
    t.same(await lotsOf(engine, ann), before);
    t.equal(await balanceOf(engine, eve), '30+0');
    for (const owner of [bob, dan]) t.equal(await available(engine, owner), 0);
    const [balance] = (await engine.balance(ann)) as Balance[];
    t.match(balance, { spent: 0, earned: 100 });
    t.equal(
      codeOf(await engine.submit({ type: 'reverse', id: 'x', owner: ann, transferId: 'back' })),
      'NOT_REVERSIBLE',
    );
    t.match(await engine.entries({ owner: dan, asset: 'gold' }), {
      entries: [
        { id: 'back', type: 'reverse', delta: -20 },
        { id: 'pay2', delta: 20 },
      ],
    });

    await engine.submit(hold('h', ann, 50));
    await engine.submit(capture('k', ann, 'h', dan, { releaseRest: true }));
    t.ok((await engine.submit({ type: 'reverse', id: 'kb', owner: ann, transferId: 'k' })).ok);
    t.same(await lotsOf(engine, ann), before, 'of a capture, too');
  }),
);

t.test('what was spent meanwhile cannot be taken back, unless the account may owe', (t) =>
  withEngine(t, async (engine, [[ann = ''] = [], [bob = ''] = [], [eve = ''] = []]) => {
    await engine.submit(move('e', leg('@issue', ann, 100)));
    await engine.submit(move('pay', leg(ann, bob, 60), leg(ann, eve, 40)));
    await engine.submit(move('s', leg(eve, '@redeem', 15)));
    const back = { type: 'reverse', owner: ann, transferId: 'pay' } as const;
    t.equal(codeOf(await engine.submit({ ...back, id: 'no' })), 'POINTS_SHORT');
    t.equal(await available(engine, bob), 60, 'nothing is reserved any more');
    t.equal(
      codeOf(await engine.submit({ ...back, id: 'no' })),
      'POINTS_SHORT',
      'the refusal is kept',
    );
    t.ok((await engine.submit({ ...back, id: 'yes', allowDebt: true })).ok, 'which is no reversal');
    t.equal(await available(engine, eve), -15);
    t.equal(await available(engine, ann), 100);
    t.ok((await engine.submit(move('f', leg('@issue', eve, 20)))).ok);
    t.same(
      (await lotsOf(engine, eve)).map(({ available }) => available),
      [5],
    );
  }),
);
