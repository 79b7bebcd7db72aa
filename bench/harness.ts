// Runs the benches: in rounds, each run in a process of its own, medians over the rounds.
// Owns: options, the order of runs, medians, agreement of digests. Never touches: what a bench measures.
//   B1. Rounds go over all figures before any is measured again (A B A B), so that what changes on the
//       machine changes it for all of them.
//   B2. Runs that do the same work must end with the same digest, or the bench fails.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What the command line chooses; the same for every bench. */
export interface BenchOptions {
  /** Seconds measured per run, after the warm-up. */
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** Users that have an account. */
  readonly users: number;
  /** Exponent of the skewed (Zipf) choice of users. */
  readonly skew: number;
  /** Runs of headline figures; others run once. */
  readonly runs: number;
  /** Everything tiny and in one process. */
  readonly smoke: boolean;
  /** Where data folders are made; removed afterwards. */
  readonly folder: string;
  /** The engine's memory setting; undefined: its default. */
  readonly cacheMb: number | undefined;
  /** Batches in flight per shard; undefined: as measured best per batch size. */
  readonly inFlight: number | undefined;
  readonly growthAccounts: number;
  readonly growthTransfers: number;
  /** Where to write CPU profiles of the measured processes. */
  readonly profile: string | undefined;
  /** TigerBeetle, where it is to be a peer. */
  readonly tigerbeetle: Tigerbeetle | undefined;
}

/** A program of TigerBeetle's, and the folder in which the client of its version is installed. */
export interface Tigerbeetle {
  readonly program: string;
  readonly client: string;
}

/** One run of one figure. */
export interface Run {
  readonly value: number;
  readonly p50Ms?: number | undefined;
  readonly p99Ms?: number | undefined;
  readonly maxMs?: number | undefined;
  /** What `ratioTo` names, measured right after, in the same unit. */
  readonly reference?: number | undefined;
  /** Digest of the state after a fixed amount of work. */
  readonly digest?: string | undefined;
  /** Further figures by name, unit last: `peakRssMb`, `bytesPerTransfer`. */
  readonly also?: Readonly<Record<string, number>> | undefined;
}

/** A figure to be measured. */
export interface FigurePlan {
  readonly name: string;
  readonly unit: string;
  /** Headline figures run `--runs` times. */
  readonly headline: boolean;
  /** Measured where no bench is named; left out: headline figures are. */
  readonly overview?: boolean | undefined;
  readonly ratioTo?: string | undefined;
  /** Runs with the same word here must end with the same digest. */
  readonly sameWork?: string | undefined;
  /** When an answer is given, where it is not as the engine does it. */
  readonly durability?: string | undefined;
  /** Starts processes of its own, so needs none. */
  readonly ownProcesses?: boolean | undefined;
  readonly run: (context: RunContext) => Promise<Run | Readonly<Record<string, Run>>>;
  /** Units of further figures, where `run` returns several by name. */
  readonly units?: Readonly<Record<string, string>> | undefined;
  /** Figures of the same bench that these are compared with, round by round, by name. */
  readonly compareTo?: Readonly<Record<string, string>> | undefined;
}

/** What a run is given. */
export interface RunContext {
  readonly options: BenchOptions;
  /** 0 for the first round. */
  readonly round: number;
  /** An empty folder of its own. */
  readonly folder: string;
  readonly progress: (line: string) => void;
}

/** One question: a list of figures. */
export interface Bench {
  readonly name: string;
  readonly figures: (options: BenchOptions) => readonly FigurePlan[];
  /** Makes what the plans need available; returns which of them cannot be measured here, by name, and why. */
  readonly prepare?: (
    plans: readonly FigurePlan[],
    options: BenchOptions,
    tell: (line: string) => void,
  ) => Promise<ReadonlyMap<string, string>>;
}

/** A figure as it is reported. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly p50Ms?: number;
  readonly p99Ms?: number;
  /** The longest of all runs. */
  readonly maxMs?: number;
  /** At half of the full load, from the intended time of sending. */
  readonly at50P99Ms?: number;
  readonly ratioTo?: string;
  readonly ratio?: number;
  readonly digest?: string;
  /** When an answer is given, where it is not as the header says. */
  readonly durability?: string;
  readonly runs: number;
  readonly lowest: number;
  readonly highest: number;
  readonly [also: string]: number | string | undefined;
}

/** What a process is told that carries out one run. */
export interface RunOrder {
  readonly bench: string;
  readonly figure: string;
  readonly round: number;
  readonly folder: string;
  readonly options: BenchOptions;
}

/** Measures all of a bench's figures. */
export async function measure(
  bench: Bench,
  plans: readonly FigurePlan[],
  options: BenchOptions,
  print: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): Promise<Figure[]> {
  const runs = new Map<string, { unit: string; plan: FigurePlan; runs: Run[] }>();
  const digests = new Map<string, { digest: string; name: string }>();
  const rounds = Math.max(...plans.map((plan) => roundsOf(plan, options)));
  const startedAt = performance.now();
  for (let round = 0; round < rounds; round++) {
    for (const plan of plans) {
      if (round >= roundsOf(plan, options)) continue;
      const progress = (line: string): void => {
        const seconds = ((performance.now() - startedAt) / 1000).toFixed(0).padStart(4);
        print(`${seconds} s  ${plan.name}  ${line}`);
      };
      const result = await carryOut(bench, plan, options, round, progress);
      for (const [name, run] of Object.entries(result)) {
        agree(digests, plan, run, name);
        const unit = plan.units?.[name] ?? plan.unit;
        const entry = runs.get(name) ?? { unit, plan, runs: [] };
        entry.runs.push(run);
        runs.set(name, entry);
        progress(`run ${round + 1}: ${name === plan.name ? '' : `${name} `}${say(run, unit)}`);
      }
    }
  }
  return [...runs].map(([name, entry]) => {
    const other = entry.plan.compareTo?.[name];
    const others = other === undefined ? undefined : runs.get(other)?.runs;
    if (other === undefined || others === undefined)
      return summary(name, entry.unit, entry.plan, entry.plan.ratioTo, entry.runs);
    // A figure that has fewer runs lends its last one.
    const compared = entry.runs.map((run, round) => {
      return { ...run, reference: (others[round] ?? others.at(-1))?.value };
    });
    return summary(name, entry.unit, entry.plan, other, compared);
  });
}

function roundsOf(plan: FigurePlan, options: BenchOptions): number {
  return plan.headline ? options.runs : 1;
}

async function carryOut(
  bench: Bench,
  plan: FigurePlan,
  options: BenchOptions,
  round: number,
  progress: (line: string) => void,
): Promise<Readonly<Record<string, Run>>> {
  await mkdir(options.folder, { recursive: true });
  const folder = await mkdtemp(join(options.folder, 'jifen-bench-'));
  const forget = removeAtExit(folder);
  try {
    const inProcess = options.smoke || plan.ownProcesses === true;
    const result = inProcess
      ? await plan.run({ options, round, folder, progress })
      : await runInChild({ bench: bench.name, figure: plan.name, round, folder, options });
    return isRun(result) ? { [plan.name]: result } : result;
  } finally {
    await rm(folder, { recursive: true, force: true });
    forget();
  }
}

function isRun(result: Run | Readonly<Record<string, Run>>): result is Run {
  return typeof result.value === 'number';
}

async function runInChild(order: RunOrder): Promise<Run | Readonly<Record<string, Run>>> {
  const { profile } = order.options;
  const execArgv = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const child = startChild('child.js', [JSON.stringify(order)], execArgv, 'SIGTERM');
  let result: Run | Readonly<Record<string, Run>> | undefined;
  child.on('message', (message) => {
    result = message as Run;
  });
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  if (result === undefined || code !== 0) {
    throw new Error(`${order.figure}: its process ended with ${signal ?? `code ${code}`}`);
  }
  return result;
}

/** As `npm start` runs the program: fewer collections of short-lived objects on the main thread. */
const SEMI_SPACE = '--max-semi-space-size=64';

/** Starts a module of bench/ as a child process that is ended, with that signal, when this process ends. */
export function startChild(
  module: string,
  args: readonly string[],
  execArgv: readonly string[] = [],
  signal: NodeJS.Signals = 'SIGKILL',
): ChildProcess {
  const path = join(import.meta.dirname, module);
  const child = fork(path, args, {
    execArgv: [SEMI_SPACE, ...execArgv],
    // One thread of the pool per environment that is being synced, and some for files.
    env: { ...process.env, UV_THREADPOOL_SIZE: process.env.UV_THREADPOOL_SIZE ?? '16' },
    serialization: 'advanced',
  });
  const kill = (): void => {
    child.kill(signal);
  };
  process.once('exit', kill);
  child.once('exit', () => process.removeListener('exit', kill));
  return child;
}

const folders = new Set<string>();

/** The folder goes away when this process ends, unless it is forgotten. */
export function removeAtExit(folder: string): () => void {
  folders.add(folder);
  return () => folders.delete(folder);
}

/** The folders that are to go away at the exit: those of an interrupted run, too. */
export function unremovedFolders(): readonly string[] {
  return [...folders];
}

function agree(
  digests: Map<string, { digest: string; name: string }>,
  plan: FigurePlan,
  run: Run,
  name: string,
): void {
  if (plan.sameWork === undefined || run.digest === undefined) return;
  const first = digests.get(plan.sameWork);
  if (first === undefined) digests.set(plan.sameWork, { digest: run.digest, name });
  else if (first.digest !== run.digest) {
    throw new Error(`${name} ended with digest ${run.digest}, ${first.name} with ${first.digest}`);
  }
}

function summary(
  name: string,
  unit: string,
  plan: FigurePlan,
  ratioTo: string | undefined,
  runs: readonly Run[],
): Figure {
  const values = runs.map((run) => run.value);
  const figure: Record<string, number | string> = { name, value: round(median(values)), unit };
  const all = (pick: (run: Run) => number | undefined): number[] =>
    runs.map(pick).filter((value) => value !== undefined);
  const p50 = all((run) => run.p50Ms);
  if (p50.length > 0) figure.p50Ms = round(median(p50));
  const p99 = all((run) => run.p99Ms);
  if (p99.length > 0) figure.p99Ms = round(median(p99));
  const max = all((run) => run.maxMs);
  if (max.length > 0) figure.maxMs = round(Math.max(...max));
  const ratios = all((run) =>
    run.reference === undefined ? undefined : run.value / run.reference,
  );
  if (ratioTo !== undefined && ratios.length > 0) {
    figure.ratioTo = ratioTo;
    figure.ratio = round(median(ratios));
  }
  const digest = runs.find((run) => run.digest !== undefined)?.digest;
  if (digest !== undefined) figure.digest = digest;
  if (plan.durability !== undefined) figure.durability = plan.durability;
  figure.runs = runs.length;
  figure.lowest = round(Math.min(...values));
  figure.highest = round(Math.max(...values));
  for (const key of Object.keys(runs[0]?.also ?? {})) {
    figure[key] = round(median(all((run) => run.also?.[key])));
  }
  return figure as unknown as Figure;
}

function say(run: Run, unit: string): string {
  const value = run.value >= 100 ? Math.round(run.value).toLocaleString('en') : round(run.value);
  const p99 = run.p99Ms === undefined ? '' : `, p99 ${run.p99Ms.toFixed(1)} ms`;
  const max = run.maxMs === undefined ? '' : `, longest ${run.maxMs.toFixed(1)} ms`;
  const { reference } = run;
  const ratio = reference === undefined ? '' : `, ratio ${(run.value / reference).toFixed(2)}`;
  return `${value} ${unit}${p99}${max}${ratio}`;
}

/** The middle value; of an even number of them, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? high)) / 2;
}

// Three significant figures below 100, whole numbers above 1,000.
function round(value: number): number {
  if (!Number.isFinite(value)) return value;
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}
