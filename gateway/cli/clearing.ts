// `jifen clearing ...`: what the platforms of a coalition owe each other, of a ledger that is being served; a signed statement, checked here. Owns: what
// is asked of the server, what is shown, which files are written. Never touches: netting, signing.

import { readFile, writeFile } from 'node:fs/promises';
import { type KeySet, verifyBytes } from '../clearing/signed-bytes.js';
import { type CliCommand, type Given, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_END, ask, askText, show, shows } from './ask.js';

const EXIT_FAILED = 1;

const operand = ({ operands }: Given, place: number): string =>
  encodeURIComponent(operands[place] ?? '');

const clearingPath = (given: Given): string => `/v1/clearing/${operand(given, 0)}`;

export const showClearing: CliCommand = {
  help: `Usage: jifen clearing show <coalition> [options]

Shows what the platforms of a coalition owe each other, net, and who would pay
whom, as JSON.

  --cycle <n>            of this cycle. Default: of the one that is open
${ASKING_END}`,
  options: { ...ASKING, cycle: 'text' },
  operands: ['coalition'],
  run: async (given) => {
    const cycle = textOption(given, 'cycle');
    const of = cycle === undefined ? '' : `/cycles/${encodeURIComponent(cycle)}`;
    show((await ask(given, 'GET', clearingPath(given) + of)).body);
    return 0;
  },
};

export const closeClearing = shows(
  'clearing close <coalition>',
  `Closes the cycle that is open: all that is owed now is netted in the ledger. Shows
its statement, by which the platforms settle, as JSON.`,
  async (given) => (await ask(given, 'POST', `${clearingPath(given)}/cycles`, {})).body,
);

export const listClearing = shows(
  'clearing list <coalition>',
  'Shows the cycles of a coalition as JSON, the first one first.',
  async (given) => (await ask(given, 'GET', `${clearingPath(given)}/cycles`)).body,
);

/** The form of a statement: json, or csv. */
function formOf(given: Given): string {
  const form = textOption(given, 'form') ?? 'json';
  if (form !== 'json' && form !== 'csv') throw new UsageError('--form is json or csv');
  return form;
}

export const statementFile: CliCommand = {
  help: `Usage: jifen clearing statement <coalition> <cycle> <file> [options]

Writes the statement of a closed cycle to a file, byte by byte as it was signed,
its signature to <file>.jws, and the public keys to <file>.keys.

  --form <json|csv>      default: json
${ASKING_END}`,
  options: { ...ASKING, form: 'text' },
  operands: ['coalition', 'cycle', 'file'],
  run: async (given) => {
    const path = `${clearingPath(given)}/cycles/${operand(given, 1)}/statement.${formOf(given)}`;
    const file = given.operands[2] ?? '';
    const [text, jws, keys] = [
      await askText(given, path),
      await askText(given, `${path}.jws`),
      await askText(given, '/.well-known/jwks.json'),
    ];
    await writeFile(file, text);
    await writeFile(`${file}.jws`, `${jws}\n`);
    await writeFile(`${file}.keys`, `${keys}\n`);
    show({ file, signature: `${file}.jws`, keys: `${file}.keys` });
    return 0;
  },
};

export const verifyStatement: CliCommand = {
  help: `Usage: jifen clearing verify <file> [options]

Checks that a statement is, byte by byte, the one that was signed. It asks no
server. Shows of which coalition and cycle it is, and which key has signed it, as
JSON. Take the keys from where you trust them, not from who brought the file.

  --signature <file>     default: <file>.jws
  --keys <file>          what /.well-known/jwks.json said. Default: <file>.keys

Exit codes: 0 it is the one; 1 it is not, or a file cannot be read; 2 wrong
arguments.
`,
  options: { signature: 'text', keys: 'text' },
  operands: ['file'],
  run: async (given) => {
    const file = given.operands[0] ?? '';
    const of = (name: 'signature' | 'keys', ending: string): Promise<string> =>
      readFile(textOption(given, name) ?? file + ending, 'utf8');
    const [bytes, jws, said] = await Promise.all([
      readFile(file),
      of('signature', '.jws'),
      of('keys', '.keys'),
    ]);
    const found = await verifyBytes(bytes, jws, keysIn(said));
    if (typeof found !== 'string') {
      show(found);
      return 0;
    }
    process.stderr.write(`${file}: ${found}\n`);
    return EXIT_FAILED;
  },
};

function keysIn(text: string): KeySet {
  const said: unknown = JSON.parse(text);
  const { keys } = (said ?? {}) as Partial<KeySet>;
  if (!Array.isArray(keys)) throw new Error('the file of --keys is no JSON Web Key Set');
  return { keys };
}

export const newKey = shows(
  'clearing rotate',
  `Makes another key, which signs the statements of cycles that are closed from now
on, and shows its id. What older keys have signed stays good.`,
  async (given) => (await ask(given, 'POST', '/v1/statement-keys', {})).body,
);
