// What an account had at a past time, by what had taken effect then (protocol/effective.ts). Owns: which entries count. Never touches:
// state.
//   shard.Y2. What was booked by then counts, and of what a tick booked later: what was due by then. A tick comes before any other entry of
//       the account once something is due, so that this is in the record of the next entry, or nowhere.
//       Of system owners what was booked counts, and nothing else.
//   shard.Y3. What was booked later and occurred by then counts, as far as the cut reaches. A backdated entry leads to the one before
//       it, and the account to the last one, so nobody looks for them among the others.

import type { BlockView } from '../protocol/block.js';
import { changesOfTick } from '../protocol/effective.js';
import type { EntryView } from '../protocol/effects.js';
import { OP } from '../protocol/layout.js';
import { isSystemOwner } from '../protocol/syntax.js';
import {
  type Cut,
  type Found,
  type HistoryHead,
  isWithin,
  type ReadBlock,
  seek,
} from './history.js';

/** Which balance is asked for. */
export interface PastRead {
  readonly head: HistoryHead;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly cut: Cut;
  /** Blocks up to this one are complete. */
  readonly closedSeq: number;
}

/** A balance at a past time. */
export interface PastEntry {
  readonly available: number;
  readonly held: number;
  /** Of the newest entry that was booked by then. */
  readonly version: number;
  /** Had the account an entry by the cut? */
  readonly isKnown: boolean;
}

/** The balance of an account at a past time; null: at the cut, that time was still to come. */
export function pastEntry(
  read: ReadBlock,
  { head, at, cut, closedSeq }: PastRead,
): PastEntry | null {
  if (cut.seq < closedSeq && read(cut.seq + 1).header.time < at) return null;
  const base = seek(read, head, (found) => isWithin(found, cut) && found.block.header.time <= at);
  const { version = 0, available = 0, held = 0 } = base?.view ?? {};
  const isKnown = base !== null || seek(read, head, (found) => isWithin(found, cut)) !== null;
  let [free, kept] = [available, held];
  const add = (more: { readonly available: number; readonly held: number }): void => {
    free += more.available;
    kept += more.held;
  };
  const next = seek(read, head, ({ view }) => view.version <= version + 1);
  if (base !== null && next !== null && next.view.version > version) dueBy(next, at).forEach(add);
  return { available: free, held: kept, version, isKnown };
}

/** What of a tick's entries of the account took effect by a time. */
function dueBy({ view, block }: Found, at: number) {
  // What a system owner gets is due on others, whose ticks come in no order.
  if (block.effects.op(view.recordOffset) !== OP.tick || isSystemOwner(view.owner)) return [];
  const own = ownFrom(block, view).flatMap((one) => changesOfTick(block, one));
  return own.filter((change) => change.at <= at);
}

/** Entries of the account in one record, from this one on. */
function ownFrom({ effects }: BlockView, first: EntryView): EntryView[] {
  const found: EntryView[] = [];
  const end = effects.entriesEnd(first.recordOffset);
  for (let offset = first.offset; offset < end; offset += effects.entryLength(offset)) {
    const view = effects.entry(offset);
    if (view.asset === first.asset && view.owner === first.owner) found.push(view);
  }
  return found;
}
