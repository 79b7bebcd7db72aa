// A coupon is used once, whoever wants it at once, on whichever shards; and while the process is killed again and again.

import { join } from 'node:path';
import t from 'tap';
import { type Command, type Outcome, verifyFolder } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { Numbered } from '../crash/numbered.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { codeAt, commandOf, MEMBERS, SHARDS, withCoupons } from './coupon-kill-child.js';
import { numbered } from './coupon-world.js';

const KILLS = 3;
const CODES = 500;
const RIVALS = 3;
/** What a caller asks again after. */
const AGAIN = new Set([
  ...['ACCOUNT_BUSY', 'PREPARED', 'SHARD_BUSY', 'SHARD_UNAVAILABLE'],
  'DEFINITIONS_UNCONFIRMED',
]);

const lives = campaign({ name: `lives of ${KILLS} kills under coupons`, long: 40, sample: 1 });
const races = campaign({ name: `races for ${CODES} codes`, long: 200, sample: 1 });

t.test('of those who want a code at once, one has it', async (t) => {
  const folder = join(temporaryFolder(t), 'data');
  const engine = await withCoupons(folder);
  let codes = 0;
  let twice = 0;
  await races.run(async (seed) => {
    const random = new Random(seed);
    const first = (seed % 100_000) * CODES;
    const wanted: { readonly code: number; readonly command: Command }[] = [];
    for (let code = first; code < first + CODES; code++)
      for (let rival = 0; rival < RIVALS; rival++) {
        const owner = `m${random.int(MEMBERS)}`;
        const body = { code: numbered('RACE', code), order: `o${code}` };
        const id = `r${code}-${rival}`;
        wanted.push({ code, command: { type: 'act', act: 'coupon-redeem', owner, id, body } });
      }
    random.shuffle(wanted);
    const won = new Map<number, number>();
    let left = wanted;
    for (let round = 0; left.length > 0 && round < 100; round++) {
      // One asks twice for the same, as after a lost answer.
      const asked = round === 0 ? [...left, ...left.slice(0, 50)] : left;
      const commands = asked.map(({ command }) => command);
      const outcomes = await engine.submitBatch(commands, { timeoutMs: 30_000 });
      const told = outcomes.slice(0, left.length) as Outcome[];
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
    for (let kill = 0; kill < KILLS; kill++)
      await told.live(folder, { afterMs: random.int(random.chance(0.3) ? 60 : 700) }, `${seed}`);
    const engine = await withCoupons(folder);
    const commands = Array.from({ length: told.asked }, (_, n) => commandOf(seed, n));
    const outcomes = await engine.submitBatch(commands, { timeoutMs: 30_000 });
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
    t.comment(`seed ${seed}: ${SHARDS} shards, ${told.asked} asked, ${used} uses, ${KILLS} kills`);
    t.ok(used > 20, `${used} uses`);
  });
});
