// What platforms of a coalition owe each other, as a statement says. Owns: how it is shown. Never touches: which statement.

import type { JSX } from 'preact';
import type { ClearingStatement } from '../../../../../web/page/api/operations.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { Points } from '../parts/points.js';
import { CLEARING } from './words.js';

const t = speaker(CLEARING);

const Of = ({ platform }: { platform: string }): JSX.Element => (
  <a href={href('platforms', platform)}>{platform}</a>
);

type Parts = Pick<ClearingStatement, 'currency' | 'positions' | 'settlements' | 'debts'>;

export function Statement({ of }: { of: Parts }): JSX.Element {
  const { currency, positions, settlements, debts } = of;
  return (
    <>
      <Card title={t('positions')}>
        <Table
          label={t('positions')}
          rows={positions}
          keyOf={({ platform }) => platform}
          empty={t('nothing')}
          columns={[
            {
              name: 'platform',
              title: t('platform'),
              cell: ({ platform }) => <Of platform={platform} />,
            },
            {
              name: 'owed',
              title: `${t('owed')} (${currency})`,
              isNumber: true,
              cell: ({ owed }) => owed,
            },
            {
              name: 'owes',
              title: `${t('owes')} (${currency})`,
              isNumber: true,
              cell: ({ owes }) => owes,
            },
            {
              name: 'net',
              title: `${t('net')} (${currency})`,
              isNumber: true,
              cell: ({ net }) => net,
            },
          ]}
        />
      </Card>
      <Card title={t('settlements')}>
        <Table
          label={t('settlements')}
          rows={settlements}
          keyOf={({ from, to }) => `${from} ${to}`}
          empty={t('nothing')}
          columns={[
            { name: 'debtor', title: t('debtor'), cell: ({ from }) => <Of platform={from} /> },
            { name: 'creditor', title: t('creditor'), cell: ({ to }) => <Of platform={to} /> },
            {
              name: 'value',
              title: `${t('value')} (${currency})`,
              isNumber: true,
              cell: ({ value }) => value,
            },
          ]}
        />
      </Card>
      <Card title={t('debts')}>
        <Table
          label={t('debts')}
          rows={debts}
          keyOf={({ debtor, creditor, asset }) => `${debtor} ${creditor} ${asset}`}
          empty={t('nothing')}
          columns={[
            { name: 'debtor', title: t('debtor'), cell: ({ debtor }) => <Of platform={debtor} /> },
            {
              name: 'creditor',
              title: t('creditor'),
              cell: ({ creditor }) => <Of platform={creditor} />,
            },
            {
              name: 'owes',
              title: t('owes'),
              isNumber: true,
              cell: ({ amount, asset }) => <Points minor={amount} asset={asset} />,
            },
            {
              name: 'value',
              title: `${t('value')} (${currency})`,
              isNumber: true,
              cell: ({ value }) => value,
            },
          ]}
        />
      </Card>
    </>
  );
}
