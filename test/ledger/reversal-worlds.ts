// Worlds in which a reversal is judged, on one shard and between several: with holds, captures, acts, lots that end, and parts.
//   1. What a reversal leaves is what would be if the original had never been, as long as no other lot than the original's ends, and
//      these others all end at one time.
//   2. Parts one after the other leave what the whole would leave.
//   3. What all parts together give back is the original, per leg.

import { canonicalState } from '../../engine/ledger/digest.js';
import { MemoryLedger } from '../../engine/ledger/memory.js';
import { DAY_MS } from '../../engine/limits.js';
import type {
  CaptureCommand,
  Command,
  Leg,
  TransferCommand,
} from '../../engine/protocol/commands.js';
import { homeOwner } from '../../engine/protocol/home.js';
import type { Balance, Outcome } from '../../engine/protocol/outcomes.js';
import { ACTS, type Wish } from '../programme/everything.js';
import { Random } from '../random.js';
import { auditFault, slotMapOf } from './audited.js';
import { balanceProblem } from './invariants.js';
import { MemoryShards } from './memory-shards.js';

const START = 20_500 * DAY_MS;
const HOUR = 3_600_000;
/** Lots that end then outlast every world. */
const LATE = 500 * HOUR;
const USERS = ['ann', 'bob', 'cat', 'dan', 'eve'];
const ASSET = { type: 'define-asset', asset: 'points', scale: 0, lotGranularityMs: 1_000 } as const;

const leg = (from: string, to: string, amount: number, expiresAt?: number): Leg => ({
  from,
  to,
  asset: 'points',
  amount,
  expiresAt,
});

/** What there is to compare: of every account what it has, and its lots. */
function figures(shards: MemoryShards): unknown {
  return USERS.map((owner) =>
    shards.balances(owner).map(({ available, held, earned, spent, expired, lots }) => ({
      owner,
      available,
      held,
      earned,
      spent,
      expired,
      lots,
    })),
  );
}

function sound(shards: MemoryShards): void {
  const all: Balance[] = [];
  const system = ['@issue', '@redeem', '@expire', '@fee', '@transit:0', '@transit:1', '@transit:2'];
  for (const owner of USERS) all.push(...shards.balances(owner));
  let sum = 0;
  for (const owner of system) sum += shards.sumOf(owner);
  for (const balance of all) {
    sum += balance.total;
    const problem = balanceProblem(balance, true);
    if (problem !== undefined) throw new Error(problem);
  }
  if (sum !== 0) throw new Error(`L1: ${sum}`);
}

/** A world: commands at their times. */
class World {
  readonly shards: MemoryShards;
  #n = 0;
  time = START;
  readonly log: string[] = [];

  constructor(count: number) {
    this.shards = new MemoryShards(count);
    for (const { ledger } of this.shards.shards) ledger.acts = ACTS;
    this.shards.apply(ASSET, START);
  }

  do(command: Command): Outcome {
    this.#n++;
    const outcome = this.shards.apply({ id: `c${this.#n}`, ...command } as Command, this.time);
    this.log.push(
      `${this.time - START} ${JSON.stringify(command)} ${outcome.ok ? 'ok' : outcome.code}`,
    );
    return outcome;
  }

  /** Lots that are over are empty then, and the others as they were. */
  pass(ms: number): void {
    const before = this.#lots();
    this.time += ms;
    this.shards.tick(this.time);
    const after = this.#lots();
    for (const [lot, available] of new Map([...before, ...after])) {
      const isOver = Number(lot.split(' ')[1]) <= this.time;
      const is = after.get(lot) ?? 0;
      if (is !== (isOver ? 0 : (before.get(lot) ?? 0)))
        throw new Error(`${is} of ${available} in ${lot}`);
    }
  }

  /** What is available, by owner and lot. */
  #lots(): Map<string, number> {
    const lots = USERS.flatMap((owner) =>
      this.shards
        .balances(owner)
        .flatMap((balance) =>
          balance.lots.map(({ expiresAt, available }): [string, number] => [
            `${owner} ${expiresAt ?? Infinity}`,
            available,
          ]),
        ),
    );
    return new Map(lots);
  }

  /** A lot that ends before others gets a later expiry, still before them. */
  extendDated(owner: string, random: Random): void {
    const lots = this.shards.balances(owner).flatMap((balance) => balance.lots);
    const dated = lots.filter(({ expiresAt }) => expiresAt !== null && expiresAt < START + LATE);
    const [lot] = random.shuffle(dated);
    if (lot?.expiresAt === undefined || lot.expiresAt === null) return;
    const expiresAt = lot.expiresAt + (1 + random.int(4)) * HOUR;
    const amount = random.chance(0.5) ? undefined : 1 + random.int(60);
    const lotExpiresAt = lot.expiresAt;
    this.do({ type: 'extend-lots', owner, asset: 'points', lotExpiresAt, expiresAt, amount });
  }

  /** A hold that is released at once leaves everything where it was. */
  holdAndRelease(owner: string, amount: number): void {
    const before = JSON.stringify([...this.#lots()]);
    const hold = `${owner}-x${this.#n}`;
    if (!this.do({ type: 'hold', id: hold, owner, asset: 'points', amount }).ok) return;
    this.do({ type: 'release', owner, holdId: hold });
    if (JSON.stringify([...this.#lots()]) !== before) throw new Error(`${hold} moves lots`);
  }
}

/** What others do: the same in every world, but for what is refused in one of them. */
function draw(random: Random, holds: string[], quiet: string, ends?: number): Command {
  const busy = USERS.filter((user) => user !== quiet);
  const [a] = [random.pick(busy)];
  const amount = 1 + random.int(60);
  const kind = random.int(6);
  if (kind < 2) return { type: 'transfer', legs: [leg('@issue', a, amount, ends)] };
  if (kind < 4) return { type: 'transfer', legs: [leg(a, '@redeem', amount)] };
  const hold = holds.length > 0 ? random.pick(holds) : undefined;
  if (kind === 4 || hold === undefined)
    return { type: 'hold', id: `${a}-h${random.int(1e9)}`, owner: a, asset: 'points', amount };
  const [owner = ''] = hold.split('-');
  return random.chance(0.5)
    ? { type: 'release', owner, holdId: hold }
    : { type: 'capture', owner, holdId: hold, to: '@redeem', releaseRest: random.chance(0.5) };
}

/** An act of this owner that moves what a command would. */
function actOf(id: string, owner: string, legs: Wish['legs']): Command {
  const wish: Wish = { legs, records: [], counters: [] };
  return { type: 'act', id, owner, act: 'everything', body: { wish: JSON.stringify(wish) } };
}

/** The same as an act. */
function asAct(command: TransferCommand | CaptureCommand, owner: string, held: number): Command {
  const { id = '' } = command;
  if (command.type === 'transfer') return actOf(id, owner, command.legs);
  const { to, holdId } = command;
  return actOf(id, owner, [{ from: owner, to, amount: held, holdId }]);
}

interface Original {
  readonly command: TransferCommand | CaptureCommand;
  readonly owner: string;
  readonly quiet: string;
  readonly first: readonly Command[];
}

/** The original that is reversed: what it does, asked for as itself or as an act; who is quiet afterwards, its home owner. */
function original(random: Random): Original & { readonly asked: Command } {
  const drawn = movement(random);
  const { command, owner, first } = drawn;
  const held = first.find((one) => one.type === 'hold')?.amount ?? 0;
  return { ...drawn, asked: random.chance(0.4) ? asAct(command, owner, held) : command };
}

function movement(random: Random): Original {
  const [a = '', b = '', c = ''] = random.shuffle([...USERS]);
  const ends = START + (random.chance(0.3) ? LATE + HOUR : (5 + random.int(8)) * HOUR);
  const amount = 20 + random.int(80);
  const fund: Command = {
    type: 'transfer',
    legs: [leg('@issue', a, 30, ends), leg('@issue', a, 200, ends + 2 * HOUR)],
  };
  switch (random.int(3)) {
    case 0: {
      const two = random.chance(0.5);
      const legs = [leg('@issue', a, amount, ends)];
      if (two) legs.push(leg('@issue', random.pick([a, b]), amount, ends + HOUR));
      const command: TransferCommand = {
        type: 'transfer',
        id: 'T',
        owner: two ? a : undefined,
        legs,
      };
      return { command, owner: a, quiet: '', first: [] };
    }
    case 1: {
      const legs = [leg(a, b, amount)];
      if (random.chance(0.5)) legs.push(leg(a, c, (amount / 2) | 0 || 1));
      return { command: { type: 'transfer', id: 'T', legs }, owner: a, quiet: a, first: [fund] };
    }
    default: {
      const hold = { type: 'hold', id: 'H', owner: a, asset: 'points', amount } as const;
      const command = { type: 'capture', id: 'T', owner: a, holdId: 'H', to: b } as const;
      return { command, owner: a, quiet: a, first: [fund, hold] };
    }
  }
}

/** The rest of an original that is released where it never was. */
const undoHold = ({ command }: { command: Command }): Command | undefined =>
  command.type === 'capture'
    ? { type: 'release', owner: command.owner, holdId: command.holdId }
    : undefined;

export function asIfNever(seed: number): void {
  const random = new Random(seed);
  const count = random.pick([1, 1, 2, 3]);
  const [real, never] = [new World(count), new World(count)];
  const drawn = original(random);
  const late = random.chance(0.5) ? START + LATE : undefined;
  const fund = random.pick([40, 300]);
  for (const world of [real, never]) {
    for (const user of USERS)
      if (user !== drawn.quiet)
        world.do({ type: 'transfer', legs: [leg('@issue', user, fund, late)] });
    for (const command of drawn.first) world.do(command);
  }
  if (!real.do(drawn.asked).ok) throw new Error('the original is refused');
  const instead = undoHold(drawn);
  if (instead !== undefined) never.do(instead);
  // Whose lots that end before the others are the original's.
  const payee = drawn.command.type === 'transfer' ? drawn.command.legs[0]!.to : drawn.command.to;
  const holds: string[] = [];
  for (let n = 5 + random.int(20); n > 0; n--) {
    if (random.chance(0.2)) real.holdAndRelease(random.pick(USERS), 1 + random.int(100));
    if (random.chance(0.1)) real.extendDated(payee, random);
    const command = draw(random, holds, drawn.quiet, late);
    const there = never.do(command);
    if (there.ok !== real.do(command).ok && there.ok)
      throw new Error('refused where there is more');
    if (!there.ok) {
      // What only the original made possible is no part of the comparison.
      const back = real.log.at(-1)!.endsWith(' ok');
      if (back) return;
    } else if (command.type === 'hold') holds.push(command.id!);
    else if ('holdId' in command) holds.splice(holds.indexOf(command.holdId), 1);
    if (random.chance(0.4)) for (const world of [real, never]) world.pass(random.int(3) * HOUR);
  }
  const parts = random.chance(0.5) ? 1 + random.int(3) : 0;
  const legs = drawn.command.type === 'transfer' ? drawn.command.legs : [];
  for (let i = 0; i < parts; i++) {
    const part = 1 + random.int(12);
    const asked =
      legs.length > 1 ? { legs: [{ leg: random.int(2), amount: part }] } : { amount: part };
    const back = {
      type: 'reverse',
      owner: drawn.owner,
      transferId: 'T',
      allowDebt: true,
      ...asked,
    } as const;
    const outcome = real.do(back);
    if (!outcome.ok && !['REVERSAL_EXCEEDS_REMAINING', 'ALREADY_REVERSED'].includes(outcome.code))
      throw new Error(outcome.code);
    if (random.chance(0.3)) for (const world of [real, never]) world.pass(HOUR);
  }
  const whole = real.do({ type: 'reverse', owner: drawn.owner, transferId: 'T', allowDebt: true });
  const isDone = whole.ok ? whole.remaining === 0 : whole.code === 'ALREADY_REVERSED';
  if (!isDone) throw new Error(`the whole: ${JSON.stringify(whole)}`);
  for (const world of [real, never]) {
    for (const hold of holds)
      world.do({ type: 'release', owner: hold.split('-')[0]!, holdId: hold });
    world.pass(40 * HOUR);
    sound(world.shards);
  }
  same(figures(real.shards), figures(never.shards), real.log);
}

export function partsAsWhole(seed: number): void {
  const random = new Random(seed);
  const count = random.pick([1, 2, 3]);
  const [whole, inParts] = [new World(count), new World(count)];
  const worlds = [whole, inParts];
  const { command, asked: said, owner, first } = original(random);
  const isBoth = random.chance(0.7);
  for (const world of worlds) {
    for (const user of USERS)
      world.do({
        type: 'transfer',
        legs: [leg('@issue', user, 300, isBoth ? START + 9 * HOUR : undefined)],
      });
    for (const one of first) world.do(one);
    world.do(said);
  }
  const holds: string[] = [];
  for (let n = random.int(20); n > 0; n--) {
    const next = draw(random, holds, '');
    const [done] = worlds.map((world) => world.do(next));
    if (done!.ok && next.type === 'hold') holds.push(next.id!);
    if (done!.ok && 'holdId' in next) holds.splice(holds.indexOf(next.holdId), 1);
    if (random.chance(0.4)) {
      const ms = random.int(4) * HOUR;
      for (const world of worlds) world.pass(ms);
    }
  }
  const legs = command.type === 'transfer' ? command.legs : [leg('', '', 1e9)];
  const amounts = legs.map(({ amount }) => amount);
  const back = { type: 'reverse', owner, transferId: 'T', allowDebt: true } as const;
  whole.do(back);
  let given = 0;
  for (let i = 0; i < 6; i++) {
    const n = random.int(legs.length);
    const part = 1 + random.int(Math.min(60, amounts[n]!));
    const asked =
      legs.length > 1 || random.chance(0.5)
        ? { legs: [{ leg: n, amount: part }] }
        : { amount: part };
    const outcome = inParts.do({ ...back, ...asked });
    if (outcome.ok) given += part;
    else if (!['REVERSAL_EXCEEDS_REMAINING', 'ALREADY_REVERSED'].includes(outcome.code))
      throw new Error(outcome.code);
  }
  const rest = inParts.do(back);
  if (!rest.ok && rest.code !== 'ALREADY_REVERSED') throw new Error(rest.code);
  if (command.type === 'transfer' && given > amounts.reduce((sum, amount) => sum + amount, 0))
    throw new Error(`${given} of ${amounts} given back`);
  const more = inParts.do({
    ...back,
    ...(legs.length > 1 ? { legs: [{ leg: 0, amount: 1 }] } : { amount: 1 }),
  });
  if (more.ok || more.code !== 'ALREADY_REVERSED') throw new Error('more than the original');
  for (const world of worlds) {
    for (const hold of holds)
      world.do({ type: 'release', owner: hold.split('-')[0]!, holdId: hold });
    sound(world.shards);
  }
  same(figures(inParts.shards), figures(whole.shards), inParts.log);
}

/** What a world of several owners does, with debts, and reversals that may be refused. */
function drawAny(random: Random, posted: readonly Posted[], time: number): Command {
  const [a = '', b = ''] = random.shuffle([...USERS]);
  const amount = 1 + random.int(70);
  const ends = random.chance(0.6) ? time + (1 + random.int(4)) * HOUR : undefined;
  switch (random.int(8)) {
    case 0:
      return { type: 'transfer', legs: [leg('@issue', a, amount, ends)] };
    case 1:
      return { type: 'transfer', legs: [leg(a, '@redeem', amount)] };
    case 2:
      return { type: 'hold', id: `${a}-h${random.int(1e9)}`, owner: a, asset: 'points', amount };
    case 3:
    case 4: {
      const legs = [leg(a, b, 1 + random.int(25), ends)];
      for (let more = random.int(3); more > 0; more--) {
        const [from = '', to = ''] = random.shuffle([...USERS, '@fee']);
        legs.push(leg(random.chance(0.5) ? a : from, to, 1 + random.int(25)));
      }
      const fits = legs.filter(({ from, to }) => from !== to);
      const id = `${a}-t${random.int(1e9)}`;
      return random.chance(0.3)
        ? actOf(id, a, fits)
        : { type: 'transfer', id, owner: a, legs: fits };
    }
    default: {
      const one = posted.length > 0 ? random.pick(posted) : { owner: a, id: 'none', legs: [1] };
      const n = random.int(one.legs.length);
      const part = 1 + random.int(one.legs[n] ?? 1);
      const asked = one.legs.length > 1 ? { legs: [{ leg: n, amount: part }] } : { amount: part };
      const back = { type: 'reverse', owner: one.owner, transferId: one.id } as const;
      const allowDebt = random.chance(0.3);
      return { ...back, allowDebt, ...(random.chance(0.6) ? asked : {}) };
    }
  }
}

/** What a transfer or an act moves; undefined: it is neither. */
function legsOf(command: Command): readonly { readonly amount: number }[] | undefined {
  if (command.type === 'transfer') return command.legs;
  if (command.type !== 'act') return undefined;
  return (JSON.parse((command.body as { readonly wish: string }).wish) as Wish).legs;
}

interface Posted {
  readonly owner: string;
  readonly id: string;
  /** What each leg moves. */
  readonly legs: readonly number[];
}

/** Wherever owners live, the same is posted and refused, and leaves the same. */
export function sameElsewhere(seed: number): void {
  const random = new Random(seed);
  const worlds = [new World(1), new World(2 + random.int(2))] as const;
  for (const world of worlds)
    for (const owner of USERS) {
      world.do({ type: 'transfer', legs: [leg('@issue', owner, 60, START + 9 * HOUR)] });
      world.do({ type: 'set-credit-limit', owner, asset: 'points', creditLimit: 50 });
    }
  const posted: Posted[] = [];
  for (let n = 8 + random.int(20); n > 0; n--) {
    const command = drawAny(random, posted, worlds[0].time);
    const [alone, apart] = worlds.map((world) => world.do(command)) as [Outcome, Outcome];
    if (alone.ok !== apart.ok)
      throw new Error(`${worlds[1].log.join('\n')}\nalone: ${worlds[0].log.at(-1)}`);
    const moved = legsOf(command);
    if (alone.ok && moved !== undefined && 'id' in command && command.id !== undefined) {
      const [owner, legs] = [homeOwner(command), moved.map(({ amount }) => amount)];
      posted.push({ owner, id: command.id, legs });
    }
    const [one, other] = worlds.map(({ shards }) => figures(shards));
    same(other, one, worlds[1].log);
    for (const owner of ['@expire', '@fee', '@redeem'])
      same(worlds[1].shards.sumOf(owner), worlds[0].shards.sumOf(owner), worlds[1].log);
    if (!random.chance(0.3)) continue;
    const ms = random.int(3) * HOUR;
    for (const world of worlds) world.pass(ms);
  }
  for (const { blocks, state } of worlds[1].shards.shards) {
    same(
      auditFault(blocks, state.places.shard, slotMapOf(state.places.shards)),
      undefined,
      worlds[1].log,
    );
    const twin = MemoryLedger.replay(blocks, state.places);
    same(canonicalState(twin.state), canonicalState(state), worlds[1].log);
  }
}

function same(is: unknown, should: unknown, log: readonly string[]): void {
  const [a, b] = [JSON.stringify(is), JSON.stringify(should)];
  if (a !== b) throw new Error(`${log.join('\n')}\n${a}\n${b}`);
}
