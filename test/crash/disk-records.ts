// The trace's binary records (their layout is in shim.c) as operations. Owns: nothing else.

const HEADER = 32;

/** One recorded operation. `file` numbers an open descriptor, `path` is its name when opened. */
export type DiskOp =
  | { kind: 'open'; file: number; path: string; truncates: boolean; directory: boolean }
  | {
      kind: 'write';
      file: number;
      path: string;
      offset: number;
      bytes: Buffer;
      synchronous: boolean;
      call: string;
    }
  | { kind: 'write-end'; file: number; path: string; call: string; errno: number }
  | { kind: 'sync'; file: number; path: string; call: string }
  | { kind: 'sync-end'; file: number; path: string; call: string; errno: number }
  | { kind: 'truncate'; file: number; path: string; length: number }
  | { kind: 'rename'; from: string; to: string }
  | { kind: 'unlink'; path: string }
  | { kind: 'ack'; bytes: Buffer };

/** A record cut short at the end, as a killed process leaves it, is left out. */
export function parseRecords(recorded: Buffer): DiskOp[] {
  const ops: DiskOp[] = [];
  const files = new Map<string, { file: number; path: string }>();
  const unopened = { file: -1, path: '' };
  for (let at = 0; at + HEADER <= recorded.length; ) {
    const kind = recorded.readUInt8(at);
    const flags = recorded.readUInt8(at + 1);
    const extra = recorded.readUInt16LE(at + 2);
    const pid = recorded.readUInt32LE(at + 4);
    const handle = `${pid}:${recorded.readUInt32LE(at + 8)}`;
    const call = `${pid}:${recorded.readUInt32LE(at + 12)}`;
    const offset = Number(recorded.readBigUInt64LE(at + 16));
    const length = Number(recorded.readBigUInt64LE(at + 24));
    const bytes = recorded.subarray(at + HEADER, at + HEADER + length);
    if (bytes.length < length) break; // the process was killed while it wrote this record
    at += HEADER + length;
    const { file, path } = files.get(handle) ?? unopened;
    switch (kind) {
      case 1: {
        const opened = { file: files.size, path: bytes.toString() };
        files.set(handle, opened);
        ops.push({
          kind: 'open',
          ...opened,
          truncates: (flags & 1) !== 0,
          directory: (flags & 4) !== 0,
        });
        break;
      }
      case 2:
        ops.push({
          kind: 'write',
          file,
          path,
          offset,
          bytes,
          synchronous: (flags & 2) !== 0,
          call,
        });
        break;
      case 3:
        ops.push({ kind: 'write-end', file, path, call, errno: extra });
        break;
      case 4:
        ops.push({ kind: 'sync', file, path, call });
        break;
      case 5:
        ops.push({ kind: 'sync-end', file, path, call, errno: extra });
        break;
      case 6:
        ops.push({ kind: 'truncate', file, path, length: offset });
        break;
      case 7:
        ops.push({
          kind: 'rename',
          from: bytes.toString('utf8', 0, extra),
          to: bytes.toString('utf8', extra),
        });
        break;
      case 8:
        ops.push({ kind: 'unlink', path: bytes.toString() });
        break;
      case 9:
        ops.push({ kind: 'ack', bytes });
        break;
      default:
        throw new Error(`not a trace of the disk shim: kind ${kind} at byte ${at}`);
    }
  }
  return ops;
}
