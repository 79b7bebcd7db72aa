// What is said of refusals. Owns: what the page says of itself; the ledger's own words in English, those of refusals-zh.ts in Chinese. Never touches: what follows from
// them.

import { type Language, type Table, table, textOf } from '../../../web/page/words/words.js';
import { CHINESE } from './refusals-zh.js';

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

const OTHERS: Table<'other'> = table({
  en: { other: '{detail} ({code})' },
  zh: { other: '操作未成功：{detail}（{code}）' },
});

/** Codes that the page has words of its own for, in both languages. */
export const ownWords: ReadonlySet<string> = new Set(Object.keys(OWN.en));

const isOwn = (code: string): code is keyof typeof OWN.en & string => ownWords.has(code);

/** What is told of a refusal. */
export function problemText(
  language: Language,
  { code, detail }: { readonly code: string; readonly status: number; readonly detail: string },
): string {
  if (isOwn(code)) return textOf(OWN, language, code);
  const chinese = language === 'zh' ? CHINESE[code] : undefined;
  return (
    chinese?.replace('{detail}', () => detail) ??
    textOf(OTHERS, language, 'other', { code, detail })
  );
}
