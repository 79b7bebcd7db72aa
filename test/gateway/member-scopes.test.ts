// What a member's scopes permit, against a model that says it in the words of the documentation: for drawn scopes and drawn acts, over every way that
// commands go. And what no scope permits.

import t from 'tap';
import type { Command, Engine, Grants, Operation, Outcome } from '../../engine/index.js';
import { Granted, OPERATIONS, unpackGrants } from '../../engine/protocol/grants.js';
import { memberPrincipal } from '../../gateway/auth/member-principal.js';
import type { Principal } from '../../gateway/auth/principal.js';
import { SCOPES, type Scope, type ScopeWord } from '../../gateway/oauth/scopes.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';
import { caller } from './callers.js';
import { shop } from './shop.js';

const ZONE = 'Asia/Shanghai';
const LOTTERY = { cost: 1, prizes: [{ key: 'none', weight: 1, points: 0 }] };
/** By asset: its programme, and a platform whose it is. */
const PROGRAMMES = { points: 'shop', stars: 'club' } as const;
type Asset = keyof typeof PROGRAMMES;
const ASSETS = Object.keys(PROGRAMMES) as Asset[];
const PLATFORMS: Readonly<Record<string, readonly string[]>> = {
  mall: ['points'],
  club: ['stars'],
  both: ['points', 'stars'],
  gone: [],
  none: [],
};
const MORE = [
  ['programme/club', { asset: 'stars', zone: ZONE }],
  ['event/club.SIGN', { programme: 'club', byMember: 1_000 }],
  ['event/shop.VISIT', { programme: 'shop', byMember: 1_000, attributes: { n: 'integer' } }],
  ['lottery/club.lottery', { programme: 'club', ...LOTTERY }],
  ['lottery/shop.wheel', { programme: 'shop', ...LOTTERY }],
  ['gifting/shop', {}],
  ['gifting/club', {}],
  ['referral/shop', {}],
  ['referral/club', {}],
] as const;

async function world(t: Parameters<typeof shop>[0]) {
  const served = await shop(t, MORE, 2, {}, {}, { assets: ['points', 'stars'] } as object);
  for (const [id, assets] of Object.entries(PLATFORMS))
    if (id !== 'none') await caller(served, id, { assets: assets.length === 0 ? ASSETS : assets });
  await served.ask('POST /v1/platforms/gone/disable');
  for (const to of ['ann', 'bob'])
    for (const asset of ASSETS)
      await served.ask('POST /v1/transfers', {
        id: `F-${to}-${asset}`,
        legs: [{ from: '@issue', to, asset, amount: 1_000_000 }],
      });
  const { body } = await served.ask('GET /v1/platforms');
  const known = new Map(body.platforms.map((one: any) => [one.id, { platform: one }]));
  const directory = { platform: (id: string) => known.get(id) as any };
  const member = (scopes: readonly Scope[], owner = 'ann'): Principal =>
    memberPrincipal({ member: `m-${owner}`, owner, client: '@me', scopes }, directory);
  return { ...served, member };
}

let ids = 0;
const act = (name: string, body: object, owner = 'ann'): Command =>
  ({ type: 'act', act: name, id: `T${++ids}`, owner, body }) as Command;

/** What is asked, what it takes; `null`: nobody is permitted it who asks as a member. */
const ACTS: readonly (readonly [
  takes: Operation | null,
  make: (asset: Asset) => Command,
  isOfChance?: true,
])[] = [
  ['transfer', (asset) => act('gift', { programme: PROGRAMMES[asset], to: 'bob', amount: 1 })],
  [
    'participate',
    (asset) => act('referral-code', { programme: PROGRAMMES[asset], code: 'ABCDEF' }),
  ],
  [
    'participate',
    (asset) =>
      act('event', {
        ...{ programme: PROGRAMMES[asset], type: asset === 'points' ? 'VISIT' : 'SIGN' },
        own: true,
      }),
  ],
  [
    'redeem',
    (asset) => act('draw', { lottery: asset === 'points' ? 'shop.wheel' : 'club.lottery' }),
    true,
  ],
  [null, (asset) => act('event', { programme: PROGRAMMES[asset], type: 'SIGN' })],
  [null, (asset) => act('set-profile', { programme: PROGRAMMES[asset], profile: {} })],
  [
    null,
    (asset) =>
      ({
        ...{ type: 'transfer', id: `T${++ids}` },
        legs: [{ from: 'ann', to: 'bob', asset, amount: 1 }],
      }) as Command,
  ],
  [
    null,
    (asset) =>
      ({
        ...{ type: 'transfer', id: `T${++ids}` },
        legs: [{ from: 'ann', to: '@redeem', asset, amount: 1 }],
      }) as Command,
  ],
  [null, (asset) => ({ type: 'hold', id: `T${++ids}`, owner: 'ann', asset, amount: 1 }) as Command],
];

const WORDS = Object.keys(SCOPES) as ScopeWord[];
function drawnScopes(random: Random): Scope[] {
  return Array.from({ length: 1 + random.int(4) }, () => {
    const word = random.pick(WORDS);
    const isOfAll = !SCOPES[word].byPlatform || random.chance(0.25);
    return { word, platform: isOfAll ? undefined : random.pick(Object.keys(PLATFORMS)) };
  });
}

/** Is there a scope that permits this operation on this asset? */
const permits = (scopes: readonly Scope[], operation: Operation, asset: string): boolean =>
  scopes.some(
    ({ word, platform }) =>
      SCOPES[word].operations.some((one: Operation) => one === operation) &&
      (platform === undefined || PLATFORMS[platform]!.includes(asset)),
  );

const isForbidden = (outcome: Outcome): boolean =>
  !outcome.ok && /_FORBIDDEN$/.test((outcome as { code: string }).code);

async function submitted(
  engine: Engine,
  grants: Grants,
  command: Command,
  way: string,
): Promise<Outcome> {
  const as = engine.as(grants);
  if (way === 'alone') return as.submit(command);
  if (way === 'dry run') return as.submit(command, { dryRun: true });
  if (way === 'batch') return (await as.submitBatch([command]))[0]!;
  if (way === 'atomic') return (await as.submitBatch([command], { atomic: true }))[0]!;
  const batch = as.batch();
  batch.add(command as Parameters<typeof batch.add>[0]);
  return (await batch.submit()).outcome(0);
}
const WAYS = ['alone', 'batch', 'packed', 'dry run', 'atomic'] as const;

t.test('scopes permit what one of them permits, and nothing else', async (t) => {
  const { server, member } = await world(t);
  const { engine } = server;
  const cases = campaign({ name: 'scopes of members', long: 2_000, sample: 30 });
  let [permitted, refused] = [0, 0];
  await cases.run(async (seed) => {
    const random = new Random(seed);
    const scopes = drawnScopes(random);
    const grants = member(scopes);
    const says = scopes.map(({ word, platform }) => `${word}:${platform ?? '*'}`).join(' ');
    for (const [takes, make, isOfChance] of ACTS) {
      const asset = random.pick(ASSETS);
      const command = make(asset);
      const way = random.pick(isOfChance ? (['alone', 'batch', 'packed'] as const) : WAYS);
      const isRead = way !== 'dry run' || permits(scopes, 'read', asset);
      const may = takes !== null && permits(scopes, takes, asset) && isRead;
      const outcome = await submitted(engine, grants, command, way);
      const told = `${says}: ${way} ${JSON.stringify(command)}: ${JSON.stringify(outcome)}`;
      if (isForbidden(outcome) === may) throw new Error(`may: ${may}; ${told}`);
      if (may) permitted++;
      else refused++;
      // A code may be on another shard, and is taken once.
      const isElsewhere =
        !outcome.ok && /REFERRAL_CODE_TAKEN|BATCH_ACROSS_SHARDS/.test(outcome.code);
      if (may && !outcome.ok && !isElsewhere) throw new Error(told);
      const others = { ...command, ...('owner' in command ? { owner: 'bob' } : {}) } as Command;
      if (!isForbidden(await submitted(engine, grants, others, way)) && 'owner' in command)
        throw new Error(`of another one: ${told}`);
    }
    for (const asset of ASSETS) {
      const as = engine.as(grants);
      const may = permits(scopes, 'read', asset);
      const seen = [
        await as.balance('ann', asset),
        await as.entries({ owner: 'ann', asset }),
        await as.member('ann', PROGRAMMES[asset]),
        await as.leaderboard({ board: 'none' }),
      ].slice(0, 3);
      for (const one of seen)
        if (('ok' in one && one.ok === false) === may) throw new Error(`${says}: read ${asset}`);
      const all = await as.balance('ann');
      const told = Array.isArray(all) ? all.map((one) => one.asset) : [];
      if (told.includes(asset) !== may) throw new Error(`${says}: all balances tell ${asset}`);
      for (const one of [await as.balance('bob', asset), await as.balance('@issue', asset)])
        if (Array.isArray(one)) throw new Error(`${says}: reads others`);
    }
  });
  t.ok(refused > permitted && permitted > 0, `${permitted} permitted, ${refused} refused`);
});

t.test('operations with assets of their own, of keys that move by hand', async (t) => {
  const { server } = await world(t);
  const { engine } = server;
  const cases = campaign({ name: 'narrowed grants', long: 2_000, sample: 40 });
  let [done, refused] = [0, 0];
  const takes = (from: string, to: string): Operation =>
    from === '@issue' ? 'earn' : to === '@redeem' ? 'redeem' : to === '@fee' ? 'spend' : 'transfer';
  await cases.run(async (seed) => {
    const random = new Random(seed);
    const all = ['earn', 'spend', 'redeem', 'transfer', 'read'] as const;
    const operations = new Set(all.filter(() => random.chance(0.7)));
    const assets = random.chance(0.5) ? undefined : new Set(ASSETS);
    const narrowed = new Map(
      [...operations].flatMap((one) =>
        random.chance(0.5)
          ? [[one, new Set(ASSETS.filter(() => random.chance(0.5)))] as const]
          : [],
      ),
    );
    const grants: Grants = { operations, assets, narrowed };
    const { packed } = new Granted(grants);
    t.same(unpackGrants(packed).packed, packed, 'they travel');
    const may = (operation: Operation, asset: Asset): boolean =>
      operations.has(operation as never) && (narrowed.get(operation as never)?.has(asset) ?? true);
    for (let i = 0; i < 6; i++) {
      const legs = Array.from({ length: 1 + random.int(2) }, () => {
        const [from, to] = random.pick([
          ['@issue', 'ann'],
          ['ann', '@redeem'],
          ['ann', '@fee'],
          ['ann', 'bob'],
        ]) as [string, string];
        return { from, to, asset: random.pick(ASSETS), amount: 1 };
      });
      const command = { type: 'transfer', id: `T${++ids}`, owner: 'ann', legs } as Command;
      const way = random.pick(WAYS);
      const isRead = way === 'dry run' ? legs.every(({ asset }) => may('read', asset)) : true;
      const expected = isRead && legs.every(({ from, to, asset }) => may(takes(from, to), asset));
      const one = legs.length === 1 ? { ...command, owner: undefined } : command;
      const outcome = await submitted(engine, grants, one as Command, way);
      const told = `${[...operations]} ${JSON.stringify([...narrowed].map(([a, b]) => [a, [...b]]))}`;
      if (isForbidden(outcome) === expected)
        throw new Error(`${told}: ${way} ${JSON.stringify(legs)}: ${JSON.stringify(outcome)}`);
      if (expected) done++;
      else refused++;
    }
  });
  t.ok(done > 0 && refused > 0, `${done} done, ${refused} refused`);
});

t.test('grants with assets by operation are of a version that others refuse', async (t) => {
  const read = new Set(['points']);
  const narrowed = new Map([['redeem', read]] as const);
  const operations = new Set(['read', 'redeem'] as const);
  const some = new Granted({ operations, narrowed });
  const plain = new Granted({ operations });
  t.not(some.packed[1], plain.packed[1], 'the version is the first thing in them');
  t.equal(unpackGrants(some.packed).assetsOf('read'), undefined);
  t.same(unpackGrants(some.packed).assetsOf('redeem'), read);
  t.throws(() => new Granted({ operations: new Set(['read']), narrowed }), /not permitted/);
  t.throws(() => new Granted({ operations, scope: '_me' }), /a member is somebody/);
  t.equal(new Granted({ operations: new Set(OPERATIONS), narrowed }).mayEverything, false);
  const empty = unpackGrants(new Granted({ operations, assets: new Set() }).packed);
  t.equal(empty.assets?.size, 0, 'no assets are not all');
});

t.test('what no scope permits', async (t) => {
  const { server, member, ask } = await world(t);
  const { engine } = server;
  const everything = WORDS.map((word) => ({ word, platform: undefined }));
  const me = engine.as(member(everything));
  const forbidden = async (name: string, command: object): Promise<void> => {
    for (const way of WAYS) {
      const id = `H${++ids}`;
      const made = { id, ...command } as Command;
      const outcome = await submitted(engine, member(everything), made, way);
      t.ok(isForbidden(outcome), `${name}, ${way}: ${JSON.stringify(outcome).slice(0, 200)}`);
    }
  };
  const leg = (from: string, to: string) => ({ from, to, asset: 'points', amount: 1 });
  const gift = { programme: 'shop', to: 'bob', amount: 5 };
  await me.submit({ type: 'act', act: 'gift', id: 'G', owner: 'ann', body: gift });
  await ask('POST /v1/transfers', { id: 'K', legs: [leg('@issue', 'ann')] });
  await ask('POST /v1/holds', { id: 'HOLD', owner: 'ann', asset: 'points', amount: 1 });
  for (const [from, to] of [
    ['@issue', 'ann'],
    ['@redeem', 'ann'],
    ['@adjust', 'ann'],
    ['bob', 'ann'],
    ['ann', 'bob'],
    ['ann', '@fee'],
    ['ann', '@redeem'],
    ['@issue', '@fee'],
  ] as const)
    await forbidden(`${from} to ${to}`, { type: 'transfer', legs: [leg(from, to)] });
  const follow = { legs: [leg('bob', 'ann')] };
  await forbidden('a follow-up', {
    ...{ type: 'transfer', legs: [leg('ann', 'bob')], followUps: [follow] },
  });
  await forbidden('a condition of others', {
    ...{ type: 'transfer', legs: [leg('ann', 'bob')] },
    condition: { owner: 'bob', asset: 'points', availableAtLeast: 1 },
  });
  for (const id of ['G', '_me,G', ',K'])
    await forbidden(`to reverse ${id}`, { type: 'reverse', owner: 'ann', transferId: id });
  await forbidden('a hold', { type: 'hold', owner: 'ann', asset: 'points', amount: 1 });
  for (const type of ['capture', 'release'])
    await forbidden(type, { type, owner: 'ann', holdId: ',HOLD', to: '@fee', amount: 1 });
  await forbidden('an account', { type: 'open-account', owner: 'ann', asset: 'points' });
  await forbidden('a limit', {
    type: 'set-credit-limit',
    owner: 'ann',
    asset: 'points',
    creditLimit: 9,
  });
  const records = { owner: 'ann', recordType: 'x', key: 'y' };
  await forbidden('a record', { type: 'put-record', ...records, value: new Uint8Array(1) });
  const acts: Readonly<Record<string, object>> = {
    adjust: { asset: 'points', amount: 1, reason: 'x' },
    event: { programme: 'shop', type: 'CONSUME', attributes: { amount: 100 } },
    'return-event': { event: 'K' },
    'set-profile': { programme: 'shop', profile: {} },
    'grant-tier': { programme: 'shop', tier: 'gold' },
    'exchange-return': { exchange: 'G' },
    'coupon-issue': { coupon: 'x' },
    'coupon-redeem': { code: 'X-YZ', order: 'o', amount: 5 },
    'order-ship': { number: '0123456789ABCDEF' },
    merge: { into: 'bob', reason: 'x' },
    unmerge: { reason: 'x' },
  };
  for (const [name, body] of Object.entries(acts)) {
    const outcome = await me.submit({
      type: 'act',
      act: name,
      id: `H${++ids}`,
      owner: 'ann',
      body,
    } as Command);
    const code = outcome.ok ? 'ok' : outcome.code;
    t.match(code, /_FORBIDDEN$|ACT_BODY_INVALID|COMMAND_INVALID/, `${name}: ${code}`);
  }
  t.match(await me.record('ann', 'x', 'y'), { ok: false }, 'records');
  t.match(await me.audit({}), { code: 'OPERATION_FORBIDDEN' }, 'the trail');
  t.match(await me.orders({ programme: 'shop' }), { code: 'OWNER_FORBIDDEN' }, 'orders of others');
  t.match(await me.orders({ programme: 'shop', owner: 'bob' }), { code: 'OWNER_FORBIDDEN' });
  const { body } = await ask('GET /v1/accounts/bob?asset=points');
  t.equal(body.accounts[0].available, 1_000_005, 'bob has his gift, and nobody has taken anything');
});

t.test('what members report of themselves, their type of events says', async (t) => {
  const { server, member, ask } = await world(t);
  const { engine } = server;
  const scopes = [{ word: 'participate', platform: undefined }] as const;
  const me = engine.as(member(scopes));
  let n = 0;
  const report = async (more: object, id = `E${++n}`): Promise<string> => {
    const body = { programme: 'shop', type: 'SIGN_DAILY', own: true, ...more };
    const outcome = await me.submit({
      type: 'act',
      act: 'event',
      id,
      owner: 'ann',
      body,
    } as Command);
    return outcome.ok ? `ok${outcome.replayed ? ' again' : ''}` : outcome.code;
  };
  const points = async () =>
    (await ask('GET /v1/accounts/ann?asset=points')).body.accounts[0].available;
  const before = await points();
  t.equal(await report({ own: false }), 'OPERATION_FORBIDDEN', 'without saying so');
  t.equal(await report({ type: 'CONSUME', attributes: { amount: 9 } }), 'EVENT_TYPE_UNKNOWN');
  t.equal(await report({ type: 'REGISTER' }), 'EVENT_TYPE_UNKNOWN', 'another type');
  t.equal(await report({ time: Date.now() }), 'EVENT_TIME_INVALID', 'a time');
  t.equal(await report({ lines: [] }), 'EVENT_LINES_INVALID', 'lines');
  t.equal(await report({ type: 'VISIT', attributes: { n: 1 } }), 'EVENT_ATTRIBUTE_INVALID');
  t.equal(await points(), before, 'nothing is earned by that');
  // The same id of a platform is another one, and none of a member's is a platform's.
  const mall = await caller({ server, ask } as never, 'shop-itself', { assets: ['points'] });
  const event = { programme: 'shop', type: 'SHARE', owner: 'ann', id: 'E-1' };
  t.match(await mall.ask('POST /v1/events', event), { status: 201 });
  t.equal(await report({}, 'E-1'), 'ok');
  t.equal(await points(), before + 13);
  t.equal(await report({}, 'E-1'), 'ok again', 'repeated');
  t.equal(await report({ type: 'VISIT' }, 'E-1'), 'ID_REUSED');
  for (const id of ['shop-itself,E-1', ',E-1', '_me,E-1'])
    t.match(await report({}, id), /ID_INVALID|ok again/, `${id} is nobody else's`);
  t.equal(await report({}), 'EVENT_REPORTED', 'once a day');
  t.equal(await points(), before + 13);
  t.equal(await report({ type: 'SIGN' }), 'ok', 'and each type by itself');
  for (const [document, field] of [
    [{ byMember: 0 }, 'document.byMember'],
    [{ memberSays: ['a'] }, 'document.memberSays'],
    [{ byMember: 1, memberSays: ['a'] }, 'document.memberSays'],
    [
      { byMember: 1, attributes: { a: 'integer' }, amount: 'a', memberSays: ['a'] },
      'document.memberSays',
    ],
  ] as const) {
    const sent = { state: 'active', document: { programme: 'shop', ...document } };
    t.match(await ask('PUT /v1/definitions/event/shop.X', sent), { status: 400, body: { field } });
  }
});
