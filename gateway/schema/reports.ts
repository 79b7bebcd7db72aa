// Reports and their schedules: what is asked and answered, what their routes say of themselves. Owns: these schemas and texts. Never touches: figures.

import { FILE_FORMATS } from '../encoding/media.js';
import { CRON_LENGTH_MAX } from '../limits.js';
import { PARAMETER_NAMES } from '../projections/reports/columns.js';
import { PERIODS, RUN_STATES, SCHEDULE_STATES } from '../projections/reports/schedules.js';
import { strict } from './commands.js';
import { type Description, SHARDS } from './description.js';
import { answer } from './outcomes.js';
import { Type } from './typebox.js';
import {
  AssetCode,
  Count,
  DefinitionKey,
  NAME,
  oneOf,
  Time,
  text,
  User,
  whole,
  Zone,
} from './words.js';

const { Optional } = Type;

/** Characters of a text that says what is asked. */
const TEXT_MAX = 300;
const Moment = text(
  '\\d{1,15}|\\d{4}-\\d\\d-\\d\\d(?:[Tt][0-9.:]{8,18}(?:[Zz]|[+-]\\d\\d:\\d\\d))?',
  {
    description:
      'Milliseconds since 1970, an RFC 3339 time, or a day, `2026-11-01`: its first moment.',
  },
);
const Steps = text(`[A-Za-z0-9._:,-]{1,${TEXT_MAX}}`, {
  description: 'Steps, with commas: joined, earn, spend, redeem, order, event:TYPE, act:NAME.',
});
const Word = text('[a-z]{1,20}', { description: 'One of the choices of the parameter.' });
const Rows = whole(1, 1_000_000_000, { description: 'Rows at most.' });
const Within = whole(1, 366, { description: 'Days, 1 to 366.' });
export const ReportName = text('[a-z][a-z-]{0,31}', {
  [NAME]: 'ReportName',
  description: 'The name of a report.',
});
export const ScheduleName = text('[a-z0-9][a-z0-9_-]{0,39}', {
  [NAME]: 'ScheduleName',
  description: 'The name of a schedule.',
});
const RunName = text('\\d{15}', { description: 'A run of a schedule.' });

/** What may be asked of some report; each says which of it it takes. */
const PARAMETERS = {
  from: Moment,
  to: Moment,
  at: Moment,
  asset: AssetCode,
  programme: DefinitionKey,
  zone: Zone,
  interval: Word,
  group: Word,
  by: Word,
  goods: DefinitionKey,
  owner: User,
  state: Word,
  steps: Steps,
  within: Within,
  limit: Rows,
} as const satisfies Readonly<Record<(typeof PARAMETER_NAMES)[number], unknown>>;

const Words = answer('Words', { zh: Type.String(), en: Type.String() });
const Column = answer('ReportColumn', {
  name: Type.String(),
  type: oneOf(['date', 'time', 'text', 'count', 'points', 'ratio'], {
    description:
      '`date`: `2026-11-01`; `time`: milliseconds since 1970; `points`: minor units of the row’s `asset`; `ratio`: a part of 1, to six decimals.',
  }),
  title: Words,
});
const Chart = answer('ReportChart', {
  kind: oneOf(['line', 'bars']),
  x: Type.String(),
  series: Type.Array(Type.String()),
  split: Optional(Type.String()),
});
const Parameter = answer('ReportParameter', {
  name: oneOf(PARAMETER_NAMES),
  type: oneOf(['time', 'text', 'integer', 'choice']),
  isRequired: Type.Boolean(),
  choices: Optional(Type.Array(Type.String())),
  default: Optional(Type.String()),
  about: Words,
});
const AS_OF = {
  asOf: Type.String({ description: 'Up to which block of each shard it is exact: `0:41,1:7`.' }),
  asOfTime: Type.Union([Time, Type.Null()], {
    description: 'When the newest of these blocks was written.',
  }),
};
const Cell = Type.Union([Type.String(), Type.Number(), Type.Null()], {
  description: 'A whole number beyond 2^53 is a text.',
});

const FORMAT = oneOf(['json', ...FILE_FORMATS], {
  description: 'In place of `Accept`: json, csv, xlsx, parquet.',
});
const LANG = oneOf(['zh', 'en'], {
  description: 'Of the headings of files; left out: the names of columns.',
});

export const listDescription: Description = {
  tag: 'reports',
  summary: 'Which reports there are, what may be asked of each, what its columns mean.',
  answers: {
    200: {
      summary: 'Reports, and whether they are answered here.',
      schema: answer('Reports', {
        state: oneOf(['off', 'idle', 'starting', 'building', 'following']),
        reason: Type.Union([Type.String(), Type.Null()]),
        reports: Type.Array(
          answer('ListedReport', {
            name: ReportName,
            title: Words,
            about: Words,
            parameters: Type.Array(Parameter),
            columns: Type.Array(Column),
            chart: Type.Union([Chart, Type.Null()]),
          }),
        ),
      }),
    },
  },
  refusals: [],
};

export const readDescription: Description = {
  tag: 'reports',
  summary: 'The figures of a report, or a file of them.',
  details:
    'In JSON at most `limit` rows (1,000 where nothing is said); files (CSV, XLSX, Parquet) have all. Points are minor units in JSON and Parquet, whole units in CSV and XLSX, where no text is taken for a formula. `to` is no part of what is asked for.',
  path: { name: ReportName },
  query: Type.Object({
    ...Object.fromEntries(PARAMETER_NAMES.map((name) => [name, Optional(PARAMETERS[name])])),
    format: Optional(FORMAT),
    lang: Optional(LANG),
  }),
  answers: {
    200: {
      summary: 'The figures.',
      schema: answer('Report', {
        report: ReportName,
        parameters: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()])),
        columns: Type.Array(Column),
        rows: Type.Array(Type.Array(Cell)),
        isCut: Type.Boolean({ description: 'There are more rows than these.' }),
        ...AS_OF,
      }),
    },
  },
  refusals: [
    ...SHARDS,
    ...(['REPORTS_OFF', 'REPORT_NOT_FOUND', 'ANSWER_TOO_LARGE', 'ASSET_UNKNOWN'] as const),
    ...(['ZONE_UNKNOWN', 'QUERY_INVALID', 'CONNECTIONS_LIMIT'] as const),
  ],
};

// --- schedules --------------------------------------------------------------------------------------------------

const SAID = {
  report: ReportName,
  parameters: Optional(
    Type.Object(
      Object.fromEntries(
        PARAMETER_NAMES.map((name) => [name, Optional(Type.String({ maxLength: TEXT_MAX }))]),
      ),
      { additionalProperties: false, description: 'What is asked of it, as texts.' },
    ),
  ),
  period: Optional(
    oneOf([...PERIODS], {
      description: 'It is of the last whole one before a run; left out: of what parameters say.',
    }),
  ),
  cron: Type.String({
    minLength: 1,
    maxLength: CRON_LENGTH_MAX,
    description: 'When: a cron expression of five fields, once an hour at most.',
  }),
  zone: Optional(Zone),
  format: oneOf([...FILE_FORMATS]),
  lang: Optional(LANG),
  state: Optional(oneOf([...SCHEDULE_STATES], { description: 'Default active.' })),
};

export const ScheduleBody = strict(
  {
    ...SAID,
    ifVersion: Optional(
      whole(0, 2 ** 31, { description: 'Only over this version; 0: only where there is none.' }),
    ),
  },
  { [NAME]: 'NewReportSchedule' },
);

const Run = answer('ReportRun', {
  schedule: ScheduleName,
  run: RunName,
  report: ReportName,
  format: oneOf([...FILE_FORMATS]),
  at: Time,
  state: oneOf([...RUN_STATES]),
  startedAt: Time,
  endedAt: Optional(Time),
  node: Type.String({ description: 'Which node has the file; empty: there is one node.' }),
  name: Optional(Type.String()),
  rows: Optional(Count),
  bytes: Optional(Count),
  asOf: Optional(Type.String()),
  until: Optional(Time),
  link: Optional(Type.String()),
  problem: Optional(Type.String()),
});
const Schedule = answer('ReportSchedule', {
  schedule: ScheduleName,
  version: Count,
  ...SAID,
  since: Time,
  by: Optional(Type.String()),
  next: Type.Union([Time, Type.Null()], { description: 'When it is due next; null: never.' }),
});
const WholeSchedule = answer('WholeReportSchedule', {
  ...Schedule.properties,
  runs: Type.Array(Run, { description: 'The newest first.' }),
});
const NAMED = { schedule: ScheduleName };

const described = (
  summary: string,
  told: Omit<Description, 'tag' | 'summary' | 'refusals'>,
  ...refusals: Description['refusals']
): Description => ({ tag: 'reports', summary, ...told, refusals: [...SHARDS, ...refusals] });

export const SCHEDULE_DESCRIPTIONS = {
  list: described('Schedules of reports.', {
    answers: {
      200: {
        summary: 'All of them, by name.',
        schema: answer('ReportSchedules', { schedules: Type.Array(Schedule) }),
      },
    },
  }),
  read: described(
    'A schedule, and its last runs.',
    { path: NAMED, answers: { 200: { summary: 'The schedule.', schema: WholeSchedule } } },
    'REPORT_SCHEDULE_NOT_FOUND',
  ),
  put: described(
    'Says a schedule: a report is written to a file again and again, and webhooks are told.',
    {
      details:
        'Each run ends with an event `report.ready` with a link to the file, or `report.failed`. What came due while nothing ran is run once, for the last time of all.',
      path: NAMED,
      body: ScheduleBody,
      answers: { 200: { summary: 'The schedule.', schema: WholeSchedule } },
    },
    ...(['REPORT_NOT_FOUND', 'REPORT_SCHEDULE_INVALID', 'ZONE_UNKNOWN', 'QUERY_INVALID'] as const),
    ...(['ASSET_UNKNOWN', 'CHANGED_MEANWHILE', 'RECORD_LIMIT'] as const),
  ),
  remove: described(
    'Removes a schedule, its runs and their files.',
    {
      path: NAMED,
      answers: { 200: { summary: 'It is gone.', schema: answer('RemovedReportSchedule', NAMED) } },
    },
    'REPORT_SCHEDULE_NOT_FOUND',
  ),
  run: described(
    'Runs a schedule now.',
    { path: NAMED, answers: { 200: { summary: 'What came of it.', schema: Run } } },
    ...(['REPORT_SCHEDULE_NOT_FOUND', 'REPORTS_OFF', 'CHANGED_MEANWHILE', 'RECORD_LIMIT'] as const),
  ),
  file: described(
    'The file of a run.',
    {
      path: { ...NAMED, run: RunName },
      answers: { 200: { summary: 'The file.', type: 'application/octet-stream' } },
    },
    ...(['REPORT_FILE_NOT_FOUND', 'CONNECTIONS_LIMIT'] as const),
  ),
} as const;
