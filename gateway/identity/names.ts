// Names of users in several systems. Owns: their syntax, ids derived from them. Never touches: what
// is registered.
//   identity.U1. No part that is joined with colons has a colon inside, so `a:b` + `c` is never `a` + `b:c`.

import { createHash } from 'node:crypto';
import { isPathPart } from '../../engine/index.js';
import { type Refusal, refuse } from '../refusal.js';
import { fits, isPlatformId, SystemUser as SystemUserName, User } from '../schema/words.js';

/** The system whose users are the ledger's own: owners of accounts. */
export const GLOBAL = 'global';

/** SHA-256 over a text, in hex. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Is this how a system names a user? */
const isSystemUser = fits(SystemUserName);

/** Is this a global user id? */
export const isGlobalId = fits(User);

/** A user of a system; the ledger's own users are those of `global`. */
export interface SystemUser {
  readonly system: string;
  readonly user: string;
}

/** What is wrong with a user's name, if anything; `field` names the user's field. */
export function userNameProblem({ system, user }: SystemUser, field: string): Refusal | undefined {
  if (system === GLOBAL) return isGlobalId(user) ? undefined : refuse('OWNER_INVALID', field);
  if (!isPlatformId(system)) return refuse('IDENTITY_INVALID', 'system');
  return isSystemUser(user) ? undefined : refuse('IDENTITY_INVALID', field);
}

/** What is wrong with the name of a user who is new, if anything: nobody could ask for them. */
export function pathProblem({ system, user }: SystemUser, field: string): Refusal | undefined {
  if (isPathPart(user)) return undefined;
  return refuse(system === GLOBAL ? 'OWNER_INVALID' : 'IDENTITY_INVALID', field);
}

/**
 * The global id of a platform's user where none is given: SHA-256 over `platform:user`, the first 16
 * bytes written as a UUID, with no version bits set.
 */
export function derivedId({ system, user }: SystemUser): string {
  const hex = digest(`${system}:${user}`);
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20, 32)].join('-');
}

/** The cross-system account id: `CS:` and the SHA-256 of `user:system:asset`. */
export const crossSystemId = ({ system, user }: SystemUser, asset: string): string =>
  `CS:${digest(`${user}:${system}:${asset}`)}`;
