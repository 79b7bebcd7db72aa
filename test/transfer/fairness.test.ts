// S5: other shards' messages do not keep callers waiting, nor callers what is due. The messages of many transfers are kept back and brought
// to a shard all at once.

import { setTimeout } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { Command } from '../../engine/index.js';
import { F } from '../../engine/ledger/page.js';
import { BATCH_MAX, DAY_MS } from '../../engine/limits.js';
import { slotOf } from '../../engine/protocol/hash.js';
import { Name } from '../../engine/protocol/name.js';
import { Actor } from '../../engine/shard/actor.js';
import { openFolder } from '../../engine/store/folder.js';
import { submit } from '../audit/maker.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';

/** Messages of so many transfers: several blocks. */
const TRANSFERS = 6 * BATCH_MAX;

const SETTINGS = {
  cacheBytes: 64 * 1024 * 1024,
  checkpointBytes: 1024 * 1024 * 1024,
  acceptClock: true,
} as const;

interface Kept {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** Two shards; what the second one says to the first is kept. */
async function twoShards(
  t: Test,
  tickMs: number,
): Promise<{
  actors: Actor[];
  kept: Kept[];
  clock: Float64Array;
  ownerOn: (shard: number) => string;
}> {
  const folder = temporaryFolder(t);
  const { slotMap } = openFolder(folder, { shards: 2, create: true, lock: false });
  const kept: Kept[] = [];
  const clockOffset = new SharedArrayBuffer(8);
  const actors: Actor[] = [];
  for (const shard of [0, 1]) {
    const send = (to: number, bytes: Uint8Array, count: number): void => {
      if (to === 0) kept.push({ bytes, count });
    };
    actors[shard] = await Actor.open({
      ...SETTINGS,
      folder,
      shard,
      slotMap,
      tickMs,
      clockOffset,
      bus: { send, receive: () => {}, close: () => {} },
      emit: (event) => {
        if (event.type === 'fatal') throw new Error(event.message);
      },
    });
  }
  t.teardown(async () => {
    for (const actor of actors) await actor.close();
  });
  let n = 0;
  const ownerOn = (shard: number): string => {
    for (;;) {
      const owner = `user-${n++}`;
      if (slotMap[slotOf(owner)] === shard) return owner;
    }
  };
  const asset: Command = { type: 'define-asset', asset: 'gold', scale: 0 };
  for (const actor of actors) await submit(actor, [asset]);
  return { actors, kept, clock: new Float64Array(clockOffset), ownerOn };
}

const give = (to: string, expiresAt?: number): Command => ({
  type: 'transfer',
  id: `give-${to}`,
  kind: 'EARN',
  legs: [
    {
      from: '@issue',
      to,
      asset: 'gold',
      amount: 1_000_000,
      ...(expiresAt === undefined ? {} : { expiresAt }),
    },
  ],
});

/** Nothing of them is decided: their ends are not brought back. */
async function manyPrepares(actor: Actor, kept: Kept[], from: string, to: string): Promise<void> {
  await submit(actor, [give(from)]);
  for (let sent = 0; sent < TRANSFERS; sent += BATCH_MAX) {
    const batch = Array.from({ length: BATCH_MAX }, (_, i): Command => {
      const legs = [{ from, to, asset: 'gold', amount: 1 }];
      return { type: 'transfer', id: `t${sent + i}`, kind: 'GIFT', legs };
    });
    await submit(actor, batch);
  }
  const count = (): number => kept.reduce((sum, one) => sum + one.count, 0);
  await until('all are on their way', async () => count() >= TRANSFERS);
}

t.test('S5: a caller is answered while other shards ask for several blocks', async (t) => {
  const { actors, kept, ownerOn } = await twoShards(t, 3_600_000);
  const [flooded, home] = actors as [Actor, Actor];
  const local = ownerOn(0);
  await manyPrepares(home, kept, ownerOn(1), ownerOn(0));
  const before = flooded.durableSeq;
  for (const { bytes, count } of kept.splice(0)) flooded.receive(bytes, count);
  await submit(flooded, [give(local)]);
  const waited = flooded.durableSeq - before;
  t.ok(waited <= 2, `answered with block ${waited} of those that were asked for`);
});

t.test('S5: what is due has its portion though callers fill every block', async (t) => {
  const tickMs = 700;
  const { actors, clock, ownerOn } = await twoShards(t, tickMs);
  const actor = actors[0] as Actor;
  const owner = ownerOn(0);
  await submit(actor, [give(owner, Date.now() + 1_000)]);
  clock[0] = 2 * DAY_MS;
  actor.acceptClock();
  const other = ownerOn(0);
  // Nothing is committed while it is time for what is due: the block is full then.
  await actor.pause();
  const before = actor.durableSeq;
  const give1 = { ...give(other), legs: [{ from: '@issue', to: other, asset: 'gold', amount: 1 }] };
  const full = Array.from({ length: BATCH_MAX }, (_, n) => ({ ...give1, id: `full-${n}` }));
  const filled = submit(actor, full as Command[]);
  const waiting = submit(actor, [{ ...give1, id: 'waiting' } as Command]);
  await setTimeout(tickMs + 100);
  actor.resume();
  await Promise.all([filled, waiting]);
  t.equal(actor.durableSeq, before + 2, 'a full block, and the next one');
  const name = Name.of(owner);
  const page = actor.state.pages.pageOf(name.hash);
  const place = page.find(name, actor.state.assets.indexOf('gold'));
  t.equal(page.f64[page.f(place) + F.expired], 1_000_000, 'in which it has expired');
});
