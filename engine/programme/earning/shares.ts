// The shares of those who have referred a member, of what the member spends. Owns: how much, and what of it goes back with the event.
//   earning.F3. Shares are rounded down, and what goes back of them with parts of an event sums to them.

import { ISSUER } from '../../protocol/syntax.js';
import type { FollowUp, Reads, Undone, UndoneFollowUp } from '../act.js';
import { referral } from '../definitions/index.js';
import { shareOf } from './points.js';
import { referredIn } from './referral.js';

const PERCENT = 100;

/** What is said of an event. */
interface Spent {
  readonly type: string;
  readonly at: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** What an event causes for who has referred the member, and for who has referred that one. */
export function sharesOfReferrers(
  see: Reads,
  programme: string,
  asset: string,
  { type, at, attributes }: Spent,
): readonly FollowUp[] {
  const terms = see.definition(referral, programme)?.document;
  if (terms?.event !== type || terms.of === undefined) return [];
  const spent = attributes[terms.of];
  const referred = referredIn(see, programme);
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

const sumOf = (numbers: readonly number[]): bigint =>
  numbers.reduce((sum, one) => sum + BigInt(one), 0n);

/** What of them goes back with parts of the event's legs. */
export function sharesBack({
  followUps,
  amounts,
  now,
  before,
}: Undone): readonly UndoneFollowUp[] | undefined {
  const all = sumOf(amounts);
  const gone = sumOf(before);
  const goes = gone + sumOf(now);
  // With the last of it all that is left: that is what is undone where nothing is said.
  if (all === goes || followUps.length === 0) return undefined;
  return followUps.flatMap(({ body }, i) => {
    const [leg] = (body as { readonly legs: readonly [{ readonly amount: number }] }).legs;
    const amount = shareOf(leg.amount, goes, all) - shareOf(leg.amount, gone, all);
    return amount === 0 ? [] : [{ n: i + 1, legs: [{ leg: 0, amount }] }];
  });
}
