// The definitions of a kind, found by key, name, state or programme.

import type { JSX } from 'preact';
import {
  type DefinitionHistory,
  getV1DefinitionsByKind,
} from '../../../../../web/page/api/operations.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href, place } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Head } from '../../../ui/head.js';
import { Filters } from '../../../ui/parts.js';
import type { Column } from '../../../ui/table/columns.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { kindName, mayDefine } from './kinds.js';
import { useAround } from './known.js';
import { From, StandingBadge } from './parts.js';
import { nameOf, newestOf, standingOf } from './standing.js';
import { DEFINITIONS } from './words.js';

const t = speaker(DEFINITIONS);
const STATES = ['active', 'draft', 'retired'] as const;
const PAGE = 100;

const columns = (): readonly Column<DefinitionHistory>[] => [
  { name: 'key', title: t('key'), cell: ({ key }) => key },
  { name: 'name', title: t('name'), cell: (one) => nameOf(one) ?? '–' },
  {
    name: 'state',
    title: t('state'),
    cell: (one) => <StandingBadge standing={standingOf(one)} />,
  },
  {
    name: 'version',
    title: t('version'),
    isNumber: true,
    isMinor: true,
    cell: (one) => newestOf(one)?.version,
  },
  {
    name: 'from',
    title: t('activeFrom'),
    isMinor: true,
    cell: (one) => {
      const newest = newestOf(one);
      return newest && <From version={newest} />;
    },
  },
  { name: 'by', title: t('by'), isMinor: true, cell: (one) => newestOf(one)?.by ?? '–' },
];

export default function List({ params }: ScreenProps): JSX.Element {
  const { kind = '' } = params;
  const { q, state, programme } = place.value.query;
  const around = useAround(kind !== 'programme');
  const pages = usePages(
    getV1DefinitionsByKind,
    {
      path: { kind: kind as never },
      query: {
        q: q || undefined,
        state: (state || undefined) as never,
        programme: programme || undefined,
        limit: PAGE,
      },
    },
    ({ definitions }) => definitions,
  );
  return (
    <>
      <Head
        title={kindName(kind)}
        crumbs={[{ title: t('definitions'), href: href('definitions') }]}
        actions={
          mayDefine(kind) && (
            <a class="button main" href={href('new-definition', kind)}>
              {t('new')}
            </a>
          )
        }
      />
      <Filters
        filters={[
          { name: 'q', label: t('find') },
          {
            name: 'state',
            label: t('state'),
            options: STATES.map((value) => ({ value, title: t(value) })),
          },
          ...(around.programmes.length > 1
            ? [
                {
                  name: 'programme',
                  label: t('ofProgramme'),
                  options: around.programmes.map((value) => ({ value, title: value })),
                },
              ]
            : []),
        ]}
      />
      <PagedTable
        label={kindName(kind)}
        pages={pages}
        columns={columns()}
        keyOf={({ key }) => key}
        hrefOf={({ key }) => href('definitions', kind, key)}
        empty={t('none')}
      />
    </>
  );
}
