// What a partner must do, rule by rule. Owns: the checks of lists, totals, users, tokens, bodies. Never touches: how the partner is asked, what is printed.

import { setTimeout as sleep } from 'node:timers/promises';
import type { OperationsPage, PartnerCall } from '../adapter.js';
import { pageAnswer } from '../answers.js';
import { type Asking, must, mustBe, mustMove, saying } from './asking.js';
import type { Check } from './checks.js';

const AMOUNT = 5;
const PAGES_MAX = 1_000;
const HOUR_MS = 3_600_000;

/** Until another millisecond. */
const pause = (): Promise<unknown> => sleep(5);

type Listed = OperationsPage['operations'][number];

/** All pages of a period, of so many operations each. */
async function listed(
  asking: Asking,
  from: number,
  until: number,
  limit?: number,
): Promise<Listed[]> {
  const all: Listed[] = [];
  const period = `from=${new Date(from).toISOString()}&until=${new Date(until).toISOString()}`;
  let cursor: string | undefined;
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const more = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const path = `/api/internal/operations?${period}${more}${limit === undefined ? '' : `&limit=${limit}`}`;
    const page = pageAnswer(await asking.raw('GET', path), cursor);
    must(page.state === 'page', `the list of operations cannot be read: ${saying(page)}`);
    must(limit === undefined || page.operations.length <= limit, `a page of ${limit} is longer`);
    all.push(...page.operations);
    cursor = page.next;
    if (cursor === undefined) return all;
  }
  must(false, `the list has no end after ${PAGES_MAX} pages`);
}

/** Some operations, one after the other, and when the first and the last one were. */
async function some(
  asking: Asking,
): Promise<{ calls: PartnerCall[]; first: number; last: number }> {
  const calls: PartnerCall[] = [];
  const times: number[] = [];
  for (let at = 0; at < 5; at++) {
    const call = await asking.call('add', AMOUNT + at);
    const answer = await asking.carryOut(call);
    mustBe(answer, 'completed', 'an addition');
    must(answer.at !== undefined, 'an operation must be told with its time');
    calls.push(call);
    times.push(answer.at);
    await pause();
  }
  return { calls, first: times[0] ?? 0, last: times.at(-1) ?? 0 };
}

const own = (all: readonly Listed[], calls: readonly PartnerCall[]): string[] => {
  const ids = new Set(calls.map(({ operation }) => operation));
  return all.map(({ operation }) => operation).filter((id) => ids.has(id));
};

const LISTS: readonly Check[] = [
  {
    name: 'list_states',
    rule: 'The list has operations in all states: done, refused, rolled back, void.',
    run: async (asking) => {
      const began = Date.now() - HOUR_MS;
      const done = await asking.giving(AMOUNT);
      const back = await asking.giving(AMOUNT);
      await asking.rollBack(back);
      const refused = await asking.call('deduct', 1_000 * AMOUNT);
      await asking.carryOut(refused);
      const none = await asking.call('add', AMOUNT);
      await asking.rollBack(none);
      const all = await listed(asking, began, Date.now() + HOUR_MS);
      const states = { completed: done, rolled_back: back, refused, void: none };
      for (const [state, { operation, ...call }] of Object.entries(states)) {
        const found = all.find((one) => one.operation === operation);
        must(found !== undefined, `an operation that is ${state} is not in the list`);
        must(found.state === state, `an operation that is ${state} is listed as ${found.state}`);
        must(found.amount === call.amount, 'an operation is listed with another amount');
      }
      return undefined;
    },
  },
  {
    name: 'list_pages',
    rule: 'The pages of the list have each operation once, the oldest first.',
    run: async (asking) => {
      const { calls, first, last } = await some(asking);
      const all = await listed(asking, first, last + 1, 2);
      const found = own(all, calls);
      const wanted = calls.map(({ operation }) => operation);
      must(
        found.length >= wanted.length,
        `${wanted.length - found.length} of 5 operations are not in pages of 2`,
      );
      must(new Set(found).size === found.length, 'an operation is on two pages');
      must(found.join() === wanted.join(), 'the list is not in the order of time');
      return undefined;
    },
  },
  {
    name: 'list_period',
    rule: 'The list has what was first asked for from `from` on and before `until`, in UTC.',
    run: async (asking) => {
      const { calls, first, last } = await some(asking);
      const [begin, end] = [calls.slice(0, 1), calls.slice(-1)];
      const within = await listed(asking, first, last);
      must(own(within, begin).length === 1, 'what was asked for at `from` is not in the list');
      must(own(within, end).length === 0, 'what was asked for at `until` is in the list');
      must(own(within, calls).length === 4, 'what was asked for within is not all in the list');
      const before = await listed(asking, first - 24 * HOUR_MS, first);
      must(own(before, calls).length === 0, 'what was asked for later is in the list');
      return undefined;
    },
  },
  {
    name: 'list_time',
    rule: 'The time of an operation is when it was first asked for, also after its rollback.',
    run: async (asking) => {
      const { calls, first, last } = await some(asking);
      for (const call of calls) await asking.rollBack(call);
      const all = await listed(asking, first, last + 1);
      must(own(all, calls).length === calls.length, 'a rollback moves an operation in the list');
      return undefined;
    },
  },
];

const TOTALS: readonly Check[] = [
  {
    name: 'totals',
    rule: 'Totals agree with the operations: what was rolled back does not count.',
    run: async (asking) => {
      const before = await asking.totals();
      await asking.giving(4 * AMOUNT);
      const back = await asking.giving(AMOUNT);
      mustBe(await asking.rollBack(back), 'rolled_back', 'a rollback');
      const deducted = await asking.call('deduct', AMOUNT);
      mustBe(await asking.carryOut(deducted), 'completed', 'a deduction');
      const after = await asking.totals();
      mustMove(after.total - before.total, 3 * AMOUNT, 'additions and a deduction');
      const added = after.added - before.added;
      must(added === 4 * AMOUNT, `20 points were added and stand, and \`added\` grew by ${added}`);
      const gone = after.deducted - before.deducted;
      must(gone === AMOUNT, `5 points were deducted, and \`deducted\` grew by ${gone}`);
      return undefined;
    },
  },
  {
    name: 'totals_past',
    rule: 'Totals are as of `until`.',
    run: async (asking) => {
      const call = await asking.call('add', AMOUNT);
      // What was rolled back before is not of the same millisecond.
      await pause();
      const answer = await asking.carryOut(call);
      mustBe(answer, 'completed', 'an addition');
      const at = answer.at ?? 0;
      const [before, after] = [await asking.totals(at), await asking.totals(at + 1)];
      const added = after.added - before.added;
      must(added >= AMOUNT, 'what was added at a time is not in the totals right after it alone');
      return undefined;
    },
  },
];

const USERS: readonly Check[] = [
  {
    name: 'user_lookup',
    rule: 'The user that was named is known, and nobody else.',
    run: async (asking) => {
      const known = await asking.adapter.user(asking.given, asking.signal);
      must(
        known.state === 'user',
        `the user ${asking.given} must be known, and is ${saying(known)}`,
      );
      const other = await asking.adapter.user(`nobody-${asking.id()}`, asking.signal);
      must(
        other.state === 'absent',
        `a user whom nobody knows must be absent, and is ${saying(other)}`,
      );
      return undefined;
    },
  },
  {
    name: 'users_keyed',
    rule: 'One key makes one user, however often, and at once; another key another one.',
    run: async (asking) => {
      const make = (key: string) => asking.adapter.createUser(asking.newUser(key), asking.signal);
      const key = asking.id();
      const first = await make(key);
      if (first.state === 'refused') return 'it makes no users';
      must(first.state === 'user', `a user cannot be made: ${saying(first)}`);
      const all = await Promise.all(Array.from({ length: 5 }, () => make(key)));
      const isSame = all.every((one) => one.state === 'user' && one.user === first.user);
      must(isSame, 'the same key makes another user');
      const other = await make(asking.id());
      must(other.state === 'user' && other.user !== first.user, 'another key makes the same user');
      const found = await asking.adapter.user(first.user, asking.signal);
      must(found.state === 'user', 'a user that was made is not known');
      return undefined;
    },
  },
];

const INTERNAL = '/api/internal';

const ACCESS: readonly Check[] = [
  {
    name: 'health',
    rule: '`GET /health` is 200, without a token, too.',
    run: async (asking) => {
      const answer = await asking.adapter.health(asking.signal);
      must(answer.state === 'well', `it is ${saying(answer)}`);
      const open = await asking.raw('GET', '/health', { token: 'jifen-check-wrong' });
      must(
        open.state === 'answered' && open.status === 200,
        `without a token it is ${statusOf(open)}`,
      );
      return undefined;
    },
  },
  {
    name: 'token',
    rule: 'Nothing is told or done by a wrong token: 401.',
    run: async (asking) => {
      const { operation, user, asset, amount } = await asking.call('add', AMOUNT);
      const body = { transaction_id: operation, user_id: user, asset, amount };
      const now = new Date().toISOString();
      const asked = [
        ['POST', `${INTERNAL}/add`, body],
        ['POST', `${INTERNAL}/deduct`, body],
        ['POST', `${INTERNAL}/rollback`, { ...body, type: 'add' }],
        [
          'POST',
          `${INTERNAL}/users`,
          { key: operation, name: 'a', source_system: 's', source_user_id: 'u', imported: true },
        ],
        ['GET', `${INTERNAL}/operations/${operation}`, undefined],
        ['GET', `${INTERNAL}/operations?from=${now}&until=${now}`, undefined],
        ['GET', `${INTERNAL}/users/${encodeURIComponent(user)}`, undefined],
        ['GET', `${INTERNAL}/total_points?asset=${asset}&until=${now}`, undefined],
      ] as const;
      for (const [method, path, sent] of asked) {
        const answer = await asking.raw(method, path, { body: sent, token: 'jifen-check-wrong' });
        const [shown] = path.split('?');
        must(
          answer.state === 'answered' && answer.status === 401,
          `${method} ${shown} with a wrong token must be 401, and is ${statusOf(answer)}`,
        );
      }
      mustBe(
        await asking.adapter.operation(operation, asking.signal),
        'absent',
        'what was asked with it',
      );
      return undefined;
    },
  },
  {
    name: 'bad_bodies',
    rule: 'What cannot be read is answered 4xx, changes nothing, and uses no id up.',
    run: async (asking) => {
      for (const [what, change] of BAD) await bad(asking, what, change);
      const answer = await asking.raw('POST', `${INTERNAL}/add`, { body: '{"transaction_id": ' });
      must(isNo(answer), `a body that is no JSON must be 400, and is ${statusOf(answer)}`);
      return undefined;
    },
  },
];

const BAD: readonly (readonly [string, (body: Readonly<Record<string, unknown>>) => object])[] = [
  ['an amount of 0', (body) => ({ ...body, amount: 0 })],
  ['an amount of -5', (body) => ({ ...body, amount: -AMOUNT })],
  ['an amount of 5.5', (body) => ({ ...body, amount: AMOUNT + 0.5 })],
  ['an amount as text', (body) => ({ ...body, amount: '5' })],
  ['an amount of 2^53', (body) => ({ ...body, amount: 2 ** 53 })],
  ['no amount', ({ amount: _, ...body }) => body],
  ['no user', ({ user_id: _, ...body }) => body],
  ['a user that is no text', (body) => ({ ...body, user_id: 5 })],
  ['no asset', ({ asset: _, ...body }) => body],
];

async function bad(
  asking: Asking,
  what: string,
  change: (body: Readonly<Record<string, unknown>>) => object,
): Promise<void> {
  const call = await asking.call('add', AMOUNT);
  const { operation, user, asset, amount } = call;
  const body = { transaction_id: operation, user_id: user, asset, amount };
  const moved = await asking.moved(async () => {
    const answer = await asking.raw('POST', `${INTERNAL}/add`, { body: change(body) });
    must(isNo(answer), `${what} must be 400, and is ${statusOf(answer)}`);
  });
  mustMove(moved, 0, what);
  mustBe(await asking.lookUp(call), 'absent', `an id that came with ${what}`);
  mustBe(await asking.carryOut(call), 'completed', `an id that came with ${what}, asked for well,`);
}

type Raw = Awaited<ReturnType<Asking['raw']>>;

/** 400 to 499, but what says that it is another time's, or another one's. */
const isNo = (answer: Raw): boolean =>
  answer.state === 'answered' &&
  answer.status >= 400 &&
  answer.status < 500 &&
  ![401, 403, 404, 408, 409, 429].includes(answer.status);

const statusOf = (answer: Raw): string =>
  answer.state === 'answered' ? `status ${answer.status}` : saying(answer);

export const LIST_CHECKS: readonly Check[] = [...LISTS, ...TOTALS, ...USERS];
export const ACCESS_CHECKS: readonly Check[] = ACCESS;
