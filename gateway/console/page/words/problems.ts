// What is said of refusals. Owns: what the page says of itself, and in Chinese of refusals that operators meet often; any other is told in the ledger's own words.
// Never touches: what follows from them.

import { type Language, type Table, table, textOf } from '../../../web/page/words/words.js';

const OWN = table({
  en: {
    OFFLINE: 'The ledger cannot be reached. Look at the network and try again.',
    SIGNED_OUT: 'You are signed out. Sign in and try again.',
    FOREIGN: 'Something between this page and the ledger answered in its place. Try again later.',
    UNAUTHORIZED: 'You are signed out. Sign in and try again.',
    OPERATION_FORBIDDEN: 'You may not do this. Ask an administrator for the operation.',
    CHANGED_MEANWHILE:
      'Somebody else changed this meanwhile. Load it again, and look at what changed.',
    RATE_LIMITED: 'Too many requests. Wait a moment and try again.',
  },
  zh: {
    OFFLINE: '无法连接账本，请检查网络后重试。',
    SIGNED_OUT: '您已退出登录，请登录后重试。',
    FOREIGN: '返回的不是账本的应答，请稍后再试。',
    UNAUTHORIZED: '您已退出登录，请登录后重试。',
    OPERATION_FORBIDDEN: '您没有此操作的权限，请联系管理员。',
    CHANGED_MEANWHILE: '内容已被他人修改，请重新加载并查看差异。',
    RATE_LIMITED: '请求过于频繁，请稍后再试。',
  },
});

/** Refusals that operators meet often; in English the ledger's own words say more. */
export const CHINESE: Readonly<Record<string, string>> = {
  ACCOUNT_BUSY: '该账户有未完成的操作，请稍后再试。',
  ACCOUNT_CLOSED: '该账户已关闭。',
  ACCOUNT_FROZEN: '该账户已冻结。',
  ACCOUNT_NOT_FOUND: '账户不存在。',
  AMOUNT_INVALID: '数量不正确。',
  APPROVAL_REQUIRED: '需要第二人审批。',
  ASSET_FORBIDDEN: '您没有该积分类型的权限。',
  ASSET_UNKNOWN: '积分类型不存在。',
  BODY_INVALID: '请求内容不正确。',
  CODE_REQUIRED: '请输入动态验证码。',
  CODE_WRONG: '验证码错误或已使用过，请等待下一个。',
  CODES_REQUIRED: '必须先启用动态验证码。',
  COMMAND_INVALID: '字段不正确。',
  CURSOR_INVALID: '列表已过期，请重新加载。',
  DEFINITION_INVALID: '定义不正确。',
  DEFINITION_NOT_FOUND: '定义不存在。',
  ID_REUSED: '该编号已用于另一请求。',
  INTERNAL: '账本出现故障，未作任何更改。',
  LOGIN_LATER: '尝试次数过多，请稍后再试。',
  LOGIN_WRONG: '登录名或密码错误。',
  MEMBER_UNSETTLED: '该会员还有未完成的订单、兑换或冻结积分。',
  OWNER_INVALID: '会员号不正确。',
  ORIGIN_FORBIDDEN: '请求不是来自本服务器的页面。',
  PASSWORD_WEAK: '密码过短或过于常见，请换一个。',
  PASSWORD_WRONG: '密码错误。',
  PLATFORM_NOT_FOUND: '平台不存在。',
  POINTS_SHORT: '积分不足。',
  RECORD_LIMIT: '数量已达上限。',
  REPORTS_OFF: '此节点未启用报表。',
  SESSION_ENDED: '登录已过期，请重新登录。',
  SHARD_BUSY: '账本繁忙，请稍后再试。',
  SIGN_IN_BUSY: '登录繁忙，请稍后再试。',
  TRANSFER_NOT_FOUND: '交易不存在。',
};

const OTHERS: Table<'other'> = table({
  en: { other: '{detail} ({code})' },
  zh: { other: '操作未成功：{detail}（{code}）' },
});

const isOwn = (code: string): code is keyof typeof OWN.en & string => Object.hasOwn(OWN.en, code);

/** What is told of a refusal. */
export function problemText(
  language: Language,
  { code, detail }: { readonly code: string; readonly status: number; readonly detail: string },
): string {
  if (isOwn(code)) return textOf(OWN, language, code);
  const chinese = language === 'zh' ? CHINESE[code] : undefined;
  return chinese ?? textOf(OTHERS, language, 'other', { code, detail });
}
