// `jifen report ...`: figures of a ledger that is being served, and when they are written to files. Owns: what is asked of the server, what is shown.
// Never touches: figures.

import { extname, resolve } from 'node:path';
import { FILE_FORMATS } from '../encoding/media.js';
import { type CliCommand, type Given, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_END, ask, askFile, show, shows } from './ask.js';

const REPORTS = '/v1/reports';
const SCHEDULES = '/v1/report-schedules';
/** What reports are asked; the server says which of them each takes. */
const ASKED: Readonly<Record<string, 'text'>> = Object.fromEntries(
  [
    ...['from', 'to', 'at', 'asset', 'programme', 'zone', 'interval', 'group', 'by'],
    ...['goods', 'owner', 'state', 'steps', 'within', 'limit'],
  ].map((name) => [name, 'text']),
);
const ASKED_HELP = `  --from, --to <time>    milliseconds, RFC 3339, or a day, 2026-11-01; --to is no part
                         of it. Default: up to now
  --at <time>            of what is as of a moment
  --asset, --programme, --goods, --owner, --state, --zone, --interval, --group,
  --by, --steps, --within, --limit
                         what jifen report list says that the report takes`;

const operand = ({ operands }: Given, at = 0): string => encodeURIComponent(operands[at] ?? '');

/** What is asked of the report, by name. */
function askedIn(given: Given): Record<string, string> {
  return Object.fromEntries(
    Object.keys(ASKED).flatMap((name) => {
      const value = textOption(given, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

const withQuery = (path: string, query: Record<string, string>): string => {
  const text = new URLSearchParams(query).toString();
  return text === '' ? path : `${path}?${text}`;
};

export const list = shows(
  'report list',
  'Shows which reports there are, what may be asked of each, and what its columns mean.',
  async (given) => (await ask(given, 'GET', REPORTS)).body,
);

export const showReport: CliCommand = {
  help: `Usage: jifen report show <report> [options]

Shows the figures of a report as JSON, and up to which block of each shard they are
exact.

  <report>               its name: daily, liability, orders ...
${ASKED_HELP}
${ASKING_END}`,
  options: { ...ASKING, ...ASKED },
  operands: ['report'],
  run: async (given) => {
    const path = withQuery(`${REPORTS}/${operand(given)}`, askedIn(given));
    show((await ask(given, 'GET', path)).body);
    return 0;
  },
};

export const save: CliCommand = {
  help: `Usage: jifen report save <report> <file> [options]

Writes all rows of a report to a file, which is not there yet.

  <report>               its name: daily, liability, orders ...
  <file>                 its ending says the format: .csv, .xlsx, .parquet
  --lang <zh|en>         of its headings. Default: the names of columns
${ASKED_HELP}
${ASKING_END}`,
  options: { ...ASKING, ...ASKED, lang: 'text' },
  operands: ['report', 'file'],
  run: async (given) => {
    const file = given.operands[1] ?? '';
    const format = FILE_FORMATS.find((one) => extname(file).toLowerCase() === `.${one}`);
    if (format === undefined)
      throw new UsageError(`the file ends with ${FILE_FORMATS.map((one) => `.${one}`).join(', ')}`);
    const lang = textOption(given, 'lang');
    const query = { ...askedIn(given), format, ...(lang === undefined ? {} : { lang }) };
    const to = resolve(file);
    const bytes = await askFile(given, withQuery(`${REPORTS}/${operand(given)}`, query), to);
    show({ file: to, bytes });
    return 0;
  },
};

export const schedules = shows(
  'report schedules',
  'Shows which reports are written to files by themselves, and when they are due next.',
  async (given) => (await ask(given, 'GET', SCHEDULES)).body,
);

export const schedule: CliCommand = {
  help: `Usage: jifen report schedule <schedule> [options]

Says that a report is written to a file again and again, and webhooks are told
(report.ready). Without --report and --cron it shows the schedule and its last runs.

  <schedule>             its name
  --report <report>      which report
  --cron <expression>    when: five fields, e.g. "0 6 * * *"; once an hour at most
  --format <format>      csv, xlsx or parquet. Default: csv
  --period <period>      of the last whole day, week or month. Default: what is asked
  --lang <zh|en>         of its headings. Default: the names of columns
  --paused               it is not run by itself
${ASKED_HELP}
${ASKING_END}`,
  options: {
    ...{ ...ASKING, ...ASKED, report: 'text', cron: 'text', format: 'text' },
    ...{ period: 'text', lang: 'text', paused: 'flag' },
  },
  operands: ['schedule'],
  run: async (given) => {
    const path = `${SCHEDULES}/${operand(given)}`;
    const [report, cron] = [textOption(given, 'report'), textOption(given, 'cron')];
    if (report === undefined && cron === undefined) {
      show((await ask(given, 'GET', path)).body);
      return 0;
    }
    if (report === undefined || cron === undefined)
      throw new UsageError('--report and --cron go together');
    const { zone, ...parameters } = askedIn(given);
    const said = {
      ...{ report, cron, zone, format: textOption(given, 'format') ?? 'csv', parameters },
      ...{ period: textOption(given, 'period'), lang: textOption(given, 'lang') },
      state: given.options['paused'] === true ? 'paused' : 'active',
    };
    show((await ask(given, 'PUT', path, said)).body);
    return 0;
  },
};

export const run: CliCommand = {
  help: `Usage: jifen report run <schedule> [options]

Runs a schedule now, and shows what came of it.

  <schedule>             its name
${ASKING_END}`,
  options: ASKING,
  operands: ['schedule'],
  run: async (given) => {
    const { body } = await ask(given, 'POST', `${SCHEDULES}/${operand(given)}/run`);
    show(body);
    return body['state'] === 'done' ? 0 : 1;
  },
};

export const remove = shows(
  'report remove <schedule>',
  `Removes a schedule, its runs and their files.

  <schedule>             its name`,
  async (given) => (await ask(given, 'DELETE', `${SCHEDULES}/${operand(given)}`)).body,
);
