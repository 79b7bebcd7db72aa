// Why an event earned what it did, in words. Owns: the sentences, in each language. Never touches: where the decision was logged, what
// decides.

/** The kinds of definitions that are named in a decision. */
export type DecidedKind = 'rule' | 'task' | 'tier' | 'campaign';

/** A definition that has decided, in the version that did. */
export interface Decided {
  readonly kind: DecidedKind;
  readonly key: string;
  readonly version: number;
  /** As that version is called; undefined: it has no name, or is not known any more. */
  readonly name?: string | undefined;
}

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What was left of what limited a rule or a task: of its own limit, in times or in points, and of its budget. */
export interface Left<Amount> {
  readonly limit?: Amount | undefined;
  readonly budget?: Amount | undefined;
}

/** What of a decision is told. Amounts as people write them. */
export interface Told {
  readonly event: string;
  readonly owner: string;
  readonly programme: string;
  readonly type: string;
  /** When it happened. */
  readonly at: number;
  readonly earned: string;
  /** The code that it was refused with; undefined: it was not, or it is not decided. */
  readonly refused: string | undefined;
  /** `limitedFrom`: what it would have been without its limits; `pendingUntil`: null: until it is confirmed. */
  readonly paid: readonly {
    readonly by: Decided;
    readonly points: string;
    readonly limitedFrom?: string | undefined;
    readonly left?: Left<string> | undefined;
    readonly pendingUntil?: number | null | undefined;
  }[];
  /** Coupons, by their campaigns. */
  readonly issued: readonly { readonly by: Decided; readonly coupon: string }[];
  readonly times: readonly { readonly by: Decided; readonly percent: number }[];
  readonly not: readonly {
    readonly by: Decided;
    readonly reason: string;
    readonly left?: Left<string> | undefined;
  }[];
  readonly streaks: readonly { readonly task: string; readonly days: number }[];
  readonly progress: string | undefined;
  readonly tiers: readonly { readonly from: string; readonly to: string }[];
  /** How many rules and tasks there was no room to look at. */
  readonly beyond: number;
}

/** The sentences of a language. */
interface Sentences {
  readonly kinds: Readonly<Record<DecidedKind, string>>;
  /** By the reason that is logged. */
  readonly reasons: Readonly<Record<string, string>>;
  head(told: Told, at: string): string;
  by(kind: string, name: string, version: number): string;
  paid(points: string, by: string, limits: readonly string[]): string;
  limitedFrom(points: string): string;
  leftOfLimit(points: string): string;
  leftOfBudget(points: string): string;
  pending(until: string): string;
  readonly toConfirm: string;
  issued(coupon: string, by: string): string;
  times(percent: number, by: string): string;
  not(by: string, reason: string, limits: readonly string[]): string;
  streak(task: string, days: number): string;
  progress(amount: string): string;
  tier(from: string, to: string): string;
  beyond(count: number): string;
  readonly nothing: string;
  refused(code: string): string;
}

const EN: Sentences = {
  kinds: { rule: 'rule', task: 'task', tier: 'tier', campaign: 'campaign' },
  reasons: {
    time: 'it is not valid at that time',
    when: 'its condition does not hold',
    value: 'its condition or its points have no value for this event',
    none: 'it comes to no points',
    times: 'its limit in times is reached',
    points: 'its limit in points is reached',
    budget: 'its budget is exhausted',
    expired: 'its points would have expired already',
    done: 'it is done already',
    more: 'it needs more',
    legs: 'the event pays by too many rules already',
    coupon: 'its coupon cannot be issued now',
  },
  head: ({ event, owner, programme, type, earned }, at) =>
    `Event ${event} (${type}) of ${owner} in ${programme}, ${at}: ${earned} points.`,
  by: (kind, name, version) => `the ${kind} ${name}, version ${version}`,
  paid: (points, by, limits) => `+${[`${points} by ${by}`, ...limits].join('; ')}.`,
  limitedFrom: (points) => `it would have been ${points}`,
  leftOfLimit: (points) => `${points} were left of its limit`,
  leftOfBudget: (points) => `${points} were left of its budget`,
  pending: (until) => `pending until ${until}`,
  toConfirm: 'pending until it is confirmed',
  issued: (coupon, by) => `A coupon ${coupon} by ${by}.`,
  times: (percent, by) => `Multiplied by ${percent}%: ${by}.`,
  not: (by, reason, limits) => `Nothing by ${by}: ${[reason, ...limits].join('; ')}.`,
  streak: (task, days) => `${task}: day ${days} in a row.`,
  progress: (amount) => `${amount} count for the tier.`,
  tier: (from, to) => `The tier changed from ${from} to ${to}.`,
  beyond: (count) => `${count} more were not looked at: there are too many.`,
  nothing: 'No rule applied.',
  refused: (code) => `It was refused: ${code}.`,
};

const ZH: Sentences = {
  kinds: { rule: '规则', task: '任务', tier: '等级', campaign: '活动' },
  reasons: {
    time: '不在有效期内',
    when: '条件不满足',
    value: '对此事件，条件或积分无法计算',
    none: '计算结果为 0 积分',
    times: '次数已达上限',
    points: '积分已达上限',
    budget: '预算已用完',
    expired: '积分届时已过期',
    done: '已完成',
    more: '尚未达成',
    legs: '此事件适用的规则过多',
    coupon: '目前无法发放其优惠券',
  },
  head: ({ event, owner, programme, type, earned }, at) =>
    `事件 ${event}（${type}），会员 ${owner}，计划 ${programme}，${at}：共 ${earned} 积分。`,
  by: (kind, name, version) => `${kind} ${name}（第 ${version} 版）`,
  paid: (points, by, limits) => `+${[`${points}：${by}`, ...limits].join('；')}。`,
  limitedFrom: (points) => `原应为 ${points}`,
  leftOfLimit: (points) => `上限剩余 ${points}`,
  leftOfBudget: (points) => `预算剩余 ${points}`,
  pending: (until) => `${until} 之前待生效`,
  toConfirm: '待确认后生效',
  issued: (coupon, by) => `发放优惠券 ${coupon}：${by}。`,
  times: (percent, by) => `乘以 ${percent}%：${by}。`,
  not: (by, reason, limits) => `未获积分：${[`${by}，${reason}`, ...limits].join('；')}。`,
  streak: (task, days) => `${task}：连续第 ${days} 天。`,
  progress: (amount) => `计入等级：${amount}。`,
  tier: (from, to) => `等级由 ${from} 变为 ${to}。`,
  beyond: (count) => `另有 ${count} 项因数量过多未计算。`,
  nothing: '没有适用的规则。',
  refused: (code) => `事件被拒绝：${code}。`,
};

const SENTENCES: Readonly<Record<Language, Sentences>> = { zh: ZH, en: EN };

/** A decision in words, a sentence each. */
export function whyWords(told: Told, language: Language): string[] {
  const say = SENTENCES[language];
  const by = ({ kind, key, version, name }: Decided): string =>
    say.by(say.kinds[kind], name === undefined ? key : `${name} (${key})`, version);
  const { paid, issued, times, not, streaks, progress, tiers, beyond } = told;
  const lines = [say.head(told, new Date(told.at).toISOString())];
  if (told.refused !== undefined) lines.push(say.refused(told.refused));
  else if (paid.length + issued.length + not.length === 0) lines.push(say.nothing);
  const limits = ({ limit, budget }: Left<string> = {}): string[] => [
    ...(limit === undefined ? [] : [say.leftOfLimit(limit)]),
    ...(budget === undefined ? [] : [say.leftOfBudget(budget)]),
  ];
  const until = (time: number | null): string =>
    time === null ? say.toConfirm : say.pending(new Date(time).toISOString());
  for (const { points, by: payer, limitedFrom, left, pendingUntil } of paid) {
    const from = limitedFrom === undefined ? [] : [say.limitedFrom(limitedFrom)];
    const pending = pendingUntil === undefined ? [] : [until(pendingUntil)];
    lines.push(say.paid(points, by(payer), [...from, ...limits(left), ...pending]));
  }
  for (const one of issued) lines.push(say.issued(one.coupon, by(one.by)));
  for (const one of times) lines.push(say.times(one.percent, by(one.by)));
  for (const { task, days } of streaks) lines.push(say.streak(task, days));
  for (const { by: none, reason, left } of not)
    lines.push(say.not(by(none), say.reasons[reason] ?? reason, limits(left)));
  if (progress !== undefined) lines.push(say.progress(progress));
  for (const { from, to } of tiers) lines.push(say.tier(from, to));
  if (beyond > 0) lines.push(say.beyond(beyond));
  return lines;
}
