// The committed feed: from any position it equals the log, live or not.

import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import {
  type Engine,
  type FeedBlock,
  type FeedPosition,
  RefusedError,
} from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { anyCommand, openLedger, textOf, wholeFeed } from './ledger.js';

/** A follower that stops now and then, and goes on from where it was. */
class Follower {
  readonly items: string[] = [];
  position: FeedPosition;
  readonly #start: FeedPosition;
  #end: () => void = () => {};
  #again: NodeJS.Timeout | undefined;

  constructor(start: FeedPosition) {
    this.#start = start;
    this.position = start;
  }

  begin(ledger: Engine, shard: number, random: Random): void {
    const take = async (block: FeedBlock) => {
      const { seq, items } = block;
      if (seq === this.position.seq + 1) this.position = { seq, index: 0 };
      if (seq !== this.position.seq) throw new Error(`block ${seq} after ${this.position.seq}`);
      for (const item of items) {
        if (item.index !== this.position.index) throw new Error(`item ${item.index} of ${seq}`);
        this.items.push(textOf({ seq, ...item }));
        this.position = { seq, index: item.index + 1 };
        if (random.chance(0.01)) {
          // In the midst of a block: what is left of it comes again.
          this.#end();
          this.#again = setTimeout(() => this.begin(ledger, shard, random), 1);
          return;
        }
      }
      if (random.chance(0.05)) await pause(random.int(20));
    };
    this.#end = ledger.subscribe(shard, this.position, take, (error) => {
      throw error;
    });
  }

  end(): void {
    clearTimeout(this.#again);
    this.#end();
  }

  /** What it should have seen of these blocks. */
  expected(blocks: readonly FeedBlock[]): string[] {
    const { seq: first, index } = this.#start;
    return blocks
      .filter(({ seq }) => seq >= first)
      .flatMap(({ seq, items }) =>
        items.slice(seq === first ? index : 0).map((item) => textOf({ seq, ...item })),
      );
  }
}

const cases = campaign({ name: 'the feed equals the log', long: 200, sample: 1 });
t.test('from any position, live and from the log, each item once in order', async (t) => {
  await cases.run(async (seed) => {
    const random = new Random(seed);
    const folder = temporaryFolder(t);
    let ledger = await openLedger(folder);
    const followers: Follower[] = [];
    let number = 0;
    const work = async (batches: number) => {
      for (let batch = 0; batch < batches; batch++) {
        const commands = Array.from({ length: 1 + random.int(60) }, () =>
          anyCommand(random, 40, `c${number++}`),
        );
        await ledger.submitBatch(commands);
        if (random.chance(0.3)) {
          const { shards } = await ledger.stats();
          const head = shards[0]?.durableSeq ?? 0;
          const seq = 1 + random.int(head + 1);
          const index = seq > head || random.chance(0.3) ? 0 : random.int(20);
          const follower = new Follower({ seq, index });
          follower.begin(ledger, 0, random);
          followers.push(follower);
        }
      }
    };
    await work(40);
    for (const follower of followers) follower.end();
    await ledger.close();
    ledger = await openLedger(folder);
    // Those of before go on where they were.
    for (const follower of followers) follower.begin(ledger, 0, random);
    await work(20);
    const blocks = await wholeFeed(ledger, 0);
    const last = blocks[blocks.length - 1]?.seq ?? 0;
    const lasted = (): boolean => followers.every(({ position }) => position.seq >= last);
    await until('all followers at the end', lasted);
    await pause(0);
    for (const follower of followers) {
      follower.end();
      const seen = follower.items.filter((item) => JSON.parse(item).seq <= last);
      t.same(seen, follower.expected(blocks), `seed ${seed}: follower`);
    }
    await ledger.close();
  });
});

t.test('what records are shown as', async (t) => {
  const ledger = await openLedger(temporaryFolder(t));
  const on = (shard: number): string =>
    ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].find((name) => ledger.shardOf(name) === shard) ?? '';
  const [near, far] = [on(0), on(1)];
  await ledger.submit({
    type: 'transfer',
    id: 'earn',
    legs: [{ from: '@issue', to: near, asset: 'points', amount: 9 }],
  });
  const sent = { type: 'transfer', id: 'gift', kind: 'GIFT', memo: 'for you', legs: [] } as const;
  const legs = [{ from: near, to: far, asset: 'points', amount: 4 }];
  const outcome = await ledger.submit({ ...sent, legs });
  t.ok(outcome.ok);
  const there = (await wholeFeed(ledger, 1)).flatMap(({ items }) => items);
  const prepare = there.find(({ command }) => command.type === 'prepare');
  t.match(prepare?.transfer, { type: 'transfer', id: 'gift', memo: 'for you', legs });
  t.equal(prepare?.outcome.id, 'gift');
  const here = (await wholeFeed(ledger, 0)).flatMap(({ items }) => items);
  const decision = here.find(({ command }) => command.type === 'decision');
  t.match(decision?.transfer, { type: 'transfer', id: 'gift', kind: 'GIFT', legs });
  t.match(decision?.outcome, { ok: true, entries: [{ owner: near, delta: -4, available: 5 }] });
  await ledger.close();
});

t.test('an asset that is defined and used in one go is known to who follows', async (t) => {
  const ledger = await openLedger(temporaryFolder(t), { shards: 1 });
  const assets: string[] = [];
  const { shards } = await ledger.stats();
  let last = 0;
  ledger.subscribe(0, (shards[0]?.durableSeq ?? 0) + 1, ({ seq, items }) => {
    last = seq;
    for (const { outcome } of items)
      if (outcome.ok) for (const { asset } of outcome.entries) assets.push(asset);
  });
  await pause(20);
  const legs = (asset: string) => [{ from: '@issue', to: 'a', asset, amount: 1 }];
  for (let i = 0; i < 20; i++) {
    const asset = `new_${i}`;
    await Promise.all([
      ledger.submit({ type: 'define-asset', asset, scale: 0 }),
      pause(0).then(() => ledger.submit({ type: 'transfer', id: `t${i}`, legs: legs(asset) })),
      pause(1).then(() => ledger.submit({ type: 'transfer', id: `s${i}`, legs: legs(asset) })),
    ]);
  }
  await ledger.submit({ type: 'open-account', owner: 'last', asset: 'points' });
  const blocks = await wholeFeed(ledger, 0);
  await until('the last block', () => last >= (blocks[blocks.length - 1]?.seq ?? 0));
  t.ok(assets.length >= 20);
  t.same(
    assets.filter((asset) => !asset.startsWith('new_')),
    [],
  );
  await ledger.close();
});

t.test(
  'a position ahead of the log is refused, and a listener that throws ends its own only',
  async (t) => {
    const ledger = await openLedger(temporaryFolder(t), { shards: 1 });
    const { shards } = await ledger.stats();
    const head = shards[0]?.durableSeq ?? 0;
    for (const from of [head + 2, { seq: head + 1, index: 1 }, Number.MAX_SAFE_INTEGER]) {
      const error = await new Promise<Error>((resolve) => {
        ledger.subscribe(0, from, () => {}, resolve);
      });
      t.ok(error instanceof RefusedError && error.refusal.code === 'POSITION_AHEAD');
    }
    for (const [seq, index] of [
      [0, 0],
      [1.5, 0],
      [1, -1],
      [1, Number.NaN],
    ] as const)
      t.throws(() => ledger.subscribe(0, { seq, index }, () => {}), RangeError);
    t.throws(() => ledger.subscribe(1, 1, () => {}), RangeError);
    const seen: number[] = [];
    ledger.subscribe(0, head + 1, ({ seq }) => {
      seen.push(seq);
    });
    const thrown = new Promise<Error>((resolve) => {
      const listener = () => {
        throw new Error('mine');
      };
      ledger.subscribe(0, 1, listener, resolve);
    });
    t.equal((await thrown).message, 'mine');
    await ledger.submit({ type: 'open-account', owner: 'a', asset: 'points' });
    await pause(50);
    t.same(seen, [head + 1]);
    await ledger.close();
  },
);
