// Under whom the id of a transfer is kept: whoever sends it again in another order of legs, or had it carried out by the release before,
// never has it posted twice.

import { join } from 'node:path';
import t, { type Test } from 'tap';
import {
  type Balance,
  type Caller,
  type Command,
  type Engine,
  type Leg,
  OPERATIONS,
  type Outcome,
  open,
  type TransferCommand,
  verifyFolder,
} from '../../engine/index.js';
import { BLOCK_HEADER } from '../../engine/protocol/block.js';
import { CommandView } from '../../engine/protocol/command-view.js';
import { PLACES } from '../../engine/protocol/layout.js';
import { alteredCopy } from '../audit/tamper.js';
import { available, leg, said } from '../movements.js';
import { temporaryFolder } from '../temporary.js';
import { withEngine } from './harness.js';
import { HOMES_1_BLOCKS } from './homes-1.js';
import { olderFolder } from './older-folder.js';

type More = Partial<TransferCommand>;

const move = (id: string, legs: readonly Leg[], more: More = {}): Command => ({
  type: 'transfer',
  id,
  legs,
  ...more,
});

const orders = (legs: readonly Leg[]): Leg[][] => [[...legs], legs.toReversed()];

/** The refusal and the field that it names. */
const refusal = (outcome: Outcome): string =>
  outcome.ok ? 'ok' : `${outcome.code} ${outcome.field ?? ''}`.trim();

/** Two owners: of one shard, and of two. */
const pairs = (names: readonly string[][]): [string, string][] => [
  [names[0]?.[0] as string, names[0]?.[1] as string],
  [names[0]?.[2] as string, names[1]?.[0] as string],
  [names[2]?.[0] as string, names[1]?.[1] as string],
];

const fund = (engine: Engine, owner: string): Promise<Outcome> =>
  engine.submit(move('fund', [leg('@issue', owner, 100)]));

t.test('several pay: the owner is named, and the order of legs does not matter', (t) =>
  withEngine(t, async (engine, names) => {
    for (const [x, y] of pairs(names)) {
      for (const owner of [x, y]) await fund(engine, owner);
      const legs = [leg(x, '@fee', 3), leg(y, '@fee', 4)];
      for (const some of orders(legs)) {
        const command = move('pay', some);
        t.equal(refusal(await engine.submit(command)), 'OWNER_REQUIRED owner');
        t.equal(refusal(await engine.submit(command, { dryRun: true })), 'OWNER_REQUIRED owner');
        const named = await engine.submit({ type: 'transfer', legs: some, kind: 'k', ref: 'pay' });
        t.equal(refusal(named), 'OWNER_REQUIRED owner');
        const other = move('pay', some, { owner: 'nobody' });
        t.equal(refusal(await engine.submit(other)), 'OWNER_NOT_PARTY owner');
      }
      const first = await engine.submit(move('pay', legs, { owner: x }));
      t.match(first, { ok: true, replayed: false });
      t.match(await engine.submit(move('pay', legs, { owner: x })), { ok: true, replayed: true });
      for (const some of orders(legs))
        t.equal(refusal(await engine.submit(move('pay', some))), 'OWNER_REQUIRED owner');
      const turned = move('pay', legs.toReversed(), { owner: x });
      t.match(await engine.submit(turned), { code: 'ID_REUSED' });
      t.match(await engine.submit(turned, { dryRun: true }), { code: 'ID_REUSED' });
      t.same([await available(engine, x), await available(engine, y)], [97, 96]);
      t.match(await engine.transfer(x, 'pay'), { command: { owner: x } });
      t.equal(await engine.transfer(y, 'pay'), undefined);
      t.ok((await engine.submit({ type: 'reverse', id: 'back', owner: x, transferId: 'pay' })).ok);
      t.same([await available(engine, x), await available(engine, y)], [100, 100]);
    }
  }),
);

t.test('one pays: it is the home owner, in any order of legs', (t) =>
  withEngine(t, async (engine, names) => {
    for (const [x, y] of pairs(names)) {
      await fund(engine, x);
      for (const [n, legs] of orders([leg('@issue', y, 5), leg(x, '@fee', 1)]).entries()) {
        t.ok((await engine.submit(move(`mixed-${n}`, legs))).ok);
        t.match(await engine.submit(move(`mixed-${n}`, legs, { owner: x })), { replayed: true });
        t.match(await engine.submit(move(`mixed-${n}`, legs.toReversed())), { code: 'ID_REUSED' });
        t.match(await engine.transfer(x, `mixed-${n}`), { outcome: { ok: true } });
        const other = move(`mixed-${n}`, legs, { owner: y });
        t.equal(refusal(await engine.submit(other)), 'OWNER_NOT_PARTY owner');
      }
      t.same([await available(engine, x), await available(engine, y)], [98, 10]);
    }
  }),
);

t.test('none pays: one of those who receive', (t) =>
  withEngine(t, async (engine, names) => {
    for (const [x, y] of pairs(names)) {
      for (const legs of orders([leg('@issue', x, 5), leg('@issue', y, 5)])) {
        t.equal(refusal(await engine.submit(move('grant', legs))), 'OWNER_REQUIRED owner');
        const ok = await engine.submit(move('grant', legs, { owner: y }));
        t.equal(refusal(ok), legs[0]?.to === x ? 'ok' : 'ID_REUSED');
      }
      t.same([await available(engine, x), await available(engine, y)], [5, 5]);
    }
    const among = [leg('@issue', '@fee', 1), leg('@adjust', '@fee', 1)];
    t.equal(refusal(await engine.submit(move('among', among))), 'OWNER_REQUIRED owner');
    t.ok((await engine.submit(move('among', among, { owner: '@adjust' }))).ok);
    const asOne = [leg('@issue', '@fee', 1), leg('@issue', '@redeem', 1)];
    t.ok((await engine.submit(move('one', asOne))).ok);
    t.match(await engine.submit(move('one', asOne.toReversed())), { code: 'ID_REUSED' });
  }),
);

t.test('follow-ups name theirs', (t) =>
  withEngine(t, async (engine, names) => {
    const [x, y] = pairs(names)[1] as [string, string];
    for (const owner of [x, y]) await fund(engine, owner);
    const legs = [leg(x, '@fee', 1), leg(y, '@fee', 1)];
    const caused = (owner?: string): Command =>
      move('cause', [leg(x, '@fee', 1)], {
        followUps: [{ legs: [leg('@issue', x, 1)] }, { legs, owner }],
      });
    t.equal(refusal(await engine.submit(caused())), 'OWNER_REQUIRED followUps[1].owner');
    t.equal(refusal(await engine.submit(caused('cat'))), 'OWNER_NOT_PARTY followUps[1].owner');
    t.ok((await engine.submit(caused(y))).ok);
    const id = `>${x}>cause>2`;
    for (let left = 200; left > 0 && (await available(engine, y)) === 100; left--)
      await new Promise((resolve) => setTimeout(resolve, 10));
    t.match(await engine.transfer(y, id), { outcome: { ok: true } });
  }),
);

t.test('an atomic batch', (t) =>
  withEngine(t, async (engine, names) => {
    const [x, y] = pairs(names)[0] as [string, string];
    const legs = [leg('@issue', x, 5), leg('@issue', y, 5)];
    const batch = (owner?: string) =>
      engine.submitBatch([move('a', [leg('@issue', x, 1)]), move('b', legs, { owner })], {
        atomic: true,
      });
    t.same((await batch()).map(refusal), ['BATCH_ABORTED', 'OWNER_REQUIRED owner']);
    t.same((await batch(y)).map(refusal), ['ok', 'ok']);
    t.match(await batch(y), [{ replayed: true }, { replayed: true }]);
  }),
);

// --- what the release before has kept ------------------------------------------------------------------------

const [ann, cat, bob, fay] = ['user3', 'user4', 'user0', 'user2'] as const;
const SETTINGS = { acceptClock: true, cacheMb: 64 } as const;

interface Past {
  readonly id: string;
  /** Under whom it is kept. */
  readonly under: string;
  readonly legs: readonly Leg[];
  readonly more?: More;
  readonly code?: string;
}

const followUp = [leg(ann, cat, 1), leg(cat, '@fee', 1)];
const PAST: readonly Past[] = [
  { id: 'p1', under: ann, legs: [leg(ann, '@fee', 10), leg(bob, '@fee', 20)] },
  { id: 'p2', under: bob, legs: [leg('@issue', bob, 5), leg(ann, '@fee', 1)] },
  {
    id: 'p3',
    under: ann,
    legs: [leg(ann, '@fee', 5000), leg(bob, '@fee', 1)],
    code: 'POINTS_SHORT',
  },
  { id: 'p4', under: ann, legs: [leg(ann, cat, 30), leg(cat, '@redeem', 1020)] },
  {
    id: 'p5',
    under: ann,
    legs: [leg(ann, '@fee', 1), leg(bob, '@fee', 1)],
    more: { followUps: [{ legs: followUp }] },
  },
  { id: 'p6', under: ann, legs: [leg('@issue', ann, 7), leg('@issue', bob, 7)] },
  {
    id: 'ORDER:o-7',
    under: bob,
    legs: [leg(bob, '@fee', 2), leg(ann, '@fee', 3)],
    more: { kind: 'ORDER', ref: 'o-7' },
  },
  { id: 'p10', under: ann, legs: [leg(ann, fay, 4), leg(bob, '@fee', 4)] },
];

/** What all four have then: available, held, entries. */
const FIGURES = [[[957, 0, 12]], [[10, 0, 3]], [[980, 5, 9]], [[1004, 0, 2]]];

/** Of all four. */
async function figures(engine: Engine): Promise<unknown> {
  const all = [ann, cat, bob, fay].map((owner) => engine.balance(owner));
  const balances = (await Promise.all(all)) as Balance[][];
  return balances.map((some) =>
    some.map(({ available, held, version }) => [available, held, version]),
  );
}

/** Whoever has it kept: the same again, with and without an owner, and in another order of legs. */
async function asksAgain(t: Test, engine: Caller, { id, legs, more, code }: Past): Promise<void> {
  const first = { ok: code === undefined, replayed: true, ...(code && { code }) };
  const owners = legs.some(({ from }) => from === ann || from === cat || from === bob)
    ? legs.map(({ from }) => from)
    : legs.map(({ to }) => to);
  const parties = [undefined, ...new Set(owners.filter((owner) => !owner.startsWith('@')))];
  for (const owner of parties) {
    const again = move(id, legs, { ...more, owner });
    t.match(await engine.submit(again), first, `${id} ${owner}`);
    t.match(await engine.submit(again, { dryRun: true }), first, `${id} ${owner}: dry`);
    const turned = move(id, legs.toReversed(), { ...more, owner });
    t.match(await engine.submit(turned), { code: 'ID_REUSED' }, `${id} ${owner}: turned`);
    t.match(await engine.submit(turned, { dryRun: true }), { code: 'ID_REUSED' });
    const batch = await engine.submitBatch([again, turned]);
    t.match(batch, [first, { code: 'ID_REUSED' }], `${id} ${owner}: in a batch`);
  }
}

/** Nobody knows who it was: a platform that could have asked for it goes by the same ids. */
const SHOP = { operations: new Set(OPERATIONS), assets: new Set(['gold']), scope: 'shop' };

async function finds(t: Test, opened: Engine, isPlatforms = false): Promise<void> {
  const engine = isPlatforms ? opened.as(SHOP) : opened;
  for (const past of PAST) {
    const found = await engine.transfer(past.under, past.id);
    t.match(found, { command: { legs: past.legs }, outcome: { ok: past.code === undefined } });
    await asksAgain(t, engine, past);
  }
  // By kind and ref alone.
  const [, , , , , , order] = PAST as [Past, Past, Past, Past, Past, Past, Past];
  const { legs, more } = order;
  t.match(await engine.submit({ type: 'transfer', legs, ...more }), { replayed: true });
}

async function settled(engine: Engine): Promise<void> {
  for (let left = 400; left > 0; left--) {
    const balances = (await engine.balance(ann)) as Balance[];
    if (balances[0]?.held === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

t.test('a folder from when the order of legs said it', async (t) => {
  const folder = await olderFolder(t, 2, HOMES_1_BLOCKS);
  t.same((await verifyFolder(folder)).problems, [], 'as it was');
  const engine = await open({ folder, ...SETTINGS });
  t.same(await figures(engine), FIGURES);
  const digest = await engine.digest();
  await finds(t, engine);
  await finds(t, engine, true);
  t.same(await figures(engine), FIGURES, 'nothing is posted twice');
  t.equal(await engine.digest(), digest, 'and nothing is kept anew');
  // Ids of another business are free.
  t.ok((await engine.submit(move('p2', [leg(ann, '@fee', 1)]))).ok);
  const mine = move('p9', [leg(ann, '@fee', 1), leg(bob, '@fee', 1)], { owner: ann });
  t.ok((await engine.submit(mine)).ok, 'bob has a hold of that id');
  const back = await engine.submit({ type: 'reverse', id: 'r', owner: bob, transferId: 'p2' });
  t.equal(said(back), `${bob} -5 ${980 - 1 - 5}`);
  t.equal(await available(engine, ann), 957 - 1 - 1 + 1);
  await engine.close();
  t.same((await verifyFolder(folder)).problems, [], 'and used');
});

t.test('and with a transfer under way', async (t) => {
  const [home = [], other = []] = HOMES_1_BLOCKS;
  const folder = await olderFolder(t, 2, [home.slice(0, -1), other]);
  const engine = await open({ folder, ...SETTINGS });
  const { id, legs } = PAST.at(-1) as Past;
  // It is told as soon as it is decided, as if it were the first time.
  t.match(await engine.submit(move(id, legs, { owner: bob })), { ok: true });
  await settled(engine);
  await finds(t, engine);
  await finds(t, engine, true);
  t.same(await figures(engine), FIGURES);
  await engine.close();
  t.same((await verifyFolder(folder)).problems, []);
});

t.test('verify finds a transfer that is nobody’s', async (t) => {
  const folder = join(temporaryFolder(t), 'folder');
  const engine = await open({ folder, shards: 1, ...SETTINGS });
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0 });
  const legs = [leg('@issue', 'ann', 5), leg('@issue', 'bob', 5)];
  t.ok((await engine.submit(move('grant', legs, { owner: 'bob' }))).ok);
  await engine.close();
  const copy = await alteredCopy(folder, (blocks) => {
    const bytes = blocks.at(-1) as Uint8Array;
    const view = new CommandView();
    view.read(bytes, BLOCK_HEADER);
    bytes.set(Buffer.from('eve'), view.textStart(PLACES.transfer.owner));
    return blocks.length - 1;
  });
  t.match((await verifyFolder(copy)).problems[0], { what: /does not say which party .*\(W2\)/ });
});
