// What acts cause for owners of other processes: through a real NATS server, between real actors with acts of the tests.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { verifyFolder } from '../../engine/audit/verify.js';
import { NatsBus } from '../../engine/bus/nats.js';
import { Seen } from '../../engine/bus/seen.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import type { Command } from '../../engine/protocol/commands.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import { Actor } from '../../engine/shard/actor.js';
import { realMachine } from '../../engine/shard/machine.js';
import { RESULT } from '../../engine/shard/messages.js';
import { openFolder } from '../../engine/store/folder.js';
import { ForeignCheck } from '../../engine/transfer/foreign.js';
import { type Places, placesOf } from '../../engine/transfer/open/places.js';
import { NatsServer } from '../fixtures/nats-server.js';
import { ACTS, ASSET, bodyOf, type Wish } from '../programme/causing.js';
import { temporaryFolder } from '../temporary.js';

const SHARDS = 2;
const PATIENCE_MS = 20_000;

/** A shard of a process of its own, as far as the others can tell. */
async function shardOn(url: string, folder: string, shard: number): Promise<Actor> {
  const { slotMap } = openFolder(folder, { create: false, lock: false });
  const places = placesOf(shard, SHARDS, slotMap);
  const check = new ForeignCheck(places);
  const machine = realMachine(folder, shard);
  const standing = { incarnation: `${shard}`.repeat(32), session: 7, openedSeq: 0 };
  let actor: Actor | undefined;
  const bus = new NatsBus({
    ...{ url, prefix: 'caused', node: `n${shard}`, session: 7, shard, shards: SHARDS },
    far: [1 - shard],
    seen: new Seen([]),
    standing: () => ({ ...standing, durableSeq: actor?.durableSeq ?? 0 }),
    isSound: ({ from, bytes, count }) => check.isSound(from, bytes, count),
    onObjection: () => {},
    onRefused: () => {},
    keep: () => {},
    onProblems: () => {},
    onStandstill: () => {},
  });
  actor = await Actor.open({
    ...{ folder, shard, slotMap, bus, cacheBytes: 2 ** 24, checkpointBytes: 2 ** 30 },
    ...{ tickMs: 100, acceptClock: true },
    machine: {
      ...machine,
      ledger: (state) => {
        const ledger = machine.ledger(state);
        ledger.acts = ACTS;
        return ledger;
      },
    },
    emit: (event) => {
      if (event.type === 'fatal') throw new Error(event.message);
    },
  });
  const opened = actor;
  bus.receive((bytes, count) => opened.receive(bytes, count));
  await bus.introduce();
  return actor;
}

/** Its result: kind and number. */
async function submit(actor: Actor, command: Command, id?: string): Promise<readonly number[]> {
  const { results } = await actor.submit(Uint8Array.from(packCommand(command, id)), 1);
  return [...results];
}

/** An owner on this shard. */
function ownerOn(places: Places, shard: number, name: string): string {
  for (let n = 0; ; n++)
    if (places.shardOf(ownerHash(`${name}${n}`)) === shard) return `${name}${n}`;
}

async function shards(t: Test): Promise<{ folder: string; actors: Actor[]; places: Places }> {
  const folder = join(temporaryFolder(t), 'data');
  const { slotMap } = openFolder(folder, { shards: SHARDS, create: true, lock: false });
  const nats = await NatsServer.start();
  t.teardown(() => nats.close());
  const actors: Actor[] = [];
  for (let shard = 0; shard < SHARDS; shard++) actors.push(await shardOn(nats.url, folder, shard));
  for (const actor of actors)
    await submit(actor, { type: 'define-asset', asset: ASSET, scale: 0, lotTracked: false });
  return { folder, actors, places: placesOf(0, SHARDS, slotMap) };
}

const availableOf = async (actor: Actor, owner: string): Promise<number> => {
  const query = Uint8Array.from(packCommand({ type: 'balance', owner, asset: ASSET }, undefined));
  const { answers } = await actor.submit(query, 1);
  const [answer] = answers;
  return answer?.type === 'balance' ? (answer.balances[0]?.available ?? 0) : 0;
};

t.test('three deep, there and back, and undone with their cause', async (t) => {
  const { folder, actors, places } = await shards(t);
  const [ann, bob, cid] = [0, 1, 0].map((shard, i) => ownerOn(places, shard, 'abc'[i] as string));
  const give = (to: string, amount: number) => [{ from: '@issue', to, amount }];
  const wish: Wish = {
    legs: give(ann as string, 1),
    causes: [
      {
        owner: bob as string,
        wish: {
          legs: give(bob as string, 20),
          causes: [{ owner: cid as string, wish: { legs: give(cid as string, 300) } }],
        },
      },
    ],
  };
  const id = randomBytes(8).toString('hex');
  const act = { type: 'act', owner: ann as string, act: 'first', body: bodyOf(wish) } as const;
  const told = await submit(actors[0] as Actor, act, id);
  t.equal(told[0], RESULT.record);
  const have = async (): Promise<string> =>
    (
      await Promise.all([
        availableOf(actors[0] as Actor, ann as string),
        availableOf(actors[1] as Actor, bob as string),
        availableOf(actors[0] as Actor, cid as string),
      ])
    ).join();
  const until = async (expected: string): Promise<void> => {
    const end = Date.now() + PATIENCE_MS;
    while ((await have()) !== expected && Date.now() < end) await sleep(20);
    t.equal(await have(), expected);
  };
  await until('1,20,300');
  const reverse = { type: 'reverse', owner: ann as string, transferId: id } as const;
  t.equal((await submit(actors[0] as Actor, reverse, `${id}-back`))[0], RESULT.record);
  await until('0,0,0');
  for (const actor of actors) await actor.close();
  t.same((await verifyFolder(folder)).problems, []);
});
