// A lottery over several nodes: what it says, what its draws must come to, out of what was published and is in the folders. Owns: that judgement. Never
// touches: who draws.

import { createHash, createHmac } from 'node:crypto';
import { type Command, type DrawSeed, sampleProgramme, type ToldDraw } from '../../engine/index.js';
import { recordsOf } from '../../engine/ledger/reads.js';
import { DAY_MS } from '../../engine/limits.js';
import { recordTypeOf, recordValueIn } from '../../engine/programme/plan.js';
import { SEED, type SeedRecord, seedOwner } from '../../engine/programme/seeds.js';
import { ownerHash, slotOf } from '../../engine/protocol/hash.js';
import { findings } from '../../gateway/draws/check.js';
import { clockAhead, openActor } from '../crash/actor-session.js';
import { until } from '../until.js';
import { DAY_ZONE } from './said-before.js';

export const LOTTERY = 'shop.lottery';
export const ASSET = 'points';
export const COST = 2;
export const BIG = { budget: 'big', points: 50, funded: 50 * 20 };
export const THINGS = 20;
export const MEMBERS = Array.from({ length: 8 }, (_, n) => `m${n}`);
export const FUNDS = 1_000_000;
const MIB = 1024 * 1024;
const SEEDS_MAX = 100;
const DAYS_LATER = 3;

/** Of a name like this one, which is on the first shard, whose folder is made before the nodes are. */
const thingOf = (shards: number): string => {
  for (let n = 0; ; n++) if (slotOf(`#item:t${n}`) % shards === 0) return `#item:t${n}`;
};

/** What the first node is told before it begins. */
export function lotteryOf(shards: number): Command[] {
  const thing = thingOf(shards);
  const prizes = [
    {
      key: 'big',
      weight: 2,
      points: BIG.points,
      stock: `#budget:${BIG.budget}`,
      substitute: 'thing',
    },
    { key: 'thing', weight: 2, points: 3, stock: thing, substitute: 'small' },
    { key: 'small', weight: 1, points: 1 },
    { key: 'none', weight: 2 },
  ];
  const terms = { cost: COST, cooldownSeconds: 0, dailyLimit: 100_000, prizes };
  const legs = [{ from: '@issue', to: thing, asset: ASSET, amount: THINGS }];
  return [
    { type: 'define-asset', asset: ASSET, scale: 0 },
    ...sampleProgramme('shop', ASSET, DAY_ZONE.zone).flatMap(({ kind, key, document }) =>
      kind !== 'programme' && kind !== 'lottery'
        ? []
        : ({
            ...{ type: 'put-definition', state: 'active', kind, key },
            document: kind === 'lottery' ? { ...document, ...terms } : document,
            ...(kind === 'programme' ? DAY_ZONE.offsets : {}),
          } as unknown as Command),
    ),
    { type: 'transfer', id: 'things', legs },
  ];
}

/** What is left of the things, wherever it is, by the totals of all accounts. */
export const thingsLeft = (accounts: ReadonlyMap<string, number>, shards: number): number =>
  [...accounts].reduce((sum, [key, amount]) => {
    const [owner = ''] = key.split(' ');
    return owner.split('@')[0] === thingOf(shards) ? sum + amount : sum;
  }, 0);

/** The seeds of one shard when all periods of today are over: its clock is set on, and it publishes them. */
export async function seedsLater(
  folder: string,
  shard: number,
  shards: number,
  here: readonly number[],
): Promise<DrawSeed[]> {
  const actor = await openActor({
    ...{ folder, shards, shard, here: here.length === shards ? undefined : here },
    ...{ cacheBytes: MIB, checkpointBytes: MIB, acceptClock: true },
    clockOffset: clockAhead(DAYS_LATER * DAY_MS),
    onFatal: (message) => {
      throw new Error(message);
    },
  });
  const { state } = actor;
  const owner = seedOwner(shard, (of) => state.places.shardOf(ownerHash(of)));
  const read = (): DrawSeed[] =>
    recordsOf(state, owner, recordTypeOf(SEED), '', SEEDS_MAX).map(({ key, value }) => {
      const { sealed: _, ...told } = recordValueIn(value) as unknown as SeedRecord;
      return { shard, number: Number(key), ...told };
    });
  const now = Date.now();
  const seeds = await until('all seeds are published', () => {
    const all = read().filter(({ from }) => from <= now);
    return all.every(({ seed }) => seed !== undefined) && all;
  });
  await actor.close();
  return seeds;
}

/** What is wrong with draws, each by itself, as `jifen draw verify` says it. */
export async function wrongDraws(
  draws: readonly ToldDraw[],
  seeds: readonly DrawSeed[],
): Promise<string[]> {
  const wrong: string[] = [];
  for (const draw of draws) {
    const found = await findings(draw, seeds, {
      sha256: async (bytes) => createHash('sha256').update(bytes).digest('hex'),
      hmac: async (key, text) => createHmac('sha256', key).update(text).digest(),
    });
    for (const { isRight, text } of found)
      if (!isRight) wrong.push(`${draw.owner} ${draw.number}: ${text}`);
  }
  return wrong;
}

/** What is wrong with all draws of a member together: numbers that are missing or there twice, a seed with two words. */
export function wrongOfMember(draws: readonly ToldDraw[]): string[] {
  const wrong: string[] = [];
  const numbers = draws.map(({ number }) => number).toSorted((a, b) => a - b);
  for (const [i, number] of numbers.entries())
    if (number !== i + 1) wrong.push(`${draws[0]?.owner}: draw ${number} in place of ${i + 1}`);
  const words = new Map<number, string>();
  for (const { owner, word, seed } of draws) {
    const before = words.get(seed.number) ?? word;
    if (before !== word) wrong.push(`${owner}: ${before} and ${word} with seed ${seed.number}`);
    words.set(seed.number, word);
  }
  return wrong;
}
