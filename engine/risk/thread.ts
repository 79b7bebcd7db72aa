// The thread that looks for risks in the logs. Owns: its beginning and its end, which block is next, when what was found is told. Never touches: what a
// block says, acts.
//   engine-risk.T1. It reads durable blocks only, as LMDB shows them to other threads (trail.T3): shards know nothing of it and wait for nothing.
//   engine-risk.T2. What it keeps is in memory. It begins so far back that all windows are full, and asks for marks from where it had come to.
//   engine-risk.T3. It goes on when what it has found is marked: behind a ledger that takes no acts it waits.

import { setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import {
  RISK_LOOK_MS,
  RISK_PAIRS_MAX,
  RISK_PAIRS_PAGE,
  RISK_SAVE_MS,
  RISK_STEP_BYTES,
} from '../limits.js';
import { BlockView } from '../protocol/block.js';
import { shardLogPath } from '../store/folder.js';
import { Log } from '../store/log.js';
import { AuditKeys } from '../trail/keys.js';
import { blockAt, whereOf } from './groups.js';
import type { Asked, NodeAnswer, NodeQuestion, RiskFigures, ThreadData, Told } from './messages.js';
import { RING } from './panes.js';
import { evidenceKeyIn, placesIn, savePlaces } from './place.js';
import { Ring } from './ring.js';
import { Sightings } from './sightings.js';
import { type Counted, type Pair, Watch } from './watch.js';

/** As the thread of projections: a tenth of the time that another one gets where there is too little for all. */
const NICE = 10;
if (process.platform === 'linux') setPriority(NICE);

const { folder, shards, slotMap, auditDays, clockOffset, node, nodes } = workerData as ThreadData;
const offset = clockOffset && new Float64Array(clockOffset);
const keys = new AuditKeys(folder, auditDays, () => Date.now() + (offset?.[0] ?? 0));
const logs = new Map(
  shards.map((shard) => [shard, Log.open(shardLogPath(folder, shard), { readOnly: true })]),
);
const began = Date.now();
const pairs = new Ring<Pair>(RISK_PAIRS_MAX);
const counts = new Ring<Counted>(RISK_PAIRS_MAX);
/** The last block of each shard that was looked at, and up to which marks were asked for. */
const looked = new Map<number, number>();
const asked = new Map<number, number>();
let watch: Watch | undefined;
let isWaiting = false;
let turn = 0;
let savedAt = 0;
/** Is there something that is not written down? */
let isUnsaved = false;
let timer: NodeJS.Timeout | undefined;

const tell = (told: Told): void => parentPort?.postMessage(told);
const headOf = (shard: number): number => logs.get(shard)?.headSeq() ?? 0;

function blockOf(shard: number, seq: number): BlockView | undefined {
  const bytes = logs.get(shard)?.read(seq);
  return bytes && new BlockView(bytes);
}

const sightings = new Sightings({
  slotMap,
  open: (sealed) => keys.open(sealed),
  onAsset: (number, code) => watch?.asset(number, code),
});

/** Takes what a block says, the next one of its shard. */
function take(of: Watch, block: BlockView): void {
  const { shard, seq, time } = block.header;
  const where = whereOf(shard, seq);
  const isPast = seq <= (asked.get(shard) ?? 0);
  sightings.of(block, (sighting) => of.see({ ...sighting, time, where }, isPast));
}

/** The first block of a shard from a time on. */
function firstSince(shard: number, time: number): number {
  let [low, high] = [1, headOf(shard) + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((blockOf(shard, middle)?.header.time ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Of the last block that there is; 0: there is none. */
const lastTime = (): number =>
  Math.max(0, ...shards.map((shard) => blockOf(shard, headOf(shard))?.header.time ?? 0));

function define({ definitions, assets }: Extract<Asked, { type: 'rules' }>): void {
  const time = lastTime();
  if (watch?.define(definitions, time) === true) return;
  const made = new Watch({
    ...{ definitions, assets, from: time },
    again: (where, look) => {
      const block = blockOf(...blockAt(where));
      if (block !== undefined) sightings.of(block, look);
    },
    evidenceKey: evidenceKeyIn(folder),
    // A set is counted by one node.
    onPair: nodes === 1 ? undefined : (pair) => isElsewhere(pair[1]) && pairs.push(pair),
    onCounted:
      nodes === 1 ? undefined : (counted) => !isElsewhere(counted[1]) && counts.push(counted),
  });
  watch = made;
  const from = time - made.windowMs * (1 + 1 / (RING - 1));
  for (const shard of shards) looked.set(shard, firstSince(shard, from) - 1);
}

const isElsewhere = (key: number): boolean => key % nodes !== node;

/** Takes some of what there is; true: there is more. */
function step(of: Watch): boolean {
  let bytes = 0;
  turn++;
  for (let i = 0; i < shards.length; i++) {
    const shard = shards[(i + turn) % shards.length] as number;
    const head = headOf(shard);
    let seq = looked.get(shard) ?? head;
    for (; seq < head; seq++) {
      if (bytes >= RISK_STEP_BYTES) return true;
      const block = blockOf(shard, seq + 1);
      if (block === undefined) throw new Error(`shard ${shard}: block ${seq + 1} is missing`);
      take(of, block);
      bytes += block.bytes.length;
      looked.set(shard, seq + 1);
    }
  }
  return false;
}

function marked(): void {
  for (const [shard, seq] of looked) {
    if (seq <= (asked.get(shard) ?? 0)) continue;
    asked.set(shard, seq);
    isUnsaved = true;
  }
  if (!isUnsaved || Date.now() - savedAt < RISK_SAVE_MS) return;
  savedAt = Date.now();
  isUnsaved = false;
  savePlaces(folder, asked);
}

function look(): void {
  let isBehind = false;
  if (watch?.isEmpty === false && !isWaiting) {
    isBehind = step(watch);
    const found = watch.found();
    if (found.length > 0) {
      isWaiting = true;
      tell({ type: 'found', found });
    } else marked();
  }
  timer = setTimeout(look, isBehind && !isWaiting ? 0 : RISK_LOOK_MS);
}

function heard({ pairs: said, counted }: NodeAnswer): void {
  for (const pair of said) watch?.pair(pair);
  for (const one of counted) watch?.counted(one);
}

function answerTo(question: NodeQuestion): NodeAnswer {
  const isKnown = question.began === began;
  const isOf = ([, key]: Pair): boolean => key % nodes === question.node;
  const some = pairs.from(isKnown ? question.pairs : 0, RISK_PAIRS_PAGE, isOf);
  const all = counts.from(isKnown ? question.counted : 0, RISK_PAIRS_PAGE, () => true);
  return {
    ...{ began, pairs: some.found, pairsNext: some.next },
    ...{ counted: all.found, countedNext: all.next },
  };
}

function figures(): Omit<RiskFigures, 'found'> {
  let lagBlocks = 0;
  for (const shard of shards)
    lagBlocks += Math.max(0, headOf(shard) - (looked.get(shard) ?? headOf(shard)));
  return {
    lagBlocks,
    isWarming: shards.some((shard) => (looked.get(shard) ?? 0) < (asked.get(shard) ?? 0)),
    signals: watch?.signals ?? 0,
    leftOut: watch?.leftOut ?? [],
    bytes: watch?.bytes ?? 0,
    sets: watch?.sets ?? 0,
    forgotten: watch?.forgotten ?? 0,
  };
}

async function close(): Promise<void> {
  clearTimeout(timer);
  if (!isWaiting && watch !== undefined) savePlaces(folder, asked);
  for (const log of logs.values()) await log.close();
  parentPort?.close();
}

const written = placesIn(folder);
for (const shard of shards) {
  const head = headOf(shard);
  asked.set(shard, Math.min(head, written.get(shard) ?? head));
}
savePlaces(folder, asked);
parentPort?.on('message', (message: Asked) => {
  switch (message.type) {
    case 'rules':
      return define(message);
    case 'marked':
      isWaiting = false;
      return marked();
    case 'heard':
      return heard(message.answer);
    case 'tell':
      return tell({ type: 'answer', id: message.id, answer: answerTo(message.question) });
    case 'figures':
      return tell({ type: 'answer', id: message.id, answer: figures() });
    case 'close':
      return close();
  }
});
look();
