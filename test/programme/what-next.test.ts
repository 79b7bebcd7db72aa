// What is next for a member (programme.N1): of drawn members, who does exactly what a goal says gets what it says, and who does less does not.

import t from 'tap';
import { OwnerReads } from '../../engine/ledger/owner-reads.js';
import { programme } from '../../engine/programme/definitions/index.js';
import { memberState } from '../../engine/programme/member-state.js';
import type { Goal } from '../../engine/protocol/member.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { DAY_MS, SHOP, World } from './earning-world.js';

const BUDGET = '#budget:rewards';

/** A shop with something of everything; GIFT earns exactly what is said, and counts for tiers. */
function shop(): World {
  const world = new World();
  const of = (type: string) => ({ programme: SHOP, event: type });
  world.define('event', `${SHOP}.GIFT`, {
    programme: SHOP,
    attributes: { n: 'integer' },
  });
  world.define('rule', `${SHOP}.GIFT`, {
    ...of('GIFT'),
    points: 1,
    per: 1,
    of: 'n',
    multiplied: false,
  });
  world.define('task', `${SHOP}.WEEK`, { ...of('REVIEW'), need: 5, span: 'week', reward: 40 });
  world.define('task', `${SHOP}.MUCH`, {
    ...of('CONSUME'),
    need: 900,
    of: 'amount',
    span: 'month',
    reward: 70,
  });
  world.define('task', `${SHOP}.ONCE`, { ...of('SHARE'), span: 'ever', reward: 9, budget: BUDGET });
  world.define('task', `${SHOP}.MARK`, { ...of('REVIEW'), need: 3, span: 'ever', badge: true });
  return world;
}

function goalsOf(world: World): readonly Goal[] {
  const { ledger } = world.ledger;
  const see = new OwnerReads(ledger, 'ann');
  const of = see.definition(programme, SHOP);
  if (of === undefined) throw new Error('there is no programme');
  return memberState(see, of, 'ann', world.time).goals;
}

const ATTRIBUTES: Readonly<Record<string, object>> = { CONSUME: { amount: 1 } };

/** Does it `less` short of what it says; what the last event came to. */
function does(world: World, goal: Goal, less: number): string {
  let last = '';
  if (goal.goal === 'tier') {
    if (goal.points - less > 0) last = world.says('GIFT', { n: goal.points - less });
  } else if (goal.goal === 'days') {
    const isToday = goalsOf(world).some((one) => one.goal === 'task' && one.key === goal.key);
    if (!isToday) world.time += DAY_MS;
    for (let day = 0; day < goal.days - less; day++) {
      if (day > 0) world.time += DAY_MS;
      last = world.says(goal.event);
    }
  } else if (goal.of !== undefined) {
    const n = (goal.amount as number) - less;
    if (n > 0) last = world.says(goal.event, { [goal.of]: n });
  } else
    for (let n = (goal.events as number) - less; n > 0; n--)
      last = world.says(goal.event, ATTRIBUTES[goal.event]);
  return last;
}

const yields = ({ key, ...goal }: Goal): string => {
  const name = key.slice(SHOP.length + 1);
  if (goal.goal === 'tier') return `-> ${name}`;
  return goal.reward === 0 ? 'badge' : `${name} ${goal.reward}`;
};

/** A member's drawn past. */
function live(random: Random, world: World): void {
  if (random.int(2) === 0) world.fund(BUDGET, random.int(20));
  if (random.int(6) === 0) world.grant(random.pick(['silver', 'gold']));
  for (let left = random.int(14); left > 0; left--) {
    const type = random.pick(['SIGN', 'SIGN', 'CONSUME', 'REVIEW', 'SHARE', 'GIFT']);
    if (type === 'CONSUME') world.says(type, { amount: 1 + random.int(400) });
    else if (type === 'GIFT') world.says(type, { n: 1 + random.int(3_000) });
    else world.says(type);
    world.time += random.int(3) * random.int(DAY_MS);
  }
}

t.test('what is next, done, yields it', async (t) => {
  const seen = new Map<string, number>();
  await campaign({ name: 'what is next', long: 3_000, sample: 75 }).run((seed) => {
    const worlds = [0, 1].map(() => {
      const world = shop();
      live(new Random(seed), world);
      return world;
    }) as [World, World];
    const goals = goalsOf(worlds[0]);
    // Not by what the past was drawn by.
    const goal = new Random(seed ^ 0x5bd1e995).pick(goals);
    seen.set(`${goal.goal} ${goal.key}`, 1);
    const told = does(worlds[0], goal, 0);
    if (!told.split(', ').includes(yields(goal)))
      throw new Error(`${JSON.stringify(goal)}, done, is ${told}`);
    const short = does(worlds[1], goal, 1);
    if (short.split(', ').includes(yields(goal)) && goal.goal !== 'days')
      throw new Error(`${JSON.stringify(goal)}, less than that, is ${short}`);
  });
  t.ok(seen.size >= 10, `goals: ${[...seen.keys()].join(', ')}`);
});
