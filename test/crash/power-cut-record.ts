// The program that the power-cut test records, under the shim: one session of one actor on the current folder.
// Owns: what is asked, and `acks`: one write for each batch that was answered, as JSON: [[ask, text of the answer], ...].
//   node power-cut-record.js <session> <seed> <batches> <cacheBytes> <checkpointBytes> <clean|abrupt>

import { openSync, writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from '../../engine/protocol/commands.js';
import { Random } from '../random.js';
import { askActor, clockAhead, confirmAll, openActor, sealOnce } from './actor-session.js';
import { textOf } from './answers.js';
import { AHEAD_MS, ASSETS, type Ask, Caller, FUNDING, isRead, USERS } from './load.js';

const CALLERS = 3;
const SEGMENT_BYTES = 16 * 1024;

const [session = '0', ...numbers] = process.argv.slice(2, 7);
const [seed = 1, batches = 1, cacheBytes = 0, checkpointBytes = 0] = numbers.map(Number);
const isClean = process.argv[7] === 'clean';
const random = new Random(seed);
const clockOffset = clockAhead(session === '1' ? 0 : AHEAD_MS);
const offset = new Float64Array(clockOffset);
const now = (): number => Date.now() + (offset[0] as number);

const actor = await openActor({
  folder: '.',
  cacheBytes,
  checkpointBytes,
  clockOffset,
  onFatal: (message) => {
    process.stderr.write(`fatal: ${message}\n`);
    process.exit(1);
  },
});
const acks = openSync('acks', 'a');
let left = batches;

async function ask(asks: Ask[], caller?: Caller): Promise<void> {
  const answers = await askActor(actor, asks);
  writeSync(acks, JSON.stringify(asks.map((asked, n) => [asked, textOf(answers[n])])));
  asks.forEach((asked, n) => {
    if (!isRead(asked)) caller?.answered(asked, answers[n] as never);
  });
}

async function call(name: string): Promise<void> {
  const caller = new Caller(random, name, [USERS], [], now);
  while (left-- > 0) {
    const count = random.chance(0.1) ? 20 + random.int(60) : 1 + random.int(6);
    await ask(
      Array.from({ length: count }, () => caller.next()),
      caller,
    );
    if (random.chance(0.05)) await sleep(random.int(40));
  }
}

/** The log is sealed while it grows. */
async function seal(): Promise<void> {
  while (left > 0) {
    await sealOnce(actor, '.', SEGMENT_BYTES);
    await sleep(10);
  }
}

// What the ledger's own table of zones would fill in.
const zoned = (command: Command): Command =>
  command.type === 'put-definition' && command.kind === 'programme'
    ? { ...command, zoneOffsets: [0, 8 * 3_600_000] }
    : command;
await ask([...ASSETS.map(zoned), ...FUNDING]);
offset[0] = AHEAD_MS;
confirmAll(actor);
const calls = Array.from({ length: CALLERS }, (_, n) => call(`${session}${'abc'[n]}`));
await Promise.all([...calls, seal()]);
if (isClean) await actor.close();
process.exit(0);
