// Whose an address is. Owns: the index from digests of addresses to contacts. Never touches: addresses as they are kept (contacts.ts).
//   notices.M4. An address is found by its digest under the folder's key: whole, never in part. What the index names is looked at in the contact itself: a kill
//       may have left an entry too many, never one too few.

import { createHash } from 'node:crypto';
import type { Sealer } from '../../auth/sealing.js';
import { Documents, type OwnLedger } from '../../documents.js';
import { isRefusal, type Refusal } from '../../refusal.js';
import type { Addresses, Whose } from './shapes.js';

const TYPE = 'addressed';
const KEY_LENGTH = 22;

/** What is told apart of addresses is not told apart in them: case, blanks, what phone numbers are written with. */
const folded = (address: string): string =>
  address.includes('@')
    ? address.normalize('NFKC').trim().toLowerCase()
    : address.normalize('NFKC').replace(/[\s().-]/g, '');

const entriesOf = (sealer: Sealer, address: string): Documents<Whose> =>
  new Documents<Whose>(`#addressed:${sealer.mac('address', [folded(address)])}`, TYPE);

const keyOf = ({ scope, owner }: Whose): string =>
  createHash('sha256').update(`${scope} ${owner}`).digest('base64url').slice(0, KEY_LENGTH);

const said = ({ email, phone }: Addresses): string[] =>
  [email, phone].filter((one): one is string => one !== undefined);

/** Enters those of `some` that `others` has not. */
export async function enter(
  ledger: OwnLedger,
  sealer: Sealer,
  whose: Whose,
  some: Addresses,
  others: Addresses,
): Promise<Refusal | undefined> {
  for (const address of said(some).filter((one) => !said(others).includes(one))) {
    const { scope, owner } = whose;
    const no = await entriesOf(sealer, address).put(ledger, keyOf(whose), { scope, owner });
    if (no !== undefined) return no;
  }
  return undefined;
}

/** Are all of these entered? */
export async function isEntered(
  ledger: OwnLedger,
  sealer: Sealer,
  whose: Whose,
  some: Addresses,
): Promise<Refusal | boolean> {
  for (const address of said(some)) {
    const found = await entriesOf(sealer, address).get(ledger, keyOf(whose));
    if (found === undefined || isRefusal(found)) return found ?? false;
  }
  return true;
}

/** Takes out those of `some` that `others` has not. */
export async function leave(
  ledger: OwnLedger,
  sealer: Sealer,
  whose: Whose,
  some: Addresses,
  others: Addresses,
): Promise<Refusal | undefined> {
  for (const address of said(some).filter((one) => !said(others).includes(one))) {
    const no = await entriesOf(sealer, address).delete(ledger, keyOf(whose));
    if (no !== undefined) return no;
  }
  return undefined;
}

/** Those whose contact is said to have this address. */
export async function addressed(
  ledger: OwnLedger,
  sealer: Sealer,
  address: string,
): Promise<readonly Whose[] | Refusal> {
  const all = await entriesOf(sealer, address).all(ledger);
  return isRefusal(all) ? all : all.map((one) => one.read());
}

/** Are these the same address, as the index takes them? */
export const isSameAddress = (one: string, other: string): boolean => folded(one) === folded(other);
