// The state of a shard that nobody serves, as its checkpoint has it, with all that replays the log behind that. Owns: how the two are put together, and that they
// belong together. Never touches: the environments, which the caller opens and closes.

import { Ledger } from '../ledger/ledger.js';
import { Draft } from '../protocol/draft.js';
import { readCleanStop } from '../store/folder.js';
import type { Log } from '../store/log.js';
import type { StateStore } from '../store/state.js';
import type { Places } from '../transfer/open/places.js';
import { Blocks } from './blocks.js';
import { Checkpoint } from './checkpoint.js';
import { checkTail, type Replaying } from './recovery.js';

/** Throws CorruptionError and LostTailError. `folder`: where the clean stop is. */
export function unserved(
  folder: string,
  places: Places,
  log: Log,
  store: StateStore,
  cacheBytes: number,
): Replaying {
  const { shard } = places;
  const blocks = new Blocks(log);
  const checkpoint = Checkpoint.open(store, blocks, cacheBytes, places);
  checkTail(shard, readCleanStop(folder, shard), log, blocks, checkpoint.head);
  const draft = new Draft();
  blocks.setDraft(draft);
  return { blocks, checkpoint, ledger: new Ledger(checkpoint.state, draft), draft };
}
