// A client that signs its requests.

import t from 'tap';
import { connect as connectInBrowser } from '../../../gateway/client/index.js';
import { connect } from '../../../gateway/client/node.js';
import { caller, token } from '../callers.js';
import { gateway } from '../harness.js';

const earn = (id: string, to = 'ann') =>
  ({ type: 'transfer', id, legs: [{ from: '@issue', to, asset: 'gold', amount: 10 }] }) as const;

t.test('a client that signs', async (t) => {
  const server = await gateway(t, { assets: ['gold'] });
  const url = `${server.server.address}/`;
  for (const proof of ['any', 'signature', 'both']) {
    const { id: platform, secret } = await caller(server, proof, { proof });
    const more = proof === 'both' ? { token: () => token(platform, secret) } : {};
    const client = connect({ url, sign: { platform, secret }, ...more });
    // At once, so that some are signed in the same millisecond.
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => client.submit(earn(`${proof}1`))),
    );
    t.equal(outcomes.filter((outcome) => outcome.ok && !outcome.replayed).length, 1);
    t.ok(outcomes.every(({ ok }) => ok));
    const batch = await client.submitTransfers([earn(`${proof}2`, 'a.b')]);
    t.match(batch, [{ ok: true }]);
    t.match(await client.submitTransfers([earn('dry')], { dryRun: true }), [{ ok: true, seq: 0 }]);
    t.match(await client.balances('ann'), [{ asset: 'gold' }]);
    t.match(await client.balancesOf(['ann'], { asset: 'gold' }), [{ owner: 'ann' }]);
    const query = { owner: 'ann', asset: 'gold', kind: "O'R(x)", limit: 1 } as const;
    // Its signature is right.
    const refused = await client.entries(query).catch((error) => error);
    t.match(refused, { refusal: { status: 400 } });
    t.match(await client.entries({ owner: 'ann', asset: 'gold' }), { ok: true });
    t.match(await client.transfer('ann', `${proof}1`), { outcome: { ok: true } });
    if (proof === 'both') continue;
    t.throws(() => client.stream, TypeError);
    const wrong = connect({ url, sign: { platform, secret: 'x' } });
    t.match(await wrong.submit(earn('wrong')), { ok: false, code: 'SIGNATURE_INVALID' });
    const browser = connectInBrowser({ url, sign: { platform, secret } });
    t.match(await browser.submit(earn(`${proof}1`)), { ok: true, replayed: true });
  }
  t.throws(() => connect({ url }), TypeError);
  t.throws(() => connect({ url, key: 'k', sign: { platform: 'p', secret: 's' } }), TypeError);
});
