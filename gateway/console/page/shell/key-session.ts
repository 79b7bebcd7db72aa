// Signing in by a key, in this tab alone. Owns: the key, in `sessionStorage`, until the tab is closed or somebody signs out. Never touches: what is asked with it.

import type { Operation } from '../../../../engine/protocol/grants.js';
import { browserStore } from '../../../web/page/shell/browser-stores.js';

/** What the key may do is not known here: all is offered, and the ledger judges. */
const ALL: readonly Operation[] = [
  ...(['read', 'earn', 'spend', 'transfer', 'redeem', 'admin', 'adjust', 'backdate'] as const),
  ...(['read-audit', 'merge', 'participate', 'self', 'sign-in', 'view', 'configure'] as const),
  ...(['settle', 'freeze', 'correct', 'analyse'] as const),
];
const KEY = 'console.key';
const store = browserStore('session');

const answer = (status: number, body: object): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': status < 400 ? 'application/json' : 'application/problem+json' },
  });

/** Answers what is asked of `/operator/session` out of a key that is kept. */
export const keyFetch: typeof fetch = async (input, init) => {
  const path = String(input);
  if (!path.startsWith('/operator/session')) return fetch(input, init);
  if (init?.method === 'DELETE') {
    store.remove(KEY);
    return answer(200, {});
  }
  if (path === '/operator/session') {
    const { key = '' } = JSON.parse(String(init?.body)) as { key?: string };
    const tried = await fetch('/v1/assets', { headers: { Authorization: `Bearer ${key}` } });
    if (tried.status === 401) return tried;
    store.set(KEY, key);
    return answer(201, {});
  }
  const key = store.get(KEY);
  if (key === undefined) return answer(401, { code: 'SESSION_ENDED' });
  return answer(200, {
    ...{ access_token: key, expires_in: 3_600, principal: 'administrator' },
    ...{ name: 'administrator', operations: ALL, roles: [] },
  });
};
