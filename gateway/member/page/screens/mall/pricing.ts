// What goods cost a member, as it is shown before anything is ordered. Owns: how long a price is shown to hold, how it came about, what an order is sent with. Never
// touches: what is charged, which the commit says; the screen.
//   buying.P1. What is charged is what was shown: an order is sent with the quote that is on the screen, and a new price is shown before it is asked for again.

/** A quote longer than this, or over as soon as it comes, is one by a clock that goes wrong: nothing is counted down by it. */
const COUNTED_MS_MAX = 3_600_000;

/** For how long a quote holds, milliseconds from when it came; undefined: this device's clock cannot say. */
export function heldMs(until: number, now: number): number | undefined {
  const left = until - now;
  return left > 0 && left <= COUNTED_MS_MAX ? left : undefined;
}

/** A time that is left, as clocks show it: `1:05`. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

export interface Factors {
  readonly tier: number;
  readonly sale: number;
  readonly stock: number;
}

export type FactorName = keyof Factors;

/** Factors that change a price, in the order in which they count: in percent, 100 changes nothing. */
export function changing(factors: Factors): readonly (readonly [FactorName, number])[] {
  const all = [
    ['tier', factors.tier],
    ['sale', factors.sale],
    ['stock', factors.stock],
  ] as const;
  return all.filter(([, percent]) => percent !== 100);
}

/** A gift card that pays a part of an order: as a look-up tells it, and how much. Minor units. */
export interface CardPart {
  readonly card: string;
  readonly balance: number;
}

/** How much each card pays of what is left to pay, the first one first; those that would pay nothing are left out. */
export function shared(
  cards: readonly CardPart[],
  total: number,
): readonly { readonly card: string; readonly amount: number }[] {
  let left = total;
  return cards.flatMap(({ card, balance }) => {
    const amount = Math.min(balance, left);
    left -= amount;
    return amount > 0 ? [{ card, amount }] : [];
  });
}

/** What an order would come to, as a dry run tells it: minor units. */
export interface Comes {
  readonly total: number;
  readonly discount: number;
  readonly cards: number;
  /** What the member pays. */
  readonly pays: number;
}

/** What the effects of an order, or of a dry run of it, say it comes to; undefined: they are of no order. */
export function comesTo(
  effects: readonly { readonly [name: string]: unknown }[],
): (Comes & { readonly number: string }) | undefined {
  const made = effects.find(({ type }) => type === 'orderCreated');
  if (made === undefined) return undefined;
  const amount = (name: string): number => (typeof made[name] === 'number' ? made[name] : 0);
  const [total, discount, cards] = [amount('total'), amount('discount'), amount('cards')];
  return { total, discount, cards, pays: total - cards, number: String(made['number']) };
}

/** Refusals after which the price must be looked at again: nothing was ordered. */
const OF_PRICE: ReadonlySet<string> = new Set(['QUOTE_EXPIRED', 'QUOTE_INVALID', 'PRICE_DIFFERS']);
export const isOfPrice = (code: string): boolean => OF_PRICE.has(code);

/** How many pieces may be asked for at most: of an order, and of what is left. */
export const mostOf = (most: number | undefined, left: number | undefined): number =>
  Math.max(1, Math.min(most ?? PIECES, left ?? PIECES));
/** What an order has at most where goods say nothing (limits.ORDER_PIECES_DEFAULT). */
const PIECES = 99;
