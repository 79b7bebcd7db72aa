// The thread that recomputes accounts in turn. Owns: its beginning and its end, its pace, where it is on disk. Never touches: what is recomputed.
//   recount.P1. It takes so many entries a second, and yields to the ledger's threads where the system lets one thread do so (Linux).

import { mkdirSync } from 'node:fs';
import { setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { RECOUNT_KEEP_MS } from '../limits.js';
import { shardLogPath } from '../store/folder.js';
import { Log } from '../store/log.js';
import { readRecord, writeRecord } from '../store/record.js';
import type { Account, Asked, Said, ThreadData, Told } from './messages.js';
import { type Standing, Turns } from './turns.js';

const NICE = 10;
if (process.platform === 'linux') setPriority(NICE);

const { folder, shards, rate, pauseMs, clockOffset } = workerData as ThreadData;
const offset = new Float64Array(clockOffset ?? new ArrayBuffer(8));
const path = join(folder, 'projections', 'recount.json');
const say = (said: Said): void => parentPort?.postMessage(said);

function kept(): Standing | undefined {
  try {
    return JSON.parse(readRecord(path) ?? 'null') ?? undefined;
  } catch {
    // What cannot be read costs a turn that begins anew.
    return undefined;
  }
}

const open = (shard: number): [number, Log] => [
  shard,
  Log.open(shardLogPath(folder, shard), { readOnly: true }),
];
const logs = new Map(shards.map(open));
const waiting = new Map<number, (answers: readonly (Told | null | false)[]) => void>();
let lastId = 0;
let waking = new AbortController();
let isClosing = false;

const turns = new Turns({
  logs,
  ask: (accounts: readonly Account[]) =>
    new Promise((resolve) => {
      if (isClosing) return resolve(accounts.map(() => null));
      const id = ++lastId;
      waiting.set(id, resolve);
      say({ type: 'ask', id, accounts });
    }),
  looked: (account, problems) => say({ type: 'looked', account, problems }),
  rest: async (ms) => {
    waking = new AbortController();
    if (isClosing || turns.hasSuspects) return;
    await sleep(ms, undefined, { signal: waking.signal }).catch(() => undefined);
  },
  now: () => Date.now() + Math.round(offset[0] as number),
  standing: kept(),
});

let keptAt = 0;
let told = '';

/** Tells where it is, and keeps it, now and then. */
function note(isLast: boolean): void {
  const { figures } = turns;
  const text = JSON.stringify(figures);
  if (text !== told) say({ type: 'figures', figures });
  told = text;
  const now = performance.now();
  if (!isLast && now - keptAt < RECOUNT_KEEP_MS) return;
  keptAt = now;
  mkdirSync(dirname(path), { recursive: true });
  writeRecord(path, JSON.stringify(turns.standing));
}

/** Below that it goes on without a rest. */
const REST_MS = 20;

async function run(): Promise<void> {
  let mayGoOnAt = performance.now();
  let notedAt = 0;
  let ended = 0;
  for await (const cost of turns.run(pauseMs)) {
    const now = performance.now();
    mayGoOnAt = Math.max(mayGoOnAt, now - REST_MS) + (cost / rate) * 1_000;
    const { last } = turns.standing;
    if (now - notedAt > 1_000 || last?.ended !== ended) {
      notedAt = now;
      ended = last?.ended ?? 0;
      note(false);
    }
    if (mayGoOnAt - now > REST_MS && !isClosing) await sleep(mayGoOnAt - now);
  }
  note(true);
  for (const log of logs.values()) await log.close();
  parentPort?.close();
}

parentPort?.on('message', (asked: Asked) => {
  if (asked.type === 'answers') {
    waiting.get(asked.id)?.(asked.answers);
    waiting.delete(asked.id);
    return;
  }
  if (asked.type === 'suspects') turns.suspect(asked.accounts);
  else {
    isClosing = true;
    turns.close();
    for (const resolve of waiting.values()) resolve([]);
    waiting.clear();
  }
  waking.abort();
});

void run();
