// Roles: sets of operations that operators have. Owns: those that are built in, records of the others. Never touches: who has which.
//   operators.R1. What a role permits is looked at whenever something of an operator is judged: a role that is changed, or not there any more, permits that.
//   operators.R2. A role is said over the version that was seen, where one is named.
//   operators.R3. That no operator has a role that goes, and how many roles there are, is judged in the commit (staff.ts).

import { mayDo, OPERATIONS, type Operation } from '../../engine/index.js';
import { Documents, type OwnLedger } from '../documents.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { bodyReader } from '../schema/check.js';
import { isRoleName, ROLE_NAMES_MAX, RoleBody } from '../schema/operators.js';
import type { Role } from './shapes.js';
import { changeStaff, STAFF } from './staff.js';

interface StoredRole {
  readonly operations: readonly Operation[];
  readonly seconded?: readonly Operation[] | undefined;
  readonly description?: string | undefined;
  readonly version: number;
}

const ROLES = new Documents<StoredRole>(STAFF, 'role', 'role');
const readBody = bodyReader(RoleBody);

const builtIn = (role: string, description: string, operations: readonly Operation[]): Role => ({
  ...{ role, description, operations },
  builtIn: true,
});

/** The roles that there are by themselves. */
export const BUILT_IN: readonly Role[] = [
  builtIn('viewer', 'Looks at everything but secrets, and changes nothing.', ['read', 'view']),
  builtIn(
    'support',
    'Puts right what is a member’s, within what corrections allow: adjusts, takes back, freezes, merges.',
    ['read', 'view', 'correct', 'freeze', 'merge'],
  ),
  builtIn('marketing', 'Says what programmes, campaigns, goods and coupons are.', [
    ...(['read', 'view', 'configure'] as const),
  ]),
  builtIn(
    'finance',
    'Settles: budgets, reserves, rates, clearing, disputes; reads the audit trail.',
    [...(['read', 'view', 'settle', 'correct', 'read-audit', 'analyse'] as const)],
  ),
  builtIn('administrator', 'Everything.', OPERATIONS),
];

const ALREADY: ReadonlyMap<string, Role> = new Map(BUILT_IN.map((one) => [one.role, one]));

const shown = (role: string, stored: StoredRole): Role => ({ role, ...stored, builtIn: false });

/** All roles: those that are built in first. */
export async function allRoles(ledger: OwnLedger): Promise<Refusal | readonly Role[]> {
  const found = await ROLES.all(ledger);
  if (isRefusal(found)) return found;
  return [...BUILT_IN, ...found.map((one) => shown(one.key, one.read()))];
}

/** A role; `ROLE_NOT_FOUND`. */
export async function roleOf(ledger: OwnLedger, role: string): Promise<Refusal | Role> {
  const known = ALREADY.get(role);
  if (known !== undefined) return known;
  const found = isRoleName(role) ? await ROLES.get(ledger, role) : undefined;
  if (isRefusal(found)) return found;
  return found === undefined ? refuse('ROLE_NOT_FOUND', 'role') : shown(role, found.read());
}

/** What roles permit. */
export interface Permitted {
  readonly operations: ReadonlySet<Operation>;
  /** What takes a second person's agreement; none of what is permitted without. */
  readonly seconded: ReadonlySet<Operation>;
}

/** What these roles permit together; those that there are none of permit nothing. */
export async function permittedBy(
  ledger: OwnLedger,
  roles: readonly string[],
): Promise<Refusal | Permitted> {
  const found = await Promise.all(roles.map((role) => roleOf(ledger, role)));
  const operations = new Set<Operation>();
  const seconded = new Set<Operation>();
  for (const one of found) {
    if (isRefusal(one)) {
      if (one.code !== 'ROLE_NOT_FOUND') return one;
      continue;
    }
    for (const operation of one.operations) operations.add(operation);
    for (const operation of one.seconded ?? []) seconded.add(operation);
  }
  for (const operation of seconded) if (mayDo(operations, operation)) seconded.delete(operation);
  return { operations, seconded };
}

/** Says what a role is. */
export async function putRole(
  ledger: OwnLedger,
  role: string,
  body: unknown,
): Promise<Refusal | Role> {
  const said = readBody(body);
  if (isRefusal(said)) return said;
  if (ALREADY.has(role)) return refuse('ROLE_BUILT_IN', 'role');
  if (!isRoleName(role)) return refuse('COMMAND_INVALID', 'role', `role: ${ROLE_SAID}`);
  const { ifVersion, ...fields } = said;
  return changeStaff(ledger, 'role', async () => {
    const all = await ROLES.all(ledger);
    if (isRefusal(all)) return all;
    const before = all.find(({ key }) => key === role);
    const version = before?.read().version ?? 0;
    if (ifVersion !== undefined && ifVersion !== version)
      return refuse('CHANGED_MEANWHILE', 'ifVersion');
    if (before === undefined && all.length >= ROLE_NAMES_MAX)
      return refuse('OPERATOR_LIMIT', 'role');
    const stored = { ...fields, version: version + 1 };
    const changes = [ROLES.putting(role, stored, before?.version ?? 0)];
    return { changes, made: shown(role, stored) };
  });
}

const ROLE_SAID = 'A role is 1 to 40 letters in small, digits and -, and begins with a letter.';

/** Forgets a role that no operator has (R3). */
export async function removeRole(
  ledger: OwnLedger,
  role: string,
  isUsed: () => Promise<Refusal | boolean>,
): Promise<Refusal | Role> {
  if (ALREADY.has(role)) return refuse('ROLE_BUILT_IN', 'role');
  if (!isRoleName(role)) return refuse('ROLE_NOT_FOUND', 'role');
  return changeStaff(ledger, 'role', async () => {
    const found = await ROLES.get(ledger, role);
    if (isRefusal(found)) return found;
    if (found === undefined) return refuse('ROLE_NOT_FOUND', 'role');
    const used = await isUsed();
    if (isRefusal(used)) return used;
    if (used) return refuse('ROLE_IN_USE', 'role');
    return { changes: [ROLES.deleting(role, found.version)], made: shown(role, found.read()) };
  });
}
