// Acts held against what is defined, against each other and against budgets. Owns: who has claimed what in which order, what budgets could have.
// Never touches: what users' accounts could have (refusals.ts), the order of entries (witness.ts).

import {
  type Act,
  type Asked,
  accountKey,
  type Budget,
  type Claim,
  earnedNothing,
  effectsOf,
  isUndoable,
  movedBy,
  stepOf,
  type Undoable,
  undoneAct,
} from './operations.js';
import type { Result } from './results.js';
import type { Account, Witness } from './witness.js';

/** Points that left a budget, or came back into it. */
interface Flow {
  readonly result: Result;
  readonly amount: number;
}

interface Flows {
  readonly paid: Flow[];
  readonly back: Flow[];
}

const claimOf = ({ command }: Result): Claim | undefined =>
  command.type === 'act' && command.act === 'claim' ? command : undefined;

const sum = (flows: readonly Flow[], of: (result: Result) => boolean): number =>
  flows.reduce((total, { result, amount }) => total + (of(result) ? amount : 0), 0);

const budgetKey = ({ offer }: Claim): string => accountKey(offer.budget, offer.asset);
const offerKey = ({ owner, offer }: Claim): string => `${owner} ${offer.key}`;

/** Why a correction must be refused; undefined: it need not. */
function correctionRefusal(act: Exclude<Undoable, Claim>): string | undefined {
  const { correction, amount } = act;
  if (amount > correction.mostUp || -amount > correction.mostDown) return 'CORRECTION_TOO_LARGE';
  return movedBy(act) >= correction.secondFrom ? 'APPROVAL_REQUIRED' : undefined;
}

/** All posted acts of a history, and what undid them. */
export class Acts {
  readonly #witness: Witness;
  readonly #budgets: ReadonlyMap<string, Budget>;
  readonly #flows = new Map<string, Flows>();
  /** By what was undone, what undid it. */
  readonly #undone = new Map<string, Flow[]>();
  /** By member and offer. */
  readonly #claims = new Map<string, Result[]>();
  /** Acts of a programme that were posted, and have moved points: by member and act; returns by what was bought. */
  readonly #posted = new Map<string, Result[]>();

  constructor(witness: Witness, budgets: ReadonlyMap<string, Budget>) {
    this.#witness = witness;
    this.#budgets = budgets;
    for (const account of witness.accounts.values())
      account.entries.forEach(({ delta, type }, at) => {
        const result = account.results[at] as Result;
        if (stepOf(type) === 'post') this.#take(result, Math.abs(delta));
      });
    for (const result of witness.results.values()) {
      const key = countedBy(result.command);
      if (key === undefined || result.state !== 'posted') continue;
      if (earnedNothing(result.command, result.posted)) continue;
      this.#posted.set(key, [...(this.#posted.get(key) ?? []), result]);
    }
  }

  #take(result: Result, amount: number): void {
    const claim = claimOf(result);
    if (claim !== undefined) {
      this.#flowsOf(claim).paid.push({ result, amount });
      const key = offerKey(claim);
      this.#claims.set(key, [...(this.#claims.get(key) ?? []), result]);
    }
    const act = undoneAct(result.command);
    if (act === undefined) return;
    const flow = { result, amount };
    this.#undone.set(act.id, [...(this.#undone.get(act.id) ?? []), flow]);
    if (act.act === 'claim') this.#flowsOf(act).back.push(flow);
  }

  #flowsOf(claim: Claim): Flows {
    const key = budgetKey(claim);
    const flows = this.#flows.get(key) ?? { paid: [], back: [] };
    this.#flows.set(key, flows);
    return flows;
  }

  /** What is wrong with the order of claims and with what budgets have in the end. */
  faults(): string[] {
    const faults = [...this.#witness.accounts.values()].flatMap((account) => orderFaults(account));
    for (const [key, { funded, left }] of this.#budgets) {
      const { paid, back } = this.#flows.get(key) ?? { paid: [], back: [] };
      const should = funded - sum(paid, () => true) + sum(back, () => true);
      if (left !== should) faults.push(`${key} has ${left} left, and acts leave ${should}`);
    }
    return faults;
  }

  /** The least that a budget can have had while a claim of it was under way. */
  #least({ call, ret }: Result, claim: Claim): number {
    const { paid, back } = this.#flowsOf(claim);
    const { funded = 0 } = this.#budgets.get(budgetKey(claim)) ?? {};
    return funded - sum(paid, (one) => one.call < ret) + sum(back, (one) => one.ret < call);
  }

  /** And the most. */
  #most(result: Result, claim: Claim): number {
    const { call, ret } = result;
    const { paid, back } = this.#flowsOf(claim);
    const { funded = 0 } = this.#budgets.get(budgetKey(claim)) ?? {};
    return funded - sum(paid, (one) => one.ret < call) + sum(back, (one) => one.call < ret);
  }

  /** What was given back of an act. */
  #givenBack(act: Undoable, of: (result: Result) => boolean): number {
    return sum(this.#undone.get(act.id) ?? [], of);
  }

  /** Had a refusal of an act, or of the undo of one, a reason? Those for want of points in users' accounts are judged elsewhere. */
  isReason(result: Result): boolean {
    const { command, code, call, ret } = result;
    const act = undoneAct(command);
    if (command.type === 'reverse' && act !== undefined) {
      const left = movedBy(act) - this.#givenBack(act, (one) => one.call < ret);
      if (code === 'ALREADY_REVERSED') return left <= 0;
      return code === 'REVERSAL_EXCEEDS_REMAINING' && (command.amount ?? 0) > left;
    }
    if (command.type === 'act' && !isUndoable(command))
      return this.#isProgrammesReason(command, result);
    const claim = claimOf(result);
    if (claim === undefined)
      return command.type === 'act' && command.act === 'adjust'
        ? correctionRefusal(command) === code
        : false;
    if (code === 'BUDGET_EXHAUSTED') return this.#least(result, claim) < claim.offer.points;
    if (code !== 'OFFER_CLAIMED') return false;
    return (this.#claims.get(offerKey(claim)) ?? []).some((one) => {
      const before = this.#givenBack(one.command as Claim, (back) => back.ret < call);
      return one.call < ret && before < claim.offer.points;
    });
  }

  /** How many of those that are counted with it (of returns: how much) may have been before it. */
  #before({ command, ret }: Result): number {
    const all = this.#posted.get(countedBy(command) ?? '') ?? [];
    return all
      .filter((one) => one.command !== command && one.call < ret)
      .reduce((sum, { command: one }) => sum + weightOf(one), 0);
  }

  /** Had a refusal of an act of a programme a reason? */
  #isProgrammesReason(act: OfProgramme, result: Result): boolean {
    const { code } = result;
    const before = this.#before(result);
    switch (act.act) {
      case 'return-event': {
        const { amount = 0 } = act.event;
        if (code === 'ALREADY_REVERSED') return before >= amount;
        return code === 'RETURN_INVALID' && before + act.amount > amount;
      }
      case 'gift': {
        const { mostEach, mostTimes } = act.of.gift;
        return code === 'GIFT_LIMIT' && (act.amount > mostEach || before >= mostTimes);
      }
      case 'refer':
        if (code === 'REFERRAL_TO_SELF') return act.by === act.owner;
        return code === 'REFERRED_BEFORE' && before > 0;
      default:
        return false;
    }
  }

  /** What is wrong with an act of a programme that is posted; undefined: nothing. */
  #programmesFault(act: OfProgramme, result: Result): string | undefined {
    const { name } = result;
    const all = this.#posted.get(countedBy(act) ?? '') ?? [];
    const sum = all.reduce((total, { command }) => total + weightOf(command), 0);
    const most = mostOf(act);
    if (sum > most && all[0] === result) return `${name} and others come to ${sum} of ${most}`;
    if (act.act === 'gift' && act.amount > act.of.gift.mostEach)
      return `${name} is posted, and should be GIFT_LIMIT`;
    if (act.act === 'refer' && act.by === act.owner)
      return `${name} is posted, and should be REFERRAL_TO_SELF`;
    const isShort = earnedNothing(act, result.posted) && this.#before(result) < most;
    return isShort ? `${name} earned nothing, and ${most} visits are paid for` : undefined;
  }

  /** What is wrong with an act that is posted; undefined: nothing. */
  postedFault(result: Result): string | undefined {
    const { command, name } = result;
    if (command.type !== 'act') return undefined;
    if (!isUndoable(command)) return this.#programmesFault(command, result);
    const back = this.#givenBack(command, () => true);
    if (back > movedBy(command)) return `${name} moved ${movedBy(command)}, and gave back ${back}`;
    if (command.act === 'adjust') {
      const refusal = correctionRefusal(command);
      return refusal === undefined ? undefined : `${name} is posted, and should be ${refusal}`;
    }
    const most = this.#most(result, command);
    return most >= command.offer.points
      ? undefined
      : `${name} is posted, and ${budgetKey(command)} had ${most} of ${command.offer.points} at most`;
  }
}

type OfProgramme = Exclude<Act, Undoable>;

/** As what an act counts of those that a programme allows so many of: a return as what it gives back. */
const weightOf = (command: Asked): number =>
  command.type === 'act' && command.act === 'return-event' ? command.amount : 1;

/** How many there may be. */
function mostOf(act: OfProgramme): number {
  if (act.act === 'return-event') return act.event.amount ?? 0;
  if (act.act === 'gift') return act.of.gift.mostTimes;
  if (act.act === 'refer') return 1;
  return act.amount === undefined ? act.of.visit.times : Number.POSITIVE_INFINITY;
}

/** What acts are counted by that a programme allows so many of; undefined: it is none. */
function countedBy(command: Asked): string | undefined {
  if (command.type !== 'act' || isUndoable(command)) return undefined;
  if (command.act === 'return-event') return `return ${command.event.id}`;
  if (command.act === 'event' && command.amount !== undefined) return undefined;
  return `${command.act} ${command.owner}`;
}

/** Is an offer claimed again before all of it was given back? And does everything tell what it did? */
function orderFaults({ entries, results }: Account): string[] {
  const faults: string[] = [];
  /** By offer, who has claimed it. */
  const claimed = new Map<string, Result>();
  const left = new Map<string, number>();
  const bought = new Set<string>();
  entries.forEach(({ type, delta }, at) => {
    const result = results[at] as Result;
    const { command, name, posted } = result;
    if (stepOf(type) !== 'post') return;
    const claim = claimOf(result);
    if (claim !== undefined) {
      const before = claimed.get(claim.offer.key);
      if (before !== undefined)
        faults.push(`${name} claims ${claim.offer.key} again, which ${before.name} has claimed`);
      claimed.set(claim.offer.key, result);
    }
    const act = undoneAct(command);
    const rest = act === undefined ? 0 : (left.get(act.id) ?? movedBy(act)) - Math.abs(delta);
    if (act !== undefined) {
      left.set(act.id, rest);
      if (act.act === 'claim' && rest === 0) claimed.delete(act.offer.key);
    }
    const should = JSON.stringify(effectsOf(command, rest === 0));
    const told = JSON.stringify(posted?.effects);
    if (posted !== undefined && told !== should)
      faults.push(`${name} tells ${told}, not ${should}`);
    if (command.type === 'act' && command.act === 'event') bought.add(command.id);
    if (command.type === 'act' && command.act === 'return-event' && !bought.has(command.event.id))
      faults.push(`${name} gives back ${command.event.id} before it was bought`);
  });
  return faults;
}
