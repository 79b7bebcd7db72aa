// What transfers between shards reserve, over HTTP: entries chain to the balance (ledger.L7), past balances show what was reserved, and
// what is put back too late is told as gone.

import t, { type Test } from 'tap';
import { chainFault } from '../transfer/history-chain.js';
import { type Gateway, gateway } from './harness.js';

const SOON_MS = 3_000;
const LATER_MS = 20_000;
const DECIDED = 'timeoutMs=30000';
const NOTHING = { version: 0, available: 0, held: 0, delta: 0, heldDelta: 0 };

/** A gateway over two shards, alice on one and `far` on the other, whose `closed` account takes nothing. */
async function begun(t: Test, clockOffset?: SharedArrayBuffer) {
  const made = await gateway(t, { engine: { shards: 2, folder: '', clockOffset, tickMs: 60_000 } });
  const { ask, server } = made;
  const others: string[] = [];
  for (let n = 0; others.length < 2; n++)
    if (server.engine.shardOf(`u${n}`) !== server.engine.shardOf('alice')) others.push(`u${n}`);
  const [far = '', closed = ''] = others;
  await ask('PUT /v1/assets/shop', { scale: 0, lotGranularityMs: 1_000 });
  await ask(`POST /v1/accounts/${closed}/assets/shop/open`, {});
  await ask(`POST /v1/accounts/${closed}/assets/shop/close`, {});
  return { ...made, far, closed };
}

/** The whole history of an account in lines, oldest first, and its balance. */
async function explained(t: Test, { ask }: Gateway, owner: string): Promise<any[]> {
  const lines = { Accept: 'application/x-ndjson' };
  const { text } = await ask(
    `GET /v1/accounts/${owner}/entries?asset=shop&order=oldest`,
    undefined,
    lines,
  );
  const entries = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const { body } = await ask(`GET /v1/accounts/${owner}`);
  t.equal(chainFault([NOTHING, ...entries], body.accounts[0]), undefined, `${owner} is explained`);
  return entries;
}

t.test('reserves are entries', async (t) => {
  const made = await begun(t);
  const { ask, far, closed } = made;
  const gift = (id: string, to: string, amount: number) => ({
    id,
    kind: 'GIFT',
    ref: id,
    legs: [{ from: 'alice', to, asset: 'shop', amount }],
  });
  await ask('POST /v1/transfers', {
    id: 'earn',
    legs: [{ from: '@issue', to: 'alice', asset: 'shop', amount: 100 }],
  });
  t.equal((await ask(`POST /v1/transfers?${DECIDED}`, gift('paid', far, 53))).status, 201);
  const refused = await ask(`POST /v1/transfers?${DECIDED}`, gift('refused', closed, 7));
  t.equal(refused.body.code, 'ACCOUNT_CLOSED');
  await ask('POST /v1/holds', { id: 'h', owner: 'alice', asset: 'shop', amount: 20 });
  const taken = { id: 'taken', to: far, amount: 15, releaseRest: true };
  await ask(`POST /v1/accounts/alice/holds/h/capture?${DECIDED}`, taken);
  await ask(`POST /v1/accounts/alice/transfers/paid/reverse?${DECIDED}`, { id: 'back' });

  const entries = await explained(t, made, 'alice');
  t.same(
    entries.map(({ id, type, kind, ref, delta, heldDelta, available, held }) =>
      [id, type, kind, ref, delta, heldDelta, available, held].join(' '),
    ),
    [
      'earn transfer   100 0 100 0',
      'paid reserve RESERVE paid 0 53 47 53',
      'paid transfer GIFT paid -53 -53 47 0',
      'refused reserve RESERVE refused 0 7 40 7',
      'refused free RESERVE  0 -7 47 0',
      'h hold   0 20 27 20',
      'taken capture   -15 -20 32 0',
      'back reverse   53 0 85 0',
    ],
  );
  t.same(
    (await explained(t, made, far)).map(({ id, type }) => `${id} ${type}`),
    ['paid transfer', 'taken capture', 'back reverse'],
    'the last shard of a chain posts at once',
  );
  for (const [kind, count] of [
    ['GIFT', 1],
    ['RESERVE', 3],
  ] as const) {
    const { body } = await ask(`GET /v1/accounts/alice/entries?asset=shop&kind=${kind}`);
    t.equal(body.entries.length, count, kind);
  }
  const last = (time: number) => entries.filter((entry) => entry.time === time).at(-1);
  for (const { time } of entries) {
    const { version, available, held } = last(time);
    const { body } = await ask(`GET /v1/accounts/alice?at=${time}`);
    t.match(body.accounts, [{ version, available, held }], 'as the last entry of that time says');
  }

  const shard = made.server.engine.shardOf('alice');
  const log = (await ask(`GET /v1/shards/${shard}/log`)).text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const versions = log
    .flatMap(({ outcome, reserves }) => [...(outcome.entries ?? []), ...(reserves ?? [])])
    .filter(({ owner }) => owner === 'alice')
    .map(({ version }) => version);
  t.same(
    versions,
    entries.map(({ version }) => version),
    'the exported log has each entry once, in order',
  );
});

t.test('what is put back too late', async (t) => {
  const clockOffset = new SharedArrayBuffer(8);
  const made = await begun(t, clockOffset);
  const { ask } = made;
  const expiresAt = Date.now() + SOON_MS;
  const leg = { from: '@issue', to: 'alice', asset: 'shop', amount: 50, expiresAt };
  await ask('POST /v1/transfers', { id: 'earn', legs: [leg] });
  await ask('POST /v1/holds', { id: 'h', owner: 'alice', asset: 'shop', amount: 30 });
  new Float64Array(clockOffset)[0] = LATER_MS;
  const release = 'POST /v1/accounts/alice/holds/h/release';
  const gone = {
    hold: { remaining: 0 },
    entries: [
      { owner: 'alice', type: 'release', heldDelta: -30, available: 30, held: 0 },
      { owner: 'alice', type: 'expire', delta: -30, expired: 30, available: 0, held: 0 },
      { owner: '@expire', type: 'expire', delta: 30 },
    ],
  };
  t.match(await ask(`${release}?dryRun=true`, { id: 'r' }), { status: 200, body: gone });
  const done = await ask(release, { id: 'r' });
  t.match(done.body, gone);
  t.match((await ask('GET /v1/accounts/alice')).body, { accounts: [{ available: 0, held: 0 }] });
  t.match(await ask(release, { id: 'r' }), { status: 200, body: { ...gone, replayed: true } });
  t.match((await ask('GET /v1/accounts/alice/transfers/r')).body, { outcome: gone });
  await explained(t, made, 'alice');
});
