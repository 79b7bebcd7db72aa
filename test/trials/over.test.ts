// Points put back into a lot that is past its expiry expire in the same block: every outcome says so (read-back.O1), whichever way it is
// told: at once, tried, atomic, repeated, looked up, after a restart.

import t, { type Test } from 'tap';
import {
  type Balance,
  type Command,
  type Engine,
  type Entry,
  type FeedItem,
  type Outcome,
  open,
  verifyFolder,
} from '../../engine/index.js';
import { leg, move, ownersOf } from '../movements.js';
import { temporaryFolder } from '../temporary.js';

t.setTimeout(0);

/** How long points last, and how far the clock is then put on. */
const SOON_MS = 2_000;
const LATER_MS = 10_000;

/** What an outcome says of each entry. */
const said = (outcome: Outcome): string[] =>
  outcome.ok
    ? outcome.entries
        .filter(({ owner }) => owner !== '@redeem')
        .map(({ owner, type, delta, heldDelta, available, held }) =>
          [owner, type, delta, heldDelta, available, held].join(' '),
        )
    : [outcome.code];

/** The balances that an outcome tells: of each user the last. */
function lastOf(entries: readonly Entry[]): Map<string, string> {
  const users = entries.filter(({ owner }) => !owner.startsWith('@'));
  return new Map(
    users.map(({ owner, version, available, held }) => [owner, `${version} ${available} ${held}`]),
  );
}

async function isLeft(t: Test, engine: Engine, outcome: Outcome, name: string): Promise<void> {
  for (const [owner, told] of lastOf(outcome.ok ? outcome.entries : [])) {
    const [balance] = (await engine.balance(owner)) as [Balance];
    const { version, available, held } = balance;
    t.equal(told, `${version} ${available} ${held}`, `${name}: the balance of ${owner} is as told`);
  }
}

async function itemsOf(engine: Engine, shard: number, id: string): Promise<FeedItem[]> {
  const items: FeedItem[] = [];
  const { shards } = await engine.stats();
  const last = shards.find((one) => one.shard === shard)?.durableSeq ?? 0;
  await new Promise<void>((resolve, reject) => {
    const end = engine.subscribe(
      shard,
      1,
      (block) => {
        items.push(...block.items);
        if (block.seq < last) return;
        end();
        resolve();
      },
      reject,
    );
  });
  const at = items.findIndex(({ command }) => 'id' in command && command.id === id);
  return items.slice(at, at + 2);
}

t.test('what is put back too late', async (t) => {
  const folder = temporaryFolder(t);
  const clockOffset = new SharedArrayBuffer(8);
  const settings = { folder, shards: 2, cacheMb: 64, tickMs: 60_000, clockOffset } as const;
  let engine = await open(settings);
  await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0, lotGranularityMs: 1_000 });
  const [[ann = '', cat = '', dan = '', eve = ''] = [], [bob = ''] = []] = ownersOf(engine, 4);
  const soon = Date.now() + SOON_MS;
  const seed = (owner: string) => move(`seed-${owner}`, leg('@issue', owner, 100, soon));
  for (const owner of [ann, cat, dan, eve]) t.ok((await engine.submit(seed(owner))).ok);
  const hold = (owner: string): Command => {
    return { type: 'hold', id: 'hold', owner, asset: 'gold', amount: 60 };
  };
  for (const owner of [ann, cat]) t.ok((await engine.submit(hold(owner))).ok);
  t.ok((await engine.submit(move('spent', leg(dan, '@redeem', 70)))).ok);
  t.ok((await engine.submit(move('given', leg(eve, bob, 80)))).ok);
  new Float64Array(clockOffset)[0] = LATER_MS;

  const rows: [string, Command, string[]][] = [
    [
      'a release',
      { type: 'release', id: 'freed', owner: ann, holdId: 'hold' },
      [`${ann} release 0 -60 60 0`, `${ann} expire -60 0 0 0`],
    ],
    [
      'the rest of a capture',
      {
        type: 'capture',
        id: 'taken',
        owner: cat,
        holdId: 'hold',
        to: '@redeem',
        amount: 20,
        releaseRest: true,
      },
      [`${cat} capture -20 -60 40 0`, `${cat} expire -40 0 0 0`],
    ],
    [
      'a refund',
      { type: 'reverse', id: 'back', owner: dan, transferId: 'spent' },
      [`${dan} reverse 70 0 70 0`, `${dan} expire -70 0 0 0`],
    ],
  ];
  const users = (outcome: Outcome): string[] =>
    said(outcome).filter((text) => !text.startsWith('@'));
  for (const [name, command, should] of rows) {
    t.same(users(await engine.submit(command, { dryRun: true })), should, `${name}, tried`);
    const done = await engine.submit(command);
    t.same(users(done), should, name);
    await isLeft(t, engine, done, name);
    const sum = done.ok ? done.entries.reduce((total, { delta }) => total + delta, 0) : -1;
    t.equal(sum, 0, `${name}: what goes comes to @expire`);
    const again = await engine.submit(command);
    t.same([again.ok && again.replayed, said(again)], [true, said(done)], `${name}, again`);
    const { owner, id } = command as { owner: string; id: string };
    const found = await engine.transfer(owner, id);
    t.same(found !== undefined && 'outcome' in found && said(found.outcome), said(done), 'read');
    const [item, tick] = await itemsOf(engine, 0, id);
    t.equal(item?.outcome.ok && item.outcome.entries.some(({ type }) => type === 'expire'), false);
    t.match(tick, { command: { type: 'tick', owner } }, 'in the feed it is an item of its own');
  }

  // Between shards the points come back only to be asked for at once: bob's have expired, so that he owes them.
  const given: Command = {
    type: 'reverse',
    id: 'returned',
    owner: eve,
    transferId: 'given',
    allowDebt: true,
  };
  const should = [`${eve} reverse 80 0 80 0`, `${eve} expire -80 0 0 0`];
  t.same(users(await engine.submit(given, { dryRun: true })), should, 'between shards, tried');
  const done = await engine.submit(given);
  t.same(users(done), should, 'between shards');
  await isLeft(t, engine, done, 'between shards');

  await engine.close();
  engine = await open(settings);
  t.same(said(await engine.submit(given)), said(done), 'after a restart');
  t.same(users(await engine.submit(rows[0]?.[1] as Command)), rows[0]?.[2], 'after a restart');
  await engine.close();
  t.same((await verifyFolder(folder)).problems, []);
});

t.test('in a batch: each has its own, also where all are atomic', async (t) => {
  for (const atomic of [false, true]) {
    const folder = temporaryFolder(t);
    const clockOffset = new SharedArrayBuffer(8);
    const engine = await open({ folder, shards: 1, cacheMb: 64, tickMs: 60_000, clockOffset });
    await engine.submit({ type: 'define-asset', asset: 'gold', scale: 0, lotGranularityMs: 1_000 });
    const owners = ['a', 'b', 'c'];
    for (const owner of owners) {
      await engine.submit(move(`s-${owner}`, leg('@issue', owner, 10, Date.now() + SOON_MS)));
      await engine.submit({ type: 'hold', id: 'h', owner, asset: 'gold', amount: 10 });
    }
    // What is due on d before a command of his is no business of the command before it.
    await engine.submit(move('s-d', leg('@issue', 'd', 10, Date.now() + SOON_MS)));
    new Float64Array(clockOffset)[0] = LATER_MS;
    const outcomes = await engine.submitBatch(
      [
        ...owners.map((owner): Command => ({ type: 'release', id: 'r', owner, holdId: 'h' })),
        move('late', leg('@issue', 'd', 5)),
        move('last', leg('@issue', 'd', 6)),
      ],
      { atomic },
    );
    t.same(outcomes.map(said), [
      ...owners.map((owner, n) => [
        `${owner} release 0 -10 10 0`,
        `${owner} expire -10 0 0 0`,
        `@expire expire 10 0 ${10 * (n + 1)} 0`,
      ]),
      ['@issue transfer -5 0 -45 0', 'd transfer 5 0 5 0'],
      ['@issue transfer -6 0 -51 0', 'd transfer 6 0 11 0'],
    ]);
    await engine.close();
  }
});
