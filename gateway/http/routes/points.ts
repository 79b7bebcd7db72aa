// The stable platform API, `/api/points` (R3.1). Owns: its paths, parameters and answers. Never
// touches: what a transfer does.
//   http.H14. It speaks of the calling platform's points only: its own asset, or another one that it was
//        granted by name.
//   http.H15. Ids of these calls begin with the platform's name, so that those of two platforms never meet.

import { randomUUID } from 'node:crypto';
import {
  type ActCommand,
  type Caller,
  type Command,
  limits as engineLimits,
  eventTypeKey,
  type HistoryEntry,
  type Leg,
  type Outcome,
  type RefusalCode,
} from '../../../engine/index.js';
import type { Platform } from '../../auth/principal.js';
import { MOVEMENTS, platformOnly } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { possibleDocuments } from '../../known-definitions.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  type Call,
  callerOf,
  count,
  engineOf,
  type Route,
  type ServedLedger,
  submitterOf,
} from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import {
  AddBody,
  type PointsFields,
  PointsTransferBody,
  RedeemBody,
  RefundBody,
} from '../../schema/points.js';
import { isReference } from '../../schema/words.js';
import { submitOne, tellingAgain, unrecorded } from '../../submission.js';
import * as about from './points-descriptions.js';
import {
  exchangeCommand,
  exchangeIn,
  submitterBeyond,
  targetOf,
  toldOf,
} from './points-exchanges.js';
import { joined, type Naming, ownerOf } from './points-users.js';

/** Entries of a page of history where the caller names no number. */
const PAGE_DEFAULT = 20;

const PATH = '/api/points';
const readAdd = bodyReader(AddBody);
const readRedeem = bodyReader(RedeemBody);
const readRefund = bodyReader(RefundBody);
const readTransfer = bodyReader(PointsTransferBody);

/** The routes of the stable platform API. */
export function pointsRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const post = { method: 'POST', body: 'required', module: 'points', repeats: true } as const;
  return [
    {
      method: 'GET',
      path: `${PATH}/balance`,
      describes: about.balanceDescription,
      access: platformOnly('read'),
      module: 'points',
      handle: (call) => balance(ledger, call),
    },
    {
      method: 'GET',
      path: `${PATH}/history`,
      describes: about.historyDescription(limits),
      access: platformOnly('read'),
      module: 'points',
      handle: (call) => history(ledger, call, limits),
    },
    {
      ...post,
      path: `${PATH}/add`,
      describes: about.addDescription,
      access: platformOnly('earn'),
      handle: (call) => add(ledger, call),
    },
    {
      ...post,
      path: `${PATH}/redeem`,
      describes: about.redeemDescription,
      access: platformOnly('redeem'),
      handle: (call) => redeem(ledger, call),
    },
    {
      ...post,
      path: `${PATH}/refund`,
      describes: about.refundDescription,
      access: platformOnly(...MOVEMENTS),
      handle: (call) => refund(ledger, call),
    },
    {
      ...post,
      path: `${PATH}/transfer`,
      describes: about.pointsTransferDescription,
      access: platformOnly('transfer'),
      handle: (call) => transfer(ledger, call),
    },
  ];
}

function platformOf({ principal }: Call): Platform {
  if (principal.platform === undefined) throw new Error('a platform’s call without a platform');
  return principal.platform;
}

/** The asset that a call speaks of. */
function assetOf(call: Call, named: string | undefined): string | Refusal {
  const asset = named ?? platformOf(call).assets[0];
  if (asset !== undefined && call.principal.assets?.has(asset) === true) return asset;
  return refuse('ASSET_FORBIDDEN', 'asset');
}

/** What says how a call names users; left out: as the platform is registered. */
interface Named {
  readonly user_id_type?: string | undefined;
}

/** A user of the calling platform. */
function own(
  call: Call,
  field: string,
  id: string,
  { user_id_type }: Named,
  isNew: boolean,
): Naming {
  const { id: platform, userIds } = platformOf(call);
  const type = user_id_type === 'global' || user_id_type === 'platform' ? user_id_type : userIds;
  return { field, id, type, platform, register: isNew && !call.isRepeat };
}

async function balance(ledger: ServedLedger, call: Call): Promise<Answer> {
  const { query, principal } = call;
  const asset = assetOf(call, query.asset);
  if (isRefusal(asset)) return problem(asset);
  const owner = await ownerOf(ledger, own(call, 'user_id', query.user_id ?? '', query, false));
  if (isRefusal(owner)) return problem(owner);
  const balances = await callerOf(ledger, call).balance(owner, asset);
  if (isRefusal(balances)) return problem(balances);
  const [found] = balances;
  return json(200, {
    user_id: query.user_id,
    platform_id: principal.id,
    asset,
    balance: found?.available ?? 0,
    held: found?.held ?? 0,
    timestamp: Date.now(),
  });
}

/** `type` of a history's line: 1 earned, 2 spent, 3 expired; 0: only held, or released again. */
function typeOf({ type, delta }: HistoryEntry): number {
  if (type === 'expire') return 3;
  return delta > 0 ? 1 : delta < 0 ? 2 : 0;
}

function lineOf(entry: HistoryEntry, prefix: string) {
  const { id, delta, available, held, kind, ref, memo, time } = entry;
  return {
    transaction_id: id?.startsWith(prefix) === true ? id.slice(prefix.length) : id,
    type: typeOf(entry),
    amount: delta,
    balance: available,
    held,
    business_type: kind,
    business_id: ref,
    remark: memo,
    timestamp: time,
  };
}

// How far back a page lies, its schema does not say.
function pageOf(
  query: Call['query'],
  { historyEntriesMax }: GatewayLimits,
): Refusal | [number, number] {
  const [page, size] = [count(query, 'page') ?? 1, count(query, 'per_page') ?? PAGE_DEFAULT];
  if (page * size <= historyEntriesMax) return [page, size];
  const detail = `page begins with 1 and reaches ${historyEntriesMax} entries back.`;
  return refuse('QUERY_INVALID', 'page', detail);
}

// Pages are counted from `as_of` back, or from the newest entry: an entry's version is its place, whatever comes after it.
async function history(ledger: ServedLedger, call: Call, limits: GatewayLimits): Promise<Answer> {
  const { query, principal } = call;
  const asset = assetOf(call, query.asset);
  if (isRefusal(asset)) return problem(asset);
  const paging = pageOf(query, limits);
  if (isRefusal(paging)) return problem(paging);
  const owner = await ownerOf(ledger, own(call, 'user_id', query.user_id ?? '', query, false));
  if (isRefusal(owner)) return problem(owner);
  const caller = callerOf(ledger, call);
  const total = await lastOf(caller, { owner, asset }, count(query, 'as_of'));
  if (isRefusal(total)) return problem(total);
  const [page, size] = paging;
  const version = total - (page - 1) * size;
  const found =
    version < 1 ? NO_ENTRIES : await caller.entries({ owner, asset, version, limit: size });
  if (isRefusal(found)) return problem(found);
  return json(200, {
    user_id: query.user_id,
    platform_id: principal.id,
    asset,
    page,
    per_page: size,
    total,
    history: found.entries.map((entry) => lineOf(entry, `${principal.id}:`)),
  });
}

const NO_ENTRIES = { ok: true, entries: [] as readonly HistoryEntry[] } as const;

/** The version of the last entry that counts, which is how many there are. */
async function lastOf(
  caller: Caller,
  { owner, asset }: { readonly owner: string; readonly asset: string },
  asOf: number | undefined,
): Promise<number | Refusal> {
  const balances = await caller.balance(owner, asset);
  if (isRefusal(balances)) return balances;
  const newest = balances[0]?.version ?? 0;
  if (asOf === undefined || asOf <= newest) return asOf ?? newest;
  const detail = `as_of is beyond the ${newest} entries that there are.`;
  return refuse('POSITION_AHEAD', 'as_of', detail);
}

/** The id of a call's command, with the platform's name before it; one is made where none is given. */
function idOf(call: Call, given: string | undefined): string | Refusal {
  const { id: platform } = platformOf(call);
  const { idempotencyKey: key } = call;
  if (given !== undefined && key !== undefined && given !== key)
    return refuse(
      'ID_INVALID',
      'Idempotency-Key',
      'The Idempotency-Key header and transaction_id name different ids.',
    );
  if (given === undefined && key !== undefined && !isReference(key))
    return refuse('ID_INVALID', 'Idempotency-Key');
  const id = `${platform}:${given ?? key ?? randomUUID()}`;
  const max = engineLimits.ID_LENGTH_MAX - platform.length - 1;
  if (id.length <= engineLimits.ID_LENGTH_MAX) return id;
  return refuse('ID_INVALID', 'transaction_id', `An id has at most ${max} characters here.`);
}

/** What is common to calls that move points. */
interface Movement<T extends PointsFields> {
  readonly fields: T;
  readonly asset: string;
  readonly id: string;
}

function movementOf<T extends PointsFields>(
  call: Call,
  read: (body: unknown) => T | Refusal,
): Movement<T> | Refusal {
  const fields = read(call.body);
  if (isRefusal(fields)) return fields;
  const asset = assetOf(call, fields.asset);
  if (isRefusal(asset)) return asset;
  const id = idOf(call, fields.transaction_id);
  return isRefusal(id) ? id : { fields, asset, id };
}

interface Moved {
  readonly leg: Omit<Leg, 'asset' | 'amount'>;
  readonly kind: string;
  readonly ref: string | undefined;
  /** The name of the id in the answer. */
  readonly answerId: string;
}

// The values are the engine's to judge: it names its own fields, which are put back into this API's.
const FIELD_NAMES: Readonly<Record<string, string>> = {
  'legs[0].amount': 'amount',
  'legs[0].asset': 'asset',
  'legs[0].from': 'from_user_id',
  'legs[0].to': 'to_user_id',
  kind: 'business_type',
  memo: 'remark',
  id: 'transaction_id',
  transferId: 'original_transaction_id',
  owner: 'user_id',
  'body.type': 'business_type',
  'body.event': 'original_transaction_id',
  'body.amount': 'amount',
  'body.expectedPrice': 'amount',
  'body.to': 'target_platform',
  'body.receiver': 'to_user_id',
  'body.goods': 'reward_id',
  'body.quantity': 'reward_id',
};

async function moved(
  ledger: ServedLedger,
  call: Call,
  { fields, asset, id }: Movement<PointsFields>,
  { leg, kind, ref, answerId }: Moved,
): Promise<Answer> {
  const legs = [{ ...leg, asset, amount: fields.amount }];
  const command = { type: 'transfer', id, kind, ref, memo: fields.remark, legs } as Command;
  return carriedOut(ledger, call, command, {
    id,
    answerId,
    owner: leg.from.startsWith('@') ? leg.to : leg.from,
  });
}

interface Asked {
  readonly id: string;
  /** The name of the id in the answer. */
  readonly answerId: string;
  /** Whose balance is told. */
  readonly owner: string;
  /** The asset that an exchange gives, which may be another platform's. */
  readonly beyond?: string | undefined;
}

async function carriedOut(
  ledger: ServedLedger,
  call: Call,
  command: Command,
  asked: Asked,
): Promise<Answer> {
  return answered(call, await outcomeOf(ledger, call, command, asked.beyond), asked);
}

async function outcomeOf(
  ledger: ServedLedger,
  call: Call,
  command: Command,
  beyond?: string,
): Promise<Outcome | Refusal> {
  const options = { dryRun: call.isRepeat };
  const submitter = submitterBeyond(submitterOf(ledger, call), beyond);
  const outcome = await submitOne(submitter, command, options);
  call.isRecorded = unrecorded(submitter, [command], [outcome], options).length === 0;
  return outcome;
}

/** The field of a call that a command's field is made of. */
function fieldNamed(field: string | undefined): string | undefined {
  if (field === undefined || !field.startsWith('body.')) return FIELD_NAMES[field ?? ''] ?? field;
  return field.startsWith('body.attributes') ? 'amount' : FIELD_NAMES[field];
}

function answered(call: Call, outcome: Outcome | Refusal, { id, answerId, owner }: Asked): Answer {
  const shownId = id.slice(platformOf(call).id.length + 1);
  if (!outcome.ok && outcome.code !== 'PREPARED')
    return problem({ ...outcome, id: shownId, field: fieldNamed(outcome.field) });
  const told = { id, outcome: outcome.ok ? 'ok' : outcome.code };
  if (!outcome.ok)
    return json(202, { success: false, [answerId]: shownId, state: 'prepared' }, told);
  const { replayed, time, remaining } = outcome;
  const order = outcome.act?.effects.find(({ type }) => type === 'orderCreated')?.['number'];
  const what = { success: true, [answerId]: shownId, order, ...toldOf(outcome, owner) };
  return json(
    200,
    { ...what, replayed, timestamp: time, remaining },
    { ...told, replayed: replayed || undefined },
  );
}

/** What was said under this id before, where the platform has a programme: it may have been an event (`add`). */
async function pastOf(
  ledger: ServedLedger,
  { principal }: Call,
  owner: string,
  id: string,
): Promise<Command | Refusal | undefined> {
  return principal.platform?.programme === undefined
    ? undefined
    : saidBefore(ledger, principal, owner, id);
}

/** What was said under this id before. */
async function saidBefore(
  ledger: ServedLedger,
  principal: Call['principal'],
  owner: string,
  id: string,
): Promise<Command | Refusal | undefined> {
  const caller = engineOf(ledger).as(tellingAgain(principal));
  const found = await caller.transfer(owner, id);
  if (found === undefined) return undefined;
  if (isRefusal(found)) return found.status >= 500 ? found : undefined;
  return found.command as Command;
}

const isEventCommand = (command: Command | undefined): command is ActCommand =>
  command?.type === 'act' && command.act === 'event';

/** What a call of this platform moved is given back, counted against it: never more than it moved. */
async function refund(ledger: ServedLedger, call: Call): Promise<Answer> {
  const fields = readRefund(call.body);
  if (isRefusal(fields)) return problem(fields);
  const id = idOf(call, fields.transaction_id);
  if (isRefusal(id)) return problem(id);
  const owner = await ownerOf(ledger, own(call, 'user_id', fields.user_id, fields, false));
  if (isRefusal(owner)) return problem(owner);
  const { amount, remark, original_transaction_id: original } = fields;
  const transferId = `${platformOf(call).id}:${original}`;
  const said = { id, kind: 'REFUND', ref: original, memo: remark, owner };
  const past = await saidBefore(
    ledger,
    { ...call.principal, assets: undefined },
    owner,
    transferId,
  );
  if (isRefusal(past)) return problem(past);
  const exchange = exchangeIn(past, call.principal.assets);
  const part = amount === undefined ? {} : { amount };
  const command = (
    isEventCommand(past)
      ? { type: 'act', act: 'return-event', ...said, body: { event: transferId, ...part } }
      : exchange === undefined
        ? { type: 'reverse', ...said, transferId, amount }
        : { type: 'act', act: 'exchange-return', ...said, body: { exchange: transferId, ...part } }
  ) as Command;
  const asked = { id, answerId: 'transaction_id', owner, beyond: exchange?.to };
  return carriedOut(ledger, call, command, asked);
}

/** As what kind of event points are added. */
interface EventType {
  readonly programme: string;
  /** The attribute that is the amount; undefined: there is none. */
  readonly amount: string | undefined;
}

/** As it was said before: what definitions say by now makes no other command of a repeat. */
function eventTypeIn({ body }: ActCommand): EventType {
  const { programme, attributes = {} } = body as {
    readonly programme: string;
    readonly attributes?: object;
  };
  return { programme, amount: Object.keys(attributes)[0] };
}

/** What it may be by what definitions say; undefined: the platform's programme, in this asset, has no such type. */
async function eventTypeOf(
  ledger: ServedLedger,
  call: Call,
  asset: string,
  type: string | undefined,
  isFresh = false,
): Promise<EventType | Refusal | undefined> {
  const { programme } = platformOf(call);
  if (programme === undefined || type === undefined) return undefined;
  const engine = engineOf(ledger);
  const [programmes, types] = await Promise.all([
    possibleDocuments(engine, 'programme', programme, isFresh),
    possibleDocuments(engine, 'event', eventTypeKey(programme, type), isFresh),
  ]);
  if (isRefusal(programmes)) return programmes;
  if (isRefusal(types)) return types;
  const assets = new Set(programmes.map((one) => one['asset']));
  const amounts = new Set(types.map((one) => one['amount'] as string | undefined));
  if ((assets.size > 1 || amounts.size > 1) && !isFresh)
    return eventTypeOf(ledger, call, asset, type, true);
  if (types.length === 0 || programmes[0]?.['asset'] !== asset) return undefined;
  return { programme, amount: [...amounts][0] };
}

/** How points are added: what an event earns, or, where `of` is undefined, a transfer. */
function addition(
  { fields, asset, id }: Movement<Exclude<ReturnType<typeof readAdd>, Refusal>>,
  owner: string,
  of: EventType | undefined,
): Command {
  const { business_type: type, business_id: ref, remark: memo, amount } = fields;
  if (of === undefined) {
    const legs = [{ from: '@issue', to: owner, asset, amount }];
    return { type: 'transfer', id, kind: type ?? 'cross_system.add', ref, memo, legs } as Command;
  }
  const attributes = of.amount === undefined ? {} : { attributes: { [of.amount]: amount } };
  const body = { programme: of.programme, type, ...attributes };
  return { type: 'act', act: 'event', id, ref, memo, owner, body } as Command;
}

/** The programme has no such events, as the commit has found. No id is used by that. */
const NO_EVENT: ReadonlySet<RefusalCode> = new Set(['EVENT_TYPE_UNKNOWN', 'DEFINITION_NOT_FOUND']);

/**
 * By a business type that is a type of events, it is what the event earns by the rules of the programme. Whether it is one, the commit judges:
 * what may be an event is asked for as one, and moved where the commit says that it is none. Under an id that was used meanwhile it is what it
 * was then.
 */
async function add(ledger: ServedLedger, call: Call): Promise<Answer> {
  const movement = movementOf(call, readAdd);
  if (isRefusal(movement)) return problem(movement);
  const { fields, asset, id } = movement;
  const owner = await ownerOf(ledger, own(call, 'user_id', fields.user_id, fields, true));
  if (isRefusal(owner)) return problem(owner);
  const past = await pastOf(ledger, call, owner, id);
  if (isRefusal(past)) return problem(past);
  const ofPast = isEventCommand(past) ? eventTypeIn(past) : undefined;
  const of =
    past === undefined ? await eventTypeOf(ledger, call, asset, fields.business_type) : ofPast;
  if (isRefusal(of)) return problem(of);
  const carryOut = (one: EventType | undefined) =>
    outcomeOf(ledger, call, addition(movement, owner, one));
  let outcome = await carryOut(of);
  if (past === undefined && of !== undefined && !outcome.ok && NO_EVENT.has(outcome.code))
    outcome = await carryOut(undefined);
  if (past === undefined && !outcome.ok && outcome.code === 'ID_REUSED') {
    const meanwhile = await pastOf(ledger, call, owner, id);
    if (isRefusal(meanwhile)) return problem(meanwhile);
    outcome = await carryOut(isEventCommand(meanwhile) ? eventTypeIn(meanwhile) : undefined);
  }
  return answered(call, outcome, { id, answerId: 'transaction_id', owner });
}

/** Is a reward one of the goods of the platform's programme, whatever was said of it last? What was goods once is never only an amount. */
async function isGoods(
  ledger: ServedLedger,
  call: Call,
  reward: string,
): Promise<boolean | Refusal> {
  const { programme } = platformOf(call);
  if (programme === undefined) return false;
  const found = await engineOf(ledger).definition('goods', reward);
  if (isRefusal(found)) return found;
  return found?.versions.some(({ document }) => document?.['programme'] === programme) === true;
}

/** A reward that is goods is ordered, one piece of it, for the amount that is said: for any other nothing is. */
async function redeem(ledger: ServedLedger, call: Call): Promise<Answer> {
  const movement = movementOf(call, readRedeem);
  if (isRefusal(movement)) return problem(movement);
  const { fields, id, asset } = movement;
  const owner = await ownerOf(ledger, own(call, 'user_id', fields.user_id, fields, false));
  if (isRefusal(owner)) return problem(owner);
  const past = await pastOf(ledger, call, owner, id);
  if (isRefusal(past)) return problem(past);
  const isOrdered =
    past === undefined ? await isGoods(ledger, call, fields.reward_id) : past.type === 'act';
  if (isRefusal(isOrdered)) return problem(isOrdered);
  if (isOrdered) {
    const { reward_id: goods, amount: expectedPrice, remark: memo } = fields;
    const body = { goods, expectedPrice };
    const said = { id, kind: 'EXCHANGE', ref: goods, memo, owner };
    const command = { type: 'act', act: 'order', ...said, body } as Command;
    return carriedOut(ledger, call, command, { id, answerId: 'redemption_id', owner });
  }
  return moved(
    ledger,
    call,
    { fields, id, asset },
    {
      leg: { from: owner, to: '@redeem' },
      kind: 'EXCHANGE',
      ref: fields.reward_id,
      answerId: 'redemption_id',
    },
  );
}

/** The receiver is a user of the target platform: of these points, or of its own, for which they are then exchanged. */
async function transfer(ledger: ServedLedger, call: Call): Promise<Answer> {
  const movement = movementOf(call, readTransfer);
  if (isRefusal(movement)) return problem(movement);
  const { fields, asset, id } = movement;
  const target = targetOf(ledger, platformOf(call).id, fields.target_platform, asset);
  if (isRefusal(target)) return problem(target);
  const giver = own(call, 'from_user_id', fields.from_user_id, fields, false);
  const from = await ownerOf(ledger, giver);
  if (isRefusal(from)) return problem(from);
  const naming = own(call, 'to_user_id', fields.to_user_id, fields, true);
  const getter = { ...naming, platform: target.id };
  const to = await ownerOf(ledger, getter);
  if (isRefusal(to)) return problem(to);
  if (target.asset !== asset) {
    const unknown = await joined(engineOf(ledger), [giver, getter]);
    if (unknown !== undefined) return problem(unknown);
    const said = { id, memo: fields.remark, amount: fields.amount, asset };
    const command = exchangeCommand(said, target, from, to);
    const asked = { id, answerId: 'transaction_id', owner: from, beyond: target.asset };
    return carriedOut(ledger, call, command, asked);
  }
  const leg = { from, to };
  const what = { leg, kind: 'TRANSFER', ref: undefined, answerId: 'transaction_id' };
  return moved(ledger, call, movement, what);
}
