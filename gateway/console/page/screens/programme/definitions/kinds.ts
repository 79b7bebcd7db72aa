// The kinds of definitions as operators know them. Owns: what they are called, in which order they stand, what can be tried of them. Never touches: documents.

import type { Operation } from '../../../../../../engine/protocol/grants.js';
import { language, speaker } from '../../../../../web/page/shell/language.js';
import { table } from '../../../../../web/page/words/words.js';
import { may } from '../../../shell/app.js';
import { FIELD_HINTS } from './field-hints.js';
import { FIELD_WORDS } from './field-words.js';

const NAMES = table({
  en: {
    programme: 'Programmes',
    event: 'Types of events',
    rule: 'Earning rules',
    tier: 'Tiers',
    campaign: 'Campaigns',
    task: 'Tasks',
    referral: 'Referrals',
    gifting: 'Gifts between members',
    leaderboard: 'Leaderboards',
    lottery: 'Lotteries',
    offer: 'Offers',
    coupon: 'Coupons',
    correction: 'Bounds of corrections',
    goods: 'Goods',
    pricing: 'Pricing',
    sale: 'Sales',
    coalition: 'Coalitions',
    exchanging: 'Exchanging',
    'exchange-rate': 'Exchange rates',
    notice: 'Notices to members',
    'risk-rule': 'Rules of risk',
    'risk-score': 'Scores of risk',
  },
  zh: {
    programme: '积分计划',
    event: '事件类型',
    rule: '积分规则',
    tier: '会员等级',
    campaign: '活动',
    task: '任务',
    referral: '邀请',
    gifting: '会员互赠',
    leaderboard: '排行榜',
    lottery: '抽奖',
    offer: '限量领取',
    coupon: '优惠券',
    correction: '更正限额',
    goods: '商品',
    pricing: '定价',
    sale: '促销',
    coalition: '联盟',
    exchanging: '兑换设置',
    'exchange-rate': '兑换比率',
    notice: '会员通知',
    'risk-rule': '风险规则',
    'risk-score': '风险评分',
  },
});

export type Kind = keyof (typeof NAMES)['en'];

/** In the order in which a programme is built. */
export const KINDS = Object.keys(NAMES.en) as readonly Kind[];

export const isKind = (text: string | undefined): text is Kind =>
  text !== undefined && Object.hasOwn(NAMES.en, text);

const names = speaker(NAMES);
/** What is said of a kind, in the plural. A kind that a newer ledger has is called as it is there. */
export const kindName = (kind: string): string => (isKind(kind) ? names(kind) : kind);

/** What is about money takes `settle` to be said, how far one may correct `admin`, everything else `configure`; the ledger judges it. */
const OF_MONEY: ReadonlySet<string> = new Set(['coalition', 'exchange-rate', 'exchanging']);
export const mayDefine = (kind: string): boolean => may(operationOf(kind));

/** What it takes to define something of a kind. */
export function operationOf(kind: string): Operation {
  if (OF_MONEY.has(kind)) return 'settle';
  return kind === 'correction' ? 'admin' : 'configure';
}

/** Kinds that decide what an event earns: of these a draft can be tried on an event of the past, and simulated. */
const OF_EVENTS: ReadonlySet<string> = new Set([
  'programme',
  'event',
  'rule',
  'tier',
  'campaign',
  'task',
  'referral',
]);
export const isTried = (kind: string): boolean => OF_EVENTS.has(kind);

/** The texts of a kind out of those of all, by place. */
function ofKind(all: Readonly<Record<string, unknown>>, kind: string): Record<string, string> {
  const own = `${kind}:`;
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(all)) {
    if (typeof text !== 'string') continue;
    if (name.startsWith(own)) texts[name.slice(own.length)] = text;
    else if (!name.includes(':')) texts[name] ??= text;
  }
  return texts;
}

/** What the fields of a kind are called, in the language of now, by their place. */
export const labelsOf = (kind: string): Readonly<Record<string, string>> =>
  ofKind(FIELD_WORDS[language.value], kind);

/** What is said of them in the language of now, where that is not what the schema says. */
export const hintsOf = (kind: string): Readonly<Record<string, string>> =>
  language.value === 'zh' ? ofKind(FIELD_HINTS, kind) : {};
