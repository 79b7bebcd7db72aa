// A replica that leads. Owns: its signs of life, what it knows of those that follow. Never touches: shards.
//   failover.L1. A leader that finds the seat of another term, or of another life, leads no more; it asks again for nothing.
//   failover.L2. It leaves its seat when its shards are closed, so that the next one need not wait.

import { FAILOVER_BEATS } from '../limits.js';
import type { Led, Replica, ReplicaState, Seats } from './seats.js';

/** As of Engine.faults(). */
interface Fault {
  readonly component: 'replicas';
  readonly reason: string;
  readonly level: 'warning';
}

/** What a leader knows of its node's replicas. */
export interface ReplicaLook {
  readonly node: string;
  readonly replica: string;
  readonly term: number;
  /** The others that have given a sign of life in time. */
  readonly others: readonly Replica[];
  /** Why that is not known now; null: it is. */
  readonly trouble: string | null;
}

/** What somebody should look at: nobody would take over. */
export function replicaFaults(look: ReplicaLook | undefined): Fault[] {
  if (look === undefined) return [];
  const of = look.node === '' ? '' : ` of node ${look.node}`;
  const inStep = look.others.filter(({ inStep, trouble }) => inStep && trouble === null);
  const reason =
    look.trouble !== null
      ? `the replicas${of} are not known: ${look.trouble}`
      : inStep.length === 0
        ? `no other replica${of} follows: nobody would take over`
        : undefined;
  return reason === undefined ? [] : [{ component: 'replicas', reason, level: 'warning' }];
}

export class Leading {
  readonly led: Led;
  readonly #seats: Seats;
  readonly #beatMs: number;
  readonly #standMs: number;
  #state: ReplicaState = 'opens';
  #others: readonly Replica[] = [];
  #heardAt = performance.now();
  #fault: string | null = null;
  #isReplaced = false;
  #onReplaced: () => void = () => {};
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(seats: Seats, led: Led, standMs: number) {
    this.#seats = seats;
    this.led = led;
    this.#standMs = standMs;
    this.#beatMs = standMs / FAILOVER_BEATS;
    this.#again(0);
  }

  #again(ms = this.#beatMs): void {
    clearTimeout(this.#timer);
    if (this.#isClosed || this.#isReplaced) return;
    this.#timer = setTimeout(() => {
      this.#underWay = this.#beat();
    }, ms).unref();
  }

  async #beat(): Promise<void> {
    const { led } = this;
    try {
      if (!(await this.#seats.beat(led))) {
        this.#isReplaced = true;
        this.#onReplaced();
        return;
      }
      await this.#seats.sign({ state: this.#state, inStep: true, blocks: 0, trouble: null });
      const replicas = await this.#seats.replicas();
      this.#others = replicas.filter(({ replica }) => replica !== led.replica);
      this.#fault = null;
      this.#heardAt = performance.now();
    } catch (error) {
      this.#fault = (error as Error).message;
    }
    this.#again();
  }

  /** `onReplaced` is called once, when another one leads. */
  serves(onReplaced: () => void): void {
    this.#state = 'leads';
    this.#onReplaced = onReplaced;
    if (this.#isReplaced) onReplaced();
  }

  /** Somebody says that he leads: asks at once. */
  doubt(): void {
    clearTimeout(this.#timer);
    this.#underWay = this.#underWay.then(() => this.#beat());
  }

  /** Does another one lead, as the database says now? false also where it cannot be asked. */
  async isReplaced(): Promise<boolean> {
    try {
      this.#isReplaced ||= !(await this.#seats.beat(this.led));
    } catch {
      // It is not known.
    }
    return this.#isReplaced;
  }

  get look(): ReplicaLook {
    const { node, replica, term } = this.led;
    const isStale = performance.now() - this.#heardAt > 2 * this.#standMs;
    const trouble = isStale ? (this.#fault ?? 'the seats do not answer') : null;
    return { node, replica, term, others: isStale ? [] : this.#others, trouble };
  }

  /** Leaves the seat, where it is this one's, and gives no sign of life any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#underWay;
    try {
      if (!this.#isReplaced) await this.#seats.leave(this.led);
      await this.#seats.forget();
    } catch {
      // Then its silence tells.
    }
    await this.#seats.close();
  }
}
