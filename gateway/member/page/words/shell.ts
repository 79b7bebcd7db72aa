// What the page says around its screens. Owns: these texts, in both languages.

import { table } from './words.js';

export const SHELL = table({
  en: {
    product: 'My points',
    skip: 'Skip to the content',
    sections: 'Sections',
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
    account: 'My data',
    back: 'Back',
    close: 'Close',
    cancel: 'Cancel',
    loading: 'Loading …',
    again: 'Try again',
    language: 'Language',
    otherLanguage: '中文',
    signIn: 'Sign in',
    signOut: 'Sign out',
    signingOut: 'Signing out …',
    signOutFailed: 'You are still signed in: nobody could be reached. Try again.',
    signInTitle: 'Your points, in one place',
    signInWhy: 'Sign in to see your balances, what expires when, and what you can get for them.',
    signedOutTitle: 'You are signed out',
    signedOutWhy: 'Sign in again: you come back to where you are.',
    noNetwork: 'No connection.',
    partGone: 'This part of the page could not be loaded: it may have been renewed meanwhile.',
    offline: 'You are offline: this is what was known before.',
    asOf: 'As of {when}',
    brokenTitle: 'Something went wrong here',
    brokenWhy: 'This is a fault of the page, not of your points. Nothing was lost.',
    reload: 'Reload',
    notFoundTitle: 'There is nothing here',
    notFoundWhy: 'The address may be old or mistyped.',
    toHome: 'To my points',
    sending: 'Sending …',
    unknownTitle: 'We do not know yet whether this went through',
    unknownBroke: 'The connection broke.',
    unknownWhy: 'Nothing happens twice: we ask for what became of it under the same number.',
    askAgain: 'Ask now',
    foundDone: '{title}: it went through.',
    foundRefused: '{title}: it was not done. {why}',
    openActions: { one: 'One thing is not answered yet', other: '{n} things are not answered yet' },
    update: 'A new version of this page is there.',
    install: 'Install as an app',
    moreOf: 'Show more',
    nothingMore: 'That is all.',
    points: 'points',
    noScope: 'This is not available here.',
    retryIn: 'Try again {when}.',
  },
  zh: {
    product: '我的积分',
    skip: '跳到正文',
    sections: '栏目',
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
    account: '我的数据',
    back: '返回',
    close: '关闭',
    cancel: '取消',
    loading: '加载中……',
    again: '重试',
    language: '语言',
    otherLanguage: 'English',
    signIn: '登录',
    signOut: '退出登录',
    signingOut: '正在退出……',
    signOutFailed: '网络不通，您仍处于登录状态，请重试。',
    signInTitle: '您的积分，一处看全',
    signInWhy: '登录后可查看余额、到期时间，以及能兑换什么。',
    signedOutTitle: '您已退出登录',
    signedOutWhy: '重新登录后会回到当前页面。',
    noNetwork: '没有网络连接。',
    partGone: '页面的这一部分无法加载，可能刚刚更新过。',
    offline: '当前离线，显示的是之前的数据。',
    asOf: '截至 {when}',
    brokenTitle: '这里出错了',
    brokenWhy: '这是页面的问题，与您的积分无关，没有丢失任何内容。',
    reload: '重新加载',
    notFoundTitle: '这里没有内容',
    notFoundWhy: '网址可能已失效或有误。',
    toHome: '回到我的积分',
    sending: '提交中……',
    unknownTitle: '暂时不知道是否成功',
    unknownBroke: '网络中断了。',
    unknownWhy: '不会重复执行：我们会用同一编号查询结果。',
    askAgain: '立即查询',
    foundDone: '{title}：已成功。',
    foundRefused: '{title}：未执行。{why}',
    openActions: '有 {n} 项操作还没有结果',
    update: '页面有新版本。',
    install: '安装为应用',
    moreOf: '显示更多',
    nothingMore: '已全部显示。',
    points: '积分',
    noScope: '此处不可用。',
    retryIn: '请{when}再试。',
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
  | 'account'
>;
