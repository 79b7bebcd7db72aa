// The campaigns: which run, which come, which are over.

import type { JSX } from 'preact';
import {
  type DefinitionHistory,
  getV1DefinitionsByKind,
} from '../../../../../web/page/api/operations.js';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import { When } from '../../../../../web/page/ui/parts.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Status } from '../../../ui/parts.js';
import type { Column } from '../../../ui/table/columns.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { nameOf } from '../definitions/standing.js';
import { type CampaignStanding, campaignOf } from './standing.js';
import { CAMPAIGNS } from './words.js';

const t = speaker(CAMPAIGNS);
const LOOKS = { off: 'plain', coming: 'accent', running: 'good', over: 'plain' } as const;

export const CampaignStatus = ({ standing }: { standing: CampaignStanding }): JSX.Element => (
  <Status kind={LOOKS[standing]}>{t(standing)}</Status>
);

const columns = (): readonly Column<DefinitionHistory>[] => [
  { name: 'name', title: t('name'), cell: (one) => nameOf(one) ?? one.key },
  { name: 'key', title: t('key'), isMinor: true, cell: ({ key }) => <code>{key}</code> },
  {
    name: 'state',
    title: t('state'),
    cell: (one) => <CampaignStatus standing={campaignOf(one).standing} />,
  },
  {
    name: 'multiplier',
    title: t('multiplier'),
    isNumber: true,
    cell: (one) => `${number(Number(campaignOf(one).document['multiplier'] ?? 100) / 100)}×`,
  },
  {
    name: 'from',
    title: t('from'),
    isMinor: true,
    cell: (one) => <When ms={campaignOf(one).from} form="time" />,
  },
  { name: 'to', title: t('to'), cell: (one) => <When ms={campaignOf(one).to} form="time" /> },
];

export default function Campaigns(): JSX.Element {
  const pages = usePages(
    getV1DefinitionsByKind,
    { path: { kind: 'campaign' } },
    ({ definitions }) => definitions,
  );
  return (
    <>
      <Head
        title={t('campaigns')}
        actions={
          may('configure') && (
            <a class="button main" href={href('new-definition', 'campaign')}>
              {t('new')}
            </a>
          )
        }
      />
      <PagedTable
        label={t('campaigns')}
        pages={pages}
        columns={columns()}
        keyOf={({ key }) => key}
        hrefOf={({ key }) => href('campaigns', key)}
        empty={t('none')}
      />
    </>
  );
}
