// The process that reads environments: tasks in, answers out. Owns: what it has open. Never touches: what is true of it.
//   audit.R3. It says that it is alive from within long tasks, so that only a real hang is taken for one.
//   audit.R4. It ends when the process that asks is gone.

import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { encodeParts } from '../ledger/parts.js';
import { BlockView } from '../protocol/block.js';
import { copyLog } from '../shard/log-copy.js';
import { filterHash } from '../store/id-filter.js';
import { IdRun } from '../store/id-run.js';
import { Log } from '../store/log.js';
import { checkSegment } from '../store/segment/check.js';
import { readManifest, segmentName, segmentsPath, strangeIn } from '../store/segment/manifest.js';
import { StateStore } from '../store/state.js';
import { placesOf } from '../transfer/open/places.js';
import { walkFile } from './lmdb-walk.js';
import { rebuildShard } from './rebuild-shard.js';
import { storedPage } from './stored-page.js';
import { type Asked, type Fault, pack, type Tasks, type Told } from './tasks.js';
import { Twin } from './twin.js';

const ALIVE_MS = 1_000;
const REBUILD_ALIVE_MS = 500;

let log: Log | undefined;
let store: StateStore | undefined;
let run: IdRun | undefined;
let twin: Twin | undefined;
let asked = 0;
let lastSign = 0;

function tell(told: Told): void {
  process.send?.(told);
}

/** Called often from within long tasks. */
function alive(seq?: number): void {
  const now = Date.now();
  if (now - lastSign < ALIVE_MS) return;
  lastSign = now;
  tell({ number: asked, ...(seq === undefined ? {} : { seq }) });
}

type Handlers = {
  readonly [T in keyof Tasks]: (
    ask: Tasks[T]['ask'],
  ) => Tasks[T]['answer'] | Promise<Tasks[T]['answer']>;
};

const handlers: Handlers = {
  walk: ({ path }) => walkFile(path, alive),

  'open-log': async ({ path, twin: settings }) => {
    await close();
    log = Log.open(path, { readOnly: true });
    if (settings !== undefined) twin = new Twin(log, settings);
    return { first: log.firstSeq(), tail: log.tailSeq(), head: log.headSeq() };
  },

  segments: ({ path }) => {
    const folder = segmentsPath(dirname(realpathSync(path)));
    const entries = readManifest(folder);
    return { folder, entries, strange: strangeIn(folder, entries) };
  },

  'check-segment': async ({ folder, entry }) => {
    const pause = async (): Promise<void> => alive();
    const path = join(folder, segmentName(entry.first));
    await checkSegment(path, entry, { onProgress: alive, pause });
    return {};
  },

  blocks: ({ from, to, bytes }) => {
    const blocks: Uint8Array[] = [];
    let fault: Fault | undefined;
    let total = 0;
    for (let seq = from; seq <= to && (total < bytes || seq === from); seq++) {
      try {
        const block = opened(log).read(seq);
        if (block === undefined) throw new Error('is missing');
        blocks.push(block);
        total += block.length;
      } catch (error) {
        fault = { seq, what: (error as Error).message };
        break;
      }
    }
    later = () => replay(blocks);
    return { blocks: pack(blocks), fault };
  },

  commands: ({ places }) => {
    const commands: Uint8Array[] = [];
    for (let i = 0; i < places.length; i += 2) {
      const block = new BlockView(opened(log).read(places[i] as number) ?? new Uint8Array(0));
      const at = block.effects.commandOffset(places[i + 1] as number);
      commands.push(
        block.commands.slice(at, at + block.effects.commandLength(places[i + 1] as number)),
      );
    }
    return pack(commands);
  },

  twin: () => {
    const { fault, isBehind, shape, why } = opened(twin);
    return { fault, isBehind, buckets: shape.buckets, accounts: shape.accounts, why };
  },

  'twin-pages': ({ from, bytes }) => {
    const { state } = opened(twin);
    return { pages: pack(opened(twin).pages(from, bytes)), ...encodeParts(state) };
  },

  'open-state': async ({ path }) => {
    await close();
    store = StateStore.open(path, { readOnly: true });
    return { root: store.readRoot() };
  },

  sweep: () => {
    const faults: string[] = [];
    const read = (reading: () => unknown): void => {
      alive();
      try {
        reading();
      } catch (error) {
        faults.push((error as Error).message);
      }
    };
    const state = opened(store);
    for (const key of state.pageKeys()) read(() => state.readPage(key));
    for (const key of state.chunkKeys()) read(() => state.readChunk(key));
    return { faults };
  },

  'state-pages': ({ keys }) => pack(keys.map((key) => opened(store).readPage(key))),

  'state-chunk': ({ key }) => ({ bytes: opened(store).readChunk(key) }),

  run: ({ number, count, chunks, filterBytes }) => {
    run = IdRun.load(opened(store), number, count, chunks, filterBytes);
    run.loadFilter(opened(store));
    return {};
  },

  ids: ({ chunk }) => {
    const { hi, lo, seqLow, seqHigh, offset, length } = opened(run).readEntries(
      opened(store),
      chunk,
    );
    const columns = new Uint32Array(length * 5);
    [hi, lo, seqLow, seqHigh, offset].forEach((column, i) => {
      columns.set(column, i * length);
    });
    return { columns, fault: runFault(opened(run), chunk, hi, lo) };
  },

  'stored-page': async ({ path, hash }) => ({ stored: await storedPage(path, hash) }),

  'copy-log': async ({ to, seq }) => ({ hash: await copyLog(opened(log), to, seq, alive) }),

  'copy-state': async ({ to }) => {
    const timer = setInterval(alive, REBUILD_ALIVE_MS);
    await opened(store)
      .backup(to)
      .finally(() => clearInterval(timer));
    return {};
  },

  rebuild: async ({ folder, shard, shards, slotMap, to, cacheBytes }) => {
    await close();
    const timer = setInterval(alive, REBUILD_ALIVE_MS);
    const places = placesOf(shard, shards, slotMap);
    return rebuildShard(folder, places, to, cacheBytes, alive).finally(() => clearInterval(timer));
  },

  close: async () => {
    await close();
    return {};
  },
};

/** Done after the answer has left. */
let later: (() => void) | undefined;

function opened<T>(what: T | undefined): T {
  if (what === undefined) throw new Error('nothing is open');
  return what;
}

function replay(blocks: readonly Uint8Array[]): void {
  for (const block of blocks) {
    twin?.replay(block);
    alive();
  }
}

/** Why an id of this chunk would not be found in the run; undefined: all are. */
function runFault(of: IdRun, chunk: number, hi: Uint32Array, lo: Uint32Array): string | undefined {
  for (let i = 0; i < hi.length; i++) {
    const [high, low] = [hi[i] as number, lo[i] as number];
    if (
      i > 0 &&
      (high < (hi[i - 1] as number) || (high === hi[i - 1] && low < (lo[i - 1] as number)))
    ) {
      return `entry ${i} is out of order`;
    }
    if (of.chunkOf(high, low) !== chunk)
      return `entry ${i} belongs into chunk ${of.chunkOf(high, low)}`;
    if (of.filter?.mayHold(high | 0, filterHash(high | 0, low | 0)) !== true) {
      return `entry ${i} is not in the filter`;
    }
  }
  return undefined;
}

async function close(): Promise<void> {
  const before = [log, store];
  twin?.close();
  log = undefined;
  store = undefined;
  run = undefined;
  twin = undefined;
  for (const environment of before) await environment?.close();
}

async function handle({ number, type, ask }: Asked): Promise<void> {
  asked = number;
  lastSign = Date.now();
  try {
    const handler = handlers[type] as (ask: unknown) => unknown;
    tell({ number, answer: await handler(ask) });
  } catch (error) {
    const { name, message } = error as Error;
    tell({ number, error: { name, message } });
  }
  const rest = later;
  later = undefined;
  rest?.();
}

let queue = Promise.resolve();
process.on('message', (message) => {
  queue = queue.then(() => handle(message as Asked));
});
process.on('disconnect', () => process.exit(0));
