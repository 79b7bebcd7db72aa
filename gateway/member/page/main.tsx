// The page's first file. Owns: the order in which the page begins.

import { render } from 'preact';
import { SCREENS } from './screens/list.js';
import { followAnswers } from './shell/answers.js';
import { begin } from './shell/app.js';
import { language, speak } from './shell/language.js';
import { Layout } from './shell/layout.js';
import { followLinks } from './shell/router.js';
import { screens } from './shell/screens.js';
import { work } from './shell/worker.js';
import './style.css';

screens.push(...SCREENS);
speak(language.value, false);
followLinks();
followAnswers();
begin();
const root = document.getElementById('app');
if (root !== null) render(<Layout />, root);
work();
