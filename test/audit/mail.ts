// A folder whose shards' messages are brought by hand, so that transfers stay under way. Owns: the actors and what they sent.
// Never touches: what is done to the folder in between.

import type { Command } from '../../engine/index.js';
import { DAY_MS } from '../../engine/limits.js';
import { slotOf } from '../../engine/protocol/hash.js';
import { Actor } from '../../engine/shard/actor.js';
import { openFolder } from '../../engine/store/folder.js';
import { submit } from './maker.js';

export const SHARDS = 3;

/** Owners by shard, three on each. */
export function ownersOf(slotMap: Uint16Array): string[][] {
  const owners: string[][] = Array.from({ length: SHARDS }, () => []);
  for (let n = 0; owners.some((some) => some.length < 3); n++) {
    const some = owners[slotMap[slotOf(`user-${n}`)] as number] as string[];
    if (some.length < 3) some.push(`user-${n}`);
  }
  return owners;
}

export const OPENING: readonly Command[] = [
  { type: 'define-asset', asset: 'gold', scale: 0, defaultExpiryMs: 5 * DAY_MS },
  { type: 'define-asset', asset: 'coin', scale: 0, lotTracked: false },
];

/** Shards without a bus: what they send each other waits here until it is brought. */
export class Mail {
  readonly actors: Actor[] = [];
  readonly #folder: string;
  readonly #waiting: { to: number; bytes: Uint8Array; count: number }[] = [];

  /** Their clock stands still while they are closed: what is open is not late, however long looking at it takes. */
  readonly #clockOffset = new SharedArrayBuffer(8);
  #stoodStillAt = Date.now();

  constructor(folder: string) {
    this.#folder = folder;
  }

  async open(): Promise<void> {
    const { slotMap } = openFolder(this.#folder, { create: false, lock: false });
    new Float64Array(this.#clockOffset)[0] = this.#stoodStillAt - Date.now();
    for (let shard = 0; shard < SHARDS; shard++) {
      const send = (to: number, bytes: Uint8Array, count: number): void => {
        this.#waiting.push({ to, bytes, count });
      };
      this.actors[shard] = await Actor.open({
        folder: this.#folder,
        shard,
        slotMap,
        bus: { send, receive: () => {}, close: () => {} },
        cacheBytes: 16 * 1024 * 1024,
        checkpointBytes: 1024 * 1024 * 1024,
        tickMs: 3_600_000,
        acceptClock: true,
        clockOffset: this.#clockOffset,
        emit: (event) => {
          if (event.type === 'fatal') throw new Error(event.message);
        },
      });
    }
  }

  /** Brings what waits for a shard; what that causes is durable then. Returns the block it is in. */
  async bring(shard: number): Promise<number> {
    const actor = this.actors[shard] as Actor;
    const seq = actor.durableSeq + 1;
    for (let i = 0; i < this.#waiting.length; ) {
      const one = this.#waiting[i] as { to: number; bytes: Uint8Array; count: number };
      if (one.to !== shard) i++;
      else {
        this.#waiting.splice(i, 1);
        actor.receive(one.bytes, one.count);
      }
    }
    // A block of its own, after that of the message.
    await submit(actor, [OPENING[0] as Command]);
    await actor.checkpointNow();
    return seq;
  }

  async close(): Promise<void> {
    for (const actor of this.actors) await actor.close();
    this.#stoodStillAt = Date.now() + (new Float64Array(this.#clockOffset)[0] ?? 0);
  }
}
