// A whole shard as a subject: actor, log, checkpoints and a cache too small for what it holds, in this
// thread, on a clock that stands where the test puts it. Every so often it is stopped and opened again.
// Owns: the clock while a call lasts, the folder it is given. Never touches: what the ledger decides.

import { canonicalState } from '../../engine/ledger/digest.js';
import { BlockView } from '../../engine/protocol/block.js';
import { commandOfTuple, unpackTuple } from '../../engine/protocol/codec.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import type { Command, Query, TickCommand } from '../../engine/protocol/commands.js';
import { EffectReader } from '../../engine/protocol/effects.js';
import { toldRefusal } from '../../engine/protocol/grants.js';
import type {
  Asset,
  Balance,
  HistoryEntry,
  HoldState,
  Outcome,
  OwnerRecord,
  PastBalance,
  TransferRecord,
} from '../../engine/protocol/outcomes.js';
import { outcomeOf } from '../../engine/protocol/read-back.js';
import { Actor } from '../../engine/shard/actor.js';
import type { HistoryHead, HistoryRead, PageRead } from '../../engine/shard/history.js';
import { realMachine } from '../../engine/shard/machine.js';
import { type Answer, RESULT, type Replayed, type Reply } from '../../engine/shard/messages.js';
import type { PastEntry } from '../../engine/shard/past.js';
import read from '../../engine/shard/reader.js';
import { openFolder } from '../../engine/store/folder.js';
import { NO_BUS, ONE_SHARD } from '../one-shard.js';
import { Disagreement } from './disagreement.js';
import { completed, type Scope } from './model.js';
import type { Subject } from './subject.js';
import { ToldLots } from './told-lots.js';

const KIB = 1024;
/** Batches between two restarts. */
const RESTART_EVERY = 40;
const TICK_TRIES = 5;
const PAGE = 7;
const SHARD = 0;
/** All that is booked counts. */
const EVERYTHING = { seq: Number.MAX_SAFE_INTEGER, time: Number.MAX_SAFE_INTEGER };

/** Tells the timer of what is due from others. Its pace does not matter: a tick is what the test makes of it. */
const TICK_MS = 1_000;

export class StoreSubject implements Subject {
  readonly #folder: string;
  #actor: Actor | undefined;
  #time = 0;
  #batches = 0;
  /** Rejects when the shard fails: from then on it answers nothing. */
  readonly #failed: Promise<never>;
  #fail: (why: Error) => void = () => {};
  #hasFailed = false;
  #tick = (): void => {};

  constructor(folder: string) {
    this.#folder = folder;
    this.#failed = new Promise((_, reject) => {
      this.#fail = reject;
    });
    this.#failed.catch(() => {});
  }

  async #open(): Promise<Actor> {
    if (this.#actor !== undefined) return this.#actor;
    openFolder(this.#folder, { shards: 1, create: true, lock: false });
    this.#actor = await Actor.open({
      folder: this.#folder,
      shard: SHARD,
      cacheBytes: 32 * KIB,
      checkpointBytes: 24 * KIB,
      tickMs: TICK_MS,
      acceptClock: true,
      slotMap: ONE_SHARD,
      bus: NO_BUS,
      machine: {
        ...realMachine(this.#folder, SHARD),
        wallMs: () => this.#time,
        steadyMs: () => this.#time,
        every: (ms, run) => {
          if (ms === TICK_MS) this.#tick = run;
          return () => {};
        },
      },
      emit: (event) => {
        if (event.type !== 'fatal') return;
        this.#hasFailed = true;
        this.#fail(new Disagreement(event.message));
      },
    });
    return this.#actor;
  }

  /** As one batch. */
  protected async submitAll(asked: readonly (Command | Query)[], time: number): Promise<Reply> {
    this.#time = time;
    const actor = await this.#open();
    const packed = asked.map((one) =>
      Buffer.from(packCommand(one, 'id' in one ? one.id : undefined)),
    );
    return await Promise.race([actor.submit(Buffer.concat(packed), packed.length), this.#failed]);
  }

  /** By number. */
  protected get assetList(): readonly Asset[] {
    return this.#actor?.state.assets.list ?? [];
  }

  async #ask(query: Query, time: number): Promise<Answer> {
    const reply = await this.submitAll([query], time);
    return reply.answers[0]!;
  }

  async apply(commands: readonly Command[], time: number): Promise<Outcome[]> {
    this.#batches += 1;
    if (this.#batches % RESTART_EVERY === 0) await this.close();
    const all = commands.map(completed);
    const reply = await this.submitAll(all, time);
    const { assets } = this.#actor!.state;
    return all.map((command, n): Outcome => {
      const id = 'id' in command ? command.id : undefined;
      const value = reply.results[n * 2 + 1]!;
      switch (reply.results[n * 2]) {
        case RESULT.refusal:
          return toldRefusal(value, id);
        case RESULT.replay:
          return this.#past(reply.replayed[value]!, id, true);
        default: {
          const segment = reply.segments.find(({ from, to }) => from <= n && n < to)!;
          const place = { shard: SHARD, effects: new EffectReader(segment.effects), assets };
          return outcomeOf(place, value, id, segment.seq, segment.time, false);
        }
      }
    });
  }

  #past({ effects, seq, time }: Replayed, id: string | undefined, isReplay: boolean): Outcome {
    const place = {
      shard: SHARD,
      effects: new EffectReader(effects),
      assets: this.#actor!.state.assets,
    };
    return outcomeOf(place, 0, id, seq, time, isReplay);
  }

  async tick(time: number): Promise<readonly Scope[]> {
    this.#time = time;
    const actor = await this.#open();
    const { seq } = actor.figures();
    // While a checkpoint holds everything up the tick does, too: it is made again, as the timer would.
    for (let tries = 0; tries < TICK_TRIES && this.#hasDue(actor, time); tries++) {
      this.#tick();
      await this.#ask({ type: 'balance', owner: '@issue' }, time);
    }
    const to = actor.figures().seq;
    const task = { type: 'blocks', folder: this.#folder, shard: SHARD, from: seq + 1, to } as const;
    const blocks = (await read(task)) as Uint8Array[];
    return blocks.flatMap((bytes) => {
      const { effects, commands } = new BlockView(bytes);
      const scopes: { bits: number; value: number }[] = [];
      for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
        const start = effects.commandOffset(at);
        const tuple = unpackTuple(commands, start, start + effects.commandLength(at));
        const { bits, value } = commandOfTuple(tuple) as TickCommand;
        scopes.push({ bits: bits!, value: value! });
      }
      return scopes;
    });
  }

  #hasDue(actor: Actor, time: number): boolean {
    const { minDue, shape } = actor.state.pages;
    return minDue.subarray(0, shape.buckets).some((due) => due <= time);
  }

  async assets(): Promise<readonly Asset[]> {
    const { state } = await this.#open();
    return [...state.assets.list].sort((a, b) => (a.asset < b.asset ? -1 : 1));
  }

  async balances(owner: string, time: number): Promise<readonly Balance[]> {
    const answer = await this.#ask({ type: 'balance', owner }, time);
    return answer.type === 'balance' ? answer.balances : [];
  }

  async #head(owner: string, asset: string, time: number) {
    const answer = await this.#ask({ type: 'head', owner, asset }, time);
    const found = answer.type === 'head' ? answer : { head: undefined, assets: [] };
    const none = { seq: 0, offset: 0 };
    const head: HistoryHead = found.head ?? { ...none, version: 0, skips: [none, none, none] };
    const backdated = answer.type === 'head' ? answer.backdated : 0;
    return { head, backdated, assets: found.assets };
  }

  /** In pages, in both directions, which must agree. */
  async entries(owner: string, asset: string, time: number): Promise<readonly HistoryEntry[]> {
    const { head, assets } = await this.#head(owner, asset, time);
    if (head.seq === 0) return [];
    const pages = async (newestFirst: boolean, limit: number): Promise<HistoryEntry[]> => {
      const found: HistoryEntry[] = [];
      let version = 0;
      do {
        const range = { from: 0, to: Number.MAX_SAFE_INTEGER, kind: undefined };
        const wanted = {
          head,
          cut: EVERYTHING,
          assets,
          scope: undefined,
          newestFirst,
          version,
          ...range,
          limit,
          effort: 50,
        };
        const page = await this.#page(wanted);
        found.push(...page.entries);
        version = page.next;
      } while (version !== 0);
      return found;
    };
    const oldest = await pages(false, PAGE);
    const newest = await pages(true, 1_000);
    const same = newest.reverse().every(({ version }, n) => version === oldest[n]?.version);
    if (!same || newest.length !== oldest.length)
      throw new Disagreement(`pages of ${owner} ${asset}`);
    return oldest.map((entry) => (entry.type === 'expire' ? expiryOf(entry) : entry));
  }

  async #page(wanted: HistoryRead): Promise<PageRead> {
    const task = { type: 'history', folder: this.#folder, shard: SHARD, read: wanted } as const;
    return (await read(task)) as PageRead;
  }

  async balanceAt(owner: string, asset: string, at: number, time: number): Promise<PastBalance> {
    const { head, backdated } = await this.#head(owner, asset, time);
    const wanted = { head, backdated, at, cut: EVERYTHING, closedSeq: 0 };
    const task = { type: 'at-time', folder: this.#folder, shard: SHARD, read: wanted } as const;
    const { available, held, version } = (await read(task)) as PastEntry;
    return { owner, asset, at, available, held, total: available + held, version };
  }

  async hold(owner: string, holdId: string, time: number): Promise<HoldState | undefined> {
    const answer = await this.#ask({ type: 'read-hold', owner, holdId }, time);
    return answer.type === 'read-hold' ? answer.hold : undefined;
  }

  async record(
    owner: string,
    recordType: string,
    key: string,
    time: number,
  ): Promise<OwnerRecord | undefined> {
    const answer = await this.#ask({ type: 'read-record', owner, recordType, key }, time);
    return answer.type === 'read-record' ? answer.record : undefined;
  }

  async transfer(owner: string, id: string): Promise<TransferRecord | undefined> {
    const answer = await this.#ask({ type: 'read-transfer', owner, id }, this.#time);
    if (answer.type !== 'read-transfer' || answer.found === undefined) return undefined;
    const { command, time } = answer.found;
    const tuple = unpackTuple(command, 0, command.length);
    const outcome = this.#past(answer.found, id, false);
    return { command: commandOfTuple(tuple) as Command, outcome, time };
  }

  /** Opened again, it is what it was. */
  async audit(): Promise<string | undefined> {
    const actor = await this.#open();
    const to = actor.figures().seq;
    const task = { type: 'blocks', folder: this.#folder, shard: SHARD, from: 1, to } as const;
    const told = new ToldLots();
    for (const bytes of (await read(task)) as Uint8Array[])
      told.add(new BlockView(bytes), actor.state.assets.list);
    const before = canonicalState(actor.state);
    await this.close();
    const after = canonicalState((await this.#open()).state);
    const at = before.findIndex((line, n) => line !== after[n]);
    if (at < 0 && before.length === after.length) return undefined;
    return `opened again, it has ${after[at]} instead of ${before[at]}`;
  }

  async close(): Promise<void> {
    const actor = this.#actor;
    this.#actor = undefined;
    if (actor !== undefined && !this.#hasFailed) await actor.close();
    await read({ type: 'close' });
  }
}

/** Expiry has a kind of its own, so that histories can be asked for it; no command gave it one. */
function expiryOf(entry: HistoryEntry): HistoryEntry {
  if (entry.kind !== 'EXPIRE') throw new Disagreement(`an expiry is of kind ${entry.kind}`);
  return { ...entry, kind: undefined };
}
