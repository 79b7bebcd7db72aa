// Definitions of a programme as a shard has them. Owns: which version decides at which time. Never touches: what documents say.
//   ledger.V1. Versions that decide have numbers 1, 2, 3 .. in the order in which they were said; every shard takes them in that order.
//   ledger.V2. From its time on, a version goes before all that were said before it; a draft has no time, and never decides.
//   ledger.V8. A definition is found under the group that the version says that decides, and under no other.
//   ledger.V3. Drafts, and what only shows, are on the first shard alone.

import { NEVER } from '../limits.js';
import { kindOf } from '../programme/definitions/index.js';
import { Deciding, type Definitions } from '../programme/definitions/kind.js';
import { ZoneTables } from '../programme/definitions/zone-tables.js';
import type { DefinitionVersion } from '../protocol/outcomes.js';

const NONE: readonly DefinitionVersion[] = [];
/** Groups of a kind of which is kept what was found. */
const GROUPS_KEPT = 4_096;

/** About how many bytes a version takes. */
export const bytesOf = ({ document, zoneOffsets = [] }: DefinitionVersion): number =>
  64 + JSON.stringify(document ?? {}).length + 3 * zoneOffsets.length;

/** What of a group decides, and in which span of block time. */
interface Found {
  readonly from: number;
  readonly until: number;
  readonly versions: readonly DefinitionVersion[];
}

/** The group that a version says it belongs to; undefined: none. */
const groupOf = ({ kind, document }: DefinitionVersion): string | undefined =>
  document === undefined ? undefined : kindOf(kind)?.group?.(document as never);

export class DefinitionTable implements Definitions {
  /** All versions, in the order in which they were said. */
  readonly list: DefinitionVersion[] = [];
  /** How many of them decide: the last number given. */
  count = 0;
  /** How many there are of kinds of which there are very many, and of all others; and about how many bytes they take. */
  readonly many = { versions: 0, bytes: 0 };
  readonly others = { versions: 0, bytes: 0 };
  /** The tables of zones that definitions name. */
  readonly zones = new ZoneTables();
  /** By kind and then by key, all versions from the first on. */
  readonly #kinds = new Map<string, Map<string, DefinitionVersion[]>>();
  /** By kind and then by group, the keys that have ever been in it. */
  readonly #groups = new Map<string, Map<string, Set<string>>>();
  /** What was found, by kind and then by group, since a version was added. */
  readonly #found = new Map<string, Map<string, Found>>();
  /** The keys of a kind, sorted, since one was added. */
  readonly #sorted = new Map<string, readonly string[]>();
  /** Those that decide, by number - 1. */
  readonly #deciding: DefinitionVersion[] = [];
  /** From when on each of them does, the soonest first. */
  readonly #turns: number[] = [];
  /** The span that was asked for last, since a version was added. */
  #span: Deciding | undefined;

  decidingAt(time: number): Deciding {
    const last = this.#span;
    if (last !== undefined && time >= last.from && time < last.until) return last;
    const next = this.#turnsUntil(time);
    const from = this.#turns[next - 1] ?? Number.NEGATIVE_INFINITY;
    const until = this.#turns[next] ?? Number.POSITIVE_INFINITY;
    this.#span = new Deciding(from, until);
    return this.#span;
  }

  /** How many versions decide from this time or before it. */
  #turnsUntil(time: number): number {
    let [low, high] = [0, this.#turns.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#turns[middle] as number) > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The version that decides at this block time; undefined: none does. */
  active(kind: string, key: string, time: number): DefinitionVersion | undefined {
    const versions = this.versions(kind, key);
    for (let i = versions.length - 1; i >= 0; i--) {
      const version = versions[i] as DefinitionVersion;
      if (version.number === 0 || version.activeFrom > time) continue;
      return version.state === 'active' ? version : undefined;
    }
    return undefined;
  }

  ofGroup(kind: string, group: string, time: number): readonly DefinitionVersion[] {
    let known = this.#found.get(kind);
    if (known === undefined) this.#found.set(kind, (known = new Map()));
    let found = known.get(group);
    if (found === undefined || time < found.from || time >= found.until) {
      if (known.size >= GROUPS_KEPT) known.clear();
      found = this.#find(kind, group, time);
      known.set(group, found);
    }
    return found.versions;
  }

  #find(kind: string, group: string, time: number): Found {
    const keys = this.#groups.get(kind)?.get(group);
    if (keys === undefined) return { from: 0, until: NEVER, versions: NONE };
    let [from, until] = [0, NEVER];
    for (const key of keys)
      for (const { number, activeFrom } of this.versions(kind, key)) {
        if (number === 0) continue;
        if (activeFrom <= time) from = Math.max(from, activeFrom);
        else until = Math.min(until, activeFrom);
      }
    const versions = [...keys].sort().flatMap((key) => {
      const version = this.active(kind, key, time);
      return version !== undefined && groupOf(version) === group ? [version] : [];
    });
    return { from, until, versions };
  }

  /** The versions that decide at this block time or may come to, the oldest first: also those that end it. */
  counting(kind: string, key: string, time: number): readonly DefinitionVersion[] {
    const deciding = this.versions(kind, key).filter(({ number }) => number > 0);
    const now = deciding.findLastIndex(({ activeFrom }) => activeFrom <= time);
    return deciding.slice(Math.max(now, 0));
  }

  /** Another one with the same versions. */
  copy(): DefinitionTable {
    const table = new DefinitionTable();
    for (const version of this.list) table.add(version);
    return table;
  }

  /** All versions of a definition that are known here, from the first on. */
  versions(kind: string, key: string): readonly DefinitionVersion[] {
    return this.#kinds.get(kind)?.get(key) ?? NONE;
  }

  /** With what definitions of a kind are counted. */
  shareOf(kind: string): { versions: number; bytes: number } {
    return kindOf(kind)?.isMany === true ? this.many : this.others;
  }

  /** The keys of a kind, sorted. */
  keys(kind: string): readonly string[] {
    let keys = this.#sorted.get(kind);
    if (keys === undefined) {
      keys = [...(this.#kinds.get(kind)?.keys() ?? [])].sort();
      this.#sorted.set(kind, keys);
    }
    return keys;
  }

  /** So many keys of a kind that come after this one, sorted. */
  keysAfter(kind: string, after: string, limit: number): readonly string[] {
    const keys = this.keys(kind);
    let [low, high] = [0, keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((keys[middle] as string) > after) high = middle;
      else low = middle + 1;
    }
    return keys.slice(low, low + limit);
  }

  /** The version with this number, from 1 on. */
  numbered(number: number): DefinitionVersion | undefined {
    return this.#deciding[number - 1];
  }

  /** What tells the version with this number from any other that could have its place; 0: of none. */
  mark(number: number): string {
    const version = this.numbered(number);
    if (version === undefined) return '';
    const { kind, key, version: ofKey, activeFrom, definedAt } = version;
    return `${kind} ${key} ${ofKey} ${activeFrom} ${definedAt}`;
  }

  /** Adds a version: the next one of its definition, and, where it decides, the next one of all. */
  add(version: DefinitionVersion): void {
    const { kind, key, number } = version;
    if (number !== 0 && number !== this.count + 1)
      throw new Error(`V1: definition ${number} after ${this.count}`);
    let keys = this.#kinds.get(kind);
    if (keys === undefined) this.#kinds.set(kind, (keys = new Map()));
    const versions = keys.get(key);
    if (versions === undefined) {
      keys.set(key, [version]);
      this.#sorted.delete(kind);
    } else versions.push(version);
    this.list.push(version);
    const share = this.shareOf(kind);
    share.versions++;
    share.bytes += bytesOf(version);
    if (number === 0) return;
    const group = groupOf(version);
    if (group !== undefined) {
      let groups = this.#groups.get(kind);
      if (groups === undefined) this.#groups.set(kind, (groups = new Map()));
      const others = groups.get(group);
      if (others === undefined) groups.set(group, new Set([key]));
      else others.add(key);
    }
    this.#found.get(kind)?.clear();
    this.#span = undefined;
    this.#turns.splice(this.#turnsUntil(version.activeFrom), 0, version.activeFrom);
    this.count = number;
    this.#deciding.push(version);
    this.zones.add(version);
  }
}
