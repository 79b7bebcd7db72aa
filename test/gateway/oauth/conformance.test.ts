// The OAuth server as a client library that is not ours reads it: oauth4webapi, which refuses what RFC 6749, 7009, 7636, 7662, 8414, 9207 forbid.

import * as oauth from 'oauth4webapi';
import t from 'tap';
import { bare } from '../harness.js';
import { CALLBACK, good, oauthWorld, type TestClient } from './world.js';

const HERE = { [oauth.allowInsecureRequests]: true };

t.test(
  'discovery, code with PKCE, refresh, client credentials, introspection, revocation',
  async (t) => {
    const w = await oauthWorld(t);
    const issuer = new URL(w.address);
    const found = await oauth.discoveryRequest(issuer, { ...HERE, algorithm: 'oauth2' });
    const as = await oauth.processDiscoveryResponse(issuer, found);
    t.equal(as.issuer, w.address);
    t.equal(as.authorization_endpoint, `${w.address}/authorize`);

    const app = await w.client();
    const phone = await w.client({
      isPublic: true,
      redirectUris: [CALLBACK, 'com.example.app:/cb'],
    });
    const robot = await w.client({
      ...{ redirectUris: undefined, scope: undefined },
      ...{ platform: 'shop', ownScope: 'read:shop redeem:shop' },
    });
    const ways: readonly (readonly [string, TestClient, oauth.ClientAuth])[] = [
      ['client_secret_basic', app, oauth.ClientSecretBasic(app.secret)],
      ['client_secret_post', app, oauth.ClientSecretPost(app.secret)],
      ['none', phone, oauth.None()],
    ];
    for (const [way, { id }, auth] of ways) {
      const client: oauth.Client = { client_id: id };
      const verifier = oauth.generateRandomCodeVerifier();
      const state = oauth.generateRandomState();
      const asked = new URL(as.authorization_endpoint ?? '');
      const parameters = {
        ...{ client_id: id, redirect_uri: CALLBACK, response_type: 'code', state },
        ...{ scope: 'redeem read', code_challenge_method: 'S256' },
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      };
      for (const [name, value] of Object.entries(parameters)) asked.searchParams.set(name, value);
      const back = await w.consented(Object.fromEntries(asked.searchParams));
      const checked = oauth.validateAuthResponse(as, client, back, state);
      const exchanged = await oauth.authorizationCodeGrantRequest(
        ...([as, client, auth, checked, CALLBACK, verifier, HERE] as const),
      );
      const tokens = await oauth.processAuthorizationCodeResponse(as, client, exchanged);
      t.match(tokens, { token_type: 'bearer', scope: 'read redeem', expires_in: 3_600 }, way);

      const called = await oauth.protectedResourceRequest(
        ...([tokens.access_token, 'GET', new URL(`${w.address}/v1/accounts/ann`)] as const),
        ...([undefined, undefined, HERE] as const),
      );
      t.equal(called.status, 200, way);

      const shown = tokens.refresh_token ?? '';
      const asksAgain = await oauth.refreshTokenGrantRequest(as, client, auth, shown, HERE);
      const next = await oauth.processRefreshTokenResponse(as, client, asksAgain);
      t.not(next.refresh_token, tokens.refresh_token, way);
      if (auth !== ways[2]?.[2]) {
        const looked = await oauth.introspectionRequest(as, client, auth, next.access_token, HERE);
        const told = await oauth.processIntrospectionResponse(as, client, looked);
        t.match(told, { active: true, client_id: id, sub: 'ann', iss: w.address }, way);
      }
      const ended = await oauth.revocationRequest(as, client, auth, next.refresh_token ?? '', HERE);
      t.equal(await oauth.processRevocationResponse(ended), undefined, way);
      const late = await oauth.refreshTokenGrantRequest(
        ...([as, client, auth, next.refresh_token ?? '', HERE] as const),
      );
      await t.rejects(oauth.processRefreshTokenResponse(as, client, late), {
        name: 'ResponseBodyError',
        error: 'invalid_grant',
      });
      const dead = oauth.protectedResourceRequest(
        ...([next.access_token, 'GET', new URL(`${w.address}/v1/accounts/ann`)] as const),
        ...([undefined, undefined, HERE] as const),
      );
      await t.rejects(dead, { name: 'WWWAuthenticateChallengeError', status: 401 }, way);
    }

    const itself: oauth.Client = { client_id: robot.id };
    const auth = oauth.ClientSecretBasic(robot.secret);
    const own = await oauth.processClientCredentialsResponse(
      as,
      itself,
      await oauth.clientCredentialsGrantRequest(as, itself, auth, { scope: 'read:shop' }, HERE),
    );
    t.match(own, { scope: 'read:shop', refresh_token: undefined });
    const bearer = { Authorization: `Bearer ${own.access_token}` };
    const read = await bare(w.address, 'GET /v1/accounts/ann', undefined, bearer);
    t.equal(read.status, 200);
    const leg = { from: 'ann', to: '@redeem', asset: 'points', amount: 1 };
    const moves = await bare(w.address, 'POST /v1/transfers', { id: 'x', legs: [leg] }, bearer);
    t.match(moves, { status: 403, body: { code: 'OPERATION_FORBIDDEN' } });

    const wrong = oauth.ClientSecretBasic('wrong');
    const refused = await oauth.clientCredentialsGrantRequest(as, itself, wrong, {}, HERE);
    await t.rejects(oauth.processClientCredentialsResponse(as, itself, refused), {
      name: /WWWAuthenticateChallengeError|ResponseBodyError/,
    });
  },
);

t.test('a client that mixes servers up is told by `iss`', async (t) => {
  const w = await oauthWorld(t);
  const app = await w.client();
  const found = await oauth.discoveryRequest(new URL(w.address), { ...HERE, algorithm: 'oauth2' });
  const as = await oauth.processDiscoveryResponse(new URL(w.address), found);
  const client: oauth.Client = { client_id: app.id };
  const back = await w.consented(w.parameters(app, { state: 's' }));
  t.ok(oauth.validateAuthResponse(as, client, back, 's'));
  const other = { ...as, issuer: 'https://evil.example' };
  t.throws(() => oauth.validateAuthResponse(other, client, back, 's'), /iss/);
  back.searchParams.delete('iss');
  t.throws(() => oauth.validateAuthResponse(as, client, back, 's'), /iss/);
  const failed = good(await w.oauth.authorize(w.parameters(app, { scope: 'x', state: 's' })));
  const location = failed.is === 'redirect' ? failed.location : '';
  t.throws(() => oauth.validateAuthResponse(as, client, new URL(location), 's'), {
    name: 'AuthorizationResponseError',
    error: 'invalid_scope',
  });
});

t.test('the issuer is the public URL', async (t) => {
  const w = await oauthWorld(t, { publicUrl: 'https://points.example' });
  const path = 'GET /.well-known/oauth-authorization-server';
  const { status, body, headers } = await bare(w.address, `${path}?x=1`, undefined, {});
  t.match({ status, body }, { status: 200, body: { issuer: 'https://points.example' } });
  t.match(headers.get('content-type'), 'application/json');
  t.equal(body.token_endpoint, 'https://points.example/token');
});
