// What processes have used: processor time, memory, bytes written. Owns: reading /proc, so it knows on Linux only.
// Never touches: the processes.

import { readdirSync, readFileSync } from 'node:fs';

/** What a process and those it has started have used since they began. */
export interface Usage {
  /** Processor time in seconds, children that have ended included. */
  readonly cpuSeconds: number;
  /**
   * Memory in MiB: of each process that is alive its part (what it shares with others is divided among them), as much larger
   * as all of its memory was when it was largest.
   */
  readonly peakMemoryMb: number;
  /** Bytes that were written to files and had to go to the disk. */
  readonly writtenBytes: number;
}

/** Ticks of the processor's clock per second, as /proc counts them on every Linux. */
const TICKS_PER_SECOND = 100;

/** The processes' and their descendants' usage; undefined where the system does not tell. */
export function usageOf(pids: readonly number[]): Usage | undefined {
  if (process.platform !== 'linux') return undefined;
  const sum = { cpuSeconds: 0, peakMemoryMb: 0, writtenBytes: 0 };
  for (const { pid, ticks } of familyOf(pids)) {
    sum.cpuSeconds += ticks / TICKS_PER_SECOND;
    const part = figure(pid, 'smaps_rollup', /^Pss:\s+(\d+) kB/m) / 1024;
    const now = figure(pid, 'status', /^VmRSS:\s+(\d+) kB/m);
    const largest = figure(pid, 'status', /^VmHWM:\s+(\d+) kB/m);
    sum.peakMemoryMb += now === 0 ? part : part * Math.max(1, largest / now);
    sum.writtenBytes += figure(pid, 'io', /^write_bytes: (\d+)/m);
  }
  return sum;
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ticks: number;
}

function familyOf(pids: readonly number[]): Stat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => stat(Number(name)))
    .filter((found) => found !== undefined);
  const family = new Set(pids);
  for (let before = -1; before !== family.size; ) {
    before = family.size;
    for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
  }
  return all.filter(({ pid }) => family.has(pid));
}

// The name, in parentheses, may hold anything; what follows it is parted by blanks.
function stat(pid: number): Stat | undefined {
  const text = read(pid, 'stat');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  if (fields.length < 15) return undefined;
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { pid, parent: Number(fields[1]), ticks };
}

function figure(pid: number, file: string, pattern: RegExp): number {
  return Number(pattern.exec(read(pid, file))?.[1] ?? 0);
}

// A process may have ended in between.
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
