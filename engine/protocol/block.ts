// A block of the log: what one group commit writes. Owns: its layout. Never touches: files; hashing is the caller's.
//   protocol.P10. header | commands, padded to 8 | effects | who asked (protocol.X4; none in older blocks) | SHA-256 of all before it.
//   protocol.P11. Every multi-byte field is little-endian and aligned; a block's buffer begins at a multiple of 8.

import { ContextsView } from './block-contexts.js';
import { COMMANDS } from './commands.js';
import { EffectReader } from './effects.js';

/** First bytes of every block: "JFB1". */
const BLOCK_MAGIC = 0x3142464a;
/** Version of this layout. */
const BLOCK_FORMAT = 1;
/**
 * How often the rules changed, beside those of single commands, which each have a version of their own.
 * 1: what an open command between shards reserves has no entry. 2: reserves have entries (ledger.L7). 3: ids are platforms' (protocol.I1), days
 * follow newer tables of zones. 4: what an act has decided is not told again in the effects of a record whose command has it. 5: a block may
 * say who asked (protocol.X4).
 */
const SHARED_RULES = 5;
/** Version of all rules: it rises with every change, so that a release refuses what a later one wrote. A block is replayed by its own. */
export const APPLY_VERSION = Object.values(COMMANDS).reduce(
  (sum, { version }) => sum + version - 1,
  SHARED_RULES,
);
/** The first version in which reserves have entries. */
export const RESERVE_ENTRIES_VERSION = 2;
/** The first version in which ids are platforms': what was written before was everybody's. */
export const SCOPED_IDS_VERSION = 15;
/** The first version in which a record does not tell again what its command has of an act. */
export const PLANS_ONCE_VERSION = 17;
/** Bytes of the header. */
export const BLOCK_HEADER = 96;
/** Bytes of the hash that ends a block. */
export const HASH_BYTES = 32;

const NOTHING: Uint8Array = new Uint8Array(0);

const align = (bytes: number): number => (bytes + 7) & ~7;

/** The header's fields. */
export interface BlockHeader {
  readonly shard: number;
  /** How often this shard's folder has been opened. */
  readonly epoch: number;
  readonly seq: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  /** Commands in it. */
  readonly count: number;
}

/**
 * Puts a block together, the hash left out; `into` must be large enough (blockBytes). `contexts`: who asked. Returns the bytes before
 * the hash.
 */
export function writeBlock(
  into: Uint8Array,
  header: BlockHeader,
  previousHash: Uint8Array,
  commands: Uint8Array,
  effects: Uint8Array,
  contexts = NOTHING,
): number {
  const view = new DataView(into.buffer, into.byteOffset, BLOCK_HEADER);
  const effectsAt = BLOCK_HEADER + align(commands.length);
  view.setUint32(0, BLOCK_MAGIC, true);
  view.setUint16(4, BLOCK_FORMAT, true);
  view.setUint16(6, APPLY_VERSION, true);
  view.setUint32(8, header.shard, true);
  view.setUint32(12, header.epoch, true);
  view.setFloat64(16, header.seq, true);
  view.setFloat64(24, header.time, true);
  view.setUint32(32, header.count, true);
  view.setUint32(36, commands.length, true);
  view.setUint32(40, effects.length, true);
  view.setUint32(44, contexts.length, true);
  into.set(previousHash, 48);
  into.fill(0, 80, BLOCK_HEADER);
  into.set(commands, BLOCK_HEADER);
  into.fill(0, BLOCK_HEADER + commands.length, effectsAt);
  into.set(effects, effectsAt);
  into.set(contexts, effectsAt + effects.length);
  return effectsAt + effects.length + contexts.length;
}

/** Bytes of a block with so many bytes of commands, effects and contexts. */
export function blockBytes(commandBytes: number, effectBytes: number, contextBytes = 0): number {
  return BLOCK_HEADER + align(commandBytes) + effectBytes + contextBytes + HASH_BYTES;
}

/** A block as read back. Throws RangeError on bytes that cannot be a block. */
export class BlockView {
  readonly bytes: Uint8Array;
  readonly header: BlockHeader;
  readonly applyVersion: number;
  readonly previousHash: Uint8Array;
  readonly commands: Uint8Array;
  readonly effects: EffectReader;
  readonly #contexts: Uint8Array;
  /** The hash it ends with; whether it is right is the caller's to check, over `hashed`. */
  readonly hash: Uint8Array;
  readonly hashed: Uint8Array;

  constructor(bytes: Uint8Array) {
    if (bytes.length < BLOCK_HEADER + HASH_BYTES)
      throw new RangeError('shorter than a block header');
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    if (view.getUint32(0, true) !== BLOCK_MAGIC) throw new RangeError('not a block');
    if (view.getUint16(4, true) !== BLOCK_FORMAT)
      throw new RangeError(`unknown block format ${view.getUint16(4, true)}`);
    const commandBytes = view.getUint32(36, true);
    const effectBytes = view.getUint32(40, true);
    const contextBytes = view.getUint32(44, true);
    if (blockBytes(commandBytes, effectBytes, contextBytes) !== bytes.length)
      throw new RangeError('length does not match the header');
    this.bytes = bytes;
    this.applyVersion = view.getUint16(6, true);
    this.header = {
      shard: view.getUint32(8, true),
      epoch: view.getUint32(12, true),
      seq: view.getFloat64(16, true),
      time: view.getFloat64(24, true),
      count: view.getUint32(32, true),
    };
    const effectsAt = BLOCK_HEADER + align(commandBytes);
    this.previousHash = bytes.subarray(48, 80);
    this.commands = bytes.subarray(BLOCK_HEADER, BLOCK_HEADER + commandBytes);
    const contextsAt = effectsAt + effectBytes;
    this.effects = new EffectReader(bytes.subarray(effectsAt, contextsAt));
    this.#contexts = bytes.subarray(contextsAt, contextsAt + contextBytes);
    this.hashed = bytes.subarray(0, bytes.length - HASH_BYTES);
    this.hash = bytes.subarray(bytes.length - HASH_BYTES);
  }

  /** Does it say who asked? */
  get hasContexts(): boolean {
    return this.#contexts.length > 0;
  }

  /** Who asked for its commands. Throws RangeError where that cannot be read. */
  contexts(): ContextsView {
    return new ContextsView(this.#contexts);
  }
}
