// What happened to a member, all of it in one row, the newest first. Owns: how entries, what left none, and notices come together, where a page goes on.
// Never touches: who may ask; what any of it means.
//   overview.T1. Every entry of the member's accounts, every command of the member that left none, and every notice is in exactly one item of the pages of
//       one question: a page ends where one of them has to be read on.
//   overview.T2. What one command did to several accounts is one item.

import type {
  ActDone,
  Caller,
  Command,
  Happened,
  HappenedAt,
  HistoryEntry,
  TransferRecord,
} from '../../engine/index.js';
import type { ToldNotices } from '../outbound/messages.js';
import { isRefusal, problemOf, type Refusal, refuse } from '../refusal.js';
import type { ItemType } from '../schema/overview.js';

/** Something that happened. */
export interface Item {
  readonly type: ItemType;
  /** When it was booked, milliseconds since 1970; of a notice, when what it tells of happened. */
  readonly at: number;
  readonly shard?: number | undefined;
  readonly seq?: number | undefined;
  /** Of a command: its id, as it is asked for; `isOwn`: the member is its home owner, under whom it is looked up. */
  readonly id?: string | undefined;
  readonly isOwn?: boolean | undefined;
  /** The type of the command, and the name of an act. */
  readonly operation?: string | undefined;
  readonly act?: string | undefined;
  /** What was asked, where the member is its home owner. */
  readonly body?: object | undefined;
  readonly kind?: string | undefined;
  readonly ref?: string | undefined;
  readonly memo?: string | undefined;
  /** Who asked, by the credentials shown; undefined: that is not known (any more). */
  readonly by?: string | undefined;
  /** `ok`, or a refusal's code; `PREPARED`: it is not decided yet. */
  readonly outcome?: string | undefined;
  readonly problem?: object | undefined;
  /** What it did to the member's accounts. */
  readonly entries: readonly HistoryEntry[];
  readonly effects?: ActDone['effects'] | undefined;
  readonly why?: ActDone['why'] | undefined;
  readonly remaining?: number | undefined;
  readonly notice?: ToldNotices[number]['notice'] | undefined;
}

export interface TimelinePage {
  readonly items: readonly Item[];
  readonly cursor?: string | undefined;
  /** Blocks that the register has not looked at. */
  readonly behind: number;
}

export interface TimelineParts {
  readonly caller: Caller;
  /** Notices of the member, before one of them; undefined: there are none to be had. */
  notices(before: string | undefined, limit: number): Promise<ToldNotices | Refusal | undefined>;
}

export interface TimelineQuery {
  readonly owner: string;
  readonly limit: number;
  /** Milliseconds since 1970: from then on, and before. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly cursor?: string | undefined;
}

/** Where each source goes on; null: it is over. */
interface Places {
  /** By asset: from which version on, downwards; 0: from the newest. */
  readonly entries: Readonly<Record<string, number>>;
  readonly happened: HappenedAt | 'newest' | null;
  readonly notices: string | null;
}

/** What one source has, the newest first; `place`: behind the last one. */
interface Row<T> {
  readonly all: readonly T[];
  /** There may be more behind the last one. */
  readonly hasMore: boolean;
}

/** A page of a member's time. */
export async function timeline(
  parts: TimelineParts,
  query: TimelineQuery,
): Promise<TimelinePage | Refusal> {
  const { owner, limit } = query;
  const places = query.cursor === undefined ? await begun(parts, owner) : placesIn(query.cursor);
  if (places === null) return refuse('CURSOR_INVALID', 'cursor');
  if (isRefusal(places)) return places;
  const found = await rowsOf(parts, query, places);
  if (isRefusal(found)) return found;
  const merge = new Merge(found, places);
  const drafts: Draft[] = [];
  while (drafts.length < limit) {
    const next = merge.next();
    if (next === undefined) break;
    drafts.push(next);
  }
  const items = await toldItems(parts, owner, drafts);
  return isRefusal(items) ? items : { items, cursor: merge.cursor(), behind: found.behind };
}

async function begun({ caller }: TimelineParts, owner: string): Promise<Places | Refusal> {
  const accounts = await caller.balance(owner);
  if (isRefusal(accounts)) return accounts;
  const entries = Object.fromEntries(accounts.map(({ asset }) => [asset, 0]));
  return { entries, happened: 'newest', notices: '' };
}

interface Rows {
  readonly entries: ReadonlyMap<string, Row<HistoryEntry>>;
  readonly happened: Row<Happened>;
  readonly notices: Row<ToldNotices[number]>;
  readonly behind: number;
}

async function rowsOf(
  parts: TimelineParts,
  query: TimelineQuery,
  places: Places,
): Promise<Rows | Refusal> {
  const [entries, happened, notices] = await Promise.all([
    entriesOf(parts, query, places.entries),
    happenedOf(parts, query, places.happened),
    noticesOf(parts, query, places.notices),
  ]);
  for (const one of [entries, happened, notices]) if (isRefusal(one)) return one;
  return {
    entries: entries as Rows['entries'],
    ...(happened as Pick<Rows, 'happened' | 'behind'>),
    notices: notices as Rows['notices'],
  };
}

async function entriesOf(
  { caller }: TimelineParts,
  { owner, limit, from, to }: TimelineQuery,
  places: Places['entries'],
): Promise<Rows['entries'] | Refusal> {
  const rows = new Map<string, Row<HistoryEntry>>();
  const pages = await Promise.all(
    Object.entries(places).map(async ([asset, version]) => {
      const range = { from, to, ...(version === 0 ? {} : { version }) };
      return [asset, await caller.entries({ owner, asset, ...range, limit, told: true })] as const;
    }),
  );
  for (const [asset, page] of pages) {
    if (isRefusal(page)) return page;
    rows.set(asset, { all: page.entries, hasMore: page.cursor !== undefined });
  }
  return rows;
}

async function happenedOf(
  { caller }: TimelineParts,
  { owner, limit, from = 0, to }: TimelineQuery,
  place: Places['happened'],
): Promise<Pick<Rows, 'happened' | 'behind'> | Refusal> {
  if (place === null) return { happened: NOTHING, behind: 0 };
  // Behind all that is not before `to`.
  const first = to === undefined ? undefined : { ...OLDEST_AT, time: to };
  const after = place === 'newest' ? first : place;
  const page = await caller.register.happened({ owner, after, limit });
  if (isRefusal(page)) return page;
  const all = page.happened.filter(({ time }) => time >= from);
  const hasMore = page.happened.length === limit && all.length === limit;
  return { happened: { all, hasMore }, behind: page.behind };
}

/** Behind all that happened at one time. */
const OLDEST_AT = { shard: 999, seq: 0, offset: 0 };
const NOTHING = { all: [], hasMore: false };

async function noticesOf(
  parts: TimelineParts,
  { limit, from = 0, to }: TimelineQuery,
  place: Places['notices'],
): Promise<Rows['notices'] | Refusal> {
  if (place === null) return NOTHING;
  const found = await parts.notices(place === '' ? undefined : place, limit);
  if (found === undefined) return NOTHING;
  if (isRefusal(found)) return found;
  const last = found.at(-1)?.notice.at ?? 0;
  const all = found.filter(({ notice: { at } }) => at >= from && (to === undefined || at < to));
  return { all, hasMore: found.length === limit && last >= from };
}

/** An item that is not looked up yet. */
interface Draft {
  readonly at: number;
  readonly seq: number;
  readonly entries: HistoryEntry[];
  readonly happened?: Happened;
  readonly notice?: ToldNotices[number]['notice'];
}

/** A source, and how far it is taken. */
interface Head {
  readonly asset?: string;
  readonly row: Row<{ readonly time?: number; readonly seq?: number }>;
  taken: number;
}

class Merge {
  readonly #heads: readonly Head[];
  readonly #rows: Rows;
  readonly #places: Places;

  constructor(rows: Rows, places: Places) {
    this.#rows = rows;
    this.#places = places;
    const notices = {
      ...rows.notices,
      all: rows.notices.all.map(({ notice }) => ({ time: notice.at, seq: 0 })),
    };
    this.#heads = [
      ...[...rows.entries].map(([asset, row]) => ({ asset, row, taken: 0 })),
      { row: rows.happened, taken: 0 },
      { row: notices, taken: 0 },
    ];
  }

  #next(head: Head): { readonly time: number; readonly seq: number } | undefined {
    const { time = 0, seq = 0 } = head.row.all[head.taken] ?? {};
    return head.taken < head.row.all.length ? { time, seq } : undefined;
  }

  /** The newest that is left; undefined: nothing is, or a source has to be read on first. */
  next(): Draft | undefined {
    let newest: Head | undefined;
    let first = { time: -1, seq: -1 };
    for (const head of this.#heads) {
      const next = this.#next(head);
      if (next === undefined) {
        if (head.row.hasMore) return undefined;
        continue;
      }
      if (next.time > first.time || (next.time === first.time && next.seq > first.seq)) {
        newest = head;
        first = next;
      }
    }
    return newest && this.#taken(newest, first.time);
  }

  #taken(head: Head, at: number): Draft {
    const { entries, happened, notices } = this.#rows;
    if (head.asset === undefined) {
      const index = head.taken++;
      if (head.row === happened) {
        const one = happened.all[index] as Happened;
        return { at, seq: one.seq, entries: [], happened: one };
      }
      const { notice } = notices.all[index] as ToldNotices[number];
      return { at, seq: 0, entries: [], notice };
    }
    const first = entries.get(head.asset)?.all[head.taken] as HistoryEntry;
    const taken: HistoryEntry[] = [];
    for (const one of this.#heads) {
      if (one.asset === undefined) continue;
      const row = entries.get(one.asset)?.all ?? [];
      for (; one.taken < row.length; one.taken++) {
        const entry = row[one.taken] as HistoryEntry;
        const isSame = entry === first || (first.id !== undefined && entry.id === first.id);
        if (!isSame || entry.seq !== first.seq) break;
        taken.push(entry);
      }
    }
    return { at, seq: first.seq, entries: taken };
  }

  #happenedAt(index: number): HappenedAt {
    const { time, shard, seq, offset } = this.#rows.happened.all[index] as Happened;
    return { time, shard, seq, offset };
  }

  /** Where it goes on where none was taken: right before the first one, so that what happens meanwhile is in no later page. */
  #happenedBefore(): Places['happened'] {
    if (this.#rows.happened.all.length === 0) return this.#places.happened;
    const first = this.#happenedAt(0);
    return { ...first, offset: first.offset + 1 };
  }

  /** Where the next page goes on; undefined: this was the last one. */
  cursor(): string | undefined {
    const entries: Record<string, number> = {};
    let isOver = true;
    for (const { asset, row, taken } of this.#heads) {
      const hasMore = row.hasMore || taken < row.all.length;
      if (hasMore) isOver = false;
      if (asset === undefined || !hasMore) continue;
      const all = this.#rows.entries.get(asset)?.all ?? [];
      const last = all[taken - 1];
      entries[asset] = last === undefined ? (all[0]?.version ?? 0) : last.version - 1;
    }
    if (isOver) return undefined;
    const [happened, notices] = this.#heads.slice(-2) as [Head, Head];
    const places: Places = {
      entries,
      happened: placeOf(happened, this.#happenedBefore(), (at) => this.#happenedAt(at)),
      notices: placeOf(
        notices,
        this.#places.notices,
        (at) => this.#rows.notices.all[at]?.cursor as string,
      ),
    };
    const text = JSON.stringify([places.entries, places.happened, places.notices]);
    return Buffer.from(text).toString('base64url');
  }
}

/** Where a source goes on. */
function placeOf<P>({ row, taken }: Head, before: P, at: (index: number) => P): P | null {
  if (!row.hasMore && taken >= row.all.length) return null;
  return taken === 0 ? before : at(taken - 1);
}

/** Places that a cursor says; null: it says none. */
function placesIn(cursor: string): Places | null {
  let said: unknown;
  try {
    said = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
  if (!Array.isArray(said) || said.length !== 3) return null;
  const [entries, happened, notices] = said as readonly unknown[];
  if (typeof entries !== 'object' || entries === null || Array.isArray(entries)) return null;
  const isVersion = (one: unknown): boolean => Number.isSafeInteger(one) && (one as number) >= 0;
  if (!Object.entries(entries).every(([asset, one]) => isAsset(asset) && isVersion(one)))
    return null;
  if (!isPlace(happened) || !(notices === null || typeof notices === 'string')) return null;
  // A version of 0 would begin anew.
  const left = Object.entries(entries as Places['entries']);
  return { entries: Object.fromEntries(left), happened, notices };
}

const isAsset = (text: string): boolean => /^[a-z0-9_]{1,32}$/.test(text);

function isPlace(value: unknown): value is Places['happened'] {
  if (value === null || value === 'newest') return true;
  if (typeof value !== 'object') return false;
  const { time, shard, seq, offset } = value as Partial<HappenedAt>;
  return [time, shard, seq, offset].every((one) => Number.isSafeInteger(one) && Number(one) >= 0);
}

// --- what commands were -----------------------------------------------------------------------------------------------

async function toldItems(
  { caller }: TimelineParts,
  owner: string,
  drafts: readonly Draft[],
): Promise<readonly Item[] | Refusal> {
  const ids = drafts.map(({ entries, happened }) => happened?.id ?? entries[0]?.id);
  const records = await Promise.all(
    ids.map((id) => (id === undefined ? undefined : caller.transfer(owner, id))),
  );
  const places = drafts.flatMap(({ seq, entries, happened }, i) => {
    const shard = happened?.shard ?? entries[0]?.shard;
    const id = ids[i];
    return id === undefined || shard === undefined ? [] : [{ shard, seq, id }];
  });
  const asked = await caller.register.asked(places);
  if (isRefusal(asked)) return asked;
  const by = new Map(places.map(({ seq, id }, i) => [`${seq} ${id}`, asked.principals[i]]));
  const items: Item[] = [];
  for (const [i, draft] of drafts.entries()) {
    const record = records[i];
    if (isRefusal(record)) return record;
    items.push(itemOf(draft, ids[i], record, by.get(`${draft.seq} ${ids[i]}`)));
  }
  return items;
}

function itemOf(
  { at, seq, entries, happened, notice }: Draft,
  id: string | undefined,
  record: TransferRecord | undefined,
  by: string | undefined,
): Item {
  if (notice !== undefined) return { type: 'notice', at, entries, notice };
  const [first] = entries;
  const shard = happened?.shard ?? first?.shard;
  if (id === undefined && happened === undefined)
    return { type: 'entry', at, shard, seq, entries, kind: first?.kind };
  const told = { type: 'command', at, shard, seq, id, isOwn: record !== undefined, by } as const;
  const { kind, ref, memo } = first ?? {};
  const about = { kind, ref, memo, entries };
  // Of what was decided between shards the record says more.
  const operation = record?.command.type ?? happened?.type;
  const act = happened?.act ?? first?.act?.name;
  if (record === undefined)
    return { ...told, ...about, operation, act, outcome: happened?.outcome ?? 'ok' };
  const { command, outcome, remaining } = record;
  return {
    ...{ ...told, ...about, operation, act: act ?? actOf(command), remaining },
    body: bodyOf(command),
    outcome: outcome.ok ? 'ok' : outcome.code,
    problem:
      outcome.ok || outcome.code === 'PREPARED'
        ? undefined
        : problemOf({ ...outcome, replayed: false }),
    effects: outcome.ok ? outcome.act?.effects : undefined,
    why: outcome.ok ? outcome.act?.why : undefined,
  };
}

const actOf = (command: Command): string | undefined =>
  command.type === 'act' ? command.act : undefined;

/** What was asked, without what the item says already. */
function bodyOf(command: Command): object {
  if (command.type === 'act') return command.body;
  const {
    type: _,
    id: __,
    kind: ___,
    ref: ____,
    memo: _____,
    ...body
  } = command as Command & Readonly<Record<string, unknown>>;
  return body;
}
