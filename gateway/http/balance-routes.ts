// `/v1/balances`: the balances of many owners in one call. Owns: its body, the order of its answers. Never touches: how
// balances are read.

import {
  type Balance,
  type Engine,
  limits as engineLimits,
  type PastBalance,
} from '../../engine/index.js';
import { fieldsOf } from '../auth/fields.js';
import { readProblem } from '../auth/permits.js';
import { either } from '../auth/principal.js';
import type { GatewayLimits } from '../limits.js';
import { balancesDescription } from '../schema/ledger-descriptions.js';
import { timeFromText } from './body.js';
import { value } from './media.js';
import { type Answer, isRefusal, problem, type Refusal, refuse } from './problem.js';
import { type Call, engineOf, type Ledger, type Route } from './routes.js';

const ASSET = /^[a-z0-9_]{1,32}$/;
/** Past balances that are read at a time: each goes through the log. */
const PAST_AT_A_TIME = 64;

/** What is asked for. */
interface Asked {
  readonly owners: readonly string[];
  readonly asset: string | undefined;
  readonly at: number | undefined;
}

/** The route of balances of many owners. */
export function balanceRoutes(ledger: Ledger, limits: GatewayLimits): Route[] {
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
      handle: (call) => balances(engineOf(ledger), call, limits.balancesOwnersMax),
    },
  ];
}

const isTime = (time: unknown): boolean =>
  Number.isSafeInteger(time) &&
  (time as number) >= 0 &&
  (time as number) <= engineLimits.TIME_MAX_MS;

// One request for each owner, as if they were asked for one by one.
function ownersIn(body: unknown): number {
  const { owners } = (body ?? {}) as { readonly owners?: unknown };
  return Array.isArray(owners) ? owners.length : 1;
}

function askedOf(body: unknown, most: number): Refusal | Asked {
  const fields = fieldsOf(body, ['owners', 'asset', 'at']);
  if (isRefusal(fields)) return fields;
  const { owners, asset, at } = fields;
  if (!Array.isArray(owners) || owners.length === 0)
    return refuse('COMMAND_INVALID', 'owners', 'owners is a list of owners.');
  if (owners.length > most)
    return refuse('BATCH_TOO_LARGE', 'owners', `One call asks for at most ${most} owners.`);
  const strange = owners.findIndex((owner) => typeof owner !== 'string');
  if (strange >= 0) return refuse('OWNER_INVALID', `owners[${strange}]`);
  if (asset !== undefined && !(typeof asset === 'string' && ASSET.test(asset)))
    return refuse('ASSET_INVALID', 'asset');
  const time = typeof at === 'string' ? timeFromText(at) : at;
  if (at !== undefined && !isTime(time)) {
    const detail = 'at must be milliseconds since 1970 or an RFC 3339 time.';
    return refuse('QUERY_INVALID', 'at', detail);
  }
  return { owners, asset, at: time as number | undefined };
}

// As of one owner: only the assets that the caller may read; one that is named and may not be read is refused.
async function balances(engine: Engine, call: Call, ownersMax: number): Promise<Answer> {
  const { body, principal, format } = call;
  const asked = askedOf(body, ownersMax);
  if (isRefusal(asked)) return problem(asked);
  const { owners, asset, at } = asked;
  const refusal = asset === undefined ? undefined : readProblem(principal, asset, 'asset');
  if (refusal !== undefined) return problem(refusal);
  const found = await engine.balances(owners, asset);
  if (isRefusal(found)) return problem(found);
  const { assets } = principal;
  const shown =
    assets === undefined ? found : found.map((all) => all.filter((one) => assets.has(one.asset)));
  const told = at === undefined ? shown : await pastOf(engine, shown, owners, at);
  if (isRefusal(told)) return problem(told);
  const listed = told.map((accounts, i) => ({ owner: owners[i], accounts }));
  return value(200, { at, balances: listed }, format);
}

/** The same accounts as they were, a bounded number at a time. */
async function pastOf(
  engine: Engine,
  found: readonly (readonly Balance[])[],
  owners: readonly string[],
  at: number,
): Promise<PastBalance[][] | Refusal> {
  const past: PastBalance[][] = owners.map(() => []);
  const accounts = found.flatMap((all, i) => all.map(({ asset }) => ({ i, asset })));
  for (let from = 0; from < accounts.length; from += PAST_AT_A_TIME) {
    const some = accounts.slice(from, from + PAST_AT_A_TIME);
    const read = await Promise.all(
      some.map(({ i, asset }) => engine.balanceAt(owners[i] as string, asset, at)),
    );
    for (const [n, one] of read.entries()) {
      if (isRefusal(one)) return one;
      past[some[n]?.i as number]?.push(one);
    }
  }
  return past;
}
