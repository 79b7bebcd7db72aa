// Codes of gift cards as people type them. Owns: letters, length, the check character, under which name a card lies in the ledger. Never touches: what
// a card is worth.
//   protocol.C3. A code is 73 bits that nobody can know: drawn by chance, or a digest under a key that is in no log. It is the same with and without
//       case, spaces and dashes, and one wrong character is always found (protocol.C2).
//   protocol.C4. A card lies in the ledger under a digest of its code, under the same key: who has a log knows no code, and can try none.

import { COUPON_LETTERS, checkOf, lettersOf } from './coupon-code.js';

/** Characters that are drawn: 30^15. */
const DRAWN_LENGTH = 15;
const CODE = new RegExp(`^[${COUPON_LETTERS}]{${DRAWN_LENGTH + 1}}$`);
/** What a code may be typed as. */
export const TYPED_CARD_PATTERN = '^(?:[A-Za-z0-9][ -]?){16}$';
const TYPED = new RegExp(TYPED_CARD_PATTERN);
/** Bytes that a code is drawn of. */
export const CARD_CODE_BYTES = 2 * DRAWN_LENGTH;
const ID_BYTES = 16;
const CARD_ID = /^[\w-]{22}$/;
const CARD_OWNER = /^#card:[\w-]{22}$/;

/** A digest of a text, under a key that nobody else has. */
type Proof = (text: string) => Uint8Array;

/** The code that so many bytes of chance come to. */
export function cardCode(chance: Uint8Array): string {
  const drawn = lettersOf(chance, DRAWN_LENGTH);
  return drawn + checkOf(drawn);
}

/** A code as it is kept, out of what was typed; undefined: it is none, or mistyped. */
export function cardCodeOf(typed: unknown): string | undefined {
  if (typeof typed !== 'string' || !TYPED.test(typed)) return undefined;
  const code = typed.replace(/[ -]/g, '').toUpperCase();
  return CODE.test(code) && checkOf(code.slice(0, -1)) === code.at(-1) ? code : undefined;
}

/** A code as it is shown: in fours. */
export const shownCard = (code: string): string => code.replace(/(.{4})(?=.)/g, '$1-');

/** By what the ledger knows the card with this code. */
export const cardId = (code: string, proof: Proof): string =>
  Buffer.from(proof(`card ${code}`))
    .subarray(0, ID_BYTES)
    .toString('base64url');

/** Can this be what the ledger knows a card by? */
export const isCardId = (id: unknown): boolean => typeof id === 'string' && CARD_ID.test(id);

/** Who has the points of a card. */
export const cardOwner = (id: string): string => `#card:${id}`;

/** Is it a card? */
export const isCard = (owner: string): boolean => CARD_OWNER.test(owner);
