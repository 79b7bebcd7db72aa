// Events of a programme, for the world outside: what of the effects of acts is one, under which name. Owns: the list of them. Never touches: when an
// effect comes about; who is told.
//   protocol.EV1. An event stands at the record that posts its act, or undoes it, on the home shard of that: so each is in the feed once, after its
//       commit, in the order of the commits of its owner.

import type { LoggedCommand } from './commands.js';
import { ORDER_CANCELLED, ORDER_COMPLETED, ORDER_CREATED } from './order.js';

/** Of which effect an event comes, and which of its fields says what it is about; none: the member. */
const EVENTS = {
  [ORDER_CREATED]: ['exchange.created', 'number'],
  orderConfirmed: ['exchange.confirmed', 'number'],
  orderShipped: ['exchange.shipped', 'number'],
  [ORDER_COMPLETED]: ['exchange.completed', 'number'],
  [ORDER_CANCELLED]: ['exchange.cancelled', 'number'],
  disputeOpened: ['dispute.opened', 'dispute'],
  disputeAnswered: ['dispute.answered', 'dispute'],
  disputeSettled: ['dispute.settled', 'dispute'],
  disputeRejected: ['dispute.rejected', 'dispute'],
  disputeWithdrawn: ['dispute.withdrawn', 'dispute'],
  disputeReopened: ['dispute.reopened', 'dispute'],
  exchangePending: ['submission.pending', 'submission'],
  exchangeCompleted: ['submission.completed', 'submission'],
  exchangeWithdrawn: ['submission.withdrawn', 'submission'],
  exchangeExpired: ['submission.expired', 'submission'],
  partnerExchangePending: ['partner_exchange.pending_approval', 'exchange'],
  partnerExchangeStarted: ['partner_exchange.started', 'exchange'],
  partnerExchangeCompleted: ['partner_exchange.completed', 'exchange'],
  partnerExchangeFailed: ['partner_exchange.failed', 'exchange'],
  inconsistencyOpened: ['inconsistency.opened', 'inconsistency'],
  inconsistencyResolved: ['inconsistency.resolved', 'inconsistency'],
  stockLow: ['stock.low', 'goods'],
  stockEnough: ['stock.enough', 'goods'],
  referred: ['referral.used'],
  tierChanged: ['tier.changed'],
  memberMerged: ['member.merged'],
  memberUnmerged: ['member.unmerged'],
  couponIssued: ['coupon.issued'],
  goodsBack: ['goods.back'],
  riskMarked: ['risk.marked'],
  riskLifted: ['risk.lifted'],
} as const satisfies Readonly<Record<string, readonly [type: string, subject?: string]>>;

/** A name of an event. */
export type FeedEventType = (typeof EVENTS)[keyof typeof EVENTS][0];

/** Something has happened to a member, or to goods, that others want to hear of. */
export interface FeedEvent {
  readonly type: FeedEventType;
  /** The member; of stock, who has it: `#item:<goods>`; of disputes, who keeps them: `#disputes:...`. */
  readonly owner: string;
  /** What it is about: of `exchange.*`, the number of the order; of `stock.*`, the goods; of `dispute.*`, the dispute; of `submission.*`, the id of the exchange that was submitted; of `partner_exchange.*`, the exchange; of `inconsistency.*`, the inconsistency; of others, the member. Events of the same subject are in the order in which they happened. */
  readonly subject: string;
  /** What the effect of the act says, without its type: amounts in minor units, times in milliseconds since 1970. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Of an outcome (outcomes.ts): was it carried out, and what an act has done. */
interface Done {
  readonly ok: boolean;
  readonly act?: { readonly effects: readonly Readonly<Record<string, unknown>>[] } | undefined;
}

/** The events of a logged command, in their order; undefined: it has none. */
export function eventsOf(command: LoggedCommand, outcome: Done): readonly FeedEvent[] | undefined {
  const { type } = command;
  // Nothing else posts an act, or undoes one.
  if (!outcome.ok || (type !== 'act' && type !== 'reverse' && type !== 'decision'))
    return undefined;
  const { owner } = command;
  const events = (outcome.act?.effects ?? []).flatMap((effect) => eventOf(effect, owner) ?? []);
  return events.length === 0 ? undefined : events;
}

/** The event that comes of an effect of an act of this owner; undefined: it has no name of its own. */
export function eventOf(
  { type, ...data }: Readonly<Record<string, unknown>>,
  owner: string,
): FeedEvent | undefined {
  if (!Object.hasOwn(EVENTS, type as string)) return undefined;
  const [name, subject]: readonly [FeedEventType, string?] = EVENTS[type as keyof typeof EVENTS];
  return { type: name, owner, subject: subject ? String(data[subject]) : owner, data };
}
