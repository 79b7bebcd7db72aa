// `/live`: a page that shows a balance as it changes. Owns: which page that is. Never touches: how its files are served (pages.ts).

import { modules, page } from '../pages.js';
import type { Route } from '../route.js';
import { MAIN, STYLE, TITLE } from './page-text.js';

/** The page, its style, its script and what that imports. */
export const liveRoutes = (): Route[] => [
  ...page('/live', 'A page that shows a balance live.', {
    title: TITLE,
    main: MAIN,
    style: STYLE,
  }),
  ...modules('/live', import.meta.dirname),
];
