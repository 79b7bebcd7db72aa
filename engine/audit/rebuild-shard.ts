// The state of one shard made anew, in the reading process. Owns: that replay and its checkpoint. Never touches: the state
// that is there (see rebuild.ts).

import { recover } from '../shard/recovery.js';
import { unserved } from '../shard/unserved.js';
import { shardLogPath } from '../store/folder.js';
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
    const replaying = unserved(folder, places, log, store, cacheBytes);
    const { checkpoint } = replaying;
    const { head } = await recover(shard, { log, ...replaying }, onProgress);
    if (head.seq > checkpoint.head.seq) await checkpoint.write(head, Promise.resolve(), true);
    return { seq: head.seq, hash: Buffer.from(head.hash).toString('hex') };
  } finally {
    await log.close();
    await store.close();
  }
}
