// The member's access tokens: where they come from, whose they are. Never touches: where they are kept (web/page/calls/session.ts).

import type { TokenSource } from '../../../web/page/calls/session.js';

/** `ticket`: given by whoever embeds the page. */
export const memberTokens = (ticket?: () => Promise<string> | undefined): TokenSource => ({
  path: '/session/token',
  read: ({ owner, scope }) =>
    typeof owner === 'string'
      ? { who: owner, scope: (typeof scope === 'string' ? scope : '').split(' ') }
      : undefined,
  ...(ticket !== undefined && { ticket }),
});
