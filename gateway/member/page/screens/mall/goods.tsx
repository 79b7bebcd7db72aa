// Goods by themselves: what they are, what they cost the member and why, whether they can be had. Owns: what of them is told. Never touches: an order of them
// (order-form.tsx).

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import {
  getV1GoodsByGoods,
  postV1GoodsByGoodsWaiting,
} from '../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { caller } from '../../../../web/page/shell/app.js';
import { date, speaker } from '../../../../web/page/shell/language.js';
import type { ScreenProps } from '../../../../web/page/shell/screen.js';
import { useAction } from '../../../../web/page/shell/use-action.js';
import { Button, Card, Note } from '../../../../web/page/ui/parts.js';
import { Answered, OutcomeNote } from '../../../../web/page/ui/told.js';
import { may, owner } from '../../shell/app.js';
import { short, useWhere, type Where } from '../../shell/where.js';
import { OrderForm } from './order-form.js';
import { changing } from './pricing.js';
import { hintOf, Picture, Price, type Shown } from './tile.js';
import { MALL } from './words.js';

const t = speaker(MALL);

export default function GoodsScreen({ params }: ScreenProps): JSX.Element {
  const { goods = '' } = params;
  const where = useWhere();
  const known = useAnswer(getV1GoodsByGoods, { path: { goods }, query: { owner: owner.value } });
  return (
    <Answered known={where}>
      {(there) => (
        <Answered known={known} lines={8}>
          {(good) => <One key={good.goods} good={good} where={there} />}
        </Answered>
      )}
    </Answered>
  );
}

const LIMITS = {
  day: 'limit_day',
  week: 'limit_week',
  month: 'limit_month',
  year: 'limit_year',
  ever: 'limit_ever',
} as const;

function One({ good, where }: { good: Shown; where: Where }): JSX.Element {
  const isOrdering = useSignal(false);
  const isSoldOut = useSignal(false);
  const hint = hintOf(good);
  const { limit, span = 'ever', to, money, description } = good;
  const isOpen = good.state === 'open' && good.left !== 0;
  return (
    <article class="goods">
      <Picture good={good} />
      <div class="about">
        <h2>{good.name ?? good.goods}</h2>
        <Price good={good} where={where} />
        <Factors good={good} where={where} />
        <ul class="facts">
          <li>{t(`delivery_${good.delivery}` as 'delivery_physical')}</li>
          {hint !== undefined && <li>{hint}</li>}
          {limit !== undefined && (
            <li>{t(LIMITS[span as keyof typeof LIMITS] ?? 'limit_ever', { n: limit })}</li>
          )}
          {to !== undefined && <li>{t('until', { when: date(to, 'time') })}</li>}
          {money !== undefined && <li>{t('plusMoney', { money })}</li>}
        </ul>
        {description !== undefined && <p class="description">{description}</p>}
        {isOpen && may('redeem') && !isOrdering.value && (
          <Button
            onClick={() => {
              isOrdering.value = true;
            }}
          >
            {t('redeem')}
          </Button>
        )}
        {isOrdering.value && (
          <OrderForm
            good={good}
            where={where}
            onSoldOut={() => {
              isSoldOut.value = true;
            }}
            onEnd={() => {
              isOrdering.value = false;
            }}
          />
        )}
        {(good.left === 0 || isSoldOut.value) && good.state === 'open' && may('redeem') && (
          <Waiting good={good} />
        )}
      </div>
    </article>
  );
}

/** How the price came about; nothing, where it is the one that is said. */
function Factors({ good, where }: { good: Shown; where: Where }): JSX.Element | null {
  const factors = changing(good.factors);
  if (factors.length === 0) return null;
  return (
    <details class="factors">
      <summary>{t('howPriced')}</summary>
      <dl>
        <dt>{t('basePrice')}</dt>
        <dd>{short(where, good.points, good.asset)}</dd>
        {factors.map(([name, percent]) => (
          <>
            <dt>{t(`factor_${name}`)}</dt>
            <dd>× {percent} %</dd>
          </>
        ))}
        <dt>{t('aPiece')}</dt>
        <dd>{short(where, good.price, good.asset)}</dd>
      </dl>
    </details>
  );
}

/** A member who waits for goods that are sold out is told. Whether one waits already, a dry run says. */
function Waiting({ good }: { good: Shown }): JSX.Element {
  const name = good.name ?? good.goods;
  const asked = { path: { goods: good.goods }, body: { owner: owner.value } };
  const isTold = useSignal(false);
  const doing = useAction(postV1GoodsByGoodsWaiting, t('waitTitle', { name }));
  useEffect(() => {
    void caller
      .ask(postV1GoodsByGoodsWaiting, { ...asked, query: { dryRun: 'true' } })
      .then((tried) => {
        isTold.value = !tried.ok && tried.problem.code === 'WAITING_ALREADY';
      });
  }, [good.goods]);
  const { outcome } = doing;
  const isAlready = outcome?.state === 'refused' && outcome.problem.code === 'WAITING_ALREADY';
  if (isTold.value || isAlready || outcome?.state === 'done')
    return (
      <div role="status">
        <Note kind="good" icon="bell">
          {t('told')}
        </Note>
      </div>
    );
  return (
    <Card>
      <Button kind="plain" icon="bell" isBusy={doing.isBusy} onClick={() => void doing.run(asked)}>
        {t('tell')}
      </Button>
      <OutcomeNote outcome={outcome}>{t('told')}</OutcomeNote>
    </Card>
  );
}
