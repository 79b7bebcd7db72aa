// Copying a log: its segments as files, the rest block by block. Owns: that a copy holds verified blocks only, up to the one asked for.
// Never touches: the log it reads.

import { dirname } from 'node:path';
import { Log } from '../store/log.js';
import { copySegments } from '../store/segment/copy.js';
import { segmentsPath } from '../store/segment/manifest.js';
import { verifiedBlock } from '../store/verified-block.js';

/** Bytes of blocks in one transaction of the copy. */
const STEP_BYTES = 16 * 1024 * 1024;
/** Blocks in one. */
const STEP_BLOCKS = 4_096;

/** Copies the blocks of a log up to seq into a new one, durably. Answers the hash of the last one in hex; of none, ''. */
export async function copyLog(
  log: Log,
  to: string,
  seq: number,
  onProgress: (seq: number) => void = () => {},
): Promise<string> {
  const copy = Log.open(to);
  let hash = '';
  try {
    log.segments.refresh();
    // The last block is in the tail of every log.
    const sealed = log.segments.entries.filter(({ last }) => last < seq);
    await copySegments(log.segments.folder, segmentsPath(dirname(to)), sealed, onProgress);
    for (let next = (sealed.at(-1)?.last ?? 0) + 1; next <= seq; ) {
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
