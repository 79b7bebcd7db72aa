// The state of one shard made anew, in the reading process. Owns: that replay and its checkpoint. Never touches: the state
// that is there (see rebuild.ts).

import { Ledger } from '../ledger/ledger.js';
import { Draft } from '../protocol/draft.js';
import { Blocks } from '../shard/blocks.js';
import { Checkpoint } from '../shard/checkpoint.js';
import { checkTail, recover } from '../shard/recovery.js';
import { readCleanStop, shardLogPath } from '../store/folder.js';
import { Log } from '../store/log.js';
import { StateStore } from '../store/state.js';
import type { Places } from '../transfer/open/places.js';

/** Replays the log from its first block into a new state environment. Answers the last block and its hash in hex. */
export async function rebuildShard(
  folder: string,
  places: Places,
  to: string,
  cacheBytes: number,
  onProgress: (seq: number) => void,
): Promise<{ readonly seq: number; readonly hash: string }> {
  const { shard } = places;
  const log = Log.open(shardLogPath(folder, shard));
  const store = StateStore.open(to);
  try {
    const blocks = new Blocks(log);
    const checkpoint = Checkpoint.open(store, blocks, cacheBytes, places);
    checkTail(shard, readCleanStop(folder, shard), log, blocks, checkpoint.head);
    const draft = new Draft();
    blocks.setDraft(draft);
    const ledger = new Ledger(checkpoint.state, draft);
    const { head } = await recover(shard, { log, blocks, checkpoint, ledger, draft }, onProgress);
    if (head.seq > checkpoint.head.seq) await checkpoint.write(head, Promise.resolve(), true);
    return { seq: head.seq, hash: Buffer.from(head.hash).toString('hex') };
  } finally {
    await log.close();
    await store.close();
  }
}
