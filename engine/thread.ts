// A thread of a ledger. Owns: where the files of threads are, what all threads have in common. Never touches: what they do.

import { Piscina } from 'piscina';

/** One thread, which stays; `minThreads` 0: once it has something to do. */
export type Thread = Piscina;
type Settings = NonNullable<ConstructorParameters<typeof Piscina>[0]>;

/** What threads run. */
const FILES = {
  worker: './shard/worker.js',
  reader: './shard/reader.js',
  simulator: './simulation/shard-thread.js',
  sealer: './sealing/thread.js',
} as const;

export function threadOf(name: keyof typeof FILES, settings: Settings): Thread {
  return new Piscina({
    ...{ filename: new URL(FILES[name], import.meta.url).href, maxThreads: 1 },
    ...{ idleTimeout: Number.POSITIVE_INFINITY, atomics: 'disabled', recordTiming: false },
    ...settings,
  });
}
