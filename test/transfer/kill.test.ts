// Transfers between shards under SIGKILL: the process is killed at random moments, again and again, on one folder. Afterwards
// every transfer is posted everywhere or nowhere, nothing told has changed, no reserve is left, and `verify` finds nothing.

import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { join } from 'node:path';
import { createInterface } from 'node:readline';
import t from 'tap';
import {
  type Balance,
  type Command,
  type Outcome,
  open,
  verifyFolder,
} from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { temporaryFolder } from '../crash/temporary.js';
import { Random } from '../random.js';
import { commandOf, FUNDS, SHARDS, USERS } from './kill-child.js';

const KILLS = 8;
const CHILD = join(import.meta.dirname, 'kill-child.js');
const lives = campaign({
  name: `lives of ${KILLS} kills under cross-shard load`,
  long: 40,
  sample: 1,
});

/** What callers were told, by the number of the command. */
class Told {
  readonly outcomes = new Map<string, string>();
  asked = 0;

  hear(line: string): string | undefined {
    const [word, id = '', code = ''] = line.split(' ');
    if (word === 'asked') this.asked = Math.max(this.asked, Number(id.slice(1)) + 1);
    else if (word === 'told') return this.tell(id, code);
    else if (word === 'wrong') return `${id} was answered ${code}`;
    return undefined;
  }

  tell(id: string, code: string): string | undefined {
    const before = this.outcomes.get(id) ?? code;
    this.outcomes.set(id, code);
    return before === code ? undefined : `${id} was ${before}, and then ${code}`;
  }
}

/** One life of the process; returns what was wrong. */
async function live(folder: string, seed: number, told: Told, ms: number): Promise<string[]> {
  const wrong: string[] = [];
  const args = [CHILD, folder, `${seed}`, `${told.asked}`];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => {
    if (line === 'ready') setTimeout(() => child.kill('SIGKILL'), ms);
    const found = told.hear(line);
    if (found !== undefined) wrong.push(found);
  });
  const [code, signal] = await ended;
  if (signal !== 'SIGKILL') wrong.push(`the process ended by itself with ${code ?? signal}`);
  return wrong;
}

function codeOf(outcome: Outcome): string {
  return outcome.ok ? 'ok' : outcome.code;
}

t.test('nothing is lost, doubled or half done', async (t) => {
  for (const seed of lives.seeds) {
    const folder = join(temporaryFolder(t, 'cross-kill', 'fast'), 'data');
    const random = new Random(seed);
    const told = new Told();
    const wrong: string[] = [];
    for (let kill = 0; kill < KILLS && wrong.length === 0; kill++)
      wrong.push(...(await live(folder, seed, told, random.int(random.chance(0.3) ? 60 : 900))));

    const engine = await open({ folder, cacheMb: 64 });
    const commands = Array.from({ length: told.asked }, (_, n): Command => commandOf(seed, n));
    const outcomes = await engine.submitBatch(commands, { timeoutMs: 30_000 });
    let posted = 0;
    const sums = new Map<string, number>();
    commands.forEach((command, n) => {
      const outcome = outcomes[n] as Outcome;
      const found = told.tell(`t${n}`, codeOf(outcome));
      if (found !== undefined) wrong.push(found);
      if (!outcome.ok || command.type !== 'transfer') return;
      posted++;
      for (const { from, to, asset, amount } of command.legs) {
        sums.set(`${from} ${asset}`, (sums.get(`${from} ${asset}`) ?? FUNDS) - amount);
        sums.set(`${to} ${asset}`, (sums.get(`${to} ${asset}`) ?? FUNDS) + amount);
      }
    });
    for (let n = 0; n < USERS; n++) {
      for (const { owner, asset, available, held } of (await engine.balance(
        `user${n}`,
      )) as Balance[]) {
        const should = sums.get(`${owner} ${asset}`) ?? FUNDS;
        if (available !== should || held !== 0)
          wrong.push(`${owner} has ${available} ${asset}, ${held} held, and should have ${should}`);
      }
    }
    const { shards } = await engine.stats();
    if (shards.some(({ openTransfers }) => openTransfers > 0))
      wrong.push('a transfer is still open');
    await engine.close();
    const verified = await verifyFolder(folder);
    for (const problem of verified.problems) wrong.push(JSON.stringify(problem));
    t.strictSame(wrong, [], `seed ${seed}: to repeat: ${lives.repeat(seed)}`);
    t.comment(
      `seed ${seed}: ${SHARDS} shards, ${told.asked} transfers, ${posted} posted, ${KILLS} kills`,
    );
  }
});
