// The question: how many calls of a partner outside does one process make over HTTP, with the answers read strictly, and what does the guard before them
// cost? On loopback, slice by slice in turn. Owns: the adapters, what is asked. Never touches: the partner, which is a sandbox in a thread of its own.
//   PA1. The partner keeps what it does in memory: its disk is not measured.
//   PA2. Each addition has an id of its own and must be completed; at the end the partner's sum is that of what was answered.

import { Worker } from 'node:worker_threads';
import { gatewayLimits } from '../gateway/limits.js';
import { Destinations } from '../gateway/outbound/addresses.js';
import type { PartnerAdapter } from '../gateway/partners/adapter.js';
import { GuardedPartner } from '../gateway/partners/guarded.js';
import { httpPartner } from '../gateway/partners/http.js';
import type { Bench, Run, RunContext } from './harness.js';
import type { PartnerData } from './partners-sandbox.js';
import { inTurns, type Way } from './turns.js';

const CONNECTIONS = 16;
const SLICES = 5;
const ASSET = 'points';
const USER = 'member';
const TOKEN = 'bench';
const NAMES = ['partners/add', 'partners/add-guarded', 'partners/look-up'] as const;

async function measure({ options, round }: RunContext): Promise<Readonly<Record<string, Run>>> {
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
  const sends = [adding(plain), adding(guarded), lookingUp];
  const ways = NAMES.map((name, at): Way => [name, sends[at] ?? lookingUp]);
  try {
    const runs = await inTurns(ways, { connections: CONNECTIONS, slices: SLICES }, options);
    const totals = await plain.totals(ASSET, Date.now() + 60_000, signal);
    if (totals.state !== 'totals' || totals.total !== added || totals.added !== added)
      throw new Error(`${added} points were added, and the partner has ${JSON.stringify(totals)}`);
    return runs;
  } finally {
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
