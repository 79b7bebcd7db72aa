// The command: npm run bench -- [bench ...] [options]
// Owns: arguments, what is printed, the exit code. Never touches: how anything is measured.

import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type Bench,
  type BenchOptions,
  type Figure,
  type FigurePlan,
  measure,
  removeAtExit,
  unremovedFolders,
} from './harness.js';
import { toHtml } from './html.js';
import { installClient } from './peers/tigerbeetle.js';
import { BENCH_NAMES, loadBench } from './registry.js';
import { describeMachine, type LeftOut, machineLines, toJson, toTable } from './report.js';

/** The report where no bench is named and no other files are. */
const OVERVIEW_FILES = { json: 'bench-report.json', html: 'bench-report.html' } as const;

const HELP = `npm run bench -- [bench ...] [options]

Benches: ${BENCH_NAMES.join(', ')}. Without a name: the main figures of all of them, in some
15 minutes, with ${OVERVIEW_FILES.json} and ${OVERVIEW_FILES.html} as the report.

  --full                 without a name, too: every figure of all benches (about 40 minutes)
  --seconds N            measured per run, after a warm-up (3; 1 where no bench is named)
  --users N              users with an account (100000)
  --skew N               exponent of the skewed choice of users (0.99)
  --runs N               runs of headline figures, the median counts (3)
  --only TEXT[,TEXT]     only runs whose name contains one of these, or begins one of them
  --list                 print the runs' names; some have several figures
  --json FILE            write machine and figures as JSON
  --html FILE            write a report with charts, one page that needs no network
  --folder DIR           where data folders are made (/var/tmp); removed afterwards
  --cache-mb N           the engine's memory setting
  --in-flight N          batches in flight per shard
  --growth-accounts N    accounts of the largest growth figure (5000000)
  --growth-transfers N   its transfers (20000000)
  --tigerbeetle PATH     TigerBeetle's program: makes it a peer (bench/tigerbeetle.md)
  --profile DIR          write CPU profiles of the measured processes
  --smoke                everything tiny: fails on wrong sums and digests, never on a time
  --help
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    users: { type: 'string' },
    skew: { type: 'string' },
    runs: { type: 'string' },
    only: { type: 'string' },
    list: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    json: { type: 'string' },
    html: { type: 'string' },
    folder: { type: 'string' },
    'cache-mb': { type: 'string' },
    'in-flight': { type: 'string' },
    'growth-accounts': { type: 'string' },
    'growth-transfers': { type: 'string' },
    tigerbeetle: { type: 'string' },
    profile: { type: 'string' },
    smoke: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

type NumberOption =
  | 'seconds'
  | 'users'
  | 'skew'
  | 'runs'
  | 'cache-mb'
  | 'in-flight'
  | 'growth-accounts'
  | 'growth-transfers';

function positive(name: NumberOption): number | undefined {
  const text = values[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} takes a number above 0, not "${text}"`);
  return value;
}

function count(name: NumberOption): number | undefined {
  const value = positive(name);
  if (value !== undefined && !Number.isInteger(value))
    throw new Error(`--${name} is a whole number`);
  return value;
}

/** No bench is named: the headline figures of all of them. */
const isOverview = positionals.length === 0 && !values.full && !values.smoke;

function options(): BenchOptions {
  const { smoke } = values;
  const seconds = positive('seconds') ?? (smoke ? 0.05 : isOverview ? 1 : 3);
  const folder = resolve(values.folder ?? (existsSync('/var/tmp') ? '/var/tmp' : tmpdir()));
  return {
    seconds,
    warmUpSeconds: smoke ? 0.01 : Math.min(1, seconds),
    users: count('users') ?? (smoke ? 1000 : 100_000),
    skew: positive('skew') ?? 0.99,
    runs: count('runs') ?? (smoke ? 1 : 3),
    smoke,
    folder,
    cacheMb: count('cache-mb'),
    inFlight: count('in-flight'),
    growthAccounts: count('growth-accounts') ?? (smoke ? 20_000 : 5_000_000),
    growthTransfers: count('growth-transfers') ?? (smoke ? 50_000 : 20_000_000),
    profile: values.profile === undefined ? undefined : resolve(values.profile),
    tigerbeetle:
      values.tigerbeetle === undefined
        ? undefined
        : {
            program: resolve(values.tigerbeetle),
            client: join(folder, `jifen-bench-client-${randomUUID()}`),
          },
  };
}

async function main(): Promise<void> {
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const chosen = options();
  if (chosen.tigerbeetle !== undefined && !values.list) {
    removeAtExit(chosen.tigerbeetle.client);
    installClient(chosen.tigerbeetle);
  }
  const only = values.only?.split(',');
  const figures: Figure[] = [];
  const leftOut: LeftOut[] = [];
  const machine = values.list
    ? undefined
    : await describeMachine(chosen.folder, chosen.smoke ? 10 : 200);
  if (machine !== undefined) process.stderr.write(`${machineLines(machine).join('\n')}\n\n`);
  let matched = 0;
  for (const name of positionals.length > 0 ? positionals : BENCH_NAMES) {
    const bench = await loadBench(name);
    const plans = bench.figures(chosen).filter((plan) => isMeasured(plan, only));
    matched += plans.length;
    if (values.list) for (const plan of plans) process.stdout.write(`${plan.name}\n`);
    else figures.push(...(await measureWhatCan(bench, plans, chosen, leftOut)));
  }
  if (matched === 0) throw new Error(`no figure contains "${values.only}"`);
  if (machine === undefined) return;
  process.stdout.write(`\n${machineLines(machine).join('\n')}\n\n${toTable(figures)}\n`);
  for (const { name, why } of leftOut) process.stdout.write(`LEFT OUT: ${name}: ${why}\n`);
  const { json, html } = isOverview ? { ...OVERVIEW_FILES, ...values } : values;
  if (json !== undefined) await writeFile(json, toJson(machine, figures, leftOut));
  if (html !== undefined) await writeFile(html, toHtml(machine, figures, leftOut));
  if (html !== undefined) process.stdout.write(`The report with charts: ${resolve(html)}\n`);
}

function isMeasured(plan: FigurePlan, only: readonly string[] | undefined): boolean {
  if (only !== undefined) return only.some((text) => isChosen(plan.name, text));
  return !isOverview || (plan.overview ?? plan.headline);
}

// A run may have several figures: what is asked for may be one of them.
function isChosen(plan: string, text: string): boolean {
  return plan.includes(text) || text.startsWith(plan);
}

/** Measures what can be measured here, and says what cannot. */
async function measureWhatCan(
  bench: Bench,
  plans: readonly FigurePlan[],
  chosen: BenchOptions,
  leftOut: LeftOut[],
): Promise<Figure[]> {
  const tell = (line: string): void => {
    process.stderr.write(`${bench.name}: ${line}\n`);
  };
  const out = await bench.prepare?.(plans, chosen, tell);
  for (const [name, why] of out ?? []) {
    tell(`${name} is left out: ${why}`);
    leftOut.push({ name, why });
  }
  const able = plans.filter(({ name }) => !out?.has(name));
  return able.length === 0 ? [] : measure(bench, able, chosen);
}

process.on('exit', () => {
  for (const folder of unremovedFolders())
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
}
// What a failed run leaves behind (threads of an open engine) must not keep the process.
process.exit();
