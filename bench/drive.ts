// Drives an engine: batches or single callers, latency of every answer, the check of every balance.
// Owns: what is in flight, the clock of the measurement. Never touches: which commands there are.
//   D1. Every answer is looked at: one that is not a first success fails the bench.
//       Entries are looked at outside the time measured: the engine decodes them only then.
//   D2. A latency is from the call of submit or submitBatch to its answer, the making of the commands excluded.

import { createHistogram } from 'node:perf_hooks';
import type { Command, Engine, Leg, Outcome, TransferCommand } from '../engine/index.js';
import { median, type Run } from './harness.js';
import type { Work } from './load.js';

/** Between shards, the decision is waited for however long it takes. */
export const PATIENT = { timeoutMs: 600_000 } as const;

/** What was answered between two points of time. */
export class Measurement {
  readonly #latency = createHistogram();
  readonly #from: number;
  readonly #to: number;
  #startedAt = 0;
  #endedAt = 0;
  #commands = 0;
  #cpu: NodeJS.CpuUsage = { user: 0, system: 0 };
  #cpuSeconds = 0;

  /** From and to are times of `performance.now()`. */
  constructor(from: number, to: number) {
    this.#from = from;
    this.#to = to;
  }

  /** Has an answer come after the time measured? */
  get over(): boolean {
    return this.#endedAt !== 0;
  }

  /** What is sent from now on counts, with the wait for its first answer. */
  begin(now: number): void {
    this.#startedAt = now;
    this.#cpu = process.cpuUsage();
  }

  /** An answer to so many commands, sent and come at these times. */
  answered(commands: number, sentAt: number, now: number): void {
    if (now < this.#from || this.#endedAt !== 0) return;
    if (this.#startedAt === 0) {
      this.begin(now);
      return;
    }
    this.#commands += commands;
    this.#latency.record(Math.max(1, Math.round((now - sentAt) * 1000)));
    if (now >= this.#to) this.end(now);
  }

  /** Nothing after this counts. */
  end(now: number): void {
    if (this.#endedAt !== 0) return;
    this.#endedAt = now;
    const { user, system } = process.cpuUsage(this.#cpu);
    this.#cpuSeconds = (user + system) / 1e6;
  }

  /** Commands per second, latencies, processor time (of all threads, the generator's included). */
  result(): { value: number; p50Ms: number; p99Ms: number; maxMs: number; cpuCores: number } {
    const seconds = (this.#endedAt - this.#startedAt) / 1000;
    if (this.#commands === 0 || seconds <= 0)
      throw new Error('nothing was answered in the time measured');
    return {
      value: this.#commands / seconds,
      p50Ms: this.#latency.percentile(50) / 1000,
      p99Ms: this.#latency.percentile(99) / 1000,
      maxMs: this.#latency.max / 1000,
      cpuCores: this.#cpuSeconds / seconds,
    };
  }
}

/** What was measured of a scenario in one of its turns. */
export type Slice = ReturnType<Measurement['result']>;

/** A run of a scenario that takes turns with others: the median of its slices. */
export function runOfSlices(slices: readonly Slice[]): Run {
  const middle = (pick: (slice: Slice) => number): number => median(slices.map(pick));
  const value = middle((slice) => slice.value);
  return {
    value,
    p50Ms: middle(({ p50Ms }) => p50Ms),
    p99Ms: middle(({ p99Ms }) => p99Ms),
    maxMs: Math.max(...slices.map(({ maxMs }) => maxMs)),
    also: { cpuUsPerCommand: middle(({ cpuCores, value: rate }) => (cpuCores * 1e6) / rate) },
  };
}

/** Fails the bench unless this is a first success (D1). */
export function expectPosted(outcome: Outcome): void {
  if (!outcome.ok) throw new Error(`${outcome.id ?? 'a command'} was refused: ${outcome.code}`);
  if (outcome.replayed) throw new Error(`${outcome.id ?? 'a command'} was answered as a repeat`);
}

/** Fails the bench unless there is an entry, with the balance after it, for each account that the command touches. */
export function expectEntries(command: Command, outcome: Outcome): void {
  expectPosted(outcome);
  if (!outcome.ok) return;
  const accounts = command.type === 'transfer' || command.type === 'capture' ? 2 : 1;
  const { entries } = outcome;
  const told = entries.every((entry) => Number.isSafeInteger(entry.available) && entry.version > 0);
  if (entries.length === accounts && told) return;
  throw new Error(`${outcome.id} has entries ${JSON.stringify(entries)}`);
}

/** Sends a batch; rejects unless each of its commands is answered as it should be (D1). */
export type Submit = (commands: readonly Command[]) => Promise<void>;

/** As objects. `expect`: looks at every outcome. */
export function asObjects(
  engine: Pick<Engine, 'submitBatch'>,
  expect: (command: Command, outcome: Outcome) => void = (_, outcome) => expectPosted(outcome),
): Submit {
  const submit: Submit = async (commands) => {
    const outcomes = await engine.submitBatch(commands, PATIENT);
    if (outcomes.length !== commands.length) throw new Error('outcomes are missing');
    const again: Command[] = [];
    for (const [i, outcome] of outcomes.entries()) {
      const command = commands[i] as Command;
      // A shard that had no processor for seconds asks first whether its definitions are those of now.
      if (!outcome.ok && outcome.code === 'DEFINITIONS_UNCONFIRMED') again.push(command);
      else expect(command, outcome);
    }
    if (again.length > 0) await submit(again);
  };
  return submit;
}

/** Transfers with one leg as bytes. */
export function asPacked(engine: Pick<Engine, 'batch'>): Submit {
  const batch = engine.batch();
  return async (commands) => {
    for (const command of commands) {
      const { id = '', kind, legs } = command as TransferCommand;
      const [{ from, to, asset, amount }] = legs as unknown as [Leg];
      batch.move(id, from, to, asset, amount, kind);
    }
    const outcomes = await batch.submit(PATIENT);
    if (outcomes.length !== commands.length) throw new Error('outcomes are missing');
    for (let i = 0; i < outcomes.length; i++)
      if (!outcomes.ok(i) || outcomes.replayed(i)) expectPosted(outcomes.outcome(i));
  };
}

/**
 * Sends batches, at most `window` in flight and none before the one `window` places earlier is answered, until
 * `next` gives none. `answered` is told of every answer.
 */
export async function driveBatches(
  submit: Submit,
  window: number,
  next: () => readonly Command[] | undefined,
  answered: (commands: number, sentAt: number, now: number) => void,
): Promise<void> {
  let failure: unknown;
  const send = async (commands: readonly Command[]): Promise<void> => {
    try {
      const sentAt = performance.now();
      await submit(commands);
      answered(commands.length, sentAt, performance.now());
    } catch (error) {
      failure ??= error;
    }
  };
  const inFlight: Promise<void>[] = new Array(window).fill(Promise.resolve());
  for (let k = 0; failure === undefined; k = (k + 1) % window) {
    await inFlight[k];
    const commands = next();
    if (commands === undefined) break;
    inFlight[k] = send(commands);
  }
  await Promise.all(inFlight);
  if (failure !== undefined) throw failure;
}

/** So many callers, each with one command at a time, until the measurement is over. */
export async function driveSingles(
  engine: Engine,
  callers: number,
  work: Work,
  measurement: Measurement,
): Promise<void> {
  const caller = async (): Promise<void> => {
    while (!measurement.over) {
      const command = work.next();
      const sentAt = performance.now();
      const outcome = await engine.submit(command);
      const now = performance.now();
      expectPosted(outcome);
      measurement.answered(1, sentAt, now);
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

/** Compares the engine's balances with the sums of the work: of every `step`-th user, and of the system owners. */
export async function checkBalances(engine: Engine, work: Work, step = 1): Promise<void> {
  const held = work.held.reduce((sum, points) => sum + points, 0);
  const available = work.available.reduce((sum, points) => sum + points, 0);
  if (available + held !== work.issued - work.redeemed)
    throw new Error('the sums of the work disagree');
  await checkBalance(engine, work.asset, '@issue', -work.issued, 0);
  await checkBalance(engine, work.asset, '@redeem', work.redeemed, 0);
  const together = 1000;
  for (let first = 0; first < work.users; first += together * step) {
    const reads: Promise<void>[] = [];
    for (let i = 0; i < together; i++) {
      const user = first + i * step;
      if (user >= work.users) break;
      const { available, held } = work;
      const owner = work.owner(user);
      reads.push(checkBalance(engine, work.asset, owner, available[user] ?? 0, held[user] ?? 0));
    }
    await Promise.all(reads);
  }
}

async function checkBalance(
  engine: Engine,
  asset: string,
  owner: string,
  available: number,
  held: number,
): Promise<void> {
  const balances = await engine.balance(owner);
  if (!Array.isArray(balances)) throw new Error(`the balance of ${owner} was refused`);
  const balance = balances.find((one) => one.asset === asset);
  const found = { available: balance?.available ?? 0, held: balance?.held ?? 0 };
  if (found.available !== available || found.held !== held) {
    const expected = JSON.stringify({ available, held });
    throw new Error(`${owner} has ${JSON.stringify(found)}, expected ${expected}`);
  }
}

/** Latencies of so many calls, one after the other. */
export async function times(
  read: () => Promise<void>,
  count: number,
): Promise<{ p50Ms: number; p99Ms: number; maxMs: number }> {
  const latency = createHistogram();
  for (let n = 0; n < count; n++) {
    const begun = performance.now();
    await read();
    latency.record(Math.max(1, Math.round((performance.now() - begun) * 1000)));
  }
  return {
    p50Ms: latency.percentile(50) / 1000,
    p99Ms: latency.percentile(99) / 1000,
    maxMs: latency.max / 1000,
  };
}
