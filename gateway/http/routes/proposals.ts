// Commands that two people agree on. Owns: their paths. Never touches: who may be the second (gateway/proposals.ts).

import { limits } from '../../../engine/index.js';
import { ADMINISTRATOR, whole } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import type { GatewayLimits } from '../../limits.js';
import { mayNow } from '../../operators/proposers.js';
import {
  agree,
  type Proposal,
  type ProposalParts,
  type ProposalState,
  proposal,
  proposals,
  propose,
  reject,
} from '../../proposals.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import {
  type Call,
  engineOf,
  type Route,
  recordsOf,
  type ServedLedger,
  submitterOf,
} from '../../route.js';
import { bodyReader, fullBody } from '../../schema/check.js';
import { PROPOSAL_DESCRIPTIONS, ProposalBody, RejectionBody } from '../../schema/proposals.js';
import { isNewId } from '../../schema/words.js';
import { leftMs } from '../server/time-limit.js';
import { OK } from './submit.js';

const PROPOSALS = '/v1/proposals';
const PROPOSAL = `${PROPOSALS}/{proposal}`;
const CREATED = 201;
const { DAY_MS } = limits;
const readBody = bodyReader(ProposalBody);
const readRejection = bodyReader(RejectionBody);
/** Whoever may do nothing else may not read either: what a command would come to is told by a dry run. */
const OURS = { access: whole('read'), module: 'operations' } as const;

/** The routes of proposals. */
export function proposalRoutes(
  ledger: ServedLedger,
  { proposalDays, proposalKeptDays }: GatewayLimits,
): Route[] {
  const partsOf = (call: Call): ProposalParts => ({
    ledger: recordsOf(ledger, call),
    principal: call.principal,
    submitter: submitterOf(ledger, call),
    now: engineOf(ledger).now(),
    openMs: proposalDays * DAY_MS,
    keptMs: proposalKeptDays * DAY_MS,
    timeoutMs: leftMs(call),
    mayNow: (by) => mayNow(engineOf(ledger), by, ADMINISTRATOR),
  });
  return [
    {
      ...OURS,
      method: 'POST',
      path: PROPOSALS,
      body: 'required',
      describes: PROPOSAL_DESCRIPTIONS.propose,
      handle: async (call) => {
        const body = readBody(call.body);
        if (isRefusal(body)) return problem(body);
        const { idempotencyKey: key } = call;
        if (key !== undefined && ((body.id ?? key) !== key || !isNewId(key)))
          return problem(refuse('ID_INVALID', 'Idempotency-Key'));
        const asked = { ...body, id: body.id ?? key };
        return told(await propose(partsOf(call), asked), CREATED);
      },
    },
    {
      ...OURS,
      method: 'GET',
      path: PROPOSALS,
      describes: PROPOSAL_DESCRIPTIONS.list,
      handle: async ({ query }) => {
        const found = await proposals(engineOf(ledger), query.state as ProposalState | undefined);
        return isRefusal(found) ? problem(found) : json(OK, { proposals: found });
      },
    },
    {
      ...OURS,
      method: 'GET',
      path: PROPOSAL,
      describes: PROPOSAL_DESCRIPTIONS.read,
      handle: async ({ path }) => told(await proposal(engineOf(ledger), path[0] ?? '')),
    },
    {
      ...OURS,
      method: 'POST',
      path: `${PROPOSAL}/agree`,
      body: 'optional',
      describes: PROPOSAL_DESCRIPTIONS.agree,
      handle: async (call) => {
        const wrong = fullBody(call.body);
        if (wrong !== undefined) return problem(wrong);
        return told(await agree(partsOf(call), call.path[0] ?? ''));
      },
    },
    {
      ...OURS,
      method: 'POST',
      path: `${PROPOSAL}/reject`,
      body: 'optional',
      describes: PROPOSAL_DESCRIPTIONS.reject,
      handle: async (call) => {
        const body = readRejection(call.body);
        if (isRefusal(body)) return problem(body);
        return told(await reject(partsOf(call), call.path[0] ?? '', body.reason));
      },
    },
  ];
}

const told = (found: Proposal | Refusal, status = OK): Answer =>
  isRefusal(found) ? problem(found) : json(status, found, { proposal: found.id });
