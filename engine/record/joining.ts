// A folder that comes to its log of record. Owns: what must fit before a shard opens. Never touches: blocks.

import { hostname } from 'node:os';
import { join } from 'node:path';
import { FolderError } from '../store/errors.js';
import type { Folder } from '../store/folder.js';
import type { RecordAt } from './administration.js';
import { lookOnce, type RecordLook } from './look.js';
import { type RecordPlace, recordPlace } from './place.js';
import { RecordError, type SeatOf } from './record.js';
import { readTenure } from './tenure.js';

/** How shards come to their log of record. */
export interface RecordWay {
  readonly place: RecordPlace;
  /** The ledger that it is of. */
  readonly ledger: string;
  /** What this process calls itself. */
  readonly node: string;
  /** Must a synchronous standby have a block before anything of it is told? */
  readonly standby: boolean;
  /** The operator's word: what the log of record lacks is given up. */
  readonly accept: boolean;
  /** The seat that must be this process's for it to take over; left out: whoever opens does. */
  readonly seat?: SeatOf | undefined;
}

/** A log of record that was found, and how it was. */
export interface Joining {
  readonly way: RecordWay;
  readonly shards: number;
  readonly look: RecordLook;
}

/** The log of record in PostgreSQL. */
export interface RecordOptions extends RecordAt {
  /** The operator's word: what the primary alone has is answered. A primary that is lost then takes answers with it. Default false. */
  readonly withoutStandby?: boolean | undefined;
  /** What this process calls itself there. Default: the cluster's node, or the host's name. */
  readonly node?: string | undefined;
  /** The operator's word: blocks that this folder has and the log of record has not are given up, and kept beside. Default false. */
  readonly accept?: boolean | undefined;
}

/** Looks at the log of record. Throws RecordError where it cannot be had, or nothing that is appended would be safe. */
export async function joinRecord(asked: RecordOptions, node = hostname()): Promise<Joining> {
  const place = recordPlace(asked.url, asked.password);
  const standby = asked.withoutStandby !== true;
  const look = await lookOnce(place, standby);
  const { ledger, shards, trouble } = look;
  if (trouble !== null) throw new RecordError(trouble);
  const accept = asked.accept === true;
  return { way: { place, ledger, node: asked.node ?? node, standby, accept }, shards, look };
}

/** Throws where a folder is of another log of record, or of other shards. */
export function checkJoining(folder: Folder, joining: Joining | undefined): void {
  const { shards } = folder;
  if (joining !== undefined && joining.shards !== shards)
    throw new RangeError(`the folder has ${shards} shards, its log of record ${joining.shards}`);
  checkTenures(folder, joining?.way);
}

/** Throws FolderError where a folder is of another log of record than this one; undefined: of any. */
function checkTenures({ path, here }: Folder, way: RecordWay | undefined): void {
  for (const shard of here) {
    const tenure = readTenure(path, shard);
    if (tenure === undefined || tenure.ledger === way?.ledger) continue;
    const what =
      way === undefined
        ? `it is a copy of a log of record elsewhere (ledger ${tenure.ledger}): name it (--log-of-record)`
        : `it is a copy of the log of record of ledger ${tenure.ledger}, and this one is of ${way.ledger}`;
    throw new FolderError(join(path, 'folder.json'), '', what);
  }
}
