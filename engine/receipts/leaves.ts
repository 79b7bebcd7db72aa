// The leaves of a shard's tree: the entries of its blocks as texts. Owns: what is in a text, in which order. Never touches: hashes, where trees are kept.
//   receipts.L1. Every entry is one leaf, in the order of the log; the text follows from the log and the key of the salts alone.
//   receipts.L2. It is one line of JSON in ASCII, with all keys of the README in their order: as JSON.stringify() writes it; no release may change
//       that, since what was signed before would not be of the log any more.
//   receipts.L3. It names no other user than the owner of the account, but in the id of what he has caused, which the history shows as well.

import type { BlockView } from '../protocol/block.js';
import { CommandView } from '../protocol/command-view.js';
import { effectiveTime, occurredAt } from '../protocol/effective.js';
import { EXTRA, RECORD_HEAD } from '../protocol/effects.js';
import { homePlace } from '../protocol/home.js';
import { OP } from '../protocol/layout.js';
import { ENTRY_TYPES } from '../protocol/outcomes.js';
import { isSystemOwner } from '../protocol/syntax.js';
import { Salts } from './salts.js';

/** The place of a command's id. */
const ID = 2;
const DEFINE_ASSET = OP['define-asset'];
const TICK = OP.tick;

const reading = new CommandView();
/** delta, heldDelta, available, held, version, asset. */
const figures = new Float64Array(6);

/** Takes the text of an entry of a block; `n`: which one. */
export type TakeLeaf = (text: string, n: number) => void;

/** What all entries of a record have in common. */
interface Told {
  /** Undefined: nobody's. */
  readonly home: string | undefined;
  readonly id: string;
  /** Undefined: each has its own. */
  readonly effective: number | undefined;
}

export class Leaves {
  readonly #salts: Salts;
  /** Codes of assets by their numbers. */
  readonly assets: string[];

  /** `assets`: as far as blocks that were looked at before define them. */
  constructor(key: Uint8Array, assets: readonly string[] = []) {
    this.#salts = new Salts(key);
    this.assets = [...assets];
  }

  /** Tells all leaves of a block, or only the `wanted`th; returns how many there are. Blocks are looked at in order first; each again at will. */
  of(block: BlockView, take: TakeLeaf, wanted?: number): number {
    const { effects, header } = block;
    const count = this.#count(block);
    if (count === 0) return 0;
    if (wanted === undefined) this.#salts.of(header.seq, 0, count);
    else this.#salts.of(header.seq, wanted, 1);
    const head = `{"shard":${header.shard},"seq":${header.seq},"n":`;
    const time = `,"time":${header.time},"type":"`;
    let n = 0;
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
      const entries = effects.entryCount(at);
      if (entries === 0 || (wanted !== undefined && (wanted < n || wanted >= n + entries))) {
        n += entries;
        continue;
      }
      const told = toldOf(block, at);
      let entry = at + RECORD_HEAD;
      for (let i = 0; i < entries; i++, n++) {
        if (wanted === undefined || wanted === n)
          take(head + n + time + this.#entry(block, entry, told, n), n);
        entry += effects.entryLength(entry);
      }
    }
    return n;
  }

  /** How many entries it has. What it defines of assets is known from now on. */
  #count({ effects }: BlockView): number {
    let count = 0;
    for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
      count += effects.entryCount(at);
      if (effects.op(at) === DEFINE_ASSET) this.#define(effects.extra(at, EXTRA.asset));
    }
    return count;
  }

  #define(extra: ReturnType<BlockView['effects']['extra']>): void {
    const [number] = extra?.numbers ?? [];
    const [code] = extra?.texts ?? [];
    if (number !== undefined && code !== undefined) this.assets[number] = code;
  }

  #entry(block: BlockView, at: number, told: Told, n: number): string {
    const { effects } = block;
    const owner = effects.entryOwner(at);
    effects.entryFigures(at, figures);
    const [delta, heldDelta, available, held, version, asset] = figures as unknown as number[];
    const { home } = told;
    const shown = home !== undefined && (home === owner || isSystemOwner(home));
    const effective = told.effective ?? effectiveTime(block, effects.entry(at));
    // What is -0 becomes 0.
    return (
      `${ENTRY_TYPES[effects.entryType(at)]}","home":${shown ? `"${home}"` : null},"id":${told.id}` +
      `,"owner":"${owner}","asset":"${this.assets[asset as number] ?? `#${asset}`}","version":${version}` +
      `,"delta":${delta},"heldDelta":${heldDelta},"available":${available},"held":${held}` +
      `,"effective":${effective},"salt":"${this.#salts.at(n)}"}`
    );
  }
}

function toldOf({ effects, commands, header }: BlockView, record: number): Told {
  if (effects.op(record) === TICK) return { home: undefined, id: 'null', effective: undefined };
  reading.read(commands, effects.commandOffset(record));
  const place = homePlace(reading);
  return {
    home: place === 0 ? undefined : reading.text(place),
    id: reading.isNil(ID) ? 'null' : JSON.stringify(reading.text(ID)),
    effective: occurredAt(effects, record) ?? header.time,
  };
}
