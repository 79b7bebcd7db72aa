// `jifen import`: another points system brought in. Owns: its arguments, where it keeps what it has read, how its result is shown. Never touches: what
// files say, what becomes of it.

import { existsSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { FileFault, FORMATS, type Format, formatOf } from '../importing/reading.js';
import { ImportRun } from '../importing/run.js';
import { Staging } from '../importing/staging.js';
import { IMPORT_NAME_LENGTH_MAX, LINE_KINDS } from '../schema/import-words.js';
import { type CliCommand, type Given, numberOption, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_HELP, ask, askAny, show } from './ask.js';
import { lineShown } from './progress.js';

const WAIT_SECONDS = 60;
const WAIT_SECONDS_MAX = 86_400;
const NAME = new RegExp(`^[A-Za-z0-9._-]{1,${IMPORT_NAME_LENGTH_MAX}}$`);
const KINDS = ['member', ...LINE_KINDS] as const;

/** One of some words given as an option. */
function wordOption<T extends string>(given: Given, name: string, words: readonly T[]) {
  const text = textOption(given, name);
  const found = words.find((word) => word === text);
  if (text === undefined || found !== undefined) return found;
  throw new UsageError(`--${name} is one of ${words.join(', ')}, not "${text}"`);
}

/** The import's name: as it is said, or the first file's. */
function nameOf(given: Given): string {
  const [file = ''] = given.operands;
  const name = textOption(given, 'name') ?? basename(file, extname(file));
  if (NAME.test(name) && !/^\.{1,2}$/.test(name)) return name;
  const what = `1 to ${IMPORT_NAME_LENGTH_MAX} letters, digits, . _ and -`;
  throw new UsageError(`--name must be ${what}, not "${name}"`);
}

function zoneOf(given: Given): string | undefined {
  const zone = textOption(given, 'zone');
  if (zone === undefined || /^(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/.test(zone)) return zone;
  throw new UsageError(`--zone must be Z or an offset such as +08:00, not "${zone}"`);
}

function filesOf(given: Given): { readonly path: string; readonly format: Format }[] {
  const format = wordOption(given, 'format', FORMATS);
  return given.operands.map((operand) => {
    const path = resolve(operand);
    if (!existsSync(path)) throw new FileFault(`there is no file ${path}`);
    return { path, format: format ?? formatOf(path) };
  });
}

/** Where refused lines are told: in none of the files that are read. */
function reportOf(given: Given, name: string, files: readonly { readonly path: string }[]): string {
  const report = resolve(textOption(given, 'report') ?? `${name}.refused.ndjson`);
  if (!existsSync(report)) return report;
  const there = statSync(report);
  const isRead = files.some(({ path }) => {
    const { dev, ino } = statSync(path);
    return dev === there.dev && ino === there.ino;
  });
  if (isRead) throw new UsageError(`--report may not be ${report}, which is imported`);
  if (there.isDirectory()) throw new UsageError(`--report may not be the folder ${report}`);
  return report;
}

/** Decimals of all assets of the ledger. */
async function scalesOf(given: Given): Promise<ReadonlyMap<string, number>> {
  const { body } = await ask(given, 'GET', '/v1/assets');
  const assets = body['assets'] as readonly { readonly asset: string; readonly scale: number }[];
  return new Map(assets.map(({ asset, scale }) => [asset, scale]));
}

async function run(given: Given): Promise<number> {
  const name = nameOf(given);
  const isTrial = given.options['dry-run'] === true;
  const zone = zoneOf(given);
  const kind = wordOption(given, 'kind', KINDS);
  const wait = numberOption(given, 'wait', 0, WAIT_SECONDS_MAX) ?? WAIT_SECONDS;
  const files = filesOf(given);
  const scales = await scalesOf(given);
  const asset = textOption(given, 'asset');
  if (asset !== undefined && !scales.has(asset)) throw new UsageError(`there is no asset ${asset}`);
  const work = resolve(textOption(given, 'work') ?? `jifen-import-${name}`);
  const staging = new Staging(isTrial ? `${work}.dry-run` : work);
  const report = reportOf(given, name, files);
  const begun = performance.now();
  const progress = lineShown(isTrial ? 'Trying' : 'Importing');
  const importing = new ImportRun({
    name,
    files,
    defaults: { kind, asset, platform: textOption(given, 'platform'), zone, scales },
    staging,
    ask: (method, path, body) => askAny(given, method, path, body),
    isTrial,
    patienceMs: wait * 1_000,
    tell: (what) => progress.tell(() => what),
  });
  staging.take();
  try {
    const result = await importing.run();
    importing.report(report);
    const seconds = Math.round(performance.now() - begun) / 1_000;
    show({ ...result, dryRun: isTrial, seconds, report });
    return result.refused === 0 ? 0 : 1;
  } finally {
    progress.end();
    if (isTrial) staging.remove();
    else staging.letGo();
  }
}

export const importFiles: CliCommand = {
  help: `Usage: jifen import <file>... [options]

Brings in another points system: members and who they are in it, balances, lots with
their dates, histories as they happened. Each record of the files (CSV with a line of
column names, or a JSON object on each line; UTF-8) is one of these:

  member    platform, user, owner; status: active, frozen, inactive; programme, tier,
            tierUntil
  balance   points that a member had: amount
  lot       the same with when they were earned and expire: earnedAt, expiresAt
  entry     what happened: id, amount (below 0: taken), occurredAt, type (expire: by it
            points expired), businessType, businessId, remark, expiresAt of what was
            earned

All but members have owner, or platform and user; asset; id: the source's own, unique
for a member. Amounts are in points, with the decimals of their asset; times have a
zone; expiresAt is a time, or never; left out, the asset says it.

What cannot be brought in is refused line by line, and the rest goes in. The same
command goes on after a crash, and brings in nothing twice. A file that was changed
needs another name. Members are not told: no notice follows from an import, but those
of points that will expire, as of all points.

  --name <name>          the import's: @import:<name> is where its points come from.
                         Default: the first file's
  --asset <asset>        of records that name none
  --platform <platform>  of users whose records name none
  --kind <kind>          of records that name none: member, balance, lot, entry
  --zone <offset>        of times that name none: +08:00
  --format <format>      csv or ndjson. Default: as the files are called
  --dry-run              only say what would come, as judged now
  --report <file>        every refused line, with why, as lines of JSON.
                         Default: <name>.refused.ndjson
  --work <folder>        where it keeps what it has read until all is through.
                         Default: jifen-import-<name>
  --wait <seconds>       how long a server that does not answer is asked again.
                         Default: ${WAIT_SECONDS}
${ASKING_HELP}

Exit codes: 0 all is in; 1 lines were refused, or it failed; 2 wrong arguments.
`,
  options: {
    ...ASKING,
    name: 'text',
    asset: 'text',
    platform: 'text',
    kind: 'text',
    zone: 'text',
    format: 'text',
    'dry-run': 'flag',
    report: 'text',
    work: 'text',
    wait: 'text',
  },
  operands: ['file'],
  hasMore: true,
  run,
};
