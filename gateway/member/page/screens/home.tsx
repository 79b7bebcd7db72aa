// The first screen: what the member has, what expires when, what it is worth, what to do today.

import type { JSX } from 'preact';
import { getV1AccountsByOwner } from '../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../web/page/calls/operation.js';
import { useAnswer } from '../../../web/page/shell/answers.js';
import { amount, date, far, language, speaker } from '../../../web/page/shell/language.js';
import { href } from '../../../web/page/shell/router.js';
import { Icon } from '../../../web/page/ui/icons.js';
import { Amount, Card, Empty } from '../../../web/page/ui/parts.js';
import { Answered } from '../../../web/page/ui/told.js';
import { moneyText, table } from '../../../web/page/words/words.js';
import { isLive, owner } from '../shell/app.js';
import { scaleOf, unitOf, useWhere, type Where } from '../shell/where.js';
import { SignInCard } from './earn/sign-in.js';
import { TierCard } from './earn/tier-card.js';

const t = speaker(
  table({
    en: {
      worth: 'Worth in all',
      balances: 'My points',
      live: 'Live',
      none: 'No points yet. Do something that earns some.',
      earn: 'See what earns points',
      expires: '{amount} expire on {when} ({far})',
      never: '{amount} do not expire',
      held: '{amount} reserved',
      pending: '{amount} on their way',
      owed: '{amount} owed',
      frozen: 'Frozen',
      lots: 'When they expire',
      details: 'History',
    },
    zh: {
      worth: '总价值',
      balances: '我的积分',
      live: '实时',
      none: '还没有积分，去赚一些吧。',
      earn: '看看怎样赚积分',
      expires: '{amount} 将于 {when}（{far}）到期',
      never: '{amount} 长期有效',
      held: '{amount} 已冻结待用',
      pending: '{amount} 待到账',
      owed: '欠 {amount}',
      frozen: '已冻结',
      lots: '到期时间',
      details: '明细',
    },
  }),
);

type Accounts = AnswerOf<typeof getV1AccountsByOwner>['accounts'];
type Account = Accounts[number];

/** Lots that expire, those that are shown at once. */
const LOTS_SHOWN = 1;

function Expiry({ account, scale }: { account: Account; scale: number }): JSX.Element | null {
  const lots = 'lots' in account ? account.lots.filter(({ available }) => available > 0) : [];
  const ending = lots.filter((lot) => lot.expiresAt !== null);
  if (ending.length === 0) return null;
  const line = (expiresAt: number | null, available: number): JSX.Element => {
    const text = <Amount minor={available} scale={scale} />;
    const key = expiresAt === null ? 'never' : 'expires';
    const values = expiresAt === null ? {} : { when: date(expiresAt), far: far(expiresAt) };
    const [before = '', after = ''] = t(key, { ...values, amount: '\u0000' }).split('\u0000');
    return (
      <li key={expiresAt ?? 0} class="small">
        {before}
        <strong>{text}</strong>
        {after}
      </li>
    );
  };
  const first = ending.slice(0, LOTS_SHOWN);
  return (
    <>
      <ul class="expiry">{first.map((lot) => line(lot.expiresAt, lot.available))}</ul>
      {lots.length > LOTS_SHOWN && (
        <details>
          <summary class="small">{t('lots')}</summary>
          <ul class="expiry">{lots.map((lot) => line(lot.expiresAt, lot.available))}</ul>
        </details>
      )}
    </>
  );
}

function Balance({ account, where }: { account: Account; where: Where | undefined }): JSX.Element {
  const { asset, available, held } = account;
  const scale = scaleOf(where, asset);
  const unit = unitOf(where, asset);
  const pending = 'pending' in account ? account.pending : 0;
  const plain = (minor: number): string => amount(minor, scale);
  return (
    <Card
      title={unit}
      kind="balance"
      action={
        <a class="button quiet" href={`${href('history')}?asset=${encodeURIComponent(asset)}`}>
          {t('details')}
        </a>
      }
    >
      <p class="large">
        <Amount minor={available} scale={scale} />
      </p>
      <p class="line small muted">
        {'frozen' in account && account.frozen && <span class="chip plain">{t('frozen')}</span>}
        {held - pending > 0 && <span>{t('held', { amount: plain(held - pending) })}</span>}
        {pending > 0 && <span>{t('pending', { amount: plain(pending) })}</span>}
        {available < 0 && <span>{t('owed', { amount: plain(-available) })}</span>}
      </p>
      <Expiry account={account} scale={scale} />
    </Card>
  );
}

function Total({ answer }: { answer: AnswerOf<typeof getV1AccountsByOwner> }): JSX.Element | null {
  const totals = 'totals' in answer ? (answer.totals ?? []) : [];
  if (totals.length === 0) return null;
  return (
    <section class="hero" aria-label={t('worth')}>
      <div class="line between">
        <span>{t('worth')}</span>
        {isLive.value && (
          <span class="line live">
            <span class="dot" aria-hidden="true" />
            {t('live')}
          </span>
        )}
      </div>
      {totals.map(({ coalition, currency, total }) => (
        <p key={coalition} class="total">
          {moneyText(language.value, total, currency)}
        </p>
      ))}
    </section>
  );
}

export default function Home(): JSX.Element {
  const of = owner.value;
  const known = useAnswer(getV1AccountsByOwner, of === '' ? undefined : { path: { owner: of } });
  const where = useWhere();
  const programmes = where.answer?.programmes ?? [];
  return (
    <>
      <Answered known={known} lines={5}>
        {(answer) => (
          <>
            <Total answer={answer} />
            {programmes.map((programme) => (
              <SignInCard key={programme.programme} programme={programme} />
            ))}
            {answer.accounts.length === 0 ? (
              <Empty
                icon="earn"
                action={
                  <a class="button main" href={href('earn')}>
                    {t('earn')}
                  </a>
                }
              >
                {t('none')}
              </Empty>
            ) : (
              <section class="grid" aria-label={t('balances')}>
                {answer.accounts.map((account) => (
                  <Balance key={account.asset} account={account} where={where.answer} />
                ))}
              </section>
            )}
          </>
        )}
      </Answered>
      {programmes.map((programme) => (
        <TierCard key={programme.programme} programme={programme} />
      ))}
      {programmes.length > 0 && (
        <p>
          <a class="button plain" href={href('earn')}>
            <Icon name="earn" size={18} />
            <span>{t('earn')}</span>
          </a>
        </p>
      )}
    </>
  );
}
