// Does an account's history explain its balance (ledger.L7)? Owns: reading it page by page, and the sums. Never touches: the ledger's
// own way of telling.

import type { Balance, Engine, Entry, HistoryEntry } from '../../engine/index.js';

/** A page: small, so that pages end everywhere. */
const PAGE = 7;

/** All entries of an account, oldest first. `shard`: of a system owner, whose stripe. */
export async function historyOf(
  engine: Engine,
  owner: string,
  asset = 'gold',
  shard?: number,
): Promise<HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  let cursor: string | undefined;
  do {
    const asked = { owner, asset, order: 'oldest', limit: PAGE, cursor } as const;
    const page = await engine.entries(shard === undefined ? asked : { ...asked, shard });
    if (!page.ok) throw new Error(`${owner}: ${page.code}`);
    entries.push(...page.entries);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return entries;
}

type Chained = Pick<Entry, 'version' | 'delta' | 'heldDelta' | 'available' | 'held'>;

/** Where an entry does not go on from the one before it, or the last one is not the balance; undefined: nowhere. */
export function chainFault(
  entries: readonly Chained[],
  balance: Pick<Balance, 'available' | 'held' | 'version'> | undefined,
): string | undefined {
  const [first, ...rest] = entries;
  const last = entries[entries.length - 1] ?? { available: 0, held: 0, version: 0 };
  let before = first;
  for (const entry of rest) {
    const { version, delta, heldDelta, available, held } = entry;
    const { available: free = 0, held: kept = 0, version: number = 0 } = before ?? {};
    if (version !== number + 1) return `entry ${version} after ${number}`;
    if (kept + heldDelta !== held || free + delta - heldDelta !== available)
      return `entry ${version}: ${free}+${kept} and ${delta}, ${heldDelta} held are not ${available}+${held}`;
    before = entry;
  }
  const { available, held, version } = balance ?? { available: 0, held: 0, version: 0 };
  if (last.available !== available || last.held !== held || last.version !== version)
    return `the last entry leaves ${last.available}+${last.held} at ${last.version}, the balance is ${available}+${held} at ${version}`;
  return undefined;
}
