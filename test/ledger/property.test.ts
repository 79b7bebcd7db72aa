// Random command sequences, the ledger and the naive model side by side (engine/ledger/README.md).
// A failure prints the command that repeats it and the shortest sequence that still fails.

import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { Comparison } from './compare.js';
import { Disagreement } from './disagreement.js';
import { CommandSource, type Step } from './generator.js';
import { LedgerSubject } from './ledger-subject.js';
import { listing, minimise } from './minimise.js';
import { StoreSubject } from './store-subject.js';

// Run by itself, the file takes longer than tap allows one; run with all the others, theirs is the limit.
t.setTimeout(0);

const COMMANDS_MAX = 200;

/** Refusals that a well-formed command can get from a ledger, however it is run; LOT_LIMIT, which takes a gift to 512 lots, is in rules.test.ts. */
const EXPECTED = [
  'POINTS_SHORT',
  'AMOUNT_OVERFLOW',
  'ACCOUNT_NOT_FOUND',
  'ACCOUNT_FROZEN',
  'ACCOUNT_CLOSED',
  'ACCOUNT_NOT_EMPTY',
  'CONDITION_FAILED',
  'HOLD_NOT_FOUND',
  'HOLD_CLOSED',
  'CAPTURE_EXCEEDS_HOLD',
  'HOLD_LIMIT',
  'TRANSFER_NOT_FOUND',
  'NOT_REVERSIBLE',
  'ALREADY_REVERSED',
  'CREDIT_IN_USE',
  'RECORD_VERSION_MISMATCH',
  'RECORD_LIMIT',
  'RECORD_NOT_FOUND',
  'ASSET_CONFLICT',
  'ASSET_UNKNOWN',
  'EXPIRY_PAST',
  'OCCURRED_FUTURE',
  'OCCURRED_TOO_EARLY',
  'NOT_PENDING',
  'PENDING_PAST',
  'PENDING_EXPIRES',
  'DEADLINE_PAST',
  'ID_REUSED',
];

async function run(steps: Iterable<Step>, comparison: Comparison): Promise<void> {
  try {
    for (const step of steps) await comparison.step(step);
    await comparison.finish();
  } finally {
    await comparison.subject.close();
  }
}

/** Why these steps fail, if they do. */
async function failureOf(
  steps: readonly Step[],
  make: () => Comparison,
): Promise<string | undefined> {
  try {
    await run(steps, make());
    return undefined;
  } catch (error) {
    return error instanceof Disagreement ? error.message : String(error);
  }
}

async function agree(
  seed: number,
  make: () => Comparison,
  seen: Map<string, number>,
): Promise<void> {
  const comparison = make();
  const source = new CommandSource(seed, new Random(seed), comparison.model);
  const done: Step[] = [];
  try {
    await run(recorded(source.steps(COMMANDS_MAX), done), comparison);
  } catch (error) {
    const fails = async (steps: readonly Step[]) => (await failureOf(steps, make)) !== undefined;
    const shortest = await minimise(done, fails);
    const why = (await failureOf(shortest, make)) ?? 'no longer fails when run again';
    process.stderr.write(`${listing(shortest)}${why}\n`);
    throw error;
  }
  for (const [name, count] of comparison.seen) seen.set(name, (seen.get(name) ?? 0) + count);
}

function* recorded(steps: Iterable<Step>, into: Step[]): Iterable<Step> {
  for (const step of steps) {
    into.push(step);
    yield step;
  }
}

/** Every refusal must come up, and most commands succeed. */
function isWhole(t: Test, seen: ReadonlyMap<string, number>): void {
  const commands = [...seen.values()].reduce((sum, count) => sum + count, 0);
  t.ok((seen.get('ok') ?? 0) > commands * 0.6, 'most commands succeed');
  t.same(
    EXPECTED.filter((code) => !seen.has(code)),
    [],
    'every refusal comes up',
  );
}

function tell(t: Test, seen: ReadonlyMap<string, number>, started: bigint): void {
  const commands = [...seen.values()].reduce((sum, count) => sum + count, 0);
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  t.comment(`${commands} commands, ${Math.round(commands / seconds)} a second`);
  t.comment(
    [...seen]
      .sort(([, a], [, b]) => b - a)
      .map(([name, n]) => `${name} ${n}`)
      .join(', '),
  );
}

t.test('random sequences: the ledger and the model agree', async (t) => {
  const cases = campaign({ name: 'the ledger agrees with the model', long: 10_000, sample: 50 });
  const seen = new Map<string, number>();
  const started = process.hrtime.bigint();
  await cases.run((seed) => {
    const make = () => new Comparison(new LedgerSubject(), seed % 2 === 0);
    return agree(seed, make, seen);
  });
  tell(t, seen, started);
  if (cases.count >= 200) isWhole(t, seen);
});

t.test('random sequences: a shard with hardly any memory gives the same answers', async (t) => {
  const cases = campaign({ name: 'a shard agrees with the model', long: 1_000, sample: 4 });
  const seen = new Map<string, number>();
  const started = process.hrtime.bigint();
  const folder = temporaryFolder(t);
  let folders = 0;
  await cases.run(async (seed) => {
    const make = () => {
      folders += 1;
      const store = new StoreSubject(join(folder, String(folders)));
      return new Comparison(store, seed % 2 === 0);
    };
    await agree(seed, make, seen);
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  });
  tell(t, seen, started);
});
