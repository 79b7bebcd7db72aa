// What the member's page does with a network that loses things, without a browser: ids are kept until outcomes are known, one new token for all who wait,
// nothing twice. Seeded; a ledger that carries out each id once, as the real one does.

import t from 'tap';
import { memberTokens } from '../../gateway/member/page/shell/tokens.js';
import { Actions } from '../../gateway/web/page/calls/actions.js';
import { Answers } from '../../gateway/web/page/calls/answers.js';
import { Caller } from '../../gateway/web/page/calls/caller.js';
import {
  type AnyOperation,
  type Asked,
  questionOf,
} from '../../gateway/web/page/calls/operation.js';
import type { World } from '../../gateway/web/page/calls/send.js';
import { Session } from '../../gateway/web/page/calls/session.js';
import { memoryAnswers, memoryStore, type Store } from '../../gateway/web/page/calls/stores.js';
import { campaign } from '../campaign.js';
import { Random } from '../random.js';

const ORDER: AnyOperation = { method: 'POST', path: '/v1/orders' };
const READ: AnyOperation = { method: 'GET', path: '/v1/accounts/{owner}' };
const asked = (body: object) => ({ body }) as Asked<AnyOperation>;
const OF_ANN = { path: { owner: 'ann' } } as Asked<AnyOperation>;

const json = (status: number, body: unknown, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: {
      'Content-Type': status < 300 ? 'application/json' : 'application/problem+json',
      ...headers,
    },
  });
const refused = (status: number, code: string, headers = {}): Response =>
  json(status, { code, status, title: code, detail: code, retry: status === 503 }, headers);

type Way = (request: () => Response) => Response;
const WAYS: Readonly<Record<string, Way>> = {
  ok: (request) => request(),
  'the request is lost': () => {
    throw new TypeError('Failed to fetch');
  },
  'the answer is lost': (request) => {
    request();
    throw new TypeError('network error');
  },
  'the ledger is busy': () => refused(503, 'SHARD_BUSY', { 'Retry-After': '1' }),
  'too many': () => refused(429, 'RATE_LIMITED', { 'Retry-After': '1' }),
  'a proxy says so': () => new Response('<h1>Bad gateway</h1>', { status: 502 }),
  'half an answer': (request) => {
    request();
    return new Response('{"id":', { headers: { 'Content-Type': 'application/json' } });
  },
  'the token has ended': () => refused(401, 'UNAUTHORIZED'),
};

/** A ledger behind a network; `ways`: how the next requests go, one after the other, all well then. */
class Behind {
  readonly done = new Map<string, number>();
  readonly tokens: string[] = [];
  readonly sent: { readonly path: string; readonly id: unknown; readonly token: string }[] = [];
  ways: string[] = [];
  isIn = true;
  /** Whose session the cookie is of. */
  member = 'ann';
  now = 1_000_000;
  readonly slept: number[] = [];
  /** Beyond the ways: always so. */
  refusal: (() => Response) | undefined;

  readonly world: World = {
    now: () => this.now,
    sleep: async (ms) => {
      this.slept.push(ms);
      this.now += ms;
    },
    fetch: async (input, init) => this.#answer(String(input), init),
  };

  #answer(path: string, init: RequestInit | undefined): Response {
    if (path === '/session/token') {
      if (!this.isIn) return refused(401, 'SESSION_ENDED');
      const text = `jifen_at_${this.tokens.length}`;
      this.tokens.push(text);
      return json(200, {
        ...{ access_token: text, owner: this.member, expires_in: 3_600, scope: 'read' },
      });
    }
    const token = new Headers(init?.headers).get('authorization') ?? '';
    const body = init?.body === undefined ? undefined : JSON.parse(String(init.body));
    this.sent.push({ path, id: body?.id, token });
    const way = WAYS[this.ways.shift() ?? 'ok'] as Way;
    return way(() => {
      if (this.refusal !== undefined) return this.refusal();
      if (body === undefined) return json(200, { owner: 'ann' });
      const times = this.done.get(body.id) ?? 0;
      this.done.set(body.id, 1);
      return json(times === 0 ? 201 : 200, { id: body.id, replayed: times > 0 });
    });
  }
}

interface Tab {
  readonly store: Store;
  readonly actions: Actions;
  readonly caller: Caller;
  readonly session: Session;
}

let lastId = 0;
/** The page in a tab; with a store of before: it was loaded again, or the tab was doubled. */
function tab(behind: Behind, store: Store = memoryStore()): Tab {
  const session = new Session(behind.world, memberTokens());
  const caller = new Caller(behind.world, session);
  const newId = () => `id-${++lastId}`;
  return {
    ...{ store, session, caller },
    actions: new Actions({ caller, store, now: behind.world.now, newId }),
  };
}

t.test('whatever happens on the way, it is done once, and the outcome is told', async (t) => {
  for (const way of Object.keys(WAYS)) {
    const behind = new Behind();
    const { actions, store } = tab(behind);
    behind.ways = [way];
    const outcome = await actions.run('ann', 'Order', ORDER, asked({ goods: 'tea' }));
    t.equal(outcome.state, 'done', way);
    t.equal(behind.done.size, 1, way);
    t.equal(new Set(behind.sent.map(({ id }) => id)).size, 1, `${way}: one id`);
    t.same(store.keys(), [], `${way}: nothing is kept of what is known`);
  }
});

t.test('where no answer comes it is kept, and told after a reload', async (t) => {
  const behind = new Behind();
  const { actions, store } = tab(behind);
  behind.ways = Array.from({ length: 20 }, () => 'the answer is lost');
  const outcome = await actions.run('ann', 'Order', ORDER, asked({ goods: 'tea' }));
  t.equal(outcome.state, 'unknown');
  t.equal(actions.open().length, 1);
  const pauses = behind.slept.filter((_, n) => n > 0).map((ms, n) => ms / behind.slept[n]!);
  t.ok(pauses.every((growth) => growth > 0.5) && behind.slept.at(-1)! > behind.slept[0]! * 3);
  behind.ways = [];

  const later = tab(behind, store);
  const found: unknown[] = [];
  later.actions.onFound = (kept, { state }) => found.push([kept.title, state]);
  await later.actions.resume('bob');
  t.same(found, [], 'what ann did is nothing to bob');
  await later.actions.resume('ann');
  t.same(found, [['Order', 'done']]);
  t.same(later.actions.open(), []);
  t.equal(behind.done.size, 1);
});

t.test('the same again while it is not answered is the same action', async (t) => {
  const behind = new Behind();
  const { actions, store } = tab(behind);
  behind.ways = Array.from({ length: 6 }, () => 'the request is lost');
  const both = await Promise.all([
    actions.run('ann', 'Order', ORDER, asked({ goods: 'tea' })),
    actions.run('ann', 'Order', ORDER, asked({ goods: 'tea' })),
  ]);
  t.same(
    both.map(({ state }) => state),
    ['unknown', 'unknown'],
  );
  t.equal(actions.open().length, 1);
  const again = await actions.run('ann', 'Order', ORDER, asked({ goods: 'tea' }));
  t.equal(again.state, 'done');
  const doubled = tab(behind, store);
  await doubled.actions.run('ann', 'Order', ORDER, asked({ goods: 'tea' }));
  t.equal(behind.done.size, 2, 'when it was answered, the same is another one');
});

t.test('a refusal ends it; an answer that is no refusal of the ledger does not', async (t) => {
  const table: readonly (readonly [number, string, string])[] = [
    [422, 'POINTS_SHORT', 'refused'],
    [409, 'SOLD_OUT', 'refused'],
    [403, 'OPERATION_FORBIDDEN', 'refused'],
    [504, 'PREPARE_LATE', 'refused'],
    [503, 'SHARD_UNAVAILABLE', 'unknown'],
    [500, 'INTERNAL', 'unknown'],
    [429, 'RATE_LIMITED', 'unknown'],
    [401, 'UNAUTHORIZED', 'unknown'],
  ];
  for (const [status, code, state] of table) {
    const behind = new Behind();
    behind.refusal = () => refused(status, code);
    const { actions } = tab(behind);
    const outcome = await actions.run('ann', 'Order', ORDER, asked({ goods: 'tea' }));
    t.equal(outcome.state, state, code);
    t.equal(actions.open().length, state === 'unknown' ? 1 : 0, code);
    if (outcome.state !== 'done') t.equal(outcome.problem.code, code);
  }
  const behind = new Behind();
  behind.refusal = () => new Response('Not here', { status: 404 });
  const outcome = await tab(behind).actions.run('ann', 'Order', ORDER, asked({}));
  t.equal(outcome.state, 'unknown', 'somebody in between knows nothing of it');
});

t.test('what is not decided yet is asked for again', async (t) => {
  const behind = new Behind();
  behind.refusal = () => json(202, { state: 'prepared' });
  const { actions } = tab(behind);
  const outcome = await actions.run('ann', 'Exchange', ORDER, asked({ n: 1 }));
  t.match(outcome, { state: 'done', status: 202 });
  t.equal(actions.open().length, 1);
  const final = await actions.run('ann', 'Exchange', ORDER, asked({ n: 2 }), true);
  t.match(final, { state: 'done', status: 202 });
  t.equal(actions.open().length, 1, 'where 202 is the outcome it is not kept');
});

t.test('what an operator reviews first is not told as done, and is found out later', async (t) => {
  const behind = new Behind();
  behind.refusal = () => json(202, { status: 202, id: 'x', state: 'review', review: 'r1' });
  const { actions } = tab(behind);
  const outcome = await actions.run('ann', 'Order', ORDER, asked({ n: 1 }));
  t.match(outcome, { state: 'unknown', problem: { code: 'RISK_REVIEW', status: 202 } });
  t.equal(actions.open().length, 1);
  await actions.resume('ann');
  t.equal(actions.open().length, 1, 'nobody has looked yet');
  behind.refusal = undefined;
  const found: unknown[] = [];
  actions.onFound = (_, { state }) => found.push(state);
  await actions.resume('ann');
  t.same(found, ['done']);
  t.equal(new Set(behind.sent.map(({ id }) => id)).size, 1, 'under one id');
});

t.test('a network drawn at random, reloads and doubled tabs: each thing once', async (t) => {
  const cases = campaign({ name: 'the page over a bad network', long: 20_000, sample: 100 });
  await cases.run(async (seed) => {
    const random = new Random(seed);
    const behind = new Behind();
    let one = tab(behind);
    const ways = Object.keys(WAYS);
    for (let n = 0; n < 6; n++) {
      behind.ways = Array.from({ length: random.int(14) }, () => random.pick(ways));
      const running = one.actions.run('ann', `Order ${n}`, ORDER, asked({ n }));
      // The tab is loaded again, or doubled, while it is under way.
      if (random.chance(0.3)) one = tab(behind, one.store);
      if (random.chance(0.5)) await one.actions.resume('ann');
      await running;
    }
    behind.ways = [];
    await one.actions.resume('ann');
    if (one.actions.open().length > 0) throw new Error('something is open');
    if (behind.done.size !== 6) throw new Error(`${behind.done.size} orders of 6`);
  });
  t.pass(`${cases.count} cases`);
});

t.test('all who wait get one new token; one that is not taken is no loop', async (t) => {
  const behind = new Behind();
  const { caller, session } = tab(behind);
  await caller.ask(READ, OF_ANN);
  behind.ways = Array.from({ length: 5 }, () => 'the token has ended');
  const all = await Promise.all(Array.from({ length: 5 }, () => caller.ask(READ, OF_ANN)));
  t.ok(all.every(({ ok }) => ok));
  t.equal(behind.tokens.length, 2);
  behind.refusal = () => refused(401, 'UNAUTHORIZED');
  const before = behind.sent.length;
  t.match(await caller.ask(READ, OF_ANN), { ok: false, problem: { status: 401 } });
  t.equal(behind.sent.length - before, 2);
  t.equal(session.state, 'in');
  behind.isIn = false;
  t.match(await caller.ask(READ, OF_ANN), { ok: false, problem: { code: 'SIGNED_OUT' } });
  t.equal(session.state, 'out');
  const asking = behind.tokens.length;
  await caller.ask(READ, OF_ANN);
  t.equal(behind.tokens.length, asking, 'who is signed out asks no more');
});

t.test('a token that comes after the session has ended is nobody’s', async (t) => {
  const behind = new Behind();
  const { session } = tab(behind);
  const asking = session.token();
  session.end();
  t.match(await asking, { code: 'SIGNED_OUT' });
  t.equal(session.state, 'out');
});

t.test('a token that is about to end is not shown', async (t) => {
  const behind = new Behind();
  const { caller } = tab(behind);
  await caller.ask(READ, OF_ANN);
  behind.now += 3_595_000;
  await caller.ask(READ, OF_ANN);
  t.equal(behind.tokens.length, 2);
  t.equal(new Set(behind.sent.map(({ token }) => token)).size, 2);
});

t.test('a ticket that is no good: another one is asked for, a few times', async (t) => {
  for (const [good, state] of [
    [2, 'in'],
    [99, 'out'],
  ] as const) {
    let given = 0;
    const behind = new Behind();
    const bodies: unknown[] = [];
    const world: World = {
      ...behind.world,
      fetch: async (input, init) => {
        bodies.push(JSON.parse(String(init?.body)), init?.credentials);
        return given < good ? refused(403, 'TICKET_INVALID') : behind.world.fetch(input, init);
      },
    };
    const session = new Session(
      world,
      memberTokens(async () => `ticket-${++given}`),
    );
    await session.token();
    t.equal(session.state, state);
    t.same(bodies.slice(0, 2), [{ ticket: 'ticket-1' }, 'omit']);
    t.ok(given < 6);
  }
});

t.test('somebody else signs in, in another tab, in the middle of a call', async (t) => {
  const behind = new Behind();
  const { actions, caller, session } = tab(behind);
  await session.token();
  // Carried out, its answer lost; then the token has ended, and the next one is bob's.
  behind.ways = ['the answer is lost', 'the token has ended'];
  behind.member = 'bob';
  const outcome = await actions.run('ann', 'Order', ORDER, asked({ goods: 'tea' }));
  t.match(outcome, { state: 'unknown', problem: { code: 'SIGNED_OUT' } }, 'and not refused');
  t.same(
    behind.sent.map(({ token }) => token),
    ['Bearer jifen_at_0', 'Bearer jifen_at_0'],
    'nothing of hers is sent as him',
  );
  const answers = new Answers(caller, memoryAnswers(), () => 7);
  t.match(await answers.ask('ann', READ, OF_ANN, true), { ok: false });
  t.equal(await answers.kept('ann', READ, OF_ANN), undefined);
  behind.member = 'ann';
  session.refused('jifen_at_1');
  const found: string[] = [];
  actions.onFound = ({ id }, { state }) => found.push(`${id} ${state}`);
  await actions.resume('ann');
  t.same(found, [`${outcome.state === 'unknown' && outcome.id} done`], 'told by its id');
  t.equal(behind.done.size, 1);
  behind.ways = Array.from({ length: 20 }, () => 'the request is lost');
  for (const owner of ['ann', 'bob'])
    await actions.run(owner, owner, ORDER, asked({ goods: 'cup' }));
  actions.forget('ann');
  t.same(
    actions.open().map(({ who }) => who),
    ['ann'],
    'what another left in this tab is gone',
  );
  actions.forget();
  t.same(actions.open(), []);
});

t.test('answers are kept for one member, and are gone with the session', async (t) => {
  const behind = new Behind();
  const { caller } = tab(behind);
  const answers = new Answers(caller, memoryAnswers(), () => 7);
  await answers.ask('ann', READ, OF_ANN, true);
  t.match(await answers.kept('ann', READ, OF_ANN), { at: 7, answer: { owner: 'ann' } });
  t.equal(await answers.kept('bob', READ, OF_ANN), undefined);
  const coming = answers.ask('ann', READ, OF_ANN, true);
  await answers.wipe();
  await coming;
  t.equal(await answers.kept('ann', READ, OF_ANN), undefined, 'nor is one that came late');
  await answers.ask('ann', READ, OF_ANN, false);
  t.equal(await answers.kept('ann', READ, OF_ANN), undefined, 'nor one that must not be kept');
});

t.test('names in addresses are encoded, and none is left out', async (t) => {
  const at = (owner: string, query = {}) => questionOf(READ, { path: { owner }, query }).path;
  t.equal(at('a/../b?c#d'), '/v1/accounts/a%2F..%2Fb%3Fc%23d');
  t.equal(at('ann', { q: '茶 &x=1', none: undefined }), '/v1/accounts/ann?q=%E8%8C%B6%20%26x%3D1');
  t.throws(() => at(''), /owner is missing/);
});
