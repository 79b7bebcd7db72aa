// The page's first file. Owns: the order in which the page begins.

import { render } from 'preact';
import { embedded } from './embed/host.js';
import { SCREENS } from './screens/list.js';
import { followAnswers } from './shell/answers.js';
import { begin, embedBy } from './shell/app.js';
import { language, speak } from './shell/language.js';
import { Layout } from './shell/layout.js';
import { BASE, followLinks, go } from './shell/router.js';
import { screens } from './shell/screens.js';
import { work } from './shell/worker.js';
import './style.css';
import './screens.css';

screens.push(...SCREENS);
speak(language.value, false);
followLinks();
const host = embedded();
if (host !== undefined) {
  embedBy(() => host.ticket());
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
