// Of which platforms an owner is a user. Owns: where that is kept. Never touches: who says so (the gateway, of its identities).
//   coalition.M1. It is a record of the owner, and one of `#member:<digest>` beside it, written in the same commit: the first is what the owner's own
//       exchanges look at, the other what an exchange for somebody else takes for a condition.
//   coalition.M2. An owner is a member as long as one of his users of the platform is.

import { words } from '../../protocol/definition-fields.js';
import { chained } from '../../protocol/digest.js';
import type { ConditionalPut, Json, Reads, RecordDelta } from '../act.js';

/** The type of both records. */
export const MEMBER = 'member';
/** Of the record beside it. */
const KEY = 'of';
/** Users of one platform that one owner may have: they fit a record. */
export const MEMBER_USERS_MAX = 200;
/** Characters by which a user is kept. */
const USER_DIGEST_LENGTH = 16;

/** A user of a platform, as it is kept. */
export const userDigest = (user: string): string => chained(user, '').slice(0, USER_DIGEST_LENGTH);

/** Characters of a platform's name of a user. */
const USER_LENGTH_MAX = 128;

/** A user of a platform. */
export const userOfPlatform = () =>
  words(USER_LENGTH_MAX, 'The user, as the platform names it.', 'ACT_BODY_INVALID');

const besideOf = (platform: string, owner: string): string => `#member:${chained(owner, platform)}`;

/** The users of a platform that this owner is. */
export const usersIn = (see: Reads, platform: string): readonly string[] =>
  see.record<readonly string[]>(MEMBER, platform) ?? [];

/** Is the owner of the act a member? */
export const isMember = (see: Reads, platform: string): boolean =>
  see.record(MEMBER, platform) !== undefined;

/** The condition that somebody is a member: else an act is refused. */
export const mustBeMember = (platform: string, owner: string): ConditionalPut => ({
  owner: besideOf(platform, owner),
  ...{ type: MEMBER, key: KEY, expected: null, value: null },
  mustCount: true,
  otherwise: 'MEMBER_UNKNOWN',
});

/** What is written where an owner has other users of a platform than before. */
export function membership(
  owner: string,
  platform: string,
  before: readonly string[],
  after: readonly string[],
): { readonly records: readonly RecordDelta[]; readonly puts: readonly ConditionalPut[] } {
  const [was, is] = [before.length > 0, after.length > 0];
  const put: ConditionalPut = {
    owner: besideOf(platform, owner),
    ...{ type: MEMBER, key: KEY, expected: was || null, value: is || null },
    otherwise: 'CHANGED_MEANWHILE',
  };
  return {
    records: [{ type: MEMBER, key: platform, value: is ? (after as Json) : null }],
    puts: was === is ? [] : [put],
  };
}
