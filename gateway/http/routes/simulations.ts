// Simulations: begun, looked at, ended. Owns: their paths. Never touches: what they come to.

import type { Static } from 'typebox';
import { type Draft, SimulationError, type SimulationOptions } from '../../../engine/index.js';
import { VIEWERS, whole } from '../../auth/principal.js';
import { type Answer, json, problem } from '../../encoding/answer.js';
import { Jobs, type ToldJob } from '../../jobs.js';
import type { GatewayLimits } from '../../limits.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { type Call, engineOf, type Route, type ServedLedger } from '../../route.js';
import { bodyReader } from '../../schema/check.js';
import type { Description } from '../../schema/description.js';
import { SIMULATION_DESCRIPTIONS, SimulationBody } from '../../schema/simulations.js';
import { eventOf } from './events.js';
import { OK } from './submit.js';

export const ACCEPTED = 202;
/** Who may have jobs, and what they belong to. */
export const JOB = { access: whole('configure'), module: 'definitions' } as const;
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

/** What a job was asked for, and by whom, as it is told with it. */
export const asking = (
  { principal }: Call,
  {
    definitions = [],
    ...period
  }: {
    readonly definitions?: readonly { readonly kind: string; readonly key: string }[] | undefined;
  },
): object => ({
  by: principal.principal,
  asked: { ...period, definitions: definitions.map(({ kind, key }) => ({ kind, key })) },
});

const PERIOD_OR_EVENT = 'A simulation is of a period, which has from, or of one event.';

/** Which events are decided again: those of a period, or one of the past. */
async function periodOf(
  ledger: ServedLedger,
  { principal }: Call,
  { from, to, budgets, event: asked }: Static<typeof SimulationBody>,
): Promise<Omit<SimulationOptions, 'drafts'> | Refusal> {
  if (asked === undefined)
    return from === undefined
      ? refuse('COMMAND_INVALID', 'from', PERIOD_OR_EVENT)
      : { from, to, budgets };
  if (from !== undefined || to !== undefined)
    return refuse('COMMAND_INVALID', from === undefined ? 'to' : 'from', PERIOD_OR_EVENT);
  const { owner, event } = asked;
  const found = await eventOf(ledger, { principal, path: [owner, event] });
  if (isRefusal(found)) {
    const { field } = found;
    return { ...found, field: field === 'owner' ? 'event.owner' : 'event.event' };
  }
  const { time } = found.record;
  return { from: time, to: time + 1, budgets, event: { owner, id: event } };
}

/** What is told of a job, or that there is none of this id. */
const jobAnswer = (told: ToldJob | undefined): Answer =>
  told === undefined ? problem(refuse('SIMULATION_NOT_FOUND', 'job')) : json(OK, told);

/** The routes by which a job is looked at, and ended. */
export const jobRoutes = (
  jobs: Jobs,
  path: string,
  describes: {
    readonly list: Description;
    readonly read: Description;
    readonly cancel: Description;
  },
): Route[] => [
  {
    ...JOB,
    access: VIEWERS,
    method: 'GET',
    path: path.replace('/{job}', ''),
    describes: describes.list,
    handle: () => json(OK, { jobs: jobs.list() }),
  },
  {
    ...JOB,
    access: VIEWERS,
    method: 'GET',
    path,
    describes: describes.read,
    handle: ({ path: [job = ''] }) => jobAnswer(jobs.get(job)),
  },
  {
    ...JOB,
    method: 'DELETE',
    path,
    describes: describes.cancel,
    handle: ({ path: [job = ''] }) => jobAnswer(jobs.cancel(job)),
  },
];

/** The routes of simulations. */
export function simulationRoutes(ledger: ServedLedger, limits: GatewayLimits): Route[] {
  const jobs = new Jobs(limits.simulationsMax);
  return [
    {
      ...JOB,
      method: 'POST',
      path: '/v1/simulations',
      body: 'required',
      describes: SIMULATION_DESCRIPTIONS.start,
      handle: async (call) => {
        const body = readBody(call.body);
        if (isRefusal(body)) return problem(body);
        const period = await periodOf(ledger, call, body);
        if (isRefusal(period)) return problem(period);
        try {
          const drafts = body.definitions as readonly Draft[] | undefined;
          const begin = () => engineOf(ledger).simulate({ ...period, drafts });
          const told = await jobs.start(asking(call, body), begin);
          return isRefusal(told) ? problem(told) : json(ACCEPTED, told);
        } catch (error) {
          return problem(wrongSimulation(error));
        }
      },
    },
    ...jobRoutes(jobs, '/v1/simulations/{job}', SIMULATION_DESCRIPTIONS),
  ];
}
