// How far each receiver is, on disk. Owns: the file, its keys and values. Never touches: the ledger, what is sent.
//   outbound.P1. What was delivered, failed and was given up is stored in one commit for all receivers, a few times in a second: a kill costs what came
//       since, which is delivered again; nothing is passed over.
//   outbound.P2. Progress is a place and a list of exceptions: what is delivered leaves nothing behind.

import { join } from 'node:path';
import { type Ordered, openStore, type ProjectionStore } from '../../engine/index.js';
import { type Place, sequenceOf } from './event.js';

/** Up to where everything is delivered, or is an exception. */
export interface Cursor extends Place {
  /** Of the block before it, hex: a log that was put back has another one there; '': there is none. */
  readonly hash: string;
  /** The last replay that was asked for and begun. */
  readonly epoch: number;
}

/** Why an event is none of those that follow in order. */
export interface Exception extends Place {
  readonly subject: string;
  /** `waiting`: it is tried again, or stands behind one that is; `dead`: it was given up; `dropped`: so, and nobody wants it any more. */
  readonly state: 'waiting' | 'dead' | 'dropped';
  /** How often it was tried. */
  readonly attempts: number;
  /** When it failed first, and is tried again, milliseconds since 1970; undefined: it was not tried yet. */
  readonly failedAt?: number | undefined;
  readonly nextAt?: number | undefined;
  /** What the last attempt came to. */
  readonly reason?: string | undefined;
  readonly status?: number | undefined;
  /** Of its event. */
  readonly hash: string;
  /** Its type, and since when it is dead. */
  readonly type: string;
  readonly deadAt?: number | undefined;
}

/** A receiver on one shard. */
export interface LaneName {
  readonly webhook: string;
  readonly shard: number;
}

const text = (value: object): Buffer => Buffer.from(JSON.stringify(value));
const laneKey = ({ webhook, shard }: LaneName): string => `${webhook} ${shard}`;
/** Behind every key of a prefix with a space behind it. */
const endOf = (prefix: string): Buffer => Buffer.from(`${prefix}!`);

export class Progress {
  readonly #store: ProjectionStore<'cursors' | 'exceptions'>;
  readonly #cursors: Ordered;
  readonly #exceptions: Ordered;
  readonly #changes: (() => void)[] = [];

  private constructor(store: ProjectionStore<'cursors' | 'exceptions'>) {
    this.#store = store;
    this.#cursors = store.of('cursors');
    this.#exceptions = store.of('exceptions');
  }

  static async open(folder: string): Promise<Progress> {
    const path = join(folder, 'outbox', 'progress.mdb');
    return new Progress(await openStore(path, ['cursors', 'exceptions']));
  }

  cursor(lane: LaneName): Cursor | undefined {
    const found = this.#cursors.getBinary(Buffer.from(laneKey(lane)));
    return found && (JSON.parse(found.toString()) as Cursor);
  }

  /** In the order of their places. */
  *exceptions(lane: LaneName): Generator<Exception> {
    const start = Buffer.from(`${laneKey(lane)} `);
    for (const { value } of this.#exceptions.getRange({ start, end: endOf(laneKey(lane)) }))
      yield JSON.parse(value.toString()) as Exception;
  }

  putCursor(lane: LaneName, cursor: Cursor): void {
    const [key, value] = [Buffer.from(laneKey(lane)), text(cursor)];
    this.#changes.push(() => this.#cursors.putSync(key, value));
  }

  putException(lane: LaneName, exception: Exception): void {
    const key = exceptionKey(lane, exception);
    const value = text(exception);
    this.#changes.push(() => this.#exceptions.putSync(key, value));
  }

  removeException(lane: LaneName, place: Place): void {
    const key = exceptionKey(lane, place);
    this.#changes.push(() => this.#exceptions.removeSync(key));
  }

  /** Forgets a receiver on every shard. */
  forget(webhook: string): void {
    const range = { start: Buffer.from(`${webhook} `), end: endOf(webhook) };
    this.#changes.push(() => {
      for (const one of [this.#cursors, this.#exceptions])
        for (const key of [...one.getKeys(range)]) one.removeSync(key);
    });
  }

  /** The webhooks that something is stored of. */
  webhooks(): ReadonlySet<string> {
    const keys = [...this.#cursors.getKeys({ start: Buffer.from([0]) })];
    return new Set(keys.map((key) => key.toString().split(' ')[0] as string));
  }

  /** Stores all changes so far, durably. */
  commit(): void {
    const changes = this.#changes.splice(0);
    if (changes.length === 0) return;
    this.#store.commit(() => {
      for (const change of changes) change();
    });
  }

  async close(): Promise<void> {
    this.commit();
    await this.#store.close();
  }
}

const exceptionKey = (lane: LaneName, place: Place): Buffer =>
  Buffer.from(`${laneKey(lane)} ${sequenceOf(place)}`);
