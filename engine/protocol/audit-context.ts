// Who asks, as it travels with commands to the shard that logs them. Owns: how a context is packed between commands. Never touches: what a
// context means, keys.
//   protocol.X1. A context is an envelope: no part of the command, so that the same command asked for from another address is a repeat.
//   protocol.X2. What stands after a context in a task is asked for by it, up to the next one; before any, nobody is named and nothing is logged.
//   protocol.X3. Address and agent are sealed for a shard of this node (`here`), and open on their way to another node (`elsewhere`), whose keys
//       they are sealed with: a log is forgotten with the keys beside it.

import {
  ADDRESS_LENGTH_MAX,
  AGENT_LENGTH_MAX,
  DEVICE_LENGTH_MAX,
  PRINCIPAL_LENGTH_MAX,
} from '../limits.js';
import type { CommandView } from './command-view.js';

/** Where a command came from: kept with it in the log, for the audit trail. */
export interface AuditContext {
  /** Who asks. Default: the `principal` of the caller's grants. */
  readonly principal?: string | undefined;
  /** The network address; kept readable for the days that the audit trail keeps it. */
  readonly address?: string | undefined;
  /** The program that asked (`User-Agent`); likewise. */
  readonly agent?: string | undefined;
  /** What the member's device is called, by whoever asks: kept readable likewise, and looked at by the risk rules. */
  readonly device?: string | undefined;
  /** The member's own network address, as a member asks itself or a platform says it that asks for it; likewise. */
  readonly memberAddress?: string | undefined;
  /** 32 hexadecimal digits; anything else is left out. */
  readonly traceId?: string | undefined;
}

/** Where somebody asks from; empty texts: it is not known. */
export interface Place {
  readonly address: string;
  readonly agent: string;
  readonly device: string;
  readonly memberAddress: string;
}

/** Seals where somebody asks from; no bytes: nothing is said of it. */
export type SealOrigin = (place: Place) => Uint8Array;

/** Op of contexts between commands; with that of grants the highest. No command or query has it. */
export const CONTEXT_OP = 126;
const CONTEXT_VERSION = 1;
/** Bytes of a trace id. */
export const TRACE_BYTES = 16;
/** Places of a packed context. */
const [PRINCIPAL, ORIGIN, TRACE] = [2, 3, 4];
/** MessagePack: an array of five, texts and bytes with their lengths, nil. */
const [FIVE, STR_8, BIN_16, NIL] = [0x95, 0xd9, 0xc5, 0xc0];
const HEAD = [FIVE, CONTEXT_VERSION, CONTEXT_OP];
const TRACE_ID = /^[0-9a-f]{32}$/;
const NOTHING = new Uint8Array(0);

/** Nobody is named any more. */
export const NOBODY_ASKS = new Uint8Array([...HEAD, NIL, NIL, NIL]);

/** A context in the form in which it goes along with commands. */
export class AskedBy {
  readonly principal: string;
  readonly place: Place;
  /** Empty: none. */
  readonly traceId: string;
  readonly #seal: SealOrigin;
  #here: Uint8Array | undefined;
  #elsewhere: Uint8Array | undefined;

  /** `principal`: who asks where the context does not say. */
  constructor(context: AuditContext, principal: string | undefined, seal: SealOrigin) {
    const { address, agent, device, memberAddress, traceId = '' } = context;
    this.principal = (context.principal ?? principal ?? '').slice(0, PRINCIPAL_LENGTH_MAX);
    this.place = {
      address: part(address, ADDRESS_LENGTH_MAX),
      agent: part(agent, AGENT_LENGTH_MAX),
      device: part(device, DEVICE_LENGTH_MAX),
      memberAddress: part(memberAddress, ADDRESS_LENGTH_MAX),
    };
    this.traceId = TRACE_ID.test(traceId) ? traceId : '';
    this.#seal = seal;
  }

  /** Packed for a shard of this node. */
  get here(): Uint8Array {
    this.#here ??= packedOnce(this.principal, this.#seal(this.place), this.traceId);
    return this.#here;
  }

  /** Packed for another node. */
  get elsewhere(): Uint8Array {
    this.#elsewhere ??= packed(this.principal, openOrigin(this.place), this.traceId);
    return this.#elsewhere;
  }
}

/** A part of a place: none holds what stands between them. */
const part = (text = '', max: number): string => text.replaceAll('\0', '').slice(0, max);

/** A place as one text: what is not known of a member is left out, as logs from before it was have it. */
export const placeText = ({ address, agent, device, memberAddress }: Place): string =>
  device === '' && memberAddress === ''
    ? `${address}\0${agent}`
    : `${address}\0${agent}\0${device}\0${memberAddress}`;

/** A place as one piece of bytes. */
export const openOrigin = (place: Place): Uint8Array => Buffer.from(placeText(place));

/** The place in it. */
export function originIn(bytes: Uint8Array): Place {
  const [address = '', agent = '', device = '', memberAddress = ''] = Buffer.from(bytes)
    .toString()
    .split('\0', 4);
  return { address, agent, device, memberAddress };
}

/** By what was sealed, which is the same object for the same place: who asked from there last, as it was packed without a trace. */
const known = new WeakMap<Uint8Array, { principal: string; bytes: Uint8Array }>();

function packedOnce(principal: string, origin: Uint8Array, traceId: string): Uint8Array {
  if (traceId !== '') return packed(principal, origin, traceId);
  const found = known.get(origin);
  if (found?.principal === principal) return found.bytes;
  const bytes = packed(principal, origin, traceId);
  known.set(origin, { principal, bytes });
  return bytes;
}

function packed(principal: string, origin: Uint8Array, traceId: string): Uint8Array {
  const nameBytes = Buffer.byteLength(principal);
  const bytes = Buffer.allocUnsafe(32 + nameBytes + origin.length);
  let at = HEAD.length;
  bytes.set(HEAD);
  bytes[at++] = STR_8;
  bytes[at++] = nameBytes;
  at += bytes.write(principal, at);
  at = writeBytes(bytes, origin, at);
  if (traceId === '') bytes[at++] = NIL;
  else at = writeBytes(bytes, Buffer.from(traceId, 'hex'), at);
  return bytes.subarray(0, at);
}

function writeBytes(into: Buffer, bytes: Uint8Array, at: number): number {
  into[at] = BIN_16;
  into.writeUInt16BE(bytes.length, at + 1);
  into.set(bytes, at + 3);
  return at + 3 + bytes.length;
}

/** A context read between commands: views of the task's bytes. */
export class SaidContext {
  readonly principal: Uint8Array;
  readonly origin: Uint8Array;
  /** TRACE_BYTES of them, or none. */
  readonly trace: Uint8Array;

  /** Throws RangeError on what is no context. */
  constructor(view: CommandView) {
    if (view.count !== HEAD.length + 2 || view.version !== CONTEXT_VERSION)
      throw new RangeError('this is no context');
    const start = view.textStart(PRINCIPAL);
    this.principal = view.bytes.subarray(start, start + view.textLength(PRINCIPAL));
    this.origin = view.opaque(ORIGIN);
    this.trace = view.isNil(TRACE) ? NOTHING : view.opaque(TRACE);
    if (this.trace.length !== 0 && this.trace.length !== TRACE_BYTES)
      throw new RangeError('this is no trace id');
  }
}

/** The context in a task; null: nobody is named from here on. */
export const saidContext = (view: CommandView): SaidContext | null =>
  view.isNil(PRINCIPAL) ? null : new SaidContext(view);

/** A context out of what another node sent, with the seal of this one. Throws on what is none. */
export function contextFromNode(view: CommandView, seal: SealOrigin): AskedBy | null {
  const said = saidContext(view);
  if (said === null) return null;
  const traceId = Buffer.from(said.trace).toString('hex');
  const principal = Buffer.from(said.principal).toString();
  return new AskedBy({ ...originIn(said.origin), principal, traceId }, undefined, seal);
}

if (PRINCIPAL_LENGTH_MAX * 3 > 255) throw new Error('a principal has one byte for its length');
