// What signing in is made of. Owns: its parts, from where wrong passwords come. Never touches: what is done with them.

import type { Engine } from '../../engine/index.js';
import type { Directory } from '../auth/directory.js';
import { networkOf, RateLimits } from '../auth/rate-limits.js';
import type { Sealer } from '../auth/sealing.js';
import type { OwnLedger } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import type { GrantBook } from '../oauth/shapes.js';
import { type Refusal, refuse } from '../refusal.js';
import { Attempts } from './attempts.js';
import { Passwords } from './passwords.js';
import type { Asked } from './shapes.js';

export interface Given {
  readonly engine: Engine;
  readonly sealer: Sealer;
  readonly directory: Directory;
  readonly limits: GatewayLimits;
  readonly grants: GrantBook;
  /** Without a slash at its end. */
  readonly publicUrl: string;
  readonly onDefect: (error: unknown) => void;
}

/** A platform asks about who is no user of it. */
export const strangeMember = (): Refusal =>
  refuse('OPERATION_FORBIDDEN', 'owner', 'The member is no user of this platform.');

export class Parts {
  readonly engine: Engine;
  readonly sealer: Sealer;
  readonly directory: Directory;
  readonly limits: GatewayLimits;
  readonly grants: GrantBook;
  readonly publicUrl: string;
  readonly onDefect: (error: unknown) => void;
  readonly passwords: Passwords;
  readonly attempts: Attempts;
  readonly #addresses: RateLimits;
  readonly #turns = new Map<string, Promise<void>>();

  constructor(given: Given) {
    this.engine = given.engine;
    this.sealer = given.sealer;
    this.directory = given.directory;
    this.limits = given.limits;
    this.grants = given.grants;
    this.publicUrl = given.publicUrl;
    this.onDefect = given.onDefect;
    this.passwords = new Passwords(given.limits);
    this.attempts = new Attempts(given.limits);
    this.#addresses = new RateLimits(given.limits.bucketsMax);
  }

  /** Milliseconds since 1970, by the ledger's clock. */
  get now(): number {
    return this.engine.now();
  }

  /** The ledger's own records as somebody changes them: the log names who asked. */
  records({ audit }: Pick<Asked, 'audit'>): OwnLedger {
    const { own } = this.engine;
    return { own: { ...own, submit: (command) => own.submit(command, { audit }) } };
  }

  /** Does one thing after the other for a member, on this node. */
  inTurn<T>(member: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#turns.get(member) ?? Promise.resolve()).then(work);
    const over = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#turns.set(member, over);
    over.then(() => this.#turns.get(member) === over && this.#turns.delete(member));
    return turn;
  }

  /** Counts a password that may be wrong against the address that it comes from; `RATE_LIMITED` where there were too many. */
  tryFrom({ seat }: Asked): Refusal | undefined {
    const rate = this.limits.addressTries;
    const taken = this.#addresses.take(networkOf(seat.address), rate, 1);
    if (taken.ok) return undefined;
    const detail = 'Too many wrong passwords came from this address.';
    return {
      ...refuse('RATE_LIMITED', undefined, detail),
      retryAfterSeconds: taken.seconds,
    };
  }

  /** It was right. */
  wasRight({ seat }: Asked): void {
    this.#addresses.giveBack(networkOf(seat.address), 1);
  }
}
