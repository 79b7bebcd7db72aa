// Members merged into others, and parted again: what becomes of each type of record, what keeps a member from being merged, whom names lead to.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { canonicalState } from '../../engine/ledger/digest.js';
import { OwnerReads } from '../../engine/ledger/owner-reads.js';
import { balancesOf } from '../../engine/ledger/reads.js';
import { LOTS_MAX } from '../../engine/limits.js';
import { usersIn } from '../../engine/programme/coalition/members.js';
import { drawsIn } from '../../engine/programme/draws.js';
import { memberIn, profileIn } from '../../engine/programme/earning/member.js';
import { referredIn } from '../../engine/programme/earning/referral.js';
import { isErased } from '../../engine/programme/erasure.js';
import { mergedIn } from '../../engine/programme/merging.js';
import { recordTypes } from '../../engine/programme/record-type.js';
import { DEVICES, DEVICES_KEY, knownDevices } from '../../engine/programme/risk/devices.js';
import type { Command } from '../../engine/protocol/commands.js';
import { ownerHash } from '../../engine/protocol/hash.js';
import { packJson } from '../../engine/protocol/packed-writer.js';
import { ASSET, DAY_MS, HOUR_MS, SHOP, World } from './earning-world.js';

const ROOT = join(import.meta.dirname, '../../..');

class Merging extends World {
  #ids = 0;

  see(owner: string): OwnerReads {
    const { ledger } = this.ledger;
    ledger.time = this.time;
    return new OwnerReads(ledger, owner);
  }

  merge(owner = 'ann', into = 'bob', more: object = {}): string {
    const outcome = this.act('merge', { into, reason: 'one', ...more }, owner, `m${++this.#ids}`);
    return outcome.ok ? 'ok' : outcome.code;
  }

  unmerge(owner = 'ann', more: object = {}): string {
    const outcome = this.act('unmerge', { reason: 'two', ...more }, owner, `u${++this.#ids}`);
    return outcome.ok ? 'ok' : outcome.code;
  }

  does(command: object): string {
    const outcome = this.do({ id: `d${++this.#ids}`, ...command } as unknown as Command);
    return outcome.ok ? 'ok' : outcome.code;
  }

  give(to: string, amount: number, more: object = {}, asset = ASSET): string {
    const legs = [{ from: '@issue', to, asset, amount }];
    return this.does({ type: 'transfer', legs, ...more });
  }

  pay(from: string, amount: number): string {
    const legs = [{ from, to: '@redeem', asset: ASSET, amount }];
    return this.does({ type: 'transfer', legs });
  }

  tier(owner: string): string {
    return memberIn(this.see(owner), SHOP).tiers.at(-1)?.[1]?.replace(`${SHOP}.`, '') ?? '';
  }

  isReplayed(tap: { same(is: unknown, should: unknown): void }): void {
    tap.same(canonicalState(this.replayed().state), canonicalState(this.ledger.state));
  }
}

t.test(
  'each type of record says what a merge does with it, and so does the document',
  async (t) => {
    const page = readFileSync(join(ROOT, 'engine/programme/merging.md'), 'utf8');
    const rows = [...page.matchAll(/^\| (`.*`) \| (.*) \|$/gm)];
    const told = new Map(
      rows.flatMap(([, names = '', what = '']) =>
        [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => [name, what] as const),
      ),
    );
    const is = [...recordTypes()].filter(([, { of }]) => of === 'member');
    t.same([...told.keys()].sort(), is.map(([name]) => name).sort());
    for (const [name, { carry, blocks }] of is) {
      t.equal(/^(stay$|refuse)/.test(told.get(name) ?? ''), carry === undefined, name);
      if (carry === undefined)
        t.equal(/^refuse/.test(told.get(name) ?? ''), blocks !== undefined, name);
    }
  },
);

t.test('what keeps a member from being merged', async (t) => {
  const rows: readonly [
    what: string,
    make: (w: Merging) => unknown,
    code: string,
    end?: (w: Merging) => unknown,
  ][] = [
    [
      'points held',
      (w) => w.does({ type: 'hold', id: 'h', owner: 'ann', asset: ASSET, amount: 5 }),
      'MEMBER_UNSETTLED',
      (w) => w.does({ type: 'release', owner: 'ann', holdId: 'h' }),
    ],
    [
      'points pending',
      (w) => w.give('ann', 5, { id: 'p', pendingUntil: w.time + HOUR_MS }),
      'MEMBER_UNSETTLED',
      (w) => w.confirm('p'),
    ],
    [
      'a debt',
      (w) => [
        w.does({ type: 'set-credit-limit', owner: 'ann', asset: ASSET, creditLimit: 1_000 }),
        w.pay('ann', 150),
      ],
      'MEMBER_UNSETTLED',
      (w) => w.give('ann', 200),
    ],
    [
      'a frozen account',
      (w) => w.does({ type: 'freeze-account', owner: 'ann', asset: ASSET }),
      'ACCOUNT_FROZEN',
      (w) => w.does({ type: 'unfreeze-account', owner: 'ann', asset: ASSET }),
    ],
    [
      'a frozen account with nothing in it',
      (w) => [w.pay('ann', 100), w.does({ type: 'freeze-account', owner: 'ann', asset: ASSET })],
      'ACCOUNT_FROZEN',
    ],
    [
      'the other one’s account is closed',
      (w) => [
        w.does({ type: 'open-account', owner: 'bob', asset: ASSET }),
        w.does({ type: 'close-account', owner: 'bob', asset: ASSET }),
      ],
      'ACCOUNT_CLOSED',
      (w) => w.does({ type: 'reopen-account', owner: 'bob', asset: ASSET }),
    ],
    [
      'a record of a type that says nothing',
      (w) => {
        const page = w.ledger.state.pages.pageOf(ownerHash('ann'));
        const more = { type: '$alien', key: 'x', version: 1, expiresAt: Number.MAX_SAFE_INTEGER };
        page.makeRecords().set({ owner: 'ann', ...more }, packJson({ is: 1 }, 100));
      },
      'MEMBER_UNSETTLED',
    ],
    [
      'too much is kept of it',
      (w) => {
        for (let n = 0; n < 41; n++) {
          w.define('offer', `o${n}`, { points: 1, asset: ASSET, budget: '#budget:all' });
          w.fund('#budget:all', 1);
          w.act('claim', { offer: `o${n}` }, 'ann', `o${n}`);
        }
      },
      'MERGE_TOO_LARGE',
    ],
    ['itself', () => undefined, 'ok'],
  ];
  for (const [what, make, code, end] of rows) {
    const w = new Merging();
    w.give('ann', 100);
    make(w);
    t.equal(w.merge(), code, what);
    if (end === undefined) continue;
    end(w);
    t.equal(w.merge(), 'ok', `${what}, ended`);
    t.equal(mergedIn(w.see('ann'))?.into, 'bob');
  }
  const w = new Merging();
  for (const into of ['ann', '@issue', '#item:x', '', 'a b'])
    t.equal(w.merge('ann', into), 'ACT_BODY_INVALID', into);
  for (const body of [
    { into: 'bob' },
    { reason: 'x' },
    { into: 'bob', reason: 'x', days: -1 },
    { into: 'bob', reason: 'x'.repeat(201) },
    { into: 'bob', reason: 'x', more: 1 },
  ])
    t.not(w.act('merge', body, 'ann').ok, true, JSON.stringify(body));
});

t.test('what counts for a member, counts for both', async (t) => {
  const w = new Merging();
  for (const owner of ['ann', 'bob']) {
    w.event('CONSUME', { amount: 600 }, {}, owner);
    w.event('SIGN', undefined, {}, owner);
    for (let n = 0; n < 3; n++) w.says('REVIEW', { length: 9 }, {}, owner);
  }
  w.act('set-profile', { programme: SHOP, profile: {} }, 'ann');
  w.time += DAY_MS;
  w.event('SIGN', undefined, {}, 'ann');
  w.time += HOUR_MS;
  for (let n = 0; n < 3; n++) {
    w.says('REVIEW', { length: 9 }, {}, 'ann');
    w.says('REVIEW', { length: 9 }, {}, 'bob');
  }
  const before = [w.tier('ann'), w.tier('bob'), w.available('ann') + w.available('bob')];
  t.same(before.slice(0, 2), ['', ''], 'nobody has a tier but the first');
  t.equal(w.merge(), 'ok');
  t.equal(w.tier('bob'), 'silver', 'together they have enough');
  t.equal(w.available('bob'), before[2]);
  t.equal(w.available('ann'), 0);
  // Six of five reviews, the task of three was done by both, and days in a row are those of both.
  t.notMatch(w.says('REVIEW', { length: 9 }, {}, 'bob'), /REVIEW \d/);
  t.match(w.says('SIGN', undefined, {}, 'bob'), /^$|day 2/, 'signed in already, by the other name');
  t.equal(w.unmerge(), 'ok');
  t.not(w.tier('bob'), 'silver');
  t.match(w.says('REVIEW', { length: 9 }, {}, 'bob'), /REVIEW 5/);
  t.match(w.says('REVIEW', { length: 9 }, {}, 'ann'), /REVIEW 5/);
  w.isReplayed(t);
});

t.test('tiers by hand, welcome bonuses, draws, users of platforms', async (t) => {
  const w = new Merging();
  w.define('offer', 'hello', { points: 7, asset: ASSET, budget: '#budget:hello' });
  w.fund('#budget:hello', 100);
  w.says('REGISTER', undefined, {}, 'ann');
  w.says('REGISTER', undefined, {}, 'cat');
  w.act('claim', { offer: 'hello' }, 'ann');
  w.act('grant-tier', { programme: SHOP, tier: `${SHOP}.gold` }, 'ann');
  w.does({ type: 'act', owner: 'ann', act: 'platform-join', body: { platform: 'app', user: 'u' } });
  t.equal(usersIn(w.see('ann'), 'app').length, 1);
  t.equal(w.merge(), 'ok');
  t.equal(w.tier('bob'), 'gold');
  t.match(w.says('REGISTER', undefined, {}, 'bob'), /^(?!.*REGISTER \d)/, 'registered once');
  t.match(w.act('claim', { offer: 'hello' }, 'bob'), { code: 'OFFER_CLAIMED' });
  t.equal(usersIn(w.see('bob'), 'app').length, 1);
  t.equal(w.unmerge(), 'ok');
  t.not(w.tier('bob'), 'gold');
  t.match(w.act('claim', { offer: 'hello' }, 'bob'), { ok: true });
  t.equal(usersIn(w.see('bob'), 'app').length, 0);
  t.equal(usersIn(w.see('ann'), 'app').length, 1);
  // A platform that both know is known still.
  for (const owner of ['ann', 'bob'])
    w.does({ type: 'act', owner, act: 'platform-join', body: { platform: 'web', user: owner } });
  t.equal(w.merge(), 'ok');
  t.equal(usersIn(w.see('bob'), 'web').length, 2);
  t.equal(w.unmerge(), 'ok');
  t.equal(usersIn(w.see('bob'), 'web').length, 1);
  w.isReplayed(t);
});

const TERMS = {
  referrer: 100,
  newcomer: 50,
  event: 'CONSUME',
  of: 'amount',
  percent: 10,
  upperPercent: 5,
};

t.test(
  'shares of who has referred go to who has the points now, and nobody refers themselves',
  async (t) => {
    const w = new Merging();
    w.define('referral', SHOP, TERMS);
    const refer = (by: string, newcomer: string, code: string): string => {
      w.act('referral-code', { programme: SHOP, code }, by);
      w.time += HOUR_MS;
      const outcome = w.act(
        'refer',
        {
          programme: SHOP,
          code,
          by,
          since: memberIn(w.see(by), SHOP).since,
          until: w.time - HOUR_MS + 30 * DAY_MS,
        },
        newcomer,
      );
      return outcome.ok ? 'ok' : outcome.code;
    };
    t.equal(refer('ann', 'fay', 'ABC234'), 'ok');
    t.equal(w.available('ann'), 100);
    t.equal(w.merge('ann', 'bob'), 'ok');
    w.event('CONSUME', { amount: 1_000 }, {}, 'fay');
    t.equal(w.available('bob'), 200, 'the share of who was merged');
    t.equal(w.available('ann'), 0);
    // Chains: who has the points now is the last.
    t.equal(w.merge('bob', 'cat'), 'ok');
    t.equal(mergedIn(w.see('ann'))?.now, 'cat');
    w.event('CONSUME', { amount: 1_000 }, {}, 'fay');
    t.equal(w.available('cat'), 300);
    t.equal(w.unmerge('ann'), 'MEMBER_MERGED', 'the later one first');
    t.equal(w.merge('dan', 'ann'), 'MEMBER_MERGED');
    t.equal(w.merge('dan', 'bob'), 'MEMBER_MERGED');
    t.equal(w.merge('cat', 'ann'), 'MEMBER_MERGED', 'no circle');
    t.equal(w.unmerge('bob'), 'ok');
    t.equal(mergedIn(w.see('ann'))?.now, 'bob');
    t.equal(w.unmerge('ann'), 'ok');
    // Who was referred is merged into who has referred: no share of one's own.
    t.equal(w.merge('fay', 'ann'), 'ok');
    t.equal(referredIn(w.see('ann'), SHOP), undefined);
    t.equal(w.unmerge('fay'), 'ok');
    // And the other way round.
    t.equal(w.merge('ann', 'fay'), 'ok');
    const had = w.available('fay');
    w.event('CONSUME', { amount: 1_000 }, {}, 'fay');
    t.equal(w.available('fay') - had < 1_100, true, 'no share of what one spends oneself');
    t.equal(w.unmerge('ann'), 'ok');
    t.equal((referredIn(w.see('fay'), SHOP)?.until ?? 0) > w.time, true);
    w.isReplayed(t);
  },
);

t.test('who was merged is nobody to commands, and ids are told again', async (t) => {
  const w = new Merging();
  w.give('ann', 100, { id: 'first' });
  w.give('cat', 100);
  t.equal(w.merge(), 'ok');
  const legs = [{ from: 'cat', to: 'ann', asset: ASSET, amount: 1 }];
  const gone: readonly object[] = [
    { type: 'transfer', owner: 'cat', legs },
    { type: 'transfer', legs: [{ ...legs[0], from: 'ann', to: 'cat' }] },
    { type: 'hold', owner: 'ann', asset: ASSET, amount: 1 },
    { type: 'reverse', owner: 'ann', transferId: 'first' },
    { type: 'reverse', owner: 'ann', transferId: 'm1' },
    { type: 'open-account', owner: 'ann', asset: ASSET },
    { type: 'freeze-account', owner: 'ann', asset: ASSET },
    { type: 'set-credit-limit', owner: 'ann', asset: ASSET, creditLimit: 5 },
    { type: 'put-record', owner: 'ann', recordType: 'x', key: 'y', value: new Uint8Array(1) },
    { type: 'act', act: 'event', owner: 'ann', body: { programme: SHOP, type: 'SIGN' } },
    { type: 'act', act: 'merge', owner: 'ann', body: { into: 'cat', reason: 'x' } },
    { type: 'act', act: 'merge', owner: 'cat', body: { into: 'ann', reason: 'x' } },
  ];
  for (const command of gone) t.equal(w.does(command), 'MEMBER_MERGED', JSON.stringify(command));
  w.does({ type: 'hold', id: 'h', owner: 'cat', asset: ASSET, amount: 5 });
  t.equal(w.does({ type: 'capture', owner: 'cat', holdId: 'h', to: 'ann' }), 'MEMBER_MERGED');
  t.match(
    w.do({
      type: 'transfer',
      id: 'first',
      legs: [{ from: '@issue', to: 'ann', asset: ASSET, amount: 100 }],
    } as never),
    { replayed: true },
  );
  // A refusal is kept under no id: the same is done once they are two again.
  const id = 'later';
  const again = { type: 'transfer', id, owner: 'cat', legs } as never;
  t.match(w.do(again), { code: 'MEMBER_MERGED' });
  t.equal(w.unmerge(), 'ok');
  t.match(w.do(again), { ok: true });
  t.equal(w.unmerge(), 'MERGE_NOT_FOUND');
  w.isReplayed(t);
});

t.test('a merge is undone as far as there is something, and for so long', async (t) => {
  const w = new Merging();
  const soon = Math.ceil((w.time + 3 * DAY_MS) / DAY_MS) * DAY_MS;
  const lots = (owner: string) =>
    balancesOf(w.ledger.state, owner)[0]?.lots.map(({ expiresAt, available }) => [
      expiresAt,
      available,
    ]) ?? [];
  const give = (to: string, amount: number, expiresAt: number | null) =>
    w.does({ type: 'transfer', legs: [{ from: '@issue', to, asset: ASSET, amount, expiresAt }] });
  give('ann', 10, soon);
  give('ann', 100, null);
  give('bob', 10, soon);
  const figures = () => JSON.stringify([lots('ann'), lots('bob')]);
  const before = figures();
  t.equal(w.merge('ann', 'bob', { days: 5 }), 'ok');
  t.same(lots('bob'), [
    [soon, 20],
    [null, 100],
  ]);
  t.equal(w.unmerge(), 'ok');
  t.equal(figures(), before);
  t.equal(w.merge('ann', 'bob', { days: 5 }), 'ok');
  t.equal(w.pay('bob', 15), 'ok');
  t.equal(w.pay('bob', 100), 'ok');
  t.equal(w.unmerge(), 'POINTS_SHORT');
  t.equal(w.available('bob'), 5, 'nothing has changed');
  t.equal(mergedIn(w.see('ann'))?.into, 'bob');
  t.equal(w.unmerge('ann', { allowDebt: true }), 'ok');
  t.equal(w.available('ann'), 110);
  t.equal(w.available('bob'), -105, 'the other one owes the rest');
  w.give('bob', 105);
  t.equal(w.merge('ann', 'bob', { days: 5 }), 'ok');
  w.time += 5 * DAY_MS;
  t.equal(w.unmerge(), 'MERGE_OVER');
  t.equal(w.pay('bob', 101), 'POINTS_SHORT', 'what has expired, has');
  t.equal(w.pay('bob', 100), 'ok');
  w.isReplayed(t);
});

t.test('all lots go over, or none', async (t) => {
  const w = new Merging();
  const day = Math.ceil(w.time / DAY_MS) * DAY_MS;
  for (let n = 1; n <= LOTS_MAX; n++)
    w.does({
      type: 'transfer',
      legs: [
        {
          from: '@issue',
          to: n % 2 ? 'ann' : 'bob',
          asset: ASSET,
          amount: 1,
          expiresAt: day + n * DAY_MS,
        },
      ],
    });
  t.equal(w.merge(), 'ok');
  t.equal(balancesOf(w.ledger.state, 'bob')[0]?.lots.length, LOTS_MAX);
  w.does({
    type: 'transfer',
    legs: [{ from: '@issue', to: 'cat', asset: ASSET, amount: 1, expiresAt: day + 600 * DAY_MS }],
  });
  t.equal(w.merge('cat', 'bob'), 'LOT_LIMIT');
  t.equal(w.available('cat'), 1);
  t.equal(w.unmerge(), 'ok');
  t.equal(balancesOf(w.ledger.state, 'ann')[0]?.lots.length, LOTS_MAX / 2);
  t.equal(profileIn(w.see('ann'), SHOP) !== undefined && drawsIn(w.see('ann'), 'x').number, 0);
});

t.test('a platform and a programme of one name have records of their own', async (t) => {
  const w = new Merging();
  w.event('CONSUME', { amount: 100 });
  const join = {
    type: 'act',
    owner: 'ann',
    act: 'platform-join',
    body: { platform: SHOP, user: 'u' },
  };
  t.equal(w.does(join), 'ok');
  t.equal(memberIn(w.see('ann'), SHOP).earned.length, 1);
  t.equal(usersIn(w.see('ann'), SHOP).length, 1);
  // As earlier releases kept it: still known, and under its own type from the next change on.
  const page = w.ledger.state.pages.pageOf(ownerHash('eve'));
  const more = { type: '$member', key: 'app', version: 1, expiresAt: Number.MAX_SAFE_INTEGER };
  page.makeRecords().set({ owner: 'eve', ...more }, packJson(['abc'], 100));
  t.same(usersIn(w.see('eve'), 'app'), ['abc']);
  t.equal(w.merge('eve', 'bob'), 'MEMBER_UNSETTLED');
  t.equal(w.does({ ...join, owner: 'eve', body: { platform: 'app', user: 'v' } }), 'ok');
  t.equal(usersIn(w.see('eve'), 'app').length, 2);
  t.equal(w.records('member', 'eve'), 0);
  t.equal(w.merge('eve', 'bob'), 'ok');
});

t.test('of who is erased no record about the person stays, or comes', async (t) => {
  const w = new Merging();
  for (const who of ['ann', 'bob', 'cat']) {
    w.give(who, 10);
    t.ok(w.act('risk-device', { device: ownerHash(who).toString(16).padStart(32, '0') }, who).ok);
  }
  const known = (who: string): number =>
    knownDevices(w.see(who).record(DEVICES, DEVICES_KEY)).length;
  t.equal(w.merge(), 'ok');
  t.equal(known('bob'), 2);
  t.ok(w.act('erase-member', {}, 'bob').ok);
  t.equal(known('bob'), 0);
  // Who was merged into it keeps its records, until they are taken away by name.
  t.equal(known('ann'), 1);
  for (const body of [{ with: 'bob' }, { with: 'bob', isPart: true }, { with: 'bob' }])
    t.ok(w.act('erasure-done', body, 'ann').ok);
  t.equal(known('ann'), 0);
  t.equal(w.merge('cat'), 'ok');
  t.equal(known('bob'), 0, 'a merge brings nothing');
  t.equal(known('cat'), 1);
  t.equal(w.unmerge('cat'), 'ok');
  t.equal(w.unmerge('ann'), 'ok');
  t.ok(w.act('erasure-done', { isPart: true }, 'cat').ok);
  t.equal(known('cat'), 1, 'who is not erased keeps them');
  for (const who of ['ann', 'bob']) {
    t.ok(isErased(w.see(who)));
    w.act('risk-device', { device: 'f'.repeat(32) }, who);
    t.equal(known(who), 0);
    t.match(w.act('set-profile', { programme: SHOP, profile: {} }, who), { code: 'MEMBER_ERASED' });
  }
  t.same(canonicalState(w.replayed().state), canonicalState(w.ledger.state));
});
