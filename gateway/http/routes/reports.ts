// Reports, and their schedules. Owns: their paths, files on their way to who asks. Never touches: figures.
//   http.H80. A file is sent piece by piece as its reader takes it, and is removed, where it is nobody else's, before its first byte.

import { open, rm } from 'node:fs/promises';
import { VIEWERS, whole } from '../../auth/principal.js';
import { type Answer, json, problem, unkept } from '../../encoding/answer.js';
import { FILE_FORMATS, type FileFormat, MEDIA_TYPES } from '../../encoding/media.js';
import type { Said } from '../../projections/reports/asked.js';
import { PARAMETER_NAMES } from '../../projections/reports/columns.js';
import type { Reporting } from '../../projections/reports/reporting.js';
import type { ScheduledReports } from '../../projections/reports/scheduled.js';
import {
  isRunKey,
  nextRun,
  runsNewest,
  type SaidSchedule,
  SCHEDULES,
  type Schedule,
  scheduleProblem,
} from '../../projections/reports/schedules.js';
import { isRefusal, type Refusal, refuse } from '../../refusal.js';
import { type Call, engineOf, type Route, recordsOf, type ServedLedger } from '../../route.js';
import { bodyReader, fullBody } from '../../schema/check.js';
import {
  listDescription,
  readDescription,
  SCHEDULE_DESCRIPTIONS,
  ScheduleBody,
  ScheduleName,
} from '../../schema/reports.js';
import { fits } from '../../schema/words.js';
import type { AnswerStream } from '../server/streamed.js';
import { OK } from './submit.js';

const SCHEDULE = '/v1/report-schedules/{schedule}';
const READS = { access: VIEWERS, module: 'operations' } as const;
const CHANGES = { access: whole('configure'), module: 'operations' } as const;
/** How long a file waits for its reader. */
const UNREAD_MS = 60_000;
/** No schedule has it. */
const NO_NAME = '-';
const readSchedule = bodyReader(ScheduleBody);
const isScheduleName = fits(ScheduleName);

const reportingOf = ({ reporting }: ServedLedger): Reporting => {
  if (reporting === undefined) throw new Error('a request came before the ledger was open');
  return reporting;
};
const scheduledOf = ({ scheduledReports: scheduled }: ServedLedger): ScheduledReports => {
  if (scheduled === undefined) throw new Error('a request came before the ledger was open');
  return scheduled;
};

/** The routes of reports. */
export function reportRoutes(ledger: ServedLedger): Route[] {
  return [
    {
      ...READS,
      method: 'GET',
      path: '/v1/reports',
      describes: listDescription,
      handle: async () => {
        const { state, reason = null } = await reportingOf(ledger).state();
        return json(OK, { state, reason, reports: reportingOf(ledger).list() });
      },
    },
    {
      ...READS,
      method: 'GET',
      path: '/v1/reports/{name}',
      formats: FILE_FORMATS,
      describes: readDescription,
      handle: (call) => report(ledger, call),
    },
    {
      ...READS,
      method: 'GET',
      path: '/v1/report-schedules',
      describes: SCHEDULE_DESCRIPTIONS.list,
      handle: async () => {
        const all = await SCHEDULES.all(engineOf(ledger));
        if (isRefusal(all)) return problem(all);
        const now = engineOf(ledger).now();
        const schedules = all.map(({ key, version, read }) => shown(key, version, read(), now));
        return json(OK, { schedules });
      },
    },
    {
      ...READS,
      method: 'GET',
      path: SCHEDULE,
      describes: SCHEDULE_DESCRIPTIONS.read,
      handle: (call) => schedule(ledger, nameOf(call)),
    },
    {
      ...CHANGES,
      method: 'PUT',
      path: SCHEDULE,
      body: 'required',
      describes: SCHEDULE_DESCRIPTIONS.put,
      handle: (call) => put(ledger, call),
    },
    {
      ...CHANGES,
      method: 'DELETE',
      path: SCHEDULE,
      describes: SCHEDULE_DESCRIPTIONS.remove,
      handle: (call) => remove(ledger, call),
    },
    {
      ...CHANGES,
      method: 'POST',
      path: `${SCHEDULE}/run`,
      body: 'optional',
      describes: SCHEDULE_DESCRIPTIONS.run,
      handle: async (call) => {
        const wrong = fullBody(call.body);
        if (wrong !== undefined) return problem(wrong);
        const run = await scheduledOf(ledger).run(recordsOf(ledger, call), nameOf(call));
        return isRefusal(run) ? problem(run) : json(OK, run, { schedule: run.schedule });
      },
    },
    {
      ...READS,
      method: 'GET',
      path: `${SCHEDULE}/runs/{run}`,
      describes: SCHEDULE_DESCRIPTIONS.file,
      handle: async (call) => {
        const [name = '', run = ''] = call.path;
        const none = refuse('REPORT_FILE_NOT_FOUND', 'run');
        if (!isScheduleName(name) || !isRunKey(run)) return problem(none);
        const found = await scheduledOf(ledger).fileOf(name, run);
        if (isRefusal(found)) return problem(found);
        const { name: called = run, format, pieces } = found;
        return sent({ name: called, format, pieces: () => pieces });
      },
    },
  ];
}

// --- reports ----------------------------------------------------------------------------------------------------

/** What a query says to a report. */
function saidIn(query: Call['query']): Said {
  const said: Partial<Record<keyof Said, string>> = {};
  for (const name of PARAMETER_NAMES) {
    const text = query[name];
    if (text !== undefined) said[name] = text;
  }
  return said;
}

const isFile = (format: string): format is FileFormat =>
  (FILE_FORMATS as readonly string[]).includes(format);

async function report(
  ledger: ServedLedger,
  { path, query, format: accepted }: Call,
): Promise<Answer> {
  const [name = ''] = path;
  const { format = accepted, lang } = query;
  const said = saidIn(query);
  if (!isFile(format)) {
    const told = await reportingOf(ledger).told(name, said);
    return isRefusal(told) ? problem(told) : unkept(json(OK, told));
  }
  const file = await reportingOf(ledger).file(name, said, format, lang as 'zh' | 'en' | undefined);
  if (isRefusal(file)) return problem(file);
  // Where nobody begins to read it, it goes all the same.
  setTimeout(() => void rm(file.path, { force: true }), UNREAD_MS).unref();
  const headers = [
    ['X-Jifen-As-Of', file.asOf],
    ['X-Jifen-Rows', String(file.rows)],
  ] as const;
  return sent({ name: file.name, format, pieces: () => ownPieces(file.path) }, headers);
}

/** A file that was made for one answer, and goes: who has it open reads it to its end. */
async function* ownPieces(path: string): AsyncGenerator<Uint8Array> {
  const file = await open(path, 'r');
  try {
    await rm(path, { force: true });
    yield* file.createReadStream({ autoClose: false }) as AsyncIterable<Uint8Array>;
  } finally {
    await file.close();
  }
}

interface SentFile {
  readonly name: string;
  readonly format: FileFormat;
  /** Its bytes, once. */
  readonly pieces: () => AsyncIterable<Uint8Array>;
}

/** A file as an answer. */
function sent(
  { name, format, pieces }: SentFile,
  headers: readonly (readonly [string, string])[] = [],
): Answer {
  const charset = format === 'csv' ? '; charset=utf-8' : '';
  return {
    status: OK,
    contentType: `${MEDIA_TYPES[format]}${charset}`,
    body: '',
    isFile: true,
    headers: [
      ['Content-Disposition', `attachment; filename="${name}"`],
      ['Cache-Control', 'no-store'],
      ['X-Content-Type-Options', 'nosniff'],
      ...headers,
    ],
    stream: async (stream: AnswerStream) => {
      for await (const piece of pieces()) {
        await stream.write(piece);
        if (stream.isGone) return;
      }
    },
  };
}

// --- schedules --------------------------------------------------------------------------------------------------

/** What is no name is the name of no schedule. */
const nameOf = ({ path }: Call): string => {
  const [name = ''] = path;
  return isScheduleName(name) ? name : NO_NAME;
};

const shown = (schedule: string, version: number, kept: Schedule, now: number): object => ({
  ...{ schedule, version, ...kept },
  next: nextRun(kept, now) ?? null,
});

async function schedule(ledger: ServedLedger, name: string): Promise<Answer> {
  const engine = engineOf(ledger);
  const found = await SCHEDULES.get(engine, name);
  if (isRefusal(found)) return problem(found);
  if (found === undefined) return problem(refuse('REPORT_SCHEDULE_NOT_FOUND', 'schedule'));
  const runs = await runsNewest(engine, name);
  if (isRefusal(runs)) return problem(runs);
  return json(OK, { ...shown(name, found.version, found.read(), engine.now()), runs });
}

async function put(ledger: ServedLedger, call: Call): Promise<Answer> {
  const body = readSchedule(call.body);
  if (isRefusal(body)) return problem(body);
  const name = nameOf(call);
  if (name === NO_NAME) return problem(refuse('REPORT_SCHEDULE_INVALID', 'schedule'));
  const { ifVersion, ...said } = body as SaidSchedule & { readonly ifVersion?: number };
  const now = engineOf(ledger).now();
  const { parameters = {}, period, report: asked } = said;
  const wrong =
    scheduleProblem(said, now) ?? reportingOf(ledger).problem(asked, period, parameters);
  if (wrong !== undefined) return problem(inSchedule(wrong));
  const kept: Schedule = { ...said, since: now, by: call.principal.principal };
  const refused = await SCHEDULES.put(recordsOf(ledger, call), name, kept, ifVersion);
  return refused === undefined ? schedule(ledger, name) : problem(refused);
}

const OWN_FIELDS = new Set(['report', 'zone', 'cron', 'schedule']);

/** Of what is asked of its report, a schedule names the field by its place. */
function inSchedule(wrong: Refusal): Refusal {
  const { field = '', code } = wrong;
  if (code === 'REPORT_SCHEDULE_INVALID' || OWN_FIELDS.has(field)) return wrong;
  return { ...wrong, field: `parameters.${field}` };
}

async function remove(ledger: ServedLedger, call: Call): Promise<Answer> {
  const name = nameOf(call);
  const records = recordsOf(ledger, call);
  const found = await SCHEDULES.get(records, name);
  if (isRefusal(found)) return problem(found);
  if (found === undefined) return problem(refuse('REPORT_SCHEDULE_NOT_FOUND', 'schedule'));
  const refused = await SCHEDULES.delete(records, name);
  if (refused !== undefined) return problem(refused);
  await scheduledOf(ledger).removed(records, name);
  return json(OK, { schedule: name });
}
