// Commands as tuples and as bytes: what the router packs is what the log keeps. Owns: reading tuples, untrusted bytes. Never
// touches: state.
//   protocol.P7. Untrusted bytes go through decodeCommand: size first, then shape, then validate.

import { Packr, Unpackr } from 'msgpackr';
import { COMMAND_BYTES_MAX } from '../limits.js';
import type {
  Command,
  FollowUpTransfer,
  Leg,
  LoggedCommand,
  Query,
  Said,
  TransferCommand,
} from './commands.js';
import { type Field, NEVER_MARK, type Problem } from './fields.js';
import { isOlder, type Layout, LEG, LEG_PLACES, layoutOfOp, type Type } from './layout.js';
import { shown } from './naming.js';
import { validate } from './validate.js';

const packr = new Packr({ useRecords: false, encodeUndefinedAsNil: true, int64AsType: 'number' });
const unpackr = new Unpackr({ useRecords: false, int64AsType: 'number', mapsAsObjects: true });

/** A command's fields in their fixed places. */
export type Tuple = unknown[];

/** How many places its version did not have yet, and where they are now (protocol.P19). */
function laterPlaces([version, op]: Tuple): readonly [number, number] {
  const layout = isOlder(op as number, version as number) ? layoutOfOp(op as number) : undefined;
  const from = layout?.widthIn(version as number) ?? 0;
  return [(layout?.width ?? from) - from, from];
}

/** A tuple as it was packed, with the places of the newest version. */
function widened(packed: Tuple): Tuple {
  const [count, from] = laterPlaces(packed);
  if (count > 0) packed.splice(from, 0, ...new Array(count).fill(null));
  return packed;
}

/** A tuple as bytes of its own, as they are in its version. */
export function packTuple(tuple: Tuple): Uint8Array {
  const [count, from] = laterPlaces(tuple);
  return new Uint8Array(packr.pack(count === 0 ? tuple : tuple.toSpliced(from, count)));
}

/** The tuple in bytes[start, end). Trusted bytes only. */
export function unpackTuple(bytes: Uint8Array, start: number, end: number): Tuple {
  return widened(unpackr.unpack(bytes as Buffer, { start, end }) as Tuple);
}

/** The tuples in so many bytes, one after the other. Trusted bytes only. */
export function unpackTuples(bytes: Uint8Array): Tuple[] {
  return (unpackr.unpackMultiple(bytes as Buffer) as Tuple[]).map(widened);
}

type Parts = readonly (readonly [string, Field])[];

/** What parts of one thing hold, from a place on; those that are left out are left out. */
function partsOf(t: Tuple, parts: Parts, from: number): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (let i = 0; i < parts.length; i++) {
    const [name, { ofPlace }] = parts[i] as Parts[number];
    const value = t[from + i];
    if (value !== null && value !== undefined)
      found[name] = ofPlace ? ofPlace(value as never) : value;
  }
  return found;
}

/**
 * What a handler takes of a command: its id and its own fields, defaults filled in; without what it is about (kind, ref, memo,
 * metadata). Trusts the tuple's shape.
 */
export function saidIn<T extends Type>(t: Tuple): Said<T> {
  const { type, saidPlaces, hasOptionalLegs } = layoutOfTuple(t);
  const said: Record<string, unknown> = { type };
  for (const { name, field, place } of saidPlaces) {
    const value = t[place];
    if (value === null || value === undefined) continue;
    said[name] = field.ofPlace === undefined ? value : field.ofPlace(value as never);
  }
  if (hasOptionalLegs) said.legs = legsOf(t);
  return said as Said<T>;
}

/** What follow-ups were packed as; their ids follow from the transfer's. */
const followUpsOf = (bytes: Uint8Array): FollowUpTransfer[] =>
  unpackTuples(bytes).map((tuple) => {
    const { type: _, id: __, ...one } = commandOfTuple(tuple) as TransferCommand;
    return one;
  });

/** Legs of a transfer's tuple: the part that every transfer's application needs. */
export function legsOf(t: Tuple): Leg[] {
  const { leg = [], width } = layoutOfOp(t[1] as number) as Layout;
  const legs: Leg[] = [];
  for (let i = width; i < t.length; i += LEG_PLACES)
    legs.push(partsOf(t, leg, i) as unknown as Leg);
  return legs;
}

function layoutOfTuple(t: Tuple): Layout {
  const layout = layoutOfOp(t[1] as number);
  if (layout?.isVersion(t[0])) return layout;
  throw new TypeError(`unknown command version ${String(t[0])} or op ${String(t[1])}`);
}

/**
 * The command or query of a tuple, as submitted, defaults filled in. Trusts the tuple's shape: bytes from outside go
 * through decodeCommand. Throws on an unknown version or op.
 */
export function commandOfTuple(t: Tuple): LoggedCommand | Query {
  const { type, placed, leg, width, hasOptionalLegs } = layoutOfTuple(t);
  const command: Record<string, unknown> = { type };
  for (const { name, field, place, parts } of placed) {
    const value = t[place];
    if (value === null || value === undefined) continue;
    if (field.kind === 'follow-ups') command[name] = followUpsOf(value as Uint8Array);
    else if (parts !== undefined) command[name] = partsOf(t, parts, place);
    else command[name] = field.ofPlace === undefined ? value : field.ofPlace(value as never);
  }
  if (leg !== undefined && (t.length > width || !hasOptionalLegs)) command.legs = legsOf(t);
  return command as unknown as LoggedCommand | Query;
}

const isSame = (a: unknown, b: unknown): boolean =>
  a instanceof Uint8Array && b instanceof Uint8Array ? Buffer.compare(a, b) === 0 : a === b;

/** An expiry as lots of an asset have it; undefined: the asset that the command itself does not name. */
export type Rounding = (expiry: number, asset: string | undefined) => number;
const asGiven: Rounding = (expiry) => expiry;

/** A retry that works out an expiry anew means the same where the same lot comes of it. */
const isSameExpiry = (a: unknown, b: unknown, asset: unknown, round: Rounding): boolean =>
  a === b ||
  (typeof a === 'number' &&
    typeof b === 'number' &&
    a !== NEVER_MARK &&
    b !== NEVER_MARK &&
    round(a, asset as string | undefined) === round(b, asset as string | undefined));

function areSameFollowUps(a: Uint8Array, b: Uint8Array, round: Rounding): boolean {
  const [ones, others] = [unpackTuples(a), unpackTuples(b)];
  return (
    ones.length === others.length &&
    ones.every((one, i) => isSameSaid(one, others[i] as Tuple, round, true))
  );
}

/**
 * Do two commands say the same, whatever their versions and what the engine adds (protocol.P17)? `round`: expiries that it makes
 * equal are the same. `isCaused`: their ids follow from that of their cause. Trusts their shapes.
 */
export function isSameSaid(known: Tuple, again: Tuple, round = asGiven, isCaused = false): boolean {
  const layout = layoutOfOp(known[1] as number);
  if (layout === undefined || known[1] !== again[1]) return false;
  const { placed, leg, width, hasOptionalLegs } = layout;
  const asset = known[placed.find(({ name }) => name === 'asset')?.place ?? -1];
  for (const { name, field, place, parts } of placed) {
    const { kind, isFilledIn, isScope, byDefault = null } = field;
    if (isFilledIn || isScope || (isCaused && name === 'id')) continue;
    for (let at = place; at < place + (parts?.length ?? 1); at++) {
      const [a, b] = [known[at] ?? byDefault, again[at] ?? byDefault];
      if (isSame(a, b)) continue;
      if (kind === 'expiry' && isSameExpiry(a, b, asset, round)) continue;
      const isList = kind === 'follow-ups' && a !== null && b !== null;
      if (!isList || !areSameFollowUps(a as Uint8Array, b as Uint8Array, round)) return false;
    }
  }
  // Legs that only the engine gives are not what was said.
  if (leg === undefined || hasOptionalLegs) return true;
  if (known.length !== again.length) return false;
  for (let at = width; at < known.length; at++) {
    if (isSame(known[at], again[at])) continue;
    const isExpiry = (at - width) % LEG_PLACES === LEG.expiresAt;
    const ofLeg = known[at - LEG.expiresAt + LEG.asset];
    if (!isExpiry || !isSameExpiry(known[at], again[at], ofLeg, round)) return false;
  }
  return true;
}

/** Have two transfers the same legs, in whatever order and whenever their points expire? Trusts their shapes. */
export function hasSameLegs(known: Tuple, again: Tuple): boolean {
  const [ones, others] = [known, again].map((tuple) =>
    legsOf(tuple)
      .map(({ from, to, asset, amount }) => `${from} ${to} ${asset} ${amount}`)
      .sort()
      .join(),
  );
  return ones === others;
}

const SHAPES = {
  number: (value: unknown) => typeof value === 'number',
  text: (value: unknown) => typeof value === 'string',
  flag: (value: unknown) => typeof value === 'boolean',
  bytes: (value: unknown) => value instanceof Uint8Array,
} as const;

const fits = (value: unknown, { shape, optional, byDefault }: Field, mayLack = false): boolean =>
  value === null ? mayLack || (optional && byDefault === undefined) : SHAPES[shape](value);

/** Does every place hold what it must, as it was packed? `width`: of its version. The first that does not; -1: all do. */
function strangePlace(tuple: Tuple, { placed, leg }: Layout, width: number): number {
  for (const { name, field, place, parts } of placed) {
    if (place >= width) break;
    // Packed without an id, it would have no key.
    if (parts === undefined) {
      const isGiven = name !== 'id' || tuple[place] !== null;
      if (!isGiven || !fits(tuple[place], field)) return place;
      continue;
    }
    for (const [i, [, part]] of parts.entries())
      if (!fits(tuple[place + i], part, field.optional && tuple[place] === null)) return place + i;
  }
  if (leg === undefined) return -1;
  for (let at = width; at < tuple.length; at++)
    if (!fits(tuple[at], (leg[(at - width) % LEG_PLACES] as Parts[number])[1])) return at;
  return -1;
}

function tupleProblem(tuple: unknown): Problem | null {
  if (!Array.isArray(tuple)) return { code: 'COMMAND_INVALID', field: 'command' };
  const [version, op] = tuple;
  const layout = typeof op === 'number' ? layoutOfOp(op) : undefined;
  if (layout === undefined ? version !== 1 : !layout.isVersion(version))
    return { code: 'COMMAND_VERSION_UNKNOWN', field: 'version' };
  if (layout === undefined || layout.definition.by === 'engine' || layout.isQuery)
    return { code: 'COMMAND_TYPE_UNKNOWN', field: 'type' };
  const { leg } = layout;
  const width = layout.widthIn(version);
  const legPlaces = tuple.length - width;
  const isWhole =
    leg === undefined ? legPlaces === 0 : legPlaces >= 0 && legPlaces % LEG_PLACES === 0;
  if (!isWhole) return { code: 'COMMAND_INVALID', field: 'length' };
  const strange = strangePlace(tuple, layout, width);
  return strange < 0 ? null : { code: 'COMMAND_INVALID', field: `[${strange}]` };
}

/**
 * A command out of untrusted bytes, or what is wrong with them. `owned`: as in validate(). `scope`: whose ids it was packed with. Never
 * throws.
 */
export function decodeCommand(
  bytes: Uint8Array,
  owned = false,
  scope?: string,
): { readonly command: Command } | { readonly problem: Problem } {
  if (bytes.length > COMMAND_BYTES_MAX)
    return { problem: { code: 'COMMAND_INVALID', field: 'length' } };
  try {
    const tuple: unknown = unpackr.unpack(bytes as Buffer);
    const shapeProblem = tupleProblem(tuple);
    if (shapeProblem !== null) return { problem: shapeProblem };
    const command = commandOfTuple(widened(tuple as Tuple)) as Command;
    const found = validate(scope === undefined ? command : shown(command, scope), owned);
    return found === null ? { command } : { problem: found };
  } catch {
    return { problem: { code: 'COMMAND_INVALID', field: 'command' } };
  }
}
