// Tables of time zones, as they are now. Owns: what comes of a table that was written down first and of the newer ones (kind `zone`). Never touches:
// where newer ones come from (engine/reference/zone-book.ts); the zone data of the process.
//   zones.Z1. A newer table counts from its `from` on: before, the offsets of an asset or definition stay those it has.
//   zones.Z2. Which table counts follows from the definitions and block time: in a replay as it was, and, for what decides, on every shard alike.
//   zones.Z3. After the end of a table its last offset goes on.

import type { DefinitionVersion } from '../../protocol/outcomes.js';
import { zone as newer, zoneOf } from './index.js';
import type { Offsets, Zones } from './kind.js';

/** What is known of a zone. */
interface Known {
  /** As the first definition that names it has it: all definitions do. */
  first: Offsets | undefined;
  /** Newer tables, in the order in which they were said. */
  readonly newer: DefinitionVersion[];
  /** What came of a table that was written down first and of a newer one. */
  readonly made: WeakMap<Offsets, { readonly by: DefinitionVersion; readonly offsets: Offsets }>;
}

/** When newer tables begin to count for days. */
const fromOf = ({ document }: DefinitionVersion): number => document?.['from'] as number;

/** The offsets from `from` on: that one, then the changes. */
export function offsetsFrom(from: number, offsets: Offsets): number[] {
  const rest: number[] = [from, offsets[1] as number];
  for (let i = 0; i < offsets.length; i += 2) {
    const [at, offset] = [offsets[i] as number, offsets[i + 1] as number];
    if (at <= from) rest[1] = offset;
    else rest.push(at, offset);
  }
  return rest;
}

/** Those of `before` up to `from`, and those of `after` from then on. */
export function joined(before: Offsets, from: number, after: Offsets): Offsets {
  const both = before.filter((_, i) => (before[i - (i % 2)] as number) < from);
  const rest = offsetsFrom(from, after);
  return both.concat(both.at(-1) === rest[1] ? rest.slice(2) : rest);
}

export class ZoneTables implements Zones {
  readonly #zones = new Map<string, Known>();
  #hasNewer = false;

  /** Takes a version that decides. */
  add(version: DefinitionVersion): void {
    const { kind, zoneOffsets } = version;
    const zone = zoneOf(version);
    if (zone === undefined || zoneOffsets === undefined) return;
    let known = this.#zones.get(zone);
    if (known === undefined) {
      known = { first: undefined, newer: [], made: new WeakMap() };
      this.#zones.set(zone, known);
    }
    if (kind === newer.name) {
      known.newer.push(version);
      this.#hasNewer = true;
    } else known.first ??= zoneOffsets;
  }

  /** The zones that definitions name, each with its first table. */
  get first(): [zone: string, offsets: Offsets][] {
    return [...this.#zones].flatMap(([name, { first }]) => (first ? [[name, first]] : []));
  }

  /** The newest table of a zone; undefined: there is none but the first ones. */
  newest(zone: string): DefinitionVersion | undefined {
    return this.#zones.get(zone)?.newer.at(-1);
  }

  offsetsAt(zone: string, own: Offsets, time: number): Offsets {
    if (!this.#hasNewer) return own;
    const known = this.#zones.get(zone);
    const by = known?.newer.findLast(({ activeFrom }) => activeFrom <= time);
    if (known === undefined || by === undefined) return own;
    const made = known.made.get(own);
    if (made?.by === by) return made.offsets;
    // What is newer was made on what was there before, so from the first one's time on the newest says all.
    const from = fromOf(known.newer[0] as DefinitionVersion);
    const offsets = joined(own, from, by.zoneOffsets as Offsets);
    known.made.set(own, { by, offsets });
    return offsets;
  }

  ofDefinition(zone: string, own: Offsets, time: number): Offsets {
    return this.offsetsAt(zone, this.#zones.get(zone)?.first ?? own, time);
  }
}
