// What a shard has done since it was opened, counted. Owns: the counters. Never touches: state, replies.
//   shard.G1. Counting a block costs some reads of typed arrays for each record; nothing is allocated for one.
//   shard.G2. What is counted is what a block was written for here: a replayed command has no record, a recovery writes no block. Of a
//       command between shards each shard counts the system owners on it, which are on one shard each, and its home shard alone
//       what became of it.
//   shard.G3. How many kinds, system owners and assets are told apart is bounded; the rest counts as OTHER.

import { PREPARE_LIMIT_MS, SKIP_STRIDE } from '../limits.js';
import { CommandView } from '../protocol/command-view.js';
import type { Draft } from '../protocol/draft.js';
import { type EffectReader, ENTRY, ENTRY_HEAD, EXTRA, RECORD_HEAD } from '../protocol/effects.js';
import { OP, PLACES } from '../protocol/layout.js';
import type { Transit } from '../transfer/open/transits.js';
import { Histogram, SECONDS_BOUNDS } from './histogram.js';
import type { TallyFigures } from './messages.js';
import { NameTable } from './name-table.js';

/** What stands for everything that is not told apart. */
const OTHER = 'other';
/** How many are told apart. */
const KINDS_MAX = 64;
const OWNERS_MAX = 32;
const ASSETS_MAX = 64;
const FLOWS_MAX = 2_048;

/** Kinds of what has none of its own. */
const ascii = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));
const NO_KIND = ascii('none');
const EXPIRY = ascii('EXPIRE');
const REVERSAL = ascii('REVERSE');

const NIL = 0xc0;
const BLOCK_BOUNDS = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 8_192];
const OUTCOMES = 256;
/** Places of the commands that prepares and decisions carry. */
const [PREPARED, DECIDED] = [PLACES.prepare.transfer, PLACES.decision.transfer];
const DECIDED_REFUSAL = 4;
/** What moves points is counted under its own name. */
const MOVES = ['transfer', 'capture', 'reverse', 'act'] as const;
const MOVE_OF: readonly number[] = Array.from({ length: 64 }, (_, op) =>
  MOVES.findIndex((move) => OP[move] === op),
);
const TRANSIT_PREFIX = ascii('@transit:');
const AT = 0x40;

/** What of one kind left one system owner, and came to it, in one asset. */
class Flow {
  readonly kind: number;
  readonly owner: number;
  readonly asset: number;
  /** Points that left it, and in how many movements. */
  gained = 0;
  gains = 0;
  /** Points that came to it. */
  consumed = 0;
  consumptions = 0;

  constructor(kind: number, owner: number, asset: number) {
    this.kind = kind;
    this.owner = owner;
    this.asset = asset;
  }
}

export class Tally {
  commands = 0;
  blocks = 0;
  logBytes = 0;
  commitMsTotal = 0;
  commitMsMax = 0;
  readonly #commit = new Histogram(SECONDS_BOUNDS);
  readonly #blockCommands = new Histogram(BLOCK_BOUNDS);
  readonly #decisions = new Histogram(SECONDS_BOUNDS);
  readonly #kinds = new NameTable(KINDS_MAX, OTHER);
  readonly #owners = new NameTable(OWNERS_MAX, OTHER);
  readonly #assets = new Set<number>();
  readonly #flows = new Map<number, Flow>();
  /** The flow that was last counted into, by kind: most often the next one is the same. */
  readonly #recent: (Flow | undefined)[] = new Array(KINDS_MAX + 1).fill(undefined);
  /** Outcomes by refusal, of each move and kind that has come up. */
  readonly #outcomes: (Float64Array | undefined)[] = new Array(MOVES.length * (KINDS_MAX + 1)).fill(
    undefined,
  );
  readonly #carried = new CommandView();
  /** Time of the last block in which points moved; 0: none yet. */
  #movedAt = 0;
  /** Bytes of the log that the last valid checkpoint does not have. */
  #tailBytes: number;

  /** `tailBytes`: of the log, after the checkpoint that the shard was opened from. */
  constructor(tailBytes: number) {
    this.#tailBytes = tailBytes;
  }

  /** A block is complete. */
  sealed(draft: Draft, bytes: number): void {
    this.#tailBytes += bytes;
    this.#blockCommands.observe(draft.count);
    const effects = draft.reader();
    const commands = draft.commands();
    for (let at = 0; at < effects.u8.length; at += effects.i32[at >> 2] as number)
      this.#record(effects, at, commands, draft.time);
  }

  /** A block is durable, so long after it was handed to the log. */
  written(bytes: number, ms: number): void {
    this.blocks++;
    this.logBytes += bytes;
    this.commitMsTotal += ms;
    if (ms > this.commitMsMax) this.commitMsMax = ms;
    this.#commit.observe(ms / 1_000);
  }

  /** A checkpoint begins; the function that is returned says that it is valid. */
  checkpoint(): () => void {
    const bytes = this.#tailBytes;
    return () => {
      this.#tailBytes -= bytes;
    };
  }

  /** On the home shard: what was between shards is decided. */
  decided(transit: Transit, command: CommandView, time: number): void {
    const carried = this.#carried;
    carried.read(transit.transfer, 0);
    this.#outcome(
      carried.op,
      kindOf(this.#kinds, transit.transfer, 0),
      command.number(DECIDED_REFUSAL),
    );
    // A follow-up has no deadline to tell by when it began.
    const seconds = (time - (transit.deadline - PREPARE_LIMIT_MS)) / 1_000;
    if (seconds >= 0) this.#decisions.observe(seconds);
  }

  #outcome(op: number, kind: number, refusal: number): void {
    const move = MOVE_OF[op] as number;
    if (move < 0) return;
    const at = move * (KINDS_MAX + 1) + kind;
    this.#outcomes[at] ??= new Float64Array(OUTCOMES);
    const counts = this.#outcomes[at] as Float64Array;
    counts[refusal] = (counts[refusal] as number) + 1;
  }

  #record({ i32, f64, u8 }: EffectReader, at: number, commands: Uint8Array, time: number): void {
    const word = at >> 2;
    const head = i32[word + 1] as number;
    const op = head & 255;
    const isMove = (MOVE_OF[op] as number) >= 0;
    if (!isMove && op !== OP.tick && op !== OP.prepare && op !== OP.decision) return;
    let entries = head >>> 16;
    let kind = -1;
    const start = i32[word + 2] as number;
    if (isMove) {
      kind = kindOf(this.#kinds, commands, start);
      if (!isOpened(i32, at)) this.#outcome(op, kind, (head >> 8) & 255);
    }
    for (let entry = at + RECORD_HEAD; entries > 0; entries--) {
      const entryWord = entry >> 2;
      const type = (i32[entryWord + 17] as number) & 255;
      if (op !== OP.tick && type < ENTRY.reserve) this.#movedAt = time;
      const skips = (f64[(entry >> 3) + 5] as number) % SKIP_STRIDE === 0 ? 48 : 0;
      const nameLength = (i32[entryWord + 17] as number) >>> 16;
      const name = entry + ENTRY_HEAD + skips + (i32[entryWord + 18] as number) * 24;
      if (u8[name] === AT && !isTransit(u8, name, nameLength)) {
        if (kind < 0) kind = this.#carriedKind(op, commands, start);
        const owner = this.#owners.numberOf(u8, name, nameLength);
        this.#flow(kind, owner, i32[entryWord + 16] as number, f64, entry >> 3);
      }
      entry = name + ((nameLength + 7) & ~7);
    }
  }

  #carriedKind(op: number, commands: Uint8Array, start: number): number {
    if (op === OP.tick) return this.#kinds.numberOf(EXPIRY, 0, EXPIRY.length);
    const message = this.#carried;
    message.read(commands, start);
    const place = op === OP.prepare ? PREPARED : DECIDED;
    // A decision that refuses carries nothing: what a reversal had brought back expires again.
    if (message.isNil(place)) return this.#kinds.numberOf(EXPIRY, 0, EXPIRY.length);
    return kindOf(this.#kinds, commands, message.bytesStart(place));
  }

  /** An entry of a system owner: below zero, what a reversal took back. */
  #flow(kind: number, owner: number, asset: number, f64: Float64Array, at: number): void {
    const earned = f64[at] as number;
    const spent = f64[at + 1] as number;
    const flow = this.#flowOf(kind, owner, asset);
    const out = Math.max(0, spent) + Math.max(0, -earned);
    const into = Math.max(0, earned) + Math.max(0, -spent);
    if (out > 0) {
      flow.gained += out;
      flow.gains++;
    }
    if (into > 0) {
      flow.consumed += into;
      flow.consumptions++;
    }
  }

  #flowOf(kind: number, owner: number, asset: number): Flow {
    const recent = this.#recent[kind];
    if (recent !== undefined && recent.owner === owner && recent.asset === asset) return recent;
    const found = this.#find(kind, owner, asset);
    this.#recent[kind] = found;
    return found;
  }

  #find(kind: number, owner: number, asset: number): Flow {
    let known = asset;
    if (!this.#assets.has(asset)) {
      if (this.#assets.size < ASSETS_MAX) this.#assets.add(asset);
      else known = -1;
    }
    const key = ((known + 1) * (KINDS_MAX + 1) + kind) * (OWNERS_MAX + 1) + owner;
    const found = this.#flows.get(key);
    if (found !== undefined) return found;
    if (this.#flows.size >= FLOWS_MAX && (kind !== KINDS_MAX || known !== -1))
      return this.#find(KINDS_MAX, owner, -1);
    const made = new Flow(kind, owner, known);
    this.#flows.set(key, made);
    return made;
  }

  /** `codeOf`: the code of the asset with this number. */
  figures(codeOf: (asset: number) => string): TallyFigures {
    const { commands, blocks, logBytes, commitMsTotal, commitMsMax } = this;
    const kinds = this.#kinds.names;
    const owners = this.#owners.names;
    const outcomes: TallyFigures['outcomes'][number][] = [];
    this.#outcomes.forEach((counts, at) => {
      const kind = kinds[at % (KINDS_MAX + 1)] ?? OTHER;
      const command = MOVES[Math.floor(at / (KINDS_MAX + 1))] ?? MOVES[0];
      counts?.forEach((count, refusal) => {
        if (count > 0) outcomes.push({ command, kind, refusal, count });
      });
    });
    const flows = [...this.#flows.values()].map((flow) => ({
      ...flow,
      kind: kinds[flow.kind] ?? OTHER,
      owner: owners[flow.owner] ?? OTHER,
      asset: flow.asset < 0 ? OTHER : codeOf(flow.asset),
    }));
    return {
      ...{ commands, blocks, logBytes, commitMsTotal, commitMsMax },
      movedAt: this.#movedAt,
      checkpointLagBytes: this.#tailBytes,
      commit: this.#commit.figures,
      blockCommands: this.#blockCommands.figures,
      decisions: this.#decisions.figures,
      flows,
      outcomes,
    };
  }
}

/** The kind of a packed transfer, hold, capture, release or reversal: its fourth place, after two small numbers and the id. */
function kindOf(kinds: NameTable, bytes: Uint8Array, start: number): number {
  const versionAt = start + (bytes[start] === 0xdc ? 3 : 1);
  const at = afterText(bytes, versionAt + 2);
  const head = bytes[at] as number;
  if (head !== NIL) {
    const isShort = head < NIL;
    const length = isShort ? head & 31 : (bytes[at + 1] as number);
    return kinds.numberOf(bytes, at + (isShort ? 1 : 2), length);
  }
  const kind = bytes[versionAt + 1] === OP.reverse ? REVERSAL : NO_KIND;
  return kinds.numberOf(kind, 0, kind.length);
}

const afterText = (bytes: Uint8Array, at: number): number => {
  const head = bytes[at] as number;
  return head < NIL ? at + 1 + (head & 31) : at + 2 + (bytes[at + 1] as number);
};

/** Does the record at this place open something between shards? */
function isOpened(i32: Int32Array, at: number): boolean {
  const word = at >> 2;
  let extra = at + (i32[word + 4] as number);
  for (let left = i32[word + 5] as number; left > 0; left--) {
    if (i32[extra >> 2] === EXTRA.transit) return true;
    extra += i32[(extra >> 2) + 1] as number;
  }
  return false;
}

function isTransit(u8: Uint8Array, start: number, length: number): boolean {
  if (length < TRANSIT_PREFIX.length) return false;
  for (let i = 1; i < TRANSIT_PREFIX.length; i++)
    if (u8[start + i] !== TRANSIT_PREFIX[i]) return false;
  return true;
}
