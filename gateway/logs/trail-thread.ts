// The thread that writes the audit and business logs. Owns: its beginning and its end. Never touches: what is written.

import { parentPort, workerData } from 'node:worker_threads';
import { openTrail } from '../../engine/index.js';
import { TrailWriter } from './trail-writer.js';

/** What the thread begins with. */
export interface TrailData {
  readonly ledger: string;
  readonly shards: readonly number[];
  readonly auditDays: number;
  readonly folder: string;
  readonly days: Readonly<Record<'service' | 'business' | 'audit', number>>;
  readonly clockOffset: SharedArrayBuffer | undefined;
}

async function begin(): Promise<void> {
  const { ledger, shards, auditDays, folder, days, clockOffset } = workerData as TrailData;
  const offset = new Float64Array(clockOffset ?? new ArrayBuffer(8));
  const now = (): number => Date.now() + Math.round(offset[0] as number);
  const tell = (message: string): void => parentPort?.postMessage(message);
  const trail = await openTrail({ folder: ledger, shards, auditDays, now });
  const writer = new TrailWriter(trail, { folder, days, now }, tell);
  parentPort?.once('message', async () => {
    await writer.close();
    parentPort?.close();
  });
  writer.start();
}

void begin();
