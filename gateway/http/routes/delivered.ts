// Codes that orders were delivered as, and cards that pay for them, as callers have them. Owns: who sees such a code; that no shard is told one. Never
// touches: which codes an order has taken, what a card pays.
//   http.H46. A code is told to its member, and to who may order for members (`redeem`); of applications to those that may order; to nobody while its
//       order is held.

import {
  assetsOf,
  cardCodeOf,
  cardId,
  codeAbout,
  orderedCard,
  sealedCodeOf,
  shownCard,
  type ToldOrder,
} from '../../../engine/index.js';
import type { Principal } from '../../auth/principal.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { type AccessParts, engineOf, type ServedLedger } from '../../route.js';
import { isFields } from '../../schema/command-reader.js';
import { MISTYPED } from '../../schema/digital.js';

const HIDDEN = '********';

/** Does somebody see the codes of a member's orders? */
const seesCodes = (principal: Principal, { owner, asset }: ToldOrder): boolean => {
  const { kind, operations, owner: only } = principal;
  const mayOrder = operations.has('redeem') && assetsOf(principal, 'redeem')?.has(asset) !== false;
  return mayOrder || (kind !== 'member' && only === owner);
};

/** The codes that an order was delivered as; undefined: it is none of codes or cards, or is held. `delivery`: of its goods. */
export async function deliveredCodes(
  ledger: ServedLedger,
  principal: Principal,
  order: ToldOrder,
  delivery: unknown,
): Promise<readonly string[] | undefined | Refusal> {
  const { owner, number, goods, quantity, codes, state } = order;
  if (state !== 'completed' || (delivery !== 'code' && delivery !== 'card')) return undefined;
  if (!seesCodes(principal, order)) return new Array<string>(quantity).fill(HIDDEN);
  const { sealer } = ledger.access as AccessParts;
  if (delivery === 'card') {
    const proof = (text: string): Uint8Array => sealer.proof(text);
    return Array.from({ length: quantity }, (_, i) =>
      shownCard(orderedCard(owner, number, i + 1, proof)),
    );
  }
  const { own } = engineOf(ledger);
  const sealed = await Promise.all(codes.map((name) => sealedCodeOf(own, goods, name)));
  const shown: string[] = [];
  for (const [i, one] of sealed.entries()) {
    if (isRefusal(one)) return one;
    const code = sealer.reveal(one ?? '', codeAbout(goods, codes[i] as string));
    if (code === undefined) return refuse('SECRETS_KEY_DIFFERS');
    shown.push(code);
  }
  return shown;
}

/** Puts what the ledger knows cards by in the place of their codes; a refusal where one is no code. */
export function cardsInPlace(
  ledger: ServedLedger,
  body: Record<string, unknown>,
): Refusal | undefined {
  const { cards } = body;
  if (!Array.isArray(cards)) return undefined;
  const { sealer } = ledger.access as AccessParts;
  const known: unknown[] = [];
  for (const [i, one] of cards.entries()) {
    if (!isFields(one) || one['code'] === undefined || one['card'] !== undefined) {
      known.push(one);
      continue;
    }
    const { code: typed, ...rest } = one;
    const code = cardCodeOf(typed);
    if (code === undefined) return refuse('CARD_NOT_FOUND', `cards[${i}].code`, MISTYPED);
    known.push({ card: cardId(code, (text) => sealer.proof(text)), ...rest });
  }
  body['cards'] = known;
  return undefined;
}
