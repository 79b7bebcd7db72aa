// A report. Owns: what it is asked with (in the address), its drawings, its rows, its files. Never touches: what its figures mean (GET /v1/reports).

import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import {
  type Report as Answer,
  getV1Reports,
  getV1ReportsByName,
  type ListedReport as Known,
} from '../../../../../web/page/api/operations.js';
import type { Asked } from '../../../../../web/page/calls/operation.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { amount, date, language, number, speaker } from '../../../../../web/page/shell/language.js';
import { href, place } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card, Note } from '../../../../../web/page/ui/parts.js';
import { SaveFile } from '../../../../../web/page/ui/save-file.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { Chart } from '../../../ui/chart/chart.js';
import { Head } from '../../../ui/head.js';
import { Facts, type Filter, Filters } from '../../../ui/parts.js';
import { PagedTable } from '../../../ui/table/paged-table.js';
import { choice } from '../parts/look.js';
import { useScales } from '../parts/points.js';
import { cellText, dayAfter, drawingsOf, type ReportColumn, type Writing } from './shape.js';
import { type WholeRow, wholeOf } from './whole.js';
import { REPORTS } from './words.js';

const t = speaker(REPORTS);
type Parameter = Known['parameters'][number];

const FILES = [
  ['csv', 'text/csv'],
  ['xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['parquet', 'application/vnd.apache.parquet'],
] as const;

export default function Report({ params }: ScreenProps): JSX.Element {
  const known = useAnswer(getV1Reports, {});
  const report = known.answer?.reports.find(({ name }) => name === params.report);
  const now = language.value;
  return (
    <>
      <Head
        title={report?.title[now] ?? params.report ?? ''}
        crumbs={[{ title: t('reports'), href: href('reports') }]}
        actions={report && <Files of={report} />}
      >
        <p class="muted">{report?.about[now]}</p>
      </Head>
      <Answered known={known}>
        {() => (report === undefined ? <Note>{t('unknown')}</Note> : <Shown of={report} />)}
      </Answered>
    </>
  );
}

type Query = NonNullable<Asked<typeof getV1ReportsByName>['query']>;

/** What of the address is asked: days are from their first moment, or to the end of them, in the report's zone. */
function queryOf({ parameters }: Known): Query {
  const said = place.value.query;
  const pairs = parameters.flatMap(({ name, type }): [string, string | number][] => {
    const text = said[name] ?? '';
    if (text === '') return [];
    if (type === 'integer') return [[name, Number(text)]];
    return [[name, type === 'time' && name !== 'from' ? dayAfter(text) : text]];
  });
  return Object.fromEntries(pairs) as Query;
}

/** What is filled in where nothing is said. */
const usually = (usual: string | undefined): string =>
  usual === undefined ? t('all') : t('usually', { value: usual });

const SHORT = [
  ...(['from', 'to', 'at', 'asset', 'programme', 'zone', 'interval', 'group', 'by'] as const),
  ...(['goods', 'owner', 'state', 'steps', 'within', 'limit'] as const),
];

const filterOf = ({ name, type, choices, default: usual }: Parameter): Filter => {
  const label = t(`ask_${SHORT.find((one) => one === name) ?? 'at'}`);
  if (type === 'choice')
    return {
      ...choice(
        name,
        label,
        (choices ?? []).map((one) => [one, one]),
      ),
      none: usually(usual),
    };
  const kind = { time: 'date', integer: 'number', text: 'text' } as const;
  return { name, label, type: kind[type], ...(usual !== undefined && { placeholder: usual }) };
};

/** What each of the filters means. */
const Meanings = ({ of }: { of: readonly Parameter[] }): JSX.Element => (
  <details>
    <summary>{t('parameters')}</summary>
    <Facts rows={of.map(({ name, about }) => [name, about[language.value]] as const)} />
  </details>
);

const Files = ({ of }: { of: Known }): JSX.Element => (
  <>
    {FILES.map(([format, type]) => (
      <SaveFile
        key={format}
        operation={getV1ReportsByName}
        asked={{ path: { name: of.name }, query: { ...queryOf(of), format, lang: language.value } }}
        name={`${of.name}.${format}`}
        type={type}
      >
        {format.toUpperCase()}
      </SaveFile>
    ))}
    <a class="button plain" href={`${href('report-schedules')}?report=${of.name}`}>
      {t('schedules')}
    </a>
  </>
);

function Shown({ of }: { of: Known }): JSX.Element {
  const asked = { path: { name: of.name }, query: queryOf(of) };
  const known = useAnswer(getV1ReportsByName, asked);
  return (
    <>
      {of.parameters.length > 0 && (
        <>
          <Filters filters={of.parameters.map(filterOf)} />
          <Meanings of={of.parameters} />
        </>
      )}
      <Answered known={known} lines={8}>
        {(answer) => (
          <>
            <p class="muted">
              {answer.asOfTime !== null && t('asOf', { when: date(answer.asOfTime, 'time') })}{' '}
              <code>{answer.asOf}</code> · {t('rowsN', { n: answer.rows.length })}
            </p>
            {answer.isCut && <Note kind="warn">{t('cut')}</Note>}
            {of.chart && <Drawings of={of} answer={answer} />}
            <Rows answer={answer} />
          </>
        )}
      </Answered>
    </>
  );
}

/** How figures are written now. */
function useWriting(): Writing {
  const scaleOf = useScales();
  return {
    number,
    time: (ms) => date(ms, 'time'),
    points: (minor, asset) => amount(minor, scaleOf(asset ?? '') ?? 0),
  };
}

const titleOf = ({ title }: ReportColumn): string => title[language.value];

function Drawings({ of: { chart, title }, answer }: { of: Known; answer: Answer }): JSX.Element {
  const writing = useWriting();
  const drawings = useMemo(
    () =>
      chart === null
        ? []
        : drawingsOf(answer, chart, { title: titleOf, others: t('others'), none: t('noneOf') }),
    [answer, chart, language.value],
  );
  const header = answer.columns.find(({ name }) => name === chart?.x);
  return (
    <div class="charts">
      {drawings.map(({ asset, of, axis, lines, type, isSplit }) => (
        <Card key={`${asset} ${type} ${of}`}>
          <Chart
            title={[title[language.value], asset, of].filter(Boolean).join(' · ')}
            axis={axis}
            lines={lines}
            kind={chart?.kind ?? 'line'}
            isStacked={isSplit && chart?.kind === 'bars' && type !== 'ratio'}
            format={(value) => cellText(value, type, asset, writing)}
            of={header && titleOf(header)}
          />
        </Card>
      ))}
    </div>
  );
}

/** All rows, of which those are in the document that are seen. */
function Rows({ answer: { columns, rows } }: { answer: Answer }): JSX.Element {
  const writing = useWriting();
  const pages = useMemo(() => wholeOf(rows), [rows]);
  const asset = columns.findIndex(({ name }) => name === 'asset');
  return (
    <Card title={t('rows')}>
      <PagedTable<WholeRow>
        label={t('rows')}
        pages={pages}
        keyOf={({ n }) => String(n)}
        empty={t('none')}
        columns={columns.map((column, n) => ({
          name: column.name,
          title: titleOf(column),
          isNumber: ['count', 'points', 'ratio'].includes(column.type),
          cell: ({ row }) =>
            cellText(row[n], column.type, asset < 0 ? undefined : String(row[asset]), writing),
        }))}
      />
    </Card>
  );
}
