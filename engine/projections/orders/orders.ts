// Orders of the mall as a projection of the logs: those of all members, by number, member and time; which are held until when; whose stock has moved.
// Owns: what is stored and told of them. Never touches: what becomes of an order, which its record says.
//   orders.V1. Only the home shard of a command says what became of an order: each change counts once.

import { AMOUNT_MAX, ORDER_LIST_LOOKS_MAX, SLOTS } from '../../limits.js';
import type { Effect } from '../../programme/act.js';
import { planInPlace } from '../../protocol/act-fields.js';
import { poolOf } from '../../protocol/allotment.js';
import type { BlockView } from '../../protocol/block.js';
import type { CommandView } from '../../protocol/command-view.js';
import { ownerHash } from '../../protocol/hash.js';
import { homeOwnerOfTuple } from '../../protocol/home.js';
import { LEG, LEG_PLACES, OP, PLACES } from '../../protocol/layout.js';
import {
  type ListedOrder,
  ORDER_CANCELLED,
  ORDER_COMPLETED,
  ORDER_CREATED,
  ORDER_STATES,
  type OrderState,
} from '../../protocol/order.js';
import { postedBy } from '../boards/worth.js';
import { NOWHERE, type Position, type Projection } from '../projection.js';
import { ProjectionStore } from '../store.js';
import type { OrderAnswer, OrderQuestion } from './questions.js';

const { act: ACT, reverse: REVERSE, transfer: TRANSFER } = PLACES;
/** Forgets what an older release has stored in another way. */
const FORMAT = 3;
const HERE = Buffer.from([1]);
const ITEM = '#item:';
/** Acts that move pieces into a stock, or out of it, and are of no order. */
const MOVES: ReadonlySet<string> = new Set(['code-add', 'code-withdraw', 'stock-take']);
/** Effects that say what became of an order. */
const TELLS: ReadonlySet<string> = new Set([
  ...[ORDER_CREATED, ORDER_CANCELLED, ORDER_COMPLETED, 'orderShipped', 'orderConfirmed'],
]);

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const jsonBytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
/** A time so that texts are in the order of times, or, `isNewestFirst`, the other way round. */
const sortable = (time: number, isNewestFirst: boolean): string =>
  String(isNewestFirst ? AMOUNT_MAX - time : time).padStart(16, '0');

const timeKey = ({ at, number }: ListedOrder): string => `${sortable(at, true)} ${number}`;
const memberKey = (one: ListedOrder): string => `${one.owner} ${timeKey(one)}`;
const goodsKey = (one: ListedOrder): string => `${one.goods} ${timeKey(one)}`;
const stateKey = (one: ListedOrder): string => `${one.state} ${timeKey(one)}`;
/** Among orders, behind all numbers. */
const DUE = 'due ';
const dueKey = ({ until, number }: ListedOrder): string =>
  `${DUE}${sortable(until as number, false)} ${number}`;

/** As it is stored under its number, by place: what is short shares its page with more of them. */
type Stored = readonly [
  owner: string,
  programme: string,
  goods: string,
  version: number,
  quantity: number,
  price: number,
  total: number,
  state: number,
  shipped: number,
  cancelled: number,
  at: number,
  until: number | null,
];

function storedOf(one: ListedOrder): Stored {
  const { owner, programme, goods, version, quantity, price, total, shipped, cancelled } = one;
  const state = ORDER_STATES.indexOf(one.state);
  const { at, until } = one;
  return [
    owner,
    programme,
    goods,
    version,
    quantity,
    price,
    total,
    state,
    shipped,
    cancelled,
    at,
    until,
  ];
}

function listedOf(number: string, stored: Stored): ListedOrder {
  const [owner, programme, goods, version, quantity, price, total, state, ...rest] = stored;
  const [shipped, cancelled, at, until] = rest;
  return {
    ...{ number, owner, programme, goods, version, quantity, price, total },
    ...{ state: ORDER_STATES[state] as OrderState, shipped, cancelled, at, until },
  };
}

interface Change {
  readonly before: ListedOrder | undefined;
  after: ListedOrder;
}

const DATABASES = ['meta', 'orders', 'times', 'members', 'goods', 'states'] as const;
type Database = (typeof DATABASES)[number];

export interface OrdersOptions {
  readonly path: string;
  /** The shard of each slot. */
  readonly slotMap: ArrayLike<number>;
}

export class Orders implements Projection {
  readonly name = 'orders';
  readonly #store: ProjectionStore<Database>;
  readonly #slotMap: ArrayLike<number>;
  readonly #positions = new Map<number, Position>();
  readonly #changes = new Map<string, Change>();
  /** Goods whose stock has moved since this began, and the how manieth time that was. */
  readonly #moved = new Map<string, number>();
  readonly #began = Date.now();
  #moves = 0;

  constructor({ path, slotMap }: OrdersOptions) {
    this.#store = new ProjectionStore(path, DATABASES);
    this.#slotMap = slotMap;
    const meta = this.#store.of('meta');
    const format = meta.getBinary(ascii('format'));
    if (format !== undefined && format[0] !== FORMAT) this.clear();
    for (const { key, value } of meta.getRange({})) {
      const [what, of] = key.toString('latin1').split(' ', 2);
      if (what === 'position') this.#positions.set(Number(of), JSON.parse(value.toString()));
    }
  }

  position(shard: number): Position {
    return this.#positions.get(shard) ?? NOWHERE;
  }

  get pending(): number {
    return this.#changes.size;
  }

  // --- what blocks say --------------------------------------------------------------------------------------------

  take(block: BlockView): void {
    const { effects, header } = block;
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
      const posted = postedBy(block, at);
      if (posted === undefined) continue;
      if (posted.op === OP.transfer) this.#stockMoved(posted, TRANSFER.legs);
      else if (posted.op === OP.act && MOVES.has(posted.text(ACT.act)))
        this.#stockMoved(posted, ACT.legs);
      else this.#told(posted, header.shard, header.time);
    }
  }

  /** Pieces come into a stock, or are taken out of it. */
  #stockMoved(posted: CommandView, legs: number): void {
    for (let place = legs; place < posted.count; place += LEG_PLACES)
      for (const side of [LEG.from, LEG.to]) {
        const owner = posted.text(place + side);
        if (owner.startsWith(ITEM)) this.#note(poolOf(owner).slice(ITEM.length));
      }
  }

  #note(goods: string): void {
    this.#moved.set(goods, ++this.#moves);
  }

  #told(posted: CommandView, shard: number, time: number): void {
    const place = posted.op === OP.act ? ACT.plan : REVERSE.plan;
    if (posted.isNil(place)) return;
    if (posted.op === OP.act && !posted.text(ACT.act).startsWith('order')) return;
    const { effects = [] } = planInPlace(posted.opaque(place)) as {
      readonly effects?: readonly Effect[];
    };
    const told = effects.filter(({ type }) => TELLS.has(type));
    if (told.length === 0) return;
    const owner = homeOwnerOfTuple(posted.tuple());
    if (this.#slotMap[ownerHash(owner) & (SLOTS - 1)] !== shard) return;
    for (const effect of told) this.#change(owner, effect, time);
  }

  #change(owner: string, effect: Effect, time: number): void {
    const number = effect['number'] as string;
    const goods = effect['goods'] as string;
    const isNew = effect.type === ORDER_CREATED;
    const known = this.#changes.get(number);
    // Nothing can be stored of what is new (V1).
    const before = isNew ? undefined : (known?.after ?? this.#stored(number));
    const after = isNew ? createdBy(owner, effect, time) : before && changedBy(before, effect);
    if (isNew || effect.type === ORDER_CANCELLED) this.#note(goods);
    if (after === undefined) return;
    if (known === undefined) this.#changes.set(number, { before, after });
    else known.after = after;
  }

  #stored(number: string): ListedOrder | undefined {
    const found = this.#store.of('orders').getBinary(ascii(number));
    return found && listedOf(number, JSON.parse(found.toString()) as Stored);
  }

  // --- what is stored ---------------------------------------------------------------------------------------------

  commit(positions: ReadonlyMap<number, Position>): boolean {
    for (const [shard, position] of positions) this.#positions.set(shard, position);
    if (positions.size === 0) return false;
    const [meta, orders] = [this.#store.of('meta'), this.#store.of('orders')];
    this.#store.commit(() => {
      for (const [number, { before, after }] of this.#changes) {
        orders.putSync(ascii(number), jsonBytes(storedOf(after)));
        if (before === undefined) {
          this.#store.of('times').putSync(ascii(timeKey(after)), HERE);
          this.#store.of('members').putSync(ascii(memberKey(after)), HERE);
          this.#store.of('goods').putSync(ascii(goodsKey(after)), HERE);
        }
        if (before?.state !== after.state) {
          const states = this.#store.of('states');
          if (before !== undefined) states.removeSync(ascii(stateKey(before)));
          states.putSync(ascii(stateKey(after)), HERE);
        }
        if (after.state === 'held') orders.putSync(ascii(dueKey(after)), HERE);
        else if (before?.state === 'held') orders.removeSync(ascii(dueKey(before)));
      }
      for (const [shard, position] of positions)
        meta.putSync(ascii(`position ${shard}`), jsonBytes(position));
      meta.putSync(ascii('format'), Buffer.from([FORMAT]));
    });
    this.#changes.clear();
    return false;
  }

  clear(): void {
    this.#store.clear();
    this.#positions.clear();
    this.#changes.clear();
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  // --- what is asked ----------------------------------------------------------------------------------------------

  answer(question: OrderQuestion): OrderAnswer {
    const asOf = [...this.#positions].map(([shard, { seq }]) => [shard, seq] as const);
    if (question.type === 'due') return { asOf, orders: this.#due(question.time, question.limit) };
    if (question.type === 'list') return { asOf, ...this.#list(question) };
    const after = question.known.find(([began]) => began === this.#began)?.[1] ?? 0;
    const goods = [...this.#moved].flatMap(([key, move]) => (move <= after ? [] : [key]));
    return { asOf, moved: { began: this.#began, last: this.#moves, goods } };
  }

  #due(time: number, limit: number): ListedOrder[] {
    const range = { start: ascii(DUE), end: ascii(DUE + sortable(time, false)), limit };
    const keys = this.#store.of('orders').getKeys(range);
    return [...keys].flatMap(
      (key) => this.#stored(key.toString('latin1').split(' ').at(-1) ?? '') ?? [],
    );
  }

  /** The newest first. Where it has looked at many without finding enough, it says how far it has. */
  #list(asked: Extract<OrderQuestion, { type: 'list' }>): Pick<OrderAnswer, 'orders' | 'until'> {
    const { number, limit, after, from = 0, to = AMOUNT_MAX } = asked;
    if (number !== undefined) {
      const found = this.#stored(number);
      return { orders: found === undefined || !isWanted(found, asked) ? [] : [found] };
    }
    const [database, prefix] = placeIn(asked);
    const isOldest = asked.order === 'oldest';
    const [newest, oldest] = [`${sortable(to - 1, true)} `, `${sortable(from - 1, true)} `];
    const [first, end] = isOldest ? [oldest, newest] : [newest, oldest];
    const range = { start: ascii(prefix + (after ?? first)), end: ascii(prefix + end) };
    const keys = this.#store
      .of(database)
      .getKeys({ ...range, reverse: isOldest, limit: ORDER_LIST_LOOKS_MAX });
    const orders: ListedOrder[] = [];
    let looks = 0;
    let last = '';
    for (const key of keys) {
      looks++;
      const text = key.toString('latin1').slice(prefix.length);
      if (text === after) continue;
      last = text;
      const found = this.#stored(text.split(' ')[1] ?? '');
      if (found !== undefined && isWanted(found, asked)) orders.push(found);
      if (orders.length === limit) return { orders, until: last };
    }
    return looks < ORDER_LIST_LOOKS_MAX ? { orders } : { orders, until: last };
  }
}

/** Where those that are asked for stand together, in the order of time. */
function placeIn({
  owner,
  goods,
  state,
}: Extract<OrderQuestion, { type: 'list' }>): readonly [Database, prefix: string] {
  if (owner !== undefined) return ['members', `${owner} `];
  if (goods !== undefined) return ['goods', `${goods} `];
  return state === undefined ? ['times', ''] : ['states', `${state} `];
}

/** Where a page ends that ends with this order. */
export const placeOf = (one: ListedOrder): string => timeKey(one);

function isWanted(
  one: ListedOrder,
  { programme, owner, state, goods }: Extract<OrderQuestion, { type: 'list' }>,
): boolean {
  if (programme !== undefined && one.programme !== programme) return false;
  if (owner !== undefined && one.owner !== owner) return false;
  return (
    (state === undefined || one.state === state) && (goods === undefined || one.goods === goods)
  );
}

function createdBy(owner: string, effect: Effect, at: number): ListedOrder {
  // In one piece: what is put together out of others is slow to make.
  return {
    number: effect['number'] as string,
    owner,
    programme: effect['programme'] as string,
    goods: effect['goods'] as string,
    version: effect['version'] as number,
    quantity: effect['quantity'] as number,
    price: effect['price'] as number,
    total: effect['total'] as number,
    state: effect['state'] as OrderState,
    shipped: 0,
    cancelled: 0,
    at,
    until: (effect['until'] ?? null) as number | null,
  };
}

function changedBy(before: ListedOrder, { type, quantity, state }: Effect): ListedOrder {
  const pieces = Number(quantity);
  if (type === 'orderConfirmed') return { ...before, state: 'pending' };
  if (type === 'orderShipped') return { ...before, shipped: before.shipped + pieces };
  if (type === ORDER_COMPLETED) return { ...before, state: 'completed', shipped: pieces };
  return { ...before, cancelled: before.cancelled + pieces, state: state as OrderState };
}
