// `/v1/balances`: the balances of many owners in one call. Owns: its body, the order of its answers. Never touches: how
// balances are read.

import type { AsOf, Caller } from '../../../engine/index.js';
import { membersToo } from '../../auth/principal.js';
import { type Answer, problem } from '../../encoding/answer.js';
import { value } from '../../encoding/media.js';
import { timeFromText } from '../../encoding/text.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  AS_OF,
  asOfFromText,
  type Call,
  callerOf,
  type Route,
  type ServedLedger,
} from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import { balancesBody, balancesDescription } from '../../schema/ledger-descriptions.js';

type BalancesReader = ReturnType<typeof bodyReader<ReturnType<typeof balancesBody>>>;

/** What is asked for. */
interface Asked {
  readonly owners: readonly string[];
  readonly asset: string | undefined;
  readonly at: number | undefined;
  readonly asOf: AsOf | undefined;
}

/** The route of balances of many owners. */
export function balanceRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const read = bodyReader(balancesBody(limits.balancesOwnersMax));
  return [
    {
      method: 'POST',
      path: '/v1/balances',
      body: 'required',
      formats: ['packed'],
      isRead: true,
      weigh: ownersIn,
      access: membersToo('read'),
      module: 'accounts',
      describes: balancesDescription(limits),
      handle: (call) => balances(callerOf(ledger, call), call, read, limits.balancesOwnersMax),
    },
  ];
}

// One request for each owner, as if they were asked for one by one.
function ownersIn(body: unknown): number {
  const { owners } = (body ?? {}) as { readonly owners?: unknown };
  return Array.isArray(owners) ? owners.length : 1;
}

function askedOf(read: BalancesReader, body: unknown, most: number): Refusal | Asked {
  if (ownersIn(body) > most)
    return refuse('BATCH_TOO_LARGE', 'owners', `One call asks for at most ${most} owners.`);
  const fields = read(body);
  if (isRefusal(fields)) return fields;
  const { owners, asset, at, asOf } = fields;
  const time = typeof at === 'string' ? timeFromText(at) : at;
  if (at !== undefined && time === undefined)
    return refuse('QUERY_INVALID', 'at', 'at must be milliseconds since 1970 or an RFC 3339 time.');
  if (asOf !== undefined && at === undefined)
    return refuse('QUERY_INVALID', 'asOf', 'asOf goes with at.');
  const until = typeof asOf === 'string' ? asOfFromText(asOf) : asOf;
  if (asOf !== undefined && until === undefined) return refuse('QUERY_INVALID', 'asOf', AS_OF);
  return { owners, asset, at: time, asOf: until };
}

// As of one owner: only the assets that the caller may read; one that is named and may not be read is refused.
async function balances(
  caller: Caller,
  call: Call,
  read: BalancesReader,
  ownersMax: number,
): Promise<Answer> {
  const { body, format } = call;
  const asked = askedOf(read, body, ownersMax);
  if (isRefusal(asked)) return problem(asked);
  const { owners, asset, at, asOf } = asked;
  const found =
    at === undefined
      ? await caller.balances(owners, asset)
      : await caller.balancesAt({ owners, asset, at, asOf });
  if (isRefusal(found)) return problem(found);
  const past = 'balances' in found ? { at: found.at, asOf: found.asOf } : {};
  const told = 'balances' in found ? found.balances : found;
  const balances = told.map((accounts, i) => ({ owner: owners[i], accounts }));
  return value(200, { ...past, balances }, format);
}
