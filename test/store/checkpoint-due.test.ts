// A shard that is killed again and again before its checkpoint is due must come to one all the same: else each start
// replays more than the one before.

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type Engine, open } from '../../engine/index.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';

const CHECKPOINT_BYTES = 256 * 1024;

async function write(engine: Engine, bytes: number, life: string): Promise<void> {
  const asset = { type: 'define-asset', asset: 'points', scale: 0, lotTracked: false } as const;
  await engine.submit(asset);
  const logBytes = async () => (await engine.stats()).shards[0]?.logBytes ?? 0;
  const end = (await logBytes()) + bytes;
  for (let n = 0; (await logBytes()) < end; n++) {
    const legs = [{ from: '@issue', to: 'ann', asset: 'points', amount: 1 }];
    const batch = Array.from({ length: 20 }, (_, i) => {
      return { type: 'transfer', id: `${life}-${n}-${i}`, legs } as const;
    });
    for (const outcome of await engine.submitBatch(batch)) t.ok(outcome.ok);
  }
}

t.test('what was replayed counts towards the next checkpoint', async (t) => {
  const root = temporaryFolder(t);
  const options = { shards: 1, checkpointBytes: CHECKPOINT_BYTES } as const;
  const before = join(root, 'before');
  const after = join(root, 'after');
  const first = await open({ folder: before, ...options });
  await write(first, CHECKPOINT_BYTES * 0.7, 'first');
  t.equal((await first.stats()).shards[0]?.checkpointSeq, 0, 'none is due in the first life');
  // As a SIGKILL leaves it: everything is durable, nothing was closed.
  cpSync(before, after, { recursive: true, filter: (path) => path !== join(before, 'lock') });
  await first.close();
  const second = await open({ folder: after, ...options });
  t.teardown(() => second.close());
  await write(second, CHECKPOINT_BYTES * 0.5, 'second');
  const seq = async () => (await second.stats()).shards[0]?.checkpointSeq ?? 0;
  await until('one is written in the second', async () => (await seq()) > 0);
});
