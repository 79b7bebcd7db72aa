// The routes: who may ask what, and how it is asked of the engine. Owns: paths, parameters,
// statuses of success. Never touches: sockets, JSON text, state.

import {
  type Caller,
  type Command,
  type Engine,
  type EntriesQuery,
  homeOwner,
} from '../../engine/index.js';
import type { Directory } from '../auth/directory.js';
import {
  type Access,
  ANYONE,
  either,
  MOVEMENTS,
  type Principal,
  WHOLE_LEDGER,
} from '../auth/principal.js';
import type { Sealer } from '../auth/sealing.js';
import type { GatewayLimits } from '../limits.js';
import type { Module, Origin } from '../logs/logs.js';
import { fullBody } from '../schema/check.js';
import type { Description } from '../schema/description.js';
import * as about from '../schema/ledger-descriptions.js';
import * as operation from '../schema/operation-descriptions.js';
import { accessRoutes } from './access-routes.js';
import { backup } from './admin.js';
import { balanceRoutes } from './balance-routes.js';
import { timeFromText } from './body.js';
import {
  accountFrom,
  assetFrom,
  captureFrom,
  creditLimitFrom,
  holdFrom,
  releaseFrom,
  reverseFrom,
  transferFrom,
} from './commands.js';
import { entryLines, exportRoutes } from './export-routes.js';
import type { Gate } from './gate.js';
import { type Format, packed } from './media.js';
import type { Metrics } from './metrics.js';
import { outcomeAnswer, recordAnswer } from './outcome-json.js';
import { pointsRoutes } from './points-routes.js';
import { type Answer, isRefusal, json, problem, type Refusal, refuse } from './problem.js';
import type { BodyStream } from './streamed.js';
import { leftMs } from './time-limit.js';
import { dryRunAnswer } from './together.js';
import { batch, lineBatch } from './transfer-batches.js';
import { userRoutes } from './user-routes.js';

/** A request, read and authorised. */
export interface Call {
  /** The parts of the path that the route's `{names}` stand for, decoded. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  /** The body's JSON; undefined where there is none. */
  readonly body: unknown;
  /** Instead of a body: lines that are still coming. */
  readonly lines: BodyStream | undefined;
  readonly idempotencyKey: string | undefined;
  /** What the answer is to be in: one of the route's formats, or JSON. */
  readonly format: Format;
  /** Signed, and it was carried out: only what came of it then may be told (`Route.repeats`). */
  readonly isRepeat: boolean;
  /** Who asks. */
  readonly principal: Principal;
  /** Are the credentials good now, too? Left out: for ever. */
  readonly isGood: (() => boolean) | undefined;
  readonly origin: Origin;
  /** When the time that the caller gives it is up (performance.now()). */
  readonly until: number | undefined;
  /** Counts what users do, and writes down what comes of what goes on for longer. */
  readonly limiter: Pick<Gate, 'user' | 'commands' | 'outcomes'>;
}

/** A call that is still being read: one object from its headers to its answer, as there are very many of them. */
export type Arrival = { -readonly [Field in keyof Call]: Call[Field] };

/** What a path does for one method. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** E.g. `/v1/accounts/{owner}`. */
  readonly path: string;
  /** Who may ask; what `anyone` may ask is also answered while the ledger is being opened or closed. */
  readonly access: Access;
  /** Where the audit log counts it. */
  readonly module: Module;
  /** Is there a body? Default: none is read. */
  readonly body?: 'required' | 'optional' | 'batch';
  /** Formats of the body and the answer beside JSON. */
  readonly formats?: readonly Format[];
  /** It changes nothing, although it has a body: it is not in the audit log. */
  readonly isRead?: boolean;
  /** Of a call that is a repeat it tells the first outcome, and carries nothing out. Default: it cannot. */
  readonly repeats?: boolean;
  /** How many requests it counts as. Default: one, a batch as many as it has commands. */
  readonly weigh?: (body: unknown) => number;
  /** What it takes and answers: checked against and served as the OpenAPI document. */
  readonly describes: Description;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

/** What platforms and keys are managed with. */
export interface AccessParts {
  readonly directory: Directory;
  readonly sealer: Sealer;
}

/** What the routes work on. */
export interface Ledger {
  /** Undefined until it is open. */
  engine: Engine | undefined;
  /** Platforms and keys; undefined until it is open. */
  access: AccessParts | undefined;
  /** Why requests are refused: undefined once the ledger works. */
  unready: string | undefined;
}

const ACCOUNT = '/v1/accounts/{owner}';
const CREATED = 201;
const OK = 200;
const MOVES = either(...MOVEMENTS);

/** The table of routes. */
export function routes(ledger: Ledger, limits: GatewayLimits, metrics: Metrics): Route[] {
  return [
    ...transferRoutes(ledger, limits),
    ...accountRoutes(ledger),
    ...balanceRoutes(ledger, limits),
    ...exportRoutes(ledger),
    ...assetRoutes(ledger),
    ...accessRoutes(ledger, limits),
    ...userRoutes(ledger),
    ...pointsRoutes(ledger, limits),
    ...operationRoutes(ledger, metrics),
  ];
}

// The server asks for the engine only once it is open; a route for anyone looks first.
export function engineOf(ledger: Ledger): Engine {
  if (ledger.engine === undefined) throw new Error('a request came before the ledger was open');
  return ledger.engine;
}

/** The ledger as who asks may use it: every command and read is judged in the shard. */
export function callerOf(
  ledger: Ledger,
  { principal, isRepeat }: Pick<Call, 'principal' | 'isRepeat'>,
): Caller {
  if (!isRepeat) return engineOf(ledger).as(principal);
  // Asked as a dry run, which takes the permission to read: but what was told once may be told again.
  const operations = new Set([...principal.operations, 'read' as const]);
  return engineOf(ledger).as({ ...principal, operations });
}

/** Counts a command for its users; a refusal where it is one too many. What is only tried is nothing that a user does. */
export const limited = (
  { principal, limiter }: Call,
  command: Command,
  dryRun = false,
): Refusal | undefined => (dryRun ? undefined : limiter.user(principal, command));

async function submitted(
  ledger: Ledger,
  call: Call,
  command: Refusal | Command,
  fresh: number,
): Promise<Answer> {
  const dryRun = isTrue(call.query, 'dryRun');
  const isTrial = dryRun || call.isRepeat;
  const refusal = isRefusal(command) ? command : limited(call, command, isTrial);
  if (refusal !== undefined) return problem(refusal);
  const outcome = await callerOf(ledger, call).submit(command as Command, { dryRun: isTrial });
  return dryRun ? dryRunAnswer(outcome) : outcomeAnswer(outcome, fresh);
}

/** One transfer, an array of them, or lines that are still coming. */
function transfers(ledger: Ledger, call: Call, limits: GatewayLimits): Answer | Promise<Answer> {
  const { body, lines, query, idempotencyKey } = call;
  const isMany = lines !== undefined || Array.isArray(body);
  if (query.brief !== undefined && (!isMany || query.dryRun === 'true'))
    return problem(refuse('QUERY_INVALID', 'brief', 'brief is for batches that are carried out.'));
  if (!isMany) {
    const one = decided(ledger, call, transferFrom(body, idempotencyKey));
    return call.format === 'packed' ? one.then(packed) : one;
  }
  if (lines !== undefined && call.isRepeat)
    return problem(refuse('SIGNATURE_REPLAYED', 'X-Signature'));
  const settings = {
    // Lines come for as long as they come: the limit is of each group of them.
    timeoutMs: lines === undefined ? leftMs(call) : count(query, 'timeoutMs'),
    brief: query.brief === 'true',
    atomic: isTrue(query, 'atomic'),
    dryRun: isTrue(query, 'dryRun'),
  };
  return lines === undefined
    ? batch(ledger, call, body as readonly unknown[], settings, limits)
    : lineBatch(ledger, call, lines, settings, limits);
}

/** What may concern other shards: 201 where it is decided in time, else 202 with its place. */
async function decided(ledger: Ledger, call: Call, command: Refusal | Command): Promise<Answer> {
  const dryRun = isTrue(call.query, 'dryRun');
  if (isRefusal(command)) return problem(command);
  const isTrial = dryRun || call.isRepeat;
  const tooMany = limited(call, command, isTrial);
  if (tooMany !== undefined) return problem(tooMany);
  const outcome = await callerOf(ledger, call).submit(command, {
    timeoutMs: leftMs(call),
    dryRun: isTrial,
  });
  if (dryRun) return dryRunAnswer(outcome);
  const isPrepared = !outcome.ok && outcome.code === 'PREPARED';
  return outcomeAnswer(outcome, CREATED, isPrepared ? homeOwner(command) : undefined);
}

function transferRoutes(ledger: Ledger, limits: GatewayLimits): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/transfers',
      body: 'batch',
      formats: ['packed', 'lines'],
      access: MOVES,
      module: 'points',
      describes: about.transferDescription(limits),
      repeats: true,
      handle: (call) => transfers(ledger, call, limits),
    },
    {
      method: 'GET',
      path: `${ACCOUNT}/transfers/{id}`,
      access: either('read'),
      module: 'points',
      describes: about.recordDescription,
      handle: (call) => transfer(callerOf(ledger, call), call.path[0] ?? '', call.path[1] ?? ''),
    },
    {
      method: 'POST',
      path: `${ACCOUNT}/transfers/{id}/reverse`,
      body: 'optional',
      access: MOVES,
      module: 'points',
      describes: about.reverseDescription(limits),
      repeats: true,
      handle: (call) => {
        const { path, body, idempotencyKey } = call;
        const command = reverseFrom(path[0] ?? '', path[1] ?? '', body, idempotencyKey);
        return decided(ledger, call, command);
      },
    },
    {
      method: 'POST',
      path: '/v1/holds',
      body: 'required',
      access: either('spend'),
      module: 'points',
      describes: about.holdDescription,
      repeats: true,
      handle: (call) => submitted(ledger, call, holdFrom(call.body, call.idempotencyKey), CREATED),
    },
    {
      method: 'GET',
      path: `${ACCOUNT}/holds/{id}`,
      access: either('read'),
      module: 'points',
      describes: about.holdStateDescription,
      handle: (call) => hold(callerOf(ledger, call), call.path[0] ?? '', call.path[1] ?? ''),
    },
    {
      method: 'POST',
      path: `${ACCOUNT}/holds/{id}/capture`,
      body: 'required',
      access: either('spend'),
      module: 'points',
      describes: about.captureDescription(limits),
      repeats: true,
      handle: (call) => {
        const { path, body, idempotencyKey } = call;
        const command = captureFrom(path[0] ?? '', path[1] ?? '', body, idempotencyKey);
        return decided(ledger, call, command);
      },
    },
    {
      method: 'POST',
      path: `${ACCOUNT}/holds/{id}/release`,
      body: 'optional',
      access: either('spend'),
      module: 'points',
      describes: about.releaseDescription,
      repeats: true,
      handle: (call) => {
        const { path, body, idempotencyKey } = call;
        const command = releaseFrom(path[0] ?? '', path[1] ?? '', body, idempotencyKey);
        return submitted(ledger, call, command, CREATED);
      },
    },
  ];
}

async function transfer(caller: Caller, owner: string, id: string): Promise<Answer> {
  const record = await caller.transfer(owner, id);
  if (record === undefined)
    return problem(refuse('TRANSFER_NOT_FOUND', 'id', 'The owner has never used this id.'));
  return isRefusal(record) ? problem(record) : recordAnswer(record);
}

// A hold that is closed is answered with nothing remaining: its command is in the log for ever.
async function hold(caller: Caller, owner: string, id: string): Promise<Answer> {
  const state = await caller.hold(owner, id);
  if (isRefusal(state)) return problem(state);
  if (state !== undefined) return json(OK, state);
  const record = await caller.transfer(owner, id);
  if (isRefusal(record)) return problem(record);
  if (record?.command.type !== 'hold' || !record.outcome.ok)
    return problem(refuse('HOLD_NOT_FOUND', 'id'));
  const { asset, deadline } = record.command;
  return json(OK, { owner, id, asset, remaining: 0, deadline });
}

function accountRoutes(ledger: Ledger): Route[] {
  const administration = (
    [
      ['open', 'open-account'],
      ['freeze', 'freeze-account'],
      ['unfreeze', 'unfreeze-account'],
      ['close', 'close-account'],
    ] as const
  ).map(
    ([verb, type]): Route => ({
      method: 'POST',
      path: `${ACCOUNT}/assets/{asset}/${verb}`,
      body: 'optional',
      access: either('admin'),
      module: 'accounts',
      describes: about.administrationDescription(verb),
      repeats: true,
      handle: (call) => {
        const { path, body, idempotencyKey } = call;
        const command = accountFrom(type, path[0] ?? '', path[1] ?? '', body, idempotencyKey);
        return submitted(ledger, call, command, OK);
      },
    }),
  );
  return [
    {
      method: 'GET',
      path: ACCOUNT,
      access: either('read'),
      module: 'accounts',
      describes: about.accountsDescription,
      handle: (call) => accounts(ledger, call),
    },
    {
      method: 'GET',
      path: `${ACCOUNT}/entries`,
      formats: ['lines'],
      access: either('read'),
      module: 'accounts',
      describes: about.entriesDescription,
      handle: (call) => entries(ledger, call),
    },
    ...administration,
    {
      method: 'POST',
      path: `${ACCOUNT}/assets/{asset}/credit-limit`,
      body: 'required',
      access: either('admin'),
      module: 'accounts',
      describes: about.creditLimitDescription,
      repeats: true,
      handle: (call) => {
        const { path, body, idempotencyKey } = call;
        const command = creditLimitFrom(path[0] ?? '', path[1] ?? '', body, idempotencyKey);
        return submitted(ledger, call, command, OK);
      },
    },
  ];
}

// Only the assets that the caller may read; one that is asked for by name and may not be read is refused.
async function accounts(ledger: Ledger, call: Call): Promise<Answer> {
  const { query } = call;
  const owner = call.path[0] ?? '';
  const caller = callerOf(ledger, call);
  const at = time(query, 'at');
  if (isRefusal(at)) return problem(at);
  const balances = await caller.balance(owner, query.asset);
  if (isRefusal(balances)) return problem(balances);
  if (at === undefined) return json(OK, { owner, accounts: balances });
  const past = await Promise.all(balances.map(({ asset }) => caller.balanceAt(owner, asset, at)));
  const unknown = past.find(isRefusal);
  return unknown === undefined ? json(OK, { owner, at, accounts: past }) : problem(unknown);
}

async function entries(ledger: Ledger, call: Call): Promise<Answer> {
  const { path, query, format } = call;
  const { asset = '', order, kind, cursor } = query;
  const owner = path[0] ?? '';
  const [from, to] = [time(query, 'from'), time(query, 'to')];
  const [limit, shard, version] = ['limit', 'shard', 'version'].map((name) => count(query, name));
  for (const found of [from, to]) if (isRefusal(found)) return problem(found);
  const asked = { owner, asset, order, version, from, to, kind, limit, cursor, shard };
  const caller = callerOf(ledger, call);
  if (format === 'lines') return entryLines(caller, asked as EntriesQuery, call);
  const page = await caller.entries(asked as EntriesQuery);
  return isRefusal(page) ? problem(page) : json(OK, { entries: page.entries, cursor: page.cursor });
}

/** Is a parameter given as true? */
export const isTrue = (query: Call['query'], name: string): boolean => query[name] === 'true';

/** A whole number out of the query, which its schema has passed. */
export function count(query: Call['query'], name: string): number | undefined {
  const text = query[name];
  return text === undefined ? undefined : Number(text);
}

/** A time out of the query; its schema does not say whether there is such a day. */
export function time(query: Call['query'], name: string): Refusal | number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  const ms = /^\d{1,15}$/.test(text) ? Number(text) : timeFromText(text);
  if (ms !== undefined) return ms;
  return refuse(
    'QUERY_INVALID',
    name,
    `${name} must be milliseconds since 1970 or an RFC 3339 time.`,
  );
}

function assetRoutes(ledger: Ledger): Route[] {
  return [
    {
      method: 'GET',
      path: '/v1/assets',
      access: either('read'),
      module: 'assets',
      describes: about.assetsDescription,
      handle: () => json(OK, { assets: engineOf(ledger).assets() }),
    },
    {
      method: 'GET',
      path: '/v1/assets/{asset}',
      access: either('read'),
      module: 'assets',
      describes: about.assetDescription,
      handle: ({ path }) => {
        const found = engineOf(ledger)
          .assets()
          .find(({ asset }) => asset === path[0]);
        return found === undefined ? problem(refuse('ASSET_UNKNOWN', 'asset')) : json(OK, found);
      },
    },
    {
      method: 'PUT',
      path: '/v1/assets/{asset}',
      body: 'required',
      access: WHOLE_LEDGER,
      module: 'assets',
      describes: about.defineAssetDescription,
      handle: (call) => submitted(ledger, call, assetFrom(call.path[0] ?? '', call.body), OK),
    },
  ];
}

function operationRoutes(ledger: Ledger, metrics: Metrics): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/admin/backup',
      body: 'required',
      access: WHOLE_LEDGER,
      module: 'operations',
      describes: operation.backupDescription,
      handle: ({ body }) => backup(engineOf(ledger), body),
    },
    {
      method: 'POST',
      path: '/v1/admin/accept-clock',
      body: 'optional',
      access: WHOLE_LEDGER,
      module: 'operations',
      describes: operation.acceptClockDescription,
      handle: async ({ body }) => {
        const no = fullBody(body);
        if (no !== undefined) return problem(no);
        await engineOf(ledger).acceptClock();
        return json(OK, readiness(ledger));
      },
    },
    {
      method: 'GET',
      path: '/healthz',
      access: ANYONE,
      module: 'operations',
      describes: operation.healthDescription,
      handle: () => json(OK, { status: 'ok' }),
    },
    {
      method: 'GET',
      path: '/readyz',
      access: ANYONE,
      module: 'operations',
      describes: operation.readyDescription,
      handle: () => {
        const { ready, reasons } = readiness(ledger);
        return json(ready ? OK : 503, { ready, reasons });
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      access: ANYONE,
      module: 'operations',
      describes: operation.metricsDescription,
      handle: async () => ({
        status: OK,
        contentType: metrics.contentType,
        body: await metrics.text(),
      }),
    },
  ];
}

function readiness(ledger: Ledger): { ready: boolean; reasons: readonly string[] } {
  if (ledger.unready !== undefined) return { ready: false, reasons: [ledger.unready] };
  return engineOf(ledger).readiness();
}
