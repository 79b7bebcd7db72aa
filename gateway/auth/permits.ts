// What is asked of a principal's permission outside the ledger: whom a limit of operations counts, and who may read figures by
// their name. Owns: these two. Never touches: state; what commands and reads take is judged in the shard (engine/ledger/permission.ts).
//   auth.A15. A command is permitted only where every part of it is, before anything of it is done.
//   auth.A16. Nothing here looks at what a command works on: whether that may be touched is decided in the commit that does it.

import {
  assetsOf,
  CALLER_ACTS,
  type Command,
  movement,
  type Operation,
  type Parties,
} from '../../engine/index.js';
import { type Refusal, refuse } from '../refusal.js';
import type { Principal } from './principal.js';

/** What is missing to read an asset's figures, or those that are in none, if anything. */
export function readProblem(
  principal: Principal,
  asset: string | undefined,
  field: string,
): Refusal | undefined {
  if (!principal.operations.has('read'))
    return refuse('OPERATION_FORBIDDEN', field, `${field} takes the permission to read.`);
  const assets = assetsOf(principal, 'read');
  if (assets === undefined || asset === undefined || assets.has(asset)) return undefined;
  return refuse('ASSET_FORBIDDEN', field);
}

const isSystem = (owner: unknown): boolean => typeof owner === 'string' && owner.startsWith('@');

/** The users whose limits a command counts against, each with the operation. What the shard will forbid counts for nobody. */
export function usersOf(
  principal: Principal,
  command: Command | Parties,
): readonly (readonly [string, Operation])[] {
  if (command.type === 'hold') {
    const { owner, asset } = command;
    const counts = typeof owner === 'string' && may(principal, 'spend', asset);
    return counts ? [[owner, 'spend']] : [];
  }
  if (command.type === 'act') {
    // Which asset it is in, its definitions say.
    const { owner, act } = command;
    const needs = typeof act === 'string' ? (CALLER_ACTS.get(act)?.needs ?? []) : [];
    const counts = typeof owner === 'string' && !isSystem(owner);
    return counts
      ? needs.filter((one) => principal.operations.has(one)).map((one) => [owner, one] as const)
      : [];
  }
  if (command.type !== 'transfer') return [];
  const { followUps } = command;
  const all = [command, ...(Array.isArray(followUps) ? followUps : [])];
  return all.flatMap((movements) => usersIn(principal, movements?.legs));
}

const may = (principal: Principal, operation: Operation, asset: string): boolean =>
  principal.operations.has(operation) && (assetsOf(principal, operation)?.has(asset) ?? true);

// One transfer is one operation of each of its users, however many legs it has. What is malformed is for the engine to refuse.
function usersIn(principal: Principal, legs: unknown): (readonly [string, Operation])[] {
  if (!Array.isArray(legs)) return [];
  const found = new Map<string, readonly [string, Operation]>();
  for (const leg of legs) {
    const [from, to]: unknown[] = [leg?.from, leg?.to];
    if (typeof from !== 'string' || typeof to !== 'string') continue;
    const operation = movement(from, to);
    const user = operation === 'earn' ? to : from;
    if (!isSystem(user) && may(principal, operation, leg.asset))
      found.set(`${user} ${operation}`, [user, operation]);
  }
  return [...found.values()];
}
