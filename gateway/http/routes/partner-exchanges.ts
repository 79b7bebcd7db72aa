// Exchanges with partners outside: submitted, approved, cancelled, read, decided by hand. Owns: their paths, who may read which. Never touches: how one goes on.

import { randomUUID } from 'node:crypto';
import {
  EXCHANGING_LISTS,
  openPartnerExchanges,
  type PartnerExchange,
  type PartnerExchangesQuery,
  partnerExchangeAt,
  partnerExchangesOf,
} from '../../../engine/index.js';
import { besideIt } from '../../act-faults.js';
import { readProblem } from '../../auth/permits.js';
import { forAct, membersToo, type Principal, VIEWERS, whole } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  type Call,
  count,
  engineOf,
  isTrue,
  type Route,
  recordsOf,
  type ServedLedger,
} from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import { ActReader } from '../../schema/command-reader.js';
import * as about from '../../schema/partner-exchanges.js';
import { fits, User } from '../../schema/words.js';
import { type Batched, carriedOut } from './batches.js';
import { OK, submitted } from './submit.js';

const EXCHANGES = '/v1/partner-exchanges';
const EXCHANGE = `${EXCHANGES}/{exchange}`;
const READS_EXCHANGE = new ActReader(about.EXCHANGE);
const READS_APPROVAL = new ActReader(about.APPROVE, ['exchange']);
const READS_CANCEL = new ActReader(about.CANCEL, ['exchange']);
const readVerdict = bodyReader(about.VerdictBody);
const isExchange = fits(about.PartnerExchangeId);
const isMember = fits(User);
const PAGE = 1_024;

/** The routes of exchanges with partners outside. */
export function partnerExchangeRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const acts = { method: 'POST', module: 'partners', repeats: true } as const;
  const changes = (reads: ActReader) => async (call: Call) => {
    const command = reads.read(call.body, call.path, call.idempotencyKey);
    const came = await submitted(ledger, call, command, { fresh: OK, named: besideIt });
    // Who is refused, or only tries it, hurries nobody.
    if (came.status === OK && !isTrue(call.query, 'dryRun'))
      ledger.driving?.hurry(call.path[0] as string);
    return came;
  };
  const batched: Batched = {
    what: `POST ${EXCHANGES}`,
    read: (value, key) => READS_EXCHANGE.read(value, [], key),
    named: besideIt,
    hears: (outcomes) => ledger.driving?.submitted(outcomes),
  };
  return [
    {
      ...acts,
      path: EXCHANGES,
      body: 'batch',
      formats: ['packed', 'lines'],
      access: forAct(about.EXCHANGE),
      describes: about.exchangeDescription(limits),
      handle: (call) => carriedOut(ledger, call, limits, batched),
    },
    {
      ...acts,
      path: `${EXCHANGE}/approve`,
      body: 'required',
      access: forAct(about.APPROVE),
      describes: about.approveDescription(limits),
      handle: changes(READS_APPROVAL),
    },
    {
      ...acts,
      path: `${EXCHANGE}/cancel`,
      body: 'required',
      access: forAct(about.CANCEL),
      describes: about.cancelDescription(limits),
      handle: changes(READS_CANCEL),
    },
    {
      method: 'POST',
      path: `${EXCHANGE}/verdict`,
      body: 'required',
      module: 'partners',
      access: whole('settle'),
      describes: about.PARTNER_EXCHANGE_DESCRIPTIONS.verdict,
      handle: (call) => decided(ledger, call),
    },
    {
      method: 'GET',
      path: EXCHANGE,
      module: 'partners',
      access: membersToo('read'),
      describes: about.PARTNER_EXCHANGE_DESCRIPTIONS.read,
      handle: async (call) => {
        const found = await exchangeOf(ledger, call);
        return isRefusal(found) ? problem(found) : json(OK, found);
      },
    },
    {
      method: 'GET',
      path: '/v1/members/{owner}/partner-exchanges',
      module: 'partners',
      access: membersToo('read'),
      describes: about.PARTNER_EXCHANGE_DESCRIPTIONS.ofMember,
      handle: (call) => ofMember(ledger, call),
    },
    {
      method: 'GET',
      path: EXCHANGES,
      module: 'partners',
      access: VIEWERS,
      describes: about.PARTNER_EXCHANGE_DESCRIPTIONS.list,
      handle: (call) => listed(ledger, call),
    },
  ];
}

/** The one in the path, which who asks may read: of others it is not said that they are. */
async function exchangeOf(
  ledger: ServedLedger,
  { path: [exchange = ''], principal }: Call,
): Promise<PartnerExchange | Refusal> {
  const none = refuse('EXCHANGE_NOT_FOUND', 'exchange');
  if (!isExchange(exchange)) return none;
  const found = await partnerExchangeAt(engineOf(ledger).own, exchange);
  if (found === undefined) return none;
  if (isRefusal(found)) return found;
  return maySee(principal, found) ? found : none;
}

const maySee = (principal: Principal, { owner, source, target }: PartnerExchange): boolean =>
  (principal.owner === undefined || principal.owner === owner) &&
  [source, target].every(({ asset }) => readProblem(principal, asset, 'exchange') === undefined);

/** A page of what a member has submitted, and who asks may see: its cursor is when the last one was, and which it is. */
async function ofMember(ledger: ServedLedger, call: Call): Promise<Answer> {
  const { path, principal, query } = call;
  const [owner = ''] = path;
  if (!isMember(owner)) return problem(refuse('OWNER_INVALID', 'owner'));
  if (principal.owner !== undefined && principal.owner !== owner)
    return problem(refuse('OWNER_FORBIDDEN', 'owner'));
  const found = await partnerExchangesOf(engineOf(ledger).own, owner);
  if (isRefusal(found)) return problem(found);
  const [at, last = ''] = (query['cursor'] ?? '').split('.');
  const isAfter = ({ submittedAt, exchange }: PartnerExchange): boolean =>
    last === '' || submittedAt < Number(at) || (submittedAt === Number(at) && exchange > last);
  const seen = found.filter((one) => maySee(principal, one) && isAfter(one));
  const limit = count(query, 'limit') ?? about.MEMBER_PAGE_DEFAULT;
  const exchanges = seen.slice(0, limit);
  const end = exchanges.at(-1);
  const cursor =
    end === undefined || seen.length <= limit ? undefined : `${end.submittedAt}.${end.exchange}`;
  return json(OK, { owner, exchanges, cursor });
}

async function decided(ledger: ServedLedger, call: Call): Promise<Answer> {
  const said = readVerdict(call.body);
  if (isRefusal(said)) return problem(said);
  const found = await exchangeOf(ledger, call);
  if (isRefusal(found)) return problem(found);
  const { owner, exchange } = found;
  const outcome = await recordsOf(ledger, call).own.submit({
    ...{ type: 'act', act: 'partner-exchange-verdict', id: call.idempotencyKey ?? randomUUID() },
    ...{ owner, body: { exchange, ...said, by: call.principal.principal ?? call.principal.id } },
  });
  if (!outcome.ok) return problem(outcome);
  ledger.driving?.hurry(exchange);
  const after = await exchangeOf(ledger, call);
  return isRefusal(after) ? problem(after) : json(OK, after);
}

/** Those that are open, or, where a state is asked for, whichever are in it. */
async function listed(ledger: ServedLedger, call: Call): Promise<Answer> {
  const { state, partner, cursor } = call.query;
  if (state === undefined) {
    const wrong = ['partner', 'limit'].find((name) => call.query[name] !== undefined);
    if (wrong === undefined) return openOnes(ledger, call);
    return problem(refuse('QUERY_INVALID', wrong, `${wrong} goes with state.`));
  }
  const query = { state, partner, cursor, limit: count(call.query, 'limit') };
  const page = await engineOf(ledger).register.exchanges(query as PartnerExchangesQuery);
  if (isRefusal(page)) return problem(page);
  const { ok: _, ...told } = page;
  return json(OK, told);
}

/** A page: the list that it is of, and after which one of it, is its cursor. */
async function openOnes(ledger: ServedLedger, { query }: Call): Promise<Answer> {
  const [first = '0', last = ''] = (query['cursor'] ?? '0.').split('.');
  let after: string | undefined = last === '' ? undefined : last;
  const { own } = engineOf(ledger);
  for (let list = Number(first); list < EXCHANGING_LISTS; list++, after = undefined) {
    const page = await openPartnerExchanges(own, list, { after, limit: PAGE });
    if (isRefusal(page)) return problem(page);
    if (page.length === 0) continue;
    const isWhole = page.length < PAGE;
    const next = isWhole ? `${list + 1}.` : `${list}.${page.at(-1)?.exchange}`;
    const isLast = isWhole && list + 1 >= EXCHANGING_LISTS;
    return json(OK, { exchanges: page, ...(isLast ? {} : { cursor: next }) });
  }
  return json(OK, { exchanges: [] });
}
