// What is of who is signed in, and the search. Owns: which screens there are, their addresses.

import { speaker } from '../../../../web/page/shell/language.js';
import type { ConsoleScreen } from '../../shell/screens.js';
import { SHELL } from '../../words/shell.js';

const t = speaker(SHELL);

export const ACCOUNT: readonly ConsoleScreen[] = [
  {
    name: 'account',
    path: 'account',
    title: () => t('account'),
    icon: 'person',
    words: 'password sign out totp sessions 密码 退出 验证码 会话',
    load: () => import('./account.js'),
  },
  {
    name: 'search',
    path: 'search',
    title: () => t('search'),
    icon: 'search',
    needs: ['view'],
    words: 'find 查找',
    load: () => import('./search.js'),
  },
];
