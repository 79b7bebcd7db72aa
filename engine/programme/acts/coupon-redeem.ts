// A member uses a coupon: for an order, which the platform takes the discount off; or for points.
//   coupon.D1. A single code is used once, whoever asks, wherever; given back, once more by the member who has it.

import { COUPONS_PER_ORDER_MAX } from '../../limits.js';
import { id, optional } from '../../protocol/fields.js';
import { scopeOf, storedId } from '../../protocol/scope.js';
import { ISSUER } from '../../protocol/syntax.js';
import { act, type Effect, type PlannedLeg } from '../act.js';
import { code, orderAmount } from '../coupons/body.js';
import { claimIn, claimRecord, freed, LAPSE } from '../coupons/claim.js';
import { redeemed } from '../coupons/redeem.js';
import { COUPON_REFUSALS, discountOf, unitOf, usable } from '../coupons/use.js';
import { givenBack, usesIn, usesRecord } from '../coupons/wallet.js';
import { isWhole } from '../undone.js';

const USED = 'couponUsed';

/** What is told of a use. */
interface Told extends Effect {
  readonly code: string;
  readonly order: string | null;
  readonly uses: number;
  readonly returns: boolean;
}

export const couponRedeem = act({
  name: 'coupon-redeem',
  version: 1,
  about:
    'A member uses a coupon: what it takes off an order is told, or its points are credited. A dry run says whether it is good.',
  body: {
    code: code(),
    /** The order that it is used for: the id of its event, so that the coupon comes back with it. */
    order: optional(id('ACT_BODY_INVALID')),
    amount: optional(orderAmount()),
  },
  causes: [LAPSE],
  needs: ['earn'],
  // For which order it takes something off, its platform says.
  own: {
    needs: ['participate'],
    says: ({ order, amount }) => order === undefined && amount === undefined,
  },
  refusals: [...COUPON_REFUSALS, 'BUDGET_BUSY', 'BUDGET_EXHAUSTED'],

  decide(see, said, at) {
    const found = usable(see, said, at);
    if ('refusal' in found) return found;
    const { owner, time } = at;
    const { of, campaign } = found;
    const { points, budget = ISSUER, returns = true } = campaign.document;
    const { asset } = found.programme.document;
    const order = said.order ?? null;
    const { record, counters, puts, use } = redeemed(found, owner, order, time);
    const key = order === null || !returns ? null : storedId(order, scopeOf(see.id));
    const before = key === null ? [] : usesIn(see, key);
    if (before.length >= COUPONS_PER_ORDER_MAX) return { refusal: 'COUPON_LIMIT' };
    const legs: PlannedLeg[] = [];
    if (points !== undefined) legs.push({ from: budget, to: owner, asset, amount: points });
    // What is reserved has taken its unit of the limit already (coupon.T1).
    const [unit, claim] = [unitOf(campaign), claimIn(see, of.code)];
    if (unit !== undefined && claim === undefined) legs.push(unit);
    const discount = discountOf(campaign, said.amount);
    const worth = { ...(discount === undefined ? {} : { discount }), ...(points && { points }) };
    const told = { coupon: campaign.key, code: of.code, order, ...worth };
    return {
      legs,
      assets: [asset],
      records: [
        record,
        ...(claim === undefined ? [] : [claimRecord(of.code, null)]),
        ...(key === null ? [] : [usesRecord(key, [...before, use], time)]),
      ],
      counters,
      puts,
      effects: [{ type: USED, ...told, uses: use[1], returns }],
      why: {
        coupon: campaign.key,
        version: campaign.version,
        ...(claim === undefined ? {} : { reservation: claim[0] }),
      },
    };
  },

  /** Given back whole, the member has it again: once, here or with its order. */
  undo(see, { id, effects, counters, why, ...undone }, { owner, time }) {
    const told = effects.find(({ type }) => type === USED) as Told;
    const { code: used, order, uses, returns } = told;
    const by = why['reservation'] as string | undefined;
    // The unit that its reservation took goes back with the use, as one of its own does.
    const isFreed = by !== undefined && isWhole(undone);
    const followUps = isFreed ? [freed(owner, used, by)] : [];
    if (!isWhole(undone) || !returns)
      return { effects: [{ type: 'couponKept', code: used }], followUps, why: {} };
    const { from = 0, until = 0 } = counters[0]?.window ?? {};
    const key = order === null ? null : storedId(order, scopeOf(id));
    const all = key === null ? [] : usesIn(see, key);
    const rest = all.filter(([code, number]) => code !== used || number !== uses);
    if (key !== null && rest.length === all.length)
      return { effects: [], followUps, why: { order } };
    const back = givenBack(see, [[used, uses, from, until]], time);
    return {
      records: [...back.records, ...(key === null ? [] : [usesRecord(key, rest, time)])],
      followUps,
      counters: back.counters,
      effects: [{ type: 'couponReturned', code: used }],
      why: {},
    };
  },
});
