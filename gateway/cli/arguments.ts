// Arguments of commands. Owns: their reading and checking. Never touches: what they are for.

import { statSync } from 'node:fs';
import { type ParseArgsConfig, parseArgs } from 'node:util';
import { timeFromText } from '../encoding/text.js';

/** The arguments are wrong: one line for people, exit code 2. */
export class UsageError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 2) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** What a command was given. */
export interface Given {
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  readonly operands: readonly string[];
}

/** A command of the program. */
export interface CliCommand {
  /** The text of `--help`. */
  readonly help: string;
  readonly options: Readonly<Record<string, 'text' | 'flag'>>;
  /** Names of what comes without a dash, all required. */
  readonly operands: readonly string[];
  /** May the last of them come again and again? */
  readonly hasMore?: true;
  /** What it prints is not what it was asked for: its exit code does not depend on whether it could be written. */
  readonly serves?: true;
  /** The exit code of wrong arguments, where 2 says something else. */
  readonly misused?: number;
  /** Does it; the exit code. */
  run(given: Given, version: string): Promise<number>;
}

/** What a command is given; throws a UsageError where that is not what it takes. */
export function readArguments(command: CliCommand, args: readonly string[]): Given | 'help' {
  const options: Options = {
    help: { type: 'boolean', short: 'h' },
  };
  for (const [name, kind] of Object.entries(command.options)) {
    options[name] = { type: kind === 'flag' ? 'boolean' : 'string' };
  }
  const { values, positionals } = parsed(args, options);
  if (values.help === true) return 'help';
  const missing = command.operands[positionals.length];
  if (missing !== undefined) throw new UsageError(`<${missing}> is missing`);
  const extra = positionals[command.operands.length];
  if (extra !== undefined && command.hasMore !== true)
    throw new UsageError(`"${extra}" is one argument too many`);
  return { options: values as Given['options'], operands: positionals };
}

type Options = NonNullable<ParseArgsConfig['options']>;

function parsed(args: readonly string[], options: Options) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    // Node's own sentences are long and go on about positional arguments: the first one says it
    // all.
    const [sentence = ''] = (error as Error).message.split(/[.\n](?:\s|$)/);
    throw new UsageError(sentence.charAt(0).toLowerCase() + sentence.slice(1));
  }
}

/** A whole number given as an option; undefined where it was left out. */
export function numberOption(
  given: Given,
  name: string,
  min: number,
  max: number,
): number | undefined {
  const text = given.options[name];
  if (typeof text !== 'string') return undefined;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`--${name} must be a whole number from ${min} to ${max}, not "${text}"`);
}

/** An option's text; undefined where it was left out. */
export function textOption(given: Given, name: string): string | undefined {
  const text = given.options[name];
  if (text === '') throw new UsageError(`--${name} is empty`);
  return typeof text === 'string' ? text : undefined;
}

/** The data folder that a command works on; throws where there is none. */
export function existingFolder(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`there is no folder ${path}`);
  if (!found.isDirectory()) throw new Error(`${path} is not a folder`);
  return path;
}

/** A list given as an option, with commas between; undefined where it was left out. */
export function listOption(given: Given, name: string): string[] | undefined {
  return textOption(given, name)
    ?.split(',')
    .map((part) => part.trim());
}

/** A time given as an option, in milliseconds since 1970; undefined where it was left out. */
export function timeOption(given: Given, name: string): number | undefined {
  const text = textOption(given, name);
  if (text === undefined) return undefined;
  const ms = timeFromText(text);
  if (ms !== undefined) return ms;
  throw new UsageError(`--${name} must be an RFC 3339 time, e.g. 2027-01-31T00:00:00Z`);
}

/** An operand that is a whole number from 1 on. */
export function wholeOperand({ operands }: Given, at: number, name: string): number {
  const text = operands[at] ?? '';
  const value = /^\d{1,16}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && Number.isSafeInteger(value)) return value;
  throw new UsageError(`<${name}> must be a whole number from 1 on, not "${text}"`);
}
