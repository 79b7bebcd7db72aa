// Who waits for which goods, as it is kept. Owns: the answers, out of records. Never touches: state; who is told.

import type { OwnRecords } from '../api.js';
import {
  type Awaited,
  WAITING,
  WAITLISTS,
  type Waiting,
  waitingOwner,
} from '../programme/mall/waiting.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import { isRefusal, type Refused } from '../protocol/outcomes.js';

type Own = Pick<OwnRecords, 'records' | 'submit'>;

/** Goods that are waited for, as the list says it. */
export interface AwaitedGoods {
  readonly goods: string;
  readonly since: number;
  readonly comers: number;
}

const recordType = recordTypeOf(WAITING);

/** Who has the list of goods that are waited for. */
export const waitlistsOwner = WAITLISTS;

/** Goods that are waited for, by key. */
export async function awaitedGoods(
  own: Own,
  after?: string,
): Promise<readonly AwaitedGoods[] | Refused> {
  const found = await own.records({ owner: WAITLISTS, recordType, after });
  if (isRefusal(found)) return found;
  return found.map(({ key, value }) => {
    const { since, comers = 0 } = recordValueIn(value) as Awaited;
    return { goods: key, since, comers };
  });
}

/** Nobody waits for them: off the list, unless somebody has come since. */
export const unlistGoods = (own: Own, { goods, since, comers }: AwaitedGoods) =>
  own.submit({
    ...{ type: 'act', act: 'goods-unlisted', owner: WAITLISTS },
    body: { goods, since, comers },
  });

/** So many of those that wait for goods, by member. */
export async function waitingFor(
  own: Own,
  goods: string,
  limit: number,
): Promise<readonly { readonly owner: string; readonly since: number }[] | Refused> {
  const found = await own.records({ owner: waitingOwner(goods), recordType, limit });
  if (isRefusal(found)) return found;
  return found.map(({ key, value }) => {
    const { since } = recordValueIn(value) as Waiting;
    return { owner: key, since };
  });
}
