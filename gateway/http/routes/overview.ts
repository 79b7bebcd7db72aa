// What is looked up of the whole ledger: members by name, whatever somebody has in hand, what happened to a member, what waits for a second person. Owns:
// these paths. Never touches: how it is found.
//   http.H80. All of it is for who may see the whole ledger: none of it for platforms and members, nor for keys that are restricted to something.

import { VIEWERS } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { ToldNotices } from '../../outbound/messages.js';
import { waitingApprovals } from '../../overview/approvals.js';
import { searched } from '../../overview/search.js';
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
import { OK } from './submit.js';

/** The routes of what is looked up. */
export function overviewRoutes(ledger: ServedLedger): Route[] {
  const row = { method: 'GET', access: VIEWERS } as const;
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

async function happened(ledger: ServedLedger, call: Call): Promise<Answer> {
  const { path, query } = call;
  const [owner = ''] = path;
  const [from, to] = [time(query, 'from'), time(query, 'to')];
  for (const one of [from, to]) if (isRefusal(one)) return problem(one);
  const limit = count(query, 'limit') ?? about.TIMELINE_LIMIT_DEFAULT;
  const range = { from, to } as { readonly from?: number; readonly to?: number };
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
