// Builds and configures the disk shim (shim.c). Owns: the compiled library's place, the names of
// its settings, the layout of its count file. Never touches: the trace (disk-trace.ts reads it).

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface ShimSettings {
  /** The folder whose files count; it must exist. */
  readonly root: string;
  /** File to which the trace is appended; keep it outside `root`. */
  readonly trace?: string;
  /** 1-based number of the counted write or sync call that fails. */
  readonly failAt?: number;
  /** Default EIO. */
  readonly errno?: 'ENOSPC' | 'EIO';
  /**
   * `refuse` (default): nothing is done. `late`: done, then reported as failed. `short`: a write
   * stores half of its bytes and says so, the next counted write fails. `hang`: it never returns.
   */
  readonly how?: 'refuse' | 'late' | 'short' | 'hang';
  /** Every counted call from `failAt` on fails. */
  readonly sticky?: boolean;
  /** Only files whose path below `root` contains this are counted (all are traced). */
  readonly match?: string;
  /** Holds the counts while and after the process runs; removed here so that they start at zero. */
  readonly countFile?: string;
}

export interface ShimCounts {
  /** Counted write and sync calls so far, over the process and its children. */
  readonly calls: number;
  readonly failures: number;
  readonly firstFailure:
    | {
        readonly kind: 'write' | 'synchronous write' | 'sync';
        readonly path: string;
        readonly offset: number;
        readonly length: number;
      }
    | undefined;
}

let built: string | undefined;

/** Compiles the shim unless this very source was compiled before; returns the library's path. */
export function buildShim(): string {
  if (built !== undefined) return built;
  if (process.platform !== 'linux') throw new Error('the disk shim needs Linux (LD_PRELOAD)');
  const source = sourcePath();
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16);
  const library = join(tmpdir(), `shim-${process.arch}-${hash}.so`);
  if (!existsSync(library)) {
    const partial = `${library}.${process.pid}`;
    const flags = ['-shared', '-fPIC', '-O2', '-Wall', '-o', partial, source, '-ldl', '-lpthread'];
    const result = spawnSync('cc', flags, { encoding: 'utf8' });
    if (result.error !== undefined) {
      throw new Error(
        `the disk shim needs a C compiler: apt-get install gcc libc6-dev (${result.error.message})`,
      );
    }
    if (result.status !== 0) throw new Error(`the disk shim did not compile:\n${result.stderr}`);
    // Other test processes may build at the same time; the rename makes the last one win whole.
    renameSync(partial, library);
  }
  built = library;
  return library;
}

/** The environment for a child process under the shim: this process's own plus the settings. */
export function shimEnv(settings: ShimSettings): NodeJS.ProcessEnv {
  const preload = process.env['LD_PRELOAD'];
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    LD_PRELOAD: preload ? `${buildShim()}:${preload}` : buildShim(),
    JIFEN_SHIM_ROOT: realpathSync(settings.root),
    // Writes through io_uring would pass by the shim.
    UV_USE_IO_URING: '0',
  };
  if (settings.trace !== undefined) env['JIFEN_SHIM_TRACE'] = settings.trace;
  if (settings.failAt !== undefined) env['JIFEN_SHIM_FAIL_AT'] = String(settings.failAt);
  if (settings.errno !== undefined) env['JIFEN_SHIM_ERRNO'] = settings.errno;
  if (settings.how !== undefined) env['JIFEN_SHIM_HOW'] = settings.how;
  if (settings.sticky === true) env['JIFEN_SHIM_STICKY'] = '1';
  if (settings.match !== undefined) env['JIFEN_SHIM_MATCH'] = settings.match;
  if (settings.countFile !== undefined) {
    rmSync(settings.countFile, { force: true });
    env['JIFEN_SHIM_COUNT_FILE'] = settings.countFile;
  }
  return env;
}

/** Reads a count file; right even after the process was killed. */
export function readCounts(countFile: string): ShimCounts {
  const page = readFileSync(countFile);
  const failures = Number(page.readBigUInt64LE(8));
  const synchronous = (page.readUInt32LE(20) & 2) !== 0;
  const write = synchronous ? 'synchronous write' : 'write';
  return {
    calls: Number(page.readBigUInt64LE(0)),
    failures,
    firstFailure:
      failures === 0
        ? undefined
        : {
            kind: page.readUInt32LE(16) === 2 ? write : 'sync',
            offset: Number(page.readBigUInt64LE(24)),
            length: Number(page.readBigUInt64LE(32)),
            path: page.toString('utf8', 44, 44 + page.readUInt32LE(40)),
          },
  };
}

/** tsc does not copy shim.c, so it is looked for above the compiled file. */
function sourcePath(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (;;) {
    const candidate = join(folder, 'test', 'crash', 'shim.c');
    if (existsSync(candidate)) return candidate;
    const parent = dirname(folder);
    if (parent === folder) throw new Error('test/crash/shim.c is not above the compiled tests');
    folder = parent;
  }
}
