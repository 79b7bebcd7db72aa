// What an owner's points are worth, in one unit. Owns: the sum over assets. Never touches: decisions; what a point is worth (engine/programme/coalition).
//   gateway.W1. Sums are exact: figures are fractions until they are told.

import {
  type Asset,
  type Coalition,
  decimalText,
  type Engine,
  type Exchanging,
  type Fraction,
  plus,
  tenTo,
  times,
  worthOf,
} from '../engine/index.js';
import { documentAt } from './known-definitions.js';
import { isRefusal, type Refusal } from './refusal.js';

/** Digits that a product of three figures and an amount may have: all of them are told. */
const DIGITS = 40;

/** What is in an account. */
interface Held {
  readonly asset: string;
  readonly available: number;
  readonly held: number;
}

export interface Total {
  readonly coalition: string;
  readonly currency: string;
  readonly total: string;
  readonly assets: Readonly<Record<string, string>>;
}

const told = ({ over, under }: Fraction): string =>
  over < 0n
    ? `-${decimalText({ over: -over, under }, DIGITS)}`
    : decimalText({ over, under }, DIGITS);

/** What accounts are worth, by coalition: by what decides now, or decided at a past time. */
export async function totalsOf(
  engine: Engine,
  accounts: readonly Held[],
  at?: number,
): Promise<readonly Total[] | Refusal> {
  const scales = new Map(engine.assets().map(({ asset, scale }: Asset) => [asset, scale]));
  const sums = new Map<string, { of: Coalition; sum: Fraction; assets: Record<string, string> }>();
  for (const { asset, available, held } of accounts) {
    const side = await documentAt(engine, 'exchanging', asset, at);
    if (isRefusal(side)) return side;
    const scale = scales.get(asset);
    if (side === undefined || scale === undefined) continue;
    const { coalition } = side as unknown as Exchanging;
    const of = sums.get(coalition)?.of ?? (await documentAt(engine, 'coalition', coalition, at));
    if (isRefusal(of)) return of;
    if (of === undefined) continue;
    const amount = times({ over: BigInt(available + held), under: 1n }, tenTo(-scale));
    const value = times(amount, worthOf(of as Coalition, side as unknown as Exchanging));
    const known = sums.get(coalition);
    if (known === undefined)
      sums.set(coalition, { of: of as Coalition, sum: value, assets: { [asset]: told(value) } });
    else {
      known.sum = plus(known.sum, value);
      known.assets[asset] = told(value);
    }
  }
  return [...sums].map(([coalition, { of, sum, assets }]) => {
    return { coalition, currency: of.currency, total: told(sum), assets };
  });
}
