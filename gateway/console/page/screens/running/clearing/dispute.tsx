// A dispute about what is owed. Owns: what is shown of it; that it is answered, decided, reopened. Never touches: points.

import type { JSX } from 'preact';
import * as api from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { minorOf } from '../../../../../web/page/words/words.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Facts } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { Doing } from '../parts/doing.js';
import { Points, useScales } from '../parts/points.js';
import { DisputeTag } from './states.js';
import { CLEARING } from './words.js';

const t = speaker(CLEARING);

export default function Dispute({ params }: ScreenProps): JSX.Element {
  const path = { coalition: params.coalition ?? '', dispute: params.dispute ?? '' };
  const known = useAnswer(api.getV1ClearingByCoalitionDisputesByDispute, { path });
  return (
    <>
      <Head
        title={path.dispute}
        crumbs={[{ title: t('disputes'), href: href('disputes') }]}
        actions={known.answer && may('settle') && <Actions of={known.answer} path={path} />}
      />
      <Answered known={known}>
        {(dispute) => (
          <>
            <Card title={t('dispute')} action={<DisputeTag of={dispute.state} />}>
              <DisputeFacts of={dispute} coalition={path.coalition} />
            </Card>
            <Card title={t('disputed')}>
              <Table
                label={t('disputed')}
                rows={dispute.lines}
                keyOf={({ debtor, creditor, asset }) => `${debtor} ${creditor} ${asset}`}
                columns={[
                  { name: 'debtor', title: t('debtor'), cell: ({ debtor }) => debtor },
                  { name: 'creditor', title: t('creditor'), cell: ({ creditor }) => creditor },
                  ...(['owed', 'disputed', 'settled'] as const).map(
                    (name) =>
                      ({
                        name,
                        title: t(name === 'owed' ? 'owes' : name),
                        isNumber: true,
                        cell: (line: api.Dispute['lines'][number]) => (
                          <Points minor={line[name]} asset={line.asset} />
                        ),
                      }) as const,
                  ),
                ]}
              />
            </Card>
          </>
        )}
      </Answered>
    </>
  );
}

const DisputeFacts = ({ of, coalition }: { of: api.Dispute; coalition: string }): JSX.Element => (
  <Facts
    rows={[
      [
        t('coalition'),
        <a key="c" href={href('clearing', coalition)}>
          {coalition}
        </a>,
      ],
      [
        t('by'),
        <a key="by" href={href('platforms', of.by)}>
          {of.by}
        </a>,
      ],
      [
        t('other'),
        <a key="other" href={href('platforms', of.other)}>
          {of.other}
        </a>,
      ],
      [
        t('cycle'),
        of.cycle && (
          <a key="cycle" href={href('clearing', coalition, String(of.cycle))}>
            {of.cycle}
          </a>
        ),
      ],
      [
        t('member'),
        of.owner && (
          <a key="m" href={href('members', of.owner)}>
            {of.owner}
          </a>
        ),
      ],
      [t('exchange'), of.exchange && <code key="x">{of.exchange}</code>],
      [t('reason'), of.reason],
      [t('answer'), of.answer],
      [t('decision'), of.decision],
      [t('opened'), date(of.openedAt, 'time')],
      [t('answerBy'), date(of.answerBy, 'time')],
      [t('ended'), of.endedAt && date(of.endedAt, 'time')],
    ]}
  />
);

type Scales = (asset: string) => number | undefined;

/** What was typed for each line, in minor units; undefined: it is not one amount for each. */
function amountsOf(text: string, of: api.Dispute, scaleOf: Scales): number[] | undefined {
  const parts = text.split(/\s+/).filter(Boolean);
  const amounts = parts.flatMap((part, n) => {
    const line = of.lines[n];
    const scale = line && scaleOf(line.asset);
    if (scale === undefined) return [];
    return /^0+(\.0*)?$/.test(part) ? [0] : (minorOf(part, scale) ?? []);
  });
  return parts.length === of.lines.length && amounts.length === parts.length ? amounts : undefined;
}

function Actions({
  of,
  path,
}: {
  of: api.Dispute;
  path: { coalition: string; dispute: string };
}): JSX.Element {
  const scaleOf = useScales();
  const isOpen = of.state === 'open' || of.state === 'answered';
  if (!isOpen)
    return (
      <>
        {(of.state === 'settled' || of.state === 'rejected') && (
          <Doing
            label={t('reopen')}
            operation={api.postV1ClearingByCoalitionDisputesByDisputeReopen}
            isReasoned
            asked={(_, reason) => ({ path, body: { reason } })}
          />
        )}
      </>
    );
  return (
    <>
      <Doing
        label={t('settle')}
        kind="main"
        operation={api.postV1ClearingByCoalitionDisputesByDisputeSettle}
        wanted={[
          {
            name: 'amounts',
            label: t('amounts'),
            hint: t('amountsHint'),
            isOptional: true,
            isRight: (text) => amountsOf(text, of, scaleOf) !== undefined,
          },
        ]}
        isReasoned
        asked={({ amounts = '' }, reason) => ({
          path,
          body: {
            reason,
            ...(amounts.trim() !== '' && { amounts: amountsOf(amounts, of, scaleOf) ?? [] }),
          },
        })}
      />
      <Doing
        label={t('reject')}
        kind="danger"
        operation={api.postV1ClearingByCoalitionDisputesByDisputeReject}
        isReasoned
        asked={(_, reason) => ({ path, body: { reason } })}
      />
      {of.state === 'open' && <Answering of={of} path={path} />}
      <Doing
        label={t('withdraw')}
        operation={api.postV1ClearingByCoalitionDisputesByDisputeWithdraw}
        isReasoned
        asked={(_, reason) => ({ path, body: { reason, platform: of.by } })}
      />
    </>
  );
}

const Answering = ({
  of,
  path,
}: {
  of: api.Dispute;
  path: { coalition: string; dispute: string };
}): JSX.Element => (
  <Doing
    label={t('answer')}
    what={t('answerFor', { platform: of.other })}
    operation={api.postV1ClearingByCoalitionDisputesByDisputeAnswer}
    wanted={[
      {
        name: 'agrees',
        label: t('agrees'),
        value: 'no',
        of: [
          ['no', t('agreesNo')],
          ['yes', t('agreesYes')],
        ],
      },
      { name: 'answer', label: t('answer'), maxLength: 200 },
    ]}
    asked={({ agrees, answer = '' }) => ({
      path,
      body: { answer, platform: of.other, ...(agrees === 'yes' && { agrees: true }) },
    })}
  />
);
