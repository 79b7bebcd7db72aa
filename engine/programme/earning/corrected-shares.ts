// Shares of who has referred a member, of an event that was corrected. Owns: what they should have of it by now, and what is asked for beside what the
// event itself has. Never touches: whether who has them can give them back.
//   earning.O3. What an event and its correction have asked for together is what its shares should be, less what of that is given back: as if they had
//       been right from the beginning.

import { causedId } from '../../protocol/caused-id.js';
import type { FollowUp, PastAct } from '../act.js';
import type { CorrectedShare, PayingKind, RightShare } from './corrected.js';
import { shareOf } from './points.js';
import { shareGone } from './shares.js';

/** The act by which who has referred a member gets more, or gives back. */
export const CORRECT_SHARE = 'correct-share';

/** Of which event something is, for who does not know the member. */
export const eventKey = (owner: string, id: string): string =>
  causedId({ owner, id, n: 0 }).slice(1);

/** An event, and what of it is given back with this. */
export interface Standing {
  readonly past: Pick<PastAct, 'effects' | 'amounts' | 'followUps'>;
  /** Minor units of each leg. */
  readonly undone: readonly number[];
  readonly isAll: boolean;
  /** What should have paid, and what of that is given back. */
  readonly paid: readonly (readonly [kind: PayingKind, amount: number, gone: number])[];
}

/** What the log has given to somebody for an event. */
export const shareIn = ({ followUps }: Pick<PastAct, 'followUps'>, owner: string): number =>
  followUps.reduce((sum, one) => {
    if (one.owner !== owner || one.act !== 'transfer') return sum;
    const { legs } = one.body as unknown as {
      readonly legs: readonly { readonly amount: number }[];
    };
    return sum + legs.reduce((all, { amount }) => all + amount, 0);
  }, 0);

/** What of a share that was right from the beginning would be given back. */
function goneOfRight(right: number, { paid, isAll }: Standing): number {
  const some = paid.filter(([, amount]) => amount > 0);
  const ofRules = some.filter(([kind]) => kind === 'rule');
  const by = ofRules.length > 0 ? ofRules : some;
  if (by.length === 0) return isAll ? right : 0;
  const all = by.reduce((sum, [, amount]) => sum + BigInt(amount), 0n);
  const gone = by.reduce((sum, [, , of]) => sum + BigInt(of), 0n);
  return shareOf(right, gone, all);
}

/** What each share is to have beside what the event itself has by then: minor units, below 0: less. */
export function sharesDue(
  shares: readonly RightShare[],
  standing: Standing,
): readonly RightShare[] {
  const { past, undone, isAll } = standing;
  return shares.map(([owner, right]) => {
    const had = shareIn(past, owner);
    const gone = past.amounts.length > 0 ? shareGone(had, past, undone) : isAll ? had : 0;
    return [owner, right - goneOfRight(right, standing) - (had - gone)];
  });
}

/** What is asked for so that shares are what is due: acts, and what was asked for with them. */
export function sharesAsked(
  shares: readonly CorrectedShare[],
  due: readonly RightShare[],
  by: { readonly correction: string; readonly event: string; readonly asset: string },
): { readonly shares: readonly CorrectedShare[]; readonly followUps: readonly FollowUp[] } {
  const followUps: FollowUp[] = [];
  const after = shares.map(([owner, right, asked]): CorrectedShare => {
    const wanted = due.find(([of]) => of === owner)?.[1] ?? 0;
    const more = wanted - asked;
    const side = more > 0 ? { give: more } : { take: -more };
    if (more !== 0) followUps.push({ owner, act: CORRECT_SHARE, body: { ...by, ...side } });
    return [owner, right, wanted];
  });
  return { shares: after, followUps };
}
