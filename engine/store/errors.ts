// What can go wrong with files. Owns: the error classes of the store. Never touches: files.
// An error of this kind is a broken disk, a damaged file or a wrong folder; never a refusal.

/** Stored bytes are not what was written. */
export class CorruptionError extends Error {
  /** The file: an environment (log.mdb, state.mdb) or a record beside it. */
  readonly environment: string;
  /** What was read: a block's seq, a page's or chunk's key, a field. */
  readonly key: string;
  /** What is wrong with it. */
  readonly what: string;

  constructor(environment: string, key: string, what: string) {
    super(`${environment}: ${key}: ${what}`);
    this.name = 'CorruptionError';
    this.environment = environment;
    this.key = key;
    this.what = what;
  }
}

/**
 * A write or its sync failed, or took longer than limits.SYNC_TIMEOUT_MS. What is on the disk is unknown.
 * The environment takes no more writes; the process must end.
 */
export class WriteError extends Error {
  readonly environment: string;
  /** The write never came back: the thread that carries it may hang for ever. */
  readonly timedOut: boolean;

  constructor(environment: string, what: string, timedOut: boolean, cause?: unknown) {
    super(`${environment}: ${what}`, cause === undefined ? undefined : { cause });
    this.name = 'WriteError';
    this.environment = environment;
    this.timedOut = timedOut;
  }
}

/** A data folder that cannot be used as it is: another format, other settings, in use. */
export class FolderError extends Error {
  readonly file: string;
  /** The field of the file at fault; empty: the file itself. */
  readonly field: string;

  constructor(file: string, field: string, what: string) {
    super(field === '' ? `${file}: ${what}` : `${file}: ${field}: ${what}`);
    this.name = 'FolderError';
    this.file = file;
    this.field = field;
  }
}

/** Why a shard goes on no more. `hangs`: a thread waits for the disk, perhaps for ever; the process cannot exit in order. */
export interface Failed {
  readonly message: string;
  readonly hangs: boolean;
  /** Another process has taken it over. */
  readonly isFenced: boolean;
}

export function failedBy(shard: number, error: Error): Failed {
  const message = `shard ${shard}: ${error.stack ?? error.message}`;
  const hangs = error instanceof WriteError && error.timedOut;
  // Of the log of record, which this folder does not know.
  return { message, hangs, isFenced: error.name === 'FencedError' };
}
