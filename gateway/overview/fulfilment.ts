// Orders that wait to be sent, with where they go to. Owns: which those are, what is left of each, the list as a file. Never touches: what becomes of an
// order; who sees where it goes to, which the route says.

import {
  type Caller,
  type Engine,
  isRefusal as isRefused,
  type ListedOrder,
  limits,
  type OrderQuery,
  orderByNumber,
} from '../../engine/index.js';
import { openReceivers, type Receiver } from '../auth/receivers.js';
import type { Sealer } from '../auth/sealing.js';
import { lastDocument } from '../known-definitions.js';
import { maskedAll } from '../privacy/mask.js';
import { defused } from '../projections/reports/written/cells.js';
import type { Refusal } from '../refusal.js';

/** An order of which pieces are to be sent. */
export interface WaitingOrder extends ListedOrder {
  /** As the goods are called now. */
  readonly name?: string | undefined;
  /** Pieces that are neither sent nor cancelled. */
  readonly open: number;
  readonly receiver?: Receiver | undefined;
}

/** The same before it is opened where it goes to. */
type Sealed = Omit<WaitingOrder, 'receiver'> & { readonly receiver: string | null };

export interface FulfilmentParts {
  readonly engine: Engine;
  readonly caller: Caller;
  readonly sealer: Sealer;
  /** May who asks see where an order of this member goes to? Else it is masked. */
  readonly sees: (owner: string) => boolean;
  /** Writes down whose receivers are about to be seen in clear; a refusal where it cannot be. */
  readonly note: (owners: readonly string[]) => Promise<Refusal | undefined>;
}

export type FulfilmentQuery = Pick<
  OrderQuery,
  'programme' | 'goods' | 'from' | 'to' | 'limit' | 'cursor' | 'order'
>;

/** A page of them, the oldest first unless it says otherwise. */
export async function fulfilmentPage(
  parts: FulfilmentParts,
  query: FulfilmentQuery,
): Promise<
  | Refusal
  | { readonly orders: readonly WaitingOrder[]; readonly asOf: string; readonly cursor?: string }
> {
  const { engine, caller, sealer, sees, note } = parts;
  const order = query.order ?? 'oldest';
  const page = await caller.orders({ ...query, order, state: 'pending' });
  if (isRefused(page)) return page;
  const orders = await Promise.all(
    page.orders.map(async (one): Promise<Sealed | Refusal> => {
      const { owner, number, goods, quantity, shipped, cancelled } = one;
      const [kept, document] = await Promise.all([
        orderByNumber(engine.own, owner, number),
        lastDocument(engine, 'goods', goods),
      ]);
      if (isRefused(kept)) return kept;
      const name = isRefused(document) ? undefined : document?.['name'];
      const open = quantity - shipped - cancelled;
      const receiver = kept?.receiver ?? null;
      return { ...one, ...(typeof name === 'string' ? { name } : {}), open, receiver };
    }),
  );
  const waiting: Sealed[] = [];
  for (const one of orders) {
    if (isRefused(one)) return one;
    if (one.open > 0) waiting.push(one);
  }
  const receivers = await openReceivers(sealer, waiting);
  if (isRefused(receivers)) return receivers;
  const seen = waiting.filter(({ owner }, i) => receivers[i] !== undefined && sees(owner));
  const no = await note(seen.map(({ owner }) => owner));
  if (no !== undefined) return no;
  const told = waiting.map((one, i): WaitingOrder => {
    const clear = receivers[i];
    const receiver = clear === undefined || sees(one.owner) ? clear : maskedAll(clear);
    return { ...one, receiver };
  });
  const { asOf, cursor } = page;
  return cursor === undefined ? { orders: told, asOf } : { orders: told, asOf, cursor };
}

/** Orders of one file. */
export const FILE_ORDERS_MAX = 10_000;
const COLUMNS = [
  'number',
  'time',
  'member',
  'programme',
  'goods',
  'name',
  'quantity',
  'open',
  'points',
] as const;
const TO = ['name', 'phone', 'address', 'postcode', 'note'] as const;
const MARK = '\uFEFF';

/** All of them as CSV (RFC 4180), with a mark by which spreadsheets know UTF-8. */
export async function fulfilmentCsv(
  parts: FulfilmentParts,
  query: FulfilmentQuery,
): Promise<Refusal | string> {
  const heads = [...COLUMNS, ...TO.map((field) => `receiver ${field}`)];
  let text = `${MARK}${heads.join()}\r\n`;
  let rows = 0;
  for (let { cursor } = query; rows < FILE_ORDERS_MAX; ) {
    const page = await fulfilmentPage(parts, { ...query, cursor, limit: limits.ORDER_PAGE_MAX });
    if (isRefused(page)) return page;
    for (const one of page.orders) text += lineOf(one);
    rows += page.orders.length;
    cursor = page.cursor;
    if (cursor === undefined) break;
  }
  return text;
}

function lineOf(one: WaitingOrder): string {
  const { number, at, owner, programme, goods, name, quantity, open, total, receiver } = one;
  const time = new Date(at).toISOString();
  const own = [number, time, owner, programme, goods, name, quantity, open, total];
  const cells = [...own, ...TO.map((field) => receiver?.[field])];
  return `${cells.map(cell).join()}\r\n`;
}

function cell(value: string | number | undefined): string {
  const text = typeof value === 'string' ? defused(value) : String(value ?? '');
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
