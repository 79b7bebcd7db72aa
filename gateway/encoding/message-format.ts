// Messages as bytes: JSON or MessagePack, by subprotocol. Owns: both formats, and that they say the same. Never touches: what
// a message means.
//   ws.F1. A message is the same object in both: fields that are undefined are left out; bytes are base64 text in JSON.
//   ws.F2. No number is rounded silently (as http.H2): a whole number beyond 2^53 - 1 arrives as something that no field takes.

import { Packr, Unpackr } from 'msgpackr';
import type { Outcome, Refused } from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import { OutcomePacker } from './outcome-pack.js';
import { briefly, whole } from './outcome-shape.js';
import { isSound } from './packed.js';
import { readJson } from './text.js';

/** Something that is told in many messages, made into bytes once for each format. */
export class Shared {
  readonly #value: unknown;
  #json: string | undefined;
  #packed: Uint8Array | undefined;

  constructor(value: unknown) {
    this.#value = value;
  }

  get json(): string {
    this.#json ??= jsonOf(this.#value);
    return this.#json;
  }

  get packed(): Uint8Array {
    this.#packed ??= writePacked(this.#value);
    return this.#packed;
  }
}

/** A way to write messages. */
export interface Format {
  readonly subprotocol: string;
  readonly isBinary: boolean;
  /** The message; undefined: the bytes are none. */
  read(bytes: ArrayBuffer, limits: GatewayLimits): unknown;
  write(message: object): string | Uint8Array;
  /** A message of some fields, and of one more at its end that others are told as well. Returns what joins it to them. */
  joiner(fields: object, name: string): (shared: Shared) => string | Uint8Array;
  /** A message of some fields and `outcomes`. */
  outcomes(fields: object, outcomes: readonly Outcome[], brief: boolean): string | Uint8Array;
}

// Two settings that the package has and its types leave out.
const packr = new Packr({ useRecords: false, skipValues: [undefined] } as object);
const unpackr = new Unpackr({
  useRecords: false,
  int64AsType: 'auto',
  copyBuffers: true,
} as object);

/** The value of a MessagePack; undefined: it is none, or none that is sound (ws.F3). */
export function readPacked(bytes: ArrayBuffer | Uint8Array, nestingMax: number): unknown {
  const packed = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  return isSound(packed, nestingMax) ? unpackr.unpack(packed as Buffer) : undefined;
}

/** A value as MessagePack: bytes of their own. */
export const writePacked = (value: unknown): Uint8Array => new Uint8Array(packr.pack(value));

const jsonOf = (value: unknown): string => JSON.stringify(value, bytesAsText);

function bytesAsText(this: unknown, _name: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
}

const JSON_FORMAT: Format = {
  subprotocol: 'jifen.json',
  isBinary: false,
  read(bytes, limits) {
    const read = readJson(bytes, limits);
    return read.ok ? read.value : undefined;
  },
  write: jsonOf,
  joiner(fields, name) {
    const start = `${jsonOf(fields).slice(0, -1)},${JSON.stringify(name)}:`;
    return (shared) => `${start}${shared.json}}`;
  },
  outcomes: (fields, outcomes, brief) =>
    jsonOf({ ...fields, outcomes: outcomes.map(brief ? briefly : whole) }),
};

/** MessagePack: a map of up to 15 fields, the first byte. */
const FIX_MAP = 0x80;
const pack = (value: unknown): Uint8Array => packr.pack(value);
const packer = new OutcomePacker(pack);

/** As `writePacked` of the outcomes as HTTP tells them, quicker. */
export function packerOfAnswers(refusedAs: (refused: Refused) => unknown): OutcomePacker {
  return new OutcomePacker(pack, 'status', refusedAs);
}

/** A packed map up to the value of its last field. */
function startOf(fields: object, name: string): Uint8Array {
  const members = Object.entries(fields).filter(([, value]) => value !== undefined);
  const parts = [...members.flat(), name].map((part) => Buffer.from(packr.pack(part)));
  return Buffer.concat([Buffer.from([FIX_MAP | (members.length + 1)]), ...parts]);
}

const PACKED_FORMAT: Format = {
  subprotocol: 'jifen.msgpack',
  isBinary: true,
  read: (bytes, { nestingMax }) => readPacked(bytes, nestingMax),
  write: (message) => packr.pack(message),
  joiner(fields, name) {
    const start = startOf(fields, name);
    return ({ packed }) => Buffer.concat([start, packed]);
  },
  outcomes: (fields, outcomes, brief) =>
    Buffer.concat([startOf(fields, 'outcomes'), packer.outcomes(outcomes, brief)]),
};

/** In the order of preference where nobody chooses: JSON. */
const FORMATS: readonly Format[] = [JSON_FORMAT, PACKED_FORMAT];

/** The first of these subprotocols that is known; JSON where there are none; undefined: none is known. */
export function formatOf(protocols: readonly string[]): Format | undefined {
  if (protocols.length === 0) return JSON_FORMAT;
  for (const protocol of protocols) {
    const found = FORMATS.find(({ subprotocol }) => subprotocol === protocol);
    if (found !== undefined) return found;
  }
  return undefined;
}
