// What is the console's own of a page: its session, where it keeps things, what its token permits. Never touches: how that is put together
// (web/page/shell/app.ts), screens.
//   console.K1. Nothing that was answered is kept by the browser: what is shown lies in memory and is gone with the tab.

import type { Operation } from '../../../../engine/protocol/grants.js';
import { noAnswers, within } from '../../../web/page/calls/stores.js';
import { assemble, scope } from '../../../web/page/shell/app.js';
import { browserStore } from '../../../web/page/shell/browser-stores.js';
import { problemText } from '../words/problems.js';
import { operatorTokens, person } from './tokens.js';

/** Before the names of what the console keeps: the member's page may be open in the same tab. */
const PREFIX = 'console.';
export const tab = within(browserStore('session'), PREFIX);

/** May whoever is signed in do one of these? What they may not is not offered; the ledger judges it all the same. */
export const may = (...operations: readonly Operation[]): boolean =>
  operations.some((one) => scope.value.includes(one));

/** May they do one of these where somebody else agrees, and not by themselves? */
export const mayPropose = (...operations: readonly Operation[]): boolean =>
  !may(...operations) && operations.some((one) => person.value?.seconded.includes(one) === true);

export function assembleConsole(): void {
  assemble({
    tokens: operatorTokens,
    sessionPath: '/operator/session',
    local: within(browserStore('local'), PREFIX),
    tab,
    answers: noAnswers,
    channel: 'jifen.console',
    keepsLapsed: true,
    signInAddress: () => undefined,
    problemText,
  });
}
