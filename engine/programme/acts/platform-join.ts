// An owner is a user of a platform from now on (coalition.M1, coalition.M2). The gateway asks for it with each registration of an identity.

import { act } from '../act.js';
import {
  MEMBER_USERS_MAX,
  membership,
  userDigest,
  userOfPlatform,
  usersIn,
} from '../coalition/members.js';
import { platform } from '../definitions/platform.js';

export const platformJoin = act({
  name: 'platform-join',
  version: 1,
  about: 'An owner is known to a platform, as one of its users: so points of it are exchanged.',
  body: { platform: platform('ACT_BODY_INVALID'), user: userOfPlatform() },
  by: 'engine',
  needs: ['admin'],
  refusals: ['MEMBER_USERS', 'CHANGED_MEANWHILE'],

  decide(see, { platform: of, user: name }, { owner }) {
    const user = userDigest(name);
    const before = usersIn(see, of);
    const isNew = !before.includes(user);
    if (isNew && before.length >= MEMBER_USERS_MAX) return { refusal: 'MEMBER_USERS' };
    const after = isNew ? [...before, user] : before;
    const changes = isNew ? membership(see, owner, of, before, after) : {};
    const effects = [{ type: 'platformJoined', platform: of, users: after.length, isNew }];
    return { legs: [], ...changes, effects, why: {} };
  },

  undo: () => ({ refusal: 'NOT_REVERSIBLE' }),
});
