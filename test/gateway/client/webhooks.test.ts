// Webhooks through the client: made, looked at, and what a receiver believes.

import { createHmac } from 'node:crypto';
import t from 'tap';
import { connect, WebhookError, webhookEvent } from '../../../gateway/client/node.js';
import { until } from '../../until.js';
import { gateway } from '../harness.js';
import { listening } from '../listening.js';

t.test('all that is asked about a webhook, and an event that is believed', async (t) => {
  const limits = { webhookPauseMs: 1, webhookPauseMsMax: 1, webhookRetryMs: 2 };
  const server = await gateway(t, { assets: ['gold'], webhookHosts: ['127.0.0.1'], limits });
  const client = connect({ url: server.server.address, key: server.key });
  t.teardown(() => client.close());
  const at = await listening(t);
  const made = await client.webhooks.add({ url: at.url, types: ['points.earned'], name: 'one' });
  const { id } = made;
  t.match(await client.webhooks.test(id), { isDelivered: true, status: 204 });
  const { headers, text } = at.arrived[0]!;
  const event = await webhookEvent(made.secret, { headers, body: text });
  t.match(event, { type: 'webhook.test', data: { webhook: id } });
  const { secret } = await client.webhooks.rotate(id, { overlapSeconds: 0 });
  await client.webhooks.test(id);
  const [, second] = at.arrived;
  const message = { headers: second!.headers, body: second!.text };
  t.equal((await webhookEvent(secret, message)).id, second!.event.id);
  await t.rejects(webhookEvent(made.secret, message), WebhookError, 'the last secret is over');
  t.match(await client.webhooks.change(id, { name: 'two' }), { name: 'two', url: at.url });
  t.match(await client.webhooks.pause(id), { state: 'paused' });
  t.match(await client.webhooks.get(id), { state: 'paused', halted: 'paused' });
  t.match(await client.webhooks.resume(id), { state: 'active' });
  at.answering = () => 500;
  const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1 }];
  await client.submit({ type: 'transfer', legs });
  const [letter] = await until('it is given up', async () => {
    const letters = await client.webhooks.deadLetters(id);
    return letters.length > 0 && letters;
  });
  t.match(await client.webhooks.retry(id, letter!.id), { isDelivered: false, status: 500 });
  await client.webhooks.drop(id, letter!.id);
  t.same(await client.webhooks.deadLetters(id, { limit: 5 }), []);
  t.match(await client.webhooks.replay(id, '0:1'), { id });
  t.equal((await client.webhooks.list()).length, 1);
  await client.webhooks.remove(id);
  t.same(await client.webhooks.list(), []);
  const error = await client.webhooks.get(id).catch((one: unknown) => one);
  t.match(error, { reason: 'refused', refusal: { code: 'WEBHOOK_NOT_FOUND' } });
});

t.test('what is not signed, or not now, is not believed', async (t) => {
  const secret = `whsec_${Buffer.from('a secret of a test, of 32 bytes.').toString('base64')}`;
  const now = Math.floor(Date.now() / 1_000);
  const body = '{"id":"e1","type":"points.earned"}';
  const sign = (id: string, time: number | string, text: string, key = secret): string =>
    `v1,${createHmac('sha256', Buffer.from(key.slice(6), 'base64'))
      .update(`${id}.${time}.${text}`)
      .digest('base64')}`;
  const good = {
    'webhook-id': 'e1',
    'webhook-timestamp': String(now),
    'webhook-signature': sign('e1', now, body),
  };
  t.same(await webhookEvent(secret, { headers: good, body }), JSON.parse(body));
  const two = { ...good, 'webhook-signature': `v1a,x v1,!!! ${good['webhook-signature']}` };
  t.same(await webhookEvent(secret, { headers: two, body }), JSON.parse(body));
  const old = now - 301;
  const wrong: readonly (readonly [string, object, string?, string?])[] = [
    ['another body', good, `${body} `],
    ['another id', { ...good, 'webhook-id': 'e2' }],
    ['another time', { ...good, 'webhook-timestamp': String(now - 1) }],
    [
      'too old',
      { ...good, 'webhook-timestamp': String(old), 'webhook-signature': sign('e1', old, body) },
    ],
    [
      'no time',
      { ...good, 'webhook-timestamp': 'now', 'webhook-signature': sign('e1', 'now', body) },
    ],
    ['nothing', {}],
    ['no signature', { ...good, 'webhook-signature': '' }],
    [
      'another version',
      { ...good, 'webhook-signature': good['webhook-signature'].replace('v1', 'v2') },
    ],
    ['a short one', { ...good, 'webhook-signature': good['webhook-signature'].slice(0, 20) }],
    ['twice', { ...good, 'webhook-id': ['e1', 'e1'] }],
    ['another secret', good, body, `whsec_${Buffer.from('another').toString('base64')}`],
    ['no secret', good, body, 'nonsense'],
    ['an empty secret', good, body, 'whsec_'],
  ];
  for (const [what, headers, text = body, key = secret] of wrong)
    await t.rejects(
      webhookEvent(key, { headers: headers as typeof good, body: text }),
      WebhookError,
      what,
    );
});
