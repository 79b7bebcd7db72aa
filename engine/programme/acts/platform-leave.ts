// An owner is not that user of a platform any more, and unknown to it where it was the last one (coalition.M2).

import { act } from '../act.js';
import { membership, userDigest, userOfPlatform, usersIn } from '../coalition/members.js';
import { platform } from '../definitions/platform.js';

export const platformLeave = act({
  name: 'platform-leave',
  version: 1,
  about: 'An owner is not known to a platform as this user any more.',
  body: { platform: platform('ACT_BODY_INVALID'), user: userOfPlatform() },
  by: 'engine',
  needs: ['admin'],
  refusals: ['CHANGED_MEANWHILE'],

  decide(see, { platform: of, user: name }, { owner }) {
    const user = userDigest(name);
    const before = usersIn(see, of);
    const after = before.filter((one) => one !== user);
    const isGone = after.length < before.length;
    const changes = isGone ? membership(see, owner, of, before, after) : {};
    const effects = [{ type: 'platformLeft', platform: of, users: after.length, isGone }];
    return { legs: [], ...changes, effects, why: {} };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
