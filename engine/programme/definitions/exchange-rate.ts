// A rate from one asset to another, in one direction: it goes before what the values of the coalition come to.

import { compared, fractionOf, ONE, times } from '../../protocol/decimal.js';
import { id } from '../../protocol/fields.js';
import { isAssetCode } from '../../protocol/syntax.js';
import { APPROVALS } from './approval.js';
import { coalitionProblem, guardOf, rate } from './coalition.js';
import { kind } from './kind.js';
import { WORDS } from './programme.js';
import { references, takesStep } from './steps.js';

/** The key of the rate from one asset to another. */
export const rateKey = (from: string, to: string): string => `${from}.${to}`;

/** The assets that a rate's key names; undefined: it names no two. */
export function assetsOfRate(key: string): readonly [from: string, to: string] | undefined {
  const [from = '', to = '', ...more] = key.split('.');
  const isPair = more.length === 0 && isAssetCode(from) && isAssetCode(to) && from !== to;
  return isPair ? [from, to] : undefined;
}

export const exchangeRate = kind({
  name: 'exchange-rate',
  about:
    'How many whole points of one asset a whole point of another gives. Its key is `<from>.<to>`.',
  needs: 'settle',
  decides: {
    coalition: id('DEFINITION_INVALID'),
    rate: rate('Whole points of the second asset for one whole point of the first.'),
    ...APPROVALS,
  },
  shows: WORDS,
  check: (document, key, known) => {
    const pair = assetsOfRate(key);
    if (pair === undefined)
      return { field: '', detail: `the key of a rate is <from>.<to>, two assets, not ${key}.` };
    const found = coalitionProblem(document.coalition, known);
    if (found !== null) return found;
    const [from, to] = pair;
    const back = known('exchange-rate', rateKey(to, from));
    if (back === undefined || back === 'unknown') return null;
    const both = times(fractionOf(document.rate), fractionOf(back['rate'] as string));
    return compared(both, ONE) <= 0
      ? null
      : {
          field: 'rate',
          detail: `with ${rateKey(to, from)} at ${back['rate']}, to and fro would gain: their product is at most 1.`,
        };
  },
  asksSecond: (next, past) => {
    const before = references(past);
    if (before.length === 0) return false;
    // Then what the values come to is the rate, which nobody has looked at.
    if (next === undefined) return true;
    if (before.some((one) => one['coalition'] !== next['coalition'])) return true;
    const guard = guardOf(past.countingOf('coalition', next['coalition'] as string));
    const figuresOf = (one: typeof next) => ({
      figures: new Map([['rate', one['rate'] as string]]),
      otherwise: one['rate'] as string,
    });
    return takesStep(figuresOf, next, past, guard);
  },
});
