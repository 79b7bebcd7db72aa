// Changes of balances on a shard of another node. Owns: which owners that node is asked to tell of, and asking again. Never
// touches: who is told.
//   live.W5. What is told over the way between nodes may be lost: versions tell that it is, and what is missing is read.

import { WATCH_LEASE_MS, WATCH_OWNERS_MAX } from '../limits.js';
import type { HistoryEntry, Refused } from '../protocol/outcomes.js';
import type { LiveBalances, LiveOrigin } from './balances.js';
import type { LeaseAnswer } from './leases.js';

/** How often a node is asked again: three times before its time is up. */
const RENEW_MS = WATCH_LEASE_MS / 4;
const RETRY_MS = 500;

/** Asks the node that has the shard to tell of these owners; resolves with the versions that it has told. */
export type AskToTell = (owners: readonly string[]) => Promise<LeaseAnswer | Refused>;

export class RemoteOrigin implements LiveOrigin {
  readonly retryMs = RETRY_MS;
  readonly #ask: AskToTell;
  readonly #live: LiveBalances;
  readonly #owners = new Set<string>();
  /** Those that the node has not been asked for yet, and who waits for that. */
  #asking = new Map<string, (() => void)[]>();
  #timer: NodeJS.Timeout | undefined;

  constructor(ask: AskToTell, live: LiveBalances) {
    this.#ask = ask;
    this.#live = live;
  }

  begin(owner: string): Promise<void> {
    this.#owners.add(owner);
    this.#timer ??= setInterval(() => this.#renew(), RENEW_MS).unref();
    return new Promise((resolve) => {
      if (this.#asking.size === 0) setImmediate(() => this.#askForNew());
      const waiting = this.#asking.get(owner);
      if (waiting === undefined) this.#asking.set(owner, [resolve]);
      else waiting.push(resolve);
    });
  }

  end(owner: string): void {
    // The other node forgets it when it is not asked again.
    this.#owners.delete(owner);
    if (this.#owners.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Asks for all that were begun in this turn, until there is an answer. */
  async #askForNew(): Promise<void> {
    const asking = this.#asking;
    this.#asking = new Map();
    while (asking.size > 0) {
      for (const owners of portions([...asking.keys()])) {
        const isTold = await this.#tellOf(owners);
        for (const owner of owners) {
          if (!isTold && this.#owners.has(owner)) continue;
          for (const resolve of asking.get(owner) ?? []) resolve();
          asking.delete(owner);
        }
      }
      if (asking.size > 0) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }

  async #renew(): Promise<void> {
    for (const owners of portions([...this.#owners])) await this.#tellOf(owners);
  }

  async #tellOf(owners: readonly string[]): Promise<boolean> {
    const answer = await this.#ask(owners);
    if ('ok' in answer && answer.ok === false) return false;
    for (const owner of owners) {
      const versions = Object.entries((answer as LeaseAnswer)[owner] ?? {});
      if (versions.every(([, version]) => Number.isSafeInteger(version)))
        this.#live.isAt(owner, new Map(versions));
    }
    return true;
  }

  /** The node tells of changes of one owner. */
  heard(entries: readonly HistoryEntry[]): void {
    const owner = entries[0]?.owner;
    if (owner !== undefined) this.#live.changed(owner, entries);
  }
}

function portions(owners: readonly string[]): string[][] {
  const all: string[][] = [];
  for (let at = 0; at < owners.length; at += WATCH_OWNERS_MAX)
    all.push(owners.slice(at, at + WATCH_OWNERS_MAX));
  return all;
}
