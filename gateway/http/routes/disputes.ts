// Disputes between platforms: opened, answered, decided, read. Owns: their paths, which party who asks is. Never touches: what may be done with one.
//   http.H54. A platform asks for itself. Keys and operators ask for the operator, and must be restricted to nothing.

import { randomUUID } from 'node:crypto';
import type { Operation } from '../../../engine/index.js';
import { either, mayWhole, whole } from '../../auth/principal.js';
import {
  changeDispute,
  disputeOf,
  disputesPage,
  openDispute,
  type Party,
  partOfCycle,
} from '../../clearing/disputes.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  type Call,
  count,
  engineOf,
  type Route,
  recordsOf,
  type ServedLedger,
} from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import * as about from '../../schema/disputes.js';
import { fits } from '../../schema/words.js';
import { OK } from './submit.js';

const DISPUTES = '/v1/clearing/{coalition}/disputes';
const DISPUTE = `${DISPUTES}/{dispute}`;
const CREATED = 201;
const readNew = bodyReader(about.DisputeBody);
const readAnswer = bodyReader(about.AnswerBody);
const readWithdrawal = bodyReader(about.WithdrawalBody);
const readDecision = bodyReader(about.DecisionBody);
const readSettlement = bodyReader(about.SettlementBody);

const isDispute = fits(about.DisputeId);

/** As which party somebody asks; undefined: the operator, who may do one of these. What is known by no such name is no dispute. */
function partyOf(
  { principal, path: [, dispute] }: Call,
  ...needs: readonly Operation[]
): { readonly party: Party } | Refusal {
  if (dispute !== undefined && !isDispute(dispute)) return refuse('DISPUTE_NOT_FOUND', 'dispute');
  const { kind, platform } = principal;
  if (kind === 'platform') return { party: platform?.id };
  const isWhole = needs.some((one) => mayWhole(principal, one));
  return isWhole ? { party: undefined } : refuse('OPERATION_FORBIDDEN');
}

/** What is done with a dispute: the act, and its body. */
type Asked = { readonly act: string; readonly body: object } | Refusal;

/** The routes of disputes. */
export function disputeRoutes(ledger: ServedLedger): Route[] {
  const parties = { access: either('transfer', 'settle'), module: 'acts' } as const;
  const readers = { access: either('read', 'view', 'settle'), module: 'acts' } as const;
  const operators = { access: whole('settle'), module: 'acts' } as const;
  const posts = { method: 'POST', body: 'required' } as const;
  const change = (ask: (call: Call, party: Party) => Asked) => (call: Call) =>
    changed(ledger, call, ask);
  return [
    {
      ...parties,
      ...posts,
      path: DISPUTES,
      describes: about.DISPUTE_DESCRIPTIONS.open,
      handle: (call) => opened(ledger, call),
    },
    {
      ...readers,
      method: 'GET',
      path: DISPUTES,
      describes: about.DISPUTE_DESCRIPTIONS.list,
      handle: async (call) => {
        const asks = partyOf(call, 'view', 'settle');
        if (isRefusal(asks)) return problem(asks);
        const { cursor } = call.query;
        const month = count(call.query, 'month');
        const cycle = count(call.query, 'cycle');
        const ofMonth = month === undefined ? undefined : `m${month}`;
        const part = cycle === undefined ? ofMonth : partOfCycle(cycle);
        const [coalition = ''] = call.path;
        const page = await disputesPage(engineOf(ledger), coalition, asks.party, { part, cursor });
        return isRefusal(page) ? problem(page) : json(OK, page);
      },
    },
    {
      ...readers,
      method: 'GET',
      path: DISPUTE,
      describes: about.DISPUTE_DESCRIPTIONS.read,
      handle: async (call) => {
        const asks = partyOf(call, 'view', 'settle');
        if (isRefusal(asks)) return problem(asks);
        const [coalition = '', dispute = ''] = call.path;
        const found = await disputeOf(engineOf(ledger), coalition, asks.party, dispute);
        return isRefusal(found) ? problem(found) : json(OK, found);
      },
    },
    {
      ...parties,
      ...posts,
      path: `${DISPUTE}/answer`,
      describes: about.DISPUTE_DESCRIPTIONS.answer,
      handle: change((call, party) => {
        const said = readAnswer(call.body);
        if (isRefusal(said)) return said;
        const { platform, ...rest } = said;
        const as = actingAs(party, platform);
        return isRefusal(as) ? as : { act: 'dispute-answer', body: { ...rest, party: as } };
      }),
    },
    {
      ...parties,
      ...posts,
      path: `${DISPUTE}/withdraw`,
      describes: about.DISPUTE_DESCRIPTIONS.withdraw,
      handle: change((call, party) => {
        const said = readWithdrawal(call.body);
        if (isRefusal(said)) return said;
        const as = actingAs(party, said.platform);
        const body = { end: 'withdrawn', party: as, decision: said.reason };
        return isRefusal(as) ? as : { act: 'dispute-end', body };
      }),
    },
    {
      ...operators,
      ...posts,
      path: `${DISPUTE}/reject`,
      describes: about.DISPUTE_DESCRIPTIONS.reject,
      handle: change((call) => {
        const said = readDecision(call.body);
        if (isRefusal(said)) return said;
        return { act: 'dispute-end', body: { end: 'rejected', decision: said.reason } };
      }),
    },
    {
      ...operators,
      ...posts,
      path: `${DISPUTE}/settle`,
      describes: about.DISPUTE_DESCRIPTIONS.settle,
      handle: change((call) => {
        const said = readSettlement(call.body);
        if (isRefusal(said)) return said;
        const { reason: decision, ...rest } = said;
        return { act: 'dispute-end', body: { end: 'settled', ...rest, decision } };
      }),
    },
    {
      ...operators,
      ...posts,
      path: `${DISPUTE}/reopen`,
      describes: about.DISPUTE_DESCRIPTIONS.reopen,
      handle: change((call) => {
        const said = readDecision(call.body);
        return isRefusal(said) ? said : { act: 'dispute-reopen', body: { reason: said.reason } };
      }),
    },
  ];
}

/** The platform that somebody acts as: its own, or for an operator the one that is named. */
function actingAs(party: Party, named: string | undefined): string | Refusal {
  if (party !== undefined && named !== undefined && named !== party)
    return refuse('DISPUTE_PARTY', 'platform');
  const as = party ?? named;
  return as ?? refuse('DISPUTE_UNCLEAR', 'platform');
}

async function opened(ledger: ServedLedger, call: Call): Promise<Answer> {
  const asks = partyOf(call, 'settle');
  if (isRefusal(asks)) return problem(asks);
  const said = readNew(call.body);
  if (isRefusal(said)) return problem(said);
  const { id = call.idempotencyKey ?? randomUUID(), platform, ...rest } = said;
  const { party } = asks;
  const by = actingAs(party, platform);
  if (isRefusal(by)) return problem(by);
  const wrong = subjectProblem(rest);
  if (wrong !== undefined) return problem(refuse('DISPUTE_UNCLEAR', wrong));
  const [coalition = ''] = call.path;
  const records = recordsOf(ledger, call);
  const engine = engineOf(ledger);
  const made = await openDispute(engine, records, coalition, party, { ...rest, id, by });
  return isRefusal(made) ? problem(made) : json(CREATED, made, { dispute: made.dispute });
}

/** Which field of what a dispute is of is lacking, or too much. */
function subjectProblem(said: {
  readonly cycle?: number;
  readonly lines?: unknown;
  readonly owner?: string;
  readonly exchange?: string;
  readonly disputed?: number;
}): string | undefined {
  if (said.cycle === undefined) {
    if (said.lines !== undefined) return 'cycle';
    if (said.exchange === undefined) return 'exchange';
    return said.owner === undefined ? 'owner' : undefined;
  }
  if (said.lines === undefined) return 'lines';
  return (['owner', 'exchange', 'disputed'] as const).find((name) => said[name] !== undefined);
}

async function changed(
  ledger: ServedLedger,
  call: Call,
  ask: (call: Call, party: Party) => Asked,
): Promise<Answer> {
  const asks = partyOf(call, 'settle');
  if (isRefusal(asks)) return problem(asks);
  const { party } = asks;
  const asked = ask(call, party);
  if (isRefusal(asked)) return problem(asked);
  const [coalition = '', dispute = ''] = call.path;
  const id = call.idempotencyKey ?? randomUUID();
  const records = recordsOf(ledger, call);
  const said = { ...asked, id };
  const made = await changeDispute(engineOf(ledger), records, coalition, party, dispute, said);
  return isRefusal(made)
    ? problem(made)
    : json(OK, made, { dispute: made.dispute, state: made.state });
}
