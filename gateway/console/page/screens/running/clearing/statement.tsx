// What platforms of a coalition owe each other, as a statement says. Owns: how it is shown. Never touches: which statement.

import type { JSX } from 'preact';
import { speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import type { ClearingStatement } from '../../../../../web/page/api/operations.js';
import { Rows } from '../parts/look.js';
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
        <Rows
          label={t('positions')}
          rows={positions}
          keyOf={({ platform }) => platform}
          none={t('nothing')}
          columns={[
            { head: t('platform'), cell: ({ platform }) => <Of platform={platform} /> },
            { head: `${t('owed')} (${currency})`, kind: 'number', cell: ({ owed }) => owed },
            { head: `${t('owes')} (${currency})`, kind: 'number', cell: ({ owes }) => owes },
            { head: `${t('net')} (${currency})`, kind: 'number', cell: ({ net }) => net },
          ]}
        />
      </Card>
      <Card title={t('settlements')}>
        <Rows
          label={t('settlements')}
          rows={settlements}
          keyOf={({ from, to }) => `${from} ${to}`}
          none={t('nothing')}
          columns={[
            { head: t('debtor'), cell: ({ from }) => <Of platform={from} /> },
            { head: t('creditor'), cell: ({ to }) => <Of platform={to} /> },
            { head: `${t('value')} (${currency})`, kind: 'number', cell: ({ value }) => value },
          ]}
        />
      </Card>
      <Card title={t('debts')}>
        <Rows
          label={t('debts')}
          rows={debts}
          keyOf={({ debtor, creditor, asset }) => `${debtor} ${creditor} ${asset}`}
          none={t('nothing')}
          columns={[
            { head: t('debtor'), cell: ({ debtor }) => <Of platform={debtor} /> },
            { head: t('creditor'), cell: ({ creditor }) => <Of platform={creditor} /> },
            {
              head: t('owes'),
              kind: 'number',
              cell: ({ amount, asset }) => <Points minor={amount} asset={asset} />,
            },
            { head: `${t('value')} (${currency})`, kind: 'number', cell: ({ value }) => value },
          ]}
        />
      </Card>
    </>
  );
}
