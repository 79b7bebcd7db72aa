// The routes: who may ask what, and how it is asked of the engine. Owns: paths, parameters,
// statuses of success. Never touches: sockets, JSON text, state.

import {
  type Command,
  type Engine,
  type EntriesQuery,
  homeOwner,
  type Outcome,
} from '../../engine/index.js';
import type { GatewayLimits } from '../limits.js';
import { backup } from './admin.js';
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
import type { Metrics } from './metrics.js';
import { batchAnswer, outcomeAnswer, recordAnswer } from './outcome-json.js';
import { type Answer, isRefusal, json, problem, type Refusal, refuse } from './problem.js';

/** A request, read and authorised. */
export interface Call {
  /** The parts of the path that the route's `{names}` stand for, decoded. */
  readonly path: readonly string[];
  readonly query: Readonly<Record<string, string>>;
  /** The body's JSON; undefined where there is none. */
  readonly body: unknown;
  readonly idempotencyKey: string | undefined;
}

/** What a path does for one method. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** E.g. `/v1/accounts/{owner}`. */
  readonly path: string;
  /** Answered without a key, and while the ledger is being opened or closed. */
  readonly open?: boolean;
  /** Is there a body? Default: none is read. */
  readonly body?: 'required' | 'optional' | 'batch';
  /** Parameters that the query may have. */
  readonly query?: readonly string[];
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

/** What the routes work on. */
export interface Ledger {
  /** Undefined until it is open. */
  engine: Engine | undefined;
  /** Why requests are refused: undefined once the ledger works. */
  unready: string | undefined;
}

const ACCOUNT = '/v1/accounts/{owner}';
const CREATED = 201;
const OK = 200;

/** The table of routes. */
export function routes(ledger: Ledger, limits: GatewayLimits, metrics: Metrics): Route[] {
  return [
    ...transferRoutes(ledger, limits),
    ...accountRoutes(ledger),
    ...assetRoutes(ledger),
    ...operationRoutes(ledger, metrics),
  ];
}

// The server asks for the engine only once it is open; a route that is `open` looks first.
function engineOf(ledger: Ledger): Engine {
  if (ledger.engine === undefined) throw new Error('a request came before the ledger was open');
  return ledger.engine;
}

async function submitted(
  ledger: Ledger,
  command: Refusal | Command,
  fresh: number,
): Promise<Answer> {
  if (isRefusal(command)) return problem(command);
  return outcomeAnswer(await engineOf(ledger).submit(command), fresh);
}

/** One transfer: 201 where it is decided in time, else 202 with its place. */
async function transferred(
  ledger: Ledger,
  command: Refusal | Command,
  timeoutMs: number | undefined,
): Promise<Answer> {
  if (isRefusal(command)) return problem(command);
  const outcome = await engineOf(ledger).submit(command, { timeoutMs });
  const isPrepared = !outcome.ok && outcome.code === 'PREPARED';
  return outcomeAnswer(outcome, CREATED, isPrepared ? homeOwner(command) : undefined);
}

function timeoutOf(query: Call['query'], limits: GatewayLimits): Refusal | number | undefined {
  const ms = count(query, 'timeoutMs');
  if (typeof ms !== 'number' || ms <= limits.timeoutMsMax) return ms;
  const detail = `timeoutMs is at most ${limits.timeoutMsMax}.`;
  return refuse('QUERY_INVALID', 'timeoutMs', detail);
}

function transferRoutes(ledger: Ledger, limits: GatewayLimits): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/transfers',
      body: 'batch',
      query: ['timeoutMs'],
      handle: ({ body, idempotencyKey, query }) => {
        const timeoutMs = timeoutOf(query, limits);
        if (isRefusal(timeoutMs)) return problem(timeoutMs);
        return Array.isArray(body)
          ? batch(ledger, body, idempotencyKey, limits, timeoutMs)
          : transferred(ledger, transferFrom(body, idempotencyKey), timeoutMs);
      },
    },
    {
      method: 'GET',
      path: `${ACCOUNT}/transfers/{id}`,
      handle: ({ path }) => transfer(ledger, path[0] ?? '', path[1] ?? ''),
    },
    {
      method: 'POST',
      path: `${ACCOUNT}/transfers/{id}/reverse`,
      body: 'optional',
      handle: ({ path, body, idempotencyKey }) =>
        submitted(ledger, reverseFrom(path[0] ?? '', path[1] ?? '', body, idempotencyKey), CREATED),
    },
    {
      method: 'POST',
      path: '/v1/holds',
      body: 'required',
      handle: ({ body, idempotencyKey }) =>
        submitted(ledger, holdFrom(body, idempotencyKey), CREATED),
    },
    {
      method: 'GET',
      path: `${ACCOUNT}/holds/{id}`,
      handle: ({ path }) => hold(ledger, path[0] ?? '', path[1] ?? ''),
    },
    {
      method: 'POST',
      path: `${ACCOUNT}/holds/{id}/capture`,
      body: 'required',
      handle: ({ path, body, idempotencyKey }) =>
        submitted(ledger, captureFrom(path[0] ?? '', path[1] ?? '', body, idempotencyKey), CREATED),
    },
    {
      method: 'POST',
      path: `${ACCOUNT}/holds/{id}/release`,
      body: 'optional',
      handle: ({ path, body, idempotencyKey }) =>
        submitted(ledger, releaseFrom(path[0] ?? '', path[1] ?? '', body, idempotencyKey), CREATED),
    },
  ];
}

async function batch(
  ledger: Ledger,
  items: readonly unknown[],
  idempotencyKey: string | undefined,
  limits: GatewayLimits,
  timeoutMs: number | undefined,
): Promise<Answer> {
  if (items.length > limits.batchItemsMax) {
    return problem(
      refuse('BATCH_TOO_LARGE', 'body', `A batch has at most ${limits.batchItemsMax} commands.`),
    );
  }
  if (idempotencyKey !== undefined) {
    const detail =
      'The commands of a batch are named by their own ids, not by an Idempotency-Key header.';
    return problem(refuse('ID_INVALID', 'Idempotency-Key', detail));
  }
  const outcomes = new Array<Outcome>(items.length);
  const commands: Command[] = [];
  const places: number[] = [];
  for (let i = 0; i < items.length; i++) {
    const command = transferFrom(items[i]);
    if (isRefusal(command)) outcomes[i] = command;
    else {
      commands.push(command);
      places.push(i);
    }
  }
  const answered =
    commands.length === 0 ? [] : await engineOf(ledger).submitBatch(commands, { timeoutMs });
  if (answered.length === items.length) return batchAnswer(answered, limits.retryAfterSeconds);
  for (let i = 0; i < places.length; i++) {
    const [place, outcome] = [places[i], answered[i]];
    if (place === undefined || outcome === undefined)
      throw new Error('the engine left commands unanswered');
    outcomes[place] = outcome;
  }
  return batchAnswer(outcomes, limits.retryAfterSeconds);
}

async function transfer(ledger: Ledger, owner: string, id: string): Promise<Answer> {
  const record = await engineOf(ledger).transfer(owner, id);
  if (record === undefined) {
    return problem(refuse('TRANSFER_NOT_FOUND', 'id', 'The owner has never used this id.'));
  }
  return isRefusal(record) ? problem(record) : recordAnswer(record);
}

// A hold that is closed is answered with nothing remaining: its command is in the log for ever.
async function hold(ledger: Ledger, owner: string, id: string): Promise<Answer> {
  const engine = engineOf(ledger);
  const state = await engine.hold(owner, id);
  if (isRefusal(state)) return problem(state);
  if (state !== undefined) return json(OK, state);
  const record = await engine.transfer(owner, id);
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
      handle: ({ path, body, idempotencyKey }) =>
        submitted(
          ledger,
          accountFrom(type, path[0] ?? '', path[1] ?? '', body, idempotencyKey),
          OK,
        ),
    }),
  );
  return [
    {
      method: 'GET',
      path: ACCOUNT,
      query: ['asset', 'at'],
      handle: ({ path, query }) => accounts(ledger, path[0] ?? '', query),
    },
    {
      method: 'GET',
      path: `${ACCOUNT}/entries`,
      query: ['asset', 'order', 'version', 'from', 'to', 'kind', 'limit', 'cursor', 'shard'],
      handle: ({ path, query }) => entries(ledger, path[0] ?? '', query),
    },
    ...administration,
    {
      method: 'POST',
      path: `${ACCOUNT}/assets/{asset}/credit-limit`,
      body: 'required',
      handle: ({ path, body, idempotencyKey }) =>
        submitted(ledger, creditLimitFrom(path[0] ?? '', path[1] ?? '', body, idempotencyKey), OK),
    },
  ];
}

async function accounts(ledger: Ledger, owner: string, query: Call['query']): Promise<Answer> {
  const engine = engineOf(ledger);
  const at = time(query, 'at');
  if (isRefusal(at)) return problem(at);
  if (query.asset !== undefined && !/^[a-z0-9_]{1,32}$/.test(query.asset)) {
    return problem(refuse('ASSET_INVALID', 'asset'));
  }
  const balances = await engine.balance(owner);
  if (isRefusal(balances)) return problem(balances);
  const asked = balances.filter(({ asset }) => query.asset === undefined || asset === query.asset);
  if (at === undefined) return json(OK, { owner, accounts: asked });
  const past = await Promise.all(asked.map(({ asset }) => engine.balanceAt(owner, asset, at)));
  const refusal = past.find(isRefusal);
  return refusal === undefined ? json(OK, { owner, at, accounts: past }) : problem(refusal);
}

async function entries(ledger: Ledger, owner: string, query: Call['query']): Promise<Answer> {
  const { asset, order, kind, cursor } = query;
  if (asset === undefined) return problem(refuse('QUERY_INVALID', 'asset', 'asset is required.'));
  if (order !== undefined && order !== 'newest' && order !== 'oldest') {
    return problem(refuse('QUERY_INVALID', 'order', 'order is newest or oldest.'));
  }
  if (kind !== undefined && !/^[A-Za-z0-9._-]{1,32}$/.test(kind)) {
    return problem(refuse('KIND_INVALID', 'kind'));
  }
  const [from, to] = [time(query, 'from'), time(query, 'to')];
  const [limit, shard, version] = ['limit', 'shard', 'version'].map((name) => count(query, name));
  for (const found of [from, to, limit, shard, version])
    if (isRefusal(found)) return problem(found);
  const asked = { owner, asset, order, version, from, to, kind, limit, cursor, shard };
  const page = await engineOf(ledger).entries(asked as EntriesQuery);
  return isRefusal(page) ? problem(page) : json(OK, { entries: page.entries, cursor: page.cursor });
}

function count(query: Call['query'], name: string): Refusal | number | undefined {
  const text = query[name];
  if (text === undefined) return undefined;
  return /^\d{1,15}$/.test(text)
    ? Number(text)
    : refuse('QUERY_INVALID', name, `${name} must be a whole number.`);
}

function time(query: Call['query'], name: string): Refusal | number | undefined {
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
      handle: () => json(OK, { assets: engineOf(ledger).assets() }),
    },
    {
      method: 'GET',
      path: '/v1/assets/{asset}',
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
      handle: ({ path, body }) => submitted(ledger, assetFrom(path[0] ?? '', body), OK),
    },
  ];
}

function operationRoutes(ledger: Ledger, metrics: Metrics): Route[] {
  return [
    {
      method: 'POST',
      path: '/v1/admin/backup',
      body: 'required',
      handle: ({ body }) => backup(engineOf(ledger), body),
    },
    {
      method: 'POST',
      path: '/v1/admin/accept-clock',
      body: 'optional',
      handle: async () => {
        await engineOf(ledger).acceptClock();
        return json(OK, readiness(ledger));
      },
    },
    { method: 'GET', path: '/healthz', open: true, handle: () => json(OK, { status: 'ok' }) },
    {
      method: 'GET',
      path: '/readyz',
      open: true,
      handle: () => {
        const { ready, reasons } = readiness(ledger);
        return json(ready ? OK : 503, { ready, reasons });
      },
    },
    {
      method: 'GET',
      path: '/metrics',
      open: true,
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
