// The mall behind a gateway: orders, quotes, stock. Owns: what is asked of which path. Never touches: requests, what goods cost.

import type { ActCommand } from '../../engine/protocol/commands.js';
import type {
  OrderPage,
  OrderQuery,
  PriceFactors,
  ToldOrder,
} from '../../engine/protocol/order.js';
import type { Outcome, Refused } from '../../engine/protocol/outcomes.js';
import type { CallOptions } from './ending.js';
import { GoodsCalls } from './goods.js';
import type { SubmitOptions } from './options.js';
import { actOf, bodyOfAct } from './programmes.js';
import { type CommandRoute, part, partOf, queryOf } from './routes.js';

/** Where an order goes to. */
export interface Receiver {
  readonly name?: string | undefined;
  readonly phone?: string | undefined;
  readonly address?: string | undefined;
  readonly postcode?: string | undefined;
  readonly note?: string | undefined;
}

/** What a member orders. */
export interface OrderRequest {
  readonly owner: string;
  /** Unique for ever within the member; left out: one is made. */
  readonly id?: string | undefined;
  readonly goods: string;
  /** Left out: 1. */
  readonly quantity?: number | undefined;
  /** What a piece was said to cost: where it costs anything else, nothing is ordered. */
  readonly expectedPrice?: number | undefined;
  readonly quote?: string | undefined;
  readonly receiver?: Receiver | undefined;
  readonly coupon?: string | undefined;
  /** Gift cards that pay a part of it, each by its code, or by what it is known by, and how much; the rest the member pays. */
  readonly cards?:
    | readonly { readonly code?: string; readonly card?: string; readonly amount: number }[]
    | undefined;
  /** The points are held until then, or until `confirm`; milliseconds since 1970. */
  readonly until?: number | undefined;
}

/** Whose order is changed, under which id. */
export interface OrderChange {
  readonly owner: string;
  readonly id?: string | undefined;
}

/** What goods cost a member, for a time. */
export interface PriceQuote {
  readonly owner: string;
  readonly goods: string;
  readonly quantity: number;
  readonly price: number;
  readonly total: number;
  readonly factors: PriceFactors;
  readonly until: number;
  readonly quote: string;
}

/** An order, with what its goods were called then. */
export interface OrderRecord extends Omit<ToldOrder, 'receiver'> {
  readonly name?: string;
  /** 0 held, 1 pending, 2 completed, 3 cancelled. */
  readonly stateNumber: number;
  /** Masked for who may not `adjust`. */
  readonly receiver?: Receiver;
}

/** What is left of goods, on all shards. */
export interface StockState {
  readonly goods: string;
  readonly asset: string;
  readonly available: number;
  readonly held: number;
  readonly lent: number;
  readonly funded: number;
  readonly paid: number;
}

/** What the client does for it. */
interface Calls {
  submitTo(
    command: ActCommand,
    to: (prepared: ActCommand) => CommandRoute | Refused,
    options: SubmitOptions,
  ): Promise<Outcome>;
  /** `mayLack`: undefined, where there is no definition that the path names. */
  read(path: string, options: CallOptions, mayLack?: boolean): Promise<unknown>;
  post(path: string, body: object, options: CallOptions): Promise<unknown>;
}

const ORDERS = '/v1/orders';

/** Where a change of an order goes. */
const changeRoute =
  (what: string) =>
  (command: ActCommand): CommandRoute | Refused => {
    const { number, ...body } = bodyOfAct(command) as Record<string, unknown>;
    const path = partOf('number', number, command.id);
    return typeof path === 'string'
      ? { method: 'POST', path: `${ORDERS}/${path}/${what}`, body }
      : path;
  };

/** The mall: `client.mall`. */
export class Mall extends GoodsCalls {
  readonly #calls: Calls;

  constructor(calls: Calls) {
    super((...asked) => calls.read(...asked));
    this.#calls = calls;
  }

  /** A member orders goods. As submit(); the number of the order is in `act.effects`. */
  order({ owner, id, ...body }: OrderRequest, options: SubmitOptions = {}): Promise<Outcome> {
    const to = (command: ActCommand): CommandRoute => ({
      method: 'POST',
      path: ORDERS,
      body: bodyOfAct(command),
    });
    return this.#calls.submitTo(actOf('order', owner, id, body), to, options);
  }

  /** What goods cost a member now: a quote that is charged exactly, or has expired. */
  async quote(
    asked: { readonly owner: string; readonly goods: string; readonly quantity?: number },
    options: CallOptions = {},
  ): Promise<PriceQuote> {
    return (await this.#calls.post('/v1/quotes', asked, options)) as PriceQuote;
  }

  /** Pieces of an order are sent: all that are left, or some. As submit(). */
  ship(
    number: string,
    asked: OrderChange & { readonly quantity?: number; readonly tracking?: string },
    options: SubmitOptions = {},
  ): Promise<Outcome> {
    return this.#change('ship', number, asked, options);
  }

  /** The member has all of it. As submit(). */
  complete(number: string, asked: OrderChange, options: SubmitOptions = {}): Promise<Outcome> {
    return this.#change('complete', number, asked, options);
  }

  /** What is not shipped is given back. As submit(). */
  cancel(
    number: string,
    asked: OrderChange & { readonly reason?: string },
    options: SubmitOptions = {},
  ): Promise<Outcome> {
    return this.#change('cancel', number, asked, options);
  }

  /** An order that was held has been paid elsewhere. As submit(). */
  confirm(number: string, asked: OrderChange, options: SubmitOptions = {}): Promise<Outcome> {
    return this.#change('confirm', number, asked, options);
  }

  /** A member asks to be told, once, when there are pieces of goods. As submit(). */
  wait(goods: string, { owner, id }: OrderChange, options: SubmitOptions = {}): Promise<Outcome> {
    const to = (command: ActCommand): CommandRoute | Refused => {
      const { goods: named, ...body } = bodyOfAct(command) as Record<string, unknown>;
      const path = partOf('goods', named, command.id);
      return typeof path === 'string'
        ? { method: 'POST', path: `/v1/goods/${path}/waiting`, body }
        : path;
    };
    return this.#calls.submitTo(actOf('goods-wait', owner, id, { goods }), to, options);
  }

  #change(
    what: string,
    number: string,
    { owner, id, ...body }: OrderChange,
    options: SubmitOptions,
  ): Promise<Outcome> {
    const command = actOf(`order-${what}`, owner, id, { number, ...body });
    return this.#calls.submitTo(command, changeRoute(what), options);
  }

  /** An order of a member. Throws ClientError `refused` (ORDER_NOT_FOUND) where there is none. */
  async get(number: string, owner: string, options: CallOptions = {}): Promise<OrderRecord> {
    const path = `${ORDERS}/${part('id', number)}${queryOf({ owner })}`;
    return (await this.#calls.read(path, options)) as OrderRecord;
  }

  /** Orders of a programme, the newest first; `cursor`: there may be more. */
  async list(query: OrderQuery, options: CallOptions = {}): Promise<OrderPage> {
    const found = await this.#calls.read(`${ORDERS}${queryOf(query)}`, options);
    return { ...(found as OrderPage), ok: true };
  }

  /** What is left of goods. Takes a key that may `admin`. */
  async stock(goods: string, options: CallOptions = {}): Promise<StockState> {
    const path = `/v1/goods/${part('id', goods)}/stock`;
    return (await this.#calls.read(path, options)) as StockState;
  }

  /** Puts pieces into the stock of goods, or takes some out (below 0), with a reason; once under its id. Takes a key that may `admin`. */
  async restock(
    goods: string,
    asked: { readonly id: string; readonly pieces: number; readonly reason: string },
    options: CallOptions = {},
  ): Promise<void> {
    await this.#calls.post(`/v1/goods/${part('id', goods)}/stock`, asked, options);
  }
}
