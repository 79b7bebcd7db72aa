// The page's first file. Owns: the order in which the page begins.

import { render } from 'preact';
import { embedded } from './embed/host.js';
import { SCREENS } from './screens/list.js';
import { followAnswers } from './shell/answers.js';
import { begin, embedBy } from './shell/app.js';
import { language, speak } from './shell/language.js';
import { Layout } from './shell/layout.js';
import { followLinks, go, href } from './shell/router.js';
import { screens } from './shell/screens.js';
import { work } from './shell/worker.js';
import './style.css';

screens.push(...SCREENS);
const host = embedded();
if (host !== undefined) {
  embedBy(() => host.ticket());
  host.onLanguage((one) => speak(one, false));
  host.onNavigate((to) => go(href(...to.split('/').filter(Boolean))));
}
speak(language.value, false);
followLinks();
followAnswers();
begin();
const root = document.getElementById('app');
if (root !== null) render(<Layout />, root);
work();
