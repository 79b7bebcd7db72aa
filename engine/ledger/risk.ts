// Marks of risk as commands meet them. Owns: which commands are judged, by what they take of whom. Never touches: what marks say (programme/risk), how a
// risk is found.
//   ledger.Q1. What takes points of a member, or gives goods for them, is judged in the commit by the marks of its home owner: transfers, holds, acts that say
//       so (`Act.takes`); a capture by `refuse` alone, for the hold was judged as whatever it may become. What was carried out before is told again. What
//       the ledger itself decides, and what puts right, is not judged.
//   ledger.Q2. Who pays a transfer beside its home owner, or one that another command has caused, was not asked: nothing counts as proved, and whatever mark
//       would stop it refuses it (RISK_REFUSED). So it follows from the state, in a replay and on every shard.
//   ledger.Q3. A refusal by a mark is never kept but where the id is claimed (protocol.P20): marks end.

import type { LoggedPlan } from '../programme/plan.js';
import { recordTypeOf } from '../programme/plan.js';
import {
  concerns,
  type Judged,
  type Marks,
  marksInForce,
  RISK,
  RISK_KEY,
  refusalOf,
} from '../programme/risk/marks.js';
import type { CommandView } from '../protocol/command-view.js';
import { LEG, LEG_PLACES, PLACES } from '../protocol/layout.js';
import { passingNumber, REFUSALS } from '../protocol/refusals.js';
import type { RiskKind } from '../protocol/risk.js';
import { isSystemOwner } from '../protocol/syntax.js';
import { isFollowUp } from '../transfer/follow-ups.js';
import type { AccountDraft } from './account-draft.js';
import type { Page } from './page.js';
import { APPLIED } from './result.js';
import type { Work } from './work.js';

const TYPE = recordTypeOf(RISK);
const { legs: TRANSFER_LEGS } = PLACES.transfer;
const { legs: ACT_LEGS } = PLACES.act;
/** What a hold may become. */
const OF_HOLD: readonly RiskKind[] = ['spend', 'redeem', 'transfer'];
const UNPROVED = { isReviewed: false, hasSecondFactor: false };

/** The marks of an owner; undefined: none. */
const marksOf = ({ records }: Page, owner: string): Marks | undefined =>
  records?.mayHaveRisk === true
    ? (records.said(owner, TYPE, RISK_KEY) as Marks | undefined)
    : undefined;

/** What a movement away from a user is. */
const kindOf = (to: string): RiskKind => {
  if (!isSystemOwner(to)) return 'transfer';
  return to === '@redeem' ? 'redeem' : 'spend';
};

/** What legs take of an owner: of which kinds, and how much of each asset; undefined: nothing. */
function taken(
  command: CommandView,
  first: number,
  owner: string,
): Pick<Judged, 'kinds' | 'amounts'> | undefined {
  let kinds: RiskKind[] | undefined;
  const amounts = new Map<string, number>();
  for (let leg = first; leg < command.count; leg += LEG_PLACES) {
    if (!command.isText(leg + LEG.from, owner)) continue;
    kinds ??= [];
    const kind = kindOf(command.text(leg + LEG.to));
    if (!kinds.includes(kind)) kinds.push(kind);
    const asset = command.text(leg + LEG.asset);
    amounts.set(asset, (amounts.get(asset) ?? 0) + command.number(leg + LEG.amount));
  }
  return kinds && { kinds, amounts };
}

const REFUSED: ReadonlySet<number> = new Set([
  REFUSALS.RISK_REFUSED.passing,
  REFUSALS.RISK_REVIEW.number,
  REFUSALS.SECOND_FACTOR_REQUIRED.number,
]);
/** Is it a refusal by a mark? */
export const isByRisk = (refusal: number): boolean => REFUSED.has(refusal);

/** What was proved of the command under way. */
const provedOf = ({ granted: { isReviewed, hasSecondFactor } }: Work) => ({
  isReviewed,
  hasSecondFactor,
});

const numberOf = (code: ReturnType<typeof refusalOf>): number =>
  code === undefined ? APPLIED : passingNumber(code);

/** Is the home owner of the command under way judged at all? Its marks; undefined: nothing stops it. */
function marksOfHome(work: Work): Marks | undefined {
  const { home, isReplaying, state } = work;
  if (isReplaying || home.isSystem) return undefined;
  const page = state.pages.pageOf(home.hash);
  return page.records?.mayHaveRisk === true ? marksOf(page, work.homeOwner) : undefined;
}

/** Of a transfer, by the marks of its home owner: a refusal's number or 0. */
export function transferRisk(work: Work, command: CommandView): number {
  const marks = marksOfHome(work);
  if (marks === undefined || isFollowUp(command)) return APPLIED;
  const what = taken(command, TRANSFER_LEGS, work.homeOwner);
  return what === undefined
    ? APPLIED
    : numberOf(refusalOf(marks, { ...what, ...provedOf(work) }, work.time));
}

/** Of who pays a leg of a transfer, where nobody has asked that one (ledger.Q2): a refusal's number or 0. */
export function payerRisk(
  work: Work,
  command: CommandView,
  { isSystem, page, name }: AccountDraft,
) {
  if (isSystem || page?.records?.mayHaveRisk !== true) return APPLIED;
  const owner = name.text;
  const isAsked = owner === work.homeOwner && !isFollowUp(command);
  const marks = isAsked ? undefined : marksOf(page, owner);
  const what = marks && taken(command, TRANSFER_LEGS, owner);
  if (what === undefined) return APPLIED;
  const refusal = refusalOf(marks, { ...what, ...UNPROVED }, work.time);
  return refusal === undefined ? APPLIED : REFUSALS.RISK_REFUSED.passing;
}

/** Of a hold: a refusal's number or 0. */
export function holdRisk(work: Work, asset: string, amount: number): number {
  const marks = marksOfHome(work);
  if (marks === undefined) return APPLIED;
  const amounts = new Map([[asset, amount]]);
  return numberOf(refusalOf(marks, { kinds: OF_HOLD, amounts, ...provedOf(work) }, work.time));
}

/** Of a capture: a refusal's number or 0. */
export function captureRisk(work: Work, asset: string, amount: number, to: string): number {
  const marks = marksOfHome(work);
  const judged = { kinds: [kindOf(to)], amounts: new Map([[asset, amount]]) };
  const isRefused = marksInForce(marks, work.time).some(
    (one) => one.action === 'refuse' && concerns(one, judged),
  );
  return isRefused ? REFUSALS.RISK_REFUSED.passing : APPLIED;
}

/** Of an act that takes something (`Act.takes`), as it was decided: a refusal's number or 0. */
export function actRisk(
  work: Work,
  command: CommandView,
  kind: RiskKind | undefined,
  { hold }: LoggedPlan,
): number {
  const marks = kind === undefined ? undefined : marksOfHome(work);
  if (kind === undefined || marks === undefined || isFollowUp(command)) return APPLIED;
  const amounts = new Map(taken(command, ACT_LEGS, work.homeOwner)?.amounts);
  if (hold !== undefined) amounts.set(hold.asset, (amounts.get(hold.asset) ?? 0) + hold.amount);
  return numberOf(refusalOf(marks, { kinds: [kind], amounts, ...provedOf(work) }, work.time));
}
