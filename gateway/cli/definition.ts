// `jifen definition ...`: definitions of a ledger that is being served. Owns: what is asked of the server, what is shown. Never touches: definitions.

import { readFileSync } from 'node:fs';
import { type DefinitionHistory, limits } from '../../engine/index.js';
import {
  type CliCommand,
  type Given,
  numberOption,
  textOption,
  timeOption,
  UsageError,
} from './arguments.js';
import { ASKING, ASKING_END, ask, show, shows } from './ask.js';

const LEAD_SECONDS = limits.DEFINITION_LEAD_MS / 1_000;

const pathOf = ({ operands }: Given): string =>
  `/v1/definitions/${operands.map((part) => encodeURIComponent(part)).join('/')}`;

/** What stands in a file, or behind a dash on stdin, as JSON. */
function documentIn(given: Given): unknown {
  const file = textOption(given, 'document');
  if (file === undefined) return undefined;
  const text = readFileSync(file === '-' ? 0 : file, 'utf8');
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`${file === '-' ? 'stdin' : file} is no JSON`);
  }
}

export const put: CliCommand = {
  help: `Usage: jifen definition put <kind> <key> [options]

Says what a rule is: a new version of a definition. What the newest version says
already changes nothing.

  <kind> <key>           e.g. offer spring
  --document <file>      its document as JSON; - reads stdin. Not of a retirement
  --state <s>            draft, active (default), retired
  --active-from <time>   when it begins to decide, RFC 3339; at least ${LEAD_SECONDS} s from now.
                         Default: as soon as that
  --if-version <n>       only where this is the newest version; 0: where there is none
  --dry-run              say what it would become; change nothing
${ASKING_END}`,
  options: {
    ...ASKING,
    document: 'text',
    state: 'text',
    'active-from': 'text',
    'if-version': 'text',
    'dry-run': 'flag',
  },
  operands: ['kind', 'key'],
  run: async (given) => {
    const query = given.options['dry-run'] === true ? '?dryRun=true' : '';
    const { body } = await ask(given, 'PUT', `${pathOf(given)}${query}`, {
      state: textOption(given, 'state') ?? 'active',
      document: documentIn(given),
      activeFrom: timeOption(given, 'active-from'),
      ifVersion: numberOption(given, 'if-version', 0, limits.DEFINITIONS_MAX),
    });
    show(body);
    return 0;
  },
};

export const get = shows(
  'definition get <kind> <key>',
  'Shows a definition with all its versions as JSON.',
  async (given) => (await ask(given, 'GET', pathOf(given))).body,
);

export const list = shows(
  'definition list <kind>',
  'Shows all definitions of a kind, each in its newest version, as JSON.',
  (given) => definitionsOf(given, given.operands[0] ?? ''),
);

/** All definitions of a kind, each in its newest version. */
export async function definitionsOf(given: Given, kind: string): Promise<DefinitionHistory[]> {
  const all: DefinitionHistory[] = [];
  let cursor: unknown;
  do {
    const query = cursor === undefined ? '' : `?cursor=${encodeURIComponent(String(cursor))}`;
    const path = `/v1/definitions/${encodeURIComponent(kind)}${query}`;
    const { body } = await ask(given, 'GET', path);
    all.push(...(body['definitions'] as DefinitionHistory[]));
    cursor = body['cursor'];
  } while (cursor !== undefined);
  return all;
}
