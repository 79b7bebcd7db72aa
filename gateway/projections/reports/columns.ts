// Columns and parameters that reports have in common. Owns: what they are called, in both languages. Never touches: figures.

import type { Column, ColumnType, Parameter, ParameterName, Words } from './shapes.js';

export const words = (zh: string, en: string): Words => ({ zh, en });

const COLUMNS = {
  date: ['date', '日期', 'Date'],
  month: ['date', '月份', 'Month'],
  cohort: ['date', '批次', 'Cohort'],
  asset: ['text', '积分种类', 'Asset'],
  group: ['text', '分组', 'Group'],
  earned: ['points', '获得', 'Earned'],
  spent: ['points', '支出', 'Spent'],
  redeemed: ['points', '其中兑换', 'Of it redeemed'],
  expired: ['points', '过期', 'Expired'],
  active: ['count', '活跃会员', 'Active members'],
  members: ['count', '会员', 'Members'],
  new: ['count', '新会员', 'New members'],
  newEarners: ['count', '获得过积分的新会员', 'New members who got points'],
  newShare: ['ratio', '新会员获得率', 'Share of new members who got points'],
  earners: ['count', '获得积分的会员', 'Members who got points'],
  redeemers: ['count', '其中兑换过的', 'Of them redeemed'],
  redeemedShare: ['ratio', '兑换率', 'Share of earners who redeemed'],
  expiredShare: ['ratio', '过期率', 'Expired, of earned'],
  eligible30: ['count', '满 30 日的会员', 'Whose 30 days are over'],
  retained30: ['count', '30 日留存', 'Retained after 30 days'],
  share30: ['ratio', '30 日留存率', '30-day retention'],
  eligible90: ['count', '满 90 日的会员', 'Whose 90 days are over'],
  retained90: ['count', '90 日留存', 'Retained after 90 days'],
  share90: ['ratio', '90 日留存率', '90-day retention'],
  offset: ['count', '第几期', 'Periods later'],
  share: ['ratio', '占比', 'Share'],
  tier: ['text', '等级', 'Tier'],
  expires: ['date', '到期月份', 'Expires in'],
  points: ['points', '积分', 'Points'],
  kind: ['text', '类型', 'What'],
  ahead: ['count', '提前月数', 'Months ahead'],
  outstanding: ['points', '未用积分', 'Outstanding'],
  rate: ['ratio', '预计过期率', 'Expected to expire'],
  forecast: ['points', '预计过期', 'Forecast'],
  actual: ['points', '实际过期', 'Expired'],
  error: ['ratio', '误差', 'Error'],
  goods: ['text', '商品', 'Goods'],
  name: ['text', '名称', 'Name'],
  orders: ['count', '订单', 'Orders'],
  pieces: ['count', '件数', 'Pieces'],
  back: ['count', '退回件数', 'Pieces given back'],
  pointsBack: ['points', '退回积分', 'Points given back'],
  net: ['points', '净额', 'Net'],
  campaign: ['text', '活动', 'Campaign'],
  events: ['count', '事件', 'Events'],
  programme: ['text', '计划', 'Programme'],
  by: ['text', '规则或任务', 'Rule or task'],
  key: ['text', '键', 'Key'],
  times: ['count', '次数', 'Times'],
  step: ['count', '步骤', 'Step'],
  what: ['text', '做了什么', 'Done'],
  ofBefore: ['ratio', '对上一步', 'Of the step before'],
  ofFirst: ['ratio', '对第一步', 'Of the first step'],
  hours: ['count', '平均用时（小时）', 'Hours since the first step, on average'],
  number: ['text', '兑换单号', 'Exchange number'],
  owner: ['text', '用户', 'User'],
  quantity: ['count', '数量', 'Quantity'],
  time: ['time', '时间', 'Time'],
  state: ['text', '状态', 'Status'],
  shipped: ['count', '已发货', 'Shipped'],
  cancelled: ['count', '已取消', 'Cancelled'],
  platform: ['text', '平台', 'Platform'],
} as const satisfies Readonly<Record<string, readonly [ColumnType, zh: string, en: string]>>;

export type ColumnName = keyof typeof COLUMNS;

/** Columns by their names. */
export const columns = (...names: readonly ColumnName[]): Column[] =>
  names.map((name) => {
    const [type, zh, en] = COLUMNS[name];
    return { name, type, title: { zh, en } };
  });

const PARAMETERS: Readonly<Record<ParameterName, Omit<Parameter, 'name' | 'isRequired'>>> = {
  from: {
    type: 'time',
    about: words(
      '从何时起：毫秒、RFC 3339 时间，或一天 2026-11-01',
      'From when on: milliseconds, an RFC 3339 time, or a day, 2026-11-01',
    ),
  },
  to: {
    type: 'time',
    about: words(
      '到何时为止（不含）；默认现在',
      'Up to when, which is no part of it; default: now',
    ),
  },
  at: { type: 'time', about: words('哪一刻；默认现在', 'As of which moment; default: now') },
  asset: { type: 'text', about: words('只看这种积分', 'Only this kind of points') },
  programme: { type: 'text', about: words('只看这个计划', 'Only this programme') },
  zone: {
    type: 'text',
    default: 'Asia/Shanghai',
    about: words('按哪个时区算日', 'Whose days are meant: an IANA time zone'),
  },
  interval: {
    type: 'choice',
    choices: ['day', 'week', 'month'],
    about: words('按日、周或月', 'By day, week or month'),
  },
  group: {
    type: 'choice',
    choices: ['none', 'platform', 'kind', 'rule', 'tier'],
    default: 'none',
    about: words('按什么分组', 'Split by what'),
  },
  by: {
    type: 'choice',
    choices: ['effective', 'booked'],
    default: 'effective',
    about: words('按生效时间，或按记账时间', 'By when it took effect, or by when it was booked'),
  },
  goods: { type: 'text', about: words('只看这种商品', 'Only these goods') },
  owner: { type: 'text', about: words('只看这个会员', 'Only this member') },
  state: {
    type: 'choice',
    choices: ['held', 'pending', 'completed', 'cancelled'],
    about: words('只看这种状态', 'Only those in this state'),
  },
  steps: {
    type: 'text',
    about: words(
      '步骤，用逗号隔开：joined、earn、spend、redeem、order、event:类型、act:名称',
      'Steps, with commas: joined, earn, spend, redeem, order, event:TYPE, act:NAME',
    ),
  },
  within: {
    type: 'integer',
    default: '30',
    about: words('几天之内，1 到 366', 'Within how many days, 1 to 366'),
  },
  limit: {
    type: 'integer',
    about: words('最多几行；文件默认全部', 'Rows at most; files have all where nothing is said'),
  },
};

/** Parameters by their names. `defaults`: others than usual. */
export const parameters = (
  names: readonly ParameterName[],
  more: {
    readonly required?: readonly ParameterName[];
    readonly defaults?: Partial<Record<ParameterName, string>>;
  } = {},
): Parameter[] =>
  names.map((name) => {
    const usual = PARAMETERS[name];
    const other = more.defaults?.[name];
    return {
      name,
      isRequired: more.required?.includes(name) === true,
      ...usual,
      ...(other === undefined ? {} : { default: other }),
    };
  });

/** What all parameters are called. */
export const PARAMETER_NAMES = Object.keys(PARAMETERS) as readonly ParameterName[];
