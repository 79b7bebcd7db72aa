// Acts that take records of `#` owners which nobody has (Act.picks): codes of goods. Owns: which of them this process offers to which act. Never
// touches: who gets one, which the commit says.
//   router.O9. What is offered is a hint: it may be taken by the time the act is decided. Then the act is asked for again with others, under its id, as
//       long as its caller waits, OFFERS_MAX times at most. Where none is left, it is handed over without any: a repeat is told what it came to.
//   router.O10. What lies on the shard of the home owner is offered first: then all of the act is one block on one shard.
//   router.O11. What was offered is offered to nobody else for OFFERED_MS, as long as there are others. Nothing is kept of it: what was not taken is
//       found again.

import { FREE_LOOKED_AT, NONE_FREE_MS, OFFERED_MS, OFFERS_MAX } from '../limits.js';
import type { Act } from '../programme/act.js';
import { CALLER_ACTS } from '../programme/index.js';
import { mayAsk } from '../programme/permitted.js';
import { recordTypeOf } from '../programme/plan.js';
import type { ActCommand, Command, Query } from '../protocol/commands.js';
import type { Granted } from '../protocol/grants.js';
import { isRefusal, type Outcome } from '../protocol/outcomes.js';
import type { RefusalCode } from '../protocol/refusals.js';
import type { Answer } from '../shard/messages.js';
import type { Waiter } from './lane.js';

type Picks = NonNullable<Act['picks']>;
type Source = NonNullable<ReturnType<Picks['from']>>;

/** What is needed of the router. */
interface Asker {
  shardOf(owner: string): number;
  ask(
    query: Query,
    shard: number | undefined,
    asking: { readonly owned: boolean; readonly timeoutMs: number },
  ): Promise<Answer | Outcome>;
}

/** Of how many definitions it is remembered what is taken by them. */
const SOURCES_MAX = 200_000;
const FIRST = 0;
/** Before an act is asked for again; each time twice as long. */
const PAUSE_MS = 5;
/** Somebody else has taken it, or is about to. */
const TAKEN: ReadonlySet<RefusalCode> = new Set(['BUDGET_BUSY', 'ACCOUNT_BUSY']);

/** What an act takes. */
export interface Wanted {
  readonly command: ActCommand;
  readonly picks: Picks;
  readonly kind: string;
  readonly key: string;
  readonly count: number;
}

/** Free records of one kind, as far as they are known here. */
class Pool {
  readonly source: Source;
  /** By owner: keys that are not offered. */
  readonly free = new Map<string, string[]>();
  /** By owner: until when it is believed that there is none. */
  readonly none = new Map<string, number>();
  /** When keys were offered. */
  readonly offered = new Map<string, number>();
  readonly reading = new Map<string, Promise<void>>();
  /** Of which owner is asked first where none is near: the next one, so that processes do not all begin with the same. */
  turn = Math.floor(Math.random() * 1_000);

  constructor(source: Source) {
    this.source = source;
  }

  forget(now: number): void {
    for (const [key, at] of this.offered) {
      if (at + OFFERED_MS > now) return;
      this.offered.delete(key);
    }
  }
}

export class Picking {
  readonly #router: Asker;
  /** By kind and key; null: nothing is taken. */
  readonly #pools = new Map<string, Pool | null>();

  constructor(router: Asker) {
    this.#router = router;
  }

  /** What is to be offered to a command; undefined: nothing, as far as that is known. The command may be anything. */
  wanted(command: Command, granted: Granted): Wanted | undefined {
    if (command?.type !== 'act') return undefined;
    const act = CALLER_ACTS.get(command.act);
    if (act?.picks === undefined || !mayAsk(act, granted, command.body)) return undefined;
    const { body } = command;
    const found = typeof body === 'object' && body !== null ? act.picks.of(body) : undefined;
    if (found === undefined || this.#pools.get(`${found.kind} ${found.key}`) === null)
      return undefined;
    return { command, picks: act.picks, ...found };
  }

  /** The command, with what is offered to it. `until`: how long it is waited for, by the monotonic clock. */
  async offered({ command, picks, kind, key, count }: Wanted, until: number): Promise<ActCommand> {
    const pool = await this.#poolOf(picks, kind, key, until);
    if (pool === undefined) return command;
    const keys = await this.#offer(pool, count, this.#router.shardOf(command.owner), until);
    return { ...command, body: picks.complete(command.body, keys) };
  }

  async #poolOf(picks: Picks, kind: string, key: string, until: number): Promise<Pool | undefined> {
    const name = `${kind} ${key}`;
    const known = this.#pools.get(name);
    if (known !== undefined) return known ?? undefined;
    const query = { type: 'read-definitions', kind, key, after: undefined, limit: 1 } as const;
    const answer = await this.#ask(query, FIRST, until);
    if (answer === undefined || answer.type !== 'read-definitions') return undefined;
    const document = answer.definitions[0]?.versions.findLast((one) => one.document)?.document;
    if (document === undefined) return undefined;
    const source = picks.from(document, key);
    if (this.#pools.size >= SOURCES_MAX) this.#pools.clear();
    const pool = source === undefined ? null : new Pool(source);
    this.#pools.set(name, pool);
    return pool ?? undefined;
  }

  async #ask(query: Query, shard: number | undefined, until: number): Promise<Answer | undefined> {
    const timeoutMs = Math.max(0, until - performance.now());
    const answer = await this.#router.ask(query, shard, { owned: true, timeoutMs });
    return isRefusal(answer) ? undefined : (answer as Answer);
  }

  /** So many keys; none: there are not so many. */
  async #offer(pool: Pool, count: number, shard: number, until: number): Promise<string[]> {
    pool.forget(performance.now());
    const found: string[] = [];
    const { owners } = pool.source;
    pool.turn++;
    const order = owners.map((_, i) => owners[(i + pool.turn) % owners.length] as string);
    const isNear = (owner: string): boolean => this.#router.shardOf(owner) === shard;
    const near = [...order.filter(isNear), ...order.filter((owner) => !isNear(owner))];
    for (const mayBeOffered of [false, true])
      for (const owner of near) {
        const isKnown = (pool.free.get(owner)?.length ?? 0) > 0;
        if (!isKnown) await this.#look(pool, owner, until, mayBeOffered);
        const free = pool.free.get(owner) ?? [];
        while (free.length > 0 && found.length < count) {
          const one = free.pop() as string;
          if (found.includes(one)) continue;
          pool.offered.delete(one);
          pool.offered.set(one, performance.now());
          found.push(one);
        }
        if (found.length === count) return found;
      }
    // Too few: they are free again.
    for (const one of found) pool.offered.delete(one);
    return [];
  }

  /** Looks what an owner has that nobody has, once for all who ask at a time. */
  async #look(pool: Pool, owner: string, until: number, mayBeOffered: boolean): Promise<void> {
    if ((pool.none.get(owner) ?? 0) > performance.now()) return;
    let reading = pool.reading.get(owner);
    if (reading === undefined) {
      reading = this.#read(pool, owner, until, mayBeOffered).finally(() =>
        pool.reading.delete(owner),
      );
      pool.reading.set(owner, reading);
    }
    await reading;
  }

  async #read(pool: Pool, owner: string, until: number, mayBeOffered: boolean): Promise<void> {
    const recordType = recordTypeOf(pool.source.type);
    let after: string | undefined;
    for (;;) {
      const limit = FREE_LOOKED_AT;
      const query = { type: 'list-records', owner, recordType, after, limit } as const;
      const answer = await this.#ask(query, undefined, until);
      if (answer === undefined || answer.type !== 'list-records') return;
      const keys = answer.records.map(({ key }) => key);
      const free = mayBeOffered ? keys : keys.filter((key) => !pool.offered.has(key));
      pool.free.set(owner, free);
      if (keys.length === 0 && after === undefined)
        pool.none.set(owner, performance.now() + NONE_FREE_MS);
      if (free.length > 0 || keys.length < limit) return;
      after = keys.at(-1);
    }
  }
}

/** Who waits for an act to which something was offered: it is asked for again where that was taken. */
export class Offered implements Waiter {
  readonly granted;
  readonly context;
  readonly until;
  readonly #picking: Picking;
  readonly #wanted: Wanted;
  /** Hands the completed command over. */
  readonly #hand: (command: ActCommand, waiter: Waiter) => void;
  readonly #fail: (error: Error) => void;
  readonly #waiter: Waiter;
  readonly #index: number;
  #left = OFFERS_MAX;
  #pauseMs = PAUSE_MS;

  constructor(
    picking: Picking,
    wanted: Wanted,
    hand: (command: ActCommand, waiter: Waiter) => void,
    fail: (error: Error) => void,
    waiter: Waiter,
    index: number,
  ) {
    this.#picking = picking;
    this.#wanted = wanted;
    this.#hand = hand;
    this.#fail = fail;
    this.#waiter = waiter;
    this.#index = index;
    this.granted = waiter.granted;
    this.context = waiter.context;
    this.until = waiter.until;
  }

  next(): void {
    this.#left--;
    this.#picking
      .offered(this.#wanted, this.until)
      .then((command) => this.#hand(command, this))
      .catch(this.#fail);
  }

  settled(_index: number, result: Outcome | Answer): void {
    const isTaken = isRefusal(result) && TAKEN.has(result.code);
    const isOver = this.#left === 0 || performance.now() + this.#pauseMs >= this.until;
    if (!isTaken || isOver) {
      this.#waiter.settled(this.#index, result);
      return;
    }
    // What somebody else is about to take may be free again.
    setTimeout(() => this.next(), this.#pauseMs);
    this.#pauseMs *= 2;
  }
}
