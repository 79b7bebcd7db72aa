// A member as its access tokens permit it to ask. Owns: what scopes come to, by platforms as they are now; what is told where they are not enough.
// Never touches: tokens, consents.
//   auth.A42. A scope of a platform extends to that platform's assets, as they are now; one that is unknown or disabled extends to nothing. What a member may
//       is never more than the union of what its scopes permit, each by itself.
//   auth.A43. A member is restricted to its own points, and asks as a member (Grants.scope): for acts that are for members alone.

import { limits, MEMBER_SCOPE, type Operation } from '../../engine/index.js';
import { includes, SCOPES, type Scope, type ScopeWord, scopeText } from '../oauth/scopes.js';
import type { Directory } from './directory.js';
import type { Access, Principal } from './principal.js';

/** Whom a token is of, and what was consented to. */
export interface TokenOf {
  /** The sign-in id. */
  readonly member: string;
  readonly owner: string;
  /** The client's id; `@me`: the product's own page. */
  readonly client: string;
  readonly scopes: readonly Scope[];
}

type Assets = ReadonlySet<string> | undefined;

/** Where a scope of all platforms meets one of one: all. */
const joined = (some: readonly Assets[]): Assets =>
  some.some((one) => one === undefined)
    ? undefined
    : new Set(some.flatMap((one) => [...(one ?? [])]));

const isSame = (one: Assets, other: Assets): boolean => one?.size === other?.size;

/** The member that a token permits to ask. */
export function memberPrincipal(
  { member, owner, client, scopes }: TokenOf,
  directory: Pick<Directory, 'platform'>,
): Principal {
  const assetsOf = ({ platform }: Scope): Assets => {
    if (platform === undefined) return undefined;
    const known = directory.platform(platform)?.platform;
    return new Set(known === undefined || known.disabled ? [] : known.assets);
  };
  const each = new Map<Operation, Assets[]>();
  for (const scope of scopes) {
    const { operations } = SCOPES[scope.word];
    for (const one of operations) each.set(one, [...(each.get(one) ?? []), assetsOf(scope)]);
  }
  const permitted = [...each]
    .map(([operation, all]) => [operation, joined(all)] as const)
    .filter(([, assets]) => assets?.size !== 0);
  const union = joined(permitted.map(([, assets]) => assets));
  // What is too long a list is told by operation.
  const assets = union !== undefined && union.size > limits.GRANT_ASSETS_MAX ? undefined : union;
  const narrowed = new Map(
    permitted.flatMap(([operation, some]) =>
      some === undefined || isSame(some, assets)
        ? []
        : [[operation, new Set([...some].slice(0, limits.GRANT_ASSETS_MAX))] as const],
    ),
  );
  return {
    kind: 'member',
    id: member,
    principal: `member:${member}`,
    audited: `member:${member}/${client}`,
    client,
    operations: new Set(permitted.map(([operation]) => operation)),
    ...{ assets, narrowed, owner, scope: MEMBER_SCOPE },
    scopes,
    rate: undefined,
    platform: undefined,
  };
}

/** Has a member consented to a scope of all platforms? */
export const hasScope = ({ scopes = [] }: Principal, word: ScopeWord): boolean =>
  includes(scopes, { word, platform: undefined });

/** What a route asks members for, as a scope says it. */
export function scopesFor({ members = [], scope }: Access): string {
  const words = (Object.keys(SCOPES) as ScopeWord[]).filter(
    (word) =>
      word === scope || SCOPES[word].operations.some((one: Operation) => members.includes(one)),
  );
  return scopeText(words.map((word) => ({ word, platform: undefined })));
}

const REALM = 'Bearer realm="jifen"';
type Headers = readonly (readonly [string, string])[];
const SHOW: Headers = [['WWW-Authenticate', REALM]];
const WRONG: Headers = [['WWW-Authenticate', `${REALM}, error="invalid_token"`]];

/** How to show who asks, in a 401 (RFC 6750, 3): whether a bearer's token was shown, and is no good. */
export const challenge = (isBearer: boolean): Headers => (isBearer ? WRONG : SHOW);

/** The same of a token that is good, and permits too little. */
export function tooNarrow(access: Access): Headers {
  const scope = scopesFor(access);
  const asked = scope === '' ? '' : `, scope="${scope}"`;
  return [['WWW-Authenticate', `${REALM}, error="insufficient_scope"${asked}`]];
}
