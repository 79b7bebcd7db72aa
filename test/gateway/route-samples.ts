// What each route is asked of another platform's, for the access table. Owns: one request a route, one body an act. Never touches: what comes of it.

export const LEG = { from: '@issue', to: 'ann', asset: 'gold', amount: 1 };
export const LOT = Date.UTC(2090, 0, 1);
export const HELD = { owner: 'ann', asset: 'gold', amount: 1 };
/** What another platform's points are named by: path parts, query, body. */
export type Sample = readonly [request: string, body?: unknown];
export const OTHERS: Readonly<Record<string, Sample>> = {
  'POST /v1/accounts/{owner}/assets/{asset}/credit-limit': [
    'POST /v1/accounts/ann/assets/gold/credit-limit',
    { creditLimit: 5 },
  ],
  'POST /v1/accounts/{owner}/assets/{asset}/extend-lots': [
    'POST /v1/accounts/ann/assets/gold/extend-lots',
    { lotExpiresAt: LOT, expiresAt: null },
  ],
  'POST /v1/transfers': ['POST /v1/transfers', { legs: [LEG] }],
  'GET /v1/accounts/{owner}/transfers/{id}': ['GET /v1/accounts/ann/transfers/EARN'],
  'POST /v1/accounts/{owner}/transfers/{id}/reverse': [
    'POST /v1/accounts/ann/transfers/EARN/reverse',
    {},
  ],
  'POST /v1/accounts/{owner}/transfers/{id}/confirm': [
    'POST /v1/accounts/ann/transfers/PENDING/confirm',
    {},
  ],
  'GET /v1/receipts/{owner}': ['GET /v1/receipts/ann?asset=gold'],
  'GET /v1/receipts/{owner}/{id}': ['GET /v1/receipts/ann/EARN'],
  'POST /v1/holds': ['POST /v1/holds', HELD],
  'GET /v1/accounts/{owner}/holds/{id}': ['GET /v1/accounts/ann/holds/HOLD'],
  'POST /v1/accounts/{owner}/holds/{id}/capture': [
    'POST /v1/accounts/ann/holds/HOLD/capture',
    { to: '@redeem' },
  ],
  'POST /v1/accounts/{owner}/holds/{id}/release': ['POST /v1/accounts/ann/holds/HOLD/release', {}],
  'GET /v1/accounts/{owner}': ['GET /v1/accounts/ann?asset=gold'],
  'GET /v1/accounts/{owner}/entries': ['GET /v1/accounts/ann/entries?asset=gold'],
  'POST /v1/balances': ['POST /v1/balances', { owners: ['ann'], asset: 'gold' }],
  'GET /api/points/balance': ['GET /api/points/balance?user_id=ann&asset=gold'],
  'GET /api/points/history': ['GET /api/points/history?user_id=ann&asset=gold'],
  'POST /api/points/add': ['POST /api/points/add', { user_id: 'ann', amount: 1, asset: 'gold' }],
  'POST /api/points/redeem': [
    'POST /api/points/redeem',
    { user_id: 'ann', amount: 1, reward_id: 'r', asset: 'gold' },
  ],
  ...Object.fromEntries(
    ['GET contact', 'PUT contact', 'DELETE contact', 'PUT consents', 'GET notices'].map((asked) => {
      const [verb = '', what = ''] = asked.split(' ');
      const request = `${verb} /v1/members/ann/${what}?platform=shop`;
      const sample: Sample = verb === 'PUT' ? [request, {}] : [request];
      return [`${verb} /v1/members/{owner}/${what}`, sample];
    }),
  ),
  ...Object.fromEntries(
    [
      ...['POST invitations', 'POST sign-in-tickets', 'GET sign-in', 'POST sign-in/close'],
      ...['GET sessions', 'DELETE sessions/{session}', 'POST password', 'POST links'],
      ...['GET applications', 'DELETE applications/{client}', 'GET second-factor'],
      ...['POST second-factor', 'POST second-factor/confirm', 'POST second-factor/proof'],
      ...['POST second-factor/recovery-codes', 'POST second-factor/remove'],
    ].map((asked) => {
      const [verb = '', what = ''] = asked.split(' ');
      const request = `${verb} /v1/members/ann/${what.replace(/\{.*/, '0123456789abcdef01234567')}`;
      const sample: Sample =
        verb === 'POST' && !what.endsWith('tickets') ? [request, {}] : [request];
      return [`${verb} /v1/members/{owner}/${what}`, sample];
    }),
  ),
  'POST /v1/webhooks': ['POST /v1/webhooks', { url: 'https://shop.example/', platform: 'shop' }],
  'POST /api/points/transfer': [
    'POST /api/points/transfer',
    { from_user_id: 'ann', to_user_id: 'bob', amount: 1, asset: 'gold' },
  ],
};
/** A webhook of somebody else is none: what one is told is in webhooks.test.ts. */
export const OF_WEBHOOKS = /\/v1\/webhooks\/\{webhook\}/;
/** What is nobody's in particular, or shows each platform its own part. */
export const SHARED = [
  'GET /v1/assets',
  'GET /v1/assets/{asset}',
  'GET /v1/users/{owner}',
  'GET /v1/accounts/{owner}/holds',
  'GET /v1/members/{owner}/programmes',
  'GET /v1/members/{owner}/sharing',
  'GET /v1/members/{owner}/anonymous-id',
  'GET /v1/webhooks',
  'GET /v1/systems/{system}/users/{user}',
  'GET /v1/exchange-rates/{from}',
  'GET /v1/members/{owner}/partner-exchanges',
  'GET /v1/exchange-rates/{from}/{to}',
  'GET /v1/pending-exchanges',
];

/** Shows nothing by itself; what is seen with it: stream-access.test.ts. */
export const TICKETS = 'POST /v1/stream/tickets';

/** Its outcomes are of its commands: packed.test.ts. */
export const PACKED = 'POST /v1/commands';

const IN_CLUB = { programme: 'club' };
const CODE = 'ABCDEF';
const ORDER = '0123456789ABCDEF';
const DISPUTE = 'c000001-0123456789abcdef0123';
const PAIR = { from: 'gold', to: 'tin', amount: 1 };
/** Whose points an act moves is known by its definition, which is not there: acts.test.ts, programme.test.ts. */
export const ACTS: Readonly<Record<string, object>> = {
  adjust: { correction: 'x', give: 1, reason: 'r', operator: 'o' },
  claim: { offer: 'x' },
  'correct-event': {
    ...{ event: 'x', correction: 'x', within: 'x', side: 'up', as: 'x' },
    right: { paid: [], counted: [], period: null },
  },
  draw: { lottery: 'none' },
  'draw-word': { lottery: 'none', word: 'w' },
  event: { ...IN_CLUB, type: 'BUY' },
  'coupon-issue': { coupon: 'THNK' },
  'coupon-redeem': { code: 'WELCOME10' },
  'coupon-release': { code: 'WELCOME10', order: 'x' },
  'coupon-reserve': { code: 'WELCOME10', order: 'x' },
  'erase-member': {},
  exchange: PAIR,
  'exchange-quote': PAIR,
  'exchange-return': { exchange: 'x' },
  'exchange-submit': PAIR,
  'exchange-withdraw': { submission: 'x' },
  'goods-wait': { goods: 'x' },
  gift: { ...IN_CLUB, to: 'bob', amount: 1 },
  'grant-tier': { ...IN_CLUB, tier: 'x' },
  merge: { into: 'ann', reason: 'x' },
  order: { goods: 'x' },
  'order-cancel': { number: ORDER },
  'order-complete': { number: ORDER },
  'order-confirm': { number: ORDER },
  'order-quote': { goods: 'x' },
  'order-ship': { number: ORDER },
  'partner-exchange': PAIR,
  'partner-exchange-approve': { exchange: 'x' },
  'partner-exchange-cancel': { exchange: 'x' },
  refer: { ...IN_CLUB, code: CODE, by: 'bob', since: 1, until: 2 },
  'referral-code': { ...IN_CLUB, code: CODE },
  'return-event': { event: 'x' },
  'risk-lift': { mark: 'x', reason: 'x' },
  'risk-mark': { mark: 'x', reason: 'X', action: 'mark' },
  'set-profile': { ...IN_CLUB, profile: {} },
  unmerge: { reason: 'x' },
};
/** Likewise (referrals.test.ts): what is found is nothing. Of another user, who may be reported so often in a minute. */
export const OF_PROGRAMMES: Readonly<Record<string, Sample>> = {
  'POST /v1/events': ['POST /v1/events', { ...IN_CLUB, owner: 'cat', type: 'BUY' }],
  'POST /v1/events/{event}/returns': ['POST /v1/events/EARN/returns', { owner: 'cat' }],
  'POST /v1/exchanges': ['POST /v1/exchanges', { owner: 'cat', ...PAIR }],
  'POST /v1/exchange-submissions': ['POST /v1/exchange-submissions', { owner: 'cat', ...PAIR }],
  'POST /v1/exchange-submissions/{submission}/withdraw': [
    'POST /v1/exchange-submissions/EARN/withdraw',
    { owner: 'cat' },
  ],
  'GET /v1/accounts/{owner}/exchange-submissions/{submission}': [
    'GET /v1/accounts/cat/exchange-submissions/EARN',
  ],
  'POST /v1/partner-exchanges': ['POST /v1/partner-exchanges', { owner: 'cat', ...PAIR }],
  ...Object.fromEntries(
    ['approve', 'cancel'].map((what) => [
      `POST /v1/partner-exchanges/{exchange}/${what}`,
      [`POST /v1/partner-exchanges/px_x/${what}`, { owner: 'cat' }] as const,
    ]),
  ),
  'GET /v1/partner-exchanges/{exchange}': ['GET /v1/partner-exchanges/px_x'],
  'POST /v1/exchange-quotes': ['POST /v1/exchange-quotes', { owner: 'cat', ...PAIR }],
  'POST /v1/exchanges/{exchange}/returns': ['POST /v1/exchanges/EARN/returns', { owner: 'cat' }],
  'POST /v1/clearing/{coalition}/disputes': [
    'POST /v1/clearing/none/disputes',
    { owner: 'cat', exchange: 'EARN', reason: 'x' },
  ],
  'GET /v1/clearing/{coalition}/disputes': ['GET /v1/clearing/none/disputes'],
  'GET /v1/clearing/{coalition}/disputes/{dispute}': [`GET /v1/clearing/none/disputes/${DISPUTE}`],
  ...Object.fromEntries(
    [
      ['answer', { answer: 'x' }],
      ['withdraw', { reason: 'x' }],
    ].map(([what, body]) => [
      `POST /v1/clearing/{coalition}/disputes/{dispute}/${what}`,
      [`POST /v1/clearing/none/disputes/${DISPUTE}/${what}`, body] as const,
    ]),
  ),
  'GET /v1/goods': ['GET /v1/goods?programme=club'],
  'GET /v1/goods/{goods}': ['GET /v1/goods/none'],
  'POST /v1/goods/{goods}/waiting': ['POST /v1/goods/none/waiting', { owner: 'cat' }],
  'GET /v1/members/{owner}/recommendations': ['GET /v1/members/cat/recommendations?programme=club'],
  'GET /v1/members/{owner}/options': ['GET /v1/members/cat/options?programme=club'],
  'GET /v1/leaderboards/{board}': ['GET /v1/leaderboards/top'],
  'GET /v1/leaderboards/{board}/members/{owner}': ['GET /v1/leaderboards/top/members/cat'],
  'POST /v1/lotteries/{lottery}/draws': ['POST /v1/lotteries/none/draws', { owner: 'cat' }],
  'POST /v1/lotteries/{lottery}/words': [
    'POST /v1/lotteries/none/words',
    { owner: 'cat', word: 'w' },
  ],
  'GET /v1/members/{owner}/draws': ['GET /v1/members/cat/draws?lottery=none'],
  'GET /v1/members/{owner}/draws/{draw}': ['GET /v1/members/cat/draws/EARN'],
  'GET /v1/members/{owner}': ['GET /v1/members/cat?programme=club'],
  'GET /v1/reviews/{review}': ['GET /v1/reviews/0123456789abcdef01234567'],
  'GET /v1/members/{owner}/risks': ['GET /v1/members/cat/risks'],
  'PUT /v1/members/{owner}/risks/{mark}': [
    'PUT /v1/members/cat/risks/x',
    { reason: 'X', action: 'mark' },
  ],
  'DELETE /v1/members/{owner}/risks/{mark}': ['DELETE /v1/members/cat/risks/x?reason=x'],
  'POST /v1/members/{owner}/erasure': ['POST /v1/members/cat-gone/erasure', {}],
  'GET /v1/members/{owner}/erasure': ['GET /v1/members/cat/erasure'],
  'POST /v1/members/{owner}/erasure-request': ['POST /v1/members/cat/erasure-request', {}],
  'DELETE /v1/members/{owner}/erasure-request': ['DELETE /v1/members/cat/erasure-request'],
  'GET /v1/erasures': ['GET /v1/erasures'],
  'GET /v1/vault': ['GET /v1/vault'],
  'POST /v1/vault/rotate': ['POST /v1/vault/rotate', {}],
  'POST /v1/vault/copy': ['POST /v1/vault/copy', { to: '' }],
  'POST /v1/vault/reseal': ['POST /v1/vault/reseal', {}],
  'GET /v1/members/{owner}/merge': ['GET /v1/members/cat/merge'],
  'POST /v1/members/{owner}/merge': ['POST /v1/members/cat/merge', { into: 'cat', reason: 'x' }],
  'POST /v1/members/{owner}/unmerge': ['POST /v1/members/cat/unmerge', { reason: 'x' }],
  'GET /v1/referral-codes/{code}': [`GET /v1/referral-codes/${CODE}?programme=club`],
  'POST /v1/orders': ['POST /v1/orders', { owner: 'cat', goods: 'x' }],
  'GET /v1/orders': ['GET /v1/orders?programme=club'],
  'POST /v1/quotes': ['POST /v1/quotes', { owner: 'cat', goods: 'x' }],
  'GET /v1/orders/{number}': [`GET /v1/orders/${ORDER}?owner=cat`],
  ...Object.fromEntries(
    ['ship', 'complete', 'cancel', 'confirm'].map((what) => [
      `POST /v1/orders/{number}/${what}`,
      [`POST /v1/orders/${ORDER}/${what}`, { owner: 'cat' }] as const,
    ]),
  ),
  'POST /v1/cards/look-up': ['POST /v1/cards/look-up', { code: 'ABCD-EFGH-JKMN-PQRS' }],
  'GET /v1/cards/{card}': [`GET /v1/cards/${'A'.repeat(22)}`],
  'GET /v1/members/{owner}/coupons': ['GET /v1/members/cat/coupons?programme=club'],
  'GET /v1/members/{owner}/events/{event}': ['GET /v1/members/cat/events/EARN'],
  'GET /v1/members/{owner}/events/{event}/why': ['GET /v1/members/cat/events/EARN/why'],
  'PUT /v1/members/{owner}/profile': ['PUT /v1/members/cat/profile', { ...IN_CLUB, profile: {} }],
  'PUT /v1/members/{owner}/tier': ['PUT /v1/members/cat/tier', { ...IN_CLUB, tier: 'x' }],
  'DELETE /v1/members/{owner}/tier': ['DELETE /v1/members/cat/tier?programme=club'],
};
