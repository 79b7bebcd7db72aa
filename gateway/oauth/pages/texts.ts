// What the pages for signing in say. Owns: their sentences, in each language. Never touches: when which one is said.

import type { ScopeWord } from '../scopes.js';
import { type Html, html, type Shown } from './html.js';
import type { Language, Words } from './languages.js';

/** `{name}` stands for a value. */
export const TEXTS = {
  signIn: { zh: '登录', en: 'Sign in' },
  signInTo: {
    zh: '{client} 想要访问您的积分。请先登录。',
    en: '{client} wants to get at your points. Sign in first.',
  },
  signInToPage: { zh: '登录后即可查看和使用您的积分。', en: 'Sign in to see and use your points.' },
  login: { zh: '登录名或邮箱', en: 'Login name or email address' },
  password: { zh: '密码', en: 'Password' },
  newPassword: { zh: '新密码', en: 'New password' },
  passwordHint: {
    zh: '至少 8 个字符。请不要使用常见的密码。',
    en: 'At least 8 characters, and none that many people use.',
  },
  cancel: { zh: '取消，返回 {client}', en: 'Cancel, and go back to {client}' },
  forgotten: { zh: '忘记密码？', en: 'Forgotten your password?' },
  register: { zh: '注册', en: 'Register' },
  signedInAs: { zh: '当前登录：{account}', en: 'You are signed in as {account}.' },
  anotherAccount: { zh: '使用其他账号', en: 'Use another account' },
  goOn: { zh: '继续', en: 'Continue' },
  signOut: { zh: '退出登录', en: 'Sign out' },
  signOutAsk: { zh: '要在此浏览器中退出登录吗？', en: 'Sign out in this browser?' },
  signedOut: { zh: '您已退出登录。', en: 'You are signed out.' },

  allowTitle: { zh: '允许 {client} 访问您的积分吗？', en: 'Allow {client} to get at your points?' },
  allowAsk: { zh: '{client} 请求以下权限：', en: '{client} asks to:' },
  allowChoose: {
    zh: '您可以取消不想给予的权限。',
    en: 'Untick what you do not want to permit.',
  },
  allowWhere: { zh: '选择后，您将返回 {place}。', en: 'After you choose, you go back to {place}.' },
  allowApplication: {
    zh: '此设备上的应用（{place}）',
    en: 'the application on this device ({place})',
  },
  allowEnds: {
    zh: '您可以随时在会员页面中收回这些权限。',
    en: 'You can take this back at any time on your member’s page.',
  },
  allow: { zh: '允许', en: 'Allow' },
  deny: { zh: '不允许', en: 'Do not allow' },
  chooseOne: {
    zh: '请至少选择一项权限，或者选择“不允许”。',
    en: 'Choose at least one, or choose “Do not allow”.',
  },

  invitation: { zh: '欢迎：设置您的登录方式', en: 'Welcome: choose how you sign in' },
  confirmation: { zh: '确认您的地址', en: 'Confirm your address' },
  reset: { zh: '设置新密码', en: 'Choose a new password' },
  letter: { zh: '收到的链接', en: 'The link that you were sent' },
  letterHint: {
    zh: '如果此处为空，请把消息中的整个链接粘贴到这里。',
    en: 'If this is empty, paste the whole link out of the message here.',
  },
  letterFor: { zh: '账号：{account}', en: 'Account: {account}' },
  loginChoose: { zh: '登录名', en: 'Login name' },
  loginHint: {
    zh: '留空则使用收到此链接的邮箱地址。',
    en: 'Left empty: the address that this link was sent to.',
  },
  letterUse: { zh: '保存并登录', en: 'Save and sign in' },

  registerTitle: { zh: '注册', en: 'Register' },
  registerAsk: {
    zh: '填写您的邮箱，我们会发送一个用于设置密码的链接。',
    en: 'Give your email address: a link by which you choose a password is sent there.',
  },
  email: { zh: '邮箱', en: 'Email address' },
  programme: { zh: '会员计划', en: 'Programme' },
  programmeHint: {
    zh: '会员计划的名称，平台会告诉您。',
    en: 'Its name, which the platform has told you.',
  },
  sendLink: { zh: '发送链接', en: 'Send the link' },
  resetTitle: { zh: '重置密码', en: 'Reset your password' },
  resetAsk: {
    zh: '填写您的登录名或邮箱，我们会发送一个用于设置新密码的链接。',
    en: 'Give your login name or email address: a link by which you choose a new password is sent to you.',
  },
  sent: {
    zh: '如果填写的内容属于某个账号，链接已经发出。请查看您的消息。',
    en: 'If it is right, a link is on its way. Look at your messages.',
  },
  registerSent: {
    zh: '链接已经发出。如果该邮箱已有账号，消息中会有说明。请查看您的邮箱。',
    en: 'A message is on its way to that address. Look at your mail.',
  },
  back: { zh: '返回登录', en: 'Back to signing in' },

  wrongTitle: { zh: '此请求无法处理', en: 'This cannot be done' },
  wrongClient: {
    zh: '链接来自一个未知的应用，或者其返回地址没有登记。您没有被转到任何地方，也没有给予任何权限。',
    en:
      'The link is of an application that is not known here, or it asks to send you where that application has not registered. ' +
      'You are not sent anywhere, and nothing was permitted.',
  },
  wrongRequest: { zh: '请求不完整或有误。', en: 'The request is incomplete or wrong.' },
  foreign: {
    zh: '此表单不是从本页面发送的，或者页面已经改变。没有执行任何操作，请再试一次。',
    en: 'This form was not sent by its own page, or things have changed since. Nothing was done; try again.',
  },
  old: {
    zh: '页面打开的时间过长。没有执行任何操作，请再试一次。',
    en: 'The page was open for too long. Nothing was done; try again.',
  },
  ended: {
    zh: '您的登录已结束。没有给予任何权限，请重新登录。',
    en: 'Your session has ended. Nothing was permitted; sign in again.',
  },
  otherAccount: {
    zh: '此浏览器中的登录账号已更改。没有给予任何权限，请确认账号后再选择。',
    en: 'Somebody else is signed in at this browser by now. Nothing was permitted; look at the account, and choose again.',
  },
  loginWrong: {
    zh: '登录名或密码不正确。',
    en: 'The login name or the password is wrong.',
  },
  loginLater: {
    zh: '尝试次数过多。请在 {time} 后再试，或者重置密码。',
    en: 'Too many attempts. Try again in {time}, or reset your password.',
  },
  seconds: { zh: '{count} 秒', en: '{count} seconds' },
  minutes: { zh: '{count} 分钟', en: '{count} minutes' },
  loginNeeded: { zh: '请填写。', en: 'Fill this in.' },
  code: { zh: '动态验证码', en: 'One-time code' },
  codeHint: {
    zh: '手机应用显示的六位数字，或一个恢复码。',
    en: 'The six digits that your phone shows, or a recovery code.',
  },
  codeRequired: {
    zh: '此账号已启用第二因素：请再次填写密码，并填写验证码。',
    en: 'This account has a second factor: give the password again, and a code.',
  },
  codeWrong: {
    zh: '验证码错误或已使用过，请等待下一个。',
    en: 'The code is wrong, or was used before: wait for the next one.',
  },
  passwordWeak: {
    zh: '此密码太短、太常见，或者与登录名相同。请换一个。',
    en: 'This password is too short, one that many people use, or your login name. Choose another one.',
  },
  loginInvalid: {
    zh: '登录名由 2 至 64 个字母、数字、点、下划线或连字符组成，或者是一个邮箱地址。',
    en: 'A login name has 2 to 64 letters, digits, dots, underscores and hyphens, or is an email address.',
  },
  loginTaken: { zh: '此登录名已被使用。', en: 'This login name is taken.' },
  letterGone: {
    zh: '此链接已被使用、已过期或不完整。请申请一个新的链接。',
    en: 'This link was used, has expired, or is incomplete. Ask for a new one.',
  },
  registrationClosed: {
    zh: '此会员计划不开放自行注册。请向平台索取邀请。',
    en: 'This programme does not let members register by themselves. Ask the platform for an invitation.',
  },
  later: {
    zh: '暂时无法处理，请稍后再试。',
    en: 'This is not possible at the moment; try again shortly.',
  },
  tooMany: { zh: '请求过多，请稍后再试。', en: 'Too many requests; try again shortly.' },
} as const satisfies Readonly<Record<string, Words>>;

export type TextName = keyof typeof TEXTS;

/**
 * What a scope permits, as members read it before they consent, beside gateway/oauth/scopes.ts: of all platforms' points, or of those of one (`{platform}`).
 */
export const SCOPE_TEXTS: Readonly<
  Record<ScopeWord, { readonly all: Words; readonly one?: Words }>
> = {
  profile: {
    all: {
      zh: '查看您是谁，以及您在各平台的积分总数',
      en: 'see who you are, and your total on each platform',
    },
  },
  read: {
    all: {
      zh: '查看您所有平台的积分余额、明细、订单、等级和任务',
      en: 'see your points on all platforms: balances, history, orders, tiers and tasks',
    },
    one: {
      zh: '查看您在 {platform} 的积分余额、明细、订单、等级和任务',
      en: 'see your points at {platform}: balances, history, orders, tiers and tasks',
    },
  },
  redeem: {
    all: {
      zh: '使用您所有平台的积分：兑换商品，参加需要积分的活动',
      en: 'spend your points of all platforms: order goods, take part in what costs points',
    },
    one: {
      zh: '使用您在 {platform} 的积分：兑换商品，参加需要积分的活动',
      en: 'spend your points of {platform}: order goods, take part in what costs points',
    },
  },
  transfer: {
    all: {
      zh: '把您所有平台的积分赠送给他人，或兑换成其他平台的积分',
      en: 'give your points of all platforms to others, and exchange them for other platforms’ points',
    },
    one: {
      zh: '把您在 {platform} 的积分赠送给他人，或兑换成其他平台的积分',
      en: 'give your points of {platform} to others, and exchange them for other platforms’ points',
    },
  },
  participate: {
    all: {
      zh: '代您参加所有平台的活动：签到、使用推荐码、领取奖励',
      en: 'take part for you on all platforms: sign in for the day, use a referral code, claim what you have earned',
    },
    one: {
      zh: '代您参加 {platform} 的活动：签到、使用推荐码、领取奖励',
      en: 'take part for you at {platform}: sign in for the day, use a referral code, claim what you have earned',
    },
  },
  self: {
    all: {
      zh: '管理您的账号：联系方式、通知、登录和应用',
      en: 'manage your account: contact, notices, sessions and applications',
    },
  },
};

/** A sentence with its values. */
export function filled(text: string, values: Readonly<Record<string, Shown>> = {}): Html {
  const parts = text.split(/\{(\w+)\}/);
  return html`${parts.map((part, i) => (i % 2 === 0 ? part : values[part]))}`;
}

/** Says a text in a language. */
export const say = (
  language: Language,
  name: TextName,
  values?: Readonly<Record<string, Shown>>,
): Html => filled(TEXTS[name][language], values);

/** The same as plain text, where no HTML stands: a page's title. */
export const plain = (
  language: Language,
  name: TextName,
  values: Readonly<Record<string, string>> = {},
): string => TEXTS[name][language].replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '');
