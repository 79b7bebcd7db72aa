// The state of one shard's ledger, and the narrow interfaces behind which the disk stands.
// Owns: which parts state has. Never touches: files.

import { DAY_MS } from '../limits.js';
import type { Tuple } from '../protocol/codec.js';
import type { CommandView } from '../protocol/command-view.js';
import type { EffectReader } from '../protocol/effects.js';
import { Name } from '../protocol/name.js';
import type { Asset, DefinitionVersion } from '../protocol/outcomes.js';
import type { FollowUps } from '../transfer/open/follow-ups.js';
import type { Places } from '../transfer/open/places.js';
import type { Transits } from '../transfer/open/transits.js';
import type { CampaignRun, CampaignTable } from './campaign-table.js';
import type { DefinitionTable } from './definition-table.js';
import type { Pages } from './pages.js';

/** Where ids lead: from a 64-bit key to positions in the log. Insert-only; a key may have several positions. */
export interface Ids {
  /** Positions of this key, newest first, are then in foundSeq and foundOffset; returns how many. */
  find(hi: number, lo: number): number;
  readonly foundSeq: ArrayLike<number>;
  readonly foundOffset: ArrayLike<number>;
  add(hi: number, lo: number, seq: number, offset: number): void;
}

/** A logged command with its effects, read back. */
export interface PastRecord {
  readonly tuple: Tuple;
  /** The command's bytes, as they were packed. */
  readonly command: Uint8Array;
  readonly effects: EffectReader;
  /** Where the record is in `effects`. */
  readonly offset: number;
  readonly seq: number;
  /** Block time. */
  readonly time: number;
  /** Version of the rules of the block. */
  readonly rules: number;
}

/** The log, as the ledger sees it: everything applied so far, also what is not yet written. */
export interface Past {
  read(seq: number, offset: number): PastRecord;
}

/** The assets, by the number that accounts and entries carry. */
export class AssetTable {
  readonly list: Asset[] = [];
  /** By number: how long before points expire it is told, in milliseconds; 0: it is not. */
  readonly noticeMs: number[] = [];
  readonly #index = new Map<string, number>();
  /** The one asked for last, and the one before: most commands are in one asset, orders in two. An index below 0: it says nothing. */
  #last = new Name();
  #lastIndex = -1;
  #before = new Name();
  #beforeIndex = -1;

  /** Number of an asset; -1: not defined. */
  indexOf(asset: string): number {
    return this.#index.get(asset) ?? -1;
  }

  /** Number of the asset that a command names at this place; -1: not defined. */
  indexAt(command: CommandView, place: number): number {
    const start = command.textStart(place);
    const length = command.textLength(place);
    if (this.#lastIndex >= 0 && this.#last.isAt(command.bytes, start, length))
      return this.#lastIndex;
    const [name, number] = [this.#last, this.#lastIndex];
    this.#last = this.#before;
    this.#lastIndex = this.#beforeIndex;
    this.#before = name;
    this.#beforeIndex = number;
    if (this.#lastIndex >= 0 && this.#last.isAt(command.bytes, start, length))
      return this.#lastIndex;
    const code = command.text(place);
    this.#lastIndex = this.indexOf(code);
    this.#last.setText(code);
    return this.#lastIndex;
  }

  /** The asset with this number. */
  at(index: number): Asset {
    const asset = this.list[index];
    if (asset === undefined) throw new RangeError(`no asset has number ${index}`);
    return asset;
  }

  /** The same assets, to be changed by themselves. */
  copy(): AssetTable {
    const copy = new AssetTable();
    for (const asset of this.list) copy.set(asset);
    return copy;
  }

  /** Adds an asset, or replaces its definition. Returns its number. */
  set(asset: Asset): number {
    const number = this.#index.get(asset.asset) ?? this.list.length;
    this.#index.set(asset.asset, number);
    this.list[number] = asset;
    this.noticeMs[number] = (asset.expiryNoticeDays ?? 0) * DAY_MS;
    return number;
  }
}

/** What of the state is held as a whole (parts.ts). */
export interface Parts {
  readonly assets: AssetTable;
  /** Cross-shard transfers that are open here. */
  readonly transits: Transits;
  /** Commands that posted transfers have caused and that are not known to be carried out. */
  readonly followUps: FollowUps;
  readonly definitions: DefinitionTable;
  readonly campaigns: CampaignTable;
  /** The last record version given. */
  recordVersion: number;
}

/** The same, as a checkpoint's root holds it. */
export interface StoredParts {
  readonly assets: readonly Asset[];
  /** Cross-shard transfers that were open, in the order in which they were opened (transitTuple). */
  readonly transits: readonly (readonly unknown[])[];
  /** Follow-ups that waited, in the order in which they were caused (followUpTuple). */
  readonly followUps: readonly (readonly unknown[])[];
  /** All versions of definitions, in the order in which they were said. */
  readonly definitions: readonly DefinitionVersion[];
  /** In the order in which they began first. */
  readonly campaigns: readonly CampaignRun[];
  readonly recordVersion: number;
}

/** Everything that a shard's ledger knows. */
export interface State extends Parts {
  readonly pages: Pages;
  readonly ids: Ids;
  readonly past: Past;
  /** Which shard this is, and where owners live. */
  readonly places: Places;
}
