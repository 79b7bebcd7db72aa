// Accounts, holds, records, assets and open transfers, rebuilt from what blocks say they did. Owns: keeping them, apart from the ledger's
// own way, and what must be true of them as a whole. Never touches: the rules; how effects are read (posting.ts).
//   audit.K1. Memory is proportional to the number of accounts, holds and records.

import type { Asset, DefinitionVersion } from '../protocol/outcomes.js';
import { isScarceOwner, isSystemOwner } from '../protocol/syntax.js';
import type { StoredHold, StoredOwnerRecord } from './page-view.js';

/** Fields of an account's row. */
export const ROW = {
  available: 0,
  held: 1,
  earned: 2,
  spent: 3,
  expired: 4,
  creditLimit: 5,
  version: 6,
  flags: 7,
  headSeq: 8,
  headOffset: 9,
  /** Seq and offset of the latest entries whose versions are multiples of 64, 4,096 and 262,144. */
  skips: 10,
} as const;

/** What an open cross-shard transfer has moved from available to held. */
export interface Reserve {
  readonly account: number;
  readonly amount: number;
  /** (expiry, amount) of lots, one after the other; the rest came from no lot. */
  readonly slices: readonly number[];
}

/** A cross-shard transfer that waits for its decision. */
export interface OpenTransit {
  readonly owner: string;
  readonly id: string;
  readonly deadline: number;
  /** The shard before; -1: this is the home shard. */
  readonly before: number;
  readonly next: number;
  /** The block that opened it. */
  readonly seq: number;
  /** The transfer, as it was packed. */
  readonly transfer: Uint8Array;
  /** Lots that payers so far gave (engine/transfer/lots.ts). */
  readonly lots: readonly number[];
  /** What users here reserve (below 0) and expect: owner hash, asset, amount, three numbers each. */
  readonly expected: readonly number[];
  /** All shards it goes through, in order. */
  readonly shards: readonly number[];
  readonly reserves: readonly Reserve[];
}

const STRIDE = 16;
const CHUNK_BITS = 10;
const CHUNK_ACCOUNTS = 1 << CHUNK_BITS;
/** A Map holds at most 2^24 keys, so the accounts of an asset lie in several. */
const SPREAD = 64;

const textOf = (...parts: readonly string[]): string => parts.join('\0');

export class Books {
  /** Accounts so far. */
  count = 0;
  readonly owners: string[] = [];
  readonly assetOf: number[] = [];
  /** (expiry, available, held) one after the other, soonest first; undefined: none. */
  readonly lots: (number[] | undefined)[] = [];
  readonly assets: Asset[] = [];
  /** All versions of definitions, in the order in which they were said. */
  readonly definitions: DefinitionVersion[] = [];
  readonly holds = new Map<string, StoredHold>();
  readonly records = new Map<string, StoredOwnerRecord>();
  /** In the order in which they were opened. */
  readonly transits = new Map<string, OpenTransit>();
  /** Follow-ups that wait, in the order in which they were caused, as a checkpoint has them. By id. */
  readonly followUps = new Map<string, readonly unknown[]>();
  /** The last record version given. */
  recordVersion = 0;
  /** Campaigns that have begun: by which version they run (0: not any more), and how many members here have taken part. */
  readonly campaigns = new Map<string, { readonly version: number; readonly members: number }>();
  /** Time of the block under way, or of the last one. */
  time = 0;
  /** By account: expiries of its lots of which it was told that they will expire; undefined: none. */
  readonly told: (number[] | undefined)[] = [];
  /** Assets that at some time had notices fewer days ahead than before, or none any more. */
  readonly lessened = new Set<number>();
  readonly #chunks: Float64Array[] = [];
  readonly #maps: Map<string, number>[] = [];

  /** The number of an account; -1: there is none. */
  find(owner: string, asset: number): number {
    return this.#map(owner, asset).get(owner) ?? -1;
  }

  add(owner: string, asset: number): number {
    const account = this.count++;
    if (account % CHUNK_ACCOUNTS === 0)
      this.#chunks.push(new Float64Array(CHUNK_ACCOUNTS * STRIDE));
    this.#map(owner, asset).set(owner, account);
    this.owners.push(owner);
    this.assetOf.push(asset);
    this.lots.push(undefined);
    this.told.push(undefined);
    return account;
  }

  #map(owner: string, asset: number): Map<string, number> {
    const { length } = owner;
    const spread =
      (owner.charCodeAt(length - 1) * 7 + owner.charCodeAt(length >> 1) + length) % SPREAD;
    return (this.#maps[asset * SPREAD + spread] ??= new Map());
  }

  get(account: number, field: number): number {
    const chunk = this.#chunks[account >> CHUNK_BITS] as Float64Array;
    return chunk[(account & (CHUNK_ACCOUNTS - 1)) * STRIDE + field] as number;
  }

  set(account: number, field: number, value: number): void {
    const chunk = this.#chunks[account >> CHUNK_BITS] as Float64Array;
    chunk[(account & (CHUNK_ACCOUNTS - 1)) * STRIDE + field] = value;
  }

  /** For messages. */
  say(account: number): string {
    const asset = this.assetOf[account] as number;
    return `${this.owners[account]} ${this.assets[asset]?.asset ?? `#${asset}`}`;
  }

  /** Has this owner's account lots? */
  isTracked(owner: string, asset: number): boolean {
    return (
      this.assets[asset]?.lotTracked === true && !isSystemOwner(owner) && !isScarceOwner(owner)
    );
  }

  /** The number of an asset; -1: it is not defined. */
  assetNumber(code: string): number {
    return this.assets.findIndex(({ asset }) => asset === code);
  }

  transit(owner: string, id: string): OpenTransit | undefined {
    return this.transits.get(textOf(owner, id));
  }

  /** Keeps an open transfer; false: one of this name is open. */
  open(transit: OpenTransit): boolean {
    const key = textOf(transit.owner, transit.id);
    if (this.transits.has(key)) return false;
    this.transits.set(key, transit);
    return true;
  }

  close({ owner, id }: OpenTransit): void {
    this.transits.delete(textOf(owner, id));
  }

  hold(owner: string, id: string): StoredHold | undefined {
    return this.holds.get(textOf(owner, id));
  }

  /** Keeps a hold as it is now; one with nothing left goes away. */
  setHold(hold: StoredHold): void {
    const key = textOf(hold.owner, hold.id);
    if (hold.remaining === 0) this.holds.delete(key);
    else this.holds.set(key, hold);
  }

  record(owner: string, type: string, key: string): StoredOwnerRecord | undefined {
    return this.records.get(textOf(owner, type, key));
  }

  setRecord(record: StoredOwnerRecord): void {
    this.records.set(textOf(record.owner, record.type, record.key), record);
  }

  deleteRecord(owner: string, type: string, key: string): boolean {
    return this.records.delete(textOf(owner, type, key));
  }

  /** What every account holds is what its holds and open transfers reserve, lot by lot. Undefined: it is so. */
  heldFault(): string | undefined {
    const held = new Map<number, { sum: number; slices: Map<number, number> }>();
    const add = (account: number, amount: number, slices: readonly number[]): void => {
      const known = held.get(account) ?? { sum: 0, slices: new Map<number, number>() };
      held.set(account, known);
      known.sum += amount;
      for (let i = 0; i < slices.length; i += 2) {
        const expiry = slices[i] as number;
        known.slices.set(expiry, (known.slices.get(expiry) ?? 0) + (slices[i + 1] as number));
      }
    };
    for (const hold of this.holds.values()) {
      const account = this.find(hold.owner, hold.asset);
      if (account < 0) return `hold ${hold.id} of ${hold.owner}, who has no account`;
      add(account, hold.remaining, hold.slices);
    }
    for (const { reserves } of this.transits.values())
      for (const { account, amount, slices } of reserves) add(account, amount, slices);
    for (let account = 0; account < this.count; account++) {
      const known = held.get(account);
      const sum = known?.sum ?? 0;
      if (this.get(account, ROW.held) !== sum) {
        return `${this.say(account)} has ${this.get(account, ROW.held)} held, and its holds and open transfers reserve ${sum}`;
      }
      const lots = this.lots[account] ?? [];
      for (let i = 0; i < lots.length; i += 3) {
        if (lots[i + 2] !== (known?.slices.get(lots[i] as number) ?? 0)) {
          return `L4: the holds and open transfers of ${this.say(account)} do not agree with what is held in its lots`;
        }
        known?.slices.delete(lots[i] as number);
      }
      if (known !== undefined && known.slices.size > 0) {
        return `L4: a hold or open transfer of ${this.say(account)} has points of a lot that is not there`;
      }
    }
    return undefined;
  }
}
