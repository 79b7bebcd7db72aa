// What the test and the program it kills say to each other: one JSON value a line, over pipes.
// Owns: the messages, bytes within them. Never touches: what they mean.

import { writeSync } from 'node:fs';
import type { PoolState } from '../../engine/api.js';
import type { Command } from '../../engine/protocol/commands.js';
import type { Balance, HistoryEntry } from '../../engine/protocol/outcomes.js';
import type { Ask, Read } from './load.js';

/** The test to the program. */
export type Order =
  | {
      readonly do: 'open';
      readonly folder: string;
      readonly shards: number;
      readonly cacheMb: number;
      readonly checkpointBytes: number;
      /** A name of engine/shard/crash-points.ts, perhaps with `:n`; empty: none. */
      readonly crashPoint: string;
    }
  /** Answered by `looked`. */
  | {
      readonly do: 'look';
      /** Whose balances. */
      readonly owners: readonly string[];
      /** Answered in full. */
      readonly reads: readonly Read[];
      /** read-transfer of these, answered by digests of the answers. */
      readonly ids: readonly (readonly [owner: string, id: string])[];
      readonly histories: readonly HistoryOrder[];
    }
  | {
      readonly do: 'load';
      readonly seed: number;
      readonly callers: number;
      /** Makes the ids of this load its own. */
      readonly name: string;
      readonly earlier: readonly Command[];
      /** Write checkpoints one after the other meanwhile. */
      readonly checkpoints: boolean;
      /** Read entries, too, and follow the feed of each shard from here; empty: no. */
      readonly feedFrom: readonly number[];
      /** Asks of each caller, then `loaded`; 0: without end. */
      readonly asks: number;
    }
  /** Answered by `closed`; `exit`: and then the program ends. */
  | { readonly do: 'close'; readonly exit: boolean };

/** Entries of an account in versions [from, to]. */
export interface HistoryOrder {
  readonly owner: string;
  readonly asset: string;
  /** Of a system owner: which stripe. */
  readonly shard?: number;
  readonly from: number;
  readonly to: number;
}

/** The program to the test. */
export type Said =
  | { readonly say: 'warm' }
  | { readonly say: 'opened'; readonly ms: number }
  /** About to be asked. */
  | { readonly say: 'ask'; readonly n: number; readonly by: string; readonly ask: Ask }
  /** The ledger's answer as text (answers.ts). */
  | { readonly say: 'answer'; readonly n: number; readonly text: string }
  | { readonly say: 'block'; readonly shard: number; readonly seq: number; readonly digest: string }
  | {
      readonly say: 'looked';
      readonly balances: readonly Balance[];
      /** What budgets have, in the order of BUDGETS; null: nothing is known of their points yet. */
      readonly pools: readonly (PoolState | null | undefined)[];
      readonly texts: readonly string[];
      readonly digests: readonly string[];
      readonly histories: readonly (readonly HistoryEntry[])[];
    }
  | { readonly say: 'loaded' }
  /** Of programs that carry out numbered commands (numbered.ts). */
  | { readonly say: 'ready' }
  | { readonly say: 'asked'; readonly n: number }
  | { readonly say: 'told'; readonly n: number; readonly what: string }
  | { readonly say: 'closed' }
  | { readonly say: 'failed'; readonly what: string };

export function toLine(message: Order | Said): string {
  const text = JSON.stringify(message, (_, value: unknown) =>
    value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString('hex') } : value,
  );
  return `${text}\n`;
}

export function fromLine(line: string): unknown {
  if (!line.includes('"$bytes"')) return JSON.parse(line);
  return JSON.parse(line, (_, value: { $bytes?: string } | null) =>
    typeof value?.$bytes === 'string' ? Uint8Array.from(Buffer.from(value.$bytes, 'hex')) : value,
  );
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));

/** At once, past the event loop: what was said is in the pipe even when the next thing is a SIGKILL. */
export function say(message: Said): void {
  const bytes = Buffer.from(toLine(message));
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(1, bytes, at);
    } catch (error) {
      // The pipe is full, and a library has made it one that does not wait.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(PAUSE, 0, 0, 1);
    }
  }
}
