// A report that is made by itself. Owns: what is shown of it and its runs; that it is changed, paused, run now. Never touches: how it is made.

import type { JSX } from 'preact';
import * as api from '../../../../../web/page/api/operations.js';
import { NewReportSchedule } from '../../../../../web/page/api/schemas.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, number, speaker } from '../../../../../web/page/shell/language.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import type { ScreenProps } from '../../../../../web/page/shell/screen.js';
import { Card } from '../../../../../web/page/ui/parts.js';
import { SaveFile } from '../../../../../web/page/ui/save-file.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Facts, Json, Status } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { Doing } from '../parts/doing.js';
import { Editor, only } from '../parts/editor.js';
import { sizeText } from '../parts/sizes.js';
import { COMMON } from '../parts/words.js';
import { ScheduleState, useReportNames } from './schedules.js';
import { REPORTS } from './words.js';

const t = speaker(REPORTS);
const c = speaker(COMMON);
const RUNS = { running: 'plain', done: 'good', failed: 'danger' } as const;
const SAID = ['report', 'parameters', 'period', 'cron', 'zone', 'format', 'lang', 'state'];

export default function Schedule({ params }: ScreenProps): JSX.Element {
  const path = { schedule: params.schedule ?? '' };
  const known = useAnswer(api.getV1ReportSchedulesBySchedule, { path });
  return (
    <>
      <Head
        title={path.schedule}
        crumbs={[
          { title: t('reports'), href: href('reports') },
          { title: t('schedules'), href: href('report-schedules') },
        ]}
        actions={known.answer && may('configure') && <Actions of={known.answer} />}
      />
      <Answered known={known}>
        {(schedule) => (
          <>
            <Card
              title={t('schedule')}
              action={<ScheduleState state={schedule.state ?? 'active'} />}
            >
              <Facts
                rows={[
                  [
                    t('report'),
                    <a key="report" href={href('reports', schedule.report)}>
                      {schedule.report}
                    </a>,
                  ],
                  [t('cron'), <code key="cron">{schedule.cron}</code>],
                  [t('period'), schedule.period],
                  [t('format'), schedule.format],
                  [t('next'), schedule.next === null ? undefined : date(schedule.next, 'time')],
                ]}
              />
              {schedule.parameters && <Json label={t('parameters')} value={schedule.parameters} />}
            </Card>
            <Runs of={schedule} />
          </>
        )}
      </Answered>
    </>
  );
}

function Actions({ of }: { of: api.WholeReportSchedule }): JSX.Element {
  const path = { schedule: of.schedule };
  const operation = api.putV1ReportSchedulesBySchedule;
  const names = useReportNames();
  const said = only(of, SAID) as unknown as api.NewReportSchedule;
  const other: 'active' | 'paused' = of.state === 'paused' ? 'active' : 'paused';
  return (
    <>
      <Doing
        label={t('runNow')}
        kind="main"
        operation={api.postV1ReportSchedulesByScheduleRun}
        asked={() => ({ path })}
      />
      <Editor
        label={c('change')}
        title={t('scheduleChange')}
        schema={NewReportSchedule}
        value={only(of, SAID)}
        without={['ifVersion']}
        choices={(place) => (place === 'report' ? names : undefined)}
        operation={operation}
        asked={(body) => ({ path, body: { ...body, ifVersion: of.version } })}
      />
      <Doing
        key={other}
        label={t(other === 'paused' ? 'pause' : 'resume')}
        operation={operation}
        asked={() => ({ path, body: { ...said, state: other, ifVersion: of.version } })}
      />
      <Doing
        label={c('remove')}
        kind="danger"
        what={t('removeWhat')}
        operation={api.deleteV1ReportSchedulesBySchedule}
        asked={() => ({ path })}
        onDone={() => go(href('report-schedules'))}
      />
    </>
  );
}

const Runs = ({ of }: { of: api.WholeReportSchedule }): JSX.Element => (
  <Card title={t('runs')}>
    <Table
      label={t('runs')}
      rows={of.runs}
      keyOf={({ run }) => run}
      empty={t('runsNone')}
      columns={[
        { name: 'run', title: t('run'), cell: ({ at }) => date(at, 'time') },
        {
          name: 'state',
          title: c('state'),
          cell: ({ state, problem }) => (
            <>
              <Status kind={RUNS[state]}>{t(`state_${state}`)}</Status> {problem}
            </>
          ),
        },
        {
          name: 'until',
          title: t('until'),
          isMinor: true,
          cell: ({ until }) => until && date(until, 'time'),
        },
        {
          name: 'rows',
          title: t('rows'),
          isNumber: true,
          cell: ({ rows }) => (rows === undefined ? '–' : number(rows)),
        },
        {
          name: 'size',
          title: t('size'),
          isNumber: true,
          cell: ({ bytes }) => (bytes === undefined ? '–' : sizeText(bytes, number)),
        },
        {
          name: 'file',
          title: t('file'),
          cell: ({ run, state }) =>
            state === 'done' && (
              <SaveFile
                operation={api.getV1ReportSchedulesByScheduleRunsByRun}
                asked={{ path: { schedule: of.schedule, run } }}
                name={`${of.schedule}-${run}.${of.format}`}
                type="*/*"
              >
                {of.format}
              </SaveFile>
            ),
        },
      ]}
    />
  </Card>
);
