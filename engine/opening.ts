// What a ledger stands on when its shards are opened: folder, log of record, seat, other nodes. Owns: in which order these are had. Never touches:
// shards.

import { setTimeout as sleep } from 'node:timers/promises';
import type { OpenOptions } from './api.js';
import { Connection } from './bus/connection.js';
import { shardsOf } from './cluster/description.js';
import { ClusterNode } from './cluster/node.js';
import type { Leading } from './failover/leading.js';
import type { ReplicaOptions } from './failover/standing-by.js';
import { FAILOVER_FOLLOW_MS } from './limits.js';
import { cacheBytesOf, checkOptions, clockOf, expectWhole } from './open-options.js';
import { checkJoining, type Joining, joinRecord } from './record/joining.js';
import { RecordError } from './record/record.js';
import { copyOf, type Folder, openFolder, raiseRules } from './store/folder.js';

export interface Ground {
  readonly folder: Folder;
  /** Undefined: there are no other nodes. */
  readonly node: ClusterNode | undefined;
  /** Undefined: the folder's log is the log of record. */
  readonly joining: Joining | undefined;
  /** Undefined: nobody else can serve these shards. */
  readonly leading: Leading | undefined;
}

/** Finds the log of record; a replica of several waits until it is to be had. */
async function found({ record, cluster, replica }: OpenOptions): Promise<Joining | undefined> {
  for (let said = ''; ; ) {
    try {
      return record && (await joinRecord(record, replica?.name ?? cluster?.node));
    } catch (error) {
      if (replica === undefined || !(error instanceof RecordError)) throw error;
      if (error.message !== said) replica.onWaiting?.(error.message);
      said = error.message;
    }
    replica.signal?.throwIfAborted();
    await sleep(FAILOVER_FOLLOW_MS);
  }
}

/** Follows until this replica leads. One that does not reach the other nodes leaves that to another. */
async function led(options: OpenOptions, folder: Folder, way: Joining['way']): Promise<Leading> {
  const { cluster } = options;
  const replica = options.replica as ReplicaOptions;
  const { standBy } = await import('./failover/standing-by.js');
  const node = cluster?.node ?? '';
  const name = `${cluster?.description.name} ${node} follows`;
  const probe = cluster && new Connection({ url: cluster.nats, name });
  void probe?.seek();
  const unfit = (isFirst: boolean): string | undefined =>
    probe?.isConnected === false ? 'NATS is not reached' : replica.unfit?.(isFirst);
  const cacheBytes = cacheBytesOf(options);
  try {
    return await standBy({ folder, way, node, replica: { ...replica, unfit }, cacheBytes });
  } finally {
    await probe?.close();
  }
}

/** Has all that the shards of this process stand on. Rejects with everything let go of again. */
export async function standOn(options: OpenOptions): Promise<Ground> {
  const { cluster, shards, replica } = options;
  checkOptions(options);
  let joining = await found(options);
  let folder = openFolder(options.folder, {
    shards: cluster?.description.shards ?? shards ?? joining?.shards,
    here: cluster && shardsOf(cluster.description, cluster.node),
    create: true,
    lock: true,
  });
  let node: ClusterNode | undefined;
  let leading: Leading | undefined;
  try {
    checkJoining(folder, joining);
    if (cluster === undefined) expectWhole(folder);
    if (joining !== undefined && replica !== undefined) {
      leading = await led(options, folder, joining.way);
      folder = copyOf(folder, leading.led.incarnation);
      joining = { ...joining, way: { ...joining.way, seat: leading.led } };
    }
    if (cluster !== undefined) {
      const { slotMap } = folder;
      const onRival = (): void => leading?.doubt();
      const setting = { slotMap, clock: clockOf(options), led: leading?.led, onRival };
      node = new ClusterNode(cluster, setting);
      await node.join();
    }
    raiseRules(folder);
    return { folder, node, joining, leading };
  } catch (error) {
    await node?.close();
    await leading?.close();
    folder.release();
    throw error;
  }
}
