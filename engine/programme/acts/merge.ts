// One member of two: the points of a member, and what is kept of it, go to another one.

import {
  DAY_MS,
  LEGS_MAX,
  MERGE_DAYS_DEFAULT,
  MERGE_DAYS_MAX,
  MERGE_REASON_LENGTH_MAX,
} from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { optional, user, whole } from '../../protocol/fields.js';
import { act } from '../act.js';
import {
  beside,
  fitsPlan,
  isUnsettled,
  MEMBER_MERGED,
  MERGE,
  MERGE_TAKE,
  type Merged,
  mergedRecord,
  partsOf,
  UNMERGE,
} from '../merging.js';

export const merge = act({
  name: MERGE,
  version: 1,
  about:
    'A member is merged into another one, who gets all points, with their expiries, and what limits, tiers and tasks have counted.',
  body: {
    /** Who is left. */
    into: user(),
    reason: words(MERGE_REASON_LENGTH_MAX, 'Why, for whoever asks later.', 'ACT_BODY_INVALID'),
    /** For how long it can be undone; left out: 30 days. */
    days: optional(whole(0, MERGE_DAYS_MAX, 'ACT_BODY_INVALID')),
  },
  causes: [MERGE_TAKE],
  needs: ['merge'],
  isOfWhole: true,
  refusals: [
    'ACT_BODY_INVALID',
    'MEMBER_UNSETTLED',
    'ACCOUNT_FROZEN',
    'MERGE_TOO_LARGE',
    'MEMBER_MERGED',
  ],

  decide(see, { into, reason, days = MERGE_DAYS_DEFAULT }, { owner, time }) {
    if (into === owner) return { refusal: 'ACT_BODY_INVALID' };
    const all = see.whole();
    const owes = all.accounts.some(({ available }) => available < 0);
    if (owes || isUnsettled(all, time)) return { refusal: 'MEMBER_UNSETTLED' };
    if (all.accounts.some(({ isFrozen }) => isFrozen)) return { refusal: 'ACCOUNT_FROZEN' };
    const legs = all.accounts.flatMap(({ asset, available: amount }) =>
      amount === 0 ? [] : [{ from: owner, to: into, asset, amount }],
    );
    const parts = partsOf(all, time);
    if (parts === undefined || legs.length > LEGS_MAX) return { refusal: 'MERGE_TOO_LARGE' };
    const until = time + days * DAY_MS;
    const merged: Merged = { into, now: into, id: see.id, at: time, until, reason };
    const moved = legs.map(({ asset, amount }) => ({ asset, amount }));
    const plan = {
      legs,
      records: [mergedRecord(merged)],
      puts: beside.merged(owner, into, parts.length),
      followUps: parts.map((records, i) => ({
        owner: into,
        act: MERGE_TAKE,
        body: { from: owner, part: i + 1, at: time, until, records },
      })),
      effects: [{ type: MEMBER_MERGED, into, at: time, until, reason, moved }],
      why: { into, parts: parts.length },
    };
    return fitsPlan(plan) ? plan : { refusal: 'MERGE_TOO_LARGE' };
  },

  /** By `unmerge` alone, which says what becomes of it. */
  undo: (_, { by, body, followUps }, { owner }) =>
    by === UNMERGE
      ? {
          records: [mergedRecord(null)],
          puts: beside.parted(owner, (body as { into: string }).into, followUps.length),
          effects: [],
          why: {},
        }
      : { refusal: 'NOT_REVERSIBLE' },
});
