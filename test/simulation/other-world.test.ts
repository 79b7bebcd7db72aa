// A simulation of one world's log under the documents of another comes to what the other world came to; under its own, to no difference.

import { join } from 'node:path';
import t from 'tap';
import type { Draft, Outcome, SimulatedProgramme } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import { course, drawnDocuments, drawnDrafts, simulated, type Told } from './worlds.js';

type Effect = { readonly type: string; readonly [name: string]: unknown };
const effectsOf = (outcome: Outcome): readonly Effect[] =>
  outcome.ok ? ((outcome.act?.effects ?? []) as readonly Effect[]) : [];
const sumOf = (outcome: Outcome, wanted: string): number =>
  effectsOf(outcome).reduce(
    (sum, { type, amount }) => sum + (type === wanted ? (amount as number) : 0),
    0,
  );

/** What acts came to, as a simulation tells it. */
function totals(told: Told) {
  let [earned, back] = [0, 0];
  const sources: Record<string, number> = {};
  for (const outcome of told.values()) {
    earned += sumOf(outcome, 'earn');
    back += sumOf(outcome, 'takeBack');
    for (const { type, rule, task, amount } of effectsOf(outcome)) {
      const source = String(rule ?? task);
      if (type === 'earn') sources[source] = (sources[source] ?? 0) + (amount as number);
    }
  }
  return { earned, back, sources };
}

function compared(found: SimulatedProgramme | undefined, side: 'before' | 'after') {
  const sources: Record<string, number> = {};
  for (const one of found?.sources ?? []) if (one[side] !== 0) sources[one.key] = one[side];
  return { earned: found?.[side] ?? 0, back: found?.takenBack[side] ?? 0, sources };
}

const sortedText = (value: object): string =>
  JSON.stringify(value, (_, one) =>
    one !== null && typeof one === 'object' && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );

function expectSame(is: object, should: object, what: string): void {
  const [one, other] = [sortedText(is), sortedText(should)];
  if (one !== other) throw new Error(`${what}: ${one}; the other world: ${other}`);
}

const PLENTY = 1_000_000;

t.test('under other documents it is the other world', async (t) => {
  const folder = temporaryFolder(t);
  let different = 0;
  await campaign({ name: 'simulated', long: 10_000, sample: 10 }).run(async (seed) => {
    const random = new Random(seed);
    const documents = drawnDocuments(random);
    const drafts = drawnDrafts(random, documents);
    const one = course(seed, documents, { budget: PLENTY });
    const other = course(seed, documents, { budget: PLENTY, drafts });
    const kept = random.pick([2, 32_768]);
    const { programmes } = await simulated(
      one.world.ledger,
      join(folder, `${seed}`),
      { drafts },
      kept,
    );
    const [found] = programmes;
    expectSame(compared(found, 'before'), totals(one.told), 'the log');
    expectSame(compared(found, 'after'), totals(other.told), 'simulated');
    for (const owner of ['ann', 'bob', 'cat']) {
      const both = [one, other].map(({ world }) => world.available(owner));
      const difference = both[1]! - both[0]!;
      const member = [...(found?.winners.largest ?? []), ...(found?.losers.largest ?? [])].find(
        (one) => one.owner === owner,
      );
      const is = member === undefined ? 0 : member.after - member.before;
      if (is !== difference) throw new Error(`${owner}: ${is}; the other world: ${difference}`);
    }
    different += found?.different ?? 0;
  });
  t.ok(different > 0, `${different} events came to something else`);
});

t.test('as logged there is no difference', async (t) => {
  const folder = temporaryFolder(t);
  let exhausted = 0;
  await campaign({ name: 'as logged', long: 10_000, sample: 8 }).run(async (seed) => {
    const random = new Random(seed);
    const one = course(seed, drawnDocuments(random), { budget: random.int(60) + 1 });
    const found = await simulated(one.world.ledger, join(folder, `${seed}`), {});
    if (found.differences.length > 0) throw new Error(JSON.stringify(found.differences[0]));
    for (const { before, after, winners, losers } of found.programmes)
      if (before !== after || winners.members + losers.members > 0)
        throw new Error(`before ${before}, after ${after}`);
    for (const outcome of one.told.values())
      if (JSON.stringify(outcome).includes('"budget"')) exhausted++;
  });
  t.ok(exhausted > 0, `a budget was exhausted for ${exhausted} events`);
});

t.test('of a part of the log: as of where it begins', async (t) => {
  const folder = temporaryFolder(t);
  await campaign({ name: 'a period', long: 2_000, sample: 5 }).run(async (seed) => {
    const random = new Random(seed);
    const documents = drawnDocuments(random);
    const { world } = course(seed, documents, { budget: PLENTY });
    const blocks = world.ledger.blocks;
    const drafts: Draft[] = [{ kind: 'rule', key: 'a', document: null }];
    const all = await simulated({ blocks }, join(folder, `${seed}`), { drafts });
    const times = all.differences.length;
    const none = await simulated({ blocks }, join(folder, `${seed}n`), {
      drafts,
      from: world.time + 1,
    });
    if (none.differences.length + none.programmes.length > 0) throw new Error('nothing was then');
    const same = await simulated({ blocks }, join(folder, `${seed}s`), {
      from: world.time - 40 * 86_400_000,
    });
    if (same.differences.length > 0) throw new Error(`${times}: as logged`);
  });
});
