// A thread's bell: it sleeps until another one rings. Owns: that no ring is lost. Never touches: what there is to do.
//   ring.B1. A sleeper says that it sleeps, looks once more, and waits on the count that it read before; who rings changes the count
//       first. Whatever comes in between is seen by the one or the other.
//   ring.B2. Nobody pays for ringing a thread that is awake.

/** Places of the counters, each in a cache line of its own. */
const [RINGS, SLEEPS] = [0, 16];
const BELL_BYTES = 128;

/** How often a sleeper looks whether it should not be awake. That it ever finds so is a defect. */
const BACKSTOP_MS = 500;

/** Memory of a bell, for all threads that ring it and for the one that hears it. */
export const bellMemory = (): SharedArrayBuffer => new SharedArrayBuffer(BELL_BYTES);

/** The bell of another thread. */
export class Bell {
  readonly #counters: Int32Array;

  constructor(memory: SharedArrayBuffer) {
    this.#counters = new Int32Array(memory);
  }

  /** Wakes the thread, if it sleeps. What it is to find must have been published before. */
  ring(): void {
    const counters = this.#counters;
    if (Atomics.load(counters, SLEEPS) === 0) return;
    if (Atomics.exchange(counters, SLEEPS, 0) === 0) return;
    Atomics.add(counters, RINGS, 1);
    Atomics.notify(counters, RINGS, 1);
  }
}

/** What a thread does when its bell rings. */
export interface Work {
  /** Takes what is there. */
  take(): void;
  /** Is something there? */
  isWaiting(): boolean;
}

/** A thread that hears its bell. Neither waiting nor looking keeps its event loop. */
export class Sleeper {
  readonly #counters: Int32Array;
  readonly #own: Bell;
  readonly #work: Work;
  readonly #backstop: NodeJS.Timeout;
  #isEnded = false;
  /** As many rings as there were when it was found asleep beside work; -1: it was not. */
  #asleepSince = -1;
  /** How often it was rung awake, and how often it found itself asleep beside work. */
  rings = 0;
  missed = 0;

  constructor(memory: SharedArrayBuffer, work: Work) {
    this.#counters = new Int32Array(memory);
    this.#own = new Bell(memory);
    this.#work = work;
    this.#backstop = setInterval(() => this.#look(), BACKSTOP_MS).unref();
    this.#sleep();
  }

  #sleep(): void {
    const counters = this.#counters;
    const rings = Atomics.load(counters, RINGS);
    Atomics.store(counters, SLEEPS, 1);
    if (this.#work.isWaiting() && Atomics.exchange(counters, SLEEPS, 0) === 1) {
      setImmediate(() => this.#wake());
      return;
    }
    const waited = Atomics.waitAsync(counters, RINGS, rings);
    if (waited.async) waited.value.then(() => this.#rung());
    else setImmediate(() => this.#rung());
  }

  #rung(): void {
    this.rings++;
    this.#wake();
  }

  #wake(): void {
    if (this.#isEnded) return;
    this.#work.take();
    this.#sleep();
  }

  /** Rings itself where it slept beside work at the last look, and still does. */
  #look(): void {
    const isAsleep = this.#work.isWaiting() && Atomics.load(this.#counters, SLEEPS) === 1;
    const wasAsleep = this.#asleepSince === this.rings;
    this.#asleepSince = isAsleep ? this.rings : -1;
    if (!isAsleep || !wasAsleep) return;
    this.missed++;
    this.#own.ring();
  }

  end(): void {
    this.#isEnded = true;
    clearInterval(this.#backstop);
    this.#own.ring();
  }
}
