// The question: what does a redemption cost beside a plain spend, and one of what is sold out beside a balance? In one process, on one ledger, slice by
// slice in turn; and one a request over HTTP (mall-http.ts). Owns: what is driven in process. Never touches: the engine's inside.
//   R3. What is refused for now is asked again, within the measured time.

import { type Command, type Engine, type Outcome, open } from '../engine/index.js';
import { asObjects, driveBatches, expectPosted, PATIENT } from './drive.js';
import type { Bench, Run, RunContext } from './harness.js';
import type { Send } from './loops.js';
import { HTTP_RATIOS, measureHttp } from './mall-http.js';
import { expectSoldOut, given, isOpenTo, openMall, Shoppers } from './mall-work.js';
import { ASSET, LEAD_MS, writeKey } from './programme-work.js';
import { inTurns, type Way } from './turns.js';

const SHARDS = 2;
const BATCH = 1000;
/** Batches in flight per shard. */
const IN_FLIGHT = 3;
const SLICES = 5;
/** Batches of a slice for each second that is to be measured. */
const BATCHES_PER_SECOND = 10;
/** Batches of each before the first slice, for each second of warming up: what decides is compiled by then, as in the bench of the engine. */
const WARM_UP_BATCHES_PER_SECOND = 100;

async function prepared({ options, folder }: RunContext): Promise<Engine> {
  const { cacheMb, users } = options;
  const clockOffset = new SharedArrayBuffer(8);
  const engine = await open({ folder: `${folder}/data`, shards: SHARDS, cacheMb, clockOffset });
  writeKey(`${folder}/data`);
  await openMall(engine);
  new Float64Array(clockOffset)[0] = LEAD_MS;
  let left = users;
  const next = () => {
    const first = left;
    left = Math.max(0, left - BATCH);
    return first === 0
      ? undefined
      : Array.from({ length: first - left }, (_, n) => given(`u${left + n}`));
  };
  await driveBatches(asObjects(engine), IN_FLIGHT * SHARDS, next, () => {});
  const until = Date.now() + LEAD_MS;
  for (let n = 0; n < 16; n++)
    while (!(await engine.submit(isOpenTo(`u${n}`), { dryRun: true })).ok)
      if (Date.now() > until) throw new Error('the mall does not open');
  return engine;
}

/** Batches of what is asked for; what is refused for now is asked again, until there is an end (R3). */
const batches =
  (engine: Engine, one: () => Command, expect: (outcome: Outcome) => void): Send =>
  async () => {
    for (let left = Array.from({ length: BATCH }, one); left.length > 0; ) {
      const outcomes = await engine.submitBatch(left, PATIENT);
      left = left.filter((_, i) => {
        const outcome = outcomes[i] as Outcome;
        if (!outcome.ok && outcome.retry) return true;
        expect(outcome);
        return false;
      });
    }
    return BATCH;
  };

/** Balances of as many members. */
const balances =
  (engine: Engine, shoppers: Shoppers): Send =>
  async () => {
    const owners = Array.from({ length: BATCH }, () => shoppers.owner());
    const found = await engine.balances(owners, ASSET);
    const areAll = Array.isArray(found) && found.length === BATCH;
    if (!areAll || !found.every(([one]) => one !== undefined && one.available > 0))
      throw new Error('balances are missing');
    return BATCH;
  };

const SPENDS = 'mall/spends';
const BALANCES = 'mall/balances';
const RATIOS = { 'mall/spread': SPENDS, 'mall/hot': SPENDS, 'mall/sold-out': BALANCES };

async function measure(context: RunContext): Promise<Readonly<Record<string, Run>>> {
  const { options } = context;
  const engine = await prepared(context);
  const shoppers = new Shoppers(options.users);
  const ways: readonly Way[] = [
    [SPENDS, batches(engine, () => shoppers.spend(), expectPosted)],
    [BALANCES, balances(engine, shoppers)],
    ['mall/spread', batches(engine, () => shoppers.spread(), expectPosted)],
    ['mall/hot', batches(engine, () => shoppers.hot(), expectPosted)],
    ['mall/sold-out', batches(engine, () => shoppers.soldOut(), expectSoldOut)],
  ];
  const requests = Math.max(2, Math.round(options.seconds * BATCHES_PER_SECOND));
  const turns = { connections: IN_FLIGHT * SHARDS, slices: SLICES, requests };
  const first = Math.ceil(options.warmUpSeconds * WARM_UP_BATCHES_PER_SECOND);
  await inTurns(ways, { ...turns, slices: 1, requests: first }, options);
  const runs = await inTurns(ways, turns, options);
  await engine.close();
  return runs;
}

/** The bench of the mall. */
export const mallBench: Bench = {
  name: 'mall',
  figures: () => [
    { name: 'mall', unit: 'commands/s', headline: true, compareTo: RATIOS, run: measure },
    {
      name: 'mall/http',
      unit: 'requests/s',
      headline: true,
      compareTo: HTTP_RATIOS,
      run: measureHttp,
    },
  ],
};
