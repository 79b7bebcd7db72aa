// Worlds in which acts are judged: whatever a plan can hold, on 1 to 4 shards, against a naive model; an act that is open.

import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { encodeParts } from '../../engine/ledger/parts.js';
import { DAY_MS, SLOTS } from '../../engine/limits.js';
import { LOAN_TYPE } from '../../engine/programme/allotments.js';
import { COUNTER, recordTypeOf, recordValueIn } from '../../engine/programme/plan.js';
import type { ActCommand, Command } from '../../engine/protocol/commands.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import type { Outcome } from '../../engine/protocol/outcomes.js';
import { auditFault, slotMapOf } from '../ledger/audited.js';
import { MemoryShards } from '../ledger/memory-shards.js';
import { Random } from '../random.js';
import { ACTS, ASSET, Model, type Wish } from './everything.js';

export const START = 20_500 * DAY_MS;
const USERS = ['ann', 'bob', 'cat', 'dan'];
/** When holds of a member whose act is open would end. */
export const DEADLINE = START + 1_000;
const CODES = ['#code:a', '#code:b', '#code:c'];
const POTS = ['#budget:a', '#budget:b'];

class World {
  readonly shards: MemoryShards;
  readonly model = new Model();
  readonly log: string[] = [];
  #n = 0;
  time = START;

  constructor(count: number, lotTracked = false) {
    this.shards = new MemoryShards(count);
    for (const { ledger } of this.shards.shards) ledger.acts = ACTS;
    this.shards.apply({ type: 'define-asset', asset: ASSET, scale: 0, lotTracked }, START);
  }

  nextId(): string {
    this.#n++;
    return `c${this.#n}`;
  }

  do(command: Command): Outcome {
    let outcome = this.shards.apply(command, this.time);
    // What is lent out comes back, and the same command is decided anew.
    for (let n = 0; n < 3 && !outcome.ok && outcome.code === 'BUDGET_BUSY'; n++)
      outcome = this.shards.apply(command, this.time);
    this.log.push(`${JSON.stringify(command)} ${outcome.ok ? 'ok' : outcome.code}`);
    return outcome;
  }

  fund(to: string, amount: number): void {
    const legs = [{ from: '@issue', to, asset: ASSET, amount }];
    const outcome = this.do({ type: 'transfer', id: this.nextId(), legs });
    if (!outcome.ok) throw new Error(outcome.code);
    this.model.fund(to, amount);
  }

  /** Everything that there is, as the shards have it. */
  figures(): Record<string, unknown> {
    const points: Record<string, number> = {};
    for (const owner of USERS) points[owner] = this.shards.balances(owner)[0]?.available ?? 0;
    for (const owner of POTS) {
      const parts = [owner, ...this.shards.shards.map((_, shard) => `${owner}@${shard}`)];
      points[owner] = parts.reduce(
        (sum, part) => sum + (this.shards.balances(part)[0]?.available ?? 0),
        0,
      );
    }
    for (const owner of ['@issue', '@redeem', '@fee']) points[owner] = this.shards.sumOf(owner);
    const held = USERS.map((one) => this.shards.balances(one)[0]?.held ?? 0);
    const holds: string[] = [];
    const records: string[] = [];
    for (const { state } of this.shards.shards)
      for (let bucket = 0; bucket < state.pages.shape.buckets; bucket++) {
        for (const { owner, id, remaining } of state.pages.page(bucket).holds?.values() ?? [])
          holds.push(`${owner} ${id} ${remaining}`);
        for (const record of state.pages.page(bucket).records?.values() ?? []) {
          const value = recordValueIn(record.value);
          if (record.type === recordTypeOf(LOAN_TYPE)) continue;
          if (record.type === recordTypeOf(COUNTER))
            for (const [from, , count] of value as unknown as [number, number, number][])
              records.push(`${record.owner} ${record.key} ${from}: ${count}`);
          else records.push(`${record.owner} ${record.key}: ${JSON.stringify(value)}`);
        }
      }
    return { points, held, holds: holds.sort(), records: records.sort() };
  }

  should(): Record<string, unknown> {
    const { model } = this;
    const points: Record<string, number> = {};
    for (const owner of [...USERS, ...POTS, '@issue', '@redeem', '@fee'])
      points[owner] = model.of(owner);
    const puts = [...model.puts].map(([owner, value]) => [`${owner} put`, value] as const);
    const all = [...model.records, ...model.counters, ...puts];
    const records = all.map(([key, value]) => `${key}: ${value}`);
    const holds = USERS.flatMap((one) =>
      [...model.holdsOf(one), ...model.pendingOf(one)].map(([id, left]) => `${one} ${id} ${left}`),
    );
    const held = USERS.map((one) => model.heldOf(one));
    return { points, held, holds: holds.sort(), records: records.sort() };
  }

  check(): void {
    for (const shard of this.shards.shards) shard.tick(this.time);
    this.model.mature(this.time);
    const [is, should] = [JSON.stringify(this.figures()), JSON.stringify(this.should())];
    if (is !== should) throw new Error(`${this.log.join('\n')}\n${is}\n${should}`);
  }
}

/** Moves beside the legs, some of them out of what is held. */
function movesOf(random: Random, owner: string, model: Model): Partial<Wish> {
  const holds = [...model.holdsOf(owner)];
  const own = [...model.done].filter(([, one]) => one.owner === owner);
  if (own.length > 0 && random.chance(0.2)) {
    const [id, { wish }] = random.pick(own);
    const leg = random.int(Math.max(1, wish.legs.length));
    const amount = 1 + random.int(wish.legs[leg]?.amount ?? 1);
    const isPart = wish.legs.length > 0 && random.chance(0.5) && !isMixed(wish);
    const parts = isPart ? wish.legs.map((_, one) => (one === leg ? amount : 0)) : undefined;
    return { legs: [], reversal: { id, parts } };
  }
  const hold = random.chance(0.4) ? { hold: 1 + random.int(20) } : {};
  if (holds.length === 0 || random.chance(0.3)) return hold;
  const [holdId, left] = random.pick(holds);
  const releases = random.chance(0.5) ? { releases: [holdId] } : {};
  if (random.chance(0.3)) return { ...hold, ...releases };
  const to = random.pick(['@redeem', ...USERS.filter((one) => one !== owner), ...POTS]);
  const parts = random.chance(0.3) ? [1, 1 + random.int(left)] : [1 + random.int(left)];
  const legs = parts.map((amount) => ({ from: owner, to, amount, holdId }));
  return { ...hold, ...releases, legs };
}

function wishOf(random: Random, owner: string, model: Model, time: number): Wish {
  const own = random.chance(0.4) ? movesOf(random, owner, model) : {};
  const { legs: more = [] } = own;
  const others = [...USERS.filter((one) => one !== owner), ...POTS];
  const length = own.reversal || random.chance(0.2) ? 0 : 1 + random.int(3);
  const legs = Array.from({ length }, () => {
    const amount = 1 + random.int(30);
    const other = random.pick(others);
    switch (random.int(4)) {
      case 0:
        return { from: owner, to: random.chance(0.5) ? '@redeem' : other, amount };
      case 1:
        return { from: random.pick(POTS), to: owner, amount };
      case 2:
        return { from: '@issue', to: random.chance(0.5) ? owner : other, amount };
      default:
        return { from: other, to: owner, amount };
    }
  });
  const codes = random.chance(0.3) ? random.shuffle(CODES).slice(0, 1 + random.int(2)) : [];
  const puts = codes.map((code) => {
    const is = random.chance(0.8) ? (model.puts.get(code) ?? null) : random.int(3);
    return [code, is, random.chance(0.3) ? null : random.int(3)] as const;
  });
  const names = random.shuffle(['k', 'l', 'm']).slice(0, random.int(3));
  const all: Wish['legs'] = [...legs, ...more];
  const isPaying = all.some(({ from }) => from === owner);
  const until = () => (random.chance(0.3) ? null : time + 1 + random.int(4));
  return {
    ...own,
    ...(puts.length === 0 || own.reversal ? {} : { puts }),
    legs: all.map((leg) => {
      const isEarned = leg.to === owner && !USERS.includes(leg.from);
      return isEarned && !isPaying && random.chance(0.5) ? { ...leg, pending: until() } : leg;
    }),
    records: names.map((key) => [key, random.chance(0.2) ? null : random.int(100)] as const),
    counters: random.chance(0.5)
      ? [[random.pick(['x', 'y']), START + random.int(2) * DAY_MS, 1 + random.int(5), 8]]
      : [],
  };
}

/** What an owner both pays and is paid goes together: parts are asked of acts where nobody does. */
const isMixed = ({ legs }: Wish): boolean =>
  legs.some(
    ({ from }) =>
      !from.startsWith('@') && !from.startsWith('#') && legs.some(({ to }) => to === from),
  );

interface Asked extends ActCommand {
  readonly id: string;
  readonly body: { readonly wish: string };
}

export function anything(seed: number): void {
  const random = new Random(seed);
  const world = new World(1 + random.int(4), random.chance(0.5));
  for (const owner of USERS) world.fund(owner, 60);
  // With many, they are spread over the shards.
  for (const owner of POTS) world.fund(owner, random.pick([60, 600, 6_000]));
  const asked: Asked[] = [];
  for (let n = 10 + random.int(25); n > 0; n--) {
    const kind = random.int(12);
    if (kind === 10) world.time += 1 + random.int(3);
    else if (kind === 11 && world.model.done.size > 0) {
      const [transferId, { owner }] = random.pick([...world.model.done]);
      const command = { type: 'confirm-pending', id: world.nextId(), owner, transferId } as const;
      same(world, command, world.model.confirm(transferId));
    } else if (kind < 5) {
      const owner = random.pick(USERS);
      const wish = wishOf(random, owner, world.model, world.time);
      const id = world.nextId();
      const body = { wish: JSON.stringify(wish) };
      const command = { type: 'act', id, owner, act: 'everything', body } as const;
      same(world, command, world.model.act(owner, id, wish));
      asked.push(command);
    } else if (kind < 8 && world.model.done.size > 0) {
      const [id, { owner, wish }] = random.pick([...world.model.done]);
      const amounts = wish.legs.map(({ amount }) => amount);
      const isPart = amounts.length > 0 && random.chance(0.6) && !isMixed(wish);
      const leg = random.int(Math.max(1, amounts.length));
      const amount = 1 + random.int(amounts[leg] ?? 1);
      const parts = isPart ? amounts.map((_, one) => (one === leg ? amount : 0)) : undefined;
      const part = amounts.length > 1 ? { legs: [{ leg, amount }] } : { amount };
      const command = { type: 'reverse', id: world.nextId(), owner, transferId: id } as const;
      same(world, { ...command, ...(isPart ? part : {}) }, world.model.undo(id, parts));
    } else if (kind < 9 && asked.length > 0) {
      const again = random.pick(asked);
      const outcome = world.do(again);
      // A refusal for want of points in a budget is not kept where its shard decides.
      const isNew = outcome.ok && !outcome.replayed;
      const { owner, id, body } = again;
      const wish = JSON.parse(body.wish) as Wish;
      if (isNew && (world.model.done.has(id) || !world.model.act(owner, id, wish)))
        throw new Error('done twice');
    } else world.fund(random.pick([...USERS, ...POTS]), 1 + random.int(40));
    world.check();
  }
  judge(world.shards.shards);
}

/** Do the logs say what the shards have, and nothing that cannot be? Throws. */
export function judge(shards: readonly MemoryLedger[]): void {
  for (const { blocks, state } of shards) {
    const { shard, shards: count } = state.places;
    const fault = auditFault(blocks, shard, slotMapOf(count), encodeParts(state));
    if (fault !== undefined) throw new Error(fault);
    const twin = MemoryLedger.replay(blocks, state.places);
    const [is, should] = [canonicalState(twin.state), canonicalState(state)].map((one) =>
      one.join(),
    );
    if (is !== should) throw new Error('the log gives another state');
  }
}

function same(world: World, command: Command, isPosted: boolean): void {
  const outcome = world.do(command);
  if (outcome.ok !== isPosted)
    throw new Error(`${world.log.join('\n')}\nshould be ${isPosted ? 'posted' : 'refused'}`);
}

/** Two shards, with a member on the first and a budget on the second, and an act that is open between them. */
export function openAct(funds: number) {
  const world = new World(2, true);
  const at = (name: string): number => (ownerHash(name) & (SLOTS - 1)) % 2;
  const owner = ['a', 'b', 'c', 'd', 'e'].find((name) => at(name) === 0)!;
  const budget = ['x', 'y', 'z', 'v', 'w']
    .map((one) => `#budget:${one}`)
    .find((name) => at(name) === 1)!;
  world.fund(budget, funds);
  world.fund(owner, 30);
  const command = (id: string, wish: Partial<Wish>): Command => {
    const body = { wish: JSON.stringify({ legs: [], records: [], counters: [], ...wish }) };
    return { type: 'act', id, owner, act: 'everything', body };
  };
  const [home, other] = world.shards.shards as [MemoryLedger, MemoryLedger];
  const ask = (asked: Command): Outcome => home.apply([asked], START)[0]!;
  const [asset, amount, deadline] = [ASSET, 10, DEADLINE];
  for (const id of ['taken', 'looked']) ask({ type: 'hold', id, owner, asset, amount, deadline });
  const first = ask(
    command('o', {
      legs: [
        { from: budget, to: owner, amount: 50 },
        { from: owner, to: '@redeem', amount: 4, holdId: 'taken' },
      ],
      puts: [[codeAt(0), null, 7]],
      hold: 3,
      releases: ['looked'],
      records: [['k', 1]],
      counters: [['x', START, 1, 9]],
    }),
  );
  return { world, home, other, owner, budget, command, ask, first };
}

/** A `#` owner on this one of two shards. */
export const codeAt = (shard: number): string =>
  CODES.find((name) => (ownerHash(name) & (SLOTS - 1)) % 2 === shard)!;

/** What the open act has read or written, and the hold that it is going to make, takes no other. */
export function locked({ owner, command }: ReturnType<typeof openAct>): Command[] {
  const capture = (holdId: string): Command => ({
    type: 'capture',
    id: `c${holdId}`,
    owner,
    holdId,
    to: '@redeem',
    amount: 1,
  });
  return [
    command('k', { records: [['k', 2]] }),
    command('x', { counters: [['x', START, 1, 9]] }),
    command('h', { releases: ['taken'] }),
    command('u', { puts: [[codeAt(0), null, 2]] }),
    capture('taken'),
    capture('o'),
    { type: 'release', id: 'r', owner, holdId: 'looked' },
    { type: 'reverse', id: 'b', owner, transferId: 'o' },
  ];
}

/** What a shard has to say next. */
export const saidBy = ({ ledger }: MemoryLedger): { command: Command } => {
  const said = ledger.outbox.shift();
  if (said === undefined || !('command' in said)) throw new Error('nothing is said');
  return { command: said.command as unknown as Command };
};
