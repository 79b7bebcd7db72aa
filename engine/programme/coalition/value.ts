// What points are worth, and what one asset gives of another. Owns: both, as exact fractions. Never touches: amounts of anybody; which version decides.
//   coalition.R1. A whole point is worth base x multiplier of its platform x multiplier of its category; what is not named has the multiplier of what is
//       unknown, a category that is not said 1.
//   coalition.R2. Where there is a rate from one asset to the other, it counts, and not the values. Each direction is by itself.
//   coalition.R3. To and fro never gains: where both ways together give more than 1, nothing is exchanged, whichever of them changed last.

import {
  compared,
  decimalText,
  dividedBy,
  type Fraction,
  fractionOf,
  ONE,
  tenTo,
  times,
} from '../../protocol/decimal.js';
import type { TypeOf } from '../../protocol/fields.js';
import type { RefusalCode } from '../../protocol/refusals.js';
import { UNKNOWN } from '../definitions/coalition.js';
import type { coalition, exchangeRate, exchanging } from '../definitions/index.js';

export type Coalition = TypeOf<typeof coalition.decides>;
export type Exchanging = TypeOf<typeof exchanging.decides>;
export type Rate = TypeOf<typeof exchangeRate.decides>;

/** What a whole point is worth, in units of the currency. */
export function worthOf(of: Coalition, { platform, category }: Exchanging): Fraction {
  const { base, unknown = UNKNOWN, platforms = {}, categories = {} } = of;
  const named = (list: Readonly<Record<string, string>>, name: string): Fraction =>
    fractionOf((Object.hasOwn(list, name) ? list[name] : undefined) ?? unknown);
  const ofCategory = category === undefined ? ONE : named(categories, category);
  return times(times(fractionOf(base), named(platforms, platform)), ofCategory);
}

/** An asset, as one side of an exchange. */
export interface Side {
  readonly of: Exchanging;
  /** Digits after the point of the asset. */
  readonly scale: number;
}

/** What a rate follows from. */
export interface Rated {
  readonly coalition: Coalition;
  readonly source: Side;
  readonly target: Side;
  /** From source to target, and back; undefined: there is none. */
  readonly there: Rate | undefined;
  readonly back: Rate | undefined;
}

/** By what it is: a rate that is said, or the values. */
export type RatedBy = 'rate' | 'values';

/** Whole points of the target for one whole point of the source. */
function pointsFor({ coalition: all, source, target, there }: Rated): Fraction {
  return there === undefined
    ? dividedBy(worthOf(all, source.of), worthOf(all, target.of))
    : fractionOf(there.rate);
}

const turned = ({ coalition: all, source, target, there, back }: Rated): Rated => ({
  coalition: all,
  source: target,
  target: source,
  there: back,
  back: there,
});

/** Digits of a rate as it is told. */
const RATE_DIGITS = 12;

/** A rate: of whole points, and of minor units. */
export interface Converts {
  readonly by: RatedBy;
  readonly ofPoints: Fraction;
  readonly ofUnits: Fraction;
  /** Of whole points, as it is told; what counts is exact. */
  readonly rate: string;
}

/** What one asset gives of the other. */
export function rateOf(rated: Rated): { readonly refusal: RefusalCode } | Converts {
  const ofPoints = pointsFor(rated);
  if (compared(times(ofPoints, pointsFor(turned(rated))), ONE) > 0)
    return { refusal: 'EXCHANGE_RATE_GAINS' };
  const ofUnits = times(ofPoints, tenTo(rated.target.scale - rated.source.scale));
  const rate = decimalText(ofPoints, RATE_DIGITS);
  return { by: rated.there === undefined ? 'values' : 'rate', ofPoints, ofUnits, rate };
}
