// What jifen's peers share, whatever way their movements are sent. Owns: account numbers as owners (the ledger has its own
// stripes of a system's account), movements as transfers, sums of balances.

import type { Outcome, TransferCommand } from '../../engine/index.js';
import { ASSET, overConnections } from '../jifen-server.js';
import type { Accounts, Balances, Movement, Result } from './peer.js';

/** How jifen's peers begin. */
export const JIFEN = {
  name: 'jifen',
  durability: 'each block written and synced to disk before any answer of it',
  programs: [],
} as const;

/** Who has the account with that number. */
export function ownerOf({ users, stripes }: Accounts, account: number): string {
  if (account < users) return `u${account}`;
  return account < users + stripes ? '@issue' : '@redeem';
}

/** Between users, who may live on different shards. */
export function isBetweenUsers({ users }: Accounts, { from, to }: Movement): boolean {
  return from < users && to < users;
}

/** A movement as the legs of a transfer. */
export function legsOf(
  accounts: Accounts,
  { from, to, amount }: Movement,
): TransferCommand['legs'] {
  return [{ from: ownerOf(accounts, from), to: ownerOf(accounts, to), asset: ASSET, amount }];
}

/** A movement as a command. */
export function transferOf(
  accounts: Accounts,
  movement: Movement,
): TransferCommand & { id: string } {
  return { type: 'transfer', id: movement.id, legs: legsOf(accounts, movement) };
}

/** What became of a movement; throws where it was neither carried out nor short. */
export function resultOf(outcome: Outcome): Result {
  if (outcome.ok) return outcome.replayed ? 'replayed' : 'posted';
  if (outcome.code === 'POINTS_SHORT') return 'short';
  throw new Error(`${outcome.id} was refused: ${outcome.code}`);
}

/** Every balance, as `total` reads it, over so many connections at once. */
export async function balancesOf(
  { users: count, funds }: Pick<Accounts, 'users' | 'funds'>,
  connections: number,
  total: (connection: number, owner: string) => Promise<number>,
): Promise<Balances> {
  const users = new Float64Array(count);
  await overConnections(connections, count, async (connection, user) => {
    users[user] = await total(connection, `u${user}`);
  });
  // The funds that the users began with were issued, too.
  const issuer = (await total(0, '@issue')) + count * funds;
  return { users, issuer, redeemer: await total(0, '@redeem') };
}
