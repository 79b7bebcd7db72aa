// The question: how many calls of a partner outside does one process make over HTTP, with the answers read strictly, and what does the guard before them
// cost; and how many exchanges with it go from their submission to their end, each step of them a commit? On loopback, slice by slice in turn. Owns: the
// adapters, what is asked. Never touches: the partner, which is a sandbox in a thread of its own.
//   PA1. The partner keeps what it does in memory: its disk is not measured.
//   PA2. Each addition has an id of its own and must be completed; at the end the partner's sum is that of what was answered.

import { Worker } from 'node:worker_threads';
import { type Engine, type FeedItem, open, type Posted } from '../engine/index.js';
import { gatewayLimits } from '../gateway/limits.js';
import { Destinations } from '../gateway/outbound/addresses.js';
import type { PartnerAdapter } from '../gateway/partners/adapter.js';
import { Driving } from '../gateway/partners/driving.js';
import { GuardedPartner } from '../gateway/partners/guarded.js';
import { httpPartner } from '../gateway/partners/http.js';
import { expectPosted } from './drive.js';
import type { Bench, Run, RunContext } from './harness.js';
import type { PartnerData } from './partners-sandbox.js';
import { LEAD_MS } from './programme-work.js';
import { inTurns, type Way } from './turns.js';

const CONNECTIONS = 16;
const SLICES = 5;
const ASSET = 'points';
const USER = 'member';
const TOKEN = 'bench';
const HERE = 'stars';
const PLENTY = 1_000_000_000;
/** Who exchange: more than there are exchanges under way, so that none waits for another one of its member. */
const MEMBERS = 1_024;
const SHARDS = 2;
const NAMES = [
  ...(['partners/add', 'partners/add-guarded', 'partners/look-up'] as const),
  'partners/exchange',
] as const;

/** A ledger in which members exchange points for the partner's; `exchange` is done when one has ended. */
async function exchanging(
  { folder }: RunContext,
  adapter: GuardedPartner,
): Promise<{ exchange(): Promise<number>; close(): Promise<void> }> {
  const clockOffset = new SharedArrayBuffer(8);
  const engine = await open({ folder: `${folder}/data`, shards: SHARDS, clockOffset });
  for (const asset of [HERE, ASSET])
    expectPosted(await engine.submit({ type: 'define-asset', asset, scale: 0, lotTracked: false }));
  const platforms = { a: '1.0', b: '1.0' };
  const side = { coalition: 'main', members: 'all' };
  const documents = {
    'coalition main': { currency: 'CNY', base: '0.01', platforms, categories: {}, zone: 'UTC' },
    [`exchanging ${HERE}`]: { ...side, platform: 'a' },
    [`exchanging ${ASSET}`]: { ...side, platform: 'b', outside: true },
  };
  for (const [of, document] of Object.entries(documents)) {
    const [kind = '', key = ''] = of.split(' ');
    const defined = { type: 'put-definition', kind, key, state: 'active', document } as const;
    expectPosted(await engine.submit(defined));
  }
  const owners = Array.from({ length: MEMBERS }, (_, n) => `m${n}`);
  for (const owner of owners) {
    const legs = [{ from: '@issue', to: owner, asset: HERE, amount: PLENTY }];
    expectPosted(await engine.submit({ type: 'transfer', legs }));
    const body = { platform: 'b', user: USER };
    expectPosted(await engine.own.submit({ type: 'act', act: 'platform-join', owner, body }));
  }
  new Float64Array(clockOffset)[0] = LEAD_MS;
  const ends = new Map<string, (status: string) => void>();
  /** Those that ended before it was known which they are. */
  const early = new Map<string, string>();
  for (const shard of engine.shardsHere) watch(engine, shard, ends, early);
  const partners = {
    adapterOf: () => adapter,
    figuresOf: () => adapter.figures,
    partner: () => undefined,
  };
  const driving = new Driving(engine, partners, gatewayLimits({}));
  driving.start();
  let asked = 0;
  const submitted = async (): Promise<Posted> => {
    for (;;) {
      const owner = owners[asked++ % MEMBERS] as string;
      const body = { from: HERE, to: ASSET, amount: 1, toUser: USER };
      const outcome = await engine.submit({ type: 'act', act: 'partner-exchange', owner, body });
      if (outcome.ok) return outcome;
      if (!outcome.retry) throw new Error(outcome.code);
    }
  };
  return {
    exchange: async () => {
      const outcome = await submitted();
      driving.submitted([outcome]);
      const id = outcome.act?.effects[0]?.['exchange'] as string;
      const status =
        early.get(id) ?? (await new Promise<string>((resolve) => ends.set(id, resolve)));
      early.delete(id);
      if (status !== 'completed') throw new Error(`an exchange is ${status}`);
      return 1;
    },
    close: async () => {
      await driving.close();
      await engine.close();
    },
  };
}

/** Tells of exchanges that have ended on a shard. */
function watch(
  engine: Engine,
  shard: number,
  ends: Map<string, (status: string) => void>,
  early: Map<string, string>,
): void {
  const hear = ({ outcome }: FeedItem): void => {
    if (!outcome.ok) return;
    for (const effect of outcome.act?.effects ?? []) {
      const { exchange, status } = effect as { exchange?: string; status?: string };
      if (exchange === undefined || (status !== 'completed' && status !== 'failed')) continue;
      const tell = ends.get(exchange);
      if (tell === undefined) early.set(exchange, status);
      else tell(status);
      ends.delete(exchange);
    }
  };
  engine.subscribe(shard, { seq: 1, index: 0 }, ({ items }) => {
    for (const item of items) hear(item);
  });
}

async function measure(context: RunContext): Promise<Readonly<Record<string, Run>>> {
  const { options, round } = context;
  const workerData: PartnerData = { token: TOKEN, asset: ASSET, user: USER };
  const worker = new Worker(new URL('./partners-sandbox.js', import.meta.url), { workerData });
  const url = await new Promise<string>((resolve) => worker.once('message', resolve));
  const limits = gatewayLimits({ partnerCallsAtOnce: CONNECTIONS });
  const made = () => httpPartner({ url, token: TOKEN }, new Destinations(['127.0.0.1']), limits);
  const plain = made();
  const guarded = new GuardedPartner(limits, Date.now);
  guarded.use({ adapter: made(), callsAtOnce: undefined });
  const { signal } = new AbortController();
  let added = 0;
  const adding = (adapter: PartnerAdapter) => async (): Promise<number> => {
    const call = { operation: `${round}-${++added}`, user: USER, asset: ASSET, amount: 1 };
    const { state } = await adapter.carryOut({ ...call, kind: 'add' }, signal);
    if (state !== 'completed') throw new Error(`an addition is ${state}`);
    return 1;
  };
  const lookingUp = async (): Promise<number> => {
    const { state } = await plain.operation(`${round}-1`, signal);
    if (state !== 'completed') throw new Error(`an addition is ${state}`);
    return 1;
  };
  const exchanges = await exchanging(context, guarded);
  const exchange = async (): Promise<number> => {
    added++;
    return exchanges.exchange();
  };
  const sends = [adding(plain), adding(guarded), lookingUp, exchange];
  const ways = NAMES.map((name, at): Way => [name, sends[at] ?? lookingUp]);
  try {
    const runs = await inTurns(ways, { connections: CONNECTIONS, slices: SLICES }, options);
    const totals = await plain.totals(ASSET, Date.now() + 60_000, signal);
    if (totals.state !== 'totals' || totals.total !== added || totals.added !== added)
      throw new Error(`${added} points were added, and the partner has ${JSON.stringify(totals)}`);
    return runs;
  } finally {
    await exchanges.close();
    plain.close();
    guarded.close();
    await worker.terminate();
  }
}

/** The bench of partners outside. */
export const partnersBench: Bench = {
  name: 'partners',
  figures: () => [
    {
      name: 'partners',
      unit: 'calls/s',
      headline: true,
      ownProcesses: true,
      compareTo: { [NAMES[1]]: NAMES[0] },
      run: measure,
    },
  ],
};
