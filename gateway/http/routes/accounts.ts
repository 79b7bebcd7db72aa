// Accounts: balances, histories, administration. Owns: their paths and parameters. Never touches: state.

import type { EntriesQuery } from '../../../engine/index.js';
import { either, membersToo } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { isRefusal } from '../../refusal.js';
import {
  asOf,
  type Call,
  callerOf,
  count,
  engineOf,
  isTrue,
  type Route,
  type ServedLedger,
  time,
} from '../../route.js';
import { CommandReader } from '../../schema/command-reader.js';
import * as about from '../../schema/ledger-descriptions.js';
import { totalsOf } from '../../worth.js';
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
      access: verb === 'open' ? either('admin') : either('freeze'),
      module: 'accounts',
      describes: about.administrationDescription(verb),
      repeats: true,
      handle: (call) => submitted(ledger, call, commandOf(reader, call), { fresh: OK }),
    };
  });
  return [
    {
      method: 'GET',
      path: ACCOUNT,
      access: membersToo('read'),
      module: 'accounts',
      describes: about.accountsDescription,
      handle: (call) => accounts(ledger, call),
    },
    {
      method: 'GET',
      path: `${ACCOUNT}/entries`,
      formats: ['lines'],
      access: membersToo('read'),
      module: 'accounts',
      describes: about.entriesDescription,
      handle: (call) => entries(ledger, call),
    },
    ...administration,
    {
      method: 'POST',
      path: `${ACCOUNT}/assets/{asset}/extend-lots`,
      body: 'required',
      access: either('adjust', 'correct'),
      module: 'accounts',
      describes: about.extendLotsDescription,
      repeats: true,
      handle: (call) => submitted(ledger, call, commandOf(EXTENSION, call), { fresh: OK }),
    },
    {
      method: 'POST',
      path: `${ACCOUNT}/assets/{asset}/credit-limit`,
      body: 'required',
      access: either('admin'),
      module: 'accounts',
      describes: about.creditLimitDescription,
      repeats: true,
      handle: (call) => submitted(ledger, call, commandOf(CREDIT_LIMIT, call), { fresh: OK }),
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
  const until = asOf(query, true);
  if (isRefusal(until)) return problem(until);
  if (at !== undefined) {
    const past = await caller.balancesAt({ owners: [owner], asset: query.asset, at, asOf: until });
    if (isRefusal(past))
      return problem(past.field === 'owners[0]' ? { ...past, field: 'owner' } : past);
    const [accounts = []] = past.balances;
    return worth(ledger, accounts, { owner, at: past.at, asOf: past.asOf, accounts }, past.at);
  }
  const balances = await caller.balance(owner, query.asset);
  if (isRefusal(balances)) return problem(balances);
  return worth(ledger, balances, { owner, accounts: balances });
}

/** Accounts, with what they are worth where their assets are in a coalition: where that is not known now, the accounts are told all the same. */
async function worth(
  ledger: ServedLedger,
  accounts: Parameters<typeof totalsOf>[1],
  told: object,
  at?: number,
): Promise<Answer> {
  const totals = await totalsOf(engineOf(ledger), accounts, at);
  const isNone = isRefusal(totals) || totals.length === 0;
  return json(OK, isNone ? told : { ...told, totals });
}

async function entries(ledger: ServedLedger, call: Call): Promise<Answer> {
  const { path, query, format } = call;
  const { asset = '', order, kind, act, cursor } = query;
  const owner = path[0] ?? '';
  const [from, to] = [time(query, 'from'), time(query, 'to')];
  const [limit, shard, version] = ['limit', 'shard', 'version'].map((name) => count(query, name));
  const until = asOf(query, false);
  for (const found of [from, to, until]) if (isRefusal(found)) return problem(found);
  const range = { version, from, to, asOf: until };
  const told = act !== undefined || isTrue(query, 'told');
  const asked = { owner, asset, order, ...range, kind, act, told, limit, cursor, shard };
  const caller = callerOf(ledger, call);
  if (format === 'lines') return entryLines(caller, asked as EntriesQuery, call);
  const page = await caller.entries(asked as EntriesQuery);
  if (isRefusal(page)) return problem(page);
  return json(OK, { asOf: page.asOf, entries: page.entries, cursor: page.cursor });
}
