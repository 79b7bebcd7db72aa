// What systems of this kind get wrong with ids and repeats, accounts, and expiry: a test for each.

import t, { type Test } from 'tap';
import { AMOUNT_MAX, DAY_MS } from '../../engine/limits.js';
import type { Command, TransferCommand } from '../../engine/protocol/commands.js';
import { run, START } from './notation.js';
import type { Subject } from './subject.js';
import { SUBJECTS } from './subjects.js';

async function onEach(t: Test, body: (t: Test, subject: Subject) => Promise<void>): Promise<void> {
  for (const [name, make] of SUBJECTS) {
    await t.test(name, async (t) => {
      const subject = make();
      await subject.apply([{ type: 'define-asset', asset: 'points', scale: 0 }], START);
      await body(t, subject);
      await subject.close();
    });
  }
}

function move(id: string, from: string, to: string, amount: number): TransferCommand {
  return { type: 'transfer', id, legs: [{ from, to, asset: 'points', amount }] };
}

t.test('ids and repeats', async (t) => {
  await t.test(
    'an id belongs to one user: a sign-in of the day can have the same one for all',
    (t) =>
      run(
        t,
        `
      earn  ann 5 id=SIGN:2026-11-23   ok    available=5
      earn  bob 5 id=SIGN:2026-11-23   ok    available=5
      earn  ann 5 id=SIGN:2026-11-23   ok    replayed available=5
      move  bob>ann 1 id=SIGN:2026-11-23  ID_REUSED   // bob is home, whatever ann's id did
      move  ann>bob 1 id=x             ok    available=4
      move  bob>ann 1 id=x             ok    available=5
      `,
      ),
  );

  await t.test('a constant id pays once for ever, and says so', (t) =>
    run(
      t,
      `
      earn  ann 5 id=DAILY             ok
      at    1d
      earn  ann 5 id=DAILY             ok    replayed available=5
      at    400d
      earn  ann 5 id=DAILY             ok    replayed available=5
      `,
    ),
  );

  await t.test(
    'a time-stamp as id: the second order of the millisecond is not taken for the first',
    (t) =>
      run(
        t,
        `
      earn  ann 5 id=1795392000000 ref=o1    ok
      earn  ann 5 id=1795392000000 ref=o2    ID_REUSED   available=5
      earn  ann 7 id=1795392000000 ref=o1    ID_REUSED   available=5
      `,
      ),
  );

  await t.test('without an id the order is one: kind and ref', (t) =>
    run(
      t,
      `
      earn  ann 5 id=- kind=ORDER ref=o1     ok
      earn  ann 5 id=- kind=ORDER ref=o1     ok          replayed available=5
      earn  ann 5 id=ORDER:o1 kind=ORDER ref=o1  ok      replayed
      earn  ann 6 id=- kind=ORDER ref=o1     ID_REUSED
      earn  ann 5 id=- kind=ORDER ref=o2     ok          available=10
      earn  ann 5 id=- kind=GIFT ref=o1      ok          available=15
      `,
    ),
  );

  await t.test('the same id with another body never succeeds, whichever command it is', (t) =>
    run(
      t,
      `
      earn     ann 9 id=a               ok
      earn     ann 9 id=a memo=x        ID_REUSED
      earn     ann 9 id=a kind=X        ID_REUSED
      earn     ann 9 id=a expires=5d    ID_REUSED
      earn     ann 9 id=a when=ann:0    ID_REUSED
      spend    ann 9 id=a               ID_REUSED
      hold     ann 9 id=a               ID_REUSED
      freeze   ann id=a                 ID_REUSED
      put      ann k id=a               ID_REUSED
      reverse  ann a id=a               ID_REUSED
      hold     ann 4 id=h               ok
      hold     ann 4 id=h deadline=5d   ID_REUSED
      capture  ann h 1 id=c             ok
      capture  ann h 2 id=c             ID_REUSED
      capture  ann h 1 to=@fee id=c     ID_REUSED
      capture  ann h 1 rest id=c        ID_REUSED
      release  ann h id=c               ID_REUSED
      reverse  ann a id=r               POINTS_SHORT
      reverse  ann a debt id=r          ID_REUSED
      put      ann k x id=p             ok
      put      ann k y id=p             ID_REUSED
      see      ann available=5 held=3
      `,
    ),
  );

  await t.test('every repeat gets the first answer, whatever has happened since', (t) =>
    run(
      t,
      `
      earn     ann 9 id=e         ok
      spend    ann 10 id=s        POINTS_SHORT
      earn     ann 9 id=f         ok
      spend    ann 10 id=s        POINTS_SHORT   replayed available=18
      hold     ann 4 id=h         ok             remaining=4
      capture  ann h 1 id=c       ok             remaining=3
      release  ann h id=r         ok             remaining=0
      hold     ann 4 id=h         ok             replayed remaining=4 held=0
      capture  ann h 1 id=c       ok             replayed remaining=3 available=17
      release  ann h id=r         ok             replayed available=17
      reverse  ann e id=v         ok             available=8
      reverse  ann e id=v         ok             replayed available=8
      reverse  ann e id=w         ALREADY_REVERSED
      earn     ann 9 id=e         ok             replayed available=8
      put      ann k x id=p       ok             record=1
      delete   ann k              ok
      put      ann k x id=p       ok             replayed record=1
      delete   ann k              RECORD_NOT_FOUND
      close    ann id=z           ACCOUNT_NOT_EMPTY
      spend    ann 8              ok
      close    ann id=z           ACCOUNT_NOT_EMPTY  replayed
      close    ann                ok
      earn     ann 9 id=f         ok             replayed closed=true
      `,
    ),
  );

  await t.test('a refusal that may pass is not kept: the same command can succeed later', (t) =>
    run(
      t,
      `
      earn     ann 1 of=later id=e    ASSET_UNKNOWN
      asset    later                  ok
      earn     ann 1 of=later id=e    ok
      earn     ann 1 of=later id=e    ok    replayed
      earn     ann -1 id=f            AMOUNT_INVALID
      earn     ann 1 id=f             ok    available=1
      `,
    ),
  );

  await t.test('repeats side by side in one batch post once', (t) =>
    onEach(t, async (t, subject) => {
      const earn = move('e', '@issue', 'ann', 5);
      const outcomes = await subject.apply(
        [earn, earn, { ...earn }, move('e', '@issue', 'ann', 6)],
        START,
      );
      t.same(
        outcomes.map(({ ok, replayed }) => [ok, replayed]),
        [
          [true, false],
          [true, true],
          [true, true],
          [false, false],
        ],
      );
      t.equal((await subject.balances('ann', START))[0]!.available, 5);
      t.equal((await subject.entries('ann', 'points', START)).length, 1);
    }),
  );

  await t.test('what was answered can be read back by its id', (t) =>
    onEach(t, async (t, subject) => {
      await subject.apply([move('e', '@issue', 'ann', 5), move('s', 'ann', '@redeem', 6)], START);
      const [earned, spent] = [
        await subject.transfer('ann', 'e'),
        await subject.transfer('ann', 's'),
      ];
      t.equal(earned?.outcome.ok, true);
      t.equal(spent?.outcome.ok === false && spent.outcome.code, 'POINTS_SHORT');
      t.equal(await subject.transfer('bob', 'e'), undefined);
      t.equal(await subject.transfer('ann', 'never'), undefined);
    }),
  );
});

t.test('accounts', async (t) => {
  await t.test('what is checked is what is taken: two orders for the same points', (t) =>
    onEach(t, async (t, subject) => {
      await subject.apply([move('e', '@issue', 'ann', 100)], START);
      const both = [move('s1', 'ann', '@redeem', 100), move('s2', 'ann', '@redeem', 100)];
      const outcomes = await subject.apply(both, START);
      t.same(
        outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code)),
        ['ok', 'POINTS_SHORT'],
      );
      t.equal((await subject.balances('ann', START))[0]!.available, 0);
    }),
  );

  await t.test('a condition is checked where the points are, at that moment', (t) =>
    onEach(t, async (t, subject) => {
      await subject.apply([move('e', '@issue', 'ann', 100)], START);
      const condition = { owner: 'ann', asset: 'points', availableAtLeast: 100 };
      const gift = (id: string): Command => ({ ...move(id, '@issue', 'bob', 1), condition });
      const outcomes = await subject.apply(
        [gift('g1'), move('s', 'ann', '@redeem', 1), gift('g2')],
        START,
      );
      t.same(
        outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code)),
        ['ok', 'ok', 'CONDITION_FAILED'],
      );
    }),
  );

  await t.test('a counter is not used up by a posting that failed, nor counted twice', (t) =>
    run(
      t,
      `
      put    ann count 1 version=0        ok                       record=1
      put    ann count 2 version=1        ok                       record=2
      put    ann count 2 version=1        RECORD_VERSION_MISMATCH  // by somebody who read before
      delete ann count                    ok
      put    ann count 2 version=2        RECORD_VERSION_MISMATCH  // gone
      put    ann count 1 version=0        ok                       record=3
      put    ann count 2 version=1        RECORD_VERSION_MISMATCH  // a version never comes twice
      `,
    ),
  );

  await t.test('all legs or none', (t) =>
    run(
      t,
      `
      earn   ann 10                                           ok
      move   ann>bob 5  ann>cat 5  ann>dan 1                  POINTS_SHORT
      move   ann>bob 5  @issue>bob max                        AMOUNT_OVERFLOW
      see    ann available=10 version=1
      see    bob available=none
      move   ann>bob 5  ann>cat 5                             ok   available=0 version=2
      `,
    ),
  );

  await t.test(
    'negative, zero, fractional, too large amounts, and texts, are no amounts',
    async (t) => {
      const amounts = [
        0,
        -1,
        -0,
        0.5,
        1.0000001,
        AMOUNT_MAX + 1,
        1e300,
        '"5"',
        'null',
        '[]',
        'true',
      ];
      for (const amount of amounts) {
        const leg = `{"from":"@issue","to":"ann","asset":"points","amount":${amount}}`;
        await run(t, `raw {"type":"transfer","id":"e","legs":[${leg}]}  AMOUNT_INVALID`);
        const hold = `{"type":"hold","id":"h","owner":"ann","asset":"points","amount":${amount}}`;
        await run(t, `raw ${hold}  AMOUNT_INVALID`);
      }
    },
  );

  await t.test('sums are exact to the last unit near the end of the range', (t) =>
    run(
      t,
      `
      earn   ann max-1        ok    available=max-1
      earn   ann 1            ok    available=max
      spend  ann max-2        ok    available=2
      spend  ann 1            ok    available=1 spent=max-1
      see    @redeem available=max-1
      see    @issue available=-9007199254740991
      `,
    ),
  );

  await t.test('what a hold reserves cannot be spent by anybody else', (t) =>
    run(
      t,
      `
      earn     ann 10               ok
      hold     ann 10 id=h          ok
      spend    ann 1                POINTS_SHORT
      hold     ann 1                POINTS_SHORT
      close    ann                  ACCOUNT_NOT_EMPTY
      freeze   ann                  ok
      release  ann h                ok           available=10
      spend    ann 1                ACCOUNT_FROZEN
      earn     ann 1                ok           available=11
      `,
    ),
  );

  await t.test('a limit is one at every moment', (t) =>
    run(
      t,
      `
      open     ann                  ok
      limit    ann 10               ok
      spend    ann 6                ok            available=-6
      spend    ann 5                POINTS_SHORT
      hold     ann 5                POINTS_SHORT
      limit    ann 5                CREDIT_IN_USE
      earn     ann 3                ok            available=-3 lots=
      limit    ann 5                ok
      spend    ann 3                POINTS_SHORT
      earn     ann 10 expires=5d    ok            available=7 lots=7@5d
      `,
    ),
  );
});

t.test('expiry', async (t) => {
  await t.test('no point can be spent from its expiry on, job or no job', (t) =>
    run(
      t,
      `
      earn     ann 10 expires=1d id=e   ok            lots=10@1d
      earn     bob 10 expires=1d        ok
      earn     cat 10 expires=1d        ok
      earn     dan 10 expires=1d        ok
      at       86399999ms
      spend    ann 1                    ok            available=9
      at       1d
      spend    ann 1                    POINTS_SHORT  available=0 expired=9
      hold     bob 1                    POINTS_SHORT  expired=10
      move     cat>eve 1                POINTS_SHORT  cat.expired=10
      earn     eve 1 when=dan:1         CONDITION_FAILED  dan.expired=10
      reverse  ann e                    POINTS_SHORT
      `,
    ),
  );

  await t.test('only what is left expires', (t) =>
    run(
      t,
      `
      earn     ann 10 expires=1d        ok
      earn     ann 5 expires=2d         ok
      spend    ann 7                    ok            lots=3@1d,5@2d
      at       1d
      tick
      see      ann available=5 expired=3 lots=5@2d
      history  ann transfer:10 transfer:5 transfer:-7 expire:-3
      history  @expire expire:3
      `,
    ),
  );

  await t.test('the job twice, or late, or never: once', (t) =>
    run(
      t,
      `
      earn     ann 10 expires=1d        ok
      earn     ann 10 expires=2d        ok
      at       1d
      tick
      tick
      tick
      at       9d
      tick
      tick
      see      ann available=0 expired=20 lots=
      history  ann transfer:10 transfer:10 expire:-10 expire:-10
      `,
    ),
  );

  await t.test('nobody is left out, however many are due', (t) =>
    onEach(t, async (t, subject) => {
      const users = Array.from({ length: 400 }, (_, n) => `user${n}`);
      const expiresAt = START + DAY_MS;
      const earns = users.map((to): Command => {
        const leg = { from: '@issue', to, asset: 'points', amount: 3, expiresAt };
        return { type: 'transfer', id: 'e', legs: [leg] };
      });
      await subject.apply(earns, START);
      await subject.tick(expiresAt - 1);
      t.same(await subject.balances('@expire', expiresAt - 1), []);
      await subject.tick(expiresAt);
      const [sink] = await subject.balances('@expire', expiresAt);
      t.equal(sink?.available, 3 * users.length);
      t.equal(sink?.version, users.length);
      for (const user of users) {
        const [balance] = await subject.balances(user, expiresAt);
        if (balance?.available !== 0 || balance.version !== 2) t.fail(user);
      }
    }),
  );

  await t.test('held points do not expire; freed after their expiry, they do at once', (t) =>
    run(
      t,
      `
      earn     ann 10 expires=1d        ok
      hold     ann 4 id=h               ok            lots=6+4@1d
      hold     ann 6 id=g deadline=2d   ok            lots=0+10@1d
      at       1d
      tick
      see      ann available=0 held=10 expired=0 lots=0+10@1d
      capture  ann h 3 to=bob           ok            held=7 bob.available=0 bob.expired=3
      release  ann h                    ok            held=6 available=0 expired=1
      at       2d
      tick
      see      ann held=0 available=0 expired=7 lots=
      history  ann transfer:10 hold:0 hold:0 capture:-3 release:0 expire:-1 release:0 expire:-6
      history  bob capture:3 expire:-3
      `,
    ),
  );

  await t.test(
    'and so they do where the account they come to is the one that splits its page',
    (t) =>
      onEach(t, async (t, subject) => {
        const day = (n: number) => START + n * DAY_MS;
        const capture = (to: string): Command => {
          return { type: 'capture', id: to, owner: 'ann', holdId: 'h', to, amount: 1 };
        };
        const leg = { from: '@issue', to: 'ann', asset: 'points', amount: 200, expiresAt: day(1) };
        await subject.apply(
          [
            { type: 'transfer', id: 'e', legs: [leg] },
            { type: 'hold', id: 'h', owner: 'ann', asset: 'points', amount: 200 },
          ],
          START,
        );
        const late: string[] = [];
        for (let n = 0; n < 200; n++) await subject.apply([capture(`user${n}`)], day(1) + n);
        for (let n = 0; n < 200; n++) {
          const entries = await subject.entries(`user${n}`, 'points', day(2));
          if (entries.at(-1)?.time !== day(1) + n) late.push(`user${n}`);
        }
        t.same(late, []);
      }),
  );

  await t.test('a refund goes back into the lot it came from, and expires with it', (t) =>
    run(
      t,
      `
      earn     ann 10 expires=1d        ok
      earn     ann 10 expires=3d        ok
      spend    ann 15 id=s              ok            lots=5@3d
      reverse  ann s                    ok            lots=10@1d,10@3d
      spend    ann 15 id=u              ok            lots=5@3d
      at       1d
      reverse  ann u                    ok            available=10 expired=10 lots=10@3d
      `,
    ),
  );

  await t.test('points given on keep their expiry; giving them back and forth gains no day', (t) =>
    run(
      t,
      `
      asset    points expiry=30d        ok
      earn     ann 10 expires=1d        ok
      move     ann>bob 10               ok            bob.lots=10@1d
      move     bob>ann 10               ok            ann.lots=10@1d
      at       1d
      spend    ann 1                    POINTS_SHORT  expired=10
      earn     ann 5                    ok            lots=5@31d
      `,
    ),
  );

  await t.test('days are full days since 1970, whatever the time zone of the server', (t) =>
    run(
      t,
      `
      asset    points expiry=1d         ok
      earn     ann 1                    ok            lots=1@1d
      at       1ms
      earn     ann 1                    ok            lots=1@1d,1@2d
      earn     ann 1 expires=86399999ms ok            lots=2@1d,1@2d
      earn     ann 1 expires=86400001ms ok            lots=2@1d,2@2d
      asset    hours granularity=1h     ok
      earn     ann 1 of=hours expires=1s ok           lots=1@1h
      `,
    ),
  );

  await t.test('a record goes with its day, and its key can be used again', (t) =>
    run(
      t,
      `
      put      ann sign expires=1d version=0   ok
      at       23h
      put      ann sign expires=2d version=0   RECORD_VERSION_MISMATCH
      at       1d
      put      ann sign expires=2d version=0   ok
      `,
    ),
  );

  await t.test('debts are paid before lots are made', (t) =>
    run(
      t,
      `
      open     ann                             ok
      limit    ann 10                          ok
      spend    ann 6                           ok   lots=
      earn     ann 4 expires=1d                ok   available=-2 lots=
      move     @issue>ann 3 expires=2d  @issue>ann 3 expires=1d   ok  available=4 lots=3@1d,1@2d
      hold     ann 9 id=h                      ok   available=-5 held=9 lots=0+3@1d,0+1@2d
      earn     ann 7 expires=3d                ok   available=2 lots=0+3@1d,0+1@2d,2@3d
      release  ann h                           ok   available=11 lots=3@1d,1@2d,2@3d,5@never
      `,
    ),
  );
});
