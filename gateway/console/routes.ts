// `/console`: the operators' page. Owns: its addresses. Never touches: how its files are served (web/built.ts), what they do, the ledger.

import { join } from 'node:path';
import type { Route } from '../route.js';
import { BuiltPage } from '../web/built.js';

const PAGE = new BuiltPage('/console', join(import.meta.dirname, 'built'), false);

/** How deep the addresses of screens go: `/console/members/alice/events/E-1/why`. */
const NAMES = ['area', 'item', 'part', 'piece', 'detail', 'more'];

/** The page under all its addresses, and its files. */
export const consoleRoutes = (): Route[] =>
  PAGE.routes(
    'The operators’ console.',
    NAMES.map((_, n) =>
      NAMES.slice(0, n + 1)
        .map((name) => `/{${name}}`)
        .join(''),
    ),
  );
