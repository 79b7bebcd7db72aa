// Up to which blocks marks were asked for: a small file beside the logs. Owns: `<folder>/risk/asked.json`, and the key of evidence. Never touches: logs.
//   engine-risk.P1. It is behind at most: what is looked at again is asked for under the same id (engine-risk.F1), and is a repeat.
//   engine-risk.P2. Without it, and for a log that is shorter than it says, marks are asked for from the end of the log on: never for what was before.
//       So it is written when the thread begins, before anything is found: a process that is killed right then loses no mark.

import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { syncFile } from '../store/sync.js';
import { auditKeysPath } from '../trail/keys.js';
import { keyIn } from '../trail/sealing.js';

/** By shard: the last block. */
export type Places = ReadonlyMap<number, number>;

const pathOf = (folder: string): string => join(folder, 'risk', 'asked.json');

/** What is written down; nothing where it cannot be read. */
export function placesIn(folder: string): Places {
  try {
    const said = JSON.parse(readFileSync(pathOf(folder), 'utf8')) as Record<string, unknown>;
    return new Map(
      Object.entries(said).flatMap(([shard, seq]) =>
        Number.isSafeInteger(seq) ? [[Number(shard), seq as number] as const] : [],
      ),
    );
  } catch {
    return new Map();
  }
}

/** Writes it down. */
export function savePlaces(folder: string, places: Places): void {
  const path = pathOf(folder);
  mkdirSync(join(folder, 'risk'), { recursive: true, mode: 0o700 });
  writeFileSync(`${path}.tmp`, JSON.stringify(Object.fromEntries(places)), { mode: 0o600 });
  syncFile(`${path}.tmp`);
  renameSync(`${path}.tmp`, path);
}

/** The key by which evidence tells addresses and devices: with those of the audit trail, which are in no log and no backup. */
export const evidenceKeyIn = (folder: string): Buffer =>
  keyIn(join(auditKeysPath(folder), 'evidence.key'), true) as Buffer;
