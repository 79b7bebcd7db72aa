// All screens. Owns: their order, which is the navigation's within each of its parts. Each is loaded when it is first shown.

import { speaker } from '../../../web/page/shell/language.js';
import type { ConsoleScreen } from '../shell/screens.js';
import { SHELL } from '../words/shell.js';
import { ACCOUNT } from './account/index.js';
import { MEMBERS } from './members/index.js';
import { PROGRAMME } from './programme/index.js';
import { RUNNING } from './running/index.js';

const t = speaker(SHELL);

export const SCREENS: readonly ConsoleScreen[] = [
  {
    name: 'home',
    path: '',
    title: () => t('home'),
    icon: 'home',
    group: 'home',
    load: () => import('./home/home.js'),
  },
  ...MEMBERS,
  ...PROGRAMME,
  ...RUNNING,
  ...ACCOUNT,
];
