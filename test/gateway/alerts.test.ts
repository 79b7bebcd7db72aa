// Alerts over HTTP: what is wrong is told once, by mail, short message, webhook and the robots of DingTalk and WeCom; silenced, resolved, told to be over.

import { createHmac } from 'node:crypto';
import t, { type Test } from 'tap';
import { until } from '../until.js';
import { WITNESS } from './contract-world.js';
import { type Gateway, gateway } from './harness.js';
import { listening } from './listening.js';
import { mailbox, shortGateway } from './mailbox.js';

const QUICK = { webhookPauseMs: 20, webhookTimeoutMs: 60_000, recountPauseMs: 50 };
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

let lastId = 0;
/** Members redeem, each once. */
async function redeem(server: Gateway, times: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    const id = `R${++lastId}`;
    const legs = [{ from: '@issue', to: 'ann', asset: 'gold', amount: 5 }];
    await server.ask('POST /v1/transfers', { id: `E${id}`, legs });
    const paid = [{ from: 'ann', to: '@redeem', asset: 'gold', amount: 5 }];
    const made = await server.ask('POST /v1/transfers', { id, legs: paid });
    if (made.status >= 300) throw new Error(made.text);
  }
}

const alertOf = (server: Gateway, query: string, state: string): Promise<any> =>
  until(`an alert ${query} is ${state}`, async () => {
    const [alert] = (await server.ask(`GET /v1/alerts?${query}`)).body.alerts;
    return alert?.state === state && alert;
  });

async function made(server: Gateway, request: string, body: object): Promise<any> {
  const answer = await server.ask(request, body);
  if (answer.status >= 300) throw new Error(answer.text);
  return answer.body;
}

const open = (t: Test): Promise<Gateway> =>
  gateway(t, { assets: ['gold'], webhookHosts: ['127.0.0.1'], limits: QUICK });

t.test('a burst of redemptions is told once, by every kind of channel', async (t) => {
  const server = await open(t);
  const [box, sms] = [await mailbox(t), await shortGateway(t)];
  const robot = async () => {
    const found = await listening(t);
    // Once it has too much to do: an answer 200 that is no delivery.
    let isBusy = true;
    found.answering = (_, response) => {
      const errcode = isBusy ? 310_000 : 0;
      isBusy = false;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ errcode, errmsg: 'x' }));
      return undefined;
    };
    return found;
  };
  const [hook, app, ding, wecom] = [
    await listening(t),
    await listening(t),
    await robot(),
    await robot(),
  ];
  const ids: string[] = [];
  const fields = { mobile: '{to}', content: '{text}' };
  for (const body of [
    {
      type: 'email',
      url: box.url,
      from: 'ops@x.example',
      alerts: { to: ['a@x.example', 'b@x.example'] },
    },
    { type: 'sms', url: sms.url, fields, alerts: { to: ['13812345678'] }, language: 'en' },
    { type: 'webhook', url: app.url, secret: SECRET, alerts: {} },
    { type: 'dingtalk', url: ding.url, token: 'TOKEN1', secret: 'SEC2', alerts: {} },
    { type: 'wecom', url: wecom.url, token: 'KEY3', alerts: { severity: 'warning' } },
    // It wants what is worse, and of another rule.
    { type: 'wecom', url: `${wecom.url}-not`, token: 'K', alerts: { severity: 'critical' } },
    { type: 'wecom', url: `${wecom.url}-not`, token: 'K', alerts: { rules: ['STOCK_LOW'] } },
  ]) {
    const channel = await made(server, 'POST /v1/channels', body);
    t.equal(channel.hasSecret, body.type !== 'email' && body.type !== 'sms', body.type);
    t.notOk(JSON.stringify(channel).includes('TOKEN1'), 'no token is told');
    ids.push(channel.id);
  }
  await made(server, 'POST /v1/webhooks', { url: hook.url, types: ['alert.*'] });
  await redeem(server, 4);
  const rule = { threshold: 3, clearMs: 0, windowMs: 60_000 };
  await made(server, 'PUT /v1/alert-rules/REDEMPTION_BURST', rule);
  const alert = await alertOf(server, 'rule=REDEMPTION_BURST&state=open', 'firing');
  t.match(alert, {
    subject: 'ledger',
    severity: 'warning',
    firings: 1,
    evidence: { redemptions: 4 },
  });
  const all = [box.mails, sms.taken, app.arrived, hook.arrived] as const;
  await until(
    'everybody is told',
    () =>
      [2, 1, 1, 1].every((count, n) => all[n]!.length >= count) &&
      ding.arrived.length >= 2 &&
      wecom.arrived.length >= 2,
  );
  t.match(box.mails[0], {
    subject: '[jifen] 告警 · 警告 · REDEMPTION_BURST',
    text: /1 分钟内有 4 次兑换。/,
  });
  t.same(box.mails.map(({ to }) => to).sort(), ['a@x.example', 'b@x.example']);
  t.match(sms.taken[0], { body: /ALERT.*REDEMPTION_BURST 4 redemptions in 1 minutes/ });
  t.match(app.arrived[0]?.event, {
    ...{ notice: 'alert.firing', alert: { alert: alert.id, rule: 'REDEMPTION_BURST' } },
  });
  t.match(hook.arrived[0]?.event, {
    ...{ type: 'alert.firing', subject: `alerts/${alert.id}`, data: { state: 'firing' } },
  });
  for (const [at, secret] of [
    [ding, 'SEC2'],
    [wecom, ''],
  ] as const) {
    const [first, second] = at.arrived;
    t.match(second?.event, { msgtype: 'text', text: { content: /REDEMPTION_BURST/ } });
    t.same(first?.event, second?.event, 'what was no delivery is sent again');
    const url = new URL(second!.path, 'http://x');
    if (secret === '') t.equal(url.searchParams.get('key'), 'KEY3');
    else {
      t.equal(url.searchParams.get('access_token'), 'TOKEN1');
      const time = url.searchParams.get('timestamp');
      const sign = createHmac('sha256', secret).update(`${time}\n${secret}`).digest('base64');
      t.equal(url.searchParams.get('sign'), sign);
    }
  }
  await redeem(server, 3);
  await made(server, 'PUT /v1/alert-rules/REDEMPTION_BURST', { ...rule, threshold: 5 });
  await made(server, 'PUT /v1/alert-rules/REDEMPTION_BURST', { ...rule, threshold: 100_000 });
  await alertOf(server, 'rule=REDEMPTION_BURST', 'resolved');
  await until('it is told to be over', () => box.mails.length >= 4 && hook.arrived.length >= 2);
  t.match(box.mails.at(-1)?.subject, /已恢复/);
  t.match(
    hook.arrived.map(({ event }) => event.type),
    ['alert.firing', 'alert.resolved'],
  );
  t.equal(box.mails.length, 4, 'once to begin, once to end, to each');
  t.notOk(
    [...wecom.arrived].some(({ path }) => path.includes('-not')),
    'nobody else',
  );
  const [mail] = ids;
  const tried = await made(server, `POST /v1/channels/${mail}/test`, {
    ...{ notice: 'alert.firing', to: 'c@x.example' },
  });
  t.match(tried, { isDelivered: true });
  t.match(box.mails.at(-1), { to: 'c@x.example', text: /这是一条测试/ });
});

t.test('silenced, resolved by hand, told when the silence ends', async (t) => {
  const server = await open(t);
  const hook = await listening(t);
  await made(server, 'POST /v1/webhooks', { url: hook.url, types: ['alert.*'] });
  const told = (): string[] => hook.arrived.map(({ event }) => event.type);
  const until1h = server.server.engine.now() + 3_600_000;
  const silence = await made(server, 'POST /v1/silences', {
    ...{ rule: 'REDEMPTION_BURST', until: until1h, reason: 'a sale' },
  });
  await redeem(server, 2);
  const rule = { threshold: 1, clearMs: 0, windowMs: 60_000 };
  await made(server, 'PUT /v1/alert-rules/REDEMPTION_BURST', rule);
  const quiet = await alertOf(server, 'rule=REDEMPTION_BURST', 'silenced');
  t.match(quiet, { silence: silence.id });
  t.same(told(), []);
  await server.ask(`DELETE /v1/silences/${silence.id}`);
  await alertOf(server, 'rule=REDEMPTION_BURST', 'firing');
  await until('it is told once the silence is over', () => told().length === 1);
  const path = `/v1/alerts/${quiet.id}`;
  const over = await made(server, `POST ${path}/resolve`, { reason: 'looked at' });
  t.match(over, { state: 'resolved', resolvedBy: 'administrator', isStillSo: true });
  await made(server, 'PUT /v1/alert-rules/REDEMPTION_BURST', { ...rule, severity: 'critical' });
  await until('it was told', () => told().length === 2);
  t.same(told(), ['alert.firing', 'alert.resolved']);
  t.match((await server.ask(`GET ${path}`)).body, { state: 'resolved', firings: 1 });
  const far = { ...rule, threshold: 1_000_000 };
  await made(server, 'PUT /v1/alert-rules/REDEMPTION_BURST', far);
  await until('it was over once', async () => {
    const { isStillSo } = (await server.ask(`GET ${path}`)).body;
    return isStillSo === undefined;
  });
  await made(server, 'PUT /v1/alert-rules/REDEMPTION_BURST', rule);
  t.match(await alertOf(server, 'rule=REDEMPTION_BURST', 'firing'), { firings: 2 });
  await made(server, 'PUT /v1/alert-rules/REDEMPTION_BURST', { state: 'off' });
  await alertOf(server, 'rule=REDEMPTION_BURST', 'resolved');
  const metrics = await until('accounts are recomputed meanwhile', async () => {
    const { text } = await server.ask('GET /metrics');
    return /jifen_recount_accounts [1-9]/.test(text) && text;
  });
  t.match(metrics, /jifen_alert_looks_total [1-9]/);
  t.match(metrics, /jifen_recount_findings 0/);
});

t.test('what cannot be said of rules, silences and channels names its field', async (t) => {
  const server = await open(t);
  const now = server.server.engine.now();
  const robot = { type: 'dingtalk', url: 'https://oapi.dingtalk.com/robot/send', token: 'x' };
  const rule = 'PUT /v1/alert-rules/STOCK_LOW';
  for (const [request, body, status, field] of [
    ['PUT /v1/alert-rules/NONE', {}, 404, 'rule'],
    [rule, { threshold: 5 }, 422, 'threshold'],
    ['PUT /v1/alert-rules/HIGH_ERROR_RATE', { threshold: 101 }, 422, 'threshold'],
    ['PUT /v1/alert-rules/HIGH_ERROR_RATE', { windowMs: 1 }, 422, 'windowMs'],
    ['PUT /v1/alert-rules/HIGH_ERROR_RATE', { threshold: 1.5 }, 400, 'threshold'],
    ['PUT /v1/alert-rules/HIGH_ERROR_RATE', { what: 1 }, 400, 'what'],
    ['POST /v1/silences', { until: now - 1, reason: 'x' }, 422, 'until'],
    ['POST /v1/silences', { until: now + 400 * 86_400_000, reason: 'x' }, 422, 'until'],
    ['POST /v1/silences', { until: now + 1_000 }, 400, 'reason'],
    ['POST /v1/silences', { until: now + 1_000, reason: 'x', rule: 'NONE' }, 400, 'rule'],
    ['GET /v1/alerts/al_000000000000000000000000', undefined, 404, 'alert'],
    ['POST /v1/alerts/nothing/resolve', {}, 404, 'alert'],
    ['DELETE /v1/silences/nothing', undefined, 404, 'silence'],
    ['POST /v1/channels', robot, 422, 'alerts'],
    ['POST /v1/channels', { ...robot, alerts: {}, notices: ['points.expiring'] }, 422, 'notices'],
    ['POST /v1/channels', { ...robot, alerts: {}, url: `${robot.url}?access_token=x` }, 422, 'url'],
    ['POST /v1/channels', { ...robot, alerts: {}, token: undefined }, 422, 'token'],
    ['POST /v1/channels', { ...robot, alerts: {}, token: undefined, secret: 's' }, 422, 'token'],
    ['POST /v1/channels', { ...robot, alerts: { to: ['x'] } }, 422, 'alerts.to'],
    ['POST /v1/channels', { ...robot, alerts: {}, type: 'wecom', secret: 'x' }, 422, 'secret'],
    [
      'POST /v1/channels',
      { type: 'email', url: 'smtps://m.example', from: 'a@b.example', alerts: {} },
      422,
      'alerts.to',
    ],
  ] as const) {
    const answer = await server.ask(request, body);
    t.match({ status: answer.status, ...answer.body }, { status, field }, `${request} ${field}`);
  }
});

t.test('alerts outlive a restart', async (t) => {
  const server = await open(t);
  await redeem(server, 2);
  await made(server, 'PUT /v1/alert-rules/REDEMPTION_BURST', { threshold: 1 });
  const before = await alertOf(server, 'rule=REDEMPTION_BURST', 'firing');
  const { folder } = server;
  await server.server.close();
  const { startServer } = await import('../../gateway/serve.js');
  const again = await startServer({ port: 0, engine: { folder, shards: 1 } });
  t.teardown(() => again.close());
  const answer = await fetch(`${again.address}/v1/alerts/${before.id}`, {
    headers: { authorization: `Bearer ${again.adminKey.key}` },
  });
  const after: any = await answer.json();
  t.match(after, { state: 'firing', since: before.since, firings: 1 });
});

t.test(
  'a witness that is not reached is an alert of each shard, until it is none any more',
  async (t) => {
    const server = await gateway(t, {
      assets: ['gold'],
      webhookHosts: ['127.0.0.1'],
      limits: { checkpointMs: 50, witnessTimeoutMs: 200 },
      engine: { folder: '', shards: 1, receipts: true },
    });
    await made(server, 'PUT /v1/alert-rules/WITNESS_UNREACHABLE', { clearMs: 0 });
    await made(server, 'PUT /v1/witnesses/away', WITNESS);
    await redeem(server, 1);
    const all = () => server.ask('GET /v1/alerts?rule=WITNESS_UNREACHABLE&state=firing');
    const { body } = await until('it is told', async () => {
      const found = await all();
      return found.body.alerts.length === 1 && found;
    });
    t.match(body.alerts, [{ subject: 'shard/0/witness/away', evidence: { what: /REFUSED/ } }]);
    await server.ask('DELETE /v1/witnesses/away');
    await until('it is over', async () => (await all()).body.alerts.length === 0);
  },
);
