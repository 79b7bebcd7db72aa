// Orders of the mall, as they are told. Owns: these shapes, and how numbers look. Never touches: how they are worked out.

/** Base 32 without letters that look like others. */
export const ORDER_LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const ORDER_NUMBER_LENGTH = 16;
/** What the number of an order looks like. */
export const ORDER_NUMBER_PATTERN = `[${ORDER_LETTERS}]{${ORDER_NUMBER_LENGTH}}`;

/** `held`: its points are held until it is paid elsewhere. */
export const ORDER_STATES = ['held', 'pending', 'completed', 'cancelled'] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** The effects of acts that tell of an order which was made, has ended with its member, or is given back. */
export const ORDER_CREATED = 'orderCreated';
export const ORDER_COMPLETED = 'orderCompleted';
export const ORDER_CANCELLED = 'orderCancelled';

/** What a price was multiplied by, in percent. */
export interface PriceFactors {
  readonly tier: number;
  readonly sale: number;
  readonly stock: number;
}

/** Some pieces of an order that were sent. */
export interface Shipment {
  readonly quantity: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly tracking: string | null;
}

/** An order, as lists have it; amounts are minor units, times milliseconds since 1970. */
export interface ListedOrder {
  readonly number: string;
  readonly owner: string;
  readonly programme: string;
  readonly goods: string;
  readonly version: number;
  readonly quantity: number;
  readonly price: number;
  readonly total: number;
  readonly state: OrderState;
  readonly shipped: number;
  readonly cancelled: number;
  readonly at: number;
  readonly until: number | null;
}

/** Which orders. */
export interface OrderQuery {
  /** Left out: of all programmes, for who may see the whole ledger. */
  readonly programme?: string | undefined;
  /** Default newest first. */
  readonly order?: 'newest' | 'oldest' | undefined;
  readonly number?: string | undefined;
  readonly owner?: string | undefined;
  readonly state?: OrderState | undefined;
  readonly goods?: string | undefined;
  /** Made from then on, and before; milliseconds since 1970. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

/** A page of orders, the newest first or the oldest. */
export interface OrderPage {
  readonly ok: true;
  readonly orders: readonly ListedOrder[];
  /** Up to which block of each shard it is exact. */
  readonly asOf: string;
  /** There may be more: ask with it. */
  readonly cursor?: string;
}

/** An order of a member, as its record says; amounts are minor units, times milliseconds since 1970. */
export interface ToldOrder {
  readonly number: string;
  readonly owner: string;
  readonly programme: string;
  readonly asset: string;
  readonly goods: string;
  /** The version of the goods that it was made by. */
  readonly version: number;
  readonly quantity: number;
  /** What a piece cost. */
  readonly price: number;
  readonly factors: PriceFactors;
  /** What a coupon took off. */
  readonly discount: number;
  /** What the member pays: price x quantity - discount. */
  readonly total: number;
  readonly state: OrderState;
  /** Pieces that were sent, and that were given back. */
  readonly shipped: number;
  readonly cancelled: number;
  readonly shipments: readonly Shipment[];
  /** The id of the order's act: `transfer(owner, id)` tells all of it. */
  readonly id: string;
  readonly at: number;
  /** Until when the points are held; null: they were paid at once. */
  readonly until: number | null;
  /** The act that paid what was held; null: none has. */
  readonly paidBy: string | null;
  readonly coupon: string | null;
  /** What of the total gift cards have paid. */
  readonly cards: number;
  /** Names of the codes that it has taken: no codes. */
  readonly codes: readonly string[];
  /** Where it goes to, sealed; null: nobody has said. */
  readonly receiver: string | null;
}
