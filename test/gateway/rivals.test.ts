// Rivals ask for what does not exist yet, and go on asking while it comes into being: nobody gets what the credentials do not
// extend to, over whatever way, and nothing that was refused is kept under the id.

import t, { type Test } from 'tap';
import { type Caller as Asking, type Engine, type Operation, open } from '../../engine/index.js';
import { campaign } from '../campaign.js';
import { Cluster } from '../cluster/harness.js';
import { Random } from '../random.js';
import { ALL, caller, operator } from './callers.js';
import { bare, type Gateway, gateway, type Headers } from './harness.js';
import { Talk } from './talk.js';

/** What is refused to who may not have it: it is not theirs, or not there. */
const REFUSED = [
  'ASSET_FORBIDDEN',
  'OPERATION_FORBIDDEN',
  'OWNER_FORBIDDEN',
  'HOLD_NOT_FOUND',
  'TRANSFER_NOT_FOUND',
  // Of an atomic batch: said before it is judged.
  'BATCH_ACROSS_SHARDS',
];

interface Command {
  readonly type: string;
  readonly owner: string;
  readonly id: string;
  readonly [field: string]: unknown;
}

/** Carries out one command, and tells the code of its refusal. */
type Way = (command: Command) => Promise<string>;

function request({ type, owner, id, ...fields }: Command): [string, object] {
  const path = `POST /v1/accounts/${owner}`;
  if (type === 'transfer') return ['POST /v1/transfers', { id, ...fields }];
  if (type === 'hold') return ['POST /v1/holds', { id, owner, ...fields }];
  if (type === 'reverse') return [`${path}/transfers/${fields.transferId}/reverse`, { id }];
  const { holdId, ...more } = fields;
  return [`${path}/holds/${holdId}/${type}`, { id, ...more }];
}

const http =
  (address: string, headers: Headers, query = ''): Way =>
  async (command) => {
    const [line, body] = request(command);
    const { body: told } = await bare(address, line + query, body, headers);
    return told?.code ?? 'ok';
  };

/** Over a WebSocket: together with others, or in an atomic batch. */
async function stream(port: number, headers: Headers, atomic: boolean): Promise<Way> {
  const talk = await Talk.open(port, headers);
  const waiting = new Map<number, (code: string) => void>();
  let last = 0;
  void (async () => {
    for (let told = await talk.next(); told !== undefined; told = await talk.next())
      waiting.get(told.id)?.(told.code ?? told.outcomes?.[0]?.code ?? 'ok');
  })();
  return (command) => {
    const id = ++last;
    talk.send({ type: 'commands', id, commands: [command], ...(atomic ? { atomic } : {}) });
    return new Promise((resolve) => waiting.set(id, resolve));
  };
}

/** What comes into being, what it leaves the owner with, and what rivals try meanwhile. */
interface Pair {
  readonly name: string;
  readonly made: readonly Command[];
  readonly left: readonly [available: number, held: number];
  readonly tries: readonly Command[];
}

const EARNED = 'points are earned';
const leg = (from: string, to: string, amount: number) => ({ from, to, asset: 'p', amount });

/** Pairs about an owner who has 100. `whose`: before an id, as others name it. */
function pairs(owner: string, thief: string, whose: string): Pair[] {
  const hold = { type: 'hold', owner, id: 'CART', asset: 'p', amount: 40 };
  const capture = { type: 'capture', owner, id: 'PAID', holdId: 'CART', to: '@redeem' };
  const spend = (to: string) => ({
    type: 'transfer',
    owner,
    id: 'MOVE',
    legs: [leg(owner, to, 30)],
  });
  const earn = { type: 'transfer', owner, id: 'MOVE', legs: [leg('@issue', owner, 30)] };
  const reverse = (id: string) => ({
    ...{ type: 'reverse', owner, id: 'BACK' },
    transferId: `${whose}${id}`,
  });
  const taken = { ...capture, holdId: `${whose}CART` };
  return [
    {
      name: 'a hold is placed',
      made: [hold],
      left: [60, 40],
      tries: [
        { ...taken, to: thief },
        { ...taken, id: 'PAID2', to: '@fee', amount: 1 },
        { type: 'release', owner, id: 'FREE', holdId: taken.holdId },
      ],
    },
    { name: 'points are spent', made: [spend('@redeem')], left: [70, 0], tries: [reverse('MOVE')] },
    { name: 'points are given', made: [spend('friend')], left: [70, 0], tries: [reverse('MOVE')] },
    { name: EARNED, made: [earn], left: [130, 0], tries: [reverse('MOVE')] },
    {
      name: 'a hold is captured',
      made: [hold, capture],
      left: [60, 0],
      tries: [reverse('PAID'), { ...taken, id: 'PAID3', to: thief }],
    },
  ];
}

/** Somebody who tries; `mayEarn`: and may give and take back earnings in this asset, nothing else. */
interface Rival {
  readonly way: Way;
  readonly mayEarn?: boolean;
}

interface Course {
  readonly random: Random;
  readonly admin: Way;
  readonly shop: Way;
  /** Before the shop's ids, as others name them. */
  readonly whose: string;
  readonly rivals: readonly Rival[];
  balance(owner: string): Promise<{ available: number; held: number }>;
}

/** One owner's story for each pair; returns how often rivals tried. */
async function run(t: Test, seed: number, course: Course): Promise<number> {
  const { random, shop, admin, rivals, whose } = course;
  let tried = 0;
  for (const [n, { name }] of pairs('', '', whose).entries()) {
    const owner = `v${seed}-${n}`;
    const pair = pairs(owner, 'thief', whose)[n] as Pair;
    const fund = { type: 'transfer', owner, id: 'FUND', legs: [leg('@issue', owner, 100)] };
    if ((await admin(fund)) !== 'ok') throw new Error('the owner has no points');
    const going = rivals.flatMap(({ way, mayEarn }) =>
      (mayEarn === true && name === EARNED ? [] : pair.tries).map(async (command, i) => {
        await new Promise((resolve) => setTimeout(resolve, random.int(4)));
        tried++;
        return [i, await way({ ...command, id: `${command.id}:${random.int(3)}` })] as const;
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, random.int(3)));
    for (const command of pair.made) {
      const code = await shop(command);
      if (code !== 'ok') throw new Error(`${name}: the shop is told ${code}`);
    }
    for (const [i, code] of await Promise.all(going))
      if (!REFUSED.includes(code))
        throw new Error(`${name}: ${JSON.stringify(pair.tries[i])} was told ${code}`);
    const { available, held } = await course.balance(owner);
    if (available !== pair.left[0] || held !== pair.left[1])
      throw new Error(`${name}: ${owner} is left with ${available} and ${held} held`);
    if (n === 0) {
      // What rivals were refused is kept under no id: the shop's own capture goes by one that they tried.
      const paid = { ...(pair.tries[0] as Command), id: 'PAID:0', to: '@redeem' };
      if ((await shop(paid)) !== 'ok') throw new Error('an id is used up by a rival');
    }
  }
  const { available } = await course.balance('thief');
  t.equal(available, 0, `${tried} tries, nothing stolen`);
  return tried;
}

async function balanceOf(server: Gateway, owner: string) {
  const { body } = await server.ask(`GET /v1/accounts/${owner}?asset=p`);
  return body.accounts[0] ?? { available: 0, held: 0 };
}

/** Every look of the gateway takes a while, and so do those of whoever it asks for. */
function slow<T extends Asking | Engine>(engine: T, random: Random): T {
  const looks = new Set(['balance', 'balances', 'transfer', 'hold', 'record', 'entries']);
  return new Proxy(engine, {
    get(target, name) {
      const value = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const call = value.bind(target);
      if (name === 'as') return (...given: never[]) => slow(call(...given), random);
      if (!looks.has(String(name))) return call;
      return async (...given: never[]) => {
        const found = await call(...given);
        await new Promise((resolve) => setTimeout(resolve, random.int(5)));
        return found;
      };
    },
  });
}

const LIMITS = { userRates: {}, platformRate: { limit: 10_000_000, seconds: 1 } };
const KEY_LIMITS = { ...LIMITS, keyRate: { limit: 10_000_000, seconds: 1 } };

t.test('nobody gets what comes into being while they ask for it', async (t) => {
  const cases = campaign({ name: 'rivals', long: 80, sample: 2 });
  let tried = 0;
  await cases.run(async (seed) => {
    const random = new Random(seed);
    const openEngine = async (options: Parameters<typeof open>[0]) =>
      slow(await open(options), random);
    const engine = { shards: 2, folder: '' };
    const server = await gateway(t, { limits: KEY_LIMITS, openEngine, engine });
    const { address } = server.server;
    for (const asset of ['p', 'q']) await server.ask(`PUT /v1/assets/${asset}`, { scale: 0 });
    const shop = await caller(server, 'shop', { assets: ['p'] });
    const rival = await caller(server, 'rival', { assets: ['q'] });
    const keys = [
      await operator(server, ALL, { assets: ['q'] }),
      await operator(server, ['earn', 'read'], { assets: ['p'] }),
      await operator(server, ['earn', 'read']),
      await operator(server, ALL, { owner: 'thief' }),
    ];
    const shops: Way = async (command) => {
      const { body } = await shop.ask(...request(command));
      return body?.code ?? 'ok';
    };
    const rivals: Rival[] = [
      { way: async (command) => (await rival.ask(...request(command))).body?.code ?? 'ok' },
      { way: http(address, keys[0] as Headers, '?dryRun=true') },
    ];
    for (const [i, headers] of keys.entries()) {
      const mayEarn = i === 1 || i === 2;
      rivals.push({ mayEarn, way: http(address, headers) });
      for (const atomic of [false, true])
        rivals.push({ mayEarn, way: await stream(server.port, headers, atomic) });
    }
    const admin = http(address, { Authorization: `Bearer ${server.key}` });
    const balance = (owner: string) => balanceOf(server, owner);
    tried += await run(t, seed, { random, admin, shop: shops, whose: 'shop,', rivals, balance });
    await server.server.close();
  });
  t.ok(tried > 100, `${tried} tries in all`);
});

t.test('nor at another node', async (t) => {
  const cluster = await Cluster.make(t);
  const serve = (node: string) =>
    gateway(t, { limits: KEY_LIMITS, engine: { ...cluster.options(node), shards: 4 } });
  const servers = await Promise.all(['a', 'b'].map(serve));
  const [a, b] = servers as [Gateway, Gateway];
  for (const asset of ['p', 'q']) await a.ask(`PUT /v1/assets/${asset}`, { scale: 0 });
  const grants: [readonly Operation[], object][] = [
    [ALL, { assets: ['q'] }],
    [['earn', 'read'], { assets: ['p'] }],
    [ALL, { owner: 'thief' }],
  ];
  const keys = await Promise.all(grants.map(([may, more]) => operator(b, may, more)));
  const { address } = b.server;
  const rivals: Rival[] = [];
  for (const [i, headers] of keys.entries())
    for (const way of [http(address, headers), await stream(b.port, headers, false)])
      rivals.push({ way, mayEarn: i === 1 });
  const shop = http(a.server.address, { Authorization: `Bearer ${a.key}` });
  const cases = campaign({ name: 'rivals at another node', long: 100, sample: 3 });
  await cases.run(async (seed) => {
    const balance = (owner: string) => balanceOf(a, owner);
    const random = new Random(seed);
    await run(t, seed, { random, admin: shop, shop, whose: '', rivals, balance });
  });
  for (const { server } of servers) await server.close();
});

t.test('reads show nothing that is not granted', async (t) => {
  const server = await gateway(t, { assets: ['p', 'q'] });
  for (const asset of ['p', 'q']) {
    const legs = [{ from: '@issue', to: 'ann', asset, amount: 100 }];
    await server.ask('POST /v1/transfers', { id: `EARN:${asset}`, legs });
  }
  const hold = { id: 'CART', owner: 'ann', asset: 'p', amount: 10 };
  await server.ask('POST /v1/holds', hold);
  const { address } = server.server;
  const cases: readonly [string, readonly Operation[], object, string, unknown, string][] = [
    ['a hold', ALL, { assets: ['q'] }, 'GET /v1/accounts/ann/holds/CART', undefined, 'ASSET id'],
    [
      'its command',
      ALL,
      { assets: ['q'] },
      'GET /v1/accounts/ann/transfers/CART',
      undefined,
      'ASSET id',
    ],
    ['an earning', ['earn'], {}, 'GET /v1/accounts/ann/transfers/EARN:p', undefined, 'OPERATION '],
    ['a balance', ALL, { assets: ['q'] }, 'GET /v1/accounts/ann?asset=p', undefined, 'ASSET asset'],
    [
      'entries',
      ALL,
      { assets: ['q'] },
      'GET /v1/accounts/ann/entries?asset=p',
      undefined,
      'ASSET asset',
    ],
    [
      'many',
      ALL,
      { assets: ['q'] },
      'POST /v1/balances',
      { owners: ['ann'], asset: 'p' },
      'ASSET asset',
    ],
    ['others', ALL, { owner: 'bob' }, 'GET /v1/accounts/ann', undefined, 'OWNER owner'],
    [
      'history',
      ALL,
      { owner: 'bob' },
      'GET /v1/accounts/ann/entries?asset=p',
      undefined,
      'OWNER owner',
    ],
    ['a ticket', ALL, { owner: 'bob' }, 'POST /v1/stream/tickets', { owner: 'ann' }, 'OWNER owner'],
    ['the ledger', ALL, { owner: 'bob' }, 'GET /v1/keys', undefined, 'OWNER '],
    [
      'a trial',
      ['spend'],
      {},
      'POST /v1/holds?dryRun=true',
      { ...hold, id: 'TRY' },
      'OPERATION dryRun',
    ],
    ['a repeat', ALL, { assets: ['q'] }, 'POST /v1/holds', hold, 'ASSET asset'],
  ];
  for (const [what, may, more, line, body, says] of cases) {
    const headers = await operator(server, may, more);
    const { status, body: told } = await bare(address, line, body, headers);
    const [kind, field] = says.split(' ');
    t.equal(status, 403, what);
    t.match(told, { code: `${kind}_FORBIDDEN` }, what);
    if (field !== '') t.equal(told.field, field, what);
  }
  const headers = await operator(server, ALL, { assets: ['q'] });
  const { body } = await bare(address, 'GET /v1/accounts/ann', undefined, headers);
  t.same(
    body.accounts.map(({ asset }: { asset: string }) => asset),
    ['q'],
    'the rest is left out',
  );
  const own = await operator(server, ALL, { owner: 'ann' });
  const spent = { id: 'S', legs: [{ from: 'ann', to: '@redeem', asset: 'q', amount: 1 }] };
  t.equal((await bare(address, 'POST /v1/transfers', spent, own)).status, 201, 'its own owner');
  const legs = [...spent.legs, { from: '@issue', to: 'bob', asset: 'q', amount: 1 }];
  const more = await bare(address, 'POST /v1/transfers', { id: 'S2', legs }, own);
  t.match(more.body, { code: 'OWNER_FORBIDDEN', field: 'legs[1]' }, 'and nobody else');
});
