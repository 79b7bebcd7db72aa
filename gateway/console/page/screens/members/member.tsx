// One member: how it stands, and all that is known of it, in parts. Owns: this screen, what can be done with all of a member. Never touches: its parts.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1AccountsByOwner,
  getV1MembersByOwnerMerge,
} from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../web/page/shell/language.js';
import { href } from '../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../web/page/shell/screen.js';
import { Button, Note } from '../../../../web/page/ui/parts.js';
import { table } from '../../../../web/page/words/words.js';
import { may } from '../../shell/app.js';
import { Head } from '../../ui/head.js';
import { Status, Tabs, tabOf } from '../../ui/parts.js';
import { AccountsPart } from './accounts.js';
import { ADJUSTMENT_NEEDS, AdjustDialog } from './acting/adjust.js';
import { mayDo } from './acting/member-action.js';
import { MERGE_NEEDS, MergeDialog, UnmergeDialog } from './acting/merge.js';
import { CouponsPart } from './coupons.js';
import { DrawsPart } from './draws.js';
import { IdentityPart } from './identity.js';
import { isLive, useLive } from './live.js';
import { OrdersPart } from './orders.js';
import { PrivacyPart } from './privacy.js';
import { ReachPart } from './reach.js';
import { RisksPart } from './risks.js';
import { StandingPart } from './standing.js';
import { TimelinePart } from './timeline.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      parts: 'Parts of the member',
      accounts: 'Points',
      timeline: 'Timeline',
      standing: 'Tier',
      orders: 'Orders',
      coupons: 'Coupons',
      draws: 'Draws',
      risks: 'Risk',
      reach: 'Contact',
      identity: 'Sign-in',
      privacy: 'Privacy',
      adjust: 'Correct points',
      merge: 'Merge',
      unmerge: 'Undo the merge',
      live: 'Live',
      audit: 'Audit trail',
      mergedInto: 'This member was merged into {into} on {at}: ask for {now}.',
      cameFrom: '{from} was merged into this member; that can be undone until {until}.',
      allFrozen: 'An account of this member is frozen.',
      debt: 'This member owes points.',
    },
    zh: {
      parts: '会员信息',
      accounts: '积分',
      timeline: '时间线',
      standing: '等级',
      orders: '订单',
      coupons: '优惠券',
      draws: '抽奖',
      risks: '风险',
      reach: '联系',
      identity: '登录',
      privacy: '隐私',
      adjust: '调整积分',
      merge: '合并',
      unmerge: '撤销合并',
      live: '实时',
      audit: '审计记录',
      mergedInto: '该会员已于 {at} 并入 {into}，请查看 {now}。',
      cameFrom: '{from} 已并入该会员，可在 {until} 之前撤销。',
      allFrozen: '该会员有账户被冻结。',
      debt: '该会员欠积分。',
    },
  }),
);

const PARTS = {
  accounts: AccountsPart,
  timeline: TimelinePart,
  standing: StandingPart,
  orders: OrdersPart,
  coupons: CouponsPart,
  draws: DrawsPart,
  risks: RisksPart,
  reach: ReachPart,
  identity: IdentityPart,
  privacy: PrivacyPart,
} as const;
type Part = keyof typeof PARTS;

/** What has to be looked at before anything is done. */
function Warnings({ owner }: { owner: string }): JSX.Element {
  const accounts = useAnswer(getV1AccountsByOwner, { path: { owner } }).answer?.accounts ?? [];
  const isFrozen = accounts.some((one) => 'frozen' in one && one.frozen);
  return (
    <>
      {isFrozen && (
        <Note kind="warn" icon="lock">
          {t('allFrozen')}
        </Note>
      )}
      {accounts.some(({ available }) => available < 0) && (
        <Note kind="warn" icon="warn">
          {t('debt')}
        </Note>
      )}
    </>
  );
}

type Merges = AnswerOf<typeof getV1MembersByOwnerMerge>;

function MergesOf({ owner }: { owner: string }): JSX.Element | null {
  /** The merge that is to be undone: told of also once it is no more. */
  const undone = useSignal<NonNullable<Merges['merged']> | undefined>(undefined);
  const state = useAnswer(getV1MembersByOwnerMerge, { path: { owner } }).answer;
  if (state === undefined) return null;
  const { merged, from } = state;
  return (
    <>
      {merged !== undefined && (
        <Note kind="warn" icon="people">
          <p>
            {t('mergedInto', {
              into: merged.into,
              at: date(merged.at, 'time'),
              now: merged.now,
            })}{' '}
            <a href={href('members', merged.now)}>{merged.now}</a>
          </p>
          <p class="muted wrap">{merged.reason}</p>
          {mayDo(...MERGE_NEEDS) && merged.until > Date.now() && (
            <Button
              kind="plain"
              onClick={() => {
                undone.value = merged;
              }}
            >
              {t('unmerge')}
            </Button>
          )}
        </Note>
      )}
      {from.map((one) => (
        <Note key={one.owner} icon="people">
          <a href={href('members', one.owner)}>{one.owner}</a>{' '}
          {t('cameFrom', { from: one.owner, until: date(one.until, 'time') })}
        </Note>
      ))}
      {undone.value && (
        <UnmergeDialog
          owner={owner}
          into={undone.value.into}
          until={undone.value.until}
          onClose={() => {
            undone.value = undefined;
          }}
        />
      )}
    </>
  );
}

export default function Member({ params }: ScreenProps): JSX.Element {
  const owner = params.owner ?? '';
  useLive(owner);
  const dialog = useSignal<'adjust' | 'merge' | undefined>(undefined);
  const close = (): void => {
    dialog.value = undefined;
  };
  const tabs = (Object.keys(PARTS) as Part[]).map((name) => ({ name, title: t(name) }));
  const name = tabOf(tabs) as Part;
  const Shown = PARTS[name];
  return (
    <>
      <Head
        title={owner}
        crumbs={[{ title: m('members'), href: href('members') }]}
        actions={
          <>
            {isLive.value && <Status kind="good">{t('live')}</Status>}
            {may('read-audit') && (
              <a class="button plain" href={`${href('audit')}?owner=${encodeURIComponent(owner)}`}>
                {t('audit')}
              </a>
            )}
            {mayDo(...MERGE_NEEDS) && (
              <Button
                kind="plain"
                onClick={() => {
                  dialog.value = 'merge';
                }}
              >
                {t('merge')}
              </Button>
            )}
            {mayDo(...ADJUSTMENT_NEEDS) && (
              <Button
                onClick={() => {
                  dialog.value = 'adjust';
                }}
              >
                {t('adjust')}
              </Button>
            )}
          </>
        }
      />
      <Warnings owner={owner} />
      <MergesOf owner={owner} />
      <Tabs tabs={tabs} label={t('parts')} />
      <Shown key={`${name} ${owner}`} owner={owner} />
      {dialog.value === 'adjust' && <AdjustDialog owner={owner} onClose={close} />}
      {dialog.value === 'merge' && <MergeDialog owner={owner} onClose={close} />}
    </>
  );
}
