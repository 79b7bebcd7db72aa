// On what terms points are exchanged now. Owns: the order of the rules, and what an exchange comes to. Never touches: who has how many; legs.
//   coalition.X1. The rules, in this order: rate, fee, limits, reserve, members, what was expected. A quote stands in the place of rate and fee.
//   coalition.X2. The fee is of the source: feeRate x amount, rounded up, at least feeLeast; what is left is converted, as one exact product, rounded
//       down once. What comes to 0 is refused.
//   coalition.X3. Limits are in minor units of the source, of all that is given, with the fee.

import { AMOUNT_MAX, QUOTE_SECONDS_DEFAULT } from '../../limits.js';
import { downTimes, type Fraction, fractionOf, upTimes } from '../../protocol/decimal.js';
import type { TypeOf } from '../../protocol/fields.js';
import type { RefusalCode } from '../../protocol/refusals.js';
import type { ActRefusal, Reads, Window } from '../act.js';
import { rateKey } from '../definitions/exchange-rate.js';
import { coalition, exchangeRate, exchanging, type Versioned } from '../definitions/index.js';
import { windowAt } from '../earning/windows.js';
import { type Converts, type Exchanging, rateOf } from './value.js';

/** What terms may be refused with, in the order in which it is looked at. */
export const TERMS_REFUSALS: readonly RefusalCode[] = ['EXCHANGE_UNSUPPORTED', 'ASSET_UNKNOWN'];
export const RATE_REFUSALS: readonly RefusalCode[] = [
  'EXCHANGE_RATE_GAINS',
  'EXCHANGE_TOO_SMALL',
  'AMOUNT_OVERFLOW',
];

type Side = Versioned<Exchanging>;

export interface Terms {
  readonly coalition: Versioned<TypeOf<typeof coalition.decides>>;
  readonly source: Side;
  readonly target: Side;
  readonly scales: readonly [source: number, target: number];
}

/** Which exchanges it is about: inside this ledger, with a partner outside, or either. */
export type Where = 'inside' | 'outside' | 'either';

/** The two assets, as they are exchanged at this time. */
export function termsOf(
  see: Reads,
  from: string,
  to: string,
  where: Where = 'inside',
): ActRefusal | Terms {
  const [source, target] = [see.definition(exchanging, from), see.definition(exchanging, to)];
  const all = source && see.definition(coalition, source.document.coalition);
  const isOne = source?.document.coalition === target?.document.coalition && from !== to;
  if (source === undefined || target === undefined || all === undefined || !isOne)
    return { refusal: 'EXCHANGE_UNSUPPORTED' };
  const isOutside = (source.document.outside ?? target.document.outside) === true;
  if (where !== 'either' && isOutside !== (where === 'outside'))
    return { refusal: 'EXCHANGE_UNSUPPORTED' };
  const scales = [see.scale(from), see.scale(to)] as const;
  if (scales[0] === undefined || scales[1] === undefined) return { refusal: 'ASSET_UNKNOWN' };
  return { coalition: all, source, target, scales: scales as readonly [number, number] };
}

/** What an exchange comes to, in minor units. */
export interface Amounts {
  readonly fee: number;
  readonly result: number;
}

/** What was decided of a rate. */
export interface Priced extends Amounts {
  readonly converts: Converts;
  /** Of the rate that was said; null: by values. */
  readonly rateVersion: number | null;
}

type Rate = Versioned<TypeOf<typeof exchangeRate.decides>> | undefined;

/** What follows from documents alone. */
interface Known {
  readonly from: readonly unknown[];
  readonly converts: Converts | ActRefusal;
  readonly feeRate: Fraction;
}

/** What followed last for each two assets: most often it does again. */
const known = new Map<string, Known>();
const KNOWN_MAX = 1_024;

function knownOf(key: string, terms: Terms, there: Rate, back: Rate): Known {
  const { coalition: of, source, target, scales } = terms;
  const from = [of.document, source.document, target.document, there?.document, back?.document];
  const last = known.get(key);
  if (last?.from.every((one, i) => one === from[i]) === true) return last;
  const converts = rateOf({
    coalition: of.document,
    source: { of: source.document, scale: scales[0] },
    target: { of: target.document, scale: scales[1] },
    there: there?.document,
    back: back?.document,
  });
  const made = { from, converts, feeRate: fractionOf(source.document.feeRate ?? '0') };
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(key, made);
  return made;
}

/** What so much of the source comes to now. */
export function pricedAt(see: Reads, terms: Terms, amount: number): ActRefusal | Priced {
  const { coalition: of, source, target } = terms;
  const inCoalition = (key: string): Rate => {
    const found = see.definition(exchangeRate, key);
    return found?.document.coalition === of.key ? found : undefined;
  };
  const key = rateKey(source.key, target.key);
  const there = inCoalition(key);
  const back = inCoalition(rateKey(target.key, source.key));
  const { converts, feeRate } = knownOf(key, terms, there, back);
  if ('refusal' in converts) return converts;
  const fee = Math.max(upTimes(feeRate, amount), source.document.feeLeast ?? 0);
  const result = downTimes(converts.ofUnits, Math.max(amount - fee, 0));
  if (result < 1) return { refusal: 'EXCHANGE_TOO_SMALL' };
  if (result > AMOUNT_MAX) return { refusal: 'AMOUNT_OVERFLOW' };
  return { fee, result, converts, rateVersion: there?.version ?? null };
}

/** The counter of what a member has given of an asset in a day. */
export const givenOf = (asset: string): string => `exchanged.${asset}`;

/** Whose limits count. */
type Limited = Pick<Terms, 'coalition' | 'source'>;

/** What a limit by the day counts in; undefined: there is none. */
export function dayOf({ coalition: of, source }: Limited, time: number): Window | undefined {
  return source.document.mostDay === undefined
    ? undefined
    : windowAt('day', time, of.zoneOffsets ?? [0, 0], 0);
}

/** Is so much beyond what the member may give? */
export function isBeyond(
  see: Reads,
  { source }: Pick<Limited, 'source'>,
  amount: number,
  day?: Window,
): boolean {
  const { mostEach = AMOUNT_MAX, mostDay = AMOUNT_MAX } = source.document;
  if (amount > mostEach) return true;
  return day !== undefined && see.counter(givenOf(source.key), day) + amount > mostDay;
}

/** How long a quote holds, in milliseconds. */
export const quoteMs = ({ coalition: { document } }: Terms): number =>
  (document.quoteSeconds ?? QUOTE_SECONDS_DEFAULT) * 1_000;
