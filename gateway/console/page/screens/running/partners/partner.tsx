// A partner outside. Owns: what is shown of it and changed; that it is asked how it is, reconciled, put into maintenance. Never touches: how it is asked.

import type { JSX } from 'preact';
import * as api from '../../../../../web/page/api/operations.js';
import { NewPartner } from '../../../../../web/page/api/schemas.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, number, speaker } from '../../../../../web/page/shell/language.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card, Note } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Facts } from '../../../ui/parts.js';
import { Doing, Once, rotation } from '../parts/doing.js';
import { Editor, only } from '../parts/editor.js';
import { Chips } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { BreakerTag } from './partners.js';
import { Reconciling } from './reconciling.js';
import { StateTag } from './states.js';
import { PARTNERS } from './words.js';

const t = speaker(PARTNERS);
const c = speaker(COMMON);
const CHANGEABLE = [
  ...['url', 'assets', 'inboundAssets', 'name', 'adapter', 'createsUsers', 'reconcileAt'],
  ...['graceSeconds', 'callsAtOnce'],
];

export default function Partner({ params }: ScreenProps): JSX.Element {
  const path = { platform: params.platform ?? '' };
  const known = useAnswer(api.getV1PartnersByPlatform, { path });
  return (
    <>
      <Head
        title={known.answer?.name ?? path.platform}
        crumbs={[{ title: t('partners'), href: href('partners') }]}
        actions={
          known.answer && (
            <>
              {may('settle') && <Reconciling partner={path.platform} />}
              {may('admin') && <Actions of={known.answer} />}
            </>
          )
        }
      />
      <Answered known={known}>
        {(partner) => (
          <>
            <Card title={t('partner')} action={<StateTag of={partner.state} />}>
              <PartnerFacts of={partner} />
            </Card>
            <nav class="links" aria-label={partner.platform}>
              <a href={href('platforms', partner.platform)}>{c('platform')}</a>
              <a
                href={`${href('partner-exchanges')}?partner=${encodeURIComponent(partner.platform)}`}
              >
                {t('exchanges')}
              </a>
              <a
                href={`${href('inconsistencies')}?partner=${encodeURIComponent(partner.platform)}`}
              >
                {t('inconsistencies')}
              </a>
              <a
                href={`${href('reconciliations')}?partner=${encodeURIComponent(partner.platform)}`}
              >
                {t('reconciliations')}
              </a>
            </nav>
          </>
        )}
      </Answered>
    </>
  );
}

const PartnerFacts = ({ of }: { of: api.Partner }): JSX.Element => (
  <Facts
    rows={[
      [c('platform'), <code key="id">{of.platform}</code>],
      [t('url'), <code key="url">{of.url}</code>],
      [
        t('breaker'),
        <span key="breaker">
          <BreakerTag of={of.breaker} />{' '}
          {of.breaker?.why !== undefined && <span class="muted">{of.breaker.why}</span>}
          {of.breaker?.since !== undefined && (
            <span class="muted">
              {' '}
              {t('since')} {date(of.breaker.since, 'time')}
            </span>
          )}
        </span>,
      ],
      [c('assets'), <Chips key="assets" of={of.assets} />],
      [t('inbound'), of.inboundAssets && <Chips key="inbound" of={of.inboundAssets} />],
      [t('createsUsers'), c(of.createsUsers ? 'yes' : 'no')],
      [t('calls'), of.callsAtOnce && number(of.callsAtOnce)],
      [t('reconcileAt'), of.reconcileAt ?? c('never')],
      [t('grace'), of.graceSeconds === undefined ? undefined : number(of.graceSeconds)],
      [c('created'), date(of.createdAt, 'time')],
      [c('updated'), date(of.updatedAt, 'time')],
    ]}
  />
);

const CheckNote = ({ of }: { of: api.PartnerChecked }): JSX.Element => (
  <Note kind={of.isWell ? 'good' : 'danger'} icon={of.isWell ? 'check' : 'cross'}>
    {of.isWell
      ? t('checkWell', { n: Math.round(of.ms) })
      : t('checkNot', { why: [of.status, of.why].filter(Boolean).join(' ') })}
  </Note>
);

function Actions({ of }: { of: api.Partner }): JSX.Element {
  const path = { platform: of.platform };
  return (
    <>
      <Doing
        label={t('check')}
        operation={api.postV1PartnersByPlatformCheck}
        asked={() => ({ path })}
        shown={(found) => <CheckNote of={found} />}
      />
      <Editor
        label={c('change')}
        title={t('partnerChange')}
        schema={NewPartner}
        value={only(of, CHANGEABLE)}
        operation={api.putV1PartnersByPlatform}
        asked={(body) => ({ path, body })}
      />
      <Doing
        label={t('newToken')}
        what={c('rotateWhat')}
        operation={api.postV1PartnersByPlatformToken}
        {...rotation((body) => ({ path, body }))}
        shown={({ inboundToken }) => <Once label={t('token')} text={inboundToken} />}
      />
      {of.state === 'maintenance' ? (
        <Doing
          key="resume"
          label={t('resume')}
          operation={api.postV1PartnersByPlatformResume}
          asked={() => ({ path })}
        />
      ) : (
        <Doing
          key="maintenance"
          label={t('maintenance')}
          what={t('maintenanceWhat')}
          operation={api.postV1PartnersByPlatformMaintenance}
          asked={() => ({ path })}
        />
      )}
      <Doing
        label={c('remove')}
        kind="danger"
        what={t('partnerRemoveWhat')}
        operation={api.deleteV1PartnersByPlatform}
        asked={() => ({ path })}
        onDone={() => go(href('partners'))}
      />
    </>
  );
}
