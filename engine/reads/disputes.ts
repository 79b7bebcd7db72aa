// Disputes between platforms, as they are kept. Owns: the answers, out of records. Never touches: state; who may see them.

import type { OwnRecords } from '../api.js';
import {
  DISPUTE,
  disputesOf,
  type KeptDispute,
  OPEN_DISPUTE,
  openDisputes,
} from '../programme/coalition/dispute.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import type { Dispute } from '../protocol/coalition.js';
import { isRefusal, type Refused } from '../protocol/outcomes.js';

type Own = Pick<OwnRecords, 'record' | 'records'>;

/** A dispute that is open, or answered and not decided. */
export interface OpenDispute {
  readonly dispute: string;
  readonly by: string;
  readonly other: string;
  readonly answerBy: number;
  /** The part of the coalition's disputes that it is of. */
  readonly part: string;
}

const KEPT = recordTypeOf(DISPUTE);
const OPEN = recordTypeOf(OPEN_DISPUTE);

function told(dispute: string, kept: KeptDispute): Dispute {
  const { state, by, other, lines, reason, openedAt, answerBy } = kept;
  const some = {
    cycle: kept.cycle,
    owner: kept.owner,
    exchange: kept.exchange,
    answer: kept.answer,
    decision: kept.decision,
    answeredAt: kept.answeredAt,
    endedAt: kept.endedAt,
  };
  return {
    ...{ dispute, state, by, other, reason, openedAt, answerBy },
    ...Object.fromEntries(Object.entries(some).filter(([, value]) => value !== null)),
    lines: lines.map(([isOurs, asset, owed, disputed, settled]) => ({
      debtor: isOurs ? by : other,
      creditor: isOurs ? other : by,
      ...{ asset, owed, disputed, settled },
    })),
  };
}

/** A dispute; undefined: there is none. `name`: of the coalition, `part`: of its disputes. */
export async function disputeAt(
  own: Own,
  name: string,
  part: string,
  dispute: string,
): Promise<Dispute | undefined | Refused> {
  const found = await own.record(disputesOf(name, part), KEPT, dispute);
  if (found === undefined || isRefusal(found)) return found;
  return told(dispute, recordValueIn(found.value) as KeptDispute);
}

/** Disputes of a part, by their key. */
export async function disputesIn(
  own: Own,
  name: string,
  part: string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<readonly Dispute[] | Refused> {
  const found = await own.records({
    ...{ owner: disputesOf(name, part), recordType: KEPT, after, limit },
  });
  if (isRefusal(found)) return found;
  return found.map(({ key, value }) => told(key, recordValueIn(value) as KeptDispute));
}

/** Disputes of a coalition that are not decided, by their key. */
export async function openDisputesIn(
  own: Own,
  name: string,
  { after, limit }: { readonly after?: string | undefined; readonly limit: number },
): Promise<readonly OpenDispute[] | Refused> {
  const found = await own.records({ owner: openDisputes(name), recordType: OPEN, after, limit });
  if (isRefusal(found)) return found;
  return found.map(({ key, value }) => {
    const { of, ...rest } = recordValueIn(value) as unknown as Omit<OpenDispute, 'part'> & {
      readonly of: string;
    };
    return { ...rest, dispute: key, part: of.slice(of.lastIndexOf(':') + 1) };
  });
}
