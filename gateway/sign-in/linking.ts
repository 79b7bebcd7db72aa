// A platform's user becomes the member, too; so does who has another account. Owns: which proofs that takes, what is done by them. Never touches: how members are
// merged (engine/programme/acts/merge.ts).
//   signin.M1. Both are proved: the member's own by a session and the password, said again; the other by a ticket of the platform for its user, or by the login
//       name and password of the other account, and a code of it, where it has a second factor. A ticket proves a user of that platform and nothing more: who signs in by itself, or is known to other platforms,
//       too, proves it by signing in.
//   signin.M2. A user whom the ledger does not know is registered as the member. Who is somebody in the ledger is merged into the member, in one commit, whether
//       there are points or not: nothing that comes meanwhile is left behind. Who proved what stands in the reason of the merge.
//   signin.M3. Asked again, it answers what is so.

import { createHash } from 'node:crypto';
import { ownerNow } from '../../engine/index.js';
import { lookUp, lookUpBack, register } from '../identity/mappings.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { isSignedInAs } from './accounts.js';
import type { Parts } from './parts.js';
import { accountWith, isOwnPassword, withCode } from './sessions.js';
import type { Asked, Linked, Linking } from './shapes.js';
import { linkedUser } from './tickets.js';

export async function link(
  parts: Parts,
  { member, owner, password, ticket, login, otherPassword, otherCode, ...asked }: Linking & Asked,
): Promise<Refusal | Linked> {
  const isSignedIn = login !== undefined && otherPassword !== undefined;
  if (
    (ticket !== undefined) === isSignedIn ||
    (login === undefined) !== (otherPassword === undefined)
  )
    return refuse('PROOF_MISSING', ticket === undefined ? 'ticket' : 'login');
  const mine = await isOwnPassword(parts, member, password);
  if (isRefusal(mine)) return mine;
  const into = await ownerNow(parts.engine.own, owner);
  if (isRefusal(into)) return into;
  return isSignedIn
    ? byAccount(parts, asked, into, { login, password: otherPassword, code: otherCode })
    : byTicket(parts, asked, into, { member, ticket: ticket ?? '' });
}

async function byTicket(
  parts: Parts,
  asked: Asked,
  into: string,
  { member, ticket }: { readonly member: string; readonly ticket: string },
): Promise<Refusal | Linked> {
  const { engine } = parts;
  const proved = await linkedUser(parts, ticket, member);
  if (isRefusal(proved)) return proved;
  const user = { system: proved.platform, user: proved.user };
  const known = await lookUp(engine, user, 'global');
  if (isRefusal(known)) return known;
  if (known === undefined) {
    const made = await register(parts.records(asked), user, 'global', into);
    if (!isRefusal(made)) return { owner: into, merged: undefined, user };
    if (made.code !== 'IDENTITY_CONFLICT') return made;
    // It was registered at this moment, as somebody else.
    return byTicket(parts, asked, into, { member, ticket });
  }
  if (known.status === 'inactive') return refuse('IDENTITY_INACTIVE', 'ticket');
  const other = known.target.user;
  if (other === into) return { owner: into, merged: undefined, user };
  const weak = await isMoreThan(parts, other, user.system);
  if (weak !== undefined) return weak;
  const how = `a ticket of ${user.system} for its user`;
  return merged(parts, asked, { from: other, into, id: proved.id, how }, user);
}

/** Is somebody more than a user of this platform? Then a ticket of it does not prove all of that one. */
async function isMoreThan(
  { engine }: Parts,
  owner: string,
  platform: string,
): Promise<Refusal | undefined> {
  const [signsIn, mappings] = await Promise.all([
    isSignedInAs(engine, owner),
    lookUpBack(engine, { system: 'global', user: owner }),
  ]);
  if (isRefusal(signsIn)) return signsIn;
  if (isRefusal(mappings)) return mappings;
  const isAlone = mappings.every(({ source }) => source.system === platform);
  return !signsIn && isAlone ? undefined : refuse('PROOF_WEAK', 'ticket');
}

async function byAccount(
  parts: Parts,
  asked: Asked,
  into: string,
  {
    login,
    password,
    code,
  }: { readonly login: string; readonly password: string; readonly code: string | undefined },
): Promise<Refusal | Linked> {
  const { engine, attempts } = parts;
  const found = await accountWith(parts, asked, login, password);
  if (isRefusal(found)) return found;
  const account = await withCode(parts, found, code);
  if (isRefusal(account)) return { ...account, ...(account.field && { field: 'otherCode' }) };
  const back = await attempts.giveBack(engine, found.counted, parts.now);
  if (back !== undefined) return back;
  const { owner, member, version } = account;
  const from = await ownerNow(engine.own, owner);
  if (isRefusal(from)) return from;
  if (from === into) return { owner: into, merged: undefined, user: undefined };
  const how = `signing in to the account ${member}`;
  return merged(parts, asked, { from, into, id: `${member}.${version}`, how }, undefined);
}

/** Merges one into the other; the same again finds it done. */
async function merged(
  parts: Parts,
  asked: Asked,
  { from, into, id, how }: { from: string; into: string; id: string; how: string },
  user: Linked['user'],
): Promise<Refusal | Linked> {
  // A refusal that is kept is of this proof, of these two: another proof is judged anew.
  const of = createHash('sha256')
    .update(JSON.stringify([id, into]))
    .digest('hex')
    .slice(0, 32);
  const reason = `Linked by the member: own session and password; ${how}.`;
  const outcome = await parts.engine.own.submit(
    { type: 'act', id: `link:${of}`, owner: from, act: 'merge', body: { into, reason } },
    { audit: asked.audit },
  );
  if (outcome.ok) return { owner: into, merged: from, user };
  if (outcome.code !== 'MEMBER_MERGED') return outcome;
  const now = await ownerNow(parts.engine.own, from);
  if (isRefusal(now)) return now;
  return now === into ? { owner: into, merged: from, user } : outcome;
}
