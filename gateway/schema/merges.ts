// Merges of members outside. Owns: what is sent and answered about them. Never touches: what goes over.

import type { GatewayLimits } from '../limits.js';
import { actRefusals } from './acts.js';
import { flatAct } from './commands.js';
import { type Description, OWNERS, SHARDS } from './description.js';
import { DECIDED, waiting } from './ledger-descriptions.js';
import { answer } from './outcomes.js';
import { callerAct } from './programmes.js';
import { Type } from './typebox.js';
import { KnownId, Time, User } from './words.js';

const { Optional } = Type;

export const MERGE = callerAct('merge');
export const UNMERGE = callerAct('unmerge');

const OF_OWNER = { owner: User };
/** Of what is changed: nothing is made. */
const { 201: _, ...CHANGED } = DECIDED;

const MergeState = answer('MergeState', {
  owner: User,
  merged: Optional(
    Type.Object(
      {
        into: User,
        now: User,
        id: KnownId,
        at: Time,
        until: Time,
        reason: Type.String(),
      },
      {
        description:
          'It was merged `into` this member; `now`: who has the points, where that one was merged on. Left out: it was not.',
      },
    ),
  ),
  from: Type.Array(
    Type.Object({
      owner: User,
      at: Time,
      until: Time,
      through: Optional(User),
    }),
    { description: 'Who was merged into this member, and until when that can be undone.' },
  ),
});

export const mergeDescription = (of: GatewayLimits): Description => ({
  tag: 'programmes',
  summary: 'Merge a member into another one, who gets all points and what is counted.',
  details:
    'Points keep their expiries. Limits, tiers, tasks and days in a row count for both together, and a profile is filled up. Entries of before stay under their own name. From then on whoever names the merged member is refused `MEMBER_MERGED`, and users of platforms who were it are the other one.',
  path: OF_OWNER,
  query: waiting(of),
  body: flatAct(MERGE, 'MemberMerge', 'owner'),
  takesKey: true,
  answers: CHANGED,
  refusals: actRefusals(MERGE),
});

export const unmergeDescription = (of: GatewayLimits): Description => ({
  tag: 'programmes',
  summary: 'Undo a merge, within the days that it said.',
  details:
    'What came over goes back, out of the lots that it came in as far as they are left; what was spent meanwhile out of others. Where the other member has too few points: `POINTS_SHORT`, or with `allowDebt` it owes the rest.',
  path: OF_OWNER,
  query: waiting(of),
  body: flatAct(UNMERGE, 'MemberUnmerge', 'owner'),
  takesKey: true,
  answers: CHANGED,
  refusals: actRefusals(UNMERGE),
});

export const mergeStateDescription: Description = {
  tag: 'programmes',
  summary: 'Whether a member was merged, into whom, and who was merged into it.',
  path: OF_OWNER,
  answers: { 200: { summary: 'What became of it.', schema: MergeState } },
  refusals: [...SHARDS, ...OWNERS],
};
