// What boards count, as the logs say it. Owns: which boards count at a block, by the definitions that its shard knows there. Never touches:
// scores.
//   boards.D1. A board counts on a shard what is logged from the time on when its definition decides, as soon as the shard has it: the same in
//       whatever order the logs of shards are looked at.

import { NEVER } from '../../limits.js';
import { leaderboard, programme, zoneOf } from '../../programme/definitions/index.js';
import type { Offsets } from '../../programme/definitions/kind.js';
import type { BoardCounts } from '../../programme/definitions/leaderboard.js';
import { ZoneTables } from '../../programme/definitions/zone-tables.js';
import type { Board } from '../../programme/leaderboards/periods.js';
import type { DefinitionVersion } from '../../protocol/outcomes.js';

/** A board that counts. */
export interface Counting {
  readonly key: string;
  readonly board: Board;
  /** Of its programme. */
  readonly asset: string;
  readonly offsets: Offsets;
  readonly counts: BoardCounts;
  readonly events: ReadonlySet<string> | undefined;
  readonly rules: ReadonlySet<string> | undefined;
  readonly kinds: ReadonlySet<string> | undefined;
}

/** Those that count at a time. */
export interface CountingBoards {
  readonly list: readonly Counting[];
  readonly hasKinds: boolean;
}

const KEPT: ReadonlySet<string> = new Set([leaderboard.name, programme.name]);
const UTC: Offsets = [0, 0];
const NONE: CountingBoards = { list: [], hasKinds: false };

/** Is it a definition that boards go by? */
export const concernsBoards = (version: DefinitionVersion): boolean =>
  version.number > 0 && (KEPT.has(version.kind) || zoneOf(version) !== undefined);

const setOf = (names: readonly string[] | undefined) => names && new Set(names);

export class BoardRules {
  /** By number. */
  readonly #versions = new Map<number, DefinitionVersion>();
  /** By kind and key, in the order in which they were said. */
  readonly #of = new Map<string, DefinitionVersion[]>();
  #zones = new ZoneTables();
  /** What counts, by how many definitions a shard knows, and until when. */
  readonly #found = new Map<number, { from: number; until: number; boards: CountingBoards }>();

  get versions(): readonly DefinitionVersion[] {
    return [...this.#versions.values()];
  }

  /** Takes a version that some shard has, once. Returns whether it was not known. */
  add(version: DefinitionVersion): boolean {
    if (this.#versions.has(version.number)) return false;
    this.#versions.set(version.number, version);
    const name = `${version.kind} ${version.key}`;
    const all = [...(this.#of.get(name) ?? []), version];
    this.#of.set(
      name,
      all.sort((a, b) => a.number - b.number),
    );
    this.#zones = new ZoneTables();
    for (const number of [...this.#versions.keys()].sort((a, b) => a - b))
      this.#zones.add(this.#versions.get(number) as DefinitionVersion);
    this.#found.clear();
    return true;
  }

  clear(): void {
    this.#versions.clear();
    this.#of.clear();
    this.#found.clear();
    this.#zones = new ZoneTables();
  }

  /** The version that decides at a time, of those that are known. */
  #active(name: string, time: number, known: number): DefinitionVersion | undefined {
    const found = this.#of
      .get(name)
      ?.findLast(({ number, activeFrom }) => number <= known && activeFrom <= time);
    return found?.state === 'active' ? found : undefined;
  }

  /** The version that decides at a time, or was the last to do so. */
  #latest(name: string, time: number): DefinitionVersion | undefined {
    return this.#of
      .get(name)
      ?.findLast(({ state, activeFrom }) => state === 'active' && activeFrom <= time);
  }

  /** A board as it counts at a time; undefined: it does not. */
  board(key: string, time: number, known = NEVER): Counting | undefined {
    const version = this.#active(`${leaderboard.name} ${key}`, time, known);
    const board = version?.document as Board | undefined;
    const of = board && this.#active(`${programme.name} ${board.programme}`, time, known);
    return of && this.#counting(key, board, of, time);
  }

  /** A board as it counts at a time, or did when it was retired; undefined: there never was one. */
  boardEver(key: string, time: number): Counting | undefined {
    const version = this.#latest(`${leaderboard.name} ${key}`, time);
    const board = version?.document as Board | undefined;
    const of = board && this.#latest(`${programme.name} ${board.programme}`, time);
    return of && this.#counting(key, board, of, time);
  }

  #counting(key: string, board: Board, of: DefinitionVersion, time: number): Counting {
    const { zone, asset } = of.document as { readonly zone: string; readonly asset: string };
    return {
      ...{ key, board, asset, events: setOf(board.events), rules: setOf(board.rules) },
      kinds: setOf(board.kinds),
      counts: board.counts ?? 'points',
      offsets:
        of.zoneOffsets === undefined ? UTC : this.#zones.ofDefinition(zone, of.zoneOffsets, time),
    };
  }

  /** All boards that count at a block of a shard that knows so many definitions. */
  at(time: number, known: number): CountingBoards {
    const last = this.#found.get(known);
    if (last !== undefined && time >= last.from && time < last.until) return last.boards;
    let [from, until] = [0, NEVER];
    for (const { activeFrom } of this.#versions.values())
      if (activeFrom <= time) from = Math.max(from, activeFrom);
      else until = Math.min(until, activeFrom);
    const list = this.keys().flatMap((key) => this.board(key, time, known) ?? []);
    const boards =
      list.length === 0 ? NONE : { list, hasKinds: list.some(({ kinds }) => kinds !== undefined) };
    if (this.#found.size > 64) this.#found.clear();
    this.#found.set(known, { from, until, boards });
    return boards;
  }

  /** The keys of all boards that there ever were, sorted. */
  keys(): string[] {
    const prefix = `${leaderboard.name} `;
    return [...this.#of.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
      .sort();
  }

  /** When a board first decided; undefined: there is none. */
  firstFrom(key: string): number | undefined {
    return this.#of.get(`${leaderboard.name} ${key}`)?.[0]?.activeFrom;
  }
}
