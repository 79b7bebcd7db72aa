// Queries at the mailbox. Owns: how a query is answered from state and log. Never changes anything itself.

import type { Ledger } from '../ledger/ledger.js';
import { F, I } from '../ledger/page.js';
import { balancesOf, holdOf, recordOf, recordsOf } from '../ledger/reads.js';
import type { PastRecord } from '../ledger/state.js';
import { OP, type Tuple } from '../protocol/codec.js';
import { ownerHash } from '../protocol/hash.js';
import { outcomeBytes } from '../protocol/read-back.js';
import type { HistoryHead } from './history.js';
import type { Answer, Replayed } from './messages.js';

/** A record of the log with what expired with it (O1) and its command, as copies. */
export function replayedOf(past: PastRecord): Replayed {
  const { effects, offset, seq, time, command } = past;
  return { seq, time, effects: outcomeBytes(effects, offset), command: command.slice() };
}

function headOf(ledger: Ledger, owner: string, asset: number): HistoryHead | undefined {
  const found = ledger.findAccount(owner, asset);
  if (found === null) return undefined;
  const { page, index } = found;
  const { f64, i32 } = page;
  const f = page.f(index);
  const n = page.n(index);
  const place = (seq: number, offset: number) => ({
    seq: f64[f + seq] as number,
    offset: i32[n + offset] as number,
  });
  return {
    ...place(F.headSeq, I.headOffset),
    version: f64[f + F.version] as number,
    skips: [
      place(F.skip1Seq, I.skip1Offset),
      place(F.skip2Seq, I.skip2Offset),
      place(F.skip3Seq, I.skip3Offset),
    ],
  };
}

const isOfRecords = (op: unknown): boolean => op === OP['read-record'] || op === OP['list-records'];

/**
 * Answers a query, as far as its caller may know; else a refusal's number. What was due on the owner is applied first, unless the
 * clock is not believed.
 */
export function answer(ledger: Ledger, t: Tuple, isClockBelieved: boolean): Answer | number {
  const owner = t[2] as string;
  const { state, permission, granted } = ledger;
  const asset = t[1] === OP.balance || t[1] === OP.head ? (t[3] as string | null) : null;
  const forbidden = isOfRecords(t[1])
    ? permission.ofWhole(granted, 'read', 'owner')
    : permission.ofFigures(granted, owner, asset ?? undefined, 'asset');
  if (forbidden !== 0) return forbidden;
  if (isClockBelieved) ledger.settleOwner(owner, ownerHash(owner));
  switch (t[1]) {
    case OP.balance: {
      const balances = balancesOf(state, owner, asset ?? undefined);
      const { assets } = granted;
      const known = assets === undefined ? balances : balances.filter((b) => assets.has(b.asset));
      return { type: 'balance', balances: known };
    }
    case OP.head: {
      const asset = state.assets.indexOf(t[3] as string);
      return {
        type: 'head',
        head: asset < 0 ? undefined : headOf(ledger, owner, asset),
        assets: state.assets.list,
      };
    }
    case OP['read-transfer']: {
      const found = ledger.known.lookUp(owner, t[3] as string);
      if (found === null) return { type: 'read-transfer', found: undefined };
      return (
        permission.ofRecord(granted, found) || { type: 'read-transfer', found: replayedOf(found) }
      );
    }
    case OP['read-record']:
      return {
        type: 'read-record',
        record: recordOf(state, owner, t[3] as string, t[4] as string),
      };
    case OP['list-records']: {
      const [after, limit] = [(t[4] as string | null) ?? '', t[5] as number];
      return {
        type: 'list-records',
        records: recordsOf(state, owner, t[3] as string, after, limit),
      };
    }
    default: {
      const hold = holdOf(state, owner, t[3] as string);
      const unread = permission.ofFigures(granted, owner, hold?.asset, 'id');
      return unread || { type: 'read-hold', hold };
    }
  }
}
