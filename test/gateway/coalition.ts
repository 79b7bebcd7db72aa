// A coalition of two platforms behind a gateway. Owns: its documents, its clock, when all shards decide by what was said last. Never touches: what
// exchanges come to.

import type { Test } from 'tap';
import type { GatewayLimits } from '../../gateway/limits.js';
import type { ServeOptions } from '../../gateway/serve.js';
import { MAIN, SIDES } from '../programme/coalition-world.js';
import { until } from '../until.js';
import { operator } from './callers.js';
import { type Gateway, gateway, type Headers } from './harness.js';

const KNOWN = { ...SIDES.beta, members: 'known', reserve: 'pool' };
export const SAID: readonly (readonly [string, object])[] = [
  ['coalition/main', MAIN],
  ['exchanging/alpha', { ...SIDES.alpha, members: 'known', feeRate: '0.01', mostDay: 20_000 }],
  ['exchanging/beta', KNOWN],
];
const OWNERS = ['ann', 'bob', 'cat', 'a', 'b', 'c', 'd', 'e'];

export interface Coalition extends Gateway {
  later(ms: number): void;
}

/** A ledger of three shards whose clock is set. */
export async function coalition(
  t: Test,
  limits: Partial<GatewayLimits> = {},
  more: Partial<ServeOptions> = {},
): Promise<Coalition> {
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const served = await gateway(t, {
    ...more,
    limits,
    engine: { folder: '', shards: 3, clockOffset, tickMs: 20 },
  });
  const later = (ms: number): void => {
    clock[0] = (clock[0] as number) + ms;
  };
  const ask: Gateway['ask'] = (...asked) =>
    until('definitions are confirmed', async () => {
      const answer = await served.ask(...asked);
      return answer.body?.code !== 'DEFINITIONS_UNCONFIRMED' && answer;
    });
  return { ...served, ask, later };
}

/** All shards decide by what was said last. `is`: what the rate then comes to. */
export async function decided(
  { ask, later }: Coalition,
  pair: readonly [string, string],
  is: string,
) {
  later(6_000);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  later(5_000);
  const [from, to] = pair;
  await until('the rate counts on every shard', async () => {
    const asked = OWNERS.map((owner) =>
      ask('POST /v1/exchange-quotes', { owner, from, to, amount: 1_000 }),
    );
    return (await Promise.all(asked)).every(({ body }) => body.rate === is);
  });
}

/** Who else submits, of each gateway. */
const submitters = new WeakMap<Gateway, Promise<Headers>>();

/** An exchange with a partner outside that another operator has submitted, by its id. */
export async function partnered(server: Gateway, amount: number): Promise<string> {
  const known = submitters.get(server) ?? operator(server, ['transfer', 'read']);
  submitters.set(server, known);
  const asked = { owner: 'ann', body: { from: 'gold', to: 'ash', amount } };
  const { body } = await server.ask('POST /v1/acts/partner-exchange', asked, await known);
  return body.act?.effects[0]?.exchange ?? 'px_none';
}
