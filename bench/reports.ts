// The question: how long do reports over many entries take, asked first of a process that has just begun and asked again; and what do commands lose beside a
// running report? Owns: the rows that are asked about, the commands. Never touches: what reports ask.
//   R1. Rows of a year of a shop, as many entries as wanted, made by the database itself: how fast logs are followed is a figure of its own.
//   R2. Commands alone and beside a report are measured in slices, in turn, of one process.
//   R3. Entries that are followed are made by the ledger itself, one transfer each; the projections begin once all are durable.

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Engine, isRefusal, open } from '../engine/index.js';
import { type GatewayLimits, gatewayLimits } from '../gateway/limits.js';
import { Projections } from '../gateway/projections/projections.js';
import { askedOf } from '../gateway/projections/reports/asked.js';
import { questionOf, REPORTS } from '../gateway/projections/reports/reports.js';
import { ReportStore } from '../gateway/projections/store.js';
import type { Bench, Run, RunContext } from './harness.js';

/** Of each user that there is (`--users`, 100,000 where nothing is said). */
const ENTRIES_OF_USER = 100;
const SMOKE_ENTRIES = 2_000;
const DAY_MS = 86_400_000;
const DAYS = 365;
const NOW = Date.UTC(2026, 5, 1);
const START = NOW - DAYS * DAY_MS;
const BATCH = 500;
const SLICES = 8;
const LIMITS: GatewayLimits = gatewayLimits({
  reportThreads: Math.max(1, availableParallelism()),
  reportTimeoutMs: 600_000,
});
const SPEED = 1_000;

/** One row of each number from one on, up to another: who, when, in which command. */
const drawn = (rows: number, from: number, to: number): string =>
  `(SELECT range AS i, 'm' || (hash(range) % ${Math.ceil(rows / 10)}) AS owner,
     ${START} + (range * ${Math.floor((DAYS * DAY_MS) / rows)})::BIGINT AS time FROM range(${from}, ${to}))`;

const entriesOf = (entries: number, from: number, to: number): string =>
  `INSERT INTO entries BY NAME SELECT (i % 2)::INTEGER AS shard, i AS seq, 0 AS item, 0 AS n, time, time AS effective, owner, 'points' AS asset,
     i + 1 AS version, CASE WHEN i % 10 < 6 THEN 'act' WHEN i % 10 = 9 THEN 'expire' ELSE 'transfer' END AS type,
     CASE WHEN i % 10 < 6 THEN i % 90 + 10 ELSE 0 END AS earned, CASE WHEN i % 10 IN (6, 7, 8) THEN i % 40 + 1 ELSE 0 END AS spent,
     CASE WHEN i % 10 = 9 THEN 5 ELSE 0 END AS expired, 0 AS held, 100 AS balance,
     CASE WHEN i % 10 IN (6, 7, 8) THEN 'ORDER' WHEN i % 10 = 9 THEN 'EXPIRE' END AS kind, CASE WHEN i % 10 < 6 THEN 'event' END AS act,
     CASE WHEN i % 10 < 6 THEN ['CONSUME', 'SIGN', 'REVIEW'][1 + i % 3] END AS event, '@issue' AS other,
     CASE WHEN i % 10 IN (6, 7) THEN i % 40 + 1 ELSE 0 END AS redeemed, ['shop', 'app'][1 + i % 2] AS platform, 'e' || i AS id FROM ${drawn(entries, from, to)}`;

/** What follows from the entries. */
const ROWS: readonly string[] = [
  `INSERT INTO lots BY NAME SELECT shard, seq, item, time, effective, owner, asset, type,
     (effective // ${DAY_MS} + 365) * ${DAY_MS} AS expiry, earned - spent - expired AS available, 0 AS held FROM entries`,
  `INSERT INTO accounts BY NAME SELECT 0 AS shard, 0 AS seq, 0 AS item, min(time) AS time, owner, asset FROM entries GROUP BY owner, asset`,
  `INSERT INTO acts BY NAME SELECT shard, seq, item, time, time AS happened, owner, act, id, platform, 'shop' AS programme, event AS type, earned
     FROM entries WHERE act IS NOT NULL`,
  `INSERT INTO earnings BY NAME SELECT shard, seq, item, 0 AS leg, time, happened, owner, 'points' AS asset, id, platform, programme, type AS event,
     'rule' AS source, 'shop.' || type AS key, 1 AS version, earned AS amount, earned AS base FROM acts`,
  `INSERT INTO tier_changes BY NAME SELECT 0 AS shard, seq, item, 0 AS n, time, time AS happened, owner, 'shop' AS programme, NULL AS before,
     ['silver', 'gold'][1 + seq % 2] AS tier FROM entries WHERE seq % 20 = 0`,
  `INSERT INTO order_changes BY NAME SELECT shard, seq, item, 0 AS n, time, 'N' || seq AS number, owner, 'orderCreated' AS type, 1 AS quantity,
     redeemed AS points, 'completed' AS state, id, platform, 'shop' AS programme, 'g' || (seq % 1000) AS goods, 1 AS version, redeemed AS price,
     redeemed AS total, 0 AS discount, 0 AS cards FROM entries WHERE redeemed > 0 AND seq % 20 = 6`,
];

async function ledger(folder: string): Promise<Engine> {
  const engine = await open({ folder, shards: 2 });
  await engine.submit({
    type: 'define-asset',
    asset: 'points',
    scale: 0,
    defaultExpiryMs: 365 * DAY_MS,
  });
  return engine;
}

/** Puts rows into the tables of a ledger that nobody has open. */
async function fill(folder: string, entries: number): Promise<void> {
  const {
    reportMemoryMiB: memoryMiB,
    reportThreads: threads,
    reportSpillBytesMax: spillBytes,
  } = LIMITS;
  const store = await ReportStore.open({ folder, memoryMiB, threads, spillBytes });
  // The database counts in one thread: each makes a part of its own.
  const part = Math.ceil(entries / threads);
  await Promise.all(
    Array.from({ length: threads }, async (_, n) => {
      const own = await store.connect();
      await own.run(entriesOf(entries, n * part, Math.min(entries, (n + 1) * part)));
      own.closeSync();
    }),
  );
  const connection = await store.connect();
  for (const sql of ROWS) await connection.run(sql);
  connection.closeSync();
  store.close();
}

const projectionsOf = (folder: string): Projections =>
  new Projections({
    folder,
    limits: LIMITS,
    onDefect: (error) => {
      throw error;
    },
  });

/** How long each report takes, in seconds; the slowest is told. */
async function asked(from: Projections, engine: Engine, progress: (line: string) => void) {
  let slowest = 0;
  for (const report of REPORTS) {
    const about = {
      assets: engine.assets(),
      now: NOW,
      daysMax: 3_660,
      limit: 1_000,
      limitMax: 100_000,
    };
    const said: Record<string, string> = {};
    for (const { name } of report.parameters) {
      if (name === 'asset') said[name] = 'points';
      if (name === 'programme') said[name] = 'shop';
      if (name === 'from') said[name] = String(START);
      if (name === 'to' || name === 'at') said[name] = String(NOW);
      if (name === 'steps') said[name] = 'joined,event:CONSUME,redeem';
    }
    const whole = askedOf(report, said, about);
    if (isRefusal(whole)) throw new Error(`${report.name}: ${whole.code} ${whole.detail ?? ''}`);
    const began = performance.now();
    const answer = await from.ask(questionOf(report, whole));
    if (isRefusal(answer)) throw new Error(`${report.name}: ${answer.code} ${answer.detail ?? ''}`);
    const seconds = (performance.now() - began) / SPEED;
    progress(`${report.name}: ${seconds.toFixed(2)} s, ${answer.rows.length} rows`);
    slowest = Math.max(slowest, seconds);
  }
  return slowest;
}

async function measureReports({ options, folder, progress }: RunContext): Promise<Run> {
  const data = join(folder, 'data');
  const engine = await ledger(data);
  const entries = options.smoke ? SMOKE_ENTRIES : options.users * ENTRIES_OF_USER;
  await fill(data, entries);
  const from = projectionsOf(data);
  try {
    const cold = await asked(from, engine, progress);
    const warm = await asked(from, engine, progress);
    const { figures } = await from.state();
    return {
      value: warm,
      also: { coldSeconds: cold, entries, peakMb: (figures?.rssBytes ?? 0) / 2 ** 20 },
    };
  } finally {
    await from.close();
    await engine.close();
  }
}

/** Commands per second for a while. */
async function commands(engine: Engine, ms: number, from: { n: number }): Promise<number> {
  const began = performance.now();
  let done = 0;
  while (performance.now() - began < ms) {
    const batches = Array.from({ length: 4 }, () =>
      Array.from({ length: BATCH }, () => {
        const n = from.n++;
        const legs = [{ from: '@issue', to: `m${n % 10_000}`, asset: 'points', amount: 1 }];
        return { type: 'transfer' as const, id: `b${n}`, legs };
      }),
    );
    const outcomes = await Promise.all(batches.map((batch) => engine.submitBatch(batch)));
    done += outcomes.reduce((sum, some) => sum + some.filter(({ ok }) => ok).length, 0);
  }
  return (done * SPEED) / (performance.now() - began);
}

async function measureBeside({ options, folder }: RunContext): Promise<Run> {
  const data = join(folder, 'data');
  const engine = await ledger(data);
  await fill(data, options.smoke ? SMOKE_ENTRIES : options.users * 10);
  const from = projectionsOf(data);
  const sliceMs = options.smoke ? 20 : (options.seconds * SPEED) / SLICES;
  const place = { n: 0 };
  const [alone, beside]: [number[], number[]] = [[], []];
  try {
    await from.ask({ parts: 'SELECT 1' });
    await commands(engine, sliceMs, place);
    for (let slice = 0; slice < SLICES; slice++) {
      alone.push(await commands(engine, sliceMs, place));
      let isOver = false;
      const reports = (async () => {
        while (!isOver)
          await from.ask({
            parts:
              'SELECT owner, count(DISTINCT effective // 86400000) AS days, sum(earned) AS points FROM entries GROUP BY owner',
            merge: 'SELECT days, count(*), sum(points) FROM parts GROUP BY days',
          });
      })();
      beside.push(await commands(engine, sliceMs, place));
      isOver = true;
      await reports;
    }
  } finally {
    await from.close();
    await engine.close();
  }
  const median = (list: number[]): number =>
    [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] as number;
  return { value: median(beside), reference: median(alone) };
}

/** How fast a log is followed that is there already, and how long after that the first reports take. */
async function measureFollowing({ options, folder, progress }: RunContext): Promise<Run> {
  const data = join(folder, 'data');
  const engine = await ledger(data);
  const entries = options.smoke ? SMOKE_ENTRIES : options.users * ENTRIES_OF_USER;
  const users = Math.ceil(entries / 10);
  const from = projectionsOf(data);
  try {
    for (let n = 0; n < entries; n += BATCH * 8) {
      const batches = Array.from({ length: 8 }, (_, b) =>
        Array.from({ length: Math.max(0, Math.min(BATCH, entries - n - b * BATCH)) }, (_, i) => {
          const id = n + b * BATCH + i;
          const legs = [{ from: '@issue', to: `m${(id * 7) % users}`, asset: 'points', amount: 1 }];
          return { type: 'transfer' as const, id: `f${id}`, kind: 'CONSUME', legs };
        }),
      );
      await Promise.all(batches.map((batch) => engine.submitBatch(batch)));
    }
    progress(`${entries} entries are durable`);
    const began = performance.now();
    from.start(true);
    for (;;) {
      const { state, figures } = await from.state();
      if (state === 'following' && figures?.lagBlocks === 0) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const seconds = (performance.now() - began) / SPEED;
    const { figures } = await from.state();
    const answer = await from.ask({ parts: 'SELECT count(*), sum(earned) FROM entries' });
    const [counted] = isRefusal(answer) ? [] : answer.rows;
    if (Number(counted?.[0]) !== entries || Number(counted?.[1]) !== entries)
      throw new Error(`of ${entries} entries ${counted?.[0]} are in the tables`);
    const slowest = await asked(from, engine, progress);
    return {
      value: entries / seconds,
      also: {
        entries,
        rows: figures?.rows ?? 0,
        followedSeconds: seconds,
        slowestSeconds: slowest,
      },
    };
  } finally {
    await from.close();
    await engine.close();
  }
}

/** The bench of reports. */
export const reportsBench: Bench = {
  name: 'reports',
  figures: () => [
    {
      name: 'slowest report, warm',
      unit: 's',
      headline: true,
      ownProcesses: true,
      run: measureReports,
    },
    {
      name: 'entries followed',
      unit: 'entries/s',
      headline: false,
      ownProcesses: true,
      run: measureFollowing,
    },
    {
      name: 'commands beside a report',
      unit: 'commands/s',
      headline: true,
      ratioTo: 'alone',
      ownProcesses: true,
      run: measureBeside,
    },
  ],
};
