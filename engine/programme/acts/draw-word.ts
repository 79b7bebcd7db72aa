// A member commits to a word that the draws of a period are decided by.
//   draw.W1. It is committed after the seed of the period, whose hash is logged already: so neither side has chosen its part knowing the other's.
//   draw.W2. The word of a period is one, from its first draw on or from this act on: so nobody looks at a draw, and then draws otherwise.

import { id } from '../../protocol/fields.js';
import { act } from '../act.js';
import { lottery, programme } from '../definitions/index.js';
import { drawsIn, drawsRecord, isOfPeriod } from '../draws.js';

export const drawWord = act({
  name: 'draw-word',
  version: 1,
  about:
    'A member commits to the word that the draws of this period are decided by, with the seed.',
  body: {
    /** The key of the lottery. */
    lottery: id('ACT_BODY_INVALID'),
    /** 1 to 64 characters, as ids have them. */
    word: id('ACT_BODY_INVALID'),
  },
  needs: ['redeem'],
  own: { needs: ['redeem'] },
  isOfChance: true,
  refusals: ['DRAW_NOT_TRIED', 'DEFINITION_NOT_FOUND', 'LOTTERY_NOT_OPEN', 'DRAW_WORD_COMMITTED'],

  decide(see, { lottery: key, word }, { time }) {
    const defined = see.definition(lottery, key);
    const of = defined && see.definition(programme, defined.document.programme);
    if (of === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    const chance = see.chance(time);
    if (chance === undefined) return { refusal: 'LOTTERY_NOT_OPEN' };
    const { shard, seed, hash } = chance;
    const before = drawsIn(see, key);
    if (isOfPeriod(before, chance) && before.word !== word)
      return { refusal: 'DRAW_WORD_COMMITTED' };
    return {
      legs: [],
      assets: [of.document.asset],
      records: [drawsRecord(key, { ...before, period: [shard, seed], word })],
      effects: [{ type: 'drawWord', lottery: key, word, shard, seed, hash }],
      why: { lottery: defined?.version ?? 0 },
    };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
