// The entry of the reader thread: walks over the immutable log, so that no actor waits for them.
// Owns: its own views of the logs. Never touches: state; nothing that is not durable yet.

import { shardLogPath } from '../store/folder.js';
import { Log } from '../store/log.js';
import { verifiedBlock } from '../store/verified-block.js';
import { AuditKeys } from '../trail/keys.js';
import { type AuditStretch, readAudit } from '../trail/page.js';
import { Blocks } from './blocks.js';
import { type PageRead, readHistory } from './history.js';
import { copyLog } from './log-copy.js';
import type { ReaderTask } from './messages.js';
import { pastEntry } from './past.js';

type AuditTask = Extract<ReaderTask, { type: 'audit' }>;

/** Copies under way, which end before their logs are closed. */
const copies = new Set<Promise<string>>();
let isClosing = false;
const logs = new Map<string, { readonly log: Log; readonly blocks: Blocks }>();

function open(folder: string, shard: number): { readonly log: Log; readonly blocks: Blocks } {
  const path = shardLogPath(folder, shard);
  let known = logs.get(path);
  if (known === undefined) {
    const log = Log.open(path, { readOnly: true });
    known = { log, blocks: new Blocks(log) };
    logs.set(path, known);
  }
  return known;
}

/** Durable blocks [from, to], as many as fit into about 4 MiB. */
function range(log: Log, from: number, to: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  let bytes = 0;
  for (let seq = from; seq <= to && bytes < 4 * 1024 * 1024; seq++) {
    const block = log.read(seq);
    if (block === undefined) break;
    verifiedBlock(block, seq);
    found.push(block);
    bytes += block.length;
  }
  return found;
}

let auditKeys: AuditKeys | undefined;

/** The keys of the folder: this thread reads of one ledger. */
function keysOf({ folder, auditDays, clockOffset }: AuditTask): AuditKeys {
  const offset = new Float64Array(clockOffset ?? new ArrayBuffer(8));
  auditKeys ??= new AuditKeys(folder, auditDays, () => Date.now() + Math.round(offset[0] ?? 0));
  return auditKeys;
}

function audit(task: AuditTask, log: Log, blocks: Blocks): AuditStretch {
  const keys = keysOf(task);
  const { before } = task.read;
  const head = { seq: log.headSeq() + 1, index: 0 };
  const read = { ...task.read, before: before.seq > head.seq ? head : before };
  return readAudit(
    { block: (seq) => blocks.block(seq), open: (sealed) => keys.open(sealed) },
    read,
  );
}

async function copy(log: Log, to: string, seq: number): Promise<string> {
  const copied = copyLog(log, to, seq, () => {
    if (isClosing) throw new Error('the ledger is closing');
  });
  copies.add(copied);
  return copied.finally(() => copies.delete(copied));
}

/** One task of the reader thread. */
export default async function run(
  task: ReaderTask,
): Promise<
  PageRead | ReturnType<typeof pastEntry> | AuditStretch | Uint8Array[] | string | undefined
> {
  if (task.type === 'close') {
    isClosing = true;
    await Promise.allSettled(copies);
    for (const { log } of logs.values()) await log.close();
    logs.clear();
    isClosing = false;
    return undefined;
  }
  if (isClosing) throw new Error('the ledger is closing');
  const { log, blocks } = open(task.folder, task.shard);
  switch (task.type) {
    case 'history':
      return readHistory((seq) => blocks.block(seq), task.read);
    case 'at-time':
      return pastEntry((seq) => blocks.block(seq), task.read);
    case 'blocks':
      return range(log, task.from, task.to);
    case 'audit':
      return audit(task, log, blocks);
    case 'copy-log':
      return copy(log, task.to, task.seq);
  }
}
