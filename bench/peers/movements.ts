// The same work for every peer: which points move, and what every balance must be afterwards.
// Owns: the choice of accounts, expected balances, the digest. Never touches: any peer.
//   M1. The n-th movement depends on the seed and n alone, whatever the speed of the peer.
//   M2. Every movement must be posted: nobody runs short.

import { createHash } from 'node:crypto';
import { random } from '../load.js';
import type { Accounts, Balances, Movement } from './peer.js';

/**
 * `programme`: every second movement is earned from the issuer, every second spent to the redeemer, as in a points
 * programme; each goes to one of the system's many accounts. `pairs`: from one user to another.
 */
export type MovementKind = 'programme' | 'pairs';

const SEED = 20_261_123;

/** The movements of one run, and the balances that they make. */
export class Movements {
  readonly accounts: Accounts;
  readonly expected: Float64Array;
  issued = 0;
  redeemed = 0;
  made = 0;
  readonly #kind: MovementKind;
  readonly #next = random(SEED);

  constructor(kind: MovementKind, accounts: Accounts) {
    this.#kind = kind;
    this.accounts = accounts;
    this.expected = new Float64Array(accounts.users).fill(accounts.funds);
  }

  /** The next movement; it counts as posted. */
  next(): Movement {
    const { users, stripes } = this.accounts;
    const n = this.made++;
    const id = `T${n}`;
    const amount = 1 + (n & 7);
    const user = this.#pick(users);
    if (this.#kind === 'pairs') {
      const to = (user + 1 + this.#pick(users - 1)) % users;
      this.#add(user, -amount);
      this.#add(to, amount);
      return { id, from: user, to, amount };
    }
    const stripe = this.#pick(stripes);
    // Runs of eight keep the amounts even on both sides.
    if (((n >> 3) & 1) === 0) {
      this.issued += amount;
      this.#add(user, amount);
      return { id, from: users + stripe, to: user, amount };
    }
    this.redeemed += amount;
    this.#add(user, -amount);
    return { id, from: user, to: users + stripes + stripe, amount };
  }

  /** The next movements. */
  batch(size: number): Movement[] {
    return Array.from({ length: size }, () => this.next());
  }

  #add(user: number, points: number): void {
    this.expected[user] = (this.expected[user] ?? 0) + points;
  }

  #pick(count: number): number {
    return Math.floor(this.#next() * count);
  }
}

/** Throws where any balance is not what the movements make of it. */
export function compareBalances(found: Balances, movements: Movements): void {
  const { expected, issued, redeemed } = movements;
  if (found.users.length !== expected.length)
    throw new Error(`there are ${found.users.length} accounts, not ${expected.length}`);
  for (let user = 0; user < expected.length; user++) {
    if (found.users[user] === expected[user]) continue;
    throw new Error(`account ${user} has ${found.users[user]}, not ${expected[user]}`);
  }
  if (found.issuer !== -issued) throw new Error(`the issuer has ${found.issuer}, not ${-issued}`);
  if (found.redeemer !== redeemed)
    throw new Error(`the redeemer has ${found.redeemer}, not ${redeemed}`);
}

/** The balances of all accounts by number, those of the system summed. */
export function summed(all: Float64Array, { users, stripes }: Accounts): Balances {
  const sum = (from: number, to: number) => all.subarray(from, to).reduce((a, b) => a + b, 0);
  return {
    users: all.subarray(0, users),
    issuer: sum(users, users + stripes),
    redeemer: sum(users + stripes, users + 2 * stripes),
  };
}

/** The same for the same balances, whoever keeps them: SHA-256 of the users' in order, the issuer's, the redeemer's. */
export function digestOf({ users, issuer, redeemer }: Balances): string {
  const hash = createHash('sha256');
  hash.update(`${users.join()};${issuer};${redeemer}`);
  return hash.digest('hex');
}
