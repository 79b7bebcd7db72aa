// Every refusal of every command, in the order in which refusals are looked for (engine/ledger/README.md):
// where two apply, a row shows which one wins. The notation is explained in notation.ts.

import t from 'tap';
import { ASSETS_MAX, RECORDS_MAX, TIME_MAX_MS } from '../../engine/limits.js';
import { COALITION } from '../../engine/protocol/coalition-refusals.js';
import { DIGITAL } from '../../engine/protocol/digital-refusals.js';
import { MALL } from '../../engine/protocol/mall-refusals.js';
import { REFUSALS, type RefusalCode } from '../../engine/protocol/refusals.js';
import './expiry-rules.js';
import './movement-rules.js';
import './pending-rules.js';
import './reversal-rules.js';
import { given, run } from './notation.js';
import './reversal-rules.js';

t.test('accounts', (t) =>
  run(
    t,
    `
    at       1d
    open     ann of=ghost                  ASSET_UNKNOWN
    freeze   ann of=ghost                  ASSET_UNKNOWN      // and ACCOUNT_NOT_FOUND
    freeze   ann                           ACCOUNT_NOT_FOUND
    unfreeze ann                           ACCOUNT_NOT_FOUND
    close    ann                           ACCOUNT_NOT_FOUND
    limit    ann 5                         ACCOUNT_NOT_FOUND
    limit    ann 5 of=ghost                ASSET_UNKNOWN
    spend    ann 1                         POINTS_SHORT
    close    ann                           ACCOUNT_NOT_FOUND  // a refusal opens nothing
    open     ann                           ok                 available=0 version=0
    open     ann                           ok                 // already: nothing changes
    freeze   ann                           ok                 frozen=true
    freeze   ann                           ok                 frozen=true
    unfreeze ann                           ok                 frozen=false
    unfreeze ann                           ok                 frozen=false
    limit    ann 5                         ok                 limit=5 version=0
    spend    ann 5                         ok                 available=-5
    close    ann                           ACCOUNT_NOT_EMPTY
    limit    ann 4                         CREDIT_IN_USE      limit=5
    limit    ann 5                         ok
    earn     ann 5                         ok                 available=0
    hold     ann 5 id=h                    ok                 available=-5 held=5
    earn     ann 5                         ok                 available=0
    close    ann                           ACCOUNT_NOT_EMPTY  // held
    capture  ann h                         ok
    limit    ann 0                         ok
    close    ann                           ok                 closed=true
    close    ann                           ACCOUNT_CLOSED
    open     ann                           ACCOUNT_CLOSED
    freeze   ann                           ACCOUNT_CLOSED
    unfreeze ann                           ACCOUNT_CLOSED
    limit    ann 5                         ACCOUNT_CLOSED
    `,
  ),
);

t.test('records', (t) =>
  run(
    t,
    `
    at      1d
    put     ann k x expires=1d             EXPIRY_PAST
    put     ann k x version=1              RECORD_VERSION_MISMATCH
    delete  ann k                          RECORD_NOT_FOUND
    delete  ann k version=1                RECORD_NOT_FOUND         // and RECORD_VERSION_MISMATCH
    put     ann k x version=0              ok                       record=1
    put     ann k x version=0              RECORD_VERSION_MISMATCH
    put     bob k x version=0              ok                       record=2
    put     ann k y version=1              ok                       record=3
    put     ann k z                        ok                       record=4
    put     ann k y version=1              RECORD_VERSION_MISMATCH
    delete  ann k version=3                RECORD_VERSION_MISMATCH
    delete  ann k version=4                ok
    put     ann k x expires=2d             ok                       record=5
    at      2d
    delete  ann k                          RECORD_NOT_FOUND
    repeat  ${RECORDS_MAX} put ann k{n} x  ok
    put     ann k x version=1              RECORD_VERSION_MISMATCH  // and RECORD_LIMIT
    put     ann k x                        RECORD_LIMIT
    put     ann k1 x                       ok
    delete  ann k2                         ok
    put     ann k x                        ok
    `,
  ),
);

t.test('assets', async (t) => {
  await t.test('what may change', (t) =>
    run(
      t,
      `
      asset coin scale=2 lots=no           ok              asset=1
      asset coin scale=2 lots=no           ok              asset=1
      asset coin scale=3 lots=no           ASSET_CONFLICT
      asset coin scale=2                   ASSET_CONFLICT
      asset coin scale=2 lots=no granularity=1h  ASSET_CONFLICT
      asset coin scale=2 lots=no expiry=5d ok              asset=2
      asset coin scale=2 lots=no           ok              asset=3
      `,
    ),
  );

  await t.test('the longest default expiry', (t) =>
    run(
      t,
      `
      asset points expiry=${TIME_MAX_MS}ms granularity=366d   ok
      earn  ann 1                          ok              lots=1@2933120d
      earn  ann 1                          ok              lots=2@2933120d
      `,
    ),
  );

  await t.test('how many', (t) =>
    run(
      t,
      `
      repeat ${ASSETS_MAX - 1} asset a{n}  ok
      asset  points scale=1                ASSET_CONFLICT
      asset  one_more                      ASSET_LIMIT
      asset  a1                            ok
      `,
    ),
  );
});

t.test('before everything: is it well formed?', (t) =>
  run(
    t,
    `
    raw {"type":"transfer","legs":[]}                                            LEGS_INVALID
    raw {"type":"transfer","legs":[1]}                                           COMMAND_INVALID
    raw {"type":"reverse","owner":"ann","transferId":">ann>x>5"}                 FOLLOW_UP_NUMBER_INVALID
    raw {"type":"grant"}                                                         COMMAND_TYPE_UNKNOWN
    earn  ann 0                                                     AMOUNT_INVALID    field=legs[0].amount
    earn  an!n 1                                                    OWNER_INVALID     field=legs[0].to
    earn  #item:1 1                                                 OWNER_RESERVED    field=legs[0].to
    move  ann>@transit:1 1                                          OWNER_RESERVED    field=legs[0].to
    move  ann>ann 1                                                 SAME_ACCOUNT      field=legs[0].to
    earn  ann 1 of=GHOST                                            ASSET_INVALID     field=legs[0].asset
    earn  ann 1 expires=-20501d                                     EXPIRY_INVALID    field=legs[0].expiresAt
    earn  ann 1 id=a!b                                              ID_INVALID        field=id
    earn  ann 1 kind=a!b                                            KIND_INVALID      field=kind
    earn  ann 1 id=- kind=12345678901234567890123456789012 ref=12345678901234567890123456789012 ID_TOO_LONG field=kind:ref
    earn  ann 1 ref=a!b                                             REF_INVALID       field=ref
    earn  ann 1 memo=${'m'.repeat(257)}                             MEMO_INVALID      field=memo
    raw {"type":"release","owner":"ann","holdId":"h","metadata":[]}              METADATA_INVALID
    raw {"type":"release","owner":"ann","holdId":"h","metadata":{"a":"${'m'.repeat(1_020)}"}} METADATA_TOO_LARGE
    hold  @fee 1                                                    SYSTEM_OWNER      field=owner
    hold  ann 1 deadline=-20501d                                    DEADLINE_INVALID  field=deadline
    open  ann id=o                                                  ok
    limit ann -1                                                    CREDIT_LIMIT_INVALID
    put   ann a!b x                                                 RECORD_INVALID    field=key
    put   ann k ${'v'.repeat(4_097)}                                RECORD_TOO_LARGE  field=value
    put   ann k x version=-1                                        VERSION_INVALID   field=ifVersion
    asset coin scale=7                                              SCALE_INVALID     field=scale
    asset coin granularity=999ms                                    GRANULARITY_INVALID
    limit ann -1 id=o                                               CREDIT_LIMIT_INVALID // and ID_REUSED
    limit ann 1 id=o of=ghost                                       ID_REUSED            // and ASSET_UNKNOWN
    `,
  ),
);

/** Refusals from this number on are the gateway's. */
const FIRST_OF_GATEWAY = 190;
// Not the ledger's to give: the router and the shard, the gateway, queries, and the binary codec have
// tests of their own.
const ELSEWHERE: readonly RefusalCode[] = [
  // Of acts: test/gateway/acts.test.ts, test/programme/follow-ups.test.ts; of corrections: test/gateway/simulations.test.ts.
  'OFFER_CLAIMED',
  'NOT_ELIGIBLE',
  'EVENT_TOO_LATE',
  'EVENT_ATTRIBUTE_INVALID',
  'EVENT_LINES_INVALID',
  'EVENT_REPORTED',
  'RETURN_INVALID',
  'RETURN_TOO_LATE',
  'GIFT_TO_SELF',
  'REFERRED_BEFORE',
  'REFERRAL_TO_SELF',
  'REFERRAL_CODE_EXPIRED',
  'REFERRAL_NOT_NEW',
  'REFERRAL_CODE_UNKNOWN',
  'REFERRAL_CODE_TAKEN',
  'BOARD_NOT_OVER',
  'BOARD_FROZEN',
  'BOARD_PRIZES_DIFFER',
  'LOTTERY_NOT_OPEN',
  'DRAW_TOO_SOON',
  'DRAW_LIMIT',
  'DRAW_NOT_TRIED',
  'DRAW_WORD_COMMITTED',
  'SEED_INVALID',
  'PROFILE_INVALID',
  'CORRECTION_TOO_LARGE',
  'APPROVAL_REQUIRED',
  'PROPOSAL_DIFFERS',
  // test/programme/approvals.test.ts.
  'DEFINITION_UNAPPROVED',
  'EVENT_CORRECTED',
  'SIMULATION_NOT_FOUND',
  'FOLLOW_UP_REFUSED',
  'BUDGET_EXHAUSTED',
  'BUDGET_SHORT',
  'COUPON_USED',
  'COUPON_EXPIRED',
  'COUPON_LIMIT',
  'COUPON_ORDER_TOO_SMALL',
  'COUPON_NOT_RESERVED',
  'COUPON_NOT_ISSUED',
  // test/programme/mall.test.ts.
  ...(Object.keys(MALL) as RefusalCode[]),
  ...(Object.keys(DIGITAL) as RefusalCode[]),
  // test/programme/exchange.test.ts.
  ...(Object.keys(COALITION) as RefusalCode[]),
  // test/programme/merging.test.ts.
  'MEMBER_MERGED',
  'MERGE_TOO_LARGE',
  'MERGE_OVER',
  'MERGE_NOT_FOUND',
  // test/programme/risk.test.ts.
  'RISK_REFUSED',
  'RISK_NOT_FOUND',
  'RISK_LIMIT',
  // test/programme/merging.test.ts, test/gateway/erasure.test.ts.
  'MEMBER_ERASED',
  'PREPARE_LATE',
  'PREPARED',
  'SHARD_UNAVAILABLE',
  'ACCOUNT_BUSY',
  'COMMAND_VERSION_UNKNOWN',
  'QUERY_INVALID',
  'PAST_TOO_FAR',
  'CURSOR_INVALID',
  'HOME_ELSEWHERE',
  'FOLLOW_UPS_INVALID',
  'BATCH_TOO_LARGE',
  'SHARD_BUSY',
  'SHARD_FAILED',
  'CLOCK_JUMP',
  'DISK_FULL',
  'CLOSING',
  'INTERNAL',
  'SHARD_ROLLED_BACK',
  'SHARD_SERVED_TWICE',
  'SECRETS_KEY_DIFFERS',
  'ROUTE_NOT_FOUND',
  'METHOD_NOT_ALLOWED',
  'BODY_INVALID',
  'BODY_TOO_LARGE',
  'MEDIA_TYPE_UNSUPPORTED',
  'UNAUTHORIZED',
];

t.test('every refusal of the catalogue has a row', async (t) => {
  const codes = Object.keys(REFUSALS) as RefusalCode[];
  t.same(
    codes.filter((code) => !given.has(code) && REFUSALS[code].number < FIRST_OF_GATEWAY),
    ELSEWHERE,
  );
});
