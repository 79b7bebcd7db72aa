// A campaign: what it has cost so far, and what it will.

import type { JSX } from 'preact';
import {
  getV1CampaignsByCampaignCost,
  getV1DefinitionsByKindByKey,
} from '../../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { amount, number, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card, Note, Progress, When } from '../../../../../web/page/ui/parts.js';
import { Answered, isMissing } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Chart } from '../../../ui/chart/chart.js';
import { axisOf } from '../../../ui/chart/data.js';
import { Head } from '../../../ui/head.js';
import { useKindSchema } from '../definitions/known.js';
import { DocumentShown } from '../definitions/parts.js';
import { nameOf } from '../definitions/standing.js';
import { useScale } from '../mall/scale.js';
import { Figure } from '../simulations/result.js';
import { CampaignStatus } from './list.js';
import { campaignOf } from './standing.js';
import { CAMPAIGNS } from './words.js';

const t = speaker(CAMPAIGNS);

export default function Campaign({ params }: ScreenProps): JSX.Element {
  const { campaign: key = '' } = params;
  const known = useAnswer(getV1DefinitionsByKindByKey, { path: { kind: 'campaign', key } });
  const cost = useAnswer(getV1CampaignsByCampaignCost, { path: { campaign: key } });
  const schema = useKindSchema('campaign');
  const { answer } = known;
  return (
    <>
      <Head
        title={(answer && nameOf(answer)) ?? key}
        crumbs={[{ title: t('campaigns'), href: href('campaigns') }]}
        actions={
          !isMissing(known.problem) && (
            <>
              {may('configure') && (
                <a
                  class="button plain"
                  href={`${href('simulations')}?add=campaign/${encodeURIComponent(key)}`}
                >
                  {t('simulate')}
                </a>
              )}
              <a class="button plain" href={href('definitions', 'campaign', key)}>
                {t('definition')}
              </a>
            </>
          )
        }
      >
        {answer && (
          <p>
            <CampaignStatus standing={campaignOf(answer).standing} />
          </p>
        )}
      </Head>
      {!isMissing(known.problem) && (
        <Answered known={cost}>{(one) => <Cost cost={one} />}</Answered>
      )}
      <Answered known={known}>
        {(history) => (
          <Card title={t('decides')}>
            <Answered known={schema}>
              {(of) => (
                <DocumentShown
                  kind="campaign"
                  schema={of}
                  document={campaignOf(history).document}
                />
              )}
            </Answered>
          </Card>
        )}
      </Answered>
    </>
  );
}

/** So many blocks of the logs are always on their way. */
const BEHIND = 1_000;

function Cost({ cost }: { cost: AnswerOf<typeof getV1CampaignsByCampaignCost> }): JSX.Element {
  const scale = useScale(cost.asset);
  const points = (minor: number): string => amount(minor, scale);
  const leads = href('reports', 'top-campaigns');
  const { days, forecast, from, to, events, behind } = cost;
  const now = Date.now();
  const part = to <= from ? 100 : ((Math.min(now, to) - from) / (to - from)) * 100;
  return (
    <>
      <p class="muted">
        <When ms={from} form="time" /> – <When ms={to} form="time" /> · {cost.asset} ·{' '}
        {t('asOf', { asOf: cost.asOf })}
      </p>
      {behind > BEHIND && <Note kind="warn">{t('behind', { n: behind })}</Note>}
      <Progress value={Math.max(0, part)} label={t('progress')} />
      <dl class="figures">
        <Figure name={t('cost')} value={points(cost.cost)} hint={t('costWhy')} href={leads} />
        {forecast && (
          <Figure
            name={t('forecast')}
            value={points(forecast.cost)}
            href={leads}
            hint={t('forecastWhy', {
              n: forecast.days,
              left: number(forecast.left),
              low: points(forecast.low),
              high: points(forecast.high),
            })}
          />
        )}
        <Figure name={t('points')} value={points(cost.points)} href={leads} />
        <Figure name={t('events')} value={number(events)} href={leads} />
        <Figure name={t('members')} value={number(cost.members)} href={leads} />
        {events > 0 && (
          <Figure
            name={t('perEvent')}
            value={points(Math.round(cost.cost / events))}
            href={leads}
          />
        )}
      </dl>
      <Card title={t('byDay')}>
        {days.length === 0 ? (
          <p class="muted">{t('nothing')}</p>
        ) : (
          <Chart
            title={t('byDay')}
            kind="bars"
            axis={axisOf(days.map(({ day }) => day))}
            lines={[{ label: t('cost'), values: days.map((one) => one.cost) }]}
            format={points}
          />
        )}
      </Card>
    </>
  );
}
