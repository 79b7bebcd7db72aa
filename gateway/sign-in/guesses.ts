// Guessing is slowed down, by login name and by address, before a password is compared. Owns: in which order that is counted. Never touches: passwords, accounts.
//   signin.T3. Wrong passwords of others at its address keep out no browser that is known; those of who is not count for nobody beyond what its address may.

import { networkOf } from '../../engine/index.js';
import { RateLimits } from '../auth/rate-limits.js';
import type { OwnLedger } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { Attempts, type Counted } from './attempts.js';

/** Who tries from where: its address, and the cookie of a browser that has signed in before. */
export interface Guesser {
  readonly seat: { readonly address: string };
  readonly device?: string | undefined;
}

export class Guesses {
  readonly attempts: Attempts;
  readonly #limits: GatewayLimits;
  readonly #addresses: RateLimits;

  constructor(limits: GatewayLimits) {
    this.attempts = new Attempts(limits);
    this.#limits = limits;
    this.#addresses = new RateLimits(limits.bucketsMax);
  }

  /** Counts a password for a login name (its digest) that may be wrong, before it is compared. `LOGIN_LATER`, `RATE_LIMITED`. */
  async count(
    ledger: OwnLedger,
    digest: string,
    now: number,
    guesser: Guesser,
  ): Promise<Refusal | Counted> {
    const { device } = guesser;
    const mayBeKnown = await this.attempts.isKnown(ledger, digest, device);
    if (isRefusal(mayBeKnown)) return mayBeKnown;
    const limited = mayBeKnown ? undefined : this.tryFrom(guesser);
    if (limited !== undefined) return limited;
    const counted = await this.attempts.count(ledger, digest, now, { cookie: device });
    if (isRefusal(counted)) return counted;
    // It was forgotten at this moment.
    const late = mayBeKnown && counted.by === 'unknown' ? this.tryFrom(guesser) : undefined;
    return late ?? counted;
  }

  /** Counts a password that may be wrong against the address that it comes from; `RATE_LIMITED` where there were too many. */
  tryFrom({ seat }: Guesser): Refusal | undefined {
    const taken = this.#addresses.take(networkOf(seat.address), this.#limits.addressTries, 1);
    if (taken.ok) return undefined;
    const detail = 'Too many wrong passwords came from this address.';
    return { ...refuse('RATE_LIMITED', undefined, detail), retryAfterSeconds: taken.seconds };
  }

  /** It was right. */
  wasRight({ seat }: Guesser, { by }: Counted): void {
    if (by === 'unknown') this.#addresses.giveBack(networkOf(seat.address), 1);
  }
}
