// Where an order goes to, at rest. Owns: for which order it is sealed, who sees it in clear. Never touches: how texts are sealed (sealed-text.ts),
// orders, records.
//   auth.A40. Its salt follows from what is sealed, for which order: so a repeat of an order is the same order, and one that goes elsewhere is not.

import { limits, SALT_BYTES, sealableBytes } from '../../engine/index.js';
import { isRefusal, type Refusal } from '../refusal.js';
import type { Principal } from './principal.js';
import type { Sealer } from './sealing.js';

/** How the ledger knows what is sealed. */
const FORM = 's1.';

/** Bytes of JSON that can be sealed. */
export const RECEIVER_BYTES_MAX = sealableBytes(limits.RECEIVER_LENGTH_MAX - FORM.length);

/** Where an order goes to: texts by name, as the platform has them. */
export type Receiver = Readonly<Record<string, string>>;

const about = (owner: string): string => `receiver ${owner}`;

/** Sealed for the order that the member's act of this id makes; undefined: there is no id yet, and no repeat of it. `version`: of the member's key. */
export async function sealReceiver(
  sealer: Sealer,
  owner: string,
  id: string | undefined,
  receiver: Receiver,
  version?: number,
): Promise<string | Refusal> {
  const text = JSON.stringify(receiver);
  const sealed = await sealer.concealOf(owner, text, about(owner), { once: id, version });
  return isRefusal(sealed) ? sealed : FORM + sealed;
}

/**
 * The same as it may have been sealed before: under the versions of the member's key but for the newest, and by older releases. An order that is asked for
 * again is the order that was, whatever key is new since.
 */
export async function sealedBefore(
  sealer: Sealer,
  owner: string,
  id: string,
  receiver: Receiver,
): Promise<readonly string[] | Refusal> {
  const versions = await sealer.versionsOf(owner);
  if (isRefusal(versions)) return versions;
  const before: string[] = [];
  for (const version of versions.slice(0, -1).reverse()) {
    const sealed = await sealReceiver(sealer, owner, id, receiver, version);
    if (isRefusal(sealed)) return sealed;
    before.push(sealed);
  }
  const text = JSON.stringify(receiver);
  const salt = sealer.proof(JSON.stringify(['receiver salt', owner, id, text]));
  const older = sealer.conceal(text, about(owner), salt.subarray(0, SALT_BYTES));
  return [...before, FORM + older];
}

/** What was sealed, in the order of what is given; undefined: for somebody else, with another key, of who is erased, or it is none. */
export async function openReceivers(
  sealer: Sealer,
  all: readonly { readonly owner: string; readonly receiver: string | null }[],
): Promise<readonly (Receiver | undefined)[] | Refusal> {
  const sealed = all.flatMap(({ owner, receiver }) =>
    receiver?.startsWith(FORM) === true
      ? [{ owner, sealed: receiver.slice(FORM.length), about: about(owner) }]
      : [],
  );
  const opened = await sealer.revealOfAll(sealed);
  if (isRefusal(opened)) return opened;
  let next = 0;
  return all.map(({ receiver }) => {
    const text = receiver?.startsWith(FORM) === true ? opened[next++] : undefined;
    return text === undefined ? undefined : (JSON.parse(text) as Receiver);
  });
}

/** Who sends, and the member, see it in clear; of applications those that may set what is the member's own. */
export const seesReceiver = (
  { kind, operations, owner: only }: Principal,
  owner: string,
): boolean =>
  operations.has('adjust') ||
  operations.has('correct') ||
  (only === owner && (kind !== 'member' || operations.has('self')));
