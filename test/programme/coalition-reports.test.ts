// Public bug reports of other products that exchange, net, dispute and sign, tried on this one: a row each.

import t from 'tap';
import { type Debt, positionsOf, settlementsOf } from '../../engine/programme/coalition/netting.js';
import { makeKey, OKP, signBytes, verifyBytes } from '../../gateway/clearing/signed-bytes.js';
import { CoalitionWorld } from './coalition-world.js';
import { Court, LINES } from './dispute-world.js';

const rate = (value: string) => ({ coalition: 'main', rate: value });
type Row = readonly [report: string, is: unknown, expected: unknown];

/** A world with a rate of gamma for alpha, both of whole points. */
function rated(value: string, back?: string): CoalitionWorld {
  const world = new CoalitionWorld([
    ['exchange-rate', 'alpha.gamma', rate(value)],
    ...(back === undefined ? [] : [['exchange-rate', 'gamma.alpha', rate(back)] as const]),
  ]);
  world.give('ann', 1_000_000);
  return world;
}
const to = (world: CoalitionWorld, amount: number, more: object = {}) =>
  world.exchange({ to: 'gamma', amount, ...more });

const debt = (debtor: string, creditor: string, value: number): Debt => ({
  ...{ debtor, creditor, asset: creditor, amount: value, value: BigInt(value) },
});
const paid = (debts: readonly Debt[]) =>
  settlementsOf(positionsOf(debts)).map((one) => `${one.from} pays ${one.to} ${one.value}`);

t.test('exchanges', async (t) => {
  const both = rated('0.99998', '0.99999');
  const there = rated('14.83467', '0.067409');
  const once = rated('0.5');
  const rows: readonly Row[] = [
    ['betca-tpv#263: 1.640000000001', to(rated('1.64', '0.6'), 100), '100 alpha - 0 = 164 gamma'],
    [
      'BeamMW/beam#1035: a rate of many digits is rounded',
      to(rated('1.999999856', '0.5'), 1_000_000),
      '1000000 alpha - 0 = 1999999 gamma',
    ],
    [
      'ingadhoc/account-financial-tools#36: 1,000 at 3.4 is 3,399.99',
      to(rated('3.4', '0.2'), 1_000),
      '1000 alpha - 0 = 3400 gamma',
    ],
    [
      'sierra-research/tau2-bench#438: rounded up, and said to be rounded down',
      to(rated('0.1'), 14_999),
      '14999 alpha - 0 = 1499 gamma',
    ],
    [
      'lineofflight/frankfurter#321, #343: rates both ways are below 1',
      [to(both, 100_000), both.exchange({ from: 'gamma', to: 'alpha', amount: 99_998 })],
      ['100000 alpha - 0 = 99998 gamma', '99998 gamma - 0 = 99997 alpha'],
    ],
    [
      'moneyphp/money#189, #323, #549: to and fro is not what it was',
      [to(there, 100), there.exchange({ from: 'gamma', to: 'alpha', amount: 1_483 })],
      ['100 alpha - 0 = 1483 gamma', '1483 gamma - 0 = 99 alpha'],
    ],
    [
      'varunsrin/rusty_money#51, RubyMoney/money#211: no rate back, where one way is said',
      [to(once, 2), once.exchange({ from: 'gamma', to: 'alpha', amount: 1 })],
      ['2 alpha - 0 = 1 gamma', '1 gamma - 0 = 1 alpha'],
    ],
    [
      'magento/merchdocs#1741: both directions must be said',
      to(rated('2'), 7),
      'EXCHANGE_RATE_GAINS',
    ],
    [
      'ChrisASearles/CompLinks#258, robgpeak/CompLinks-xclub#217: a transfer that was sent again counts twice',
      [1, 2]
        .map(() => once.exchange({ to: 'gamma', amount: 10 }, 'ann', 'again'))
        .concat(`${once.has('ann', 'gamma')}`),
      ['10 alpha - 0 = 5 gamma', '10 alpha - 0 = 5 gamma', '5'],
    ],
  ];
  for (const [report, is, expected] of rows) t.same(is, expected, report);
});

t.test('netting and disputes', async (t) => {
  const court = new Court();
  const opened = court.opens({}, 'one');
  const again = court.opens({ dispute: 'e' });
  const tooMuch = court.opens({ dispute: 'e', lines: [{ ...LINES[0], owed: 5, disputed: 6 }] });
  const agreed = court.answers({ agrees: true }, 'two');
  const retried = [court.opens({}, 'one'), court.opens({ dispute: 'g' }), court.clears];
  const withdrawn = new Court();
  withdrawn.opens();
  withdrawn.ends('withdrawn', { party: 'a' });
  const rows: readonly Row[] = [
    [
      'olegabu/synswap-issues#30: a circle of debts is paid',
      paid([debt('a', 'b', 5), debt('b', 'c', 5), debt('c', 'a', 5)]),
      [],
    ],
    ['mojaloop/project#936: a window without an amount is not settled', paid([]), []],
    [
      'olegabu/synswap-issues#37: what was paid between two is asked for again',
      paid([debt('b', 'a', 15), debt('c', 'b', 70)]),
      ['c pays b 55', 'c pays a 15'],
    ],
    [
      'own-pay/OwnPay#181: several disputes of one payment',
      [opened, again],
      ['disputeOpened open', 'DISPUTE_LINE_TAKEN'],
    ],
    [
      'polarsource/polar#8344: a dispute gives back more than was paid',
      tooMuch,
      'ACT_BODY_INVALID',
    ],
    [
      'juspay/hyperswitch-control-center#215: who agrees has to pay by another call',
      [agreed, court.clears],
      ['disputeSettled settled', '400 -400 -90 90'],
    ],
    [
      'haveno-dex/haveno#1412, bacen/pix-perguntas-e-respostas#138: a closed one is opened again',
      retried,
      ['disputeOpened open', 'DISPUTE_LINE_TAKEN', '400 -400 -90 90'],
    ],
    [
      'bacen/pix-perguntas-e-respostas#138: what was cancelled may be disputed',
      withdrawn.opens({ dispute: 'h' }),
      'disputeOpened open',
    ],
  ];
  for (const [report, is, expected] of rows) t.same(is, expected, report);
});

t.test('signatures', async (t) => {
  const [old, next] = [await makeKey(), await makeKey()];
  const shown = ({ kid, x }: typeof old) => ({ ...OKP, kid, x });
  const keys = { keys: [shown(next), shown(old)] };
  const of = { coalition: 'main', cycle: 1, cty: 'application/json' };
  const json = Buffer.from('{"b":"\\u00e9 é 점수","a":1.0}');
  const jws = await signBytes(json, of, old);
  const anew = Buffer.from(JSON.stringify(JSON.parse(String(json))));
  const odd = Buffer.from([0xff, 0, 0x80, 0x2e, 0x0a]);
  const rows: readonly Row[] = [
    [
      'mojaloop/project#4447, brianloveswords/python-jws#2, #3: JSON that was written anew',
      typeof (await verifyBytes(anew, jws, keys)),
      'string',
    ],
    [
      'lestrrat-go/jwx#681: one’s own detached signature',
      await verifyBytes(json, jws, keys),
      { ...of, kid: old.kid },
    ],
    [
      'panva/jose#57: bytes that are no UTF-8',
      await verifyBytes(odd, await signBytes(odd, of, next), keys),
      { ...of, kid: next.kid },
    ],
    [
      'cdbattags/lua-resty-jwt#63: a payload that is no JSON',
      await verifyBytes(
        Buffer.from('a,b\r\n'),
        await signBytes(Buffer.from('a,b\r\n'), of, next),
        keys,
      ),
      { ...of, kid: next.kid },
    ],
    [
      'pomerium/pomerium#1721, simpleidserver/SimpleIdServer#129: what an older key has signed',
      await verifyBytes(json, jws, { keys: [shown(next), shown(old)] }),
      { ...of, kid: old.kid },
    ],
    [
      'oidcproxydotnet/OidcProxy.Net#242: keys from before the rotation say which one is lacking',
      await verifyBytes(json, await signBytes(json, of, next), { keys: [shown(old)] }),
      `the key ${next.kid} is not among the keys`,
    ],
  ];
  for (const [report, is, expected] of rows) t.same(is, expected, report);
});
