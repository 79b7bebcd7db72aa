// What two lists say of one operation. Owns: which differences are findings, what is not judged yet, what counts in sums. Never touches: lists, times of
// day, the ledger.
//   reconciling.F1. An operation belongs to the period that its time here lies in; one that is not here, to that of its time there. So each finding is of
//       one period.
//   reconciling.F2. Younger than the grace time, or still pending here: nothing is said of it.
//   reconciling.F3. A finding is the same whatever the order of the lists and pages it was found in.

import type { OperationKind, OperationState } from '../../../engine/index.js';

/** An operation, as one of the two has it. Amounts in minor units, times in milliseconds since 1970. */
export interface Entry {
  readonly kind: OperationKind;
  readonly state: OperationState;
  readonly user: string;
  readonly asset: string;
  readonly amount: number;
  readonly at: number;
}

/** What an operation may be found to be, by the lists; all but the first two and `duplicate` are of one that both have. */
export const FINDINGS = [
  'missing_in_source',
  'missing_in_target',
  'duplicate',
  'amount_mismatch',
  'kind_mismatch',
  'user_mismatch',
  'asset_mismatch',
  'state_mismatch',
] as const;
/** What totals may be found to be. */
export const TOTAL_FINDINGS = ['added_mismatch', 'deducted_mismatch'] as const;
export type Finding = (typeof FINDINGS)[number] | (typeof TOTAL_FINDINGS)[number];

/** What both lists have under one id. */
export interface Group {
  readonly operation: string;
  /** Left out: it is not in the list here. */
  readonly ours: Entry | undefined;
  /** Entries there that differ by more than their state, the first one first. */
  readonly theirs: readonly Entry[];
  /** Other states that the first of these was listed in, on other pages. */
  readonly states: readonly OperationState[];
  /** It is there more than once, but for what stands on two pages. */
  readonly isDouble: boolean;
}

/** Milliseconds since 1970. `settled`: what is younger is not judged. */
export interface Judged {
  readonly from: number;
  readonly until: number;
  readonly settled: number;
}

/** Something that does not agree. */
export interface Found {
  readonly finding: Finding;
  readonly operation?: string | undefined;
  readonly asset: string;
  /** Minor units; left out: it is not in that list. */
  readonly ours?: number | undefined;
  readonly theirs?: number | undefined;
  /** Where it is not an amount that differs: what each says. */
  readonly says?: readonly [string, string] | undefined;
  readonly at: number;
}

export type Verdict = 'outside' | 'young' | 'pending' | 'judged';

/** To which period does it belong, and is it judged already? */
export function verdictOf({ ours, theirs }: Group, { from, until, settled }: Judged): Verdict {
  const at = (ours ?? theirs[0])?.at ?? 0;
  if (at < from || at >= until) return 'outside';
  if (at >= settled) return 'young';
  return ours?.state === 'pending' ? 'pending' : 'judged';
}

/** What is compared of both: the finding where it differs. */
const COMPARED = [
  ['kind', 'kind_mismatch'],
  ['user', 'user_mismatch'],
  ['asset', 'asset_mismatch'],
] as const;

/** The entry there that an operation here is compared with: the one that says the same, or the first one. */
function counterpart(ours: Entry, theirs: readonly Entry[]): Entry | undefined {
  const same = theirs.find(
    (one) => one.amount === ours.amount && COMPARED.every(([field]) => one[field] === ours[field]),
  );
  return same ?? theirs[0];
}

/** What is found of one that is judged. */
export function findingsOf({ operation, ours, theirs, states, isDouble }: Group): Found[] {
  const [first] = theirs;
  if (ours === undefined) {
    if (first === undefined) return [];
    const { asset, amount, at } = first;
    const missing = { operation, asset, theirs: amount, at };
    return [
      { finding: 'missing_in_source', ...missing },
      ...(isDouble ? [{ finding: 'duplicate', ...missing } as const] : []),
    ];
  }
  const { asset, amount, at } = ours;
  const there = counterpart(ours, theirs);
  if (there === undefined)
    return [{ finding: 'missing_in_target', operation, asset, ours: amount, at }];
  const both = { operation, asset, ours: amount, theirs: there.amount, at };
  const found: Found[] = [];
  if (isDouble) found.push({ finding: 'duplicate', ...both });
  if (there.amount !== amount) found.push({ finding: 'amount_mismatch', ...both });
  for (const [field, finding] of COMPARED)
    if (there[field] !== ours[field])
      found.push({ finding, ...both, says: [ours[field], there[field]] });
  const isState = there.state === ours.state || (there === first && states.includes(ours.state));
  if (!isState) found.push({ finding: 'state_mismatch', ...both, says: [ours.state, there.state] });
  return found;
}

/** What is looked at again, by its id, before it is believed: a list is not of one moment, and times differ. */
export const isLookedAtAgain = ({ finding }: Found): boolean =>
  finding === 'missing_in_source' ||
  finding === 'missing_in_target' ||
  finding === 'state_mismatch';

/** What an operation here has added or deducted there, and when by the partner's time; undefined: nothing. */
export function moved({ ours, theirs, states }: Group): Entry | undefined {
  if (ours === undefined) return undefined;
  const there = counterpart(ours, theirs);
  // What is pending here has moved there where the partner says so: the answer is on its way.
  const isDone =
    ours.state === 'completed' ||
    (ours.state === 'pending' && (there?.state === 'completed' || states.includes('completed')));
  return isDone ? { ...ours, at: there?.at ?? ours.at } : undefined;
}
