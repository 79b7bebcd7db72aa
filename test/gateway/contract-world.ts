// What the ledger of the contract's test has in it. Owns: these documents and bodies. Never touches: what is asked.

import { OPERATIONS } from '../../engine/index.js';
import { ALERTS } from '../../gateway/alerts/records.js';
import { defaultsOf } from '../../gateway/alerts/rules.js';
import { next } from '../../gateway/alerts/state.js';
import { COSIGNATURE, vkey } from '../../gateway/receipts/verify.js';
import type { Gateway, Headers } from './harness.js';

/** A programme that can be said, and what is in it. */
export const CLUB = { asset: 'gold', zone: 'UTC', profile: { city: 'text' } };
export const IN_CLUB = {
  'event/club.BUY': { programme: 'club', attributes: { amount: 'integer' }, amount: 'amount' },
  'rule/club.BUY': { programme: 'club', event: 'BUY', points: 1, per: 1, of: 'amount' },
  'tier/club.top': { programme: 'club', from: 0 },
  'referral/club': { newcomer: 5 },
  'campaign/double': { programme: 'club', multiplier: 200, from: 0, to: 4_000_000_000_000 },
  'lottery/club.lottery': { programme: 'club', cost: 1, prizes: [{ key: 'none', weight: 1 }] },
  'leaderboard/club.board': { programme: 'club', period: 'day' },
  'goods/book': { programme: 'club', price: 1, delivery: 'code', stockAsset: 'gold' },
  'goods/tea': {
    ...{ programme: 'club', price: 1, delivery: 'physical', stockAsset: 'gold' },
    payInMs: 3_600_000,
  },
  'coalition/main': { currency: 'CNY', base: '1', platforms: {}, categories: {}, zone: 'UTC' },
  ...Object.fromEntries(
    ['gold', 'tin', 'oak', 'elm', 'ash'].map((asset) => [
      `exchanging/${asset}`,
      // Who wants oak waits, and who wants elm for ever: nothing that is drawn fills its reserve.
      {
        ...{ coalition: 'main', platform: asset, members: 'all' },
        reserve: asset === 'oak' || asset === 'elm' ? 'pool' : 'none',
        // ash is kept by a partner outside: who gives much gold for it waits for a second person.
        ...(asset === 'ash' ? { outside: true } : { approvalAbove: 40 }),
      },
    ]),
  ),
  'coupon/THNK': { programme: 'club', codes: 'single', percent: 10 },
  'coupon/WELCOME10': { programme: 'club', codes: 'shared', percent: 10 },
};

/** A code that somebody has. */
export const CODE = 'ABC234';

/** A channel that can be said. */
export const CHANNEL = {
  ...{ type: 'webhook', url: 'http://127.0.0.1:9/' },
  secret: `whsec_${Buffer.alloc(32).toString('base64')}`,
};

/** The platform that users and partners are of. */
export const SHOP = { assets: ['gold'], operations: [...OPERATIONS] };

/** A partner that can be said. */
export const PARTNER = { url: 'http://127.0.0.1:9/', assets: ['gold'], token: 'shown' };

/** A chain that can be said: it is not there. */
export const CHAIN = {
  ...{ rpcUrl: 'http://127.0.0.1:9/', chainId: 1 },
  platforms: [{ platform: 'shop', asset: 'gold' }],
};

/** Reviews of what a mark has stopped that somebody else has asked for: one for each thing that may be done with one. */
export async function reviewing(
  ask: (what: string, body?: unknown, headers?: Headers) => Promise<{ readonly body: any }>,
  n: number,
  by: Headers,
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const owner = `looked-${n}`;
  const earned = [{ from: '@issue', to: owner, asset: 'gold', amount: 9 }];
  await ask('POST /v1/transfers', { legs: earned });
  const { mark: _, ...said } = MARK;
  await ask(`PUT /v1/members/${owner}/risks/look`, said);
  const legs = [{ from: owner, to: '@redeem', asset: 'gold', amount: 1 }];
  const ids: string[] = [];
  for (const what of ['read', 'agree', 'reject']) {
    const asked = { id: `review-${what}-${n}`, legs };
    ids.push((await ask('POST /v1/transfers', asked, by)).body.review);
  }
  const [read, agree, reject] = ids;
  return { review: [read], 'review to agree': [agree], 'review to reject': [reject] };
}

/** The chain is set up again, and an address of it is a member's. */
export async function anchoring(
  ask: (what: string, body?: unknown) => Promise<unknown>,
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  await ask('PUT /v1/anchor', CHAIN);
  const address = `0x${'1'.repeat(40)}`;
  await ask(`PUT /v1/anchor/platforms/shop/addresses/${address}`, { owner: 'ann' });
  return { 'address of a chain': [address] };
}

/** A mark of risk that can be said. */
export const MARK = { mark: 'look', reason: 'LOOK', action: 'review' };

/** What is said of a merge, and of its end. */
export const [END, MERGE] = [{ reason: 'x' }, { into: 'one', reason: 'x' }];

const witnessKey = (n: number): string =>
  vkey({ name: `w${n}.example`, type: COSIGNATURE, key: new Uint8Array(32).fill(n) });
/** A witness that can be said: it is not there. */
export const WITNESS = { vkey: witnessKey(1), url: 'http://127.0.0.1:9/' };

/** Receipts and witnesses as what is drawn names them. */
export async function witnessed(
  ask: (what: string, body?: unknown) => Promise<unknown>,
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  await ask('PUT /v1/witnesses/there', { ...WITNESS, vkey: witnessKey(2) });
  const checkpoint = { 'shard of a checkpoint': [0], 'from of a checkpoint': [0] };
  return { ...checkpoint, 'to of a checkpoint': [1], 'from of a receipt': [1], witness: ['there'] };
}

/** An offer that can be said. */
export const SPRING = { points: 1, asset: 'gold', budget: '#budget:spring' };

/** What is said of an exchange with a partner, that can be done; undefined: anything. */
export function partnerBody(path: string): object | undefined {
  if (path === '/v1/partner-exchanges') return { owner: 'ann', from: 'gold', to: 'ash', amount: 2 };
  if (/\/(cancel|approve)$/.test(path)) return { owner: 'ann' };
  return path.endsWith('/verdict')
    ? { step: 'add_target_credits', verdict: 'retry', reason: 'x' }
    : undefined;
}

/** A schedule of reports that can be said. */
export const MORNING = { report: 'daily', cron: '0 6 * * *', period: 'day', format: 'csv' };

/** What no drawn request succeeds at. */
export const NEVER: readonly RegExp[] = [
  // A request that is no WebSocket is not made one.
  /^GET \/v1\/stream$/,
  // The chain is not there: test/anchor.
  /^POST \/v1\/anchor\/(deploy|compare)$/,
  /^GET \/v1\/anchor\/roots\/\{number\}$/,
  // The file of a run: reports of the gateway.
  /^GET \/v1\/report-schedules\/\{schedule\}\/runs\/\{run\}$/,
  /^POST \/v1\/inconsistencies\/\{inconsistency\}\/dispute$/,
  // What takes a password, a session, a link that was sent, or a form that was shown: tests of signing in.
  /^(GET|POST) \/session(\/token|\/register|\/letters)?$/,
  /^(GET|POST) \/authorize$/,
  /^POST \/(sign-in|sign-out|letters)\b/,
  /^POST \/v1\/members\/\{owner\}\/(sign-in-tickets|sign-in\/close|password|links)$/,
  /^POST \/v1\/platforms\/\{platform\}\/users\/\{user\}\/link-tickets$/,
  /^POST \/v1\/members\/\{owner\}\/second-factor\b/,
  /^DELETE \/v1\/members\/\{owner\}\/(sessions|applications)\//,
  /^GET \/user\/profile$/,
  // The same of operators.
  /^(GET|POST) \/operator\//,
  /^DELETE \/operator\/sessions\//,
  /^DELETE \/v1\/operators\/\{operator\}\/sessions\/\{session\}$/,
];

/** Applications as what is drawn names them: one that asks for itself, and one that is changed. */
export async function applications(
  ask: (what: string, body?: unknown) => Promise<{ readonly body: any }>,
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const said = { name: 'App', redirectUris: ['https://app.example/back'], scope: 'read' };
  const own = { platform: 'shop', ownScope: 'read:shop' };
  const { body: asks } = await ask('POST /v1/oauth-clients', { ...said, ...own });
  const { body: changed } = await ask('POST /v1/oauth-clients', said);
  return {
    client: [changed.id],
    client_id: [asks.id],
    client_secret: [asks.secret],
    grant_type: ['client_credentials'],
    redirectUris: [said.redirectUris],
    scope: ['read'],
    ownScope: ['read:shop'],
  };
}

/** What can be proposed of anybody, again and again. */
export const PROPOSED = {
  command: { type: 'unfreeze-account', owner: 'ann', asset: 'gold' },
  reason: 'x',
};

/** Proposals of another person than who asks: one for each thing that may be done with one. */
export async function proposedBy(
  ask: (what: string, body?: unknown, headers?: Headers) => Promise<{ readonly body: any }>,
  n: number,
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  const { body: key } = await ask('POST /v1/keys', {
    name: 'proposes',
    operations: ['read', 'admin'],
  });
  const ids = ['read', 'agree', 'reject'].map((what) => `proposal-${what}-${n}`);
  for (const id of ids)
    await ask('POST /v1/proposals', { ...PROPOSED, id }, { Authorization: `Bearer ${key.key}` });
  const [read, agree, reject] = ids;
  return { proposal: [read], 'proposal to agree': [agree], 'proposal to reject': [reject] };
}

/** Operators and roles as what is drawn names them. */
export async function operating(
  ask: (what: string, body?: unknown) => Promise<unknown>,
): Promise<Readonly<Record<string, readonly unknown[]>>> {
  await ask('POST /v1/operators', { operator: 'ops', name: 'Ops', roles: ['viewer'] });
  await ask('PUT /v1/roles/reader', { operations: ['read'] });
  return { operator: ['ops', 'more'], roles: [['viewer']], role: ['reader'] };
}

/** Alerts that somebody has raised, one of them to be resolved, and a silence. */
export async function alerting(
  { ask, server }: Pick<Gateway, 'ask' | 'server'>,
  n: number,
): Promise<Readonly<Record<string, string[]>>> {
  const raised = async (subject: string): Promise<string> => {
    const now = server.engine.now();
    const seen = { cause: { subject, evidence: { marks: n } }, times: 1 };
    const alert = next(undefined, seen, {
      ...{ rule: 'RISK_SURGE', settings: defaultsOf('RISK_SURGE'), silence: undefined },
      ...{ node: '', now, clearSince: undefined },
    });
    if (alert === undefined) throw new Error('nothing was raised');
    await ALERTS.put(server.engine, alert.id, alert);
    return alert.id;
  };
  const until = server.engine.now() + 3_600_000;
  const silence = await ask('POST /v1/silences', { until, reason: 'x', rule: 'STOCK_LOW' });
  return {
    alert: [await raised(`one-${n}`)],
    'alert to resolve': [await raised(`two-${n}`)],
    silence: [silence.body.id],
    rule: ['STOCK_LOW'],
  };
}
