// A partner outside in plain code: what he has done, and what comes of asking him over a way that loses, repeats and delays. Owns: both. Never touches:
// what is asked.

import type { Heard } from '../../engine/programme/outside/transition.js';
import type { OperationKind, OperationState } from '../../engine/protocol/outside.js';
import type { Random } from '../random.js';

export interface Operation {
  readonly kind: OperationKind;
  readonly user: string;
  readonly amount: number;
  state: OperationState;
  /** Why it stands, which he has said when he was asked to undo it. */
  standing?: string | undefined;
}

export interface Call {
  readonly operation: string;
  readonly kind: OperationKind;
  readonly user: string;
  readonly amount: number;
}

export type Way = 'carryOut' | 'rollBack' | 'operation';

const UNKNOWN: Heard = { state: 'unknown' };

export class ModelPartner {
  readonly operations = new Map<string, Operation>();
  /** Operations of which he has taken back what he had said. */
  readonly takenBack = new Set<string>();
  readonly #random: Random;
  /** What is on its way to him still. */
  #late: (readonly [way: Way, call: Call])[] = [];
  readonly #balances = new Map<string, number>();
  /** How often something goes wrong on the way; 0: nothing does. */
  faults = 0;
  isAway = false;
  /** Does he refuse to undo what he has done? */
  stands = false;
  /** Does he refuse what is asked for? */
  refuses = false;
  /** Does he say another amount than he was asked for? */
  lies = false;

  constructor(random: Random) {
    this.#random = random;
  }

  has = (user: string): number => this.#balances.get(user) ?? 0;
  gives(user: string, amount: number): void {
    this.#balances.set(user, this.has(user) + amount);
  }

  /** What he does, where he is reached. */
  does(way: Way, { operation, kind, user, amount }: Call): Heard {
    const known = this.operations.get(operation);
    if (way === 'rollBack') {
      if (known === undefined)
        this.operations.set(operation, { kind, user, amount, state: 'void' });
      else if (known.state === 'completed') {
        const back = known.kind === 'add' ? -known.amount : known.amount;
        const isShort = this.has(known.user) + back < 0;
        // What he has said once to stand, stands for ever, whichever of those who ask is heard last.
        known.standing ??= this.stands ? 'STANDS' : isShort ? 'POINTS_SHORT' : undefined;
        if (known.standing !== undefined) return { ...this.#told(known), code: known.standing };
        this.gives(known.user, back);
        known.state = 'rolled_back';
      }
      return this.#told(this.operations.get(operation) as Operation);
    }
    if (known !== undefined) return this.#told(known);
    if (way === 'operation') return { state: 'absent' };
    const after = this.has(user) + (kind === 'add' ? amount : -amount);
    const state = after < 0 || this.refuses ? 'refused' : 'completed';
    if (state === 'completed') this.#balances.set(user, after);
    const made = { kind, user, amount, state } as const;
    this.operations.set(operation, { ...made });
    return state === 'refused' ? { ...this.#told(made), code: 'POINTS_SHORT' } : this.#told(made);
  }

  #told({ state, kind, user, amount }: Operation): Heard {
    if (this.lies) return { state, kind, user, amount: amount + 1 };
    return state === 'void' ? { state } : { state, kind, user, amount };
  }

  /** What is heard of asking him. */
  asked(way: Way, call: Call): Heard {
    const random = this.#random;
    if (this.isAway) return UNKNOWN;
    if (!random.chance(this.faults)) return this.does(way, call);
    switch (random.int(4)) {
      case 0:
        return UNKNOWN;
      case 1:
        this.does(way, call);
        return UNKNOWN;
      case 2:
        this.does(way, call);
        return this.does(way, call);
      default:
        this.#late.push([way, call]);
        return UNKNOWN;
    }
  }

  /** Something that was on its way for long reaches him. */
  arrives(all = false): void {
    const random = this.#random;
    const now = random.shuffle(this.#late).splice(0, all ? this.#late.length : 1);
    for (const [way, call] of now) this.does(way, call);
  }

  /** He undoes by himself what he has done, and has said so. */
  takesBack(operation: string): boolean {
    const known = this.operations.get(operation);
    if (known?.state !== 'completed' || known.kind !== 'deduct') return false;
    this.gives(known.user, known.amount);
    known.state = 'rolled_back';
    this.takenBack.add(operation);
    return true;
  }
}
