// What signing in is made of. Owns: its parts. Never touches: what is done with them.

import type { Engine } from '../../engine/index.js';
import type { Directory } from '../auth/directory.js';
import type { Sealer } from '../auth/sealing.js';
import { changedBy, type OwnLedger } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import type { GrantBook } from '../oauth/shapes.js';
import { type Refusal, refuse } from '../refusal.js';
import type { Attempts } from './attempts.js';
import { Guesses } from './guesses.js';
import type { Passwords } from './passwords.js';
import type { Asked } from './shapes.js';

export interface Given {
  readonly engine: Engine;
  readonly sealer: Sealer;
  readonly directory: Directory;
  readonly limits: GatewayLimits;
  readonly grants: GrantBook;
  readonly passwords: Passwords;
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
  readonly guesses: Guesses;
  readonly attempts: Attempts;
  readonly #turns = new Map<string, Promise<void>>();

  constructor(given: Given) {
    this.engine = given.engine;
    this.sealer = given.sealer;
    this.directory = given.directory;
    this.limits = given.limits;
    this.grants = given.grants;
    this.publicUrl = given.publicUrl;
    this.onDefect = given.onDefect;
    this.passwords = given.passwords;
    this.guesses = new Guesses(given.limits);
    this.attempts = this.guesses.attempts;
  }

  /** Milliseconds since 1970, by the ledger's clock. */
  get now(): number {
    return this.engine.now();
  }

  /** The ledger's own records as somebody changes them: the log names who asked. */
  records({ audit }: Pick<Asked, 'audit'>): OwnLedger {
    return changedBy(this.engine, audit);
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
}
