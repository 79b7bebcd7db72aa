// Of which platforms an owner is a user. Owns: where that is kept. Never touches: who says so (the gateway, of its identities).
//   coalition.M1. It is a record of the owner, and one of `#member:<digest>` beside it, written in the same commit: the first is what the owner's own
//       exchanges look at, the other what an exchange for somebody else takes for a condition.
//   coalition.M2. An owner is a member as long as one of his users of the platform is.

import { PARTNER_USER_LENGTH_MAX } from '../../limits.js';
import { words } from '../../protocol/definition-fields.js';
import { chained } from '../../protocol/digest.js';
import type { ConditionalPut, Json, Reads, RecordDelta } from '../act.js';
import { isOfPlatform, MEMBER } from '../earning/member.js';
import { recordType } from '../record-type.js';

/** The type of the record of an owner, whose keys are platforms. */
export const PLATFORM_MEMBER = recordType('platform', {
  of: 'member',
  carry: {
    add(see, platform, value, { into }) {
      const own = usersIn(see, platform);
      const more = (value as readonly string[]).filter((user) => !own.includes(user));
      const added = more.slice(0, MEMBER_USERS_MAX - own.length);
      const { records } = membership(see, into, platform, own, [...own, ...added]);
      // Also where nothing changes there: so it can be taken back.
      return { records, puts: [besidePut(into, platform, own.length > 0, true)], delta: added };
    },
    back(see, platform, delta, { into }) {
      const own = usersIn(see, platform);
      return membership(
        see,
        into,
        platform,
        own,
        own.filter((user) => !(delta as readonly string[]).includes(user)),
      );
    },
  },
});
/** Of the record beside it. */
const KEY = 'of';
/** Users of one platform that one owner may have: they fit a record. */
export const MEMBER_USERS_MAX = 200;
/** Characters by which a user is kept. */
const USER_DIGEST_LENGTH = 16;

/** A user of a platform, as it is kept. */
export const userDigest = (user: string): string => chained(user, '').slice(0, USER_DIGEST_LENGTH);

/** A user of a platform. */
export const userOfPlatform = () =>
  words(PARTNER_USER_LENGTH_MAX, 'The user, as the platform names it.', 'ACT_BODY_INVALID');

const besideOf = (platform: string, owner: string): string => `#member:${chained(owner, platform)}`;

/** The users of a platform that this owner is. */
export function usersIn(see: Reads, platform: string): readonly string[] {
  const kept = see.record<readonly string[]>(PLATFORM_MEMBER, platform);
  return kept ?? earlierIn(see, platform) ?? [];
}

/** As earlier releases kept it: of the same type as what is known of a member of a programme. */
function earlierIn(see: Reads, platform: string): readonly string[] | undefined {
  const kept = see.record<Json>(MEMBER, platform);
  return isOfPlatform(kept) ? (kept as readonly string[]) : undefined;
}

/** Is the owner of the act a member? */
export const isMember = (see: Reads, platform: string): boolean =>
  see.record(PLATFORM_MEMBER, platform) !== undefined || earlierIn(see, platform) !== undefined;

/** The condition that somebody is a member: else an act is refused. */
export const mustBeMember = (platform: string, owner: string): ConditionalPut => ({
  owner: besideOf(platform, owner),
  ...{ type: MEMBER, key: KEY, expected: null, value: null },
  mustCount: true,
  otherwise: 'MEMBER_UNKNOWN',
});

/** Beside the record, it is said whether the owner is a member. */
const besidePut = (owner: string, platform: string, was: boolean, is: boolean): ConditionalPut => ({
  owner: besideOf(platform, owner),
  ...{ type: MEMBER, key: KEY, expected: was || null, value: is || null },
  otherwise: 'CHANGED_MEANWHILE',
});

/** What is written where an owner has other users of a platform than before. */
export function membership(
  see: Reads,
  owner: string,
  platform: string,
  before: readonly string[],
  after: readonly string[],
): { readonly records: readonly RecordDelta[]; readonly puts: readonly ConditionalPut[] } {
  const [was, is] = [before.length > 0, after.length > 0];
  const earlier = earlierIn(see, platform) === undefined ? [] : [MEMBER];
  const gone = earlier.map((type) => ({ type, key: platform, value: null }));
  return {
    records: [
      ...gone,
      { type: PLATFORM_MEMBER, key: platform, value: is ? (after as Json) : null },
    ],
    puts: was === is ? [] : [besidePut(owner, platform, was, is)],
  };
}
