// Which field of a command it was that an act refused, in whichever way the command came. Owns: their names. Never touches: whether something is
// refused, which the commit has judged.

import {
  type AttributeTypes,
  type Command,
  couponCodeOf,
  type Engine,
  eventTypeKey,
  ownerNow,
  type RefusalCode,
  type Refused,
  wrongAttribute,
} from '../engine/index.js';
import { activeDocument } from './known-definitions.js';
import { isRefusal, type Refusal } from './refusal.js';
import { MISTYPED } from './schema/coupons.js';

/** Characters of a name that is repeated to who sent it. */
const NAME_SHOWN_MAX = 100;

type Fields = Readonly<Partial<Record<RefusalCode, string>>>;

/** Of acts that use a coupon. */
const COUPON: Fields = {
  COUPON_UNAVAILABLE: 'code',
  COUPON_USED: 'code',
  COUPON_EXPIRED: 'code',
  OFFER_NOT_OPEN: 'code',
  COUPON_LIMIT: 'code',
  COUPON_ORDER_TOO_SMALL: 'amount',
};

/** Of acts by which a member exchanges points. */
const SUBMISSION: Fields = {
  EXCHANGE_UNSUPPORTED: 'to',
  EXCHANGE_RATE_GAINS: 'to',
  EXCHANGE_TOO_SMALL: 'amount',
  EXCHANGE_LIMIT: 'amount',
  MEMBER_UNKNOWN: 'receiver',
  EXCHANGE_DIFFERS: 'expected',
  QUOTE_INVALID: 'quote',
  QUOTE_EXPIRED: 'quote',
};
/** What is submitted waits where the reserve is short. */
const EXCHANGE: Fields = { ...SUBMISSION, RESERVE_SHORT: 'amount' };

/** Of acts that change an order. */
const ORDER: Fields = { ORDER_NOT_FOUND: 'number', ORDER_STATE_INVALID: 'number' };

/** By act: the field of its body that a refusal is about. */
export const FAULTS: Readonly<Record<string, Fields>> = {
  adjust: { DEFINITION_NOT_FOUND: 'correction' },
  claim: { DEFINITION_NOT_FOUND: 'offer' },
  event: {
    DEFINITION_NOT_FOUND: 'programme',
    EVENT_TYPE_UNKNOWN: 'type',
    EVENT_REPORTED: 'type',
    EVENT_TIME_INVALID: 'time',
    EVENT_TOO_LATE: 'time',
    EVENT_ATTRIBUTE_INVALID: 'attributes',
    EVENT_LINES_INVALID: 'lines',
  },
  'return-event': { EVENT_NOT_FOUND: 'event', RETURN_INVALID: 'lines' },
  'set-profile': { DEFINITION_NOT_FOUND: 'programme', PROFILE_INVALID: 'profile' },
  gift: { DEFINITION_NOT_FOUND: 'programme', GIFT_TO_SELF: 'to', GIFT_LIMIT: 'amount' },
  refer: {
    DEFINITION_NOT_FOUND: 'programme',
    REFERRAL_TO_SELF: 'code',
    REFERRAL_CODE_EXPIRED: 'code',
    REFERRAL_CODE_UNKNOWN: 'code',
  },
  draw: { DEFINITION_NOT_FOUND: 'lottery', LOTTERY_NOT_OPEN: 'lottery' },
  'draw-word': {
    DEFINITION_NOT_FOUND: 'lottery',
    LOTTERY_NOT_OPEN: 'lottery',
    DRAW_WORD_COMMITTED: 'word',
  },
  'coupon-issue': {
    DEFINITION_NOT_FOUND: 'coupon',
    COUPON_NOT_ISSUED: 'coupon',
    COUPON_UNAVAILABLE: 'code',
  },
  'coupon-reserve': COUPON,
  'coupon-redeem': COUPON,
  'coupon-release': { COUPON_UNAVAILABLE: 'code', COUPON_NOT_RESERVED: 'order' },
  order: {
    COUPON_NOT_ISSUED: 'goods',
    DEFINITION_NOT_FOUND: 'goods',
    OFFER_NOT_OPEN: 'goods',
    ORDER_QUANTITY: 'quantity',
    ORDER_UNTIL_INVALID: 'until',
    GOODS_LIMIT: 'quantity',
    QUOTE_INVALID: 'quote',
    QUOTE_EXPIRED: 'quote',
    PRICE_DIFFERS: 'expectedPrice',
    COUPON_UNAVAILABLE: 'coupon',
    COUPON_USED: 'coupon',
    COUPON_EXPIRED: 'coupon',
    COUPON_LIMIT: 'coupon',
    COUPON_ORDER_TOO_SMALL: 'coupon',
    COUPON_WITHOUT_DISCOUNT: 'coupon',
    CARDS_EXCEED_ORDER: 'cards',
    CARD_SHORT: 'cards',
    SOLD_OUT: 'goods',
  },
  'order-quote': {
    DEFINITION_NOT_FOUND: 'goods',
    OFFER_NOT_OPEN: 'goods',
    ORDER_QUANTITY: 'quantity',
  },
  'order-ship': { ...ORDER, ORDER_QUANTITY: 'quantity' },
  'order-cancel': ORDER,
  'order-complete': ORDER,
  'order-confirm': ORDER,
  exchange: EXCHANGE,
  'exchange-submit': SUBMISSION,
  'exchange-withdraw': { EXCHANGE_NOT_FOUND: 'submission', EXCHANGE_NOT_PENDING: 'submission' },
  'exchange-quote': {
    EXCHANGE_UNSUPPORTED: 'to',
    EXCHANGE_RATE_GAINS: 'to',
    EXCHANGE_TOO_SMALL: 'amount',
  },
  'exchange-return': { EXCHANGE_NOT_FOUND: 'exchange', EXCHANGE_PART_INVALID: 'amount' },
  'partner-exchange': EXCHANGE,
  'partner-exchange-approve': {
    EXCHANGE_NOT_FOUND: 'exchange',
    EXCHANGE_STATE_INVALID: 'exchange',
  },
  'partner-exchange-cancel': {
    EXCHANGE_NOT_FOUND: 'exchange',
    EXCHANGE_STATE_INVALID: 'exchange',
  },
  merge: { ACT_BODY_INVALID: 'into' },
  'grant-tier': { DEFINITION_NOT_FOUND: 'programme', TIER_UNKNOWN: 'tier' },
};

/** What such refusals are: of others no command is looked at. */
export const FAULT_CODES: ReadonlySet<RefusalCode> = new Set([
  ...Object.values(FAULTS).flatMap((fields) => Object.keys(fields) as RefusalCode[]),
  'MEMBER_MERGED',
]);

/** The fields with attributes, and where the definition says of which types they are. */
const ATTRIBUTES: Fields = { EVENT_ATTRIBUTE_INVALID: 'attributes', PROFILE_INVALID: 'profile' };

/** What an act was asked to do. */
interface Asked {
  readonly code?: unknown;
  readonly coupon?: unknown;
  readonly programme?: unknown;
  readonly type?: unknown;
  readonly amount?: unknown;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly profile?: Readonly<Record<string, unknown>>;
}

/** The field of an act's body, as it is named in a command. */
const OF_BODY = 'body.';

const at = (refused: Refused, field: string, detail?: string): Refusal =>
  about(refused, OF_BODY + field, detail);

/** The same refusal, of this field. In one piece: of what is sold out there are very many, and what is spread is slow. */
function about(
  { code, status, retry, message, id, replayed, passing, retryAfterSeconds }: Refusal,
  field: string,
  detail: string | undefined,
): Refusal {
  const ok = false as const;
  return passing === undefined
    ? { ok, code, status, retry, message, field, id, replayed, detail, retryAfterSeconds }
    : { ok, code, status, retry, message, field, id, replayed, detail, retryAfterSeconds, passing };
}

/** A refusal of this command, with the field that it is about, where that is known. */
export function faultOf(
  engine: Engine,
  command: Command,
  refused: Refused,
): Refusal | Promise<Refusal> {
  const { field, code } = refused;
  if (code === 'MEMBER_MERGED') return mergedOf(engine, command, refused);
  if (field !== undefined || command.type !== 'act') return refused;
  const { act, body } = command;
  const named = Object.hasOwn(FAULTS, act) ? FAULTS[act]?.[code] : undefined;
  if (named === undefined) return refused;
  const asked = body as Asked;
  if (code === 'COUPON_UNAVAILABLE' && couponCodeOf(asked.code ?? asked.coupon) === 'mistyped')
    return at(refused, named, MISTYPED);
  if (code === 'RETURN_INVALID' && asked.amount !== undefined) return at(refused, 'amount');
  return ATTRIBUTES[code] === named
    ? attributeOf(engine, refused, named as 'attributes' | 'profile', asked)
    : at(refused, named);
}

/** The same refusal of a request in which the fields of the act stand beside those of its command. */
export function besideIt(refused: Refusal): Refusal {
  const { field } = refused;
  return field?.startsWith(OF_BODY) === true
    ? about(refused, field.slice(OF_BODY.length), refused.detail)
    : refused;
}

/** Which attribute it was, by the definition as it is now. */
async function attributeOf(
  engine: Engine,
  refused: Refused,
  field: 'attributes' | 'profile',
  asked: Asked,
): Promise<Refusal> {
  const { programme, type } = asked;
  const [kind, key] =
    field === 'profile'
      ? (['programme', String(programme)] as const)
      : (['event', eventTypeKey(String(programme), String(type))] as const);
  const document = await activeDocument(engine, kind, key);
  const said = document === undefined || isRefusal(document) ? undefined : document;
  const types =
    said && (((said as Readonly<Record<string, unknown>>)[field] ?? {}) as AttributeTypes);
  const given = Object.entries(asked[field] ?? {}).filter(
    ([, value]) => value !== null || field === 'attributes',
  );
  const name = types && wrongAttribute(Object.fromEntries(given), types);
  if (name === undefined) return at(refused, field);
  const wanted = Object.hasOwn(types ?? {}, name) ? types?.[name] : undefined;
  const place = `${field}.${name.slice(0, NAME_SHOWN_MAX).toWellFormed()}`;
  const known = Object.keys(types ?? {}).join(', ');
  const detail =
    wanted === undefined
      ? `${place} is not known. Known are: ${known === '' ? 'none' : known}.`
      : `${place} must be ${wanted === 'integer' ? 'a whole number' : `of type ${wanted}`}.`;
  return at(refused, place, detail);
}

/** Whoever of those whom a command names was merged; and into whom, where who asks has named it as the one whose command it is. */
async function mergedOf(engine: Engine, command: Command, refused: Refused): Promise<Refusal> {
  for (const [field, owner] of usersIn(command)) {
    const now = await ownerNow(engine.own, owner);
    if (isRefusal(now)) return refused;
    if (now === owner) continue;
    const isTold = field === 'owner' || field === 'body.into';
    return isTold
      ? { ...refused, field, detail: `${owner} was merged into ${now}: ask for ${now}.` }
      : { ...refused, field };
  }
  return refused;
}

/** Fields of bodies of acts that name another member. */
const OTHER_MEMBERS = ['into', 'to', 'receiver'];
/** No owner of the engine's, or of the system's. */
const isUser = (one: unknown): one is string => typeof one === 'string' && !/^[@#]/.test(one);

/** The users whom a command names, by its fields. */
function usersIn(command: Command): readonly (readonly [field: string, owner: string])[] {
  const { owner, to, body, legs } = command as {
    readonly owner?: unknown;
    readonly to?: unknown;
    readonly body?: Readonly<Record<string, unknown>>;
    readonly legs?: readonly { readonly from?: unknown; readonly to?: unknown }[];
  };
  const all: readonly (readonly [string, unknown])[] = [
    ['owner', owner],
    ['to', to],
    ...(command.type === 'transfer' ? (legs ?? []) : []).flatMap((leg, n) => [
      [`legs[${n}].from`, leg.from] as const,
      [`legs[${n}].to`, leg.to] as const,
    ]),
    ...OTHER_MEMBERS.map((name) => [OF_BODY + name, body?.[name]] as const),
  ];
  return all.flatMap(([field, one]) => (isUser(one) ? [[field, one] as const] : []));
}
