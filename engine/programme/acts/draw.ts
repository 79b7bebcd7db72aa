// A member draws in a lottery: pays for it, and wins what chance says, in one commit.
//   draw.A1. Nothing is refused because of what is drawn: all that could be is judged before that is worked out, and the price is the same for all.
//   draw.A2. Every draw that is posted takes a number of its member, and no number is taken twice: whatever is won, and also where it is nothing.
//   draw.A3. A prize whose stock has not enough here and now falls to its substitute, and so on to one without stock.
//   draw.A4. What is decided again (another shard could not give what was planned) is decided by the same seed, number and word, as of the same time:
//       the prize that could not be given is left out, and nothing else is different.

import { numberOf } from '../../protocol/chance.js';
import { prizeOf, totalOf } from '../../protocol/draw.js';
import { id } from '../../protocol/fields.js';
import { ISSUER, isBudget, REDEEMER } from '../../protocol/syntax.js';
import {
  act,
  type CounterAdd,
  type Effect,
  type PlannedLeg,
  type Reads,
  type Why,
} from '../act.js';
import { lottery, programme } from '../definitions/index.js';
import type { Prize } from '../definitions/lottery.js';
import { drawsIn, drawsRecord, isOfPeriod } from '../draws.js';
import { isInAudience } from '../earning/figures.js';
import { windowAt } from '../earning/windows.js';

const SECOND_MS = 1_000;
/** To whom a draw is paid, and what is given out of stock goes. */
const SINK = REDEEMER;
/** The word of who has committed to none. */
const NO_WORD = '';
/** The counter of a lottery's draws in a day. */
const counterOf = (key: string): string => `draws.${key}`;

/** Of why a draw came to what it did: when, and which prizes could not be given. */
interface Tried {
  readonly at: number;
  readonly prize: string;
  readonly soldOut?: readonly string[];
}

export const draw = act({
  name: 'draw',
  version: 1,
  about:
    'A member draws in a lottery: it costs points, and what is won is decided by a seed that nobody knows yet, the draw’s number and the member’s word.',
  body: {
    /** The key of the lottery. */
    lottery: id('ACT_BODY_INVALID'),
  },
  takes: 'draw',
  needs: ['redeem'],
  own: { needs: ['redeem'] },
  isOfChance: true,
  refusals: [
    'DRAW_NOT_TRIED',
    'DEFINITION_NOT_FOUND',
    'LOTTERY_NOT_OPEN',
    'ASSET_UNKNOWN',
    'NOT_ELIGIBLE',
    'DRAW_TOO_SOON',
    'DRAW_LIMIT',
    'AMOUNT_OVERFLOW',
    'LOT_LIMIT',
  ],

  decide(see, { lottery: key }, { owner, time }) {
    const defined = see.definition(lottery, key);
    const of = defined && see.definition(programme, defined.document.programme);
    if (defined === undefined || of === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    const tried = see.tried as (Why & Tried) | undefined;
    const at = tried?.at ?? time;
    const {
      cost,
      cooldownSeconds = 0,
      dailyLimit,
      prizes,
      from = 0,
      to,
      audience,
    } = defined.document;
    if (at < from || (to !== undefined && at >= to)) return { refusal: 'LOTTERY_NOT_OPEN' };
    const { asset } = of.document;
    const account = see.account(asset);
    if (account === undefined) return { refusal: 'ASSET_UNKNOWN' };
    if (audience !== undefined && !isInAudience(see, of, account, audience, at))
      return { refusal: 'NOT_ELIGIBLE' };
    const before = drawsIn(see, key);
    if (before.at !== undefined && at < before.at + cooldownSeconds * SECOND_MS)
      return { refusal: 'DRAW_TOO_SOON' };
    const window = windowAt('day', at, of.zoneOffsets ?? [0, 0], 0);
    if (dailyLimit !== undefined && see.counter(counterOf(key), window) >= dailyLimit)
      return { refusal: 'DRAW_LIMIT' };
    const most = prizes.reduce((so, { points = 0 }) => Math.max(so, points), 0);
    const refusal = see.room(asset, most);
    if (refusal !== undefined) return { refusal };
    const chance = see.chance(at);
    if (chance === undefined) return { refusal: 'LOTTERY_NOT_OPEN' };
    // From here it is posted, whatever is drawn (draw.A1).
    const { shard, seed, hash } = chance;
    const number = before.number + 1;
    const word = isOfPeriod(before, chance) ? (before.word ?? NO_WORD) : NO_WORD;
    const { version } = defined;
    const parts = { owner, lottery: key, version, number, word };
    const total = totalOf(prizes);
    const roll = numberOf(parts, total, (message) => chance.answer(message));
    const drawn = prizeOf(prizes, roll);
    const left = tried === undefined ? [] : [...(tried.soldOut ?? []), tried.prize];
    const { prize, soldOut } = given(see, prizes, drawn, { asset, left });
    const counters: CounterAdd[] =
      dailyLimit === undefined ? [] : [{ name: counterOf(key), window, add: 1 }];
    const told: Effect = {
      type: 'draw',
      lottery: key,
      number,
      prize: prize.key,
      name: prize.name ?? prize.key,
      amount: prize.points ?? 0,
    };
    return {
      legs: [{ from: owner, to: SINK, asset, amount: cost }, ...legsOf(prize, owner, asset)],
      assets: [asset],
      records: [drawsRecord(key, { number, at, period: [shard, seed], word })],
      counters,
      effects: [told],
      why: {
        programme: of.version,
        lottery: version,
        at,
        shard,
        seed,
        hash,
        number,
        word,
        roll,
        total,
        drawn: drawn.key,
        prize: prize.key,
        ...(soldOut.length === 0 ? {} : { soldOut }),
      },
    };
  },

  /** What an operator has to make good is a correction, with its reason; a draw that were given back could be drawn again. */
  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});

/** What is given where this was drawn, and what could not be. `left`: what was tried and could not be given. */
function given(
  see: Reads,
  prizes: readonly Prize[],
  drawn: Prize,
  { asset, left }: { readonly asset: string; readonly left: readonly string[] },
): { readonly prize: Prize; readonly soldOut: readonly string[] } {
  const soldOut: string[] = [];
  let prize = drawn;
  while (prize.stock !== undefined) {
    const [leg] = legsOf(prize, '', asset) as [PlannedLeg];
    const isLeft = left.includes(prize.key);
    if (!isLeft && see.supply(prize.stock, asset, leg.amount) !== 'none') break;
    soldOut.push(prize.key);
    const { substitute } = prize;
    prize = prizes.find((one) => one.key === substitute) as Prize;
  }
  return { prize, soldOut };
}

/** What moves for a prize: out of its stock first. */
function legsOf({ points = 0, stock }: Prize, owner: string, asset: string): PlannedLeg[] {
  const issued = { from: ISSUER, to: owner, asset, amount: points };
  if (stock === undefined) return points > 0 ? [issued] : [];
  if (isBudget(stock)) return [{ ...issued, from: stock, isOptional: true }];
  const thing = { from: stock, to: SINK, asset, amount: 1, isOptional: true };
  return points > 0 ? [thing, issued] : [thing];
}
