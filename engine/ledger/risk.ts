// Marks of risk as commands meet them. Owns: which commands are judged, by what they take of whom. Never touches: what marks say (programme/risk), how a
// risk is found.
//   ledger.Q1. What takes points of a member, or gives goods for them, is judged in the commit by the marks of its home owner: transfers, holds, acts that say
//       so (`Act.takes`); a capture, and an act that takes nothing but what is held, by `refuse` alone, for the hold was judged as whatever it may become.
//       What was carried out before is told again. What the ledger itself decides, and what puts right, is not judged.
//   ledger.Q2. Who pays a transfer beside its home owner, or one that another command has caused, was not asked: nothing counts as proved, and whatever mark
//       would stop it refuses it (RISK_REFUSED). So it follows from the state, in a replay and on every shard.
//   ledger.Q4. What is taken by a device that the member has not had for long is judged by the rules `new-device` that decide at block time: by what the
//       grants say of the device. A member that says none while one is known of it is taken for a new one; who asks for members is believed.
//   ledger.Q3. A refusal by a mark is never kept but where the id is claimed (protocol.P20): marks end.

import type { Json } from '../programme/act.js';
import { riskRule } from '../programme/definitions/index.js';
import { definitionsOf, type Versioned } from '../programme/definitions/kind.js';
import { NEW_DEVICE } from '../programme/definitions/risk-rule.js';
import { type LoggedPlan, recordTypeOf } from '../programme/plan.js';
import { DEVICES, DEVICES_KEY, isNewDevice, knownDevices } from '../programme/risk/devices.js';
import { actionsOf, concerns, type Judged, RISK, refusalOf } from '../programme/risk/marks.js';
import type { CommandView } from '../protocol/command-view.js';
import type { TypeOf } from '../protocol/fields.js';
import { LEG, LEG_PLACES, PLACES } from '../protocol/layout.js';
import { passingNumber, REFUSALS } from '../protocol/refusals.js';
import { type Marks, RISK_KEY, type RiskAction, type RiskKind } from '../protocol/risk.js';
import { isSystemOwner } from '../protocol/syntax.js';
import { isFollowUp } from '../transfer/follow-ups.js';
import type { AccountDraft } from './account-draft.js';
import type { Page } from './page.js';
import { APPLIED } from './result.js';
import type { Work } from './work.js';

const TYPE = recordTypeOf(RISK);
const DEVICES_TYPE = recordTypeOf(DEVICES);
const { legs: TRANSFER_LEGS } = PLACES.transfer;
const { legs: ACT_LEGS } = PLACES.act;
/** What a hold may become. */
const OF_HOLD: readonly RiskKind[] = ['spend', 'redeem', 'transfer'];

/** What is taken of a member. */
type Taken = Pick<Judged, 'kinds' | 'amounts'>;
type DeviceRule = Versioned<TypeOf<typeof riskRule.decides>>;

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
function taken(command: CommandView, first: number, owner: string): Taken | undefined {
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

/** The rules of new devices that decide now. */
const deviceRules = ({ state, time }: Work): readonly DeviceRule[] =>
  definitionsOf(state.definitions, riskRule, NEW_DEVICE, time);

/** Could anything stop what the home owner of the command under way does? What most are asked, without making anything. */
function isJudged(work: Work, command = work.command): boolean {
  const { home, isReplaying, state } = work;
  if (isReplaying || home.isSystem || isFollowUp(command)) return false;
  return (
    state.pages.pageOf(home.hash).records?.mayHaveRisk === true || deviceRules(work).length > 0
  );
}

/** What stops this of the home owner: a refusal's number or 0. */
function homeRisk(work: Work, judged: Taken | undefined): number {
  if (judged === undefined) return APPLIED;
  const { home, homeOwner, granted, state, time } = work;
  const rules = deviceRules(work);
  const page = state.pages.pageOf(home.hash);
  const actions = actionsOf(marksOf(page, homeOwner), judged, time);
  const all = rules.length === 0 ? actions : [...actions, ...byDevice(work, page, rules, judged)];
  const refusal = refusalOf(all, granted);
  return refusal === undefined ? APPLIED : passingNumber(refusal);
}

/** What the rules of new devices would do. */
function byDevice(
  { granted, homeOwner, time }: Work,
  { records }: Page,
  rules: readonly DeviceRule[],
  judged: Taken,
): readonly RiskAction[] {
  const { device = granted.isMember ? '' : undefined } = granted;
  if (device === undefined) return [];
  const said = records?.said(homeOwner, DEVICES_TYPE, DEVICES_KEY) as Json | undefined;
  const known = knownDevices(said);
  return rules.flatMap(({ document: { action, windowMs, over, asset, stops: kinds } }) =>
    concerns({ over, ...(asset && { asset }), ...(kinds && { kinds }) }, judged) &&
    isNewDevice(known, device, time, windowMs)
      ? [action]
      : [],
  );
}

/** Of a transfer, by the marks of its home owner: a refusal's number or 0. */
export const transferRisk = (work: Work, command: CommandView): number =>
  isJudged(work) ? homeRisk(work, taken(command, TRANSFER_LEGS, work.homeOwner)) : APPLIED;

/** Of who pays a leg of a transfer, where nobody has asked that one (ledger.Q2): a refusal's number or 0. */
export function payerRisk(
  work: Work,
  command: CommandView,
  { isSystem, page, name }: AccountDraft,
): number {
  if (isSystem || page?.records?.mayHaveRisk !== true) return APPLIED;
  const owner = name.text;
  const isAsked = owner === work.homeOwner && !isFollowUp(command);
  const marks = isAsked ? undefined : marksOf(page, owner);
  const what = marks && taken(command, TRANSFER_LEGS, owner);
  if (what === undefined) return APPLIED;
  const isStopped = actionsOf(marks, what, work.time).some((action) => action !== 'mark');
  return isStopped ? REFUSALS.RISK_REFUSED.passing : APPLIED;
}

/** Of a hold: a refusal's number or 0. */
export const holdRisk = (work: Work, asset: string, amount: number): number =>
  isJudged(work)
    ? homeRisk(work, { kinds: OF_HOLD, amounts: new Map([[asset, amount]]) })
    : APPLIED;

/** Of a capture: a refusal's number or 0. */
export function captureRisk(work: Work, asset: string, amount: number, to: string): number {
  if (work.isReplaying) return APPLIED;
  return capturedRisk(work, { kinds: [kindOf(to)], amounts: new Map([[asset, amount]]) });
}

/** Of what takes what is held: a refusal's number or 0. */
function capturedRisk({ home, homeOwner, state, time }: Work, judged: Taken): number {
  const page = state.pages.pageOf(home.hash);
  const isRefused = actionsOf(marksOf(page, homeOwner), judged, time).includes('refuse');
  return isRefused ? REFUSALS.RISK_REFUSED.passing : APPLIED;
}

/** Of an act that takes something (`Act.takes`), as it was decided: a refusal's number or 0. */
export function actRisk(
  work: Work,
  command: CommandView,
  kind: RiskKind | undefined,
  plan: LoggedPlan,
): number {
  if (kind === undefined || !isJudged(work, command)) return APPLIED;
  const { hold } = plan;
  const amounts = new Map(taken(command, ACT_LEGS, work.homeOwner)?.amounts);
  if (hold !== undefined) amounts.set(hold.asset, (amounts.get(hold.asset) ?? 0) + hold.amount);
  const judged = { kinds: [kind], amounts };
  return isHeldAll(command, work.homeOwner, plan)
    ? capturedRisk(work, judged)
    : homeRisk(work, judged);
}

/** Does an act take nothing of an owner but what is held already? */
function isHeldAll(command: CommandView, owner: string, { hold, takes }: LoggedPlan): boolean {
  if (hold !== undefined || takes === undefined || takes.length === 0) return false;
  const held = new Set(takes.flatMap(({ legs }) => legs));
  for (let leg = ACT_LEGS, i = 0; leg < command.count; leg += LEG_PLACES, i++)
    if (command.isText(leg + LEG.from, owner) && !held.has(i)) return false;
  return true;
}
