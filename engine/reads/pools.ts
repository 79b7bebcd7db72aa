// What a pool (a `#` owner) has, wherever it lies. Owns: the sum over its allotments. Never touches: state.
//   reads.P1. Each shard says what is true when it is asked: what moves meanwhile may be seen on both sides, or on none.

import type { OwnRecords, PoolState } from '../api.js';
import { LOAN_TYPE, type Loan, RECALL_TYPE } from '../programme/allotments.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import { allotmentOf } from '../protocol/allotment.js';
import { isRefusal, type Refused } from '../protocol/outcomes.js';

/** What is to be taken out of a pool, and waits for what other shards have of it. */
export interface Recall {
  readonly pieces: number;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** Are the points of a pool called back from all shards? Undefined: they are not. */
export async function recallOf(
  own: Pick<OwnRecords, 'record'>,
  pool: string,
  asset: string,
): Promise<Recall | undefined | Refused> {
  const found = await own.record(pool, recordTypeOf(RECALL_TYPE), asset);
  if (found === undefined || isRefusal(found)) return found;
  const { pieces, since } = recordValueIn(found.value) as unknown as Recall;
  return { pieces, since };
}

/** Who has, or had, points of a pool in an asset: the pool, and its allotments. */
export async function poolHolders(
  own: Pick<OwnRecords, 'records'>,
  pool: string,
  asset: string,
): Promise<readonly string[] | Refused> {
  const loans = await own.records({ owner: pool, recordType: recordTypeOf(LOAN_TYPE) });
  if (isRefusal(loans)) return loans;
  const lent = loans.flatMap(({ key }) => {
    const [of, slot] = key.split('@');
    return of === asset ? [allotmentOf(pool, Number(slot)) ?? pool] : [];
  });
  return [pool, ...lent];
}

/** A pool in one asset. */
export async function poolStateOf(
  own: Pick<OwnRecords, 'balance' | 'records'>,
  pool: string,
  asset: string,
): Promise<PoolState | Refused> {
  const recordType = recordTypeOf(LOAN_TYPE);
  const [home, loans] = await Promise.all([
    own.balance(pool, asset),
    own.records({ owner: pool, recordType }),
  ]);
  if (isRefusal(home)) return home;
  if (isRefusal(loans)) return loans;
  const known = loans.flatMap(({ key, value }) => {
    const [of, slot] = key.split('@');
    return of === asset ? [[Number(slot), recordValueIn(value) as unknown as Loan] as const] : [];
  });
  const out = await Promise.all(
    known
      .filter(([, { isOut }]) => isOut)
      .map(([slot]) => own.balance(allotmentOf(pool, slot) ?? pool, asset)),
  );
  let { available = 0, held = 0 } = home ?? {};
  let lent = 0;
  for (const one of out) {
    if (isRefusal(one)) return one;
    available += one?.available ?? 0;
    held += one?.held ?? 0;
    lent += one?.total ?? 0;
  }
  const returned = known.reduce((sum, [, loan]) => sum + loan.returned, 0);
  const funded = (home?.earned ?? 0) - returned;
  const paid = Math.max(0, funded - available - held);
  return { asset, available, held, lent, funded, paid };
}
