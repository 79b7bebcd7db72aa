// Which members were seen with something (an address, a device, a code) in a window that slides, in bounded room. Owns: the sets. Never touches: what
// they are of, what follows from them.
//   engine-risk.G1. Most have one member: that takes a cell of 22 bytes. Two and more are a set with names, exact up to GROUP_NAMES_MAX members; how many
//       more there are is estimated (engine-risk.D1).
//   engine-risk.G2. Where there is no room, it forgets and never invents, but for one chance in 65,536 that a second member is taken for the first: a
//       set is too small at most. Cells go oldest first; of sets, those that are over, then the smallest of those that were seen longest ago.
//   engine-risk.G3. What another node has counted is a floor: a set is never told smaller than that within the window.

import { Distinct } from './distinct.js';
import { PANES, paneMsOf, paneOf } from './panes.js';

const WAYS = 8;
const CELLS_FIRST = 1_024;
/** Members of a set that are kept with their names. */
export const GROUP_NAMES_MAX = 64;
/** Sets that are looked at for one that can go. */
const LOOKED_AT = 64;
const FINGERPRINTS = 65_536;
/** Bytes of a cell. */
export const CELL_BYTES = 8 + 4 + 2 + 8;

/** The block in which the member was seen, so that its name can be read again. */
export type Where = number;
const SEQS = 2 ** 44;
export const whereOf = (shard: number, seq: number): Where => (shard + 1) * SEQS + seq;
export const blockAt = (where: Where): readonly [shard: number, seq: number] => [
  Math.floor(where / SEQS) - 1,
  where % SEQS,
];
/** It was seen by another node. */
export const ELSEWHERE: Where = 0;

/** A member of a set. */
export interface Seen {
  /** Its digest; below 0: of that only `-(fingerprint + 1)` is known. */
  digest: number;
  pane: number;
  /** Undefined: it is to be read where it was seen, or on another node. */
  name: string | undefined;
  where: Where;
}

interface Group {
  readonly members: Seen[];
  pane: number;
  sketch: Distinct | undefined;
  /** What another node has counted, and when. */
  floor: number;
  floorPane: number;
}

const fingerprintOf = (digest: number): number => Math.floor(digest / 32) % FINGERPRINTS;

export interface GroupsOptions {
  readonly windowMs: number;
  /** Powers of two. */
  readonly cellsMax: number;
  readonly groupsMax: number;
  readonly sketchesMax: number;
}

export class Groups {
  readonly #paneMs: number;
  readonly #options: GroupsOptions;
  #keys = new Float64Array(CELLS_FIRST);
  #panes = new Uint32Array(CELLS_FIRST);
  #prints = new Uint16Array(CELLS_FIRST);
  #wheres = new Float64Array(CELLS_FIRST);
  /** The one that was touched longest ago first. */
  readonly #groups = new Map<number, Group>();
  #sketches = 0;
  /** How often one was forgotten whose window was not over. */
  forgotten = 0;

  constructor(options: GroupsOptions) {
    this.#options = options;
    this.#paneMs = paneMsOf(options.windowMs);
  }

  get sets(): number {
    return this.#groups.size;
  }

  get bytes(): number {
    return this.#keys.length * CELL_BYTES;
  }

  /** Is this member the one of which only the fingerprint is known? */
  isPrint(digest: number, member: number): boolean {
    return digest === -fingerprintOf(member) - 1;
  }

  paneOf(time: number): number {
    return paneOf(time, this.#paneMs);
  }

  /** A member was seen: true where that is news to who counts elsewhere. */
  see(key: number, digest: number, name: string | undefined, where: Where, time: number): boolean {
    const pane = this.paneOf(time);
    const group = this.#groups.get(key);
    if (group !== undefined) return this.#seeIn(group, key, { digest, pane, name, where });
    const first = this.#bucketOf(key);
    let oldest = first;
    for (let cell = first; cell < first + WAYS; cell++) {
      if (this.#keys[cell] === key) return this.#seeAgain(cell, { digest, pane, name, where });
      if (this.#ageOf(cell, pane) > this.#ageOf(oldest, pane)) oldest = cell;
    }
    if (this.#ageOf(oldest, pane) <= PANES) {
      if (this.#keys.length < this.#options.cellsMax) {
        this.#grow(pane);
        return this.see(key, digest, name, where, time);
      }
      this.forgotten++;
    }
    this.#keys[oldest] = key;
    this.#panes[oldest] = pane;
    this.#prints[oldest] = fingerprintOf(digest);
    this.#wheres[oldest] = where;
    return true;
  }

  /** Another node has counted so many. */
  told(key: number, count: number, time: number): void {
    const pane = this.paneOf(time);
    const group = this.#groups.get(key) ?? this.#made(key, pane);
    group.floor = group.floorPane + PANES >= pane ? Math.max(group.floor, count) : count;
    group.floorPane = Math.max(group.floorPane, pane);
  }

  /** How many there were. */
  count(key: number, time: number): number {
    const pane = this.paneOf(time);
    const group = this.#groups.get(key);
    if (group === undefined) return this.#cellOf(key, pane) < 0 ? 0 : 1;
    const floor = group.floorPane + PANES >= pane ? group.floor : 0;
    const exact = group.members.filter((one) => one.pane + PANES >= pane).length;
    return Math.max(floor, exact, group.sketch?.count(pane) ?? 0);
  }

  /** Those of them that are kept. */
  members(key: number, time: number): readonly Seen[] {
    const pane = this.paneOf(time);
    const group = this.#groups.get(key);
    if (group !== undefined) return group.members.filter((one) => one.pane + PANES >= pane);
    const cell = this.#cellOf(key, pane);
    return cell < 0 ? [] : [this.#inCell(cell)];
  }

  // --- one member -------------------------------------------------------------------------------------------------

  #bucketOf(key: number): number {
    return (key % (this.#keys.length / WAYS)) * WAYS;
  }

  #ageOf(cell: number, pane: number): number {
    return this.#keys[cell] === 0 ? FINGERPRINTS : pane - (this.#panes[cell] as number);
  }

  #cellOf(key: number, pane: number): number {
    const first = this.#bucketOf(key);
    for (let cell = first; cell < first + WAYS; cell++)
      if (this.#keys[cell] === key && this.#ageOf(cell, pane) <= PANES) return cell;
    return -1;
  }

  #inCell(cell: number): Seen {
    return {
      digest: -(this.#prints[cell] as number) - 1,
      pane: this.#panes[cell] as number,
      name: undefined,
      where: this.#wheres[cell] as number,
    };
  }

  #seeAgain(cell: number, seen: Seen): boolean {
    const before = this.#panes[cell] as number;
    const isOver = seen.pane - before > PANES;
    if (!isOver && this.#prints[cell] !== fingerprintOf(seen.digest)) {
      // The one of the cell is in it.
      this.#made(this.#keys[cell] as number, seen.pane).members.push(seen);
      return true;
    }
    this.#panes[cell] = Math.max(before, seen.pane);
    this.#prints[cell] = fingerprintOf(seen.digest);
    this.#wheres[cell] = seen.where;
    return seen.pane > before;
  }

  #grow(pane: number): void {
    const [keys, panes, prints, wheres] = [this.#keys, this.#panes, this.#prints, this.#wheres];
    const size = keys.length * 2;
    this.#keys = new Float64Array(size);
    this.#panes = new Uint32Array(size);
    this.#prints = new Uint16Array(size);
    this.#wheres = new Float64Array(size);
    for (let old = 0; old < keys.length; old++) {
      const key = keys[old] as number;
      if (key === 0 || pane - (panes[old] as number) > PANES) continue;
      let cell = this.#bucketOf(key);
      while (this.#keys[cell] !== 0) cell++;
      this.#keys[cell] = key;
      this.#panes[cell] = panes[old] as number;
      this.#prints[cell] = prints[old] as number;
      this.#wheres[cell] = wheres[old] as number;
    }
  }

  // --- sets -------------------------------------------------------------------------------------------------------

  #made(key: number, pane: number): Group {
    if (this.#groups.size >= this.#options.groupsMax) this.#forgetOne(pane);
    const cell = this.#cellOf(key, pane);
    const group: Group = { members: [], pane, sketch: undefined, floor: 0, floorPane: 0 };
    if (cell >= 0) {
      group.members.push(this.#inCell(cell));
      this.#keys[cell] = 0;
    }
    this.#groups.set(key, group);
    return group;
  }

  #seeIn(group: Group, key: number, seen: Seen): boolean {
    const { members } = group;
    const { pane, digest } = seen;
    if (pane > group.pane) {
      group.pane = pane;
      this.#groups.delete(key);
      this.#groups.set(key, group);
      const left = members.filter((one) => one.pane + PANES >= pane);
      members.splice(0, members.length, ...left);
    }
    group.sketch?.add(digest, pane);
    const print = -fingerprintOf(digest) - 1;
    const known = members.find((one) => one.digest === digest || one.digest === print);
    if (known !== undefined) {
      const isNews = pane > known.pane;
      known.digest = digest;
      known.name = seen.name ?? known.name;
      known.where = seen.where;
      known.pane = Math.max(known.pane, pane);
      return isNews;
    }
    if (members.length < GROUP_NAMES_MAX) members.push(seen);
    else if (group.sketch === undefined && this.#sketches < this.#options.sketchesMax) {
      this.#sketches++;
      group.sketch = new Distinct();
      for (const one of members) if (one.digest > 0) group.sketch.add(one.digest, one.pane);
      group.sketch.add(digest, pane);
    }
    return true;
  }

  #forgetOne(pane: number): void {
    let worst: number | undefined;
    let least = Number.POSITIVE_INFINITY;
    let looked = 0;
    for (const [key, group] of this.#groups) {
      if (++looked > LOOKED_AT) break;
      const isOver = pane - Math.max(group.pane, group.floorPane) > PANES;
      const size = isOver ? -1 : Math.max(group.members.length, group.floor);
      if (size >= least) continue;
      worst = key;
      least = size;
      if (isOver) break;
    }
    if (worst === undefined) return;
    if (this.#groups.get(worst)?.sketch !== undefined) this.#sketches--;
    if (least >= 0) this.forgotten++;
    this.#groups.delete(worst);
  }
}
