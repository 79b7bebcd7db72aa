// What an exchange is decided to be, whichever act asks for it. Owns: the rules in their order (coalition.X1), its legs, what goes back of it. Never touches:
// when it is carried out.

import { AMOUNT_MAX, DAY_MS } from '../../limits.js';
import { amount, asset, optional, user, whole } from '../../protocol/fields.js';
import type { RefusalCode } from '../../protocol/refusals.js';
import type {
  ActRefusal,
  ConditionalPut,
  CounterAdd,
  Effect,
  Moment,
  PlannedLeg,
  Reads,
  Undo,
  Undone,
  Why,
  Window,
} from '../act.js';
import { clearingOf, reserveOf } from '../definitions/exchanging.js';
import { quoteField } from '../signed-quote.js';
import { countedBack } from '../undone.js';
import { isMember, mustBeMember } from './members.js';
import { GOT, type LegName, shares } from './parts.js';
import { type ExchangeQuote, quoteOf } from './quote.js';
import {
  type Amounts,
  dayOf,
  isBeyond,
  type Priced,
  pricedAt,
  RATE_REFUSALS,
  TERMS_REFUSALS,
  type Terms,
  termsOf,
  type Where,
} from './terms.js';

/** What is said of an exchange. */
export const exchangeFields = () => ({
  from: asset(),
  to: asset(),
  /** What is given, with the fee, in minor units of `from`. */
  amount: amount(),
  /** Who gets the points. Left out: the owner. */
  receiver: optional(user()),
  expected: optional(
    whole(
      1,
      AMOUNT_MAX,
      'ACT_BODY_INVALID',
      'What it was said to come to, in minor units of `to`: where it is anything else, nothing is exchanged.',
    ),
  ),
  quote: optional(quoteField()),
});

/** What an exchange may be refused with, in the order in which it is looked at. */
export const EXCHANGE_REFUSALS: readonly RefusalCode[] = [
  ...TERMS_REFUSALS,
  'QUOTE_INVALID',
  'QUOTE_EXPIRED',
  'SECRETS_KEY_DIFFERS',
  ...RATE_REFUSALS,
  'EXCHANGE_LIMIT',
  'RESERVE_SHORT',
  'MEMBER_UNKNOWN',
  'EXCHANGE_DIFFERS',
  'POINTS_SHORT',
  'BUDGET_SHORT',
  'BUDGET_BUSY',
  'BUDGET_EXHAUSTED',
];

/** An exchange that somebody wants. */
export interface Wanted {
  readonly from: string;
  readonly to: string;
  readonly amount: number;
  readonly receiver?: string | undefined;
  readonly expected?: number | undefined;
  readonly quote?: string | undefined;
}

/** One that no rule refuses. */
export interface Judged {
  readonly terms: Terms;
  readonly priced: Priced | Quoted;
  /** What a limit by the day counts it in. */
  readonly day: Window | undefined;
  /** Has the reserve not so much? Then it is carried out later, or not at all. */
  readonly isShort: boolean;
  readonly puts: readonly ConditionalPut[];
}

/** What differs in the rules of some exchanges. */
interface Differs {
  /** A reserve that is exhausted refuses nothing. */
  readonly mayWait?: boolean;
  readonly where?: Where;
  /** In place of `membersOf`. */
  readonly members?: typeof membersOf;
}

/** The rules in their order. */
export function judged(
  see: Reads,
  said: Wanted,
  at: Moment,
  { mayWait = false, where, members = membersOf }: Differs = {},
): ActRefusal | Judged {
  const { from, to, amount: given, receiver = at.owner, expected } = said;
  const terms = termsOf(see, from, to, where);
  if ('refusal' in terms) return terms;
  const priced = said.quote === undefined ? pricedAt(see, terms, given) : quoted(see, said, at);
  if ('refusal' in priced) return priced;
  const { result } = priced;
  const day = dayOf(terms, at.time);
  if (isBeyond(see, terms, given, day)) return { refusal: 'EXCHANGE_LIMIT' };
  const isShort = isReserveShort(see, terms, to, result);
  if (isShort && !mayWait) return { refusal: 'RESERVE_SHORT' };
  const puts = members(see, terms, at.owner, receiver);
  if ('refusal' in puts) return puts;
  if (expected !== undefined && expected !== result) return { refusal: 'EXCHANGE_DIFFERS' };
  return { terms, priced, day, isShort, puts };
}

/** Who covers what is got; undefined: nobody. */
const coversOf = ({ target: { document } }: Terms): string | undefined =>
  document.reserve === 'pool' ? reserveOf(document.platform) : undefined;

/** Has who covers it not so much, as things are? */
export function isReserveShort(see: Reads, terms: Terms, to: string, result: number): boolean {
  const reserve = coversOf(terms);
  return reserve !== undefined && see.isExhausted(reserve, to, result);
}

/** What moves with an exchange, and as what. `holdId`: what is given is held so. */
export function exchangeLegs(
  { terms, priced: { fee, result } }: { readonly terms: Terms; readonly priced: Amounts },
  { from, to, amount: given, receiver }: Pick<Wanted, 'from' | 'to' | 'amount' | 'receiver'>,
  { owner, time }: Moment,
  holdId?: string,
): { readonly legs: readonly PlannedLeg[]; readonly names: readonly LegName[] } {
  const { source, target } = terms;
  const clears = clearingOf(source.document.platform);
  const legs: PlannedLeg[] = [];
  const names: LegName[] = [];
  const add = (name: LegName, leg: PlannedLeg): void => {
    names.push(name);
    legs.push(leg);
  };
  const pay = (name: LegName, payee: string, amount: number): void => {
    const leg = { from: owner, to: payee, asset: from, amount };
    add(name, holdId === undefined ? leg : { ...leg, holdId });
  };
  pay('paid', clears, given - fee);
  if (fee > 0) pay('fee', '@fee', fee);
  const { expiresDays } = target.document;
  const expiresAt = expiresDays === undefined ? undefined : time + expiresDays * DAY_MS;
  add(GOT, { from: clears, to: receiver ?? owner, asset: to, amount: result, expiresAt });
  const reserve = coversOf(terms);
  if (reserve !== undefined) {
    const payee = clearingOf(target.document.platform);
    add('reserve', { from: reserve, to: payee, asset: to, amount: result, isOptional: true });
  }
  return { legs, names };
}

/** What is changed back where points of an exchange are given back; `counted`: what it was counted in. */
export function exchangeUndo(
  see: Reads,
  undone: Undone,
  time: number,
  { from, to }: { readonly from: string; readonly to: string },
  counted: readonly CounterAdd[],
): ActRefusal | Undo {
  const names = undone.why['legs'] as readonly LegName[];
  const got = names.indexOf(GOT);
  const due = shares(undone.amounts, got, undone.before[got] ?? 0, undone.now[got] ?? 0);
  if (undone.now.some((amount, leg) => amount !== due[leg]))
    return { refusal: 'EXCHANGE_INSEPARABLE' };
  const back = names.reduce(
    (sum, name, leg) => sum + (name === 'paid' || name === 'fee' ? (due[leg] as number) : 0),
    0,
  );
  const counters = counted.flatMap((one) => countedBack(see, one, back, time));
  const result = due[got] as number;
  return {
    counters,
    effects: [{ type: 'exchangeReturned', from, to, amount: back, result }],
    why: { exchange: undone.id },
  };
}

/** What is told of one that is carried out at once. */
export function exchanged(
  { from, to, amount, receiver }: Wanted,
  { fee, result }: Amounts,
  owner: string,
  { source, target }: Terms,
): Effect {
  const platforms = [source.document.platform, target.document.platform];
  const type = 'exchanged';
  return receiver === undefined || receiver === owner
    ? { type, from, to, amount, fee, result, platforms }
    : { type, from, to, amount, fee, result, receiver, platforms };
}

/** By which versions it was decided. */
export function whyOf(
  legs: readonly LegName[],
  { coalition, source, target }: Terms,
  priced: Priced | Quoted,
): Why {
  // Each in one piece: what is put together out of others is slow to make.
  if (!('converts' in priced))
    return {
      legs,
      coalition: coalition.version,
      source: source.version,
      target: target.version,
      quoted: true,
    };
  const { converts, rateVersion } = priced;
  return {
    legs,
    coalition: coalition.version,
    source: source.version,
    target: target.version,
    by: converts.by,
    rate: converts.rate,
    rateVersion,
  };
}

export interface Quoted extends Amounts {
  readonly quote: ExchangeQuote;
}

/** What a quote says, where it counts for this exchange. */
function quoted(see: Reads, said: Wanted, { owner, time }: Moment): ActRefusal | Quoted {
  const { from, to, amount: given } = said;
  if (see.proof('') === undefined) return { refusal: 'SECRETS_KEY_DIFFERS' };
  const quote = quoteOf(owner, said.quote ?? '', (text) => see.proof(text) as Uint8Array);
  if (quote?.from !== from || quote.to !== to || quote.amount !== given)
    return { refusal: 'QUOTE_INVALID' };
  return time >= quote.until
    ? { refusal: 'QUOTE_EXPIRED' }
    : { fee: quote.fee, result: quote.result, quote };
}

/** Are both users known to their platforms, as far as this shard can tell; and what must be true of the receiver. */
export function membersOf(
  see: Reads,
  { source, target }: Pick<Terms, 'source' | 'target'>,
  owner: string,
  receiver: string,
): ActRefusal | readonly ConditionalPut[] {
  const asks = ({ document }: Terms['source']): boolean => document.members !== 'all';
  const isKnown = (side: Terms['source']): boolean =>
    !asks(side) || isMember(see, side.document.platform);
  const refused = { refusal: 'MEMBER_UNKNOWN' } as const;
  if (!isKnown(source)) return refused;
  if (receiver === owner) return isKnown(target) ? [] : refused;
  return asks(target) ? [mustBeMember(target.document.platform, receiver)] : [];
}
