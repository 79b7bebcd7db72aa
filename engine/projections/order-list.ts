// Orders as they are asked for, over all nodes. Owns: which nodes are asked, how their orders come together, cursors. Never touches: what is stored.

import { ORDER_PAGE_DEFAULT, ORDER_PAGE_MAX } from '../limits.js';
import { type Granted, unpackGrants } from '../protocol/grants.js';
import type { ListedOrder, OrderPage, OrderQuery } from '../protocol/order.js';
import { isRefusal, type Refused, refused } from '../protocol/outcomes.js';
import { placeOf } from './orders/orders.js';
import type { OrderAnswer, OrderQuestion } from './orders/questions.js';
import { askNodes, asOfText, type Nodes } from './over-nodes.js';
import type { Projections } from './projections.js';

/** What a cursor looks like: a time, the other way round, and a number. */
const CURSOR = /^\d{16} [0-9A-Z]{16}$/;

export interface OrderListOptions extends Nodes {
  readonly projections: Projections;
}

export class OrderList {
  readonly #options: OrderListOptions;

  constructor(options: OrderListOptions) {
    this.#options = options;
  }

  /** `asset`: of the programme, and who may not read it is refused; undefined: of all, for who may see the whole ledger. */
  async page(
    query: OrderQuery,
    asset: string | undefined,
    granted: Granted,
  ): Promise<OrderPage | Refused> {
    const needed = asset === undefined ? 'view' : 'read';
    if (!granted.may(needed)) return refused('OPERATION_FORBIDDEN');
    const assets = granted.assetsOf(needed);
    if (asset === undefined ? assets !== undefined : assets?.has(asset) === false)
      return refused('ASSET_FORBIDDEN', 'programme');
    if (granted.owner !== undefined && granted.owner !== query.owner)
      return refused('OWNER_FORBIDDEN', 'owner');
    const { cursor, limit = ORDER_PAGE_DEFAULT, ...of } = query;
    if (!Number.isInteger(limit) || limit < 1 || limit > ORDER_PAGE_MAX)
      return refused('QUERY_INVALID', 'limit');
    const after = cursor && Buffer.from(cursor, 'base64url').toString('latin1');
    if (after !== undefined && !CURSOR.test(after)) return refused('CURSOR_INVALID', 'cursor');
    const answers = await this.ask({ type: 'list', ...of, after, limit }, granted);
    if (isRefusal(answers)) return answers;
    // Behind where one of them has not looked nothing is told.
    const isBefore = (one: string, other: string): boolean =>
      query.order === 'oldest' ? one > other : one < other;
    const inOrder = (one: string, other: string): number => (isBefore(one, other) ? -1 : 1);
    const ends = answers.flatMap(({ until }) => (until === undefined ? [] : [until]));
    const [end] = ends.sort(inOrder);
    const all = answers
      .flatMap(({ orders = [] }) => orders)
      .filter((one) => end === undefined || !isBefore(end, placeOf(one)))
      .sort((one, other) => inOrder(placeOf(one), placeOf(other)));
    const orders = all.slice(0, limit);
    const isCut = all.length > limit;
    const last = isCut ? placeOf(orders.at(-1) as ListedOrder) : end;
    return {
      ok: true,
      orders,
      asOf: asOfText(answers),
      ...(last === undefined ? {} : { cursor: Buffer.from(last, 'latin1').toString('base64url') }),
    };
  }

  /** What another node asks; it has been checked no further than that it is an object. */
  async serve({
    grants,
    question,
  }: Readonly<Record<string, unknown>>): Promise<OrderAnswer | Refused> {
    if (!unpackGrants(grants as Uint8Array).may('read')) return refused('OPERATION_FORBIDDEN');
    const { type } = (question ?? {}) as { readonly type?: unknown };
    if (type !== 'list' && type !== 'moved') return refused('QUERY_INVALID');
    return this.here(question as OrderQuestion);
  }

  /** Asks this node; without a mall it knows none. */
  async here(question: OrderQuestion): Promise<OrderAnswer | Refused> {
    const { projections } = this.#options;
    if (!projections.isRunning) return { asOf: [] };
    return projections.ask('orders', question).catch(() => refused('SHARD_UNAVAILABLE'));
  }

  /** Asks every node. */
  ask(question: OrderQuestion, granted: Granted): Promise<OrderAnswer[] | Refused> {
    return askNodes(this.#options, 'orders', question, granted, () => this.here(question));
  }
}
