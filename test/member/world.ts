// What members' pages are shown on: two platforms of one coalition, a programme, a mall, members. Owns: its documents, its clock, who has what. Never touches:
// browsers (browser.ts), how members sign in (signed-in.ts).

import type { Test } from 'tap';
import type { GatewayLimits } from '../../gateway/limits.js';
import type { ServeOptions } from '../../gateway/serve.js';
import { type Caller, caller } from '../gateway/callers.js';
import { type Mailbox, mailbox } from '../gateway/mailbox.js';
import { type Shop, shop } from '../gateway/shop.js';
import { until } from '../until.js';

export const LOTTERY = 'shop.lottery';
export const DRAW_PERIOD_MS = 300_000;
/** Text that is HTML where somebody takes it for that: it then says so, in `window.hit`. */
export const MARKUP = '"><img src=x onerror="window.hit=1"><script>window.hit=2</script>';

const PROGRAMME = { programme: 'shop' } as const;
const FOR_EVER = { from: 0, to: 4_000_000_000_000 } as const;
const physical = (name: string, price: number, more: object = {}) => ({
  ...{ ...PROGRAMME, name, price, delivery: 'physical', stockAsset: 'piece', most: 5 },
  ...more,
});

/** What is said beside the sample of a programme. */
const SAID: readonly (readonly [at: string, document: object])[] = [
  [
    'coupon/THNK',
    { ...PROGRAMME, name: '谢谢您', codes: 'single', percent: 10, minimum: 1_000, days: 30 },
  ],
  ['coupon/WELCOME10', { ...PROGRAMME, name: 'Welcome', codes: 'shared', percent: 10, limit: 1 }],
  [
    'campaign/reviews',
    { ...PROGRAMME, ...FOR_EVER, name: 'Double for reviews', event: 'REVIEW', multiplier: 200 },
  ],
  ['referral/shop', { referrer: 100, newcomer: 50 }],
  ['gifting/shop', { mostEach: 500, mostPoints: 1_000 }],
  [
    'task/shop.FIRST_SHARE',
    { ...PROGRAMME, name: 'First share', event: 'SHARE', span: 'ever', reward: 5, badge: true },
  ],
  ['leaderboard/shop.month', { ...PROGRAMME, name: 'This month', period: 'month', alias: true }],
  [
    'goods/tea',
    physical('绿茶 Green tea', 100, {
      category: 'drinks',
      description: '春天的第一批。 The first of spring.',
      limit: 20,
      span: 'day',
    }),
  ],
  ['goods/cup', physical('Cup', 250, { category: 'kitchen' })],
  [
    'goods/ebook',
    {
      ...PROGRAMME,
      name: 'E-book 电子书',
      price: 100,
      delivery: 'code',
      stockAsset: 'piece',
      category: 'books',
    },
  ],
  [
    'goods/card',
    {
      ...PROGRAMME,
      name: 'Gift card 礼品卡',
      price: 50,
      delivery: 'card',
      cardAmount: 40,
      cardDays: 30,
    },
  ],
  [
    'goods/coupon',
    { ...PROGRAMME, name: 'Coupon 优惠券', price: 30, delivery: 'coupon', coupon: 'THNK' },
  ],
  ['goods/markup', physical(MARKUP, 10, { description: MARKUP, category: 'markup' })],
  ['sale/cups', { ...PROGRAMME, ...FOR_EVER, name: 'Cups', percent: 80, goods: ['cup'] }],
  [
    'coalition/main',
    {
      currency: 'CNY',
      base: '0.01',
      platforms: { shop: '1.0', hotel: '1.2' },
      categories: {},
      zone: 'Asia/Shanghai',
    },
  ],
  [
    'exchanging/points',
    { coalition: 'main', platform: 'shop', members: 'all', feeRate: '0.01', mostDay: 2_000 },
  ],
  ['exchanging/stars', { coalition: 'main', platform: 'hotel', members: 'all' }],
];
const CODES = ['BOOK-7QXP', 'BOOK-93KD', 'BOOK-5TUV', 'BOOK-1ABC'];

const LATIN = /[^\x20-\x7e]+/g;
/** The same in English alone; nothing of what attacks. */
function plain([at, document]: (typeof SAID)[number]): (typeof SAID)[number][] {
  if (at === 'goods/markup') return [];
  const text = JSON.stringify(document, (key, value) =>
    (key === 'name' || key === 'description') && typeof value === 'string'
      ? value.replace(LATIN, '').trim() || 'Thank you'
      : value,
  );
  return [[at, JSON.parse(text)]];
}

/** A member, and what there is of it at the start. `email`: where letters go. */
export interface MemberAtStart {
  readonly owner: string;
  readonly points: number;
  /** Minor units: hundredths. */
  readonly stars: number;
  readonly email: string;
}
const MEMBERS: readonly MemberAtStart[] = [
  { owner: 'ann', points: 3_000, stars: 12_050, email: 'ann@mail.example' },
  { owner: 'bob', points: 400, stars: 0, email: 'bob@mail.example' },
  { owner: 'cat', points: 0, stars: 0, email: 'cat@mail.example' },
];

export interface MemberWorld extends Omit<Shop, 'later'> {
  readonly box: Mailbox;
  readonly platforms: { readonly shop: Caller; readonly hotel: Caller };
  /** Sets the clock of the ledger on, however far. */
  later(ms: number): Promise<void>;
  /** What a member has at hand. */
  has(owner: string, asset?: string): Promise<number>;
  /** The orders of a member, newest first; they are listed a moment after they were made. */
  orders(owner: string): Promise<readonly any[]>;
  /** The log of an account of a member, newest first. */
  entries(owner: string, asset?: string): Promise<readonly any[]>;
}

/** Settings of a world. */
export interface WorldOptions {
  readonly limits?: Partial<GatewayLimits>;
  readonly serving?: Partial<ServeOptions>;
  /** Of the engine. */
  readonly settings?: object;
  /** Beside what is said of all. */
  readonly said?: readonly (readonly [at: string, document: object])[];
  /** Without goods that are there to attack the page, and names in two languages: for pictures. */
  readonly isPlain?: boolean;
  /** Fields of the platform `shop`. */
  readonly ofShop?: object;
}

/** A server that listens, with everything on it that the page shows. Gone after the test. */
export async function memberWorld(t: Test, options: WorldOptions = {}): Promise<MemberWorld> {
  const { limits = {}, serving = {}, settings = {}, said = [], ofShop = {} } = options;
  const { isPlain = false } = options;
  const box = await mailbox(t);
  const served = await shop(
    t,
    isPlain ? SAID.flatMap(plain) : [...SAID, ...said],
    2,
    limits,
    { drawPeriodMs: DRAW_PERIOD_MS, ...settings },
    { webhookHosts: ['127.0.0.1'], ...serving },
  );
  const sure = async (request: string, body?: unknown): Promise<any> => {
    const answer = await served.ask(request, body);
    if (answer.status >= 300) throw new Error(`${request}: ${answer.text}`);
    return answer.body;
  };
  await sure('PUT /v1/assets/piece', { scale: 0 });
  await sure('PUT /v1/assets/stars', { scale: 2 });
  const platforms = {
    shop: await caller(served, 'shop', {
      ...{ name: isPlain ? 'Shop' : '商店 Shop', assets: ['points'], programme: 'shop', ...ofShop },
    }),
    hotel: await caller(served, 'hotel', { name: 'Hotel', assets: ['stars'] }),
  };
  await sure('POST /v1/channels', {
    ...{ type: 'email', url: box.url, from: 'club@shop.example', fromName: '积分 Club' },
  });
  for (const [goods, pieces] of [
    ['tea', 100],
    ['cup', 1],
    ['markup', isPlain ? 0 : 100],
  ] as const)
    if (pieces > 0)
      await sure(`POST /v1/goods/${goods}/stock`, {
        id: `in-${goods}`,
        pieces,
        reason: 'delivery',
      });
  await sure('POST /v1/goods/ebook/codes', { codes: CODES });
  for (const member of MEMBERS) await arrive(served, sure, member);
  return {
    ...served,
    ...{ box, platforms },
    later: async (ms) => {
      for (let left = ms; left > 0; left -= 50_000) {
        served.later(Math.min(left, 50_000));
        await served.ask('POST /v1/admin/accept-clock');
      }
      await until('it works again', async () => {
        const { status } = await served.ask('GET /v1/accounts/ann');
        return status === 200;
      });
    },
    has: async (owner, asset = 'points') => {
      const { accounts } = await sure(`GET /v1/accounts/${owner}?asset=${asset}`);
      return accounts[0]?.available ?? 0;
    },
    orders: async (owner) =>
      (await sure('GET /v1/orders?programme=shop')).orders.filter(
        (one: any) => one.owner === owner,
      ),
    entries: async (owner, asset = 'points') =>
      (await sure(`GET /v1/accounts/${owner}/entries?asset=${asset}`)).entries,
  };
}

/** A member of both platforms, with what it has at the start: some of it expires soon, some later, most never. */
async function arrive(
  { server }: Shop,
  sure: (request: string, body?: unknown) => Promise<any>,
  { owner, points, stars, email }: MemberAtStart,
): Promise<void> {
  for (const platform of ['shop', 'hotel'])
    await sure(`POST /v1/platforms/${platform}/users/${platform}-${owner}`, { identity: owner });
  await sure(`PUT /v1/members/${owner}/contact`, { email, language: 'en' });
  await sure('POST /v1/events', { ...PROGRAMME, type: 'REGISTER', owner, id: `reg-${owner}` });
  const in10Days = server.engine.now() + 10 * 86_400_000;
  const legs = [
    { from: '@issue', to: owner, asset: 'points', amount: points / 10, expiresAt: in10Days },
    { from: '@issue', to: owner, asset: 'points', amount: (points * 9) / 10 },
    { from: '@issue', to: owner, asset: 'stars', amount: stars },
  ].filter(({ amount }) => amount > 0);
  if (legs.length > 0) await sure('POST /v1/transfers', { id: `start-${owner}`, legs });
}
