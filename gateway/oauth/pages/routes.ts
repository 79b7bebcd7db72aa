// The pages for signing in. Owns: which routes they are. Never touches: what any of them does.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GatewayLimits } from '../../limits.js';
import { file, script } from '../../pages.js';
import type { Route, ServedLedger } from '../../route.js';
import { partDescription } from '../../schema/operation-descriptions.js';
import { authorizeRoutes } from './authorize.js';
import { SCRIPT_PATH, STYLE_PATH } from './layout.js';
import { letterRoutes } from './letters.js';
import { memberSignInRoutes } from './member-sign-in.js';
import { STYLE } from './style.js';

const SCRIPT_FILE = join(import.meta.dirname, 'letter-script.js');

/** The pages, their style and their script. */
export const signInPageRoutes = (ledger: ServedLedger, limits: GatewayLimits): Route[] => [
  ...authorizeRoutes(ledger, limits),
  ...memberSignInRoutes(ledger, limits),
  ...letterRoutes(ledger, limits),
  file(STYLE_PATH, 'text/css; charset=utf-8', STYLE, partDescription('text/css')),
  script(SCRIPT_PATH, readFileSync(SCRIPT_FILE, 'utf8')),
];
