// Reports that are made by themselves. Owns: their list, that one is said. Never touches: how one is made.

import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import {
  getV1ReportSchedules,
  getV1Reports,
  putV1ReportSchedulesBySchedule,
} from '../../../../../web/page/api/operations.js';
import { NewReportSchedule } from '../../../../../web/page/api/schemas.js';
import { useAnswer } from '../../../../../web/page/shell/answers.js';
import { date, speaker } from '../../../../../web/page/shell/language.js';
import { go, href } from '../../../../../web/page/shell/router.js';
import { Field } from '../../../../../web/page/ui/parts.js';
import { Answered } from '../../../../../web/page/ui/told.js';
import { may } from '../../../shell/app.js';
import { Head } from '../../../ui/head.js';
import { Status } from '../../../ui/parts.js';
import { Table } from '../../../ui/table/table.js';
import { Editor } from '../parts/editor.js';
import { choice, chosen, Seek, sought } from '../parts/look.js';
import { COMMON } from '../parts/words.js';
import { REPORTS } from './words.js';

const t = speaker(REPORTS);
const c = speaker(COMMON);

export const ScheduleState = ({ state }: { state: 'active' | 'paused' }): JSX.Element => (
  <Status kind={state === 'active' ? 'good' : 'warn'}>{t(`state_${state}`)}</Status>
);

/** The names of reports, as choices of a form. */
export const useReportNames = (): readonly string[] =>
  (useAnswer(getV1Reports, {}).answer?.reports ?? []).map(({ name }) => name);

export default function Schedules(): JSX.Element {
  const known = useAnswer(getV1ReportSchedules, {});
  const report = chosen('report');
  const names = useReportNames();
  return (
    <>
      <Head
        title={t('schedules')}
        crumbs={[{ title: t('reports'), href: href('reports') }]}
        actions={may('configure') && <NewSchedule reports={names} report={report} />}
      >
        <p class="muted">{t('schedulesWhy')}</p>
      </Head>
      <Seek
        others={[
          choice(
            'report',
            t('report'),
            names.map((one) => [one, one]),
          ),
        ]}
      />
      <Answered known={known}>
        {({ schedules }) => (
          <Table
            label={t('schedules')}
            rows={sought(schedules, (one) => [one.schedule, one.report]).filter(
              (one) => report === '' || one.report === report,
            )}
            keyOf={({ schedule }) => schedule}
            hrefOf={({ schedule }) => href('report-schedules', schedule)}
            empty={c('none')}
            columns={[
              { name: 'schedule', title: t('schedule'), cell: ({ schedule }) => schedule },
              { name: 'report', title: t('report'), cell: ({ report: of }) => of },
              {
                name: 'state',
                title: c('state'),
                cell: ({ state }) => <ScheduleState state={state ?? 'active'} />,
              },
              { name: 'cron', title: t('cron'), cell: ({ cron }) => <code>{cron}</code> },
              { name: 'format', title: t('format'), cell: ({ format }) => format },
              {
                name: 'next',
                title: t('next'),
                cell: ({ next }) => (next === null ? '–' : date(next, 'time')),
              },
            ]}
          />
        )}
      </Answered>
    </>
  );
}

function NewSchedule({
  reports,
  report,
}: {
  reports: readonly string[];
  report: string;
}): JSX.Element {
  const name = useSignal('');
  return (
    <Editor
      label={t('scheduleAdd')}
      kind="main"
      title={t('scheduleAdd')}
      hint={<Field label={t('schedule')} hint={t('scheduleId')} bound={name} isRequired />}
      isReady={name.value.trim() !== ''}
      schema={NewReportSchedule}
      value={{
        report: report || (reports[0] ?? ''),
        period: 'day',
        cron: '0 6 * * *',
        format: 'xlsx',
      }}
      without={['ifVersion']}
      choices={(place) => (place === 'report' ? reports : undefined)}
      operation={putV1ReportSchedulesBySchedule}
      // A new one: where there is one of this name, it is not changed by this.
      asked={(body) => ({ path: { schedule: name.value.trim() }, body: { ...body, ifVersion: 0 } })}
      onClose={(made) => made !== undefined && go(href('report-schedules', made.schedule))}
    />
  );
}
