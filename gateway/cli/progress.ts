// Progress of long work, on stderr. Owns: how often, and how it looks. Never touches: the work.

const TERMINAL_INTERVAL_MS = 100;
const FILE_INTERVAL_MS = 5_000;

/** How far a shard is. */
export interface ShardProgress {
  readonly shard: number;
  readonly seq: number;
  readonly headSeq: number;
  /** Sealed segments, while they are checked. */
  readonly segments?: { readonly checked: number; readonly segments: number } | undefined;
}

const said = ({ shard, seq, headSeq, segments }: ShardProgress): string =>
  segments === undefined
    ? `shard ${shard}: block ${seq} of ${headSeq}`
    : `shard ${shard}: segment ${segments.checked} of ${segments.segments}`;

/**
 * A listener that shows progress: on a terminal one line that changes, elsewhere a line now and
 * then, nothing at all where the work is done before the first is due.
 */
export function progressShown(what: string): { tell(progress: ShardProgress): void; end(): void } {
  const shards = new Map<number, ShardProgress>();
  const line = () =>
    [...shards.values()]
      .sort((a, b) => a.shard - b.shard)
      .map(said)
      .join(', ');
  const shown = lineShown(what);
  return {
    tell(progress) {
      shards.set(progress.shard, progress);
      shown.tell(line);
    },
    end: () => shown.end(),
  };
}

/** The same, of work that says in words how far it is. */
export function lineShown(what: string): { tell(line: () => string): void; end(): void } {
  const { stderr } = process;
  const interval = stderr.isTTY ? TERMINAL_INTERVAL_MS : FILE_INTERVAL_MS;
  let last = Date.now();
  let shown = false;
  return {
    tell(line) {
      if (Date.now() - last < interval) return;
      last = Date.now();
      if (stderr.isTTY) {
        const text = `${what}: ${line()}`.slice(0, Math.max(20, (stderr.columns ?? 80) - 1));
        stderr.write(`\r\x1b[K${text}`);
      } else stderr.write(`${what}: ${line()}\n`);
      shown = true;
    },
    end() {
      if (shown && stderr.isTTY) stderr.write('\r\x1b[K');
      shown = false;
    },
  };
}
