// Who is told what of an event. Owns: which notices follow from an event, their ids. Never touches: texts, consent.
//   notices.N1. The id of a notice follows from its event, its member and its channel: sent again it is the same.

import { createHash } from 'node:crypto';
import { NOTICE_NAMES, type NoticeName, URGENT_NOTICES } from '../../../engine/index.js';
import { type EventType, eventId, isWanted, type OutboundEvent } from '../event.js';

interface Rule {
  readonly event: EventType;
  /** The field of the event that names the member; `owner`: whose event it is; `everybody`: whom the channel can reach. */
  readonly to: 'owner' | 'by' | 'everybody';
  /** Where several notices follow from one event: what its `kind` says. */
  readonly kind?: string;
}

const RULES: Readonly<Record<NoticeName, Rule>> = {
  'points.expiring': { event: 'points.expiring', to: 'owner' },
  'tier.changed': { event: 'tier.changed', to: 'owner' },
  'referral.joined': { event: 'referral.used', to: 'owner' },
  'referral.rewarded': { event: 'referral.used', to: 'by' },
  'coupon.issued': { event: 'coupon.issued', to: 'owner' },
  'order.created': { event: 'exchange.created', to: 'owner' },
  'order.shipped': { event: 'exchange.shipped', to: 'owner' },
  'order.completed': { event: 'exchange.completed', to: 'owner' },
  'order.cancelled': { event: 'exchange.cancelled', to: 'owner' },
  'goods.back': { event: 'goods.back', to: 'owner' },
  'sign-in.invitation': { event: 'sign_in.letter', to: 'owner', kind: 'invitation' },
  'sign-in.confirmation': { event: 'sign_in.letter', to: 'owner', kind: 'confirmation' },
  'sign-in.reset': { event: 'sign_in.letter', to: 'owner', kind: 'reset' },
  'campaign.started': { event: 'campaign.started', to: 'everybody' },
  'campaign.ended': { event: 'campaign.ended', to: 'everybody' },
};

/** A notice of an event; `owner` undefined: to everybody whom the channel can reach. */
export interface Recipient {
  readonly notice: NoticeName;
  readonly owner: string | undefined;
}

/** Types of events that these notices follow from. */
export const eventsOfNotices = (names: readonly NoticeName[] = NOTICE_NAMES): EventType[] => [
  ...new Set(names.map((name) => RULES[name].event)),
];

/** Is an event told to everybody? */
export const isForEverybody = (type: string): boolean =>
  isWanted(['campaign.started', 'campaign.ended'], type);

/** Is an event a link that is to be sent? */
export const isLetter = (type: string): boolean => isWanted(['sign_in.letter'], type);

/** What no quiet hours hold back, and what waits for nothing that they do. */
export const URGENT_EVENTS: readonly EventType[] = eventsOfNotices(URGENT_NOTICES);

/** The notices of an event, out of these. */
export function recipientsOf(
  { type, owner, data }: OutboundEvent,
  names: readonly NoticeName[] = NOTICE_NAMES,
): Recipient[] {
  return names.flatMap((notice): Recipient[] => {
    const { event, to, kind } = RULES[notice];
    if (event !== type || (kind !== undefined && data['kind'] !== kind)) return [];
    if (to === 'everybody') return [{ notice, owner: undefined }];
    const member = to === 'owner' ? owner : data[to];
    return typeof member === 'string' && !/^[@#]/.test(member) ? [{ notice, owner: member }] : [];
  });
}

const ID_LENGTH = 32;

/** The id of a notice. It says nothing about the member. */
export const noticeId = (
  event: OutboundEvent,
  { channel, notice, owner }: { channel: string; notice: NoticeName; owner: string },
): string =>
  `n_${createHash('sha256')
    .update(JSON.stringify([eventId(event), channel, notice, owner]))
    .digest('hex')
    .slice(0, ID_LENGTH)}`;
