// What is to be sent: orders with pieces that have not left.

import type { JSX } from 'preact';
import { getV1Fulfilment, getV1FulfilmentCsv } from '../../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../../web/page/calls/operation.js';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href, place } from '../../../../../web/page/shell/router.js';
import { When } from '../../../../../web/page/ui/parts.js';
import { SaveFile } from '../../../../../web/page/ui/save-file.js';
import { Head } from '../../../ui/head.js';
import { dayMs, Filters } from '../../../ui/parts.js';
import type { Column } from '../../../ui/table/columns.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { MALL } from './words.js';

const t = speaker(MALL);
const PAGE = 100;

type ToSend = AnswerOf<typeof getV1Fulfilment>['orders'][number];

const columns = (): readonly Column<ToSend>[] => [
  { name: 'number', title: t('number'), cell: ({ number: of }) => of },
  { name: 'at', title: t('at'), cell: ({ at }) => <When ms={at} form="time" /> },
  {
    name: 'goods',
    title: t('goods'),
    cell: ({ goods, name }) => <a href={href('goods', goods)}>{name ?? goods}</a>,
  },
  {
    name: 'open',
    title: t('toSend'),
    isNumber: true,
    cell: ({ open }) => number(open),
  },
  {
    name: 'receiver',
    title: t('receiver'),
    isMinor: true,
    cell: ({ receiver }) =>
      [receiver?.name, receiver?.postcode, receiver?.address].filter(Boolean).join(', ') || '–',
  },
  {
    name: 'member',
    title: t('member'),
    isMinor: true,
    cell: ({ owner }) => <a href={href('members', owner)}>{owner}</a>,
  },
];

export default function Fulfilment(): JSX.Element {
  const { goods, from, to } = place.value.query;
  const query = {
    goods: goods || undefined,
    from: dayMs(from),
    to: dayMs(to, 1),
    order: 'oldest',
  } as const;
  const pages = usePages(
    getV1Fulfilment,
    { query: { ...query, limit: PAGE } },
    ({ orders }) => orders,
    { isKept: false },
  );
  return (
    <>
      <Head
        title={t('fulfilment')}
        crumbs={[{ title: t('orders'), href: href('orders') }]}
        actions={
          <SaveFile operation={getV1FulfilmentCsv} asked={{ query }} name="fulfilment.csv">
            {t('download')}
          </SaveFile>
        }
      >
        <p class="muted">{t('fulfilmentWhy')}</p>
      </Head>
      <Filters
        filters={[
          { name: 'goods', label: t('goods') },
          { name: 'from', label: t('from'), type: 'date' },
          { name: 'to', label: t('to'), type: 'date' },
        ]}
      />
      <PagedTable
        label={t('fulfilment')}
        pages={pages}
        columns={columns()}
        keyOf={({ number: one }) => one}
        hrefOf={({ number: one, owner }) => href('orders', owner, one)}
        empty={t('none')}
      />
    </>
  );
}
