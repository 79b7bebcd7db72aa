// Alerts, told by a channel to who runs the ledger. Owns: which channel tells of which alert, to whom, in which words. Never touches: what an alert is, connections.
//   notices.A1. Nobody's consent and no quiet hours are asked: who is told has been named by an operator.
//   notices.A2. What an alert says is one line each, whatever its evidence has in it.

import type { NoticeLanguage } from '../../../engine/index.js';
import type { EventType, OutboundEvent } from '../event.js';
import { plainValue, timeText } from './filling.js';
import {
  ALERT_NOTICES,
  type AlertNotice,
  type NoticeMessage,
  type SendingChannel,
} from './shapes.js';
import { inLines, messagesTo, type StaffWords } from './staff.js';

/** Types of events that tell of alerts. */
export const ALERT_EVENTS: readonly EventType[] = ALERT_NOTICES;

export const isAlert = (type: string): type is AlertNotice =>
  ALERT_EVENTS.some((one) => one === type);

const SEVERITIES = ['critical', 'warning', 'info'];

const WORDS = {
  zh: {
    ...{ critical: '严重', warning: '警告', info: '提示' },
    ...{ 'alert.firing': '告警', 'alert.resolved': '已恢复' },
    ...{ since: '开始', over: '恢复', subject: '对象', node: '节点', by: '处理人', reason: '原因' },
  },
  en: {
    ...{ critical: 'critical', warning: 'warning', info: 'info' },
    ...{ 'alert.firing': 'ALERT', 'alert.resolved': 'RESOLVED' },
    ...{
      since: 'since',
      over: 'over',
      subject: 'subject',
      node: 'node',
      by: 'by',
      reason: 'reason',
    },
  },
} as const;

type Fields = Readonly<Record<string, unknown>>;

/** Does a channel tell of it? */
function isToldBy({ alerts }: SendingChannel, data: Fields): boolean {
  if (alerts === undefined) return false;
  const { rules, severity = 'info' } = alerts;
  if (rules !== undefined && !rules.some((one) => one === data['rule'])) return false;
  return SEVERITIES.indexOf(String(data['severity'])) <= SEVERITIES.indexOf(severity);
}

/** What a channel sends of an event that tells of an alert: a message to each whom it tells. */
export function alertMessages(event: OutboundEvent, channel: SendingChannel): NoticeMessage[] {
  const { type, data } = event;
  if (!isAlert(type) || !isToldBy(channel, data)) return [];
  const language = channel.language ?? 'zh';
  const words = textsOf(type, data, language, channel.zone ?? 'UTC');
  return messagesTo(event, channel, channel.alerts?.to, { language, alert: data, ...words });
}

/** An alert that was never raised, as a channel would tell of it. */
export function alertSample(
  channel: Pick<SendingChannel, 'zone'>,
  notice: AlertNotice,
  of: Pick<NoticeMessage, 'id' | 'to' | 'language' | 'at'>,
): NoticeMessage {
  const alert = {
    ...{ alert: 'al_test', rule: 'TEST', subject: 'test', severity: 'info', node: '' },
    ...{ since: of.at, resolvedAt: of.at, state: 'firing' },
    text: { zh: '这是一条测试。', en: 'This is a test.' },
  };
  const words = textsOf(notice, alert, of.language, channel.zone ?? 'UTC');
  return { ...of, notice, owner: '', alert, ...words };
}

function textsOf(
  type: AlertNotice,
  data: Fields,
  language: NoticeLanguage,
  zone: string,
): StaffWords {
  const words = WORDS[language];
  const severity = words[data['severity'] as keyof typeof words] ?? '';
  const rule = plainValue(data['rule']);
  const says = plainValue((data['text'] as Fields | undefined)?.[language], 400);
  const time = (value: unknown): string => timeText(Number(value), zone);
  const subject = `[jifen] ${words[type]} · ${severity} · ${rule}`;
  return inLines(subject, says, [
    [words.subject, data['subject']],
    [words.since, `${time(data['since'])} (${zone})`],
    [words.over, type === 'alert.resolved' ? time(data['resolvedAt']) : undefined],
    [words.node, data['node']],
    [words.by, data['resolvedBy']],
    [words.reason, data['reason']],
  ]);
}
