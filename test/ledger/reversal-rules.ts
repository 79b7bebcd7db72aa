// The rules of reversals: in parts, of what expired, is held, was spent. Part of rules.test.ts.

import t from 'tap';
import { run } from './notation.js';

t.test('what expired out of the lots of the original counts as taken back', async (t) => {
  await t.test('others’ points stay', (t) =>
    run(
      t,
      `
      earn     ann 100 expires=1d id=e1   ok
      earn     ann 100 expires=9d id=e2   ok
      at       1d
      tick
      see      ann available=100 expired=100
      reverse  ann e1                     ok   available=100 earned=100 expired=0 lots=100@9d remaining=0
      see      @issue available=-100
      see      @expire available=0 earned=0
      history  ann transfer:100 transfer:100 expire:-100 expire:100 reverse:-100
      `,
    ),
  );
  await t.test('nothing is owed for it', (t) =>
    run(
      t,
      `
      earn     ann 100 expires=1d id=e1   ok
      at       1d
      reverse  ann e1                     ok   available=0 earned=0 expired=0
      reverse  ann e1                     ALREADY_REVERSED
      `,
    ),
  );
  await t.test('what was spent is taken back all the same', (t) =>
    run(
      t,
      `
      earn     ann 100 expires=1d id=e1   ok
      spend    ann 60                     ok
      at       1d
      earn     ann 1000                   ok   expired=40
      reverse  ann e1                     ok   available=940 earned=1000 spent=60 expired=0
      `,
    ),
  );
  await t.test('a gift that expired is given back as what had expired', (t) =>
    run(
      t,
      `
      earn     ann 100 expires=1d                ok
      earn     bob 100                           ok
      move     ann>bob 100 id=g                  ok
      at       1d
      tick
      see      bob available=100 expired=100
      reverse  ann g   ok   ann.available=0 ann.expired=100 ann.spent=0 bob.available=100 bob.expired=0 bob.earned=100
      see      @expire available=100
      `,
    ),
  );
  await t.test('an account that owes', (t) =>
    run(
      t,
      `
      earn     ann 100 expires=1d id=e1   ok
      earn     ann 50 id=e2               ok
      at       1d
      spend    ann 50                     ok   available=0
      reverse  ann e2 debt                ok   available=-50
      reverse  ann e1                     ok   available=-50 expired=0
      `,
    ),
  );
  await t.test('two originals in one lot', (t) =>
    run(
      t,
      `
      earn     ann 100 expires=1d id=e1   ok
      earn     ann 100 expires=1d id=e2   ok
      spend    ann 150                    ok
      at       1d
      earn     ann 500                    ok   expired=50
      reverse  ann e1                     ok   available=450 expired=0
      reverse  ann e2                     ok   available=350
      `,
    ),
  );
});

t.test('what a hold has of the original, it has of other points from then on', (t) =>
  run(
    t,
    `
    earn     ann 100 expires=1d id=e1   ok
    earn     ann 150 expires=9d         ok
    hold     ann 60 id=h                ok   lots=40+60@1d,150@9d
    at       1d
    tick
    see      ann available=150 held=60 expired=40 lots=0+60@1d,150@9d
    reverse  ann e1                     ok   available=90 held=60 expired=0 lots=90+60@9d
    release  ann h                      ok   available=150 held=0 lots=150@9d
    earn     bob 100 expires=5d id=f    ok
    hold     bob 100 id=i               ok
    reverse  bob f                      POINTS_SHORT
    reverse  bob f id=w debt            ok   bob.available=-100 bob.held=100 bob.lots=
    release  bob i                      ok   bob.available=0
    `,
  ),
);

t.test('points are followed into the lots that they were moved to', async (t) => {
  await t.test('by an extension: what expired there is no other earning’s', (t) =>
    run(
      t,
      `
      earn     ann 100 expires=1d id=e1              ok
      earn     ann 100 expires=9d                    ok
      extend   ann lot=1d expires=2d                 ok   lots=100@2d,100@9d
      at       2d
      tick
      reverse  ann e1                                ok   available=100 expired=0 lots=100@9d
      `,
    ),
  );
  await t.test('by an extension: where they are', (t) =>
    run(
      t,
      `
      earn     ann 100 expires=2d id=e1              ok
      earn     ann 100 expires=5d id=e2              ok
      extend   ann lot=2d expires=9d                 ok
      reverse  ann e1 60                             ok   lots=100@5d,40@9d
      reverse  ann e1                                ok   lots=100@5d
      `,
    ),
  );
  await t.test('once', (t) =>
    run(
      t,
      `
      earn     ann 100 expires=1d id=e1              ok
      earn     ann 100 expires=1d id=e2              ok
      earn     ann 100 expires=2d                    ok
      spend    ann 100                               ok
      extend   ann lot=1d expires=2d                 ok   lots=200@2d
      earn     ann 500 expires=9d                    ok
      at       2d
      tick
      see      ann available=500 expired=200
      reverse  ann e1                                ok   available=500 expired=100
      reverse  ann e2                                ok   available=400 expired=100
      `,
    ),
  );
  await t.test('a gift that was extended and expired', (t) =>
    run(
      t,
      `
      earn     ann 100 expires=1d                    ok
      earn     bob 100 expires=9d                    ok
      move     ann>bob 100 id=g                      ok
      extend   bob lot=1d expires=2d                 ok
      at       2d
      tick
      reverse  ann g                                 ok   bob.available=100 bob.expired=0 ann.available=0 ann.expired=100
      `,
    ),
  );
  await t.test('pending, confirmed, extended, expired', (t) =>
    run(
      t,
      `
      earn     ann 100 expires=2d pending=never id=e ok
      confirm  ann e                                 ok
      extend   ann lot=2d expires=3d                 ok
      at       3d
      tick
      reverse  ann e                                 ok   available=0 expired=0 earned=0
      `,
    ),
  );
  await t.test('an earning takes back its own points, not those that it moved', (t) =>
    run(
      t,
      `
      earn     ann 1000 expires=20d id=first         ok
      earn     ann 1 expires=21d                     ok
      repeat   510 earn ann 1 expires={n}000d        ok
      earn     ann 500 expires=500d id=new           ok
      at       22d
      tick
      see      ann available=1010 expired=1001
      reverse  ann new                               ok   available=510 expired=1001
      reverse  ann first                             ok   available=510 expired=1
      `,
    ),
  );
});

t.test('in parts', async (t) => {
  await t.test('together never more than the original', (t) =>
    run(
      t,
      `
      earn     ann 500                     ok
      spend    ann 300 id=s                ok   available=200
      reverse  ann s 100                   ok   available=300 spent=200 remaining=200
      reverse  ann s 201                   REVERSAL_EXCEEDS_REMAINING
      reverse  ann s legs=0:50             ok   available=350 remaining=150
      reverse  ann s legs=1:50             LEG_NOT_FOUND
      reverse  ann s                       ok   available=500 spent=0 remaining=0
      reverse  ann s 1                     ALREADY_REVERSED
      `,
    ),
  );
  await t.test('into the lots they came from, the latest first', (t) =>
    run(
      t,
      `
      earn     ann 60 expires=3d           ok
      earn     ann 40 expires=9d           ok
      spend    ann 100 id=s                ok
      reverse  ann s 30                    ok   lots=30@9d
      reverse  ann s 30                    ok   lots=20@3d,40@9d
      at       3d
      tick
      reverse  ann s                       ok   available=40 expired=60 lots=40@9d remaining=0
      `,
    ),
  );
  await t.test('a leg by its number', (t) =>
    run(
      t,
      `
      earn     ann 100                             ok
      move     ann>@redeem 80 ann>@fee 20 id=s     ok
      reverse  ann s 10                            LEGS_REQUIRED
      reverse  ann s legs=1:5                      ok   available=5 remaining=95
      reverse  ann s legs=0:80,1:16                REVERSAL_EXCEEDS_REMAINING
      reverse  ann s legs=0:80,1:15                ok   available=100 remaining=0
      see      @fee available=0
      `,
    ),
  );
  await t.test('of an earning, soonest first, with what expired', (t) =>
    run(
      t,
      `
      earn     ann 100 expires=1d id=e     ok
      spend    ann 60                      ok
      at       1d
      earn     ann 1000                    ok   expired=40
      reverse  ann e 30                    ok   available=1000 expired=10
      reverse  ann e 30                    ok   available=980 expired=0
      reverse  ann e                       ok   available=940
      `,
    ),
  );
  await t.test('of a capture', (t) =>
    run(
      t,
      `
      earn     ann 100 expires=9d          ok
      hold     ann 80 id=h                 ok
      capture  ann h 50 rest id=c          ok   available=50
      reverse  ann c 20                    ok   available=70 remaining=30 lots=70@9d
      reverse  ann c                       ok   available=100
      `,
    ),
  );
  await t.test('an account that the part does not concern has no say in it', (t) =>
    run(
      t,
      `
      earn     ann 100                               ok
      move     ann>bob 50 ann>cat 50 id=m            ok
      spend    cat 50                                ok
      close    cat                                   ok
      reverse  ann m legs=1:10                       ACCOUNT_CLOSED
      reverse  ann m legs=0:50                       ok   bob.available=0 remaining=50
      reverse  ann m                                 ACCOUNT_CLOSED
      `,
    ),
  );
  await t.test('a leg takes back the lots that it made', (t) =>
    run(
      t,
      `
      earn     ann 50 expires=2d                                 ok
      earn     bob 50 expires=9d                                 ok
      move     ann>cat 50 bob>cat 50 owner=ann id=g              ok   cat.lots=50@2d,50@9d
      reverse  ann g legs=1:20                                   ok   cat.lots=50@2d,30@9d bob.lots=20@9d
      at       2d
      tick
      reverse  ann g legs=1:30                                   ok   cat.available=0 cat.expired=50 bob.lots=50@9d
      reverse  ann g                                             ok   cat.expired=0 ann.available=0 ann.expired=50
      `,
    ),
  );
  await t.test('an order of two lines, one of them over', (t) =>
    run(
      t,
      `
      move     @issue>ann 100 expires=2d @issue>ann 100 expires=9d id=o   ok
      at       2d
      tick
      reverse  ann o legs=1:100                      ok   available=0 expired=100
      `,
    ),
  );
  await t.test('of a capture that released the rest while its owner owed', (t) =>
    run(
      t,
      `
      earn     ann 50 expires=2d                     ok
      earn     ann 50 expires=9d                     ok
      hold     ann 100 id=h                          ok
      earn     ann 50 expires=5d id=x                ok
      spend    ann 50                                ok
      reverse  ann x debt                            ok   available=-50 held=100
      capture  ann h 50 rest id=c                    ok   available=0 held=0
      reverse  ann c                                 ok   lots=50@2d
      `,
    ),
  );
  await t.test('an exchange of which one side has expired', (t) =>
    run(
      t,
      `
      earn     ann 50 expires=2d                     ok
      earn     bob 50 expires=9d                     ok
      move     ann>bob 50 bob>ann 50 id=m            ok   ann.lots=50@9d bob.lots=50@2d
      at       2d
      tick
      reverse  ann m                                 ok   ann.available=0 ann.expired=50 bob.lots=50@9d bob.expired=0
      `,
    ),
  );
  await t.test('what an owner both pays and is paid goes together', (t) =>
    run(
      t,
      `
      earn     ann 50 expires=9d                     ok
      earn     bob 50 expires=3d                     ok
      move     ann>bob 50 bob>cat 50 id=m            ok   bob.lots=50@9d cat.lots=50@3d
      reverse  ann m legs=1:10                       LEGS_INSEPARABLE
      reverse  ann m                                 ok   ann.lots=50@9d bob.lots=50@3d cat.available=0
      `,
    ),
  );
});

t.test('parts of legs are named once each, and without an amount', (t) =>
  run(
    t,
    `
    earn     ann 100                            ok
    move     ann>@redeem 80 ann>@fee 20 id=s    ok
    reverse  ann s 10 legs=0:10                 LEG_PARTS_INVALID field=legs
    reverse  ann s legs=0:10,0:10               LEG_PARTS_INVALID field=legs[1].leg
    reverse  ann s legs=16:10                   LEG_PARTS_INVALID field=legs[0].leg
    `,
  ),
);
