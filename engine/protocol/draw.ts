// How chance becomes a prize. Owns: the text that a seed is asked about, the number that follows from the answer, the prize of that number.
// Never touches: seeds, keys; it runs in browsers as in the ledger.
//   draw.N1. The same seed, owner, lottery, version, number and word give the same number everywhere, by nothing but HMAC-SHA-256.
//   draw.N2. Every number below the sum of the weights is as likely as every other one: what would make some likelier is passed over.

/** What a draw is made of, beside the seed. */
export interface DrawParts {
  readonly owner: string;
  /** The key of the lottery, and the version whose prizes and weights decide. */
  readonly lottery: string;
  readonly version: number;
  /** Which of the member's draws of this lottery it is, from 1 on. */
  readonly number: number;
  /** What the member had committed to before; empty: nothing. */
  readonly word: string;
}

/** What is published of a seed. */
export interface DrawSeed {
  /** Whose draws it decides: those of members who live on this shard. */
  readonly shard: number;
  readonly number: number;
  /** Its period, in milliseconds since 1970: from when on, and before when. */
  readonly from: number;
  readonly to: number;
  /** SHA-256 of the seed, in hexadecimal digits: known before the period begins. */
  readonly hash: string;
  /** The seed, in hexadecimal digits: known when the period is over. */
  readonly seed?: string;
  /** Its key was lost: nobody will ever know it. */
  readonly isLost?: boolean;
}

/** How likely a prize is: its weight over the sum of all. */
export interface Weighted {
  readonly key: string;
  readonly weight: number;
}

/** Values of 48 bits that one answer of 32 bytes has. */
const VALUES = 5;
const VALUE_BYTES = 6;
const VALUE_COUNT = 2 ** 48;

/** What the seed is asked, for the n-th time. None of the parts has a line break in it. */
export const drawMessage = (
  { owner, lottery, version, number, word }: DrawParts,
  n: number,
): string => ['jifen draw 1', owner, `${lottery}@${version}`, number, word, n].join('\n');

/**
 * The number in an answer, below `total`; undefined: it has none, and the seed is asked again. The answer is read as five whole numbers of 48 bits,
 * the highest byte first; the first of them below the largest multiple of `total` counts, modulo `total`.
 */
export function numberIn(answer: Uint8Array, total: number): number | undefined {
  const end = VALUE_COUNT - (VALUE_COUNT % total);
  for (let i = 0; i < VALUES; i++) {
    let value = 0;
    for (let at = 0; at < VALUE_BYTES; at++)
      value = value * 256 + (answer[i * VALUE_BYTES + at] as number);
    if (value < end) return value % total;
  }
  return undefined;
}

/** The sum of weights. */
export const totalOf = (prizes: readonly Weighted[]): number =>
  prizes.reduce((sum, { weight }) => sum + weight, 0);

/** The prize of a number below the sum of the weights: prizes in the order in which they are defined, each as wide as its weight. */
export function prizeOf<P extends Weighted>(prizes: readonly P[], number: number): P {
  let from = 0;
  for (const prize of prizes) {
    from += prize.weight;
    if (number < from) return prize;
  }
  throw new RangeError(`${number} is beyond all weights`);
}

/** A draw as it is told. */
export interface ToldDraw {
  readonly owner: string;
  readonly lottery: string;
  /** The version of the lottery. */
  readonly version: number;
  /** When it was drawn, in milliseconds since 1970. */
  readonly at: number;
  readonly number: number;
  readonly word: string;
  readonly seed: Pick<DrawSeed, 'shard' | 'number' | 'hash'>;
  readonly roll: number;
  /** By the number, and what was won where that could not be given. */
  readonly drawn: string;
  readonly prize: string;
  readonly soldOut?: readonly string[];
  readonly prizes: readonly (Weighted & { readonly substitute?: string })[];
}
