// Reports that schedules have written, told by a channel to who reads them. Owns: which channel tells of which schedule, in which words. Never touches: figures, files.
//   notices.R1. No figure and no file is in a message: what it links to is told to who signs in there and may see reports.

import type { NoticeLanguage } from '../../../engine/index.js';
import type { EventType, OutboundEvent } from '../event.js';
import { plainValue, timeText } from './filling.js';
import {
  type NoticeMessage,
  REPORT_NOTICES,
  type ReportNotice,
  type SendingChannel,
} from './shapes.js';
import { inLines, messagesTo, type StaffWords } from './staff.js';

/** Types of events that tell of reports. */
export const REPORT_EVENTS: readonly EventType[] = REPORT_NOTICES;

export const isReport = (type: string): type is ReportNotice =>
  REPORT_EVENTS.some((one) => one === type);

const WORDS = {
  zh: {
    ...{ 'report.ready': '报表已生成', 'report.failed': '报表生成失败' },
    ...{ schedule: '计划', due: '应生成时间', rows: '行数', file: '文件', asOf: '截至' },
    ...{ link: '查看与下载', problem: '原因' },
  },
  en: {
    ...{ 'report.ready': 'Report', 'report.failed': 'Report failed' },
    ...{ schedule: 'schedule', due: 'due', rows: 'rows', file: 'file', asOf: 'as of' },
    ...{ link: 'look at it', problem: 'why' },
  },
} as const;

type Fields = Readonly<Record<string, unknown>>;

/** What a channel sends of an event that tells of a report: a message to each whom it tells. */
export function reportMessages(event: OutboundEvent, channel: SendingChannel): NoticeMessage[] {
  const { type, data } = event;
  const { reports, language = 'zh', zone = 'UTC' } = channel;
  if (!isReport(type) || reports === undefined) return [];
  const { to, schedules } = reports;
  if (schedules !== undefined && !schedules.some((one) => one === data['schedule'])) return [];
  const words = textsOf(type, data, language, zone);
  return messagesTo(event, channel, to, { language, report: data, ...words });
}

/** One that no schedule has written, as a channel would tell of it. */
export function reportSample(
  { zone = 'UTC' }: Pick<SendingChannel, 'zone'>,
  notice: ReportNotice,
  of: Pick<NoticeMessage, 'id' | 'to' | 'language' | 'at'>,
): NoticeMessage {
  const report = {
    ...{ schedule: 'test', report: 'daily', format: 'csv', at: of.at },
    ...(notice === 'report.ready'
      ? { name: 'test.csv', rows: 0, asOf: '' }
      : { problem: 'This is a test.' }),
  };
  return { ...of, notice, owner: '', report, ...textsOf(notice, report, of.language, zone) };
}

/** Where an operator finds the file: the page of the schedule, where the link of the file itself is. */
function pageOf({ link, schedule }: Fields): string | undefined {
  if (typeof link !== 'string' || !URL.canParse(link)) return undefined;
  return new URL(`/console/report-schedules/${encodeURIComponent(String(schedule))}`, link).href;
}

function textsOf(
  type: ReportNotice,
  data: Fields,
  language: NoticeLanguage,
  zone: string,
): StaffWords {
  const words = WORDS[language];
  const subject = `[jifen] ${words[type]} · ${plainValue(data['report'])} · ${plainValue(data['schedule'])}`;
  return inLines(subject, '', [
    [words.due, `${timeText(Number(data['at']), zone)} (${zone})`],
    [words.problem, data['problem']],
    [words.file, data['name']],
    [words.rows, data['rows']],
    [words.asOf, data['asOf']],
    [words.link, pageOf(data)],
  ]);
}
