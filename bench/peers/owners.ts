// Account numbers as jifen's owners. The ledger has its own stripes of a system's account.

import type { Accounts, Movement } from './peer.js';

/** Who has the account with that number. */
export function ownerOf({ users, stripes }: Accounts, account: number): string {
  if (account < users) return `u${account}`;
  return account < users + stripes ? '@issue' : '@redeem';
}

/** Between users, who may live on different shards. */
export function isBetweenUsers({ users }: Accounts, { from, to }: Movement): boolean {
  return from < users && to < users;
}
