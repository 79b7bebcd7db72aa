// Recovery: from the last checkpoint and the log to the state as it was. Owns: what is checked before a shard answers.
//   shard.V1. The log must contain the checkpoint's block, and everything that a clean stop recorded.
//   shard.V2. Every block after the checkpoint is applied, by the rules that it was written by, and must give the effects it records.
//   shard.V3. The last block is written and synced once more before anything is answered, and before a checkpoint names it:
//       what was read may never have been synced.

import type { Ledger } from '../ledger/ledger.js';
import { RulesGoneError, replayBlock } from '../ledger/memory.js';
import type { State } from '../ledger/state.js';
import { APPLY_VERSION, type BlockView } from '../protocol/block.js';
import type { Draft } from '../protocol/draft.js';
import { CorruptionError } from '../store/errors.js';
import type { CleanStop } from '../store/folder.js';
import { withoutRules } from '../transfer/carried.js';
import type { Blocks } from './blocks.js';
import type { Checkpoint, Head } from './checkpoint.js';
import { crashPoint } from './crash-points.js';
import type { BlockLog } from './machine.js';

/** Blocks after which a recovery says how far it is. */
const PROGRESS_BLOCKS = 200;

/** A log that ends before a block that was acknowledged, or contradicts it. */
export class LostTailError extends Error {
  constructor(shard: number, what: string) {
    super(
      `shard ${shard}: ${what}. Acknowledged blocks are missing: restore the log, do not go on with this folder.`,
    );
    this.name = 'LostTailError';
  }
}

/** Is the log as long as the clean stop and the checkpoint say? */
export function checkTail(
  shard: number,
  stop: CleanStop | undefined,
  log: BlockLog,
  blocks: Blocks,
  checkpoint: Head,
): void {
  const head = log.headSeq();
  const marks: { readonly what: string; readonly seq: number; readonly hash: string }[] = [];
  if (stop !== undefined) marks.push({ what: 'the clean stop', seq: stop.seq, hash: stop.hash });
  if (checkpoint.seq > 0) {
    marks.push({
      what: 'the checkpoint',
      seq: checkpoint.seq,
      hash: Buffer.from(checkpoint.hash).toString('hex'),
    });
  }
  for (const { what, seq, hash } of marks) {
    if (seq === 0) continue;
    if (head < seq)
      throw new LostTailError(
        shard,
        `the log ends at block ${head}, but ${what} names block ${seq}`,
      );
    if (Buffer.from(blocks.block(seq).hash).toString('hex') !== hash) {
      throw new LostTailError(shard, `block ${seq} of the log is not the one that ${what} names`);
    }
  }
}

/** Does a block follow the one before it? */
export function checkChain(block: BlockView, shard: number, before: Head): void {
  const { header, previousHash, applyVersion } = block;
  const key = `block ${header.seq}`;
  if (header.shard !== shard)
    throw new CorruptionError('log', key, `belongs to shard ${header.shard}`);
  if (Buffer.compare(previousHash, before.hash) !== 0) {
    throw new CorruptionError(
      'log',
      key,
      `does not follow block ${before.seq}: the hash chain is broken`,
    );
  }
  if (header.time < before.time)
    throw new CorruptionError('log', key, 'its time is before that of the block before it');
  if (applyVersion < 1 || applyVersion > APPLY_VERSION) {
    throw new CorruptionError(
      'log',
      key,
      `was written by rules of version ${applyVersion}, and this release has ${APPLY_VERSION}: start the newer release`,
    );
  }
}

/** What is open will be carried out yet: by rules that this release has? */
function checkOpen({ transits, followUps }: State): void {
  for (const { id, transfer } of transits.all()) {
    const gone = withoutRules(transfer, 0);
    if (gone !== undefined) throw new RulesGoneError(`open transfer ${id}`, gone);
  }
  for (const { id, command } of followUps.all()) {
    const gone = withoutRules(command, 0);
    if (gone !== undefined) throw new RulesGoneError(`follow-up ${id}`, gone);
  }
}

export interface Recovered {
  readonly head: Head;
  /** How often the folder was opened, this time included. */
  readonly epoch: number;
  /** Bytes of the blocks after the last checkpoint. */
  readonly tailBytes: number;
}

/** What is replayed, and into what. */
export interface Replaying {
  readonly blocks: Blocks;
  readonly checkpoint: Checkpoint;
  readonly ledger: Ledger;
  readonly draft: Draft;
}

/** Applies the blocks behind `from` up to `headSeq`. Answers the last one, and the bytes of those that no checkpoint has taken in. */
export async function replay(
  shard: number,
  { blocks, checkpoint, ledger, draft }: Replaying,
  from: Head,
  headSeq: number,
  onProgress: (seq: number, headSeq: number) => void = () => {},
): Promise<{ readonly head: Head; readonly tailBytes: number }> {
  let head = from;
  let tailBytes = 0;
  ledger.isReplaying = true;
  for (let seq = head.seq + 1; seq <= headSeq; seq++) {
    const block = blocks.block(seq);
    checkChain(block, shard, head);
    draft.open(seq, block.header.time, block.applyVersion);
    ledger.openBlock(draft);
    try {
      replayBlock(ledger, block);
      // What it sent was sent then; what is open is asked for again.
      ledger.outbox.length = 0;
    } catch (error) {
      if (error instanceof RulesGoneError) throw error;
      throw new CorruptionError('log', `block ${seq}`, (error as Error).message);
    }
    head = { seq, hash: block.hash.slice(), time: block.header.time };
    crashPoint('recovery-replay');
    tailBytes += block.bytes.length;
    if (checkpoint.isWanted) {
      await checkpoint.write(head, Promise.resolve(), true);
      tailBytes = 0;
    }
    checkpoint.evict();
    if (seq % PROGRESS_BLOCKS === 0) onProgress(seq, headSeq);
  }
  ledger.isReplaying = false;
  return { head, tailBytes };
}

/** Brings the state from the checkpoint up to the end of the log. */
export async function recover(
  shard: number,
  parts: Replaying & { readonly log: BlockLog },
  onProgress: (seq: number, headSeq: number) => void,
): Promise<Recovered> {
  const { log, blocks, checkpoint } = parts;
  crashPoint('recovery-open');
  checkOpen(checkpoint.state);
  const headSeq = log.headSeq();
  let epoch = log.epoch ?? 1;
  if (headSeq > 0) {
    crashPoint('recovery-before-rewrite');
    const last = blocks.block(headSeq);
    await log.append(headSeq, last.bytes);
    crashPoint('recovery-after-rewrite');
    epoch = log.epoch ?? last.header.epoch + 1;
  }
  const { head, tailBytes } = await replay(shard, parts, checkpoint.head, headSeq, onProgress);
  if (headSeq > 0) onProgress(headSeq, headSeq);
  return { head, epoch, tailBytes };
}
