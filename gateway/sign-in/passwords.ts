// Passwords as they are kept: argon2id. Owns: how many are worked on at once. Never touches: which are permitted, whose they are.
//   signin.P3. They are made and compared on libuv's threads, a few at a time; what waits is bounded, and beyond it a refusal says "later".
//   signin.P4. To compare with nothing is the same work as to compare with a password of the present settings (signin.E1).

import { randomBytes } from 'node:crypto';
import { hash, type Options, parseOptions, verify } from '@node-rs/argon2';
import type { GatewayLimits } from '../limits.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';

export class Passwords {
  readonly #options: Options;
  readonly #atOnce: number;
  readonly #waitingMax: number;
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #nobodys: Promise<string> | undefined;
  /** How many were made or compared, ever. */
  count = 0;

  constructor(limits: GatewayLimits) {
    this.#options = {
      memoryCost: limits.passwordMemoryKiB,
      timeCost: limits.passwordPasses,
      parallelism: limits.passwordLanes,
    };
    this.#atOnce = limits.passwordsAtOnce;
    this.#waitingMax = limits.passwordsWaitingMax;
  }

  /** A password as it is kept. */
  make(password: string): Promise<Refusal | string> {
    return this.#inTurn(() => hash(password, this.#options));
  }

  /** Is it the one that is kept? undefined: there is none, and it is not. */
  async isRight(kept: string | undefined, password: string): Promise<Refusal | boolean> {
    const nobodys = await (this.#nobodys ??= hash(randomBytes(16), this.#options));
    const right = await this.#inTurn(() => verify(kept ?? nobodys, password));
    return isRefusal(right) ? right : right && kept !== undefined;
  }

  /** Was it made with other settings than the present ones? */
  isOld(kept: string): boolean {
    const { memoryCost, timeCost, parallelism } = parseOptions(kept);
    const now = this.#options;
    return (
      memoryCost !== now.memoryCost || timeCost !== now.timeCost || parallelism !== now.parallelism
    );
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<Refusal | T> {
    if (this.#busy >= this.#atOnce) {
      if (this.#waiting.length >= this.#waitingMax) return refuse('SIGN_IN_BUSY');
      // Whoever is done hands on its place.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#busy++;
    this.count++;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#busy--;
      else next();
    }
  }
}
