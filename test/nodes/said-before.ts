// Folders whose ledger was told something long ago, definitions above all: so nodes that begin with one decide by them at once. Owns: how that comes
// there. Never touches: what it says.

import { DEFINITION_LEAD_MS } from '../../engine/limits.js';
import type { Command } from '../../engine/protocol/commands.js';
import { askActor, clockAhead, openActor } from '../crash/actor-session.js';

const MIB = 1024 * 1024;
const ZONE_AHEAD_MS = 8 * 3_600_000;

/** A zone whose day does not end while a test runs, and what a programme in it takes. */
export const DAY_ZONE =
  new Date().getUTCHours() < 20
    ? { zone: 'UTC', offsets: { zoneOffsets: [0, 0] } }
    : { zone: 'Asia/Shanghai', offsets: { zoneOffsets: [0, ZONE_AHEAD_MS] } };

/** Makes a folder whose first shard was told all of this so long ago that it decides. */
export async function saidBefore(
  folder: string,
  shards: number,
  here: readonly number[],
  said: readonly Command[],
): Promise<void> {
  const actor = await openActor({
    ...{ folder, shards, here: here.length === shards ? undefined : here },
    ...{ cacheBytes: MIB, checkpointBytes: MIB },
    clockOffset: clockAhead(-DEFINITION_LEAD_MS - 1_000),
    onFatal: (message) => {
      throw new Error(message);
    },
  });
  for (const answer of await askActor(actor, said))
    if ((answer as { ok: boolean }).ok !== true) throw new Error(JSON.stringify(answer));
  await actor.close();
}
