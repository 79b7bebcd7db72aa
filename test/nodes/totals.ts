// What is in data folders: what `jifen verify` says of them, and what all their accounts come to, out of the effects in their logs
// alone. Owns: those sums. Never touches: state, the code that posts.

import { existsSync } from 'node:fs';
import { learnAsset } from '../../engine/audit/inspect.js';
import { Reader } from '../../engine/audit/reader.js';
import { unpack } from '../../engine/audit/tasks.js';
import { Auditor } from '../../engine/audit/verify.js';
import { BlockView } from '../../engine/protocol/block.js';
import type { Asset } from '../../engine/protocol/outcomes.js';
import { shardLogPath } from '../../engine/store/folder.js';
import { TRANSIT_STRIPES } from '../../engine/transfer/open/places.js';

const STEP_BYTES = 4 * 1024 * 1024;

/** What `jifen verify` would find. */
export async function verifyFaults(folders: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  const auditor = new Auditor();
  for (const folder of folders) {
    const { problems } = await auditor.verify(folder);
    for (const problem of problems) faults.push(`${folder}: ${JSON.stringify(problem)}`);
  }
  await auditor.close();
  return faults;
}

/** What the folders' accounts have. */
export interface Totals {
  /** Of all accounts on all shards, stripes included, by asset. */
  readonly sums: ReadonlyMap<string, number>;
  /** By `owner asset`, available and held together; system owners' stripes added up. */
  readonly accounts: ReadonlyMap<string, number>;
  /** By `shard peer asset`, what stands on the stripe of a peer. */
  readonly stripes: ReadonlyMap<string, number>;
}

/** Adds up all shards that are in these folders. */
export async function totalsOf(folders: readonly string[], shards: number): Promise<Totals> {
  const sums = new Map<string, number>();
  const accounts = new Map<string, number>();
  const stripes = new Map<string, number>();
  const add = (map: Map<string, number>, key: string, amount: number): void => {
    map.set(key, (map.get(key) ?? 0) + amount);
  };
  for (let shard = 0; shard < shards; shard++) {
    for (const folder of folders) {
      const path = shardLogPath(folder, shard);
      if (!existsSync(path)) continue;
      for (const [key, total] of await lastTotals(path)) {
        const [owner = '', asset = ''] = key.split(' ');
        add(sums, asset, total);
        if (!owner.startsWith(TRANSIT_STRIPES)) add(accounts, key, total);
        else add(stripes, `${shard} ${owner.slice(TRANSIT_STRIPES.length)} ${asset}`, total);
      }
    }
  }
  return { sums, accounts, stripes };
}

/** What one shard's accounts have after its last block. */
async function lastTotals(path: string): Promise<Map<string, number>> {
  const totals = new Map<string, number>();
  const assets: Asset[] = [];
  const reader = new Reader();
  try {
    const { head } = await reader.run('open-log', { path });
    for (let seq = 0; seq < head; ) {
      const task = { from: seq + 1, to: head, bytes: STEP_BYTES };
      const { blocks, fault } = await reader.run('blocks', task);
      if (fault !== undefined) throw new Error(`block ${fault.seq}: ${fault.what}`);
      for (const bytes of unpack(blocks)) {
        seq++;
        const { effects } = new BlockView(bytes as Uint8Array);
        for (let at = 0; at < effects.u8.length; at += effects.recordLength(at)) {
          for (const extra of effects.extras(at)) learnAsset(extra, assets);
          for (const { owner, asset, available, held } of effects.entries(at))
            totals.set(`${owner} ${assets[asset]?.asset}`, available + held);
        }
      }
    }
  } finally {
    await reader.end();
  }
  return totals;
}

/** What does not cancel between two shards, where nothing is in flight. */
export function stripeFaults({ stripes }: Totals): string[] {
  const faults: string[] = [];
  for (const [key, stands] of stripes) {
    const [shard, peer, asset] = key.split(' ');
    const other = stripes.get(`${peer} ${shard} ${asset}`) ?? 0;
    if (stands + other !== 0)
      faults.push(`${asset}: ${stands} on shard ${shard} for ${peer}, ${other} the other way`);
  }
  return faults;
}
