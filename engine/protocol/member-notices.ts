// Notices: what members are told of, each by itself. Owns: which there are, what the text of each may be filled with. Never touches: texts, addresses,
// how they are sent (gateway/outbound/notices).

/** What every text may be filled with: the pseudonym of the member, and when it happened. */
const ALWAYS = ['member', 'time'] as const;

/** Whether a member must have asked for it: `service` is about what he did or has; `marketing` wants something of him. */
export const NOTICE_CLASSES = ['service', 'marketing'] as const;
export type NoticeClass = (typeof NOTICE_CLASSES)[number];

/** Every notice: of which class, when it is sent, what its text may be filled with. */
export const NOTICES = {
  'points.expiring': {
    class: 'service',
    about: 'Points will expire.',
    fills: [...ALWAYS, 'points', 'asset', 'date'],
  },
  'tier.changed': {
    class: 'service',
    about: 'The member is in another tier.',
    fills: [...ALWAYS, 'tier'],
  },
  'referral.joined': {
    class: 'service',
    about: 'The member came by the code of another one.',
    fills: [...ALWAYS, 'points', 'asset'],
  },
  'referral.rewarded': {
    class: 'service',
    about: 'Another member came by the member’s code.',
    fills: [...ALWAYS, 'points', 'asset'],
  },
  'coupon.issued': {
    class: 'service',
    about: 'The member got a coupon.',
    fills: [...ALWAYS, 'coupon', 'date'],
  },
  'order.created': {
    class: 'service',
    about: 'The member has ordered goods.',
    fills: [...ALWAYS, 'number', 'goods', 'quantity', 'points', 'asset'],
  },
  'order.shipped': {
    class: 'service',
    about: 'Pieces of an order are on their way.',
    fills: [...ALWAYS, 'number', 'goods', 'quantity', 'tracking'],
  },
  'order.completed': {
    class: 'service',
    about: 'The member has all of an order.',
    fills: [...ALWAYS, 'number', 'goods', 'quantity'],
  },
  'order.cancelled': {
    class: 'service',
    about: 'What was not shipped of an order is given back.',
    fills: [...ALWAYS, 'number', 'goods', 'quantity', 'points', 'asset'],
  },
  'goods.back': {
    class: 'service',
    about: 'There are pieces again of goods that the member waited for.',
    fills: [...ALWAYS, 'goods'],
  },
  'sign-in.invitation': {
    class: 'service',
    about: 'The member may sign in from now on: a link by which a password is set.',
    isUrgent: true,
    fills: [...ALWAYS, 'link', 'date'],
  },
  'sign-in.confirmation': {
    class: 'service',
    about: 'Somebody has registered with this address: a link that confirms it.',
    isUrgent: true,
    fills: [...ALWAYS, 'link', 'date'],
  },
  'sign-in.reset': {
    class: 'service',
    about: 'Somebody wants a new password for the member: a link by which it is set.',
    isUrgent: true,
    fills: [...ALWAYS, 'link', 'date'],
  },
  'campaign.started': {
    class: 'marketing',
    about: 'A campaign has begun.',
    fills: [...ALWAYS, 'campaign', 'date'],
  },
  'campaign.ended': {
    class: 'marketing',
    about: 'A campaign has ended.',
    fills: [...ALWAYS, 'campaign'],
  },
} as const satisfies Readonly<
  Record<
    string,
    {
      readonly class: NoticeClass;
      readonly about: string;
      readonly fills: readonly string[];
      /** Somebody waits for it: quiet hours never hold it back. */
      readonly isUrgent?: true;
    }
  >
>;

export type NoticeName = keyof typeof NOTICES;
export const NOTICE_NAMES = Object.keys(NOTICES) as readonly NoticeName[];

/** Those that quiet hours never hold back. */
export const URGENT_NOTICES = NOTICE_NAMES.filter((name) => 'isUrgent' in NOTICES[name]);

/** What the text of a notice may be filled with. */
export type Fills<N extends NoticeName = NoticeName> = (typeof NOTICES)[N]['fills'][number];

export const NOTICE_LANGUAGES = ['zh', 'en'] as const;
export type NoticeLanguage = (typeof NOTICE_LANGUAGES)[number];

/** Whose text it is, of which notice, in which language. */
export interface NoticeText {
  /** undefined: everybody's who has none of his own. */
  readonly platform: string | undefined;
  readonly notice: NoticeName;
  readonly language: NoticeLanguage;
}

const KEY = /^(?:([a-z0-9][a-z0-9_-]{0,23})\.)?([a-z-]+\.[a-z]+)\.([a-z]{2})$/;

/** The key of the definition that has a text. */
export const noticeKey = ({ platform, notice, language }: NoticeText): string =>
  [...(platform === undefined ? [] : [platform]), notice, language].join('.');

/** What a key is of; undefined: of no text. */
export function noticeOfKey(key: string): NoticeText | undefined {
  const [, platform, notice = '', language = ''] = KEY.exec(key) ?? [];
  if (!Object.hasOwn(NOTICES, notice)) return undefined;
  if (!(NOTICE_LANGUAGES as readonly string[]).includes(language)) return undefined;
  return { platform, notice: notice as NoticeName, language: language as NoticeLanguage };
}

/** A place in a text that is filled. */
export const FILL = /\{([a-z]+)\}/g;

/** What is wrong with a text of a notice; undefined: nothing. */
export function fillProblem(notice: NoticeName, text: string): string | undefined {
  const known: readonly string[] = NOTICES[notice].fills;
  for (const [, name = ''] of text.matchAll(FILL))
    if (!known.includes(name))
      return `{${name}} is nothing that ${notice} is filled with. Known are: ${known.map((one) => `{${one}}`).join(', ')}.`;
  return /[{}]/.test(text.replace(FILL, ''))
    ? 'A brace stands only around what is filled in.'
    : undefined;
}
