// Goods that can be had now, as the mall has them: searched, filtered, sorted.

import type { JSX } from 'preact';
import { type Goods, getV1Goods } from '../../../../../web/page/api/operations.js';
import { amount, number, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { ask, href, place } from '../../../../../web/page/shell/router.js';
import { Field } from '../../../../../web/page/ui/parts.js';
import { Head } from '../../../ui/head.js';
import { Filters, Status } from '../../../ui/parts.js';
import type { Column } from '../../../ui/table/columns.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { useAround } from '../definitions/known.js';
import { useScale } from './scale.js';
import { MALL } from './words.js';

const t = speaker(MALL);
const LOOKS = { coming: 'accent', open: 'good', over: 'plain' } as const;
const SORTS = { price: 'cheap', '-price': 'dear', goods: 'byKey' } as const;
const PAGE = 100;

const columns = (scale: number): readonly Column<Goods>[] => [
  { name: 'name', title: t('name'), cell: ({ name, goods }) => name ?? goods },
  { name: 'key', title: t('key'), isMinor: true, cell: ({ goods }) => <code>{goods}</code> },
  {
    name: 'category',
    title: t('category'),
    isMinor: true,
    cell: ({ category }) => category ?? '–',
  },
  { name: 'price', title: t('price'), isNumber: true, cell: ({ price }) => amount(price, scale) },
  {
    name: 'left',
    title: t('left'),
    isNumber: true,
    cell: ({ left }) => (left === undefined ? t('endless') : number(left)),
  },
  { name: 'delivery', title: t('delivery'), isMinor: true, cell: ({ delivery }) => delivery },
  {
    name: 'state',
    title: t('state'),
    cell: ({ state }) => <Status kind={LOOKS[state]}>{t(state)}</Status>,
  },
];

export default function GoodsList(): JSX.Element {
  const { q, category, programme, sort } = place.value.query;
  const { programmes } = useAround();
  // The mall is of one programme: the first one, until another one is chosen.
  const of = programme || programmes[0];
  const pages = usePages(
    getV1Goods,
    of === undefined
      ? undefined
      : {
          query: {
            programme: of,
            q: q || undefined,
            category: category || undefined,
            sort: (sort || undefined) as never,
            categories: 'true',
            limit: PAGE,
          },
        },
    ({ goods }) => goods,
  );
  const { answer } = pages.known;
  const scale = useScale(answer?.asset ?? '');
  return (
    <>
      <Head
        title={t('goods')}
        actions={
          <a class="button plain" href={href('definitions', 'goods')}>
            {t('allOfThem')}
          </a>
        }
      >
        <p class="muted">{t('shownNow')}</p>
      </Head>
      <Filters
        filters={[
          { name: 'q', label: t('find') },
          {
            name: 'category',
            label: t('category'),
            options: (answer?.categories ?? []).map(({ category: value, goods }) => ({
              value,
              title: `${value} (${number(goods)})`,
            })),
          },
          ...(programmes.length > 1
            ? [
                {
                  name: 'programme',
                  label: t('programme'),
                  options: programmes.map((value) => ({ value, title: value })),
                },
              ]
            : []),
        ]}
      />
      <div class="inline-form">
        <Field
          label={t('sort')}
          value={sort ?? ''}
          onInput={(to) => ask({ ...place.peek().query, sort: to })}
        >
          <option value="">{q ? t('relevance') : t('newest')}</option>
          {Object.entries(SORTS).map(([value, name]) => (
            <option key={value} value={value}>
              {t(name)}
            </option>
          ))}
        </Field>
      </div>
      <PagedTable
        label={t('goods')}
        pages={pages}
        columns={columns(scale)}
        keyOf={({ goods }) => goods}
        hrefOf={({ goods }) => href('goods', goods)}
        empty={t('none')}
      />
    </>
  );
}
