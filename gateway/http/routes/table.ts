// The routes: who may ask what, and how it is asked of the engine. Owns: paths, parameters,
// statuses of success. Never touches: sockets, JSON text, state.

import { type Caller, type Command, type EntriesQuery, homeOwner } from '../../../engine/index.js';
import { ANYONE, either, MOVEMENTS, WHOLE_LEDGER } from '../../auth/principal.js';
import { dryRunAnswer } from '../../encoding/dry-runs.js';
import { packed } from '../../encoding/media.js';
import { outcomeAnswer, recordAnswer } from '../../encoding/outcome-json.js';
import type { GatewayLimits } from '../../limits.js';
import type { Metrics } from '../../metrics/metrics.js';
import { type Answer, isRefusal, json, problem, type Refusal, refuse } from '../../refusal.js';
import {
  type Call,
  callerOf,
  count,
  engineOf,
  isTrue,
  type Ledger,
  limited,
  type Route,
  time,
} from '../../route.js';
import { fullBody } from '../../schema/check.js';
import { CommandReader } from '../../schema/command-reader.js';
import * as about from '../../schema/ledger-descriptions.js';
import * as operation from '../../schema/operation-descriptions.js';
import { leftMs } from '../server/time-limit.js';
import { accessRoutes } from './access.js';
import { backup } from './backup.js';
import { balanceRoutes } from './balances.js';
import { entryLines, exportRoutes } from './exports.js';
import { pointsRoutes } from './points.js';
import { batch, lineBatch } from './transfer-batches.js';
import { userRoutes } from './users.js';

const ACCOUNT = '/v1/accounts/{owner}';
const IN_HOLD = ['owner', 'holdId'];
const IN_ACCOUNT = ['owner', 'asset'];
const READ = {
  transfer: new CommandReader('transfer'),
  hold: new CommandReader('hold'),
  capture: new CommandReader('capture', IN_HOLD),
  release: new CommandReader('release', IN_HOLD),
  reverse: new CommandReader('reverse', ['owner', 'transferId']),
  creditLimit: new CommandReader('set-credit-limit', IN_ACCOUNT),
  asset: new CommandReader('define-asset', ['asset']),
};

/** The command that a call asks for. */
const commandOf = (reader: CommandReader, { body, path, idempotencyKey }: Call) =>
  reader.read(body, path, idempotencyKey);

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
    const one = decided(ledger, call, READ.transfer.read(body, [], idempotencyKey));
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
      handle: (call) => decided(ledger, call, commandOf(READ.reverse, call)),
    },
    {
      method: 'POST',
      path: '/v1/holds',
      body: 'required',
      access: either('spend'),
      module: 'points',
      describes: about.holdDescription,
      repeats: true,
      handle: (call) => submitted(ledger, call, commandOf(READ.hold, call), CREATED),
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
      handle: (call) => decided(ledger, call, commandOf(READ.capture, call)),
    },
    {
      method: 'POST',
      path: `${ACCOUNT}/holds/{id}/release`,
      body: 'optional',
      access: either('spend'),
      module: 'points',
      describes: about.releaseDescription,
      repeats: true,
      handle: (call) => submitted(ledger, call, commandOf(READ.release, call), CREATED),
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
  ).map(([verb, type]): Route => {
    const reader = new CommandReader(type, IN_ACCOUNT);
    return {
      method: 'POST',
      path: `${ACCOUNT}/assets/{asset}/${verb}`,
      body: 'optional',
      access: either('admin'),
      module: 'accounts',
      describes: about.administrationDescription(verb),
      repeats: true,
      handle: (call) => submitted(ledger, call, commandOf(reader, call), OK),
    };
  });
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
      handle: (call) => submitted(ledger, call, commandOf(READ.creditLimit, call), OK),
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
      handle: (call) => submitted(ledger, call, READ.asset.read(call.body, call.path), OK),
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
