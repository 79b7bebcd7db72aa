// What partners outside ask this ledger by the contract, `/api/internal` (gateway/partners/README.md). Owns: its paths, parameters and answers. Never
// touches: what an operation comes to.
//   http.H64. A partner is told of its own operations alone, and asks for the assets alone that its record opens to it.

import {
  limits as engineLimits,
  type InboundPlace,
  inboundOperations,
} from '../../../engine/index.js';
import { partnerOnly } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import {
  type Asking,
  type CameTo,
  carryOut,
  operationOf,
  rollBack,
  type Wanted,
} from '../../partners/inbound.js';
import { totalsOf } from '../../partners/inbound-totals.js';
import { isKnownUser, madeUser } from '../../partners/inbound-users.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  auditOf,
  type Call,
  count,
  engineOf,
  type Route,
  recordsOf,
  type ServedLedger,
  time,
} from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import {
  INTERNAL_DESCRIPTIONS as about,
  InboundUserBody,
  OperationBody,
  RollbackBody,
} from '../../schema/internal.js';
import { OK } from './submit.js';

const PATH = '/api/internal';
const ABSENT = 404;
const CREATED = 201;
const CONFLICT = 409;
/** The part of the time that a partner waits in which it is answered. */
const ANSWERED_IN = 0.8;

const readOperation = bodyReader(OperationBody);
const readRollback = bodyReader(RollbackBody);
const readUser = bodyReader(InboundUserBody);

/** The routes that partners ask. */
export function internalRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const post = { method: 'POST', body: 'required', module: 'partners' } as const;
  const get = { method: 'GET', access: partnerOnly('read'), module: 'partners' } as const;
  return [
    {
      ...post,
      path: `${PATH}/add`,
      access: partnerOnly('earn'),
      describes: about.add,
      handle: (call) => operation(ledger, limits, call, 'add'),
    },
    {
      ...post,
      path: `${PATH}/deduct`,
      access: partnerOnly('spend'),
      describes: about.deduct,
      handle: (call) => operation(ledger, limits, call, 'deduct'),
    },
    {
      ...post,
      path: `${PATH}/rollback`,
      access: partnerOnly('spend'),
      describes: about.rollback,
      handle: (call) => rolledBack(ledger, limits, call),
    },
    {
      ...get,
      path: `${PATH}/operations/{transaction_id}`,
      describes: about.one,
      handle: (call) => one(ledger, call),
    },
    {
      ...get,
      path: `${PATH}/operations`,
      describes: about.list,
      handle: (call) => list(ledger, limits, call),
    },
    {
      ...post,
      path: `${PATH}/users`,
      access: partnerOnly('earn'),
      describes: about.user,
      handle: (call) => made(ledger, call),
    },
    {
      ...get,
      path: `${PATH}/users/{user}`,
      describes: about.verify,
      handle: (call) => verified(ledger, call),
    },
    {
      ...get,
      path: `${PATH}/total_points`,
      describes: about.totals,
      handle: (call) => totals(ledger, call),
    },
  ];
}

const partnerOf = ({ principal }: Call): string => principal.id;

function askingOf(ledger: ServedLedger, limits: GatewayLimits, call: Call): Asking {
  const until = performance.now() + limits.partnerTimeoutMs * ANSWERED_IN;
  return {
    ...{ engine: engineOf(ledger), grants: call.principal, partner: partnerOf(call) },
    audit: auditOf(call),
    until: Math.min(until, call.until ?? until),
  };
}

const iso = (at: number): string => new Date(at).toISOString();

/** An operation as the contract has it. */
const shown = ({
  operation: transaction_id,
  ...one
}: Omit<CameTo, 'idempotent' | 'isRecorded'>): object => ({
  ...{ transaction_id, type: one.kind, status: one.state },
  ...{ user_id: one.user, amount: one.amount, asset: one.asset },
  time: one.at === undefined ? undefined : iso(one.at),
  code: one.code,
});

/** The id is another operation's, as the contract has it. */
const conflict = ({ code, field, message }: Refusal): Answer =>
  json(CONFLICT, { status: 'conflict', code, field, detail: message }, { outcome: code });

function answered(call: Call, came: CameTo | Refusal): Answer {
  if (isRefusal(came)) return came.code === 'OPERATION_DIFFERS' ? conflict(came) : problem(came);
  const { operation: id, idempotent, isRecorded = false, state } = came;
  call.isRecorded = isRecorded;
  return json(OK, { ...shown(came), idempotent }, { id, outcome: state });
}

const wantedOf = (
  said: { transaction_id: string; user_id: string; amount: number; asset: string },
  kind: Wanted['kind'],
): Wanted => ({
  ...{ operation: said.transaction_id, kind, user: said.user_id },
  ...{ asset: said.asset, amount: said.amount },
});

async function operation(
  ledger: ServedLedger,
  limits: GatewayLimits,
  call: Call,
  kind: Wanted['kind'],
): Promise<Answer> {
  const said = readOperation(call.body);
  if (isRefusal(said)) return problem(said);
  return answered(call, await carryOut(askingOf(ledger, limits, call), wantedOf(said, kind)));
}

async function rolledBack(
  ledger: ServedLedger,
  limits: GatewayLimits,
  call: Call,
): Promise<Answer> {
  const said = readRollback(call.body);
  if (isRefusal(said)) return problem(said);
  return answered(call, await rollBack(askingOf(ledger, limits, call), wantedOf(said, said.type)));
}

async function one(ledger: ServedLedger, call: Call): Promise<Answer> {
  const [id = ''] = call.path;
  const found = await operationOf({ engine: engineOf(ledger), partner: partnerOf(call) }, id);
  if (found === undefined) return json(ABSENT, { status: 'absent', transaction_id: id });
  return answered(call, found);
}

// --- the list -----------------------------------------------------------------------------------------------------

/** A place as a cursor, and back. */
const cursorOf = ({ hour, after }: InboundPlace): string => `${hour}.${after}`;

/** Its schema has passed it. */
function placeOf(cursor: string): InboundPlace {
  const dot = cursor.indexOf('.');
  return { hour: Number(cursor.slice(0, dot)), after: cursor.slice(dot + 1) };
}

async function list(ledger: ServedLedger, limits: GatewayLimits, call: Call): Promise<Answer> {
  const [from, until] = [time(call.query, 'from'), time(call.query, 'until')];
  if (isRefusal(from)) return problem(from);
  if (isRefusal(until)) return problem(until);
  const { cursor } = call.query;
  const at = cursor === undefined ? undefined : placeOf(cursor);
  const engine = engineOf(ledger);
  const most = limits.partnerOperationsMax;
  // Nothing is listed for longer, and nothing has a time that is still to come.
  const now = engine.now();
  const page = await inboundOperations(engine.own, partnerOf(call), {
    from: Math.max(from ?? 0, now - engineLimits.OPERATION_KEPT_MS),
    until: Math.min(until ?? 0, now + limits.signatureSkewMs),
    ...{ at, limit: Math.min(count(call.query, 'limit') ?? most, most) },
  });
  if (isRefusal(page)) return problem(page);
  return json(OK, {
    operations: page.operations.map((kept) => shown({ ...kept, code: kept.code ?? undefined })),
    next: page.next && cursorOf(page.next),
  });
}

// --- users, totals ------------------------------------------------------------------------------------------------

/** What will never be is answered as the contract has it. */
function refusedUser(refusal: Refusal): Answer {
  const { status, code, field, detail } = refusal;
  if (status !== 409 && status !== 422) return problem(refusal);
  return json(status, { status: 'refused', code, field, detail }, { outcome: code });
}

async function made(ledger: ServedLedger, call: Call): Promise<Answer> {
  const said = readUser(call.body);
  if (isRefusal(said)) return problem(said);
  const now = engineOf(ledger).now();
  const user = await madeUser(recordsOf(ledger, call), partnerOf(call), said, now);
  if (isRefusal(user)) return refusedUser(user);
  return json(user.created ? CREATED : OK, { user_id: user.user });
}

async function verified(ledger: ServedLedger, call: Call): Promise<Answer> {
  const [user = ''] = call.path;
  const assets = [...(call.principal.assets ?? [])];
  const found = await isKnownUser(engineOf(ledger), partnerOf(call), assets, user);
  if (isRefusal(found)) return problem(found);
  return found ? json(OK, { user_id: user }) : json(ABSENT, { status: 'absent' });
}

async function totals(ledger: ServedLedger, call: Call): Promise<Answer> {
  const { asset = '' } = call.query;
  const at = time(call.query, 'until');
  if (isRefusal(at)) return problem(at);
  if (call.principal.assets?.has(asset) !== true)
    return problem(refuse('ASSET_FORBIDDEN', 'asset'));
  const platforms = (ledger.access?.directory.platforms ?? []).map(({ id }) => id);
  const found = await totalsOf(engineOf(ledger), partnerOf(call), asset, {
    until: at ?? 0,
    platforms,
  });
  if (isRefusal(found)) return problem(found);
  const { total, added, deducted } = found;
  return json(OK, { total, added, deducted });
}
