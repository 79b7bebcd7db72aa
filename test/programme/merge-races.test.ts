// Members merged and parted while they earn and spend, many at once, and the process is killed again and again: once all is undone, everybody has what
// was theirs, to the last point and count.

import { join } from 'node:path';
import t from 'tap';
import {
  type Command,
  type Engine,
  mergeState,
  type Outcome,
  verifyFolder,
} from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { Numbered } from '../crash/numbered.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { until } from '../until.js';
import { commandOf, MEMBERS, withMembers } from './merge-kill-child.js';
import { settled } from './settled.js';

const KILLS = 3;
const lives = campaign({ name: `lives of ${KILLS} kills of merges`, long: 40, sample: 1 });

/** What is a member's own, as what was carried out says it. */
interface Own {
  points: number;
  reviews: number;
}

function ownOf(commands: readonly Command[], outcomes: readonly Outcome[]): Map<string, Own> {
  const own = new Map(MEMBERS.map((one) => [one, { points: 0, reviews: 0 }]));
  for (const [n, command] of commands.entries()) {
    const outcome = outcomes[n] as Outcome;
    if (!outcome.ok) continue;
    if (command.type === 'transfer')
      for (const { from, to, amount } of command.legs) {
        for (const [owner, more] of [
          [from, -amount],
          [to, amount],
        ] as const) {
          const one = own.get(owner);
          if (one !== undefined) one.points += more;
        }
      }
    if (command.type !== 'act' || command.act !== 'event') continue;
    const one = own.get(command.owner) as Own;
    const effects = (outcome.act?.effects ?? []) as readonly Readonly<Record<string, unknown>>[];
    for (const { type, rule, amount } of effects) {
      if (type !== 'earn') continue;
      one.points += amount as number;
      if (rule === 'shop.REVIEW') one.reviews++;
    }
  }
  return own;
}

/** All merges are undone, the later ones first; whoever has not enough left owes it. */
async function partAll(engine: Engine): Promise<number> {
  let parted = 0;
  await until('all are for themselves', async () => {
    let left = 0;
    for (const owner of MEMBERS) {
      const state = await mergeState(engine.own, owner);
      if ('ok' in state) return false;
      if (state.from.length > 0) left++;
      if (state.merged === undefined) continue;
      left++;
      const body = { reason: 'the end', allowDebt: true };
      const outcome = await engine.submit({ type: 'act', act: 'unmerge', owner, body });
      if (outcome.ok) parted++;
    }
    return left === 0;
  });
  return parted;
}

t.test('nothing is lost or made by merges, whoever is killed', async (t) => {
  await lives.run(async (seed) => {
    const folder = join(temporaryFolder(t), 'data');
    const random = new Random(seed);
    const said = new Numbered(join(import.meta.dirname, 'merge-kill-child.js'));
    for (let kill = 0; kill < KILLS; kill++)
      await said.live(folder, { afterMs: 300 + random.int(700) }, `${seed}`);
    const engine = await withMembers(folder);
    const commands = Array.from({ length: said.asked }, (_, n) => commandOf(seed, n));
    const outcomes = await settled(engine, commands);
    const wrong = outcomes.flatMap((outcome, n) =>
      said.outcomes.get(n) === 'ok' && !outcome.ok ? [`${n} was ok, is ${outcome.code}`] : [],
    );
    const done = (act: string): number =>
      commands.filter((one, n) => one.type === 'act' && one.act === act && outcomes[n]?.ok === true)
        .length;
    const parted = await partAll(engine);
    const balances = await engine.balances(MEMBERS, 'points');
    if ('ok' in balances) throw new Error(balances.code);
    for (const [owner, should] of ownOf(commands, outcomes)) {
      const is = balances.flat().find((one) => one.owner === owner)?.available ?? 0;
      if (is !== should.points) wrong.push(`${owner} has ${is}, and should have ${should.points}`);
      const member = await engine.member(owner, 'shop');
      if ('ok' in member) throw new Error(member.code);
      const times = member.counts.find(({ rule }) => rule === 'shop.REVIEW')?.times ?? 0;
      if (times !== should.reviews)
        wrong.push(`${owner} has ${times} reviews, and should have ${should.reviews}`);
    }
    await engine.close();
    const { problems } = await verifyFolder(folder);
    wrong.push(...problems.map((one) => JSON.stringify(one)));
    t.strictSame(wrong, [], `seed ${seed}: to repeat: ${lives.repeat(seed)}`);
    t.comment(
      `seed ${seed}: ${said.asked} asked, ${done('merge')} merged, ${done('unmerge') + parted} parted, ${KILLS} kills`,
    );
    t.ok(done('merge') > 0, `${done('merge')} merged`);
  });
});
