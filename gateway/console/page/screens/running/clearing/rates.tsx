// Rates between points of platforms, and what platforms have in reserve. Owns: what is shown of them, that one is said, that a reserve is filled. Never touches: exchanges.

import type { JSX } from 'preact';
import * as api from '../../../../../web/page/api/operations.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { href } from '../../../../../web/page/shell/router.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { minorOf } from '../../../../../web/page/words/words.js';
import { may } from '../../../shell/app.js';
import { Chart } from '../../../ui/chart/chart.js';
import { axisOf } from '../../../ui/chart/data.js';
import { Head } from '../../../ui/head.js';
import { Facts, Filters } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { Doing } from '../parts/doing.js';
import { choice, chosen } from '../parts/look.js';
import { Points, useScales } from '../parts/points.js';
import { COMMON } from '../parts/words.js';
import { DisputeTag } from './states.js';
import { CLEARING } from './words.js';

const t = speaker(CLEARING);
const c = speaker(COMMON);

export default function Rates(): JSX.Element {
  const assets = useAnswer(api.getV1Assets, {});
  const all = (assets.answer?.assets ?? []).map(({ asset }) => asset);
  const from = chosen('from') || (all[0] ?? '');
  const to = chosen('to');
  return (
    <>
      <Head title={t('rates')} crumbs={[{ title: t('coalitions'), href: href('clearing') }]}>
        <p class="muted">{t('ratesWhy')}</p>
      </Head>
      <Filters
        filters={[
          choice(
            'from',
            t('from'),
            all.map((asset) => [asset, asset]),
          ),
          choice(
            'to',
            t('target'),
            all.map((asset) => [asset, asset]),
          ),
        ]}
      />
      {from !== '' && <Targets from={from} />}
      {from !== '' && to !== '' && from !== to && <Pair from={from} to={to} />}
      <Reserves />
    </>
  );
}

function Targets({ from }: { from: string }): JSX.Element {
  const known = useAnswer(api.getV1ExchangeRatesByFrom, { path: { from } });
  return (
    <Card title={`${t('rate')}: ${from}`}>
      <Answered known={known}>
        {({ targets }) => (
          <Table
            label={t('rates')}
            rows={targets}
            keyOf={({ to }) => to}
            empty={t('rateNone')}
            columns={[
              {
                name: 'target',
                title: t('target'),
                cell: ({ to }) => (
                  <a href={`${href('rates')}?from=${from}&to=${encodeURIComponent(to)}`}>{to}</a>
                ),
              },
              {
                name: 'platform',
                title: t('platform'),
                cell: ({ platform }) => <a href={href('platforms', platform)}>{platform}</a>,
              },
              { name: 'rate', title: t('rate'), isNumber: true, cell: ({ rate }) => rate },
              { name: 'rateBy', title: t('rateBy'), cell: ({ by }) => t(`rateBy_${by}`) },
            ]}
          />
        )}
      </Answered>
    </Card>
  );
}

function Pair({ from, to }: { from: string; to: string }): JSX.Element {
  const path = { from, to };
  const known = useAnswer(api.getV1ExchangeRatesByFromByTo, { path });
  return (
    <Card title={t('rateOf', path)} action={may('settle') && <Give path={path} />}>
      <Answered known={known}>
        {({ rate, by, waiting, history }) => (
          <>
            <Facts
              rows={[
                [t('rate'), rate ?? t('rateNone')],
                [t('rateBy'), by && t(`rateBy_${by}`)],
                [t('waiting'), waiting && `${waiting.rate ?? '–'} (${waiting.by ?? ''})`],
              ]}
            />
            <History of={history} />
          </>
        )}
      </Answered>
    </Card>
  );
}

const Give = ({ path }: { path: { from: string; to: string } }): JSX.Element => (
  <Doing
    label={t('give')}
    isSeconded
    operation={api.putV1ExchangeRatesByFromByTo}
    wanted={[{ name: 'rate', label: t('rate'), hint: t('rateHint') }]}
    asked={({ rate = '' }) => ({ path, body: { rate: rate.trim() } })}
    shown={({ state }) => (state === 'waits' ? t('rateWaits') : c('done'))}
  />
);

function History({ of }: { of: readonly api.ExchangeRateVersion[] }): JSX.Element {
  if (of.length === 0) return <p class="muted">{t('historyNone')}</p>;
  const said = of.filter(({ rate, state }) => rate !== undefined && state !== 'draft');
  return (
    <>
      {said.length > 1 && (
        <Chart
          title={t('rate')}
          axis={axisOf(said.map(({ definedAt }) => date(definedAt, 'time')))}
          lines={[{ label: t('rate'), values: said.map(({ rate }) => Number(rate)) }]}
          format={String}
        />
      )}
      <Table
        label={t('history')}
        rows={[...of].reverse()}
        keyOf={({ version }) => String(version)}
        columns={[
          { name: 'version', title: t('version'), cell: ({ version }) => version },
          { name: 'state', title: c('state'), cell: ({ state }) => <DisputeTag of={state} /> },
          { name: 'rate', title: t('rate'), isNumber: true, cell: ({ rate }) => rate ?? '–' },
          { name: 'when', title: c('when'), cell: ({ definedAt }) => date(definedAt, 'time') },
          { name: 'by', title: t('by'), cell: ({ by }) => by },
        ]}
      />
    </>
  );
}

function Reserves(): JSX.Element {
  const known = useAnswer(api.getV1Platforms, {});
  const platform = chosen('platform');
  return (
    <Card title={t('reserves')}>
      <Answered known={known}>
        {({ platforms }) => (
          <>
            <Filters
              filters={[
                {
                  ...choice(
                    'platform',
                    t('platform'),
                    platforms.map(({ id, name }) => [id, name]),
                  ),
                  none: '–',
                },
              ]}
            />
            {platforms
              .find(({ id }) => id === platform)
              ?.assets.map((asset) => (
                <Reserve key={asset} path={{ platform, asset }} />
              ))}
          </>
        )}
      </Answered>
    </Card>
  );
}

function Reserve({ path }: { path: { platform: string; asset: string } }): JSX.Element {
  const known = useAnswer(api.getV1ReservesByPlatformAssetsByAsset, { path });
  const { asset } = path;
  const points = (minor: number): JSX.Element => <Points minor={minor} asset={asset} />;
  return (
    <Answered known={known}>
      {({ available, held, lent, funded, paid }) => (
        <section class="part" aria-label={`${t('reserve')} ${asset}`}>
          <div class="card-head">
            <h3>{asset}</h3>
            {may('settle') && <Fund path={path} />}
          </div>
          <Facts
            rows={[
              [t('available'), points(available)],
              [t('held'), points(held)],
              [t('lent'), points(lent)],
              [t('funded'), points(funded)],
              [t('paid'), points(paid)],
            ]}
          />
        </section>
      )}
    </Answered>
  );
}

function Fund({ path }: { path: { platform: string; asset: string } }): JSX.Element {
  const { asset } = path;
  const scale = useScales()(asset) ?? 0;
  return (
    <Doing
      label={t('fund')}
      title={`${t('fund')}: ${asset}`}
      what={t('fundWhat')}
      operation={api.postV1ReservesByPlatformAssetsByAssetFund}
      wanted={[
        {
          name: 'amount',
          label: t('fundAmount', { asset }),
          isRight: (text) => minorOf(text, scale) !== undefined,
        },
      ]}
      isReasoned
      asked={({ amount = '' }, memo) => ({
        path,
        body: { amount: minorOf(amount, scale) ?? 0, memo },
      })}
    />
  );
}
