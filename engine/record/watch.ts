// The log of record, watched while the ledger is open. Owns: what is told of it. Never touches: appends, which judge for themselves.
//   record.W1. What is not known counts as trouble: a server that does not answer a look is not ready.

import { RECORD_WATCH_MS } from '../limits.js';
import type { Joining } from './joining.js';
import { lookAt, type RecordLook } from './look.js';
import type { RecordPlace } from './place.js';
import { Session } from './session.js';

/** A look that is older than this says nothing any more. */
const STALE_LOOKS = 5;

export class RecordWatch {
  readonly #place: RecordPlace;
  readonly #standby: boolean;
  #session: Session | undefined;
  #look: RecordLook;
  #lookedAt = performance.now();
  #trouble: string | null = null;
  /** What shards say holds up their appends. */
  readonly #shards = new Map<number, string>();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor({ way, look }: Joining) {
    this.#place = way.place;
    this.#standby = way.standby;
    this.#look = look;
    this.#again();
  }

  #again(): void {
    if (this.#isClosed) return;
    this.#timer = setTimeout(() => void this.#next(), RECORD_WATCH_MS).unref();
  }

  async #next(): Promise<void> {
    try {
      if (this.#session === undefined || this.#session.isOver)
        this.#session = await Session.toPrimary(this.#place, 'jifen watches');
      this.#look = await lookAt(this.#session, this.#place, this.#standby);
      this.#trouble = null;
    } catch (error) {
      this.#session?.end();
      this.#trouble = (error as Error).message;
    }
    this.#lookedAt = performance.now();
    this.#again();
  }

  /** What a shard says of its appends; null: nothing holds them up. */
  shardSays(shard: number, trouble: string | null): void {
    if (trouble === null) this.#shards.delete(shard);
    else this.#shards.set(shard, trouble);
  }

  get look(): RecordLook {
    return { ...this.#look, trouble: this.troubles[0] ?? null };
  }

  /** Why nothing, or not all, can be acknowledged now: sentences. */
  get troubles(): readonly string[] {
    const isStale = performance.now() - this.#lookedAt > STALE_LOOKS * RECORD_WATCH_MS;
    const whole = this.#trouble ?? (isStale ? 'it does not answer' : this.#look.trouble);
    const shards = [...this.#shards].map(([shard, trouble]) => `shard ${shard}: ${trouble}`);
    return [...(whole === null ? [] : [whole]), ...shards];
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#session?.close();
  }
}
