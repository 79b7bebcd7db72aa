// Exchanges that were submitted, and those of them that wait, as they are kept. Owns: the answers, out of records. Never touches: state; who may see them.

import type { OwnRecords } from '../api.js';
import {
  PENDING_EXCHANGE,
  pendingOwner,
  SUBMISSION,
  type Submission,
  submissionKey,
  type Waits,
} from '../programme/coalition/pending.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import type { SubmittedExchange } from '../protocol/coalition.js';
import { isRefusal, type Refused } from '../protocol/outcomes.js';

type Own = Pick<OwnRecords, 'record' | 'records'>;

/** One that waits. */
export interface PendingExchange extends Readonly<Waits> {
  /** Its place in the list. */
  readonly key: string;
}

const KEPT = recordTypeOf(SUBMISSION);
const WAITS = recordTypeOf(PENDING_EXCHANGE);

export const pendingExchangesOwner = pendingOwner;

/** What became of an exchange that a member has submitted, by its id as it is logged; undefined: there is none. */
export async function submissionAt(
  own: Own,
  owner: string,
  id: string,
): Promise<SubmittedExchange | undefined | Refused> {
  const found = await own.record(owner, KEPT, submissionKey(id));
  if (found === undefined || isRefusal(found)) return found;
  const kept = recordValueIn(found.value) as Submission;
  const { state, from, to, amount, fee, result, submittedAt, until } = kept;
  const { receiver, rate, endedAt, completedBy } = kept;
  const some = Object.entries({ receiver, rate, endedAt, completedBy });
  return {
    ...{ state, from, to, amount, fee, result, submittedAt, until },
    ...Object.fromEntries(some.filter(([, value]) => value !== null)),
  };
}

/** Exchanges that wait for points of an asset, the first one first. */
export async function pendingExchanges(
  own: Own,
  asset: string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<readonly PendingExchange[] | Refused> {
  const found = await own.records({ owner: pendingOwner(asset), recordType: WAITS, after, limit });
  if (isRefusal(found)) return found;
  return found.map(({ key, value }) => ({ ...(recordValueIn(value) as Waits), key }));
}
