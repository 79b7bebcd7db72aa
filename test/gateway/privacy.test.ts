// What becomes of what is known of members: masks, who has seen it, what they agree to have given away, anonymous ids, the export in which nobody is found.

import t from 'tap';
import { hasPersonal, withoutPersonal } from '../../engine/index.js';
import { mask, maskedPersonal } from '../../gateway/privacy/mask.js';
import { refuse } from '../../gateway/refusal.js';
import { Random } from '../random.js';
import { until } from '../until.js';
import { caller, operator } from './callers.js';
import { linesOf } from './harness.js';
import { listening } from './listening.js';
import { shop } from './shop.js';

const DAY_MS = 86_400_000;
const TEA = {
  programme: 'shop',
  price: 10,
  delivery: 'physical',
  stockAsset: 'piece',
  name: 'Tea',
};
const ANN = { name: '王小明', phone: '13812345678', address: '上海市黄浦区南京东路1号' };

t.test('masks', async (t) => {
  for (const [text, masked] of [
    ['13812345678', '138********'],
    ['+8613812345678', '+86***********'],
    ['王小明', '***'],
    ['abcd', '****'],
    ['abcde', 'abcd*'],
    ['', ''],
    ['ann.lee@mail.example', `ann.${'*'.repeat(16)}`],
    ['bob@mail.example', `bo${'*'.repeat(14)}`],
    ['a@x.example', '*'.repeat(11)],
    ['@x', '**'],
    ['👩👩', '**'],
    ['310000', '310***'],
  ] as const)
    t.equal(maskedPersonal(text), masked);
  const random = new Random(7);
  for (let i = 0; i < 500; i++) {
    const text = Array.from({ length: random.int(30) }, () => 'aé王😀@1 '[random.int(7)]).join('');
    const visible = random.int(6);
    const told = [...mask(text, visible)];
    t.equal(told.length, [...text].length);
    t.ok(told.slice(visible).every((letter) => letter === '*'));
    const at = text.lastIndexOf('@');
    if (at > 0 && !/^\*+$/.test(text))
      t.notOk(maskedPersonal(text).startsWith(text.slice(0, at)), text);
  }
});

t.test('fields that say who or where somebody is', async (t) => {
  const said = {
    source: 'app',
    deviceId: 'd',
    nested: [{ 'Client-IP': '1.2.3.4', note: 'n', user_agent: 'x' }],
    contact: { phone: '1', deep: { email: 'e' } },
    位置: 'here',
  };
  const all = { device: true, contacts: true };
  t.same(withoutPersonal(said, all), { source: 'app', nested: [{ note: 'n' }] });
  t.notOk(hasPersonal(withoutPersonal(said, all)));
  const { contact: _, ...device } = said;
  t.same(withoutPersonal(said, { ...all, device: false }), device);
  t.equal(withoutPersonal(said.source, all), 'app');
  const plain = { source: 'app', list: [1, null] };
  t.equal(withoutPersonal(plain, all), plain, 'nothing is copied where nothing is left out');
  t.same(withoutPersonal(JSON.parse('{"__proto__": {"phone": 1}, "ip": 2}'), all), {
    ['__proto__']: {},
  });
});

t.test('personal data over HTTP', async (t) => {
  const receiver = await listening(t);
  const serving = { webhookHosts: ['127.0.0.1'], reports: true };
  const of = await shop(t, [['goods/tea', TEA]], 2, {}, {}, serving);
  const { ask } = of;
  await ask('PUT /v1/assets/piece', { scale: 0 });
  await ask('POST /v1/goods/tea/stock', { pieces: 10, reason: 'r' });
  const later = (ms: number): Promise<unknown> => {
    of.later(ms);
    return of.server.engine.acceptClock();
  };
  const shown = (owner: string) => ask(`GET /v1/members/${owner}/disclosures`);

  await t.test(
    'a look in clear is written down, a masked one and the member’s own is none',
    async (t) => {
      await ask('POST /v1/events', {
        ...{ programme: 'shop', type: 'CONSUME', owner: 'ann', attributes: { amount: 250 } },
      });
      const made = await ask('POST /v1/orders', { owner: 'ann', goods: 'tea', receiver: ANN });
      t.equal(made.status, 201, made.text);
      const { number } = made.body.act.effects[0];
      t.same((await shown('ann')).body.disclosures, []);
      const reader = await operator(of, ['read']);
      const masked = await ask(`GET /v1/orders/${number}?owner=ann`, undefined, reader);
      t.same(masked.body.receiver, {
        name: '***',
        phone: '138********',
        address: `上海市黄${'*'.repeat(8)}`,
      });
      t.same((await shown('ann')).body.disclosures, [], 'nothing was seen in clear');
      const shipper = await operator(of, ['read', 'adjust', 'view']);
      for (let i = 0; i < 3; i++)
        t.match((await ask(`GET /v1/orders/${number}?owner=ann`, undefined, shipper)).body, {
          receiver: ANN,
        });
      const { disclosures } = (await shown('ann')).body;
      t.match(disclosures, [
        { kind: 'key', what: 'receiver', way: 'GET /v1/orders/{number}', at: Number },
      ]);
      t.equal(disclosures.length, 1, 'once in an hour');
      await later(3_600_000);
      await ask(`GET /v1/orders/${number}?owner=ann`, undefined, shipper);
      t.equal((await shown('ann')).body.disclosures.length, 2);
      t.equal((await ask('GET /v1/fulfilment.csv')).status, 200);
      t.equal((await ask('GET /v1/fulfilment')).status, 200);
      await ask('PUT /v1/members/ann/contact', { email: 'ann@mail.example' });
      await ask('GET /v1/members/ann/contact');
      await ask('GET /v1/members/ann/export');
      await ask('GET /v1/members/ann/sessions');
      const all = (await shown('ann')).body.disclosures as readonly { what: string; at: number }[];
      t.same(all.map(({ what }) => what).sort(), [
        ...['contact', 'export', 'receiver', 'receiver', 'receiver', 'receiver', 'sessions'],
      ]);
      t.ok(all.every(({ at }, i) => i === 0 || at <= (all[i - 1]?.at ?? 0) + 3_600_000));
      const page = (await ask('GET /v1/members/ann/disclosures?limit=3')).body;
      const rest = (await ask(`GET /v1/members/ann/disclosures?limit=500&cursor=${page.cursor}`))
        .body;
      t.same([...page.disclosures, ...rest.disclosures], all);
      t.match((await ask('GET /v1/members/ann/disclosures?cursor=x')).body, {
        code: 'CURSOR_INVALID',
      });
      t.notMatch(JSON.stringify(all), /王小明|13812345678|mail\.example/);
      // Who may not set what is the member's own is not told who looks.
      t.equal((await ask('GET /v1/members/ann/disclosures', undefined, reader)).status, 403);
    },
  );

  await t.test('nothing is told that cannot be written down', async (t) => {
    await later(2 * 3_600_000);
    const { engine } = of.server;
    const { own } = engine;
    const submit: typeof own.submit = async () => refuse('DISK_FULL');
    Object.assign(engine, { own: { ...own, submit } });
    const told = await ask('GET /v1/members/ann/contact');
    Object.assign(engine, { own });
    t.match(told.body, { code: 'DISK_FULL' });
    t.notMatch(told.text, /mail\.example/);
  });

  await t.test('what is not agreed to leaves by no way', async (t) => {
    await ask('POST /v1/webhooks', { url: receiver.url, types: ['points.*'] });
    const metadata = { deviceId: 'D-7', phone: '13812345678', gps: [1, 2], basket: 3 };
    const move = (id: string) =>
      ask('POST /v1/transfers', {
        ...{ id, metadata },
        legs: [{ from: '@issue', to: 'carl', asset: 'points', amount: 1 }],
      });
    const told = async (id: string): Promise<object> => {
      t.equal((await move(id)).status, 201);
      return until(`${id} is told`, async () => {
        const found = receiver.arrived.find(({ event }) => event.data.id === id);
        return found === undefined ? false : found.event.data.metadata;
      });
    };
    t.same((await ask('GET /v1/members/carl/sharing')).body, {
      owner: 'carl',
      share_analytics: { isGiven: false, at: null },
      share_contacts: { isGiven: false, at: null },
    });
    t.same(await told('m-1'), { basket: 3 });
    t.match((await ask('PUT /v1/members/carl/sharing', { share_analytics: true })).body, {
      share_analytics: { isGiven: true, at: Number },
      share_contacts: { isGiven: false, at: null },
    });
    t.same(await told('m-2'), { deviceId: 'D-7', gps: [1, 2], basket: 3 });
    await ask('PUT /v1/members/carl/sharing', { share_contacts: true });
    t.same(await told('m-3'), metadata);
    const logs = async () =>
      (await Promise.all([0, 1].map((shard) => ask(`GET /v1/shards/${shard}/log`))))
        .flatMap(({ text }) => linesOf(text))
        .filter(({ command }) => /^m-/.test(command?.id ?? ''));
    t.same(
      (await logs()).map(({ command }) => command.metadata),
      [metadata, metadata, metadata],
    );
    await ask('PUT /v1/members/carl/sharing', { share_analytics: false, share_contacts: false });
    t.same(await told('m-4'), { basket: 3 }, 'it was taken back');
    for (const { command } of await logs()) t.same(command.metadata, { basket: 3 });
    for (const [body, field] of [
      [{ share_analytics: 'yes' }, 'share_analytics'],
      [{ share_everything: true }, 'share_everything'],
    ] as const)
      t.match((await ask('PUT /v1/members/carl/sharing', body)).body, { field });
    const platform = await caller(of, 'store', { assets: ['points'] });
    t.equal(
      (await platform.ask('PUT /v1/members/carl/sharing', { share_contacts: true })).status,
      401,
      'a platform says nothing of what others get',
    );
  });

  await t.test('anonymous ids', async (t) => {
    const one = await caller(of, 'one', { assets: ['points'] });
    const two = await caller(of, 'two', { assets: ['points'] });
    const id = async (by: { ask: typeof ask }, query = ''): Promise<string> => {
      const { status, body, text } = await by.ask(`GET /v1/members/ann/anonymous-id${query}`);
      t.equal(status, 200, text);
      return body.id;
    };
    const [a, b] = [await id(one), await id(two)];
    t.match(a, /^[\w-]{43}$/);
    t.not(a, b);
    t.equal(await id(one), a);
    t.equal(await id(of, '?platform=one'), a);
    t.match((await one.ask('GET /v1/members/ann/anonymous-id?platform=two')).body, {
      code: 'OPERATION_FORBIDDEN',
    });
    t.match((await ask('GET /v1/members/ann/anonymous-id')).body, { field: 'platform' });
    t.match((await ask('GET /v1/members/ann/anonymous-id?platform=none')).body, {
      code: 'PLATFORM_NOT_FOUND',
    });
    await ask('POST /v1/members/ann/erasure', { reason: 'asked for' });
    t.match((await one.ask('GET /v1/members/ann/anonymous-id')).body, { code: 'MEMBER_ERASED' });
  });

  await t.test('nobody is found in what may be given away', async (t) => {
    const random = new Random(23);
    const amounts = new Map<string, number>();
    const earn = (owner: string, amount: number, kind?: string) => {
      amounts.set(owner, amount);
      return ask('POST /v1/transfers', {
        ...{ id: `${owner}-${kind}`, kind },
        legs: [{ from: '@issue', to: owner, asset: 'points', amount }],
      });
    };
    for (let i = 0; i < 23; i++) await earn(`many${i}`, 100 + random.int(900), 'GIFT');
    for (let i = 0; i < 9; i++) await earn(`few${i}`, 50, 'RARE');
    for (let i = 0; i < 11; i++) await earn(`next${i}`, i === 0 ? 100_000 : 10, 'WHALE');
    await earn('alone', 4_321, 'ORDER:4711');
    const early = (await ask('GET /v1/reports/anonymised?from=2020-01-01')).body;
    t.same(early.rows ?? [], [], 'the week is not over');
    await later(9 * DAY_MS);
    await earn('later0', 1, 'TICK');
    const rows = async (query = '') =>
      (
        await until('reports are answered', async () => {
          const answer = await ask(`GET /v1/reports/anonymised?from=2020-01-01${query}`);
          return answer.body?.rows?.length > 0 && answer;
        })
      ).body.rows as readonly (string | number)[][];
    const told = await rows();
    const sum = [...amounts].filter(([owner]) => owner.startsWith('many'));
    const gift = told.find(([, , , kind]) => kind === 'GIFT');
    t.same(gift?.slice(1, 6), ['points', 'earned', 'GIFT', 20, 20]);
    const exact = sum.reduce((all, [, amount]) => all + amount, 0);
    const step = 10 ** (String(exact).length - 2);
    t.equal(gift?.[6], Math.floor(exact / step) * step);
    // He who knows everything of the ledger tries to join it back: by names, ids, times, figures.
    const text = JSON.stringify(told);
    t.notMatch(text, /RARE|WHALE|4711|alone|many\d|few\d|T\d\d:/);
    for (const row of told) {
      t.match(row[0], /^\d{4}-\d\d-\d\d$/);
      t.equal(new Date(`${row[0]}T00:00:00Z`).getUTCDay(), 1, 'a week');
      t.ok((row[4] as number) >= 10 && (row[4] as number) % 5 === 0);
    }
    const fine = [...amounts.values()].filter((amount) => amount > 100);
    for (const row of told) t.notOk(fine.includes(row[6] as number), 'no sum is anybody’s own');
    // Two exports taken from each other leave nothing: other limits give the same rows, or none.
    const monday = String(gift?.[0]);
    const at = Date.parse(`${monday}T00:00:00Z`);
    for (const query of [`&to=${at + 8 * DAY_MS}`, '&asset=points', `&to=${at + 7 * DAY_MS + 1}`])
      for (const row of await rows(query))
        t.ok(
          told.some((one) => JSON.stringify(one) === JSON.stringify(row)),
          query,
        );
    for (const query of ['zone=UTC', 'interval=day', 'group=kind', 'by=booked', 'owner=alone'])
      t.match((await ask(`GET /v1/reports/anonymised?${query}`)).body, { code: 'QUERY_INVALID' });
    const half = await ask(`GET /v1/reports/anonymised?from=${at + 1}&to=${at + 6 * DAY_MS}`);
    t.same(half.body.rows, [], 'half a week is none');
  });
  t.match(
    (await ask('GET /v1/retention')).body.retention.map((one: any) => one.days),
    [...[90, 90, 400, 30, 400, null, null]],
  );
});
