// What the page says around its screens. Owns: these texts, in both languages.

import { table } from '../../../web/page/words/words.js';

export const SHELL = table({
  en: {
    product: 'My points',
    home: 'Home',
    earn: 'Earn',
    mall: 'Rewards',
    history: 'History',
    more: 'More',
    tiers: 'Level',
    badges: 'Badges',
    referral: 'Invite friends',
    lottery: 'Lucky draws',
    orders: 'My orders',
    order: 'Order',
    coupons: 'My coupons',
    gift: 'Give points',
    exchange: 'Exchange points',
    notices: 'Messages and consents',
    contact: 'Where you are reached',
    sessions: 'Devices signed in',
    applications: 'Apps with access',
    links: 'Link another account',
    password: 'Password',
    secondFactor: 'Second factor',
    account: 'My data',
    signInTitle: 'Your points, in one place',
    signInWhy: 'Sign in to see your balances, what expires when, and what you can get for them.',
  },
  zh: {
    product: '我的积分',
    home: '首页',
    earn: '赚积分',
    mall: '商城',
    history: '明细',
    more: '更多',
    tiers: '等级',
    badges: '徽章',
    referral: '邀请好友',
    lottery: '抽奖',
    orders: '我的订单',
    order: '订单详情',
    coupons: '我的优惠券',
    gift: '赠送积分',
    exchange: '积分互换',
    notices: '消息与授权',
    contact: '联系方式',
    sessions: '登录设备',
    applications: '已授权应用',
    links: '关联账户',
    password: '修改密码',
    secondFactor: '第二因素',
    account: '我的数据',
    signInTitle: '您的积分，一处看全',
    signInWhy: '登录后可查看余额、到期时间，以及能兑换什么。',
  },
});

/** The keys of titles of screens. */
export type TitleKey = Extract<
  keyof (typeof SHELL)['en'],
  | 'home'
  | 'earn'
  | 'mall'
  | 'history'
  | 'more'
  | 'tiers'
  | 'badges'
  | 'referral'
  | 'lottery'
  | 'orders'
  | 'order'
  | 'coupons'
  | 'gift'
  | 'exchange'
  | 'notices'
  | 'contact'
  | 'sessions'
  | 'applications'
  | 'links'
  | 'password'
  | 'secondFactor'
  | 'account'
>;
