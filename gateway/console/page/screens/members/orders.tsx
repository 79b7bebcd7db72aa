// A member's orders, and exchanges with partners. Owns: this part. Never touches: one order, one exchange: they have screens of their own.

import type { JSX } from 'preact';
import {
  getV1MembersByOwnerPartnerExchanges,
  getV1Orders,
} from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { number, speaker } from '../../../../web/page/shell/language.js';
import { usePages } from '../../../../web/page/shell/pages.js';
import { href, place } from '../../../../web/page/shell/router.js';
import { Card, When } from '../../../../web/page/ui/parts.js';
import { table } from '../../../../web/page/words/words.js';
import { Filters, Status } from '../../ui/parts.js';
import type { Column } from '../../ui/table/columns.js';
import { PagedTable } from '../../ui/table/paged-table.js';
import { MEMBER } from './words.js';

const m = speaker(MEMBER);
const t = speaker(
  table({
    en: {
      orders: 'Orders',
      noOrders: 'No orders.',
      number: 'Order',
      goods: 'Goods',
      quantity: 'Pieces',
      held: 'Held',
      pending: 'To be sent',
      completed: 'Completed',
      cancelled: 'Cancelled',
      exchanges: 'Exchanges with partners',
      noExchanges: 'No exchanges with partners.',
      exchange: 'Exchange',
    },
    zh: {
      orders: '订单',
      noOrders: '没有订单。',
      number: '订单号',
      goods: '商品',
      quantity: '件数',
      held: '待支付',
      pending: '待发货',
      completed: '已完成',
      cancelled: '已取消',
      exchanges: '合作方兑换',
      noExchanges: '没有合作方兑换。',
      exchange: '兑换编号',
    },
  }),
);

type Order = AnswerOf<typeof getV1Orders>['orders'][number];
type Exchange = AnswerOf<typeof getV1MembersByOwnerPartnerExchanges>['exchanges'][number];

const STATES = ['held', 'pending', 'completed', 'cancelled'] as const;
const stateOf = (text: string | undefined): (typeof STATES)[number] | undefined =>
  STATES.find((one) => one === text);

const orderColumns = (): readonly Column<Order>[] => [
  { name: 'number', title: t('number'), cell: (one) => <code class="wrap">{one.number}</code> },
  {
    name: 'goods',
    title: t('goods'),
    cell: ({ name, goods }) => <a href={href('goods', goods)}>{name ?? goods}</a>,
  },
  {
    name: 'quantity',
    title: t('quantity'),
    cell: ({ quantity }) => number(quantity),
    isNumber: true,
    isMinor: true,
  },
  {
    name: 'state',
    title: m('state'),
    cell: ({ state }) => (
      <Status kind={state === 'completed' ? 'good' : state === 'cancelled' ? 'plain' : 'accent'}>
        {t(state)}
      </Status>
    ),
  },
  { name: 'at', title: m('at'), cell: ({ at }) => <When ms={at} form="time" />, isMinor: true },
];

const exchangeColumns = (): readonly Column<Exchange>[] => [
  {
    name: 'exchange',
    title: t('exchange'),
    cell: ({ exchange }) => <code class="wrap">{exchange}</code>,
  },
  { name: 'status', title: m('state'), cell: ({ status }) => <Status>{status}</Status> },
  {
    name: 'at',
    title: m('at'),
    cell: ({ submittedAt }) => <When ms={submittedAt} form="time" />,
  },
];

export function OrdersPart({ owner }: { owner: string }): JSX.Element {
  const state = stateOf(place.value.query.state);
  const orders = usePages(
    getV1Orders,
    { query: { owner, ...(state !== undefined && { state }) } },
    (page) => page.orders,
    { isKept: false },
  );
  const exchanges = usePages(
    getV1MembersByOwnerPartnerExchanges,
    { path: { owner }, query: {} },
    (page) => page.exchanges,
    { isKept: false },
  );
  return (
    <>
      <Card title={t('orders')}>
        <Filters
          filters={[
            {
              name: 'state',
              label: m('state'),
              options: STATES.map((value) => ({ value, title: t(value) })),
            },
          ]}
        />
        <PagedTable
          label={t('orders')}
          pages={orders}
          columns={orderColumns()}
          keyOf={(one) => one.number}
          hrefOf={(one) => href('orders', owner, one.number)}
          empty={t('noOrders')}
        />
      </Card>
      <Card title={t('exchanges')}>
        <PagedTable
          label={t('exchanges')}
          pages={exchanges}
          columns={exchangeColumns()}
          keyOf={({ exchange }) => exchange}
          hrefOf={({ exchange }) => href('partner-exchanges', exchange)}
          empty={t('noExchanges')}
        />
      </Card>
    </>
  );
}
