// One page of a stored checkpoint, in the reading process. Owns: that root, directory and page are of one moment, also while
// a server writes. Never touches: what is in them.

import { NO_SOURCE, Pages } from '../ledger/pages.js';
import { DIRECTORY_BUCKETS, decodeRoot, directoryKey, pageKey } from '../shard/checkpoint.js';
import { StateStore } from '../store/state.js';
import type { StoredPage } from './tasks.js';

/** The page of an owner hash; undefined: there is no checkpoint yet. */
export async function storedPage(path: string, hash: number): Promise<StoredPage | undefined> {
  const store = StateStore.open(path, { readOnly: true });
  try {
    // All in one event turn: one view of the environment.
    return find(store, hash);
  } finally {
    await store.close();
  }
}

function find(store: StateStore, hash: number): StoredPage | undefined {
  const bytes = store.readRoot();
  if (bytes === undefined) return undefined;
  const root = decodeRoot(bytes);
  const { buckets } = root.shape;
  const bucket = new Pages(NO_SOURCE, root.shape).bucketOf(hash);
  const chunk = Math.floor(bucket / DIRECTORY_BUCKETS);
  const directory = store.readChunk(directoryKey(chunk, root.directory[chunk] as number));
  const count = Math.min(DIRECTORY_BUCKETS, buckets - chunk * DIRECTORY_BUCKETS);
  const side = directory?.[count * 8 + (bucket % DIRECTORY_BUCKETS)] ?? 0;
  return { root: bytes, page: side === 0 ? undefined : store.readPage(pageKey(bucket, side - 1)) };
}
