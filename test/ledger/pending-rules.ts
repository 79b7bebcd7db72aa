// Pending earnings (engine/ledger/README.md): rows of the notation in notation.ts.

import t from 'tap';
import { run } from './notation.js';

const RULES: Readonly<Record<string, string>> = {
  'what is pending cannot be spent, and is available at its time': `
    earn    ann 5 pending=3d id=e    ok            available=0 held=5 pending=5 total=5 earned=5
    spend   ann 1                    POINTS_SHORT
    hold    ann 1                    POINTS_SHORT
    earn    ann 2                    ok            available=2 pending=5 lots=2+5@never
    at 71h
    spend   ann 3                    POINTS_SHORT
    at 3d
    spend   ann 3                    ok            available=4 held=0 pending=0
    history ann transfer:5 transfer:2 release:0 transfer:-3
  `,
  'a late tick changes nothing: it is settled before the command': `
    earn    ann 5 pending=1d         ok
    at 9d
    spend   ann 5                    ok            available=0 pending=0
  `,
  'the tick activates it': `
    earn    ann 5 pending=1d         ok
    at 1d
    tick
    see     ann available=5 pending=0 held=0
  `,
  'until it is confirmed, or confirmed before its time, once': `
    earn    ann 5 pending=never id=e ok            pending=5
    earn    ann 3 pending=9d id=f    ok            pending=8
    at 4d
    confirm ann e                    ok            available=5 pending=3
    confirm ann e                    NOT_PENDING
    confirm ann f                    ok            available=8 pending=0
    at 9d
    confirm ann f                    NOT_PENDING
    confirm ann g                    TRANSFER_NOT_FOUND
    earn    ann 1 id=h               ok
    confirm ann h                    NOT_PENDING
    spend   ann 9                    ok            available=0
  `,
  'confirming in time is a repeat, after its time there is nothing to confirm': `
    earn    ann 5 pending=1d id=e    ok
    confirm ann e id=x               ok            available=5
    at 2d
    confirm ann e id=x               ok            replayed available=5
    earn    ann 5 pending=3d id=f    ok
    at 3d
    confirm ann f                    NOT_PENDING   available=10 pending=0
  `,
  'a reversal takes what is pending: no debt, and nothing is left': `
    earn    ann 5 pending=3d id=e    ok
    earn    ann 9 id=f               ok            available=9
    spend   ann 9                    ok            available=0
    reverse ann e                    ok            available=0 held=0 pending=0 earned=9 lots= remaining=0
    reverse ann e                    ALREADY_REVERSED
    at 3d
    confirm ann e                    NOT_PENDING   available=0 total=0
  `,
  'a reversal in parts across the activation': `
    earn    ann 10 pending=3d id=e   ok
    reverse ann e 4                  ok            available=0 pending=6 earned=6 remaining=6
    at 3d
    reverse ann e 1                  ok            available=5 pending=0 remaining=5
    spend   ann 3                    ok            available=2
    reverse ann e                    POINTS_SHORT
    reverse ann e debt               ok            available=-3 remaining=0
  `,
  'a reversal in parts takes the lots of the leg, before and after': `
    move @issue>ann 4 expires=9d @issue>ann 6 expires=20d pending=3d id=e  ok  lots=0+4@9d,0+6@20d
    reverse ann e legs=1:2           ok            pending=8 lots=0+4@9d,0+4@20d
    confirm ann e                    ok            available=8 lots=4@9d,4@20d
    reverse ann e legs=0:4           ok            available=4 lots=4@20d
  `,
  'a reversal of something else leaves what is pending alone': `
    earn    ann 5 expires=9d id=e             ok
    earn    ann 5 expires=9d pending=3d id=p  ok  lots=5+5@9d
    spend   ann 5                             ok  lots=0+5@9d
    earn    ann 5 expires=20d                 ok
    hold    ann 3 id=h                        ok  lots=0+5@9d,2+3@20d
    reverse ann e debt                        ok  available=-3 pending=5 lots=0+5@9d,0+3@20d
    at 3d
    release ann h                             ok  available=5 pending=0 lots=2@9d,3@20d
  `,
  'a debt is paid by what is pending once it is available': `
    open    ann                      ok
    limit   ann 4                    ok
    spend   ann 4                    ok            available=-4
    earn    ann 6 pending=2d         ok            available=-4 held=6 pending=6 lots=0+6@never
    at 2d
    see     ann available=2 held=0 lots=2@never
  `,
  'a hold is no pending earning, nor the other way round': `
    earn    ann 5 pending=3d id=e    ok
    capture ann e                    HOLD_NOT_FOUND
    release ann e                    HOLD_NOT_FOUND
    earn    ann 5                    ok
    hold    ann 2 id=h               ok            available=3 held=7 pending=5
    confirm ann h                    TRANSFER_NOT_FOUND
    close   ann                      ACCOUNT_NOT_EMPTY
    capture ann h                    ok            available=3 held=5 pending=5
  `,
  'an account with something pending is not closed, and a frozen one gets it': `
    earn    ann 5 pending=3d id=e    ok
    close   ann                      ACCOUNT_NOT_EMPTY
    freeze  ann                      ok
    at 3d
    spend   ann 1                    ACCOUNT_FROZEN  available=5 pending=0
  `,
  'points expire after they are available, or are refused': `
    asset   points granularity=1d expiry=5d       ok
    earn    ann 5 pending=5d                   PENDING_EXPIRES
    earn    ann 5 pending=4d                   ok  pending=5 lots=0+5@5d
    earn    ann 5 pending=3d expires=3d        PENDING_EXPIRES
    earn    ann 5 pending=3d expires=73h       ok  lots=0+5@4d,0+5@5d
    earn    ann 7 pending=never expires=2d id=e  ok
    at 2d
    see     ann pending=17 expired=0
    confirm ann e                              ok  available=0 pending=10 expired=7
    at 4d
    see     ann available=5 pending=0 expired=12
  `,
  'lots one too many: what is pending stays in its own': `
    repeat 512 earn ann 1 expires={n}00d         ok
    earn    ann 1 expires=150d pending=120d id=e ok
    reverse ann e                                ok  pending=0
  `,
  'who may be pending, and until when': `
    earn    ann 5 pending=0d                     PENDING_PAST
    earn    ann 5 pending=-30000d                PENDING_INVALID  field=pendingUntil
    spend   ann 5 pending=1d                     PENDING_INVALID  field=legs[0]
    move    @issue>ann 1 @issue>bob 1 pending=1d PENDING_INVALID  field=legs[1]
    move    ann>bob 1 pending=1d                 PENDING_INVALID  field=legs[0]
    move    @issue>@fee 1 pending=1d             PENDING_INVALID  field=legs[0]
    earn    ann 1 pending=1d when=bob:0          PENDING_INVALID  field=condition.owner
    earn    ann 1 pending=1d when=ann:0          ok               pending=1
  `,
  'untracked points are pending as well': `
    asset   points lots=no           ok
    earn    ann 5 pending=3d id=e    ok            pending=5 lots=
    reverse ann e 2                  ok            pending=3
    at 3d
    spend   ann 3                    ok            available=0 pending=0
  `,
};

for (const [name, table] of Object.entries(RULES)) t.test(`pending: ${name}`, (t) => run(t, table));
