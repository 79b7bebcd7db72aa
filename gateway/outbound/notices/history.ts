// What became of notices, by member, on disk. Owns: the file, its keys and values. Never touches: addresses, texts: neither is in it.
//   notices.H1. What was sent is stored with the progress of its channel, and before it: so what a kill has told again is known to have been sent,
//       but for what came in the last moment.

import { join } from 'node:path';
import { type Ordered, openStore, type ProjectionStore } from '../../../engine/index.js';
import type { ToldNotice } from './shapes.js';

/** An entry as it is kept. */
export interface Entry extends ToldNotice {
  /** Whose channel it was. */
  readonly scope: string;
}

/** Entries that are looked at for their age in one go. */
const SWEEP_ENTRIES = 5_000;
const TIME_DIGITS = 15;

export class History {
  readonly #store: ProjectionStore<'notices'>;
  readonly #notices: Ordered;
  /** Not committed yet, by key; undefined: to be removed. */
  readonly #changes = new Map<string, Entry | undefined>();
  #sweptTo: Buffer | undefined;

  private constructor(store: ProjectionStore<'notices'>) {
    this.#store = store;
    this.#notices = store.of('notices');
  }

  static async open(folder: string): Promise<History> {
    return new History(await openStore(join(folder, 'outbox', 'notices.mdb'), ['notices']));
  }

  get(owner: string, at: number, id: string): Entry | undefined {
    const key = keyOf(owner, at, id);
    if (this.#changes.has(key)) return this.#changes.get(key);
    const found = this.#notices.getBinary(Buffer.from(key));
    return found && (JSON.parse(found.toString()) as Entry);
  }

  put(owner: string, entry: Entry): void {
    this.#changes.set(keyOf(owner, entry.at, entry.id), entry);
  }

  /** Of a member, the newest first; `before`: only those before the one that was told with it. */
  of(owner: string, before: string | undefined, limit: number, isShown: (entry: Entry) => boolean) {
    this.commit();
    const start = Buffer.from(before === undefined ? `${owner}!` : `${owner} ${before}`);
    const end = Buffer.from(`${owner} `);
    const found: { readonly entry: Entry; readonly cursor: string }[] = [];
    for (const { key, value } of this.#notices.getRange({ start, end, reverse: true })) {
      const cursor = key.toString().slice(owner.length + 1);
      const entry = JSON.parse(value.toString()) as Entry;
      if (cursor === before || !isShown(entry)) continue;
      found.push({ entry, cursor });
      if (found.length >= limit) break;
    }
    return found;
  }

  /** Forgets what became of a member's notices by channels of a scope. */
  forget(owner: string, scope: string): void {
    this.commit();
    const range = { start: Buffer.from(`${owner} `), end: Buffer.from(`${owner}!`) };
    for (const { key, value } of this.#notices.getRange(range))
      if ((JSON.parse(value.toString()) as Entry).scope === scope)
        this.#changes.set(key.toString(), undefined);
    this.commit();
  }

  /** Forgets what is of before a time, some of it: in the end all. */
  sweep(before: number): void {
    const range = { ...(this.#sweptTo && { start: this.#sweptTo }), limit: SWEEP_ENTRIES };
    const keys = [...this.#notices.getKeys(range)];
    for (const key of keys)
      if (timeIn(key.toString()) < before) this.#changes.set(key.toString(), undefined);
    this.#sweptTo = keys.length < SWEEP_ENTRIES ? undefined : keys.at(-1);
  }

  /** Stores all changes so far, durably. */
  commit(): void {
    if (this.#changes.size === 0) return;
    const changes = [...this.#changes];
    this.#changes.clear();
    this.#store.commit(() => {
      for (const [key, entry] of changes)
        if (entry === undefined) this.#notices.removeSync(Buffer.from(key));
        else this.#notices.putSync(Buffer.from(key), Buffer.from(JSON.stringify(entry)));
    });
  }

  async close(): Promise<void> {
    this.commit();
    await this.#store.close();
  }
}

const keyOf = (owner: string, at: number, id: string): string =>
  `${owner} ${String(at).padStart(TIME_DIGITS, '0')}.${id}`;
const timeIn = (key: string): number => Number(key.split(' ')[1]?.slice(0, TIME_DIGITS));
