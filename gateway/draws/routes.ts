// `/draws`: a page that checks a draw. Owns: which page that is. Never touches: how its files are served (pages.ts).

import { modules, page } from '../pages.js';
import type { Route } from '../route.js';
import { MAIN, STYLE, TITLE } from './page-text.js';

/** The page, its style, its script and what that imports. */
export const drawsPageRoutes = (): Route[] => [
  ...page('/draws', 'A page that checks a draw, in the browser.', {
    title: TITLE,
    main: MAIN,
    style: STYLE,
  }),
  ...modules('/draws', import.meta.dirname),
];
