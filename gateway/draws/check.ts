// A draw checked by its published seed, by anybody. Owns: what must follow from what. Never touches: where draws and seeds come from; how digests are
// worked out, which is another thing in browsers than in Node.js.
//   draws.V1. Nothing of the ledger's own answer is believed: hash, number and prize are worked out from the seed.

import {
  type DrawSeed,
  drawMessage,
  numberIn,
  prizeOf,
  type ToldDraw,
  totalOf,
  type Weighted,
} from '../../engine/protocol/draw.js';

/** What works digests out. */
export interface Digests {
  /** SHA-256, in hexadecimal digits. */
  sha256(bytes: Uint8Array): Promise<string>;
  /** HMAC-SHA-256. */
  hmac(key: Uint8Array, text: string): Promise<Uint8Array>;
}

/** What is looked at, one after the other. */
export type Step =
  | 'published'
  | 'revealed'
  | 'seed'
  | 'period'
  | 'number'
  | 'prize'
  | 'substitute'
  | 'won';

/** One thing that was looked at. */
export interface Finding {
  readonly step: Step;
  readonly isRight: boolean;
  readonly text: string;
}

/** Is this a draw as it is told? What is wrong with it. */
export function drawProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'It is no JSON object.';
  const draw = value as Partial<ToldDraw>;
  for (const name of ['owner', 'lottery', 'word', 'drawn', 'prize'] as const)
    if (typeof draw[name] !== 'string') return `${name} is missing.`;
  for (const name of ['version', 'at', 'number', 'roll'] as const)
    if (!Number.isSafeInteger(draw[name])) return `${name} is missing.`;
  if (typeof draw.seed !== 'object' || draw.seed === null) return 'seed is missing.';
  const { prizes } = draw;
  const isPrize = (one: Partial<Weighted> | null): boolean =>
    typeof one?.key === 'string' && Number.isSafeInteger(one.weight) && (one.weight as number) > 0;
  const areRight = Array.isArray(prizes) && prizes.length > 0 && prizes.every(isPrize);
  return areRight ? undefined : 'prizes is missing, or has one without a key or a weight.';
}

const bytesOf = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (two) => Number.parseInt(two, 16));

/** All that is looked at, up to the first that is wrong. */
export async function findings(
  draw: ToldDraw,
  seeds: readonly DrawSeed[],
  { sha256, hmac }: Digests,
): Promise<Finding[]> {
  const found: Finding[] = [];
  const says = (step: Step, isRight: boolean, text: string): boolean => {
    found.push({ step, isRight, text });
    return isRight;
  };
  const { shard, number: of, hash } = draw.seed;
  const seed = seeds.find((one) => one.shard === shard && one.number === of);
  if (
    seed === undefined ||
    !says(
      'published',
      seed.hash === hash,
      `The seed ${of} of shard ${shard} was published before as ${hash}.`,
    )
  ) {
    if (seed === undefined)
      says('published', false, `The seed ${of} of shard ${shard} is not known.`);
    return found;
  }
  if (seed.seed === undefined) {
    const when = new Date(seed.to).toISOString();
    says(
      'revealed',
      false,
      seed.isLost
        ? 'Its seed was lost: nobody can check it.'
        : `Its seed is published after ${when}.`,
    );
    return found;
  }
  const bytes = bytesOf(seed.seed);
  if (!says('seed', (await sha256(bytes)) === hash, 'The seed is the one of that hash.'))
    return found;
  const isThen = draw.at >= seed.from && draw.at < seed.to;
  if (!says('period', isThen, 'The draw was in the period of the seed.')) return found;
  const total = totalOf(draw.prizes);
  let roll: number | undefined;
  for (let n = 0; roll === undefined; n++)
    roll = numberIn(await hmac(bytes, drawMessage(draw, n)), total);
  if (
    !says(
      'number',
      roll === draw.roll,
      `Draw ${draw.number} with the word "${draw.word}" has the number ${roll} of ${total}.`,
    )
  )
    return found;
  const drawn = prizeOf(draw.prizes, roll);
  if (!says('prize', drawn.key === draw.drawn, `That number is of the prize ${drawn.key}.`))
    return found;
  let prize = drawn.key;
  for (const key of draw.soldOut ?? []) {
    const one = draw.prizes.find((other) => other.key === key);
    if (
      !says(
        'substitute',
        key === prize && one?.substitute !== undefined,
        `${key} could not be given: its substitute is won.`,
      )
    )
      return found;
    prize = one?.substitute ?? prize;
  }
  says('won', prize === draw.prize, `What was won is ${draw.prize}.`);
  return found;
}
