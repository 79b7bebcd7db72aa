// The page's first file. Owns: the order in which the page begins.

import { render } from 'preact';
import { followAnswers } from '../../web/page/shell/answers.js';
import { begin } from '../../web/page/shell/app.js';
import { language, speak } from '../../web/page/shell/language.js';
import { BASE, followLinks, go } from '../../web/page/shell/router.js';
import { embedded } from './embed/host.js';
import { SCREENS } from './screens/list.js';
import { assembleMember } from './shell/app.js';
import { Layout } from './shell/layout.js';
import { screens } from './shell/screens.js';
import { work } from './shell/worker.js';
import '../../web/page/parts.css';
import './style.css';
import './screens.css';

screens.push(...SCREENS);
speak(language.value, false);
followLinks();
const host = embedded();
assembleMember(host === undefined ? undefined : () => host.ticket());
if (host !== undefined) {
  host.onLanguage((one) => speak(one, false));
  host.onNavigate((to) => go(BASE + to));
}
followAnswers();
begin();
const root = document.getElementById('app');
if (root !== null) render(<Layout />, root);
work();
// The stream comes after the first view: that needs none of it.
void import('./shell/live.js').then(
  ({ followBalances }) => followBalances(),
  () => undefined,
);
