// Simulations: begun, looked at, ended. Owns: their paths. Never touches: what they come to.

import { type Draft, SimulationError } from '../../../engine/index.js';
import { WHOLE_LEDGER } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { Jobs, type ToldJob } from '../../jobs.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { engineOf, type Route, type ServedLedger } from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import { SIMULATION_DESCRIPTIONS, SimulationBody } from '../../schema/simulations.js';
import { OK } from './submit.js';

const ACCEPTED = 202;
const SIMULATION = '/v1/simulations/{job}';
const readBody = bodyReader(SimulationBody);

/** The refusal of what cannot be simulated; thrown on where it is none. */
export function wrongSimulation(error: unknown): Refusal {
  if (!(error instanceof SimulationError)) throw error;
  const field = error.field.replace(/^drafts/, 'definitions');
  const code = /^definitions\[\d+\]\.kind$/.test(field)
    ? 'DEFINITION_KIND_UNKNOWN'
    : field.startsWith('definitions')
      ? 'DEFINITION_INVALID'
      : 'COMMAND_INVALID';
  return refuse(code, field, error.message);
}

/** What is told of a job, or that there is none of this id. */
export const jobAnswer = (told: ToldJob | undefined): Answer =>
  told === undefined ? problem(refuse('SIMULATION_NOT_FOUND', 'job')) : json(OK, told);

/** The routes of simulations. */
export function simulationRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const row = { access: WHOLE_LEDGER, module: 'definitions' } as const;
  const jobs = new Jobs(limits.simulationsMax);
  return [
    {
      ...row,
      method: 'POST',
      path: '/v1/simulations',
      body: 'required',
      describes: SIMULATION_DESCRIPTIONS.start,
      handle: async ({ body: given }) => {
        const body = readBody(given);
        if (isRefusal(body)) return problem(body);
        const { definitions, ...period } = body;
        try {
          const drafts = definitions as readonly Draft[] | undefined;
          const begin = () => engineOf(ledger).simulate({ ...period, drafts });
          const told = await jobs.start({}, begin);
          return isRefusal(told) ? problem(told) : json(ACCEPTED, told);
        } catch (error) {
          return problem(wrongSimulation(error));
        }
      },
    },
    {
      ...row,
      method: 'GET',
      path: SIMULATION,
      describes: SIMULATION_DESCRIPTIONS.read,
      handle: ({ path: [job = ''] }) => jobAnswer(jobs.get(job)),
    },
    {
      ...row,
      method: 'DELETE',
      path: SIMULATION,
      describes: SIMULATION_DESCRIPTIONS.cancel,
      handle: ({ path: [job = ''] }) => jobAnswer(jobs.cancel(job)),
    },
  ];
}
