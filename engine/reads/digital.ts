// Codes of goods and gift cards, as they are kept. Owns: the answers, out of records and balances. Never touches: state; codes in plain.
//   reads.G1. What is told was true when it was read: what a card pays, and who gets a code, the commit alone says.

import type { OwnRecords } from '../api.js';
import { stockOf } from '../programme/definitions/goods.js';
import { CARD, type Card } from '../programme/mall/cards.js';
import { CODE_TEXT, codeOwner, FREE_CODE, withdrawnOf } from '../programme/mall/codes.js';
import { recordTypeOf, recordValueIn } from '../programme/plan.js';
import { cardOwner } from '../protocol/card-code.js';
import type { CardState, CodeCount } from '../protocol/digital.js';
import { isRefusal, type Refused } from '../protocol/outcomes.js';

/** How many codes of goods nobody has: as many as there are pieces in stock (mall.C3). */
export async function codeCount(
  own: Pick<OwnRecords, 'pool' | 'balance'>,
  goods: string,
  stockAsset: string,
): Promise<Omit<CodeCount, 'low' | 'lowStock'> | Refused> {
  const [pool, gone] = await Promise.all([
    own.pool(stockOf(goods), stockAsset),
    own.balance(withdrawnOf(goods), stockAsset),
  ]);
  if (isRefusal(pool)) return pool;
  if (isRefusal(gone)) return gone;
  const withdrawn = gone?.available ?? 0;
  const given = Math.max(0, pool.paid - withdrawn);
  return { goods, free: pool.available, reserved: pool.held, given, withdrawn };
}

/** The names of so many codes that nobody has, on one of the owners that have codes of goods; behind `after`. */
export async function freeCodesOf(
  own: Pick<OwnRecords, 'records'>,
  owner: string,
  limit: number,
  after?: string,
): Promise<readonly string[] | Refused> {
  const recordType = recordTypeOf(FREE_CODE);
  const found = await own.records({ owner, recordType, limit, after });
  return isRefusal(found) ? found : found.map(({ key }) => key);
}

/** A code, sealed; undefined: there is none of this name. */
export async function sealedCodeOf(
  own: Pick<OwnRecords, 'record'>,
  goods: string,
  name: string,
): Promise<string | undefined | Refused> {
  const found = await own.record(codeOwner(goods, name), recordTypeOf(CODE_TEXT), name);
  if (found === undefined || isRefusal(found)) return found;
  return recordValueIn(found.value) as string;
}

/** A card at this time; undefined: there is none. */
export async function cardState(
  own: Pick<OwnRecords, 'record' | 'balance'>,
  card: string,
  time: number,
): Promise<CardState | undefined | Refused> {
  const owner = cardOwner(card);
  const found = await own.record(owner, recordTypeOf(CARD), CARD);
  if (found === undefined || isRefusal(found)) return found;
  const { programme, asset, amount, at, until } = recordValueIn(found.value) as unknown as Card;
  const balance = await own.balance(owner, asset);
  if (isRefusal(balance)) return balance;
  return {
    ...{ card, programme, asset, amount, balance: balance?.available ?? 0 },
    state: until !== null && until <= time ? 'over' : 'active',
    issuedAt: at,
    ...(until === null ? {} : { expiresAt: until }),
  };
}
