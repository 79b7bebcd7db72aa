// A coupon is used once, whoever wants it at once, on whichever shards; and while the process is killed again and again.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { type Command, type Engine, type Outcome, verifyFolder } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { Numbered } from '../crash/numbered.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { codeAt, commandOf, MEMBERS, SHARDS, WANTED_BY, withCoupons } from './coupon-kill-child.js';
import { numbered } from './coupon-world.js';

const IS_LONG = process.env['JIFEN_LONG'] === '1';
/** Half of them in races, half while the process is killed. */
const ALL_CODES = 100_000;
/** Ledgers that are killed again and again: several, for each life begins with the log of those before it. */
const LEDGERS = 10;
/** Of each, lives go on until so many codes have been asked for; and how long one may be, and how many there are at least. */
const [LIVED_CODES, LIFE_MS, KILLS] = IS_LONG ? [ALL_CODES / 2 / LEDGERS, 8_000, 6] : [0, 700, 3];
const CODES = 500;
const RIVALS = 3;
/**
 * So many commands go in one batch, and so many batches at a time: all of a race at once, so that rivals meet; and no more, for of what a shard
 * cannot look at within PREPARE_LIMIT_MS nothing comes to anything, and all of it is asked for again.
 */
const BATCH = 150;
const AT_A_TIME = (CODES * RIVALS) / BATCH;
/** Who could not be told an outcome asks again after so long. */
const PAUSE_MS = 20;
/** What a caller asks again after. */
const AGAIN = new Set([
  ...['ACCOUNT_BUSY', 'PREPARED', 'SHARD_BUSY', 'SHARD_UNAVAILABLE'],
  'DEFINITIONS_UNCONFIRMED',
]);

const lives = campaign({ name: 'coupons under kills', long: LEDGERS, sample: 1 });
const races = campaign({
  name: `races for ${CODES} codes`,
  long: ALL_CODES / 2 / CODES,
  sample: 1,
});

/** What became of commands, asked in several batches at a time. */
async function asked(engine: Engine, commands: readonly Command[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < commands.length) {
      const from = next;
      next += BATCH;
      const some = commands.slice(from, from + BATCH);
      const told = await engine.submitBatch(some, { timeoutMs: 30_000 });
      for (const [i, outcome] of told.entries()) outcomes[from + i] = outcome as Outcome;
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, caller));
  return outcomes;
}

t.test('of those who want a code at once, one has it', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const engine = await withCoupons(folder);
  let codes = 0;
  let twice = 0;
  await races.run(async (seed) => {
    const random = new Random(seed);
    const first = codes;
    // Others in each race: what they use is kept of them.
    const from = (first / CODES) * MEMBERS;
    const wanted: { readonly code: number; readonly command: Command }[] = [];
    for (let code = first; code < first + CODES; code++)
      for (let rival = 0; rival < RIVALS; rival++) {
        const owner = `m${from + random.int(MEMBERS)}`;
        const body = { code: numbered('RACE', code), order: `o${code}` };
        const id = `r${code}-${rival}`;
        wanted.push({ code, command: { type: 'act', act: 'coupon-redeem', owner, id, body } });
      }
    random.shuffle(wanted);
    const won = new Map<number, number>();
    let left = wanted;
    for (let round = 0; left.length > 0 && round < 100; round++) {
      // One asks twice for the same, as after a lost answer.
      const again = round === 0 ? left.slice(0, 50) : [];
      if (round > 0) await sleep(PAUSE_MS);
      const told = await asked(
        engine,
        [...left, ...again].map(({ command }) => command),
      );
      for (const [i, { code }] of left.entries())
        if (told[i]?.ok) won.set(code, (won.get(code) ?? 0) + 1);
      left = left.filter((_, i) => {
        const outcome = told[i] as Outcome;
        return !outcome.ok && AGAIN.has(outcome.code);
      });
    }
    codes += CODES;
    for (let code = first; code < first + CODES; code++) if (won.get(code) !== 1) twice++;
  });
  await engine.close();
  t.equal(twice, 0, `${twice} of ${codes} codes were used not exactly once`);
  t.same((await verifyFolder(folder)).problems, []);
});

t.test('a killed process uses no code twice', async (t) => {
  await lives.run(async (seed) => {
    const folder = join(temporaryFolder(t), 'data');
    const random = new Random(seed);
    const told = new Numbered(join(import.meta.dirname, 'coupon-kill-child.js'));
    let kills = 0;
    for (; kills < KILLS || told.asked < LIVED_CODES * WANTED_BY; kills++)
      await told.live(
        folder,
        { afterMs: random.int(random.chance(0.3) ? 60 : LIFE_MS) },
        `${seed}`,
      );
    const engine = await withCoupons(folder);
    const commands = Array.from({ length: told.asked }, (_, n) => commandOf(seed, n));
    const outcomes = await asked(engine, commands);
    const { shards } = await engine.stats();
    const wrong: string[] = shards.some(({ openTransfers }) => openTransfers > 0)
      ? ['a command is still open']
      : [];
    const uses = new Map<number, { live: number; readonly owners: Set<string> }>();
    let used = 0;
    outcomes.forEach((outcome, n) => {
      // What was told as done is done.
      if (told.outcomes.get(n) === 'ok' && !outcome.ok)
        wrong.push(`${n} was ok, is ${outcome.code}`);
      if (!outcome.ok) return;
      const effects = outcome.act?.effects ?? [];
      const of = uses.get(codeAt(n)) ?? { live: 0, owners: new Set() };
      uses.set(codeAt(n), of);
      for (const { type } of effects) {
        if (type === 'couponUsed') {
          used++;
          of.live++;
          of.owners.add((commands[n] as { owner: string }).owner);
        } else if (type === 'couponReturned') of.live--;
      }
    });
    for (const [code, { live, owners }] of uses)
      if (live > 1 || live < 0 || owners.size > 1)
        wrong.push(`code ${code} is used ${live} times, by ${[...owners]}`);
    await engine.close();
    for (const problem of (await verifyFolder(folder)).problems)
      wrong.push(JSON.stringify(problem));
    t.strictSame(wrong, [], `seed ${seed}: to repeat: ${lives.repeat(seed)}`);
    t.comment(`seed ${seed}: ${told.asked} asked, ${kills} kills, ${SHARDS} shards`);
    t.ok(used > 20, `0 of ${uses.size} codes were used twice, in ${used} uses`);
  });
});
