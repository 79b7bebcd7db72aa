// The member's coupons. Owns: which are shown; points of a coupon, taken. Never touches: what a coupon takes off an order (order-form.tsx). Codes are in memory alone,
// and on the screen when they are asked for.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1MembersByOwnerCoupons,
  type MemberCoupon,
  postV1ActsCouponRedeem,
} from '../../../../web/page/api/operations.js';
import type { Problem } from '../../../../web/page/calls/operation.js';
import { caller } from '../../../../web/page/shell/app.js';
import { date, speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { ask, href, place } from '../../../../web/page/shell/router.js';
import { useAction } from '../../../../web/page/shell/use-action.js';
import { More } from '../../../../web/page/ui/more.js';
import { Button, Card, Empty, Field, Form, Note } from '../../../../web/page/ui/parts.js';
import { Secret } from '../../../../web/page/ui/secret.js';
import { Answered, OutcomeNote, ProblemNote } from '../../../../web/page/ui/told.js';
import { may, owner } from '../../shell/app.js';
import { type ProgrammeThere, short, type Where } from '../../shell/where.js';
import { InProgramme } from './choose.js';
import type { Worth } from './stages.js';
import { MALL } from './words.js';
import { worthText } from './worth.js';

const t = speaker(MALL);
const STATES = ['available', 'reserved', 'used', 'expired'] as const;

export default function Coupons(): JSX.Element {
  return (
    <InProgramme isFit={() => true} none={t('couponsNone')}>
      {(programme, where) => (
        <>
          <List programme={programme} where={where} />
          {may('participate') && <Typed programme={programme} where={where} />}
        </>
      )}
    </InProgramme>
  );
}

interface Props {
  programme: ProgrammeThere;
  where: Where;
}

function List({ programme, where }: Props): JSX.Element {
  const state = STATES.find((one) => one === place.value.query['state']) ?? 'available';
  const pages = usePages(
    getV1MembersByOwnerCoupons,
    { path: { owner: owner.value }, query: { programme: programme.programme, state } },
    ({ coupons, campaigns }) =>
      coupons.map((coupon) => ({
        coupon,
        campaign: campaigns.find(({ campaign }) => campaign === coupon.campaign),
      })),
    { isKept: false },
  );
  return (
    <>
      <fieldset class="choices">
        <legend class="hidden">{t('coupons')}</legend>
        {STATES.map((one) => (
          <button
            key={one}
            type="button"
            class="choice"
            aria-pressed={one === state}
            onClick={() => ask({ ...place.value.query, state: one })}
          >
            {t(`state_${one}`)}
          </button>
        ))}
      </fieldset>
      <Answered known={pages.known} lines={5}>
        {() =>
          pages.items.length === 0 && !pages.isMore ? (
            <Empty icon="coupon">{t('couponsNone')}</Empty>
          ) : (
            <ul class="coupons">
              {pages.items.map(({ coupon, campaign }) => (
                <li key={coupon.code}>
                  <One
                    coupon={coupon}
                    worth={campaign}
                    name={campaign?.name ?? coupon.campaign}
                    asset={programme.asset}
                    where={where}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Answered>
      <More pages={pages} label={t('moreGoods')} />
    </>
  );
}

function One({
  coupon,
  worth,
  name,
  asset,
  where,
}: {
  coupon: MemberCoupon;
  worth: Worth | undefined;
  name: string;
  asset: string;
  where: Where;
}): JSX.Element {
  const { code, state, expiresAt, order } = coupon;
  const isUsable = state === 'available';
  return (
    <Card title={name} kind={`coupon ${state}`}>
      <p class="worth">{worthText(where, asset, worth)}</p>
      <p class="hint">
        {t(`state_${state}`)} ·{' '}
        {expiresAt === undefined ? t('noExpiry') : t('expires', { when: date(expiresAt, 'time') })}
        {order !== undefined && ` · ${t('usedFor', { order })}`}
      </p>
      {isUsable && <Secret text={code} label={`${t('code')}, ${name}`} />}
      {isUsable && worth?.points !== undefined && may('participate') && (
        <Take code={code} asset={asset} amount={worth.points} where={where} />
      )}
      {isUsable && worth !== undefined && worth.points === undefined && (
        <a class="button plain" href={href('mall')}>
          <span>{t('toMall')}</span>
        </a>
      )}
    </Card>
  );
}

/** The points of a coupon become the member's. */
function Take({
  code,
  asset,
  amount,
  where,
}: {
  code: string;
  asset: string;
  amount: number;
  where: Where;
}): JSX.Element {
  const doing = useAction(postV1ActsCouponRedeem, t('takeTitle'));
  const take = () => void doing.run({ body: { owner: owner.peek(), body: { code } } });
  return (
    <>
      {doing.outcome?.state !== 'done' && (
        <Button isBusy={doing.isBusy} onClick={take}>
          {t('take')}
        </Button>
      )}
      <OutcomeNote outcome={doing.outcome}>
        {t('taken', { points: short(where, amount, asset) })}
      </OutcomeNote>
    </>
  );
}

/** A code that somebody was told: looked at first, and used only where it is worth points. */
function Typed({ programme, where }: Props): JSX.Element {
  const typed = useSignal('');
  const isBusy = useSignal(false);
  const problem = useSignal<Problem | undefined>(undefined);
  const seen = useSignal<{ readonly code: string; readonly points: number } | undefined>(undefined);
  const look = async (): Promise<void> => {
    const code = typed.value.trim();
    if (code === '') return;
    isBusy.value = true;
    problem.value = seen.value = undefined;
    const tried = await caller.ask(postV1ActsCouponRedeem, {
      query: { dryRun: 'true' },
      body: { owner: owner.peek(), body: { code } },
    });
    isBusy.value = false;
    if (!tried.ok) {
      problem.value = tried.problem;
      return;
    }
    const { act } = tried.answer as { act?: { effects?: readonly Record<string, unknown>[] } };
    const used = act?.effects?.find(({ type }) => type === 'couponUsed');
    const credited = used?.['points'];
    seen.value = { code, points: typeof credited === 'number' ? credited : 0 };
  };
  return (
    <Card title={t('haveCode')}>
      <Form class="beside" onSend={look}>
        <Field
          label={t('couponCode')}
          value={typed.value}
          maxLength={60}
          onInput={(text) => {
            typed.value = text;
            seen.value = undefined;
          }}
        />
        <Button type="submit" kind="plain" isBusy={isBusy.value}>
          {t('tryCode')}
        </Button>
      </Form>
      <div role="status">
        {seen.value?.points === 0 && <Note icon="coupon">{t('isDiscount')}</Note>}
        {seen.value !== undefined && seen.value.points > 0 && (
          <Note kind="good" icon="coupon">
            {t('isPoints', { points: short(where, seen.value.points, programme.asset) })}
          </Note>
        )}
      </div>
      {seen.value !== undefined && seen.value.points > 0 && (
        <Take
          key={seen.value.code}
          code={seen.value.code}
          asset={programme.asset}
          amount={seen.value.points}
          where={where}
        />
      )}
      {problem.value && <ProblemNote problem={problem.value} />}
    </Card>
  );
}
