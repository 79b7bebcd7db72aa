// Acts held against what is defined, against each other and against budgets. Owns: who has claimed what in which order, what budgets could have.
// Never touches: what users' accounts could have (refusals.ts), the order of entries (witness.ts).

import {
  type Act,
  accountKey,
  type Budget,
  type Claim,
  effectsOf,
  movedBy,
  stepOf,
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
function correctionRefusal(act: Exclude<Act, Claim>): string | undefined {
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

  constructor(witness: Witness, budgets: ReadonlyMap<string, Budget>) {
    this.#witness = witness;
    this.#budgets = budgets;
    for (const account of witness.accounts.values())
      account.entries.forEach(({ delta, type }, at) => {
        const result = account.results[at] as Result;
        if (stepOf(type) === 'post') this.#take(result, Math.abs(delta));
      });
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
  #givenBack(act: Act, of: (result: Result) => boolean): number {
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
    const claim = claimOf(result);
    if (claim === undefined)
      return command.type === 'act' && command.act === 'adjust'
        ? correctionRefusal(command) === code
        : false;
    if (code === 'BUDGET_EXHAUSTED') return this.#least(result, claim) < claim.offer.points;
    if (code !== 'OFFER_CLAIMED') return false;
    return (this.#claims.get(offerKey(claim)) ?? []).some((one) => {
      const before = this.#givenBack(one.command as Act, (back) => back.ret < call);
      return one.call < ret && before < claim.offer.points;
    });
  }

  /** What is wrong with an act that is posted; undefined: nothing. */
  postedFault(result: Result): string | undefined {
    const { command, name } = result;
    if (command.type !== 'act') return undefined;
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

/** Is an offer claimed again before all of it was given back? And does everything tell what it did? */
function orderFaults({ entries, results }: Account): string[] {
  const faults: string[] = [];
  /** By offer, who has claimed it. */
  const claimed = new Map<string, Result>();
  const left = new Map<string, number>();
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
  });
  return faults;
}
