// Exact decimals: figures that are multiplied and divided without ever being floats. Owns: how they are written, their fractions. Never touches: what
// they mean.
//   protocol.D1. What is written is what counts, digit for digit: no figure is ever rounded on its way in.

/** Digits before and after the point. */
const DIGITS_MAX = 9;

/** At most 9 digits before and 9 after the point, no sign, no exponent. */
export const DECIMAL_PATTERN = `^(?:0|[1-9][0-9]{0,${DIGITS_MAX - 1}})(?:\\.[0-9]{1,${DIGITS_MAX}})?$`;
const FORM = new RegExp(DECIMAL_PATTERN);

/** A fraction, exact; `under` is above 0. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

/** Is it an exact decimal, as a text? */
export const isDecimal = (value: unknown): value is string =>
  typeof value === 'string' && FORM.test(value);

/** Is it one above 0? */
export const isRate = (value: unknown): value is string =>
  isDecimal(value) && fractionOf(value).over > 0n;

/** Of one above 0. */
export const RATE_PATTERN = `^(?=.*[1-9])${DECIMAL_PATTERN.slice(1)}`;
export const RATE_SCHEMA = { type: 'string', pattern: RATE_PATTERN } as const;

export const ONE: Fraction = { over: 1n, under: 1n };

/** What a decimal says. */
export function fractionOf(decimal: string): Fraction {
  const [whole = '0', digits = ''] = decimal.split('.');
  return { over: BigInt(whole + digits), under: 10n ** BigInt(digits.length) };
}

export const times = (one: Fraction, other: Fraction): Fraction => ({
  over: one.over * other.over,
  under: one.under * other.under,
});

/** `other` is not 0. */
export const dividedBy = (one: Fraction, other: Fraction): Fraction => ({
  over: one.over * other.under,
  under: one.under * other.over,
});

export const plus = (one: Fraction, other: Fraction): Fraction => ({
  over: one.over * other.under + other.over * one.under,
  under: one.under * other.under,
});

/** Below 0, 0 or above it: as `one` is to `other`. */
export function compared(one: Fraction, other: Fraction): number {
  const difference = one.over * other.under - other.over * one.under;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

/** 10 to a power, which may be below 0. */
export const tenTo = (power: number): Fraction =>
  power < 0
    ? { over: 1n, under: 10n ** BigInt(-power) }
    : { over: 10n ** BigInt(power), under: 1n };

/** Whole units of a fraction, rounded down, or up. */
export const down = ({ over, under }: Fraction): bigint => over / under;
export const up = ({ over, under }: Fraction): bigint => (over + under - 1n) / under;

/**
 * A fraction of an amount in whole units, rounded down, or up. Exact up to 2^53 - 1; what is more comes to more than that. `one` is not below 0, and
 * neither is `amount`.
 */
export const downTimes = (one: Fraction, amount: number): number => ofAmount(one, amount, false);
export const upTimes = (one: Fraction, amount: number): number => ofAmount(one, amount, true);

function ofAmount({ over, under }: Fraction, amount: number, isUp: boolean): number {
  // Most are small: then a remainder is exact without big integers.
  const [above, below] = [Number(over), Number(under)];
  const product = above * amount;
  if (product <= Number.MAX_SAFE_INTEGER && below <= Number.MAX_SAFE_INTEGER) {
    const rest = product % below;
    return (product - rest) / below + (isUp && rest > 0 ? 1 : 0);
  }
  const all = { over: over * BigInt(amount), under };
  return Number(isUp ? up(all) : down(all));
}

/** As a decimal with so many digits after the point at most, rounded half up; zeros at its end are left out. From 0 on. */
export function decimalText({ over, under }: Fraction, digits: number): string {
  const scale = 10n ** BigInt(digits);
  const rounded = (2n * over * scale + under) / (2n * under);
  const [whole, rest] = [rounded / scale, rounded % scale];
  const after = String(rest).padStart(digits, '0').slice(0, digits).replace(/0+$/, '');
  return digits === 0 || after === '' ? String(whole) : `${whole}.${after}`;
}
