// Reconciliations with partners, and the operator's list of what does not agree. Owns: their paths, who may ask. Never touches: what is found.

import { partnerExchangeAt } from '../../../engine/index.js';
import { VIEWERS, whole } from '../../auth/principal.js';
import { openDispute } from '../../clearing/disputes.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { documentAt } from '../../known-definitions.js';
import {
  inconsistencies,
  inconsistency,
  resolveInconsistency,
} from '../../partners/inconsistencies.js';
import { CSV_HEAD, csvLine } from '../../partners/reconciling/lines-text.js';
import {
  linesPage,
  type Report,
  reportsPage,
  reportTotals,
} from '../../partners/reconciling/reports.js';
import type { Reconciling } from '../../partners/reconciling/running.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  type Call,
  engineOf,
  type Route,
  recordsOf,
  type ServedLedger,
  time,
} from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import * as about from '../../schema/reconciliations.js';
import { fits } from '../../schema/words.js';
import { OK } from './submit.js';

const RECONCILIATIONS = '/v1/reconciliations';
const RECONCILIATION = `${RECONCILIATIONS}/{reconciliation}`;
const INCONSISTENCIES = '/v1/inconsistencies';
const INCONSISTENCY = `${INCONSISTENCIES}/{inconsistency}`;
const OURS = { access: whole('settle'), module: 'partners' } as const;
const [CREATED, ACCEPTED] = [201, 202] as const;
const DAY_MS = 86_400_000;
const ADMINISTRATOR = 'administrator';
const MIDNIGHT = 'T00:00:00Z';

const readNew = bodyReader(about.ReconciliationBody);
const readReason = bodyReader(about.ResolveBody);
const readDispute = bodyReader(about.InconsistencyDisputeBody);
const isReport = fits(about.ReconciliationId);
const isInconsistency = fits(about.InconsistencyId);

function reconcilingOf({ reconciling }: ServedLedger): Reconciling {
  if (reconciling === undefined) throw new Error('a request came before the ledger was open');
  return reconciling;
}

/** The partners that are asked for; a refusal where the one that is named is none. */
function partnersAsked({ partners }: ServedLedger, named: string | undefined) {
  const all = partners?.all.map(({ platform }) => platform) ?? [];
  if (named === undefined) return all;
  return all.includes(named) ? [named] : refuse('PARTNER_NOT_FOUND', 'partner');
}

/** The routes of reconciliations and inconsistencies. */
export const reconciliationRoutes = (ledger: ServedLedger): Route[] => [
  ...reportRoutes(ledger),
  ...inconsistencyRoutes(ledger),
];

function reportRoutes(ledger: ServedLedger): Route[] {
  const described = about.RECONCILIATION_DESCRIPTIONS;
  return [
    {
      ...OURS,
      method: 'POST',
      path: RECONCILIATIONS,
      body: 'required',
      describes: described.start,
      handle: async (call) => {
        const said = readNew(call.body);
        if (isRefusal(said)) return problem(said);
        const begun = await reconcilingOf(ledger).begin(
          recordsOf(ledger, call),
          said,
          call.principal.principal,
        );
        if (isRefusal(begun)) return problem(begun);
        return json(ACCEPTED, begun, { reconciliation: begun.reconciliation });
      },
    },
    {
      ...OURS,
      access: VIEWERS,
      method: 'GET',
      path: RECONCILIATIONS,
      describes: described.list,
      handle: async ({ query: { partner = '', cursor } }) => {
        const known = partnersAsked(ledger, partner);
        if (isRefusal(known)) return problem(known);
        const page = await reportsPage(engineOf(ledger), partner, cursor);
        return isRefusal(page) ? problem(page) : json(OK, page);
      },
    },
    {
      ...OURS,
      access: VIEWERS,
      method: 'GET',
      path: RECONCILIATION,
      describes: described.read,
      handle: async (call) => {
        const report = await reportOf(ledger, call);
        if (isRefusal(report)) return problem(report);
        const totals = await reportTotals(engineOf(ledger), report);
        return isRefusal(totals) ? problem(totals) : json(OK, { ...report, totals });
      },
    },
    {
      ...OURS,
      access: VIEWERS,
      method: 'GET',
      path: `${RECONCILIATION}/lines`,
      describes: described.lines,
      handle: async (call) => {
        const report = await reportOf(ledger, call);
        if (isRefusal(report)) return problem(report);
        const page = await linesPage(engineOf(ledger), report, call.query['cursor']);
        return isRefusal(page) ? problem(page) : json(OK, page);
      },
    },
    {
      ...OURS,
      access: VIEWERS,
      method: 'GET',
      path: `${RECONCILIATION}/lines.csv`,
      describes: described.csv,
      handle: async (call) => {
        const report = await reportOf(ledger, call);
        return isRefusal(report) ? problem(report) : csv(ledger, report);
      },
    },
  ];
}

async function reportOf(ledger: ServedLedger, { path: [id = ''] }: Call) {
  if (!isReport(id)) return refuse('RECONCILIATION_NOT_FOUND', 'reconciliation');
  return reconcilingOf(ledger).report(id);
}

async function csv(ledger: ServedLedger, report: Report): Promise<Answer> {
  const texts = [CSV_HEAD];
  for (let cursor: string | undefined; ; ) {
    const page = await linesPage(engineOf(ledger), report, cursor);
    if (isRefusal(page)) return problem(page);
    for (const line of page.lines) texts.push(csvLine(line));
    if (page.cursor === undefined) break;
    cursor = page.cursor;
  }
  return { status: OK, contentType: 'text/csv', body: texts.join('') };
}

function inconsistencyRoutes(ledger: ServedLedger): Route[] {
  const described = about.INCONSISTENCY_DESCRIPTIONS;
  const posts = { ...OURS, method: 'POST', body: 'required' } as const;
  return [
    {
      ...OURS,
      access: VIEWERS,
      method: 'GET',
      path: INCONSISTENCIES,
      describes: described.list,
      handle: ({ query }) => listed(ledger, query),
    },
    {
      ...OURS,
      access: VIEWERS,
      method: 'GET',
      path: INCONSISTENCY,
      describes: described.read,
      handle: async (call) => {
        const found = await inconsistencyOf(ledger, call);
        return isRefusal(found) ? problem(found) : json(OK, found);
      },
    },
    {
      ...posts,
      path: `${INCONSISTENCY}/resolve`,
      describes: described.resolve,
      handle: async (call) => {
        const said = readReason(call.body);
        if (isRefusal(said)) return problem(said);
        const found = await inconsistencyOf(ledger, call);
        if (isRefusal(found)) return problem(found);
        const { inconsistency: id } = found;
        const by = call.principal.principal ?? ADMINISTRATOR;
        const refused = await resolveInconsistency(recordsOf(ledger, call), id, { ...said, by });
        if (refused !== undefined) return problem(refused);
        const after = await inconsistencyOf(ledger, call);
        return isRefusal(after) ? problem(after) : json(OK, after, { inconsistency: id });
      },
    },
    {
      ...posts,
      path: `${INCONSISTENCY}/dispute`,
      describes: described.dispute,
      handle: (call) => disputed(ledger, call),
    },
  ];
}

async function inconsistencyOf(ledger: ServedLedger, { path: [id = ''] }: Call) {
  if (!isInconsistency(id)) return refuse('INCONSISTENCY_NOT_FOUND', 'inconsistency');
  return inconsistency(engineOf(ledger), id);
}

async function listed(ledger: ServedLedger, query: Call['query']): Promise<Answer> {
  const { partner, kind, state, cursor } = query;
  const partners = partnersAsked(ledger, partner);
  if (isRefusal(partners)) return problem(partners);
  const day = dayOf(ledger, query);
  if (isRefusal(day)) return problem(day);
  if (state !== 'resolved' && query['day'] !== undefined)
    return problem(refuse('QUERY_INVALID', 'day', 'day goes with state=resolved.'));
  const page = await inconsistencies(engineOf(ledger), {
    ...{ partners, cursor, day: state === 'resolved' ? day : undefined },
    kind: kind as Parameters<typeof inconsistencies>[1]['kind'],
  });
  return isRefusal(page) ? problem(page) : json(OK, page);
}

/** The day that is asked for, by its number since 1970. */
function dayOf(ledger: ServedLedger, { day }: Call['query']): number | Refusal {
  if (day === undefined) return Math.floor(engineOf(ledger).now() / DAY_MS);
  const at = time({ day: day + MIDNIGHT }, 'day');
  return typeof at === 'number' ? Math.floor(at / DAY_MS) : (at ?? refuse('QUERY_INVALID', 'day'));
}

async function disputed(ledger: ServedLedger, call: Call): Promise<Answer> {
  const said = readDispute(call.body);
  if (isRefusal(said)) return problem(said);
  const found = await inconsistencyOf(ledger, call);
  if (isRefusal(found)) return problem(found);
  const engine = engineOf(ledger);
  const none = refuse('INCONSISTENCY_WITHOUT_EXCHANGE', 'inconsistency');
  const { inconsistency: id, exchange: of, partner } = found;
  const exchange = of === undefined ? undefined : await partnerExchangeAt(engine.own, of);
  if (isRefusal(exchange)) return problem(exchange);
  if (exchange?.status !== 'completed') return problem(none);
  const { source, target } = exchange;
  const document = await documentAt(engine, 'exchanging', target.asset);
  if (isRefusal(document)) return problem(document);
  const coalition = document?.['coalition'];
  if (typeof coalition !== 'string') return problem(none);
  const { platform = source.platform === partner ? target.platform : source.platform } = said;
  const { reason, disputed: amount } = said;
  const made = await openDispute(engine, recordsOf(ledger, call), coalition, undefined, {
    ...{ id, by: platform, partnerExchange: exchange, disputed: amount, reason },
  });
  return isRefusal(made) ? problem(made) : json(CREATED, made, { dispute: made.dispute });
}
