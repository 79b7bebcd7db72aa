// What an account had at a past time, by what had taken effect then (protocol/effective.ts). Owns: which entries count. Never touches:
// state.
//   shard.Y2. What was booked by then counts, and of what a tick booked later: what was due by then. A tick comes before any other entry of
//       the account once something is due, so that this is in the record of the next entry, or nowhere.
//       Of system owners what was booked counts, and nothing else.
//   shard.Y3. What was booked later and occurred by then counts, as far as the cut reaches. A backdated entry leads to the one before
//       it, and the account to the last one, so nobody looks for them among the others.

import { BACKDATED_LOOK_MAX } from '../limits.js';
import type { BlockView } from '../protocol/block.js';
import { type Change, changesOfTick, occurredAt } from '../protocol/effective.js';
import { type EntryView, stretchOf } from '../protocol/effects.js';
import { OP } from '../protocol/layout.js';
import { isSystemOwner } from '../protocol/syntax.js';
import {
  type Cut,
  type Found,
  type HistoryHead,
  isWithin,
  previous,
  type ReadBlock,
  seek,
} from './history.js';

/** Which balance is asked for. */
export interface PastRead {
  readonly head: HistoryHead;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly cut: Cut;
  /** The stretch of the account's last backdated entry; 0: it has none. */
  readonly backdated: number;
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

/** The balance of an account at a past time; QUERY_INVALID: at the cut, that time was still to come. */
export function pastEntry(
  read: ReadBlock,
  query: PastRead,
): PastEntry | 'QUERY_INVALID' | 'PAST_TOO_FAR' {
  const { head, at, cut, closedSeq } = query;
  if (cut.seq < closedSeq && read(cut.seq + 1).header.time < at) return 'QUERY_INVALID';
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
  const more = backdatedBy(read, query, version);
  if (more === null) return 'PAST_TOO_FAR';
  more.forEach(add);
  return { available: free, held: kept, version, isKnown };
}

/**
 * What backdated entries after a version brought by a time, as far as the cut reaches; null: there are too many. `last`: the stretch of the last of
 * them; 0: there are none.
 */
function backdatedBy(
  read: ReadBlock,
  { head, at, cut, backdated: last }: PastRead,
  version: number,
): Change[] | null {
  const changes: Change[] = [];
  let left = BACKDATED_LOOK_MAX;
  for (
    let stretch = last, before = 0;
    stretch > 0 && stretch >= stretchOf(version);
    stretch = before
  ) {
    before = 0;
    let found = seek(read, head, ({ view }) => stretchOf(view.version) <= stretch);
    while (
      found !== null &&
      found.view.version > version &&
      stretchOf(found.view.version) === stretch
    ) {
      if (left-- === 0) return null;
      const { view, block } = found;
      const occurred =
        view.backdated === 0 ? undefined : occurredAt(block.effects, view.recordOffset);
      if (occurred !== undefined) before = view.backdated - 1;
      if (occurred !== undefined && occurred <= at && isWithin(found, cut))
        changes.push(changeOf(view, occurred));
      found = previous(read, found);
    }
    // Entries of the stretch are all looked at: those before it are meant.
    if (before >= stretch) before = stretch - 1;
  }
  return changes;
}

const changeOf = ({ earned, spent, expired, heldDelta }: EntryView, at: number): Change => ({
  at,
  available: earned - spent - expired - heldDelta,
  held: heldDelta,
});

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
