// Orders, the newest first: by state, member, goods, number, days.

import type { JSX } from 'preact';
import { getV1Orders, type ListedOrder } from '../../../../../web/page/api/operations.js';
import { amount, number, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href, place } from '../../../../../web/page/shell/router.js';
import { When } from '../../../../../web/page/ui/parts.js';
import { Head } from '../../../ui/head.js';
import { dayMs, Filters } from '../../../ui/parts.js';
import type { Column } from '../../../ui/table/columns.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { useAround } from '../definitions/known.js';
import { ORDER_STATES, StateShown, stateName } from './states.js';
import { MALL } from './words.js';

const t = speaker(MALL);
const PAGE = 100;

const columns = (scaleOf: (programme: string) => number): readonly Column<ListedOrder>[] => [
  { name: 'number', title: t('number'), cell: ({ number: of }) => of },
  { name: 'at', title: t('at'), cell: ({ at }) => <When ms={at} form="time" /> },
  {
    name: 'member',
    title: t('member'),
    cell: ({ owner }) => <a href={href('members', owner)}>{owner}</a>,
  },
  {
    name: 'goods',
    title: t('goods'),
    cell: ({ goods, name }) => <a href={href('goods', goods)}>{name ?? goods}</a>,
  },
  {
    name: 'quantity',
    title: t('quantity'),
    isNumber: true,
    isMinor: true,
    cell: ({ quantity }) => number(quantity),
  },
  {
    name: 'total',
    title: t('total'),
    isNumber: true,
    isMinor: true,
    cell: ({ total, programme }) => amount(total, scaleOf(programme)),
  },
  { name: 'state', title: t('state'), cell: ({ state }) => <StateShown state={state} /> },
];

export default function Orders(): JSX.Element {
  const { state, owner, goods, number: of, from, to, programme } = place.value.query;
  const around = useAround();
  const pages = usePages(
    getV1Orders,
    {
      query: {
        programme: programme || undefined,
        state: (state || undefined) as never,
        owner: owner || undefined,
        goods: goods || undefined,
        number: of || undefined,
        from: dayMs(from),
        to: dayMs(to, 1),
        limit: PAGE,
      },
    },
    ({ orders }) => orders,
  );
  return (
    <>
      <Head
        title={t('orders')}
        actions={
          <a class="button plain" href={href('fulfilment')}>
            {t('fulfilment')}
          </a>
        }
      >
        {pages.known.answer && (
          <p class="muted wrap">{t('asOf', { asOf: pages.known.answer.asOf })}</p>
        )}
      </Head>
      <Filters
        filters={[
          {
            name: 'state',
            label: t('state'),
            options: ORDER_STATES.map((value) => ({ value, title: stateName(value) })),
          },
          { name: 'owner', label: t('member') },
          { name: 'goods', label: t('goods') },
          { name: 'number', label: t('number') },
          { name: 'from', label: t('from'), type: 'date' },
          { name: 'to', label: t('to'), type: 'date' },
          ...(around.programmes.length > 1
            ? [
                {
                  name: 'programme',
                  label: t('programme'),
                  options: around.programmes.map((value) => ({ value, title: value })),
                },
              ]
            : []),
        ]}
      />
      <PagedTable
        label={t('orders')}
        pages={pages}
        columns={columns((key) => around.scaleOf({ programme: key }, key) ?? 0)}
        keyOf={({ number: one }) => one}
        hrefOf={({ number: one, owner: whose }) => href('orders', whose, one)}
        empty={t('none')}
      />
    </>
  );
}
