// A correction: how far it is, what it has posted, what it could not.

import type { JSX } from 'preact';
import {
  type CorrectionResult,
  deleteV1CorrectionsByJob,
  getV1CorrectionsByJob,
} from '../../../../../web/page/api/operations.js';
import { number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card, Note } from '../../../../../web/page/ui/parts.js';
import { Head } from '../../../ui/head.js';
import { Table } from '../../../ui/table/table.js';
import { JobShown, useSimulation } from '../simulations/job.js';
import { Figure, Result } from '../simulations/result.js';
import { SIMULATIONS } from '../simulations/words.js';

const t = speaker(SIMULATIONS);

export default function One({ params }: ScreenProps): JSX.Element {
  const { job: id = '' } = params;
  const known = useSimulation(getV1CorrectionsByJob, id);
  const { answer: job } = known;
  return (
    <>
      <Head
        title={job === undefined ? t('correction') : `${t('correction')}: ${job.correction}`}
        crumbs={[{ title: t('corrections'), href: href('corrections') }]}
      />
      <JobShown job={known} end={deleteV1CorrectionsByJob}>
        {({ result }) =>
          result && (
            <>
              <Posted result={result} />
              <Result result={result.simulation} />
            </>
          )
        }
      </JobShown>
    </>
  );
}

function Posted({ result }: { result: CorrectionResult }): JSX.Element {
  const { posted, repeated, unreported, uncorrected, refused } = result;
  return (
    <>
      <dl class="figures">
        <Figure name={t('posted')} value={number(posted)} />
        <Figure name={t('repeated')} value={number(repeated)} />
        <Figure name={t('refusedActs')} value={number(refused.acts)} />
        <Figure name={t('unreported')} value={number(unreported)} />
      </dl>
      {uncorrected.map(({ kind, key, events, why }) => (
        <Note key={`${kind}/${key}`} kind="warn">
          <p>
            {t('uncorrected')}: <a href={href('definitions', kind, key)}>{`${kind}/${key}`}</a> (
            {number(events)} {t('events')})
          </p>
          <p>{why}</p>
        </Note>
      ))}
      {refused.named.length > 0 && (
        <Card title={t('refusedActs')}>
          <Table
            label={t('refusedActs')}
            rows={refused.named}
            columns={[
              { name: 'member', title: t('member'), cell: ({ owner }) => owner },
              { name: 'event', title: t('event'), cell: ({ event }) => event },
              { name: 'code', title: t('code'), cell: ({ code }) => <code>{code}</code> },
            ]}
            keyOf={({ owner, event, code }) => `${owner} ${event} ${code}`}
            hrefOf={({ owner }) => href('members', owner)}
          />
        </Card>
      )}
    </>
  );
}
