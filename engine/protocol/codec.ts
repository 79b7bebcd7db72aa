// Commands as bytes: what the router packs is what the log keeps. Owns: the tuples. Never touches: state.
//   P6. A command is one msgpack array: [version, op, fields ...] with fixed places; same command, same bytes.
//   P7. Untrusted bytes go through decodeCommand: size first, then shape, then validate.

import { Packr, Unpackr } from 'msgpackr';
import { COMMAND_BYTES_MAX } from '../limits.js';
import type {
  AccountCommand,
  Command,
  CommandType,
  FollowUpTransfer,
  Leg,
  LoggedCommand,
  Query,
  TransferCommand,
} from './commands.js';
import { followUpId } from './follow-ups.js';
import { canonicalJson, homeOwner, type Problem, validate } from './validate.js';

/** Version of the tuples below. */
export const CODEC_VERSION = 1;

/** Numbers of commands in the log, and of queries on their way to a shard. */
export const OP = {
  transfer: 1,
  hold: 2,
  capture: 3,
  release: 4,
  reverse: 5,
  'open-account': 6,
  'freeze-account': 7,
  'unfreeze-account': 8,
  'close-account': 9,
  'set-credit-limit': 10,
  'put-record': 11,
  'delete-record': 12,
  'define-asset': 13,
  tick: 14,
  prepare: 15,
  decision: 16,
  delivered: 17,
  balance: 64,
  'read-transfer': 65,
  head: 66,
  'read-record': 67,
  'read-hold': 68,
  'list-records': 69,
  'dry-run': 70,
  atomic: 71,
} as const satisfies Record<CommandType | Query['type'], number>;

/** Ops from here on are queries: they take their turn, and are never logged themselves. */
export const FIRST_QUERY_OP = 64;

const TYPE_BY_OP: (CommandType | Query['type'] | undefined)[] = new Array(256).fill(undefined);
for (const [type, op] of Object.entries(OP)) TYPE_BY_OP[op] = type as CommandType | Query['type'];

/** The type behind an op. */
export function typeOfOp(op: number): CommandType | Query['type'] | undefined {
  return TYPE_BY_OP[op];
}

const packr = new Packr({ useRecords: false, encodeUndefinedAsNil: true, int64AsType: 'number' });
const unpackr = new Unpackr({ useRecords: false, int64AsType: 'number', mapsAsObjects: true });
const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder();

/** First byte of memo and metadata: how the rest is to be read. */
const PLAIN = 0;
/** Place of `expiresAt: null` in a tuple. */
export const NEVER_MARK = -1;
const LEG_FIELDS = 5;
const TRANSFER_FIELDS = 11;
const FOLLOW_UPS = 10;

function sealed(text: string | undefined): Uint8Array | undefined {
  if (text === undefined) return undefined;
  const bytes = textEncoder.encode(text);
  const opaque = new Uint8Array(bytes.length + 1);
  opaque[0] = PLAIN;
  opaque.set(bytes, 1);
  return opaque;
}

function unsealed(opaque: unknown): string | undefined {
  if (opaque === null || opaque === undefined) return undefined;
  if (!(opaque instanceof Uint8Array) || opaque[0] !== PLAIN)
    throw new TypeError('unknown tag of opaque bytes');
  return textDecoder.decode(opaque.subarray(1));
}

const expiryMark = (expiresAt: number | null | undefined): number | undefined =>
  expiresAt === null ? NEVER_MARK : expiresAt;

/** A command's fields in their fixed places. */
export type Tuple = unknown[];

function transferTuple(c: TransferCommand, id: string): Tuple {
  const tuple: Tuple = [
    CODEC_VERSION,
    OP.transfer,
    id,
    c.kind,
    c.ref,
    c.memo === undefined ? undefined : sealed(c.memo),
    c.metadata === undefined ? undefined : sealed(canonicalJson(c.metadata)),
    c.condition?.owner,
    c.condition?.asset,
    c.condition?.availableAtLeast,
    c.followUps === undefined ? undefined : packFollowUps(c, id),
  ];
  for (const leg of c.legs)
    tuple.push(leg.from, leg.to, leg.asset, leg.amount, expiryMark(leg.expiresAt));
  return tuple;
}

/** Packed transfers, one after the other. */
function packFollowUps(c: TransferCommand, id: string): Uint8Array {
  const owner = homeOwner(c);
  const parts = (c.followUps ?? []).map((one, i) =>
    packTuple(transferTuple({ type: 'transfer', ...one }, followUpId(owner, id, i + 1))),
  );
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The tuples in so many bytes, one after the other. Trusted bytes only. */
export function unpackTuples(bytes: Uint8Array): Tuple[] {
  return unpackr.unpackMultiple(bytes as Buffer) as Tuple[];
}

/** What packFollowUps() packed; their ids follow from the transfer's. */
function followUpsOf(bytes: Uint8Array): FollowUpTransfer[] {
  return unpackTuples(bytes).map((tuple) => {
    const { type: _, id: __, ...one } = commandOfTuple(tuple) as TransferCommand;
    return one;
  });
}

function tupleOf(c: LoggedCommand | Query, id: string | undefined): Tuple {
  switch (c.type) {
    case 'transfer':
      return transferTuple(c, id as string);
    case 'hold':
    case 'capture':
    case 'release':
    case 'reverse': {
      const business = [
        id,
        c.kind,
        c.ref,
        sealed(c.memo),
        c.metadata && sealed(canonicalJson(c.metadata)),
        c.owner,
      ];
      const head: Tuple = [CODEC_VERSION, OP[c.type], ...business];
      if (c.type === 'hold') head.push(c.asset, c.amount, c.deadline);
      else if (c.type === 'capture') {
        head.push(c.holdId, c.to, c.amount, c.releaseRest === true, expiryMark(c.expiresAt));
      } else if (c.type === 'release') head.push(c.holdId);
      else head.push(c.transferId, c.allowDebt === true);
      return head;
    }
    case 'open-account':
    case 'freeze-account':
    case 'unfreeze-account':
    case 'close-account':
      return [CODEC_VERSION, OP[c.type], id, c.owner, c.asset];
    case 'set-credit-limit':
      return [CODEC_VERSION, OP[c.type], id, c.owner, c.asset, c.creditLimit];
    case 'put-record':
      return [
        CODEC_VERSION,
        OP[c.type],
        id,
        c.owner,
        c.recordType,
        c.key,
        c.value,
        c.expiresAt,
        c.ifVersion,
      ];
    case 'delete-record':
      return [CODEC_VERSION, OP[c.type], id, c.owner, c.recordType, c.key, c.ifVersion];
    case 'define-asset':
      return [
        CODEC_VERSION,
        OP[c.type],
        c.asset,
        c.scale,
        c.lotTracked !== false,
        c.lotGranularityMs,
        c.defaultExpiryMs,
        c.version,
      ];
    case 'tick':
      return [CODEC_VERSION, OP.tick, c.owner, c.bits, c.value];
    case 'prepare':
      return [CODEC_VERSION, OP.prepare, c.id, c.owner, c.deadline, c.transfer, c.lots];
    case 'decision':
      return [CODEC_VERSION, OP.decision, c.id, c.owner, c.refusal, c.lots, c.transfer];
    case 'delivered':
      return [CODEC_VERSION, OP.delivered, c.id, c.owner, c.refusal];
    case 'balance':
    case 'head':
      return [CODEC_VERSION, OP[c.type], c.owner, c.asset];
    case 'read-transfer':
      return [CODEC_VERSION, OP[c.type], c.owner, c.id];
    case 'read-record':
      return [CODEC_VERSION, OP[c.type], c.owner, c.recordType, c.key];
    case 'list-records':
      return [CODEC_VERSION, OP[c.type], c.owner, c.recordType, c.after, c.limit];
    case 'read-hold':
      return [CODEC_VERSION, OP[c.type], c.owner, c.holdId];
    case 'dry-run':
    case 'atomic':
      return [CODEC_VERSION, OP[c.type], c.owner, c.commands];
  }
}

/**
 * A validated command (with the id it goes by) or query as bytes. The result is a view of a shared pool: copy it
 * before it leaves the thread, and before anything else is packed and kept for long.
 */
export function packCommand(command: LoggedCommand | Query, id: string | undefined): Uint8Array {
  return packr.pack(tupleOf(command, id));
}

/** A tuple as bytes of its own. */
export function packTuple(tuple: Tuple): Uint8Array {
  return new Uint8Array(packr.pack(tuple));
}

const given = <T>(value: unknown): T | undefined => (value === null ? undefined : (value as T));
const expiryOf = (mark: unknown): number | null | undefined =>
  mark === NEVER_MARK ? null : given<number>(mark);

const copied = (bytes: unknown): Uint8Array | undefined =>
  bytes === null ? undefined : new Uint8Array(bytes as Uint8Array);

function business(t: Tuple): {
  id: string;
  kind?: string;
  ref?: string;
  memo?: string;
  metadata?: object;
} {
  const metadata = unsealed(t[6]);
  return {
    id: t[2] as string,
    ...(t[3] === null ? {} : { kind: t[3] as string }),
    ...(t[4] === null ? {} : { ref: t[4] as string }),
    ...(t[5] === null ? {} : { memo: unsealed(t[5]) as string }),
    ...(metadata === undefined ? {} : { metadata: JSON.parse(metadata) }),
  };
}

/** Legs of a transfer's tuple: the part that every transfer's application needs. */
export function legsOf(t: Tuple): Leg[] {
  const legs: Leg[] = [];
  for (let i = TRANSFER_FIELDS; i < t.length; i += LEG_FIELDS) {
    legs.push({
      from: t[i] as string,
      to: t[i + 1] as string,
      asset: t[i + 2] as string,
      amount: t[i + 3] as number,
      expiresAt: expiryOf(t[i + 4]),
    });
  }
  return legs;
}

/**
 * The command or query of a tuple, as submitted, defaults filled in. Trusts the tuple's shape: bytes from outside go
 * through decodeCommand. Throws on an unknown version or op.
 */
export function commandOfTuple(t: Tuple): LoggedCommand | Query {
  const type = t[0] === CODEC_VERSION ? typeOfOp(t[1] as number) : undefined;
  switch (type) {
    case 'transfer': {
      const condition =
        t[7] === null
          ? undefined
          : { owner: t[7] as string, asset: t[8] as string, availableAtLeast: t[9] as number };
      return {
        type,
        ...business(t),
        legs: legsOf(t),
        ...(condition && { condition }),
        ...(t[FOLLOW_UPS] === null ? {} : { followUps: followUpsOf(t[FOLLOW_UPS] as Uint8Array) }),
      } as TransferCommand;
    }
    case 'hold':
      return {
        type,
        ...business(t),
        owner: t[7] as string,
        asset: t[8] as string,
        amount: t[9] as number,
        deadline: given(t[10]),
      } as Command;
    case 'capture':
      return {
        type,
        ...business(t),
        owner: t[7] as string,
        holdId: t[8] as string,
        to: t[9] as string,
        amount: given(t[10]),
        releaseRest: t[11] as boolean,
        expiresAt: expiryOf(t[12]),
      } as Command;
    case 'release':
      return { type, ...business(t), owner: t[7] as string, holdId: t[8] as string } as Command;
    case 'reverse':
      return {
        type,
        ...business(t),
        owner: t[7] as string,
        transferId: t[8] as string,
        allowDebt: t[9] as boolean,
      } as Command;
    case 'open-account':
    case 'freeze-account':
    case 'unfreeze-account':
    case 'close-account':
      return { type, id: t[2], owner: t[3], asset: t[4] } as AccountCommand;
    case 'set-credit-limit':
      return { type, id: t[2], owner: t[3], asset: t[4], creditLimit: t[5] } as Command;
    case 'put-record':
      return {
        type,
        id: t[2] as string,
        owner: t[3] as string,
        recordType: t[4] as string,
        key: t[5] as string,
        value: new Uint8Array(t[6] as Uint8Array),
        expiresAt: given(t[7]),
        ifVersion: given(t[8]),
      };
    case 'delete-record':
      return {
        type,
        id: t[2] as string,
        owner: t[3] as string,
        recordType: t[4] as string,
        key: t[5] as string,
        ifVersion: given(t[6]),
      };
    case 'define-asset':
      return {
        type,
        asset: t[2] as string,
        scale: t[3] as number,
        lotTracked: t[4] as boolean,
        lotGranularityMs: given(t[5]),
        defaultExpiryMs: given(t[6]),
        version: given(t[7]),
      };
    case 'tick':
      return { type, owner: given(t[2]), bits: given(t[3]), value: given(t[4]) };
    case 'prepare':
      return {
        type,
        id: t[2] as string,
        owner: t[3] as string,
        deadline: t[4] as number,
        transfer: new Uint8Array(t[5] as Uint8Array),
        lots: copied(t[6]),
      };
    case 'decision':
      return {
        type,
        id: t[2] as string,
        owner: t[3] as string,
        refusal: t[4] as number,
        lots: copied(t[5]),
        transfer: copied(t[6]),
      };
    case 'delivered':
      return { type, id: t[2] as string, owner: t[3] as string, refusal: t[4] as number };
    case 'balance':
      return { type, owner: t[2] as string, asset: given(t[3]) };
    case 'head':
      return { type, owner: t[2] as string, asset: t[3] as string };
    case 'read-transfer':
      return { type, owner: t[2] as string, id: t[3] as string };
    case 'read-record':
      return { type, owner: t[2] as string, recordType: t[3] as string, key: t[4] as string };
    case 'list-records':
      return {
        type,
        owner: t[2] as string,
        recordType: t[3] as string,
        after: given(t[4]),
        limit: t[5] as number,
      };
    case 'read-hold':
      return { type, owner: t[2] as string, holdId: t[3] as string };
    case 'dry-run':
    case 'atomic':
      return { type, owner: t[2] as string, commands: new Uint8Array(t[3] as Uint8Array) };
    default:
      throw new TypeError(`unknown command version ${String(t[0])} or op ${String(t[1])}`);
  }
}

/** The tuple in bytes[start, end). Trusted bytes only. */
export function unpackTuple(bytes: Uint8Array, start: number, end: number): Tuple {
  return unpackr.unpack(bytes as Buffer, { start, end }) as Tuple;
}

/** Where each place of a tuple must hold what, for untrusted input: n number, s string, b bytes, t boolean; `?` or null. */
const SHAPES: Partial<Record<CommandType, string>> = {
  transfer: 's s? s? b? b? s? s? n? b?',
  hold: 's s? s? b? b? s s n n?',
  capture: 's s? s? b? b? s s s n? t n?',
  release: 's s? s? b? b? s s',
  reverse: 's s? s? b? b? s s t',
  'open-account': 's s s',
  'freeze-account': 's s s',
  'unfreeze-account': 's s s',
  'close-account': 's s s',
  'set-credit-limit': 's s s n',
  'put-record': 's s s s b n? n?',
  'delete-record': 's s s s n?',
  'define-asset': 's n t n? n? n?',
};
const LEG_SHAPE = ['s', 's', 's', 'n', 'n?'];

function fits(value: unknown, shape: string): boolean {
  if (value === null) return shape.endsWith('?');
  switch (shape.charAt(0)) {
    case 'n':
      return typeof value === 'number';
    case 's':
      return typeof value === 'string';
    case 't':
      return typeof value === 'boolean';
    default:
      return value instanceof Uint8Array;
  }
}

function tupleProblem(tuple: unknown): Problem | null {
  if (!Array.isArray(tuple)) return { code: 'COMMAND_INVALID', field: 'command' };
  if (tuple[0] !== CODEC_VERSION) return { code: 'COMMAND_VERSION_UNKNOWN', field: 'version' };
  const type = typeof tuple[1] === 'number' ? typeOfOp(tuple[1]) : undefined;
  const shape = type === undefined ? undefined : SHAPES[type as CommandType];
  if (shape === undefined) return { code: 'COMMAND_TYPE_UNKNOWN', field: 'type' };
  const places = shape.split(' ');
  const legs = type === 'transfer' ? tuple.length - TRANSFER_FIELDS : 0;
  if (tuple.length - legs !== places.length + 2 || legs % LEG_FIELDS !== 0) {
    return { code: 'COMMAND_INVALID', field: 'length' };
  }
  for (let i = 2; i < tuple.length; i++) {
    const place = places[i - 2] ?? LEG_SHAPE[(i - TRANSFER_FIELDS) % LEG_FIELDS] ?? 's';
    if (!fits(tuple[i], place)) return { code: 'COMMAND_INVALID', field: `[${i}]` };
  }
  return null;
}

/** A command out of untrusted bytes, or what is wrong with them. `owned`: as in validate(). Never throws. */
export function decodeCommand(
  bytes: Uint8Array,
  owned = false,
): { readonly command: Command } | { readonly problem: Problem } {
  if (bytes.length > COMMAND_BYTES_MAX)
    return { problem: { code: 'COMMAND_INVALID', field: 'length' } };
  try {
    const tuple: unknown = unpackr.unpack(bytes as Buffer);
    const shapeProblem = tupleProblem(tuple);
    if (shapeProblem !== null) return { problem: shapeProblem };
    const command = commandOfTuple(tuple as Tuple) as Command;
    const found = validate(command, owned);
    return found === null ? { command } : { problem: found };
  } catch {
    return { problem: { code: 'COMMAND_INVALID', field: 'command' } };
  }
}

/** Any msgpack value as bytes of its own: for what is stored beside accounts. */
export function packValue(value: unknown): Uint8Array {
  return new Uint8Array(packr.pack(value));
}

/** The value packValue packed. */
export function unpackValue(bytes: Uint8Array): unknown {
  return unpackr.unpack(bytes as Buffer);
}
