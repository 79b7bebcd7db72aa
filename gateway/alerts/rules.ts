// The rules by which alerts are raised. Owns: which there are, what each says by itself, what may be set, how its alerts are told. Never touches: figures,
// records.

import type { Evidence, RuleName, RuleSettings, Words } from './shapes.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A rule. */
export interface Rule {
  readonly about: Words;
  /** What of its settings counts, beside those of all, with what it is of itself and from where to where it may be set. */
  readonly settings: {
    readonly severity: RuleSettings['severity'];
    readonly threshold?: Setting;
    readonly minimum?: Setting;
    readonly windowMs?: Setting;
    readonly clearMs?: number;
  };
  /** What an alert says, of its subject and its evidence. */
  tell(subject: string, evidence: Evidence): Words;
}

export interface Setting {
  readonly is: number;
  readonly from: number;
  readonly to: number;
  /** What it is a figure of, and in which unit. */
  readonly about: Words;
}

const words = (zh: string, en: string): Words => ({ zh, en });
const window = (is: number, to = DAY_MS): Setting => ({
  ...{ is, from: MINUTE_MS, to },
  about: words('回看多久（毫秒）', 'How far back is looked, in milliseconds'),
});
const percent = (is: number, zh: string, en: string): Setting => ({
  ...{ is, from: 1, to: 100 },
  about: words(zh, en),
});

/** Without a judge of its own: another part of the gateway raises it and clears it. */
const raised = (
  severity: RuleSettings['severity'],
  about: Words,
  tell: (subject: string, evidence: Evidence) => Words,
  clearMs = 0,
): Rule => ({ about, settings: { severity, clearMs }, tell });

export const RULES: Readonly<Record<RuleName, Rule>> = {
  HIGH_ERROR_RATE: {
    about: words(
      '窗口内请求（或命令）出错的比例过高。出错：应答 5xx；命令因系统原因未被执行。',
      'Too many requests, or commands, of a window have failed: answers 5xx; commands that were not carried out for a reason of the system.',
    ),
    settings: {
      severity: 'critical',
      threshold: percent(5, '出错百分比超过', 'More than so many percent have failed'),
      minimum: {
        ...{ is: 100, from: 1, to: 1_000_000_000 },
        about: words('至少有这么多请求才判断', 'Of more than so many'),
      },
      windowMs: window(5 * MINUTE_MS),
    },
    tell: (subject, { failed, of, percent }) =>
      words(
        `${subject}：${of} 个中有 ${failed} 个出错（${percent}%）。`,
        `${subject}: ${failed} of ${of} have failed (${percent}%).`,
      ),
  },
  SLOW_RESPONSE: {
    about: words('窗口内请求的平均耗时过长。', 'Requests of a window took too long on average.'),
    settings: {
      severity: 'warning',
      threshold: {
        ...{ is: 2_000, from: 1, to: 600_000 },
        about: words('平均耗时超过（毫秒）', 'A mean of more milliseconds'),
      },
      minimum: {
        ...{ is: 20, from: 1, to: 1_000_000_000 },
        about: words('至少有这么多请求才判断', 'Of so many requests at least'),
      },
      windowMs: window(5 * MINUTE_MS),
    },
    tell: (subject, { meanMs, of }) =>
      words(
        `${subject}：${of} 个请求平均耗时 ${meanMs} 毫秒。`,
        `${subject}: ${of} requests took ${meanMs} ms on average.`,
      ),
  },
  REDEMPTION_BURST: {
    about: words(
      '窗口内兑换次数过多（全账本，向 @redeem 的移动）。',
      'Too many redemptions in a window: movements to @redeem, of the whole ledger.',
    ),
    settings: {
      severity: 'warning',
      threshold: {
        ...{ is: 100, from: 1, to: 1_000_000_000 },
        about: words('兑换次数超过', 'More than so many redemptions'),
      },
      windowMs: window(5 * MINUTE_MS),
    },
    tell: (_, { redemptions, windowMs }) =>
      words(
        `${minutes(windowMs)} 分钟内有 ${redemptions} 次兑换。`,
        `${redemptions} redemptions in ${minutes(windowMs)} minutes.`,
      ),
  },
  BALANCE_MISMATCH: {
    about: words(
      '账户余额与其分录之和不一致（持续审计逐一重算）。',
      'A balance disagrees with the sum of its entries, as the continuous audit recomputes them.',
    ),
    settings: { severity: 'critical', clearMs: 0 },
    tell: (subject, { what }) =>
      words(
        `${subject}：余额与分录不一致：${what}`,
        `${subject}: balance and entries disagree: ${what}`,
      ),
  },
  NEGATIVE_ACCOUNT: {
    about: words(
      '会员账户欠得比其信用额度多，或冻结数为负。',
      'An account owes more than its credit limit lets it, or holds less than nothing.',
    ),
    settings: { severity: 'critical', clearMs: 0 },
    tell: (subject, { available, held, creditLimit }) =>
      words(
        `${subject}：可用 ${available}，冻结 ${held}，信用额度 ${creditLimit}。`,
        `${subject}: ${available} available, ${held} held, credit limit ${creditLimit}.`,
      ),
  },
  BUDGET_LOW: {
    about: words('预算所剩不多。', 'Little is left of a budget.'),
    settings: {
      severity: 'warning',
      threshold: percent(10, '剩余百分比低于', 'Less than so many percent are left'),
    },
    tell: (subject, { available, funded, percent }) =>
      words(
        `${subject}：剩 ${available}，共注入 ${funded}（${percent}%）。`,
        `${subject}: ${available} of ${funded} are left (${percent}%).`,
      ),
  },
  STOCK_LOW: {
    about: words(
      '商品或卡密所剩不多（商品定义里的 lowStock）。',
      'Few pieces, or codes, are left of goods: fewer than `lowStock` of the goods says.',
    ),
    settings: { severity: 'warning' },
    tell: (subject, { left, under }) =>
      words(
        `${subject}：剩 ${left} 件，应不少于 ${under} 件。`,
        `${subject}: ${left} are left, under ${under}.`,
      ),
  },
  LIABILITY_JUMP: {
    about: words(
      '窗口内未用积分总额变化过大（系统账户的反面）。',
      'What is owed to members has changed by much in a window: the other side of the system owners.',
    ),
    settings: {
      severity: 'warning',
      threshold: {
        ...{ is: 20, from: 1, to: 100_000 },
        about: words('变化百分比超过', 'By more than so many percent'),
      },
      minimum: {
        ...{ is: 10_000, from: 0, to: Number.MAX_SAFE_INTEGER },
        about: words('变化至少这么多（最小单位）', 'And by more than so many minor units'),
      },
      windowMs: window(HOUR_MS, 31 * DAY_MS),
    },
    tell: (subject, { before, now, windowMs }) =>
      words(
        `${subject}：${minutes(windowMs)} 分钟内由 ${before} 变为 ${now}。`,
        `${subject}: from ${before} to ${now} in ${minutes(windowMs)} minutes.`,
      ),
  },
  CHAIN_DIFFERS: raised(
    'critical',
    words('账本与链上记录不一致。', 'The ledger and the chain disagree.'),
    (subject, { what = '' }) =>
      words(`${subject}：与链上不一致。${what}`, `${subject}: differs from the chain. ${what}`),
  ),
  CHAIN_UNREACHABLE: raised(
    'warning',
    words(
      '链上节点无法到达，或交易未被接受。',
      'The chain is not reached, or takes no transaction.',
    ),
    (subject, { what = '' }) =>
      words(`${subject}：链无法到达。${what}`, `${subject}: the chain is not reached. ${what}`),
    // It comes and goes.
    2 * MINUTE_MS,
  ),
  LOG_FORKED: {
    about: words(
      '日志与已签名的检查点不符：被缩短或是另一份。',
      'A log is not the one that was signed: it is shorter, or another one.',
    ),
    settings: { severity: 'critical', clearMs: 0 },
    tell: (subject, { what = '' }) =>
      words(
        `${subject}：日志与已签名的不符。${what}`,
        `${subject}: the log is not the one signed. ${what}`,
      ),
  },
  WITNESS_REFUSES: {
    about: words('见证人拒绝签署检查点。', 'A witness refuses to cosign a checkpoint.'),
    settings: { severity: 'critical', clearMs: 0 },
    tell: (subject, { what = '' }) =>
      words(
        `${subject}：见证人拒绝签署。${what}`,
        `${subject}: a witness refuses to cosign. ${what}`,
      ),
  },
  WITNESS_UNREACHABLE: {
    about: words('见证人无法到达。', 'A witness is not reached.'),
    settings: { severity: 'warning' },
    tell: (subject, { what = '' }) =>
      words(`${subject}：见证人无法到达。${what}`, `${subject}: a witness is not reached. ${what}`),
  },
  RISK_SURGE: {
    about: words(
      '窗口内被规则标记风险的次数过多。',
      'Rules have marked members as risks too often in a window.',
    ),
    settings: {
      severity: 'warning',
      threshold: {
        ...{ is: 100, from: 1, to: 1_000_000_000 },
        about: words('新标记超过', 'More than so many new marks'),
      },
      windowMs: window(10 * MINUTE_MS),
    },
    tell: (subject, { marks = '', windowMs }) =>
      words(
        `${subject}：${minutes(windowMs)} 分钟内新风险标记 ${marks} 个。`,
        `${subject}: ${marks} new marks of risk in ${minutes(windowMs)} minutes.`,
      ),
  },
};

export const isRuleName = (text: string): text is RuleName => Object.hasOwn(RULES, text);

/** How long something must be over until an alert is resolved by itself, where the rule says nothing: what flutters is one alert. */
const CLEAR_MS = 2 * MINUTE_MS;

/** A rule as it is where nobody has set it. */
export function defaultsOf(name: RuleName): RuleSettings {
  const {
    severity,
    threshold,
    minimum,
    windowMs,
    clearMs = CLEAR_MS,
  }: Rule['settings'] = RULES[name].settings;
  return {
    ...{ state: 'active', severity },
    ...(threshold && { threshold: threshold.is }),
    ...(minimum && { minimum: minimum.is }),
    ...(windowMs && { windowMs: windowMs.is }),
    ...{ clearMs, repeatMs: 0 },
  };
}

const minutes = (ms: Evidence[string] | undefined): number =>
  Math.round((Number(ms) / MINUTE_MS) * 10) / 10;
