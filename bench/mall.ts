// The question: what does a redemption cost beside a plain spend: of many goods, of one that is hot, of what is sold out? In one process, on one ledger,
// slice by slice in turn. Owns: what is driven. Never touches: the engine's inside; HTTP, over which the answers of what is sold out are another matter.
//   R1. Goods cost a point each; a member has enough of them for all that is asked.
//   R2. Each order is of one piece. Of the hot good there are more than are asked for, and of what is sold out there are none: each of its orders is
//       refused for good, and kept. What is refused for now is asked again, within the measured time.

import { type Command, type Engine, type Outcome, open } from '../engine/index.js';
import {
  asObjects,
  driveBatches,
  expectPosted,
  Measurement,
  PATIENT,
  runOfSlices,
  type Slice,
} from './drive.js';
import type { Bench, Run, RunContext } from './harness.js';
import { ASSET, LEAD_MS, PROGRAMME, writeKey } from './programme-work.js';

const SHARDS = 2;
const BATCH = 1000;
/** Batches in flight per shard. */
const IN_FLIGHT = 3;
const SLICES = 5;
const BATCHES_PER_SECOND = 10;
const PIECE = 'piece';
const GOODS = 100;
const PLENTY = 1_000_000_000;

const goodsAt = (n: number): string => `g${n % GOODS}`;
const define = (kind: string, key: string, document: object): Command =>
  ({ type: 'put-definition', kind, key, state: 'active', document }) as Command;
const given = (to: string, asset: string): Command => ({
  ...{ type: 'transfer', id: `f-${to.replace('#', '')}` },
  legs: [{ from: '@issue', to, asset, amount: PLENTY }],
});

async function prepared({ options, folder }: RunContext): Promise<Engine> {
  const { cacheMb, users } = options;
  const clockOffset = new SharedArrayBuffer(8);
  const engine = await open({ folder: `${folder}/data`, shards: SHARDS, cacheMb, clockOffset });
  writeKey(`${folder}/data`);
  for (const asset of [ASSET, PIECE])
    expectPosted(await engine.submit({ type: 'define-asset', asset, scale: 0, lotTracked: false }));
  expectPosted(await engine.submit(define('programme', PROGRAMME, { asset: ASSET, zone: 'UTC' })));
  const all = ['hot', 'gone', ...Array.from({ length: GOODS }, (_, n) => goodsAt(n))];
  const of = { programme: PROGRAMME, price: 1, delivery: 'physical', stockAsset: PIECE };
  for (const key of all) {
    expectPosted(await engine.submit(define('goods', key, of)));
    const stock = given(`#item:${key}`, PIECE) as never;
    if (key !== 'gone') expectPosted(await engine.own.submit(stock));
  }
  new Float64Array(clockOffset)[0] = LEAD_MS;
  let left = users;
  const next = () => {
    const first = left;
    left = Math.max(0, left - BATCH);
    return first === 0
      ? undefined
      : Array.from({ length: first - left }, (_, n) => given(`u${left + n}`, ASSET));
  };
  await driveBatches(asObjects(engine), IN_FLIGHT * SHARDS, next, () => {});
  const until = Date.now() + LEAD_MS;
  for (let n = 0; n < 16; n++) {
    const body = { goods: 'hot' };
    const asked = { type: 'act', owner: `u${n}`, act: 'order-quote', body } as const;
    while (!(await engine.submit(asked, { dryRun: true })).ok)
      if (Date.now() > until) throw new Error('the mall does not open');
  }
  return engine;
}

const SCENARIOS = ['mall/spends', 'mall/spread', 'mall/hot', 'mall/sold-out'] as const;

function expectSoldOut(outcome: Outcome): void {
  if (outcome.ok || outcome.code !== 'SOLD_OUT')
    throw new Error(`what is sold out: ${outcome.ok ? 'ordered' : outcome.code}`);
}

async function measure(context: RunContext): Promise<Readonly<Record<string, Run>>> {
  const { options } = context;
  const engine = await prepared(context);
  let count = 0;
  const owner = (n: number): string => `u${(n * 7_919) % options.users}`;
  const order = (goods: (n: number) => string) => (): Command => {
    const n = count++;
    return { type: 'act', act: 'order', id: `o${n}`, owner: owner(n), body: { goods: goods(n) } };
  };
  const spend = (): Command => {
    const n = count++;
    const legs = [{ from: owner(n), to: '@redeem', asset: ASSET, amount: 1 }];
    return { type: 'transfer', id: `s${n}`, legs };
  };
  const all = [
    [spend, expectPosted],
    [order(goodsAt), expectPosted],
    [order(() => 'hot'), expectPosted],
    [order(() => 'gone'), expectSoldOut],
  ] as const;
  // What is lent to other shards is, before it is measured.
  for (const [one, expect] of all.slice(1))
    await asked(engine, expect)(Array.from({ length: 200 * SHARDS }, one));
  const slices = SCENARIOS.map((): Slice[] => []);
  const batches = Math.max(2, Math.round(options.seconds * BATCHES_PER_SECOND));
  for (let round = 0; round < (options.smoke ? 1 : SLICES); round++)
    for (const [scenario, of] of slices.entries()) {
      const [one, expect] = all[scenario] as (typeof all)[number];
      const measurement = new Measurement(0, Number.POSITIVE_INFINITY);
      let sent = 0;
      const next = () => (sent++ < batches ? Array.from({ length: BATCH }, one) : undefined);
      await driveBatches(
        asked(engine, expect),
        IN_FLIGHT * SHARDS,
        next,
        measurement.answered.bind(measurement),
      );
      measurement.end(performance.now());
      of.push(measurement.result());
    }
  await engine.close();
  return Object.fromEntries(
    SCENARIOS.map((name, scenario) => [name, runOfSlices(slices[scenario] ?? [])]),
  );
}

/** Batches as they are asked for; what is refused for now is asked again, until there is an end. */
const asked =
  (engine: Engine, expect: (outcome: Outcome) => void) =>
  async (commands: readonly Command[]): Promise<void> => {
    for (let left = commands; left.length > 0; ) {
      const outcomes = await engine.submitBatch(left, PATIENT);
      left = left.filter((_, i) => {
        const outcome = outcomes[i] as Outcome;
        if (!outcome.ok && outcome.retry) return true;
        expect(outcome);
        return false;
      });
    }
  };

/** The bench of the mall. */
export const mallBench: Bench = {
  name: 'mall',
  figures: () => [
    {
      name: 'mall',
      unit: 'commands/s',
      headline: true,
      compareTo: {
        [SCENARIOS[1]]: SCENARIOS[0],
        [SCENARIOS[2]]: SCENARIOS[0],
        [SCENARIOS[3]]: SCENARIOS[0],
      },
      run: measure,
    },
  ],
};
