// One import: how far it is, what members have by it. Owns: this screen. Never touches: how it is brought in (`jifen import`).

import type { JSX } from 'preact';
import {
  getV1ImportsByImport,
  type ImportWithSums,
} from '../../../../../web/page/api/operations.js';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card, Skeleton, When } from '../../../../../web/page/ui/parts.js';
import { Unanswered } from '../../../../../web/page/ui/told.js';
import { JobProgress, useJob } from '../../../ui/acting/job.js';
import { Head } from '../../../ui/head.js';
import { Facts, Id } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { Points } from '../parts/points.js';
import { ImportState } from './list.js';
import { IMPORTS } from './words.js';

const t = speaker(IMPORTS);
const isRunning = ({ endedAt }: ImportWithSums): boolean => endedAt === undefined;

export default function ImportScreen({ params }: ScreenProps): JSX.Element {
  const name = params.import ?? '';
  const { answer, problem } = useJob(getV1ImportsByImport, { path: { import: name } }, isRunning);
  return (
    <>
      <Head title={name} crumbs={[{ title: t('title'), href: href('imports') }]} />
      {answer === undefined &&
        (problem === undefined ? <Skeleton lines={6} /> : <Unanswered problem={problem} />)}
      {answer && (
        <>
          <JobProgress problem={problem} isRunning={isRunning(answer)} />
          <Told of={answer} />
        </>
      )}
    </>
  );
}

function Told({ of }: { of: ImportWithSums }): JSX.Element {
  const { came } = of;
  const brought = Object.entries(of.brought).map(([asset, minor]) => ({ asset, minor }));
  return (
    <>
      <Facts
        rows={[
          [t('state'), <ImportState key="state" of={of} />],
          [t('began'), <When key="at" ms={of.at} form="time" />],
          [t('endedAt'), of.endedAt !== undefined && <When ms={of.endedAt} form="time" />],
          [t('members'), came && number(came.members)],
          [t('lines'), came && number(came.lines)],
          [t('refused'), came && number(came.refused)],
          [t('digest'), <Id key="digest" id={of.digest} label={t('digest')} />],
        ]}
      />
      <Card title={t('brought')}>
        <p class="muted">{t('broughtWhy', { account: `@import:${of.name}` })}</p>
        <Table
          label={t('brought')}
          rows={brought}
          columns={[
            { name: 'asset', title: t('asset'), cell: ({ asset }) => <code>{asset}</code> },
            {
              name: 'amount',
              title: t('amount'),
              cell: (one) => <Points {...one} />,
              isNumber: true,
            },
          ]}
          keyOf={({ asset }) => asset}
          empty={t('nothing')}
        />
      </Card>
    </>
  );
}
