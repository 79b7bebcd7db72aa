// All screens. Owns: their order, which is the navigation's. Each is loaded when it is first shown; the first one comes with the page.

import { speaker } from '../shell/language.js';
import type { Screen } from '../shell/screen.js';
import { SHELL, type TitleKey } from '../words/shell.js';
import Home from './home.js';

const t = speaker(SHELL);
const title = (key: TitleKey) => () => t(key);

export const SCREENS: readonly Screen[] = [
  {
    name: 'home',
    path: '',
    title: title('home'),
    icon: 'home',
    nav: 'tab',
    load: async () => ({ default: Home }),
  },
  {
    name: 'more',
    path: 'more',
    title: title('more'),
    icon: 'more',
    nav: 'tab',
    load: () => import('./more.js'),
  },
];
