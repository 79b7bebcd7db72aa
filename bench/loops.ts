// The two ways of asking: as fast as the answers come, and at a fixed rate whatever the answers do.
// Owns: what is sent when, and latencies. Never touches: what is sent.
//   O1. At a fixed rate a latency counts from the time at which the request was to be sent, also when no connection
//       was free then: a server that stops for a second makes a second's requests late, not one.
//   O2. Every request that was to be sent in the time is sent and counted, however late.

import { createHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Measurement } from './drive.js';

/** Sends one request on a connection; resolves, when it is answered, with how many commands it had. */
export type Send = (connection: number) => Promise<number>;

/**
 * Every connection sends its next request when its last one is answered, until the measurement is over. Returns how
 * many commands were answered, those of the warm-up and after the end included.
 */
export async function closedLoop(
  send: Send,
  connections: number,
  measurement: Measurement,
): Promise<number> {
  let all = 0;
  const caller = async (connection: number): Promise<void> => {
    while (!measurement.over) {
      const sentAt = performance.now();
      const commands = await send(connection);
      all += commands;
      measurement.answered(commands, sentAt, performance.now());
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, n) => caller(n)));
  return all;
}

/** What a fixed rate is asked for. */
export interface FixedRate {
  readonly requestsPerSecond: number;
  readonly seconds: number;
  /** No more than so many, however high the rate. */
  readonly requestsMax?: number | undefined;
}

/** Latencies at a fixed rate, in milliseconds from the intended time of sending. */
export interface RateLatency {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** How long the pause is in which nothing is due. Timers are no finer, so requests are up to that late (and it counts). */
const TICK_MS = 1;

/** Sends at a fixed rate. */
export async function openLoop(
  send: Send,
  connections: number,
  { requestsPerSecond, seconds, requestsMax = Number.POSITIVE_INFINITY }: FixedRate,
): Promise<RateLatency> {
  const total = Math.max(1, Math.min(requestsMax, Math.floor(requestsPerSecond * seconds)));
  const intervalMs = 1000 / requestsPerSecond;
  const latency = createHistogram();
  const free = Array.from({ length: connections }, (_, n) => n);
  const startedAt = performance.now();
  let next = 0;
  let answered = 0;
  let failure: unknown;
  const ask = async (connection: number, intendedAt: number): Promise<void> => {
    try {
      await send(connection);
      latency.record(Math.max(1, Math.round((performance.now() - intendedAt) * 1000)));
      answered++;
      free.push(connection);
      sendDue();
    } catch (error) {
      failure ??= error;
    }
  };
  const sendDue = (): void => {
    while (next < total && failure === undefined) {
      const intendedAt = startedAt + next * intervalMs;
      if (intendedAt > performance.now()) return;
      // The one that has been free for longest: none of them is idle for so long that the server closes it.
      const connection = free.shift();
      if (connection === undefined) return;
      next++;
      ask(connection, intendedAt);
    }
  };
  while (answered < total && failure === undefined) {
    sendDue();
    await sleep(TICK_MS);
  }
  if (failure !== undefined) throw failure;
  return {
    requestsPerSecond: answered / ((performance.now() - startedAt) / 1000),
    p50Ms: latency.percentile(50) / 1000,
    p99Ms: latency.percentile(99) / 1000,
    maxMs: latency.max / 1000,
  };
}

/** Parts of the full load, in percent, at which latencies are taken where more than the half is asked for. */
export const LOAD_PARTS: readonly number[] = [25, 50, 75];
/** The half of it. */
export const HALF_LOAD: readonly number[] = [50];
/** Requests of the smoke size, whose rates say nothing. */
const SMOKE_REQUESTS = 10;

/**
 * Latencies at parts of the full load that was measured just before, each asked for half of the time measured: `at50Rate`
 * (commands per second), `at50P50Ms`, `at50P99Ms`, `at50MaxMs`, and so for each percent.
 */
export async function atParts(
  send: Send,
  connections: number,
  full: { readonly commandsPerSecond: number; readonly perRequest: number },
  percents: readonly number[],
  options: { readonly seconds: number; readonly smoke: boolean },
): Promise<Record<string, number>> {
  const requestsMax = options.smoke ? SMOKE_REQUESTS : undefined;
  const figures: Record<string, number> = {};
  for (const percent of percents) {
    const requestsPerSecond = (full.commandsPerSecond / full.perRequest) * (percent / 100);
    // Where a request takes long, two of them at least.
    const seconds = Math.max(options.seconds / 2, 2 / requestsPerSecond);
    const asked = { requestsPerSecond, seconds, requestsMax };
    const found = await openLoop(send, connections, asked);
    figures[`at${percent}Rate`] = found.requestsPerSecond * full.perRequest;
    figures[`at${percent}P50Ms`] = found.p50Ms;
    figures[`at${percent}P99Ms`] = found.p99Ms;
    figures[`at${percent}MaxMs`] = found.maxMs;
  }
  return figures;
}
