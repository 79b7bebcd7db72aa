// One entry of a history: what it was for, and, when it is opened, why, in words. Owns: its texts. Never touches: lists.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  type getV1AccountsByOwnerEntries,
  getV1MembersByOwnerEventsByEventWhy,
  getV1ReceiptsByOwner,
} from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { amount, date, language, speaker } from '../../../../web/page/shell/language.js';
import { Icon, type IconName } from '../../../../web/page/ui/icons.js';
import { Amount } from '../../../../web/page/ui/parts.js';
import { SaveReceipt } from '../../../../web/page/ui/save-receipt.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { table } from '../../../../web/page/words/words.js';
import { owner } from '../../shell/app.js';
import { scaleOf, unitOf, type Where } from '../../shell/where.js';
import { eventName } from '../earn/names.js';

const WORDS = table({
  en: {
    came: 'Points received',
    went: 'Points used',
    held: 'Reserved',
    released: 'Reservation ended',
    expire: 'Expired',
    extend: 'Expiry extended',
    reverse: 'Taken back',
    pending: 'Being processed',
    confirmed: 'Points became available',
    order: 'Order',
    orderCancelled: 'Order cancelled',
    gift: 'Gift received',
    gave: 'Gift given',
    exchangeIn: 'Exchanged in',
    exchangeOut: 'Exchanged away',
    draw: 'Lucky draw',
    claim: 'Offer',
    coupon: 'Coupon',
    refer: 'Invitation',
    leaderboard: 'Prize of a leaderboard',
    returned: 'Taken back: {what}',
    merge: 'Accounts joined',
    correction: 'Correction',
    after: 'Balance after it',
    when: 'When',
    booked: 'Booked',
    number: 'Number',
    memo: 'Note',
    expires: 'Of these, {amount} expire on {when}',
    why: 'Why',
    show: 'Details of {what}',
    receipt: 'Save receipt',
  },
  zh: {
    came: '积分入账',
    went: '积分支出',
    held: '冻结待用',
    released: '解除冻结',
    expire: '过期',
    extend: '延长有效期',
    reverse: '撤回',
    pending: '处理中',
    confirmed: '积分到账',
    order: '订单',
    orderCancelled: '订单取消',
    gift: '收到赠送',
    gave: '赠送',
    exchangeIn: '兑换转入',
    exchangeOut: '兑换转出',
    draw: '抽奖',
    claim: '优惠活动',
    coupon: '优惠券',
    refer: '邀请好友',
    leaderboard: '排行榜奖励',
    returned: '撤回：{what}',
    merge: '账户合并',
    correction: '更正',
    after: '之后余额',
    when: '时间',
    booked: '入账时间',
    number: '编号',
    memo: '备注',
    expires: '其中 {amount} 将于 {when} 到期',
    why: '原因',
    show: '{what} 的详情',
    receipt: '保存凭证',
  },
});
const t = speaker(WORDS);
type Key = keyof (typeof WORDS)['en'];

export type HistoryEntry = AnswerOf<typeof getV1AccountsByOwnerEntries>['entries'][number];

/** By the name of the act: what is said of it, and its icon. */
const ACTS: Readonly<Record<string, readonly [Key, IconName]>> = {
  order: ['order', 'order'],
  'order-cancel': ['orderCancelled', 'order'],
  'order-confirm': ['order', 'order'],
  'order-complete': ['order', 'order'],
  draw: ['draw', 'lottery'],
  claim: ['claim', 'earn'],
  'coupon-redeem': ['coupon', 'coupon'],
  'coupon-reserve': ['coupon', 'coupon'],
  refer: ['refer', 'share'],
  'return-event': ['reverse', 'history'],
  merge: ['merge', 'link'],
  unmerge: ['merge', 'link'],
  'correct-event': ['correction', 'history'],
  adjust: ['correction', 'history'],
  'board-prize': ['leaderboard', 'badge'],
  'take-reward': ['refer', 'share'],
  'order-lapse': ['orderCancelled', 'order'],
  'coupon-release': ['coupon', 'coupon'],
  'correct-share': ['correction', 'history'],
  'return-correction': ['correction', 'history'],
  'card-extend': ['order', 'order'],
};

const TYPES: Readonly<Partial<Record<HistoryEntry['type'], readonly [Key, IconName]>>> = {
  expire: ['expire', 'clock'],
  hold: ['held', 'lock'],
  release: ['released', 'lock'],
  reserve: ['pending', 'clock'],
  free: ['released', 'clock'],
  extend: ['extend', 'clock'],
  reverse: ['reverse', 'history'],
};

/** What an entry was for. */
function aboutOf(entry: HistoryEntry, where: Where | undefined): readonly [string, IconName] {
  const { act, type, delta, memo } = entry;
  const isIn = delta >= 0;
  if (act?.name === 'event') {
    const programme = where?.programmes.find((one) => one.programme === act.programme);
    const name =
      programme === undefined ? (act.type ?? t('came')) : eventName(programme, act.type ?? '');
    return [isIn ? name : t('returned', { what: name }), 'earn'];
  }
  if (act?.name === 'gift') return [t(isIn ? 'gift' : 'gave'), 'gift'];
  if (act !== undefined && /exchange/.test(act.name))
    return [t(isIn ? 'exchangeIn' : 'exchangeOut'), 'exchange'];
  const known = (act && ACTS[act.name]) ?? TYPES[type];
  if (known !== undefined) return [t(known[0]), known[1]];
  return [memo ?? t(isIn ? 'came' : 'went'), isIn ? 'earn' : 'order'];
}

/** The key of what it was about: goods, a lottery, an offer, the platform's own reference; its kind, where no words say more. */
const aboutKey = ({ act, ref, kind, type }: HistoryEntry): string | undefined =>
  act?.goods ??
  act?.offer ??
  ref ??
  (act === undefined && TYPES[type] === undefined ? kind : undefined);

function Why({ event }: { event: string }): JSX.Element {
  const known = useAnswer(getV1MembersByOwnerEventsByEventWhy, {
    path: { owner: owner.value, event },
    query: { lang: language.value },
  });
  return (
    <Answered known={known} lines={2}>
      {({ lines }) => (
        <>
          <h3>{t('why')}</h3>
          <ul class="why">
            {/* The first says which event it is: that stands above. */}
            {lines.slice(1).map((line) => (
              <li key={line} class="small wrap">
                {line}
              </li>
            ))}
          </ul>
        </>
      )}
    </Answered>
  );
}

function Details({
  entry,
  where,
  zone,
}: {
  entry: HistoryEntry;
  where: Where | undefined;
  zone: string;
}) {
  const { asset, available, effective, time, id, memo, act, slices, version } = entry;
  const scale = scaleOf(where, asset);
  const ending = slices.filter((one) => one.expiresAt !== null && one.available > 0);
  return (
    <div class="stack tight details">
      <dl class="pairs">
        <div class="line between">
          <dt>{t('after')}</dt>
          <dd>
            <Amount minor={available} scale={scale} unit={unitOf(where, asset)} />
          </dd>
        </div>
        <div class="line between">
          <dt>{t('when')}</dt>
          <dd>{date(effective, 'time', zone)}</dd>
        </div>
        {time !== effective && (
          <div class="line between">
            <dt>{t('booked')}</dt>
            <dd>{date(time, 'time', zone)}</dd>
          </div>
        )}
        {memo !== undefined && (
          <div class="line between">
            <dt>{t('memo')}</dt>
            <dd class="wrap">{memo}</dd>
          </div>
        )}
        {id !== undefined && (
          <div class="line between">
            <dt>{t('number')}</dt>
            <dd class="wrap mono">{id.replace(/^[^,]*,/, '')}</dd>
          </div>
        )}
      </dl>
      {ending.map(({ expiresAt, available: minor }) => (
        <p key={expiresAt} class="small">
          {t('expires', {
            amount: amount(minor, scale),
            when: date(expiresAt ?? 0, 'day', zone),
          })}
        </p>
      ))}
      {act?.name === 'event' && id !== undefined && <Why event={id} />}
      <SaveReceipt
        operation={getV1ReceiptsByOwner}
        asked={{ path: { owner: owner.value }, query: { asset, from: version, limit: 1 } }}
        of={[asset, version]}
      >
        {t('receipt')}
      </SaveReceipt>
    </div>
  );
}

export function Entry({
  entry,
  where,
  zone,
}: {
  entry: HistoryEntry;
  where: Where | undefined;
  zone: string;
}): JSX.Element {
  const isOpen = useSignal(false);
  const [about, icon] = aboutOf(entry, where);
  const key = aboutKey(entry);
  const { delta, heldDelta, asset } = entry;
  return (
    <>
      <button
        type="button"
        class="row"
        aria-expanded={isOpen.value}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        <Icon name={icon} />
        <span class="grow">
          <span class="block wrap">{about}</span>
          {key !== undefined && <span class="block small muted wrap">{key}</span>}
        </span>
        {delta === 0 ? (
          <span class="amount muted">({amount(heldDelta, scaleOf(where, asset), true)})</span>
        ) : (
          <Amount minor={delta} scale={scaleOf(where, asset)} isSigned />
        )}
      </button>
      {isOpen.value && <Details entry={entry} where={where} zone={zone} />}
    </>
  );
}
