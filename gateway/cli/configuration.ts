// `jifen export`, `plan`, `apply`, `approve`: a configuration as files, from one ledger to another. Owns: what the commands are given, what they show.
// Never touches: files and servers but through configuration-folder and configuration-ledger.
//   cli.F4. What a second apply finds done, it leaves: it says nothing to the ledger.

import { resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { isDataFolder } from '../../engine/index.js';
import {
  type CliCommand,
  existingFolder,
  type Given,
  textOption,
  timeOption,
  UsageError,
} from './arguments.js';
import { ASKING, ASKING_HELP, ask, show } from './ask.js';
import {
  type Fault,
  KINDS,
  readConfiguration,
  type Wanted,
  writeConfiguration,
} from './configuration-folder.js';
import { carriedOut, readLedger, type SaidAsset } from './configuration-ledger.js';
import { belongingTo, type Plan, planned, saidOf, wordsOf } from './configuration-plan.js';

const FOLDER_HELP = `  <folder>               files <kind>/<key>.json: definitions, and assets
  --programme <key>      only what belongs to this programme
`;
const PRUNE_HELP = `  --prune                retire what the ledger has and the folder has not; assets stay
`;
const APPLY_OPTIONS = {
  ...ASKING,
  programme: 'text',
  prune: 'flag',
  from: 'text',
  plan: 'text',
  yes: 'flag',
} as const;

export const exportAll: CliCommand = {
  help: `Usage: jifen export <folder> [options]

Writes the definitions and assets of a ledger as files, with the JSON schemas of
their kinds: the same files each time. What counts is written: the newest version
of each that is active, or is going to be.

${FOLDER_HELP}  --drafts               write newest versions that are drafts as well, to drafts/
  --overwrite            replace files that say something else, remove those of what
                         the ledger does not have
${ASKING_HELP}

Exit codes: 0 done; 1 refused, or no server; 2 wrong arguments.
`,
  options: { ...ASKING, programme: 'text', drafts: 'flag', overwrite: 'flag' },
  operands: ['folder'],
  run: async (given) => {
    show(await exported(given));
    return 0;
  },
};

/** Writes the files; how many. */
export async function exported(given: Given): Promise<object> {
  const folder = folderOf(given);
  if (isDataFolder(folder)) throw new Error(`${folder} is the data folder of a ledger`);
  const all = await readLedger(given);
  const isOurs = belongingTo(textOption(given, 'programme'), all);
  const counting = all.flatMap(({ kind, key, document }): Wanted[] =>
    document === undefined ? [] : [{ kind, key, document }],
  );
  const drafts = all.flatMap(({ kind, key, draft }): Wanted[] =>
    draft?.document === undefined ? [] : [{ kind, key, document: draft.document }],
  );
  const schemas = new Map<string, object>();
  for (const kind of KINDS)
    schemas.set(kind, (await ask(given, 'GET', `/v1/schemas/${kind}.json`)).body);
  const written = {
    counting: counting.filter(isOurs),
    drafts: given.options['drafts'] === true ? drafts.filter(isOurs) : undefined,
    ...{ schemas, isOurs },
  };
  writeConfiguration(folder, written, given.options['overwrite'] === true);
  return { definitions: written.counting.length, drafts: written.drafts?.length };
}

export const plan: CliCommand = {
  help: `Usage: jifen plan <folder> [options]

Says what jifen apply would do, and changes nothing: what is created (+), changed
(~), field by field, and retired (-). Every file is checked, by the ledger itself.

${FOLDER_HELP}${PRUNE_HELP}  --json                 as JSON
${ASKING_HELP}

Exit codes: 0 there is nothing to do; 1 refused, no server, or wrong arguments;
2 there are changes.
`,
  options: { ...ASKING, programme: 'text', prune: 'flag', json: 'flag' },
  operands: ['folder'],
  misused: 1,
  run: async (given) => {
    const found = await sound(given, false);
    if (given.options['json'] === true) show(found);
    else process.stdout.write(wordsOf(found));
    return found.changes.length === 0 ? 0 : 2;
  },
};

const APPLY_HELP = `${FOLDER_HELP}${PRUNE_HELP}  --from <time>          when it begins to decide, RFC 3339. Default: in 10 seconds
  --plan <digest>        only what jifen plan has told with this digest
  --yes                  do not ask
${ASKING_HELP}

Exit codes: 0 done; 1 refused, or no server; 2 wrong arguments.
`;

export const apply: CliCommand = {
  help: `Usage: jifen apply <folder> [options]

Makes a ledger say what the files say, all of it or nothing: assets and definitions.
Shows the plan and asks. What is done already stays as it is. Changes for which a
programme asks for a second person are proposed, as drafts: jifen approve.

${APPLY_HELP}`,
  options: APPLY_OPTIONS,
  operands: ['folder'],
  run: (given) => applied(given, false, say),
};

export const approve: CliCommand = {
  help: `Usage: jifen approve <folder> [options]

Agrees, as the second person, to what jifen apply has proposed of this folder with
another credential: makes all of it active, or none.

${APPLY_HELP}`,
  options: APPLY_OPTIONS,
  operands: ['folder'],
  run: (given) => applied(given, true, say),
};

const folderOf = ({ operands }: Given): string => resolve(operands[0] ?? '');

/** The plan for a folder, where nothing is wrong with it; throws with all that is. */
export async function sound(given: Given, approves: boolean): Promise<Plan> {
  const folder = existingFolder(folderOf(given));
  const found = await planned(given, readConfiguration(folder), {
    programme: textOption(given, 'programme'),
    prune: given.options['prune'] === true,
    activeFrom: timeOption(given, 'from'),
    approves,
  });
  if (found.faults.length > 0) throw new Error(faultsText(found.faults));
  return found;
}

const faultsText = (faults: readonly Fault[]): string =>
  [
    `the folder is not accepted, and nothing was changed:`,
    ...faults.map(({ file, field, detail }) =>
      [file, field, detail].filter((part) => part !== undefined).join(': '),
    ),
  ].join('\n  ');

const say = (text: string): void => {
  process.stdout.write(text);
};

/** Makes a ledger say what the files say, or agrees to what was proposed of them; the exit code. */
export async function applied(
  given: Given,
  approves: boolean,
  tell: (text: string) => void,
): Promise<number> {
  const found = await sound(given, approves);
  const digest = textOption(given, 'plan');
  if (digest !== undefined && digest !== found.digest)
    throw new Error(`this is plan ${found.digest}: the folder or the ledger has changed meanwhile`);
  tell(wordsOf(found));
  const due = found.changes.filter(({ second }) => approves || second !== 'waits');
  if (due.length === 0) return 0;
  if (given.options['yes'] !== true && !(await isAgreed())) throw new Error('nothing was changed');
  const assets = due.flatMap(({ kind, key, document, ifVersion }): SaidAsset[] =>
    kind === 'asset' && document !== undefined ? [{ kind, key, document, ifVersion }] : [],
  );
  const definitions = due.filter(({ kind }) => kind !== 'asset');
  const said = definitions.map((one) => saidOf(one, timeOption(given, 'from'), approves));
  const answers = await carriedOut(given, [...assets, ...said]);
  const proposed = said.filter(({ state }) => state === 'draft').length;
  const from = Math.max(0, ...answers.map(({ activeFrom = 0 }) => activeFrom));
  const lines = [
    `${due.length - proposed} done${from === 0 ? '' : `, from ${new Date(from).toISOString()} on`}`,
    ...(proposed === 0 ? [] : [`${proposed} proposed: a second person says jifen approve`]),
  ];
  tell(`${lines.join('\n')}\n`);
  return 0;
}

async function isAgreed(): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('--yes is missing, and nobody is there to ask');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question('Do it? [y/N] ');
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
