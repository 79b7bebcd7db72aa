// The question: what does it cost that all members claim from one budget? Its points are lent to the shards of the members; beside it the same
// claims on budgets that each lie on their members' shard. Owns: who claims what. Never touches: the engine's threads.

import { type Command, type Engine, open } from '../engine/index.js';
import { asObjects, driveBatches, expectPosted, Measurement, PATIENT } from './drive.js';
import type { Bench, Run, RunContext } from './harness.js';

const SHARDS = 2;
const ASSET = 'points';
const FUNDS = 1_000_000_000;
const BATCH = 250;
/** Batches in flight per shard. */
const IN_FLIGHT = 3;
/** Definitions decide so long after they were said; the shards' clock is set on. */
const LEAD_MS = 11_000;

/** From which budget: the one of all, or the one of the member's shard. */
type Which = 'hot' | 'spread';

/** Members who claim, each for the first time. */
class Members {
  readonly #shardOf: (owner: string) => number;
  made = 0;

  constructor(engine: Engine) {
    this.#shardOf = (owner) => engine.shardOf(owner);
  }

  batch(size: number, which: Which): Command[] {
    return Array.from({ length: size }, () => {
      const owner = `m${this.made++}`;
      const offer = which === 'hot' ? 'hot' : `of${this.#shardOf(owner)}`;
      return { type: 'act', id: 'c', owner, act: 'claim', body: { offer } };
    });
  }
}

/** A budget on this shard. */
function budgetOn(engine: Engine, shard: number): string {
  for (let n = 0; ; n++) if (engine.shardOf(`#budget:b${n}`) === shard) return `#budget:b${n}`;
}

async function opened({ folder, options }: RunContext): Promise<Engine> {
  const clockOffset = new SharedArrayBuffer(8);
  const { cacheMb } = options;
  const engine = await open({ folder: `${folder}/data`, shards: SHARDS, cacheMb, clockOffset });
  const asset = { type: 'define-asset', asset: ASSET, scale: 0, lotTracked: false } as const;
  expectPosted(await engine.submit(asset));
  const budgets = Array.from({ length: SHARDS }, (_, shard) => budgetOn(engine, shard));
  const offers = [...budgets.entries()].map(([shard, budget]) => [`of${shard}`, budget] as const);
  const hot = '#budget:hot';
  for (const [key, budget] of [...offers, ['hot', hot] as const]) {
    const document = { points: 1, asset: ASSET, budget };
    const said = { type: 'put-definition', kind: 'offer', key, state: 'active', document } as const;
    expectPosted(await engine.submit(said));
  }
  for (const to of [...budgets, hot]) {
    const legs = [{ from: '@issue', to, asset: ASSET, amount: FUNDS }];
    expectPosted(await engine.own.submit({ type: 'transfer', id: 'f', legs }));
  }
  new Float64Array(clockOffset)[0] = LEAD_MS;
  for (let n = 0; n < 16; n++) await decides(engine, `try${n}`);
  return engine;
}

/** Waits until the shard of this member decides. */
async function decides(engine: Engine, owner: string): Promise<void> {
  for (;;) {
    const claim = { type: 'act', id: 'c', owner, act: 'claim', body: { offer: 'hot' } } as const;
    if ((await engine.submit(claim, { dryRun: true })).ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Claims until the measurement is over. */
async function drive(
  engine: Engine,
  members: Members,
  which: Which,
  { options }: RunContext,
): Promise<ReturnType<Measurement['result']>> {
  const from = performance.now() + options.warmUpSeconds * 1000;
  const measurement = new Measurement(from, from + options.seconds * 1000);
  const next = () => (measurement.over ? undefined : members.batch(BATCH, which));
  const window = (options.inFlight ?? IN_FLIGHT) * SHARDS;
  await driveBatches(asObjects(engine), window, next, measurement.answered.bind(measurement));
  return measurement.result();
}

async function measured(context: RunContext): Promise<Run> {
  const engine = await opened(context);
  const members = new Members(engine);
  let claimed = 0;
  const rates = { spread: 0, hot: 0 };
  let last: ReturnType<Measurement['result']> | undefined;
  // One after the other, twice: what else the machine does is in both.
  for (const which of ['spread', 'hot', 'spread', 'hot'] as const) {
    const before = members.made;
    last = await drive(engine, members, which, context);
    rates[which] += last.value / 2;
    if (which === 'hot') claimed += members.made - before;
  }
  const state = await engine.own.pool('#budget:hot', ASSET);
  if ('ok' in state || state.paid !== claimed)
    throw new Error(`${claimed} claimed, and ${JSON.stringify(state)}`);
  const lone: number[] = [];
  for (let n = 0; n < 20; n++) {
    const sentAt = performance.now();
    expectPosted(await engine.submit(members.batch(1, 'hot')[0] as Command, PATIENT));
    lone.push(performance.now() - sentAt);
  }
  await engine.close();
  lone.sort((a, b) => a - b);
  return {
    ...last,
    value: rates.hot,
    reference: rates.spread,
    also: { loneMs: lone[10] as number },
  };
}

/** The bench of a budget that everybody claims from. */
export const hotBudgetBench: Bench = {
  name: 'hot-budget',
  figures: () => [
    {
      name: 'hot-budget/claims',
      unit: 'claims/s',
      headline: true,
      ratioTo: 'budgets-of-shards',
      run: measured,
    },
  ],
};
