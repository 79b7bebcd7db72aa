// Leaderboards. Owns: the list. Never touches: scores.

import type { JSX } from 'preact';
import {
  type DefinitionHistory,
  getV1DefinitionsByKind,
} from '../../../../../web/page/api/operations.js';
import { speaker } from '../../../../../web/page/shell/language.js';
import { usePages } from '../../../../../web/page/shell/pages.js';
import { href } from '../../../../../web/page/shell/router.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import type { Column } from '../../../ui/table/columns.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { StandingBadge } from '../definitions/parts.js';
import { documentOf, nameOf, standingOf } from '../definitions/standing.js';
import { DEFINITIONS } from '../definitions/words.js';
import { BOARDS } from './words.js';

const t = speaker(BOARDS);
const d = speaker(DEFINITIONS);
const PERIODS = ['day', 'week', 'month', 'once'] as const;
const COUNTS = ['points', 'events', 'tasks', 'badges'] as const;

/** One of some words, as it is called; anything else as it is. */
const called = (of: readonly (keyof (typeof BOARDS)['en'])[], word: unknown): string => {
  const known = of.find((one) => one === word);
  return known === undefined ? String(word ?? '–') : t(known);
};

const columns = (): readonly Column<DefinitionHistory>[] => [
  { name: 'name', title: t('name'), cell: (one) => nameOf(one) ?? one.key },
  { name: 'key', title: t('key'), cell: ({ key }) => <code>{key}</code>, isMinor: true },
  { name: 'state', title: t('state'), cell: (one) => <StandingBadge standing={standingOf(one)} /> },
  {
    name: 'every',
    title: t('every'),
    cell: (one) => called(PERIODS, documentOf(one)['period']),
  },
  {
    name: 'counts',
    title: t('counts'),
    cell: (one) => called(COUNTS, documentOf(one)['counts'] ?? 'points'),
    isMinor: true,
  },
];

export default function Leaderboards(): JSX.Element {
  const pages = usePages(
    getV1DefinitionsByKind,
    { path: { kind: 'leaderboard' } },
    ({ definitions }) => definitions,
  );
  return (
    <>
      <Head
        title={t('title')}
        actions={
          may('configure') && (
            <a class="button main" href={href('new-definition', 'leaderboard')}>
              {d('new')}
            </a>
          )
        }
      />
      <PagedTable
        label={t('title')}
        pages={pages}
        columns={columns()}
        keyOf={({ key }) => key}
        hrefOf={({ key }) => href('leaderboards', key)}
        empty={t('none')}
      />
    </>
  );
}
