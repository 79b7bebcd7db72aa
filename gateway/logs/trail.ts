// The thread that writes the audit and business logs out of the ledger, as the gateway has it. Owns: its life. Never touches: lines.

import { Worker } from 'node:worker_threads';
import { LOG_DAYS, LOG_RETRY_MS } from '../limits.js';
import type { LogOptions } from './logs.js';
import type { TrailData } from './trail-thread.js';

/** Whose trail is written. */
export type TrailSource = Pick<TrailData, 'ledger' | 'shards' | 'auditDays' | 'clockOffset'>;

export class TrailThread {
  readonly #data: TrailData;
  readonly #onError: (error: Error) => void;
  #worker: Worker | undefined;
  #ended: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;

  /** Begins to write. `onError` is told of a disk that takes no lines, and of a thread that ends. */
  constructor(source: TrailSource, { folder, days }: LogOptions, onError: (error: Error) => void) {
    this.#data = { ...source, folder, days: { ...LOG_DAYS, ...days } };
    this.#onError = onError;
    this.#start();
  }

  #start(): void {
    const url = new URL('./trail-thread.js', import.meta.url);
    const worker = new Worker(url, { workerData: this.#data });
    worker.on('message', (message: string) => this.#onError(new Error(message)));
    worker.on('error', (error) => {
      this.#onError(error as Error);
      // What it has not written, another one writes.
      this.#timer = setTimeout(() => this.#start(), LOG_RETRY_MS).unref();
    });
    this.#worker = worker;
    this.#ended = new Promise((resolve) => {
      worker.once('exit', () => resolve());
    });
  }

  /** Writes all that is durable; resolves when the thread has ended. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#worker?.postMessage('close');
    await this.#ended;
    clearTimeout(this.#timer);
  }
}
