// `jifen partner ...`: partners outside, of a ledger that is being served. Owns: what is asked of the server, what is shown. Never touches: partners.

import { readFileSync } from 'node:fs';
import { GRACE_SECONDS_MAX, OVERLAP_SECONDS_MAX, PARTNER_CALLS_MAX } from '../limits.js';
import {
  type CliCommand,
  type Given,
  listOption,
  numberOption,
  textOption,
  UsageError,
} from './arguments.js';
import { ASKING, ASKING_HELP, ask, show } from './ask.js';

const EXIT_FAILED = 1;
const ENDING = `${ASKING_HELP}

Exit codes: 0 done; 1 refused, it is not well, or no server; 2 wrong arguments.
`;

const pathOf = ({ operands }: Given, verb = ''): string =>
  `/v1/partners/${encodeURIComponent(operands[0] ?? '')}${verb}`;

/** A token that stands in a file, or behind a dash on stdin: it does not get into a shell's history. */
export function tokenIn(file: string): string {
  const token = readFileSync(file === '-' ? 0 : file, 'utf8').trim();
  if (token === '') throw new UsageError('the file of the token is empty');
  return token;
}

function showToken({ inboundToken, ...partner }: Readonly<Record<string, unknown>>): void {
  show(partner);
  if (inboundToken === undefined) return;
  process.stdout.write(
    `\nThe token that it shows to this ledger, shown this once:\n\n  ${String(inboundToken)}\n`,
  );
}

export const add: CliCommand = {
  help: `Usage: jifen partner add <platform> <url> --assets <a,b> --token-file <file> [options]

Says that a platform keeps its points itself, and where it is asked; or says it
anew. Of a new one it shows the token that it is to show, once.

  <platform>             a platform that is registered
  <url>                  https, or a host that start --webhook-hosts names
  --assets <a,b>         the points that it keeps
  --inbound-assets <a,b> points here that it may add and deduct by its own calls
  --token-file <file>    the file with the token that it is shown; - reads stdin.
                         Left out: the token stays, where the host does
  --name <text>          for people
  --creates-users        it makes users that it does not know
  --calls-at-once <n>    calls under way to it at once, 1 to ${PARTNER_CALLS_MAX}
  --reconcile-at <cron>  when it is reconciled by itself, in UTC: '0 3 * * *'
  --grace <seconds>      operations that are younger are not judged then
${ENDING}`,
  options: {
    ...ASKING,
    ...{ assets: 'text', 'token-file': 'text', name: 'text', 'creates-users': 'flag' },
    ...{ 'inbound-assets': 'text', 'calls-at-once': 'text', 'reconcile-at': 'text', grace: 'text' },
  },
  operands: ['platform', 'url'],
  run: async (given) => {
    const assets = listOption(given, 'assets');
    if (assets === undefined) throw new UsageError('--assets is missing');
    const file = textOption(given, 'token-file');
    const { body } = await ask(given, 'PUT', pathOf(given), {
      url: given.operands[1],
      assets,
      inboundAssets: listOption(given, 'inbound-assets'),
      token: file === undefined ? undefined : tokenIn(file),
      name: textOption(given, 'name'),
      createsUsers: given.options['creates-users'] === true ? true : undefined,
      callsAtOnce: numberOption(given, 'calls-at-once', 1, PARTNER_CALLS_MAX),
      reconcileAt: textOption(given, 'reconcile-at'),
      graceSeconds: numberOption(given, 'grace', 0, GRACE_SECONDS_MAX),
    });
    showToken(body);
    return 0;
  },
};

export const list: CliCommand = {
  help: `Usage: jifen partner list [options]

Shows all partners outside, and how each of them answers, as JSON.

${ENDING}`,
  options: ASKING,
  operands: [],
  run: async (given) => {
    show((await ask(given, 'GET', '/v1/partners')).body.partners);
    return 0;
  },
};

const asking = (name: string, what: string, method: string, verb = ''): CliCommand => ({
  help: `Usage: jifen partner ${name} <platform> [options]

${what}

${ENDING}`,
  options: ASKING,
  operands: ['platform'],
  run: async (given) => {
    const { body } = await ask(given, method, pathOf(given, verb));
    show(body);
    return body.isWell === false ? EXIT_FAILED : 0;
  },
});

export const showOne = asking('show', 'Shows a partner outside, and how it answers.', 'GET');
export const remove = asking(
  'remove',
  'A platform is no partner outside any more. Exchanges with it that are under way wait\nuntil it is one again.',
  'DELETE',
);
export const maintenance = asking(
  'maintenance',
  'Asks a partner nothing for now: exchanges with it wait.',
  'POST',
  '/maintenance',
);
export const resume = asking('resume', 'Asks a partner again.', 'POST', '/resume');
export const health = asking(
  'health',
  'Asks a partner now how it is; where it was taken to be down and is well, it is tried.',
  'POST',
  '/check',
);

export const rotate: CliCommand = {
  help: `Usage: jifen partner rotate <platform> [options]

Makes a new token for a partner to show to this ledger, and shows it, once.

  --overlap-seconds <n>  how long the last one is good, too, 0 to
                         ${OVERLAP_SECONDS_MAX}. Default: one day
${ENDING}`,
  options: { ...ASKING, 'overlap-seconds': 'text' },
  operands: ['platform'],
  run: async (given) => {
    const overlapSeconds = numberOption(given, 'overlap-seconds', 0, OVERLAP_SECONDS_MAX);
    showToken((await ask(given, 'POST', pathOf(given, '/token'), { overlapSeconds })).body);
    return 0;
  },
};
