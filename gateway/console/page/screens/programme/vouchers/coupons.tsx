// Campaigns of coupons, and what a code is.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  type DefinitionHistory,
  getV1CouponsByCode,
  getV1DefinitionsByKind,
} from '../../../../../web/page/api/operations.js';
import { amount, date, number, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import { useCall } from '../../../../../web/page/shell/use-call.js';
import { Button, Card, Field, Form } from '../../../../../web/page/ui/parts.js';
import { ProblemNote } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Facts } from '../../../ui/parts.js';
import type { Column } from '../../../ui/table/columns.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { type Around, useAround } from '../definitions/known.js';
import { StandingBadge } from '../definitions/parts.js';
import { documentOf, nameOf, standingOf } from '../definitions/standing.js';
import { VOUCHERS } from './words.js';

const t = speaker(VOUCHERS);

/** What a coupon is worth, in short. */
function worthOf(one: DefinitionHistory, { scaleOf }: Around): string {
  const document = documentOf(one);
  const { percent, amount: off, points } = document;
  const minor = (value: unknown): string => amount(Number(value), scaleOf(document, one.key) ?? 0);
  if (percent !== undefined) return t('percentOff', { n: number(Number(percent)) });
  if (off !== undefined) return t('off', { n: minor(off) });
  return points === undefined ? '–' : t('points', { n: minor(points) });
}

const columns = (around: Around): readonly Column<DefinitionHistory>[] => [
  { name: 'name', title: t('name'), cell: (one) => nameOf(one) ?? one.key },
  { name: 'key', title: t('key'), cell: ({ key }) => <code>{key}</code> },
  {
    name: 'state',
    title: t('state'),
    cell: (one) => <StandingBadge standing={standingOf(one)} />,
  },
  { name: 'worth', title: t('worth'), cell: (one) => worthOf(one, around) },
  {
    name: 'codes',
    title: t('codes'),
    isNumber: true,
    isMinor: true,
    cell: (one) => {
      const { codes, count } = documentOf(one);
      return codes === 'shared' ? t('shared') : number(Number(count ?? 0));
    },
  },
  {
    name: 'to',
    title: t('to'),
    isMinor: true,
    cell: (one) => {
      const { to } = documentOf(one);
      return typeof to === 'number' ? date(to, 'time') : '–';
    },
  },
];

export default function Coupons(): JSX.Element {
  const around = useAround();
  const pages = usePages(
    getV1DefinitionsByKind,
    { path: { kind: 'coupon' } },
    ({ definitions }) => definitions,
  );
  return (
    <>
      <Head
        title={t('coupons')}
        actions={
          may('configure') && (
            <a class="button main" href={href('new-definition', 'coupon')}>
              {t('newCoupon')}
            </a>
          )
        }
      />
      {may('view') && <LookUp />}
      <PagedTable
        label={t('coupons')}
        pages={pages}
        columns={columns(around)}
        keyOf={({ key }) => key}
        hrefOf={({ key }) => href('coupons', key)}
        empty={t('none')}
      />
    </>
  );
}

/** What a code is, and whose. */
function LookUp(): JSX.Element {
  const found = useCall(getV1CouponsByCode);
  const code = useSignal('');
  const { result } = found;
  return (
    <Card title={t('lookUp')}>
      <Form
        class="inline-form"
        onSend={() => {
          if (code.value.trim() !== '') void found.run({ path: { code: code.value.trim() } });
        }}
      >
        <Field label={t('code')} bound={code} />
        <Button type="submit" kind="plain" isBusy={found.isBusy}>
          {t('find')}
        </Button>
      </Form>
      <div role="status">
        {result?.ok === true && (
          <Facts
            rows={[
              [t('code'), <code>{result.answer.code}</code>],
              [t('state'), t(result.answer.state)],
              [t('form'), t(result.answer.form)],
              [
                t('campaign'),
                <a href={href('coupons', result.answer.campaign)}>{result.answer.campaign}</a>,
              ],
              [t('number'), result.answer.number],
              [
                t('owner'),
                result.answer.owner && (
                  <a href={href('members', result.answer.owner)}>{result.answer.owner}</a>
                ),
              ],
              [t('until'), result.answer.expiresAt && date(result.answer.expiresAt, 'time')],
            ]}
          />
        )}
        {result?.ok === false && <ProblemNote problem={result.problem} />}
      </div>
    </Card>
  );
}
