// Packed batches: commands as bytes, handed over by whoever has written them. Owns: how a batch begins, where its commands are, how one that does
// not pass in place is read back. Never touches: who may hand it over, shards.
//   protocol.P26. A batch is `[1, count]` in MessagePack (1: the version of this form), then so many packed commands, with the id that each goes
//       by, as the log keeps them (protocol.P6). A command may be of an older version that this release knows: it is carried out by the newest.
//   protocol.P27. A command must be packed as it is packed here: of two ways to write a value, the other one is refused by the name of its field.

import { PACKED_BYTES_MAX, PACKED_COMMANDS_MAX } from '../limits.js';
import { decodeCommand } from './codec.js';
import { packCommand } from './command-buffer.js';
import { CommandView, commandEnd } from './command-view.js';
import type { Command } from './commands.js';
import type { Problem } from './fields.js';
import { mayBePacked } from './in-place.js';
import { type Layout, LEG_PLACES, layoutOfOp, OP, PLACES } from './layout.js';
import { asciiText } from './name.js';

/** The version of the form of batches. */
const BATCH_VERSION = 1;
/** MessagePack: an array of two, and a number of four bytes. */
const [PAIR, UINT_8, UINT_32] = [0x92, 0xcc, 0xce];
/** Bytes before the first command, as they are written here. */
export const HEAD_BYTES = 7;
/** Where a command's id is: its first field. */
const ID = 2;

/** A batch of so many packed commands. */
export function packedBatch(commands: Uint8Array, count: number): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + commands.length);
  bytes.set([PAIR, BATCH_VERSION, UINT_32]);
  new DataView(bytes.buffer).setUint32(3, count);
  bytes.set(commands, HEAD_BYTES);
  return bytes;
}

/** How many commands a batch says that it has, and where they begin; undefined: it is none of this version. */
export function packedHead(bytes: Uint8Array): { count: number; start: number } | undefined {
  const head = bytes[2] as number;
  if (bytes[0] !== PAIR || bytes[1] !== BATCH_VERSION || !(head >= 0)) return undefined;
  if (head < 0x80) return { count: head, start: 3 };
  if (head < UINT_8 || head > UINT_32) return undefined;
  const start = 3 + (1 << (head - UINT_8));
  let count = 0;
  for (let i = 3; i < start; i++) count = count * 256 + (bytes[i] as number);
  return Number.isNaN(count) ? undefined : { count, start };
}

/** Commands that somebody has handed over, in memory that nobody else has. */
export class PackedBatch {
  readonly bytes: Uint8Array;
  readonly count: number;
  /** Where each command begins, and where the last one ends. */
  readonly starts: Uint32Array;

  private constructor(bytes: Uint8Array, starts: Uint32Array) {
    this.bytes = bytes;
    this.count = starts.length - 1;
    this.starts = starts;
  }

  /** The op that a command says. */
  opAt(place: number): number {
    return this.bytes[this.#idStart(place) - 1] as number;
  }

  /** The id of a command; undefined: none is in its place. */
  idAt(place: number): string | undefined {
    const { bytes } = this;
    const at = this.#idStart(place);
    const head = bytes[at] as number;
    if (head >= 0xa0 && head < 0xc0) return asciiText(bytes, at + 1, head & 31);
    return head === 0xd9 ? asciiText(bytes, at + 2, bytes[at + 1] as number) : undefined;
  }

  /** Behind its head, its version and its op. */
  #idStart(place: number): number {
    const start = this.starts[place] as number;
    return this.bytes[start] === 0xdc ? start + 5 : start + 3;
  }

  /** Copies a batch, whose bytes may change meanwhile, and finds its commands, of which nothing else is known yet. */
  static copy(given: Uint8Array): PackedBatch | Problem {
    if (!(given instanceof Uint8Array)) return BATCH_INVALID;
    if (given.length > PACKED_BYTES_MAX) return { code: 'BATCH_TOO_LARGE', field: 'batch' };
    const bytes = new Uint8Array(given);
    const head = packedHead(bytes);
    if (head === undefined) return BATCH_INVALID;
    const { count, start } = head;
    if (count > PACKED_COMMANDS_MAX) return { code: 'BATCH_TOO_LARGE', field: 'batch' };
    // A command has three bytes at least.
    if (count * 3 > bytes.length) return BATCH_INVALID;
    const starts = new Uint32Array(count + 1);
    try {
      let at = start;
      for (let i = 0; i < count; i++) {
        starts[i] = at;
        at = commandEnd(bytes, at);
      }
      starts[count] = at;
      return at === bytes.length ? new PackedBatch(bytes, starts) : BATCH_INVALID;
    } catch {
      return BATCH_INVALID;
    }
  }
}

const BATCH_INVALID: Problem = { code: 'COMMAND_INVALID', field: 'batch' };

/** A command that is read back, or what is wrong with it; its id, as far as there is a text. */
export type ReadBack = { readonly id: string | undefined } & (
  | { readonly command: Command }
  | { readonly problem: Problem }
);

/** The commands of a batch as objects, and what is wrong with those that are none; what is wrong with all of it. */
export function readPacked(given: Uint8Array): Problem | ReadBack[] {
  const batch = PackedBatch.copy(given);
  if (!(batch instanceof PackedBatch)) return batch;
  const { bytes, starts, count } = batch;
  return Array.from({ length: count }, (_, i) =>
    readBack(bytes, starts[i] as number, starts[i + 1] as number),
  );
}

const invalid = (field: string): Problem => ({ code: 'COMMAND_INVALID', field });

/** Reads a command back as an object: bytes[start, end), which commandEnd() has found. Never throws. */
export function readBack(bytes: Uint8Array, start: number, end: number): ReadBack {
  const view = new CommandView();
  try {
    view.read(bytes, start);
  } catch {
    return { id: undefined, problem: invalid('length') };
  }
  const id = textIn(view, ID);
  const problem = strange(view);
  if (problem !== undefined) return { id, problem };
  const packed = bytes.slice(start, end);
  const found = decodeCommand(packed);
  if ('problem' in found) return { id, problem: found.problem };
  const other = differing(view, packCommand(found.command as never, id));
  return other === undefined
    ? { id, command: found.command }
    : { id, problem: invalid(fieldAt(view, other)) };
}

/** The text in a place, of bytes from anywhere; undefined: there is none. */
export function textIn(view: CommandView, place: number): string | undefined {
  if (place >= view.count || view.isNil(place)) return undefined;
  const head = view.bytes[view.placeStart(place)] as number;
  return (head >= 0xa0 && head < 0xc0) || head === 0xd9 ? view.text(place) : undefined;
}

/** What no caller may hand over, whatever else it says. */
function strange(view: CommandView): Problem | undefined {
  const { op, version, count } = view;
  const layout = layoutOfOp(op);
  if (layout === undefined || !mayBePacked(op))
    return { code: 'COMMAND_TYPE_UNKNOWN', field: 'type' };
  if (!layout.isVersion(version)) return { code: 'COMMAND_VERSION_UNKNOWN', field: 'version' };
  if (count < layout.width) return invalid('length');
  // What only the engine gives is not even read.
  for (const { name, field, place } of layout.placed)
    if (field.isFilledIn === true && !view.isNil(place)) return invalid(name);
  if (layout.hasOptionalLegs && count > layout.width) return invalid('legs');
  return op === OP.transfer ? strangeFollowUps(view) : undefined;
}

/** Commands within a command are looked at as those around it are. */
function strangeFollowUps(view: CommandView): Problem | undefined {
  const place = PLACES.transfer.followUps;
  if (view.isNil(place)) return undefined;
  const head = view.bytes[view.placeStart(place)] as number;
  if (head < 0xc4 || head > 0xc6) return invalid('followUps');
  const within = new CommandView();
  const start = view.bytesStart(place);
  const end = start + view.bytesLength(place);
  const bytes = view.bytes.subarray(0, end);
  try {
    for (let at = start; at < end; at = within.end) {
      within.read(bytes, at);
      if (within.op !== OP.transfer || !within.isNil(place)) return invalid('followUps');
    }
  } catch {
    return invalid('followUps');
  }
  return undefined;
}

/** The first place in which a command is not what is packed for it; undefined: there is none. */
function differing(view: CommandView, packed: Uint8Array): number | undefined {
  const here = new CommandView();
  here.read(packed, 0);
  if (here.count !== view.count) return Math.min(here.count, view.count);
  for (let place = ID; place < view.count; place++) {
    if (view.isNil(place) && here.isNil(place)) continue;
    if (view.isNil(place) || here.isNil(place)) return place;
    const [from, at] = [view.placeStart(place), here.placeStart(place)];
    const one = view.bytes.subarray(from, from + view.width(place));
    if (Buffer.compare(one, packed.subarray(at, at + here.width(place))) !== 0) return place;
  }
  return hasLongHead(view) ? 0 : undefined;
}

/** Is its head longer than it must be? */
const hasLongHead = ({ bytes, start }: CommandView): boolean =>
  bytes[start] === 0xdc && bytes[start + 1] === 0 && (bytes[start + 2] as number) < 16;

/** The name of what is in a place. */
function fieldAt({ op }: CommandView, place: number): string {
  const { placed, width, leg = [] } = layoutOfOp(op) as Layout;
  if (place < ID) return 'length';
  if (place >= width)
    return `legs[${Math.floor((place - width) / LEG_PLACES)}].${leg[(place - width) % LEG_PLACES]?.[0]}`;
  const found = placed.findLast((one) => one.place <= place);
  const part = found?.parts?.[place - found.place]?.[0];
  return part === undefined ? (found?.name ?? 'length') : `${found?.name}.${part}`;
}
