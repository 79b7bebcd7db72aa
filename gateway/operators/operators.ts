// Operators as they are kept. Owns: their records, what is said of them. Never touches: passwords, codes, sessions.
//   operators.O1. All that is known of an operator is one document: what a change rests on is judged in the commit that writes it.
//   operators.O2. An account that is removed ends with all that rests on it, also where one of that name is made again (`life`).
//   operators.O3. How many accounts there are, and whether their roles are there, is judged in the commit that writes an account (staff.ts).

import { randomBytes } from 'node:crypto';
import { type Document, Documents, type OwnLedger } from '../documents.js';
import type { GatewayLimits } from '../limits.js';
import { digestOf, newCredential, newId } from '../oauth/credentials.js';
import { isRefusal, type Refusal, refuse } from '../refusal.js';
import { bodyReader } from '../schema/check.js';
import { isOperatorName, OperatorBody, OperatorChange } from '../schema/operators.js';
import { roleOf } from './roles.js';
import type { Invited, Operator, StoredOperator } from './shapes.js';
import { changeStaff, STAFF, untilWritten } from './staff.js';

const OPERATORS = new Documents<StoredOperator>(STAFF, 'operator', 'operator');
const readBody = bodyReader(OperatorBody);
const readChange = bodyReader(OperatorChange);
const LIFE_BYTES = 12;

/** What operators are worked on with. */
export interface OperatorBook {
  readonly ledger: OwnLedger;
  readonly limits: GatewayLimits;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Without what would open anything. */
export function shownOperator(operator: string, stored: StoredOperator, now: number): Operator {
  const { name, roles, disabled, version, createdAt, updatedAt } = stored;
  const { password, codes, invitation } = stored;
  const invitedUntil = (invitation?.until ?? 0) > now ? invitation?.until : undefined;
  return {
    ...{ operator, name, roles, disabled, version },
    ...{ hasPassword: password !== undefined, hasCodes: codes !== undefined, invitedUntil },
    ...{ createdAt, updatedAt },
  };
}

/** All operators, by name. */
export async function allOperators({
  ledger,
  now,
}: Pick<OperatorBook, 'ledger' | 'now'>): Promise<Refusal | readonly Operator[]> {
  const all = await OPERATORS.all(ledger);
  return isRefusal(all) ? all : all.map((one) => shownOperator(one.key, one.read(), now));
}

/** An operator as it is now; undefined: there is none. */
export function findOperator(
  ledger: OwnLedger,
  operator: string,
): Promise<Refusal | Document<StoredOperator> | undefined> {
  return isOperatorName(operator) ? OPERATORS.get(ledger, operator) : Promise.resolve(undefined);
}

/**
 * Replaces what is kept of an operator by what `change` makes of it, over the version that was seen, until nobody was quicker. `OPERATOR_NOT_FOUND`; what
 * `change` refuses with.
 */
export async function changeOperator(
  ledger: OwnLedger,
  operator: string,
  change: (before: StoredOperator) => StoredOperator | Refusal,
): Promise<Refusal | StoredOperator> {
  return untilWritten('operator', async () => {
    const found = await findOperator(ledger, operator);
    if (isRefusal(found)) return found;
    if (found === undefined) return refuse('OPERATOR_NOT_FOUND', 'operator');
    const after = change(found.read());
    if (isRefusal(after)) return after;
    const no = await OPERATORS.put(ledger, operator, after, found.version);
    if (no === undefined) return after;
    return no.code === 'CHANGED_MEANWHILE' ? undefined : no;
  });
}

async function rolesProblem(
  ledger: OwnLedger,
  roles: readonly string[],
): Promise<Refusal | undefined> {
  for (const [i, role] of roles.entries()) {
    const found = await roleOf(ledger, role);
    if (isRefusal(found)) return { ...found, field: `roles[${i}]` };
  }
  return undefined;
}

interface WithInvitation {
  readonly made: Operator;
  readonly invited: Invited;
}

/** An invitation: as it is told, and as it is kept. */
function invitationFor(operator: string, until: number) {
  const invitation = `${operator}.${newCredential('oi', newId())}`;
  return {
    kept: { hash: digestOf(invitation), until },
    invited: { operator, invitation, until },
  };
}

/** Makes an account, and an invitation to it. */
export async function addOperator(
  { ledger, limits, now }: OperatorBook,
  body: unknown,
): Promise<Refusal | WithInvitation> {
  const said = readBody(body);
  if (isRefusal(said)) return said;
  const { operator, name, roles } = said;
  const { kept, invited } = invitationFor(operator, now + limits.invitationMs);
  const stored: StoredOperator = {
    ...{ name, roles, disabled: false, version: 1, createdAt: now, updatedAt: now },
    ...{ life: randomBytes(LIFE_BYTES).toString('hex'), generation: 0, invitation: kept },
  };
  const made = { made: shownOperator(operator, stored, now), invited };
  return changeStaff(ledger, 'operator', async () => {
    const no = await rolesProblem(ledger, roles);
    if (no !== undefined) return no;
    const all = await OPERATORS.all(ledger);
    if (isRefusal(all)) return all;
    if (all.some(({ key }) => key === operator)) return refuse('OPERATOR_EXISTS', 'operator');
    if (all.length >= limits.operatorsMax) return refuse('OPERATOR_LIMIT', 'operator');
    return { changes: [OPERATORS.putting(operator, stored, 0)], made };
  });
}

/** Changes what is said of an operator, over the version that was seen where one is named. Who is refused from now on is signed out. */
export async function updateOperator(
  { ledger, now }: OperatorBook,
  operator: string,
  body: unknown,
): Promise<Refusal | Operator> {
  const said = readChange(body);
  if (isRefusal(said)) return said;
  const { ifVersion, ...fields } = said;
  const change = (before: StoredOperator): StoredOperator | Refusal => {
    if (ifVersion !== undefined && ifVersion !== before.version)
      return refuse('CHANGED_MEANWHILE', 'ifVersion');
    const ends = fields.disabled === true && !before.disabled;
    return {
      ...{ ...before, ...fields },
      ...{ version: before.version + 1, updatedAt: now },
      generation: before.generation + (ends ? 1 : 0),
    };
  };
  const made = await (fields.roles === undefined
    ? changeOperator(ledger, operator, change)
    : giveRoles(ledger, operator, fields.roles, change));
  return isRefusal(made) ? made : shownOperator(operator, made, now);
}

/** As changeOperator, where the operator gets roles: all are there when it is written (O3). */
function giveRoles(
  ledger: OwnLedger,
  operator: string,
  roles: readonly string[],
  change: (before: StoredOperator) => StoredOperator | Refusal,
): Promise<Refusal | StoredOperator> {
  return changeStaff(ledger, 'operator', async () => {
    const no = await rolesProblem(ledger, roles);
    if (no !== undefined) return no;
    const found = await findOperator(ledger, operator);
    if (isRefusal(found)) return found;
    if (found === undefined) return refuse('OPERATOR_NOT_FOUND', 'operator');
    const made = change(found.read());
    if (isRefusal(made)) return made;
    return { changes: [OPERATORS.putting(operator, made, found.version)], made };
  });
}

/** Has an operator set a new password: by an invitation, which ends the one before. Until it is used, all stays as it is. */
export async function inviteOperator(
  { ledger, limits, now }: OperatorBook,
  operator: string,
): Promise<Refusal | Invited> {
  const { kept, invited } = invitationFor(operator, now + limits.invitationMs);
  const made = await changeOperator(ledger, operator, (before) => ({
    ...{ ...before, invitation: kept },
  }));
  return isRefusal(made) ? made : invited;
}

/** Ends all sessions of an operator. */
export async function signOutOperator(
  { ledger, now }: OperatorBook,
  operator: string,
): Promise<Refusal | Operator> {
  const made = await changeOperator(ledger, operator, (before) => ({
    ...before,
    generation: before.generation + 1,
  }));
  return isRefusal(made) ? made : shownOperator(operator, made, now);
}

/** Removes an account, with all that rests on it. */
export async function removeOperator(
  { ledger, now }: OperatorBook,
  operator: string,
): Promise<Refusal | Operator> {
  const found = await findOperator(ledger, operator);
  if (isRefusal(found)) return found;
  if (found === undefined) return refuse('OPERATOR_NOT_FOUND', 'operator');
  return (await OPERATORS.delete(ledger, operator)) ?? shownOperator(operator, found.read(), now);
}

/** Has any operator this role? */
export async function isRoleUsed(ledger: OwnLedger, role: string): Promise<Refusal | boolean> {
  const all = await OPERATORS.all(ledger);
  return isRefusal(all) ? all : all.some((one) => one.read().roles.includes(role));
}
