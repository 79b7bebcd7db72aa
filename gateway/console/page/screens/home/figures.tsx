// Figures of the last days, by the report `daily`: each leads to where it comes from.

import type { JSX } from 'preact';
import { getV1Assets, getV1ReportsByName } from '../../../../web/page/api/operations.js';
import type { AnswerOf } from '../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../web/page/shell/answers.js';
import { amount, date, number, speaker } from '../../../../web/page/shell/language.js';
import { ask, href, place } from '../../../../web/page/shell/router.js';
import { Card, Field, Note } from '../../../../web/page/ui/parts.js';
import { Answered } from '../../../../web/page/ui/told.js';
import { Chart } from '../../ui/chart/chart.js';
import { type Cell, numberOf, pivot } from '../../ui/chart/data.js';
import { HOME } from './words.js';

const t = speaker(HOME);
const DAYS = [7, 30, 90] as const;
const FLOWS = ['earned', 'spent', 'redeemed', 'expired'] as const;
const DAY_MS = 86_400_000;

type Figures = AnswerOf<typeof getV1ReportsByName>;

/** A day of the browser's zone, as reports take it. */
const dayOf = (ms: number): string => {
  const at = new Date(ms);
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
};

const sumOf = (rows: readonly (readonly Cell[])[], column: number): number =>
  rows.reduce((sum, row) => sum + (numberOf(row[column]) ?? 0), 0);

/** The asset that most was earned of. */
function largest({ columns, rows }: Figures): string {
  const [asset, earned] = ['asset', 'earned'].map((name) =>
    columns.findIndex((column) => column.name === name),
  ) as [number, number];
  const sums = new Map<string, number>();
  for (const row of rows)
    sums.set(
      String(row[asset]),
      (sums.get(String(row[asset])) ?? 0) + (numberOf(row[earned]) ?? 0),
    );
  return [...sums].sort((a, b) => b[1] - a[1])[0]?.[0] ?? '';
}

export function FigureCard(): JSX.Element {
  const { query } = place.value;
  const days = DAYS.find((one) => String(one) === query.days) ?? 30;
  const now = Date.now();
  const asked = {
    from: dayOf(now - (days - 1) * DAY_MS),
    to: dayOf(now + DAY_MS),
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
  const known = useAnswer(getV1ReportsByName, { path: { name: 'daily' }, query: asked });
  const assets = useAnswer(getV1Assets, {});
  const isOff = known.problem?.code === 'REPORTS_OFF';
  return (
    <Card
      title={t('figures')}
      action={
        <div class="line">
          <Field
            label={t('days')}
            value={String(days)}
            onInput={(value) => ask({ ...place.peek().query, days: value })}
          >
            {DAYS.map((one) => (
              <option key={one} value={String(one)}>
                {t('lastDays', { n: one })}
              </option>
            ))}
          </Field>
          <Field
            label={t('asset')}
            value={query.asset ?? (known.answer === undefined ? '' : largest(known.answer))}
            onInput={(value) => ask({ ...place.peek().query, asset: value })}
          >
            {assets.answer?.assets.map(({ asset }) => (
              <option key={asset} value={asset}>
                {asset}
              </option>
            ))}
          </Field>
        </div>
      }
    >
      {isOff && known.answer === undefined ? (
        <Note icon="chart">
          <p>{t('off')}</p>
        </Note>
      ) : (
        <Answered known={known} lines={8}>
          {(figures) => {
            const asset = query.asset ?? largest(figures);
            const scale = assets.answer?.assets.find((one) => one.asset === asset)?.scale ?? 0;
            return <Shown figures={figures} asset={asset} scale={scale} asked={asked} />;
          }}
        </Answered>
      )}
    </Card>
  );
}

function Shown({
  figures,
  asset,
  scale,
  asked,
}: {
  figures: Figures;
  asset: string;
  scale: number;
  asked: Readonly<Record<string, string>>;
}): JSX.Element {
  const columnOf = (name: string): number =>
    figures.columns.findIndex((column) => column.name === name);
  const rows = figures.rows.filter((row) => row[columnOf('asset')] === asset);
  if (rows.length === 0) return <p class="none">{t('noFigures')}</p>;
  const leads = `${href('reports', 'daily')}?${new URLSearchParams({ ...asked, asset })}`;
  const { axis, lines } = pivot(rows, {
    x: columnOf('date'),
    values: FLOWS.map(columnOf),
    labels: FLOWS.map((name) => t(name)),
    most: FLOWS.length,
    others: '',
    none: '',
  });
  const days = new Set(rows.map((row) => row[columnOf('date')])).size;
  return (
    <>
      <ul class="sums">
        {FLOWS.map((name) => (
          <li key={name}>
            <a href={leads}>
              <span class="muted">{t(name)}</span>
              <strong>{amount(sumOf(rows, columnOf(name)), scale)}</strong>
            </a>
          </li>
        ))}
        <li>
          <a href={leads}>
            <span class="muted">{t('active')}</span>
            <strong>{number(Math.round(sumOf(rows, columnOf('active')) / days))}</strong>
          </a>
        </li>
      </ul>
      <Chart
        title={t('figures')}
        axis={axis}
        lines={lines}
        format={(value) => amount(value, scale)}
        of={t('day')}
      />
      <p class="foot">
        {figures.asOfTime !== null && t('asOf', { when: date(figures.asOfTime, 'time') })}{' '}
        <a href={leads}>{t('more')}</a>
      </p>
    </>
  );
}
