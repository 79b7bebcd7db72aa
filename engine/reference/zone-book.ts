// What becomes known of time zones while a ledger runs. Owns: that the first shard is told a newer table of a zone in use where this process knows one.
// Never touches: what comes of it (programme/definitions/zone-tables.ts).
//   reference.R7. Assets and definitions go by one newer table of their zone. It says how far it is the one before: a day that has begun stays as it is.
//   reference.R8. No table is within ZONE_YEARS_AHEAD of its end while a node with the first shard runs.
//   reference.R9. Older rules never follow newer ones, whichever node has the first shard.

import { DAY_MS, DEFINITION_LEAD_MS, NEVER, ZONE_LEAD_MS } from '../limits.js';
import type { Offsets } from '../programme/definitions/kind.js';
import { zone as kind } from '../programme/definitions/zone.js';
import { joined, offsetsFrom, ZoneTables } from '../programme/definitions/zone-tables.js';
import type { PutDefinitionCommand } from '../protocol/commands.js';
import { isRefusal } from '../protocol/outcomes.js';
import type { Router } from '../router/router.js';
import type { Answer } from '../shard/messages.js';
import { lastYearAt, type ZoneData } from './zones.js';

type Told = Extract<Answer, { type: 'definitions-since' }>;

/** From when on a table may be another one, if it is said now. */
const changesFrom = (time: number): number =>
  DAY_MS * (Math.ceil((time + DEFINITION_LEAD_MS + ZONE_LEAD_MS) / DAY_MS) + 1);

/** What to say of a zone, whose `tables` are in use; undefined: nothing is new. */
export function newsOf(
  zone: string,
  tables: readonly Offsets[],
  known: ZoneTables,
  today: Pick<ZoneData, 'rules' | 'offsetsOf'>,
  time: number,
): PutDefinitionCommand | undefined {
  const newest = known.newest(zone);
  const { rules } = today;
  if (newest !== undefined && (newest.document?.['rules'] as string) > rules) return undefined;
  const offsets = today.offsetsOf(zone);
  const now = tables.map((one) => known.offsetsAt(zone, one, NEVER));
  const [first] = now;
  if (offsets === undefined || first === undefined) return undefined;
  const from = changesFrom(time);
  const wanted = offsetsFrom(from, offsets).join();
  if (now.every((one) => offsetsFrom(from, one).join() === wanted)) return undefined;
  return {
    ...{ type: 'put-definition', kind: kind.name, key: zone, state: 'active' },
    document: { zone, from, rules },
    zoneOffsets: joined(first, from, offsets),
    ifVersion: newest?.version ?? 0,
  };
}

export class ZoneBook {
  readonly #router: Router;
  readonly #data: ZoneData;
  readonly #known = new ZoneTables();
  /** How many definitions it has read. */
  #read = 0;
  /** What it has looked at last. */
  #looked = '';
  #assets: unknown;

  constructor(router: Router, data: ZoneData) {
    this.#router = router;
    this.#data = data;
  }

  /** Says what is new, where the first shard has `count` definitions at this block time of its own. */
  async look(time: number, count: number): Promise<void> {
    const { list } = this.#router.assets;
    const looked = `${count} ${lastYearAt(time)}`;
    if (looked === this.#looked && list === this.#assets) return;
    await this.#readOn(count);
    for (const [zone, tables] of this.#inUse()) {
      const news = newsOf(zone, tables, this.#known, this.#data, time);
      if (news === undefined) continue;
      const outcome = await this.#router.submit(news, { shard: 0 });
      if (!outcome.ok) throw new Error(`zone ${zone} has a newer table: ${outcome.code}`);
    }
    this.#looked = looked;
    this.#assets = list;
  }

  async #readOn(count: number): Promise<void> {
    while (this.#read < count) {
      const asked = { type: 'definitions-since', after: this.#read } as const;
      const answer = await this.#router.ask<'definitions-since'>(asked, 0);
      if (isRefusal(answer)) throw new Error(`zones: ${answer.code}`);
      for (const version of (answer as Told).versions) {
        this.#known.add(version);
        this.#read = version.number;
      }
    }
  }

  /** Zones that assets or definitions name, each with the tables that were written down with them. */
  #inUse(): Map<string, Offsets[]> {
    const tables = new Map(this.#known.first.map(([zone, offsets]) => [zone, [offsets]]));
    for (const { zone, zoneOffsets } of this.#router.assets.list) {
      if (zone === undefined || zoneOffsets === undefined) continue;
      const found = tables.get(zone);
      if (found === undefined) tables.set(zone, [zoneOffsets]);
      else found.push(zoneOffsets);
    }
    return tables;
  }
}
