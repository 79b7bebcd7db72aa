// What the platforms of a coalition owe each other, as of a time. Owns: which accounts and documents it is read from. Never touches: netting itself
// (engine/programme/coalition).
//   clearing.S1. With the times and `asOf` of an answer the amounts are the same for ever, whatever was booked since.
//   clearing.S2. Values are by what decided last by `at`, also where it has ended: what is owed stays owed.

import {
  type AsOf,
  type Cleared,
  type ClearedAsset,
  type Coalition,
  type Debt,
  debtsOf,
  type Engine,
  type Exchanging,
  type Position,
  positionsOf,
  type Settlement,
  settlementsOf,
  tenTo,
  times,
  worthOf,
} from '../../engine/index.js';
import { documentsUntil } from '../known-definitions.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';

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

/** What is cleared: also what is not exchanged any more. */
interface Parties {
  readonly assets: ReadonlyMap<string, ClearedAsset>;
  readonly platforms: readonly string[];
}

/** The assets of a coalition as they were said last by a time, and all platforms that they were ever of. */
async function partiesOf(
  engine: Engine,
  coalition: string,
  of: Coalition,
  at: number,
): Promise<Parties | Refusal> {
  const scales = new Map(engine.assets().map(({ asset, scale }) => [asset, scale]));
  const assets = new Map<string, ClearedAsset>();
  const platforms = new Set<string>();
  for (let after: string | undefined; ; ) {
    const page = await engine.definitions('exchanging', { after, limit: PAGE });
    if (isRefusal(page)) return page;
    for (const { key } of page) {
      const said = await documentsUntil(engine, 'exchanging', key, at);
      if (isRefusal(said)) return said;
      const sides = (said as unknown as readonly Exchanging[]).filter(
        (one) => one.coalition === coalition,
      );
      const [scale, last] = [scales.get(key), sides.at(-1)];
      if (last === undefined || scale === undefined) continue;
      for (const { platform } of sides) platforms.add(platform);
      const worth = times(worthOf(of, last), tenTo(-scale));
      assets.set(key, { platform: last.platform, worth });
    }
    after = page.at(-1)?.key;
    if (page.length < PAGE) return { assets, platforms: [...platforms].sort() };
  }
}

/** What platforms owe each other: all that has come up in a period. */
export async function statementOf(
  engine: Engine,
  coalition: string,
  { from, at = engine.now(), asOf }: Period,
): Promise<Statement | Refusal> {
  const said = await documentsUntil(engine, 'coalition', coalition, at);
  if (isRefusal(said)) return said;
  const of = said.at(-1) as unknown as Coalition | undefined;
  if (of === undefined) return refuse('DEFINITION_NOT_FOUND', 'coalition');
  const parties = await partiesOf(engine, coalition, of, at);
  if (isRefusal(parties)) return parties;
  const { assets, platforms } = parties;
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
  const { currency } = of;
  return { coalition, currency, from, at: end.at, asOf: end.asOf, debts, positions, settlements };
}
