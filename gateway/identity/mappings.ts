// Who is who in which system (R2.1, R2.2). Owns: mappings, each from a system's user to a user of a
// target system, in the ledger's own records. Never touches: requests, points.
//   identity.U2. The forward record decides: it is written with the condition that there is none, or the
//       version that was seen, so of two who register at once one wins.
//   identity.U3. The record for the way back is written before it and counts only where the forward record
//       agrees: a crash in between leaves nothing that can be seen, and both ways always agree.
//   identity.U4. To register a user again as somebody else is a conflict. Only an update that names what was
//       moves a mapping; points stay where they are.

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

/** Writes the way back, then the forward record that makes it count, and what exchanges look at. `was`: who it was until now. */
async function write(
  engine: OwnLedger,
  mapping: Mapping,
  ifVersion: number,
  was?: string,
): Promise<Refusal | undefined> {
  const { source, target } = mapping;
  const refusal =
    (await back(target).put(engine, triple(source, target.system), source)) ??
    (await forward(source, target.system).put(engine, FORWARD, mapping, ifVersion));
  return refusal ?? follow(engine, mapping, was);
}

/** Who a system's user is in a target system; undefined: it is not registered there. */
export async function lookUp(
  engine: OwnLedger,
  source: SystemUser,
  target: string,
): Promise<Mapping | undefined | Refusal> {
  const problem = userNameProblem(source, 'user');
  if (problem !== undefined) return problem;
  const found = await find(engine, source, target);
  return found === undefined || isRefusal(found) ? found : found.read();
}

/** All mappings to a user of a system. */
export async function lookUpBack(
  engine: OwnLedger,
  target: SystemUser,
): Promise<readonly Mapping[] | Refusal> {
  const problem = userNameProblem(target, 'user');
  if (problem !== undefined) return problem;
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
  const present = await find(engine, source, target);
  if (isRefusal(present)) return present;
  if (present !== undefined) {
    const known = registeredAlready(present.read(), named, user === undefined);
    return isRefusal(known) ? known : ((await follow(engine, known.mapping)) ?? known);
  }
  const unnameable = pathProblem(source, 'user') ?? pathProblem(named, 'identity');
  if (unnameable !== undefined) return unnameable;
  const now = Date.now();
  const mapping: Mapping = {
    source,
    target: named,
    status: 'active',
    createdAt: now,
    updatedAt: now,
  };
  const refusal = await write(engine, mapping, 0);
  if (refusal === undefined) return { mapping, created: true };
  if (refusal.code !== 'CHANGED_MEANWHILE') return refusal;
  const winner = await find(engine, source, target);
  if (winner === undefined || isRefusal(winner)) return winner ?? refusal;
  return registeredAlready(winner.read(), named, user === undefined);
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
  const next = change(found.read());
  if (isRefusal(next)) return next;
  const mapping = { ...next, updatedAt: Date.now() };
  return (await write(engine, mapping, found.version, found.read().target.user)) ?? mapping;
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
