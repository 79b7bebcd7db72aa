// Operators and roles, by who administers the ledger. Owns: their paths and answers. Never touches: what is kept of them.
//   http.H88. What is changed of an operator or a role counts here before it is answered.

import { limits as engineLimits } from '../../../engine/index.js';
import { VIEWERS, WHOLE_LEDGER } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import {
  addOperator,
  allOperators,
  findOperator,
  inviteOperator,
  isRoleUsed,
  type OperatorBook,
  removeOperator,
  shownOperator,
  signOutOperator,
  updateOperator,
} from '../../operators/operators.js';
import { allRoles, putRole, removeRole, roleOf } from '../../operators/roles.js';
import type { Invited, Operator, Role } from '../../operators/shapes.js';
import type { OperatorSignIn } from '../../operators/sign-in.js';
import { withdrawWaiting } from '../../operators/withdrawn.js';
import { withdrawAll } from '../../proposals.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  auditOf,
  type Call,
  engineOf,
  type Route,
  recordsOf,
  type ServedLedger,
} from '../../route.js';
import { fullBody } from '../../schema/check.js';
import { ROLE_DESCRIPTIONS, OPERATOR_DESCRIPTIONS as says } from '../../schema/operators.js';

const { DAY_MS } = engineLimits;
const OPERATOR = '/v1/operators/{operator}';
const ROLE = '/v1/roles/{role}';
const writes = { access: WHOLE_LEDGER, module: 'access' } as const;
const reads = { method: 'GET', access: VIEWERS, module: 'access' } as const;
const NO_STORE = ['Cache-Control', 'no-store'] as const;

/** Signing in of operators, of a ledger that is open. */
export function operatorsOf({ operators }: ServedLedger): OperatorSignIn {
  if (operators === undefined) throw new Error('a request came before the ledger was open');
  return operators;
}

const nameOf = ({ path }: Call): string => path[0] ?? '';

/** The routes of operators and roles. */
export function operatorRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  return [
    ...accountRoutes(ledger, limits),
    ...sessionRoutes(ledger, limits),
    ...roleRoutes(ledger),
  ];
}

const bookOf = (ledger: ServedLedger, limits: GatewayLimits, call: Call): OperatorBook => ({
  ...{ ledger: recordsOf(ledger, call), limits, now: engineOf(ledger).now() },
});

/** What was changed counts here from now on. */
function changed<T>(ledger: ServedLedger, made: Refusal | T, answer: (made: T) => Answer): Answer {
  operatorsOf(ledger).sessions.judgeAnew();
  return isRefusal(made as Refusal) ? problem(made as Refusal) : answer(made as T);
}

const operatorAnswer = (made: Operator): Answer => json(200, made, { operator: made.operator });

/** The link is in the answer, and not in what is written down of it. */
function invitedAnswer(ledger: ServedLedger, invited: Invited, made: object): Answer {
  const { publicUrl } = operatorsOf(ledger);
  const invitation = `${publicUrl}/console/invitation#${invited.invitation}`;
  const told = { ...made, operator: invited.operator, invitation, until: invited.until };
  return { ...json(201, told, { operator: invited.operator }), headers: [NO_STORE] };
}

function accountRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  return [
    {
      ...writes,
      method: 'POST',
      path: '/v1/operators',
      body: 'required',
      describes: says.add,
      handle: async (call) => {
        const added = await addOperator(bookOf(ledger, limits, call), call.body);
        return changed(ledger, added, ({ made, invited }) => invitedAnswer(ledger, invited, made));
      },
    },
    {
      ...reads,
      path: '/v1/operators',
      describes: says.list,
      handle: async (call) => {
        const operators = await allOperators(bookOf(ledger, limits, call));
        return isRefusal(operators) ? problem(operators) : json(200, { operators });
      },
    },
    {
      ...reads,
      path: OPERATOR,
      describes: says.get,
      handle: async (call) => {
        const found = await findOperator(engineOf(ledger), nameOf(call));
        if (isRefusal(found)) return problem(found);
        if (found === undefined) return problem(refuse('OPERATOR_NOT_FOUND', 'operator'));
        return operatorAnswer(shownOperator(found.key, found.read(), engineOf(ledger).now()));
      },
    },
    {
      ...writes,
      method: 'PUT',
      path: OPERATOR,
      body: 'required',
      describes: says.change,
      handle: async (call) => {
        const book = bookOf(ledger, limits, call);
        const made = await updateOperator(book, nameOf(call), call.body);
        if (isRefusal(made) || !made.disabled) return changed(ledger, made, operatorAnswer);
        return changed(ledger, (await withdrawn(ledger, book, call, made)) ?? made, operatorAnswer);
      },
    },
    {
      ...writes,
      method: 'DELETE',
      path: OPERATOR,
      describes: says.remove,
      handle: async (call) => {
        const book = bookOf(ledger, limits, call);
        const made = await removeOperator(book, nameOf(call));
        if (isRefusal(made)) return changed(ledger, made, operatorAnswer);
        return changed(ledger, (await withdrawn(ledger, book, call, made)) ?? made, operatorAnswer);
      },
    },
    {
      ...writes,
      method: 'POST',
      path: `${OPERATOR}/invitations`,
      body: 'optional',
      describes: says.invite,
      handle: async (call) => {
        const no = fullBody(call.body);
        if (no !== undefined) return problem(no);
        const invited = await inviteOperator(bookOf(ledger, limits, call), nameOf(call));
        return changed(ledger, invited, (made) => invitedAnswer(ledger, made, {}));
      },
    },
  ];
}

/** What an operator who is refused from now on has proposed is off. */
async function withdrawn(
  served: ServedLedger,
  { ledger, limits, now }: OperatorBook,
  call: Call,
  { operator }: Operator,
): Promise<Refusal | undefined> {
  const [of, reason] = [`operator:${operator}`, 'The operator was disabled or removed.'];
  const kept = { ledger, now, keptMs: limits.proposalKeptDays * DAY_MS };
  const no = await withdrawAll(kept, of, { by: call.principal.principal ?? '', reason });
  return no ?? withdrawWaiting(engineOf(served), of, { audit: auditOf(call), reason });
}

function sessionRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const path = `${OPERATOR}/sessions`;
  const holder = async (call: Call) => {
    const found = await findOperator(engineOf(ledger), nameOf(call));
    if (isRefusal(found)) return found;
    if (found === undefined) return refuse('OPERATOR_NOT_FOUND', 'operator');
    const { life, generation } = found.read();
    return { operator: found.key, life, generation };
  };
  return [
    {
      ...reads,
      path,
      describes: says.sessions,
      handle: async (call) => {
        const of = await holder(call);
        const listed = isRefusal(of) ? of : await operatorsOf(ledger).sessions.list(of);
        if (isRefusal(listed)) return problem(listed);
        const sessions = (listed as readonly object[]).map((one) => ({ ...one, isThis: false }));
        return json(200, { sessions });
      },
    },
    {
      ...writes,
      method: 'DELETE',
      path,
      describes: says.signOut,
      handle: async (call) => {
        const book = bookOf(ledger, limits, call);
        return changed(ledger, await signOutOperator(book, nameOf(call)), operatorAnswer);
      },
    },
    {
      ...writes,
      method: 'DELETE',
      path: `${path}/{session}`,
      describes: says.endSession,
      handle: async (call) => {
        const [, session = ''] = call.path;
        const of = await holder(call);
        const ended = isRefusal(of) ? of : await operatorsOf(ledger).sessions.end(of, session);
        if (isRefusal(ended)) return problem(ended);
        return ended ? json(200, { session }) : problem(refuse('SESSION_NOT_FOUND', 'session'));
      },
    },
  ];
}

const roleAnswer = (made: Role): Answer => json(200, made, { role: made.role });

function roleRoutes(ledger: ServedLedger): Route[] {
  return [
    {
      ...reads,
      path: '/v1/roles',
      describes: ROLE_DESCRIPTIONS.list,
      handle: async () => {
        const roles = await allRoles(engineOf(ledger));
        return isRefusal(roles) ? problem(roles) : json(200, { roles });
      },
    },
    {
      ...reads,
      path: ROLE,
      describes: ROLE_DESCRIPTIONS.get,
      handle: async (call) => {
        const role = await roleOf(engineOf(ledger), nameOf(call));
        return isRefusal(role) ? problem(role) : roleAnswer(role);
      },
    },
    {
      ...writes,
      method: 'PUT',
      path: ROLE,
      body: 'required',
      describes: ROLE_DESCRIPTIONS.put,
      handle: async (call) =>
        changed(
          ledger,
          await putRole(recordsOf(ledger, call), nameOf(call), call.body),
          roleAnswer,
        ),
    },
    {
      ...writes,
      method: 'DELETE',
      path: ROLE,
      describes: ROLE_DESCRIPTIONS.remove,
      handle: async (call) => {
        const isUsed = () => isRoleUsed(engineOf(ledger), nameOf(call));
        const made = await removeRole(recordsOf(ledger, call), nameOf(call), isUsed);
        return changed(ledger, made, roleAnswer);
      },
    },
  ];
}
