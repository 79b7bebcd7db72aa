// The lane of a shard: the router's way to it. Owns: commands gathered for it and on their way, callers who wait for decisions.
// Never touches: threads (LocalLane), messages between nodes (RemoteLane).
//   router.O1. Commands of one home owner reach its shard in the order in which they were submitted.
//   router.O2. Commands that come in one turn of the event loop, or while their shard is busy, go to it in one batch.

import { BLOCK_COMMAND_BYTES_MAX } from '../limits.js';
import type { AskedBy } from '../protocol/audit-context.js';
import { CommandBuffer } from '../protocol/command-buffer.js';
import type { Command, Query } from '../protocol/commands.js';
import { EffectReader } from '../protocol/effects.js';
import { type Granted, toldRefusal } from '../protocol/grants.js';
import { type Asset, type Outcome, refused } from '../protocol/outcomes.js';
import { outcomeOf, type RecordPlace } from '../protocol/read-back.js';
import type { RefusalCode } from '../protocol/refusals.js';
import type { Answer, Decided, Replayed, Reply, Segment } from '../shard/messages.js';
import { RESULT } from '../shard/messages.js';

/**
 * Commands that are worth another batch while one is under way; fewer wait for it, and share its successor. Measured with 64 callers on two
 * shards: blocks of 27 commands in place of 20, a quarter more commands a second.
 */
const NEXT_BATCH_COMMANDS = 64;

/** Told what became of the command or query at `index`. */
export interface Waiter {
  /** What who asks may do. */
  readonly granted: Granted;
  /** Who asks; null: nobody is named. */
  readonly context: AskedBy | null;
  settled(index: number, result: Outcome | Answer): void;
  /** Instead of settled(), of what lies in a record: where that is. Left out: it is told what is made of it. */
  recorded?(index: number, at: Recorded, offset: number): void;
  /** The id of a command that was handed over as bytes. */
  idAt?(index: number): string | undefined;
  /** When it is told that there is no answer yet, whatever it waits for: performance.now(). */
  readonly until: number;
}

/** Where records of a reply lie. */
export interface Recorded extends RecordPlace {
  readonly seq: number;
  readonly time: number;
}

/** Somebody who waits for a decision, and is told once, whichever way it comes. */
export class Undecided {
  readonly #index: number;
  readonly id: string | undefined;
  readonly until: number;
  /** Whose ids the waiter's are. */
  readonly scope: string | undefined;
  #waiter: Waiter | null;

  constructor(waiter: Waiter, index: number, id: string | undefined, until: number) {
    this.#waiter = waiter;
    this.#index = index;
    this.id = id;
    this.until = until;
    this.scope = waiter.granted.scope;
  }

  /** Has it been told nothing yet? */
  get isWaiting(): boolean {
    return this.#waiter !== null;
  }

  tell(outcome: Outcome): void {
    const waiter = this.#waiter;
    this.#waiter = null;
    waiter?.settled(this.#index, outcome);
  }
}

/** Commands and queries gathered for one shard. */
export class Gathering {
  readonly commands: CommandBuffer;
  readonly ids: (string | undefined)[] = [];
  /** Null: was told already. */
  readonly waiters: (Waiter | null)[] = [];
  readonly indexes: number[] = [];
  /** Of those that count as more than one: how many more. */
  extra = 0;

  /** `commands`: an empty buffer. */
  constructor(commands: CommandBuffer) {
    this.commands = commands;
  }

  add(command: Command | Query, id: string | undefined, waiter: Waiter, index: number): void {
    this.#asked(waiter);
    this.commands.append(command, id);
    this.#added(id, waiter, index);
  }

  /** Adds the command in bytes[start, end), which passed in place. Its waiter knows its id. */
  addBytes(bytes: Uint8Array, start: number, end: number, waiter: Waiter, index: number): void {
    this.#asked(waiter);
    this.commands.appendPassed(bytes, start, end);
    this.#added(undefined, waiter, index);
  }

  /** Says what who asks for the next command may do, and who that is. */
  #asked({ granted, context }: Waiter): void {
    this.commands.grant(granted);
    this.commands.asked(context === null ? null : this.packed(context));
  }

  /** The id that a command goes by; undefined: it has none. */
  idAt(i: number): string | undefined {
    return this.ids[i] ?? this.waiters[i]?.idAt?.(this.indexes[i] as number);
  }

  #added(id: string | undefined, waiter: Waiter, index: number): void {
    this.ids.push(id);
    this.waiters.push(waiter);
    this.indexes.push(index);
  }

  /** Who asks, as this shard is told. */
  protected packed(context: AskedBy): Uint8Array {
    return context.here;
  }

  /** When the first of those who wait is told that there is no answer: performance.now(). */
  get until(): number {
    let until = Number.POSITIVE_INFINITY;
    for (const waiter of this.waiters) until = Math.min(until, waiter?.until ?? until);
    return until;
  }

  /** Tells everybody who waits the same. */
  refuse(code: RefusalCode): void {
    for (let i = 0; i < this.ids.length; i++) {
      const waiter = this.waiters[i] as Waiter | null;
      const id = this.idAt(i);
      this.waiters[i] = null;
      waiter?.settled(this.indexes[i] as number, refused(code, undefined, id));
    }
  }
}

/** For whom an outcome is read, and where. */
export interface Asker {
  readonly shard: number;
  /** Whose ids who asks has. */
  readonly scope: string | undefined;
}

/** What a lane needs of the router. */
export interface LaneHome {
  /** The assets, in the order of their numbers. */
  readonly assets: { readonly list: readonly Asset[] };
  /** Looks after those who wait, as long as there are any. */
  watch(): void;
  fail(error: Error): void;
  /** A lane has begun to wait for replies (1), or waits for none any more (-1). */
  busy(change: 1 | -1): void;
  /** A shard here has decided transfers. */
  decided(lane: Lane, decided: Decided): void;
  /** Does `go` once this process may answer for its shards, which it nearly always may; `refuse` where that is not in time. */
  pass(go: () => void, refuse: (code: RefusalCode) => void, until: () => number): void;
  /** Is the shard served by two processes, as far as is known? What one of them says is not believed. */
  isDisputed(shard: number): boolean;
  loggedOutcome(
    asker: Asker,
    replayed: Replayed,
    id: string | undefined,
    isRepeat: boolean,
  ): Outcome;
}

export abstract class Lane {
  readonly shard: number;
  protected readonly home: LaneHome;
  /** Batches that the shard has at once, and commands of one. */
  readonly #tasksMax: number;
  readonly #commandsMax: number;
  protected readonly gathered: Gathering[] = [];
  protected gathering: Gathering;
  /** An empty buffer that is used again. */
  protected spare: CommandBuffer | null = null;
  /** By ticket. */
  protected readonly undecided = new Map<number, Undecided>();
  /** Decisions that came before the reply with their ticket: the event, and the record's offset in it. */
  protected readonly early = new Map<number, readonly [Decided, number]>();
  #inFlight = 0;
  #isScheduled = false;
  waiting = 0;

  constructor(shard: number, home: LaneHome, tasksMax: number, commandsMax: number) {
    this.shard = shard;
    this.home = home;
    this.#tasksMax = tasksMax;
    this.#commandsMax = commandsMax;
    this.gathering = this.gather(0);
  }

  /** Takes what was gathered on its way; ends with done() or lost(). */
  protected abstract carry(gathered: Gathering): void;

  /** Something to gather in; `bytes`: about how many it will take. */
  protected gather(bytes: number): Gathering {
    const commands = this.spare ?? new CommandBuffer(bytes);
    this.spare = null;
    return new Gathering(commands);
  }

  add(command: Command | Query, id: string | undefined, waiter: Waiter, index: number): void {
    this.gathering.add(command, id, waiter, index);
    this.#added();
  }

  /** Adds the command in bytes[start, end), which passed in place: of a shard of this process. */
  addBytes(bytes: Uint8Array, start: number, end: number, waiter: Waiter, index: number): void {
    this.gathering.addBytes(bytes, start, end, waiter, index);
    this.#added();
  }

  #added(): void {
    const { gathering } = this;
    this.waiting++;
    if (
      gathering.ids.length >= this.#commandsMax ||
      gathering.commands.length >= BLOCK_COMMAND_BYTES_MAX
    ) {
      this.gathered.push(gathering);
      this.gathering = this.gather(gathering.commands.length);
      this.#send();
    } else this.#schedule();
  }

  /** As add(), of a query that counts as so many commands. */
  addHeavy(query: Query, weight: number, waiter: Waiter): void {
    this.gathering.extra += weight - 1;
    this.waiting += weight - 1;
    this.add(query, undefined, waiter, 0);
  }

  /** Sends at the end of this turn of the event loop: what other callers ask for in it goes along. */
  #schedule(): void {
    if (this.#isScheduled || this.#inFlight >= this.#tasksMax) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      this.#send();
    });
  }

  /** Sends what was gathered: to an idle shard at once, to a busy one only what is worth a block of its own. */
  #send(): void {
    while (this.#inFlight < this.#tasksMax) {
      const next = this.gathered.shift() ?? this.gathering;
      if (next.ids.length < (this.#inFlight === 0 ? 1 : NEXT_BATCH_COMMANDS)) return;
      if (next === this.gathering) this.gathering = this.gather(next.commands.length);
      this.#inFlight++;
      this.carry(next);
    }
  }

  #ended(gathered: Gathering): void {
    this.#inFlight--;
    this.waiting -= gathered.ids.length + gathered.extra;
    if (this.gathering.ids.length >= NEXT_BATCH_COMMANDS || this.gathered.length > 0) this.#send();
    else this.#schedule();
  }

  /** There will be no reply. */
  protected lost(gathered: Gathering, code: RefusalCode): void {
    this.#ended(gathered);
    gathered.refuse(code);
  }

  protected done(gathered: Gathering, reply: Reply): void {
    this.#ended(gathered);
    const { segments, results } = reply;
    let segment = 0;
    let at: Recorded | null = null;
    for (let i = 0; i < gathered.ids.length; i++) {
      while (segment < segments.length && (segments[segment] as Segment).to <= i) {
        segment++;
        at = null;
      }
      const waiter = gathered.waiters[i] as Waiter | null;
      if (waiter === null) continue;
      const kind = results[i * 2] as number;
      const value = results[i * 2 + 1] as number;
      const index = gathered.indexes[i] as number;
      if (kind === RESULT.record) {
        at ??= this.#recorded(segments[segment] as Segment);
        if (waiter.recorded !== undefined) waiter.recorded(index, at, value);
        else {
          const { effects, assets, commands, seq, time } = at;
          const { scope } = waiter.granted;
          const place = { shard: this.shard, effects, assets, commands, scope };
          waiter.settled(index, outcomeOf(place, value, gathered.ids[i], seq, time, false));
        }
      } else if (kind === RESULT.open) {
        this.#await(reply.opened[value] as number, gathered, i);
      } else if (kind === RESULT.answer) waiter.settled(index, reply.answers[value] as Answer);
      else if (kind === RESULT.refusal) waiter.settled(index, toldRefusal(value, gathered.idAt(i)));
      else
        waiter.settled(
          index,
          this.home.loggedOutcome(
            { shard: this.shard, scope: waiter.granted.scope },
            reply.replayed[value] as Replayed,
            gathered.idAt(i),
            true,
          ),
        );
    }
  }

  #recorded({ seq, time, effects, commands }: Segment): Recorded {
    const { shard, home } = this;
    return { shard, effects: new EffectReader(effects), assets: home.assets, commands, seq, time };
  }

  #await(ticket: number, gathered: Gathering, i: number): void {
    const waiter = gathered.waiters[i] as Waiter;
    const index = gathered.indexes[i] as number;
    const id = gathered.idAt(i);
    const early = this.early.get(ticket);
    if (early !== undefined) {
      this.early.delete(ticket);
      waiter.settled(index, this.#decidedOutcome(...early, id, waiter.granted.scope));
      return;
    }
    this.undecided.set(ticket, this.toAwait(gathered, i, waiter.until));
    this.home.watch();
  }

  /** What is kept of the command at `i`, which is not decided. */
  protected toAwait(gathered: Gathering, i: number, until: number): Undecided {
    const waiter = gathered.waiters[i] as Waiter;
    return new Undecided(waiter, gathered.indexes[i] as number, gathered.idAt(i), until);
  }

  #decidedOutcome(
    { seq, time, effects: bytes, commands }: Decided,
    offset: number,
    id: string | undefined,
    scope: string | undefined,
  ): Outcome {
    const effects = new EffectReader(bytes);
    const place = { shard: this.shard, effects, assets: this.home.assets, scope, commands };
    return offset < 0 ? toldRefusal(-offset, id) : outcomeOf(place, offset, id, seq, time, false);
  }

  /** Transfers were decided. */
  decided(decided: Decided): void {
    const { tickets } = decided;
    for (let i = 0; i < tickets.length; i += 2) {
      const ticket = tickets[i] as number;
      const offset = tickets[i + 1] as number;
      const one = this.undecided.get(ticket);
      if (one === undefined) this.early.set(ticket, [decided, offset]);
      else if (one.isWaiting) one.tell(this.#decidedOutcome(decided, offset, one.id, one.scope));
      this.undecided.delete(ticket);
    }
  }

  /** Tells those whose time is up that there is no decision yet. Returns how many still wait. */
  expire(now: number): number {
    let left = 0;
    for (const one of this.undecided.values()) {
      if (!one.isWaiting) continue;
      if (one.until > now) left++;
      else one.tell(refused('PREPARED', undefined, one.id));
    }
    return left;
  }
}
