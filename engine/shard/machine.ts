// What an actor runs on: disk, clocks, timers. Owns: the real one. Never touches: state. A simulation brings another.

import { Ledger } from '../ledger/ledger.js';
import type { State } from '../ledger/state.js';
import { BATCH_MAX } from '../limits.js';
import { Draft } from '../protocol/draft.js';
import type { RecordWay } from '../record/joining.js';
import { PostgresRecord } from '../record/postgres.js';
import { RecordedLog } from '../record/recorded-log.js';
import { seen, type Watched } from '../store/commit.js';
import { CorruptionError } from '../store/errors.js';
import {
  type CleanStop,
  readCleanStop,
  shardLogPath,
  shardStatePath,
  writeCleanStop,
} from '../store/folder.js';
import { Log } from '../store/log.js';
import { secretOf } from '../store/secret.js';
import { StateStore } from '../store/state.js';
import { folderSecrets, type Secrets } from './secrets.js';

/** The log, as far as a shard uses it; more where its log of record is elsewhere. */
export type BlockLog = Pick<Log, 'headSeq' | 'read' | 'append' | 'close'> & Partial<Recorded>;

/** What a log whose log of record is elsewhere can do. */
type Recorded = Pick<RecordedLog, 'epoch' | 'appendGroup' | 'copyGroup' | 'confirm'>;

/** The state environment, as far as a shard uses it. */
export type CheckpointStore = Pick<
  StateStore,
  'readRoot' | 'readPage' | 'readChunk' | 'chunkKeys' | 'write' | 'writeRoot' | 'backup' | 'close'
>;

export interface Clocks {
  /** Milliseconds since 1970, by a clock that may be wrong and be set. */
  wallMs(): number;
  /** Milliseconds of a clock that only rises, at the pace of time. */
  steadyMs(): number;
}

export interface Machine extends Clocks {
  /** Commands after which a block takes no more. */
  readonly blockCommands: number;
  readonly secrets: Secrets;
  openLog(): BlockLog | Promise<BlockLog>;
  /** The log of this machine, once it is open; undefined: none has segments. */
  localLog?(): Log | undefined;
  openStore(): CheckpointStore;
  readCleanStop(): CleanStop | undefined;
  writeCleanStop(stop: CleanStop): void;
  /** Runs something again and again; returns what ends it. */
  every(ms: number, run: () => void): () => void;
  after(ms: number, run: () => void): void;
  /** In the next turn of the event loop. */
  soon(run: () => void): void;
  /** Lets everything else that waits have its turn. */
  pause(): Promise<void>;
  /** The same, for so long. */
  rest(ms: number): Promise<void>;
  /** The key of the data folder, as it is now; undefined: it has none. */
  secret(): Uint8Array | undefined;
  /** With a block to be filled. */
  ledger(state: State): Ledger;
}

/** Commits whose sync is in doubt are not believed; environments opened as ours are have none (engine/store/README.md). */
const AS_RECOVERY = { safeRestore: true } as const;

/** How time goes by where nobody sets a clock. */
export const STEADY: Pick<Machine, 'steadyMs' | 'pause' | 'rest'> = {
  steadyMs: () => performance.now(),
  pause: () => new Promise(setImmediate),
  rest: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** The log of this machine. */
interface LocalLog {
  log: Log | undefined;
  open(): Log;
}

/** Opens the log of record of a shard, and the local log as its copy. */
async function recordedLog(
  way: RecordWay,
  folder: string,
  shard: number,
  local: LocalLog,
  onTrouble: (trouble: string | null) => void,
): Promise<RecordedLog> {
  const { place, ledger, node, standby, accept, seat } = way;
  let blocks: Pick<Log, 'read'> | undefined;
  const read = (seq: number): Uint8Array | undefined => (blocks ?? local.log)?.read(seq);
  const settings = { place, shard, node, standby, seat, onTrouble };
  const record = new PostgresRecord({ ...settings, local: read });
  const opening = { folder, shard, ledger, record, local: local.open, accept };
  const log = await RecordedLog.open(opening);
  blocks = log;
  return log;
}

/** The real one, of which no timer keeps the thread. `clockOffset`: for tests, element 0 is added to the wall clock. */
export function realMachine(
  folder: string,
  shard: number,
  clockOffset: SharedArrayBuffer = new SharedArrayBuffer(8),
  watched: Watched = {},
  record?: RecordWay,
  onTrouble: (trouble: string | null) => void = () => {},
): Machine {
  const offset = new Float64Array(clockOffset);
  const local: LocalLog = {
    log: undefined,
    open: () => {
      const log = Log.open(shardLogPath(folder, shard), AS_RECOVERY, watched);
      local.log = log;
      const first = log.firstSeq();
      if (first <= 1) return log;
      void log.close();
      const what = 'the blocks before it are in no segment: jifen fsck says what can be done';
      throw new CorruptionError(shardLogPath(folder, shard), `block ${first}`, what);
    },
  };
  return {
    blockCommands: BATCH_MAX,
    secrets: folderSecrets(folder, shard),
    openLog: () =>
      record === undefined ? local.open() : recordedLog(record, folder, shard, local, onTrouble),
    localLog: () => local.log,
    openStore: () => StateStore.open(shardStatePath(folder, shard), AS_RECOVERY, watched.limitMs),
    readCleanStop: () => readCleanStop(folder, shard),
    writeCleanStop: (stop) => seen(watched, () => writeCleanStop(folder, shard, stop)),
    wallMs: () => Date.now() + (offset[0] as number),
    ...STEADY,
    every: (ms, run) => {
      const timer = setInterval(run, ms).unref();
      return () => clearInterval(timer);
    },
    after: (ms, run) => void setTimeout(run, ms).unref(),
    soon: (run) => void setImmediate(run),
    secret: secretOf(folder),
    ledger: (state) => new Ledger(state, new Draft()),
  };
}
