// A backup of an open ledger. Owns: that all shards are cut at one moment, and what is copied of each. Never touches: files (audit/backup.ts).

import type { Histories } from './reads/histories.js';
import type { Router } from './router/router.js';
import type { Folder } from './store/folder.js';

/** Copies a ledger that is open to another folder; the last block of each shard that is in it. Rejects where it cannot, and leaves nothing. */
export async function backedUp(
  folder: Folder,
  router: Router,
  histories: Histories,
  to: string,
): Promise<number[]> {
  const { Copy } = await import('./audit/backup.js');
  const copy = new Copy(folder, to);
  try {
    const { here } = router;
    await Promise.all(
      here.map((lane) => lane.run({ type: 'copy-state', to: copy.statePath(lane.shard) })),
    );
    const seqs = await cut(router);
    for (const [i, { shard }] of here.entries()) {
      const seq = seqs[i] as number;
      const hash = await histories.read<string>({
        ...{ type: 'copy-log', folder: folder.path, shard, seq },
        to: copy.logPath(shard),
      });
      copy.stopped(shard, seq, hash);
    }
    copy.finish();
    return seqs;
  } catch (error) {
    copy.abandon();
    throw error;
  }
}

/** The last durable block of every shard, all at one moment: nothing is committed anywhere from the last pause to the first resume. */
async function cut({ here }: Router): Promise<number[]> {
  try {
    return await Promise.all(here.map((lane) => lane.run<number>({ type: 'pause' })));
  } finally {
    await Promise.all(here.map((lane) => lane.run({ type: 'resume' })));
  }
}
