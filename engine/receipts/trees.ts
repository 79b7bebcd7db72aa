// The trees over the logs of a node's shards, as a projection of them. Owns: what is stored, and told of it. Never touches: what was signed.
//   receipts.T1. A leaf is found by its block: the number of the first leaf of each block is stored.
//   receipts.T2. A text is never stored: it is made anew out of the block, whose hash is checked.
//   receipts.T3. What is stored is believed only where it gives the root that was stored with it, and is salted with the key that is there; else it is
//       made anew. So it is where a tile turns out to be damaged.
//   receipts.T4. No text is told but one whose hash is the leaf's.

import { hash } from 'node:crypto';
import { RECEIPT_ENTRIES_MAX } from '../limits.js';
import { NOWHERE, type Position, type Projection } from '../projections/projection.js';
import { ProjectionStore, projectionPath } from '../projections/store.js';
import type { BlockView } from '../protocol/block.js';
import { RECORD_HEAD } from '../protocol/effects.js';
import { Blocks } from '../shard/blocks.js';
import { type Found, previous, seek } from '../shard/history.js';
import type { Log } from '../store/log.js';
import { Growing } from './growing.js';
import { leafDigest } from './hashing.js';
import { Leaves } from './leaves.js';
import type {
  EntryName,
  GrownHead,
  TreeAnswers,
  TreeQuestion,
  TreesAnswer,
  TreesQuestion,
} from './questions.js';
import { saltsKeyMade } from './salts.js';
import { TileError, Tree } from './tree.js';

/** Forgets what an older release has stored in another way. */
const FORMAT = 1;
/** Blocks whose first leaves are stored in one value. */
const FIRSTS = 512;
const NUMBER_BYTES = 8;
const KEY_BYTES = 10;
const UINT32 = 2 ** 32;
const NOTHING = Buffer.alloc(0);
const EARLY = { early: true } as const;

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Of a tile, or (level 255) of the first leaves of blocks: in order of shard, level, index. */
function keyOf(shard: number, level: number, index: number): Buffer {
  const key = Buffer.allocUnsafe(KEY_BYTES);
  key[0] = shard;
  key[1] = level;
  key.writeUInt32BE(Math.floor(index / UINT32), 2);
  key.writeUInt32BE(index % UINT32, 6);
  return key;
}
const LEVEL_OF_FIRSTS = 255;

/** What is stored of a shard with its position. */
interface Stored extends Position {
  readonly size: number;
  /** Base64. */
  readonly root: string;
  readonly assets: readonly string[];
  /** Digest of the key of the salts, hex. */
  readonly key: string;
}

const digestOf = (key: Uint8Array): string => hash('sha256', key, 'hex');

export interface TreesOptions {
  readonly path: string;
  /** Of the salts, by shard: of all shards of the folder. */
  readonly keys: ReadonlyMap<number, Uint8Array>;
  /** Gives a block whose hash was checked. */
  readonly read: (shard: number, seq: number) => BlockView;
  /** The last durable block of a shard now. */
  readonly head: (shard: number) => number;
}

type Store = ProjectionStore<'meta' | 'tiles'>;

/** The tree of one shard. */
class ShardTree {
  position: Position = NOWHERE;
  readonly shard: number;
  readonly leaves: Leaves;
  readonly #store: Store;
  readonly #key: string;
  readonly #growing: Growing;
  readonly #tree = new Tree((level, index) => this.#tile(level, index));
  /** Tiles that have become full since the last commit. */
  readonly #full: (readonly [Buffer, Buffer])[] = [];
  /** First leaves of the blocks of the last value, and which value that is. */
  readonly #firsts = Buffer.alloc(FIRSTS * NUMBER_BYTES);
  #chunk = 0;
  #chunks: (readonly [Buffer, Buffer])[] = [];

  constructor(store: Store, shard: number, key: Uint8Array, stored: Stored | undefined) {
    this.#store = store;
    this.shard = shard;
    this.#key = digestOf(key);
    this.leaves = new Leaves(key, stored?.assets);
    this.#growing = new Growing(
      (level, index, hashes) => this.#full.push([keyOf(shard, level, index), hashes]),
      stored?.size,
      (level, index) => this.#stored(level, index),
    );
    if (stored === undefined) return;
    const { seq, hash, time } = stored;
    this.position = { seq, hash, time };
    this.#chunk = Math.floor(seq / FIRSTS);
    this.#stored(LEVEL_OF_FIRSTS, this.#chunk).copy(this.#firsts);
  }

  get size(): number {
    return this.#growing.size;
  }

  #stored(level: number, index: number): Buffer {
    return this.#store.of('tiles').getBinary(keyOf(this.shard, level, index)) ?? NOTHING;
  }

  #tile(level: number, index: number): Buffer {
    const last = this.#growing.last(level, index);
    return last.length > 0 ? last : this.#stored(level, index);
  }

  take(block: BlockView): number {
    const { seq } = block.header;
    const chunk = Math.floor(seq / FIRSTS);
    if (chunk !== this.#chunk) {
      this.#chunks.push(this.#firstsNow());
      this.#chunk = chunk;
    }
    this.#firsts.writeDoubleLE(this.size, (seq % FIRSTS) * NUMBER_BYTES);
    return this.leaves.of(block, (text) => this.#growing.add(text));
  }

  #firstsNow(): readonly [Buffer, Buffer] {
    return [keyOf(this.shard, LEVEL_OF_FIRSTS, this.#chunk), Buffer.from(this.#firsts)];
  }

  /** Within a commit: what came since the last one. */
  store(position: Position): void {
    const tiles = this.#store.of('tiles');
    for (const [key, bytes] of [...this.#full, ...this.#chunks, this.#firstsNow()])
      tiles.putSync(key, bytes);
    for (let level = 0; level < this.#growing.levels; level++) {
      const index = this.#growing.lastIndex(level);
      const last = this.#growing.last(level, index);
      if (last.length > 0) tiles.putSync(keyOf(this.shard, level, index), last);
    }
    this.#full.length = 0;
    this.#chunks = [];
    this.position = position;
    const root = this.#growing.root().toString('base64');
    const { assets } = this.leaves;
    const stored: Stored = { ...position, size: this.size, root, assets, key: this.#key };
    this.#store.of('meta').putSync(ascii(`shard ${this.shard}`), ascii(JSON.stringify(stored)));
  }

  /** Which leaf is a block's first. Of a block that was taken, or the one behind the last of them. */
  firstOf(seq: number): number {
    if (seq > this.position.seq) return this.size;
    const chunk = Math.floor(seq / FIRSTS);
    const firsts = chunk === this.#chunk ? this.#firsts : this.#stored(LEVEL_OF_FIRSTS, chunk);
    return firsts.readDoubleLE((seq % FIRSTS) * NUMBER_BYTES);
  }

  /** Is the root what it was when it was stored? T3. */
  isAs({ root, key }: Stored): boolean {
    return key === this.#key && this.#growing.root().toString('base64') === root;
  }

  root(size: number): string {
    return this.#tree.root(size).toString('base64');
  }

  isLeaf(leaf: number, text: string): boolean {
    return this.#tree.leaf(leaf).toString('latin1') === leafDigest(text);
  }

  leafHash(leaf: number): string {
    return this.#tree.leaf(leaf).toString('base64');
  }

  inclusion(leaf: number, size: number): string[] {
    return texts(this.#tree.inclusion(leaf, size));
  }

  consistency(from: number, size: number): string[] {
    return from === 0 || from === size ? [] : texts(this.#tree.consistency(from, size));
  }

  cover(leaves: readonly number[], size: number): string[] {
    return texts(this.#tree.cover(leaves, size));
  }
}

const texts = (hashes: readonly Buffer[]): string[] =>
  hashes.map((hash) => hash.toString('base64'));

/** Which entry of its block one is, by where it is. */
function numberOf({ effects }: BlockView, offset: number): number {
  let n = 0;
  for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
    const entries = effects.entryCount(at);
    if (at + effects.recordLength(at) <= offset) {
      n += entries;
      continue;
    }
    let entry = at + RECORD_HEAD;
    for (let i = 0; i < entries && entry < offset; i++, n++) entry += effects.entryLength(entry);
    return n;
  }
  throw new RangeError(`no entry at ${offset}`);
}

export class Trees implements Projection {
  readonly name = 'receipts';
  readonly #options: TreesOptions;
  readonly #store: Store;
  #trees = new Map<number, ShardTree>();
  #pending = 0;

  constructor(options: TreesOptions) {
    this.#options = options;
    this.#store = new ProjectionStore(options.path, ['meta', 'tiles']);
    const meta = this.#store.of('meta');
    const format = meta.getBinary(ascii('format'));
    if (format !== undefined && format[0] !== FORMAT) this.#store.clear();
    if (!this.#load()) this.clear();
  }

  /** Is all that is stored as it was? */
  #load(): boolean {
    this.#pending = 0;
    let isSame = true;
    for (const [shard, key] of this.#options.keys) {
      const bytes = this.#store.of('meta').getBinary(ascii(`shard ${shard}`));
      const stored = bytes && (JSON.parse(bytes.toString()) as Stored);
      const tree = new ShardTree(this.#store, shard, key, stored);
      this.#trees.set(shard, tree);
      isSame &&= stored === undefined || tree.isAs(stored);
    }
    return isSame;
  }

  position(shard: number): Position {
    return this.#trees.get(shard)?.position ?? NOWHERE;
  }

  take(block: BlockView): void {
    this.#pending += this.#of(block.header.shard).take(block);
  }

  get pending(): number {
    return this.#pending;
  }

  commit(positions: ReadonlyMap<number, Position>): boolean {
    if (positions.size === 0) return false;
    this.#store.commit(() => {
      this.#store.of('meta').putSync(ascii('format'), Buffer.of(FORMAT));
      for (const [shard, position] of positions) this.#of(shard).store(position);
    });
    this.#pending = 0;
    return false;
  }

  clear(): void {
    this.#store.clear();
    this.#trees = new Map();
    this.#load();
  }

  close(): Promise<void> {
    return this.#store.close();
  }

  /** How many leaves the trees here have. */
  get size(): number {
    return [...this.#trees.values()].reduce((sum, { size }) => sum + size, 0);
  }

  #of(shard: number): ShardTree {
    const tree = this.#trees.get(shard);
    if (tree === undefined) throw new RangeError(`shard ${shard} is not followed here`);
    return tree;
  }

  // --- what is asked ---------------------------------------------------------------------------------------------

  answer(question: unknown): TreesAnswer {
    try {
      return this.#answer(question as TreesQuestion);
    } catch (error) {
      if (!(error instanceof TileError)) throw error;
      process.emitWarning(`receipts are made anew: ${error.message}`);
      this.clear();
      return EARLY;
    }
  }

  #answer(asked: TreesQuestion): TreesAnswer {
    if (asked.type === 'heads') return { heads: [...this.#trees.values()].map(this.#head) };
    const tree = this.#of(asked.shard);
    const { size = tree.size } = asked;
    if (size > tree.size) return EARLY;
    const { shard } = asked;
    const root = { ok: true, shard, size, root: tree.root(size) } as const;
    switch (asked.type) {
      case 'root':
        return root;
      case 'inclusion': {
        const { leaf } = asked;
        return { ...root, leaf, hash: tree.leafHash(leaf), proof: tree.inclusion(leaf, size) };
      }
      case 'consistency': {
        const { from } = asked;
        const proof = tree.consistency(from, size);
        return { ...root, from, fromRoot: tree.root(from), proof };
      }
      case 'entries':
        return this.#entries(tree, asked, root);
      case 'account':
        return this.#account(tree, asked, root);
    }
  }

  readonly #head = (tree: ShardTree): GrownHead => {
    const { shard, size, position } = tree;
    const { seq, time } = position;
    const behind = Math.max(0, this.#options.head(shard) - seq);
    return { shard, size, root: tree.root(size), seq, time, behind };
  };

  #text(tree: ShardTree, block: BlockView, n: number): string {
    let text: string | undefined;
    tree.leaves.of(block, (one) => (text = one), n);
    const leaf = tree.firstOf(block.header.seq) + n;
    if (text === undefined || !tree.isLeaf(leaf, text))
      throw new TileError(`leaf ${leaf} of shard ${tree.shard} is not that of its entry`);
    return text;
  }

  #entries(
    tree: ShardTree,
    { seq, entries }: Extract<TreeQuestion, { type: 'entries' }>,
    root: TreeAnswers['root'],
  ): TreesAnswer {
    if (seq > tree.position.seq) return EARLY;
    const block = this.#options.read(tree.shard, seq);
    const first = tree.firstOf(seq);
    const wanted = new Set(numbersOf(block, entries, tree.leaves.assets));
    const { size } = root;
    const found: TreeAnswers['entries']['entries'][number][] = [];
    for (const n of wanted) {
      const leaf = first + n;
      if (leaf >= size) return EARLY;
      const proof = tree.inclusion(leaf, size);
      found.push({ leaf, text: this.#text(tree, block, n), proof });
    }
    return { ...root, entries: found };
  }

  #account(
    tree: ShardTree,
    { head, from, limit }: Extract<TreeQuestion, { type: 'account' }>,
    root: TreeAnswers['root'],
  ): TreesAnswer {
    const { size } = root;
    const read = (seq: number): BlockView => this.#options.read(tree.shard, seq);
    const leafOf = ({ block, view }: Found): number =>
      tree.firstOf(block.header.seq) + numberOf(block, view.offset);
    const isIn = (found: Found): boolean => {
      const { seq } = found.block.header;
      if (seq > tree.position.seq || tree.firstOf(seq) >= size) return false;
      return tree.firstOf(seq + 1) <= size || leafOf(found) < size;
    };
    const newest = seek(read, head, isIn);
    const version = newest?.view.version ?? 0;
    const to = Math.min(version, from + Math.min(limit, RECEIPT_ENTRIES_MAX) - 1);
    const entries: TreeAnswers['account']['entries'][number][] = [];
    let found = to < from ? null : seek(read, head, ({ view }) => view.version <= to);
    while (found !== null && found.view.version >= from) {
      const { block, view } = found;
      const n = numberOf(block, view.offset);
      const text = this.#text(tree, block, n);
      entries.push({ leaf: tree.firstOf(block.header.seq) + n, text });
      found = previous(read, found);
    }
    entries.reverse();
    const proof = tree.cover(
      entries.map(({ leaf }) => leaf),
      size,
    );
    const next = to < version ? Math.max(from, to + 1) : undefined;
    return { ...root, version, entries, proof, next };
  }
}

/** Which entries of a block those are, in order. */
function numbersOf(
  { effects }: BlockView,
  wanted: readonly EntryName[],
  assets: readonly string[],
): number[] {
  const keyed = new Set(wanted.map(({ owner, asset, version }) => `${owner} ${asset} ${version}`));
  const found: number[] = [];
  let n = 0;
  for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
    let entry = at + RECORD_HEAD;
    for (let i = effects.entryCount(at); i > 0; i--, n++) {
      const { owner, asset, version } = effects.entry(entry);
      if (keyed.has(`${owner} ${assets[asset]} ${version}`)) found.push(n);
      entry += effects.entryLength(entry);
    }
  }
  return found;
}

/** The trees over the logs of a folder. */
export function openTrees(folder: string, logs: ReadonlyMap<number, Log>): Trees {
  const blocks = new Map([...logs].map(([shard, log]) => [shard, new Blocks(log)]));
  const of = <T>(all: ReadonlyMap<number, T>, shard: number): T => {
    const one = all.get(shard);
    if (one === undefined) throw new RangeError(`shard ${shard} is not followed here`);
    return one;
  };
  return new Trees({
    path: projectionPath(folder, 'receipts'),
    keys: new Map([...logs.keys()].map((shard) => [shard, saltsKeyMade(folder, shard)])),
    read: (shard, seq) => of(blocks, shard).block(seq),
    head: (shard) => of(logs, shard).headSeq(),
  });
}
