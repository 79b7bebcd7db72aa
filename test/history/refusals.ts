// Was there a reason for each refusal, and none for each command with a condition, and each reversal? Owns: what an account could have at some moment
// between a call and its return. Never touches: the order of entries.

import { limits } from '../../engine/index.js';
import type { Acts } from './acts.js';
import {
  type Asked,
  accountKey,
  changesOf,
  conditionOf,
  movedBy,
  undoneAct,
} from './operations.js';
import type { Result } from './results.js';
import type { Account, Knowledge, Witness } from './witness.js';

/** The clock of blocks may run ahead of the one that calls are timed with. */
const CLOCK_SLACK_MS = 1_500;

/** The least and the most that an account could have available at a moment of an interval, what the command itself reserved put aside. */
function availableIn(
  witness: Witness,
  account: Account,
  knowledge: Knowledge,
  { command: { id }, call, ret }: Result,
): [least: number, most: number] {
  const low = account.upTo(knowledge.before(call));
  const high = Math.max(low, account.mostBy(ret));
  const opens = witness.placesOf(id, 'reserve').get(account.key) ?? Number.POSITIVE_INFINITY;
  const ends =
    witness.placesOf(id, 'free').get(account.key) ??
    witness.placesOf(id, 'post').get(account.key) ??
    Number.POSITIVE_INFINITY;
  const own = account.entries[opens - 1]?.heldDelta ?? 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let version = low; version <= high; version++) {
    const { available } = account.after(version);
    const free = version >= opens && version < ends ? available + own : available;
    least = Math.min(least, free);
    most = Math.max(most, free);
  }
  return [least, most];
}

/** What must be available for it, by account. */
function needs({ command }: Result): Map<string, number> {
  const needed = new Map<string, number>();
  if (command.type === 'hold')
    return needed.set(accountKey(command.owner, command.asset), command.amount);
  if (command.type !== 'transfer' && command.type !== 'reverse' && command.type !== 'act')
    return needed;
  const act = undoneAct(command);
  for (const [key, { pays }] of changesOf(command, act === undefined ? 0 : movedBy(act)))
    if (pays > 0) needed.set(key, pays);
  return needed;
}

/** Is it refused because its condition does not hold? */
const isOfCondition = ({ command, code }: Result): boolean =>
  code === (command.type === 'act' ? 'NOT_ELIGIBLE' : 'CONDITION_FAILED');

/** Judges refusals and conditions of all commands. */
export class Reasons {
  readonly #witness: Witness;
  readonly #knowledge: (shard: number) => Knowledge;
  /** What was captured or released of each hold: the calls of those that did it. */
  readonly #taken = new Map<string, { call: number; amount: number }[]>();
  /** By what was reversed, the reversals that did it. */
  readonly #reversed = new Map<string, Result[]>();

  readonly #acts: Acts;

  constructor(witness: Witness, knowledge: (shard: number) => Knowledge, acts: Acts) {
    this.#witness = witness;
    this.#knowledge = knowledge;
    this.#acts = acts;
    for (const result of witness.results.values()) {
      const { command, state, call } = result;
      if (state === 'posted' && command.type === 'reverse') {
        const { id } = command.original;
        this.#reversed.set(id, [...(this.#reversed.get(id) ?? []), result]);
      }
      if (state !== 'posted' || (command.type !== 'capture' && command.type !== 'release'))
        continue;
      const all = command.type === 'release' || command.releaseRest;
      const amount = all ? Number.POSITIVE_INFINITY : command.amount;
      const key = `${command.owner}/${command.holdId}`;
      const taken = this.#taken.get(key) ?? [];
      taken.push({ call, amount });
      this.#taken.set(key, taken);
    }
  }

  /** What is wrong with a refusal, or with having posted; undefined: nothing. */
  judge(result: Result): string | undefined {
    const { state, name, code, command } = result;
    if (state === 'posted')
      return (
        this.#conditionFault(result) ??
        this.#reversalFault(result) ??
        this.#acts.postedFault(result)
      );
    if (state !== 'refused' || this.#isJustified(result)) return undefined;
    const about = [...changesOf(command, 0).keys()].join(', ');
    const had = [...this.#watched(result)].map(([key, needed]) => {
      const [least, most] = this.#available(key, result);
      return `${key} needed ${needed} and had ${least} to ${most}`;
    });
    return `${name} was refused ${code} without a reason: ${had.join(', ') || about}`;
  }

  #available(key: string, result: Result): [number, number] {
    const account = this.#witness.accounts.get(key);
    if (account === undefined) return [0, 0];
    return availableIn(this.#witness, account, this.#knowledge(account.shard), result);
  }

  /** The accounts that a refusal is about, with what each needs. */
  #watched(result: Result): Map<string, number> {
    const { command, code } = result;
    if (code === 'POINTS_SHORT') return needs(result);
    const condition = isOfCondition(result) ? conditionOf(command) : undefined;
    if (condition === undefined) return new Map();
    return new Map([[accountKey(condition.owner, condition.asset), condition.availableAtLeast]]);
  }

  #isJustified(result: Result): boolean {
    const { command, code, call, ret, chain } = result;
    if (code === 'PREPARE_LATE')
      return chain.length > 1 && ret - call >= limits.PREPARE_LIMIT_MS - CLOCK_SLACK_MS;
    if (code === 'POINTS_SHORT' || isOfCondition(result))
      return [...this.#watched(result)].some(
        ([key, need]) => this.#available(key, result)[0] < need,
      );
    if (
      command.type === 'act' ||
      (undoneAct(command) !== undefined && code !== 'TRANSFER_NOT_FOUND')
    )
      return this.#acts.isReason(result);
    return command.type === 'reverse'
      ? this.#isReversalReason(command.original.id, code, call, ret)
      : this.#isHoldReason(command, code, call, ret);
  }

  #isReversalReason(id: string, code: string | undefined, call: number, ret: number): boolean {
    const original = this.#witness.results.get(id);
    if (code === 'TRANSFER_NOT_FOUND')
      return original === undefined || original.state !== 'posted' || original.ret >= call;
    return (
      code === 'ALREADY_REVERSED' && (this.#reversed.get(id) ?? []).some((one) => one.call < ret)
    );
  }

  #isHoldReason(command: Asked, code: string | undefined, call: number, ret: number): boolean {
    if (command.type !== 'capture' && command.type !== 'release') return false;
    const hold = this.#witness.results.get(command.holdId);
    if (code === 'HOLD_NOT_FOUND')
      return hold === undefined || hold.state !== 'posted' || hold.ret >= call;
    if (hold?.command.type !== 'hold') return false;
    let left = hold.command.amount;
    for (const taken of this.#taken.get(hold.name) ?? [])
      if (taken.call <= ret) left -= taken.amount;
    if (code === 'HOLD_CLOSED') return left <= 0;
    return code === 'CAPTURE_EXCEEDS_HOLD' && command.type === 'capture' && command.amount > left;
  }

  /** What is reversed was posted, and is reversed once. */
  #reversalFault({ command, name }: Result): string | undefined {
    if (command.type !== 'reverse') return undefined;
    const { id } = command.original;
    const original = this.#witness.results.get(id);
    if (original?.state !== 'posted') return `${name} reverses ${id}, which is ${original?.state}`;
    if (original.command.type === 'act') return undefined;
    const [first, second] = this.#reversed.get(id) ?? [];
    return second === undefined
      ? undefined
      : `${id} is reversed by ${first?.name} and ${second.name}`;
  }

  #conditionFault(result: Result): string | undefined {
    const { command, name, chain } = result;
    const condition = conditionOf(command);
    if (condition === undefined) return undefined;
    const { owner, asset, availableAtLeast } = condition;
    const key = accountKey(owner, asset);
    const entry =
      this.#witness.accounts.get(key)?.entries[
        (this.#witness.placesOf(command.id, 'post').get(key) ?? 0) - 1
      ];
    let [, most] = this.#available(key, result);
    // Of a command of one shard the entry tells exactly what there was before it.
    if (entry !== undefined && chain.length === 1)
      most = entry.available - (entry.delta - entry.heldDelta);
    if (most >= availableAtLeast) return undefined;
    return `${name} is posted, and its condition needed ${availableAtLeast} on ${key}, which had ${most} at most`;
  }
}
