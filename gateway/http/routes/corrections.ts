// Corrections: begun, looked at, ended. Owns: their paths. Never touches: what they post.

import type { Draft } from '../../../engine/index.js';
import { whole } from '../../auth/principal.js';
import { CorrectionJob } from '../../corrections.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { Jobs } from '../../jobs.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, refuse } from '../../refusal.js';
import {
  auditOf,
  type Call,
  callerOf,
  engineOf,
  type Route,
  type ServedLedger,
} from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import { CORRECTION_DESCRIPTIONS, CorrectionBody } from '../../schema/simulations.js';
import { ACCEPTED, asking, JOB, jobRoutes, wrongSimulation } from './simulations.js';

const readBody = bodyReader(CorrectionBody);

/** The routes of corrections. */
export function correctionRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const jobs = new Jobs(limits.simulationsMax);
  return [
    {
      ...JOB,
      access: whole('configure', 'adjust'),
      method: 'POST',
      path: '/v1/corrections',
      body: 'required',
      describes: CORRECTION_DESCRIPTIONS.start,
      handle: (call) => begin(ledger, jobs, call),
    },
    ...jobRoutes(jobs, '/v1/corrections/{job}', CORRECTION_DESCRIPTIONS),
  ];
}

async function begin(ledger: ServedLedger, jobs: Jobs, call: Call): Promise<Answer> {
  const body = readBody(call.body);
  if (isRefusal(body)) return problem(body);
  const { definitions, preview = false, undo = false, correction, within, ...period } = body;
  const allowed = await callerOf(ledger, call).definition('correction', within);
  if (allowed === undefined) return problem(refuse('DEFINITION_NOT_FOUND', 'within'));
  if (isRefusal(allowed)) return problem(allowed);
  const drafts = definitions as readonly Draft[];
  const asked = { ...period, drafts, correction, within, isPreview: preview, isUndo: undo };
  const by = { grants: call.principal, audit: auditOf(call) };
  try {
    const told = await jobs.start({ correction, ...asking(call, { ...period, definitions }) }, () =>
      CorrectionJob.begin(engineOf(ledger), asked, by),
    );
    return isRefusal(told) ? problem(told) : json(ACCEPTED, told);
  } catch (error) {
    return problem(wrongSimulation(error));
  }
}
