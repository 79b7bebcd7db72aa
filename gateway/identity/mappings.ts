// Who is who in which system (R2.1, R2.2). Owns: mappings, each from a system's user to a user of a
// target system, in the ledger's own records. Never touches: requests, points.
//   U2. The forward record decides: it is written with the condition that there is none, or the
//       version that was seen, so of two who register at once one wins.
//   U3. The record for the way back is written before it and counts only where the forward record
//       agrees: a crash in between leaves nothing that can be seen, and both ways always agree.
//   U4. To register a user again as somebody else is a conflict. Only an update that names what was
//       moves a mapping; points stay where they are.

import type { Engine, OwnerRecord } from '../../engine/index.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { derivedId, digest, GLOBAL, type SystemUser, userNameProblem } from './names.js';

/** A system's user, and who that is in another system. */
export interface Mapping {
  readonly source: SystemUser;
  readonly target: SystemUser;
  readonly status: 'active' | 'inactive';
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

interface Found {
  readonly mapping: Mapping;
  readonly version: number;
}

const TYPE = 'mapping';
const FORWARD = 'forward';
const HASH_LENGTH = 40;

const triple = (source: SystemUser, target: string): string =>
  digest(`${source.system}:${source.user}:${target}`);
const forwardOwner = (source: SystemUser, target: string): string =>
  `#mapping:${triple(source, target).slice(0, HASH_LENGTH)}`;
const backOwner = ({ system, user }: SystemUser): string =>
  `#mapped:${digest(`${system}:${user}`).slice(0, HASH_LENGTH)}`;

const read = <T>({ value }: OwnerRecord): T => JSON.parse(Buffer.from(value).toString('utf8')) as T;

async function find(
  engine: Engine,
  source: SystemUser,
  target: string,
): Promise<Found | undefined | Refusal> {
  const record = await engine.own.record(forwardOwner(source, target), TYPE, FORWARD);
  if (record === undefined || isRefusal(record)) return record;
  return { mapping: read<Mapping>(record), version: record.version };
}

async function put(
  engine: Engine,
  owner: string,
  key: string,
  value: object,
  ifVersion?: number,
): Promise<Refusal | undefined> {
  const bytes = Buffer.from(JSON.stringify(value));
  const place = { owner, recordType: TYPE, key } as const;
  const outcome = await engine.own.submit({
    type: 'put-record',
    ...place,
    value: bytes,
    ifVersion,
  });
  return outcome.ok ? undefined : outcome;
}

/** Writes the way back, then the forward record that makes it count. */
async function write(
  engine: Engine,
  mapping: Mapping,
  ifVersion: number,
): Promise<Refusal | undefined> {
  const { source, target } = mapping;
  const back = await put(engine, backOwner(target), triple(source, target.system), source);
  if (back !== undefined) return back;
  const owner = forwardOwner(source, target.system);
  const forward = await put(engine, owner, FORWARD, mapping, ifVersion);
  return forward?.code === 'RECORD_VERSION_MISMATCH' ? refuse('CHANGED_MEANWHILE') : forward;
}

/** Who a system's user is in a target system; undefined: it is not registered there. */
export async function lookUp(
  engine: Engine,
  source: SystemUser,
  target: string,
): Promise<Mapping | undefined | Refusal> {
  const problem = userNameProblem(source, 'user');
  if (problem !== undefined) return problem;
  const found = await find(engine, source, target);
  return found === undefined || isRefusal(found) ? found : found.mapping;
}

/** All mappings to a user of a system. */
export async function lookUpBack(
  engine: Engine,
  target: SystemUser,
): Promise<readonly Mapping[] | Refusal> {
  const problem = userNameProblem(target, 'user');
  if (problem !== undefined) return problem;
  const records = await engine.own.records({ owner: backOwner(target), recordType: TYPE });
  if (isRefusal(records)) return records;
  const found = await Promise.all(
    records.map((record) => find(engine, read<SystemUser>(record), target.system)),
  );
  const mappings: Mapping[] = [];
  for (const one of found) {
    if (isRefusal(one)) return one;
    // A way back that was overtaken by another registration or an update does not count.
    const there = one?.mapping.target;
    if (one !== undefined && there?.user === target.user && there.system === target.system)
      mappings.push(one.mapping);
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
  engine: Engine,
  source: SystemUser,
  target: string,
  user: string | undefined,
): Promise<Registered | Refusal> {
  const named = { system: target, user: user ?? (target === GLOBAL ? derivedId(source) : '') };
  const problem = userNameProblem(source, 'user') ?? userNameProblem(named, 'identity');
  if (problem !== undefined) return problem;
  const present = await find(engine, source, target);
  if (isRefusal(present)) return present;
  if (present !== undefined) return registeredAlready(present.mapping, named, user === undefined);
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
  return registeredAlready(winner.mapping, named, user === undefined);
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
  engine: Engine,
  source: SystemUser,
  target: string,
  change: (mapping: Mapping) => Mapping | Refusal,
): Promise<Mapping | Refusal> {
  const problem = userNameProblem(source, 'user');
  if (problem !== undefined) return problem;
  const found = await find(engine, source, target);
  if (isRefusal(found)) return found;
  if (found === undefined) return refuse('IDENTITY_NOT_FOUND', 'user');
  const next = change(found.mapping);
  if (isRefusal(next)) return next;
  const mapping = { ...next, updatedAt: Date.now() };
  return (await write(engine, mapping, found.version)) ?? mapping;
}

/** Makes a user of a system somebody else in the target system; `was`: who it is until now. */
export async function update(
  engine: Engine,
  source: SystemUser,
  target: SystemUser,
  was: string,
): Promise<Mapping | Refusal> {
  const problem = userNameProblem(target, 'identity');
  if (problem !== undefined) return problem;
  return changed(engine, source, target.system, (mapping) =>
    mapping.target.user === was ? { ...mapping, target } : refuse('IDENTITY_CONFLICT', 'was'),
  );
}

/** Ends a mapping for now, or lets it count again. */
export function setStatus(
  engine: Engine,
  source: SystemUser,
  target: string,
  status: Mapping['status'],
): Promise<Mapping | Refusal> {
  return changed(engine, source, target, (mapping) => ({ ...mapping, status }));
}
