// Where an order goes to, at rest. Owns: for which order it is sealed, who sees it in clear. Never touches: how texts are sealed (sealed-text.ts),
// orders, records.
//   auth.A40. Its salt follows from what is sealed, for which order: so a repeat of an order is the same order, and one that goes elsewhere is not.

import { limits, SALT_BYTES, sealableBytes } from '../../engine/index.js';
import type { Principal } from './principal.js';
import type { Sealer } from './sealing.js';

/** How the ledger knows what is sealed. */
const FORM = 's1.';

/** Bytes of JSON that can be sealed. */
export const RECEIVER_BYTES_MAX = sealableBytes(limits.RECEIVER_LENGTH_MAX - FORM.length);

/** Where an order goes to: texts by name, as the platform has them. */
export type Receiver = Readonly<Record<string, string>>;

const about = (owner: string): string => `receiver ${owner}`;

/** Sealed for the order that the member's act of this id makes; undefined: there is no id yet, and no repeat of it. */
export function sealReceiver(
  sealer: Sealer,
  owner: string,
  id: string | undefined,
  receiver: Receiver,
): string {
  const text = JSON.stringify(receiver);
  const salt =
    id === undefined
      ? undefined
      : sealer.proof(JSON.stringify(['receiver salt', owner, id, text])).subarray(0, SALT_BYTES);
  return FORM + sealer.conceal(text, about(owner), salt);
}

/** What was sealed; undefined: for somebody else, with another key, or it is none. */
export function openReceiver(sealer: Sealer, owner: string, sealed: string): Receiver | undefined {
  const text = sealed.startsWith(FORM)
    ? sealer.reveal(sealed.slice(FORM.length), about(owner))
    : undefined;
  return text === undefined ? undefined : (JSON.parse(text) as Receiver);
}

/** Who sends, and the member, see it in clear; of applications those that may set what is the member's own. */
export const seesReceiver = (
  { kind, operations, owner: only }: Principal,
  owner: string,
): boolean =>
  operations.has('adjust') ||
  operations.has('correct') ||
  (only === owner && (kind !== 'member' || operations.has('self')));

/** How much of a text is shown to whoever may not see it: of a long one three characters, of a short one the first. */
const masked = (text: string): string => {
  const letters = [...text];
  return `${letters.slice(0, letters.length > 6 ? 3 : 1).join('')}********`;
};

/** The same, fit to be shown to whoever may not see it. */
export const maskedReceiver = (receiver: Receiver): Receiver =>
  Object.fromEntries(Object.entries(receiver).map(([name, text]) => [name, masked(text)]));
