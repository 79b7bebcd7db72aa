// What a notice is on its way: shapes of channels, messages, questions of the thread that sends. Owns: these. Never touches: records, connections.

import type { NoticeLanguage, NoticeName } from '../../../engine/index.js';
import type { Refusal } from '../../refusal.js';
import type { QuietHours } from './quiet.js';

export const CHANNEL_TYPES = ['email', 'sms', 'webhook'] as const;
export type ChannelType = (typeof CHANNEL_TYPES)[number];

/** Robots of chats, which tell of alerts and reports, and no members. */
export const ROBOTS = ['dingtalk', 'wecom'] as const;
export type Robot = (typeof ROBOTS)[number];

/** Whatever sends. */
export type SenderType = ChannelType | Robot;

export const isRobotType = (type: SenderType): type is Robot =>
  type === 'dingtalk' || type === 'wecom';

/** Events of alerts, as notices. */
export const ALERT_NOTICES = ['alert.firing', 'alert.resolved'] as const;
export type AlertNotice = (typeof ALERT_NOTICES)[number];

/** Events of reports that schedules have written, as notices. */
export const REPORT_NOTICES = ['report.ready', 'report.failed'] as const;
export type ReportNotice = (typeof REPORT_NOTICES)[number];

/** What is told to who runs the ledger. */
export const STAFF_NOTICES = [...ALERT_NOTICES, ...REPORT_NOTICES] as const;
export type StaffNotice = (typeof STAFF_NOTICES)[number];

/** Which reports a channel tells of, and whom. */
export interface ReportSettings {
  /** As in AlertSettings. */
  readonly to?: readonly string[] | undefined;
  /** Left out: those of all schedules. */
  readonly schedules?: readonly string[] | undefined;
}

/** Which alerts a channel tells of, and whom. */
export interface AlertSettings {
  /** Mail addresses, or numbers of phones; left out: of what has none. */
  readonly to?: readonly string[] | undefined;
  /** Left out: of all rules. */
  readonly rules?: readonly string[] | undefined;
  /** Those that are at least so bad; left out: all. */
  readonly severity?: 'critical' | 'warning' | 'info' | undefined;
}

/** How fields of a short message are sent to its gateway. */
export const SMS_FORMATS = ['json', 'form'] as const;
export type SmsFormat = (typeof SMS_FORMATS)[number];

/** Where notices go, as an operator has said it; without its secret. */
export interface ChannelSettings {
  readonly name?: string | undefined;
  /** `smtps://` or `smtp://`; for the others `https://`. */
  readonly url: string;
  /** Who is told by it: members as this platform knows them; left out: as the ledger itself does. */
  readonly platform?: string | undefined;
  /** Of which alerts it tells, and whom; left out: of none. */
  readonly alerts?: AlertSettings | undefined;
  /** Of which reports it tells, and whom; left out: of none. */
  readonly reports?: ReportSettings | undefined;
  /** Which notices it sends to members; left out: all, or none where it tells of alerts or reports. */
  readonly notices?: readonly NoticeName[] | undefined;
  /** Which of them quiet hours do not hold back. */
  readonly urgent?: readonly NoticeName[] | undefined;
  /** Are notices of class `service` sent to who has said nothing of them? */
  readonly service?: boolean | undefined;
  readonly quiet?: QuietHours | undefined;
  /** In which quiet hours, and dates, are said. Default UTC. */
  readonly zone?: string | undefined;
  /** Of who has said nothing of it. Default zh. */
  readonly language?: NoticeLanguage | undefined;
  /** Of mails: who signs in (its secret is the password), and who they are from. */
  readonly user?: string | undefined;
  readonly from?: string | undefined;
  readonly fromName?: string | undefined;
  /** Of short messages: headers and fields of a request; `{to}`, `{text}`, `{id}` and `{secret}` are filled in. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly format?: SmsFormat | undefined;
}

/** What is told of a channel. */
export interface Channel extends ChannelSettings {
  readonly id: string;
  readonly type: SenderType;
  readonly state: 'active' | 'paused';
  readonly hasSecret: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** What the thread that sends knows of a channel. */
export interface SendingChannel extends ChannelSettings {
  readonly id: string;
  readonly type: SenderType;
  readonly secret: string | undefined;
}

/** A notice, ready to be sent. */
export interface NoticeMessage {
  /** The same whenever it is sent: who gets it twice drops one. */
  readonly id: string;
  readonly notice: NoticeName | StaffNotice;
  /** The member; '': it is told to who runs the ledger. */
  readonly owner: string;
  readonly language: NoticeLanguage;
  /** The address of the mail, the number of the phone; '': of a webhook. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly short: string;
  /** When what it tells of happened, milliseconds since 1970. */
  readonly at: number;
  /** The alert, as its event tells it; undefined: it is none. */
  readonly alert?: Readonly<Record<string, unknown>> | undefined;
  /** The report, likewise. */
  readonly report?: Readonly<Record<string, unknown>> | undefined;
}

/** A link that is sent to a member (gateway/sign-in/): to this address alone, whatever else is known of the member. */
export interface SentLetter {
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  /** By whose channels; '': the ledger's own. */
  readonly scope: string;
  readonly language?: NoticeLanguage | undefined;
  readonly link: string;
  /** Milliseconds since 1970: until when it is good. */
  readonly until: number;
}

/** Finds what is to be sent by the event of a letter; undefined: it is of no use any more. */
export type FindLetter = (
  event: Readonly<Record<string, unknown>>,
) => Promise<SentLetter | undefined | Refusal>;

/** What happened, and who is to be told of it. */
export interface NoticeOf {
  readonly channel: string;
  readonly notice: NoticeName;
  readonly owner: string;
  readonly id: string;
  readonly at: number;
  readonly assets: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

/** Why a member is not told. */
export const SKIPPED = ['CONSENT', 'ADDRESS_DEAD', 'TOO_OLD'] as const;
export type Skipped = (typeof SKIPPED)[number];

/** What is to be done with a notice. `NOBODY`: there is no such address, and nothing is written down of it. */
export type Verdict =
  | { readonly message: NoticeMessage }
  | { readonly skip: Skipped | 'NOBODY' }
  | { readonly laterMs: number };

/** What the thread asks the ledger. */
export type DeskQuestion =
  /** What a member agrees to have given away. */
  | { readonly type: 'sharing'; readonly owner: string }
  | { readonly type: 'notice'; readonly of: NoticeOf }
  /** Members whom a campaign is told to, from a place on. */
  | { readonly type: 'audience'; readonly channel: string; readonly after: string }
  /** An address is none: nothing is sent there any more. */
  | {
      readonly type: 'dead';
      readonly channel: string;
      readonly owner: string;
      readonly to: string;
      readonly reason: string;
    };

/** Notices that a channel sends to members; undefined: all. */
export const noticesOf = ({
  notices,
  alerts,
  reports,
}: Pick<ChannelSettings, 'notices' | 'alerts' | 'reports'>): readonly NoticeName[] | undefined =>
  notices ?? (alerts === undefined && reports === undefined ? undefined : []);

/** Some members, and from where to ask again; undefined: those were all. */
export interface Audience {
  readonly owners: readonly string[];
  readonly after: string | undefined;
}

/** Asks; undefined: it cannot be known now. */
export type AskDesk = <T>(question: DeskQuestion) => Promise<T | undefined>;

export const NOTICE_STATES = ['sent', 'waiting', 'failed', 'skipped'] as const;
export type NoticeState = (typeof NOTICE_STATES)[number];

/** How many notices a channel has sent since the thread began, passed over as somebody had not agreed to them, and failed to send. */
export interface NoticeCounts {
  readonly sent: number;
  readonly skipped: number;
  readonly failed: number;
}

/** What became of a notice to a member. */
export interface ToldNotice {
  readonly id: string;
  readonly notice: NoticeName;
  readonly channel: string;
  readonly type: ChannelType;
  /** `waiting`: it is tried again, or quiet hours hold it back. */
  readonly state: NoticeState;
  /** Why it was not sent, or not yet. */
  readonly reason?: string | undefined;
  /** When what it tells of happened, and when this was so; milliseconds since 1970. */
  readonly at: number;
  readonly updatedAt: number;
}

/** Where somebody can be reached. */
export interface Addresses {
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
}

/** A member as somebody knows him: a platform, or ('') the ledger itself. */
export interface Whose {
  readonly scope: string;
  readonly owner: string;
}
