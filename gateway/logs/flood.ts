// Lines of refused requests when there are too many of them. Owns: which of them are written, how many are not. Never touches: lines.
//   L9. Of one principal's refused requests a rate of lines is written whole. Beyond it every FLOOD_SAMPLE-th is, with how many before it were not;
//       those that no line has told of are told by one of their own when the time of the rate is over, or at a stop.

import { FLOOD_PRINCIPALS_MAX, FLOOD_SAMPLE, type Rate } from '../limits.js';

/** One principal's refused requests since `began`. */
interface Counted {
  began: number;
  count: number;
  /** Since the last line. */
  leftOut: number;
}

/** Tells how many requests of a principal no line has told of. */
type Tell = (who: string, leftOut: number) => void;

export class Flood {
  readonly #rate: Rate;
  readonly #now: () => number;
  readonly #tell: Tell;
  readonly #counted = new Map<string, Counted>();
  #timer: NodeJS.Timeout | undefined;

  /** `now`: milliseconds, of a clock that only rises. */
  constructor(rate: Rate, tell: Tell, now: () => number = () => performance.now()) {
    this.#rate = rate;
    this.#tell = tell;
    this.#now = now;
  }

  /** How many requests of this principal were left out before this one; undefined: this one is, too. */
  take(who: string): number | undefined {
    const { limit } = this.#rate;
    const counted = this.#counted.get(who) ?? this.#begin(who);
    if (this.#isOver(counted)) {
      counted.began = this.#now();
      counted.count = 0;
    }
    const beyond = ++counted.count - limit;
    const { leftOut } = counted;
    const isLeftOut = beyond > 0 && beyond % FLOOD_SAMPLE !== 0;
    counted.leftOut = isLeftOut ? leftOut + 1 : 0;
    return isLeftOut ? undefined : leftOut;
  }

  /** Tells of all that no line has told of. */
  close(): void {
    clearInterval(this.#timer);
    for (const [who, counted] of this.#counted) this.#end(who, counted);
  }

  #begin(who: string): Counted {
    const [oldest] = this.#counted;
    if (oldest !== undefined && this.#counted.size >= FLOOD_PRINCIPALS_MAX) this.#end(...oldest);
    const counted = { began: this.#now(), count: 0, leftOut: 0 };
    this.#counted.set(who, counted);
    this.#timer ??= setInterval(() => this.#look(), this.#rate.seconds * 1_000).unref();
    return counted;
  }

  #isOver({ began }: Counted): boolean {
    return this.#now() - began >= this.#rate.seconds * 1_000;
  }

  #look(): void {
    for (const [who, counted] of this.#counted) if (this.#isOver(counted)) this.#end(who, counted);
  }

  #end(who: string, { leftOut }: Counted): void {
    this.#counted.delete(who);
    if (leftOut > 0) this.#tell(who, leftOut);
  }
}
