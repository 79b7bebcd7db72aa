// The bus between processes. Owns: one connection of a shard's thread, the subject of each shard, the head of what is sent, what
// shards say of each other's lives. Never touches: the main thread; prepares and decisions themselves.
//   Q3. What comes is untrusted: it reaches the shard only where head and commands are what they should be.
//   Q5. A shard that another one does not believe neither sends nor takes prepares and decisions. So does one whose node may not
//       speak for it, and one that stood still: until the node says that it may go on, and the others were asked again.

import { SUSPENDED_MS } from '../limits.js';
import type { Bus } from './bus.js';
import { type BusFigures, Connection } from './connection.js';
import {
  type Foreign,
  KIND,
  packForeign,
  packVerdict,
  unpackForeign,
  unpackVerdict,
} from './head.js';
import type { Seen, Standing } from './seen.js';

/** How long a shard that begins waits for the others' word. */
const INTRODUCTION_MS = 500;
/** How often a shard that is not believed asks again, and what was seen is handed out to be kept. */
const LOOK_MS = 1_000;

/** How a shard's thread gets to the others' through NATS. */
export interface NatsWay {
  readonly url: string;
  /** What all subjects begin with. */
  readonly prefix: string;
  /** The node that this shard is on. */
  readonly node: string;
  /** Tells this life of the process from others. */
  readonly session: number;
  /** Of the shard: see Standing. */
  readonly incarnation: string;
  /** Shards of which what was seen shall be forgotten, by an operator's word. */
  readonly forget: readonly number[];
}

/** The subject of a shard. */
const shardSubject = (prefix: string, shard: number): string => `${prefix}.shard.${shard}`;

interface Settings extends Omit<NatsWay, 'incarnation' | 'forget'> {
  readonly shard: number;
  readonly shards: number;
  /** The shards of other processes. */
  readonly far: readonly number[];
  readonly seen: Seen;
  /** Asked for every message that leaves. */
  readonly standing: () => Standing;
  /** Is this what shards say to each other, and from one that may? */
  readonly isSound: (foreign: Foreign) => boolean;
  /** Told which shards do not believe this one, and up to which block they have seen it, whenever that changes. */
  readonly onObjection: (objections: ReadonlyMap<number, number>) => void;
  /** Told once of each shard that is not believed here. */
  readonly onRefused: (shard: number, standing: Standing, seenSeq: number) => void;
  /** Told now and then that something new was seen. */
  readonly keep: (seen: Seen) => void;
  /** Told what the connection does not hear, and where it may not publish, whenever that changes. */
  readonly onProblems: (problems: readonly string[]) => void;
  /** Told that this thread did nothing for so long: it says nothing until renew(). */
  readonly onStandstill: (ms: number) => void;
}

export class NatsBus implements Bus {
  readonly #settings: Settings;
  readonly #connection: Connection;
  /** Shards that do not believe this one. */
  readonly #objections = new Map<number, number>();
  /** What the others know this life by: another one after renew(). */
  #session: number;
  /** May nothing be said for the shard? */
  #isHeld = false;
  /** When this thread was seen to work last; before it is introduced it recovers, which takes as long as it takes. */
  #aliveAt = Number.POSITIVE_INFINITY;
  /** When each shard was told last, unasked, that it is not believed. */
  readonly #verdictAt = new Map<number, number>();
  /** The session of each shard that was not believed here, told of once. */
  readonly #told = new Map<number, number>();
  #heard: Set<number> | null = null;
  #onHeard: () => void = () => {};
  #take: (bytes: Uint8Array, count: number) => void = () => {};
  readonly #timer: NodeJS.Timeout;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#session = settings.session;
    const { url, prefix, node, shard, far, onProblems } = settings;
    const name = `${prefix} ${node} shard ${shard}`;
    const onReconnect = () => this.#hello();
    this.#connection = new Connection({ url, name, onReconnect, onProblems });
    for (const to of far) this.#connection.reaches(shardSubject(prefix, to));
    this.#timer = setInterval(() => this.#look(), LOOK_MS);
    this.#timer.unref();
  }

  get figures(): BusFigures {
    return this.#connection.figures;
  }

  /** Connects, and hears what the others say of this shard; those that say nothing in time are not there, or not yet. */
  async introduce(): Promise<void> {
    const { prefix, shard, far } = this.#settings;
    this.#connection.subscribe(shardSubject(prefix, shard), ({ bytes }) => this.#arrived(bytes));
    this.#aliveAt = performance.now();
    const heard = this.#othersWord();
    const proved = this.#connection.seek().then(() => {
      this.#hello();
      return this.#connection.prove();
    });
    if (far.length > 0) await heard;
    await Promise.race([proved, new Promise((next) => setTimeout(next, INTRODUCTION_MS).unref())]);
  }

  /** Resolves when all others have said what they say of this life of the shard, or not in time. */
  async #othersWord(): Promise<void> {
    this.#heard = new Set();
    await new Promise<void>((resolve) => {
      this.#onHeard = resolve;
      setTimeout(resolve, INTRODUCTION_MS).unref();
    });
    this.#heard = null;
  }

  /** Nothing is said for the shard from now on. */
  hold(): void {
    this.#isHeld = true;
  }

  /**
   * It may speak again: as another life, that begins with what is durable now, so that the others judge it anew. Resolves with
   * who does not believe it.
   */
  async renew(): Promise<ReadonlyMap<number, number>> {
    this.#session = Math.max(this.#session + 1, Date.now() * 1_000);
    this.#aliveAt = performance.now();
    const heard = this.#othersWord();
    this.#hello();
    if (this.#settings.far.length > 0 && this.#connection.isConnected) await heard;
    this.#isHeld = false;
    return new Map(this.#objections);
  }

  /** Did this thread stand still since it was seen to work? Then nothing is said for the shard. */
  #lookAtTime(): void {
    const now = performance.now();
    const ms = now - this.#aliveAt;
    if (ms === Number.NEGATIVE_INFINITY) return;
    this.#aliveAt = now;
    if (ms < SUSPENDED_MS) return;
    this.#isHeld = true;
    this.#settings.onStandstill(ms);
  }

  #hello(): void {
    for (const to of this.#settings.far) this.#publish(to, KIND.hello, NOTHING, 0);
  }

  #look(): void {
    this.#lookAtTime();
    const { seen, keep } = this.#settings;
    if (seen.takeChanged()) keep(seen);
    if (this.#objections.size > 0) this.#hello();
  }

  #publish(to: number, kind: number, body: Uint8Array, count: number): void {
    const { prefix, shard, standing } = this.#settings;
    const message = packForeign({
      kind,
      from: shard,
      to,
      count,
      standing: { ...standing(), session: this.#session },
      bytes: body,
    });
    this.#connection.publish(shardSubject(prefix, to), message);
  }

  send(to: number, bytes: Uint8Array, count: number): void {
    this.#lookAtTime();
    if (this.#objections.size === 0 && !this.#isHeld) this.#publish(to, KIND.parcel, bytes, count);
  }

  receive(take: (bytes: Uint8Array, count: number) => void): void {
    this.#take = take;
  }

  #arrived(message: Uint8Array): void {
    const { shard, shards, seen } = this.#settings;
    const foreign = unpackForeign(message, shard, shards);
    if (foreign === undefined || !this.#settings.far.includes(foreign.from)) {
      this.#connection.rejected();
      return;
    }
    const { from, kind, standing } = foreign;
    const isBelieved = seen.believes(from, standing);
    if (!isBelieved) this.#refuse(from, standing);
    if (kind === KIND.verdict) this.#judged(foreign);
    else if (kind === KIND.hello) this.#sayVerdict(from, standing, isBelieved);
    else if (!isBelieved) this.#sayUnasked(from, standing);
    else if (this.#objections.size === 0 && !this.#isHeld) this.#parcel(foreign);
    else this.#connection.rejected();
  }

  #sayVerdict(to: number, { session }: Standing, isBelieved: boolean): void {
    const seenSeq = isBelieved ? -1 : this.#settings.seen.seqOf(to);
    this.#publish(to, KIND.verdict, packVerdict(session, seenSeq), 0);
  }

  /** A shard that speaks and is not believed must know: it waits for answers that never come. */
  #sayUnasked(to: number, standing: Standing): void {
    this.#connection.rejected();
    const now = performance.now();
    if (now - (this.#verdictAt.get(to) ?? Number.NEGATIVE_INFINITY) < LOOK_MS) return;
    this.#verdictAt.set(to, now);
    this.#sayVerdict(to, standing, false);
  }

  #parcel(foreign: Foreign): void {
    if (this.#settings.isSound(foreign)) this.#take(foreign.bytes, foreign.count);
    else this.#connection.rejected();
  }

  #refuse(from: number, standing: Standing): void {
    const { seen, onRefused } = this.#settings;
    if (this.#told.get(from) === standing.session) return;
    this.#told.set(from, standing.session);
    onRefused(from, standing, seen.seqOf(from));
  }

  /** What another shard says of this one. */
  #judged({ from, bytes }: Foreign): void {
    const { onObjection } = this.#settings;
    const verdict = unpackVerdict(bytes);
    if (verdict === undefined || verdict.session !== this.#session) return;
    const had = this.#objections.has(from);
    if (verdict.seenSeq < 0) this.#objections.delete(from);
    else this.#objections.set(from, verdict.seenSeq);
    if (had !== this.#objections.has(from)) onObjection(this.#objections);
    this.#heard?.add(from);
    if (this.#heard?.size === this.#settings.far.length) this.#onHeard();
  }

  close(): void {
    clearInterval(this.#timer);
    const { seen, keep } = this.#settings;
    if (seen.takeChanged()) keep(seen);
    this.#connection.close();
  }
}

const NOTHING = new Uint8Array(0);
