// What is the member's page's own of a page: its session, where it keeps things, what its token permits. Never touches: how that is put together
// (web/page/shell/app.ts), screens.

import { signal } from '@preact/signals';
import { memoryAnswers, memoryStore } from '../../../web/page/calls/stores.js';
import { assemble, scope, who } from '../../../web/page/shell/app.js';
import { browserAnswers, browserStore } from '../../../web/page/shell/browser-stores.js';
import { href, isEmbedded } from '../../../web/page/shell/router.js';
import { problemText } from '../words/problems.js';
import { memberTokens } from './tokens.js';

/** Whose page it is. */
export const owner = who;
/** May something be asked? With a platform's points: `redeem`, or `redeem:shop`. */
export const may = (word: string): boolean =>
  scope.value.some((one) => one === word || one.startsWith(`${word}:`));
/** Does what is shown follow changes as they happen? */
export const isLive = signal(false);

/** Where one signs in. */
export const signInAddress = (): string => `/sign-in?to=${encodeURIComponent(location.pathname)}`;

/** Puts the page together. `ticket`: an embedded one is given tickets by whoever embeds it. A guest leaves nothing behind: what `/me` keeps may be another member's. */
export function assembleMember(ticket: (() => Promise<string>) | undefined): void {
  assemble({
    tokens: memberTokens(ticket),
    sessionPath: '/session',
    local: isEmbedded ? memoryStore() : browserStore('local'),
    tab: isEmbedded ? memoryStore() : browserStore('session'),
    answers: isEmbedded ? memoryAnswers() : browserAnswers(),
    channel: isEmbedded ? undefined : 'jifen',
    keepsLapsed: false,
    signInAddress: () => (isEmbedded ? undefined : signInAddress()),
    proofAddress: () => href('second-factor'),
    problemText,
  });
}
