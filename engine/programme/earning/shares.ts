// The shares of those who have referred a member, of what the member spends. Owns: how much, and what of it goes back with the event.
//   earning.F3. Shares are rounded down, and what goes back of them with parts of an event sums to them.

import { ISSUER } from '../../protocol/syntax.js';
import type { Effect, FollowUp, Reads, Undone, UndoneFollowUp } from '../act.js';
import { shareOf } from './points.js';
import { referredIn } from './referral.js';
import type { Terms } from './terms.js';

const PERCENT = 100;

/** What is said of an event. */
interface Spent {
  readonly type: string;
  readonly at: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

const NOTHING: readonly never[] = [];

/** What an event causes for who has referred the member, and for who has referred that one. */
export function sharesOfReferrers(
  see: Reads,
  { programme, referral: terms }: Terms,
  { type, at, attributes }: Spent,
): readonly FollowUp[] {
  if (terms?.event !== type || terms.of === undefined) return NOTHING;
  const spent = attributes[terms.of];
  const { key, document } = programme;
  const { asset } = document;
  const referred = referredIn(see, key);
  if (referred === undefined || at >= referred.until) return [];
  if (!Number.isSafeInteger(spent) || (spent as number) <= 0) return [];
  const share = (percent = 0): number => shareOf(spent as number, percent, PERCENT);
  const paid = [
    [referred.by, share(terms.percent)],
    [referred.upper, share(terms.upperPercent)],
  ] as const;
  return paid.flatMap(([owner, amount]) => {
    if (owner === null || amount === 0) return [];
    return [
      { owner, act: 'transfer', body: { legs: [{ from: ISSUER, to: owner, asset, amount }] } },
    ];
  });
}

/** Legs of an event by which shares go. Rewards of tasks are no part of what is spent, where there is anything else. */
function legsOf(effects: readonly Effect[], amounts: readonly number[]): readonly number[] {
  const paid = effects.filter(({ type }) => type === 'earn');
  const ofRules = [...amounts.keys()].filter((leg) => paid[leg]?.['task'] === undefined);
  return ofRules.length > 0 ? ofRules : [...amounts.keys()];
}

const sumIn = (legs: readonly number[], parts: readonly number[]): bigint =>
  legs.reduce((sum, leg) => sum + BigInt(parts[leg] ?? 0), 0n);

/** What of a share has gone where so much of an event's legs is given back. */
export function shareGone(
  share: number,
  { effects, amounts }: Pick<Undone, 'effects' | 'amounts'>,
  undone: readonly number[],
): number {
  const legs = legsOf(effects, amounts);
  const all = sumIn(legs, amounts);
  return all === 0n ? 0 : shareOf(share, sumIn(legs, undone), all);
}

/** What of them goes back with parts of the event's legs. */
export function sharesBack({
  effects,
  followUps,
  amounts,
  now,
  before,
}: Undone): readonly UndoneFollowUp[] | undefined {
  if (followUps.length === 0 || amounts.length === 0) return undefined;
  const legs = legsOf(effects, amounts);
  const all = sumIn(legs, amounts);
  const gone = sumIn(legs, before);
  const goes = gone + sumIn(legs, now);
  if (goes === gone) return [];
  // With the last of it all that is left.
  if (goes === all) return followUps.map((_, i) => ({ n: i + 1 }));
  return followUps.flatMap(({ body }, i) => {
    const [leg] = (body as { readonly legs: readonly [{ readonly amount: number }] }).legs;
    const amount = shareOf(leg.amount, goes, all) - shareOf(leg.amount, gone, all);
    return amount === 0 ? [] : [{ n: i + 1, legs: [{ leg: 0, amount }] }];
  });
}
