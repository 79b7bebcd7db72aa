// `/live`: a page that shows a balance as it changes. Owns: which files it has. Never touches: how they are served (pages.ts).

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Route } from '../http/routes.js';
import { page, script, style } from '../pages.js';
import { PAGE, STYLE } from './page-text.js';

/** The client's entry for Node.js needs packages that a browser does not have. */
const NOT_FOR_BROWSERS = 'node.js';

/** The page, its style, its script and the client's modules, at the paths where they find each other. */
export function liveRoutes(): Route[] {
  const clientFolder = join(import.meta.dirname, '..', 'client');
  const modules = readdirSync(clientFolder).filter(
    (name) => name.endsWith('.js') && name !== NOT_FOR_BROWSERS,
  );
  return [
    page('/live', 'A page that shows a balance live.', PAGE),
    style('/live/style.css', STYLE),
    script('/live/page/page.js', join(import.meta.dirname, 'page.js')),
    ...modules.map((name) => script(`/live/client/${name}`, join(clientFolder, name))),
  ];
}
