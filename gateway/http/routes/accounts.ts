// Accounts: balances, histories, administration. Owns: their paths and parameters. Never touches: state.

import type { EntriesQuery } from '../../../engine/index.js';
import { either } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { isRefusal } from '../../refusal.js';
import { type Call, callerOf, count, type Route, type ServedLedger, time } from '../../route.js';
import { CommandReader } from '../../schema/command-reader.js';
import * as about from '../../schema/ledger-descriptions.js';
import { entryLines } from './exports.js';
import { ACCOUNT, commandOf, OK, submitted } from './submit.js';

const IN_ACCOUNT = ['owner', 'asset'];
const EXTENSION = new CommandReader('extend-lots', IN_ACCOUNT);
const CREDIT_LIMIT = new CommandReader('set-credit-limit', IN_ACCOUNT);

/** The routes of accounts. */
export function accountRoutes(ledger: ServedLedger): Route[] {
  const administration = (
    [
      ['open', 'open-account'],
      ['freeze', 'freeze-account'],
      ['unfreeze', 'unfreeze-account'],
      ['close', 'close-account'],
      ['reopen', 'reopen-account'],
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
      path: `${ACCOUNT}/assets/{asset}/extend-lots`,
      body: 'required',
      access: either('adjust'),
      module: 'accounts',
      describes: about.extendLotsDescription,
      repeats: true,
      handle: (call) => submitted(ledger, call, commandOf(EXTENSION, call), OK),
    },
    {
      method: 'POST',
      path: `${ACCOUNT}/assets/{asset}/credit-limit`,
      body: 'required',
      access: either('admin'),
      module: 'accounts',
      describes: about.creditLimitDescription,
      repeats: true,
      handle: (call) => submitted(ledger, call, commandOf(CREDIT_LIMIT, call), OK),
    },
  ];
}

// Only the assets that the caller may read; one that is asked for by name and may not be read is refused.
async function accounts(ledger: ServedLedger, call: Call): Promise<Answer> {
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

async function entries(ledger: ServedLedger, call: Call): Promise<Answer> {
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
