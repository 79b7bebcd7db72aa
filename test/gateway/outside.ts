// A ledger with partners outside, and the partners: sandbox partners that are running. Owns: its documents, its clock, who is whom, what all of them have together.
// Never touches: what exchanges come to.

import type { Test } from 'tap';
import type { GatewayLimits } from '../../gateway/limits.js';
import { type RunningSandbox, startSandbox } from '../../gateway/partners/sandbox/server.js';
import { MAIN } from '../programme/coalition-world.js';
import { until } from '../until.js';
import { caller } from './callers.js';
import { decided } from './coalition.js';
import { type Gateway, gateway } from './harness.js';

export const TOKEN = 'what-partners-are-shown';
/** The asset that is here, and those of the partners, with whom they are of. */
export const [HERE, MILES, NIGHTS] = ['alpha', 'miles', 'nights'] as const;
const PLATFORMS = { [HERE]: 'a', [MILES]: 'b', [NIGHTS]: 'c' } as const;
export const documentsOf = (more: Readonly<Record<string, object>> = {}) => [
  ['coalition/main', { ...MAIN, platforms: { a: '1.0', b: '1.0', c: '1.0' } }] as const,
  ...Object.entries(PLATFORMS).map(
    ([asset, platform]) =>
      [
        `exchanging/${asset}`,
        {
          ...{ coalition: 'main', platform, members: 'all' },
          ...(asset === HERE ? {} : { outside: true }),
          ...more[asset],
        },
      ] as const,
  ),
];

export interface Outside extends Gateway {
  readonly partners: Readonly<Record<'b' | 'c', RunningSandbox>>;
  later(ms: number): void;
  /** What a member has here, as `available held`. */
  has(owner: string): Promise<string>;
  /** What a user has at a partner. */
  hasAt(platform: 'b' | 'c', user: string): number;
  /** How far an exchange is. */
  told(exchange: string): Promise<Answer>;
  /** Submits one, and says by what it is known. */
  submit(body: object): Promise<string>;
  /** It has ended: how. */
  ended(exchange: string): Promise<Answer>;
}
type Answer = Readonly<Record<string, any>>;

/** A ledger of three shards, two partners: users `<member>-b` and `<member>-c` are registered where they are named. */
export async function outside(
  t: Test,
  users: Readonly<Record<string, number>>,
  more: Readonly<Record<string, object>> = {},
  limits: Partial<GatewayLimits> = {},
): Promise<Outside> {
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const served = await gateway(t, {
    limits: { partnerTimeoutMs: 400, partnerPauseMs: 20, partnerPauseMsMax: 100, ...limits },
    engine: { folder: '', shards: 3, clockOffset, tickMs: 20 },
    webhookHosts: ['127.0.0.1'],
  });
  const later = (ms: number): void => {
    clock[0] = (clock[0] as number) + ms;
  };
  const now = () => Date.now() + (clock[0] as number);
  const ask: Gateway['ask'] = (...asked) =>
    until('it can be decided', async () => {
      const answer = await served.ask(...asked);
      return !['DEFINITIONS_UNCONFIRMED', 'ACCOUNT_BUSY'].includes(answer.body?.code) && answer;
    });
  const sure = async (request: string, body?: unknown) => {
    const answer = await ask(request, body);
    if (answer.status >= 300) throw new Error(`${request}: ${answer.text}`);
    return answer.body as Answer;
  };
  for (const asset of Object.keys(PLATFORMS)) await sure(`PUT /v1/assets/${asset}`, { scale: 0 });
  const partners = {} as Record<'b' | 'c', RunningSandbox>;
  await caller(served, 'a', { assets: [HERE, MILES, NIGHTS] });
  for (const [platform, asset] of [
    ['b', MILES],
    ['c', NIGHTS],
  ] as const) {
    await caller(served, platform, { assets: [asset] });
    const sandbox = await startSandbox({ port: 0, token: TOKEN, assets: [asset], now });
    t.teardown(() => sandbox.close());
    partners[platform] = sandbox;
    const said = { url: sandbox.address, token: TOKEN, assets: [asset], createsUsers: true };
    await sure(`PUT /v1/partners/${platform}`, said);
    for (const [owner, amount] of Object.entries(users)) {
      await tell(sandbox, 'POST', 'users', { user_id: `${owner}-${platform}`, asset, amount });
      await sure(`POST /v1/platforms/${platform}/users/${owner}-${platform}`, { identity: owner });
    }
  }
  for (const [at, document] of documentsOf(more))
    await sure(`PUT /v1/definitions/${at}`, { state: 'active', document });
  const legs = Object.entries(users).map(([to, amount]) => ({
    from: '@issue',
    to,
    asset: HERE,
    amount,
  }));
  await sure('POST /v1/transfers', { legs, owner: legs[0]?.to });
  await decided({ ...served, ask, later }, [HERE, MILES], '1');
  const told = (exchange: string) => sure(`GET /v1/partner-exchanges/${exchange}`);
  return {
    ...{ ...served, ask, later, partners, told },
    has: async (owner) => {
      const { accounts } = await sure(`GET /v1/accounts/${owner}`);
      const of = accounts.find(({ asset }: any) => asset === HERE);
      return `${of?.available ?? 0} ${of?.held ?? 0}`;
    },
    hasAt: (platform, user) => {
      const asset = platform === 'b' ? MILES : NIGHTS;
      return stateOf(partners[platform]).users[user]?.[asset] ?? 0;
    },
    submit: async (body) =>
      (await sure('POST /v1/partner-exchanges', body)).act.effects[0].exchange,
    ended: (exchange) =>
      until(`${exchange} has ended`, async () => {
        const one = await told(exchange);
        return (one.status === 'completed' || one.status === 'failed') && one;
      }),
  };
}

const stateOf = ({ partner }: RunningSandbox) => partner.core.state();

/** Tells a sandbox partner something. */
export async function tell(
  { address }: { readonly address: string },
  method: string,
  what: string,
  body?: object,
): Promise<Answer> {
  const answer = await fetch(`${address}/sandbox/${what}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${what}: ${answer.status}`);
  return (await answer.json()) as Answer;
}
