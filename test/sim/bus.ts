// The way between the shards of a simulation: it loses, repeats, delays, reorders and is cut.
// Owns: what becomes of a message. Never touches: what is in it.

import type { Message } from '../../engine/transfer/messages.js';
import type { Random } from '../random.js';
import type { EventQueue } from './queue.js';

/** How bad it is. */
export interface Weather {
  /** Share of messages that are lost. */
  readonly loss: number;
  /** Share that come twice, or oftener. */
  readonly repeats: number;
  /** Usual delay at most, and that of the few that are late. */
  readonly delayMs: number;
  readonly lateMs: number;
}

/** Every message arrives once, and soon. */
export const CALM: Weather = { loss: 0, repeats: 0, delayMs: 3, lateMs: 3 };

/** Share of messages that are late. */
const LATE = 0.1;

export class Bus {
  weather: Weather;
  /** Messages on their way. */
  inFlight = 0;
  readonly #queue: EventQueue;
  readonly #random: Random;
  readonly #deliver: (to: number, message: Message) => void;
  /** How often a way from one shard to another is cut at present. */
  readonly #cuts = new Map<string, number>();

  constructor(
    weather: Weather,
    queue: EventQueue,
    random: Random,
    deliver: (to: number, message: Message) => void,
  ) {
    this.weather = weather;
    this.#queue = queue;
    this.#random = random;
    this.#deliver = deliver;
  }

  send(from: number, message: Message): void {
    const random = this.#random;
    const { loss, repeats } = this.weather;
    let copies = random.chance(loss) ? 0 : 1;
    while (copies < 4 && random.chance(repeats)) copies++;
    for (; copies > 0; copies--) this.#carry(from, message);
  }

  /** One copy: lost, too, where the way is cut when it sets out. */
  #carry(from: number, message: Message): void {
    const { delayMs, lateMs } = this.weather;
    const most = this.#random.chance(LATE) ? lateMs : delayMs;
    const ms = 1 + this.#random.int(most);
    if (this.isCut(from, message.to)) return;
    this.inFlight++;
    this.#queue.after(ms, () => {
      this.inFlight--;
      this.#deliver(message.to, message);
    });
  }

  isCut(from: number, to: number): boolean {
    return (this.#cuts.get(`${from}>${to}`) ?? 0) > 0;
  }

  /** Cuts the way from one shard to another for a while. */
  cut(from: number, to: number, ms: number): void {
    const way = `${from}>${to}`;
    this.#cuts.set(way, (this.#cuts.get(way) ?? 0) + 1);
    this.#queue.after(ms, () => {
      const times = this.#cuts.get(way) ?? 0;
      if (times > 0) this.#cuts.set(way, times - 1);
    });
  }

  /** From here on everything arrives. */
  heal(): void {
    this.weather = CALM;
    this.#cuts.clear();
  }
}
