// The console's first file. Owns: the order in which it begins.

import { render } from 'preact';
import { followAnswers } from '../../web/page/shell/answers.js';
import { begin } from '../../web/page/shell/app.js';
import { language, speak } from '../../web/page/shell/language.js';
import { followLinks } from '../../web/page/shell/router.js';
import { SCREENS } from './screens/list.js';
import { assembleConsole } from './shell/app.js';
import { Layout } from './shell/layout.js';
import { screens } from './shell/screens.js';
import { beginTheme } from './shell/theme.js';
import '../../web/page/parts.css';
import './style.css';
import './ui/table/table.css';
import './ui/chart/chart.css';
import './screens/running/running.css';
import './ui/schema-form/schema-form.css';
import './ui/diff/diff.css';
import './screens/programme/programme.css';
import './screens/members/members.css';

screens.push(...SCREENS);
speak(language.value, false);
beginTheme();
followLinks();
assembleConsole();
followAnswers();
begin();
const root = document.getElementById('app');
if (root !== null) render(<Layout />, root);
