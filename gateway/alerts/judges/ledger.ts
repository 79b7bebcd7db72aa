// What is so of the whole ledger: redemptions, what is owed, budgets, stock. Owns: out of what that is read. Never touches: the figures' meaning.
//   alerts.J2. Redemptions and what is owed are read out of the log, now and at the beginning of the window: the same after a restart, whichever node looks.

import { DEFINITION_KINDS, type Engine, type Stats, SYSTEM_OWNERS } from '../../../engine/index.js';
import { isRefusal, type Refusal } from '../../refusal.js';
import type { Cause, Judge } from '../shapes.js';

const REDEEMER = '@redeem';
const BUDGET = '#budget:';
/** Definitions that are read at once; budgets that are looked at. */
const PAGE = 100;
const BUDGETS_MAX = 1_000;
const FIRST_SHARD = 0;

type Reading = Pick<Engine, 'balances' | 'balancesAt' | 'definitions' | 'own' | 'assets'>;

export function redemptions(engine: Reading): Judge {
  return {
    rule: 'REDEMPTION_BURST',
    of: 'ledger',
    look: async ({ threshold = 0, windowMs = 0 }, now) => {
      const [current, past] = await Promise.all([
        engine.balances([REDEEMER]),
        engine.balancesAt({ owners: [REDEEMER], at: now - windowMs }),
      ]);
      if (isRefusal(current) || isRefusal(past)) return undefined;
      const versions = (all: readonly { readonly version: number }[] = []): number =>
        all.reduce((sum, { version }) => sum + version, 0);
      const redemptions = versions(current[0]) - versions(past.balances[0]);
      const cause = { subject: 'ledger', evidence: { redemptions, windowMs } };
      return { causes: redemptions > threshold ? [cause] : [] };
    },
  };
}

/** `others`: system owners beside those that every ledger has. */
export function liability(
  engine: Reading,
  others: () => Promise<readonly string[] | Refusal>,
): Judge {
  return {
    rule: 'LIABILITY_JUMP',
    of: 'ledger',
    look: async ({ threshold = 0, minimum = 0, windowMs = 0 }, at) => {
      const more = await others();
      if (isRefusal(more)) return undefined;
      const owners = [...SYSTEM_OWNERS, ...more];
      const [current, past] = await Promise.all([
        engine.balances(owners),
        engine.balancesAt({ owners, at: at - windowMs }),
      ]);
      if (isRefusal(current) || isRefusal(past)) return undefined;
      const [now, before] = [owedOf(current), owedOf(past.balances)];
      const causes: Cause[] = [];
      for (const [asset, owed] of now) {
        const was = before.get(asset) ?? 0;
        const change = Math.abs(owed - was);
        // What begins from nothing has no part of it that it changed by.
        if (was <= 0 || change <= minimum || change * 100 <= was * threshold) continue;
        const evidence = { before: was, now: owed, windowMs };
        causes.push({ subject: `asset/${asset}`, evidence });
      }
      return { causes };
    },
  };
}

/** What is owed to members, and lies in pools, by asset: the other side of what system owners have. */
function owedOf(
  all: readonly (readonly { readonly asset: string; readonly total: number }[])[],
): ReadonlyMap<string, number> {
  const owed = new Map<string, number>();
  for (const { asset, total } of all.flat()) owed.set(asset, (owed.get(asset) ?? 0) - total);
  return owed;
}

/** What the node with the first shard has seen: another one that judges meanwhile knows nothing of it. */
export function stock(engine: Pick<Engine, 'shardsHere'>, stats: () => Promise<Stats>): Judge {
  return {
    rule: 'STOCK_LOW',
    of: 'ledger',
    look: async () => {
      if (!engine.shardsHere.includes(FIRST_SHARD)) return undefined;
      const { lowStock } = await stats();
      return {
        causes: lowStock.map(({ goods, left, under }) => ({
          subject: `goods/${goods}`,
          evidence: { left, under },
        })),
      };
    },
  };
}

export function budgets(engine: Reading): Judge {
  return {
    rule: 'BUDGET_LOW',
    of: 'ledger',
    look: async ({ threshold = 0 }) => {
      const named = await budgetsOf(engine);
      if (named === undefined) return undefined;
      const causes: Cause[] = [];
      for (const [owner, assets] of named)
        for (const asset of assets) {
          const pool = await engine.own.pool(owner, asset);
          if (isRefusal(pool)) return undefined;
          const { available, funded } = pool;
          if (funded <= 0 || available * 100 >= funded * threshold) continue;
          const percent = Math.round((available * 1_000) / funded) / 10;
          const subject = `budget/${owner.slice(BUDGET.length)}/${asset}`;
          causes.push({ subject, evidence: { available, funded, percent } });
        }
      return { causes };
    },
  };
}

/** Budgets that definitions name which decide, with the assets that they may have; undefined: it cannot be known now. */
async function budgetsOf(
  engine: Reading,
): Promise<ReadonlyMap<string, ReadonlySet<string>> | undefined> {
  const found = new Map<string, Set<string>>();
  const assets = engine.assets().map(({ asset }) => asset);
  for (const { name: kind } of DEFINITION_KINDS)
    for (let after: string | undefined; ; ) {
      const page = await engine.definitions(kind, { after, limit: PAGE });
      if (isRefusal(page)) return undefined;
      for (const { versions, active } of page) {
        const document = versions.find(({ version }) => version === active)?.document;
        for (const owner of budgetsIn(document))
          if (found.size < BUDGETS_MAX || found.has(owner)) found.set(owner, new Set(assets));
      }
      if (page.length < PAGE) break;
      after = page.at(-1)?.key;
    }
  return found;
}

/** Every budget that a document names, wherever. */
function* budgetsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') {
    if (value.startsWith(BUDGET)) yield value;
  } else if (typeof value === 'object' && value !== null)
    for (const one of Object.values(value)) yield* budgetsIn(one);
}
