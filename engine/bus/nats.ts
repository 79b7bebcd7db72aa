// The bus between processes. Owns: one connection of a shard's thread, the subject of each shard, the head of what is sent, what
// shards say of each other's lives. Never touches: the main thread; prepares and decisions themselves.
//   Q3. What comes is untrusted: it reaches the shard only where head and commands are what they should be.
//   Q5. A shard that another one does not believe neither sends nor takes prepares and decisions.

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
}

export class NatsBus implements Bus {
  readonly #settings: Settings;
  readonly #connection: Connection;
  /** Shards that do not believe this one. */
  readonly #objections = new Map<number, number>();
  /** The session of each shard that was not believed here, told of once. */
  readonly #told = new Map<number, number>();
  #heard: Set<number> | null = new Set();
  #onHeard: () => void = () => {};
  #take: (bytes: Uint8Array, count: number) => void = () => {};
  readonly #timer: NodeJS.Timeout;

  constructor(settings: Settings) {
    this.#settings = settings;
    const { url, prefix, node, shard } = settings;
    const name = `${prefix} ${node} shard ${shard}`;
    this.#connection = new Connection({ url, name, onReconnect: () => this.#hello() });
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
    const heard = new Promise<void>((resolve) => {
      this.#onHeard = resolve;
      setTimeout(resolve, INTRODUCTION_MS).unref();
    });
    this.#connection.seek().then(() => this.#hello());
    if (far.length > 0) await heard;
    this.#heard = null;
  }

  #hello(): void {
    for (const to of this.#settings.far) this.#publish(to, KIND.hello, NOTHING, 0);
  }

  #look(): void {
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
      standing: standing(),
      bytes: body,
    });
    this.#connection.publish(shardSubject(prefix, to), message);
  }

  send(to: number, bytes: Uint8Array, count: number): void {
    if (this.#objections.size === 0) this.#publish(to, KIND.parcel, bytes, count);
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
    else if (kind === KIND.hello)
      this.#publish(
        from,
        KIND.verdict,
        packVerdict(standing.session, isBelieved ? -1 : seen.seqOf(from)),
        0,
      );
    else if (isBelieved && this.#objections.size === 0) this.#parcel(foreign);
    else this.#connection.rejected();
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
    const { session, onObjection } = this.#settings;
    const verdict = unpackVerdict(bytes);
    if (verdict === undefined || verdict.session !== session) return;
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
