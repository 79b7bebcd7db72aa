// More ids than the memory for them: the replay and the check of ids go by way of their scratch files.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { IdSet } from '../../engine/audit/id-set.js';
import { LogCheck } from '../../engine/audit/log-check.js';
import { LogWalk } from '../../engine/audit/log-walk.js';
import { Reader } from '../../engine/audit/reader.js';
import { checkState, readRoot } from '../../engine/audit/state-check.js';
import type { Command } from '../../engine/protocol/commands.js';
import { openFolder, shardLogPath, shardStatePath } from '../../engine/store/folder.js';
import { temporaryFolder } from '../temporary.js';
import { openActor, submit } from './maker.js';

const BATCHES = 12;
const BATCH = 1_500;

function earn(batch: number): Command[] {
  return Array.from({ length: BATCH }, (_, n) => ({
    type: 'transfer',
    id: `t-${batch}-${n}`,
    legs: [{ from: '@issue', to: `user-${n % 300}`, asset: 'gold', amount: 2 }],
  }));
}

t.test('many ids in little memory', async (t) => {
  const home = temporaryFolder(t);
  const folder = join(home, 'folder');
  openFolder(folder, { shards: 1, create: true, lock: false });
  const actor = await openActor(folder);
  await submit(actor, [{ type: 'define-asset', asset: 'gold', scale: 0 }]);
  for (let batch = 0; batch < BATCHES; batch++) {
    await submit(actor, earn(batch));
    if (batch % 4 === 3) await actor.checkpointNow();
  }
  // These lead back to the oldest ids.
  const reversals = Array.from({ length: 50 }, (_, n): Command => {
    return { type: 'reverse', id: `r-${n}`, owner: `user-${n}`, transferId: `t-0-${n}` };
  });
  await submit(actor, [...reversals, ...earn(0)]);
  await actor.close();

  const [logs, states] = [new Reader(), new Reader()];
  t.teardown(() => Promise.all([logs.end(), states.end()]));
  const ids = new IdSet(join(home, 'ids'), 4_000);
  const { slotMap } = openFolder(folder, { create: false, lock: false });
  const check = new LogCheck({ shard: 0, slotMap }, ids);
  const scratch = join(home, 'twin');
  const walk = new LogWalk(logs, shardLogPath(folder, 0), check, {
    shard: 0,
    shards: 1,
    slotMap,
    scratch,
    cacheBytes: 100_000,
  });
  const faults: string[] = [];
  const head = await walk.open(faults);
  t.same(faults, []);
  t.equal(await walk.to(head, () => {}), undefined);
  await logs.run('twin', {});
  t.ok(existsSync(scratch), 'the replay has put ids out of memory');
  t.ok(existsSync(join(home, 'ids')), 'so has the check');
  t.same(await walk.end(), []);
  t.equal(ids.count, BATCHES * BATCH + 2 * reversals.length);

  const { root } = await states.run('open-state', { path: shardStatePath(folder, 0) });
  const stored = readRoot(root!);
  await checkState(states, stored, check.head, check.books, ids, join(home, 'state-ids'));
  ids.add(1, 2, 3, 4);
  await t.rejects(
    checkState(states, stored, check.head, check.books, ids, join(home, 'state-ids')),
    /has \d+ ids, and the log \d+/,
  );
  await logs.run('close', {});
  t.notOk(existsSync(scratch));
  ids.close();
  t.notOk(existsSync(join(home, 'ids')));
});
