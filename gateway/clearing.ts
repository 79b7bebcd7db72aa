// What the platforms of a coalition owe each other, as of a time. Owns: which accounts and documents it is read from. Never touches: netting itself
// (engine/programme/coalition).
//   gateway.N1. With the times and `asOf` of an answer the amounts are the same for ever, whatever was booked since.
//   gateway.N2. Values are by what decided at `at`.

import {
  type AsOf,
  type Cleared,
  type ClearedAsset,
  type Coalition,
  type Debt,
  debtsOf,
  decimalText,
  type Engine,
  type Exchanging,
  type Position,
  positionsOf,
  type Settlement,
  settlementsOf,
  tenTo,
  times,
  VALUE_DIGITS,
  worthOf,
} from '../engine/index.js';
import { documentAt } from './known-definitions.js';
import { isRefusal, type Refusal, refuse } from './refusal.js';

/** Kinds of a page of definitions. */
const PAGE = 100;

/** Of which time. */
export interface Period {
  /** What was owed then counts for nothing; left out: from the beginning on. */
  readonly from: number | undefined;
  /** Left out: now. */
  readonly at: number | undefined;
  readonly asOf: AsOf | undefined;
}

export interface Statement {
  readonly coalition: string;
  readonly currency: string;
  readonly from: number | undefined;
  readonly at: number;
  readonly asOf: AsOf;
  readonly debts: readonly Debt[];
  readonly positions: readonly Position[];
  readonly settlements: readonly Settlement[];
}

/** A value as it is told: exact. */
export function valueText(value: bigint): string {
  const text = decimalText(
    { over: value < 0n ? -value : value, under: 10n ** BigInt(VALUE_DIGITS) },
    VALUE_DIGITS,
  );
  return value < 0n ? `-${text}` : text;
}

/** The assets of a coalition, as they are said at a time. */
async function assetsOf(
  engine: Engine,
  coalition: string,
  of: Coalition,
  at: number,
): Promise<Map<string, ClearedAsset> | Refusal> {
  const scales = new Map(engine.assets().map(({ asset, scale }) => [asset, scale]));
  const assets = new Map<string, ClearedAsset>();
  for (let after: string | undefined; ; ) {
    const page = await engine.definitions('exchanging', { after, limit: PAGE });
    if (isRefusal(page)) return page;
    for (const { key } of page) {
      const side = await documentAt(engine, 'exchanging', key, at);
      if (isRefusal(side)) return side;
      const scale = scales.get(key);
      if (side?.['coalition'] !== coalition || scale === undefined) continue;
      const exchanging = side as unknown as Exchanging;
      const worth = times(worthOf(of, exchanging), tenTo(-scale));
      assets.set(key, { platform: exchanging.platform, worth });
    }
    after = page.at(-1)?.key;
    if (page.length < PAGE) return assets;
  }
}

/** What platforms owe each other: all that has come up in a period. */
export async function statementOf(
  engine: Engine,
  coalition: string,
  { from, at = engine.now(), asOf }: Period,
): Promise<Statement | Refusal> {
  const of = await documentAt(engine, 'coalition', coalition, at);
  if (isRefusal(of)) return of;
  if (of === undefined) return refuse('DEFINITION_NOT_FOUND', 'coalition');
  const assets = await assetsOf(engine, coalition, of as unknown as Coalition, at);
  if (isRefusal(assets)) return assets;
  const platforms = [...new Set([...assets.values()].map(({ platform }) => platform))].sort();
  const owners = platforms.map((platform) => `@clearing:${platform}`);
  const end = await engine.balancesAt({ owners, at, asOf });
  if (isRefusal(end)) return end;
  const begin =
    from === undefined ? undefined : await engine.balancesAt({ owners, at: from, asOf: end.asOf });
  if (begin !== undefined && isRefusal(begin)) return begin;
  const cleared = platforms.flatMap((platform, i): Cleared[] =>
    (end.balances[i] ?? []).map(({ asset, total }) => {
      const before = begin?.balances[i]?.find((one) => one.asset === asset)?.total ?? 0;
      return { platform, asset, balance: total - before };
    }),
  );
  const debts = debtsOf(cleared, assets);
  const positions = positionsOf(debts);
  const settlements = settlementsOf(positions);
  const { currency } = of as unknown as Coalition;
  return { coalition, currency, from, at: end.at, asOf: end.asOf, debts, positions, settlements };
}
