// History: the entries of an account, walked backwards through the log. Owns: the walk. Never touches: state.
//   shard.Y1. An entry names the one before it; every 64th names ones much further back, so any version or time is a few
//       dozen hops away, and no index is written.

import { SKIP_STRIDE } from '../limits.js';
import { type BlockView, SCOPED_IDS_VERSION } from '../protocol/block.js';
import type { ToldAct } from '../protocol/business.js';
import { commandOfTuple, unpackTuple } from '../protocol/codec.js';
import type { ActCommand, LoggedCommand } from '../protocol/commands.js';
import { effectiveTime } from '../protocol/effective.js';
import { ENTRY, type EntryView } from '../protocol/effects.js';
import { type ActDone, type Asset, ENTRY_TYPES, type HistoryEntry } from '../protocol/outcomes.js';
import { entryOf, idOf } from '../protocol/read-back.js';
import { shownId } from '../protocol/scope.js';

/** A place in the log; seq 0: none. */
export interface Place {
  readonly seq: number;
  readonly offset: number;
}

/** Where an account's entries end, and the latest ones whose versions are multiples of 64, 4,096, 262,144. */
export interface HistoryHead extends Place {
  readonly version: number;
  readonly skips: readonly [Place, Place, Place];
}

/** How far the log counts: blocks up to this one that were booked at this time or before. */
export interface Cut {
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly time: number;
}

/** Which entries to read. */
export interface HistoryRead {
  readonly head: HistoryHead;
  readonly cut: Cut;
  readonly assets: readonly Asset[];
  /** Whose ids those are of who reads. */
  readonly scope: string | undefined;
  readonly newestFirst: boolean;
  /** Only from this version on (oldest first), or up to this one (newest first); 0: from the end. */
  readonly version: number;
  readonly from: number;
  readonly to: number;
  readonly kind: string | undefined;
  readonly act?: string | undefined;
  readonly told?: boolean | undefined;
  readonly limit: number;
  /** Entries looked at before the page is cut short, so that a rare kind does not walk the whole log at once. */
  readonly effort: number;
}

/** A page of history; `next`: the version at which the next page begins, 0: the end. */
export interface PageRead {
  readonly entries: readonly HistoryEntry[];
  readonly next: number;
}

/** An entry with its block. */
export interface Found {
  readonly view: EntryView;
  readonly block: BlockView;
}

/** Was an entry booked before the cut? */
export const isWithin = ({ block: { header } }: Found, { seq, time }: Cut): boolean =>
  header.seq <= seq && header.time <= time;

/** Gives a verified block. */
export type ReadBlock = (seq: number) => BlockView;

function find(read: ReadBlock, place: Place): Found {
  const block = read(place.seq);
  return { view: block.effects.entry(place.offset), block };
}

/** The account's entry before this one; null: there is none. */
export function previous(read: ReadBlock, { view }: Found): Found | null {
  const { previousSeq: seq, previousOffset: offset } = view;
  return seq === 0 ? null : find(read, { seq, offset });
}

/** Pointers of an entry: [previous, 64, 4,096, 262,144 back]; the last three only where its version is a multiple of 64. */
function pointers(found: Found): Place[] {
  const { view, block } = found;
  const places: Place[] = [{ seq: view.previousSeq, offset: view.previousOffset }];
  if (view.version % SKIP_STRIDE !== 0) return places;
  const skips = block.effects.skips(view.offset);
  for (let i = 0; i < 6; i += 2)
    places.push({ seq: skips[i] as number, offset: skips[i + 1] as number });
  return places;
}

/**
 * The newest entry for which `isWanted` says yes, given that it says yes for all older ones too; null: there is none.
 * Goes back by the longest jumps that do not pass it.
 */
export function seek(
  read: ReadBlock,
  head: HistoryHead,
  isWanted: (found: Found) => boolean,
): Found | null {
  if (head.seq === 0) return null;
  let current = find(read, head);
  if (isWanted(current)) return current;
  let candidates: readonly Place[] = [
    { seq: current.view.previousSeq, offset: current.view.previousOffset },
    ...head.skips,
  ];
  for (;;) {
    let stepped: Found | null = null;
    for (let level = candidates.length - 1; level > 0; level--) {
      const place = candidates[level] as Place;
      if (place.seq === 0) continue;
      const jump = find(read, place);
      if (jump.view.version >= current.view.version || isWanted(jump)) continue;
      stepped = jump;
      break;
    }
    if (stepped === null) {
      const previous = candidates[0] as Place;
      if (previous.seq === 0) return null;
      stepped = find(read, previous);
      if (isWanted(stepped)) return stepped;
    }
    current = stepped;
    candidates = pointers(current);
  }
}

function commandOf(block: BlockView, view: EntryView): LoggedCommand {
  const start = block.effects.commandOffset(view.recordOffset);
  const end = start + block.effects.commandLength(view.recordOffset);
  const command = commandOfTuple(unpackTuple(block.commands, start, end)) as LoggedCommand;
  if (command.type !== 'prepare' && command.type !== 'decision') return command;
  const { transfer } = command;
  return transfer === undefined
    ? command
    : (commandOfTuple(unpackTuple(transfer, 0, transfer.length)) as LoggedCommand);
}

/** Kinds of entries that are not what their command is about, by type. */
const OWN_KINDS: readonly (string | undefined)[] = ENTRY_TYPES.map((type) =>
  type === 'expire' ? 'EXPIRE' : type === 'reserve' || type === 'free' ? 'RESERVE' : undefined,
);

/** An entry as history shows it. */
export function historyEntry(
  found: Found,
  { assets, scope }: Pick<HistoryRead, 'assets' | 'scope'>,
): HistoryEntry {
  const { view, block } = found;
  const command = commandOf(block, view);
  const id = idOf(command);
  const business: Partial<HistoryEntry> =
    'kind' in command || 'ref' in command || 'memo' in command || 'metadata' in command
      ? (command as Partial<HistoryEntry>)
      : {};
  const entry = entryOf(view, { list: assets });
  // Field by field: to spread the entry into a larger object takes as long as all the rest.
  return {
    owner: entry.owner,
    asset: entry.asset,
    version: entry.version,
    type: entry.type,
    delta: entry.delta,
    heldDelta: entry.heldDelta,
    earned: entry.earned,
    spent: entry.spent,
    expired: entry.expired,
    available: entry.available,
    held: entry.held,
    slices: entry.slices,
    id: id && shownId(id, scope, block.applyVersion < SCOPED_IDS_VERSION),
    kind: OWN_KINDS[view.type] ?? business.kind,
    ref: business.ref,
    memo: business.memo,
    metadata: business.metadata,
    time: block.header.time,
    effective: effectiveTime(block, view),
    shard: block.header.shard,
    seq: block.header.seq,
  };
}

/** An entry, if it is one that is asked for. */
function wanted(found: Found, query: HistoryRead): HistoryEntry | undefined {
  const { kind, act, told } = query;
  const by = act !== undefined || told === true ? actOf(found) : undefined;
  if (act !== undefined && by?.act !== act) return undefined;
  const entry = historyEntry(found, query);
  if (kind !== undefined && entry.kind !== kind) return undefined;
  if (by === undefined) return entry;
  return told === true ? { ...entry, act: toldOf(by) } : { ...entry, done: doneBy(by) };
}

/** The act that an entry is of; undefined: it is of something else. */
function actOf({ view, block }: Found): ActCommand | undefined {
  if (view.type !== ENTRY.act) return undefined;
  const command = commandOf(block, view) as LoggedCommand & Partial<ActCommand>;
  return command.type === 'act' && command.body !== undefined ? (command as ActCommand) : undefined;
}

function doneBy({ body, plan }: ActCommand): NonNullable<HistoryEntry['done']> {
  const { effects = [], why = {} } = (plan ?? {}) as Partial<ActDone>;
  return { body: body as Readonly<Record<string, unknown>>, effects, why };
}

function toldOf({ act: name, body }: ActCommand): ToldAct {
  const text = (field: string): string | undefined => {
    const value = (body as Readonly<Record<string, unknown>>)[field];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    name,
    programme: text('programme'),
    type: text('type'),
    goods: text('goods'),
    lottery: text('lottery'),
    offer: text('offer'),
  };
}

/** Reads one page. */
export function readHistory(read: ReadBlock, query: HistoryRead): PageRead {
  return query.newestFirst ? newestFirst(read, query) : oldestFirst(read, query);
}

function newestFirst(read: ReadBlock, query: HistoryRead): PageRead {
  const { head, cut, to, from, version, limit } = query;
  let found = seek(
    read,
    head,
    (one) =>
      one.block.header.time < to &&
      (version === 0 || one.view.version <= version) &&
      isWithin(one, cut),
  );
  const entries: HistoryEntry[] = [];
  let effort = query.effort;
  while (found !== null && found.block.header.time >= from) {
    if (entries.length === limit || effort-- === 0) return { entries, next: found.view.version };
    const entry = wanted(found, query);
    if (entry !== undefined) entries.push(entry);
    found = previous(read, found);
  }
  return { entries, next: 0 };
}

/** The first version at or after a time. */
function versionFrom(read: ReadBlock, head: HistoryHead, time: number): number {
  return (seek(read, head, ({ block }) => block.header.time < time)?.view.version ?? 0) + 1;
}

/** Goes through the log backwards in stretches that it then turns around. */
function oldestFirst(read: ReadBlock, query: HistoryRead): PageRead {
  const { head, limit } = query;
  let first = Math.max(query.version, versionFrom(read, head, query.from));
  const until = (one: Found): boolean =>
    one.block.header.time < query.to && isWithin(one, query.cut);
  const end = seek(read, head, until)?.view.version ?? 0;
  const entries: HistoryEntry[] = [];
  let effort = query.effort;
  while (first <= end) {
    const last = Math.min(end, first + limit - 1);
    const stretch: Found[] = [];
    let found = seek(read, head, ({ view }) => view.version <= last);
    while (found !== null && found.view.version >= first) {
      stretch.push(found);
      found = previous(read, found);
    }
    for (const one of stretch.reverse()) {
      if (entries.length === limit || effort-- === 0) return { entries, next: one.view.version };
      const entry = wanted(one, query);
      if (entry !== undefined) entries.push(entry);
    }
    first = last + 1;
  }
  return { entries, next: 0 };
}
