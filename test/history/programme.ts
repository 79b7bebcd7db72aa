// By what acts of a history are decided. Owns: offers, a correction, budgets, what events earn; that they decide from the first moment on. Never touches: who
// asks for what.

import type { PutDefinitionCommand } from '../../engine/protocol/commands.js';
import { DAY_ZONE, saidBefore } from '../nodes/said-before.js';
import type { Correction, Offer, Programme } from './operations.js';

/** What everybody has at first of each asset. */
export const FUNDS = 2_000_000;

const FEW = '#budget:few';
const MANY = '#budget:many';

/**
 * One budget pays for a part of the claims alone, and what is given back pays for others. Its small claims make it lend to other shards, its
 * large ones are short while that is out.
 */
export const OFFERS: readonly Offer[] = [
  { key: 'rare', asset: 'gold', points: 9_000, budget: FEW },
  { key: 'odd', asset: 'gold', points: 40, budget: FEW },
  { key: 'scarce', asset: 'tin', points: 90_000, budget: FEW, availableAtLeast: FUNDS / 2 },
  { key: 'common', asset: 'gold', points: 41, budget: MANY },
  { key: 'daily', asset: 'tin', points: 3, budget: FEW },
  { key: 'rich', asset: 'tin', points: 1_300, budget: MANY, availableAtLeast: FUNDS },
];

/** What is in each at first, by budget and asset. */
export const BUDGETS: readonly (readonly [budget: string, asset: string, amount: number])[] = [
  [FEW, 'gold', 9_000 * 4 + 100],
  [FEW, 'tin', 90_000 * 4 + 10_000],
  [MANY, 'gold', 10_000_000],
  [MANY, 'tin', 10_000_000],
];

export const CORRECTION: Correction = {
  ...{ key: 'fix', asset: 'gold' },
  ...{ mostUp: 40_000, mostDown: 20_000, secondFrom: 30_000 },
};

export const SHOP: Programme = {
  ...{ key: 'shop', asset: 'gold' },
  visit: { points: 7, times: 2 },
  gift: { mostEach: 50_000, mostTimes: 2 },
  referral: { referrer: 100, newcomer: 50 },
};

/** What events earn, what may be given, what a referral is worth. */
function programme(): PutDefinitionCommand[] {
  const { key, asset, visit, gift, referral } = SHOP;
  const of = { programme: key };
  const bought = { attributes: { amount: 'integer' }, amount: 'amount' };
  const say = (kind: string, key: string, document: object, more: object = {}) =>
    ({ type: 'put-definition', kind, key, state: 'active', document, ...more }) as const;
  return [
    say('programme', key, { asset, zone: DAY_ZONE.zone }, DAY_ZONE.offsets),
    say('event', `${key}.BUY`, { ...of, ...bought, countsForTiers: false }),
    say('event', `${key}.VISIT`, { ...of, countsForTiers: false }),
    say('rule', 'buy', { ...of, event: 'BUY', points: 1, per: 1, of: 'amount' }),
    say('rule', 'visit', {
      ...{ ...of, event: 'VISIT', points: visit.points },
      ...{ limitTimes: visit.times, span: 'ever' },
    }),
    say('gifting', key, gift),
    say('referral', key, referral),
  ] as PutDefinitionCommand[];
}

function definitions(): PutDefinitionCommand[] {
  const { key, ...correction } = CORRECTION;
  const state = 'active';
  return [
    ...OFFERS.map(({ key, availableAtLeast, ...offer }): PutDefinitionCommand => {
      const audience =
        availableAtLeast === undefined
          ? {}
          : { audience: `member.available >= ${availableAtLeast}` };
      return {
        type: 'put-definition',
        kind: 'offer',
        key,
        state,
        document: { ...offer, ...audience },
      };
    }),
    { type: 'put-definition', kind: 'correction', key, state, document: correction },
    ...programme(),
  ];
}

/** Makes a folder whose first shard was told all of this so long ago that it decides. */
export const programmeIn = (
  folder: string,
  shards: number,
  here: readonly number[],
): Promise<void> => saidBefore(folder, shards, here, definitions());
