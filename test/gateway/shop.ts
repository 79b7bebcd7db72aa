// A gateway whose ledger has the sample of a programme, which decides already. Owns: how it gets there. Never touches: what is asked of it.

import type { Test } from 'tap';
import { sampleProgramme } from '../../engine/index.js';
import type { GatewayLimits } from '../../gateway/limits.js';
import type { ServeOptions } from '../../gateway/serve.js';
import { until } from '../until.js';
import { type Gateway, gateway } from './harness.js';

/** How far the clock is set on: beyond the time from which definitions decide. */
const LEAD_MS = 11_000;

export interface Shop extends Gateway {
  /** Sets the clock of the ledger on. */
  later(ms: number): void;
  /** How far it was set on, in ms. */
  ahead(): number;
}

/** A shop, `shop`, in `points`. `more`: definitions beside those of the sample, by kind and key. */
export async function shop(
  t: Test,
  more: readonly (readonly [at: string, document: object])[] = [],
  shards = 3,
  limits: Partial<GatewayLimits> = {},
  settings: object = {},
  serving: Partial<ServeOptions> = {},
): Promise<Shop> {
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const engine = { folder: '', shards, clockOffset, tickMs: 20, ...settings };
  const served = await gateway(t, { assets: ['points'], engine, limits, ...serving });
  const said = sampleProgramme('shop', 'points').map(
    ({ kind, key, document }) => [`${kind}/${key}`, document] as const,
  );
  for (const [at, document] of [...said, ...more]) {
    const sent = { state: 'active', document };
    const { status, text } = await served.ask(`PUT /v1/definitions/${at}`, sent);
    if (status !== 200) throw new Error(`${at}: ${text}`);
  }
  const later = (ms: number): void => {
    clock[0] = (clock[0] as number) + ms;
  };
  const tasks = [...said, ...more].filter(([at]) => at.startsWith('task/')).length;
  later(LEAD_MS);
  const owners = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'ann', 'bob'];
  await until('every shard decides', async () => {
    const asked = owners.map((owner) => served.ask(`GET /v1/members/${owner}?programme=shop`));
    return (await Promise.all(asked)).every(
      ({ status, body }) => status === 200 && body.tasks.length === tasks,
    );
  });
  // A machine that stands still for long has its definitions confirmed anew: whoever calls asks again.
  const ask: Gateway['ask'] = (...asked) =>
    until('definitions are confirmed', async () => {
      const answer = await served.ask(...asked);
      return answer.body?.code !== 'DEFINITIONS_UNCONFIRMED' && answer;
    });
  return { ...served, ask, later, ahead: () => clock[0] as number };
}
