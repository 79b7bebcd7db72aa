// Outcomes as they are told over a socket. Owns: which fields they have. Never touches: bytes.

import type { Outcome } from '../../engine/index.js';

/** Without entries and what else there may be. */
export function briefly(outcome: Outcome): object {
  if (!outcome.ok) return outcome;
  const { ok, id, shard, seq, time, replayed } = outcome;
  return { ok, id, shard, seq, time, replayed };
}

/** With everything, as plain fields. */
export function whole(outcome: Outcome): object {
  if (!outcome.ok) return outcome;
  const { ok, id, shard, seq, time, replayed, entries } = outcome;
  const { occurredAt, hold, recordVersion, assetVersion, remaining, remainingLegs } = outcome;
  const { act, definitionVersion, activeFrom, followUps } = outcome;
  const versions = { recordVersion, assetVersion, definitionVersion, activeFrom };
  const more = { occurredAt, hold, ...versions, act, followUps, remaining, remainingLegs };
  return { ok, id, shard, seq, time, replayed, entries, ...more };
}
