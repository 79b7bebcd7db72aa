// The runbook's commands, and a shell that runs them. Owns: taking them out of the page, the shell and all that it starts.
// Never touches: what they do.
//   What a block must show stands under it; `...` in it stands for anything.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { plainEnv } from '../crash/program.js';
import { ROOT } from '../setup.js';

const BLOCK_LIMIT_MS = 120_000;
const DONE = '@done@';

/** One block of commands. */
export interface Block {
  /** The heading above it. */
  readonly section: string;
  readonly commands: string;
  /** What it shows; undefined: the page does not say. */
  readonly shows: string | undefined;
}

const page = readFileSync(join(ROOT, 'ops', 'RUNBOOK.md'), 'utf8');

/** The blocks of the page, in order. */
export function runbookBlocks(): Block[] {
  const found: Block[] = [];
  const token = /^## (?<section>.+)$|^(?<indent> *)```(?<kind>sh|text)\n(?<body>[\s\S]*?)^ *```$/gm;
  let section = '';
  for (const { groups = {} } of page.matchAll(token)) {
    if (groups['section'] !== undefined) section = groups['section'];
    else {
      const { indent = '', kind, body = '' } = groups;
      const text = body.replaceAll(new RegExp(`^${indent}`, 'gm'), '');
      if (kind === 'sh') found.push({ section, commands: text, shows: undefined });
      else found.push({ ...(found.pop() as Block), shows: text });
    }
  }
  return found;
}

const quotes = [...page.replaceAll(/^ *```[\s\S]*?^ *```$/gm, '').matchAll(/`([^`]+)`/g)].map(
  ([, quote = '']) => patternOf(quote.replaceAll(/\s+/g, ' ')),
);

/** Does the page quote what an operator sees? */
export const isQuoted = (sentence: string): boolean =>
  quotes.some((quote) => quote.test(sentence) && quote.source !== patternOf('...').source);

/** What a page says that a block shows, as a pattern. */
export function patternOf(shows: string): RegExp {
  const parts = shows
    .trim()
    .split('...')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*?')}$`);
}

/**
 * A folder with an `npx` that runs this package's program, for PATH. The real one takes longer to find it than most commands
 * take: it is asked once (a test of its own), and for all commands under JIFEN_LONG=1.
 */
function quickNpx(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const program = join(ROOT, 'dist', 'gateway', 'jifen.cjs');
  const text = `#!/bin/sh\n[ "$1" = jifen ] && shift && exec '${process.execPath}' '${program}' "$@"\n`;
  writeFileSync(join(bin, 'npx'), text);
  chmodSync(join(bin, 'npx'), 0o755);
  return bin;
}

/** A bash in the package's folder that runs one block after the other. */
export class Shell {
  readonly #child: ChildProcess;
  readonly #folder: string;
  #blocks = 0;
  #said = '';

  /** `folder`: for its files. */
  constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.#folder = folder;
    const { PATH = '' } = process.env;
    const isLong = process.env['JIFEN_LONG'] === '1';
    const path = isLong ? PATH : `${quickNpx(folder)}${delimiter}${PATH}`;
    // A group of its own: what it leaves running is ended with it.
    this.#child = spawn('bash', ['-euo', 'pipefail'], {
      cwd: ROOT,
      env: { ...plainEnv(process.env), ...env, PATH: path },
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    this.#child.stdin?.on('error', () => {});
    this.#child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      this.#said += part;
    });
  }

  /** Runs some commands; what they showed. Rejects where one fails. */
  async run(commands: string): Promise<string> {
    const at = join(this.#folder, `block-${++this.#blocks}`);
    writeFileSync(at, commands);
    this.#child.stdin?.write(`. '${at}' < /dev/null > '${at}.out' 2>&1\necho '${DONE}'\n`);
    const until = performance.now() + BLOCK_LIMIT_MS;
    while (!this.#said.includes(DONE)) {
      if (this.#child.exitCode !== null || performance.now() > until)
        throw new Error(`a command failed: ${commands}\n${readFileSync(`${at}.out`, 'utf8')}`);
      await new Promise((done) => setTimeout(done, 10));
    }
    this.#said = '';
    return readFileSync(`${at}.out`, 'utf8');
  }

  /** Ends it and all that it started. */
  async close(): Promise<void> {
    const { pid, exitCode } = this.#child;
    const ended = exitCode === null ? once(this.#child, 'exit') : undefined;
    try {
      if (pid !== undefined) process.kill(-pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    await ended;
  }
}
