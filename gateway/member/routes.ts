// `/me`: the member's page. Owns: its addresses. Never touches: how its files are served (web/built.ts), what they do, the ledger.

import { join } from 'node:path';
import type { Route } from '../route.js';
import { BuiltPage } from '../web/built.js';

const PAGE = new BuiltPage('/me', join(import.meta.dirname, 'built'), true);

/** The page's HTML as it was built. */
export const pageHtml = (): string => PAGE.html();

/** The page under all its addresses, and its files. */
export const memberRoutes = (): Route[] =>
  PAGE.routes('The member’s page.', ['/{screen}', '/{screen}/{item}', '/{screen}/{item}/{part}']);
