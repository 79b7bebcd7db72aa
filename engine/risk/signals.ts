// The signals that are counted, each with its windows. Owns: what a sighting adds to which of them. Never touches: rules, blocks, threads.
//   engine-risk.S4. Minor units that were given away after they were earned: of each payment no more than what came within the window and was not given
//       away in it before.

import {
  RISK_CELLS_MAX,
  RISK_COUNTS_MAX,
  RISK_DIGESTS_MAX,
  RISK_GROUPS_MAX,
  RISK_SKETCHES_MAX,
} from '../limits.js';
import { Counts } from './counts.js';
import { Digests, mixed } from './digests.js';
import { Groups, type Where } from './groups.js';
import type { Wanted } from './rules.js';
import type { Sighting } from './sightings.js';

/** Assets, by number. */
export type AssetCodes = readonly string[];

/** How large tables become at most. */
export interface Room {
  readonly counts: number;
  readonly cells: number;
  readonly groups: number;
  readonly sketches: number;
}

const ROOM: Room = {
  counts: RISK_COUNTS_MAX,
  cells: RISK_CELLS_MAX,
  groups: RISK_GROUPS_MAX,
  sketches: RISK_SKETCHES_MAX,
};

/** Digests of what sightings name, shared by all signals. */
export class Names {
  readonly members = new Digests('member', RISK_DIGESTS_MAX);
  readonly kinds = new Digests('kind', RISK_DIGESTS_MAX);
  readonly addresses = new Digests('address', RISK_DIGESTS_MAX);
  readonly devices = new Digests('device', RISK_DIGESTS_MAX);
}

/** A sighting with when and where it was. */
export interface Noted extends Sighting {
  readonly time: number;
  readonly where: Where;
}

/** A set that a sighting is about. */
export interface Of {
  readonly key: number;
  /** Who is in it. */
  readonly member: string;
  /** Has it changed, for who counts elsewhere? */
  readonly isNews: boolean;
}

/** A signal. */
export interface Signal {
  readonly of: Wanted;
  /** Takes a sighting; returns its figure then; undefined: it is none of this. */
  add(seen: Noted): number | undefined;
  /** Its figure for a sighting, as it is. */
  figure(seen: Noted): number;
  /** What it keeps, in bytes. */
  readonly bytes: number;
  /** What it has forgotten for want of room. */
  readonly forgotten: number;
}

/** How often a member did something, each kind by itself. */
class Commands implements Signal {
  readonly of: Wanted;
  readonly #names: Names;
  readonly #counts: Counts;

  constructor(of: Wanted, names: Names, { counts }: Room) {
    this.of = of;
    this.#names = names;
    this.#counts = new Counts(of.windowMs, counts);
  }

  #isOf(kind: string | undefined): kind is string {
    const { kinds } = this.of;
    return kind !== undefined && (kinds === undefined || kinds.includes(kind));
  }

  #keyOf({ owner, kind = '' }: Noted): number {
    return mixed(this.#names.members.of(owner), this.#names.kinds.of(kind));
  }

  add(seen: Noted): number | undefined {
    return this.#isOf(seen.kind) ? this.#counts.add(this.#keyOf(seen), 1, seen.time) : undefined;
  }

  /** Of a sighting of no such kind, that of the kind with most. */
  figure(seen: Noted): number {
    if (this.#isOf(seen.kind)) return this.#counts.of(this.#keyOf(seen), seen.time);
    const kinds = this.of.kinds ?? [];
    return Math.max(
      0,
      ...kinds.map((kind) => this.#counts.of(this.#keyOf({ ...seen, kind }), seen.time)),
    );
  }

  get bytes(): number {
    return this.#counts.bytes;
  }

  get forgotten(): number {
    return this.#counts.forgotten;
  }
}

/** Minor units that came to a member; and of those what it gave away. */
class Points implements Signal {
  readonly of: Wanted;
  readonly #names: Names;
  readonly #codes: AssetCodes;
  readonly #earned: Counts;
  readonly #spent: Counts | undefined;

  constructor(of: Wanted, names: Names, { counts }: Room, codes: AssetCodes) {
    this.of = of;
    this.#names = names;
    this.#codes = codes;
    this.#earned = new Counts(of.windowMs, counts);
    if (of.signal === 'redeemed-after-earned') this.#spent = new Counts(of.windowMs, counts);
  }

  add({ owner, kind, asset, earned, spent, time }: Noted): number | undefined {
    if (kind !== undefined || this.#codes[asset] !== this.of.asset) return undefined;
    const key = this.#names.members.of(owner);
    if (this.#spent === undefined)
      return earned > 0 ? this.#earned.add(key, earned, time) : undefined;
    if (earned > 0) this.#earned.add(key, earned, time);
    if (spent <= 0) return undefined;
    const left = this.#earned.of(key, time) - this.#spent.of(key, time);
    return left > 0 ? this.#spent.add(key, Math.min(spent, left), time) : undefined;
  }

  figure({ owner, time }: Noted): number {
    return (this.#spent ?? this.#earned).of(this.#names.members.of(owner), time);
  }

  get bytes(): number {
    return this.#earned.bytes + (this.#spent?.bytes ?? 0);
  }

  get forgotten(): number {
    return this.#earned.forgotten + (this.#spent?.forgotten ?? 0);
  }
}

/** How many members were seen with an address or a device, or used a member's code. */
export class Together implements Signal {
  readonly of: Wanted;
  readonly groups: Groups;
  readonly #names: Names;

  constructor(of: Wanted, names: Names, { cells, groups, sketches }: Room) {
    this.of = of;
    this.#names = names;
    const { windowMs } = of;
    const sizes = { cellsMax: cells, groupsMax: groups, sketchesMax: sketches };
    this.groups = new Groups({ windowMs, ...sizes });
  }

  /** The set that a sighting is about; undefined: it is about none. */
  keyOf({ network, device, referrer }: Sighting): number | undefined {
    const { members, addresses, devices } = this.#names;
    switch (this.of.signal) {
      case 'members-per-address':
        return network === '' ? undefined : addresses.of(network);
      case 'members-per-device':
        return device === '' ? undefined : devices.of(device);
      default:
        return referrer === undefined ? undefined : members.of(referrer);
    }
  }

  digestOf(member: string): number {
    return this.#names.members.of(member);
  }

  /** Who the figure is about: all of the set, or whose code it is. */
  get isOfReferrer(): boolean {
    return this.of.signal === 'referrals';
  }

  /** Takes a sighting; undefined: it is none of this. */
  see(seen: Noted): Of | undefined {
    const key = this.keyOf(seen);
    if (key === undefined) return undefined;
    const { owner: member, where, time } = seen;
    const isNews = this.groups.see(key, this.digestOf(member), member, where, time);
    return { key, member, isNews };
  }

  add(seen: Noted): number | undefined {
    const of = this.see(seen);
    return of && this.groups.count(of.key, seen.time);
  }

  /** Of referrals: those by this member's own code. */
  figure(seen: Noted): number {
    const key = this.isOfReferrer ? this.digestOf(seen.owner) : this.keyOf(seen);
    return key === undefined ? 0 : this.groups.count(key, seen.time);
  }

  get bytes(): number {
    return this.groups.bytes;
  }

  get forgotten(): number {
    return this.groups.forgotten;
  }
}

/** A signal that counts what is wanted. */
export function signalOf(of: Wanted, names: Names, codes: AssetCodes, room = ROOM): Signal {
  switch (of.signal) {
    case 'commands':
      return new Commands(of, names, room);
    case 'earned':
    case 'redeemed-after-earned':
      return new Points(of, names, room, codes);
    default:
      return new Together(of, names, room);
  }
}
