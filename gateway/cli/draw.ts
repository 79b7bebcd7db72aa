// `jifen draw`: draws checked by their published seeds, of a ledger that is being served, or out of files. Owns: what is asked of the server, what is
// shown. Never touches: the check itself (gateway/draws/check.ts).

import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ToldDraw } from '../../engine/index.js';
import { type Digests, drawProblem, findings } from '../draws/check.js';
import { type CliCommand, type Given, textOption, UsageError } from './arguments.js';
import { ASKING, ASKING_HELP, ask, show } from './ask.js';

type Seeds = Parameters<typeof findings>[1];

const DIGESTS: Digests = {
  sha256: async (bytes) => createHash('sha256').update(bytes).digest('hex'),
  hmac: async (key, text) => createHmac('sha256', key).update(text).digest(),
};

function jsonIn(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`);
  }
}

/** A draw out of a file, or of the server. */
async function drawOf(given: Given): Promise<ToldDraw> {
  const file = textOption(given, 'draw');
  const [owner, id] = ['owner', 'id'].map((name) => textOption(given, name));
  if (file === undefined && (owner === undefined || id === undefined))
    throw new UsageError('--draw is missing, or --owner and --id');
  const path = `/v1/members/${encodeURIComponent(owner ?? '')}/draws/${encodeURIComponent(id ?? '')}`;
  const draw = file === undefined ? (await ask(given, 'GET', path)).body : jsonIn(file);
  const problem = drawProblem(draw);
  if (problem !== undefined) throw new Error(`this is no draw: ${problem}`);
  return draw as unknown as ToldDraw;
}

/** Seeds out of a file, or the one of a draw, of the server. */
async function seedsFor(given: Given, { seed: { shard, number } }: ToldDraw): Promise<Seeds> {
  const file = textOption(given, 'seeds');
  const path = `/v1/draws/seeds?shard=${shard}&before=${number + 1}&limit=1`;
  const told = file === undefined ? (await ask(given, 'GET', path)).body : jsonIn(file);
  const { seeds } = (told ?? {}) as { readonly seeds?: unknown };
  if (!Array.isArray(seeds)) throw new Error(`${file ?? path} has no seeds`);
  return seeds as Seeds;
}

export const verify: CliCommand = {
  help: `Usage: jifen draw verify --owner <owner> --id <id> [options]
       jifen draw verify --draw <file> --seeds <file>

Checks a draw by the seed that was published for its period: the hash, the
period, the number that follows from seed, number and word, and the prize.

  --owner <owner>        whose draw it is
  --id <id>              the id it was asked for under
  --draw <file>          in place of both: the draw as JSON, as
                         GET /v1/members/{owner}/draws/{draw} tells it
  --seeds <file>         the seeds as JSON, as GET /v1/draws/seeds tells them.
                         Default: the server is asked
${ASKING_HELP}

Exit codes: 0 the draw is right; 1 it is not, its seed is not published yet, or
no server; 2 wrong arguments.
`,
  options: { ...ASKING, owner: 'text', id: 'text', draw: 'text', seeds: 'text' },
  operands: [],
  run: async (given) => {
    const draw = await drawOf(given);
    const all = await findings(draw, await seedsFor(given, draw), DIGESTS);
    for (const { isRight, text } of all)
      process.stdout.write(`${isRight ? 'ok   ' : 'WRONG'} ${text}\n`);
    return all.every(({ isRight }) => isRight) ? 0 : 1;
  },
};

export const seeds: CliCommand = {
  help: `Usage: jifen draw seeds [options]

Shows the seeds that draws are decided by, of each shard the newest first: their
hashes, and those whose periods are over.

  --shard <n>            of this shard only
  --limit <n>            so many of each shard. Default: 100, the most
${ASKING_HELP}

Exit codes: 0 done; 1 refused, or no server; 2 wrong arguments.
`,
  options: { ...ASKING, shard: 'text', limit: 'text' },
  operands: [],
  run: async (given) => {
    const asked = ['shard', 'limit'].flatMap((name) => {
      const value = textOption(given, name);
      return value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`];
    });
    const { body } = await ask(given, 'GET', `/v1/draws/seeds?${asked.join('&')}`);
    show(body);
    return 0;
  },
};
