// Worlds of which one is simulated out of the log of another. Owns: drawn documents, one course of events in both. Never touches: what is
// compared.

import type { Draft, SimulatedProgramme, SimulationOptions } from '../../engine/index.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { DEFINITION_LEAD_MS } from '../../engine/limits.js';
import { Drafts } from '../../engine/simulation/drafts.js';
import { type Difference, OtherWorld } from '../../engine/simulation/other-world.js';
import { Shadow } from '../../engine/simulation/shadow.js';
import { Sums, togetherOf } from '../../engine/simulation/sums.js';
import { ASSET, DAY_MS, HOUR_MS, NOON, SHOP, World } from '../programme/earning-world.js';
import { Random } from '../random.js';

export const OWNERS = ['ann', 'bob', 'cat'];
export const BUDGET = '#budget:spring';
const TYPES = ['BUY', 'SIGN'];
export const ZONE_OFFSETS = [0, 8 * HOUR_MS];

export type Documents = Map<string, object>;
const nameOf = (kind: string, key: string): string => `${kind} ${key}`;

/** Documents of one programme, by kind and key. */
export function drawnDocuments(random: Random): Documents {
  const all: Documents = new Map();
  const maybe = (chance: number, more: object): object => (random.chance(chance) ? more : {});
  all.set(nameOf('programme', SHOP), {
    ...{ asset: ASSET, zone: 'Asia/Shanghai', returns: 'unlimited' },
    ...{ tierPeriod: random.pick(['lifetime', 'year']), downgrade: 'one' },
  });
  for (const type of TYPES)
    all.set(nameOf('event', `${SHOP}.${type}`), {
      programme: SHOP,
      ...(type === 'BUY' ? { attributes: { amount: 'integer' }, amount: 'amount' } : {}),
      ...maybe(0.1, { countsForTiers: false }),
    });
  for (let n = 0; n < 3; n++)
    all.set(nameOf('tier', `t${n}`), {
      ...{ programme: SHOP, from: [0, 20, 60][n] },
      multiplier: [100, 150, 200][n]! + random.int(20),
    });
  for (const key of ['a', 'b', 'c', 'd']) all.set(nameOf('rule', key), drawnRule(random));
  for (const key of ['BUYS', 'STREAK'])
    all.set(
      nameOf('task', key),
      key === 'BUYS'
        ? { programme: SHOP, event: 'BUY', of: 'amount', need: 20, reward: 1 + random.int(20) }
        : {
            ...{ programme: SHOP, event: 'SIGN' },
            steps: [
              [1, 1 + random.int(4)],
              [2, 5],
            ],
          },
    );
  all.set(nameOf('campaign', 'x'), {
    ...{ programme: SHOP, multiplier: 150 + random.int(100) },
    ...{ from: NOON + 2 * DAY_MS, to: NOON + 9 * DAY_MS },
  });
  return all;
}

export function drawnRule(random: Random): object {
  const event = random.pick(TYPES);
  const maybe = (chance: number, more: object): object => (random.chance(chance) ? more : {});
  return {
    ...{ programme: SHOP, event, points: 1 + random.int(9) },
    ...(event === 'BUY' ? maybe(0.5, { per: 1 + random.int(5), of: 'amount' }) : {}),
    ...maybe(0.3, { limitTimes: 1 + random.int(3) }),
    ...maybe(0.3, { limitPoints: 3 + random.int(30) }),
    ...maybe(0.4, { span: random.pick(['day', 'week', 'month', 'ever']) }),
    ...maybe(0.2, { stops: true }),
    ...maybe(0.3, { budget: BUDGET }),
    ...maybe(0.2, { when: 'member.available < 100' }),
    ...maybe(0.1, { when: 'member.tier == "t1"' }),
  };
}

/** What the members who come after have of being referred by those before. */
export function drawnReferral(random: Random): object {
  const [percent, upperPercent] = [1 + random.int(60), 1 + random.int(60)];
  const both = random.pick([{ percent }, { percent, upperPercent }, { upperPercent }]);
  return { referrer: 3, newcomer: 2, event: 'BUY', of: 'amount', ...both };
}
export const REFERRAL = nameOf('referral', SHOP);

/** Of what is only known once all shards are added up, nothing follows. */
function withoutShares(document: object | undefined): object | undefined {
  const { when, ...rest } = (document ?? {}) as { readonly when?: string };
  return when?.includes('available') === true ? rest : document;
}

/** Ann has referred Bob, and Bob has referred Cat. */
function refer(world: World): void {
  const refers = (owner: string, code: string, more: object): void => {
    const outcome = world.act('refer', { programme: SHOP, code, ...more }, owner);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome));
  };
  const code = (owner: string, code: string): object => {
    const outcome = world.act('referral-code', { programme: SHOP, code }, owner);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome));
    const says = { since: world.time, until: world.time + 30 * DAY_MS };
    world.time += HOUR_MS;
    return says;
  };
  const [ann, bob] = ['ABC234', 'JKL234'];
  refers('bob', ann, { by: 'ann', ...code('ann', ann) });
  world.time += 1;
  const since = world.time - 1;
  refers('cat', bob, { by: 'bob', upper: 'ann', ...code('bob', bob), since });
}

/** Other documents for some of them. */
export function drawnDrafts(random: Random, documents: Documents): Draft[] {
  const names = [...documents.keys()].filter((name) => !/^(programme|event) /.test(name));
  const draft = (name: string): Draft => {
    const [kind, key] = name.split(' ') as [string, string];
    if (random.chance(0.15)) return { kind, key, document: null };
    const other = kind === 'rule' ? drawnRule(random) : drawnDocuments(random).get(name)!;
    return { kind, key, document: JSON.parse(JSON.stringify(other)) };
  };
  const drafts = random
    .shuffle([...names])
    .slice(0, 1 + random.int(3))
    .map(draft);
  return random.chance(0.3)
    ? [...drafts, { kind: 'rule', key: 'e', document: drawnRule(random) as never }]
    : drafts;
}

/** What is told of each act, by its id, and of what was caused. */
export type Told = Map<string, ReturnType<World['do']>>;

/** What has happened, and to whom. */
export interface Course {
  readonly world: World;
  readonly told: Told;
  /** (owner, id). */
  readonly events: readonly (readonly [string, string])[];
}

/** A world with these documents, to which everything of a course happens that this seed draws. */
export function course(
  seed: number,
  documents: Documents,
  { budget, drafts = [] }: { readonly budget: number; readonly drafts?: readonly Draft[] },
): Course {
  const random = new Random(seed);
  const world = new World(undefined, undefined, []);
  const told: Told = new Map();
  const drafted = new Map(drafts.map((one) => [nameOf(one.kind, one.key), one.document]));
  const lead = (): void => {
    world.time += DEFINITION_LEAD_MS;
  };
  const define = (name: string, document: object | undefined): void => {
    const [kind, key] = name.split(' ') as [string, string];
    const said = drafted.has(name) ? (drafted.get(name) ?? undefined) : document;
    const own = documents.has(REFERRAL) ? withoutShares(said) : said;
    if (own === undefined && !documents.has(name)) lead();
    else if (own === undefined && world.ledger.state.definitions.versions(kind, key).length === 0)
      lead();
    else world.define(kind, key, own, ZONE_OFFSETS);
  };
  world.time = NOON - 12 * HOUR_MS;
  for (const [name, document] of documents) define(name, document);
  // A rule that one world alone has.
  define('rule e', undefined);
  world.fund(BUDGET, budget);
  world.time = NOON;
  if (documents.has(REFERRAL)) refer(world);
  const events: [string, string][] = [];
  for (let n = 10 + random.int(40); n > 0; n--) {
    const draw = random.int(20);
    const owner = random.pick(OWNERS);
    const id = `o${n}`;
    const keep = (outcome: ReturnType<World['do']>): void => void told.set(id, outcome);
    if (draw < 12) {
      const type = random.pick(TYPES);
      const amount = random.int(30) - 1;
      const late = random.pick([0, 0, HOUR_MS, DAY_MS, 8 * DAY_MS]);
      const at = late === 0 ? {} : { time: world.time - late };
      keep(world.event(type, type === 'BUY' ? { amount } : undefined, at, owner, id));
      events.push([owner, id]);
    } else if (draw < 16 && events.length > 0) {
      const [of, event] = random.pick(events.slice(-8));
      const part = random.chance(0.5) ? { amount: 1 + random.int(12) } : {};
      if (random.chance(0.2))
        keep(world.do({ type: 'reverse', id, owner: of, transferId: event } as never));
      else keep(world.act('return-event', { event, ...part }, of, id));
    } else if (draw < 17) {
      const name = random.pick(['rule a', 'rule b', 'campaign x']);
      const other = random.chance(0.2) ? undefined : drawnDocuments(random).get(name);
      if (drafted.has(name)) lead();
      else define(name, other);
    } else if (draw < 18) {
      const tier = random.chance(0.7) ? { tier: `t${random.int(3)}` } : {};
      keep(world.act('grant-tier', { programme: SHOP, ...tier }, owner, id));
    } else world.time += random.pick([1, 1, 2, 30]) * DAY_MS;
    world.time += 1 + random.int(6 * HOUR_MS);
  }
  for (const [n, outcome] of world.caused.entries()) told.set(`caused ${n}`, outcome);
  return { world, told, events };
}

/** What an event, or a return, has brought. */
export interface Simulated {
  readonly programmes: readonly SimulatedProgramme[];
  readonly differences: readonly Difference[];
}

/** A period of a log under other documents. `kept`: values in memory. */
export async function simulated(
  { blocks }: Pick<MemoryLedger, 'blocks'>,
  path: string,
  {
    from = 0,
    to = Number.MAX_SAFE_INTEGER,
    drafts,
    budgets = 'logged',
  }: Partial<SimulationOptions>,
  kept?: number,
  secret?: () => Uint8Array,
): Promise<Simulated> {
  const shadow = new Shadow((name) => `${path}-${name}`, kept);
  const sums = new Sums((name) => `${path}-${name}`, kept);
  const differences: Difference[] = [];
  MemoryLedger.replay(blocks, undefined, null, (ledger) => {
    if (secret !== undefined) ledger.secret = secret;
    const complete = drafts?.map((one) =>
      one.kind === 'programme' ? { ...one, zoneOffsets: ZONE_OFFSETS } : one,
    );
    const own = complete && new Drafts(ledger.state.definitions, complete);
    return new OtherWorld(ledger, {
      ...{ shadow, sums, drafts: own ?? null, isUnlimited: budgets === 'unlimited', from, to },
      onDifference: (one) => differences.push(one),
    });
  });
  for (const one of [...sums.elsewhere()]) sums.add(one);
  const programmes = togetherOf([sums.programmes()]);
  await sums.close();
  await shadow.close();
  return { programmes, differences };
}
