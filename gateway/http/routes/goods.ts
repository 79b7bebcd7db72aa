// Goods of the mall: searched, looked at, as options of a member. Owns: their paths and parameters, who may see what. Never touches: which goods there
// are, what is charged.
//   http.H41. What has no goods, or is of no programme, is refused out of memory: no shard is asked, and no disk read.

import { limits as engineLimits, type Programme } from '../../../engine/index.js';
import { besideIt } from '../../act-faults.js';
import { readProblem } from '../../auth/permits.js';
import { forAct, membersToo } from '../../auth/principal.js';
import { type Answer, json, jsonText, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import type { Page, Place, Query, Sort } from '../../mall/catalogue.js';
import { type Good, isSeenBy, type Shopper, stateAt } from '../../mall/goods.js';
import type { Mall } from '../../mall/mall.js';
import { goodsIn } from '../../mall/recommendations.js';
import { leftOf, shopperOf, shownOf, shownToAll, type Telling } from '../../mall/shown.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  type Call,
  callerOf,
  count,
  engineOf,
  isTrue,
  type Route,
  type ServedLedger,
} from '../../route.js';
import { ActReader } from '../../schema/command-reader.js';
import {
  GOODS_DESCRIPTIONS,
  GOODS_PAGE_DEFAULT,
  WAIT,
  waitDescription,
} from '../../schema/goods.js';
import { OK, submitted } from './submit.js';

const READS_WAIT = new ActReader(WAIT, ['goods']);
const { AMOUNT_MAX } = engineLimits;
/** Orders of a member that what is recommended goes by. */
const OWN_ORDERS = 100;
const NOT_WHOLE = 'The goods are being read; try again shortly.';

/** A programme as somebody looks at its goods. */
interface Looking {
  readonly mall: Mall;
  readonly programme: Programme;
  readonly shopper: Shopper | undefined;
  readonly now: number;
}

/** The routes of goods. */
export function goodsRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const row = { method: 'GET', access: membersToo('read'), module: 'acts' } as const;
  return [
    {
      ...row,
      path: '/v1/goods',
      describes: GOODS_DESCRIPTIONS.page,
      handle: (call) => page(ledger, call),
    },
    {
      ...row,
      path: '/v1/goods/{goods}',
      describes: GOODS_DESCRIPTIONS.one,
      handle: (call) => one(ledger, call),
    },
    {
      ...row,
      path: '/v1/members/{owner}/options',
      describes: GOODS_DESCRIPTIONS.options,
      handle: (call) => options(ledger, call),
    },
    {
      ...row,
      path: '/v1/members/{owner}/recommendations',
      describes: GOODS_DESCRIPTIONS.recommendations,
      handle: (call) => recommendations(ledger, call),
    },
    {
      method: 'POST',
      path: '/v1/goods/{goods}/waiting',
      body: 'required',
      access: forAct(WAIT),
      module: 'acts',
      describes: waitDescription(limits),
      repeats: true,
      handle: (call) => {
        const command = READS_WAIT.read(call.body, call.path, call.idempotencyKey);
        return submitted(ledger, call, command, { named: besideIt });
      },
    },
  ];
}

/** The mall, once all goods are known. */
function mallOf({ mall }: ServedLedger): Mall | Refusal {
  return mall?.isWhole === true ? mall : refuse('SHARD_UNAVAILABLE', undefined, NOT_WHOLE);
}

/** Whose goods are looked at: who may see one owner alone sees what that one sees. */
const ownerIn = ({ principal, query }: Call): string | undefined => query.owner ?? principal.owner;

/** Somebody looks at the goods of a programme; a refusal where there is none, or he may not. */
async function looking(
  ledger: ServedLedger,
  call: Call,
  {
    mall,
    key,
    owner,
    field,
  }: Readonly<Record<'key' | 'field', string>> & {
    readonly mall: Mall;
    readonly owner: string | undefined;
  },
): Promise<Looking | Refusal> {
  const now = engineOf(ledger).now();
  const programme = mall.catalogue.programme(key, now);
  if (programme === undefined) return refuse('DEFINITION_NOT_FOUND', field);
  const forbidden = readProblem(call.principal, programme.document.asset, field);
  if (forbidden !== undefined) return forbidden;
  if (owner === undefined) return { mall, programme, shopper: undefined, now };
  const shopper = await shopperOf(callerOf(ledger, call), programme, owner);
  return isRefusal(shopper) ? shopper : { mall, programme, shopper, now };
}

async function page(ledger: ServedLedger, call: Call): Promise<Answer> {
  const { query } = call;
  const mall = mallOf(ledger);
  if (isRefusal(mall)) return problem(mall);
  const sort = (query.sort ?? (query.q === undefined ? 'newest' : 'relevance')) as Sort;
  const after = query.cursor === undefined ? undefined : placeIn(query.cursor, sort);
  if (after === null) return problem(refuse('CURSOR_INVALID', 'cursor'));
  const owner = ownerIn(call);
  if (isTrue(query, 'affordable') && owner === undefined)
    return problem(refuse('QUERY_INVALID', 'affordable', 'affordable goes with owner.'));
  const asked = { mall, key: query.programme ?? '', owner, field: 'programme' };
  const found = await looking(ledger, call, asked);
  if (isRefusal(found)) return problem(found);
  const { programme } = found;
  const { asset } = programme.document;
  const all = mall.catalogue.page(queryOf(call, found, sort, after), found.now);
  const goods = await told(all, found);
  const cursor = all.next && cursorOf(sort, all.next);
  const categories = all.categories?.map(([category, count]) => ({ category, goods: count }));
  return json(OK, { programme: programme.key, asset, total: all.total, goods, categories, cursor });
}

function queryOf(
  { query }: Call,
  { programme, shopper }: Looking,
  sort: Sort,
  after: Place | undefined,
): Query {
  const most = count(query, 'priceMax');
  const available = isTrue(query, 'affordable') ? shopper?.available : undefined;
  const bounds = [most, available].filter((one) => one !== undefined);
  return {
    programme: programme.key,
    shopper,
    q: query.q,
    category: query.category,
    priceMin: count(query, 'priceMin'),
    priceMax: bounds.length === 0 ? undefined : Math.min(...bounds),
    sort,
    after,
    limit: count(query, 'limit') ?? GOODS_PAGE_DEFAULT,
    isCounted: isTrue(query, 'categories'),
  };
}

const told = ({ goods, prices }: Page, looked: Looking): Promise<object[]> =>
  Promise.all(
    goods.map(async (good) => shownOf(good, await leftOf(looked, good), { ...looked, prices })),
  );

async function one(ledger: ServedLedger, call: Call): Promise<Answer> {
  const mall = mallOf(ledger);
  if (isRefusal(mall)) return problem(mall);
  const key = call.path[0] ?? '';
  const good = mall.catalogue.good(key, engineOf(ledger).now());
  if (good === undefined) return problem(refuse('DEFINITION_NOT_FOUND', 'goods'));
  const of = { mall, key: good.version.document.programme, owner: ownerIn(call), field: 'goods' };
  const found = await looking(ledger, call, of);
  if (isRefusal(found)) return problem(found);
  const { shopper, programme, now } = found;
  if (!isSeenBy(good, shopper)) return problem(refuse('DEFINITION_NOT_FOUND', 'goods'));
  if (shopper === undefined) {
    const text = await shownToAll(mall, good, now);
    return text === undefined
      ? problem(refuse('DEFINITION_NOT_FOUND', 'goods'))
      : jsonText(OK, text);
  }
  const prices = mall.catalogue.prices(programme.key, shopper, now);
  return json(OK, shownOf(good, await leftOf(found, good), { ...found, prices }));
}

async function options(ledger: ServedLedger, call: Call): Promise<Answer> {
  const { path, query } = call;
  const mall = mallOf(ledger);
  if (isRefusal(mall)) return problem(mall);
  const owner = path[0] ?? '';
  const asked = { mall, key: query.programme ?? '', owner, field: 'programme' };
  const found = await looking(ledger, call, asked);
  if (isRefusal(found)) return problem(found);
  const { programme, shopper, now } = found;
  const { available } = shopper as Shopper;
  const { catalogue } = mall;
  if (!catalogue.hasGoods(programme.key, now)) return problem(refuse('NO_GOODS', 'programme'));
  const prices = catalogue.prices(programme.key, shopper, now);
  const optionOf = async (good: Good) => {
    const price = prices.of(good, now);
    const left = await leftOf(found, good);
    const { name } = good.version.document;
    const lacks = price > available ? price - available : undefined;
    return { goods: good.key, name, price, affordable: lacks === undefined, lacks, left };
  };
  const all = { owner, programme: programme.key, asset: programme.document.asset, available };
  if (query.goods !== undefined) {
    const good = catalogue.good(query.goods, now);
    const isTheirs = good?.version.document.programme === programme.key;
    if (good === undefined || !isTheirs || !isSeenBy(good, shopper))
      return problem(refuse('DEFINITION_NOT_FOUND', 'goods'));
    const option = await optionOf(good);
    return option.affordable
      ? json(OK, { ...all, options: [option] })
      : problem(refuse('POINTS_SHORT', 'goods', `${option.lacks} more minor units are needed.`));
  }
  const cheapest = queryOf(call, found, 'price', undefined);
  const { goods } = catalogue.page(cheapest, now);
  return json(OK, { ...all, options: await Promise.all(goods.map(optionOf)) });
}

async function recommendations(ledger: ServedLedger, call: Call): Promise<Answer> {
  const { path, query } = call;
  const mall = mallOf(ledger);
  if (isRefusal(mall)) return problem(mall);
  const owner = path[0] ?? '';
  const asked = { mall, key: query.programme ?? '', owner, field: 'programme' };
  const found = await looking(ledger, call, asked);
  if (isRefusal(found)) return problem(found);
  const { programme, shopper, now } = found;
  const { key } = programme;
  const own = await callerOf(ledger, call).orders({ programme: key, owner, limit: OWN_ORDERS });
  if (isRefusal(own)) return problem(own);
  const taken = await mall.recommendations.of(key);
  if (isRefusal(taken)) return problem(taken);
  const prices = mall.catalogue.prices(key, shopper, now);
  const telling: Telling = { ...found, prices };
  const limit = count(query, 'limit') ?? GOODS_PAGE_DEFAULT;
  const most = isTrue(query, 'affordable') ? (shopper as Shopper).available : AMOUNT_MAX;
  const goods: object[] = [];
  for (const { goods: of, ...why } of taken.recommended(owner, goodsIn(own.orders))) {
    if (goods.length === limit) break;
    const good = mall.catalogue.good(of, now);
    if (good === undefined || good.programme !== key || stateAt(good, now) !== 'open') continue;
    if (!isSeenBy(good, shopper) || prices.of(good, now) > most) continue;
    if (query.category !== undefined && good.category !== query.category) continue;
    const left = await leftOf(found, good);
    if (left !== 0) goods.push({ ...shownOf(good, left, telling), ...why });
  }
  const { asset } = programme.document;
  const { at, asOf, orders } = taken;
  return json(OK, { owner, programme: key, asset, at, asOf, orders, goods });
}

const cursorOf = (sort: Sort, { value, key }: Place): string =>
  Buffer.from(JSON.stringify([sort, value, key])).toString('base64url');

/** Where a page ended, of one that was sorted so; null: the cursor says nothing of the kind. */
function placeIn(cursor: string, sort: Sort): Place | null {
  let said: unknown;
  try {
    said = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
  if (!Array.isArray(said) || said.length !== 3) return null;
  const [of, value, key] = said as readonly unknown[];
  if (of !== sort || !Number.isSafeInteger(value) || typeof key !== 'string') return null;
  return { value: value as number, key };
}
