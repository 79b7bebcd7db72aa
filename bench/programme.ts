// The question: what does it cost that a programme decides what an event earns? Events beside transfers, in one process, on one ledger, slice by
// slice in turn; and one event a request over HTTP beside one transfer. Owns: which events. Never touches: the engine's inside.
//   R1. Six of ten events are CONSUME (tier, campaign, limit, a task), two SIGN (a streak), two REVIEW (a limit, a task).
//   R2. A member signs once; everything else may come again.

import { type Command, type Engine, open, sampleProgramme } from '../engine/index.js';
import {
  asObjects,
  driveBatches,
  expectPosted,
  Measurement,
  runOfSlices,
  type Slice,
} from './drive.js';
import type { Bench, Run, RunContext } from './harness.js';

const SHARDS = 2;
const ASSET = 'points';
const PROGRAMME = 'shop';
const BATCH = 1000;
/** Batches in flight per shard. */
const IN_FLIGHT = 3;
/** Slices of each scenario in a run; at the smoke size one. */
const SLICES = 5;
/** Batches of a slice for each second that is to be measured. */
const BATCHES_PER_SECOND = 15;
/** Definitions decide some 10 s after they were said: the clock is set on by more. */
const LEAD_MS = 12_000;
const DAY_MS = 86_400_000;
const ZONE = 'Asia/Shanghai';

/** The sample with a campaign, and a limit for what is consumed. */
function definitions(now: number): Command[] {
  const campaign = {
    kind: 'campaign',
    key: 'double',
    document: {
      programme: PROGRAMME,
      event: 'CONSUME',
      multiplier: 200,
      from: now - DAY_MS,
      to: now + 30 * DAY_MS,
    },
  };
  const limited = { limitPoints: 1_000_000_000 };
  return [...sampleProgramme(PROGRAMME, ASSET, ZONE), campaign].map((one) => {
    const isConsume = one.kind === 'rule' && one.key === `${PROGRAMME}.CONSUME`;
    const document = isConsume ? { ...one.document, ...limited } : one.document;
    return { type: 'put-definition', state: 'active', ...one, document };
  });
}

/** What is asked for, one after the other. */
class Shop {
  readonly #members: number;
  #transfers = 0;
  #events = 0;
  #signs = 0;

  constructor(members: number) {
    this.#members = members;
  }

  /** Members in an order that jumps about, each once before any comes again. */
  #member(n: number): string {
    return `u${(n * 7_919) % this.#members}`;
  }

  transfers(): Command[] {
    return Array.from({ length: BATCH }, () => {
      const n = this.#transfers++;
      const legs = [{ from: '@issue', to: this.#member(n), asset: ASSET, amount: 1 + (n & 7) }];
      return { type: 'transfer', id: `t${n}`, kind: 'EARN', legs };
    });
  }

  events(): Command[] {
    return Array.from({ length: BATCH }, () => {
      const n = this.#events++;
      const act = { type: 'act', id: `e${n}`, act: 'event' } as const;
      const of = n % 10;
      if (of < 6) {
        const attributes = { amount: 20 + (n % 100), category: 'shoes' };
        const body = { programme: PROGRAMME, type: 'CONSUME', attributes };
        return { ...act, owner: this.#member(n), body };
      }
      const isSign = of < 8;
      const owner = isSign ? this.#member(this.#signs++) : this.#member(n);
      return { ...act, owner, body: { programme: PROGRAMME, type: isSign ? 'SIGN' : 'REVIEW' } };
    });
  }
}

async function prepared({ options, folder }: RunContext, members: number): Promise<Engine> {
  const clockOffset = new SharedArrayBuffer(8);
  const { cacheMb } = options;
  const engine = await open({ folder: `${folder}/data`, shards: SHARDS, cacheMb, clockOffset });
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
            .transfers()
            .map((one) => ({ ...one, id: `f-${left}-${(one as { id: string }).id}` }) as Command)
        : undefined,
    () => {},
  );
  const until = Date.now() + LEAD_MS;
  for (let n = 0; n < 16; n++) {
    const body = { programme: PROGRAMME, type: 'SHARE' };
    const event: Command = { type: 'act', owner: `u${n}`, act: 'event', body };
    while (!(await engine.submit(event, { dryRun: true })).ok)
      if (Date.now() > until) throw new Error('the programme does not decide');
  }
  return engine;
}

const SCENARIOS = ['programme/transfers', 'programme/batch-1000'] as const;

async function measure(context: RunContext): Promise<Readonly<Record<string, Run>>> {
  const { options } = context;
  const engine = await prepared(context, options.users);
  const shop = new Shop(options.users);
  const batches = Math.max(2, Math.round(options.seconds * BATCHES_PER_SECOND));
  const slices = SCENARIOS.map((): Slice[] => []);
  for (let round = 0; round < (options.smoke ? 1 : SLICES); round++)
    for (const [scenario, of] of slices.entries()) {
      const measurement = new Measurement(0, Number.POSITIVE_INFINITY);
      let sent = 0;
      const next = () =>
        sent++ < batches ? (scenario === 0 ? shop.transfers() : shop.events()) : undefined;
      await driveBatches(
        asObjects(engine),
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

/** The bench of programmes: one run measures both. */
export const programmeBench: Bench = {
  name: 'programme',
  figures: () => [
    {
      name: 'programme',
      unit: 'commands/s',
      headline: true,
      compareTo: { [SCENARIOS[1]]: SCENARIOS[0] },
      run: measure,
    },
  ],
};
