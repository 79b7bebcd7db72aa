// The question: what does it cost that a programme decides what an event earns, or a draw wins? Both beside transfers, in one process, on one ledger,
// slice by slice in turn; and one event a request over HTTP beside one transfer (programme-http.ts). Owns: what is driven in process. Never touches: the
// engine's inside.

import { type Command, type Engine, open } from '../engine/index.js';
import {
  asObjects,
  driveBatches,
  expectPosted,
  Measurement,
  runOfSlices,
  type Slice,
} from './drive.js';
import type { Bench, Run, RunContext } from './harness.js';
import { EVENTS_HTTP, measureHttp, TRANSFERS_HTTP } from './programme-http.js';
import {
  ASSET,
  definitions,
  LEAD_MS,
  LOTTERY,
  PROGRAMME,
  SEED_LEAD_MS,
  Shop,
  writeKey,
} from './programme-work.js';

const SHARDS = 2;
const BATCH = 1000;
/** Batches in flight per shard. */
const IN_FLIGHT = 3;
/** Slices of each scenario in a run; at the smoke size one. */
const SLICES = 5;
/** Batches of a slice for each second that is to be measured. */
const BATCHES_PER_SECOND = 15;

async function prepared({ options, folder }: RunContext, members: number): Promise<Engine> {
  const clockOffset = new SharedArrayBuffer(8);
  const { cacheMb } = options;
  const engine = await open({ folder: `${folder}/data`, shards: SHARDS, cacheMb, clockOffset });
  writeKey(`${folder}/data`);
  expectPosted(
    await engine.submit({ type: 'define-asset', asset: ASSET, scale: 0, lotTracked: false }),
  );
  for (const one of definitions(Date.now())) expectPosted(await engine.submit(one));
  new Float64Array(clockOffset)[0] = LEAD_MS;
  const shop = new Shop(members);
  let left = Math.ceil(members / BATCH);
  await driveBatches(
    asObjects(engine),
    IN_FLIGHT * SHARDS,
    () =>
      left-- > 0
        ? shop
            .transfers(BATCH)
            .map((one) => ({ ...one, id: `f-${left}-${(one as { id: string }).id}` }) as Command)
        : undefined,
    () => {},
  );
  const until = Date.now() + LEAD_MS + SEED_LEAD_MS;
  const decides = async (act: string, body: object, dryRun: boolean): Promise<void> => {
    for (let n = 0; n < 16; n++) {
      const asked = { type: 'act', owner: `u${n}`, act, body } as Command;
      while (!(await engine.submit(asked, { dryRun })).ok)
        if (Date.now() > until) throw new Error('the programme does not decide');
    }
  };
  await decides('event', { programme: PROGRAMME, type: 'SHARE' }, true);
  while (((await engine.own.seeds()) as readonly object[]).length < SHARDS)
    if (Date.now() > until) throw new Error('there are no seeds');
  new Float64Array(clockOffset)[0] = LEAD_MS + SEED_LEAD_MS;
  await decides('draw-word', { lottery: LOTTERY, word: 'bench' }, false);
  return engine;
}

const SCENARIOS = [
  'programme/transfers',
  'programme/batch-1000',
  'programme/draws',
  'programme/coupons',
] as const;
/** Batches of each before the first slice, for each second of warming up: what decides is compiled by then, as in the bench of the engine. */
const WARM_UP_BATCHES_PER_SECOND = 100;
/** A slice of coupons has so many times fewer batches. */
const COUPONS_FEWER = 3;

/** Told of each batch that is answered. */
type Answered = Measurement['answered'];

async function measure(context: RunContext): Promise<Readonly<Record<string, Run>>> {
  const { options } = context;
  const engine = await prepared(context, options.users);
  const shop = new Shop(options.users);
  const batches = Math.max(2, Math.round(options.seconds * BATCHES_PER_SECOND));
  const fewer = Math.max(2, Math.round(batches / COUPONS_FEWER));
  const asked = [
    [batches, () => shop.transfers(BATCH)],
    [batches, () => shop.events(BATCH)],
    [batches, () => shop.draws(BATCH)],
    [fewer, () => shop.coupons(BATCH)],
  ] as const;
  const drive = async (most: number, batch: () => Command[], onAnswer: Answered): Promise<void> => {
    let sent = 0;
    const next = () => (sent++ < most ? batch() : undefined);
    await driveBatches(asObjects(engine), IN_FLIGHT * SHARDS, next, onAnswer);
  };
  const warmUp = Math.ceil(options.warmUpSeconds * WARM_UP_BATCHES_PER_SECOND);
  for (const [most, batch] of asked)
    await drive(Math.ceil((warmUp * most) / batches), batch, () => {});
  const slices = SCENARIOS.map((): Slice[] => []);
  for (let round = 0; round < (options.smoke ? 1 : SLICES); round++)
    for (const [scenario, of] of slices.entries()) {
      const [most, batch] = asked[scenario] as (typeof asked)[number];
      const measurement = new Measurement(0, Number.POSITIVE_INFINITY);
      await drive(most, batch, measurement.answered.bind(measurement));
      measurement.end(performance.now());
      of.push(measurement.result());
    }
  await engine.close();
  return Object.fromEntries(
    SCENARIOS.map((name, scenario) => [name, runOfSlices(slices[scenario] ?? [])]),
  );
}

/** Batches of events that are simulated for each second that is to be measured: so many that the start of the threads is a small part of it. */
const SIMULATED_PER_SECOND = 250;
/** What is asked: three points for two units, and no task. */
const DRAFTS = [
  {
    kind: 'rule',
    key: `${PROGRAMME}.CONSUME`,
    document: { programme: PROGRAMME, event: 'CONSUME', points: 3, per: 2, of: 'amount' },
  },
  { kind: 'task', key: `${PROGRAMME}.CONSUME_100`, document: null },
];

/** A log of events decided again: as logged, and by other documents, under which six of ten come to something else. */
async function simulate(context: RunContext): Promise<Readonly<Record<string, Run>>> {
  const { options } = context;
  const engine = await prepared(context, options.users);
  const shop = new Shop(options.users);
  const from = Date.now();
  let left = Math.max(2, Math.round(options.seconds * SIMULATED_PER_SECOND));
  const next = () => (left-- > 0 ? shop.events(BATCH) : undefined);
  await driveBatches(asObjects(engine), IN_FLIGHT * SHARDS, next, () => {});
  const runs: [string, Run][] = [];
  for (const [name, drafts] of [
    ['programme/simulation-logged', undefined],
    ['programme/simulation', DRAFTS],
  ] as const) {
    const start = performance.now();
    const cpu = process.cpuUsage();
    const simulation = await engine.simulate({ from, drafts });
    const { programmes } = await simulation.result;
    const { user, system } = process.cpuUsage(cpu);
    const seconds = (performance.now() - start) / 1000;
    const [{ events = 0, different = 0 } = {}] = programmes;
    if ((drafts === undefined) !== (different === 0))
      throw new Error(`${different} of ${events} events differ`);
    const also = { cpuUsPerEvent: (user + system) / events };
    runs.push([name, { value: events / seconds / SHARDS, also }]);
  }
  await engine.close();
  return Object.fromEntries(runs);
}

/** The bench of programmes: one run measures what is compared, another one simulations. */
export const programmeBench: Bench = {
  name: 'programme',
  figures: () => [
    {
      name: 'programme',
      unit: 'commands/s',
      headline: true,
      compareTo: {
        [SCENARIOS[1]]: SCENARIOS[0],
        [SCENARIOS[2]]: SCENARIOS[0],
        [SCENARIOS[3]]: SCENARIOS[0],
      },
      run: measure,
    },
    {
      name: 'programme/http',
      unit: 'commands/s',
      headline: true,
      compareTo: { [EVENTS_HTTP]: TRANSFERS_HTTP },
      run: measureHttp,
    },
    {
      name: 'programme/simulations',
      unit: 'events/s of a thread',
      headline: false,
      run: simulate,
    },
  ],
};
