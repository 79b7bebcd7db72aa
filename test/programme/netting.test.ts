// Netting: drawn debts sum to zero, equal the bilateral ones, and are settled; and what exchanges leave at the clearing owners is what was exchanged.

import t from 'tap';
import {
  type Cleared,
  type ClearedAsset,
  debtsOf,
  positionsOf,
  settlementsOf,
  VALUE_DIGITS,
} from '../../engine/programme/coalition/netting.js';
import { worthOf } from '../../engine/programme/coalition/value.js';
import { fractionOf, tenTo, times } from '../../engine/protocol/decimal.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { CoalitionWorld, MAIN, SCALES, SIDES } from './coalition-world.js';

const UNIT = 10n ** BigInt(VALUE_DIGITS);

t.test('drawn cycles sum to zero and equal the bilateral debts', async () => {
  const cases = campaign({ name: 'netting', long: 20_000, sample: 500 });
  await cases.run((seed) => {
    const random = new Random(seed);
    const platforms = Array.from({ length: 2 + random.int(7) }, (_, n) => `p${n}`);
    const worths = new Map<string, number>();
    const assets = new Map<string, ClearedAsset>();
    for (const platform of platforms)
      for (let n = 0; n <= random.int(2); n++) {
        const thousandths = 1 + random.int(5_000);
        const worth = `${Math.floor(thousandths / 1_000)}.${String(thousandths % 1_000).padStart(3, '0')}`;
        worths.set(`${platform}_${n}`, thousandths);
        assets.set(`${platform}_${n}`, { platform, worth: fractionOf(worth) });
      }
    const cleared: Cleared[] = [];
    // What each is owed less what it owes, in thousandths: with the test's own arithmetic, pair by pair.
    const bilateral = new Map(platforms.map((one) => [one, new Map<string, bigint>()]));
    const owe = (debtor: string, creditor: string, amount: bigint): void => {
      const of = bilateral.get(debtor) as Map<string, bigint>;
      of.set(creditor, (of.get(creditor) ?? 0n) + amount);
    };
    for (const platform of platforms)
      for (const [asset, { platform: issuer }] of assets) {
        if (random.chance(0.4)) continue;
        const balance = random.int(2_000_000) - 1_500_000;
        cleared.push({ platform, asset, balance });
        if (issuer === platform) continue;
        const value = BigInt(Math.abs(balance)) * BigInt(worths.get(asset) as number);
        if (balance < 0) owe(platform, issuer, value);
        else owe(issuer, platform, value);
      }
    const debts = debtsOf(cleared, assets);
    const positions = positionsOf(debts);
    const sum = positions.reduce((total, { net }) => total + net, 0n);
    if (sum !== 0n) throw new Error(`they sum to ${sum}`);
    for (const { platform, net, owed, owes } of positions) {
      let is = 0n;
      for (const other of platforms) {
        is += bilateral.get(other)?.get(platform) ?? 0n;
        is -= bilateral.get(platform)?.get(other) ?? 0n;
      }
      if (net * 1_000n !== is * UNIT || owed - owes !== net)
        throw new Error(`${platform} is at ${net}, not ${is} thousandths`);
    }
    const settlements = settlementsOf(positions);
    const left = new Map(positions.map(({ platform, net }) => [platform, net]));
    for (const { from, to, value } of settlements) {
      if (value <= 0n) throw new Error('nothing is settled');
      left.set(from, (left.get(from) as bigint) + value);
      left.set(to, (left.get(to) as bigint) - value);
    }
    if ([...left.values()].some((one) => one !== 0n)) throw new Error('something is left');
    const payers = new Set(settlements.map(({ from }) => from));
    if (settlements.some(({ to }) => payers.has(to))) throw new Error('who pays is paid');
    if (settlements.length > Math.max(0, positions.length - 1)) throw new Error('too many');
  });
});

t.test('what exchanges leave at the clearing owners is what was exchanged', async (t) => {
  const random = new Random(7);
  const world = new CoalitionWorld([
    ['exchanging', 'beta', { ...SIDES.beta, reserve: 'pool', feeRate: '0.02' }],
  ]);
  world.give('#reserve:b', 100_000_000, 'beta');
  const members = ['ann', 'bob', 'cat'];
  for (const one of members)
    for (const asset of Object.keys(SCALES)) world.give(one, 1_000_000, asset);
  const given = new Map<string, number>();
  const made: string[] = [];
  for (let n = 0; n < 200; n++) {
    const owner = random.pick(members);
    if (made.length > 0 && random.chance(0.2)) {
      const at = random.int(made.length);
      const [id = '', of = '', pair = ''] = (made[at] as string).split(' ');
      const back = /^(\d+) /.exec(world.goesBack(id, undefined, of));
      if (back === null) throw new Error('it is not given back');
      given.set(pair, (given.get(pair) as number) - Number(back[1]));
      made.splice(at, 1);
      continue;
    }
    const [from, to] = random.pick([
      ['alpha', 'beta'],
      ['beta', 'gamma'],
      ['gamma', 'alpha'],
      ['beta', 'alpha'],
    ] as const);
    const id = `n${n}`;
    const told = world.exchange({ from, to, amount: 200 + random.int(500) }, owner, id);
    const result = /= (\d+) /.exec(told);
    if (result === null) throw new Error(told);
    const pair = `${SIDES[from].platform}>${to}`;
    given.set(pair, (given.get(pair) ?? 0) + Number(result[1]));
    made.push(`${id} ${owner} ${pair}`);
  }
  const assets = new Map<string, ClearedAsset>();
  for (const [asset, side] of Object.entries(SIDES)) {
    const scale = SCALES[asset as keyof typeof SCALES];
    assets.set(asset, {
      platform: side.platform,
      worth: times(worthOf(MAIN, side as never), tenTo(-scale)),
    });
  }
  const cleared = ['a', 'b', 'c'].flatMap((platform) =>
    [...assets.keys()].map((asset) => {
      return { platform, asset, balance: world.has(`@clearing:${platform}`, asset) };
    }),
  );
  const debts = debtsOf(cleared, assets);
  t.same(
    debts.map(({ debtor, asset, amount }) => [`${debtor}>${asset}`, amount]),
    [...given].filter(([, amount]) => amount > 0).sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  t.equal(
    positionsOf(debts).reduce((sum, { net }) => sum + net, 0n),
    0n,
  );
});
