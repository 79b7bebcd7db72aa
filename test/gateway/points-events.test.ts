// `/api/points/add` while a business type becomes a type of events, or ceases to be one: what is said counts from the moment on that the shards
// decide by it, whatever the gateway remembers.

import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { until } from '../until.js';
import { caller } from './callers.js';
import { type Shop, shop } from './shop.js';

const LEAD_MS = 11_000;
/** The gateway remembers definitions for less; between a definition and its deciding there is more. */
const REMEMBERED_MS = 1_100;
const BUY = { programme: 'shop', attributes: { amount: 'integer' }, amount: 'amount' };
const TWICE = { programme: 'shop', event: 'BUY', points: 2, per: 1, of: 'amount' };

async function opened(t: Parameters<typeof shop>[0], more: Parameters<typeof shop>[1] = []) {
  const served = await shop(t, more, 3, { userRates: {} });
  const club = await caller(served, 'club', {
    ...{ assets: ['points'], programme: 'shop', operations: ['read', 'earn', 'adjust'] },
  });
  let ids = 0;
  /** What 7 of it come to: 14 as an event, 7 as points that are moved. */
  const add = async (transaction_id = `t${++ids}`, user_id = `u${ids}`) => {
    const asked = { user_id, amount: 7, business_type: 'BUY', transaction_id };
    for (;;) {
      const answer = await club.ask('POST /api/points/add', asked);
      if (answer.status !== 503) return answer;
    }
  };
  return { served, club, add };
}

const say = async ({ ask }: Shop, at: string, sent: object): Promise<void> => {
  const { status, text } = await ask(`PUT /v1/definitions/${at}`, sent);
  if (status !== 200) throw new Error(text);
  await sleep(REMEMBERED_MS);
};

/** Waits until events of the type are judged so. */
const judged = ({ ask }: Shop, status: number) =>
  until(`events are answered ${status}`, async () => {
    const event = { programme: 'shop', owner: 'x', type: 'BUY', attributes: { amount: 1 } };
    const owners = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const asked = owners.map((owner) => ask('POST /v1/events?dryRun=true', { ...event, owner }));
    return (await Promise.all(asked)).every((one) => one.status === status);
  });

t.test('a business type that becomes a type of events', async (t) => {
  const { served, club, add } = await opened(t);
  t.match(await add('m1', 'ann'), { body: { balance: 7 } }, 'it is none yet');
  await say(served, 'event/shop.BUY', { state: 'active', document: BUY });
  await say(served, 'rule/shop.BUY', { state: 'active', document: TWICE });
  t.match(await add('m2', 'bob'), { body: { balance: 7 } }, 'and still none');
  served.later(LEAD_MS);
  await judged(served, 200);
  t.match(await add(), { status: 200, body: { balance: 14 } }, 'now it is one');
  t.match(await add('m1', 'ann'), { body: { replayed: true, balance: 7 } }, 'what was moved stays');
  const back = { user_id: 'ann', original_transaction_id: 'm1', transaction_id: 'b1' };
  t.match(await club.ask('POST /api/points/refund', back), { body: { balance: 0 } });
});

t.test('a business type that ceases to be one', async (t) => {
  const { served, add } = await opened(t, [
    ['event/shop.BUY', BUY],
    ['rule/shop.BUY', TWICE],
  ]);
  t.match(await add('e1', 'ann'), { body: { balance: 14 } });
  await say(served, 'rule/shop.BUY', { state: 'retired' });
  await say(served, 'event/shop.BUY', { state: 'retired' });
  t.match(await add(), { body: { balance: 14 } }, 'it still is one');
  served.later(LEAD_MS);
  await judged(served, 404);
  t.match(await add(), { status: 200, body: { balance: 7 } }, 'now it is none');
  t.match(await add('e1', 'ann'), { body: { replayed: true, balance: 14 } }, 'what it was it is');
});

t.test('its amount is called otherwise', async (t) => {
  const { served, add } = await opened(t, [
    ['event/shop.BUY', BUY],
    ['rule/shop.BUY', TWICE],
  ]);
  t.match(await add(), { body: { balance: 14 } });
  const paid = { programme: 'shop', attributes: { paid: 'integer' }, amount: 'paid' };
  await say(served, 'rule/shop.BUY', { state: 'retired' });
  await say(served, 'event/shop.BUY', { state: 'active', document: paid });
  t.match(await add(), { body: { balance: 14 } });
  served.later(LEAD_MS);
  await judged(served, 422);
  const called = await add();
  t.match(called, { status: 200 }, `as it is called now: ${called.text}`);
});

t.test('asked for many times at that moment, it is done once', async (t) => {
  const { served, add } = await opened(t);
  await say(served, 'event/shop.BUY', { state: 'active', document: BUY });
  await say(served, 'rule/shop.BUY', { state: 'active', document: TWICE });
  served.later(LEAD_MS - 1_500);
  let sent = 0;
  for (const end = Date.now() + 3_500; Date.now() < end; sent++) {
    const id = `s${sent}`;
    const all = await Promise.all(Array.from({ length: 6 }, () => add(id, `v${sent}`)));
    const statuses = all.map(({ status }) => status);
    t.same(statuses, Array(6).fill(200), `${id}: ${all.map(({ text }) => text).join(' ')}`);
    t.equal(all.filter(({ body }) => body.replayed === false).length, 1, id);
    t.equal(new Set(all.map(({ body }) => body.balance)).size, 1, id);
  }
  t.match(await add('last', 'w'), { body: { balance: 14 } });
});

t.test('under an id that was used meanwhile, it is what it was then', async (t) => {
  const { served, club } = await opened(t, [
    ['event/shop.BUY', BUY],
    ['rule/shop.BUY', TWICE],
  ]);
  const { engine } = served.server;
  const legs = [{ from: '@issue', to: 'ann', asset: 'points', amount: 7 }];
  const body = { programme: 'shop', type: 'BUY', attributes: { amount: 7 } };
  const asMoved = { type: 'transfer', kind: 'BUY', legs } as const;
  const asEvent = { type: 'act', act: 'event', owner: 'ann', body } as const;
  const rows = [
    ['BUY', asMoved, { status: 200, body: { replayed: true } }],
    ['OTHER', asEvent, { status: 409, body: { code: 'ID_REUSED' } }],
  ] as const;
  const as = engine.as.bind(engine);
  for (const [business_type, first, expected] of rows) {
    // Somebody else is quicker, between the look for the id and the commit.
    let left = 1;
    engine.as = (grants) => {
      const calls = as(grants);
      const submit: typeof calls.submit = async (command, options) => {
        if (left-- === 1) await calls.submit({ ...first, id: `club:r-${business_type}` }, options);
        return calls.submit(command, options);
      };
      return new Proxy(calls, {
        get: (of, name) =>
          name === 'submit' ? submit : (of[name as 'submit'] as typeof submit).bind(of),
      });
    };
    const asked = { user_id: 'ann', amount: 7, business_type };
    const answer = await club.ask('POST /api/points/add', {
      ...asked,
      transaction_id: `r-${business_type}`,
    });
    t.match(answer, expected, `${business_type}: ${answer.text}`);
  }
  engine.as = as;
  const { body: told } = await served.ask('GET /v1/accounts/ann');
  t.equal(told.accounts[0].available, 7 + 14, 'each once');
});
