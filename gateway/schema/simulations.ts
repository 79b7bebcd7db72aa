// Simulations and corrections outside. Owns: what their bodies and answers look like. Never touches: what they come to.

import { strict } from './commands.js';
import { type Description, OWNERS, SHARDS } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import {
  AssetCode,
  Change,
  Count,
  DefinitionKey,
  DefinitionKind,
  Id,
  KnownId,
  Owner,
  oneOf,
  Positions,
  Time,
  text,
  User,
} from './words.js';

/** Documents of one simulation. */
const DOCUMENTS_MAX = 1_000;

const DraftBody = Type.Object(
  {
    kind: DefinitionKind,
    key: DefinitionKey,
    document: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], {
      description: 'What counts all the time in place of what counted; null: nothing does.',
    }),
  },
  { additionalProperties: false },
);

/** What both take. */
const PERIOD = {
  from: Time,
  to: Type.Optional(Time),
  budgets: Type.Optional(
    oneOf(['logged', 'unlimited'], {
      description:
        'Are budgets exhausted for the events for which the log says so (logged, as without this), or never?',
    }),
  ),
};
const Definitions = Type.Array(DraftBody, {
  maxItems: DOCUMENTS_MAX,
  description: 'A list of kind, key and document, each definition once.',
});

/** An event, by whose it is and its id. */
const EVENT = { owner: User, event: KnownId };

export const SimulationBody = strict({
  ...PERIOD,
  from: Type.Optional(Time),
  event: Type.Optional(
    Type.Object(EVENT, {
      additionalProperties: false,
      description: 'One event of the past, in place of a period: it alone is decided again.',
    }),
  ),
  definitions: Type.Optional(Definitions),
});

const bothSides = { before: Change, after: Change };
const Both = answer('BeforeAfter', bothSides);
const Side = answer('SimulatedSide', { members: Count, sum: Change });
const Member = answer('SimulatedMember', { owner: Owner, ...bothSides });
const Largest = answer('SimulatedLargest', {
  members: Count,
  sum: Change,
  largest: Type.Array(Member),
});

const Programme = answer('SimulatedProgramme', {
  programme: DefinitionKey,
  asset: Type.Union([AssetCode, Type.Literal('')]),
  ...bothSides,
  events: Count,
  different: Count,
  refused: Both,
  takenBack: Both,
  sources: Type.Array(
    answer('SimulatedSource', {
      kind: oneOf(['rule', 'task', 'referral']),
      key: DefinitionKey,
      ...bothSides,
    }),
  ),
  gifts: Type.Array(
    answer('SimulatedGift', {
      kind: oneOf(['coupon', 'badge']),
      key: DefinitionKey,
      ...bothSides,
    }),
  ),
  tiers: Type.Array(
    answer('SimulatedTier', {
      tier: Type.Union([DefinitionKey, Type.Null()]),
      ...bothSides,
      winners: Side,
      losers: Side,
    }),
  ),
  days: Type.Array(answer('SimulatedDay', { day: Type.String(), ...bothSides })),
  budgets: Type.Array(answer('SimulatedBudget', { owner: Type.String(), ...bothSides })),
  members: Count,
  winners: Largest,
  losers: Largest,
  distribution: Type.Array(answer('SimulatedShare', { over: Change, members: Count })),
});

const Decision = answer('SimulatedDecision', {
  refusal: Type.Optional(Type.String({ description: 'The code of the refusal.' })),
  effects: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  why: Type.Record(Type.String(), Type.Unknown()),
});

export const SimulationResult = answer('SimulationResult', {
  mode: oneOf(['logged', 'drafts']),
  from: Time,
  to: Type.Integer(),
  budgets: oneOf(['logged', 'unlimited']),
  asOf: Positions,
  programmes: Type.Array(Programme),
  asLogged: Count,
  event: Type.Optional(
    answer('SimulatedEvent', {
      ...EVENT,
      programme: DefinitionKey,
      type: Type.String(),
      time: Time,
      before: Decision,
      after: Decision,
    }),
  ),
});

const JOB = {
  id: Id,
  state: oneOf(['running', 'done', 'failed', 'cancelled']),
  startedAt: Time,
  by: Type.Optional(Type.String({ description: 'Who asked, by the credentials shown.' })),
  asked: Type.Optional(
    answer('JobAsked', {
      from: Type.Optional(Time),
      event: Type.Optional(Type.Object(EVENT)),
      to: Type.Optional(Time),
      budgets: Type.Optional(Type.String()),
      definitions: Type.Array(
        answer('JobDefinition', { kind: DefinitionKind, key: DefinitionKey }),
      ),
    }),
  ),
  problem: Type.Optional(
    answer('JobProblem', { field: Type.Optional(Type.String()), detail: Type.String() }),
  ),
};
const PROGRESS = { blocks: Count, of: Count, events: Count };

const SimulationJob = answer('Simulation', {
  ...JOB,
  progress: answer('SimulationProgress', PROGRESS),
  result: Type.Optional(SimulationResult),
});

const CorrectionName = text('[A-Za-z0-9][A-Za-z0-9._-]{0,23}', {
  description:
    'The name of the correction, by which it can be asked for again: up to 24 characters.',
});

export const CorrectionBody = strict({
  ...PERIOD,
  correction: CorrectionName,
  within: DefinitionKey,
  definitions: Definitions,
  preview: Type.Optional(Type.Boolean({ description: 'Only tell what it would be.' })),
  undo: Type.Optional(
    Type.Boolean({
      description: 'Undo what this correction, asked for in the same way, has posted.',
    }),
  ),
});

const CorrectionJob = answer('Correction', {
  ...JOB,
  correction: CorrectionName,
  progress: answer('CorrectionProgress', {
    ...PROGRESS,
    posted: Count,
    repeated: Count,
    refused: Count,
  }),
  result: Type.Optional(
    answer('CorrectionResult', {
      simulation: SimulationResult,
      posted: Count,
      repeated: Count,
      unreported: Count,
      uncorrected: Type.Array(
        answer('Uncorrected', {
          kind: oneOf(['task', 'coupon']),
          key: DefinitionKey,
          events: Count,
          why: Type.String(),
        }),
      ),
      refused: answer('CorrectionRefused', {
        acts: Count,
        codes: Type.Record(Type.String(), Count),
        named: Type.Array(
          answer('CorrectionRefusedAct', {
            owner: Owner,
            event: Type.String(),
            code: Type.String(),
          }),
        ),
      }),
    }),
  ),
});

const PATH = { job: Id };
const MALFORMED = ['DEFINITION_INVALID', 'DEFINITION_KIND_UNKNOWN', 'COMMAND_INVALID'] as const;

/** What the documents say of the routes of simulations. */
export const SIMULATION_DESCRIPTIONS: Readonly<
  Record<'start' | 'list' | 'read' | 'cancel', Description>
> = {
  list: {
    tag: 'definitions',
    summary: 'Simulations that are under way, and some of those that are over, the newest first.',
    details: 'Without what they came to. Of this node, and since its start.',
    answers: {
      200: { summary: 'All.', schema: answer('Simulations', { jobs: Type.Array(SimulationJob) }) },
    },
    refusals: [],
  },
  start: {
    tag: 'definitions',
    summary:
      'Decide the events of a period again, by other documents: what it would have cost, who would have got more or less. Nothing is changed.',
    details:
      'It runs on threads of its own beside the ledger; ask for it by its id. Without `definitions` the period is compared with itself: there is no difference. `from` and `to` are of when events were decided. With `event` in their place one event is decided again, and `result.event` tells what it came to, what it would have, and why both.',
    body: SimulationBody,
    answers: { 202: { summary: 'It has begun.', schema: SimulationJob } },
    refusals: [...SHARDS, ...OWNERS, ...MALFORMED, 'ID_INVALID', 'EVENT_NOT_FOUND'],
  },
  read: {
    tag: 'definitions',
    summary:
      'How far a simulation is, and what it came to. Those of before a restart are forgotten.',
    path: PATH,
    answers: { 200: { summary: 'The simulation.', schema: SimulationJob } },
    refusals: ['SIMULATION_NOT_FOUND'],
  },
  cancel: {
    tag: 'definitions',
    summary: 'End a simulation.',
    path: PATH,
    answers: { 200: { summary: 'It ends, or was over.', schema: SimulationJob } },
    refusals: ['SIMULATION_NOT_FOUND'],
  },
};

/** What the documents say of the routes of corrections. */
export const CORRECTION_DESCRIPTIONS: Readonly<
  Record<'start' | 'list' | 'read' | 'cancel', Description>
> = {
  list: {
    tag: 'definitions',
    summary: 'Corrections that are under way, and some of those that are over, the newest first.',
    details: 'Without what they came to. Of this node, and since its start.',
    answers: {
      200: { summary: 'All.', schema: answer('Corrections', { jobs: Type.Array(CorrectionJob) }) },
    },
    refusals: [],
  },
  start: {
    tag: 'definitions',
    summary:
      'Put right what events of a period have earned by rules that were wrong: the difference to what they would have earned by these is posted, event by event.',
    details:
      'First the period is simulated, then each difference is posted as an act `correct-event`, whose id follows from the correction and the event: asked for again in the same way, it posts what is left, and nothing twice. Each is judged by what the event has earned by then: what was returned is not owed. `within` is a definition of kind `correction`, which says how much one event may be corrected. `preview` posts nothing; `undo` reverses what was posted.',
    body: CorrectionBody,
    answers: { 202: { summary: 'It has begun.', schema: CorrectionJob } },
    refusals: [...SHARDS, ...MALFORMED, 'DEFINITION_NOT_FOUND'],
  },
  read: {
    tag: 'definitions',
    summary:
      'How far a correction is, and what came of it. Those of before a restart are forgotten.',
    path: PATH,
    answers: { 200: { summary: 'The correction.', schema: CorrectionJob } },
    refusals: ['SIMULATION_NOT_FOUND'],
  },
  cancel: {
    tag: 'definitions',
    summary: 'End a correction: what it has posted stays, and asked for again it goes on.',
    path: PATH,
    answers: { 200: { summary: 'It ends, or was over.', schema: CorrectionJob } },
    refusals: ['SIMULATION_NOT_FOUND'],
  },
};
