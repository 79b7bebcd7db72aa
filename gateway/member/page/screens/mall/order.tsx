// An order: how far it is, what it cost, where it goes to, its codes. Owns: what of it is told; that it can be cancelled. Never touches: what comes back, which the
// ledger says. What a code is, is in memory alone (shell/answers.ts), and on the screen when it is asked for.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1OrdersByNumber,
  type OrderRecord,
  postV1OrdersByNumberCancel,
} from '../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../web/page/shell/language.js';
import { href } from '../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../web/page/shell/screen.js';
import { useAction } from '../../../../web/page/shell/use-action.js';
import { Button, Card, Note, When } from '../../../../web/page/ui/parts.js';
import { Copy, Secret } from '../../../../web/page/ui/secret.js';
import { Sure } from '../../../../web/page/ui/sure.js';
import { Answered, OutcomeNote } from '../../../../web/page/ui/told.js';
import { may, owner } from '../../shell/app.js';
import { short, useWhere, type Where } from '../../shell/where.js';
import { changing } from './pricing.js';
import { RECEIVER_FIELDS } from './receiver.js';
import { mayCancel, stageOf, TONES } from './stages.js';
import { MALL } from './words.js';

const t = speaker(MALL);

export default function OrderScreen({ params }: ScreenProps): JSX.Element {
  const { order: number = '' } = params;
  const where = useWhere();
  const known = useAnswer(
    getV1OrdersByNumber,
    { path: { number }, query: { owner: owner.value } },
    { isKept: false },
  );
  return (
    <Answered known={where}>
      {(there) => (
        <Answered known={known} lines={8}>
          {(order) => <One order={order} where={there} />}
        </Answered>
      )}
    </Answered>
  );
}

function One({ order, where }: { order: OrderRecord; where: Where }): JSX.Element {
  const stage = stageOf(order);
  const told = (minor: number): string => short(where, minor, order.asset);
  const name = order.name ?? order.goods;
  return (
    <>
      <Card>
        <p class={`tag ${TONES[stage]}`}>{t(`state_${stage}`)}</p>
        <h2>
          <a href={href('mall', order.goods)}>{name}</a>
        </h2>
        <p>
          {t(`about_${stage}`, {
            n: order.shipped,
            all: order.quantity,
            when: order.until === null ? '' : date(order.until, 'time'),
          })}
        </p>
        <dl>
          <dt>{t('number')}</dt>
          <dd>
            <code>{order.number}</code> <Copy text={order.number} label={t('number')} />
          </dd>
          <dt>{t('orderedAt')}</dt>
          <dd>
            <When ms={order.at} form="time" />
          </dd>
        </dl>
        <Cancelling order={order} />
      </Card>
      <Codes order={order} />
      <Card title={t('sum')}>
        <dl>
          <dt>
            {t('pieces', { n: order.quantity })} × {told(order.price)}
            {changing(order.factors).map(([factor, percent]) => (
              <span key={factor} class="hint">
                {' '}
                {t(`factor_${factor}`)} {percent} %
              </span>
            ))}
          </dt>
          <dd>{told(order.price * order.quantity)}</dd>
          {order.discount > 0 && (
            <>
              <dt>{t('couponOff')}</dt>
              <dd>−{told(order.discount)}</dd>
            </>
          )}
          {order.cards > 0 && (
            <>
              <dt>{t('cardPays')}</dt>
              <dd>−{told(order.cards)}</dd>
            </>
          )}
          <dt class="sum">{t('paid')}</dt>
          <dd class="sum">{told(order.total - order.cards)}</dd>
        </dl>
      </Card>
      {order.shipments.length > 0 && order.receiver !== undefined && <Shipments order={order} />}
      {order.receiver !== undefined && (
        <Card title={t('goesTo')}>
          <address>
            {RECEIVER_FIELDS.map((field) => order.receiver?.[field])
              .filter((text) => text !== undefined)
              .map((text) => (
                <div key={text}>{text}</div>
              ))}
          </address>
        </Card>
      )}
    </>
  );
}

const Shipments = ({ order: { shipments } }: { order: OrderRecord }): JSX.Element => (
  <Card title={t('shipments')}>
    <ul class="list">
      {shipments.map(({ quantity, at, tracking }) => (
        <li key={`${at} ${tracking}`} class="row">
          <span class="grow">
            {t('pieces', { n: quantity })}{' '}
            <span class="hint">{t('sentAt', { when: date(at, 'time') })}</span>
          </span>
          {tracking === null ? (
            <span class="hint">{t('noTracking')}</span>
          ) : (
            <span>
              <span class="hint">{t('tracking')}</span> <code>{tracking}</code>{' '}
              <Copy text={tracking} label={t('tracking')} />
            </span>
          )}
        </li>
      ))}
    </ul>
  </Card>
);

/** Stars are what is told to whose sign-in may not see codes. */
const isHidden = (code: string): boolean => /^\*+$/.test(code);

function Codes({ order: { codes, goods } }: { order: OrderRecord }): JSX.Element | null {
  if (codes === undefined || codes.length === 0) return null;
  if (codes.some(isHidden))
    return (
      <Card title={t('codes')}>
        <Note icon="lock">{t('codesHidden')}</Note>
      </Card>
    );
  return (
    <Card title={t('codes')}>
      <p class="hint">{t('codesWhy')}</p>
      <ul class="list">
        {codes.map((code, n) => (
          <li key={code} class="row">
            <Secret text={code} label={`${t('code')} ${n + 1}, ${goods}`} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Cancelling({ order }: { order: OrderRecord }): JSX.Element | null {
  const { number } = order;
  const isAsked = useSignal(false);
  const doing = useAction(postV1OrdersByNumberCancel, t('cancelTitle', { number }));
  const cancel = async (): Promise<void> => {
    await doing.run({ path: { number }, body: { owner: owner.peek() } });
    isAsked.value = false;
  };
  const { outcome } = doing;
  if (outcome === undefined && !(mayCancel(order) && may('redeem'))) return null;
  return (
    <>
      <OutcomeNote outcome={outcome}>{t('cancelled')}</OutcomeNote>
      {mayCancel(order) && outcome?.state !== 'done' && (
        <Button
          kind="plain"
          onClick={() => {
            isAsked.value = true;
          }}
        >
          {t('cancelOrder')}
        </Button>
      )}
      {isAsked.value && (
        <Sure
          title={t('cancelSure')}
          what={t('cancelWhat')}
          yes={t('cancelYes')}
          no={t('keep')}
          isBusy={doing.isBusy}
          onYes={() => void cancel()}
          onNo={() => {
            isAsked.value = false;
          }}
        />
      )}
    </>
  );
}
