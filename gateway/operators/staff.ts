// Operators and roles as one set. Owns: that what rests on the whole of it is judged in the commit that writes it. Never touches: what an operator or a role is.
//   operators.W1. Who is there, and which roles there are, changes together with one record, over the version that was seen before the set was read: of two
//       that change it at once, one judges anew. So no more come in than there may be, and nobody has a role that there is not.

import { setTimeout as sleep } from 'node:timers/promises';
import { changeAll, type DocumentChange, Documents, type OwnLedger } from '../documents.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';

/** Whose records operators and roles are: of one owner, so that they change as one. */
export const STAFF = '#operators';
/** Others who write at the same moment. */
const ROUNDS = 40;
const PAUSE_MS = 4;

const SET = new Documents<{ readonly changes: number }>(STAFF, 'staff');
const ALL = 'all';

/** Tries to write until nobody was quicker; undefined says that somebody was. `CHANGED_MEANWHILE`: somebody was each time. */
export async function untilWritten<T extends object>(
  field: string,
  attempt: () => Promise<Refusal | T | undefined>,
): Promise<Refusal | T> {
  for (let round = 0; round < ROUNDS; round++) {
    const made = await attempt();
    if (made !== undefined) return made;
    await sleep(Math.random() * PAUSE_MS * (round + 1));
  }
  return refuse('CHANGED_MEANWHILE', field);
}

/** What is written where the set is as it was judged, and what is told of it then. */
export interface StaffChange<T> {
  readonly changes: readonly DocumentChange[];
  readonly made: T;
}

/** Changes who is there or which roles there are: `judge` reads all that it rests on, and is asked anew where somebody else was quicker. */
export function changeStaff<T extends object>(
  ledger: OwnLedger,
  field: string,
  judge: () => Promise<Refusal | StaffChange<T>>,
): Promise<Refusal | T> {
  return untilWritten<T>(field, async () => {
    const seen = await SET.get(ledger, ALL);
    if (isRefusal(seen)) return seen;
    const judged = await judge();
    if (isRefusal(judged)) return judged;
    const next = { changes: (seen?.read().changes ?? 0) + 1 };
    const set = SET.putting(ALL, next, seen?.version ?? 0);
    const no = await changeAll(ledger, [set, ...judged.changes]);
    if (no === undefined) return judged.made;
    return no.code === 'CHANGED_MEANWHILE' ? undefined : no;
  });
}
