// What was brought in from elsewhere. Owns: the list. Never touches: how it is brought in.

import type { JSX } from 'preact';
import { getV1Imports, type Import } from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { When } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { Head } from '../../../ui/head.js';
import { Status } from '../../../ui/parts.js';
import type { Column } from '../../../ui/table/columns.js';
import { Table } from '../../../ui/table/table.js';
import { IMPORTS } from './words.js';

const t = speaker(IMPORTS);

export function ImportState({ of }: { of: Import }): JSX.Element {
  if (of.endedAt === undefined) return <Status kind="accent">{t('running')}</Status>;
  return (of.came?.refused ?? 0) > 0 ? (
    <Status kind="warn">{t('refusedSome')}</Status>
  ) : (
    <Status kind="good">{t('ended')}</Status>
  );
}

const columns = (): readonly Column<Import>[] => [
  { name: 'name', title: t('name'), cell: ({ name }) => <code class="wrap">{name}</code> },
  { name: 'state', title: t('state'), cell: (one) => <ImportState of={one} /> },
  { name: 'began', title: t('began'), cell: ({ at }) => <When ms={at} form="time" /> },
  {
    name: 'members',
    title: t('members'),
    cell: ({ came }) => came && number(came.members),
    isNumber: true,
  },
  {
    name: 'lines',
    title: t('lines'),
    cell: ({ came }) => came && number(came.lines),
    isNumber: true,
    isMinor: true,
  },
  {
    name: 'refused',
    title: t('refused'),
    cell: ({ came }) => came && number(came.refused),
    isNumber: true,
  },
];

export default function Imports(): JSX.Element {
  const known = useAnswer(getV1Imports, {}, { isKept: false });
  return (
    <>
      <Head title={t('title')}>
        <p class="muted">{t('why')}</p>
      </Head>
      <Answered known={known}>
        {({ imports }) => (
          <Table
            label={t('title')}
            rows={[...imports].sort((a, b) => b.at - a.at)}
            columns={columns()}
            keyOf={({ name }) => name}
            hrefOf={({ name }) => href('imports', name)}
            empty={t('none')}
          />
        )}
      </Answered>
    </>
  );
}
