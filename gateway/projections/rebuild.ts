// The projections of reports thrown away and made anew from the logs of a folder that nobody has open. Owns: that. Never touches: state, logs.

import { type GatewayLimits, gatewayLimits } from '../limits.js';
import { Following } from './following.js';
import { NoDatabaseError, ReportStore, removeReports, type StoredPosition } from './store.js';

/** How far a shard is. */
export interface RebuildProgress {
  readonly shard: number;
  readonly seq: number;
  readonly headSeq: number;
}

/** Up to where they are exact; undefined: their database is not installed. */
export async function rebuildReports(
  folder: string,
  onProgress: (progress: RebuildProgress) => void = () => undefined,
  limits: GatewayLimits = gatewayLimits(),
): Promise<ReadonlyMap<number, StoredPosition> | undefined> {
  removeReports(folder);
  const { reportMemoryMiB, reportThreads, reportSpillBytesMax } = limits;
  const store = await ReportStore.open({
    folder,
    memoryMiB: reportMemoryMiB,
    threads: reportThreads,
    spillBytes: reportSpillBytesMax,
  }).catch((error: unknown) => {
    if (error instanceof NoDatabaseError) return undefined;
    throw error;
  });
  if (store === undefined) return undefined;
  try {
    const following = await Following.open(store, folder, true);
    try {
      for (let isBehind = true; isBehind; ) {
        isBehind = await following.step();
        for (const shard of following.shards) {
          const seq = store.positions.get(shard)?.seq ?? 0;
          onProgress({ shard, seq, headSeq: following.head(shard) });
        }
      }
    } finally {
      await following.close();
    }
    return store.positions;
  } finally {
    store.close();
  }
}
