// A stored checkpoint compared with the books at its block. Owns: the order in which its parts are read and what each must
// be. Never touches: LMDB (see reader-process.ts).

import type { StoredParts } from '../ledger/state.js';
import {
  DIRECTORY_BUCKETS,
  decodeRoot,
  directoryKey,
  pageKey,
  type Root,
} from '../shard/checkpoint.js';
import type { Books } from './books.js';
import { campaignsOf } from './campaign-check.js';
import { IdSet, withoutMarks } from './id-set.js';
import type { Checked } from './log-check.js';
import { Differs, PageCompare } from './page-compare.js';
import type { Reader } from './reader.js';
import { unpack } from './tasks.js';

/** Pages asked for at once. */
const PAGES_AT_ONCE = 256;
const RUNS_MAGIC = 0x31584449;
const RUNS_HEAD = 16;
const RUN_BYTES = 32;

/** A run of ids, as the root describes it. */
interface RunDescription {
  readonly number: number;
  readonly count: number;
  readonly chunks: number;
  readonly filterBytes: number;
}

/** The root out of its bytes, its parts of the right kind. */
export function readRoot(bytes: Uint8Array): Root {
  const root = decodeRoot(bytes);
  const isWhole =
    Number.isSafeInteger(root.seq) &&
    root.hash instanceof Uint8Array &&
    Array.isArray(root.assets) &&
    Array.isArray(root.transits) &&
    root.transits.every(Array.isArray) &&
    Array.isArray(root.followUps) &&
    root.followUps.every(Array.isArray) &&
    root.ids instanceof Uint8Array &&
    root.directory instanceof Uint8Array &&
    typeof root.shape === 'object';
  if (!isWhole) throw new Differs('the root is none');
  return root;
}

/** Compares the state that `reader` has open with the books after block `head`. Throws Differs, ReadError or ReaderLost. */
export async function checkState(
  reader: Reader,
  root: Root,
  head: Checked,
  books: Books,
  ids: IdSet,
  scratch: string,
): Promise<void> {
  if (Buffer.from(root.hash).toString('hex') !== head.hash) {
    throw new Differs(`names another block ${root.seq} than the log has`);
  }
  if (root.time !== head.time)
    throw new Differs(`says that block ${root.seq} is of ${root.time}, and it is of ${head.time}`);
  if (root.recordVersion !== books.recordVersion) {
    throw new Differs(
      `has record version ${root.recordVersion}, and the log makes ${books.recordVersion}`,
    );
  }
  if (JSON.stringify(root.assets) !== JSON.stringify(books.assets))
    throw new Differs('has other assets than the log makes');
  // A checkpoint of an earlier release has none.
  if (JSON.stringify(root.definitions ?? []) !== JSON.stringify(books.definitions))
    throw new Differs('has other definitions than the log makes');
  if (JSON.stringify(root.campaigns ?? []) !== campaignsOf(books))
    throw new Differs('has other campaigns than the log makes');
  const fault = waitingFault(root, books);
  if (fault !== undefined) throw new Differs(fault);
  await checkPages(reader, root, books);
  await checkIds(reader, root.ids, ids, scratch);
}

/** What waits for other shards, as a checkpoint has it. */
export type Waiting = Pick<StoredParts, 'transits' | 'followUps'>;

/** How what waits for other shards differs from what the books have. */
export function waitingFault(stored: Waiting, books: Books): string | undefined {
  const transits = Array.from(books.transits.values(), (t) => {
    const { owner, id, deadline, next, seq, transfer, lots, expected } = t;
    return [owner, id, deadline, next, seq, transfer, lots, expected];
  });
  return (
    listFault('open transfer', stored.transits, transits) ??
    listFault('follow-up', stored.followUps, [...books.followUps.values()])
  );
}

function listFault(
  what: string,
  stored: readonly (readonly unknown[])[],
  known: readonly (readonly unknown[])[],
): string | undefined {
  if (stored.length !== known.length)
    return `has ${stored.length} ${what}s, and the log makes ${known.length}`;
  for (const [place, tuple] of known.entries()) {
    const [is, should] = [tupleText(stored[place] as readonly unknown[]), tupleText(tuple)];
    if (is !== should) return `has ${what} ${is}, and the log makes ${should}`;
  }
  return undefined;
}

function tupleText(tuple: readonly unknown[]): string {
  return JSON.stringify(
    tuple.map((part) => (part instanceof Uint8Array ? Buffer.from(part).toString('base64') : part)),
  );
}

async function checkPages(reader: Reader, root: Root, books: Books): Promise<void> {
  const compare = new PageCompare(books, root.shape);
  const { buckets } = root.shape;
  const chunks = Math.ceil(buckets / DIRECTORY_BUCKETS);
  if (root.directory.length !== chunks)
    throw new Differs(`has ${root.directory.length} parts of the directory for ${buckets} buckets`);
  for (let chunk = 0; chunk < chunks; chunk++) {
    const first = chunk * DIRECTORY_BUCKETS;
    const count = Math.min(DIRECTORY_BUCKETS, buckets - first);
    const key = directoryKey(chunk, root.directory[chunk] as number);
    const { bytes } = await reader.run('state-chunk', { key });
    if (bytes?.length !== count * 9)
      throw new Differs(`${key} is ${bytes === undefined ? 'missing' : 'of a wrong size'}`);
    const dues = new Float64Array(new Uint8Array(bytes.subarray(0, count * 8)).buffer);
    const sides = bytes.subarray(count * 8);
    for (let from = 0; from < count; from += PAGES_AT_ONCE) {
      await checkSome(
        reader,
        compare,
        first + from,
        sides.subarray(from, from + PAGES_AT_ONCE),
        dues.subarray(from),
      );
    }
  }
  compare.end();
}

async function checkSome(
  reader: Reader,
  compare: PageCompare,
  first: number,
  sides: Uint8Array,
  dues: Float64Array,
): Promise<void> {
  const keys: number[] = [];
  const places: number[] = [];
  sides.forEach((side, index) => {
    if (side > 2) throw new Differs(`page ${first + index} is on side ${side}`);
    if (side === 0) return;
    keys.push(pageKey(first + index, side - 1));
    places.push(index);
  });
  const pages = unpack(await reader.run('state-pages', { keys }));
  pages.forEach((page, i) => {
    const index = places[i] as number;
    if (page === undefined) throw new Differs(`page ${first + index} is missing`);
    compare.add(first + index, page, dues[index] as number);
  });
}

function runsOf(description: Uint8Array): RunDescription[] {
  const { length } = description;
  const view = new DataView(description.buffer, description.byteOffset, length);
  const count = length < RUNS_HEAD ? 0 : view.getUint32(4, true);
  if (length !== RUNS_HEAD + count * RUN_BYTES || view.getUint32(0, true) !== RUNS_MAGIC) {
    throw new Differs('its description of the ids is none');
  }
  const next = view.getFloat64(8, true);
  const runs = Array.from({ length: count }, (_, i) => {
    const part = (word: number): number =>
      view.getFloat64(RUNS_HEAD + i * RUN_BYTES + word * 8, true);
    return { number: part(0), count: part(1), chunks: part(2), filterBytes: part(3) };
  });
  for (const { number } of runs)
    if (!(number < next)) throw new Differs(`has run ${number}, and says that ${next} is the next`);
  return runs;
}

/** The index has every id of the log, where it is, and no other. */
async function checkIds(
  reader: Reader,
  description: Uint8Array,
  expected: IdSet,
  scratch: string,
): Promise<void> {
  const found = new IdSet(scratch);
  try {
    for (const run of runsOf(description)) await readRun(reader, run, found);
    if (found.count !== expected.count)
      throw new Differs(`has ${found.count} ids, and the log ${expected.count}`);
    const bits = Math.max(found.bits(), expected.bits());
    const others = found.sorted(bits);
    for (const should of expected.sorted(bits)) {
      const { value: is } = others.next();
      for (let row = 0; row < should.length; row++)
        should.offset[row] = withoutMarks(should.offset[row] as number);
      for (const column of ['hi', 'lo', 'seqHigh', 'seqLow', 'offset'] as const) {
        if (
          Buffer.compare(
            bytesOf(is?.[column], is?.length),
            bytesOf(should[column], should.length),
          ) !== 0
        ) {
          throw new Differs('leads ids to other places than they have in the log');
        }
      }
    }
  } finally {
    found.close();
  }
}

function bytesOf(column: Uint32Array | undefined, length: number): Uint8Array {
  return column === undefined
    ? new Uint8Array(0)
    : new Uint8Array(column.buffer, column.byteOffset, length * 4);
}

async function readRun(reader: Reader, run: RunDescription, found: IdSet): Promise<void> {
  await reader.run('run', run);
  const before = found.count;
  for (let chunk = 0; chunk < run.chunks; chunk++) {
    const { columns, fault } = await reader.run('ids', { chunk });
    if (fault !== undefined)
      throw new Differs(`ids: chunk ${chunk} of run ${run.number}: ${fault}`);
    const { length } = columns;
    const rows = length / 5;
    const [hi, lo, seqLow, seqHigh, offset] = [0, 1, 2, 3, 4].map((i) =>
      columns.subarray(i * rows, (i + 1) * rows),
    ) as [Uint32Array, Uint32Array, Uint32Array, Uint32Array, Uint32Array];
    for (let row = 0; row < rows; row++) {
      const seq = (seqHigh[row] as number) * 2 ** 32 + (seqLow[row] as number);
      found.add(hi[row] as number, lo[row] as number, seq, offset[row] as number);
    }
  }
  if (found.count - before !== run.count)
    throw new Differs(`run ${run.number} has ${found.count - before} ids, not ${run.count}`);
}
