// Exchanges that wait for points: how many, which. Owns: what is told of them, who may see which. Never touches: when one is carried out (draining.ts).

import {
  assetsOf,
  type Engine,
  type Grants,
  type PendingExchange,
  pendingExchanges,
  shownId,
} from '../../engine/index.js';
import { isRefusal, type Refusal } from '../refusal.js';

type Ledger = Pick<Engine, 'own' | 'definitions'>;

/** How long counts are remembered: whoever asks often costs nothing. */
const FRESH_MS = 2_000;
const DEFINITIONS_PAGE = 100;
/** Of what waits, read at once to count it. */
const COUNTED_PAGE = 1_024;
/** Of what waits, told at once. */
const PAGE = 100;

/** How many wait for points of an asset. */
export interface PendingCount {
  readonly asset: string;
  readonly pending: number;
  /** When the first of them was submitted, milliseconds since 1970. */
  readonly since: number;
}

/** Assets that take part in exchanges, or did. */
export async function exchangedAssets(
  engine: Pick<Engine, 'definitions'>,
): Promise<readonly string[] | Refusal> {
  const assets: string[] = [];
  for (let after: string | undefined; ; ) {
    const page = await engine.definitions('exchanging', { after, limit: DEFINITIONS_PAGE });
    if (isRefusal(page)) return page;
    assets.push(...page.map(({ key }) => key));
    after = page.at(-1)?.key;
    if (page.length < DEFINITIONS_PAGE) return assets;
  }
}

async function counted(engine: Ledger): Promise<readonly PendingCount[] | Refusal> {
  const assets = await exchangedAssets(engine);
  if (isRefusal(assets)) return assets;
  const counts: PendingCount[] = [];
  for (const asset of assets) {
    let pending = 0;
    let since: number | undefined;
    for (let after: string | undefined; ; ) {
      const page = await pendingExchanges(engine.own, asset, { after, limit: COUNTED_PAGE });
      if (isRefusal(page)) return page;
      since ??= page[0]?.submittedAt;
      pending += page.length;
      after = page.at(-1)?.key;
      if (page.length < COUNTED_PAGE) break;
    }
    if (since !== undefined) counts.push({ asset, pending, since });
  }
  return counts;
}

const known = new WeakMap<
  Ledger,
  { readonly at: number; readonly counts: Promise<readonly PendingCount[] | Refusal> }
>();

/** Of which assets points are waited for, and by how many exchanges; as it was 2 seconds ago at most. */
export function pendingCounts(engine: Ledger): Promise<readonly PendingCount[] | Refusal> {
  const at = performance.now();
  const last = known.get(engine);
  if (last !== undefined && at - last.at <= FRESH_MS) return last.counts;
  const counts = counted(engine);
  known.set(engine, { at, counts });
  const forget = (): void => {
    known.delete(engine);
  };
  counts.then((said) => isRefusal(said) && forget(), forget);
  return counts;
}

/** Those that somebody may see, of one page. */
export interface PendingPage {
  readonly exchanges: readonly Omit<PendingExchange, 'key'>[];
  readonly cursor?: string | undefined;
}

/** Exchanges that wait for points of an asset, the first one first: those of which who asks may read both assets. */
export async function pendingPage(
  engine: Ledger,
  asset: string,
  grants: Pick<Grants, 'assets' | 'narrowed' | 'owner' | 'scope'>,
  cursor: string | undefined,
): Promise<PendingPage | Refusal> {
  const { owner: whose, scope } = grants;
  const assets = assetsOf(grants, 'read');
  const found = await pendingExchanges(engine.own, asset, { after: cursor, limit: PAGE });
  if (isRefusal(found)) return found;
  const seen = found.filter(
    ({ owner, from }) => (assets?.has(from) ?? true) && (whose === undefined || whose === owner),
  );
  return {
    exchanges: seen.map(({ key: _, submission, ...told }) => ({
      ...(told as Omit<PendingExchange, 'key' | 'submission'>),
      submission: shownId(submission, scope),
    })),
    cursor: found.length === PAGE ? found.at(-1)?.key : undefined,
  };
}
