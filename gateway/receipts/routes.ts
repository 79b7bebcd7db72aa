// `/receipts`: a page that checks a receipt. Owns: which page that is. Never touches: how its files are served (pages.ts).

import { modules, page } from '../pages.js';
import type { Route } from '../route.js';
import { MAIN, STYLE, TITLE } from './page-text.js';

/** The page, its style, its script and what that imports. */
export const receiptPageRoutes = (): Route[] => [
  ...page('/receipts', 'A page that checks receipts and checkpoints, in the browser.', {
    title: TITLE,
    main: MAIN,
    style: STYLE,
  }),
  ...modules('/receipts', import.meta.dirname),
];
