// What reports should say, worked out of the ledger's own histories and feed, one entry after the other. Owns: that model. Never touches: tables, SQL.

import type { FeedItem, HistoryEntry, Outcome, TransferRecord } from '../../engine/index.js';
import type { Year } from './year.js';

type Posted = Extract<Outcome, { ok: true }>;
type Effect = Readonly<Record<string, any>>;

/** An act that was posted, where its home is. */
export interface Done {
  readonly owner: string;
  readonly id: string;
  readonly act: string;
  readonly body: Readonly<Record<string, any>>;
  readonly effects: readonly Effect[];
  readonly why: Effect;
  readonly time: number;
  /** When what it reports happened. */
  readonly at: number;
}

export interface History extends HistoryEntry {
  /** Was the member active by it? */
  readonly acted: boolean;
}

/** Of one member a reversal too few is read: pages are as large as they get. */
const PAGE = 1_000;

/** All that the ledger says of a year, as it tells it itself. */
export class Told {
  readonly year: Year;
  readonly entries: readonly History[];
  readonly redeemed: readonly HistoryEntry[];
  readonly done: readonly Done[];

  private constructor(
    year: Year,
    entries: readonly History[],
    redeemed: readonly HistoryEntry[],
    done: readonly Done[],
  ) {
    this.year = year;
    this.entries = entries;
    this.redeemed = redeemed;
    this.done = done;
  }

  static async of(year: Year): Promise<Told> {
    const { engine, members } = year;
    const history = async (
      owner: string,
      asset: string,
      shard?: number,
    ): Promise<HistoryEntry[]> => {
      const all: HistoryEntry[] = [];
      for (let cursor: string | undefined; ; ) {
        const asked = { owner, asset, shard, order: 'oldest', limit: PAGE, cursor } as const;
        const page = await engine.entries(asked);
        if (!page.ok) throw new Error(JSON.stringify(page));
        all.push(...page.entries);
        cursor = page.cursor;
        if (cursor === undefined) return all;
      }
    };
    const entries: History[] = [];
    const redeemed: HistoryEntry[] = [];
    for (const { asset } of engine.assets()) {
      for (const owner of members)
        for (const one of await history(owner, asset))
          entries.push({
            ...one,
            acted: (one.earned > 0 || one.spent > 0) && one.type !== 'reverse',
          });
      for (const shard of engine.shardsHere)
        redeemed.push(...(await history('@redeem', asset, shard)));
    }
    const done: Done[] = [];
    for (const shard of engine.shardsHere)
      for (const { item, time } of await feedOf(year, shard)) done.push(...acts(item, time));
    return new Told(
      year,
      entries,
      redeemed,
      done.filter(({ owner }) => members.includes(owner)),
    );
  }

  /** What is left of the legs of a command, as the ledger itself says. */
  async left(owner: string, id: string): Promise<readonly number[]> {
    const found = (await this.year.engine.transfer(owner, id)) as TransferRecord;
    return found.remainingLegs ?? [found.remaining ?? 0];
  }
}

async function feedOf(year: Year, shard: number): Promise<{ item: FeedItem; time: number }[]> {
  const { shards } = await year.engine.stats();
  const head = shards.find((one) => one.shard === shard)?.durableSeq ?? 0;
  const found: { item: FeedItem; time: number }[] = [];
  await new Promise<void>((resolve, reject) => {
    const end = year.engine.subscribe(
      shard,
      1,
      ({ seq, time, items }) => {
        found.push(...items.map((item) => ({ item, time })));
        if (seq < head) return;
        setImmediate(() => end());
        resolve();
      },
      reject,
    );
  });
  return found;
}

function acts({ command, transfer, outcome }: FeedItem, time: number): Done[] {
  const said = (transfer ?? command) as Readonly<Record<string, any>>;
  if (!outcome.ok || (said['type'] !== 'act' && said['type'] !== 'reverse')) return [];
  const { act, id } = outcome as Posted;
  // Elsewhere than at its home an act between shards tells no effects.
  if (act === undefined) return [];
  const body = (said['body'] ?? {}) as Done['body'];
  const at = Math.min((body['time'] as number | undefined) ?? time, time);
  const { effects, why } = act;
  return [
    {
      owner: said['owner'],
      id: id as string,
      act: said['act'] ?? 'reverse',
      body,
      effects,
      why,
      time,
      at,
    },
  ];
}

// --- days -------------------------------------------------------------------------------------------------------

const formats = new Map<string, Intl.DateTimeFormat>();

/** The day of a time, `2026-11-30`, by the machine's own calendar. */
export function dayAt(zone: string, time: number): string {
  let format = formats.get(zone);
  if (format === undefined) {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, ...parts });
    formats.set(zone, format);
  }
  return format.format(time);
}

const DAY_MS = 86_400_000;
export const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / DAY_MS;

/** The first day of the day, week or month that a day is in. */
export function bucket(interval: string, day: string): string {
  if (interval === 'month') return `${day.slice(0, 8)}01`;
  if (interval === 'day') return day;
  const number = dayNumber(day);
  return new Date((number - ((number + 3) % 7)) * DAY_MS).toISOString().slice(0, 10);
}

/** A share to six decimals, half away from zero. */
export const share = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.sign(part / whole) * (Math.round(Math.abs((part / whole) * 1e6)) / 1e6);

/** Rows that are put together by some of their values; sums of the others. */
export class Rows {
  readonly #rows = new Map<
    string,
    { keys: readonly any[]; sums: number[]; members: Set<string>[] }
  >();
  readonly #sums: number;
  readonly #counts: number;

  /** So many sums, and so many counts of different members. */
  constructor(sums: number, counts: number) {
    this.#sums = sums;
    this.#counts = counts;
  }

  add(
    keys: readonly any[],
    sums: readonly number[],
    members: readonly (string | false)[] = [],
  ): void {
    const name = JSON.stringify(keys);
    let row = this.#rows.get(name);
    if (row === undefined) {
      const counted = Array.from({ length: this.#counts }, () => new Set<string>());
      row = { keys, sums: new Array(this.#sums).fill(0), members: counted };
      this.#rows.set(name, row);
    }
    for (const [i, sum] of sums.entries()) row.sums[i]! += sum;
    for (const [i, member] of members.entries()) if (member !== false) row.members[i]!.add(member);
  }

  /** In the order of their keys, null last. */
  told(): any[][] {
    return [...this.#rows.values()]
      .sort((a, b) => order(a.keys, b.keys))
      .map(({ keys, sums, members }) => [...keys, ...sums, ...members.map(({ size }) => size)]);
  }
}

export function order(a: readonly any[], b: readonly any[]): number {
  for (const [i, one] of a.entries()) {
    const other = b[i];
    if (one === other) continue;
    if (one === null || other === null) return one === null ? 1 : -1;
    return one < other ? -1 : 1;
  }
  return 0;
}
