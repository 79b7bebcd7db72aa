// Who is who in which system (R2.1, R2.2). Owns: mappings, each from a system's user to a user of a
// target system, in the ledger's own records. Never touches: requests, points.
//   identity.U2. The forward record decides: it is written with the condition that there is none, or the
//       version that was seen, so of two who register at once one wins.
//   identity.U3. The record for the way back is written before it and counts only where the forward record
//       agrees: a crash in between leaves nothing that can be seen, and both ways always agree.
//   identity.U4. To register a user again as somebody else is a conflict. Only an update that names what was
//       moves a mapping; points stay where they are.
//   identity.U6. Who was merged into another member (acts/merge.ts) is that one: its mappings are read so, and stay as they are, so that they are
//       its own again when the merge is undone.
//   identity.U7. Of who is erased nothing is said any more: whoever writes looks before, and once more afterwards.

import { erasureAt, mergeState, ownerNow } from '../../engine/index.js';
import { type Document, Documents, type OwnLedger } from '../documents.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { follow, type Mapping } from './membership.js';
import {
  derivedId,
  digest,
  GLOBAL,
  pathProblem,
  type SystemUser,
  userNameProblem,
} from './names.js';

export type { Mapping } from './membership.js';

const TYPE = 'mapping';
const FORWARD = 'forward';
const HASH_LENGTH = 40;

const triple = (source: SystemUser, target: string): string =>
  digest(`${source.system}:${source.user}:${target}`);
const forward = (source: SystemUser, target: string): Documents<Mapping> =>
  new Documents(`#mapping:${triple(source, target).slice(0, HASH_LENGTH)}`, TYPE);
const back = ({ system, user }: SystemUser): Documents<SystemUser> =>
  new Documents(`#mapped:${digest(`${system}:${user}`).slice(0, HASH_LENGTH)}`, TYPE);

const find = (
  engine: OwnLedger,
  source: SystemUser,
  target: string,
): Promise<Document<Mapping> | undefined | Refusal> => forward(source, target).get(engine, FORWARD);

/** Who a user of a target system is now, where it was merged. */
async function nowOf(engine: OwnLedger, target: SystemUser): Promise<SystemUser | Refusal> {
  if (target.system !== GLOBAL) return target;
  const user = await ownerNow(engine.own, target.user);
  return isRefusal(user) ? user : { ...target, user };
}

/** A mapping as it is read (identity.U6). */
async function shown(engine: OwnLedger, mapping: Mapping): Promise<Mapping | Refusal> {
  const target = await nowOf(engine, mapping.target);
  return isRefusal(target) ? target : { ...mapping, target };
}

/** Writes the way back, then the forward record that makes it count, and what exchanges look at. `is`: as it is read; `was`: who it was until now. */
async function write(
  engine: OwnLedger,
  mapping: Mapping,
  ifVersion: number,
  { is, was }: { readonly is: Mapping; readonly was?: string },
): Promise<Refusal | undefined> {
  const { source, target } = mapping;
  const refusal =
    (await back(target).put(engine, triple(source, target.system), source)) ??
    (await forward(source, target.system).put(engine, FORWARD, mapping, ifVersion));
  return refusal ?? follow(engine, is, was);
}

/** The same as `lookUp`, but who was merged stays himself: by whom what was done for him is known. */
export async function lookUpKept(
  engine: OwnLedger,
  source: SystemUser,
  target: string,
): Promise<Mapping | undefined | Refusal> {
  const problem = userNameProblem(source, 'user');
  if (problem !== undefined) return problem;
  const found = await find(engine, source, target);
  return found === undefined || isRefusal(found) ? found : found.read();
}

/** Who a system's user is in a target system; undefined: it is not registered there. */
export async function lookUp(
  engine: OwnLedger,
  source: SystemUser,
  target: string,
): Promise<Mapping | undefined | Refusal> {
  const found = await lookUpKept(engine, source, target);
  return found === undefined || isRefusal(found) ? found : shown(engine, found);
}

/** All mappings to a user of a system. */
export async function lookUpBack(
  engine: OwnLedger,
  target: SystemUser,
): Promise<readonly Mapping[] | Refusal> {
  const problem = userNameProblem(target, 'user');
  if (problem !== undefined) return problem;
  const merges = target.system === GLOBAL ? await mergeState(engine.own, target.user) : undefined;
  if (merges !== undefined && isRefusal(merges)) return merges;
  // Those of who was merged into somebody else are that one's.
  const before = merges?.from.map(({ owner }) => owner) ?? [];
  const users = merges?.merged === undefined ? [target.user, ...before] : [];
  const found = await Promise.all(
    users.map((user) => storedBack(engine, { system: target.system, user })),
  );
  const mappings: Mapping[] = [];
  for (const some of found) {
    if (isRefusal(some)) return some;
    mappings.push(...some.map((one) => ({ ...one, target })));
  }
  return mappings;
}

/** The same, as they are kept. */
async function storedBack(
  engine: OwnLedger,
  target: SystemUser,
): Promise<readonly Mapping[] | Refusal> {
  const sources = await back(target).all(engine);
  if (isRefusal(sources)) return sources;
  const found = await Promise.all(
    sources.map((source) => find(engine, source.read(), target.system)),
  );
  const mappings: Mapping[] = [];
  for (const document of found) {
    if (isRefusal(document)) return document;
    // A way back that was overtaken by another registration or an update does not count.
    const mapping = document?.read();
    const there = mapping?.target;
    if (mapping !== undefined && there?.user === target.user && there.system === target.system)
      mappings.push(mapping);
  }
  return mappings;
}

/** What a registration came to. */
export interface Registered {
  readonly mapping: Mapping;
  /** It was made by this call, and was not there before. */
  readonly created: boolean;
}

/**
 * Registers who a system's user is in a target system. `user` left out, towards `global`: the
 * derived id. The same again answers what is there.
 */
export async function register(
  engine: OwnLedger,
  source: SystemUser,
  target: string,
  user: string | undefined,
): Promise<Registered | Refusal> {
  const named = { system: target, user: user ?? (target === GLOBAL ? derivedId(source) : '') };
  const problem = userNameProblem(source, 'user') ?? userNameProblem(named, 'identity');
  if (problem !== undefined) return problem;
  const [present, asked] = [await find(engine, source, target), await nowOf(engine, named)];
  if (isRefusal(present)) return present;
  if (isRefusal(asked)) return asked;
  if (present !== undefined) {
    const is = await shown(engine, present.read());
    const known = isRefusal(is) ? is : registeredAlready(is, asked, user === undefined);
    return isRefusal(known) ? known : ((await follow(engine, known.mapping)) ?? known);
  }
  const unnameable = pathProblem(source, 'user') ?? pathProblem(named, 'identity');
  if (unnameable !== undefined) return unnameable;
  const gone = await erasedRefusal(engine, source, asked);
  if (gone !== undefined) return gone;
  const now = Date.now();
  const mapping: Mapping = {
    source,
    target: asked,
    status: 'active',
    createdAt: now,
    updatedAt: now,
  };
  const refusal = await write(engine, mapping, 0, { is: mapping });
  if (refusal === undefined || refusal.code === 'MEMBER_ERASED')
    return (await takenBack(engine, mapping)) ?? refusal ?? { mapping, created: true };
  if (refusal.code !== 'CHANGED_MEANWHILE') return refusal;
  const winner = await find(engine, source, target);
  if (winner === undefined || isRefusal(winner)) return winner ?? refusal;
  const is = await shown(engine, winner.read());
  return isRefusal(is) ? is : registeredAlready(is, asked, user === undefined);
}

function registeredAlready(
  mapping: Mapping,
  named: SystemUser,
  isAnyRight: boolean,
): Registered | Refusal {
  if (!isAnyRight && mapping.target.user !== named.user)
    return refuse('IDENTITY_CONFLICT', 'identity');
  if (mapping.status === 'inactive') return refuse('IDENTITY_INACTIVE', 'user');
  return { mapping, created: false };
}

/** Of who is erased nobody says any more who it is elsewhere (identity.U7). */
async function erasedRefusal(
  engine: OwnLedger,
  source: SystemUser,
  target: SystemUser,
): Promise<Refusal | undefined> {
  for (const { system, user } of [source, target]) {
    const erased = system === GLOBAL ? await erasureAt(engine.own, user) : undefined;
    if (erased !== undefined)
      return isRefusal(erased) ? erased : refuse('MEMBER_ERASED', 'identity');
  }
  return undefined;
}

/** How often what was said of somebody who is erased is tried to be taken back. */
const TAKING_BACK_MAX = 5;

/** Where that has come while it was written, it is taken back: also where the member's own part of it was refused for that, and the rest is there. */
async function takenBack(engine: OwnLedger, mapping: Mapping): Promise<Refusal | undefined> {
  const { source, target } = mapping;
  const gone = await erasedRefusal(engine, source, target);
  if (gone?.code !== 'MEMBER_ERASED') return gone;
  // The erasure takes it back at the same moment: what that has changed is looked at again.
  for (let attempt = 1; ; attempt++) {
    const no =
      (await forgetOne(engine, source, target)) ??
      (await back(target).delete(engine, triple(source, target.system)));
    if (no?.code !== 'CHANGED_MEANWHILE' || attempt === TAKING_BACK_MAX) return no ?? gone;
  }
}

async function changed(
  engine: OwnLedger,
  source: SystemUser,
  target: string,
  change: (mapping: Mapping) => Mapping | Refusal,
): Promise<Mapping | Refusal> {
  const problem = userNameProblem(source, 'user');
  if (problem !== undefined) return problem;
  const found = await find(engine, source, target);
  if (isRefusal(found)) return found;
  if (found === undefined) return refuse('IDENTITY_NOT_FOUND', 'user');
  const is = await shown(engine, found.read());
  if (isRefusal(is)) return is;
  const next = change(is);
  if (isRefusal(next)) return next;
  const other = await nowOf(engine, next.target);
  if (isRefusal(other)) return other;
  const now = { ...next, target: other, updatedAt: Date.now() };
  const isOther = other.user !== is.target.user;
  const mapping = isOther ? now : { ...now, target: found.read().target };
  const gone = await erasedRefusal(engine, source, other);
  if (gone !== undefined) return gone;
  const beside = { is: now, was: is.target.user };
  const refusal = await write(engine, mapping, found.version, beside);
  if (refusal !== undefined && refusal.code !== 'MEMBER_ERASED') return refusal;
  return (await takenBack(engine, mapping)) ?? refusal ?? now;
}

/** Makes a user of a system somebody else in the target system; `was`: who it is until now. */
export async function update(
  engine: OwnLedger,
  source: SystemUser,
  target: SystemUser,
  was: string,
): Promise<Mapping | Refusal> {
  const problem = userNameProblem(target, 'identity') ?? pathProblem(target, 'identity');
  if (problem !== undefined) return problem;
  return changed(engine, source, target.system, (mapping) =>
    mapping.target.user === was ? { ...mapping, target } : refuse('IDENTITY_CONFLICT', 'was'),
  );
}

/** Ends a mapping for now, or lets it count again. */
export function setStatus(
  engine: OwnLedger,
  source: SystemUser,
  target: string,
  status: Mapping['status'],
): Promise<Mapping | Refusal> {
  return changed(engine, source, target, (mapping) => ({ ...mapping, status }));
}

/**
 * Forgets who a member is elsewhere: no record says it any more, nor one that does not count any more. `systems`: the platforms there are. The member stays a user
 * of what exchanges look at only where somebody registers it again.
 */
export async function forget(
  engine: OwnLedger,
  owner: string,
  systems: readonly string[],
): Promise<Refusal | undefined> {
  const target = { system: GLOBAL, user: owner };
  const sources = await back(target).all(engine);
  if (isRefusal(sources)) return sources;
  const known = sources.map((one) => one.read().system);
  const all = [...new Set([...systems, ...known])].filter((one) => one !== GLOBAL);
  for (const one of sources) {
    const source = one.read();
    const said = await find(engine, source, GLOBAL);
    if (isRefusal(said)) return said;
    // One that is somebody else's by now, or nobody's, is left alone.
    const isIts = said?.read().target.user === owner;
    // Who it is for other platforms goes first: by what it is for the ledger that is found again after a kill.
    for (const system of isIts ? all : []) {
      const no = await forgetTowards(engine, source, system);
      if (no !== undefined) return no;
    }
    const no =
      (await forgetOne(engine, source, target)) ?? (await back(target).delete(engine, one.key));
    if (no !== undefined) return no;
  }
  for (const system of all) {
    const no = await forgetTowards(engine, target, system);
    if (no !== undefined) return no;
  }
  return undefined;
}

/** Forgets that a system's user is this one; another one that it is by now stays. */
async function forgetOne(
  engine: OwnLedger,
  source: SystemUser,
  target: SystemUser,
): Promise<Refusal | undefined> {
  const found = await find(engine, source, target.system);
  if (isRefusal(found)) return found;
  const mapping = found?.read();
  if (found === undefined || mapping?.target.user !== target.user) return undefined;
  const ended = { ...mapping, status: 'inactive', updatedAt: Date.now() } as const;
  return (
    (await follow(engine, ended)) ??
    (await forward(source, target.system).delete(engine, FORWARD, found.version))
  );
}

/** Forgets who somebody is in a system, both ways. */
async function forgetTowards(
  engine: OwnLedger,
  source: SystemUser,
  system: string,
): Promise<Refusal | undefined> {
  const found = await find(engine, source, system);
  if (found === undefined || isRefusal(found)) return found;
  const { target } = found.read();
  return (
    (await back(target).delete(engine, triple(source, system))) ??
    (await forward(source, system).delete(engine, FORWARD, found.version))
  );
}
