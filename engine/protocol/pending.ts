// Which transfers may be pending. Owns: that rule. Never touches: state.
//   protocol.P22. What is pending is of one user in one asset, who gets it of system owners alone: so it is on one shard, and one earning.

import type { RefusalCode } from './refusals.js';
import { isSystemOwner, isTime } from './syntax.js';

/** What is wrong, and with which field. */
interface Problem {
  readonly code: RefusalCode;
  readonly field: string;
}

type Part = Readonly<Record<string, unknown>>;

/** What is wrong with a transfer's `pendingUntil`. Its legs and its condition have been looked at before. */
export function pendingProblem(value: unknown, transfer: Part): RefusalCode | Problem | null {
  if (value !== null && !isTime(value)) return 'PENDING_INVALID';
  const legs = transfer.legs as readonly Part[];
  const [{ to, asset } = {}] = legs;
  for (const [i, leg] of legs.entries()) {
    const isEarning = isSystemOwner(leg.from as string) && !isSystemOwner(leg.to as string);
    if (!isEarning || leg.to !== to || leg.asset !== asset)
      return { code: 'PENDING_INVALID', field: `legs[${i}]` };
  }
  const condition = transfer.condition as Part | undefined;
  if (condition !== undefined && condition.owner !== to)
    return { code: 'PENDING_INVALID', field: 'condition.owner' };
  return null;
}
