// An order: what it is of, where it goes, what can be done with it.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1OrdersByNumber,
  type OrderRecord,
  postV1OrdersByNumberCancel,
  postV1OrdersByNumberComplete,
  postV1OrdersByNumberConfirm,
  postV1OrdersByNumberShip,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { amount, number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { useAction } from '../../../../../web/page/shell/use-action.js';
import { Button, Card, Field, Form, When } from '../../../../../web/page/ui/parts.js';
import { Answered, OutcomeNote } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { ActionDialog } from '../../../ui/acting/action-dialog.js';
import { Head } from '../../../ui/head.js';
import { Facts } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { useScale } from './scale.js';
import { StateShown } from './states.js';
import { MALL } from './words.js';

const t = speaker(MALL);

export default function Order({ params }: ScreenProps): JSX.Element {
  const { number: of = '', owner = '' } = params;
  const known = useAnswer(
    getV1OrdersByNumber,
    { path: { number: of }, query: { owner } },
    { isKept: false },
  );
  return (
    <>
      <Head title={`${t('order')} ${of}`} crumbs={[{ title: t('orders'), href: href('orders') }]}>
        {known.answer && (
          <p>
            <StateShown state={known.answer.state} />
          </p>
        )}
      </Head>
      <Answered known={known} lines={8}>
        {(order) => (
          <>
            <OrderFacts order={order} />
            {may('adjust', 'correct', 'redeem') && <Changes order={order} />}
          </>
        )}
      </Answered>
    </>
  );
}

function OrderFacts({ order }: { order: OrderRecord }): JSX.Element {
  const scale = useScale(order.asset);
  const points = (minor: number): string => `${amount(minor, scale)} ${order.asset}`;
  const { factors, receiver, codes, coupon, until } = order;
  const left = order.quantity - order.shipped - order.cancelled;
  const goods = href('goods', order.goods);
  /** What was taken for it, with why. */
  const taken = `${href('members', order.owner)}?tab=timeline`;
  return (
    <>
      <Card>
        <Facts
          rows={[
            [t('member'), <a href={href('members', order.owner)}>{order.owner}</a>],
            [t('goods'), <a href={href('goods', order.goods)}>{order.name ?? order.goods}</a>],
            [t('at'), <When ms={order.at} form="time" />],
            [t('quantity'), <a href={goods}>{number(order.quantity)}</a>],
            [
              t('toSend'),
              order.state === 'pending' && <a href={href('fulfilment')}>{number(left)}</a>,
            ],
            [t('price'), <a href={goods}>{points(order.price)}</a>],
            [t('factors'), `${factors.tier} · ${factors.sale} · ${factors.stock}`],
            [t('discount'), order.discount > 0 && <a href={taken}>{points(order.discount)}</a>],
            [t('total'), <a href={taken}>{points(order.total)}</a>],
            [t('cards'), order.cards > 0 && <a href={taken}>{points(order.cards)}</a>],
            [t('coupon'), coupon],
            [t('until'), until !== null && <When ms={until} form="time" />],
            [t('codesDelivered'), codes?.join(', ')],
          ]}
        />
      </Card>
      {receiver !== undefined && (
        <Card title={t('receiver')}>
          <Facts
            rows={[
              [t('receiverName'), receiver.name],
              [t('phone'), receiver.phone],
              [t('address'), receiver.address],
              [t('postcode'), receiver.postcode],
              [t('note'), receiver.note],
            ]}
          />
        </Card>
      )}
      {order.shipments.length > 0 && (
        <Card title={t('shipments')}>
          <Table
            label={t('shipments')}
            rows={order.shipments}
            columns={[
              { name: 'at', title: t('shippedAt'), cell: ({ at }) => <When ms={at} form="time" /> },
              {
                name: 'quantity',
                title: t('quantity'),
                isNumber: true,
                cell: ({ quantity }) => number(quantity),
              },
              { name: 'tracking', title: t('tracking'), cell: ({ tracking }) => tracking ?? '–' },
            ]}
            keyOf={({ at, tracking }) => `${at} ${tracking}`}
          />
        </Card>
      )}
    </>
  );
}

function Changes({ order }: { order: OrderRecord }): JSX.Element {
  const { owner, number: of, state } = order;
  const ship = useAction(postV1OrdersByNumberShip, t('ship'));
  const complete = useAction(postV1OrdersByNumberComplete, t('complete'));
  const confirm = useAction(postV1OrdersByNumberConfirm, t('confirm'));
  const quantity = useSignal('');
  const tracking = useSignal('');
  const isAsked = useSignal(false);
  const isOpen = state === 'held' || state === 'pending';
  const asked = { path: { number: of }, body: { owner } };
  const typed = quantity.value.trim();
  // What is no number sends nothing: left out it would be all pieces.
  const isWrong = typed !== '' && !/^[1-9]\d{0,8}$/.test(typed);
  /** What came of the one before is not told any more. */
  const fresh = (): void => {
    for (const one of [ship, complete, confirm]) one.reset();
  };
  // What came of it, and the dialog, stay when the order is over by it.
  return (
    <>
      <OutcomeNote outcome={ship.outcome ?? complete.outcome ?? confirm.outcome}>
        {t('done')}
      </OutcomeNote>
      {isOpen && (
        <Card>
          {state === 'pending' && (
            <Form
              class="inline-form"
              onSend={() => {
                if (isWrong) return;
                fresh();
                void ship.run({
                  path: { number: of },
                  body: {
                    owner,
                    ...(typed !== '' && { quantity: Number(typed) }),
                    ...(tracking.value.trim() !== '' && { tracking: tracking.value.trim() }),
                  },
                });
              }}
            >
              <Field
                label={t('quantity')}
                hint={t('shipAll')}
                inputMode="numeric"
                bound={quantity}
                error={isWrong ? t('quantityWrong') : undefined}
              />
              <Field label={t('tracking')} bound={tracking} maxLength={100} />
              <Button type="submit" isBusy={ship.isBusy} isOff={isWrong}>
                {t('ship')}
              </Button>
            </Form>
          )}
          <div class="buttons">
            {state === 'held' && (
              <Button
                isBusy={confirm.isBusy}
                onClick={() => {
                  fresh();
                  void confirm.run(asked);
                }}
              >
                {t('confirm')}
              </Button>
            )}
            {state === 'pending' && (
              <Button
                kind="plain"
                isBusy={complete.isBusy}
                onClick={() => {
                  fresh();
                  void complete.run(asked);
                }}
              >
                {t('complete')}
              </Button>
            )}
            <Button
              kind="danger"
              onClick={() => {
                isAsked.value = true;
              }}
            >
              {t('cancel')}
            </Button>
          </div>
        </Card>
      )}
      {isAsked.value && (
        <ActionDialog
          title={t('cancel')}
          what={t('cancelAsk')}
          operation={postV1OrdersByNumberCancel}
          asked={(reason) => ({ path: { number: of }, body: { owner, reason } })}
          yes={t('cancel')}
          isDanger
          onClose={() => {
            isAsked.value = false;
          }}
        />
      )}
    </>
  );
}
