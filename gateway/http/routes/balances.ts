// `/v1/balances`: the balances of many owners in one call. Owns: its body, the order of its answers. Never touches: how
// balances are read.

import type { Balance, Caller, PastBalance } from '../../../engine/index.js';
import { either } from '../../auth/principal.js';
import { type Answer, problem } from '../../encoding/answer.js';
import { value } from '../../encoding/media.js';
import { timeFromText } from '../../encoding/text.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { type Call, callerOf, type Route, type ServedLedger } from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import { balancesBody, balancesDescription } from '../../schema/ledger-descriptions.js';

type BalancesReader = ReturnType<typeof bodyReader<ReturnType<typeof balancesBody>>>;

/** Past balances that are read at a time: each goes through the log. */
const PAST_AT_A_TIME = 64;

/** What is asked for. */
interface Asked {
  readonly owners: readonly string[];
  readonly asset: string | undefined;
  readonly at: number | undefined;
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
      access: either('read'),
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
  const { owners, asset, at } = fields;
  const time = typeof at === 'string' ? timeFromText(at) : at;
  if (at === undefined || time !== undefined) return { owners, asset, at: time };
  return refuse('QUERY_INVALID', 'at', 'at must be milliseconds since 1970 or an RFC 3339 time.');
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
  const { owners, asset, at } = asked;
  const found = await caller.balances(owners, asset);
  if (isRefusal(found)) return problem(found);
  const told = at === undefined ? found : await pastOf(caller, found, owners, at);
  if (isRefusal(told)) return problem(told);
  const listed = told.map((accounts, i) => ({ owner: owners[i], accounts }));
  return value(200, { at, balances: listed }, format);
}

/** The same accounts as they were, a bounded number at a time. */
async function pastOf(
  caller: Caller,
  found: readonly (readonly Balance[])[],
  owners: readonly string[],
  at: number,
): Promise<PastBalance[][] | Refusal> {
  const past: PastBalance[][] = owners.map(() => []);
  const accounts = found.flatMap((all, i) => all.map(({ asset }) => ({ i, asset })));
  for (let from = 0; from < accounts.length; from += PAST_AT_A_TIME) {
    const some = accounts.slice(from, from + PAST_AT_A_TIME);
    const read = await Promise.all(
      some.map(({ i, asset }) => caller.balanceAt(owners[i] as string, asset, at)),
    );
    for (const [n, one] of read.entries()) {
      if (isRefusal(one)) return one;
      past[some[n]?.i as number]?.push(one);
    }
  }
  return past;
}
