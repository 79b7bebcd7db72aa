// A correction makes a world in which a rule was wrong the one in which it was right from the beginning: balances, tiers, what limits have counted;
// with returns before and after it. Undone, the wrong one is there again.

import { join } from 'node:path';
import t from 'tap';
import type { Command, Draft, Outcome } from '../../engine/index.js';
import { OwnerReads } from '../../engine/ledger/owner-reads.js';
import { programme } from '../../engine/programme/definitions/index.js';
import { memberIn } from '../../engine/programme/earning/member.js';
import { memberState } from '../../engine/programme/member-state.js';
import { recordValueIn } from '../../engine/programme/plan.js';
import { commandOfTuple, unpackTuple } from '../../engine/protocol/codec.js';
import { packCommand } from '../../engine/protocol/command-buffer.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import {
  type CorrectionAct,
  correctionsOf,
  uncorrectedIn,
} from '../../engine/simulation/correction.js';
import { campaign } from '../campaign.js';
import { ASSET, DAY_MS, SHOP, type World } from '../programme/earning-world.js';
import { Random } from '../random.js';
import { temporaryFolder } from '../temporary.js';
import {
  course,
  type Documents,
  drawnDocuments,
  drawnReferral,
  drawnRule,
  OWNERS,
  REFERRAL,
  simulated,
  ZONE_OFFSETS,
} from './worlds.js';

const PLENTY = 1_000_000;
const WITHIN = { asset: ASSET, mostUp: PLENTY, mostDown: PLENTY };
type Any = ReturnType<typeof JSON.parse>;

/** What waits is carried out: what acts have caused. */
function deliver({ ledger, time }: World): void {
  for (let n = 0; n < 10 && ledger.state.followUps.size > 0; n++) {
    for (const { command } of [...ledger.state.followUps.all()])
      ledger.apply([commandOfTuple(unpackTuple(command, 0, command.length)) as Any], time);
    for (const said of ledger.ledger.outbox.splice(0)) {
      const bytes = 'packed' in said ? said.packed : packCommand(said.command, said.command.id);
      const copy = bytes.slice();
      ledger.apply([commandOfTuple(unpackTuple(copy, 0, copy.length)) as Any], time);
    }
  }
  if (ledger.state.followUps.size > 0) throw new Error('something is not carried out');
}

/** What a member has, as far as a correction must make it right. */
function standing({ ledger, time, available }: World, owner: string, world: World): object {
  void available;
  const see = new OwnerReads(ledger.ledger, owner);
  const of = see.definition(programme, SHOP)!;
  const { tier, progress } = memberState(see, of, owner, time);
  const records = ledger.state.pages.pageOf(ownerHash(owner)).records;
  const counters: Record<string, unknown> = {};
  const others: Record<string, unknown> = {};
  // What was spent meanwhile of a share that was too large is owed.
  let owed = 0;
  for (const one of records?.values() ?? []) {
    if (one.owner !== owner || one.expiresAt <= time) continue;
    if (one.type === '$share-owed') owed += recordValueIn(one.value) as number;
    if (['$streak', '$reward'].includes(one.type)) others[one.key] = recordValueIn(one.value);
    if (one.type !== '$counter' || !/^[ptdnb]\./.test(one.key)) continue;
    const counts = recordValueIn(one.value) as readonly (readonly number[])[];
    // Where a repair counts in other spans, a window may be kept for as long as the wrong one was.
    const kept = counts.filter(
      ([from = 0, until = 0]) => until > time && (from === 0 || from + 8 * DAY_MS > time),
    );
    if (kept.length > 0) counters[one.key] = kept.map(([from, , count]) => [from, count]);
  }
  const { earned } = memberIn(see, SHOP);
  const [sorted, tasks] = [counters, others].map((some) =>
    Object.fromEntries(Object.entries(some).sort(([a], [b]) => (a < b ? -1 : 1))),
  );
  const kept = earned.filter(([, amount]) => amount !== 0);
  return {
    available: world.available(owner) - owed,
    tier,
    progress,
    earned: kept,
    counters: sorted,
    tasks,
  };
}

const standings = (world: World): string =>
  JSON.stringify(
    OWNERS.map((owner) => standing(world, owner, world)),
    undefined,
    1,
  );

const plain = (document: object): Any => JSON.parse(JSON.stringify(document));

/** Repairs: of rules, of what a task or days in a row bring, of what who has referred a member gets. */
function drawnRepairs(random: Random, documents: Documents): Draft[] {
  const keys = random.shuffle(['a', 'b', 'c', 'd']).slice(0, random.int(3));
  const others: Draft[] = [];
  const put = (name: string, more: object): void => {
    const [kind = '', key = ''] = name.split(' ');
    others.push({ kind, key, document: { ...plain(documents.get(name) as object), ...more } });
  };
  if (random.chance(0.5)) put('task BUYS', { reward: 1 + random.int(40) });
  else if (random.chance(0.3)) put('task BUYS', { need: 16 + random.int(8) });
  const from = 2 + random.int(3);
  const steps = [1, from].map((day) => [day, 1 + random.int(9)]);
  if (random.chance(0.5)) put('task STREAK', { steps });
  if (documents.has(REFERRAL) && random.chance(0.7))
    others.push({ kind: 'referral', key: SHOP, document: plain(drawnReferral(random)) });
  const rules = keys.map((key) => {
    const { event } = documents.get(`rule ${key}`) as { event: string };
    let other = drawnRule(random) as Any;
    while (other.event !== event) other = drawnRule(random);
    if (documents.has(REFERRAL)) delete other.when;
    return { kind: 'rule', key, document: plain(other) };
  });
  return [...rules, ...others];
}

/** The acts of a correction; undefined: something differs that it cannot put right. */
async function correction(
  world: World,
  path: string,
  drafts: readonly Draft[],
): Promise<CorrectionAct[] | undefined> {
  const { differences } = await simulated(world.ledger, path, { drafts });
  const name = {
    correction: 'repair',
    within: 'desk',
    idOf: (event: string, side: string) => `fix:${event}:${side}`,
  };
  const left = differences.flatMap(uncorrectedIn);
  const isSure = drafts.every(({ document }) => document?.['need'] === 20 || !document?.['need']);
  if (left.length > 0 && isSure) throw new Error(`a repair changes ${JSON.stringify(left[0])}`);
  if (left.length > 0) return undefined;
  return differences.flatMap((one) => correctionsOf(one, name));
}

const posted = (world: World, one: CorrectionAct): Outcome => {
  const outcome = world.do(one as unknown as Command);
  deliver(world);
  return outcome;
};

/** More events and returns, after the correction. */
function more(
  seed: number,
  { world, events }: { world: World; events: readonly (readonly [string, string])[] },
): void {
  const random = new Random(seed ^ 0x5bd1e995);
  const all = [...events];
  for (let n = 8 + random.int(12); n > 0; n--) {
    const owner = random.pick(OWNERS);
    const id = `m${n}`;
    if (random.chance(0.4)) {
      const type = random.pick(['BUY', 'SIGN']);
      world.event(type, type === 'BUY' ? { amount: random.int(30) } : undefined, {}, owner, id);
      all.push([owner, id]);
    } else if (all.length > 0) {
      const [of, event] = random.pick(all);
      const part = random.chance(0.6) ? { amount: 1 + random.int(12) } : {};
      world.act('return-event', { event, ...part }, of, id);
      deliver(world);
    }
    world.time += 1 + random.int(DAY_MS / 3);
  }
}

interface Case {
  readonly wrong: ReturnType<typeof course>;
  readonly right: ReturnType<typeof course>;
  readonly drafts: readonly Draft[];
}

/** A world with a wrong rule, and the one in which it was right; both go on with the right one. */
function worlds(seed: number): Case {
  const random = new Random(seed);
  const documents = drawnDocuments(random);
  if (random.chance(0.5)) documents.set(REFERRAL, drawnReferral(random));
  const drafts = drawnRepairs(random, documents);
  const [wrong, right] = [[], drafts].map((own) =>
    course(seed, documents, { budget: PLENTY, drafts: own }),
  ) as [Case['wrong'], Case['right']];
  for (const { world } of [wrong, right]) {
    world.define('correction', 'desk', WITHIN);
    for (const { kind, key, document } of drafts)
      world.define(kind, key, document ?? undefined, ZONE_OFFSETS);
    world.time += 1_000;
  }
  return { wrong, right, drafts };
}

const folders = temporaryFolder(t);
let runs = 0;

async function corrected(seed: number): Promise<number> {
  const { wrong, right, drafts } = worlds(seed);
  const acts = await correction(wrong.world, join(folders, `${runs++}`), drafts);
  if (acts === undefined) return 0;
  const half = new Random(seed).int(acts.length + 1);
  // Cut short, and begun again.
  for (const one of acts.slice(0, half)) posted(wrong.world, one);
  for (const one of acts) {
    const outcome = posted(wrong.world, one);
    if (!outcome.ok) throw new Error(JSON.stringify([one, outcome]));
  }
  const once = standings(wrong.world);
  if (once !== standings(right.world))
    throw new Error(`corrected: ${once}; right: ${standings(right.world)}`);
  for (const one of acts) {
    const again = posted(wrong.world, one);
    if (!again.ok || !again.replayed) throw new Error(`posted twice: ${JSON.stringify(again)}`);
  }
  if (standings(wrong.world) !== once) throw new Error('a second run has changed something');
  more(seed, wrong);
  more(seed, right);
  if (standings(wrong.world) !== standings(right.world))
    throw new Error(`later: ${standings(wrong.world)}; right: ${standings(right.world)}`);
  return acts.length;
}

async function undone(seed: number): Promise<void> {
  const { wrong, drafts } = worlds(seed);
  const before = standings(wrong.world);
  const acts = await correction(wrong.world, join(folders, `${runs++}`), drafts);
  if (acts === undefined) return;
  for (const one of acts) posted(wrong.world, one);
  for (const { owner, id } of [...acts].reverse()) {
    const outcome = wrong.world.do({
      type: 'reverse',
      id: `undo:${id}`,
      owner,
      transferId: id,
    } as Command);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome));
  }
  if (standings(wrong.world) !== before)
    throw new Error(`undone: ${standings(wrong.world)}; before: ${before}`);
}

t.test('a correction is the world where the rule was right', async (t) => {
  let acts = 0;
  await campaign({ name: 'corrected', long: 5_000, sample: 10 }).run(async (seed) => {
    acts += await corrected(seed);
  });
  t.ok(acts > 0, `${acts} events corrected`);
});

t.test('undone, the world is as it was', async () => {
  await campaign({ name: 'correction undone', long: 2_000, sample: 4 }).run(undone);
});

t.test('tasks that other events complete are named as what cannot be corrected', async (t) => {
  let named = 0;
  await campaign({ name: 'uncorrected', long: 2_000, sample: 8 }).run(async (seed) => {
    const random = new Random(seed);
    const documents = drawnDocuments(random);
    const key = random.pick(['BUYS', 'STREAK']);
    const own = plain(documents.get(`task ${key}`) as object);
    const isLess = key === 'STREAK' || random.chance(0.3);
    const document = isLess ? null : { ...own, need: 5 + random.int(40) };
    const { world } = course(seed, documents, { budget: PLENTY });
    const drafts = [{ kind: 'task', key, document }];
    const path = join(folders, `${runs++}`);
    const { differences, programmes } = await simulated(world.ledger, path, { drafts });
    const left = new Set(differences.flatMap(uncorrectedIn).map((one) => one.key));
    const of = programmes[0]?.sources.filter(({ kind }) => kind === 'task') ?? [];
    for (const one of of)
      if (one.before !== one.after && !left.has(one.key)) throw new Error(`${one.key} is not told`);
    named += left.size;
  });
  t.ok(named > 0, `${named} tasks named`);
});
