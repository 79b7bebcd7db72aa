// What is looked up of the whole ledger: members by name, whatever somebody has in hand, what happened to a member, what waits for a second person. Owns:
// these paths. Never touches: how it is found.
//   http.H82. All of it is for who may see the whole ledger: none of it for platforms and members, nor for keys that are restricted to something.

import { VIEWERS } from '../../auth/principal.js';
import { seesReceiver } from '../../auth/receivers.js';
import { type Answer, json, problem, unkept } from '../../encoding/answer.js';
import type { ToldNotices } from '../../outbound/messages.js';
import { waitingApprovals } from '../../overview/approvals.js';
import { campaignCost } from '../../overview/campaign-cost.js';
import { type EventsQuery, eventsPage } from '../../overview/events.js';
import {
  type FulfilmentParts,
  type FulfilmentQuery,
  fulfilmentCsv,
  fulfilmentPage,
} from '../../overview/fulfilment.js';
import { searched } from '../../overview/search.js';
import { statusOf } from '../../overview/status.js';
import { timeline } from '../../overview/timeline.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  type AccessParts,
  type Call,
  callerOf,
  count,
  engineOf,
  type Route,
  type ServedLedger,
  time,
} from '../../route.js';
import * as about from '../../schema/overview.js';
import { answerOf } from './outbox.js';
import { disclosed } from './privacy.js';
import { OK } from './submit.js';

/** Which routes tell of receivers. */
const WAITING = 'GET /v1/fulfilment';
const WAITING_FILE = 'GET /v1/fulfilment.csv';

/** The routes of what is looked up. */
export function overviewRoutes(ledger: ServedLedger): Route[] {
  const row = { method: 'GET', access: VIEWERS } as const;
  const startedAt = Date.now();
  return [
    {
      ...row,
      path: '/v1/members',
      module: 'accounts',
      describes: about.membersDescription,
      handle: (call) => members(ledger, call),
    },
    {
      ...row,
      path: '/v1/search',
      module: 'accounts',
      describes: about.searchDescription,
      handle: async ({ query }) => {
        const engine = engineOf(ledger);
        const parts = { engine, ...(ledger.access as AccessParts) };
        const limit = count(query, 'limit') ?? about.SEARCH_LIMIT_DEFAULT;
        const text = (query['q'] ?? '').trim();
        if (text === '') return problem(refuse('QUERY_INVALID', 'q'));
        const found = await searched(parts, text, limit);
        return isRefusal(found) ? problem(found) : json(OK, found);
      },
    },
    {
      ...row,
      path: '/v1/members/{owner}/timeline',
      module: 'accounts',
      describes: about.timelineDescription,
      handle: (call) => happened(ledger, call),
    },
    {
      ...row,
      path: '/v1/events',
      module: 'acts',
      describes: about.eventsDescription,
      handle: (call) => events(ledger, call),
    },
    {
      ...row,
      path: '/v1/fulfilment',
      module: 'acts',
      describes: about.FULFILMENT_DESCRIPTIONS.page,
      handle: async (call) => {
        const asked = waitingIn(call);
        if (isRefusal(asked)) return problem(asked);
        const page = await fulfilmentPage(fulfilmentOf(ledger, call, WAITING), asked);
        return isRefusal(page) ? problem(page) : unkept(json(OK, page));
      },
    },
    {
      ...row,
      path: '/v1/fulfilment.csv',
      module: 'acts',
      describes: about.FULFILMENT_DESCRIPTIONS.csv,
      handle: async (call) => {
        const asked = waitingIn(call);
        if (isRefusal(asked)) return problem(asked);
        const body = await fulfilmentCsv(fulfilmentOf(ledger, call, WAITING_FILE), asked);
        if (isRefusal(body)) return problem(body);
        return unkept({ status: OK, contentType: 'text/csv; charset=utf-8', body });
      },
    },
    {
      ...row,
      path: '/v1/campaigns/{campaign}/cost',
      module: 'definitions',
      describes: about.campaignCostDescription,
      handle: async ({ path: [campaign = ''] }) => {
        const found = await campaignCost(engineOf(ledger), campaign);
        return isRefusal(found) ? problem(found) : json(OK, found);
      },
    },
    {
      ...row,
      path: '/v1/status',
      module: 'operations',
      describes: about.statusDescription,
      handle: async () => {
        const { outbound, projections } = ledger;
        const parts = { engine: engineOf(ledger), outbound, projections, startedAt };
        return json(OK, await statusOf(parts));
      },
    },
    {
      ...row,
      path: '/v1/approvals',
      module: 'operations',
      describes: about.approvalsDescription,
      handle: async ({ query }) => {
        const type = query['type'] as about.ApprovalType | undefined;
        const found = await waitingApprovals(engineOf(ledger), type, query['cursor']);
        return isRefusal(found) ? problem(found) : json(OK, found);
      },
    },
  ];
}

async function members(ledger: ServedLedger, call: Call): Promise<Answer> {
  const { prefix, cursor } = call.query;
  const engine = engineOf(ledger);
  const asked = { prefix, cursor, limit: count(call.query, 'limit') };
  const page = await engine.register.owners(asked);
  if (isRefusal(page)) return problem(page);
  const owners = page.owners.map(({ owner }) => owner);
  const balances = owners.length === 0 ? [] : await engine.balances(owners);
  if (isRefusal(balances)) return problem(balances);
  const members = page.owners.map((one, i) => ({
    ...one,
    accounts: (balances[i] ?? []).map(({ asset, available, held, frozen, closed }) => ({
      ...{ asset, available, held, frozen, closed },
    })),
  }));
  const { asOf, behind } = page;
  return json(OK, { members, asOf, behind, cursor: page.cursor });
}

/** The times in a query, where they are some. */
function rangeIn({ query }: Call): { readonly from?: number; readonly to?: number } | Refusal {
  const [from, to] = [time(query, 'from'), time(query, 'to')];
  if (isRefusal(from)) return from;
  if (isRefusal(to)) return to;
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

async function events(ledger: ServedLedger, call: Call): Promise<Answer> {
  const range = rangeIn(call);
  if (isRefusal(range)) return problem(range);
  const { programme, type, owner, cursor } = call.query;
  const asked: EventsQuery = {
    ...{ programme, type, owner, cursor },
    ...range,
    limit: count(call.query, 'limit'),
  };
  const page = await eventsPage(engineOf(ledger), callerOf(ledger, call), asked);
  return isRefusal(page) ? problem(page) : json(OK, page);
}

/** Which orders are asked for that wait. */
function waitingIn(call: Call): FulfilmentQuery | Refusal {
  const range = rangeIn(call);
  if (isRefusal(range)) return range;
  const { programme, goods, cursor, order } = call.query;
  const asked = { programme, goods, cursor, order: order as FulfilmentQuery['order'] };
  return { ...asked, ...range, limit: count(call.query, 'limit') };
}

const fulfilmentOf = (ledger: ServedLedger, call: Call, way: string): FulfilmentParts => ({
  engine: engineOf(ledger),
  caller: callerOf(ledger, call),
  sealer: (ledger.access as AccessParts).sealer,
  sees: (owner) => seesReceiver(call.principal, owner),
  note: (owners) => disclosed(ledger, call, 'receiver', way, owners),
});

async function happened(ledger: ServedLedger, call: Call): Promise<Answer> {
  const { path, query } = call;
  const [owner = ''] = path;
  const range = rangeIn(call);
  if (isRefusal(range)) return problem(range);
  const limit = count(query, 'limit') ?? about.TIMELINE_LIMIT_DEFAULT;
  const notices = (before: string | undefined, most: number) =>
    noticesOf(ledger, owner, before, most);
  const parts = { caller: callerOf(ledger, call), notices };
  const found = await timeline(parts, { owner, limit, ...range, cursor: query['cursor'] });
  return isRefusal(found) ? problem(found) : json(OK, { owner, ...found });
}

/** Notices of the ledger itself to a member; undefined: nothing is sent for now. */
async function noticesOf(
  ledger: ServedLedger,
  owner: string,
  before: string | undefined,
  limit: number,
): Promise<ToldNotices | Refusal | undefined> {
  const question = { type: 'list', scope: '', owner, before, limit } as const;
  const lacking = refuse('OUTBOX_UNAVAILABLE');
  const told = await answerOf<ToldNotices>(ledger, (it) => it.notices(question), lacking);
  return isRefusal(told) && told.code === 'OUTBOX_UNAVAILABLE' ? undefined : told;
}
