// Whether this node may answer for its shards. Owns: doubt about it, its end, what waits for that. Never touches: claims
// themselves, shards (those are told through its host).
//   cluster.N9. While another process says that it has one of this node's shards, nothing is answered for any of them, and nothing is
//       said to other nodes.
//   cluster.N10. A process that stood still renews its claim, and its shards introduce themselves anew, before anything is answered that
//        was not answered before. Time is looked at before every answer: the clock that only rises tells a standstill.
//   cluster.N11. What waits for the end of doubt is bounded by its caller's time limit. Then, and where there is a rival, what became of it is not
//        known: the caller is told so.

import { SUSPENDED_MS } from '../limits.js';
import type { RefusalCode } from '../protocol/refusals.js';
import type { Claims } from './claims.js';

/** How often time and claims are looked at. */
const LOOK_MS = 250;
/** Between two attempts to end a doubt. */
const RETRY_MS = 500;

/** What has to be told of doubt: the shards here. */
export interface TenureHost {
  /** Nothing may be said for them to other nodes from now on. */
  hold(): void;
  /** They introduce themselves anew; resolves when the others have said what they say of them. */
  renew(): Promise<void>;
}

/** Something that is not done in doubt. */
interface Waiting {
  readonly go: () => void;
  readonly refuse: (code: RefusalCode) => void;
  /** performance.now() at which it waits no longer. */
  readonly until: number;
}

export class Tenure {
  readonly #claims: Claims;
  readonly #claimMs: number;
  #host: TenureHost | undefined;
  /** Why nothing is answered; undefined: there is no doubt. */
  #doubt: string | undefined;
  #isRivalled = false;
  #aliveAt = 0;
  /** Standstills seen so far: one that comes while a doubt is being ended begins it anew. */
  #standstills = 0;
  #waiting: Waiting[] = [];
  #timers: NodeJS.Timeout[] = [];
  /** Shards elsewhere that two processes serve, each with a sentence; as of the last look. */
  disputed: ReadonlyMap<number, string> = new Map();

  constructor(claims: Claims, claimMs: number) {
    this.#claims = claims;
    this.#claimMs = claimMs;
  }

  /** From now on this node answers for its shards. */
  start(host: TenureHost): void {
    this.#host = host;
    this.#aliveAt = performance.now();
    this.#timers = [
      setInterval(() => this.#look(), LOOK_MS),
      setInterval(() => this.#claims.ask(), this.#claimMs),
    ];
    for (const timer of this.#timers) timer.unref();
    // Somebody was heard while the shards recovered.
    if (this.#doubt !== undefined) this.#resolve(host);
  }

  /** Why nothing is answered; undefined: it is. */
  get doubt(): string | undefined {
    return this.#doubt;
  }

  /** May this node answer now? */
  get isSure(): boolean {
    this.#lookAtTime();
    return this.#doubt === undefined;
  }

  /** The refusal of what is asked of a shard now; undefined: none. */
  refusalOf(shard: number, isHere: boolean): RefusalCode | undefined {
    return (isHere ? this.#isRivalled : this.disputed.has(shard))
      ? 'SHARD_SERVED_TWICE'
      : undefined;
  }

  /** Does `go` now, or in doubt when that has ended, in order; or `refuse`. */
  pass(go: () => void, refuse: (code: RefusalCode) => void, until: () => number): void {
    if (this.isSure) go();
    else if (this.#isRivalled || this.#host === undefined) refuse('SHARD_UNAVAILABLE');
    else this.#waiting.push({ go, refuse, until: until() });
  }

  /** Another process was heard that says it has shards of this node. */
  rivalled(): void {
    this.#isRivalled = true;
    this.#begin(this.#claims.rival ?? '');
  }

  /** A thread of this process did nothing for so long. */
  stoodStill(ms: number): void {
    this.#standstills++;
    if (this.#isRivalled) return;
    const seconds = Math.floor(ms / 1_000);
    this.#begin(
      `this process stood still for ${seconds} s: it answers nothing until its claim on its shards is renewed`,
    );
  }

  #lookAtTime(): void {
    if (this.#host === undefined) return;
    const now = performance.now();
    const ms = now - this.#aliveAt;
    this.#aliveAt = now;
    if (ms >= SUSPENDED_MS) this.stoodStill(ms);
  }

  #look(): void {
    this.#lookAtTime();
    this.disputed = this.#claims.disputed;
    const now = performance.now();
    const late = this.#waiting.filter(({ until }) => until <= now || this.#isRivalled);
    if (late.length === 0) return;
    this.#waiting = this.#waiting.filter((one) => !late.includes(one));
    for (const { refuse } of late) refuse('SHARD_UNAVAILABLE');
  }

  #begin(why: string): void {
    const isNew = this.#doubt === undefined;
    this.#doubt = why;
    if (!isNew || this.#host === undefined) return;
    this.#resolve(this.#host);
  }

  #resolve(host: TenureHost): void {
    process.emitWarning(this.#doubt ?? '');
    host.hold();
    this.#end(host).catch((error) => process.emitWarning(error as Error));
  }

  /** Ends the doubt, however long that takes. */
  async #end(host: TenureHost): Promise<void> {
    while (this.#host === host) {
      const standstills = this.#standstills;
      // Twice: one message may be lost.
      const isAsked = (await this.#claims.ask()) && (await this.#claims.ask());
      const { rival } = this.#claims;
      if (isAsked && rival === undefined) {
        await host.renew();
        if (this.#standstills === standstills && this.#claims.rival === undefined) break;
      } else if (rival !== undefined) {
        this.#isRivalled = true;
        this.#doubt = rival;
      }
      await new Promise((next) => setTimeout(next, RETRY_MS));
    }
    if (this.#host !== host) return;
    this.#doubt = undefined;
    this.#isRivalled = false;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { go } of waiting) go();
  }

  /** This node answers for nothing any more. */
  stop(): void {
    this.#host = undefined;
    for (const timer of this.#timers) clearInterval(timer);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { refuse } of waiting) refuse('SHARD_UNAVAILABLE');
  }
}
