// Coupons: as tables, each row on top of the one before; codes as people type them; and the same state by a replay.

import t, { type Test as Tap } from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { OwnerReads } from '../../engine/ledger/owner-reads.js';
import { couponIn } from '../../engine/programme/coupons/wallet.js';
import {
  COUPON_LETTERS,
  couponCodeOf,
  drawnCode,
  numberedCode,
} from '../../engine/protocol/coupon-code.js';
import { CouponWorld, generated, isOk, numbered, proof } from './coupon-world.js';
import { ASSET, DAY_MS, HOUR_MS, NOON, SHOP } from './earning-world.js';

const THANKS = { codes: 'single', percent: 10, most: 500, minimum: 1_000 };

function isReplayed(t: Tap, world: CouponWorld): void {
  t.same(canonicalState(world.replayed().state), canonicalState(world.ledger.state));
}

t.test('a code, as it is typed', async (t) => {
  for (const letter of '0O1ILU') t.notOk(COUPON_LETTERS.includes(letter), letter);
  const codes = [0, 1, 999, 99_999_999].map((serial) => numberedCode('TEAX', serial, proof));
  for (const [i, code] of codes.entries()) {
    t.equal(code.length, 20);
    const read = couponCodeOf(code);
    t.same(read, { code, campaign: 'TEAX', form: 'numbered', serial: [0, 1, 999, 99_999_999][i] });
    const typed = code.toLowerCase().replace(/(.{5})(?=.)/g, '$1-');
    t.same(couponCodeOf(typed), read, typed);
  }
  const drawn = drawnCode('TEAX', 'ann order-1', proof);
  t.match(couponCodeOf(drawn), { campaign: 'TEAX', form: 'drawn' });
  let missed = 0;
  let swaps = 0;
  for (const code of [...codes, drawn])
    for (let at = 0; at < code.length; at++) {
      for (const letter of COUPON_LETTERS) {
        const other = code.slice(0, at) + letter + code.slice(at + 1);
        if (other !== code) t.equal(couponCodeOf(other), 'mistyped', `${code} as ${other}`);
      }
      const [a = '', b = ''] = [code[at], code[at + 1]];
      if (b === '' || a === b) continue;
      swaps++;
      if (couponCodeOf(code.slice(0, at) + b + a + code.slice(at + 2)) !== 'mistyped') missed++;
    }
  t.ok(missed <= swaps / 50, `${missed} of ${swaps} swaps are not seen`);
  t.equal(couponCodeOf(codes[0]?.replace(/.$/, '0')), 'mistyped', 'no code has a 0');
  t.equal(couponCodeOf(codes[0]?.slice(1)), 'malformed');
  for (const typed of ['', 'ab', 'a'.repeat(41), 'a_b_c', 'ａｂｃ', 7, null])
    t.equal(couponCodeOf(typed), 'malformed', String(typed));
  t.match(couponCodeOf('welcome-10'), { code: 'WELCOME10', form: 'shared' });
});

t.test('a coupon is issued, and used once', async (t) => {
  const world = new CouponWorld({ THNK: THANKS });
  const code = world.issue('THNK');
  t.equal(code.length, 20);
  const typed = code.toLowerCase().replace(/(.{4})/, '$1-');
  const rows: readonly [is: string, should: string][] = [
    [world.redeem(code, 'ben', { amount: 2_000 }), 'COUPON_UNAVAILABLE'],
    [world.redeem(code, 'ann', { amount: 999 }), 'COUPON_ORDER_TOO_SMALL'],
    [world.redeem(code), 'COUPON_ORDER_TOO_SMALL'],
    [world.redeem(typed, 'ann', { amount: 1_999, order: 'o-1' }, 'use'), '-199'],
    [world.redeem(typed, 'ann', { amount: 1_999, order: 'o-1' }, 'use'), '-199'],
    [world.redeem(code, 'ann', { amount: 2_000, order: 'o-2' }), 'COUPON_USED'],
    [world.redeem(code, 'ben', { amount: 2_000 }), 'COUPON_UNAVAILABLE'],
    [world.issue('THNK', 'ann', {}, 'again'), world.issue('THNK', 'ann', {}, 'again')],
    [world.redeem(world.issue('THNK'), 'ann', { amount: 90_000 }), '-500'],
    [world.issue('NONE'), 'DEFINITION_NOT_FOUND'],
    [world.redeem(`${code.slice(0, -2)}22`), 'COUPON_UNAVAILABLE'],
    [world.redeem('a_b'), 'ACT_BODY_INVALID'],
    [world.redeem('NEVERHEARD'), 'COUPON_UNAVAILABLE'],
    [world.redeem(numbered('THNK', 3), 'ann', { amount: 5_000 }), 'COUPON_UNAVAILABLE'],
  ];
  for (const [i, [is, should]] of rows.entries()) t.equal(is, should, `row ${i}`);
  t.not(world.issue('THNK', 'ann', {}, 'one'), world.issue('THNK', 'ben', {}, 'one'));
  isReplayed(t, world);
});

t.test('numbered codes are good without a record, by their proof and their number', async (t) => {
  const world = new CouponWorld({ FREE: { ...generated('FREE', 100), percent: 50 } });
  const before = world.ledger.blocks.length;
  const first = numbered('FREE', 0);
  const rows: readonly [is: string, should: string][] = [
    [world.redeem(first, 'ann', { amount: 100 }, 'a'), '-50'],
    [world.redeem(first, 'ben', { amount: 100 }), 'COUPON_UNAVAILABLE'],
    [world.redeem(first, 'ann', { amount: 100 }), 'COUPON_USED'],
    [world.redeem(numbered('FREE', 99), 'ben', { amount: 3 }), '-1'],
    [world.redeem(numbered('FREE', 100), 'ben', { amount: 3 }), 'COUPON_UNAVAILABLE'],
    [
      world.redeem(
        numberedCode('FREE', 5, () => new Uint8Array(32)),
        'ben',
      ),
      'COUPON_UNAVAILABLE',
    ],
    [world.redeem(drawnCode('FREE', 'x', proof), 'ben', { amount: 3 }), 'COUPON_UNAVAILABLE'],
    [world.back('a'), 'couponReturned'],
    [world.redeem(first, 'ben', { amount: 100 }), 'COUPON_UNAVAILABLE'],
    [world.redeem(first, 'ann', { amount: 100 }, 'a2'), '-50'],
    [world.back('a'), 'ALREADY_REVERSED'],
  ];
  for (const [i, [is, should]] of rows.entries()) t.equal(is, should, `row ${i}`);
  t.ok(before > 0);
  world.ledger.ledger.secret = () => new Uint8Array(32);
  t.equal(world.redeem(numbered('FREE', 7), 'cat'), 'SECRETS_KEY_DIFFERS', 'with another key');
  world.ledger.ledger.secret = () => undefined;
  t.equal(world.redeem(numbered('FREE', 7), 'cat'), 'SECRETS_KEY_DIFFERS', 'with none');
  t.equal(world.issue('FREE', 'cat'), 'SECRETS_KEY_DIFFERS');
  isReplayed(t, world);
});

t.test('what is issued of numbered codes', async (t) => {
  const bound = { codes: 'single', amount: 300, count: 10, keyId: generated('GFTS').keyId };
  const world = new CouponWorld({ GFTS: bound });
  const code = numbered('GFTS', 4);
  const rows: readonly [is: string, should: string][] = [
    [world.redeem(code), 'COUPON_UNAVAILABLE'],
    [world.issue('GFTS', 'ann', { code }, 'i'), code],
    [world.issue('GFTS', 'ben', { code }), 'COUPON_UNAVAILABLE'],
    [world.issue('GFTS', 'ben', { code: numbered('GFTS', 10) }), 'COUPON_UNAVAILABLE'],
    [world.issue('GFTS', 'ben', { code: numbered('FREE', 1) }), 'COUPON_UNAVAILABLE'],
    [world.redeem(code, 'ben'), 'COUPON_UNAVAILABLE'],
    [world.back('i'), 'couponWithdrawn'],
    [world.redeem(code), 'COUPON_UNAVAILABLE'],
    [world.issue('GFTS', 'ben', { code }, 'j'), code],
    [world.redeem(code, 'ben', { amount: 200 }), '-200'],
    [world.back('j', 'ben'), 'couponKept'],
  ];
  for (const [i, [is, should]] of rows.entries()) t.equal(is, should, `row ${i}`);
  isReplayed(t, world);
});

t.test('a reservation ends by itself, or is released', async (t) => {
  const world = new CouponWorld({ FREE: { ...generated('FREE'), amount: 100 }, THNK: THANKS });
  const code = numbered('FREE', 1);
  const rows: readonly [is: string, should: string][] = [
    [world.reserve(code, 'o-1'), 'ok'],
    [world.reserve(code, 'o-2'), 'COUPON_UNAVAILABLE'],
    [world.reserve(code, 'o-1', 'ben'), 'COUPON_UNAVAILABLE'],
    [world.redeem(code, 'ben', { order: 'o-1' }), 'COUPON_UNAVAILABLE'],
    [world.redeem(code, 'ann', { order: 'o-2' }), 'COUPON_UNAVAILABLE'],
    [world.release(code, 'o-2'), 'COUPON_NOT_RESERVED'],
    [world.release(code, 'o-1'), 'ok'],
    [world.release(code, 'o-1'), 'COUPON_UNAVAILABLE'],
    [world.reserve(code, 'o-1', 'ben', { forMs: HOUR_MS }), 'ok'],
    [world.reserve(code, 'o-3'), 'COUPON_UNAVAILABLE'],
  ];
  for (const [i, [is, should]] of rows.entries()) t.equal(is, should, `row ${i}`);
  const start = world.time;
  world.time = start + HOUR_MS - 1;
  t.equal(world.reserve(code, 'o-3'), 'COUPON_UNAVAILABLE');
  t.equal(world.reserve(code, 'o-1', 'ben', { forMs: HOUR_MS }), 'ok', 'for longer');
  world.time = start + 2 * HOUR_MS - 2;
  t.equal(world.reserve(code, 'o-3'), 'COUPON_UNAVAILABLE');
  world.time = start + 2 * HOUR_MS - 1;
  t.equal(world.reserve(code, 'o-3'), 'ok', 'it is over');
  t.equal(world.redeem(code, 'ben', { order: 'o-1' }), 'COUPON_UNAVAILABLE');
  t.equal(world.release(code, 'o-1', 'ben'), 'COUPON_NOT_RESERVED');
  t.equal(world.redeem(code, 'ann', { order: 'o-3' }), '-100');
  t.equal(world.reserve(code, 'o-4'), 'COUPON_USED');
  // One that is the member's is reserved on the member's shard alone.
  const own = world.issue('THNK');
  t.equal(world.reserve(own, 'o-5', 'ann', { amount: 1_000 }), 'ok');
  t.equal(world.redeem(own, 'ann', { order: 'o-6', amount: 1_000 }), 'COUPON_UNAVAILABLE');
  world.time += DAY_MS;
  t.equal(world.redeem(own, 'ann', { order: 'o-6', amount: 1_000 }), '-100');
  isReplayed(t, world);
});

t.test('a shared code, within limits', async (t) => {
  const world = new CouponWorld({
    WELCOME10: {
      codes: 'shared',
      percent: 10,
      limit: 2,
      span: 'day',
      audience: 'member.earned < 1000',
    },
    FIRST100: { codes: 'shared', points: 7, uses: '#budget:first', usesAsset: ASSET },
  });
  const rows: readonly [is: string, should: string][] = [
    [world.redeem('welcome10', 'ann', { amount: 50 }, 'w1'), '-5'],
    [world.redeem('WELCOME-10', 'ann', { amount: 50 }), '-5'],
    [world.redeem('WELCOME10', 'ann', { amount: 50 }), 'COUPON_LIMIT'],
    [world.redeem('WELCOME10', 'ben', { amount: 50 }), '-5'],
    [world.back('w1'), 'couponReturned'],
    [world.redeem('WELCOME10', 'ann', { amount: 50 }), '-5'],
    [world.redeem('WELCOME10', 'ann', { amount: 50 }), 'COUPON_LIMIT'],
    [world.issue('WELCOME10'), 'COUPON_NOT_ISSUED'],
    [world.redeem('FIRST100', 'ann'), 'BUDGET_EXHAUSTED'],
  ];
  for (const [i, [is, should]] of rows.entries()) t.equal(is, should, `row ${i}`);
  world.fund('#budget:first', 2);
  t.equal(world.redeem('FIRST100', 'ann', {}, 'f1'), '+7');
  t.equal(world.redeem('FIRST100', 'ben'), '+7');
  t.equal(world.redeem('FIRST100', 'cat'), 'BUDGET_EXHAUSTED');
  t.equal(world.available('ann'), 7);
  t.equal(world.back('f1'), 'couponReturned');
  t.equal(world.available('ann'), 0);
  t.equal(world.redeem('FIRST100', 'cat'), '+7', 'what was given back is another one’s');
  world.time += DAY_MS;
  t.equal(world.redeem('WELCOME10', 'ann', { amount: 50 }), '-5', 'another day');
  isReplayed(t, world);
});

t.test('validity', async (t) => {
  const world = new CouponWorld({
    SOON: { codes: 'shared', amount: 1, from: NOON + 10 * DAY_MS, to: NOON + 11 * DAY_MS },
    DAYS: { codes: 'single', amount: 1, days: 3 },
  });
  const code = world.issue('DAYS');
  const other = world.issue('DAYS');
  t.equal(world.redeem('SOON'), 'OFFER_NOT_OPEN');
  world.time += 3 * DAY_MS - 1;
  t.equal(world.redeem(code), '-1');
  world.time += 1;
  t.equal(world.redeem(other), 'COUPON_EXPIRED');
  world.time = NOON + 10 * DAY_MS;
  t.equal(world.redeem('SOON'), '-1');
  world.time = NOON + 11 * DAY_MS;
  t.equal(world.redeem('SOON'), 'COUPON_EXPIRED');
  // What was used is shown for a while, and then forgotten; the code still says whose it is.
  world.time = NOON + 500 * DAY_MS;
  world.ledger.tick(world.time);
  const see = new OwnerReads(world.ledger.ledger, 'ann');
  t.equal(couponIn(see, code), undefined);
  t.equal(world.redeem(code), 'COUPON_UNAVAILABLE');
  isReplayed(t, world);
});

t.test('an order gives back the coupons that it used, once', async (t) => {
  const world = new CouponWorld({
    FREE: { ...generated('FREE'), amount: 100, limit: 1 },
    KEEP: { ...generated('KEEP'), amount: 100, returns: false },
    ALL: { codes: 'shared', amount: 5 },
  });
  const [flyer, kept] = [numbered('FREE', 1), numbered('KEEP', 1)];
  const order = { order: 'order-1', amount: 1_000 };
  t.equal(world.redeem(flyer, 'ann', order, 'r1'), '-100');
  t.equal(world.redeem(kept, 'ann', order, 'r2'), '-100');
  t.equal(world.redeem('ALL', 'ann', order, 'r3'), '-5');
  t.equal(isOk(world.event('CONSUME', { amount: 900 }, {}, 'ann', 'order-1')), 'ok');
  t.match(world.return('order-1', { amount: 300 }), /back/);
  t.equal(world.redeem(flyer), 'COUPON_USED', 'of a part nothing comes back');
  t.match(world.return('order-1'), /couponReturned/);
  t.equal(world.back('r1'), '', 'it came back with its order');
  t.equal(world.back('r2'), 'couponKept');
  t.equal(world.redeem(kept), 'COUPON_USED');
  t.equal(world.redeem(flyer, 'ben'), 'COUPON_UNAVAILABLE', 'it is the one’s who had used it');
  t.equal(world.redeem(flyer, 'ann', { order: 'order-2' }), '-100', 'and counts anew');
  // The other way round: what came back by itself does not come back with its order.
  t.equal(world.redeem('ALL', 'ann', { order: 'order-3' }, 'r5'), '-5');
  t.equal(world.back('r5'), 'couponReturned');
  t.equal(isOk(world.event('CONSUME', { amount: 10 }, {}, 'ann', 'order-3')), 'ok');
  t.notMatch(world.reverse('order-3'), /couponReturned/);
  for (let n = 0; n < 4; n++) t.equal(world.redeem('ALL', 'ann', { order: 'order-4' }), '-5');
  t.equal(world.redeem('ALL', 'ann', { order: 'order-4' }), 'COUPON_LIMIT', 'an order takes four');
  isReplayed(t, world);
});

t.test('rules and tasks issue coupons', async (t) => {
  const world = new CouponWorld({ THNK: THANKS });
  world.define('rule', 'shop.THANKS', {
    ...{ programme: SHOP, event: 'CONSUME', coupon: 'THNK', when: 'event.amount >= 500' },
    ...{ limitTimes: 1 },
  });
  const said = world.event('CONSUME', { amount: 600 }, {}, 'ann', 'order-1');
  const issued = (outcome: typeof said) =>
    outcome.ok ? (outcome.act?.effects ?? []).filter(({ type }) => type === 'couponIssued') : [];
  const [one, ...more] = issued(said);
  t.match(one, { coupon: 'THNK', rule: 'shop.THANKS' });
  t.same(more, []);
  t.same(issued(world.event('CONSUME', { amount: 600 })), [], 'once a day');
  t.match(said.ok && said.act?.why, { issued: [['shop.THANKS', 1, 'THNK']] });
  const code = String(one?.['code']);
  t.match(world.return('order-1'), /couponWithdrawn/);
  t.equal(world.redeem(code, 'ann', { amount: 5_000 }), 'COUPON_UNAVAILABLE');
  const again = issued(world.event('CONSUME', { amount: 600 }, {}, 'ann', 'order-2'));
  t.equal(again.length, 1, 'the limit counts anew');
  t.equal(world.redeem(String(again[0]?.['code']), 'ann', { amount: 5_000 }), '-500');
  t.match(world.return('order-2'), /couponKept/, 'what is used stays used');
  isReplayed(t, world);
});
