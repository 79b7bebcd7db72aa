// Notices to members, by mail through a real SMTP server and as short messages through a real HTTP gateway: who is told what, with which words, once.

import t from 'tap';
import { until } from '../until.js';
import { type Gateway, gateway } from './harness.js';
import { mailbox } from './mailbox.js';

const HOSTS = ['127.0.0.1'];
/** Quick enough for a test. */
const QUICK = { webhookPauseMs: 20, webhookTimeoutMs: 2_000 };

/** A ledger with a programme of tiers: who earns 10 is in another one, which is told. */
export async function club(t: Parameters<typeof gateway>[0], limits: object = QUICK) {
  const clockOffset = new SharedArrayBuffer(8);
  const clock = new Float64Array(clockOffset);
  const server = await gateway(t, {
    ...{ assets: ['gold', 'tin'], webhookHosts: HOSTS, limits },
    engine: { folder: '', shards: 2, clockOffset },
  });
  await server.ask('PUT /v1/programmes/club', { asset: 'gold', zone: 'UTC' });
  const define = async (place: string, document: object): Promise<void> => {
    const made = await server.ask(`PUT /v1/definitions/${place}`, { state: 'active', document });
    if (made.status >= 300) throw new Error(`${place}: ${made.text}`);
  };
  await define('event/club.BUY', { programme: 'club', attributes: { n: 'integer' } });
  await define('rule/club.BUY', { programme: 'club', event: 'BUY', points: 10 });
  await define('tier/club.base', { programme: 'club', from: 0, name: 'Base' });
  await define('tier/club.top', { programme: 'club', from: 10, name: 'Gold <&> "top"' });
  return { server, clock, define };
}

/** Has a member reach another tier. */
export async function rise(server: Gateway, owner: string, id = 'E1'): Promise<void> {
  const event = { owner, id, programme: 'club', type: 'BUY', attributes: { n: 1 } };
  await until('the programme decides', async () => {
    const made = await server.ask('POST /v1/events', event);
    if (made.status >= 300 && made.status !== 503) throw new Error(made.text);
    return made.status < 300;
  });
}

async function channel(server: Gateway, body: object): Promise<string> {
  const made = await server.ask('POST /v1/channels', body);
  if (made.status !== 201) throw new Error(made.text);
  return made.body.id;
}

t.test('a member is told, once', async (t) => {
  const { server, clock } = await club(t);
  const box = await mailbox(t);
  await channel(server, { type: 'email', url: box.url, from: 'club@shop.example', language: 'en' });
  await server.ask('PUT /v1/members/ann/contact', { email: 'ann@mail.example' });
  clock[0] = 11_000;
  await rise(server, 'ann');
  await until('it is told', () => box.mails.length === 1);
  t.match(box.mails[0], { to: 'ann@mail.example', subject: 'Your tier has changed' });
});
