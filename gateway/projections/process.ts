// The process that keeps the projections up with the logs and answers what is asked of them. Owns: its beginning and its end, in which order it does what.
// Never touches: what rows say, what is asked.
//   tables.P1. It yields to the ledger's process (Linux: by `nice`), and ends when that is gone.

import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { Answering, FaultError } from './asking.js';
import { Following } from './following.js';
import type { Fault, FromProcess, ProcessFigures, ToFile, ToProcess } from './messages.js';
import { writeParquet } from './parquet.js';
import type { Row } from './reports/shapes.js';
import { writeRows } from './reports/written/file.js';
import type { Written } from './reports/written/shapes.js';
import { NoDatabaseError, ReportStore } from './store.js';

/** A small share of what another process gets where there is too little for both. */
const NICE = 15;
/** Between two looks at the logs. */
const LOOK_MS = 250;

const tell = (told: FromProcess): void => {
  // Nobody is there any more who would hear of it: it ends by that (`disconnect`).
  process.send?.(told, undefined, undefined, () => undefined);
};

/** What is no fault of the question: a file that cannot be written, a defect. */
const brokenBy = (error: unknown): Fault => ({
  code: 'SHARD_UNAVAILABLE',
  detail: (error as Error).message,
});

class Projecting {
  readonly #store: ReportStore;
  readonly #following: Following;
  readonly #answering = new Map<number, Answering>();
  #isBuilt = false;
  #isEnding = false;
  #asked = 0;
  #looks: Promise<void> = Promise.resolve();

  constructor(store: ReportStore, following: Following) {
    this.#store = store;
    this.#following = following;
  }

  start(): void {
    this.#looks = this.#look();
  }

  async #look(): Promise<void> {
    while (!this.#isEnding) {
      const isBehind = await this.#following.step();
      if (!isBehind) this.#isBuilt = true;
      // Whoever asks gets a turn between two steps.
      await sleep(isBehind ? 0 : LOOK_MS);
    }
  }

  async open({
    id,
    asked,
    bounds,
    freshMs,
    file,
  }: Extract<ToProcess, { type: 'open' }>): Promise<void> {
    this.#asked++;
    await this.#fresh(freshMs);
    const connection = await this.#store.connect();
    const end = (): void => void this.#answering.delete(id);
    const answering = new Answering(connection, bounds, asked.asText === true, end);
    this.#answering.set(id, answering);
    await this.#answer(id, async () => {
      const opened = await answering.open(this.#store, asked);
      if (file === undefined) return opened;
      try {
        return { ...(await this.#written(answering, file)), asOf: opened.asOf };
      } finally {
        await answering.close();
      }
    });
  }

  async #written(answering: Answering, { path, form }: ToFile): Promise<Written> {
    if (form.format !== 'parquet')
      return writeRows(path, form, answering.rows() as AsyncIterable<readonly Row[]>);
    const { columns, rows } = answering.raw;
    return writeParquet(this.#store.duckdb, path, columns, rows);
  }

  /** Waits, not for long, until all is stored that is durable now. */
  async #fresh(freshMs: number): Promise<void> {
    const heads = this.#following.heads();
    const until = Date.now() + freshMs;
    while (!this.#following.hasReached(heads) && Date.now() < until) await sleep(20);
  }

  async more(id: number): Promise<void> {
    const answering = this.#answering.get(id);
    if (answering === undefined)
      tell({
        type: 'fault',
        id,
        fault: { code: 'ANSWER_TOO_LARGE', detail: 'It was not asked for in time.' },
      });
    else await this.#answer(id, () => answering.more());
  }

  async #answer(
    id: number,
    asked: () => Promise<Extract<FromProcess, { type: 'answer' }>['answer']>,
  ): Promise<void> {
    try {
      tell({ type: 'answer', id, answer: await asked() });
    } catch (error) {
      tell({
        type: 'fault',
        id,
        fault: error instanceof FaultError ? error.fault : brokenBy(error),
      });
    }
  }

  async close(id: number): Promise<void> {
    await this.#answering.get(id)?.close();
  }

  figures(id: number, now: number): void {
    const answer: ProcessFigures = {
      ...this.#following.figures(now),
      isBuilt: this.#isBuilt,
      rssBytes: process.memoryUsage.rss(),
      asked: this.#asked,
    };
    tell({ type: 'answer', id, answer });
  }

  async end(): Promise<void> {
    this.#isEnding = true;
    for (const answering of this.#answering.values()) await answering.close();
    await this.#looks;
    await this.#following.close();
    this.#store.close();
  }
}

let projecting: Projecting | undefined;

async function heed(told: ToProcess): Promise<void> {
  switch (told.type) {
    case 'begin': {
      const { settings } = told;
      const store = await ReportStore.open(settings);
      projecting = new Projecting(store, await Following.open(store, settings.folder));
      projecting.start();
      return tell({ type: 'begun' });
    }
    case 'open':
      return projecting?.open(told);
    case 'more':
      return projecting?.more(told.id);
    case 'close':
      return projecting?.close(told.id);
    case 'figures':
      return projecting?.figures(told.id, told.now);
    case 'end':
      await projecting?.end();
      process.exit(0);
  }
}

function failed(error: unknown): void {
  const reason = (error as Error).message;
  tell({ type: error instanceof NoDatabaseError ? 'off' : 'warning', reason });
  // The message is on its way.
  setTimeout(() => process.exit(1), 100);
}

if (process.platform === 'linux') setPriority(NICE);
process.on('message', (told: ToProcess) => {
  heed(told).catch(failed);
});
process.on('unhandledRejection', failed);
process.on('disconnect', () => process.exit(0));
// Signals of a terminal are for the ledger: it says when to end.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
