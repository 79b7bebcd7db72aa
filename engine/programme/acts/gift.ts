// A member gives points to another one, within what the programme allows in a day.

import { words } from '../../protocol/definition-fields.js';
import { amount, id, optional, user } from '../../protocol/fields.js';
import { act, type CounterAdd } from '../act.js';
import { gifting, programme } from '../definitions/index.js';
import { giftPoints, giftTimes, givenIn } from '../earning/gifts.js';
import { windowAt } from '../earning/windows.js';
import { countedBack, isWhole } from '../undone.js';

const WISH_LENGTH_MAX = 200;

export const gift = act({
  name: 'gift',
  version: 1,
  about: 'A member gives points to another one, within the limits of a day.',
  body: {
    programme: id('ACT_BODY_INVALID'),
    to: user(),
    /** Minor units. */
    amount: amount(),
    wish: optional(words(WISH_LENGTH_MAX, 'What is said with it.', 'ACT_BODY_INVALID')),
  },
  takes: 'transfer',
  needs: ['transfer'],
  own: { needs: ['transfer'] },
  refusals: ['DEFINITION_NOT_FOUND', 'ASSET_UNKNOWN', 'GIFT_TO_SELF', 'GIFT_LIMIT', 'POINTS_SHORT'],

  decide(see, { programme: key, to, amount: points }, { owner, time }) {
    const of = see.definition(programme, key);
    const allowed = see.definition(gifting, key);
    if (of === undefined || allowed === undefined) return { refusal: 'DEFINITION_NOT_FOUND' };
    const { asset } = of.document;
    if (see.account(asset) === undefined) return { refusal: 'ASSET_UNKNOWN' };
    if (to === owner) return { refusal: 'GIFT_TO_SELF' };
    const window = windowAt('day', time, of.zoneOffsets ?? [0, 0], 0);
    const { mostPoints, mostTimes, mostEach } = allowed.document;
    const given = givenIn(see, key, allowed.document, window);
    if (
      (mostEach !== undefined && points > mostEach) ||
      (mostPoints !== undefined && given.points + points > mostPoints) ||
      (mostTimes !== undefined && given.times >= mostTimes)
    )
      return { refusal: 'GIFT_LIMIT' };
    const counters: CounterAdd[] = [];
    if (mostPoints !== undefined) counters.push({ name: giftPoints(key), window, add: points });
    if (mostTimes !== undefined) counters.push({ name: giftTimes(key), window, add: 1 });
    return {
      legs: [{ from: owner, to, asset, amount: points }],
      counters,
      effects: [{ type: 'gift', to, asset, amount: points }],
      why: { programme: of.version, gifting: allowed.version },
    };
  },

  /** What was given back may be given again, as long as the day is counted. */
  undo(see, undone, { time }) {
    const [points = 0] = undone.now;
    const isAll = isWhole(undone);
    const backs = undone.counters.flatMap((one) => {
      const share = one.name.startsWith(giftPoints('')) ? points : isAll ? one.add : 0;
      return countedBack(see, one, share, time);
    });
    return { counters: backs, effects: [], why: {} };
  },
});
