// Packed commands one after the other: what a task carries to a shard. Owns: the bytes, how they grow.
// Never touches: whether a command is valid.
//   protocol.P12. A command has the bytes that msgpackr gives its tuple.
//   protocol.P13. Grants stand before the first command that is judged by them (protocol.G2), a context before the first that it asks for
//       (protocol.X2).

import {
  ASSET_LENGTH_MAX,
  COMMAND_BYTES_MAX,
  OWNER_LENGTH_MAX,
  STORED_ID_LENGTH_MAX,
} from '../limits.js';
import { NOBODY_ASKS } from './audit-context.js';
import { CommandView } from './command-view.js';
import type { Packable, TransferCommand } from './commands.js';
import type { Field, Fields, Shape } from './fields.js';
import { followUpId } from './follow-ups.js';
import { EVERYTHING, type Granted } from './grants.js';
import { homeOwner } from './home.js';
import { isOlder, type Layout, LEG_PLACES, layoutOf, layoutOfOp, OP, PLACES } from './layout.js';
import { idPlaces, stored } from './naming.js';
import { PackedWriter, type Packs } from './packed-writer.js';
import { storedId } from './scope.js';

/** MessagePack: arrays. */
const [FIX_ARRAY, ARRAY_16] = [0x90, 0xdc];

/** The first one after version and op. */
const FIRST_PLACE = 2;
/** Two owners, an asset, two numbers. */
const LEG_BYTES_MAX = 2 * (OWNER_LENGTH_MAX + 2) + ASSET_LENGTH_MAX + 2 + 2 * 9;

/** Packed commands, one after the other. */
export class CommandBuffer extends PackedWriter {
  #length = 0;
  /** What the caller of the last command may do. */
  #granted = EVERYTHING;
  /** Who asks for the last command; null: nobody is named. */
  #context: Uint8Array | null = null;

  /** `capacity`: bytes it begins with. */
  constructor(capacity: number) {
    super(Math.max(capacity, 2 * COMMAND_BYTES_MAX));
  }

  get length(): number {
    return this.#length;
  }

  /** What was added: a view, to be used after the last append(). */
  bytes(): Uint8Array {
    return this.memory.subarray(0, this.#length);
  }

  /** Empties it: what was added may be written over. */
  clear(): void {
    this.#length = 0;
    this.#granted = EVERYTHING;
    this.#context = null;
  }

  /** What was added, in memory of its own; the buffer is empty again, and may be used again. */
  takeCopy(): Uint8Array<ArrayBuffer> {
    const copy = this.memory.slice(0, this.#length);
    this.clear();
    return copy;
  }

  /** What is added from here on is for somebody who may do this. */
  grant(granted: Granted): void {
    if (granted === this.#granted) return;
    this.#granted = granted;
    this.appendPacked(granted.packed);
  }

  /** What is added from here on is asked for by this packed context; null: by nobody that is named. */
  asked(context: Uint8Array | null): void {
    if (context === this.#context) return;
    this.#context = context;
    this.appendPacked(context ?? NOBODY_ASKS);
  }

  /** Adds a validated command (with the id it goes by) or a query. What it names is its caller's (protocol.I1). */
  append(command: Packable, id: string | undefined, scope = this.#granted.scope): void {
    if (scope === undefined) this.#write(command, id);
    else this.#write(stored(command, scope), id && storedId(id, scope));
  }

  #write(command: Packable, id: string | undefined): void {
    const { op } = layoutOf(command.type) as Layout;
    this.reserve(this.#length + COMMAND_BYTES_MAX);
    this.#length = (WRITERS[op] as Write)(this, command as unknown as Fields, id, this.#length);
  }

  /** Adds one that is packed already. */
  appendPacked(packed: Uint8Array): void {
    this.reserve(this.#length + packed.length);
    this.memory.set(packed, this.#length);
    this.#length += packed.length;
  }

  /**
   * Adds the command in bytes[start, end), which passed in place (in-place.ts). What it names is its caller's (protocol.I1).
   */
  appendPassed(bytes: Uint8Array, start: number, end: number): void {
    const { scope } = this.#granted;
    this.reserve(this.#length + COMMAND_BYTES_MAX);
    if (scope === undefined) {
      this.#length = this.copy(bytes, start, end - start, this.#length);
      return;
    }
    passed.read(bytes, start);
    let from = start;
    let at = this.#length;
    for (const place of idPlaces[passed.op] as readonly number[]) {
      const next = passed.placeStart(place);
      at = this.text(storedId(passed.text(place), scope), this.copy(bytes, from, next - from, at));
      from = next + passed.width(place);
    }
    this.#length = this.copy(bytes, from, end - from, at);
  }

  /** Adds a transfer with one leg. Throws RangeError on texts that no command has. */
  appendMove(
    id: string,
    from: string,
    to: string,
    asset: string,
    amount: number,
    kind: string | undefined,
    ref: string | undefined,
  ): void {
    this.reserve(this.#length + COMMAND_BYTES_MAX);
    const { width, definition } = TRANSFER;
    let at = this.head(width + LEG_PLACES, definition.version, OP.transfer, this.#length);
    at = this.name(id, at);
    at = kind === undefined ? this.nil(at) : this.name(kind, at);
    at = ref === undefined ? this.nil(at) : this.name(ref, at);
    for (let place = PLACES.transfer.memo; place < width; place++) at = this.nil(at);
    at = this.name(asset, this.name(to, this.name(from, at)));
    this.#length = this.nil(this.number(amount, at));
  }

  /**
   * Adds a packed command anew: with the newest version, a value in one of its places, of at most `most` bytes, and more legs. Says where it
   * begins; it stays there, though the buffer may grow.
   */
  appendCompleted(
    command: CommandView,
    place: number,
    value: Packs,
    most: number,
    legs: readonly object[],
  ): number {
    const { count, op, start: from, end } = command;
    const start = this.#length;
    this.reserve(start + end - from + count + most + (legs.length + 1) * LEG_BYTES_MAX);
    const { version } = (layoutOfOp(op) as Layout).definition;
    let at = this.head(count + legs.length * LEG_PLACES, version, op, start);
    at = this.#places(command, FIRST_PLACE, place, at);
    at = this.packed(value, at, most);
    at = this.#places(command, place + 1, count, at);
    for (let i = 0; i < legs.length; i++) at = writeLeg(this, legs[i] as Fields, at);
    this.#length = at;
    return start;
  }

  /** The places [first, last) of a command. */
  #places(command: CommandView, first: number, last: number, at: number): number {
    const { bytes, count, end } = command;
    let next = at;
    if (isOlder(command.op, command.version)) {
      for (let place = first; place < last; place++)
        next = command.isNil(place)
          ? this.nil(next)
          : this.copy(bytes, command.placeStart(place), command.width(place), next);
      return next;
    }
    if (first >= last) return at;
    const from = command.placeStart(first);
    const to = last < count ? command.placeStart(last) : end;
    return this.copy(bytes, from, to - from, at);
  }

  /** Version and op of one with so many places; this and the next ones say where it goes on. */
  head(places: number, version: number, op: number, at: number): number {
    const bytes = this.memory;
    if (places < 16) bytes[at++] = FIX_ARRAY | places;
    else {
      bytes[at++] = ARRAY_16;
      bytes[at++] = places >> 8;
      bytes[at++] = places & 255;
    }
    bytes[at++] = version;
    bytes[at++] = op;
    return at;
  }
}

/** Writes a command's places from a position on, and says where they end. */
type Write = (out: CommandBuffer, command: Fields, id: string | undefined, at: number) => number;

const METHODS: Readonly<Record<Shape, 'text' | 'number' | 'opaque' | 'flag'>> = {
  text: 'text',
  number: 'number',
  bytes: 'opaque',
  flag: 'flag',
};

/** The code that writes a field's value, which `from` is; functions that it calls are put into `helpers`. */
const putterOf =
  (helpers: unknown[]) =>
  ({ shape, byDefault, toPlace, toText, toLent, kind }: Field, from: string): string => {
    const nothing = byDefault === undefined ? 'out.nil(at)' : `out.flag(${byDefault}, at)`;
    let [inPlace, method] = ['value', METHODS[shape] as string];
    if (toLent !== undefined) {
      const lent = `helpers[${helpers.push(toLent) - 1}](value)`;
      return `value = ${from}; if (value === undefined) at = ${nothing}; else { value = ${lent}; at = out.opaque(value.bytes, at, value.length); }`;
    }
    if (toText !== undefined) {
      inPlace = `helpers[${helpers.push(toText) - 1}](value)`;
      method = 'sealed';
    } else if (kind === 'follow-ups') inPlace = 'packFollowUps(command, id)';
    else if (toPlace !== undefined) inPlace = `helpers[${helpers.push(toPlace) - 1}](value)`;
    return `value = ${from}; at = value === undefined ? ${nothing} : out.${method}(${inPlace}, at);`;
  };

/** The same of all parts of `part`. */
const putAllOf =
  (put: ReturnType<typeof putterOf>) =>
  (parts: readonly (readonly [string, Field])[]): string =>
    parts.map(([name, field]) => put(field, `part[${JSON.stringify(name)}]`)).join('');

/** Writes a leg's places. */
const writeLeg = ((): ((out: CommandBuffer, leg: Fields, at: number) => number) => {
  const helpers: unknown[] = [];
  const { leg = [] } = layoutOfOp(OP.act) as Layout;
  const body = `return (out, part, at) => { let value; ${putAllOf(putterOf(helpers))(leg)} return at; };`;
  return new Function('helpers', body)(helpers);
})();

/** Its code is written out once for each layout, as that of checkerOf() is, and why. */
function writerOf({ placed, leg, width, op, definition, before }: Layout): Write {
  const helpers: unknown[] = [];
  const put = putterOf(helpers);
  const putAll = putAllOf(put);
  const lines = placed.map(({ name, field, parts }) => {
    // What shards say to each other, and queries, have the id of something else.
    if (name === 'id' && before.length > 0) return put(field, 'id');
    const from = `command[${JSON.stringify(name)}]`;
    return parts === undefined ? put(field, from) : `part = ${from} ?? {};${putAll(parts)}`;
  });
  if (leg !== undefined)
    lines.push(`for (let i = 0; i < legCount; i++) { part = legs[i]; ${putAll(leg)} }`);
  const places = leg === undefined ? width : `${width} + legCount * ${LEG_PLACES}`;
  const body = `return (out, command, id, at) => {
    let value, part;
    const { legs } = command;
    const legCount = legs === undefined ? 0 : legs.length;
    at = out.head(${places}, ${definition.version}, ${op}, at);
    ${lines.join('\n')}
    return at;
  };`;
  return new Function('helpers', 'packFollowUps', body)(helpers, packFollowUps) as Write;
}

const WRITERS: (Write | undefined)[] = [];
for (const op of Object.values(OP)) WRITERS[op] = writerOf(layoutOfOp(op) as Layout);

const TRANSFER = layoutOfOp(OP.transfer) as Layout;
const MOVED = [...TRANSFER.placed.slice(0, 4), ...(TRANSFER.leg ?? []).map(([name]) => ({ name }))];
if (MOVED.map(({ name }) => name).join() !== 'id,kind,ref,memo,from,to,asset,amount,expiresAt')
  throw new Error('appendMove() writes the places of a transfer in their order');

/** Of what is copied for somebody with a scope. */
const passed = new CommandView();

const single = new CommandBuffer(0);

/** A validated command (with the id it goes by) or query as bytes of its own; what it names is this caller's. */
export function packCommand(
  command: Packable,
  id: string | undefined,
  { scope }: Granted = EVERYTHING,
): Uint8Array {
  single.append(command, id, scope);
  return single.takeCopy();
}

/** Packed transfers, one after the other. */
function packFollowUps(cause: TransferCommand, id: string): Uint8Array {
  const owner = homeOwner(cause);
  const packed = new CommandBuffer(0);
  for (const [i, one] of (cause.followUps ?? []).entries())
    packed.append({ type: 'transfer', ...one }, followUpId(owner, id, i + 1));
  return packed.bytes();
}

if (STORED_ID_LENGTH_MAX > 255 || OWNER_LENGTH_MAX > 255)
  throw new Error('a text has one byte for its length');
