// `jifen simulate`: a period's events decided again by other documents. Owns: the documents of a folder, how the result is shown. Never touches: the
// data folder, which is read only.

import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type BeforeAfter,
  DEFINITION_KINDS,
  type Draft,
  type RunningSimulation,
  type SimulatedDecision,
  type SimulatedEvent,
  type SimulatedProgramme,
  SimulationError,
  type SimulationResult,
  simulateFolder,
} from '../../engine/index.js';
import {
  type CliCommand,
  existingFolder,
  type Given,
  listOption,
  textOption,
  timeOption,
  UsageError,
} from './arguments.js';
import { DEFAULT_FOLDER, show } from './ask.js';
import { fileOf, readConfiguration } from './configuration-folder.js';

const LOOK_MS = 200;
/** Rows of a list that are shown. */
const SHOWN_MAX = 10;
const KINDS: ReadonlySet<string> = new Set(DEFINITION_KINDS.map(({ name }) => name));

/** A document with the file that it is in. */
interface Read extends Draft {
  readonly from: string;
}

/** The definitions in a folder, as `jifen export` writes them. */
function documentsIn(folder: string): Read[] {
  const { wanted, faults } = readConfiguration(existingFolder(folder));
  const [fault] = faults;
  if (fault !== undefined) throw new UsageError(`${fault.file}: ${fault.detail}`);
  const found = wanted.filter(({ kind }) => KINDS.has(kind));
  if (found.length === 0) throw new UsageError(`${folder} has no definitions <kind>/<key>.json`);
  return found.map((one) => ({ ...one, from: fileOf(one) }));
}

/** What is not to count: `<kind>/<key>`. */
const without = (name: string): Read => {
  const end = name.indexOf('/');
  if (end < 1) throw new UsageError(`--without takes <kind>/<key>, not "${name}"`);
  const [kind, key] = [name.slice(0, end), name.slice(end + 1)];
  return { kind, key, document: null, from: `--without ${name}` };
};

/** The documents that are asked for; undefined: as logged. */
function draftsOf(given: Given): Read[] | undefined {
  const folder = textOption(given, 'definitions');
  const gone = (listOption(given, 'without') ?? []).map(without);
  if (folder === undefined && gone.length === 0) return undefined;
  return [...(folder === undefined ? [] : documentsIn(resolve(folder))), ...gone];
}

/** The period and the budgets that are asked for. */
function periodOf(given: Given) {
  const budgets = textOption(given, 'budgets');
  if (budgets !== undefined && budgets !== 'logged' && budgets !== 'unlimited')
    throw new UsageError('--budgets is logged or unlimited');
  const from = timeOption(given, 'from');
  const event = eventIn(given);
  if (from === undefined && event === undefined) throw new UsageError('--from is missing');
  return {
    // An event says itself when it was.
    ...{ from: from ?? 0, event },
    to: timeOption(given, 'to'),
    budgets: budgets as 'logged' | 'unlimited' | undefined,
  };
}

/** The event that alone is decided again: `<member>/<id>`. */
function eventIn(given: Given): { readonly owner: string; readonly id: string } | undefined {
  const said = textOption(given, 'event');
  if (said === undefined) return undefined;
  const end = said.indexOf('/');
  if (end < 1 || end === said.length - 1)
    throw new UsageError(`--event takes <member>/<event>, not "${said}"`);
  return { owner: said.slice(0, end), id: said.slice(end + 1) };
}

/** Options of what is simulated. */
const SIMULATED_OPTIONS = {
  folder: 'text',
  from: 'text',
  to: 'text',
  event: 'text',
  definitions: 'text',
  without: 'text',
  budgets: 'text',
  json: 'flag',
} as const;

/** The lines of `--help` about them. */
const SIMULATED_HELP = `  --from <time>          events that were decided from then on, RFC 3339
  --to <time>            and before; default: up to now
  --event <member>/<id>  this event alone, and why it came to what it did; --from
                         is not needed then, but saves reading the whole log
  --definitions <folder> documents that count all the time, <kind>/<key>.json, as
                         \`jifen export\` writes them; the others are as logged
  --without <list>       definitions that do not count: rule/shop.SHARE,task/x
  --budgets <how>        logged: exhausted for the events for which the log says so
                         (default); unlimited: never
  --json                 everything, as JSON`;

/** The same error, with the file where it is of one. */
function withFile(error: unknown, drafts: readonly Read[] = []): unknown {
  if (!(error instanceof SimulationError)) return error;
  const [, n, rest = ''] = /^drafts\[(\d+)\]\.?(.*)$/.exec(error.field) ?? [];
  const from = n === undefined ? error.field : drafts[Number(n)]?.from;
  return new Error(`${from}${rest === '' ? '' : ` ${rest}`}: ${error.message}`);
}

async function run(given: Given): Promise<number> {
  const folder = existingFolder(resolve(textOption(given, 'folder') ?? DEFAULT_FOLDER));
  const drafts = draftsOf(given);
  const plain = drafts?.map(({ kind, key, document }) => ({ kind, key, document }));
  try {
    const simulation = await simulateFolder(folder, { ...periodOf(given), drafts: plain });
    const result = await watched(simulation);
    if (textOption(given, 'event') !== undefined && result.event === undefined)
      throw new Error('The log has no such event in this time.');
    if (given.options['json'] === true) show(result);
    else process.stdout.write(textOf(result));
    return 0;
  } catch (error) {
    throw withFile(error, drafts);
  }
}

/** Shows how far it is, on a terminal, and ends it with the first SIGINT. */
async function watched(simulation: RunningSimulation): Promise<SimulationResult> {
  const { stderr } = process;
  const stop = (): void => simulation.cancel();
  process.once('SIGINT', stop);
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  simulation.result.then(over, over);
  while (!isOver) {
    await sleep(LOOK_MS);
    const { blocks, events } = simulation.progress;
    if (stderr.isTTY) stderr.write(`\r\x1b[KSimulating: block ${blocks}, ${events} events`);
  }
  process.removeListener('SIGINT', stop);
  if (stderr.isTTY) stderr.write('\r\x1b[K');
  return simulation.result;
}

const signed = (number: number): string => (number > 0 ? `+${number}` : `${number}`);
const change = ({ before, after }: BeforeAfter): string =>
  `${before} -> ${after} (${signed(after - before)})`;

/** For people. */
function textOf({ mode, asOf, programmes, event }: SimulationResult): string {
  const how = mode === 'logged' ? 'as logged' : 'by other documents';
  const of = event === undefined ? [] : decided(event);
  const lines = [`Simulated ${how}, up to ${asOf}.`, ...of, ...programmes.flatMap(linesOf)];
  return `${lines.join('\n')}\n`;
}

/** What an event came to, what it would have, and why both. */
function decided({ owner, event, type, before, after }: SimulatedEvent): string[] {
  const side = (name: string, { refusal, effects, why }: SimulatedDecision): string[] => [
    `  ${name}: ${refusal ?? JSON.stringify(effects)}`,
    ...(refusal === undefined ? [`    why ${JSON.stringify(why)}`] : []),
  ];
  return ['', `${type} ${event} of ${owner}`, ...side('before', before), ...side('after', after)];
}

function linesOf(one: SimulatedProgramme): string[] {
  const { winners, losers } = one;
  const list = (what: string, rows: readonly string[]): string[] =>
    rows.length === 0 ? [] : [`  ${what}:`, ...rows.map((row) => `    ${row}`)];
  return [
    '',
    `${one.programme}: ${one.events} events, ${one.different} come to something else`,
    `  ${one.asset}: ${change(one)}; taken back ${change(one.takenBack)}`,
    `  ${one.members} members: ${winners.members} get ${winners.sum} more, ${losers.members} get ${-losers.sum} less`,
    ...list(
      'rules and tasks',
      one.sources.map((source) => `${source.kind} ${source.key}: ${change(source)}`),
    ),
    ...list(
      'coupons and badges',
      one.gifts.map((gift) => `${gift.kind} ${gift.key}: ${change(gift)}`),
    ),
    ...list(
      'tiers',
      one.tiers.map((tier) => `${tier.tier ?? 'none'}: ${change(tier)}`),
    ),
    ...list(
      'budgets',
      one.budgets.map((budget) => `${budget.owner}: ${change(budget)}`),
    ),
    ...list(
      'the largest changes',
      [...winners.largest, ...losers.largest]
        .sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before))
        .slice(0, SHOWN_MAX)
        .map((member) => `${member.owner}: ${change(member)}`),
    ),
    ...list(
      'members by how much more they get',
      one.distribution.map(({ over, members }) => `from ${signed(over)}: ${members}`),
    ),
  ];
}

export const simulate: CliCommand = {
  help: `Usage: jifen simulate --from <time>|--event <member>/<id> [options]

Decides the events of a period again by other documents: what it would have cost,
by rule, tier and day, who would have got more or less. It only reads the folder,
also while a server has it open. Without other documents the period is compared
with itself, and there is no difference.

  --folder <path>        the data folder. Default: ${DEFAULT_FOLDER}
${SIMULATED_HELP}

Exit codes: 0 done; 1 it failed; 2 wrong arguments.
`,
  options: SIMULATED_OPTIONS,
  operands: [],
  run,
};
