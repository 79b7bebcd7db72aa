// Something that a partner and the ledger do not agree on. Owns: what is shown of it; that it is resolved or disputed. Never touches: points.

import type { JSX } from 'preact';
import {
  getV1InconsistenciesByInconsistency,
  type Inconsistency as Known,
  postV1InconsistenciesByInconsistencyDispute,
  postV1InconsistenciesByInconsistencyResolve,
} from '../../../../../web/page/api/operations.js';
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
import { Doing } from '../parts/doing.js';
import { Points, useScales } from '../parts/points.js';
import { COMMON } from '../parts/words.js';
import { StateTag } from './states.js';
import { PARTNERS } from './words.js';

const t = speaker(PARTNERS);
const c = speaker(COMMON);

export default function Inconsistency({ params }: ScreenProps): JSX.Element {
  const path = { inconsistency: params.inconsistency ?? '' };
  const known = useAnswer(getV1InconsistenciesByInconsistency, { path });
  return (
    <>
      <Head
        title={path.inconsistency}
        crumbs={[{ title: t('inconsistencies'), href: href('inconsistencies') }]}
        actions={known.answer?.state === 'open' && may('settle') && <Actions of={known.answer} />}
      />
      <Answered known={known}>
        {(found) => (
          <Card title={t('inconsistency')} action={<StateTag of={found.state} />}>
            <Facts
              rows={[
                [t('kind'), <code key="kind">{found.kind}</code>],
                [
                  t('partner'),
                  <a key="p" href={href('partners', found.partner)}>
                    {found.partner}
                  </a>,
                ],
                [t('finding'), <code key="finding">{found.finding}</code>],
                [
                  t('exchange'),
                  found.exchange && (
                    <a key="x" href={href('partner-exchanges', found.exchange)}>
                      {found.exchange}
                    </a>
                  ),
                ],
                [t('operation'), found.operation && <code key="op">{found.operation}</code>],
                [t('ours'), <Side key="ours" of={found} minor={found.ours} />],
                [t('theirs'), <Side key="theirs" of={found} minor={found.theirs} />],
                [t('opened'), date(found.openedAt, 'time')],
                [t('resolved'), found.resolvedAt && date(found.resolvedAt, 'time')],
                [c('reason'), found.reason],
                [t('by'), found.by],
              ]}
            />
          </Card>
        )}
      </Answered>
    </>
  );
}

const Side = ({ of: { asset }, minor }: { of: Known; minor: number | undefined }): JSX.Element =>
  minor === undefined || asset === undefined ? (
    <span>{minor ?? '–'}</span>
  ) : (
    <Points minor={minor} asset={asset} />
  );

function Actions({ of }: { of: Known }): JSX.Element {
  const path = { inconsistency: of.inconsistency };
  const scale = useScales()(of.asset ?? '') ?? 0;
  return (
    <>
      <Doing
        label={t('resolve')}
        kind="main"
        what={t('resolveWhat')}
        operation={postV1InconsistenciesByInconsistencyResolve}
        isReasoned
        asked={(_, reason) => ({ path, body: { reason } })}
      />
      {of.exchange !== undefined && (
        <Doing
          label={t('dispute')}
          what={t('disputeWhat')}
          operation={postV1InconsistenciesByInconsistencyDispute}
          wanted={[
            { name: 'platform', label: t('disputeFor') },
            {
              name: 'disputed',
              label: t('amount'),
              hint: t('disputeAmount'),
              isOptional: true,
              isRight: (text) => minorOf(text, scale) !== undefined,
            },
          ]}
          isReasoned
          asked={({ platform = '', disputed = '' }, reason) => ({
            path,
            body: {
              platform,
              reason,
              ...(disputed.trim() !== '' && { disputed: minorOf(disputed, scale) ?? 0 }),
            },
          })}
        />
      )}
    </>
  );
}
