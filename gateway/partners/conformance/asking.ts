// A partner as a check asks it. Owns: what checks have to hand, how they say what is wrong. Never touches: what is checked.

import type { OperationKind } from '../../../engine/index.js';
import type { PartnerAdapter, PartnerAnswer, PartnerCall, Told, Unknown } from '../adapter.js';
import type { PathCall } from '../http.js';
import type { Answered } from '../requests.js';

/** A rule does not hold. */
export class Broken extends Error {}

export function must(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Broken(what);
}

/** Asks a path with any token and any body; resolves always. */
export type AskRaw = (
  method: PathCall['method'],
  path: string,
  how?: { readonly body?: string | object | undefined; readonly token?: string | undefined },
) => Promise<Answered | Unknown>;

export interface AskingParts {
  readonly adapter: PartnerAdapter;
  readonly raw: AskRaw;
  /** A user that the partner knows, without points. */
  readonly user: string;
  readonly asset: string;
  /** What ids of this run begin with. */
  readonly run: string;
  /** As what system this ledger makes users at the partner. */
  readonly sourceSystem: string;
}

const DAY_MS = 86_400_000;

/** What a check asks by. */
export class Asking {
  readonly adapter: PartnerAdapter;
  readonly raw: AskRaw;
  readonly asset: string;
  readonly signal: AbortSignal = new AbortController().signal;
  readonly #parts: AskingParts;
  readonly #name: string;
  readonly #undone: PartnerCall[] = [];
  #user: string | undefined;
  #ids = 0;

  constructor(parts: AskingParts, name: string) {
    this.#parts = parts;
    this.#name = name;
    this.adapter = parts.adapter;
    this.raw = parts.raw;
    this.asset = parts.asset;
  }

  /** An id that nobody has asked under. */
  id(): string {
    return `${this.#parts.run}-${this.#name}-${++this.#ids}`;
  }

  /** The user that was named. */
  get given(): string {
    return this.#parts.user;
  }

  /** Somebody without points for this check alone, where the partner makes users; else the one that was named. */
  async user(): Promise<string> {
    if (this.#user !== undefined) return this.#user;
    const made = await this.adapter.createUser(this.newUser(this.id()), this.signal);
    this.#user = made.state === 'user' ? made.user : this.#parts.user;
    return this.#user;
  }

  newUser(key: string) {
    const { sourceSystem } = this.#parts;
    const sourceUser = key.slice(-64);
    return { key, name: `check_from_${sourceSystem}`, sourceSystem, sourceUser };
  }

  /** A call of this check's user. */
  async call(kind: OperationKind, amount: number, operation = this.id()): Promise<PartnerCall> {
    return { operation, kind, user: await this.user(), asset: this.asset, amount };
  }

  async carryOut(call: PartnerCall): Promise<PartnerAnswer> {
    this.#undone.push(call);
    return this.adapter.carryOut(call, this.signal);
  }

  rollBack(call: PartnerCall): Promise<PartnerAnswer> {
    return this.adapter.rollBack(call, this.signal);
  }

  lookUp(call: PartnerCall): Promise<PartnerAnswer> {
    return this.adapter.operation(call.operation, this.signal);
  }

  /** Adds points, as the check goes on from there. */
  async giving(amount: number): Promise<PartnerCall> {
    const call = await this.call('add', amount);
    mustBe(await this.carryOut(call), 'completed', `an addition of ${amount}`);
    return call;
  }

  /** What all members have. */
  async total(): Promise<number> {
    return (await this.totals()).total;
  }

  async totals(until = Date.now() + DAY_MS) {
    const totals = await this.adapter.totals(this.asset, until, this.signal);
    must(totals.state === 'totals', `the totals cannot be read: ${saying(totals)}`);
    return totals;
  }

  /** By how much the total changes meanwhile. */
  async moved(doing: () => Promise<unknown>): Promise<number> {
    const before = await this.total();
    await doing();
    return (await this.total()) - before;
  }

  /** Gives back what it has moved, as far as the partner does. */
  async undo(): Promise<void> {
    for (const call of this.#undone.reverse()) await this.rollBack(call).catch(() => undefined);
  }
}

/** What was answered, for people. */
export function saying(answer: { readonly state: string }): string {
  if (answer.state !== 'unknown') return answer.state;
  const { why, status } = answer as Unknown;
  return why === 'STATUS'
    ? `status ${status}`
    : `${why}${status === undefined ? '' : ` (status ${status})`}`;
}

/** What an operation must be. */
export function mustBe(
  answer: PartnerAnswer,
  states: Told['state'] | readonly Told['state'][],
  what: string,
): asserts answer is Told {
  const all = typeof states === 'string' ? [states] : states;
  must(
    answer.state !== 'unknown' && all.includes(answer.state),
    `${what} must be ${all.join(' or ')}, and is ${saying(answer)}`,
  );
}

/** It must be told as it was asked for. */
export function mustSay(answer: Told, call: PartnerCall, what: string): void {
  for (const field of ['kind', 'user', 'asset', 'amount'] as const)
    must(
      answer[field] === call[field],
      `${what} was asked for with ${field} ${call[field]}, and is told with ${answer[field]}`,
    );
}

export function mustMove(moved: number, amount: number, what: string): void {
  must(moved === amount, `${what} must change the total by ${amount}, and changes it by ${moved}`);
}

/** It must be told as another operation's id. */
export function mustConflict(answer: PartnerAnswer, what: string): void {
  const isConflict = answer.state === 'unknown' && answer.why === 'ID_REUSED';
  must(isConflict, `${what} must be answered 409 without an operation, and is ${saying(answer)}`);
}
