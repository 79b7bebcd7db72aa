// What platforms owe each other, and the least that settles it. Owns: both, exact. Never touches: balances; who pays whom in money.
//   netting.N1. What a clearing owner lacks of another platform's points is what its platform owes to that one, in points; what it has too much of is
//       owed the other way. Its own platform's points owe nobody anything.
//   netting.N2. Net positions sum to zero, and each is what the platform is owed less what it owes, whatever settles it.
//   netting.N3. Settlements leave every position at zero; who pays is paid nothing, and there are fewer of them than platforms.

import { type Fraction, tenTo, times } from '../../protocol/decimal.js';

/** Values are whole numbers of 10^-40 units of the currency: no product of three figures and an amount has more digits. */
export const VALUE_DIGITS = 40;
const UNIT = tenTo(VALUE_DIGITS);

/** What a clearing owner has of an asset, in minor units; below 0: it lacks so much. */
export interface Cleared {
  readonly platform: string;
  readonly asset: string;
  readonly balance: number;
}

/** An asset of a coalition. */
export interface ClearedAsset {
  /** Whose points it is. */
  readonly platform: string;
  /** What a minor unit is worth, in units of the currency: a decimal. */
  readonly worth: Fraction;
}

/** What one platform owes another one, in points of one asset. */
export interface Debt {
  readonly debtor: string;
  readonly creditor: string;
  readonly asset: string;
  /** Minor units, from 1 on. */
  readonly amount: number;
  /** Of VALUE_DIGITS. */
  readonly value: bigint;
}

/** Where a platform stands, by values of VALUE_DIGITS. */
export interface Position {
  readonly platform: string;
  readonly owed: bigint;
  readonly owes: bigint;
  /** owed - owes. */
  readonly net: bigint;
}

/** What a platform pays another one, by values of VALUE_DIGITS. */
export interface Settlement {
  readonly from: string;
  readonly to: string;
  readonly value: bigint;
}

/** What is owed (netting.N1), by debtor, creditor and asset. */
export function debtsOf(
  cleared: readonly Cleared[],
  assets: ReadonlyMap<string, ClearedAsset>,
): Debt[] {
  const debts = cleared.flatMap(({ platform, asset, balance }): Debt[] => {
    const of = assets.get(asset);
    if (of === undefined || of.platform === platform || balance === 0) return [];
    const amount = Math.abs(balance);
    const { over, under } = times(times({ over: BigInt(amount), under: 1n }, of.worth), UNIT);
    if (over % under !== 0n) throw new RangeError(`${asset} is worth no decimal`);
    const [debtor, creditor] =
      balance < 0 ? [platform, of.platform] : ([of.platform, platform] as const);
    return [{ debtor, creditor, asset, amount, value: over / under }];
  });
  const key = ({ debtor, creditor, asset }: Debt): string => `${debtor} ${creditor} ${asset}`;
  return debts.sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** Where each platform stands (netting.N2), by its name. */
export function positionsOf(debts: readonly Debt[]): Position[] {
  const owed = new Map<string, bigint>();
  const owes = new Map<string, bigint>();
  const add = (to: Map<string, bigint>, platform: string, value: bigint): void => {
    to.set(platform, (to.get(platform) ?? 0n) + value);
  };
  for (const { debtor, creditor, value } of debts) {
    add(owes, debtor, value);
    add(owed, creditor, value);
  }
  return [...new Set([...owed.keys(), ...owes.keys()])].sort().map((platform) => {
    const [gets, gives] = [owed.get(platform) ?? 0n, owes.get(platform) ?? 0n];
    return { platform, owed: gets, owes: gives, net: gets - gives };
  });
}

/** Who pays whom (netting.N3): the largest first, and by name where two are equal. */
export function settlementsOf(positions: readonly Position[]): Settlement[] {
  const open = positions.map(({ platform, net }) => ({ platform, net }));
  const settlements: Settlement[] = [];
  for (;;) {
    open.sort((one, other) =>
      one.net === other.net
        ? one.platform < other.platform
          ? -1
          : 1
        : one.net < other.net
          ? -1
          : 1,
    );
    const [payer, payee] = [open[0], open.at(-1)];
    if (payer === undefined || payee === undefined || payer.net >= 0n) return settlements;
    // Whichever of both is less: `Math.min` is for numbers alone.
    const isMore = payer.net + payee.net < 0n;
    const value = isMore ? payee.net : -payer.net;
    settlements.push({ from: payer.platform, to: payee.platform, value });
    payer.net += value;
    payee.net -= value;
  }
}
