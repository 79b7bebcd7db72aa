// `jifen partner check`: a partner checks himself against the contract. Owns: what is printed. Never touches: what is checked.

import { gatewayLimits } from '../limits.js';
import { CHECKS, checkPartner } from '../partners/conformance/run.js';
import { type CliCommand, type Given, listOption, textOption, UsageError } from './arguments.js';
import { tokenIn } from './partner.js';

const EXIT_BROKEN = 1;
const NAME_WIDTH = 20;

/** The token of an option, or in the file of another one. */
export function tokenOption(given: Given): string {
  const [token, file] = [textOption(given, 'token'), textOption(given, 'token-file')];
  if (token !== undefined && file !== undefined)
    throw new UsageError('--token and --token-file are one or the other');
  if (token !== undefined) return token;
  if (file === undefined) throw new UsageError('--token is missing');
  return tokenIn(file);
}

const needed = (given: Given, name: string): string => {
  const text = textOption(given, name);
  if (text === undefined) throw new UsageError(`--${name} is missing`);
  return text;
};

export const check: CliCommand = {
  help: `Usage: jifen partner check <url> --token <token> --user <id> --asset <asset> [options]

Checks a partner against the contract, rule by rule: what it must answer, how
often it does what it is asked for, what it keeps. It adds, deducts and rolls
back a few points of one user, and of users that it makes; nobody else may move
points of the asset meanwhile. For a test system, not for members.

  <url>                  where the partner is asked
  --token <token>        the bearer token to show it; or
  --token-file <file>    the file that holds it; - reads stdin
  --user <id>            a user that it knows, without points
  --asset <asset>        the points that it keeps
  --source-system <id>   as what system users are made. Default: jifen-check
  --only <a,b>           these checks alone. There are:
                         ${listed()}

Exit codes: 0 every rule is kept; 1 one is not; 2 wrong arguments.
`,
  options: {
    ...{ token: 'text', 'token-file': 'text', user: 'text', asset: 'text', only: 'text' },
    'source-system': 'text',
  },
  operands: ['url'],
  run: async (given) => {
    const url = given.operands[0] ?? '';
    if (!URL.canParse(url) || !/^https?:/i.test(url)) throw new UsageError('<url> is no address');
    const only = listOption(given, 'only');
    const strange = only?.find((name) => !CHECKS.some((one) => one.name === name));
    if (strange !== undefined) throw new UsageError(`--only: there is no check ${strange}`);
    const results = await checkPartner(
      {
        ...{ url, token: tokenOption(given), only, limits: gatewayLimits() },
        ...{ user: needed(given, 'user'), asset: needed(given, 'asset') },
        sourceSystem: textOption(given, 'source-system'),
      },
      ({ name, rule, isKept, detail }) => {
        const word = isKept ? 'passed' : 'FAILED';
        const more = isKept ? (detail === undefined ? '' : ` (${detail})`) : `\n       ${detail}`;
        process.stdout.write(`${word} ${name.padEnd(NAME_WIDTH)} ${rule}${more}\n`);
      },
    );
    const broken = results.filter(({ isKept }) => !isKept).length;
    process.stdout.write(`\n${results.length - broken} passed, ${broken} failed\n`);
    return broken === 0 ? 0 : EXIT_BROKEN;
  },
};

/** Names of checks, in lines. */
function listed(): string {
  const lines: string[] = [];
  let line = '';
  for (const { name } of CHECKS) {
    if (line.length + name.length > 52) {
      lines.push(line);
      line = '';
    }
    line += `${name} `;
  }
  return [...lines, line].map((one) => one.trimEnd()).join(`\n${' '.repeat(25)}`);
}
