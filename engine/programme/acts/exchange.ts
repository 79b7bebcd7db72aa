// A member gives points of one platform for points of another, in one commit. The rules and their order: coalition.X1.
//   exchange.E1. What is given goes to the clearing owner of the source's platform, the fee to @fee; what is got comes from the same clearing owner, which
//       owes it, and is covered by the reserve of the target's platform where it has one.
//   exchange.E2. It is given back in proportion: all legs by what is given back of what was got, rounded down for the member until all of it is.

import { AMOUNT_MAX, DAY_MS } from '../../limits.js';
import { amount, asset, optional, user, whole } from '../../protocol/fields.js';
import {
  type ActRefusal,
  act,
  type Effect,
  type Moment,
  type PlannedLeg,
  type Reads,
  type Why,
} from '../act.js';
import { isMember, mustBeMember } from '../coalition/members.js';
import { GOT, type LegName, shares } from '../coalition/parts.js';
import { type ExchangeQuote, quoteOf } from '../coalition/quote.js';
import {
  type Amounts,
  dayOf,
  givenOf,
  isBeyond,
  type Priced,
  pricedAt,
  RATE_REFUSALS,
  TERMS_REFUSALS,
  type Terms,
  termsOf,
} from '../coalition/terms.js';
import { clearingOf, reserveOf } from '../definitions/exchanging.js';
import { quoteField } from '../signed-quote.js';
import { countedBack } from '../undone.js';

export const exchange = act({
  name: 'exchange',
  version: 1,
  about:
    'A member gives points of one platform for points of another: at its rate, less the fee, in one commit.',
  body: {
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
  },
  needs: ['transfer'],
  refusals: [
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
  ],

  decide(see, said, at) {
    const { from, to, amount: given, receiver = at.owner, expected } = said;
    const terms = termsOf(see, from, to);
    if ('refusal' in terms) return terms;
    const { source, target } = terms;
    const priced = said.quote === undefined ? pricedAt(see, terms, given) : quoted(see, said, at);
    if ('refusal' in priced) return priced;
    const { fee, result } = priced;
    const day = dayOf(terms, at.time);
    if (isBeyond(see, terms, given, day)) return { refusal: 'EXCHANGE_LIMIT' };
    const reserve =
      target.document.reserve === 'pool' ? reserveOf(target.document.platform) : undefined;
    if (reserve !== undefined && see.isExhausted(reserve, to, result))
      return { refusal: 'RESERVE_SHORT' };
    const puts = membersOf(see, terms, at.owner, receiver);
    if ('refusal' in puts) return puts;
    if (expected !== undefined && expected !== result) return { refusal: 'EXCHANGE_DIFFERS' };
    const clears = clearingOf(source.document.platform);
    const legs: PlannedLeg[] = [];
    const names: LegName[] = [];
    const add = (name: LegName, leg: PlannedLeg): void => {
      names.push(name);
      legs.push(leg);
    };
    add('paid', { from: at.owner, to: clears, asset: from, amount: given - fee });
    if (fee > 0) add('fee', { from: at.owner, to: '@fee', asset: from, amount: fee });
    const { expiresDays } = target.document;
    const expiresAt = expiresDays === undefined ? undefined : at.time + expiresDays * DAY_MS;
    add(GOT, { from: clears, to: receiver, asset: to, amount: result, expiresAt });
    if (reserve !== undefined) {
      const payee = clearingOf(target.document.platform);
      add('reserve', { from: reserve, to: payee, asset: to, amount: result, isOptional: true });
    }
    return {
      legs,
      counters: day === undefined ? [] : [{ name: givenOf(from), window: day, add: given }],
      puts,
      effects: [exchanged(said, priced, at.owner, terms)],
      why: whyOf(names, terms, priced),
    };
  },

  undo(see, undone, { time }) {
    const names = undone.why['legs'] as readonly LegName[];
    const got = names.indexOf(GOT);
    const due = shares(undone.amounts, got, undone.before[got] ?? 0, undone.now[got] ?? 0);
    if (undone.now.some((amount, leg) => amount !== due[leg]))
      return { refusal: 'EXCHANGE_INSEPARABLE' };
    const back = names.reduce(
      (sum, name, leg) => sum + (name === 'paid' || name === 'fee' ? (due[leg] as number) : 0),
      0,
    );
    const counters = undone.counters.flatMap((one) => countedBack(see, one, back, time));
    const { from, to } = undone.body as { readonly from: string; readonly to: string };
    const result = due[got] as number;
    return {
      counters,
      effects: [{ type: 'exchangeReturned', from, to, amount: back, result }],
      why: { exchange: undone.id },
    };
  },
});

/** What is told of it. */
function exchanged(
  {
    from,
    to,
    amount,
    receiver,
  }: { readonly [K in 'from' | 'to']: string } & {
    readonly amount: number;
    readonly receiver?: string | undefined;
  },
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
function whyOf(
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

interface Quoted extends Amounts {
  readonly quote: ExchangeQuote;
}

/** What a quote says, where it counts for this exchange. */
function quoted(
  see: Reads,
  said: {
    readonly from: string;
    readonly to: string;
    readonly amount: number;
    readonly quote?: string | undefined;
  },
  { owner, time }: Moment,
): ActRefusal | Quoted {
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
function membersOf(see: Reads, { source, target }: Terms, owner: string, receiver: string) {
  const asks = ({ document }: Terms['source']): boolean => document.members !== 'all';
  const isKnown = (side: Terms['source']): boolean =>
    !asks(side) || isMember(see, side.document.platform);
  const refused = { refusal: 'MEMBER_UNKNOWN' } as const;
  if (!isKnown(source)) return refused;
  if (receiver === owner) return isKnown(target) ? [] : refused;
  return asks(target) ? [mustBeMember(target.document.platform, receiver)] : [];
}
