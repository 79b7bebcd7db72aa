// Marks of risk on a member. Owns: their record, what a mark stops, how marks come and go. Never touches: how a risk is found (engine/risk), grants.
//   risk.M1. All marks of a member are one record, at most RISK_MARKS_MAX: who acts for that member is judged by one look.
//   risk.M2. A mark counts from its commit until its end, by block time. What is said again under its name renews it: `at` stays, its end never comes
//       sooner by a rule's word.
//   risk.M3. What stops most goes first: refuse, review, second-factor. What was reviewed passes all but `refuse`; a second factor passes its own.

import { RECORD_BYTES_MAX, RISK_MARKS_MAX } from '../../limits.js';
import type { RefusalCode } from '../../protocol/refusals.js';
import {
  isInForce,
  type Mark,
  type Marks,
  RISK_ACTIONS,
  RISK_KEY,
  RISK_TYPE,
  type RiskAction,
  type RiskKind,
} from '../../protocol/risk.js';
import type { Json, Reads, RecordDelta } from '../act.js';
import { recordType } from '../record-type.js';

/** The names of the acts. */
export const [RISK_MARK, RISK_LIFT, RISK_DEVICE] = [
  'risk-mark',
  'risk-lift',
  'risk-device',
] as const;

/** Those that count. */
export const marksInForce = (kept: Marks | undefined, time: number): readonly Mark[] =>
  (kept?.marks ?? []).filter((one) => isInForce(one, time));

/** While something stops its member, that one is not merged; what only marks goes over. */
export const RISK = recordType(RISK_TYPE, (type) => ({
  of: 'member',
  blocks: (value, time) =>
    marksInForce(value as unknown as Marks, time).some(({ action }) => action !== 'mark'),
  carry: {
    take: (value, time) => {
      const marks = marksInForce(value as unknown as Marks, time);
      return marks.length === 0 ? undefined : (marks as unknown as Json);
    },
    add: (see, key, value, { time }) => {
      const had = see.record<Json>(type, key) as unknown as Marks | undefined;
      const known = marksInForce(had, time);
      const brought = (value as unknown as readonly Mark[])
        .filter(({ mark }) => !known.some((one) => one.mark === mark))
        .slice(0, Math.max(0, RISK_MARKS_MAX - known.length));
      if (brought.length === 0) return undefined;
      const marks = [...known, ...brought];
      return {
        records: [marksRecord({ ...had, marks })],
        delta: brought.map(({ mark }) => mark),
      };
    },
    back: (see, key, delta, { time }) => {
      const had = see.record<Json>(type, key) as unknown as Marks | undefined;
      const brought = delta as readonly string[];
      const marks = marksInForce(had, time).filter(
        ({ mark, action }) => action !== 'mark' || !brought.includes(mark),
      );
      return { records: [marksRecord({ ...had, marks })] };
    },
  },
}));

/** What is kept of the home owner's marks. */
export const marksIn = (see: Reads): Marks | undefined =>
  see.record<Json>(RISK, RISK_KEY) as unknown as Marks | undefined;

/** The record of what is left; none where nothing is. */
export function marksRecord({ marks, quiet = {} }: Marks): RecordDelta {
  const isEmpty = marks.length === 0 && Object.keys(quiet).length === 0;
  const value = { marks, ...(Object.keys(quiet).length === 0 ? {} : { quiet }) };
  return { type: RISK, key: RISK_KEY, value: isEmpty ? null : (value as unknown as Json) };
}

/** Room that the record keeps for what a member's marks have beside their texts. */
const isTooLong = (marks: Marks): boolean =>
  new TextEncoder().encode(JSON.stringify(marks)).length > RECORD_BYTES_MAX;

const strength = ({ action }: Mark): number => RISK_ACTIONS.indexOf(action);
const end = ({ until }: Mark): number => until ?? Number.POSITIVE_INFINITY;

/** The weakest of some marks: what stops least, of those what ends first. */
const weakest = (marks: readonly Mark[]): Mark | undefined =>
  [...marks].sort((a, b) => strength(a) - strength(b) || end(a) - end(b))[0];

/**
 * With one more mark, or the same one renewed. A mark that finds no room takes the place of a weaker one, which is told (`displaced`); undefined: there is
 * none.
 */
export function marked(
  kept: Marks | undefined,
  one: Mark,
  time: number,
): { readonly kept: Marks; readonly mark: Mark; readonly displaced?: Mark } | undefined {
  const all = marksInForce(kept, time);
  const known = all.find(({ mark }) => mark === one.mark);
  const others = all.filter(({ mark }) => mark !== one.mark);
  const mark = known === undefined ? one : renewed(known, one);
  const quiet = quietIn(kept, time);
  const whole = { marks: [...others, mark], quiet };
  if (whole.marks.length <= RISK_MARKS_MAX && !isTooLong(whole)) return { kept: whole, mark };
  const displaced = weakest(others);
  if (displaced === undefined || strength(displaced) >= strength(mark)) return undefined;
  const room = { marks: [...others.filter((other) => other !== displaced), mark], quiet };
  return isTooLong(room) ? undefined : { kept: room, mark, displaced };
}

/** A rule that says it again for a shorter time does not end it sooner; a person does. */
const renewed = (known: Mark, one: Mark): Mark => ({
  ...one,
  at: known.at,
  count: known.count + 1,
  until: one.version === undefined || end(one) > end(known) ? one.until : known.until,
});

/** For which names rules are not heard, and until when. */
export const quietIn = (kept: Marks | undefined, time: number): Record<string, number> =>
  Object.fromEntries(Object.entries(kept?.quiet ?? {}).filter(([, until]) => until > time));

/** What is asked of the marks of a member. */
export interface Judged {
  /** What it is, or may become. */
  readonly kinds: readonly RiskKind[];
  /** Minor units that are taken of the member, by asset. */
  readonly amounts: ReadonlyMap<string, number>;
  readonly isReviewed: boolean;
  readonly hasSecondFactor: boolean;
}

/** Is a mark about this? */
export function concerns(
  { kinds, asset, over }: Pick<Mark, 'kinds' | 'asset' | 'over'>,
  judged: Pick<Judged, 'kinds' | 'amounts'>,
): boolean {
  if (kinds !== undefined && !kinds.some((kind) => judged.kinds.includes(kind))) return false;
  if (asset === undefined && over === undefined) return true;
  for (const [one, amount] of judged.amounts)
    if ((asset === undefined || asset === one) && amount > (over ?? 0)) return true;
  return false;
}

/** What an action comes to for who asks; undefined: nothing. */
export function refusalBy(
  action: RiskAction,
  { isReviewed, hasSecondFactor }: Pick<Judged, 'isReviewed' | 'hasSecondFactor'>,
): RefusalCode | undefined {
  if (action === 'refuse') return 'RISK_REFUSED';
  if (isReviewed) return undefined;
  if (action === 'review') return 'RISK_REVIEW';
  return action === 'second-factor' && !hasSecondFactor ? 'SECOND_FACTOR_REQUIRED' : undefined;
}

/** What some actions refuse it with, the strongest first; undefined: nothing. */
export function refusalOf(
  actions: readonly RiskAction[],
  proved: Pick<Judged, 'isReviewed' | 'hasSecondFactor'>,
): RefusalCode | undefined {
  for (let i = RISK_ACTIONS.length - 1; i > 0; i--) {
    const action = RISK_ACTIONS[i] as RiskAction;
    const refusal = actions.includes(action) ? refusalBy(action, proved) : undefined;
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** What the marks of a member that are about this would do. */
export const actionsOf = (
  kept: Marks | undefined,
  judged: Pick<Judged, 'kinds' | 'amounts'>,
  time: number,
): readonly RiskAction[] =>
  marksInForce(kept, time).flatMap((one) => (concerns(one, judged) ? [one.action] : []));
