// An exchange with a partner outside. Owns: what is shown of its steps; that it is approved, cancelled, judged by hand. Never touches: steps.

import type { JSX } from 'preact';
import * as api from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Facts } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { Doing } from '../parts/doing.js';
import { Points } from '../parts/points.js';
import { COMMON } from '../parts/words.js';
import { StateTag } from './states.js';
import { PARTNERS } from './words.js';

const t = speaker(PARTNERS);
const c = speaker(COMMON);
const VERDICTS = ['done', 'not_done', 'retry'] as const;

export default function Exchange({ params }: ScreenProps): JSX.Element {
  const path = { exchange: params.exchange ?? '' };
  const known = useAnswer(api.getV1PartnerExchangesByExchange, { path });
  return (
    <>
      <Head
        title={path.exchange}
        crumbs={[{ title: t('exchanges'), href: href('partner-exchanges') }]}
        actions={known.answer && <Actions of={known.answer} />}
      />
      <Answered known={known}>
        {(exchange) => (
          <>
            <Card title={t('exchange')} action={<StateTag of={exchange.status} />}>
              <ExchangeFacts of={exchange} />
            </Card>
            <Card title={t('history')}>
              <Table
                label={t('history')}
                rows={exchange.history.map((one, n) => ({ ...one, n }))}
                keyOf={({ n }) => String(n)}
                columns={[
                  { name: 'step', title: t('step'), cell: ({ step }) => <code>{step}</code> },
                  {
                    name: 'answer',
                    title: t('answer'),
                    cell: ({ answer }) => <code>{answer}</code>,
                  },
                  { name: 'when', title: c('when'), cell: ({ at }) => date(at, 'time') },
                ]}
              />
            </Card>
          </>
        )}
      </Answered>
    </>
  );
}

const Side = ({ of }: { of: api.PartnerExchange['source'] }): JSX.Element => (
  <>
    {of.asset} · <a href={href('platforms', of.platform)}>{of.platform}</a>
    {of.user !== undefined && ` · ${t('userThere', { user: of.user })}`}
    {of.operation !== undefined && (
      <>
        {' '}
        <code>{of.operation}</code>
      </>
    )}
  </>
);

const ExchangeFacts = ({ of }: { of: api.PartnerExchange }): JSX.Element => (
  <Facts
    rows={[
      [
        t('member'),
        <a key="owner" href={href('members', of.owner)}>
          {of.owner}
        </a>,
      ],
      [
        t('receiver'),
        of.receiver && (
          <a key="to" href={href('members', of.receiver)}>
            {of.receiver}
          </a>
        ),
      ],
      [t('source'), <Side key="source" of={of.source} />],
      [t('target'), <Side key="target" of={of.target} />],
      [t('amount'), <Points key="amount" minor={of.amount} asset={of.source.asset} />],
      [t('fee'), <Points key="fee" minor={of.fee} asset={of.source.asset} />],
      [t('result'), <Points key="result" minor={of.result} asset={of.target.asset} />],
      [t('step'), <code key="step">{of.step}</code>],
      [t('reason'), of.reason],
      [
        t('inconsistency'),
        of.inconsistency && (
          <a key="in" href={href('inconsistencies', of.inconsistency)}>
            {of.inconsistency}
          </a>
        ),
      ],
      [t('submitted'), date(of.submittedAt, 'time')],
      [c('updated'), date(of.updatedAt, 'time')],
      [t('until'), date(of.until, 'time')],
      [t('ended'), of.endedAt && date(of.endedAt, 'time')],
    ]}
  />
);

function Actions({ of }: { of: api.PartnerExchange }): JSX.Element | null {
  const { exchange, owner, status, step } = of;
  if (status === 'completed' || status === 'failed') return null;
  const path = { exchange };
  return (
    <>
      {status === 'pending_approval' && may('settle') && (
        <>
          <Doing
            label={t('approve')}
            kind="main"
            what={t('approveWhat')}
            operation={api.postV1PartnerExchangesByExchangeApprove}
            asked={() => ({ path, body: { owner } })}
          />
          <Doing
            label={t('reject')}
            kind="danger"
            operation={api.postV1PartnerExchangesByExchangeApprove}
            isReasoned
            asked={(_, reason) => ({ path, body: { owner, rejects: true, reason } })}
          />
        </>
      )}
      {may('transfer') && (
        <Doing
          label={t('cancelIt')}
          kind="danger"
          what={t('cancelWhat')}
          operation={api.postV1PartnerExchangesByExchangeCancel}
          asked={() => ({ path, body: { owner } })}
        />
      )}
      {status !== 'pending_approval' && may('settle') && (
        <Doing
          label={t('verdict')}
          what={t('verdictWhat')}
          operation={api.postV1PartnerExchangesByExchangeVerdict}
          wanted={[
            {
              name: 'verdict',
              label: t('verdict'),
              value: 'retry',
              of: VERDICTS.map((one) => [one, t(`verdict_${one}`)]),
            },
          ]}
          isReasoned
          asked={({ verdict }, reason) => ({
            path,
            body: { step, verdict: verdict as (typeof VERDICTS)[number], reason },
          })}
        />
      )}
    </>
  );
}
