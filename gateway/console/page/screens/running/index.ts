// The screens of this area: platforms and partners, reports, access, the system. Owns: their order, what each takes to be seen. Never touches: what is on them.

import { speaker } from '../../../../web/page/shell/language.js';
import type { ConsoleScreen } from '../../shell/screens.js';
import { RUNNING_WORDS } from './words.js';

const t = speaker(RUNNING_WORDS);

/** What concerns the whole ledger is seen by whoever may `view`; `admin` includes it. */
const SEEN = ['view'] as const;

const PARTNERS: readonly ConsoleScreen[] = [
  {
    ...{ name: 'platforms', path: 'platforms', title: () => t('platforms'), icon: 'plug' },
    ...{ group: 'partners', needs: SEEN, words: 'tenant application 平台 商户' },
    load: () => import('./access/platforms.js'),
  },
  {
    ...{ name: 'platform', path: 'platforms/:platform', title: () => t('platforms'), icon: 'plug' },
    needs: SEEN,
    finds: { platform: ({ key }) => (key === undefined ? undefined : ['platforms', key]) },
    load: () => import('./access/platform.js'),
  },
  {
    ...{ name: 'partners', path: 'partners', title: () => t('partners'), icon: 'link' },
    ...{ group: 'partners', needs: SEEN, words: 'external adapter breaker 合作方 外部' },
    load: () => import('./partners/partners.js'),
  },
  {
    ...{ name: 'partner', path: 'partners/:platform', title: () => t('partners'), icon: 'link' },
    needs: SEEN,
    load: () => import('./partners/partner.js'),
  },
  {
    ...{ name: 'partner-exchanges', path: 'partner-exchanges', title: () => t('exchanges') },
    ...{ icon: 'exchange', group: 'partners', needs: SEEN, words: 'saga pending 兑换 交换' },
    load: () => import('./partners/exchanges.js'),
  },
  {
    ...{ name: 'partner-exchange', path: 'partner-exchanges/:exchange' },
    ...{ title: () => t('exchanges'), icon: 'exchange' },
    finds: {
      'partner-exchange': ({ key }) => (key === undefined ? undefined : ['partner-exchanges', key]),
    },
    load: () => import('./partners/exchange.js'),
  },
  {
    ...{ name: 'pending-exchanges', path: 'pending-exchanges/:asset', title: () => t('pending') },
    icon: 'clock',
    load: () => import('./partners/pending.js'),
  },
  {
    ...{ name: 'inconsistencies', path: 'inconsistencies', title: () => t('inconsistencies') },
    ...{ icon: 'warn', group: 'partners', needs: SEEN, words: 'mismatch 差异 不符' },
    load: () => import('./partners/inconsistencies.js'),
  },
  {
    ...{ name: 'inconsistency', path: 'inconsistencies/:inconsistency', icon: 'warn' },
    ...{ title: () => t('inconsistencies'), needs: SEEN },
    load: () => import('./partners/inconsistency.js'),
  },
  {
    ...{ name: 'reconciliations', path: 'reconciliations', title: () => t('reconciliations') },
    ...{ icon: 'scale', group: 'partners', needs: SEEN, words: '对账 核对' },
    load: () => import('./partners/reconciliations.js'),
  },
  {
    ...{ name: 'reconciliation', path: 'reconciliations/:reconciliation', icon: 'scale' },
    ...{ title: () => t('reconciliations'), needs: SEEN },
    load: () => import('./partners/reconciliation.js'),
  },
  {
    ...{ name: 'clearing', path: 'clearing', title: () => t('clearing'), icon: 'scale' },
    ...{ group: 'partners', needs: SEEN, words: 'coalition settlement netting 联盟 结算' },
    load: () => import('./clearing/coalitions.js'),
  },
  {
    ...{ name: 'coalition', path: 'clearing/:coalition', title: () => t('clearing') },
    ...{ icon: 'scale', needs: SEEN },
    load: () => import('./clearing/coalition.js'),
  },
  {
    ...{ name: 'cycle', path: 'clearing/:coalition/:cycle', title: () => t('clearing') },
    ...{ icon: 'scale', needs: SEEN },
    load: () => import('./clearing/cycle.js'),
  },
  {
    ...{ name: 'disputes', path: 'disputes', title: () => t('disputes'), icon: 'flag' },
    ...{ group: 'partners', needs: SEEN, words: '争议 申诉' },
    load: () => import('./clearing/disputes.js'),
  },
  {
    ...{ name: 'dispute', path: 'disputes/:coalition/:dispute', title: () => t('disputes') },
    icon: 'flag',
    load: () => import('./clearing/dispute.js'),
  },
  {
    ...{ name: 'rates', path: 'rates', title: () => t('rates'), icon: 'exchange' },
    ...{ group: 'partners', needs: SEEN, words: 'exchange rate reserve 汇率 准备金' },
    load: () => import('./clearing/rates.js'),
  },
  {
    ...{ name: 'webhooks', path: 'webhooks', title: () => t('webhooks'), icon: 'send' },
    ...{ group: 'partners', needs: SEEN, words: 'outbox dead letters replay 回调 死信' },
    load: () => import('./outbound/webhooks.js'),
  },
  {
    ...{ name: 'webhook', path: 'webhooks/:webhook', title: () => t('webhooks'), icon: 'send' },
    load: () => import('./outbound/webhook.js'),
  },
  {
    ...{ name: 'channels', path: 'channels', title: () => t('channels'), icon: 'bell' },
    ...{ group: 'partners', needs: SEEN, words: 'mail sms notices 邮件 短信 通知' },
    load: () => import('./outbound/channels.js'),
  },
  {
    ...{ name: 'channel', path: 'channels/:channel', title: () => t('channels'), icon: 'bell' },
    needs: SEEN,
    load: () => import('./outbound/channel.js'),
  },
];

const REPORTS: readonly ConsoleScreen[] = [
  {
    ...{ name: 'reports', path: 'reports', title: () => t('reports'), icon: 'chart' },
    ...{ group: 'reports', needs: SEEN, words: 'liability retention funnel 负债 留存 漏斗' },
    load: () => import('./reports/reports.js'),
  },
  {
    ...{ name: 'report', path: 'reports/:report', title: () => t('reports'), icon: 'chart' },
    needs: SEEN,
    load: () => import('./reports/report.js'),
  },
  {
    ...{ name: 'report-schedules', path: 'report-schedules', title: () => t('schedules') },
    ...{ icon: 'calendar', group: 'reports', needs: SEEN, words: 'cron export 定时 导出' },
    load: () => import('./reports/schedules.js'),
  },
  {
    ...{ name: 'report-schedule', path: 'report-schedules/:schedule', icon: 'calendar' },
    ...{ title: () => t('schedules'), needs: SEEN },
    load: () => import('./reports/schedule.js'),
  },
  {
    ...{ name: 'sql', path: 'sql', title: () => t('sql'), icon: 'database', group: 'reports' },
    ...{ needs: ['analyse'], words: 'duckdb query 查询' },
    load: () => import('./reports/sql.js'),
  },
];

const ACCESS: readonly ConsoleScreen[] = [
  {
    ...{ name: 'operators', path: 'operators', title: () => t('operators'), icon: 'people' },
    ...{ group: 'access', needs: SEEN, words: 'users staff 人员 账号' },
    load: () => import('./access/operators.js'),
  },
  {
    ...{ name: 'operator', path: 'operators/:operator', title: () => t('operators') },
    ...{ icon: 'people', needs: SEEN },
    load: () => import('./access/operator.js'),
  },
  {
    ...{ name: 'roles', path: 'roles', title: () => t('roles'), icon: 'shield' },
    ...{ group: 'access', needs: SEEN, words: 'permissions operations 权限' },
    load: () => import('./access/roles.js'),
  },
  {
    ...{ name: 'keys', path: 'keys', title: () => t('keys'), icon: 'key' },
    ...{ group: 'access', needs: SEEN, words: 'api key token 密钥' },
    load: () => import('./access/keys.js'),
  },
  {
    ...{ name: 'clients', path: 'clients', title: () => t('clients'), icon: 'lock' },
    ...{ group: 'access', needs: SEEN, words: 'oauth application 应用 授权' },
    load: () => import('./access/clients.js'),
  },
  {
    ...{ name: 'client', path: 'clients/:client', title: () => t('clients'), icon: 'lock' },
    needs: SEEN,
    load: () => import('./access/client.js'),
  },
];

const SYSTEM: readonly ConsoleScreen[] = [
  {
    ...{ name: 'alerts', path: 'alerts', title: () => t('alerts'), icon: 'warn' },
    ...{ group: 'system', needs: SEEN, words: 'alarm on-call silence 告警 报警 静默' },
    load: () => import('./alerts/alerts.js'),
  },
  {
    ...{ name: 'alert', path: 'alerts/:alert', title: () => t('alerts'), icon: 'warn' },
    needs: SEEN,
    load: () => import('./alerts/alert.js'),
  },
  {
    ...{ name: 'alert-rules', path: 'alert-rules', title: () => t('alertRules'), icon: 'warn' },
    needs: SEEN,
    load: () => import('./alerts/rules.js'),
  },
  {
    ...{ name: 'silences', path: 'silences', title: () => t('silences'), icon: 'warn' },
    needs: SEEN,
    load: () => import('./alerts/silences.js'),
  },
  {
    ...{ name: 'personal-data', path: 'personal-data', title: () => t('personalData') },
    ...{ icon: 'lock', group: 'system', needs: SEEN },
    words: 'vault keys rotation retention privacy gdpr 隐私 密钥 保留',
    load: () => import('./vault/personal-data.js'),
  },
  {
    ...{ name: 'anchor', path: 'anchor', title: () => t('anchor'), icon: 'link' },
    ...{ group: 'system', needs: SEEN, words: 'chain contract ethereum root 区块链 合约' },
    load: () => import('./anchor/anchor.js'),
  },
  {
    ...{ name: 'anchored-root', path: 'anchor/roots/:number', title: () => t('anchor') },
    icon: 'link',
    load: () => import('./anchor/root.js'),
  },
  {
    ...{ name: 'imports', path: 'imports', title: () => t('imports'), icon: 'box' },
    ...{ group: 'system', needs: SEEN, words: 'migration bring in 迁移 导入' },
    load: () => import('./imports/list.js'),
  },
  {
    ...{ name: 'import', path: 'imports/:import', title: () => t('imports'), icon: 'box' },
    needs: SEEN,
    load: () => import('./imports/one.js'),
  },
  {
    ...{ name: 'status', path: 'status', title: () => t('status'), icon: 'pulse' },
    ...{ group: 'system', needs: SEEN, words: 'nats backup checkpoint log 备份 检查点 日志' },
    load: () => import('./status/status.js'),
  },
];

export const RUNNING: readonly ConsoleScreen[] = [...PARTNERS, ...REPORTS, ...ACCESS, ...SYSTEM];
