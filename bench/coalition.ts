// The question: what does an exchange between platforms cost beside a plain transfer: by values, by a rate with a fee and a day's limit, out of a reserve
// that all shards take from? In one process, on one ledger, slice by slice in turn. Owns: what is driven. Never touches: the engine's inside.
//   R1. Members have enough points for all that is asked, and the reserve, too. Each exchange is for its own member.
//   R2. Transfers are those of `engine/batch-1000`: earnings of a member, in batches of 1,000.

import { type Command, type Engine, open } from '../engine/index.js';
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
import { LEAD_MS, writeKey } from './programme-work.js';

const SHARDS = 2;
const BATCH = 1000;
/** Batches in flight per shard. */
const IN_FLIGHT = 3;
const SLICES = 5;
const BATCHES_PER_SECOND = 10;
const PLENTY = 1_000_000_000;
/** Assets, with what is said of each beside its coalition and platform. */
const SIDES = {
  alpha: { platform: 'a' },
  beta: { platform: 'b' },
  gamma: { platform: 'c', feeRate: '0.01', mostDay: PLENTY },
  delta: { platform: 'd', reserve: 'pool' },
} as const;
const MAIN = {
  ...{ currency: 'CNY', base: '0.01', platforms: { a: '1.0', b: '1.2', c: '0.8' } },
  zone: 'Asia/Shanghai',
};
/** From asset to asset, by scenario. */
const SCENARIOS = {
  'coalition/transfers': undefined,
  'coalition/values': ['alpha', 'beta'],
  'coalition/rate': ['gamma', 'beta'],
  'coalition/reserve': ['alpha', 'delta'],
} as const;
const NAMES = Object.keys(SCENARIOS) as (keyof typeof SCENARIOS)[];

const define = (kind: string, key: string, document: object): Command =>
  ({ type: 'put-definition', kind, key, state: 'active', document }) as Command;
const given = (to: string, asset: string): Command => ({
  ...{ type: 'transfer', id: `f-${to.replace('#', '')}-${asset}` },
  legs: [{ from: '@issue', to, asset, amount: PLENTY }],
});

async function prepared({ options, folder }: RunContext): Promise<Engine> {
  const { cacheMb, users } = options;
  const clockOffset = new SharedArrayBuffer(8);
  const engine = await open({ folder: `${folder}/data`, shards: SHARDS, cacheMb, clockOffset });
  writeKey(`${folder}/data`);
  for (const asset of Object.keys(SIDES))
    expectPosted(await engine.submit({ type: 'define-asset', asset, scale: 0, lotTracked: false }));
  expectPosted(await engine.submit(define('coalition', 'main', MAIN)));
  for (const [asset, side] of Object.entries(SIDES)) {
    const document = { coalition: 'main', members: 'all', ...side };
    expectPosted(await engine.submit(define('exchanging', asset, document)));
  }
  const rate = { coalition: 'main', rate: '0.65' };
  expectPosted(await engine.submit(define('exchange-rate', 'gamma.beta', rate)));
  expectPosted(await engine.own.submit(given('#reserve:d', 'delta') as never));
  new Float64Array(clockOffset)[0] = LEAD_MS;
  for (const asset of ['alpha', 'gamma']) {
    let left = users;
    const next = () => {
      const first = left;
      left = Math.max(0, left - BATCH);
      return first === 0
        ? undefined
        : Array.from({ length: first - left }, (_, n) => given(`u${left + n}`, asset));
    };
    await driveBatches(asObjects(engine), IN_FLIGHT * SHARDS, next, () => {});
  }
  const until = Date.now() + LEAD_MS;
  for (let n = 0; n < 16; n++) {
    const body = { from: 'gamma', to: 'beta', amount: 100 };
    const asked = { type: 'act', owner: `u${n}`, act: 'exchange', body } as const;
    while (!(await engine.submit(asked, { dryRun: true })).ok)
      if (Date.now() > until) throw new Error('nothing is exchanged');
  }
  return engine;
}

async function measure(context: RunContext): Promise<Readonly<Record<string, Run>>> {
  const { options } = context;
  const engine = await prepared(context);
  let count = 0;
  const owner = (n: number): string => `u${(n * 7_919) % options.users}`;
  const commandOf = (pair: readonly [from: string, to: string] | undefined): Command => {
    const n = count++;
    if (pair === undefined) {
      const legs = [{ from: '@issue', to: owner(n), asset: 'alpha', amount: 1 }];
      return { type: 'transfer', id: `t${n}`, legs };
    }
    const [from, to] = pair;
    const body = { from, to, amount: 100 };
    return { type: 'act', act: 'exchange', id: `x${n}`, owner: owner(n), body };
  };
  const submit = asked(engine);
  // What is lent to other shards is, before it is measured.
  for (const name of NAMES)
    await submit(Array.from({ length: 200 * SHARDS }, () => commandOf(SCENARIOS[name])));
  const slices = new Map(NAMES.map((name) => [name, [] as Slice[]]));
  const batches = Math.max(2, Math.round(options.seconds * BATCHES_PER_SECOND));
  for (let round = 0; round < (options.smoke ? 1 : SLICES); round++)
    for (const name of NAMES) {
      const measurement = new Measurement(0, Number.POSITIVE_INFINITY);
      let sent = 0;
      const next = () =>
        sent++ < batches
          ? Array.from({ length: BATCH }, () => commandOf(SCENARIOS[name]))
          : undefined;
      await driveBatches(submit, IN_FLIGHT * SHARDS, next, measurement.answered.bind(measurement));
      measurement.end(performance.now());
      slices.get(name)?.push(measurement.result());
    }
  await engine.close();
  return Object.fromEntries(NAMES.map((name) => [name, runOfSlices(slices.get(name) ?? [])]));
}

/** Batches as they are asked for; what is refused for now is asked again, until there is an end. */
const asked =
  (engine: Engine) =>
  async (commands: readonly Command[]): Promise<void> => {
    for (let left = commands; left.length > 0; ) {
      const outcomes = await engine.submitBatch(left, PATIENT);
      left = left.filter((_, i) => {
        const outcome = outcomes[i];
        if (outcome?.ok === false && outcome.retry) return true;
        expectPosted(outcome as NonNullable<typeof outcome>);
        return false;
      });
    }
  };

/** The bench of a coalition. */
export const coalitionBench: Bench = {
  name: 'coalition',
  figures: () => [
    {
      name: 'coalition',
      unit: 'commands/s',
      headline: true,
      compareTo: {
        'coalition/values': NAMES[0] as string,
        'coalition/rate': NAMES[0] as string,
        'coalition/reserve': NAMES[0] as string,
      },
      run: measure,
    },
  ],
};
