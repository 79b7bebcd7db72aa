// An event as the world outside is told of it. Owns: its shape, the list of types, who may be told of it. Never touches: the feed, sockets.
//   outbound.V1. An event follows from the log alone: derived again it is the same, with the same id and sequence.
//   outbound.V2. Events of one subject are of one shard, and their sequences are in the order of that shard's log.

import { type Grants, shownId } from '../../engine/index.js';

/** A place among the events of a shard: the block, and in it the item of the feed and which of its events, from 0 on, in one number. */
export interface Place {
  readonly seq: number;
  readonly n: number;
}

/** Events that an item of the feed may have. */
const EVENTS_MAX = 65_536;

/** The place of an event in its block. */
export function placeIn(index: number, event: number): number {
  if (event >= EVENTS_MAX) throw new RangeError(`an item of the feed has ${event} events`);
  return index * EVENTS_MAX + event;
}

/** The index of the item that a place is in. */
export const itemOf = ({ n }: Place): number => Math.floor(n / EVENTS_MAX);

/** Something that has happened, without what is told of it. */
export interface EventHead extends Place {
  readonly shard: number;
  /** The first letters of its block's hash: a ledger that was put back to an earlier copy gives no id twice. */
  readonly hash: string;
  readonly type: string;
  /** What it is about. Events of a subject are told in their order. */
  readonly subject: string;
  /** The member whom it concerns; undefined: nobody's. */
  readonly owner: string | undefined;
  /** The assets that it tells of; none: it is for those alone who are not restricted to assets. */
  readonly assets: readonly string[];
  /** The platforms that it is between: they may know of it whatever their assets are. Left out: it is between none. */
  readonly platforms?: readonly string[] | undefined;
  /** Block time, milliseconds since 1970. */
  readonly time: number;
}

/** Something that has happened. */
export interface OutboundEvent extends EventHead {
  /** What is told; an `id` in it is that of a command as it is logged. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Every type, and what it says. */
export const EVENT_TYPES = {
  'points.earned': 'An account got points that count as earned.',
  'points.spent': 'An account paid points.',
  'points.expired': 'Points of an account have expired.',
  'points.expiring': 'Points of an account will expire, as many days ahead as the asset says.',
  'points.held': 'Points of an account are held.',
  'points.captured': 'Points that were held are paid.',
  'points.released': 'Points that were held are available again.',
  'points.reversed': 'A movement of an account was taken back, or a part of it.',
  'points.extended': 'Points of an account got a later expiry.',
  'points.imported':
    'What another points system knows of an account was brought in: as it occurred, so often long ago.',
  'points.changed': 'Anything else that changed an account.',
  'command.refused': 'A command was refused for good, or not posted between shards.',
  'exchange.created': 'A member has ordered goods.',
  'exchange.confirmed': 'An order that was held is paid.',
  'exchange.shipped': 'Pieces of an order are on their way.',
  'exchange.completed': 'A member has all of an order.',
  'exchange.cancelled': 'What was not shipped of an order is given back.',
  'stock.low': 'Few pieces of goods are left, or codes.',
  'stock.enough': 'There are enough pieces of goods again.',
  'dispute.opened': 'A platform disputes lines of a statement, or an exchange; `by` and `other`.',
  'dispute.answered': 'The other platform has answered a dispute, and does not agree.',
  'dispute.settled': 'A dispute was settled by a transfer between the two platforms.',
  'dispute.rejected': 'A dispute was rejected.',
  'dispute.withdrawn': 'Who has opened a dispute withdraws it.',
  'dispute.reopened': 'The settlement of a dispute was undone: it is decided anew.',
  'submission.pending':
    'A member has submitted an exchange, which waits for points; its points are held.',
  'submission.completed': 'An exchange that waited is carried out.',
  'submission.withdrawn': 'An exchange that waited was withdrawn; what was held is available.',
  'submission.expired': 'An exchange has waited as long as it may; what was held is available.',
  'partner_exchange.pending_approval':
    'An exchange with a partner outside waits for a second person to agree.',
  'partner_exchange.started': 'An exchange with a partner outside has begun.',
  'partner_exchange.completed': 'An exchange with a partner outside is carried out.',
  'partner_exchange.failed':
    'An exchange with a partner outside has failed, or went back: `reason` says why.',
  'inconsistency.opened': 'Something does not agree with a partner outside: `finding` says what.',
  'inconsistency.resolved': 'What did not agree with a partner outside is resolved.',
  'referral.used': 'A new member came by the code of another one.',
  'tier.changed': 'A member is in another tier.',
  'member.merged': 'A member was merged into another one, who has the points now: `into`.',
  'member.unmerged': 'A merge was undone: the member is for itself again.',
  'coupon.issued': 'A member got a coupon.',
  'risk.marked': 'A member was marked as a risk, or a mark renewed.',
  'risk.lifted': 'A mark of risk was lifted, or gave way to a stronger one.',
  'goods.back': 'There are pieces again of goods that a member waited for.',
  'act.done': 'An act of the programme did something else for a member: `effect` says what.',
  'sign_in.letter':
    'A link is to be sent to a member: `kind` says for what. The link itself is in no event.',
  'campaign.started': 'A campaign has begun.',
  'campaign.ended': 'A campaign has ended.',
  'campaign.counted': 'How many members of a shard took part in a campaign that has ended.',
  'definition.changed': 'A definition says something else, from `activeFrom` on.',
  'exchange_rate.updated':
    'A rate between two assets, or what values follow from, is another one, from `activeFrom` on.',
  'exchange_rate.proposed': 'A rate would change by so much that somebody else must say it, too.',
  'asset.defined': 'An asset was defined, or defined anew.',
  'report.ready':
    'A schedule has written a report to a file: `link` says where it can be fetched from.',
  'report.failed': 'A schedule could not write a report: `problem` says why.',
  'alert.firing':
    'Something is wrong: `rule`, `subject`, `severity`, what it says in `text`. Told once, while it is so.',
  'alert.resolved': 'It is over, by itself or by somebody’s word: to who was told that it began.',
  'webhook.test': 'Sent when somebody asks for it.',
} as const;

export type EventType = keyof typeof EVENT_TYPES;

/** Those that a webhook may ask for: types, and `points.*` for all that begin so; `*`: all. */
export const TYPE_PATTERNS: readonly string[] = [
  '*',
  ...new Set(Object.keys(EVENT_TYPES).map((type) => `${type.slice(0, type.indexOf('.'))}.*`)),
  ...Object.keys(EVENT_TYPES),
];

/** Does one of these patterns mean the type? */
export const isWanted = (patterns: readonly string[], type: string): boolean =>
  patterns.some(
    (one) =>
      one === '*' || one === type || (one.endsWith('.*') && type.startsWith(one.slice(0, -1))),
  );

/** May whoever has these grants know of it? */
export function mayKnow({ operations, assets, owner, scope }: Grants, event: EventHead): boolean {
  if (!operations.has('read')) return false;
  if (owner !== undefined && owner !== event.owner) return false;
  if (assets === undefined) return true;
  if (scope !== undefined && event.platforms?.includes(scope) === true) return true;
  return event.assets.length > 0 && event.assets.every((asset) => assets.has(asset));
}

const SEQ_DIGITS = 16;
const N_DIGITS = 10;

/** Texts in the order of places. */
export const sequenceOf = ({ seq, n }: Place): string =>
  `${String(seq).padStart(SEQ_DIGITS, '0')}.${String(n).padStart(N_DIGITS, '0')}`;

/** The id of an event: whoever gets it twice drops one. */
export const eventId = ({
  shard,
  seq,
  n,
  hash,
}: Pick<OutboundEvent, 'shard' | 'seq' | 'n' | 'hash'>): string => `${shard}-${seq}-${n}-${hash}`;

/** What was not delivered of a subject before an event. */
export interface Gap {
  readonly count: number;
  /** Of the last one. */
  readonly sequence: string;
}

/** What is told of an event, to whoever's ids are of `scope`: a CloudEvents 1.0 envelope, as JSON. */
export function envelopeOf(
  event: OutboundEvent,
  scope: string | undefined,
  gap: Gap | undefined,
): string {
  const { shard, type, subject, time, data } = event;
  const { id } = data;
  return JSON.stringify({
    specversion: '1.0',
    id: eventId(event),
    source: `/jifen/shards/${shard}`,
    type,
    subject,
    time: new Date(time).toISOString(),
    datacontenttype: 'application/json',
    sequence: sequenceOf(event),
    ...(gap && { gapcount: gap.count, gapsequence: gap.sequence }),
    data: typeof id === 'string' ? { ...data, id: shownId(id, scope) } : data,
  });
}

/** How long the letters of a hash are that an id has. */
export const HASH_LETTERS = 8;
