// Events of orders in the feed: each once, after its commit, in order, whoever asks how often, on however many shards an order is; read again, and of a
// folder that was rebuilt, the same ones.

import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import {
  type Command,
  type Engine,
  type FeedBlock,
  type FeedEvent,
  isRefusal,
  type ListedOrder,
  open,
  rebuildFolder,
} from '../../engine/index.js';
import { ORDER, orderOf } from '../../engine/programme/mall/order.js';
import { recordTypeOf, recordValueIn } from '../../engine/programme/plan.js';
import { withCodes } from '../programme/code-kill-child.js';
import { numberAt, SHARDS } from '../programme/mall-kill-child.js';
import { PIECE } from '../programme/mall-world.js';
import { settled } from '../programme/settled.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { wholeFeed } from './ledger.js';

const OWNERS = 8;
const ASKED = 120;
const PART = 20;

const eventsIn = (blocks: readonly FeedBlock[]): FeedEvent[] =>
  blocks.flatMap(({ items }) => items.flatMap(({ events = [] }) => events));

async function allEvents(engine: Engine): Promise<FeedEvent[]> {
  const feeds = await Promise.all(
    Array.from({ length: SHARDS }, (_, shard) => wholeFeed(engine, shard)),
  );
  return feeds.flatMap(eventsIn);
}

/** What has become of an order, as its member’s record says it, must be what its events say: in this order, and no other. */
function expectedOf(one: Pick<ListedOrder, 'state' | 'cancelled'>): string {
  const ended = one.state === 'completed' ? ['exchange.completed'] : [];
  const back = one.cancelled > 0 ? ['exchange.cancelled'] : [];
  return ['exchange.created', ...back, ...ended].join(' ');
}

/** The n-th command: orders of what has an end, of codes, held ones; and what becomes of them. */
function commandOf(random: Random, n: number, heldUntil: number): Command {
  const of = n === 0 ? 0 : random.int(n);
  const owner = `m${n % OWNERS}`;
  const earlier = `m${of % OWNERS}`;
  const number = numberAt(earlier, of);
  const act = (act: string, of: string, body: object) =>
    ({ type: 'act', act, owner: of, id: `c${n}`, body }) as Command;
  switch (random.int(10)) {
    case 0:
      return act('order-ship', earlier, { number, quantity: 1 });
    case 1:
      return act('order-complete', earlier, { number });
    case 2:
      return act('order-cancel', earlier, { number });
    case 3:
      return act('order-confirm', earlier, { number });
    case 4:
      return { type: 'reverse', owner: earlier, id: `c${n}`, transferId: `c${of}` };
    case 5:
      return act('order', owner, { goods: 'book' });
    case 6:
      return act('order', owner, { goods: 'book', until: heldUntil });
    default:
      return act('order', owner, { goods: 'tea', quantity: 2 });
  }
}

t.test('each thing that becomes of an order is one event, and nothing else is', async (t) => {
  const folder = temporaryFolder(t);
  const engine = await withCodes(folder, 40);
  const stock = {
    ...{ type: 'transfer', id: 'stock' },
    legs: [{ from: '@issue', to: '#item:tea', asset: PIECE, amount: 200 }],
  };
  await engine.own.submit(stock as never);
  const live: FeedEvent[] = [];
  const ends = Array.from({ length: SHARDS }, (_, shard) =>
    engine.subscribe(
      shard,
      1,
      (block) => {
        live.push(...eventsIn([block]));
      },
      (error) => t.fail(error.message),
    ),
  );
  const random = new Random(7);
  const soon = engine.now() + 4_000;
  const commands = Array.from({ length: ASKED }, (_, n) => commandOf(random, n, soon));
  // A part of one is sent, and the rest given back.
  const [owner, number] = ['m0', numberAt('m0', ASKED)];
  const act = (n: number, act: string, body: object) =>
    ({ type: 'act', act, owner, id: `c${n}`, body }) as Command;
  const parts = [
    ...Array.from({ length: ASKED / PART }, (_, n) => commands.slice(n * PART, (n + 1) * PART)),
    [act(ASKED, 'order', { goods: 'tea', quantity: 2 })],
    [act(ASKED + 1, 'order-ship', { number, quantity: 1 })],
    [act(ASKED + 2, 'order-cancel', { number })],
    [act(ASKED + 3, 'order-complete', { number })],
  ];
  // One after the other in parts, so that what becomes of an order finds it; each part twice at once.
  const outcomes = [];
  for (const part of parts) {
    const [came] = await Promise.all([settled(engine, part), settled(engine, part)]);
    outcomes.push(...came);
  }
  const ordered = outcomes.filter(
    (outcome, n) => outcome.ok && (parts.flat()[n] as { act?: string }).act === 'order',
  );
  t.ok(ordered.length > 40, `${ordered.length} orders`);
  const records = async () => {
    const found: [number: string, owner: string, ReturnType<typeof orderOf>][] = [];
    for (let n = 0; n < OWNERS; n++) {
      const recordType = recordTypeOf(ORDER);
      const page = await engine.own.records({ owner: `m${n}`, recordType });
      if (isRefusal(page)) throw new Error(page.code);
      for (const { key, value } of page)
        found.push([key, `m${n}`, orderOf(recordValueIn(value))] as const);
    }
    return found;
  };
  await until('held orders have lapsed', async () =>
    (await records()).every(([, , { state }]) => state !== 'held'),
  );
  const told = await allEvents(engine);
  const byNumber = new Map<string, FeedEvent[]>();
  for (const one of told) byNumber.set(one.subject, [...(byNumber.get(one.subject) ?? []), one]);
  const orders = await records();
  t.equal(byNumber.size, ordered.length);
  t.equal(orders.length, ordered.length);
  const kinds = new Set<string>();
  for (const [number, owner, one] of orders) {
    const events = byNumber.get(number) ?? [];
    const types = events.map(({ type }) => type).join(' ');
    kinds.add(types);
    t.equal(types, expectedOf(one), `${number}, ${one.state}`);
    const [created] = events;
    t.match(created, { owner, data: { number, goods: one.goods, total: one.total } });
    const back = events.find(({ type }) => type === 'exchange.cancelled');
    if (back !== undefined) t.match(back, { owner, data: { quantity: one.cancelled } });
  }
  t.same(
    [...kinds].sort(),
    [
      'exchange.created',
      'exchange.created exchange.cancelled',
      'exchange.created exchange.cancelled exchange.completed',
      'exchange.created exchange.completed',
    ],
    'all of that has come about',
  );
  const texts = (events: readonly FeedEvent[]) => events.map((one) => JSON.stringify(one)).sort();
  await until('it was told live', () => Promise.resolve(live.length >= told.length));
  await pause(50);
  t.same(texts(live), texts(told), 'live, the same');
  for (const end of ends) end();
  await engine.close();
  await rebuildFolder(folder);
  const again = await open({ folder });
  t.same(texts(await allEvents(again)), texts(told), 'and of the folder, rebuilt');
  await again.close();
});
