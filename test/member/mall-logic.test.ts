// What the screens of the mall, of gifts and exchanges, and of a member's own work out by themselves: prices and their time, cards, orders, what is told of an exchange,
// masks.

import t from 'tap';
import { PARTNER_STATUSES, PARTNER_STEPS } from '../../engine/protocol/outside.js';
import { RECEIVER_BYTES_MAX } from '../../gateway/auth/receivers.js';
import {
  deviceOf,
  isAgreed,
  isEmail,
  isPhone,
  plainPhone,
  scopesOf,
} from '../../gateway/member/page/screens/account/masks.js';
import {
  isOver,
  isOwner,
  leftToGive,
  mayGoBack,
  type Status,
  toldOf,
} from '../../gateway/member/page/screens/give/partner.js';
import { GIVE } from '../../gateway/member/page/screens/give/words.js';
import {
  changing,
  comesTo,
  countdown,
  heldMs,
  mostOf,
  shared,
} from '../../gateway/member/page/screens/mall/pricing.js';
import {
  NOBODY,
  oneLine,
  receiverProblems,
  sent,
} from '../../gateway/member/page/screens/mall/receiver.js';
import { helps, mayCancel, stageOf } from '../../gateway/member/page/screens/mall/stages.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';

t.test(
  'a quote holds as long as it says; a clock that goes wrong counts nothing down',
  async (t) => {
    const now = 1_000_000;
    t.equal(heldMs(now + 300_000, now), 300_000);
    t.equal(heldMs(now, now), undefined, 'over as it comes: the clock of the device is ahead');
    t.equal(heldMs(now - 5_000, now), undefined);
    t.equal(heldMs(now + 86_400_000, now), undefined, 'or behind');
    t.same([0, 999, 1_000, 65_000, -5].map(countdown), ['0:00', '0:01', '0:01', '1:05', '0:00']);
  },
);

t.test(
  'cards pay in their order, never more than there is to pay, and nothing twice',
  async (t) => {
    const cases = campaign({ name: 'cards', long: 10_000, sample: 250 });
    await cases.run((seed) => {
      const random = new Random(seed);
      const cards = Array.from({ length: random.int(5) }, (_, n) => ({
        card: `c${n}`,
        balance: random.int(200),
      }));
      const total = random.int(400);
      const parts = shared(cards, total);
      const sum = parts.reduce((all, { amount }) => all + amount, 0);
      const all = cards.reduce((whole, { balance }) => whole + balance, 0);
      const bad =
        sum !== Math.min(total, all) ||
        parts.some(({ card, amount }) => {
          const balance = cards.find((one) => one.card === card)?.balance ?? 0;
          return amount < 1 || amount > balance;
        }) ||
        new Set(parts.map(({ card }) => card)).size !== parts.length;
      if (bad) throw new Error(JSON.stringify({ cards, total, parts }));
    });
    t.pass('every card pays what it may');
  },
);

t.test('what an order comes to, out of its effects', async (t) => {
  const made = { type: 'orderCreated', number: 'A1', total: 90, discount: 10, cards: 40 };
  t.same(comesTo([{ type: 'x' }, made]), {
    ...{ number: 'A1', total: 90, discount: 10, cards: 40, pays: 50 },
  });
  t.equal(comesTo([{ type: 'couponUsed' }]), undefined);
  t.same(changing({ tier: 95, sale: 100, stock: 120 }), [
    ['tier', 95],
    ['stock', 120],
  ]);
  t.same([mostOf(5, 2), mostOf(undefined, undefined), mostOf(8, 0)], [2, 99, 1]);
});

t.test('how far an order is', async (t) => {
  const of = (
    state: 'held' | 'pending' | 'completed' | 'cancelled',
    shipped = 0,
    cancelled = 0,
  ) => ({
    ...{ state, quantity: 3, shipped, cancelled },
  });
  const rows = [
    [of('held'), 'held', true],
    [of('pending'), 'pending', true],
    [of('pending', 1), 'shipping', true],
    [of('pending', 3), 'shipped', false],
    [of('pending', 1, 2), 'shipped', false],
    [of('completed', 3), 'completed', false],
    [of('cancelled', 0, 3), 'cancelled', false],
  ] as const;
  for (const [order, stage, may] of rows) {
    t.equal(stageOf(order), stage);
    t.equal(mayCancel(order), may, stage);
  }
  t.ok(helps({ percent: 10, minimum: 100 }, 100));
  t.notOk(helps({ percent: 10, minimum: 100 }, 99));
  t.notOk(helps({ points: 5 }, 1_000), 'points are no discount');
  t.notOk(helps(undefined, 1_000));
});

t.test(
  'where an order goes to: what is missing, too long, or no number; and it is one line each',
  async (t) => {
    const ann = { ...NOBODY, name: 'Ann', phone: '+86 138-0000 0000', address: 'A\nB\u2028C' };
    t.same(receiverProblems(NOBODY), { name: 'missing', phone: 'missing', address: 'missing' });
    t.same(receiverProblems(ann), {});
    t.same(receiverProblems({ ...ann, phone: 'call me' }), { phone: 'phone' });
    t.same(receiverProblems({ ...ann, note: 'x'.repeat(301) }), { note: 'long' });
    const wide = '街'.repeat(300);
    t.same(
      receiverProblems({ ...ann, address: wide, note: wide }),
      { address: 'long' },
      'of bytes',
    );
    t.same(sent(ann), { name: 'Ann', phone: '+86 138-0000 0000', address: 'A B C' });
    t.equal(oneLine('  a\t\u0000b '), 'a b');
    const most = { ...ann, address: 'x'.repeat(300), note: 'y'.repeat(300) };
    t.same(receiverProblems(most), {});
    t.ok(Buffer.byteLength(JSON.stringify(sent(most))) <= RECEIVER_BYTES_MAX);
  },
);

t.test('of an exchange with a partner nothing is told that is not known', async (t) => {
  for (const status of PARTNER_STATUSES)
    for (const step of PARTNER_STEPS)
      for (const inconsistency of [undefined, 'in_1']) {
        const one = { status: status as Status, step, inconsistency };
        const told = toldOf(one);
        const ended = status === 'completed' || status === 'failed';
        t.equal(isOver(one), ended);
        t.equal(told === 'completed', status === 'completed');
        t.equal(/^failed/.test(told), status === 'failed');
        if (mayGoBack(one)) t.notOk(ended);
        for (const language of ['en', 'zh'] as const) {
          t.ok(GIVE[language][`told_${told}`]);
          t.ok(GIVE[language][`why_${told}`]);
          t.ok(GIVE[language][`step_${step}`]);
        }
      }
  t.equal(toldOf({ status: 'retrying', step: 'add_target_credits' }), 'retrying');
  t.equal(toldOf({ status: 'in_progress', step: 'rollback_source_freeze' }), 'back');
  t.notOk(mayGoBack({ status: 'in_progress', step: 'confirm_source_deduction' }));
});

t.test('whom points are given to, and what is left of a day', async (t) => {
  for (const owner of ['ann', 'A-b_c.d:1', 'x'.repeat(64)]) t.ok(isOwner(owner), owner);
  for (const owner of ['', '.', '..', '@issue', '#item:1', 'a b', '安', 'x'.repeat(65)])
    t.notOk(isOwner(owner), owner);
  t.equal(leftToGive({ points: 0, times: 0 }), undefined);
  t.equal(leftToGive({ points: 30, times: 1, mostPoints: 50, mostEach: 40 }), 20);
  t.equal(leftToGive({ points: 0, times: 1, mostPoints: 50, mostEach: 40 }), 40);
  t.equal(leftToGive({ points: 0, times: 2, mostTimes: 2 }), 0);
  t.equal(leftToGive({ points: 60, times: 0, mostPoints: 50 }), 0, 'limits were lowered meanwhile');
});

t.test('addresses as they are taken, devices told as people know them', async (t) => {
  t.ok(isEmail('a.b+c@mail.example') && !isEmail('a@b@c') && !isEmail('ann'));
  t.ok(isPhone('+86 138-1234 5678') && !isPhone('12'));
  t.equal(plainPhone('＋86 (138) 1234'), '+861381234');
  t.ok(isAgreed([], 'email', 'service'));
  t.notOk(isAgreed([], 'email', 'marketing'));
  t.notOk(isAgreed([{ type: 'email', notices: 'service', isGiven: false }], 'email', 'service'));
  const agent = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1';
  t.equal(deviceOf(agent), 'Safari, iPhone');
  t.equal(deviceOf('node'), undefined);
  t.same(scopesOf('read redeem:shop'), [
    { word: 'read', platform: undefined },
    { word: 'redeem', platform: 'shop' },
  ]);
});
