// Rules of how points expire: by the calendar, lots that are extended or merged, what is the same for a retry; accounts that are
// reopened, and refusals that pass. The notation is explained in notation.ts.

import t from 'tap';
import { LOTS_MAX } from '../../engine/limits.js';
import { run } from './notation.js';

// Tables begin on 2026-02-16, a full day of UTC: 08:00 in Shanghai.
t.test('expiry by the calendar', async (t) => {
  await t.test('after a month, on a date, both, at the end of the day', (t) =>
    run(
      t,
      `
      asset  points after=P1M zone=Asia/Shanghai              ok   asset=1
      earn   ann 1                                            ok   lots=1@688h      // the end of 16 March
      at     15h
      earn   ann 1                                            ok   lots=2@688h      // 23:00 in Shanghai
      at     16h
      earn   ann 1                                            ok   lots=2@688h,1@712h
      asset  points on=12-31 zone=Asia/Shanghai               ok   asset=2
      earn   bob 1                                            ok   lots=1@7648h
      asset  points after=P1Y on=12-31 zone=Asia/Shanghai     ok   asset=3
      earn   cat 1                                            ok   lots=1@16408h
      asset  points after=P1D zone=UTC                        ok   asset=4
      earn   dan 1                                            ok   lots=1@2d
      asset  points                                           ok   asset=5          // no calendar any more
      earn   eve 1                                            ok   lots=1@never
      see    ann lots=2@688h,1@712h                                                 // earlier earnings keep theirs
      `,
    ),
  );

  await t.test('an expiry that is given is rounded up to the end of a day', (t) =>
    run(
      t,
      `
      asset  points zone=Asia/Shanghai                        ok
      earn   ann 1 expires=15h                                ok   lots=1@16h
      earn   ann 1 expires=16h                                ok   lots=2@16h
      earn   ann 1 expires=57601s                             ok   lots=2@16h,1@40h
      asset  hours zone=Asia/Shanghai granularity=3600s       ok
      earn   ann 1 expires=15h of=hours                       ok   lots=1@15h
      earn   ann 1 of=hours                                   ok   lots=1@15h,1@never
      `,
    ),
  );

  await t.test('what is credited without a lot: captures, releases, refunds, gifts', (t) =>
    run(
      t,
      `
      asset  points after=P1D zone=Asia/Shanghai              ok
      open   ann                                              ok
      limit  ann 10                                           ok
      hold   ann 4 id=h                                       ok   available=-4
      capture ann h 2 to=bob                                  ok   bob.lots=2@40h
      earn   ann 4 expires=never                              ok   available=0
      at     17h
      release ann h                                           ok   lots=2@64h
      earn   cat 5 expires=18h                                ok   lots=5@40h
      move   cat>dan 5                                        ok   dan.lots=5@40h   // they keep what they had
      at     40h
      see    dan available=0 expired=5
      `,
    ),
  );

  await t.test('definitions', (t) =>
    run(
      t,
      `
      asset  a after=P1M zone=UTC                             ok   asset=1
      asset  a after=P1M zone=UTC                             ok   asset=1
      asset  a after=P2M zone=UTC                             ok   asset=2
      asset  a after=P2M on=06-30 zone=UTC                    ok   asset=3
      asset  a after=P2M on=06-30 zone=Europe/Paris           ok   asset=4
      asset  a zone=Europe/Paris                              ok   asset=5
      asset  a expiry=1d                                      ok   asset=6
      asset  a after=P1M                                      ZONE_INVALID          // whoever fills in the zone knows it
      asset  a after=P0D                                      EXPIRY_POLICY_INVALID field=expiresAfter
      asset  a after=P1Y2M                                    EXPIRY_POLICY_INVALID field=expiresAfter
      asset  a after=P1000M                                   EXPIRY_POLICY_INVALID field=expiresAfter
      asset  a after=1M                                       EXPIRY_POLICY_INVALID field=expiresAfter
      asset  a on=02-30                                       EXPIRY_POLICY_INVALID field=expiresOn
      asset  a on=13-01                                       EXPIRY_POLICY_INVALID field=expiresOn
      asset  a on=12-31 expiry=1d                             EXPIRY_POLICY_INVALID field=expiresOn
      raw    {"type":"define-asset","asset":"a","scale":0,"zone":"no where"}  ZONE_INVALID
      `,
    ),
  );
});

t.test('lots are extended', async (t) => {
  await t.test('refusals in order', (t) =>
    run(
      t,
      `
      extend  ann of=ghost lot=3d expires=0d        ASSET_UNKNOWN       // and EXPIRY_PAST
      extend  ann lot=3d expires=0d                 EXPIRY_PAST
      extend  ann lot=3d expires=3d                 EXPIRY_NOT_LATER    // and ACCOUNT_NOT_FOUND
      extend  ann lot=3d expires=49h                EXPIRY_NOT_LATER    // rounded up: the same day
      extend  ann lot=3d expires=4d                 ACCOUNT_NOT_FOUND
      open    ann                                   ok
      close   ann                                   ok
      extend  ann lot=3d expires=4d                 ACCOUNT_CLOSED
      reopen  ann                                   ok
      extend  ann lot=3d expires=4d                 LOT_NOT_FOUND
      earn    ann 10 expires=3d                     ok
      hold    ann 4 id=h                            ok
      extend  ann lot=3d expires=4d amount=11       POINTS_SHORT
      extend  ann lot=3d expires=4d amount=7        LOT_HELD
      extend  ann lot=3d expires=4d id=x            LOT_HELD
      release ann h                                 ok
      extend  ann lot=3d expires=4d id=x            ok        lots=10@4d         // it was not kept
      extend  ann lot=3d expires=4d id=x            ok        replayed lots=10@4d
      extend  ann lot=3d expires=4d                 LOT_NOT_FOUND
      `,
    ),
  );

  await t.test('what it does', (t) =>
    run(
      t,
      `
      earn    ann 10 expires=3d                     ok
      earn    ann 5 expires=9d                      ok
      freeze  ann                                   ok
      extend  ann lot=3d expires=9d amount=4        ok        lots=6@3d,9@9d available=15 version=3
      extend  ann lot=3d                            ok        lots=9@9d,6@never version=4
      unfreeze ann                                  ok
      history ann transfer:10 transfer:5 extend:0 extend:0
      at      9d
      extend  ann lot=9d                            LOT_NOT_FOUND       // it is over
      see     ann available=6 expired=9
      `,
    ),
  );

  await t.test('held points stay, also past their expiry', (t) =>
    run(
      t,
      `
      earn    ann 10 expires=2d                     ok
      hold    ann 4 id=h                            ok
      extend  ann lot=2d expires=8d amount=6        ok        lots=0+4@2d,6@8d
      at      3d
      extend  ann lot=2d expires=8d                 LOT_NOT_FOUND
      release ann h                                 ok        lots=6@8d expired=4
      `,
    ),
  );

  await t.test('room for one more lot', (t) =>
    run(
      t,
      `
      repeat  ${LOTS_MAX} earn ann 2 expires={n}d   ok
      extend  ann lot=7d expires=600d amount=1      LOT_LIMIT
      extend  ann lot=7d expires=600d               ok        available=${2 * LOTS_MAX}
      extend  ann lot=8d expires=9d amount=1        ok
      `,
    ),
  );
});

t.test('accounts are reopened', (t) =>
  run(
    t,
    `
    reopen  ann of=ghost                          ASSET_UNKNOWN
    reopen  ann                                   ACCOUNT_NOT_FOUND
    earn    ann 5 id=e                            ok
    spend   ann 5 id=s                            ok
    reopen  ann                                   ACCOUNT_NOT_CLOSED
    freeze  ann                                   ok
    close   ann                                   ok        closed=true
    reverse ann s id=r                            ACCOUNT_CLOSED
    reopen  ann                                   ok        closed=false frozen=true
    reverse ann s id=r                            ok        available=5         // a late refund, under the same id
    reopen  ann                                   ACCOUNT_NOT_CLOSED
    `,
  ),
);

t.test('refusals from passing states are not kept', (t) =>
  run(
    t,
    `
    asset   coin lots=no                          ok
    earn    ann 9                                 ok
    freeze  ann                                   ok
    spend   ann 1 id=s                            ACCOUNT_FROZEN
    hold    ann 1 id=h                            ACCOUNT_FROZEN
    unfreeze ann                                  ok
    spend   ann 1 id=s                            ok
    hold    ann 1 id=h                            ok
    freeze  ann                                   ok
    capture ann h id=c                            ACCOUNT_FROZEN
    unfreeze ann                                  ok
    capture ann h id=c                            ok
    open    cls                                   ok
    close   cls                                   ok
    earn    cls 1 id=e                            ACCOUNT_CLOSED
    limit   cls 1 id=l                            ACCOUNT_CLOSED
    freeze  cls id=f                              ACCOUNT_CLOSED
    reopen  cls                                   ok
    earn    cls 1 id=e                            ok
    limit   cls 1 id=l                            ok
    freeze  cls id=f                              ok
    move    @issue>@fee max of=coin               ok
    earn    bob 1 of=coin id=b                    AMOUNT_OVERFLOW      // @issue has no room
    move    @fee>@issue 1 of=coin                 ok                   // as an operator would
    earn    bob 1 of=coin id=b                    AMOUNT_OVERFLOW      // nor for what it has spent in all
    move    @adjust>cat max of=coin               ok
    move    @adjust>cat 1 of=coin id=own          AMOUNT_OVERFLOW      // @adjust has no room
    earn    dan 1 expires=1d                      ok
    `,
  ),
);

t.test('one lot too many', async (t) => {
  await t.test('an earning merges the two nearest', (t) =>
    run(
      t,
      `
      repeat  ${LOTS_MAX - 3} earn ann 1 expires={n}000d  ok
      earn    ann 7 expires=3300d                    ok
      earn    ann 5 expires=3500d                    ok
      earn    ann 3 expires=3d                       ok
      earn    ann 1 expires=999900d id=e             ok      available=${LOTS_MAX - 3 + 16}
      history ann ${'transfer:1 '.repeat(LOTS_MAX - 3)}transfer:7 transfer:5 transfer:3 transfer:1
      at      3d
      spend   ann ${LOTS_MAX - 3 + 12}               ok      lots=1@999900d       // the last
      `,
    ),
  );

  await t.test('which two: the later expiry wins, the soonest two of several', (t) =>
    run(
      t,
      `
      repeat  ${LOTS_MAX} earn ann 1 expires={n}0d   ok
      earn    ann 1 expires=5204d                    ok      // 1 and 2 are ten days apart, as all
      at      11d
      see     ann available=${LOTS_MAX + 1}
      at      20d
      see     ann available=${LOTS_MAX - 1} expired=2
      `,
    ),
  );

  await t.test('the new one joins the lot after it, or the one before joins it', (t) =>
    run(
      t,
      `
      repeat  ${LOTS_MAX} earn ann 1 expires={n}0d   ok
      earn    ann 4 expires=18d                      ok      // joins 20d
      at      19d
      see     ann available=${LOTS_MAX + 3} expired=1
      at      20d
      see     ann expired=6
      `,
    ),
  );

  await t.test('the one before joins the new one', (t) =>
    run(
      t,
      `
      repeat  ${LOTS_MAX} earn ann 1 expires={n}0d   ok
      earn    ann 4 expires=12d                      ok
      at      11d
      see     ann available=${LOTS_MAX + 4} expired=0
      at      12d
      see     ann expired=5
      `,
    ),
  );

  await t.test('held lots stay, nothing becomes everlasting, others are refused', (t) =>
    run(
      t,
      `
      repeat  ${LOTS_MAX} earn ann 1 expires={n}0d   ok
      earn    bob 9 expires=5204d                    ok
      move    bob>ann 1                              LOT_LIMIT          // dust would lengthen expiries
      hold    bob 1 id=b                             ok
      capture bob b to=ann                           LOT_LIMIT
      hold    ann ${LOTS_MAX} id=h                   ok
      earn    ann 4 expires=5304d                    LOT_LIMIT
      earn    ann 4 expires=5118d                    ok                 // before 5120d
      earn    ann 4                                  LOT_LIMIT          // never, and its neighbour is held
      release ann h                                  ok
      earn    ann 4                                  ok
      earn    ann 4                                  ok                 // its lot is there
      `,
    ),
  );
});

t.test('a retry that works out an expiry anew says the same within a lot', (t) =>
  run(
    t,
    `
    asset   days zone=Asia/Shanghai                 ok
    earn    ann 5 expires=30h id=e                  ok
    earn    ann 5 expires=31h id=e                  ok        replayed available=5
    earn    ann 5 expires=48h id=e                  ok        replayed
    earn    ann 5 expires=49h id=e                  ID_REUSED
    earn    ann 5 expires=never id=e                ID_REUSED
    earn    ann 5 id=e                              ID_REUSED
    earn    ann 6 expires=31h id=e                  ID_REUSED
    earn    ann 5 of=days expires=15h id=d          ok
    earn    ann 5 of=days expires=16h id=d          ok        replayed
    earn    ann 5 of=days expires=17h id=d          ID_REUSED
    hold    ann 5 id=h                              ok
    capture ann h to=bob expires=30h id=c           ok
    capture ann h to=bob expires=31h id=c           ok        replayed
    capture ann h to=bob expires=49h id=c           ID_REUSED
    capture ann x to=bob expires=31h id=n           HOLD_NOT_FOUND
    capture ann x to=bob expires=31h id=n           HOLD_NOT_FOUND  replayed
    extend  bob lot=2d expires=80h id=x             ok
    extend  bob lot=2d expires=81h id=x             ok        replayed
    extend  bob lot=2d expires=97h id=x             ID_REUSED
    at      2d
    earn    ann 5 expires=31h id=e                  ok        replayed   // which is past by now
    `,
  ),
);
