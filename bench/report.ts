// What is said about the figures: the machine, a table, JSON.
// Owns: the format, the same for all benches. Never touches: how anything is measured.

import { mkdir, open, rm, statfs } from 'node:fs/promises';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { join } from 'node:path';
import { type Figure, median } from './harness.js';

/** The machine the figures are of. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly kernel: string;
  readonly fileSystem: string;
  /** 4 KiB appended and synced (fdatasync), one after the other: median and longest. */
  readonly diskSyncMs: number;
  readonly diskSyncMaxMs: number;
  readonly durability: string;
}

/** Measures the disk below `folder`, and asks the system for the rest. */
export async function describeMachine(folder: string, syncs: number): Promise<Machine> {
  await mkdir(folder, { recursive: true });
  const times = await syncTimes(join(folder, `jifen-bench-sync-${process.pid}`), syncs);
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Number((totalmem() / 2 ** 30).toFixed(1)),
    node: process.version,
    kernel: `${type()} ${release()}`,
    fileSystem: await fileSystem(folder),
    diskSyncMs: Number(median(times).toPrecision(3)),
    diskSyncMaxMs: Number(Math.max(...times).toPrecision(3)),
    durability: 'each block written and synced to disk before any answer of it',
  };
}

async function syncTimes(path: string, syncs: number): Promise<number[]> {
  const file = await open(path, 'w');
  try {
    const page = Buffer.alloc(4096, 'x');
    const times: number[] = [];
    for (let n = 0; n < syncs; n++) {
      const startedAt = performance.now();
      await file.write(page, 0, page.length, n * page.length);
      await file.datasync();
      times.push(performance.now() - startedAt);
    }
    return times;
  } finally {
    await file.close();
    await rm(path, { force: true });
  }
}

const FILE_SYSTEMS: Readonly<Record<number, string>> = {
  61267: 'ext4',
  1481003842: 'xfs',
  2435016766: 'btrfs',
  2035054128: 'overlay',
  16914836: 'tmpfs',
  801189825: 'zfs',
  26985: 'nfs',
};

async function fileSystem(folder: string): Promise<string> {
  const { type: number } = await statfs(folder);
  return FILE_SYSTEMS[number] ?? `0x${number.toString(16)}`;
}

/** One line about the machine, and a warning where syncs cost nothing. */
export function machineLines(machine: Machine): string[] {
  const { cpu, cores, memoryGb, node, kernel, fileSystem, diskSyncMs, diskSyncMaxMs } = machine;
  const lines = [
    `${cpu}, ${cores} cores, ${memoryGb} GiB, Node ${node}, ${kernel}`,
    `${fileSystem}: 4 KiB written and synced in ${diskSyncMs} ms (median; longest ${diskSyncMaxMs} ms)`,
    `durability: ${machine.durability}`,
  ];
  if (fileSystem === 'tmpfs') {
    lines.push('WARNING: this is memory, not a disk: nothing is durable. Choose --folder.');
  }
  return lines;
}

/** A figure that could not be measured here. */
export interface LeftOut {
  readonly name: string;
  readonly why: string;
}

/** The file that `--json` writes. */
export function toJson(
  machine: Machine,
  figures: readonly Figure[],
  leftOut: readonly LeftOut[],
): string {
  return `${JSON.stringify({ machine, figures, leftOut }, undefined, 2)}\n`;
}

const COLUMNS = [
  'figure',
  'value',
  'p50 ms',
  'p99 ms',
  'max ms',
  'p99 at half',
  'ratio',
  'runs',
  'range',
  'digest',
];

/** The table at the end; it reads as Markdown. */
export function toTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    figure.name,
    `${number(figure.value)} ${figure.unit}`,
    number(figure.p50Ms),
    number(figure.p99Ms),
    number(figure.maxMs),
    number(figure.at50P99Ms),
    figure.ratio === undefined ? '' : `${figure.ratio} of ${figure.ratioTo}`,
    String(figure.runs),
    figure.runs > 1 ? `${number(figure.lowest)} - ${number(figure.highest)}` : '',
    figure.digest?.slice(0, 8) ?? '',
  ]);
  const widths = COLUMNS.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(COLUMNS), rule, ...rows.map(line)].join('\n');
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function number(value: number | undefined): string {
  if (value === undefined) return '';
  return value >= 1000 ? Math.round(value).toLocaleString('en') : String(value);
}
