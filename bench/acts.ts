// The question: what does it cost that a command is decided by a programme's rule, and not by its caller? Acts beside transfers, in one
// process, on one ledger, slice by slice in turn. Owns: scenarios, which member claims what, expected sums. Never touches: the engine's
// inside.
//   A1. Scenarios take turns, slice by slice: a figure is the median of its slices, a ratio is of two figures of one run.
//   A2. Every member claims every offer once: a scenario never asks for what must be refused.

import { type Command, type Engine, open } from '../engine/index.js';
import {
  asObjects,
  driveBatches,
  expectPosted,
  Measurement,
  runOfSlices,
  type Slice,
} from './drive.js';
import type { Bench, BenchOptions, Run, RunContext } from './harness.js';
import { random } from './load.js';

const SHARDS = 2;
const ASSET = 'points';
const BATCH = 1000;
/** Batches in flight per shard. */
const IN_FLIGHT = 3;
const SEED = 20_261_123;
/** What every member, and every budget, has at the beginning. */
const FUNDS = 1_000_000;
const BUDGET = 1_000_000_000_000;
/** What a claim pays. */
const POINTS = 5;
/** Slices of each scenario in a run; at the smoke size one. */
const SLICES = 5;
/** Batches of a slice for each second that is to be measured. */
const BATCHES_PER_SECOND = 20;
const CORRECTION = 'desk';
/** Definitions decide some 10 s after they were said (limits.DEFINITION_LEAD_MS): the clock is set on by more. */
const LEAD_MS = 12_000;

/** One kind of commands that is measured. */
interface Scenario {
  readonly name: string;
  /** The one that its rate is compared with. */
  readonly ratioTo?: string;
  /** The shard of the budget that pays a member on this shard; left out: nothing is claimed. */
  readonly payerOf?: (shard: number) => number;
  /** The command where nothing is claimed. */
  readonly make?: (id: string, n: number, member: string) => Command;
}

const TRANSFER = 'acts/transfer';
const OWN_SHARD = 'acts/claim/own-shard';
/** Points that a member gets by the n-th command that is no claim. */
const given = (n: number): number => 1 + (n & 7);

const SCENARIOS: readonly Scenario[] = [
  {
    name: TRANSFER,
    make: (id, n, to) => {
      const legs = [{ from: '@issue', to, asset: ASSET, amount: given(n) }];
      return { type: 'transfer', id, kind: 'EARN', legs };
    },
  },
  {
    name: 'acts/adjust',
    ratioTo: TRANSFER,
    make: (id, n, owner) => {
      const body = { correction: CORRECTION, give: given(n), reason: 'bench', operator: 'op' };
      return { type: 'act', id, owner, act: 'adjust', body };
    },
  },
  { name: OWN_SHARD, ratioTo: TRANSFER, payerOf: (shard) => shard },
  // Between shards until what they ask for is lent to them (bench hot-budget measures one budget for all).
  {
    name: 'acts/claim/between-shards',
    ratioTo: OWN_SHARD,
    payerOf: (shard) => (shard + 1) % SHARDS,
  },
];

/** The members, what each must have, and the commands of every scenario. */
class Programme {
  readonly members: readonly string[];
  readonly available: Float64Array;
  /** Offers of a scenario that each member claims, at most. */
  readonly #offers: number;
  readonly #shards: readonly number[];
  readonly #order: Uint32Array;
  readonly #made: number[] = SCENARIOS.map(() => 0);
  readonly budgets: readonly string[];

  constructor(engine: Engine, count: number, claims: number) {
    this.#offers = Math.ceil(claims / count);
    this.members = Array.from({ length: count }, (_, n) => `u${n}`);
    this.available = new Float64Array(count).fill(FUNDS);
    this.#shards = this.members.map((member) => engine.shardOf(member));
    this.#order = shuffled(count);
    this.budgets = Array.from({ length: SHARDS }, (_, shard) => budgetOn(engine, shard));
  }

  definitions(): Command[] {
    const document = { asset: ASSET, mostUp: 1_000, mostDown: 0 };
    const desk = { kind: 'correction', key: CORRECTION, document };
    const offers = SCENARIOS.flatMap(({ payerOf }, scenario) =>
      payerOf === undefined ? [] : this.#offersOf(scenario),
    );
    return [desk, ...offers].map((one) => ({ type: 'put-definition', state: 'active', ...one }));
  }

  /** Those of members on each shard. */
  #offersOf(scenario: number): { kind: string; key: string; document: Record<string, unknown> }[] {
    return Array.from({ length: SHARDS * this.#offers }, (_, i) => {
      const shard = i % SHARDS;
      const document = { points: POINTS, asset: ASSET, budget: this.#budgetOf(scenario, shard) };
      return { kind: 'offer', key: offerKey(scenario, shard, Math.floor(i / SHARDS)), document };
    });
  }

  /** A claim of the last offer of each scenario, which must be decided before any is measured. */
  lastClaims(member: string): Command[] {
    const shard = this.#shards[this.members.indexOf(member)] as number;
    return SCENARIOS.flatMap(({ payerOf }, scenario) => {
      const body = { offer: offerKey(scenario, shard, this.#offers - 1) };
      return payerOf === undefined ? [] : [{ type: 'act', owner: member, act: 'claim', body }];
    });
  }

  fundings(): Command[] {
    return this.members.map((to) => fund(to, FUNDS));
  }

  #budgetOf(scenario: number, shard: number): string {
    const payer = SCENARIOS[scenario]?.payerOf?.(shard);
    return this.budgets[payer as number] as string;
  }

  batch(scenario: number): Command[] {
    return Array.from({ length: BATCH }, () => this.#next(scenario));
  }

  #next(scenario: number): Command {
    const { make } = SCENARIOS[scenario] as Scenario;
    const n = (this.#made[scenario] as number)++;
    const who = this.#order[n % this.members.length] as number;
    const member = this.members[who] as string;
    const id = `${scenario}-${n}`;
    this.available[who] = (this.available[who] as number) + (make ? given(n) : POINTS);
    if (make !== undefined) return make(id, n, member);
    const shard = this.#shards[who] as number;
    const round = Math.floor(n / this.members.length);
    const body = { offer: offerKey(scenario, shard, round) };
    return { type: 'act', id, owner: member, act: 'claim', body };
  }
}

const offerKey = (scenario: number, shard: number, n: number): string =>
  `offer-${scenario}-${shard}-${n}`;

const fund = (to: string, amount: number) =>
  ({
    type: 'transfer',
    id: `fund-${to.replace('#', '')}`,
    legs: [{ from: '@issue', to, asset: ASSET, amount }],
  }) as const;

/** A budget that is on this shard. */
function budgetOn(engine: Engine, shard: number): string {
  for (let n = 0; ; n++) {
    const budget = `#budget:b${n}`;
    if (engine.shardOf(budget) === shard) return budget;
  }
}

/** Numbers from 0 on, in an order that is the same every time. */
function shuffled(count: number): Uint32Array {
  const next = random(SEED);
  const order = Uint32Array.from({ length: count }, (_, n) => n);
  for (let k = count - 1; k > 0; k--) {
    const other = Math.floor(next() * (k + 1));
    [order[k], order[other]] = [order[other] as number, order[k] as number];
  }
  return order;
}

/** The bench of acts: one run measures all scenarios. */
export const actsBench: Bench = {
  name: 'acts',
  figures: () => [
    {
      name: 'acts',
      unit: 'commands/s',
      headline: true,
      compareTo: Object.fromEntries(
        SCENARIOS.flatMap(({ name, ratioTo }) => (ratioTo === undefined ? [] : [[name, ratioTo]])),
      ),
      run: measureAll,
    },
  ],
};

async function measureAll(context: RunContext): Promise<Readonly<Record<string, Run>>> {
  const { options, folder, progress } = context;
  const clockOffset = new SharedArrayBuffer(8);
  const { cacheMb } = options;
  const engine = await open({ folder: `${folder}/data`, shards: SHARDS, cacheMb, clockOffset });
  const slicesOfEach = options.smoke ? 1 : SLICES;
  const batches = Math.max(2, Math.round(options.seconds * BATCHES_PER_SECOND));
  const programme = new Programme(engine, options.users, slicesOfEach * batches * BATCH);
  await prepare(engine, programme, clockOffset);
  const slices: Slice[][] = SCENARIOS.map(() => []);
  for (let round = 0; round < slicesOfEach; round++)
    for (const [scenario, of] of slices.entries())
      of.push(await drive(engine, programme, scenario, batches, options));
  progress(`${slicesOfEach} slices of ${batches} batches of each scenario`);
  await checkSums(engine, programme);
  await engine.close();
  return Object.fromEntries(
    SCENARIOS.map(({ name }, scenario) => [name, runOfSlices(slices[scenario] as Slice[])]),
  );
}

/** Everybody has points and every budget, and all shards decide by all definitions. */
async function prepare(
  engine: Engine,
  programme: Programme,
  clockOffset: SharedArrayBuffer,
): Promise<void> {
  const lotTracked = false;
  expectPosted(await engine.submit({ type: 'define-asset', asset: ASSET, scale: 0, lotTracked }));
  for (const definition of programme.definitions()) expectPosted(await engine.submit(definition));
  for (const budget of programme.budgets)
    expectPosted(await engine.own.submit(fund(budget, BUDGET)));
  const fundings = programme.fundings();
  const batches = Math.ceil(fundings.length / BATCH);
  let sent = 0;
  const next = () => {
    const from = sent++ * BATCH;
    return sent > batches ? undefined : fundings.slice(from, from + BATCH);
  };
  await driveBatches(asObjects(engine), IN_FLIGHT * SHARDS, next, () => {});
  new Float64Array(clockOffset)[0] = LEAD_MS;
  const until = Date.now() + LEAD_MS;
  for (const member of programme.members.slice(0, 16))
    for (const claim of programme.lastClaims(member))
      while (!(await engine.submit(claim, { dryRun: true })).ok)
        if (Date.now() > until) throw new Error(`${member} cannot claim`);
}

/** So many batches, from the first answer to the last. */
async function drive(
  engine: Engine,
  programme: Programme,
  scenario: number,
  batches: number,
  options: BenchOptions,
): Promise<Slice> {
  const measurement = new Measurement(0, Number.POSITIVE_INFINITY);
  const window = (options.inFlight ?? IN_FLIGHT) * SHARDS;
  let sent = 0;
  const next = () => (sent++ < batches ? programme.batch(scenario) : undefined);
  await driveBatches(asObjects(engine), window, next, measurement.answered.bind(measurement));
  measurement.end(performance.now());
  return measurement.result();
}

/** Every member has what was given. */
async function checkSums(engine: Engine, { members, available }: Programme): Promise<void> {
  for (let first = 0; first < members.length; first += BATCH) {
    const some = members.slice(first, first + BATCH);
    const balances = await engine.balances(some, ASSET);
    if (!Array.isArray(balances)) throw new Error(`balances are refused: ${balances.code}`);
    for (const [i, [balance]] of balances.entries()) {
      const expected = available[first + i];
      if (balance?.available !== expected || balance?.held !== 0)
        throw new Error(`${some[i]} has ${JSON.stringify(balance)}, not ${expected}`);
    }
  }
}
