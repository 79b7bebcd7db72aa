// The rules of what moves points: transfer, hold, capture, release, reverse. Part of rules.test.ts.
// Owns: their tables. Never touches: what must come up in all of them.

import t from 'tap';
import { HOLDS_MAX, LOTS_MAX } from '../../engine/limits.js';
import { run } from './notation.js';

t.test('transfer', async (t) => {
  await t.test('the asset, then the expiry: nothing is kept', (t) =>
    run(
      t,
      `
      at    2d
      earn  ann 1 of=ghost                              ASSET_UNKNOWN
      move  @issue>ann 1 expires=1d  ann>bob 1 of=ghost ASSET_UNKNOWN
      earn  ann 1 expires=1d when=bob:1:ghost           ASSET_UNKNOWN
      earn  ann 1 expires=2d id=e                       EXPIRY_PAST
      move  @issue>ann 1 expires=3d  @issue>ann 1 expires=1d EXPIRY_PAST
      earn  ann 1 expires=3d id=e                       ok                available=1
      earn  ann 1 of=ghost id=e                         ID_REUSED
      earn  ann 1 expires=3d id=e                       ok                replayed available=1
      close bob                                         ACCOUNT_NOT_FOUND
      open  cat                                         ok
      close cat                                         ok
      earn  cat 1 expires=1d                            EXPIRY_PAST
      `,
    ),
  );

  await t.test('an expiry that has no effect is checked all the same', (t) =>
    run(
      t,
      `
      asset coin lots=no             ok
      earn  ann 1 of=coin expires=1d ok
      at    1d
      earn  ann 1 of=coin expires=1d EXPIRY_PAST
      see   ann of=coin available=1
      `,
    ),
  );

  await t.test('when it occurred: nothing is kept', (t) =>
    run(
      t,
      `
      at    2d
      earn  ann 1 occurred=-20501d id=e                 OCCURRED_INVALID  field=occurredAt
      earn  ann 1 expires=1d occurred=3d id=e           EXPIRY_PAST
      earn  cls 1 occurred=3d id=e                      OCCURRED_FUTURE
      earn  ann 1 occurred=-10980d id=e                 OCCURRED_TOO_EARLY
      earn  ann 1 occurred=2d id=e                      ok  available=1
      earn  ann 1 occurred=1d id=e                      ID_REUSED
      earn  ann 1 id=e                                  ID_REUSED
      earn  ann 1 occurred=2d id=e                      ok  replayed available=1
      earn  ann 5 occurred=-9000d                       ok  available=6
      `,
    ),
  );

  await t.test('whose id it is does not depend on the order of legs', (t) =>
    run(
      t,
      `
      earn  ann 9                                     ok
      earn  bob 9                                     ok
      move  ann>@fee 1  bob>@fee 2  owner=- id=k      OWNER_REQUIRED   field=owner
      move  bob>@fee 2  ann>@fee 1  owner=- id=k      OWNER_REQUIRED   field=owner
      move  ann>@fee 1  bob>@fee 2  owner=cat id=k    OWNER_NOT_PARTY  field=owner
      move  ann>@fee 1  bob>cat 2   owner=cat id=k    OWNER_NOT_PARTY  field=owner // who pays goes before who receives
      move  ann>@fee 1  bob>@fee 2  owner=ann id=k    ok               ann.available=8 bob.available=7
      move  bob>@fee 2  ann>@fee 1  owner=ann id=k    ID_REUSED        ann.available=8 bob.available=7
      move  ann>@fee 1  bob>@fee 2  owner=- id=k      OWNER_REQUIRED   field=owner // known or not
      move  ann>@fee 1  bob>@fee 2  owner=ann id=k    ok replayed      ann.available=8
      move  @issue>cat 1  ann>@fee 1  owner=- id=m    ok               cat.available=1 ann.available=7
      move  ann>@fee 1  @issue>cat 1  owner=- id=m    ID_REUSED        ann.available=7
      move  @issue>cat 1  ann>@fee 1  owner=ann id=m  ok replayed
      move  ann>@fee 1  owner=ann id=n                ok
      move  ann>@fee 1  owner=- id=n                  ok replayed
      move  ann>cat 1  ann>dan 1  owner=- id=o        ok               cat.available=2 dan.available=1
      move  @issue>cat 1  @issue>dan 1  owner=- id=p  OWNER_REQUIRED
      move  @issue>cat 1  @issue>dan 1  owner=dan id=p  ok
      move  @issue>dan 1  @issue>cat 1  owner=dan id=p  ID_REUSED
      move  @issue>@fee 1  @adjust>@fee 1  owner=-      OWNER_REQUIRED
      move  @issue>@fee 1  @issue>@redeem 1  owner=- id=q  ok
      move  @issue>@redeem 1  @issue>@fee 1  owner=- id=q  ID_REUSED
      move  ann>@fee 1  owner=#budget                 OWNER_RESERVED   field=owner
      move  ann>@fee 1  bob>@fee 1 of=ghost owner=-   OWNER_REQUIRED   // and ASSET_UNKNOWN
      reverse ann k                                   ok               bob.available=9
      `,
    ),
  );

  await t.test('closed, frozen, condition, points, range, lots', (t) =>
    run(
      t,
      `
      open     cls  ok
      close    cls  ok
      open     frz  ok
      freeze   frz  ok
      spend    cls 1                            ACCOUNT_CLOSED     // and POINTS_SHORT
      earn     cls 1                            ACCOUNT_CLOSED
      move     frz>cls 1                        ACCOUNT_CLOSED     // from is frozen
      spend    frz 1                            ACCOUNT_FROZEN     // and POINTS_SHORT
      spend    frz 1 when=ann:1                 ACCOUNT_FROZEN     // and CONDITION_FAILED
      move     frz>ann 1  ann>cls 1             ACCOUNT_FROZEN     // the first leg's comes first
      move     ann>cls 1  frz>ann 1             ACCOUNT_CLOSED
      spend    ann 1 when=ann:1                 CONDITION_FAILED   // and POINTS_SHORT
      earn     ann max when=bob:1               CONDITION_FAILED
      spend    ann 1                            POINTS_SHORT
      spend    ann 1 when=ann:0                 POINTS_SHORT
      earn     ann 10                           ok                 available=10
      spend    ann 11                           POINTS_SHORT       available=10
      spend    ann 10 when=ann:11               CONDITION_FAILED
      spend    ann 10 when=ann:10               ok                 available=0
      move     @issue>ann 5  ann>bob 6          POINTS_SHORT       available=0
      move     ann>bob 5  @issue>ann 5          POINTS_SHORT       // legs in order
      move     @issue>ann 5  ann>bob 5          POINTS_SHORT       available=0 // what a leg brings is no other's to pay with
      earn     ann 5                            ok
      move     @issue>ann 1  ann>bob 5          ok                 available=1 bob.available=5
      spend    ann 1                            ok
      earn     frz 7                            ok                 available=7
      `,
    ),
  );

  await t.test('the range of amounts', (t) =>
    run(
      t,
      `
      earn     ann max                             ok               available=max
      earn     ann 1                               AMOUNT_OVERFLOW  // balance; @issue, too
      move     @adjust>ann 1                       AMOUNT_OVERFLOW  // balance
      move     @issue>bob 1                        AMOUNT_OVERFLOW  // @issue
      move     bob>@fee 1  @issue>bob 1            POINTS_SHORT     // and AMOUNT_OVERFLOW
      move     @adjust>bob 1                       ok
      move     ann>bob max                         AMOUNT_OVERFLOW  bob.available=1
      move     ann>bob max-1                       ok               bob.available=max
      spend    bob max                             ok               available=0
      move     @adjust>bob 1                       AMOUNT_OVERFLOW  earned=max // lifetime earned
      move     @redeem>cat 5                       ok
      limit    cat 10                              ok
      move     cat>@fee 16                         POINTS_SHORT     // 5 and a limit of 10
      move     cat>@fee 15                         ok               available=-10 spent=15
      `,
    ),
  );

  await t.test('lifetime spent', (t) =>
    run(
      t,
      `
      asset    coin lots=no           ok
      limit    ann max of=coin        ACCOUNT_NOT_FOUND
      open     ann of=coin            ok
      limit    ann max of=coin        ok
      spend    ann max of=coin        ok               available=-9007199254740991
      spend    ann 1 of=coin          POINTS_SHORT     // and AMOUNT_OVERFLOW
      move     @redeem>ann max of=coin  ok
      see      ann of=coin available=0 spent=max earned=max
      spend    ann 1 of=coin          AMOUNT_OVERFLOW
      `,
    ),
  );

  await t.test('lots', (t) =>
    run(
      t,
      `
      repeat ${LOTS_MAX} earn ann 1 expires={n}d   ok
      earn     bob 3                               ok
      move     bob>ann 1                           LOT_LIMIT
      move     bob>ann 1 expires=513d              LOT_LIMIT
      move     bob>ann 1 expires=511d              ok           ann.available=513
      earn     ann max expires=513d                AMOUNT_OVERFLOW // and one lot too many
      hold     ann 1 id=h                          ok
      move     bob>ann 1                           LOT_LIMIT    // a lot with only a held part counts
      capture  ann h                               ok
      move     bob>ann 1                           ok
      `,
    ),
  );
});

t.test('hold', async (t) => {
  await t.test('refusals in order', (t) =>
    run(
      t,
      `
      open     cls  ok
      freeze   cls  ok
      close    cls  ok
      open     frz  ok
      freeze   frz  ok
      at       1d
      hold     ann 1 of=ghost deadline=1d   ASSET_UNKNOWN
      hold     cls 1 deadline=1d            DEADLINE_PAST
      hold     cls 1 deadline=2d            ACCOUNT_CLOSED   // and ACCOUNT_FROZEN
      hold     frz 1                        ACCOUNT_FROZEN   // and POINTS_SHORT
      hold     ann 1                        POINTS_SHORT
      earn     ann 10                       ok
      hold     ann 11                       POINTS_SHORT
      hold     ann 10 id=h                  ok               available=0 held=10 total=10 remaining=10
      hold     ann 1                        POINTS_SHORT
      spend    ann 1                        POINTS_SHORT
      limit    ann 5                        ok
      hold     ann 6                        POINTS_SHORT
      hold     ann 5                        ok               available=-5 held=15
      `,
    ),
  );

  await t.test('what is held has a range, too', (t) =>
    run(
      t,
      `
      asset    coin lots=no       ok
      open     ann of=coin        ok
      limit    ann max of=coin    ok
      hold     ann max of=coin    ok               held=max
      hold     ann 1 of=coin      POINTS_SHORT     // and AMOUNT_OVERFLOW
      earn     ann max of=coin    ok               available=0
      hold     ann 1 of=coin      AMOUNT_OVERFLOW  held=max
      `,
    ),
  );

  await t.test('open holds', (t) =>
    run(
      t,
      `
      earn     ann ${HOLDS_MAX}                  ok
      repeat   ${HOLDS_MAX} hold ann 1 id=h{n}   ok
      hold     ann 1                             POINTS_SHORT    // and HOLD_LIMIT
      earn     ann 1                             ok
      hold     ann 1                             HOLD_LIMIT
      release  ann h7                            ok
      hold     ann 1                             ok
      hold     ann 1                             HOLD_LIMIT
      `,
    ),
  );
});

t.test('capture', async (t) => {
  await t.test('refusals in order', (t) =>
    run(
      t,
      `
      earn     ann 100 id=e               ok
      open     cls                        ok
      close    cls                        ok
      at       1d
      capture  ann x expires=1d           EXPIRY_PAST
      capture  ann x                      HOLD_NOT_FOUND
      capture  ann e                      HOLD_NOT_FOUND        // a transfer's id
      hold     ann 101 id=short           POINTS_SHORT
      capture  ann short                  HOLD_NOT_FOUND        // a refused hold
      hold     ann 10 id=h                ok
      capture  bob h                      HOLD_NOT_FOUND        // another's
      freeze   ann                        ok
      capture  ann h 11 to=cls            CAPTURE_EXCEEDS_HOLD  // and frozen, and closed
      capture  ann h 10 to=cls            ACCOUNT_FROZEN        // and closed
      unfreeze ann                        ok
      capture  ann h 10 to=cls            ACCOUNT_CLOSED
      capture  ann h 4                    ok                    available=90 held=6 remaining=6 spent=4
      capture  ann h 7                    CAPTURE_EXCEEDS_HOLD  held=6
      capture  ann h to=bob               ok                    held=0 remaining=0 bob.available=6
      capture  ann h 7                    HOLD_CLOSED           // and CAPTURE_EXCEEDS_HOLD
      `,
    ),
  );

  await t.test('released and past the deadline', (t) =>
    run(
      t,
      `
      earn     ann 100                    ok
      hold     ann 10 id=h                ok
      release  ann h                      ok            held=0
      capture  ann h                      HOLD_CLOSED
      hold     ann 10 id=late deadline=1d ok            held=10
      at       1d
      capture  ann late                   HOLD_CLOSED   held=0 available=100
      hold     ann 10 id=rest             ok
      capture  ann rest 3 rest            ok            remaining=0 held=0 available=97
      release  ann rest                   HOLD_CLOSED
      `,
    ),
  );

  await t.test('range and lots', (t) =>
    run(
      t,
      `
      asset    coin lots=no                       ok
      earn     ann max of=coin                    ok
      move     @adjust>bob max of=coin            ok
      hold     ann 1 of=coin id=h                 ok
      open     cls of=coin                        ok
      close    cls of=coin                        ok
      capture  ann h to=bob of=coin               AMOUNT_OVERFLOW  held=1 bob.available=max
      spend    ann max-1 of=coin                  ok               spent=max-1
      move     @redeem>ann 5 of=coin              AMOUNT_OVERFLOW
      move     @fee>@redeem 1 of=coin             ok
      capture  ann h of=coin                      AMOUNT_OVERFLOW  held=1 // @redeem's lifetime earned
      capture  ann h to=@fee of=coin              ok               held=0 spent=max
      repeat   ${LOTS_MAX} move @fee>dan 1 expires={n}d  ok
      move     @fee>eve 1 expires=600d            ok
      hold     eve 1 id=h                         ok
      capture  eve h to=dan                       LOT_LIMIT        held=1
      capture  eve h to=dan expires=600d          LOT_LIMIT
      capture  eve h to=dan expires=512d          ok               dan.available=513
      `,
    ),
  );

  await t.test('lifetime spent', (t) =>
    run(
      t,
      `
      asset    coin lots=no           ok
      open     ann of=coin            ok
      limit    ann max of=coin        ok
      spend    ann max of=coin        ok               spent=max
      move     @redeem>ann max-1 of=coin ok            available=-1
      limit    ann 1 of=coin          ok
      move     @redeem>ann 1 of=coin  ok               available=0
      hold     ann 1 of=coin id=h     ok
      capture  ann h of=coin          AMOUNT_OVERFLOW  held=1
      open     cls of=coin            ok
      close    cls of=coin            ok
      capture  ann h to=cls of=coin   ACCOUNT_CLOSED   // and AMOUNT_OVERFLOW
      `,
    ),
  );
});

t.test('release never fails for want of lots', (t) =>
  run(
    t,
    `
    open     ann                                 ok
    limit    ann 10                              ok
    hold     ann 5 id=h                          ok    available=-5
    earn     ann 5                               ok    available=0 lots=
    repeat   ${LOTS_MAX} earn ann 1 expires={n}d ok
    release  ann h                               ok    available=517
    spend    ann 511                             ok    lots=6@512d   // the latest lot took them
    `,
  ),
);

t.test('release', (t) =>
  run(
    t,
    `
    earn     ann 10 id=e              ok
    release  ann x                    HOLD_NOT_FOUND
    release  ann e                    HOLD_NOT_FOUND
    hold     ann 10 id=h              ok
    release  bob h                    HOLD_NOT_FOUND
    freeze   ann                      ok
    release  ann h id=r               ok              available=10 remaining=0
    release  ann h                    HOLD_CLOSED
    release  ann h id=r               ok              replayed
    release  ann r                    HOLD_NOT_FOUND
    `,
  ),
);

t.test('reverse', async (t) => {
  await t.test('refusals in order', (t) =>
    run(
      t,
      `
      reverse  ann x                  TRANSFER_NOT_FOUND
      spend    ann 1 id=short         POINTS_SHORT
      reverse  ann short              TRANSFER_NOT_FOUND   // refused
      earn     ann 10 id=e            ok
      reverse  bob e                  TRANSFER_NOT_FOUND   // another's
      hold     ann 4 id=h             ok
      reverse  ann h                  NOT_REVERSIBLE
      freeze   ann id=f               ok
      reverse  ann f                  NOT_REVERSIBLE
      unfreeze ann                    ok
      put      ann k id=p             ok
      reverse  ann p                  NOT_REVERSIBLE
      reverse  ann e                  POINTS_SHORT         available=6
      release  ann h id=r             ok
      reverse  ann r                  NOT_REVERSIBLE
      spend    ann 4 id=s             ok                   available=6
      reverse  ann e                  POINTS_SHORT         available=6
      reverse  ann e debt id=v        ok                   available=-4 earned=0 spent=4
      reverse  ann v                  NOT_REVERSIBLE
      reverse  ann e                  ALREADY_REVERSED     // and POINTS_SHORT
      reverse  ann s                  ok                   available=0 spent=0
      close    ann                    ok
      reverse  ann s                  ALREADY_REVERSED     // and ACCOUNT_CLOSED
      `,
    ),
  );

  await t.test('closed, points, range', (t) =>
    run(
      t,
      `
      asset    coin lots=no                            ok
      move     @issue>ann 5 of=coin id=t               ok
      move     ann>bob 5 of=coin id=u                  ok
      move     bob>cat 5 of=coin                       ok
      close    ann of=coin                             ok
      reverse  ann u                                   ACCOUNT_CLOSED   // and bob's POINTS_SHORT
      reverse  ann t                                   ACCOUNT_CLOSED
      move     cat>dan 5 of=coin id=w                  ok
      close    cat of=coin                             ok
      reverse  cat w                                   ACCOUNT_CLOSED
      move     @adjust>eve 9 of=coin                   ok
      move     eve>fay 9 of=coin id=x                  ok
      move     fay>@fee 9 of=coin                      ok
      move     @adjust>eve max-9 of=coin               ok
      reverse  eve x                                   POINTS_SHORT
      move     @clearing:a>fay 9 of=coin               ok
      reverse  eve x                                   ok
      see      eve of=coin available=max
      `,
    ),
  );

  await t.test('taking back has a range, giving back always fits', (t) =>
    run(
      t,
      `
      earn     ann 5 id=e                          ok
      earn     ann 5 expires=1d                    ok
      at       1d
      limit    ann max                             ok                expired=5
      spend    ann max-5                           ok                available=-9007199254740981
      reverse  ann e                               ok                available=-9007199254740986
      move     @adjust>bob max                     ok
      move     bob>cat max id=t                    ok
      reverse  bob t                               ok                available=max
      `,
    ),
  );

  await t.test('lots', (t) =>
    run(
      t,
      `
      earn     ann 1 expires=600d                  ok
      spend    ann 1 id=s                          ok
      repeat   ${LOTS_MAX} earn ann 1 expires={n}d ok
      reverse  ann s                               LOT_LIMIT   available=512
      spend    ann 1                               ok
      reverse  ann s                               ok          available=512
      `,
    ),
  );
});
