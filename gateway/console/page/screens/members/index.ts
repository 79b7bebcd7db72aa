// The screens of this area. Owns: which there are, their addresses and places in the navigation.

import { speaker } from '../../../../web/page/shell/language.js';
import { table } from '../../../../web/page/words/words.js';
import type { ConsoleScreen, Found } from '../../shell/screens.js';

const t = speaker(
  table({
    en: {
      members: 'Members',
      member: 'Member',
      account: 'Account',
      transfer: 'What was done',
      approvals: 'Approvals',
      risks: 'Marks of risk',
      erasures: 'Erasures',
      draw: 'Draw',
      audit: 'Audit trail',
    },
    zh: {
      members: '会员',
      member: '会员',
      account: '账户',
      transfer: '操作详情',
      approvals: '待审批',
      risks: '风险标记',
      erasures: '个人信息删除',
      draw: '抽奖记录',
      audit: '审计记录',
    },
  }),
);

const ofMember = ({ owner }: Found): readonly string[] | undefined =>
  owner === undefined || /^[@#]/.test(owner) ? undefined : ['members', owner];
const ofCommand = ({ owner, key }: Found): readonly string[] | undefined =>
  owner === undefined || key === undefined ? undefined : ['members', owner, 'transfers', key];

export const MEMBERS: readonly ConsoleScreen[] = [
  {
    name: 'members',
    path: 'members',
    title: () => t('members'),
    icon: 'people',
    group: 'members',
    needs: ['view'],
    words: 'users accounts balances 用户 账户 余额',
    load: () => import('./members.js'),
  },
  {
    name: 'member',
    path: 'members/:owner',
    title: () => t('member'),
    icon: 'person',
    needs: ['read'],
    finds: { member: ofMember, user: ofMember, 'sign-in': ofMember, contact: ofMember },
    load: () => import('./member.js'),
  },
  {
    name: 'member-account',
    path: 'members/:owner/accounts/:asset',
    title: () => t('account'),
    icon: 'scale',
    needs: ['read'],
    load: () => import('./account.js'),
  },
  {
    name: 'member-transfer',
    path: 'members/:owner/transfers/:id',
    title: () => t('transfer'),
    icon: 'history',
    needs: ['read'],
    finds: {
      event: ofCommand,
      transfer: ofCommand,
      hold: ofCommand,
      reversal: ofCommand,
      exchange: ofCommand,
      act: ofCommand,
      command: ofCommand,
    },
    load: () => import('./transfer.js'),
  },
  {
    name: 'approvals',
    path: 'approvals',
    title: () => t('approvals'),
    icon: 'check',
    group: 'members',
    needs: ['view'],
    words: 'second person waiting pending 审批 复核 待办',
    load: () => import('./approvals.js'),
  },
  {
    name: 'risks',
    path: 'risks',
    title: () => t('risks'),
    icon: 'flag',
    group: 'members',
    needs: ['view'],
    words: 'fraud marks refuse review 风控 风险 欺诈 标记',
    load: () => import('./risks.js'),
  },
  {
    name: 'member-draw',
    path: 'members/:owner/draws/:draw',
    title: () => t('draw'),
    icon: 'lottery',
    needs: ['read'],
    load: () => import('./draw.js'),
  },
  {
    name: 'erasures',
    path: 'erasures',
    title: () => t('erasures'),
    icon: 'lock',
    group: 'members',
    needs: ['view'],
    words: 'privacy forget gdpr delete personal data 隐私 注销 删除',
    load: () => import('./erasures.js'),
  },
  {
    name: 'audit',
    path: 'audit',
    title: () => t('audit'),
    icon: 'shield',
    group: 'system',
    needs: ['read-audit'],
    words: 'who did what log trail 日志 谁',
    load: () => import('./audit.js'),
  },
];
