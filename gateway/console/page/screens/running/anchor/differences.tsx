// Comparisons of ledger and chain that found something. Owns: how they are shown. Never touches: what is compared.

import type { JSX } from 'preact';
import type { Anchor } from '../../../../../web/page/api/operations.js';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Card, When } from '../../../../../web/page/ui/parts.js';
import { Status } from '../../../ui/parts.js';
import type { Column } from '../../../ui/table/columns.js';
import { Table } from '../../../ui/table/table.js';
import { ANCHOR } from './words.js';

const t = speaker(ANCHOR);
type Comparison = Anchor['reconciliations'][number];
type Finding = Comparison['findings'][number];
const KINDS = { open: 'danger', resolved: 'good', accepted: 'plain' } as const;

/** Of a balance: its platform. */
const aboutLink = ({ what, about }: Finding): JSX.Element => {
  const [platform = ''] = about.split(/[ /]/);
  return what === 'balance' || what === 'feed' ? (
    <a class="wrap" href={href('platforms', platform)}>
      {about}
    </a>
  ) : (
    <code class="wrap">{about}</code>
  );
};

const columns = (): readonly Column<Comparison>[] => [
  { name: 'number', title: t('number'), cell: (one) => number(one.number) },
  {
    name: 'state',
    title: t('state'),
    cell: ({ state }) => <Status kind={KINDS[state]}>{t(state)}</Status>,
  },
  {
    name: 'differences',
    title: t('differences'),
    cell: ({ differences }) => number(differences),
    isNumber: true,
  },
  {
    name: 'since',
    title: t('since'),
    cell: ({ startedAt }) => <When ms={startedAt} form="time" />,
  },
  {
    name: 'ended',
    title: t('ended'),
    cell: ({ endedAt }) => endedAt !== undefined && <When ms={endedAt} form="time" />,
    isMinor: true,
  },
  { name: 'by', title: t('endedBy'), cell: ({ endedBy }) => endedBy, isMinor: true },
];

/** All of them, and what those that are open have found. */
export const Differences = ({ of }: { of: readonly Comparison[] }): JSX.Element => (
  <>
    <Card title={t('reconciliations')}>
      <Table
        label={t('reconciliations')}
        rows={of}
        columns={columns()}
        keyOf={(one) => String(one.number)}
        empty={t('noneFound')}
      />
    </Card>
    {of
      .filter(({ findings }) => findings.length > 0)
      .map((one) => (
        <Card key={one.number} title={t('found', { n: number(one.number) })}>
          <Table
            label={t('found', { n: number(one.number) })}
            rows={one.findings}
            columns={[
              { name: 'about', title: t('about'), cell: aboutLink },
              { name: 'what', title: t('what'), cell: ({ what }) => t(`what_${what}`) },
              {
                name: 'ledger',
                title: t('inLedger'),
                cell: ({ ledger }) => <code class="wrap">{ledger}</code>,
              },
              {
                name: 'chain',
                title: t('onChain'),
                cell: ({ chain }) => <code class="wrap">{chain}</code>,
              },
            ]}
            keyOf={({ what, about }) => `${what} ${about}`}
          />
          {one.findings.length < one.differences && (
            <p class="muted">
              {t('firstOf', { shown: number(one.findings.length), all: number(one.differences) })}
            </p>
          )}
        </Card>
      ))}
  </>
);
