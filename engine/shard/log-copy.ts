// Copying a log block by block. Owns: that a copy holds verified blocks only, up to the one asked for.
// Never touches: the log it reads.

import { Log } from '../store/log.js';
import { verifiedBlock } from '../store/verified-block.js';

/** Bytes of blocks in one transaction of the copy. */
const STEP_BYTES = 16 * 1024 * 1024;
/** Blocks in one. */
const STEP_BLOCKS = 4_096;

/** Copies blocks 1..seq into a new log, durably. Answers the hash of the last one in hex; of none, ''. */
export async function copyLog(
  log: Log,
  to: string,
  seq: number,
  onProgress: (seq: number) => void = () => {},
): Promise<string> {
  const copy = Log.open(to);
  let hash = '';
  try {
    for (let next = 1; next <= seq; ) {
      const first = next;
      const blocks: Uint8Array[] = [];
      let bytes = 0;
      for (; next <= seq && bytes < STEP_BYTES && blocks.length < STEP_BLOCKS; next++) {
        const block = log.read(next);
        if (block === undefined) throw new Error(`block ${next} is missing`);
        const view = verifiedBlock(block, next);
        if (next === seq) hash = Buffer.from(view.hash).toString('hex');
        bytes += block.length;
        blocks.push(block);
      }
      await copy.appendAll(first, blocks);
      onProgress(next - 1);
    }
  } finally {
    await copy.close();
  }
  return hash;
}
