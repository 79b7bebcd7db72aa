// What an operator is shown of seats and replicas. Owns: what is read for that. Never touches: who leads.

import { REPLICA_SHOWN_MS } from '../limits.js';
import type { RecordAt } from '../record/administration.js';
import { recordPlace } from '../record/place.js';
import { RecordError } from '../record/record.js';
import { Session } from '../record/session.js';
import { type Replica, readSeats } from './seats.js';

/** A node, who leads it and who follows. */
export interface FailoverNode {
  /** Of a cluster; empty: the whole ledger. */
  readonly node: string;
  /** Who leads; null: nobody does. */
  readonly leader: string | null;
  /** How many have led it. */
  readonly term: number;
  /** Since the leader's last sign of life. */
  readonly silentMs: number;
  /** All that were heard of within limits.REPLICA_SHOWN_MS. */
  readonly replicas: readonly Replica[];
}

/** Who leads each node and who follows, as the database says. Throws RecordError. */
export async function failoverStatus({ url, password }: RecordAt): Promise<FailoverNode[]> {
  const place = recordPlace(url, password);
  const session = await Session.toPrimary(place, 'jifen looks at replicas');
  try {
    const seats = await readSeats(session, place, REPLICA_SHOWN_MS);
    return seats.map(({ life, leader, ...seat }) => ({
      ...seat,
      leader: life === '' ? null : leader,
    }));
  } catch (error) {
    throw error instanceof RecordError ? error : new RecordError((error as Error).message, error);
  } finally {
    await session.close();
  }
}
