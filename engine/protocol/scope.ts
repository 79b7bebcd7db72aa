// Whose an id is. Owns: how the ids of platforms are kept apart in the log, and how callers name and are shown them. Never touches: state.
//   protocol.I1. What a platform calls X is `platform,X` in the log, what a key without a platform calls X is X. No id that a caller gives to something
//       new has a comma, so that neither can be taken for the other.
//   protocol.I2. A caller is shown its own ids as it gave them, and those of others with whose they are: `shop,X`, to a platform also `,X` of a key
//       without one. So every id can be named to look at, capture or undo what it is of, as far as that is permitted.
//   protocol.I3. Ids of members are `_me,X`, whichever application asks: no platform is called so, so none of theirs can be taken, guessed or repeated.
//   protocol.I4. Ids of what the engine asks of a member by itself (a mark of a rule, an order that lapses, an erasure) are `_engine,X`: nobody who may
//       ask for anything of that member can take one of them first, and so keep it from being done.

import { SCOPE_LENGTH_MAX } from '../limits.js';
import { followUpId, namedCause } from './follow-ups.js';

const MARK = ',';
/** Of whom ids can be: a platform's name. */
export const SCOPE_PATTERN = `[a-z0-9][a-z0-9_-]{0,${SCOPE_LENGTH_MAX - 1}}`;
const SCOPE = new RegExp(`^${SCOPE_PATTERN}$`);
/** Whose the ids of a member are, who asks for itself. */
export const MEMBER_SCOPE = '_me';
/** Whose the ids are of what the engine asks of members by itself. */
export const ENGINE_SCOPE = '_engine';
/** Of whom ids can be, as they are named. */
export const NAMED_SCOPE_PATTERN = `(?:${MEMBER_SCOPE}|${ENGINE_SCOPE}|${SCOPE_PATTERN})`;

/** Can a platform be called so? */
export const isPlatformName = (name: string): boolean => SCOPE.test(name);

/** Can ids be of somebody of this name? */
export const isScope = (scope: string): boolean =>
  scope === MEMBER_SCOPE || scope === ENGINE_SCOPE || SCOPE.test(scope);

/** The id itself, or that of its cause, as something else. */
function inCause(id: string, change: (own: string) => string): string {
  const cause = namedCause(id);
  return cause === undefined ? change(id) : followUpId(cause.owner, change(cause.id), cause.n);
}

/** Whose an id is; undefined: it names nobody. */
export function scopeOf(id: string): string | undefined {
  const own = namedCause(id)?.id ?? id;
  const end = own.indexOf(MARK);
  return end < 0 ? undefined : own.slice(0, end);
}

/** The id without whose it is. */
export const bareId = (id: string): string =>
  inCause(id, (own) => own.slice(own.indexOf(MARK) + 1));

/** What a caller's id is in the log. `scope`: whose the caller's ids are; undefined: of no platform. */
export function storedId(id: string, scope: string | undefined): string {
  if (scope === undefined) return id;
  return inCause(id, (own) => {
    const end = own.indexOf(MARK);
    if (end === 0) return own.slice(1);
    return end < 0 ? `${scope}${MARK}${own}` : own;
  });
}

/** What a caller is shown of an id in the log. `isShared`: it may be the caller's, from before ids were anybody's (ledger.I3). */
export function shownId(id: string, scope: string | undefined, isShared = true): string {
  if (scope === undefined) return id;
  const whose = scopeOf(id);
  if (whose === scope) return bareId(id);
  return whose === undefined && !isShared ? inCause(id, (own) => `${MARK}${own}`) : id;
}
