// Codes and tokens on two nodes of a cluster: what one of them gives, both know; what is ended at one is ended at both, where they ask the ledger at once, and
// where they remember after `accessRefreshMs`. Over a restart of the program everything is as it was.

import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { SECRETS_KEY_FILE } from '../../../engine/index.js';
import { type Server, startServer } from '../../../gateway/serve.js';
import { Cluster } from '../../cluster/harness.js';
import { until } from '../../until.js';
import { bare, type Gateway } from '../harness.js';
import { basic, OAuthWorld, oauthOver, oauthWorld, post } from './world.js';

t.test('two nodes', async (t) => {
  const cluster = await Cluster.make(t);
  const limits = { accessRefreshMs: 200, accessStaleMsMax: 60_000 };
  const start = (node: string) => startServer({ port: 0, engine: cluster.options(node), limits });
  const a = await start('a');
  const [from, to] = [cluster.folder('a'), cluster.folder('b')];
  mkdirSync(to, { recursive: true });
  copyFileSync(join(from, SECRETS_KEY_FILE), join(to, SECRETS_KEY_FILE));
  const b = await start('b');
  const asked =
    (server: Server): Gateway['ask'] =>
    (request, body) =>
      bare(server.address, request, body, { Authorization: `Bearer ${server.adminKey.key}` });
  await until('both are ready', async () => {
    const answers = await Promise.all([a, b].map((one) => asked(one)('GET /readyz')));
    return answers.every(({ status }) => status === 200);
  });
  const onDefect = (error: unknown) => t.fail(String(error));
  const over = await oauthOver({ server: a, folder: from, limits, onDefect });
  t.teardown(async () => {
    await over.end();
    await a.close();
    await b.close();
  });
  const { key } = a.adminKey;
  const w = new OAuthWorld({ server: a, folder: from, port: 0, key, ask: asked(a) }, over.oauth);
  const elsewhere = new OAuthWorld({ ...w.gateway, server: b, ask: asked(b) }, over.oauth);
  const app = await w.client();

  for (let n = 0; n < 8; n++) {
    const session = await w.session(`m${n}`);
    const code = await w.code(app, {}, session);
    const both = await Promise.all([w, elsewhere].map((one) => one.exchange(app, code)));
    t.ok(both.filter(({ status }) => status === 200).length <= 1, 'a code at two nodes at once');
  }
  const session = await w.session('ann');
  const code = await w.code(app, {}, session);
  const { body } = await elsewhere.exchange(app, code);
  t.match(await elsewhere.introspect(app, body.access_token), {
    ...{ body: { active: true, sub: 'ann', iss: b.address } },
  });
  t.ok(await w.isActive(app, body.access_token));
  const calls = async (server: Server): Promise<number> => {
    const headers = { Authorization: `Bearer ${body.access_token}` };
    return (await bare(server.address, 'GET /v1/accounts/ann', undefined, headers)).status;
  };
  t.same(await Promise.all([a, b].map(calls)), [200, 200]);
  t.equal((await elsewhere.revoke(app, body.refresh_token)).status, 200);
  t.equal(await calls(b), 401, 'where it was ended, at once');
  t.notOk(await w.isActive(app, body.access_token), 'by who asks the ledger, at once');
  await until('elsewhere in a moment', async () => (await calls(a)) === 401);
});

t.test('over a restart', async (t) => {
  const w = await oauthWorld(t);
  const app = await w.client();
  const session = await w.session('ann');
  const kept = await w.tokens(app, {}, session);
  const ended = await w.tokens(app, {}, await w.session('bob'));
  await w.revoke(app, ended.refresh);
  const code = await w.code(app, {}, session);
  const { folder, server } = w.gateway;
  await server.close();
  const again = await startServer({ port: 0, engine: { folder, cacheMb: 64 } });
  t.teardown(() => again.close());
  const after = new OAuthWorld({ ...w.gateway, server: again }, w.oauth);
  t.ok(await after.isActive(app, kept.access));
  t.notOk(await after.isActive(app, ended.access));
  t.match(await after.refresh(app, ended.refresh), { body: { error: 'invalid_grant' } });
  t.equal((await after.refresh(app, kept.refresh)).status, 200);
  t.equal((await after.exchange(app, code)).status, 200);
  t.match(await after.exchange(app, kept.code), { body: { error: 'invalid_grant' } });
  t.notOk(await after.isActive(app, kept.access), 'a code that was used before the restart');
  const metrics = await bare(again.address, 'GET /metrics', undefined, {});
  t.match(metrics.text, /jifen_oauth_tokens_total\{grant_type="authorization_code"\} 1\n/);
  t.match(metrics.text, /jifen_oauth_refused_total\{error="invalid_grant"\} 2\n/);
  t.match(metrics.text, /jifen_oauth_reused_total 1\n/);
});

t.test('streams end with the token that opened them', async (t) => {
  const w = await oauthWorld(t, { limits: { accessRefreshMs: 100 } });
  const app = await w.client();
  const { access, refresh } = await w.tokens(app);
  const response = await fetch(`${w.address}/v1/stream/sse?owner=ann`, {
    headers: { Authorization: `Bearer ${access}` },
  });
  t.equal(response.status, 200);
  // The connection is closed: to who reads, that is an error.
  const ended = response.text().then(
    () => true,
    () => true,
  );
  t.match(await post(w.address, '/revoke', { token: refresh }, basic(app.id, app.secret)), {
    status: 200,
  });
  t.ok(await ended);
});
