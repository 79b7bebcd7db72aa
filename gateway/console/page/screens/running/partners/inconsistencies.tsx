// Where partners and the ledger do not agree. Owns: the list. Never touches: what is found.

import type { JSX } from 'preact';
import {
  getV1Inconsistencies,
  getV1Partners,
  type Inconsistency,
} from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, number, speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Head } from '../../../ui/head.js';
import { Filters } from '../../../ui/parts.js';
import type { Column } from '../../../ui/table/columns.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { choice, chosen, oneOf } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { StateTag, stateText } from './states.js';
import { PARTNERS } from './words.js';

const t = speaker(PARTNERS);
const c = speaker(COMMON);
const KINDS = [
  ...(['failed_unfreeze', 'cross_system_mismatch', 'cross_system_reconciliation'] as const),
];
const STATES = ['open', 'resolved'] as const;
const inconsistencyColumns = (): Column<Inconsistency>[] => [
  {
    name: 'inconsistency',
    title: t('inconsistency'),
    cell: ({ inconsistency }) => inconsistency,
  },
  { name: 'state', title: c('state'), cell: ({ state }) => <StateTag of={state} /> },
  {
    name: 'partner',
    title: t('partner'),
    cell: ({ partner }) => <a href={href('partners', partner)}>{partner}</a>,
  },
  { name: 'finding', title: t('finding'), cell: ({ finding }) => <code>{finding}</code> },
  { name: 'asset', title: t('asset'), cell: ({ asset }) => asset },
  {
    name: 'ours',
    title: t('ours'),
    isNumber: true,
    cell: ({ ours }) => (ours === undefined ? '–' : number(ours)),
  },
  {
    name: 'theirs',
    title: t('theirs'),
    isNumber: true,
    cell: ({ theirs }) => (theirs === undefined ? '–' : number(theirs)),
  },
  { name: 'opened', title: t('opened'), cell: ({ openedAt }) => date(openedAt, 'time') },
];

export default function Inconsistencies(): JSX.Element {
  const partners = useAnswer(getV1Partners, {});
  const [partner, day] = [chosen('partner'), chosen('day')];
  const kind = oneOf('kind', KINDS);
  const state = oneOf('state', STATES);
  const query = {
    ...(partner !== '' && { partner }),
    ...(day !== '' && { day }),
    ...(kind !== undefined && { kind }),
    ...(state !== undefined && { state }),
  };
  const pages = usePages(getV1Inconsistencies, { query }, ({ inconsistencies }) => inconsistencies);
  return (
    <>
      <Head title={t('inconsistencies')}>
        <p class="muted">{t('inconsistenciesWhy')}</p>
      </Head>
      <Filters
        filters={[
          choice(
            'partner',
            t('partner'),
            (partners.answer?.partners ?? []).map(({ platform, name }) => [
              platform,
              name ?? platform,
            ]),
          ),
          choice(
            'state',
            c('state'),
            STATES.map((one) => [one, stateText(one)]),
          ),
          choice(
            'kind',
            t('kind'),
            KINDS.map((one) => [one, one]),
          ),
          { name: 'day', label: t('day'), type: 'date' },
        ]}
      />
      <PagedTable
        label={t('inconsistencies')}
        pages={pages}
        keyOf={({ inconsistency }) => inconsistency}
        hrefOf={({ inconsistency }) => href('inconsistencies', inconsistency)}
        empty={c('none')}
        columns={inconsistencyColumns()}
      />
    </>
  );
}
