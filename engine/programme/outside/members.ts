// Who must be known to which platform where a partner outside takes part. Owns: those conditions. Never touches: who says so (coalition/members.ts).
//   outside.M1. Points of a partner are taken from a user there who is registered as the member, whatever `members` says: nobody names another one's.

import type { ActRefusal, ConditionalPut, Reads } from '../act.js';
import { isMember, mustBeMember, userDigest, usersIn } from '../coalition/members.js';
import type { Terms } from '../coalition/terms.js';

type Known = ActRefusal | readonly ConditionalPut[];
type Side = Terms['source'];

const REFUSED: ActRefusal = { refusal: 'MEMBER_UNKNOWN' };

/** Is this user of a platform the owner of the act? */
export const isOwnUser = (see: Reads, platform: string, user: string): boolean =>
  usersIn(see, platform).includes(userDigest(user));

/** Of points that are here: is who gets them known to their platform? */
export function gets(see: Reads, { document }: Side, owner: string, receiver: string): Known {
  if (document.members === 'all') return [];
  if (receiver !== owner) return [mustBeMember(document.platform, receiver)];
  return isMember(see, document.platform) ? [] : REFUSED;
}

/** The users that are named at the partners; of a side that is here none is. */
export interface Users {
  readonly fromUser?: string | undefined;
  readonly toUser?: string | undefined;
}

/** Is who gives known to the platform of the source, and who gets to that of the target? Who is not known to a partner yet is made known on the way. */
export function parties(
  { fromUser, toUser }: Users,
  see: Reads,
  { source, target }: Pick<Terms, 'source' | 'target'>,
  owner: string,
  receiver: string,
): Known {
  const { outside, members, platform } = source.document;
  if ((fromUser !== undefined) !== (outside === true)) return REFUSED;
  const gives =
    fromUser === undefined
      ? members === 'all' || isMember(see, platform)
      : isOwnUser(see, platform, fromUser);
  if (!gives) return REFUSED;
  const to = target.document;
  if (to.outside !== true)
    return toUser === undefined ? gets(see, target, owner, receiver) : REFUSED;
  if (toUser === undefined) return [];
  if (receiver !== owner) return [mustBeMember(to.platform, receiver)];
  return isOwnUser(see, to.platform, toUser) ? [] : REFUSED;
}
