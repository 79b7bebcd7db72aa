// Notices through the client and the commands: channels made and looked at, members reached, what was given up.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { connect } from '../../../gateway/client/node.js';
import { temporaryFolder } from '../../temporary.js';
import { until } from '../../until.js';
import { gateway } from '../harness.js';
import { listening } from '../listening.js';
import { mailbox } from '../mailbox.js';
import { run } from '../program.js';

const DAY_MS = 86_400_000;

t.test('all that is asked about channels and members', async (t) => {
  const limits = { webhookPauseMs: 1, webhookPauseMsMax: 1, webhookRetryMs: 2 };
  const server = await gateway(t, { webhookHosts: ['127.0.0.1'], limits });
  await server.ask('PUT /v1/assets/gold', { scale: 0, expiryNoticeDays: 30 });
  const client = connect({ url: server.server.address, key: server.key });
  t.teardown(() => client.close());
  const { notices } = client;
  const at = await listening(t);
  const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
  const said = { type: 'webhook', url: at.url, language: 'en', secret } as const;
  const { id } = await notices.addChannel({ ...said, name: 'app' });
  t.match(await notices.test(id, { notice: 'tier.changed' }), { isDelivered: true, status: 204 });
  t.match(at.arrived[0]!.event, { notice: 'tier.changed', text: 'Your tier is <tier> now.' });
  const preview = await notices.preview(id, { notice: 'tier.changed', language: 'zh' });
  t.match(preview, { subject: '您的等级有变化', short: '您现在的等级是 <tier>。' });
  t.match(await notices.pause(id), { state: 'paused' });
  t.match(await notices.channel(id), { halted: 'paused', counts: { sent: 0, failed: 0 } });
  t.match(await notices.resume(id), { state: 'active' });
  t.match(await notices.changeChannel(id, { ...said, name: 'two' }), { name: 'two' });
  await notices.putContact('ann', { language: 'en' });
  const consent = { type: 'webhook', notices: 'points.expiring', isGiven: true } as const;
  t.match(await notices.putConsents('ann', [consent]), { owner: 'ann', consents: [consent] });
  at.answering = () => 500;
  const expiresAt = Date.now() + 5 * DAY_MS;
  const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 1, expiresAt }];
  await client.submit({ type: 'transfer', legs });
  const [letter] = await until('it is given up', async () => {
    const letters = await notices.deadLetters(id, { limit: 5 });
    return letters.length > 0 && letters;
  });
  t.match(await notices.retry(id, letter!.id), { isDelivered: false, status: 500 });
  const folder = temporaryFolder(t);
  const key = join(server.folder, 'admin.key');
  const where = ['--url', server.server.address, '--key', key] as const;
  const shown = await run(folder, 'channels', 'letters', id, ...where);
  t.match(JSON.parse(shown.out), [{ id: letter!.id, subject: 'ann' }]);
  at.answering = () => 204;
  t.match(await run(folder, 'channels', 'retry', id, letter!.id, ...where), { code: 0 });
  const [told] = (await notices.ofMember('ann', { limit: 1 })).notices;
  t.match(told, { notice: 'points.expiring', state: 'sent', channel: id });
  t.match(JSON.parse((await run(folder, 'notices', 'ann', ...where)).out), [{ id: told!.id }]);
  t.match(
    (await server.ask('GET /metrics')).text,
    /jifen_notices_sent_total\{webhook="nc_\w+"\} 1/,
  );
  await notices.forget('ann');
  t.same((await notices.ofMember('ann')).notices, []);
  const error = await notices.contact('ann').catch((one: unknown) => one);
  t.match(error, { reason: 'refused', refusal: { code: 'CONTACT_NOT_FOUND' } });
  const box = await mailbox(t);
  const file = join(folder, 'mail.json');
  writeFileSync(file, JSON.stringify({ type: 'email', url: box.url, from: 'a@shop.example' }));
  const added = JSON.parse((await run(folder, 'channels', 'add', file, ...where)).out);
  const sending = ['test', added.id, 'order.shipped', '--to', 'me@mail.example'] as const;
  t.match(await run(folder, 'channels', ...sending, ...where), { code: 0 });
  t.match(box.mails, [{ to: 'me@mail.example', subject: /已发货/ }]);
  t.match(await run(folder, 'channels', 'show', 'nc_0123456789abcdef', ...where), {
    code: 1,
    err: /404 CHANNEL_NOT_FOUND/,
  });
  t.equal((await notices.channels()).length, 2);
  await notices.removeChannel(id);
  t.equal((await notices.channels()).length, 1);
});
